"""OpenDocument texts and sheets become the tables that Word and Excel files become."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office import convert, office  # noqa: F401 - fixtures
from written_tables import as_workbook

import loader
from loader.readers import limits
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from loader.model import Document, Table

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
    )
)
_STYLES = (
    '<office:automatic-styles><style:style style:name="hidden"><style:table-properties table:display="false"/>'
    '</style:style><style:style style:name="box"><style:table-cell-properties fo:border="0.5pt solid #000"/>'
    "</style:style></office:automatic-styles>"
)


def _package(body: str, kind: Kind, **parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("mimetype", parts.pop("mimetype", kind.value), zipfile.ZIP_STORED)
        content = f"{_STYLES}<office:body>{body}</office:body>"
        xml = f"<office:document-content {_NAMES}>{content}</office:document-content>"
        container.writestr("content.xml", parts.pop("content", xml))
        for name, text in parts.items():
            container.writestr(f"META-INF/{name}.xml", text)
    return packed.getvalue()


def _odt(text: str, **parts: str) -> bytes:
    return _package(f"<office:text>{text}</office:text>", Kind.ODT, **parts)


def _ods(*sheets: str, **parts: str) -> bytes:
    return _package(f"<office:spreadsheet>{''.join(sheets)}</office:spreadsheet>", Kind.ODS, **parts)


def _sheet(rows: str, name: str = "表1", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def _row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def _cell(text: str = "", **attributes: str) -> str:
    named = " ".join(
        f'{name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items()
    )
    return f"<table:table-cell {named}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def _cells(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.column, cell.rowspan, cell.colspan, cell.text) for cell in table.cells]


def _shape(document: Document) -> list[object]:
    lines = [line.text for line in document.lines]
    return [*(_cells(table) for table in document.tables), lines]


# --- LibreOffice writes the same tables: Word and Excel are the oracles ---------------------------------------


def test_a_text_document_has_the_tables_of_the_word_file_it_was_made_from(
    seed: Path,
    convert: Callable[[bytes, str, str], bytes],  # noqa: F811
) -> None:
    """The seed as .odt: 38 tables cell by cell with their spans, and every line between them."""
    word = (seed / "seed.docx").read_bytes()
    text = convert(word, "docx", "odt")
    assert kind_of(text) is Kind.ODT
    document = read(text)
    assert len(document.tables) == 38
    assert _shape(document) == _shape(read(word))


def test_sheets_have_the_tables_of_the_workbook_they_were_made_from(
    seed: Path,
    convert: Callable[[bytes, str, str], bytes],  # noqa: F811
) -> None:
    """The seed as .ods: as many cells as the .xlsx, each at the same address."""
    tables = read((seed / "seed.docx").read_bytes()).tables
    workbook = as_workbook([tables[:2], tables[2:12], tables[12:]])
    sheets = convert(workbook, "xlsx", "ods")
    assert kind_of(sheets) is Kind.ODS
    ours, theirs = read(sheets), read(workbook)
    assert _shape(ours) == _shape(theirs)
    places = [cell.place for table in ours.tables for cell in table.cells]
    assert len(places) > 1200
    assert places == [cell.place for table in theirs.tables for cell in table.cells]


def test_numbers_of_sheets_are_what_is_displayed_and_what_is_stored(
    shared: Path,
    convert: Callable[[bytes, str, str], bytes],  # noqa: F811
) -> None:
    """A percentage shows as 97.30% and is stored as 0.973, in .ods as in .xlsx."""
    workbook = (shared / "disclosures" / "real" / "042" / "042.xlsx").read_bytes()
    ours, theirs = (read(data) for data in (convert(workbook, "xlsx", "ods"), workbook))
    stored = [(cell.text, cell.raw) for table in ours.tables for cell in table.cells]
    assert ("97.30%", "0.973") in stored
    assert stored == [(cell.text, cell.raw) for table in theirs.tables for cell in table.cells]


# --- texts ----------------------------------------------------------------------------------------------


def test_blanks_line_breaks_and_lists_are_text() -> None:
    """Elements for blanks stand for what they show; items of lists are lines."""
    text = '一<text:s text:c="3"/>二<text:tab/>三<text:line-break/>四<text:span>五<text:s/></text:span>六'
    listed = "<text:list><text:list-item><text:p>1.甲</text:p></text:list-item></text:list>"
    lines = read(_odt(f"<text:p>{text}</text:p>{listed}")).lines
    assert [line.text for line in lines] == ["一   二\t三", "四五 六", "1.甲"]


def test_comments_notes_and_deleted_text_are_not_text() -> None:
    """What a reader of the printed page does not see is no part of a cell."""
    hidden = (
        "<office:annotation><text:p>批注</text:p></office:annotation><text:note><text:note-body><text:p>脚注"
        "</text:p></text:note-body></text:note>"
    )
    deleted = "<text:tracked-changes><text:changed-region><text:deletion><text:p>删</text:p></text:deletion>"
    text = f"{deleted}</text:changed-region></text:tracked-changes><text:p>正{hidden}文</text:p>"
    assert [line.text for line in read(_odt(text)).lines] == ["正文"]


def test_bookmarks_are_kept_beside_the_text() -> None:
    """A bookmark is a named place, not a text."""
    document = read(_odt('<text:p><text:bookmark-start text:name="_GoBack"/>甲</text:p>'))
    assert [bookmark.name for bookmark in document.bookmarks] == ["_GoBack"]
    assert [line.text for line in document.lines] == ["甲"]


def test_a_table_that_only_arranges_others_is_not_a_table_in_a_text() -> None:
    """The text of a layout table stands before the tables inside it."""
    inner = f"<table:table>{_row(_cell('项目名称'), _cell('甲'))}</table:table>"
    outer = f"<table:table>{_row(f'<table:table-cell><text:p>标题</text:p>{inner}</table:table-cell>')}</table:table>"
    (table,) = read(_odt(outer)).tables
    assert [cell.text for cell in table.cells] == ["项目名称", "甲"]
    assert [line.text for line in table.before] == ["标题"]


def test_repeated_cells_and_header_rows_of_a_text_table_count() -> None:
    """Rows in a group of header rows are rows, a repeated cell is so many cells, a covered one none."""
    merged = _cell("甲", table__number_columns_spanned="2", table__number_rows_spanned="9")
    head = f"<table:table-header-rows>{_row(merged, '<table:covered-table-cell/>')}</table:table-header-rows>"
    rows = _row(_cell("乙", table__number_columns_repeated="2"), repeated=2)
    (table,) = read(_odt(f"<table:table>{head}{rows}</table:table>")).tables
    assert _cells(table) == [
        (1, 1, 3, 2, "甲"),
        *[(row, column, 1, 1, "乙") for row in (2, 3) for column in (1, 2)],
    ]


# --- sheets ---------------------------------------------------------------------------------------------


def test_a_million_empty_rows_are_not_read_one_by_one() -> None:
    """Rows and columns that say nothing are counted: what stands below them has its address."""
    blank = _row(_cell(table__number_columns_repeated="16384"), repeated=1_000_000)
    rows = _row(_cell("项目名称"), _cell("甲")) + blank + _row(_cell("项目名称"), _cell("乙"))
    start = time.process_time()
    document = read(_ods(_sheet(rows)))
    assert time.process_time() - start < 300  # one by one they would take hours
    assert [[cell.place.address for cell in table.cells] for table in document.tables] == [
        ["A1", "B1"],
        ["A1000002", "B1000002"],
    ]


def test_hidden_sheets_are_not_read() -> None:
    """A hidden sheet holds the lists behind drop-down fields."""
    sheets = _sheet(_row(_cell("甲"), _cell("乙"))), _sheet(_row(_cell("丙"), _cell("丁")), "表2", "hidden")
    assert [table.sheet for table in read(_ods(*sheets)).tables] == ["表1"]


def test_ruled_cells_of_sheets_part_the_table_from_its_title() -> None:
    """A title has no borders, a table has: in cells, or by the style of its columns."""
    ruled = {"table__style_name": "box"}
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    rows = _row(_cell("绩效目标表"), _cell("2024年", table__style_name="Default"))
    rows += _row(_cell("项目名称", **ruled), _cell("甲", **ruled)) + _row(
        _cell("预算数", **ruled), _cell("", **ruled)
    )
    (table,) = read(_ods(_sheet(columns + rows))).tables
    assert [line.text for line in table.before] == ["绩效目标表", "2024年"]
    assert [cell.text for cell in table.cells] == ["项目名称", "甲", "预算数", ""]


# --- what is refused ------------------------------------------------------------------------------------


class Bad(NamedTuple):
    """A bad file, the error it gives, and a word that its message has."""

    name: str
    make: Callable[[], bytes]
    error: type[loader.LoaderError]
    says: str


_DEEP = (
    "<table:table><table:table-row><table:table-cell>" * 40
    + "</table:table-cell></table:table-row></table:table>" * 40
)
_DRAWING = "application/vnd.oasis.opendocument.graphics"
_LOCKED = "<manifest><encryption-data/></manifest>"
_ENTITY = f'<!DOCTYPE d [<!ENTITY x "甲">]><office:document-content {_NAMES}/>'
BAD = (
    Bad("an empty text", lambda: _odt("<text:p/>"), loader.EmptyDocument, "no text"),
    Bad("an empty sheet", lambda: _ods(_sheet(_row(_cell()))), loader.EmptyDocument, "no visible sheet"),
    Bad("broken XML in a text", lambda: _odt("<text:p>"), loader.DamagedDocument, "damaged"),
    Bad("broken XML in a sheet", lambda: _ods("<table:table>"), loader.DamagedDocument, "damaged"),
    Bad("a text without a body", lambda: _odt("", content=f"<a {_NAMES}/>"), loader.DamagedDocument, "body"),
    Bad("an entity in a text", lambda: _odt("", content=_ENTITY), loader.UnsafeDocument, "entities"),
    Bad("an entity in a sheet", lambda: _ods(content=_ENTITY), loader.UnsafeDocument, "entities"),
    Bad(
        "a drawing",
        lambda: _odt("", mimetype=_DRAWING),
        loader.UnknownFormat,
        "neither",
    ),
    Bad("a password", lambda: _ods(manifest=_LOCKED), loader.EncryptedDocument, "password"),
    Bad(
        "tables 40 deep",
        lambda: _odt(_DEEP),
        loader.UnsafeDocument,
        "deep",
    ),
    Bad(
        "a text cell repeated two billion times",
        lambda: _odt(
            f"<table:table>{_row(_cell('甲', table__number_columns_repeated='200000000'))}</table:table>"
        ),
        loader.UnsafeDocument,
        "columns",
    ),
    Bad(
        "a text row repeated for ever",
        lambda: _odt(f"<table:table>{_row(_cell('甲'), repeated=900_000_000)}</table:table>"),
        loader.UnsafeDocument,
        "500,000 cells",
    ),
    Bad(
        "a sheet row repeated a million times",
        lambda: _ods(_sheet(_row(_cell("甲"), repeated=1_000_000))),
        loader.UnsafeDocument,
        "500,000 cells",
    ),
    Bad(
        "a sheet cell over the edge",
        lambda: _ods(_sheet(_row(_cell(), _cell("甲", table__number_columns_repeated="16384")))),
        loader.DamagedDocument,
        "last column",
    ),
    Bad(
        "a bomb",
        lambda: _odt("<text:p>" + "甲" * (70 * limits.MIB // 3) + "</text:p>"),
        loader.UnsafeDocument,
        "64 MiB|times its size",
    ),
)


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_a_bad_open_document_is_refused_with_a_message(bad: Bad) -> None:
    """Each bad file gives its own error, in one sentence."""
    with pytest.raises(bad.error, match=bad.says):
        loader.convert(bad.make())


def test_all_kinds_of_bad_open_documents_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(BAD) == 15


@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(["odt", "ods"]))
@settings(deadline=None, max_examples=150)
def test_a_mutated_file_is_read_or_refused(noise: bytes, position: int, kind: str) -> None:
    """Random bytes in the XML never crash a reader."""
    table = _sheet(_row(_cell("项目名称"), _cell("甲", table__number_columns_spanned="2")))
    xml = f"<office:document-content {_NAMES}><office:body>{{}}</office:body></office:document-content>"
    body = (
        f"<office:text>{table}</office:text>"
        if kind == "odt"
        else f"<office:spreadsheet>{table}</office:spreadsheet>"
    )
    data = xml.format(body).encode()
    at = len(data) - position
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("mimetype", Kind[kind.upper()].value)
        container.writestr("content.xml", data[:at] + noise + data[at + len(noise) :])
    with contextlib.suppress(loader.UnreadableDocument):
        assert read(packed.getvalue()).media_type == Kind[kind.upper()].value
