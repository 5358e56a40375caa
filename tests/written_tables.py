"""Tables written as web pages, Word files and workbooks, so that a reader can be asked to give them back."""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import replace
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


def as_page(
    tables: Iterable[Table], *, charset: str = "utf-8", declared: str | None = None, closed: bool = True
) -> bytes:
    """Return a web page with the tables and the lines before them.

    Real pages are often not `closed`, and `declared` is the charset that a page says, right or wrong.
    """
    end = {name: f"</{name}>" if closed else "" for name in ("td", "tr", "p")}
    parts = [f'<html><head><meta charset="{declared or charset}"></head><body>']
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


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def as_word(tables: Iterable[Table], after: Iterable[Line] = ()) -> bytes:
    """Return a Word file with the tables, ruled, the lines before each, and the lines after the last one.

    A paragraph without text stands between two tables: Word makes one table of those that touch.
    """
    parts: list[str] = []
    for table in tables:
        parts += [_paragraph(line.text) for line in table.before] or [_paragraph("")] * bool(parts)
        parts.append(_word_table(table))
    body = "".join((*parts, *(_paragraph(line.text) for line in after), "<w:sectPr/>"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}"/></Types>',
        )
        container.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
        container.writestr("word/document.xml", document)
    return packed.getvalue()


def _paragraph(text: str) -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{html.escape(part)}</w:t>' for part in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def _word_table(table: Table) -> str:
    covering = {
        (row, cell.column): cell for cell in table.cells for row in range(cell.row, cell.row + cell.rowspan)
    }
    rows = (
        "".join(
            _word_cell(covering[row, column], row)
            for column in range(1, table.columns + 1)
            if (row, column) in covering
        )
        for row in range(1, table.rows + 1)
    )
    width = 9000 // table.columns
    grid = f'<w:gridCol w:w="{width}"/>' * table.columns
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    properties = f'<w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:tblBorders>{_RULES}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


_MERGE = {True: '<w:vMerge w:val="restart"/>', False: "<w:vMerge/>"}


def _word_cell(cell: Cell, row: int) -> str:
    """Return a cell as one row shows it; a row that only goes on from above has no text of its own."""
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = _MERGE[row == cell.row] if cell.rowspan > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_paragraph(cell.text if row == cell.row else '')}</w:tc>"


def squared(table: Table) -> Table:
    """Return a table as an office program writes it: the last cell of a short row reaches the right edge."""
    ends = {cell.row: cell for cell in table.cells}
    cells = (
        replace(cell, colspan=table.columns - cell.column + 1) if ends[cell.row] is cell else cell
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells))


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


def stacked(tables: Sequence[Table]) -> Table:
    """Return all tables in one, each below the lines before it."""
    columns = max(table.columns for table in tables)
    cells: list[Cell] = []
    row = 0
    for table in tables:
        for line in table.before:
            row += 1
            cells.append(Cell(row, 1, line.text, colspan=columns))
        cells += (replace(cell, row=cell.row + row) for cell in table.cells)
        row += table.rows
    return Table(1, row, columns, tuple(cells))


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
