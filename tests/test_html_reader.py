"""Web pages as saved from the sites of governments become the tables that a browser shows."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from expected_readings import bare, indicator_values, project_names, rows, states, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_tables import as_page, shown, tables

import loader
from loader.readers import limits
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read

if TYPE_CHECKING:
    from pathlib import Path

    from loader.model import Document, Table


def _page(body: str) -> Document:
    return read(f"<html><body>{body}</body></html>".encode())


def _rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(1, table.rows + 1)]


def _lines(document: Document) -> list[str]:
    return [line.text for line in document.lines]


# --- cells and spans ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("<table><tr><td>项目名称<td>甲<tr><td>预算数<td>1.00</table>", [["项目名称", "甲"], ["预算数", "1.00"]]),
        ("<table><tr><td><font>甲<td><font>乙<tr><td>丙</table>", [["甲", "乙"], ["丙"]]),
        ("<table><td>甲<td>乙", [["甲", "乙"]]),
        ("<table><thead><th>甲<th>乙<tbody><tr><td>丙<td>丁", [["甲", "乙"], ["丙", "丁"]]),
        ("<table><tr><td>a<td style='display:none'>b<td>c</table>", [["a", "c"]]),
        ("<table><tr><td>甲</td></tr><tr style='DISPLAY: none'><td>乙</td></tr></table>", [["甲"]]),
        ("<table><tr><td>甲<script>x()</script><style>td{}</style></td></tr></table>", [["甲"]]),
        ("<table><tr><td>单位：<select><option>元<option selected>万元</select></table>", [["单位：万元"]]),
        ("<table><tr><td><input type=text value=甲><input type=hidden value=乙></table>", [["甲"]]),
        ("<table><tr><td>甲<br>乙<p>丙</p><p>丁</p></td><td> a \n b&nbsp; c</td></tr></table>",
         [["甲\n乙\n丙\n丁", "a b  c"]]),
        ("<table><tr><td>绩效\n  目标</td><td>a\nb</td><td>m<sup>2</sup></td></tr></table>",
         [["绩效目标", "a b", "m2"]]),
        ("<table><tr><td>&nbsp;</td><td></td><td>　</td></tr></table>", [["", "", ""]]),
        ("<table><tr><td><pre>a  b\nc</pre></td></tr></table>", [["a  b\nc"]]),
        ("<table><tr><td>&lt;5%&ge;&#8804;&yen;</td></tr></table>", [["<5%≥≤¥"]]),
    ],
)  # fmt: skip
def test_a_table_is_what_a_browser_shows(body: str, rows: list[list[str]]) -> None:
    """Cells that are not closed, blanks, line ends, entities, form fields, and what is hidden."""
    (table,) = _page(body).tables
    assert _rows(table) == rows


def test_cells_stand_in_the_columns_that_merged_ones_leave_free() -> None:
    """A cell merged downwards pushes those of the next rows to the right."""
    (table,) = _page(
        "<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>丁<td>戊<td>己</table>"
    ).tables
    assert [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells] == [
        (1, 1, 2, 2), (1, 3, 1, 1), (2, 3, 1, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 3, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("attribute", "spans"),
    [
        ("rowspan=9", (2, 1)),
        ("rowspan=0", (2, 1)),
        ("rowspan=99999999999999999999", (2, 1)),
        ("rowspan=-1", (1, 1)),
        ("colspan=0", (1, 1)),
        ("colspan=x", (1, 1)),
        ("colspan=2000000000", (1, limits.COLUMNS)),
    ],
)
def test_spans_are_cut_at_the_table_and_its_row_groups(attribute: str, spans: tuple[int, int]) -> None:
    """A span goes to the end of its group of rows and to the last column at most."""
    (table,) = _page(f"<table><tbody><tr><td {attribute}>甲<tr><td>乙<tbody><tr><td>丙</table>").tables
    assert (table.cells[0].rowspan, table.cells[0].colspan) == spans
    assert table.rows == 3


def test_spans_never_lie_over_each_other() -> None:
    """Where the source merges cells twice, the one above keeps the place."""
    (table,) = _page("<table><tr><td>甲<td rowspan=2>乙<tr><td colspan=3>丙<td>丁</table>").tables
    assert [(cell.text, cell.column, cell.colspan) for cell in table.cells] == [
        ("甲", 1, 1), ("乙", 2, 1), ("丙", 1, 1), ("丁", 3, 1),
    ]  # fmt: skip


def test_the_number_beside_a_displayed_one_is_kept() -> None:
    """Excel and LibreOffice write it as an attribute."""
    (table,) = _page("<table><tr><td x:num='0.973'>97%<td sdval='35'>35.00<td x:num>8</table>").tables
    assert [(cell.text, cell.raw) for cell in table.cells] == [("97%", "0.973"), ("35.00", "35"), ("8", None)]


# --- around and inside tables -------------------------------------------------------------------------


def test_text_around_tables_is_lines() -> None:
    """Navigation, headings and paragraphs stand before the table that follows, the rest after the last."""
    document = _page(
        "<ul><li>首页<li>公开</ul><h1>绩效目标</h1><div>单位：<b>万元</b></div>"
        "<table><caption>表一</caption><tr><td>甲</table>注：略<p>打印"
    )
    (table,) = document.tables
    assert [line.text for line in table.before] == ["首页", "公开", "绩效目标", "单位：万元", "表一"]
    assert [line.text for line in document.after] == ["注：略", "打印"]


def test_a_table_that_arranges_a_page_is_lines_and_its_inner_tables_stand_alone() -> None:
    """A table that holds another in a cell is no table of data."""
    document = _page(
        "<table><tr><td>导航<td>栏目<tr><td>标题<table><tr><td>项目名称<td>甲</table>注<table><tr><td>乙</table>"
        "<td>页脚</table>尾"
    )
    assert [_rows(table) for table in document.tables] == [[["项目名称", "甲"]], [["乙"]]]
    assert [[line.text for line in table.before] for table in document.tables] == [
        ["导航", "栏目", "标题"],
        ["注"],
    ]
    assert [line.text for line in document.after] == ["页脚", "尾"]


def test_a_table_that_begins_between_the_rows_of_another_ends_it() -> None:
    """So do browsers where `</table>` is missing."""
    document = _page(
        "<table><tr><td>甲</td></tr><p>第二个</p><table><tr><td>乙</td></tr></table><tr><td>丙</td></tr></table>"
    )
    assert [_rows(table) for table in document.tables] == [[["甲"]], [["乙"]], [["丙"]]]


def test_what_is_hidden_is_no_text() -> None:
    """Scripts, styles and hidden parts of a page say nothing."""
    document = _page("<div hidden>a</div><div style='visibility:hidden'>b<p>c</div><noscript>d</noscript>甲")
    assert _lines(document) == ["甲"]


def test_a_page_that_a_script_fills_in_is_said_to_be_empty() -> None:
    """Nothing was saved but the frame of the page: the message says what to do."""
    with pytest.raises(loader.EmptyDocument, match="save it from the browser"):
        _page("<div id=app></div><script>render()</script>")


# --- encodings and kinds --------------------------------------------------------------------------------

_TEXT = "<table><tr><td>项目名称</td><td>村级组织运转经费镕㙍</td></tr></table>"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "gb2312"),
        ("utf-8", "gb2312"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", ""),
        ("gb18030", "gb2312"),
        ("gb18030", "GBK"),
        ("gb18030", "utf-8"),
        ("gb18030", "iso-8859-1"),
        ("gb18030", ""),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-8"),
        ("utf-16-be", ""),
    ],
)
def test_a_page_is_read_in_the_encoding_it_has_whatever_it_declares(encoding: str, declared: str) -> None:
    """Wrongly declared charsets occur; rare characters are outside of GB 2312 and GBK."""
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>{_TEXT}'
    )
    (table,) = read(page.encode(encoding)).tables
    assert [cell.text for cell in table.cells] == ["项目名称", "村级组织运转经费镕㙍"]


def test_a_page_in_big5_is_believed_when_it_says_so() -> None:
    """Big5 cannot be told from GB 18030 by its bytes."""
    (table,) = read("<meta charset=big5><table><td>預算數".encode("big5")).tables
    assert table.cells[0].text == "預算數"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_character_costs_itself_and_no_other(encoding: str) -> None:
    """A page that was cut or pasted together is read in the encoding that loses least; what is lost is marked."""
    page = f"<html><meta charset={encoding}>{_TEXT * 20}".encode(encoding) + b"<p>\xff\xff</p>"
    document = read(page)
    assert [cell.text for cell in document.tables[19].cells] == ["项目名称", "村级组织运转经费镕㙍"]
    assert "\ufffd" in document.after[0].text


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html><html>",
        "\n\n  <HTML>",
        "\ufeff<html>",
        "<!-- 由系统导出 -->\n",
        '<?xml version="1.0" encoding="gb2312"?>\n<!DOCTYPE html PUBLIC "x"><html>',
        "<meta charset=utf-8>",
        "<style>td{}</style>",
        "错误提示 ",
    ],
)
def test_a_page_is_told_by_its_tags(start: str) -> None:
    """Exports named .xls or .doc begin with blanks, comments, a byte order mark, or a message of the server."""
    data = f"{start}<table border=1><tr><td>项目名称<td>甲</table>".encode()
    assert kind_of(data) is Kind.HTML
    assert read(data).tables


@pytest.mark.parametrize(
    "text", ["\t项目名称\n\t<甲>\n", "a < b", "| 项目 | 甲 |\n", "<甲>", "见 <table> 标签"]
)
def test_text_with_signs_of_tags_is_no_page(text: str) -> None:
    """A sign of comparison is no tag."""
    assert kind_of(text.encode()) is Kind.TEXT


def test_a_web_archive_is_its_pages() -> None:
    """Excel saves a page for each sheet, quoted and encoded by the rules of mail."""
    page = "<html><table><tr><td>项目名称<td>甲</table>".encode("gb18030")
    quoted = "".join(f"={byte:02X}" for byte in page)
    part = f'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}'
    archive = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
        f"--b\r\n{part}\r\n--b\r\nContent-Type: image/gif\r\n\r\nR0lG\r\n--b\r\n{part}\r\n--b--\r\n"
    ).encode()
    assert kind_of(archive) is Kind.MHTML
    assert [_rows(table) for table in read(archive).tables] == [[["项目名称", "甲"]]] * 2


# --- what was written comes back, from real files and from any -------------------------------------------


def test_the_seed_as_a_web_page_gives_the_same_cells_back(seed: Path) -> None:
    """The 38 tables of the Word file, written as a page, have the same cells and lines."""
    document = read((seed / "seed.docx").read_bytes())
    for page in (as_page(document.tables), as_page(document.tables, charset="gb18030", closed=False)):
        back = read(page)
        assert [shown(table) for table in back.tables] == [shown(table) for table in document.tables]
        assert [table.before for table in back.tables] == [table.before for table in document.tables]
        assert sum(len(table.cells) for table in back.tables) == 1256


@given(st.lists(tables(), min_size=1, max_size=3), st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_whatever_table_is_written_comes_back(written: list[Table], closed: bool) -> None:
    """No text, blank or span is lost or made up by reading a page."""
    back = read(as_page(written, closed=closed)).tables
    assert [_all(table) for table in back] == [_all(table) for table in written]


def _all(table: Table) -> list[tuple[int, int, str, int, int]]:
    return [(c.row, c.column, c.text, c.rowspan, c.colspan) for c in table.cells]


def test_what_the_real_pages_must_be_read_as_is_in_their_cells(shared: Path) -> None:
    """Each project's name is what one cell prints; each indicator's name and value are in one row."""
    pages = sorted((shared / "disclosures" / "real").glob("*/*.html"))
    assert len(pages) == 7
    found = 0
    for path in pages:
        document = read(path.read_bytes())
        assert {bare(name) for name in project_names(path)} <= texts(document), path.name
        for name, values in indicator_values(path):
            assert any(states(row, name, values) for row in rows(document)), (path.name, name)
            found += 1
    assert found == 29


# --- bad pages --------------------------------------------------------------------------------------------

_BAD = (
    ("tables 60 deep", lambda: "<table><tr><td>" * 60, loader.UnsafeDocument, "deep"),
    ("2,000 columns", lambda: "<table><tr>" + "<td>1" * 2000, loader.UnsafeDocument, "columns"),
    ("3 million elements", lambda: "<p>" + "<b>" * 3_000_000, loader.UnsafeDocument, "elements"),
    ("many wide spans", lambda: "<table>" + "<tr><td colspan=1024>1" * 600, loader.UnsafeDocument, "cells"),
    ("a web archive without pages", lambda: "MIME-Version: 1\nContent-Type: multipart/related\n\nx",
     loader.DamagedDocument, "no page"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "make", "error", "says"), _BAD, ids=[bad[0] for bad in _BAD])
def test_a_page_beyond_all_measure_is_refused(
    name: str, make: object, error: type[Exception], says: str
) -> None:
    """Each gives its own error."""
    with pytest.raises(error, match=says):
        read(make().encode())  # type: ignore[operator]


def test_all_bad_pages_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(_BAD) == 5


@pytest.mark.parametrize("tag", ["div", "font", "ul", "td", "span", "a", "form", "select", "pre"])
def test_elements_that_are_never_closed_cost_nothing(tag: str) -> None:
    """Depth without end is no recursion."""
    document = _page(f"<{tag}>" * 50_000 + "甲")
    assert _lines(document) == ["甲"]


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_page_that_was_changed_anywhere_is_read_or_refused(shared: Path, data: st.DataObject) -> None:
    """Random bytes in real pages never make the reader fail in another way."""
    pages = sorted((shared / "disclosures" / "real").glob("*/*.html"))
    page = bytearray(data.draw(st.sampled_from(pages)).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(page)))
        page[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    with contextlib.suppress(loader.UnreadableDocument):
        assert read(bytes(page)).lines is not None
