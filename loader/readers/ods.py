"""OpenDocument sheets (.ods): cells as displayed, read as a stream of rows.

A file states a million empty rows as one row that is repeated; what has no text is counted and dropped. How tables
come out of the rest is the same as for other workbooks (`sheets`). A cell prints what it displays; the number or
date behind that is its `raw`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import DamagedDocument, UnsafeDocument
from ..model import Place
from . import limits, unread
from .kinds import Kind
from .markup import attribute, local_name, stream
from .odf import CELLS, CONTENT, count, embedded, opened, text_of
from .sheets import EMPTY, LAST_COLUMN, LAST_ROW, Area, RowTaken, Sheet, Written, letters, tell
from .story import Story

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from ..model import Document

_VALUES: Final = ("value", "date-value", "time-value", "boolean-value")
_BORDERS: Final = ("border", "border-left", "border-right")


def read(data: bytes) -> Document:
    """Return the tables and lines of the visible sheets, each cell with its sheet and address."""
    package = opened(data)
    reading = _Reading(Story())
    if objects := embedded(package):
        reading.story.unread(unread.embedded_objects(objects))
    for element in stream(
        package.chunks(CONTENT, most=limits.SHEET_BYTES),
        CONTENT,
        "style",
        "table-column",
        "table-row",
        "table",
    ):
        reading.take(element)
    return reading.document()


class _Reading:
    """A workbook while it is read; styles stand before the sheets that use them."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._ruled: set[str] = set()
        self._hidden: set[str] = set()
        self._unseen: list[str] = []
        self._start_sheet()

    def document(self) -> Document:
        """Return all that was read."""
        if self._unseen:
            self.story.unread(unread.hidden_sheets(self._unseen))
        return self.story.document(Kind.ODS.value, EMPTY)

    def _start_sheet(self) -> None:
        self._sheet: Sheet | None = None
        self._unsaved: list[str] = []
        self._columns: list[tuple[int, bool]] = []
        self._row = 0

    def take(self, element: Element) -> None:
        """Take the next style, column, row, or the end of a sheet."""
        name = local_name(element)
        if name == "style":
            self._take_style(element)
        elif name == "table-column":
            self._take_columns(element)
        elif name == "table-row":
            self._take_row(element)
        else:
            self._end_sheet(element)

    def _take_style(self, style: Element) -> None:
        name = attribute(style, "name") or ""
        for properties in style:
            kind = local_name(properties)
            if kind == "table-properties" and attribute(properties, "display") == "false":
                self._hidden.add(name)
            if kind == "table-cell-properties" and any(map(_draws, _borders(properties))):
                self._ruled.add(name)

    def _take_columns(self, columns: Element) -> None:
        """Take columns that stand side by side: their last one, and whether their blank cells are ruled."""
        before = self._columns[-1][0] if self._columns else 0
        last = before + count(columns, "number-columns-repeated", LAST_COLUMN)
        self._columns.append((last, attribute(columns, "default-cell-style-name") in self._ruled))

    def _take_row(self, row: Element) -> None:
        times = count(row, "number-rows-repeated", LAST_ROW)
        taken = self._taken(row)
        if taken.cells and times * len(taken.cells) > limits.CELLS:
            raise UnsafeDocument(
                f"a sheet repeats more than {limits.CELLS:,} cells: no published disclosure is that large"
            )
        for _ in range(times if taken.cells else min(times, limits.BLANK_ROWS) * taken.ruled):
            self._row += 1
            times -= 1
            self._sheet_of(row).take(self._row, taken)
            self._take_merges(row)
        self._row += times

    def _taken(self, row: Element) -> RowTaken:
        taken = RowTaken()
        column = 1
        for cell in row:
            if local_name(cell) in CELLS:
                times = count(cell, "number-columns-repeated", LAST_COLUMN)
                self._take_cell(cell, column, times, taken)
                column += times
        return taken

    def _take_cell(self, cell: Element, column: int, times: int, taken: RowTaken) -> None:
        """Take a cell as often as it is repeated; of blank ones the first and the last are enough."""
        text = text_of(cell) if local_name(cell) == "table-cell" else ""
        if text and column + times - 1 > LAST_COLUMN:
            raise DamagedDocument("the sheet has cells beyond its last column: save it again")
        if not text and len(self._unsaved) < limits.CELLS and _is_unsaved(cell):
            self._unsaved.append(f"{letters(column)}{self._row + 1}")
        ruled = self._is_ruled(cell, column)
        last = column + times - 1
        for at in range(column, last + 1) if text else (column, last):
            taken.take(Written(at, text, _raw(cell)), ruled=ruled)

    def _is_ruled(self, cell: Element, column: int) -> bool:
        own = attribute(cell, "style-name")
        if own is not None:
            return own in self._ruled
        return next((ruled for last, ruled in self._columns if column <= last), False)

    def _take_merges(self, row: Element) -> None:
        column = 1
        for cell in row:
            if local_name(cell) not in CELLS:
                continue
            right = column + count(cell, "number-columns-spanned", LAST_COLUMN - column + 1) - 1
            bottom = self._row + count(cell, "number-rows-spanned", LAST_ROW - self._row + 1) - 1
            if (right, bottom) != (column, self._row):
                self._sheet_of(row).merge(Area(self._row, column, bottom, right))
            column += count(cell, "number-columns-repeated", LAST_COLUMN)

    def _sheet_of(self, row: Element) -> Sheet:
        if self._sheet is None:
            tables = (element for element in row.iterancestors() if local_name(element) == "table")
            self._sheet = Sheet(attribute(next(tables), "name") or "")
        return self._sheet

    def _end_sheet(self, table: Element) -> None:
        name = attribute(table, "name") or ""
        if attribute(table, "style-name") in self._hidden:
            self._unseen.append(name)
        elif self._sheet is not None:
            tell(self._sheet, self.story)
            if self._unsaved:
                self.story.unread(unread.formulas_without_values(self._unsaved), Place(sheet=name))
        self._start_sheet()


def _draws(border: str) -> bool:
    return bool(border.strip()) and "none" not in border.split()


def _borders(properties: Element) -> list[str]:
    return [attribute(properties, name) or "" for name in _BORDERS]


def _is_unsaved(cell: Element) -> bool:
    """Return whether a cell has a formula whose result nobody saved, be it an empty text."""
    return attribute(cell, "formula") is not None and attribute(cell, "value-type") is None


def _raw(cell: Element) -> str | None:
    """Return the number, date or truth value behind what a cell displays."""
    values = (attribute(cell, name) for name in _VALUES)
    return next((value for value in values if value is not None), None)
