"""Tables as a spreadsheet (XLSX) that a person can filter: no cell of it is a formula, whatever it begins with."""

from __future__ import annotations

import io
from copy import copy
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

_LINK: Final = Font(color="17559E", underline="single")
_TEXT: Final = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
_NUMBER: Final = Alignment(vertical="top")
_BELOW: Final = Border(bottom=Side("hair", color="9AA7B5"))
_OVERFLOWING: Final = Alignment(vertical="top")
_A4: Final = 9
_A3: Final = 8
"""The numbers that spreadsheets give sizes of paper."""
_FITS_A4: Final = 190
"""Characters side by side that can still be read on A4."""
_MARGIN: Final = 4
"""Characters that a line has less than its column is wide: it is indented, and Chinese breaks before its end."""
_LINE: Final = 15.0
_TALLEST: Final = 400.0
"""Heights of a line and of a row, in points."""
_LONGEST: Final = 32_767
"""As many characters as a cell holds."""
_LONGEST_ADDRESS: Final = 2_079
"""As many characters as the target of a link holds."""


class Look(Enum):
    """How a cell looks: like a title or a note, which run on to the right, or with a colour behind it."""

    TITLE = "title"
    NOTE = "note"
    HEAD = "E8EEF4"
    VIOLATION = "F8D7D4"
    WARNING = "FBE9C6"
    INFO = "DCE8F4"


_FONTS: Final[Mapping[Look | None, Font]] = MappingProxyType(
    {Look.TITLE: Font(bold=True, size=14), Look.HEAD: Font(bold=True)}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that looks like something, or leads to an address."""

    value: str | float | None
    look: Look | None = None
    link: str = ""
    form: str = ""
    """How a number is written: `0.0`."""


Value = str | float | Shown | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a row of heads that stays in sight and can be filtered by, and rows of values below.

    Without heads it is a page to read.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    """Asked for once, one after another: there may be more of them than fit in memory."""
    widths: Sequence[int]
    """Of the columns, in characters."""


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return the sheets as XLSX."""
    book, wardrobe = Workbook(write_only=True), _Wardrobe({})
    for sheet in sheets:
        page = cast("Worksheet", book.create_sheet(sheet.title))  # it has what a full one has
        _write(page, sheet, wardrobe)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, wardrobe: _Wardrobe) -> None:
    _lay_out(page, sheet.widths)
    head = [Shown(head, Look.HEAD) for head in sheet.heads]
    if head:
        page.freeze_panes = "A2"
        page.print_title_rows = "1:1"
    number = 0
    for number, row in enumerate(chain([head] if head else [], sheet.rows), start=1):
        shown = [value if isinstance(value, Shown) else Shown(value) for value in row]
        page.row_dimensions[number].height = _height(shown, sheet.widths)
        page.append(
            [wardrobe.cell(page, value, number, column) for column, value in enumerate(shown, start=1)]
        )
        del page.row_dimensions[number]  # it is written
    if head:
        page.auto_filter.ref = f"A1:{get_column_letter(len(head))}{number}"


def _lay_out(page: Worksheet, widths: Sequence[int]) -> None:
    """Set the widths of the columns, and let the sheet be printed as wide as paper."""
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4 if sum(widths) <= _FITS_A4 else _A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)


def _height(row: Sequence[Shown], widths: Sequence[int]) -> float:
    """Return the height at which every text can be read; not all programs work it out."""
    if any(shown.look is Look.TITLE for shown in row):
        return 2 * _LINE
    lines = [_lines(shown, width) for shown, width in zip(row, widths, strict=False)]
    return min(_LINE * max(lines, default=1), _TALLEST)


def _lines(shown: Shown, width: int) -> int:
    if shown.look is Look.NOTE or not isinstance(shown.value, str):
        return 1
    room = width - _MARGIN
    return sum(max(1, -(-cell_len(line) // room)) for line in shown.value.splitlines() or [""])


@dataclass(frozen=True, slots=True)
class _Wardrobe:
    """Makes the cells of a book. Cells that look alike wear one style: to work it out takes longer than all else."""

    styles: dict[tuple[object, ...], StyleArray]

    def cell(self, page: Worksheet, shown: Shown, row: int, column: int) -> Cell:
        """Return a cell; a text is text, also when it begins like a formula or like an error."""
        value = shown.value
        if isinstance(value, str):
            value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell = WriteOnlyCell(page, value=value)
        cell.row, cell.column = row, column
        leads = bool(shown.link) and len(shown.link) <= _LONGEST_ADDRESS
        if leads:
            cell.hyperlink = shown.link
        self._dress(cell, shown, leads=leads)
        if isinstance(value, str):
            cell.data_type = "s"
        return cell

    def _dress(self, cell: Cell, shown: Shown, *, leads: bool) -> None:
        alike = (shown.look, isinstance(shown.value, str), shown.form, leads)
        if alike not in self.styles:
            _dress(cell, shown, leads=leads)
            self.styles[alike] = copy(cell._style)  # type: ignore[attr-defined]  # noqa: SLF001 - as its documentation does
        cell._style = self.styles[alike]  # type: ignore[attr-defined]  # noqa: SLF001


def _dress(cell: Cell, shown: Shown, *, leads: bool) -> None:
    overflows = shown.look in {Look.TITLE, Look.NOTE}
    cell.alignment = _OVERFLOWING if overflows else _TEXT if isinstance(shown.value, str) else _NUMBER
    if not overflows:
        cell.border = _BELOW
    if shown.look is not None and not overflows:
        cell.fill = PatternFill("solid", fgColor=shown.look.value)
    if shown.look in _FONTS:
        cell.font = _FONTS[shown.look]
    if shown.form:
        cell.number_format = shown.form
    if leads:
        cell.font = _LINK
