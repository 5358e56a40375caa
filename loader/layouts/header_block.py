"""The block of labels and values above the indicators of a form.

A label is followed by the next different cell to its right, never by a column number. Where a row prints labels
only, its values stand below it: goals side by side (预期目标, 实际完成情况), months of a spending plan, columns
of money (`money_rows`). A caption (项目资金, 绩效指标) spans the rows it is about, whatever it says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.vocabulary import is_word

from .bodies import read_coded_body
from .labels import (
    fields_of,
    inline_field,
    inline_fields,
    is_any_label,
    is_other_label,
    is_total,
    meanings,
    month_of,
    parts_of,
    without_count,
)
from .ledger import Ledger, printed
from .money import money_unit, read_money, unit_in_label
from .money_rows import ItemRows, Labelled, MoneyRow, MoneyRows, fund_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Body, Cell, Printed

_CAPTIONS: Final = (JX.hasMilestone, JX.hasFund, JX.hasIndicator, JX.hasGoal)
_PURPOSE: Final = "用途"
_LONG_TERM: Final = JXC["horizon/long-term"]
_OF_YEAR: Final = re.compile(r"年度|当年|本年|全年|今年")


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
    plan: tuple[PlanNode, ...] = ()
    money: tuple[MoneyRow, ...] = ()
    whole_term: tuple[Labelled, ...] = ()
    """Totals for the whole term of a project, which are no budget of a year."""
    body: Body | None = None
    money_unit: Unit | None = None
    fields: frozenset[URIRef] = frozenset()

    def first(self, name: URIRef) -> Printed | None:
        """Return the first value of a field, None where the form does not print one."""
        return next((pair.value for pair in self.values.get(name, ()) if pair.value is not None), None)

    @property
    def names_a_project(self) -> bool:
        """Return whether the block has a field that says which project the form is about, with room for it."""
        return any(self.first(name) is not None for name in (JX.projectName, JX.projectCode))

    @property
    def leaves_project_blank(self) -> bool:
        """Return whether neither name nor code of a project is filled in."""
        told = (self.first(name) for name in (JX.projectName, JX.projectCode))
        return not any(text is not None and text.text.strip() for text in told)

    @property
    def says_anything(self) -> bool:
        """Return whether the block has any field of a form."""
        return bool(self.fields - {JX.moneyUnit})


def read_header_block(grid: Grid, rows: Sequence[int], ledger: Ledger) -> HeaderBlock:
    """Read some rows of a table as a header block."""
    reading = _Reading(grid, ledger, last_row=max(rows, default=0))
    for row in rows:
        reading.take(row)
    return reading.block()


@dataclass(slots=True)
class _Reading:
    """A header block while its rows are read."""

    grid: Grid
    ledger: Ledger
    last_row: int
    money: MoneyRows = field(init=False)
    items: ItemRows = field(init=False)
    budget_of_a_year: str | None = field(init=False)
    """The label of the budget that names its year (其中：2023年预算), where the table has one such."""
    values: defaultdict[URIRef, list[Labelled]] = field(default_factory=lambda: defaultdict(list))
    plan: list[PlanNode] = field(default_factory=list)
    months: list[Printed] = field(default_factory=list)
    whole_term: list[Labelled] = field(default_factory=list)
    whole_term_columns: set[int] = field(default_factory=set)
    """Columns of the labels whose amounts are for the whole term."""
    body: Body | None = None
    money_unit: Unit | None = None
    fields: set[URIRef] = field(default_factory=set)
    captions: list[Cell] = field(default_factory=list)
    caption_fields: tuple[URIRef, ...] = ()
    labels_above: dict[int, Cell] = field(default_factory=dict)
    """Labels of a row whose values stand below them, by column."""

    def __post_init__(self) -> None:
        self.money = MoneyRows(self.grid, self.ledger)
        self.items = ItemRows(self.grid, self.ledger)
        of_years = [cell.text for cell in self.grid.table.cells if _is_budget_of_a_year(cell.text)]
        self.budget_of_a_year = of_years[0] if len(of_years) == 1 else None

    def block(self) -> HeaderBlock:
        """Return what was read."""
        for name, pair in self.items.totals:
            self.values[name].append(pair)
            self.fields.add(name)
        return HeaderBlock(
            values={name: tuple(pairs) for name, pairs in self.values.items()},
            plan=tuple(self.plan),
            money=tuple(self.money.rows),
            whole_term=tuple(self.whole_term),
            body=self.body,
            money_unit=self.money_unit or self.money.unit,
            fields=frozenset(self.fields | self.money.fields),
        )

    def take(self, row: int) -> None:
        """Take the next row."""
        cells = self._under_captions(row, list(self.grid.row(row)))
        if not any(cell.text.strip() for cell in cells) and not self._is_about_purpose():
            return
        if JX.hasMilestone in self.caption_fields:
            self._take_plan(cells)
        elif self.money.stand_beside(cells):
            self.money.take_beside(cells)
        elif self.money.heads(cells):
            self.money.take_header(cells)
        elif self.money.goes_on(cells):
            self.money.take(cells)
        elif self.labels_above:
            self._take_below([cell for cell in cells if cell.row == row])
        elif self.items.heads(row, cells):
            self.items.take_header(cells)
        elif self.items.goes_on(cells) and not self._fields_of(cells[0].text):
            self.items.take(cells)
        elif self._values_stand_below(row, cells):
            self.labels_above = {cell.column: cell for cell in cells if cell.text.strip()}
        else:
            self.money.close()
            self._take_pairs(row, cells)

    # --- captions ---

    def _under_captions(self, row: int, cells: list[Cell]) -> list[Cell]:
        """Return the cells of a row without its captions, having settled which it stands under."""
        self.captions = [
            cell for cell in self.captions if cell in cells or self._is_blank_caption(cell, cells)
        ]
        if not self.captions:
            self.caption_fields = ()
        rest = cells[len(self.captions) :]
        while rest and (meant := self._caption(row, rest)) is not None:
            lead, *rest = rest
            self.items.close()
            self.captions.append(lead)
            self.caption_fields = meant or self.caption_fields
            self.ledger.label(self.grid.table, lead)
            self.fields.update(meant)
            self.money_unit = self.money_unit or unit_in_label(lead.text)
        return rest

    def _is_blank_caption(self, caption: Cell, cells: list[Cell]) -> bool:
        """Return whether a row begins with the blank cell that text prints in the place of a merged caption."""
        lead = cells[0] if cells else None
        return (
            lead is not None
            and len(cells) > 1
            and not lead.text.strip()
            and lead.column == caption.column
            and (caption.rowspan == 1 or self._awaits_purpose(caption, cells))
            and self.captions[0] is caption
        )

    def _awaits_purpose(self, caption: Cell, cells: list[Cell]) -> bool:
        """Return whether a caption also names the purpose, not read yet, and a row has one text or none."""
        told = [cell for cell in cells if cell.text.strip()]
        return _PURPOSE in caption.text and JX.purpose not in self.fields and len(told) <= 1

    def _caption(self, row: int, cells: list[Cell]) -> tuple[URIRef, ...] | None:
        """Return the fields of the caption that a row begins with, none for an unknown one; None without caption.

        绩效目标 is a caption only where goals follow it; any other text where it spans rows of labels, or stands
        beside the head of a list.
        """
        lead = cells[0]
        meant = tuple(name for name in fields_of(lead.text) if name in _CAPTIONS)
        beside = next((cell.text for cell in cells[1:] if cell.text.strip()), "")
        labels_beside = is_any_label(beside)
        if set(meant) & {JX.hasMilestone, JX.hasIndicator}:
            return meant
        if JX.hasGoal in meant:
            of_goals = bool({JX.hasGoal, _LONG_TERM} & set(fields_of(beside)))
            return meant if of_goals or (labels_beside and lead.rowspan > 1) else None
        if meant:
            return meant if labels_beside or lead.rowspan > 1 or _PURPOSE in lead.text else None
        if not lead.text.strip():
            return None
        spans = lead.rowspan > 1 and (labels_beside or self.money.heads(cells[1:]))
        return () if spans or self.items.heads(row, cells[1:]) else None

    # --- the spending plan ---

    def _take_plan(self, cells: list[Cell]) -> None:
        filled = [cell for cell in cells if cell.text.strip()]
        if filled and all(month_of(cell.text) for cell in filled):
            self.months = [self.ledger.label(self.grid.table, cell) for cell in filled]
            return
        for label, cell in zip(self.months, cells, strict=False):
            share = self.ledger.stated(self.grid.table, cell)
            self.plan.append(PlanNode(month_of(label.text) or 0, label, share))
        self.months = []

    # --- values below their labels ---

    def _values_stand_below(self, row: int, cells: list[Cell]) -> bool:
        """Return whether a row prints two labels or more and nothing else, and the next row no label."""
        labels = [cell for cell in cells if cell.text.strip()]
        if len(labels) < 2 or row >= self.last_row or not all(is_any_label(cell.text) for cell in labels):
            return False
        if not any(fields_of(cell.text) for cell in labels):
            return False
        below = self.grid.texts(row + 1)
        columns = {cell.column for cell in labels}
        return (
            bool(below)
            and {cell.column for cell in below} <= columns
            and not any(is_any_label(cell.text) for cell in below)
        )

    def _take_below(self, cells: list[Cell]) -> None:
        for cell in cells:
            label = self.labels_above.get(cell.column)
            if label is not None:
                self._pair_or_other(label, cell)
        self.labels_above = {}

    # --- labels and values beside each other ---

    def _take_pairs(self, row: int, cells: list[Cell]) -> None:
        self._note_whole_terms(cells)
        rest = list(cells)
        alone = len(rest) == 1
        while rest:
            cell = rest.pop(0)
            if self._is_label(cell):
                value = self._value_of(rest)
                if row in {cell.row, value.row if value is not None else cell.row}:
                    self._pair_or_other(cell, value)
            elif cell.row == row:
                self._take_unlabelled(cell, alone=alone)

    def _is_label(self, cell: Cell) -> bool:
        return bool(self._fields_of(cell.text)) or is_other_label(cell.text) or _is_whole_term(cell.text)

    def _fields_of(self, text: str) -> tuple[URIRef, ...]:
        """Return the fields of a label, the budget where it is the only one that names its year."""
        meant = _fields_of_label(text)
        return (JX.budget,) if not meant and text == self.budget_of_a_year else meant

    def _value_of(self, rest: list[Cell]) -> Cell | None:
        """Take the value behind a label: the next cell, or the one behind blanks where that is nobody else's."""
        if not rest or self._begins_field(rest[0]):
            return None
        value = rest.pop(0)
        ahead = next((cell for cell in rest if cell.text.strip()), None)
        if value.text.strip() or ahead is None or self._begins_field(ahead):
            return value
        if read_coded_body(printed(self.grid.table, ahead)) is not None:
            return value
        del rest[: rest.index(ahead) + 1]
        return ahead

    def _begins_field(self, cell: Cell) -> bool:
        """Return whether a cell is a label, or prints a field or a body by itself."""
        return self._is_label(cell) or inline_field(cell.text) is not None

    def _pair_or_other(self, label: Cell, value: Cell | None) -> None:
        meant = self._fields_of(label.text)
        if not meant:
            self._take_other(label, value)
        elif self._is_of_whole_term(label, meant):
            self._take_whole_term(label, value)
        elif JX.hasFund in meant and value is not None and self._is_amount(value):
            self._pair(JX.budget, label, value)
        else:
            self._pair(_meaning(meant, value.text if value else ""), label, value)

    def _is_amount(self, cell: Cell) -> bool:
        return read_money(printed(self.grid.table, cell), None) is not None

    def _pair(self, name: URIRef, label: Cell, value: Cell | None) -> None:
        table = self.grid.table
        told = None if value is None else self.ledger.stated(table, value)
        self.values[name].append(Labelled(self.ledger.label(table, label), told))
        self.fields.add(name)
        if name == JX.moneyUnit and told is not None:
            self.money_unit = money_unit(told.text) or self.money_unit

    def _take_other(self, label: Cell, value: Cell | None) -> None:
        if _is_whole_term(label.text):
            self._take_whole_term(label, value)
            return
        if value is not None and self._adds_up_money(label, value):
            self._pair(JX.budget, label, value)
            return
        self.ledger.label(self.grid.table, label)
        if value is not None:
            self.ledger.other(self.grid.table, value)

    def _adds_up_money(self, label: Cell, value: Cell) -> bool:
        """Return whether a row adds up the sources of money that a caption beside it announces."""
        of_money = any(fund_of(cell.text) or JX.hasFund in fields_of(cell.text) for cell in self.captions)
        adds_up = of_money and is_total(label.text)
        return adds_up and self._is_amount(value)

    # --- totals for the whole term, beside those of the year ---

    def _note_whole_terms(self, cells: Sequence[Cell]) -> None:
        """Note which columns have amounts for the whole term: of two totals in a row, the one not of the year.

        What stands below or right of a total of the year is of the year.
        """
        totals = [cell for cell in cells if JX.budget in fields_of(cell.text)]
        of_year = [cell for cell in totals if _OF_YEAR.search(cell.text)]
        first_of_year = min((cell.column for cell in of_year), default=self.grid.table.columns + 1)
        self.whole_term_columns = {column for column in self.whole_term_columns if column < first_of_year}
        if len(totals) > 1 and of_year:
            self.whole_term_columns |= {cell.column for cell in totals if cell not in of_year}
        self.whole_term_columns |= {cell.column for cell in cells if _is_whole_term(cell.text)}

    def _is_of_whole_term(self, label: Cell, meant: Sequence[URIRef]) -> bool:
        return label.column in self.whole_term_columns and bool(set(fund_of(label.text)) & set(meant))

    def _take_whole_term(self, label: Cell, value: Cell | None) -> None:
        stated = self.ledger.label(self.grid.table, label)
        if value is None:
            return
        self.ledger.other(self.grid.table, value)
        if JX.budget in fields_of(label.text) or _is_whole_term(label.text):
            self.whole_term.append(Labelled(stated, printed(self.grid.table, value)))

    # --- cells that are no labels ---

    def _take_unlabelled(self, cell: Cell, *, alone: bool) -> None:
        if inline_field(cell.text) is not None:
            self._take_inline(cell)
        elif alone and self._is_about_purpose() and JX.purpose not in self.fields:
            told = self.ledger.stated(self.grid.table, cell)
            self.values[JX.purpose].append(Labelled(told, told))
            self.fields.add(JX.purpose)
        elif self.body is None:
            self._take_body(cell)

    def _is_about_purpose(self) -> bool:
        return any(_PURPOSE in caption.text for caption in self.captions)

    def _take_inline(self, cell: Cell) -> None:
        told = self.ledger.stated(self.grid.table, cell)
        for pair in inline_fields(cell.text):
            name = _meaning(pair.fields, pair.value)
            self.fields.add(name)
            if name == JX.moneyUnit:
                self.money_unit = money_unit(pair.value) or self.money_unit
            else:
                self.values[name].append(Labelled(told, replace(told, text=pair.value)))

    def _take_body(self, cell: Cell) -> None:
        """Take a unit that is printed with its code and no label, with the unit of money behind it."""
        told = printed(self.grid.table, cell)
        for part in parts_of(cell.text):
            self.body = self.body or read_coded_body(replace(told, text=part))
            pair = inline_field(part)
            if pair is not None and JX.moneyUnit in pair.fields:
                self.money_unit = money_unit(pair.value) or self.money_unit
        if self.body is not None:
            self.fields.add(JX.declaredBy)
            self.ledger.stated(self.grid.table, cell)


def _is_whole_term(text: str) -> bool:
    """Return whether a label is of an amount for the whole term of a project."""
    return is_word(text, "whole-term")


def _is_budget_of_a_year(text: str) -> bool:
    """Return whether a label is of a budget only by the year it names: 2023年预算."""
    return not fields_of(text) and JX.budget in meanings(text)


def _fields_of_label(text: str) -> tuple[URIRef, ...]:
    """Return the fields of a label; goals may be counted: 年度绩效目标1."""
    meant = fields_of(text)
    if meant:
        return meant
    goals = fields_of(without_count(text)) if text.strip()[-1:].isdigit() else ()
    return tuple(name for name in goals if name in {JX.hasGoal, _LONG_TERM})


def _meaning(meant: Sequence[URIRef], value: str) -> URIRef:
    """Return which of its fields a label means here.

    单位 is followed by a unit of money or by a body; 总体绩效目标 in a table is a goal and no heading.
    """
    if JX.moneyUnit in meant and len(meant) > 1:
        if money_unit(value) is not None:
            return JX.moneyUnit
        return next((name for name in meant if name not in {JX.moneyUnit, JX.unit}), JX.unit)
    return next((name for name in meant if name != JX.heading), meant[0])
