"""Old workbooks (.xls, and .et of WPS): the same tables as from xlsx, with numbers shown by their formats.

xlrd reads the records; it knows the formats, the borders and the merged cells of Excel 97 and some of older ones.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code

from ..errors import DamagedDocument, EncryptedDocument
from . import unread
from .compound import SIGNATURE, Compound
from .kinds import Kind
from .number_formats import BUILT_IN, GENERAL, displayed, displayed_text, plain
from .sheets import EMPTY, Area, RowTaken, Sheet, Written, tell
from .story import Story

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet as OldSheet

    from ..model import Document

_VISIBLE = 0
_EMBEDDED = "MBD"
_DAMAGED = "the workbook is cut off or damaged: open it in Excel or WPS and save it as .xlsx"
_BROKEN = (
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    struct.error,
)


def read(data: bytes) -> Document:
    """Return the tables and lines of the visible sheets, each cell with its sheet and address.

    Raises `EncryptedDocument` where the workbook asks for a password, `DamagedDocument` where it cannot be read.
    """
    story = Story()
    hidden: list[str] = []
    try:
        book = xlrd.open_workbook(
            file_contents=_records(data, story),
            logfile=io.StringIO(),
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
        )
        with book:
            for index in range(book.nsheets):
                _tell_sheet(book, index, story, hidden)
    except XLRDError as error:
        if "encrypted" in str(error):
            raise EncryptedDocument("the workbook is protected by a password: save it without one") from error
        raise DamagedDocument(_DAMAGED) from error
    except _BROKEN as error:
        raise DamagedDocument(_DAMAGED) from error
    if hidden:
        story.unread(unread.hidden_sheets(hidden))
    return story.document(Kind.XLS.value, EMPTY)


def _records(data: bytes, story: Story) -> bytes:
    """Return the stream of records in the container; xlrd's own way there can go in circles.

    Files that are embedded in the workbook have storages of their own beside it.
    """
    if not data.startswith(SIGNATURE):
        return data
    with Compound(data) as compound:
        embedded = [name for name in compound.names if name.startswith(_EMBEDDED)]
        if embedded:
            story.unread(unread.embedded_objects(embedded))
        return compound.stream("Workbook" if "Workbook" in compound else "Book")


def _tell_sheet(book: Book, index: int, story: Story, hidden: list[str]) -> None:
    sheet = book.sheet_by_index(index)
    if sheet.visibility == _VISIBLE:
        tell(_Reading(book, sheet).read(), story)
    else:
        hidden.append(sheet.name)
    book.unload_sheet(index)


class _Reading:
    """One sheet while its rows are taken."""

    def __init__(self, book: Book, sheet: OldSheet) -> None:
        self._book = book
        self._old = sheet
        self._codes = {**BUILT_IN, **{form.format_key: form.format_str for form in book.format_list}}

    def read(self) -> Sheet:
        sheet = Sheet(self._old.name)
        for row in range(self._old.nrows):
            self._take_row(row, sheet)
        for top, bottom, left, right in self._old.merged_cells:
            sheet.merge(Area(top + 1, left + 1, bottom, right))
        return sheet

    def _take_row(self, row: int, sheet: Sheet) -> None:
        taken = RowTaken()
        for column in range(self._old.row_len(row)):
            taken.take(self._shown(row, column), ruled=self._is_ruled(row, column))
        sheet.take(row + 1, taken)

    def _is_ruled(self, row: int, column: int) -> bool:
        border = self._book.xf_list[self._old.cell_xf_index(row, column)].border
        return border is not None and bool(border.left_line_style or border.right_line_style)

    def _shown(self, row: int, column: int) -> Written:
        kind = self._old.cell_type(row, column)
        value: Any = self._old.cell_value(row, column)
        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return Written(column + 1, "")
        if kind == xlrd.XL_CELL_BOOLEAN:
            return Written(column + 1, "TRUE" if value else "FALSE")
        if kind == xlrd.XL_CELL_ERROR:
            return Written(column + 1, error_text_from_code.get(value, "#N/A"))
        code = self._code(row, column)
        if kind == xlrd.XL_CELL_TEXT:
            text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
            return Written(column + 1, displayed_text(text, code))
        text = displayed(value, code, date1904=bool(self._book.datemode))
        return Written(column + 1, text, plain(value))

    def _code(self, row: int, column: int) -> str:
        key = self._book.xf_list[self._old.cell_xf_index(row, column)].format_key
        return self._codes.get(key, GENERAL)
