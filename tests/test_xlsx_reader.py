"""Workbooks become tables of what their sheets display, cell by cell with sheet and address."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from conftest import ROOT
from expected_readings import bare, indicator_values, project_names, rows, states, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Side
from written_tables import as_workbook, joined, shown, tables

import loader
from loader.readers import limits
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read
from loader.readers.sheets import letters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from loader.model import Document, Table

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_SIDE = Side("thin")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


# --- what a cell displays -------------------------------------------------------------------------------


def _package(sheet: str, **parts: str) -> bytes:
    """Return a workbook of one sheet, of the XML of its rows and what follows them."""
    namespace = parts.pop("namespace", _MAIN)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{namespace}" xmlns:r="r"><workbookPr date1904="{parts.pop("date1904", "0")}"/>'
            '<sheets><sheet name="表1" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        container.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Type="/worksheet" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="b" Type="/styles" Target="/xl/styles.xml"/>'
            '<Relationship Id="c" Type="/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        container.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{namespace}">{sheet}</worksheet>')
        for name, xml in parts.items():
            container.writestr(f"xl/{name}.xml", xml)
    return packed.getvalue()


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="9" formatCode="0.0%"/></numFmts><borders><border/><border><left style="none"/></border>'
    '<border><right style="thin"/></border></borders><cellStyleXfs><xf numFmtId="49"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="14"/>'
    '<xf numFmtId="4"/></cellXfs></styleSheet>'
)
_TEXTS = (
    f'<sst xmlns="{_MAIN}"><si><t>共享</t></si><si><r><rPr><b/></rPr><t>粗</t></r><r><t> 体</t></r>'
    "<rPh><t>cuti</t></rPh><phoneticPr/></si><si><t>一_x000D_\n二</t></si></sst>"
)


@pytest.mark.parametrize(
    ("cell", "text", "raw"),
    [
        ("<v>35</v>", "35", "35"),
        ("<v>207.45379999999997</v>", "207.4538", "207.4538"),
        ('s="1"<v>1</v>', "100.00%", "1"),
        ('s="3"<v>0.973</v>', "97.3%", "0.973"),
        ('s="2"<v>44561</v>', "2021-12-31", "44561"),
        ('s="4"<v>44561</v>', "2021/12/31", "44561"),
        ('s="5"<v>8827620.529999999</v>', "8,827,620.53", "8827620.53"),
        ('s="99"<v>5</v>', "5.00", "5"),
        ('t="s"<v>0</v>', "共享", None),
        ('t="s"<v>1</v>', "粗 体", None),
        ('t="s"<v>2</v>', "一\n二", None),
        ('t="inlineStr"<is><t>≥95%</t></is>', "≥95%", None),
        ('t="inlineStr"<is><t>一_x4E8C__xD800_三_x</t></is>', "一二\ufffd三_x", None),
        ('t="inlineStr"<is><r><t>甲</t></r><r><t>乙</t></r></is>', "甲乙", None),
        ('t="str"<f>A1&amp;"人"</f><v>334人</v>', "334人", None),
        ('t="n"<f>1+1</f><v>2</v>', "2", "2"),
        ('t="b"<v>1</v>', "TRUE", None),
        ('t="b"<v>0</v>', "FALSE", None),
        ('t="e"<v>#DIV/0!</v>', "#DIV/0!", None),
        ('s="2" t="d"<v>2021-12-31T00:00:00</v>', "2021-12-31", "44561"),
        ("<v>约3个</v>", "约3个", None),
        ("<v>nan</v>", "nan", None),
    ],
)
def test_a_cell_reads_as_it_is_displayed(cell: str, text: str, raw: str | None) -> None:
    """Numbers by their formats with the stored one beside them, texts of all kinds, booleans, errors."""
    attributes, _, content = cell.partition("<")
    sheet = (
        f'<sheetData><row r="7"><c r="B7" {attributes}><{content}</c><c r="C7"><v>1</v></c></row></sheetData>'
    )
    (table,) = read(_package(sheet, styles=_STYLES, sharedStrings=_TEXTS)).tables
    (found, _) = table.cells
    assert (found.text, found.raw) == (text, raw)
    assert (found.place.sheet, found.place.address) == ("表1", "B7")


def test_dates_from_1904_and_strict_files_are_read() -> None:
    """The other epoch, and the other namespace of the standard."""
    sheet = '<sheetData><row><c s="2"><v>43099</v></c><c><v>1</v></c></row></sheetData>'
    data = _package(sheet, styles=_STYLES.replace(_MAIN, _STRICT), namespace=_STRICT, date1904="true")
    (table,) = read(data).tables
    assert [(cell.text, cell.place.address) for cell in table.cells] == [("2021-12-31", "A1"), ("1", "B1")]


def test_hidden_sheets_are_not_read_and_hidden_rows_are() -> None:
    """Hidden sheets hold the lists behind drop-down fields."""
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "甲"])
    book.active.append(["预算数", "1.00"])
    book.active.row_dimensions[2].hidden = True
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet.append(["选项", "乙"])
        sheet.sheet_state = state
    (table,) = read(_saved(book)).tables
    assert [cell.text for cell in table.cells] == ["项目名称", "甲", "预算数", "1.00"]


def _saved(book: openpyxl.Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


# --- how a sheet is cut into tables and lines -------------------------------------------------------------


def _sheet(printed: str, *, boxed: str = "", merged: tuple[str, ...] = ()) -> Document:
    """Return the sheet that is drawn: a line for each row, `|` between cells, `boxed` rows with borders."""
    book = openpyxl.Workbook()
    sheet: Worksheet = book.active
    for row, line in enumerate(printed.split("\n"), start=1):
        for column, text in enumerate(line.split("|"), start=1):
            sheet.cell(row, column, text.strip() or None)
            if str(row) in boxed.split():
                sheet.cell(row, column).border = _BOX
    for area in merged:
        sheet.merge_cells(area)
    return read(_saved(book))


def _drawn(document: Document) -> list[str]:
    """Return lines as `> line`, and each table as its rows joined, in the order of the document."""
    told: list[str] = []
    for table in document.tables:
        told += [f"> {line.text}" for line in table.before]
        told.append(
            " / ".join(
                "|".join(cell.text for cell in table.cells if cell.row == row)
                for row in range(1, table.rows + 1)
            )
        )
    return told + [f"> {line.text}" for line in document.after]


@pytest.mark.parametrize(
    ("printed", "boxed", "told"),
    [
        pytest.param(
            "绩效目标表\n(2023年度)\n项目名称|甲\n预算数|1.00", "3 4",
            ["> 绩效目标表", "> (2023年度)", "项目名称|甲 / 预算数|1.00"],
            id="title lines above a ruled table",
        ),
        pytest.param(
            "绩效目标表\n项目名称|甲\n预算数|1.00", "",
            ["> 绩效目标表", "项目名称|甲 / 预算数|1.00"],
            id="a title above a table that is not ruled",
        ),
        pytest.param(
            "填报单位：甲|单位：万元\n项目名称|甲\n预算数|1.00\n填表人：乙|电话：1", "2 3",
            ["> 填报单位：甲", "> 单位：万元", "项目名称|甲 / 预算数|1.00", "> 填表人：乙", "> 电话：1"],
            id="unit line and signatures beside a ruled table",
        ),
        pytest.param(
            "项目名称|甲\n绩效指标|\n预算数|1.00", "1 2 3",
            ["项目名称|甲 / 绩效指标| / 预算数|1.00"],
            id="a ruled row with one text is a row",
        ),
        pytest.param(
            "项目名称|甲\n绩效指标\n预算数|1.00", "",
            ["项目名称|甲 / 绩效指标| / 预算数|1.00"],
            id="a row with one text inside a table that is not ruled is a row",
        ),
        pytest.param(
            "一表\n项目名称|甲\n预算数|1\n二表\n项目名称|乙\n预算数|2\n注：略", "2 3 5 6",
            ["> 一表", "项目名称|甲 / 预算数|1", "> 二表", "项目名称|乙 / 预算数|2", "> 注：略"],
            id="ruled forms below each other, a title between",
        ),
        pytest.param(
            "一表\n项目名称|甲\n预算数|1\n\n二表\n项目名称|乙\n预算数|2\n\n注：略", "",
            ["> 一表", "项目名称|甲 / 预算数|1", "> 二表", "项目名称|乙 / 预算数|2", "> 注：略"],
            id="forms that are not ruled, a blank row and a title between",
        ),
        pytest.param(
            "项目名称|甲\n预算数|1\n\n项目名称|乙\n预算数|2", "",
            ["项目名称|甲 / 预算数|1", "项目名称|乙 / 预算数|2"],
            id="forms that begin alike, a blank row between",
        ),
        pytest.param(
            "项目名称|指标|值\n甲|人数|1\n\n|户数|2", "",
            ["项目名称|指标|值 / 甲|人数|1 / || / |户数|2"],
            id="a blank row inside a table is a row",
        ),
        pytest.param(
            "项目名称|指标\n甲|人数\n|\n项目名称|户数", "1 2 3 4",
            ["项目名称|指标 / 甲|人数 / | / 项目名称|户数"],
            id="a ruled blank row parts nothing",
        ),
        pytest.param(
            "项目名称|甲" + "\n" * 60 + "预算数|1", "",
            ["项目名称|甲", "预算数|1"],
            id="sixty blank rows part anything",
        ),
        pytest.param(
            "||项目名称|甲\n||预算数|1", "",
            ["项目名称|甲 / 预算数|1"],
            id="blank columns at the left are no columns",
        ),
        pytest.param(
            "项目名称|甲||\n其他资金|||", "1 2",
            ["项目名称|甲| / 其他资金||"],
            id="one ruled blank to the right of the last text is a value that was not filled in",
        ),
        pytest.param("只有一行\n两行", "", ["> 只有一行", "> 两行"], id="a sheet of lines has no table"),
    ],
)  # fmt: skip
def test_a_sheet_is_cut_into_tables_and_lines(printed: str, boxed: str, told: list[str]) -> None:
    """The rule of `loader.readers.sheets`, case by case."""
    assert _drawn(_sheet(printed, boxed=boxed)) == told


def test_a_merged_label_ties_rows_together() -> None:
    """A row with one text beside a label that is merged over rows is no heading, even below a blank row."""
    document = _sheet("项目资金|总额\n|财政\n\n|其他", merged=("A1:A4",))
    assert _drawn(document) == ["项目资金|总额 / 财政 /  / 其他"]


def test_a_merged_title_is_one_line_and_a_merged_cell_keeps_its_spans() -> None:
    """The title goes over two rows and all columns; the table below begins in row 3."""
    document = _sheet(
        "绩效\n\n项目名称|甲||\n资金|总额|1|\n|财政|1|x", boxed="3 4 5", merged=("A1:D2", "B3:D3", "A4:A5")
    )
    (table,) = document.tables
    assert [(line.text, line.place.address) for line in table.before] == [("绩效", "A1")]
    assert [(c.row, c.column, c.text, c.rowspan, c.colspan) for c in table.cells if c.text] == [
        (1, 1, "项目名称", 1, 1), (1, 2, "甲", 1, 3), (2, 1, "资金", 2, 1), (2, 2, "总额", 1, 1),
        (2, 3, "1", 1, 1), (3, 2, "财政", 1, 1), (3, 3, "1", 1, 1), (3, 4, "x", 1, 1),
    ]  # fmt: skip
    assert table.cells[1].place.address == "B3"


def test_columns_beyond_the_last_text_are_no_columns() -> None:
    """A form whose borders and merges go on to column IP has the columns it uses."""
    book = openpyxl.Workbook()
    for row in (1, 2, 3):
        book.active.append(["项目名称", "甲"])
        for column in range(3, 251):
            book.active.cell(row, column).border = _BOX
        book.active.merge_cells(start_row=row, end_row=row, start_column=3, end_column=250)
    (table,) = read(_saved(book)).tables
    assert (table.rows, table.columns, len(table.cells)) == (3, 3, 9)


def test_in_a_very_wide_table_blank_columns_are_left_out() -> None:
    """A stray cell in the last column of the sheet does not make 16,384 columns; addresses stay."""
    (table,) = _sheet("项目名称|甲\n预算数" + "|" * 16383 + "x").tables
    assert [(cell.column, cell.text, cell.place.address) for cell in table.cells if cell.row == 2] == [
        (1, "预算数", "A2"), (2, "", "B2"), (3, "x", "XFD2"),
    ]  # fmt: skip


# --- what was written comes back; openpyxl as an oracle ---------------------------------------------------


def _forms(seed: Path) -> list[Table]:
    """Return the 19 forms of the seed, each a header block and its indicators in one table."""
    document = read((seed / "seed.docx").read_bytes())
    assert len(document.tables) == 38
    return [joined(*pair) for pair in zip(document.tables[::2], document.tables[1::2], strict=True)]


@pytest.mark.parametrize(
    ("in_one_sheet", "options"),
    [
        (False, {}),
        (False, {"ruled": False}),
        (True, {"gap": 0}),
        (True, {"gap": 1}),
        (True, {"gap": 3, "ruled": False}),
        (True, {"gap": 1, "ruled": False, "titles": False}),
    ],
)
def test_the_seed_as_a_workbook_gives_the_same_cells_back(
    seed: Path, in_one_sheet: bool, options: dict[str, object]
) -> None:
    """19 forms, a sheet each or all in one sheet, ruled or not, with titles and blank rows between or without."""
    forms = _forms(seed)
    sheets = [forms] if in_one_sheet else [[form] for form in forms]
    back = read(as_workbook(sheets, **options)).tables  # type: ignore[arg-type]
    assert [shown(table) for table in back] == [shown(form) for form in forms]
    if options.get("titles", True):
        assert [[line.text for line in table.before] for table in back] == [
            [line.text for line in form.before] for form in forms
        ]


@given(st.lists(tables(), min_size=1, max_size=3), st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
def test_whatever_sheets_are_written_openpyxl_and_this_reader_agree(
    written: list[Table], ruled: bool
) -> None:
    """Every value stands once, in a cell or line, with the address that openpyxl has for it."""
    data = as_workbook([[table] for table in written], ruled=ruled)
    try:
        document = read(data)
    except loader.EmptyDocument:
        assert not any(_openpyxl_values(data))
        return
    assert _values(document) == _openpyxl_values(data)


def _values(document: Document) -> dict[tuple[str | None, str | None], str]:
    cells = {
        (cell.place.sheet, cell.place.address): cell.raw or cell.text
        for table in document.tables
        for cell in table.cells
        if cell.text
    }
    return cells | {(line.place.sheet, line.place.address): line.text for line in document.lines}


def _openpyxl_values(data: bytes) -> dict[tuple[str | None, str | None], str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }


def test_the_real_workbooks_agree_with_openpyxl_cell_by_cell(shared: Path) -> None:
    """Values, merged cells and addresses of the real files."""
    compared = merged = 0
    for path in _real(shared):
        document = read(path.read_bytes())
        values = _openpyxl_values(path.read_bytes())
        assert _values(document) == values
        compared += len(values)
        (sheet,) = openpyxl.load_workbook(path)
        areas = {area.coord for area in sheet.merged_cells.ranges}
        for cell in (cell for table in document.tables for cell in table.cells):
            if cell.rowspan > 1 or cell.colspan > 1:
                assert _area(cell.place.address, cell.rowspan, cell.colspan) in areas
                merged += 1
    assert compared == 568
    assert merged == 92


def _area(address: str | None, height: int, width: int) -> str:
    column, row = openpyxl.utils.cell.coordinate_from_string(address)
    first = openpyxl.utils.column_index_from_string(column)
    return f"{address}:{letters(first + width - 1)}{row + height - 1}"


def _real(shared: Path) -> list[Path]:
    found = sorted((shared / "disclosures" / "real").glob("*/*.xlsx"))
    assert len(found) == 7
    return found


def test_what_the_real_workbooks_must_be_read_as_is_in_their_cells(shared: Path) -> None:
    """Each project's name is what one cell shows; each indicator's name and value are in one row."""
    found = 0
    for path in _real(shared):
        document = read(path.read_bytes())
        assert {bare(name) for name in project_names(path)} <= texts(document), path.name
        for name, values in indicator_values(path):
            assert any(states(row, name, values) for row in rows(document)), (path.name, name, values)
            found += 1
    assert found == 57


# --- bad and huge workbooks -------------------------------------------------------------------------------


def _text(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def _rows(*lines: str) -> str:
    return f"<sheetData>{''.join(lines)}</sheetData>"


_PAIR = f'<row r="1">{_text("A1", "项目名称")}{_text("B1", "甲")}</row>'
_ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]>'


def _merged(*areas: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return packed.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_BAD: tuple[tuple[str, Callable[[], bytes], type[Exception], str], ...] = (
    ("a sheet that is cut off", lambda: _with_part(_package(""), _SHEET, b"<worksheet><sheetData>"),
     loader.DamagedDocument, "sheet1.xml is damaged"),
    ("entities", lambda: _with_part(_package(""), _SHEET, f"{_ENTITY}<worksheet><row/></worksheet>".encode()),
     loader.UnsafeDocument, "entities"),
    ("entities and no rows", lambda: _with_part(_package(""), _SHEET, f"{_ENTITY}<worksheet/>".encode()),
     loader.UnsafeDocument, "entities"),
    ("a bomb", lambda: _with_part(_package(""), _SHEET, b"<worksheet>" + b" " * (200 * limits.MIB)),
     loader.UnsafeDocument, "in one piece"),
    ("no sheet", lambda: _with_part(
        _package(""), "xl/_rels/workbook.xml.rels",
        b'<Relationships><Relationship Id="a" Type="/worksheet" Target="worksheets/2.xml"/></Relationships>'),
     loader.DamagedDocument, "worksheets/2.xml is missing"),
    ("no text", lambda: _package(_rows()), loader.EmptyDocument, "no visible sheet"),
    ("a text that is not there", lambda: _package(_rows('<row><c t="s"><v>7</v></c></row>')),
     loader.DamagedDocument, "text number 7"),
    ("a column that is not there", lambda: _package(_rows('<row><c r="XFE1"><v>7</v></c></row>')),
     loader.DamagedDocument, "XFE"),
    ("a row that is not there", lambda: _package(_rows('<row r="1048577"><c><v>7</v></c></row>')),
     loader.DamagedDocument, "1048577"),
    ("rows that go back", lambda: _package(_rows(_PAIR, _PAIR)), loader.DamagedDocument, "below row 1"),
    ("a merged area without corners", lambda: _package(_rows(_PAIR) + _merged("A:B")),
     loader.DamagedDocument, "corners"),
    ("merged cells over the edge", lambda: _package(_rows(_PAIR) + _merged("A1:B9999999")),
     loader.DamagedDocument, "does not have"),
    ("merged cells over each other", lambda: _package(
        _rows(*(f'<row r="{n}">{_text(f"A{n}", "x")}{_text(f"Z{n}", "x")}</row>' for n in range(1, 2000)))
        + _merged(*(f"A{n}:Z1999" for n in range(1, 1999)))),
     loader.DamagedDocument, "over each other"),
    ("a diagonal", lambda: _package(_rows(*(
        f'<row r="{n}">{_text(f"{letters(n)}{n}", "x")}{_text(f"{letters(n + 1)}{n}", "x")}</row>'
        for n in range(1, 2000)))),
     loader.UnsafeDocument, "columns"),
    ("600,000 cells", lambda: _package(_rows(*(
        f'<row r="{n}">{_text(f"A{n}", "x")}{_text(f"BH{n}", "x")}</row>' for n in range(1, 10_000)))),
     loader.UnsafeDocument, "cells"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "make", "error", "says"), _BAD, ids=[bad[0] for bad in _BAD])
def test_a_bad_workbook_is_refused_with_a_message_that_says_why(
    name: str, make: Callable[[], bytes], error: type[Exception], says: str
) -> None:
    """Each gives its own error."""
    with pytest.raises(error, match=says):
        read(make())


def test_all_bad_workbooks_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(_BAD) == 15


_MEASURED = """
import resource, sys
from pathlib import Path
from loader.readers.registry import read
data = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
(table,) = (document := read(data)).tables
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
print([cell.text for cell in table.cells], [(line.text, line.place.address) for line in document.after])
"""


@pytest.mark.soak
def test_a_million_empty_rows_cost_no_memory(tmp_path: Path) -> None:
    """Rows without text are counted and dropped while they are read: a process of its own stays small."""
    empty = (f'<row r="{number}" spans="1:7" ht="14.25" customHeight="1"/>' for number in range(2, 1_048_576))
    last = f'<row r="1048576">{_text("XFD1048576", "末")}</row>'
    path = tmp_path / "empty.xlsx"
    path.write_bytes(_package(_rows(_PAIR, *empty, last)))
    told = subprocess.run(
        [sys.executable, "-c", _MEASURED, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    grown, said = told.stdout.splitlines()
    assert int(grown) < 32 * 1024  # KiB; the sheet has 62 MiB
    assert said == "['项目名称', '甲'] [('末', 'XFD1048576')]"


@pytest.mark.parametrize("named", [str.upper, lambda name: name.replace("/", "\\")])
def test_a_workbook_is_told_by_its_part_however_that_is_spelled(named: Callable[[str], str]) -> None:
    """Names of parts have no case, and some programs write backslashes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_package(_rows(_PAIR)))) as old,
        zipfile.ZipFile(packed, "w") as new,
    ):
        for part in old.namelist():
            new.writestr(named(part), old.read(part))
    assert kind_of(packed.getvalue()) is Kind.XLSX
    assert _drawn(read(packed.getvalue())) == ["项目名称|甲"]


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_workbook_that_was_changed_anywhere_is_read_or_refused(shared: Path, data: st.DataObject) -> None:
    """Random bytes in the parts of real workbooks never make the reader fail in another way."""
    whole = data.draw(st.sampled_from(_real(shared))).read_bytes()
    parts = [part for part in zipfile.ZipFile(io.BytesIO(whole)).namelist() if part.startswith("xl/")]
    name = data.draw(st.sampled_from(parts))
    content = bytearray(zipfile.ZipFile(io.BytesIO(whole)).read(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(loader.UnreadableDocument):
        assert read(_with_part(whole, name, bytes(content))).tables is not None
