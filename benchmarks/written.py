"""A document in the formats in which departments publish: real files, merged cells and all."""

from __future__ import annotations

import io
import zipfile
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from loader.model import Cell, Document, Table

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_GAP: Final = 1
"""Blank rows between two tables of a sheet."""


def _slots(table: Table) -> Iterator[list[tuple[Cell, bool]]]:
    """Yield the cells of each row from left to right, those from above too, and whether they begin there."""
    reaching: dict[int, list[Cell]] = {row: [] for row in range(1, table.rows + 1)}
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, table.rows + 1)):
            reaching[row].append(cell)
    for row, cells in reaching.items():
        yield [(cell, cell.row == row) for cell in sorted(cells, key=lambda cell: cell.column)]


def _zipped(parts: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


# --- Word ---------------------------------------------------------------------------------------------

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCX_TYPES: Final = (
    f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELATIONS: Final = (
    f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(document: Document) -> bytes:
    """Return a Word file."""
    body = "".join(_word_paragraphs(table) + _word_table(table) for table in document.tables)
    after = "".join(f"<w:p>{_word_run(line.text)}</w:p>" for line in document.after)
    content = f'{_XML}<w:document xmlns:w="{_W}"><w:body>{body}{after}</w:body></w:document>'
    parts = {"[Content_Types].xml": _DOCX_TYPES, "_rels/.rels": _DOCX_RELATIONS, "word/document.xml": content}
    return _zipped(parts)


def _word_run(text: str) -> str:
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{'<w:br/>'.join(lines)}</w:r>"


def _word_paragraphs(table: Table) -> str:
    return "".join(f"<w:p>{_word_run(line.text)}</w:p>" for line in table.before) or "<w:p/>"


def _word_table(table: Table) -> str:
    rows = ("".join(_word_cell(cell, begins=begins) for cell, begins in slots) for slots in _slots(table))
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def _word_cell(cell: Cell, *, begins: bool) -> str:
    merge = (
        f"<w:vMerge{' w:val=' + chr(34) + 'restart' + chr(34) if begins else ''}/>"
        if cell.rowspan > 1
        else ""
    )
    properties = f'<w:tcPr><w:gridSpan w:val="{cell.colspan}"/>{merge}</w:tcPr>'
    return f"<w:tc>{properties}<w:p>{_word_run(cell.text if begins else '')}</w:p></w:tc>"


# --- sheets -------------------------------------------------------------------------------------------


def xlsx(document: Document) -> bytes:
    """Return a workbook with a sheet for each table."""
    import openpyxl
    from openpyxl.styles import Border, Side

    thin = Side("thin")
    ruled = Border(left=thin, right=thin, top=thin, bottom=thin)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in document.tables:
        sheet = book.create_sheet(f"表{table.number}")
        for line in table.before:
            sheet.append([line.text])
        for cell in table.cells:
            row = cell.row + len(table.before)
            at = sheet.cell(row, cell.column, cell.text or None)
            at.border = ruled
            if cell.rowspan > 1 or cell.colspan > 1:
                last = {"end_row": row + cell.rowspan - 1, "end_column": cell.column + cell.colspan - 1}
                sheet.merge_cells(start_row=row, start_column=cell.column, **last)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def xls(document: Document) -> bytes:
    """Return an old workbook with a sheet for each table."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    style = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    for table in document.tables:
        sheet = book.add_sheet(f"表{table.number}")
        for row, line in enumerate(table.before):
            sheet.write(row, 0, line.text)
        for cell in table.cells:
            row, column = cell.row + len(table.before) - 1, cell.column - 1
            area = (row, row + cell.rowspan - 1, column, column + cell.colspan - 1)
            sheet.write_merge(*area, cell.text or None, style)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


# --- OpenDocument -------------------------------------------------------------------------------------

_ODF_NAMES: Final = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "text", "table", "style")
)
_ODF_STYLES: Final = (
    '<office:automatic-styles><style:style style:name="c" style:family="table-cell"><style:table-cell-properties '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" fo:border="0.5pt solid #000000"/>'
    "</style:style></office:automatic-styles>"
)


def odt(document: Document) -> bytes:
    """Return an OpenDocument text."""
    body = "".join(_odf_lines(table) + _odf_table(table, "") for table in document.tables)
    after = "".join(_odf_paragraph(line.text) for line in document.after)
    return _odf("application/vnd.oasis.opendocument.text", f"<office:text>{body}{after}</office:text>")


def ods(document: Document) -> bytes:
    """Return an OpenDocument workbook with a sheet for each table."""
    sheets = (_odf_table(table, _odf_rows_of_lines(table)) for table in document.tables)
    content = f"<office:spreadsheet>{''.join(sheets)}</office:spreadsheet>"
    return _odf("application/vnd.oasis.opendocument.spreadsheet", content)


def _odf(media_type: str, body: str) -> bytes:
    content = (
        f'{_XML}<office:document-content {_ODF_NAMES} office:version="1.3">{_ODF_STYLES}<office:body>{body}'
        "</office:body></office:document-content>"
    )
    return _zipped({"mimetype": media_type, "content.xml": content})


def _odf_paragraph(text: str) -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))


def _odf_lines(table: Table) -> str:
    return "".join(_odf_paragraph(line.text) for line in table.before)


def _odf_rows_of_lines(table: Table) -> str:
    rows = (f"<table:table-cell>{_odf_paragraph(line.text)}</table:table-cell>" for line in table.before)
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


def _odf_table(table: Table, first_rows: str) -> str:
    rows = ("".join(_odf_cell(cell, begins=begins) for cell, begins in slots) for slots in _slots(table))
    written = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="表{table.number}">{first_rows}{written}</table:table>'


def _odf_cell(cell: Cell, *, begins: bool) -> str:
    covered = "<table:covered-table-cell/>"
    if not begins:
        return covered * cell.colspan
    spans = f'table:number-rows-spanned="{cell.rowspan}" table:number-columns-spanned="{cell.colspan}"'
    kind = 'office:value-type="string" ' if cell.text else ""
    content = _odf_paragraph(cell.text) if cell.text else ""
    own = f'<table:table-cell table:style-name="c" {kind}{spans}>{content}</table:table-cell>'
    return own + covered * (cell.colspan - 1)


# --- page, print and text -----------------------------------------------------------------------------


def html(document: Document) -> bytes:
    """Return a web page."""
    parts = ['<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>']
    for table in document.tables:
        parts += [f"<p>{escape(line.text)}</p>" for line in table.before]
        rows = ("".join(_html_cell(cell) for cell, begins in slots if begins) for slots in _slots(table))
        parts += ['<table border="1">', *(f"<tr>{row}</tr>" for row in rows), "</table>"]
    parts += [f"<p>{escape(line.text)}</p>" for line in document.after]
    return "".join([*parts, "</body></html>"]).encode()


def _html_cell(cell: Cell) -> str:
    text = escape(cell.text).replace("\n", "<br>")
    return f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{text}</td>'


def pdf(document: Document) -> bytes:
    """Return a print on A4: each project on a page of its own, as most are."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import SimpleDocTemplate

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    packed = io.BytesIO()
    SimpleDocTemplate(packed, pagesize=A4).build(
        [part for table in document.tables for part in _printed(table)]
    )
    return packed.getvalue()


_FONT: Final = "STSong-Light"


def _printed(table: Table) -> Iterator[object]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, TableStyle
    from reportlab.platypus import Table as Ruled

    style = ParagraphStyle("text", fontName=_FONT, fontSize=9, leading=11, wordWrap="CJK")
    for line in table.before:
        if line is table.before[-1]:
            yield PageBreak()
        yield Paragraph(escape(line.text), style)
    shown: list[list[object]] = [[""] * table.columns for _ in range(table.rows)]
    commands: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    for cell in table.cells:
        row, column = cell.row - 1, cell.column - 1
        shown[row][column] = Paragraph(escape(cell.text).replace("\n", "<br/>"), style)
        commands.append(("SPAN", (column, row), (column + cell.colspan - 1, row + cell.rowspan - 1)))
    yield Ruled(shown, colWidths=[460 / table.columns] * table.columns, style=TableStyle(commands))


def txt(document: Document) -> bytes:
    """Return a text with a cell a line, as converters dump tables: a tab before each, a blank line after a row."""
    lines: list[str] = []
    for table in document.tables:
        lines += [line.text for line in table.before]
        for slots in _slots(table):
            texts = (cell.text.replace("\n", "") if begins else "" for cell, begins in slots)
            lines += [*(f"\t{text}" for text in texts), ""]
    lines += [line.text for line in document.after]
    return "\n".join(lines).encode()


FORMATS: Final[Mapping[str, Callable[[Document], bytes]]] = MappingProxyType(
    {form.__name__: form for form in (docx, xlsx, xls, ods, odt, html, pdf, txt)}
)
"""Who writes a format, by its suffix."""
