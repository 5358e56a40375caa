"""Amounts in columns: money planned, adjusted and spent by source, and lists of items with a total.

A row of labels (年初预算数, 全年执行数, 执行率) heads the columns; each row below is a source of money, or the total.
A list of items (成本构成, 任务名称) heads its amounts by 金额; only the row that adds up states the budget.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX
from ontology.vocabulary import is_word

from ..model import Printed
from .labels import fields_of, is_any_label, is_fund, is_other_label, is_total
from .money import read_money, unit_in_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Cell
    from .ledger import Ledger

_AMOUNTS: Final = frozenset(
    {JX.initialAmount, JX.adjustedAmount, JX.executedAmount, JX.executionRate, JX.weight, JX.score}
)
_PLANNED: Final = frozenset({JX.initialAmount, JX.adjustedAmount})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value and the label it stands behind; no value where the form prints a label without a cell for it."""

    label: Printed
    value: Printed | None


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of money planned, adjusted and spent: its source (None: the total) and its cells by column."""

    source: URIRef | None
    label: Printed | None
    cells: Mapping[URIRef, Labelled]


def fund_of(text: str) -> tuple[URIRef, ...]:
    """Return the source or the level of government of the money that a label names, or the budget for a total."""
    return tuple(name for name in fields_of(text) if name == JX.budget or is_fund(name))


def source_of(fields: Sequence[URIRef]) -> URIRef | None:
    """Return the source or the level of government among the fields of a label; None for a total."""
    return next((name for name in fields if is_fund(name)), None)


@dataclass(slots=True)
class MoneyRows:
    """Columns of money while their rows are read."""

    grid: Grid
    ledger: Ledger
    rows: list[MoneyRow] = field(default_factory=list)
    fields: set[URIRef] = field(default_factory=set)
    unit: Unit | None = None
    _columns: dict[int, tuple[URIRef, Printed]] = field(default_factory=dict)
    _beside: dict[int, URIRef] = field(default_factory=dict)
    """What the amounts behind the labels of a row are, by the column of the label: 预算数 150 执行数 147.6."""

    def stand_beside(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row prints amounts behind their labels: what was spent, or sources below such a row."""
        labels, values = cells[::2], cells[1::2]
        if len(labels) != len(values) or any(is_any_label(cell.text) for cell in values):
            return False
        if self._beside:
            columns = [cell.column for cell in labels]
            return columns == list(self._beside) and bool(fund_of(labels[0].text))
        names = [self._name_beside(cell) for cell in labels]
        return JX.executedAmount in names and bool(_PLANNED & set(names)) and len(set(names)) == len(names)

    def _name_beside(self, label: Cell) -> URIRef:
        """Return what the amount behind a label is: as it says, as in the row above, else the budget as adjusted."""
        meant = [name for name in self._amounts_of(label) if name in _AMOUNTS]
        return meant[0] if meant else self._beside.get(label.column, JX.adjustedAmount)

    def take_beside(self, cells: Sequence[Cell]) -> None:
        """Take a row of amounts behind their labels."""
        told: dict[URIRef, Labelled] = {}
        named: dict[int, URIRef] = {}
        labels = [self.ledger.label(self.grid.table, cell) for cell in cells[::2]]
        for cell, label, value in zip(cells[::2], labels, cells[1::2], strict=True):
            self.unit = self.unit or unit_in_label(cell.text)
            named[cell.column] = self._name_beside(cell)
            told[named[cell.column]] = Labelled(label, self.ledger.stated(self.grid.table, value))
        self._beside = self._beside or named
        self.fields.update(named.values())
        self.rows.append(MoneyRow(source_of(fields_of(labels[0].text)), labels[0], told))

    def heads(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row heads columns of money: what was spent, or planned twice."""
        named = [set(self._amounts_of(cell)) for cell in cells]
        planned = sum(1 for meant in named if meant & (_PLANNED | {JX.budget}))
        spent = sum(1 for meant in named if JX.executedAmount in meant)
        return (planned > 0 and spent > 0) or sum(1 for meant in named if meant & _PLANNED) > 1

    def take_header(self, cells: Sequence[Cell]) -> None:
        """Take the row of labels over the columns; 预算数 beside 执行数 is the budget as adjusted."""
        self._columns = {}
        named = {name for cell in cells for name in self._amounts_of(cell)}
        for cell in cells:
            meant = [name for name in self._amounts_of(cell) if name in _AMOUNTS]
            self.unit = self.unit or unit_in_label(cell.text)
            if not meant and JX.budget in fields_of(cell.text) and JX.adjustedAmount not in named:
                meant = [JX.adjustedAmount]
                named.add(JX.adjustedAmount)
            if meant:
                self.fields.add(meant[0])
                self._columns[cell.column] = (meant[0], self.ledger.label(self.grid.table, cell))
            elif is_any_label(cell.text):
                self.ledger.label(self.grid.table, cell)

    @staticmethod
    def _amounts_of(cell: Cell) -> tuple[URIRef, ...]:
        return fields_of(cell.text)

    def goes_on(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row stands under the columns: a source, a total, or an amount under a head."""
        if not self._columns or not cells:
            return False
        if cells[0].column in self._columns or fund_of(cells[0].text):
            return True
        amounts = [cell for cell in cells[1:] if cell.column in self._columns and cell.text.strip()]
        told = [read_money(Printed(cell.text, None), None) for cell in amounts]
        return bool(amounts) and told[0] is not None and not fields_of(cells[0].text)

    def take(self, cells: Sequence[Cell]) -> None:
        """Take a row; one whose source is not known stays in the grid alone."""
        table, lead = self.grid.table, cells[0]
        label = None if lead.column in self._columns else self.ledger.label(table, lead)
        found = fund_of(label.text) if label else ()
        if label is not None and not found and label.text.strip():
            for cell in cells[1:]:
                self.ledger.other(table, cell)
            return
        told: dict[URIRef, Labelled] = {}
        for cell in cells:
            column = self._columns.get(cell.column)
            if column is not None:
                told[column[0]] = Labelled(column[1], self.ledger.stated(table, cell))
        self.fields.update(found)
        self.rows.append(MoneyRow(source_of(found), label, told))

    def close(self) -> None:
        """Forget the columns: another row of the form begins."""
        self._columns, self._beside = {}, {}


@dataclass(slots=True)
class ItemRows:
    """A list of items with their amounts while its rows are read."""

    grid: Grid
    ledger: Ledger
    totals: list[tuple[URIRef, Labelled]] = field(default_factory=list)
    _columns: dict[int, tuple[URIRef, Printed]] = field(default_factory=dict)
    _begun: bool = False

    def heads(self, row: int, cells: Sequence[Cell]) -> bool:
        """Return whether a row heads a list: labels only, items first, and below them no labels but amounts."""
        texts = [cell for cell in cells if cell.text.strip()]
        if len(texts) < 2 or not all(is_any_label(cell.text) for cell in texts):
            return False
        is_list = all(is_other_label(cell.text) for cell in texts) or (
            is_other_label(texts[0].text) and any(_heads_amount(cell) for cell in texts[1:])
        )
        below = self.grid.texts(row + 1)
        return is_list and bool(below) and not fields_of(below[0].text)

    def take_header(self, cells: Sequence[Cell]) -> None:
        """Take the labels over a list, or those of a second row that divide the amounts."""
        self._begun = True
        for cell in cells:
            label = self.ledger.label(self.grid.table, cell)
            name = next(iter(fund_of(cell.text)), JX.budget if _heads_amount(cell) else None)
            if name is not None:
                self._columns[cell.column] = (name, label)

    def goes_on(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row belongs to the list."""
        return self._begun and not fields_of(cells[0].text) if cells else False

    def take(self, cells: Sequence[Cell]) -> None:
        """Take an item, which stays in the grid, or the row that adds up."""
        if all(is_any_label(cell.text) for cell in cells):
            self.take_header(cells)
            return
        adds_up = is_total(cells[0].text)
        for cell in cells:
            column = self._columns.get(cell.column)
            if adds_up and column is not None:
                told = self.ledger.stated(self.grid.table, cell)
                self.totals.append((column[0], Labelled(column[1], told)))
            else:
                self.ledger.other(self.grid.table, cell)

    def close(self) -> None:
        """Forget the list."""
        self._columns, self._begun = {}, False


def _heads_amount(cell: Cell) -> bool:
    return is_word(cell.text, "amount") or JX.budget in fields_of(cell.text)
