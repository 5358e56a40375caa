"""The block of label and value pairs above the indicators of a form.

A label is followed by the next different cell to its right, never by a column number. Two captions span rows and
carry sub-labels: the money (预算规模及资金用途), under which a row without a label is the purpose, and the
spending plan (资金支出计划), whose first row prints months and whose second row prints shares.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from ..model import Printed
from .bodies import read_coded_body
from .labels import fields_of, inline_field, is_label, month_of
from .ledger import Ledger, printed
from .money import money_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Body, Cell

_CAPTIONS = (JX.hasMilestone, JX.hasFund, JX.hasIndicator)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value and the label it stands behind; no value where the form prints a label without a cell for it."""

    label: Printed
    value: Printed | None


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One node of a spending plan: its month, and the cells that print month and share."""

    month: int
    label: Printed
    share: Printed


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """What stands above the indicators of a form."""

    values: Mapping[URIRef, Sequence[Labelled]]
    plan: tuple[PlanNode, ...]
    body: Body | None
    money_unit: Unit | None
    fields: frozenset[URIRef]

    def first(self, field: URIRef) -> Printed | None:
        """Return the first value of a field, None where the form does not print one."""
        return next((pair.value for pair in self.values.get(field, ()) if pair.value is not None), None)

    @property
    def names_a_project(self) -> bool:
        """Return whether the block has a field that says which project the form is about."""
        return bool(self.fields & {JX.projectName, JX.projectCode})


def read_header_block(grid: Grid, last_row: int, ledger: Ledger) -> HeaderBlock:
    """Read the rows of a table down to `last_row` as a header block."""
    reading = _Reading(grid, ledger)
    for row in range(1, last_row + 1):
        reading.take(row)
    return HeaderBlock(
        values={name: tuple(pairs) for name, pairs in reading.values.items()},
        plan=tuple(reading.plan),
        body=reading.body,
        money_unit=reading.money_unit,
        fields=frozenset(reading.fields),
    )


@dataclass(slots=True)
class _Reading:
    """A header block while its rows are read; `caption` is the caption whose rows these are."""

    grid: Grid
    ledger: Ledger
    values: defaultdict[URIRef, list[Labelled]] = field(default_factory=lambda: defaultdict(list))
    plan: list[PlanNode] = field(default_factory=list)
    months: list[Printed] = field(default_factory=list)
    body: Body | None = None
    money_unit: Unit | None = None
    fields: set[URIRef] = field(default_factory=set)
    caption: URIRef | None = None

    def take(self, row: int) -> None:
        """Take the next row."""
        cells = self._under_caption(self.grid.row(row), row)
        if self.caption == JX.hasMilestone:
            self._take_plan(cells)
        else:
            self._take_pairs(cells)

    def _under_caption(self, cells: list[Cell], row: int) -> list[Cell]:
        """Return the cells of a row without its caption, having settled which caption it stands under."""
        if not cells:
            return cells
        lead = cells[0]
        goes_on = lead.row < row or not lead.text.strip()
        if goes_on and self.caption is not None:
            return cells[1:]
        self.caption = next((name for name in fields_of(lead.text) if name in _CAPTIONS), None)
        if self.caption is None:
            return cells
        self.ledger.label(self.grid.table, lead)
        self.fields.add(self.caption)
        return cells[1:]

    # --- the spending plan ---

    def _take_plan(self, cells: list[Cell]) -> None:
        if cells and all(month_of(cell.text) for cell in cells):
            self.months = [self.ledger.label(self.grid.table, cell) for cell in cells]
            return
        for label, cell in zip(self.months, cells, strict=False):
            share = self.ledger.stated(self.grid.table, cell)
            self.plan.append(PlanNode(month_of(label.text) or 0, label, share))
        self.months = []

    # --- labels and values ---

    def _take_pairs(self, cells: list[Cell]) -> None:
        rest = list(cells)
        while rest:
            cell = rest.pop(0)
            meant = fields_of(cell.text)
            if not meant:
                self._take_unlabelled(cell)
            elif rest and not is_label(rest[0].text):
                self._pair(_meaning(meant, rest[0].text), cell, rest.pop(0))
            else:
                self._pair(meant[0], cell, None)

    def _pair(self, name: URIRef, label: Cell, value: Cell | None) -> None:
        table = self.grid.table
        told = None if value is None else self.ledger.stated(table, value)
        self.values[name].append(Labelled(self.ledger.label(table, label), told))
        self.fields.add(name)
        if name == JX.moneyUnit and told is not None:
            self.money_unit = money_unit(told.text) or self.money_unit

    def _take_unlabelled(self, cell: Cell) -> None:
        if not cell.text.strip() and self.caption is None:
            return
        pair = inline_field(cell.text)
        if pair is not None:
            self._take_inline(_meaning(pair.fields, pair.value), pair.value, cell)
        elif self.caption == JX.hasFund and JX.purpose not in self.fields:
            self._take_purpose(cell)
        elif self.body is None:
            self.body = read_coded_body(printed(self.grid.table, cell))
            if self.body is not None:
                self.fields.add(JX.declaredBy)
                self.ledger.stated(self.grid.table, cell)

    def _take_inline(self, name: URIRef, value: str, cell: Cell) -> None:
        told = self.ledger.stated(self.grid.table, cell)
        self.fields.add(name)
        if name == JX.moneyUnit:
            self.money_unit = money_unit(value) or self.money_unit
        else:
            self.values[name].append(Labelled(told, Printed(value, told.quote)))

    def _take_purpose(self, cell: Cell) -> None:
        told = self.ledger.stated(self.grid.table, cell)
        self.values[JX.purpose].append(Labelled(told, told))
        self.fields.add(JX.purpose)


def _meaning(meant: Sequence[URIRef], value: str) -> URIRef:
    """Return which of its fields a label means here: 单位 is followed by a unit of money, or by a body."""
    if JX.moneyUnit not in meant or len(meant) == 1:
        return meant[0]
    if money_unit(value) is not None:
        return JX.moneyUnit
    return next(name for name in meant if name != JX.moneyUnit)
