"""The rows of a table of indicators: one indicator each, or the row that adds up their scores."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from ..model import Printed
from . import column_content as content
from . import levels
from .columns import Columns, columns_at, grade_of
from .continuation import columns_of_header_again
from .labels import is_label, is_other_label, is_total
from .ledger import Ledger, printed
from .level_texts import with_levels, with_single_level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell
    from .columns import ValueColumn

# forms.md: 指标1：… numbers the names of one group; a level word may stand before the name, a blank between
_LEVEL_BEFORE_NAME = re.compile(r"^(\S+?指标)[\s　]+(\S.*)$", re.DOTALL)
_FILLER = re.compile(r"(?:指标\s*[\d一二三四五六七八九十]*\s*[:：]?)?[\s.…·。—-]*")
_ANNUAL: Final = "annual"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?分?")


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """One value of a row, and the column that says for which period, grade or place it is."""

    column: ValueColumn
    text: Printed

    def of_time(self, horizon: str) -> PrintedValue:
        """Return the value as one of a time, where its own column names none."""
        return replace(self, column=replace(self.column, horizon=self.column.horizon or horizon))


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of a table of indicators: what each column that the table has prints for it."""

    row: int
    texts: Mapping[URIRef, Printed]
    values: tuple[PrintedValue, ...]
    horizon: str | None = None
    """Slug in `jxc:horizon/` where a caption says for which time the row is."""


@dataclass(frozen=True, slots=True)
class Total:
    """The row that adds up the scores, and the grade they give."""

    score: Printed
    grade: str | None = None
    """Slug in `jxc:grade/`."""


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """The rows of a table of indicators, and the fields its header prints."""

    fields: frozenset[URIRef]
    rows: tuple[IndicatorRow, ...]
    columns: Columns
    """The columns of its last header: what a table that goes on without one has."""
    total: Total | None = None
    last_row: int = 0
    """The last row that belongs to it."""

    def timed_rows(self) -> tuple[IndicatorRow, ...]:
        """Return the rows with their values as those of the time that a caption names.

        年度绩效指标 says one only where another caption names another: targets are for a year.
        """
        several = len({row.horizon for row in self.rows}) > 1
        return tuple(
            replace(row, values=tuple(value.of_time(row.horizon) for value in row.values))
            if row.horizon is not None and (several or row.horizon != _ANNUAL)
            else row
            for row in self.rows
        )

    def and_then(self, below: IndicatorTable) -> IndicatorTable:
        """Return these indicators with those of a table that goes on from them, its levels carried on."""
        texts = with_levels([row.texts for row in (*self.rows, *below.rows)])
        rows = (replace(row, texts=told) for row, told in zip((*self.rows, *below.rows), texts, strict=True))
        return replace(
            below, fields=self.fields | below.fields, rows=tuple(rows), total=below.total or self.total
        )


def read_indicator_table(grid: Grid, columns: Columns, ledger: Ledger) -> IndicatorTable:
    """Read the rows below a header as indicators, down to the end of the grid."""
    reading = _Reading(grid, ledger, columns)
    reading.take_header(columns)
    row = columns.last_row
    while (row := row + 1) <= grid.last_row:
        repeated = columns_of_header_again(grid, row, reading.columns) or columns_at(grid, row)
        if repeated is not None and repeated.first_row >= row:
            reading.take_header(repeated)
            row = repeated.last_row
        else:
            reading.take(row)
    return reading.table()


def read_rest(grid: Grid, above: IndicatorTable, ledger: Ledger) -> IndicatorTable | None:
    """Return indicators with the total that a table below them prints; None where no row of it adds up scores."""
    reading = _Reading(grid, ledger, above.columns, fields=set(above.fields))
    for row in grid.rows():
        cells = grid.texts(row)
        if cells and reading.is_total(cells):
            reading.take_total(row, cells)
    return None if reading.total is None else replace(above, total=reading.total)


