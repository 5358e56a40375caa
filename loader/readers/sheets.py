"""Sheets of a workbook as tables and lines: what xlsx and xls share once their cells are read.

A sheet prints one form, or several below each other, with titles, unit lines and notes around them. It is cut so:

- Rows that draw lines left or right of their cells are the rows of a table. Where half of the rows with several
  texts do so the sheet is *ruled*, and a row without such lines that prints one text is a line outside the table
  (title, `(2023年度)`, `单位:万元`, a note); at the upper and lower edge of a table one with two texts is that too
  (`填报单位：… | 单位：万元`).
- In a sheet that is not ruled the rows with a single text above the first row with several are such lines.
- Rows that are blank and not ruled part two tables only where what follows begins anew: with a heading (a single
  text at the left edge or merged over columns), or with a row that prints the text which one of the first three
  rows of the table above prints in the same column (`项目名称`). So a blank row in the middle of a table stays a row
  of it. No merged cell is ever cut. After more than `limits.BLANK_ROWS` blank rows another table begins in any case.
- A table reaches from the first column with a text to the last one that a text covers, or in which the first ruled
  or merged blank to the right of a row's last text begins: a value that was not filled in. Every position in it has
  its cell, blank or not. Where it is wider than `limits.WIDE` columns, those in which nothing begins are left out:
  sheets of 250 columns hold two, and a stray cell in XFD makes 16,384.

Merged cells are one cell with its spans; rows and columns count from the table's corner; each cell has its address in
the sheet. Sheets that are hidden are not read (they hold the lists behind drop-down fields); hidden rows and columns
of a visible sheet are.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import DamagedDocument, UnsafeDocument
from ..model import Cell, Place
from . import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .story import Story

EMPTY: Final = "no visible sheet of the workbook has text: check that it is the file you mean"
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
"""The edges of a sheet, in Excel and in LibreOffice."""
_FEW = 2
_OPENING = 3


class Written(NamedTuple):
    """A cell with text; `raw` is the number behind a displayed one."""

    column: int
    text: str
    raw: str | None = None


class Blanks(NamedTuple):
    """Columns of the first and the last of some blank cells."""

    first: int
    last: int


class Area(NamedTuple):
    """Merged cells, first and last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row that prints something."""

    number: int
    cells: tuple[Written, ...]
    ruled: bool
    """Whether a line is drawn left or right of one of its cells."""
    blanks: Blanks | None
    """The ruled blanks to the right of its last text."""
    parted: bool
    """Whether a row that is blank and not ruled stands between it and the one above."""


@dataclass(slots=True)
class RowTaken:
    """A row while its cells are taken from left to right."""

    cells: list[Written] = field(default_factory=list)
    ruled: bool = False
    blanks: Blanks | None = None

    def take(self, cell: Written, *, ruled: bool) -> None:
        """Take a cell; of blank ones only those that are ruled matter, to the right of the last text."""
        self.ruled = self.ruled or ruled
        if cell.text:
            self.cells.append(cell)
            self.blanks = None
        elif ruled and self.cells:
            self.blanks = Blanks(self.blanks.first if self.blanks else cell.column, cell.column)


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read, row by row from above; of blank rows only their number is kept."""

    name: str
    rows: list[Row] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    _ruled_blanks: int = 0

    def take(self, number: int, row: RowTaken) -> None:
        """Take the next row. Raises `DamagedDocument` where the sheet goes back or over its own edge."""
        above = self.rows[-1].number if self.rows else 0
        if not above < number <= LAST_ROW:
            raise DamagedDocument(
                f"row {number} of sheet {self.name} stands below row {above}: open the file and save it again"
            )
        if not row.cells:
            self._ruled_blanks += row.ruled
            return
        parted = number - above - 1 > self._ruled_blanks
        self.rows.append(Row(number, tuple(sorted(row.cells)), row.ruled, row.blanks, parted))
        self._ruled_blanks = 0

    def merge(self, area: Area) -> None:
        """Take a merged area. Raises `DamagedDocument` over the edge, `UnsafeDocument` beyond the limit."""
        if not (0 < area.top <= area.bottom <= LAST_ROW and 0 < area.left <= area.right <= LAST_COLUMN):
            raise DamagedDocument(
                f"sheet {self.name} merges cells that it does not have: open the file and save it again"
            )
        if len(self.merged) >= limits.MERGES:
            raise UnsafeDocument(f"sheet {self.name} has more than {limits.MERGES:,} merged areas")
        if area.top < area.bottom or area.left < area.right:
            self.merged.append(area)


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """Return the letters of a column.

    >>> letters(1), letters(28), letters(16384)
    ('A', 'AB', 'XFD')
    """
    rest, last = divmod(column - 1, 26)
    return (letters(rest) if rest else "") + chr(ord("A") + last)


