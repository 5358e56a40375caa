"""Tables written as web pages and workbooks, so that a reader can be asked to give them back."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING

import openpyxl
import xlwt
from hypothesis import strategies as st
from openpyxl.styles import Border, Side

from loader.model import Cell, Line, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_THIN = Border(left=Side("thin"), right=Side("thin"), top=Side("thin"), bottom=Side("thin"))


def as_page(tables: Iterable[Table], *, charset: str = "utf-8", closed: bool = True) -> bytes:
    """Return a web page with the tables and the lines before them; not closed, as many real pages are."""
    end = {name: f"</{name}>" if closed else "" for name in ("td", "tr", "p")}
    parts = [f'<html><head><meta charset="{charset}"></head><body>']
    for table in tables:
        parts += [f"<p>{_escaped(line.text)}{end['p']}" for line in table.before]
        parts.append("<table>")
        for row in range(1, table.rows + 1):
            cells = [cell for cell in table.cells if cell.row == row]
            written = [
                f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{_escaped(cell.text)}{end["td"]}'
                for cell in cells
            ]
            parts += ["<tr>", *written, end["tr"]]
        parts.append("</table>")
    return "".join(parts).encode(charset)


def _escaped(text: str) -> str:
    return html.escape(text).replace("  ", " &nbsp;").replace("  ", "&nbsp; ").replace("\n", "<br>")


def as_workbook(
    sheets: Sequence[Sequence[Table]], *, ruled: bool = True, gap: int = 1, titles: bool = True
) -> bytes:
    """Return an xlsx with the tables of each sheet below each other, `gap` blank rows between them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, tables in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        row = 1
        for table in tables:
            for line in table.before if titles else ():
                sheet.cell(row, 1, line.text)
                row += 1
            _write(sheet, table, row, ruled=ruled)
            row += table.rows + gap
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _write(sheet: Worksheet, table: Table, first: int, *, ruled: bool) -> None:
    for cell in table.cells:
        top = first + cell.row - 1
        written = sheet.cell(top, cell.column)
        written.value = cell.text or None
        written.data_type = "s" if cell.text else "n"
        if ruled:
            written.border = _THIN
        if cell.rowspan > 1 or cell.colspan > 1:
            bottom, right = top + cell.rowspan - 1, cell.column + cell.colspan - 1
            sheet.merge_cells(start_row=top, start_column=cell.column, end_row=bottom, end_column=right)


def as_old_workbook(sheets: Sequence[Sequence[Table]]) -> bytes:
    """Return an xls with the tables of each sheet below each other, a blank row between them."""
    book = xlwt.Workbook(encoding="utf-8")
    style = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    for number, tables in enumerate(sheets, start=1):
        sheet = book.add_sheet(f"表{number}")
        row = 0
        for table in tables:
            for line in table.before:
                sheet.write(row, 0, line.text)
                row += 1
            for cell in table.cells:
                top, left = row + cell.row - 1, cell.column - 1
                area = (top, top + cell.rowspan - 1, left, left + cell.colspan - 1)
                sheet.write_merge(*area, cell.text or None, style)
            row += table.rows + 1
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def joined(upper: Table, lower: Table) -> Table:
    """Return two tables as one below the other: a header block and its indicators."""
    moved = tuple(
        Cell(cell.row + upper.rows, cell.column, cell.text, cell.rowspan, cell.colspan)
        for cell in lower.cells
    )
    return Table(
        upper.number,
        upper.rows + lower.rows,
        max(upper.columns, lower.columns),
        upper.cells + moved,
        upper.before,
    )


def shown(table: Table) -> list[tuple[int, int, str, int, int]]:
    """Return position, text and spans of the cells with text, and of merged ones without."""
    return [
        (cell.row, cell.column, cell.text, cell.rowspan, cell.colspan)
        for cell in table.cells
        if cell.text or cell.rowspan > 1 or cell.colspan > 1
    ]


_WORDS = st.text(st.sampled_from("项目名称预算数≥95%．,，1. a&<>\"'"), min_size=1, max_size=8)
_TEXT = st.one_of(st.just(""), _WORDS.map(str.strip).filter(bool))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return any table without gaps: texts, blanks, and merged cells that do not lie over each other."""
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    free = {(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)}
    cells: list[Cell] = []
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        height, width = draw(st.sampled_from([(1, 1), (1, 1), (1, 2), (2, 1), (2, 3)]))
        area = {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
        if not area <= free:
            height, width, area = 1, 1, {(row, column)}
        free -= area
        cells.append(Cell(row, column, draw(_TEXT), height, width))
    return Table(1, rows, columns, tuple(cells), (Line("绩效目标表"),))
