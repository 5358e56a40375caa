"""Tables as a spreadsheet (XLSX) that a person can filter: no cell of it is a formula, whatever it begins with."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    Value = str | float | None

_HEAD: Final = Font(bold=True)
_SHADE: Final = PatternFill("solid", fgColor="E8EEF4")
_TOP: Final = Alignment(vertical="top", wrap_text=True)
_LONGEST: Final = 32_767
"""As many characters as a cell holds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a row of heads that stays in sight and can be filtered by, and rows of values below."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    """Of the columns, in characters."""


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return the sheets as XLSX."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(cast("Worksheet", book.create_sheet(sheet.title)), sheet)  # it has what a full one has
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet) -> None:
    last = get_column_letter(len(sheet.heads))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
    for number, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_head(page, head) for head in sheet.heads])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])


def _head(page: Worksheet, text: str) -> Cell:
    cell = _cell(page, text)
    cell.font, cell.fill = _HEAD, _SHADE
    return cell


def _cell(page: Worksheet, value: Value) -> Cell:
    """Return a cell; a text is text, also when it begins like a formula or like an error."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.alignment = _TOP
    return cell