@lru_cache(maxsize=1024)
def column_of(name: str) -> int:
    """Return the number of a column by its letters. Raises `DamagedDocument` beyond the last one, XFD.

    >>> column_of('A'), column_of('AB'), column_of('XFD')
    (1, 28, 16384)
    """
    number = 0
    for letter in name[:4]:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    if not 0 < number <= LAST_COLUMN:
        raise DamagedDocument(f"the sheet has a cell in column {name[:8]}, which no sheet has: save it again")
    return number


def tell(sheet: Sheet, story: Story) -> None:
    """Tell the lines and tables of a sheet in the order in which they are printed."""
    _Cutter(sheet, story).cut()


# --- rows into tables and lines -------------------------------------------------------------------------


class _Cutter:
    """Cuts the rows of one sheet into tables and lines."""

    def __init__(self, sheet: Sheet, story: Story) -> None:
        self._sheet = sheet
        self._story = story
        self._spans = {(area.top, area.left): area for area in sheet.merged}
        self._numbers = [row.number for row in sheet.rows]
        self._crossed = _crossed(self._numbers, sheet.merged)
        self._several = frozenset(row.number for row in sheet.rows if len(self._texts(row)) > 1)
        ruled = sum(row.ruled for row in sheet.rows if row.number in self._several)
        self._ruled = ruled > 0 and ruled * 2 >= len(self._several)
        self._merges = _Merges(sheet.merged)

    def cut(self) -> None:
        table: list[Row] = []
        for row in self._sheet.rows:
            if table and (self._is_far(row, table) or self._begins_anew(row, table)):
                self._close(table)
                table = []
            if self._is_line(row, table):
                self._close(table)
                table = []
                self._tell_line(row)
            else:
                table.append(row)
        self._close(table)

    def _texts(self, row: Row) -> list[Written]:
        """Return the cells of a row that no merged cell to their left covers."""
        shown: list[Written] = []
        reach = 0
        for cell in row.cells:
            if cell.column > reach:
                shown.append(cell)
                reach = self._right(row, cell)
        return shown

    def _right(self, row: Row, cell: Written) -> int:
        area = self._spans.get((row.number, cell.column))
        return area.right if area else cell.column

    def _parted(self, row: Row) -> bool:
        return row.parted and row.number not in self._crossed

    def _is_far(self, row: Row, table: list[Row]) -> bool:
        return row.number - table[-1].number > limits.BLANK_ROWS

    def _begins_anew(self, row: Row, table: list[Row]) -> bool:
        """Return whether blank rows stand above a row, and it prints a label as the table's opening does."""
        if not self._parted(row):
            return False
        labels = {(cell.column, cell.text) for above in table[:_OPENING] for cell in above.cells}
        return any((cell.column, cell.text) in labels for cell in row.cells)

    def _is_line(self, row: Row, table: list[Row]) -> bool:
        if row.number in self._several or not self._stands_alone(row):
            return False
        if self._ruled and not row.ruled:
            return True
        if not self._ruled and not table:
            return True
        return bool(table) and self._parted(row) and self._leads(row, table)

    def _stands_alone(self, row: Row) -> bool:
        """Return whether no merged cell ties a row to the rows above or below it."""
        area = self._spans.get((row.number, row.cells[0].column))
        bottom = area.bottom if area else row.number
        at = bisect_right(self._numbers, row.number)
        below = self._numbers[at] if at < len(self._numbers) else LAST_ROW + 1
        return row.number not in self._crossed and bottom < below

    def _leads(self, row: Row, table: list[Row]) -> bool:
        first = row.cells[0]
        left = min(above.cells[0].column for above in table)
        return first.column <= left or self._right(row, first) > first.column

    def _tell_line(self, row: Row) -> None:
        for cell in self._texts(row):
            address = f"{letters(cell.column)}{row.number}"
            self._story.tell(cell.text, Place(sheet=self._sheet.name, address=address))

    def _close(self, table: list[Row]) -> None:
        above = list(takewhile(self._is_beside, table))
        rows = table[len(above) :]
        below = list(takewhile(self._is_beside, reversed(rows)))[::-1]
        for row in above:
            self._tell_line(row)
        if kept := rows[: len(rows) - len(below)]:
            _lay_out(self._sheet.name, kept, self._merges, self._story)
        for row in below:
            self._tell_line(row)

    def _is_beside(self, row: Row) -> bool:
        """Return whether a row at the edge of a table prints what only stands beside it."""
        few = len(self._texts(row)) <= _FEW
        return self._ruled and few and not row.ruled and self._stands_alone(row)