@dataclass(slots=True)
class _Reading:
    """A table of indicators while its rows are read."""

    grid: Grid
    ledger: Ledger
    columns: Columns
    fields: set[URIRef] = field(default_factory=lambda: {JX.rawText})
    rows: list[IndicatorRow] = field(default_factory=list)
    level1: Printed | None = None
    """A level that a row of its own prints for those below it."""
    total: Total | None = None
    last_row: int = 0
    offset: int = 0
    """Cells that the row being read lost on its left."""

    def table(self) -> IndicatorTable:
        """Return what was read."""
        texts = with_single_level(with_levels([row.texts for row in self.rows]))
        rows = tuple(
            replace(row, texts=_with_level_of_name(told)) for row, told in zip(self.rows, texts, strict=True)
        )
        return IndicatorTable(frozenset(self.fields), rows, self.columns, self.total, self.last_row)

    def take_header(self, columns: Columns) -> None:
        """Take a header, also one that is printed again on the next page or above other values."""
        self.columns, self.level1, self.last_row = columns, None, columns.last_row
        for group in columns.groups:
            self.fields.update(group.fields)
            for head in group.headers:
                self.ledger.label(self.grid.table, head)

    def take(self, row: int) -> None:
        """Take the next row."""
        cells = self.grid.texts(row)
        if not cells:
            return
        if self._is_level_alone(row, cells):
            self.level1 = self.ledger.stated(self.grid.table, cells[0])
        elif numbers_columns(cells):
            self._account(cells)
        elif self.is_total(cells):
            self.take_total(row, cells)
        else:
            self._take_indicators(row)

    def _account(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            self.ledger.label(self.grid.table, cell)

    def _is_level_alone(self, row: int, cells: Sequence[Cell]) -> bool:
        """Return whether a row prints a word for a level and nothing else, in one cell or with blanks beside it."""
        alone = len(cells) == 1 and len(self.grid.row(row)) == len(self.grid.beginning(row))
        return alone and cells[0].rowspan == 1 and levels.is_level(cells[0].text)

    # --- the row that adds up ---

    def is_total(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row begins with a word for a total, left of the values."""
        return is_total(cells[0].text) and cells[0].column <= self._last_name_column()

    def _last_name_column(self) -> int:
        return self.columns.fields[JX.name]

    def take_total(self, row: int, cells: Sequence[Cell]) -> None:
        """Take the score under its column, else the last number that the row prints, and the grade."""
        numbers = [cell for cell in cells[1:] if _NUMBER.fullmatch("".join(cell.text.split()))]
        under = self.grid.at(row, self.columns.fields.get(JX.score, 0))
        score = under if under in numbers else (numbers[-1] if numbers else None)
        graded = [cell for cell in cells[1:] if grade_of(cell.text)]
        if score is None or JX.score not in self.fields:
            return
        self._account([cell for cell in cells if cell is not score])
        grade = grade_of(graded[0].text) if graded else None
        self.total = Total(self.ledger.stated(self.grid.table, score), grade)

    # --- indicators ---

    def _take_indicators(self, row: int) -> None:
        self.offset = self._lost_cells(row)
        for group in self.columns.groups:
            if self._is_filler(row, group):
                self._account_for_filler(row, group)
            elif self._is_indicator(row, group):
                self.rows.append(self._row(row, group))
                self.last_row = row

    def _is_filler(self, row: int, columns: Columns) -> bool:
        """Return whether a row of the blank form was left standing: no name, `指标2：` or `……`, and no value."""
        name = self._cell(row, columns.fields[JX.name])
        cells = [self._cell(row, value.column) for value in columns.values]
        if name is None or name.row != row or name in cells:
            return False
        return all(_FILLER.fullmatch(cell.text) for cell in (name, *cells) if cell is not None)

    def _account_for_filler(self, row: int, columns: Columns) -> None:
        self._account([cell for cell in self.grid.texts(row) if _FILLER.fullmatch(cell.text)])
        for name in (JX.level1, JX.level2):
            cell = self.grid.at(row, columns.fields.get(name, 0))
            if cell is not None and cell.row == row and levels.is_level(cell.text):
                self.ledger.label(self.grid.table, cell)
                self.last_row = row

    def _is_indicator(self, row: int, columns: Columns) -> bool:
        """Return whether a row states an indicator: its name stands in a cell of its own, and something is printed.

        Rows for remarks or approvals run over the columns of levels, names and values in one cell, or begin with
        a label that is no level.
        """
        name = self._cell(row, columns.fields[JX.name])
        cells = [self._cell(row, value.column) for value in columns.values]
        if name is None or name.row != row or content.is_bound(name.text) or self._stands_alone(name):
            return False
        apart = [self._cell(row, columns.fields.get(level, 0)) for level in (JX.level1, JX.level2)]
        if any(cell is other for cell in cells for other in (name, *apart) if cell is not None):
            return False
        first = columns.fields.get(JX.level1, columns.fields.get(JX.level2, 0))
        if first and self._cell(row, first) is name:
            return False
        lead = next(iter(self.grid.texts(row)), name)
        in_first_group = lead.column <= self.columns.fields[JX.name]
        if in_first_group and not levels.is_level(lead.text) and _opens_remark(lead, name):
            return False
        return any(cell is not None and cell.text.strip() for cell in (name, *cells))

    def _stands_alone(self, name: Cell) -> bool:
        """Return whether a cell at the left edge is all of its row: a remark of a text has no cells beside it."""
        return name.column == 1 and self.grid.row(name.row) == (name,)

    def _row(self, row: int, columns: Columns) -> IndicatorRow:
        texts = {
            name: text
            for name, column in columns.fields.items()
            if (text := self._text(row, column)) is not None
        }
        texts |= {name: printed(self.grid.table, cell) for name, cell in columns.levels.items()}
        if self.level1 is not None and not (JX.level1 in texts and texts[JX.level1].text.strip()):
            texts[JX.level1] = self.level1
        values = tuple(
            PrintedValue(column, text)
            for column in columns.values
            if (text := self._text(row, column.column)) is not None
        )
        for column in columns.others:
            cell = self.grid.at(row, column)
            if cell is not None and cell.text.strip():
                self.ledger.other(self.grid.table, cell)
        return IndicatorRow(row, texts, values, columns.horizon)

    # --- rows of a text that lost the merged cells on their left ---

    def _cell(self, row: int, column: int) -> Cell | None:
        return self.grid.at(row, column - self.offset)

    def _lost_cells(self, row: int) -> int:
        """Return how many merged cells a row lost on its left: it ends so much before the header, and fits moved.

        It then begins with a level 2 or a name in the column of level 1, and all its values stand under values.
        """
        first, last = self.columns.fields.get(JX.level1), self.grid.table.columns
        cells = self.grid.row(row)
        if first is None or not cells or any(cell.row != row or cell.colspan > 1 for cell in cells):
            return 0
        if not cells[0].text.strip():
            return 0  # the place of a merged cell is kept
        lost = last - cells[-1].column
        second, name = self.columns.fields.get(JX.level2), self.columns.fields[JX.name]
        moved = {cell.column + lost: cell.text for cell in cells}
        if (
            cells[0].column != first
            or min(moved) not in {second, name}
            or JX.level2 not in self.columns.fields
        ):
            return 0
        fits = (
            levels.is_level2(moved.get(second or 0, ""))
            if min(moved) == second
            else not levels.is_level(moved[name])
        )
        told = [moved.get(value.column, "") for value in self.columns.values]
        return lost if fits and content.are_values(told) and not content.is_bound(moved[name]) else 0

    def _columns_of_levels(self) -> set[int]:
        """Return the columns in which a row says no level where it is shorter, as where its cell is blank."""
        fields = self.columns.fields
        return {fields[name] for name in (JX.level1, JX.level2) if name in fields}

    def _text(self, row: int, column: int) -> Printed | None:
        if self.offset and column - self.offset < self.columns.fields[JX.level1]:
            return Printed("", None)
        cell = self._cell(row, column)
        if cell is None:
            return Printed("", None) if column in self._columns_of_levels() else None
        return (
            self.ledger.stated(self.grid.table, cell) if cell.text.strip() else printed(self.grid.table, cell)
        )


def _opens_remark(lead: Cell, name: Cell) -> bool:
    """Return whether the first text of a row is a label; a name may read like one (预算执行率), and not like 备注."""
    return is_other_label(lead.text) or (lead is not name and is_label(lead.text))


def numbers_columns(cells: Sequence[Cell]) -> bool:
    """Return whether a row counts the columns: 1, 2, 3 and so on."""
    counted = [str(number) for number in range(1, len(cells) + 1)]
    return len(cells) > 2 and [cell.text.strip() for cell in cells] == counted


def _with_level_of_name(texts: Mapping[URIRef, Printed]) -> Mapping[URIRef, Printed]:
    """Return the texts with a level-2 word that is printed before the name taken as the level."""
    name = texts.get(JX.name)
    match = _LEVEL_BEFORE_NAME.match(name.text) if name is not None else None
    if name is None or match is None or not levels.is_level2(match[1]):
        return texts
    return {**texts, JX.level2: replace(name, text=match[1]), JX.name: replace(name, text=match[2])}
