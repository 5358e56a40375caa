"""The block of labels and values above the indicators of a form.

A label is followed by the next different cell to its right, never by a column number. Where a row prints labels
only, its values stand below it: goals side by side (预期目标, 实际完成情况), months of a spending plan, and the
columns of money that was planned, adjusted and spent, with one row for each source. A caption (项目资金, 绩效指标)
spans the rows it is about.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC

from .bodies import read_coded_body
from .labels import fields_of, inline_field, is_any_label, is_other_label, month_of
from .ledger import Ledger, printed
from .money import money_unit, unit_in_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Body, Cell, Printed

_CAPTIONS: Final = (JX.hasMilestone, JX.hasFund, JX.hasIndicator, JX.hasGoal)
_AMOUNTS: Final = frozenset(
    {JX.initialAmount, JX.adjustedAmount, JX.executedAmount, JX.executionRate, JX.weight, JX.score}
)
_MONEY_COLUMNS: Final = frozenset({JX.initialAmount, JX.adjustedAmount, JX.executedAmount})
_FUND_SOURCE: Final = str(JXC["fund-source/"])
_PURPOSE: Final = "用途"


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
class MoneyRow:
    """One row of money planned, adjusted and spent: its source (None: the total) and its cells by column."""

    source: URIRef | None
    label: Printed | None
    cells: Mapping[URIRef, Labelled]


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """What stands above the indicators of a form."""

    values: Mapping[URIRef, Sequence[Labelled]]
    plan: tuple[PlanNode, ...] = ()
    money: tuple[MoneyRow, ...] = ()
    body: Body | None = None
    money_unit: Unit | None = None
    fields: frozenset[URIRef] = frozenset()

    def first(self, name: URIRef) -> Printed | None:
        """Return the first value of a field, None where the form does not print one."""
        return next((pair.value for pair in self.values.get(name, ()) if pair.value is not None), None)

    @property
    def names_a_project(self) -> bool:
        """Return whether the block has a field that says which project the form is about."""
        return bool(self.fields & {JX.projectName, JX.projectCode})

    @property
    def says_anything(self) -> bool:
        """Return whether the block has any field of a form."""
        return bool(self.fields - {JX.moneyUnit})


def read_header_block(grid: Grid, rows: Sequence[int], ledger: Ledger) -> HeaderBlock:
    """Read some rows of a table as a header block."""
    reading = _Reading(grid, ledger, last_row=max(rows, default=0))
    for row in rows:
        reading.take(row)
    return HeaderBlock(
        values={name: tuple(pairs) for name, pairs in reading.values.items()},
        plan=tuple(reading.plan),
        money=tuple(reading.money),
        body=reading.body,
        money_unit=reading.money_unit,
        fields=frozenset(reading.fields),
    )


@dataclass(slots=True)
class _Reading:
    """A header block while its rows are read."""

    grid: Grid
    ledger: Ledger
    last_row: int
    values: defaultdict[URIRef, list[Labelled]] = field(default_factory=lambda: defaultdict(list))
    plan: list[PlanNode] = field(default_factory=list)
    months: list[Printed] = field(default_factory=list)
    money: list[MoneyRow] = field(default_factory=list)
    money_columns: dict[int, tuple[URIRef, Printed]] = field(default_factory=dict)
    body: Body | None = None
    money_unit: Unit | None = None
    fields: set[URIRef] = field(default_factory=set)
    caption: Cell | None = None
    caption_fields: tuple[URIRef, ...] = ()
    labels_above: dict[int, Cell] = field(default_factory=dict)
    """Labels of a row whose values stand below them, by column."""

    def take(self, row: int) -> None:
        """Take the next row."""
        cells = self._under_caption(self.grid.row(row))
        if JX.hasMilestone in self.caption_fields:
            self._take_plan(cells)
        elif self._heads_money(cells):
            self._take_money_header(cells)
        elif self.money_columns and self._is_money_row(cells):
            self._take_money(cells)
        elif self.labels_above:
            self._take_below(cells)
        elif self._values_stand_below(row, cells):
            self.labels_above = {cell.column: cell for cell in cells}
        else:
            self.money_columns = {}
            self._take_pairs(cells)

    def _under_caption(self, cells: list[Cell]) -> list[Cell]:
        """Return the cells of a row without its caption, having settled which caption it stands under."""
        if not cells:
            return cells
        lead = cells[0]
        if self.caption is not None and (lead is self.caption or self._is_blank_caption(lead, cells)):
            return cells[1:]
        meant = tuple(name for name in fields_of(lead.text) if name in _CAPTIONS)
        if not meant or not self._is_caption(lead, meant, cells):
            self.caption, self.caption_fields = None, ()
            return cells
        self.caption, self.caption_fields = lead, meant
        self.ledger.label(self.grid.table, lead)
        self.fields.update(meant)
        self.money_unit = self.money_unit or unit_in_label(lead.text)
        return cells[1:]

    def _is_blank_caption(self, lead: Cell, cells: list[Cell]) -> bool:
        """Return whether a row begins with the blank cell that text prints in the place of a merged caption."""
        caption = self.caption
        return (
            caption is not None and not lead.text.strip() and lead.column == caption.column and len(cells) > 1
        )

    def _is_caption(self, lead: Cell, meant: tuple[URIRef, ...], cells: list[Cell]) -> bool:
        """Return whether a label is about the rows beside it; 绩效目标 is one only where labels follow it."""
        if set(meant) & {JX.hasMilestone, JX.hasIndicator}:
            return True
        beside = next((cell.text for cell in cells[1:] if cell.text.strip()), "")
        labels_beside = is_any_label(beside)
        if JX.hasGoal in meant:
            return labels_beside
        return labels_beside or lead.rowspan > 1 or _PURPOSE in lead.text

    # --- the spending plan ---

    def _take_plan(self, cells: list[Cell]) -> None:
        if cells and all(month_of(cell.text) for cell in cells):
            self.months = [self.ledger.label(self.grid.table, cell) for cell in cells]
            return
        for label, cell in zip(self.months, cells, strict=False):
            share = self.ledger.stated(self.grid.table, cell)
            self.plan.append(PlanNode(month_of(label.text) or 0, label, share))
        self.months = []

    # --- money planned, adjusted and spent ---

    def _heads_money(self, cells: list[Cell]) -> bool:
        named = [cell for cell in cells if _MONEY_COLUMNS & set(fields_of(cell.text))]
        return len(named) > 1

    def _take_money_header(self, cells: list[Cell]) -> None:
        self.money_columns = {}
        for cell in cells:
            meant = [name for name in fields_of(cell.text) if name in _AMOUNTS]
            if meant:
                self.fields.add(meant[0])
                self.money_columns[cell.column] = (meant[0], self.ledger.label(self.grid.table, cell))

    def _is_money_row(self, cells: list[Cell]) -> bool:
        """Return whether a row goes on under the columns of money: it begins with a source, or with an amount."""
        lead = cells[0] if cells else None
        if lead is None:
            return False
        return lead.column in self.money_columns or bool(_fund_of(lead.text))

    def _take_money(self, cells: list[Cell]) -> None:
        table = self.grid.table
        lead = cells[0]
        label = None if lead.column in self.money_columns else self.ledger.label(table, lead)
        found = _fund_of(label.text) if label else ()
        source = next((name for name in found if name.startswith(_FUND_SOURCE)), None)
        told: dict[URIRef, Labelled] = {}
        for cell in cells:
            column = self.money_columns.get(cell.column)
            if column is not None:
                told[column[0]] = Labelled(column[1], self.ledger.stated(table, cell))
        self.fields.update(found)
        self.money.append(MoneyRow(source, label, told))

    # --- values below their labels ---

    def _values_stand_below(self, row: int, cells: list[Cell]) -> bool:
        """Return whether a row prints two labels or more and nothing else, and the next row no label."""
        if len(cells) < 2 or row >= self.last_row or not all(fields_of(cell.text) for cell in cells):
            return False
        below = [cell for cell in self.grid.row(row + 1) if cell.row == row + 1 and cell.text.strip()]
        columns = {cell.column for cell in cells}
        return (
            bool(below)
            and {cell.column for cell in below} <= columns
            and not any(is_any_label(cell.text) for cell in below)
        )

    def _take_below(self, cells: list[Cell]) -> None:
        for cell in cells:
            label = self.labels_above.get(cell.column)
            if label is not None:
                self._pair(_meaning(fields_of(label.text), cell.text), label, cell)
        self.labels_above = {}

    # --- labels and values beside each other ---

    def _take_pairs(self, cells: list[Cell]) -> None:
        rest = list(cells)
        alone = len(rest) == 1
        while rest:
            cell = rest.pop(0)
            meant = fields_of(cell.text)
            follows = bool(rest) and not is_any_label(rest[0].text) and inline_field(rest[0].text) is None
            if meant:
                value = rest.pop(0) if follows else None
                self._pair(_meaning(meant, value.text if value else ""), cell, value)
            elif is_other_label(cell.text):
                self._take_other(cell, rest.pop(0) if follows else None)
            else:
                self._take_unlabelled(cell, alone=alone)

    def _pair(self, name: URIRef, label: Cell, value: Cell | None) -> None:
        table = self.grid.table
        told = None if value is None else self.ledger.stated(table, value)
        self.values[name].append(Labelled(self.ledger.label(table, label), told))
        self.fields.add(name)
        if name == JX.moneyUnit and told is not None:
            self.money_unit = money_unit(told.text) or self.money_unit

    def _take_other(self, label: Cell, value: Cell | None) -> None:
        self.ledger.label(self.grid.table, label)
        if value is not None:
            self.ledger.other(self.grid.table, value)

    def _take_unlabelled(self, cell: Cell, *, alone: bool) -> None:
        pair = inline_field(cell.text)
        purpose = self.caption is not None and _PURPOSE in self.caption.text
        if pair is not None:
            self._take_inline(_meaning(pair.fields, pair.value), pair.value, cell)
        elif purpose and alone and JX.purpose not in self.fields:
            told = self.ledger.stated(self.grid.table, cell)
            self.values[JX.purpose].append(Labelled(told, told))
            self.fields.add(JX.purpose)
        elif self.body is None and cell.text.strip():
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
            self.values[name].append(Labelled(told, replace(told, text=value)))


def _fund_of(text: str) -> tuple[URIRef, ...]:
    """Return the source of money that a label names, or the budget for a total."""
    return tuple(name for name in fields_of(text) if name == JX.budget or name.startswith(_FUND_SOURCE))


def _meaning(meant: Sequence[URIRef], value: str) -> URIRef:
    """Return which of its fields a label means here.

    单位 is followed by a unit of money or by a body; 总体绩效目标 in a table is a goal and no heading.
    """
    if JX.moneyUnit in meant and len(meant) > 1:
        if money_unit(value) is not None:
            return JX.moneyUnit
        others = (name for name in meant if name not in {JX.moneyUnit, JX.unit})
        return next(others, meant[0])
    return next((name for name in meant if name != JX.heading), meant[0])