def _crossed(numbers: list[int], merged: Sequence[Area]) -> frozenset[int]:
    """Return the rows that a merged area ties to the row above; areas are sorted by counting where they end."""
    starts = [0] * (len(numbers) + 1)
    for area in merged:
        starts[bisect_right(numbers, area.top)] += 1
        starts[bisect_right(numbers, area.bottom)] -= 1
    found: list[int] = []
    depth = 0
    for number, change in zip(numbers, starts, strict=False):
        depth += change
        if depth > 0:
            found.append(number)
    return frozenset(found)


# --- rows of a table into cells -----------------------------------------------------------------------


class _Merges:
    """The merged areas of a sheet by the rows in which they begin."""

    def __init__(self, merged: Sequence[Area]) -> None:
        self._areas = sorted(merged)
        self._tops = [area.top for area in self._areas]

    def beginning(self, first: int, last: int) -> list[Area]:
        """Return the areas that begin in these rows."""
        return self._areas[bisect_right(self._tops, first - 1) : bisect_right(self._tops, last)]


def _lay_out(name: str, rows: list[Row], merges: _Merges, story: Story) -> None:
    first, last = rows[0].number, rows[-1].number
    areas = merges.beginning(first, last)
    columns = _columns(rows, areas)
    height = last - first + 1
    story.make_room(height * len(columns))
    story.close_table(
        height, len(columns), list(_Plane(name, first, height, columns).cells(rows, areas)), sheet=name
    )


def _columns(rows: list[Row], areas: list[Area]) -> list[int]:
    """Return the columns of the sheet that the table has."""
    right = {(area.top, area.left): area.right for area in areas}
    begun = {cell.column for row in rows for cell in row.cells}
    blanks = set(_blanks_after(rows, areas, right))
    left = min(begun)
    end = max(
        *(right.get((row.number, cell.column), cell.column) for row in rows for cell in row.cells),
        *blanks,
        left,
    )
    if end - left < limits.WIDE:
        return list(range(left, end + 1))
    if len(begun | blanks) > limits.COLUMNS:
        raise UnsafeDocument(f"a table has more than {limits.COLUMNS} columns: it is not read")
    return sorted(begun | blanks)


def _blanks_after(rows: list[Row], areas: list[Area], right: dict[tuple[int, int], int]) -> Iterator[int]:
    """Yield the columns of the blanks that belong to the last text of a row: ruled ones, and merged ones."""
    ends = {row.number: right.get((row.number, row.cells[-1].column), row.cells[-1].column) for row in rows}
    for row in rows:
        if row.blanks is not None and ends[row.number] < row.blanks.last:
            yield max(row.blanks.first, ends[row.number] + 1)
    for area in areas:
        if ends.get(area.top) == area.left - 1:
            yield area.left


class _Plane:
    """The positions of one table: sheet rows from `first` on, and some columns of the sheet."""

    def __init__(self, name: str, first: int, height: int, columns: list[int]) -> None:
        self._name = name
        self._first = first
        self._height = height
        self._columns = columns
        self._taken: set[tuple[int, int]] = set()

    def cells(self, rows: list[Row], areas: list[Area]) -> Iterator[Cell]:
        """Yield the cells in reading order, a blank one for each position in which nothing is printed."""
        texts = {(row.number, cell.column): cell for row in rows for cell in row.cells}
        spans = dict(self._merged(areas))
        for row in range(1, self._height + 1):
            for column, letter in enumerate(self._columns, start=1):
                if (row, column) in self._taken:
                    continue
                rowspan, colspan = spans.get((row, column), (1, 1))
                number = self._first + row - 1
                cell = texts.get((number, letter), _BLANK)
                place = Place(sheet=self._name, address=f"{letters(letter)}{number}")
                yield Cell(row, column, cell.text, rowspan, colspan, place, cell.raw)

    def _merged(self, areas: list[Area]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield corner and spans of each merged area as far as the table goes, and take what it covers.

        Where damaged files merge a cell twice the first area counts.
        """
        room = limits.CELLS
        for area in areas:
            top, left = area.top - self._first + 1, bisect_right(self._columns, area.left - 1) + 1
            height = min(area.bottom - area.top + 1, self._height - top + 1)
            width = bisect_right(self._columns, area.right) - left + 1
            room -= height * width
            if room < 0:
                raise DamagedDocument(
                    f"merged cells of sheet {self._name} lie over each other: save it again"
                )
            covered = set(product(range(top, top + height), range(left, left + width)))
            if covered and covered.isdisjoint(self._taken):
                yield (top, left), (height, width)
                self._taken |= covered - {(top, left)}


_BLANK = Written(0, "")
