"""PDF files with a text layer become the tables they were printed from, whoever drew their lines.

LibreOffice prints real Word documents, and the Word reader is the oracle; reportlab draws what LibreOffice does
not: borders as thin rectangles or frames, turned pages, watermarks, forms that follow each other.
"""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pytest
from docx import Document as WordDocument
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from stores import missing

import loader
from loader.readers.kinds import Kind
from loader.readers.pdf import limits
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loader.model import Cell, Document, Table

ROOT = Path(__file__).resolve().parent.parent
_FONT = "STSong-Light"
_CUT_HEIGHTS = (300, 401, 455)
"""Heights of pages, in points, that cut the seed's tables at 60 places: within rows, labels and merged cells."""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _shape(cell: Cell) -> tuple[int, int, int, int, str]:
    return cell.row, cell.column, cell.rowspan, cell.colspan, _squeezed(cell.text)


# --- printed by LibreOffice: Word is the oracle -----------------------------------------------------------


def _program(*names: str, reason: str) -> str:
    """Return the path of the first of some programs that is installed."""
    for name in names:
        if (found := shutil.which(name)) is not None:
            return found
    missing(reason)
    raise AssertionError(reason)


@pytest.fixture(scope="session")
def office() -> str:
    """The command of LibreOffice, which prints documents."""
    return _program(
        "soffice", reason="LibreOffice prints documents for these tests: apt-get install libreoffice"
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """The command of a browser, which prints pages."""
    return _program("chromium", "chromium-browser", reason="Chromium prints pages for these tests")


def _with_page_height(source: Path, height: int, target: Path) -> None:
    document = WordDocument(str(source))
    for section in document.sections:
        section.page_height = Pt(height)
        section.top_margin = section.bottom_margin = Pt(40)
        section.header_distance = section.footer_distance = Pt(20)
    document.save(str(target))


@pytest.fixture(scope="session")
def printed(office: str, seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Word documents and what LibreOffice prints of them, by name; all in one run, which takes some seconds."""
    folder = tmp_path_factory.mktemp("printed")
    shutil.copy(seed / "seed.docx", folder)
    for example in sorted((ROOT / "examples").glob("*.docx")):
        shutil.copy(example, folder)
    for height in _CUT_HEIGHTS:
        _with_page_height(seed / "seed.docx", height, folder / f"seed-{height}.docx")
    sources = sorted(folder.glob("*.docx"))
    _print(office, folder, *sources)
    return {source.stem: source for source in sources}


def _print(office: str, folder: Path, *sources: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=300)


def _both(source: Path) -> tuple[Document, Document]:
    return read(source.with_suffix(".pdf").read_bytes()), read(source.read_bytes())


@pytest.mark.parametrize("name", ["seed", *(f"seed-{height}" for height in _CUT_HEIGHTS)])
def test_the_tables_of_the_seed_come_back_cell_by_cell(printed: Mapping[str, Path], name: str) -> None:
    """All 19 projects' tables have the rows, spans and texts of Word, wherever pages end."""
    ours, word = _both(printed[name])
    assert ours.media_type == Kind.PDF.value
    assert len(ours.tables) == len(word.tables) == 38
    for table, oracle in zip(ours.tables, word.tables, strict=True):
        assert [_shape(cell) for cell in table.cells] == [_shape(cell) for cell in oracle.cells]
        assert (table.rows, table.columns) == (oracle.rows, oracle.columns)
    assert sum(len(table.cells) for table in ours.tables) == 1256


def test_lines_that_were_only_broken_for_want_of_room_are_joined(printed: Mapping[str, Path]) -> None:
    """The texts of cells are exact: without line ends that only the width of a column made."""
    ours, word = _both(printed["seed"])
    pairs = [
        (cell.text, oracle.text)
        for table, oracle_table in zip(ours.tables, word.tables, strict=True)
        for cell, oracle in zip(table.cells, oracle_table.cells, strict=True)
    ]
    exact = sum(text == oracle for text, oracle in pairs)
    assert len(pairs) == 1256
    assert exact >= 0.99 * len(pairs)


@pytest.mark.parametrize("name", ["seed", *(f"seed-{height}" for height in _CUT_HEIGHTS)])
def test_paragraphs_between_tables_are_those_of_word(printed: Mapping[str, Path], name: str) -> None:
    """Prose is joined over lines and pages, and every heading stands before its table."""
    ours, word = _both(printed[name])
    told = [[_squeezed(line.text) for line in table.before] for table in ours.tables]
    assert told == [[_squeezed(line.text) for line in table.before] for table in word.tables]
    assert sum(map(len, told)) == 31
    assert ours.after == ()


def test_small_pages_cut_most_tables(printed: Mapping[str, Path]) -> None:
    """The test above does test: tables go over two pages and three."""
    tables = [table for height in _CUT_HEIGHTS for table in _both(printed[f"seed-{height}"])[0].tables]
    pages = [len({cell.place.page for cell in table.cells}) for table in tables]
    assert sum(count > 1 for count in pages) >= 50
    assert max(pages) >= 2


def _without_first_row(table: Table) -> list[Cell]:
    return [replace(cell, row=cell.row - 1) for cell in table.cells if cell.row > 1]


@pytest.mark.parametrize(
    ("name", "tables", "cells"), [("130202-203001-2025", 38, 1218), ("130202-205-2024", 12, 406)]
)
def test_a_row_without_borders_stands_before_its_table(
    printed: Mapping[str, Path], name: str, tables: int, cells: int
) -> None:
    """The unit line of the examples has no borders: its two texts are lines, all other rows are as in Word."""
    ours, word = _both(printed[name])
    compared = 0
    for table, oracle in zip(ours.tables, word.tables, strict=True):
        bordered = list(oracle.cells)
        if oracle.cells[1].text == "单位：万元":
            bordered = _without_first_row(oracle)
            assert [line.text for line in table.before[-2:]] == [cell.text for cell in oracle.cells[:2]]
        assert [_shape(cell) for cell in table.cells] == [_shape(cell) for cell in bordered]
        compared += len(bordered)
    assert (len(ours.tables), compared) == (tables, cells)


def test_every_cell_knows_its_page(printed: Mapping[str, Path]) -> None:
    """What a cell says is printed on the page it names."""
    path = printed["seed-401"].with_suffix(".pdf")
    document = pypdfium2.PdfDocument(path)
    texts = [_squeezed(page.get_textpage().get_text_bounded()) for page in document]
    document.close()
    cells = [cell for table in read(path.read_bytes()).tables for cell in table.cells if cell.text]
    assert len(cells) == 1237
    for cell in cells:
        assert cell.place.page is not None
        assert _squeezed(cell.text)[:2] in texts[cell.place.page - 1]


def test_documents_are_read_in_threads(printed: Mapping[str, Path]) -> None:
    """pdfium is not safe for threads, so they take turns."""
    data = printed["130202-205-2024"].with_suffix(".pdf").read_bytes()
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(read, [data] * 8))
    assert documents == [read(data)] * 8


# --- printed from a workbook, and by a browser --------------------------------------------------------------


def _workbook(path: Path) -> None:
    """Make a bordered sheet of 36 indicators with merged levels, a header on each page, and a row that is too low."""
    book = Workbook()
    sheet = book.active
    names = [f"第{number}个指标的名称比较长，需要在单元格里换行" for number in range(1, 37)]
    sheet.append(["项目支出绩效目标表"])
    sheet.append(["项目名称", "安全隐患维修"])
    sheet.append(["一级指标", "二级指标", "三级指标", "指标值"])
    for number, name in enumerate(names):
        sheet.append(
            ["产出指标" if number == 0 else "", "数量指标" if number % 6 == 0 else "", name, f"≥{number}%"]
        )
    side = Side(style="thin")
    for row in sheet.iter_rows():
        for cell in row:
            cell.border = Border(left=side, right=side, top=side, bottom=side)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row[0].row].height = 28
    for area in ("A1:D1", "B2:D2", "A4:A39", *(f"B{row}:B{row + 5}" for row in range(4, 40, 6))):
        sheet.merge_cells(area)
    sheet.row_dimensions[6].height = 14
    sheet.column_dimensions["C"].width = 24
    sheet.print_title_rows = "3:3"
    book.save(path)


def test_a_printed_workbook_is_the_sheet_again(office: str, tmp_path: Path) -> None:
    """Titles on each page are dropped, merged levels go on, and what a low row hides stays in its cell."""
    path = tmp_path / "sheet.xlsx"
    _workbook(path)
    _print(office, tmp_path, path)
    if not path.with_suffix(".pdf").exists():
        missing("LibreOffice cannot print workbooks here: apt-get install libreoffice-calc")
    ours, sheet = _both(path)
    assert len({cell.place.page for cell in ours.tables[0].cells}) == 2
    assert [_shape(cell) for cell in ours.tables[0].cells] == [_shape(cell) for cell in sheet.tables[0].cells]
    assert len(ours.tables[0].cells) == 86


_PAGES = {"013": 63, "024": 48, "026": 65, "031": 38, "039": 41}
"""Real pages with one table each, and the cells it has."""


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_printed_by_a_browser_has_the_table_of_the_page(
    chromium: str, shared: Path, tmp_path: Path, name: str
) -> None:
    """Browsers cut tables through rows, and leave slivers and empty frames where they do."""
    page, target = shared / "disclosures" / "real" / name / f"{name}.html", tmp_path / "page.pdf"
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
    ]
    subprocess.run([chromium, *options, page.as_uri()], check=True, capture_output=True, timeout=300)
    (table,) = read(target.read_bytes()).tables
    (oracle,) = read(page.read_bytes()).tables
    assert [_shape(cell) for cell in table.cells] == [_shape(cell) for cell in oracle.cells]
    assert len(table.cells) == _PAGES[name]


# --- drawn by reportlab -----------------------------------------------------------------------------------


class Sheet:
    """A PDF that is drawn by hand: y counts downwards, as on paper, from the upper edge of an A4 page."""

    WIDTH, HEIGHT = 595.0, 842.0

    def __init__(self, **options: object) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
        self._bytes = io.BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=(self.WIDTH, self.HEIGHT), **options)

    def write(self, x: float, y: float, text: str, size: float = 10.0) -> None:
        """Write a text whose line begins at x and stands on y."""
        self.canvas.setFont(_FONT, size)
        self.canvas.drawString(x, self.HEIGHT - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Stroke a line."""
        self.canvas.line(x0, self.HEIGHT - y0, x1, self.HEIGHT - y1)

    def ink(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Fill a rectangle."""
        self.canvas.rect(x0, self.HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Stroke a rectangle."""
        self.canvas.rect(x0, self.HEIGHT - y1, x1 - x0, y1 - y0, stroke=1, fill=0)

    def next_page(self) -> None:
        """Begin a page."""
        self.canvas.showPage()

    def bytes(self) -> bytes:
        """Return the file."""
        self.canvas.save()
        return self._bytes.getvalue()

    def document(self) -> Document:
        """Return what the reader makes of it."""
        return read(self.bytes())


_LEFT, _TOP, _WIDE, _HIGH = 60.0, 100.0, 120.0, 20.0
"""Where hand-made tables begin, how wide their columns are and how high their rows."""


def _stroked(sheet: Sheet, left: float, top: float, right: float, bottom: float) -> None:
    for x in (left, right):
        sheet.line(x, top, x, bottom)
    for y in (top, bottom):
        sheet.line(left, y, right, y)


def _inked(sheet: Sheet, left: float, top: float, right: float, bottom: float) -> None:
    """As Word draws it: a thin rectangle for each side, the corners left out."""
    for x in (left, right):
        sheet.ink(x - 0.24, top + 0.5, x + 0.24, bottom - 0.5)
    for y in (top, bottom):
        sheet.ink(left + 0.5, y - 0.24, right - 0.5, y + 0.24)


def _framed(sheet: Sheet, left: float, top: float, right: float, bottom: float) -> None:
    """As report tools draw it: each cell in a frame of its own, with some air around it."""
    sheet.frame(left + 0.75, top + 0.75, right - 0.75, bottom - 0.75)


_STYLES: Mapping[str, Callable[[Sheet, float, float, float, float], None]] = {
    "stroked lines": _stroked,
    "thin rectangles": _inked,
    "frames": _framed,
}

_GRID = [["一级指标", "三级指标", "指标值"], ["产出指标", "培训人数", "334人"], ["", "合格率", "≥95%"]]


def _draw_table(
    sheet: Sheet,
    rows: list[list[str]],
    *,
    top: float = _TOP,
    style: Callable[[Sheet, float, float, float, float], None] = _stroked,
    left: float = _LEFT,
) -> None:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = left + column * _WIDE, top + row * _HIGH
            style(sheet, x, y, x + _WIDE, y + _HIGH)
            if text:
                sheet.write(x + 5, y + 14, text)


def _texts(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


@pytest.mark.parametrize("style", _STYLES)
def test_borders_are_found_however_they_are_drawn(style: str) -> None:
    """Lines, thin rectangles and frames of single cells all make the same table."""
    sheet = Sheet()
    sheet.write(60, 80, "项目支出绩效目标表")
    _draw_table(sheet, _GRID, style=_STYLES[style])
    (table,) = sheet.document().tables
    assert _texts(table) == _GRID
    assert [line.text for line in table.before] == ["项目支出绩效目标表"]


def test_boxes_without_a_line_between_them_are_one_cell() -> None:
    """A cell is what lines enclose, however many rows and columns it covers."""
    sheet = Sheet()
    for y in (100, 120, 140, 160):
        sheet.line(60 if y in (100, 160) else 120, y, 300 if y != 120 else 240, y)
    for x in (60, 120, 240, 300):
        sheet.line(x, 100, x, 160)
    sheet.line(180, 140, 180, 160)
    sheet.write(65, 134, "产出")
    sheet.write(125, 114, "数量")
    sheet.write(245, 124, "1")
    (table,) = sheet.document().tables
    assert [_shape(cell) for cell in table.cells] == [
        (1, 1, 3, 1, "产出"),
        (1, 2, 1, 2, "数量"),
        (1, 4, 2, 1, "1"),
        (2, 2, 1, 2, ""),
        (3, 2, 1, 1, ""),
        (3, 3, 1, 1, ""),
        (3, 4, 1, 1, ""),
    ]


def test_tables_with_open_sides_have_their_outer_columns() -> None:
    """A form without lines on its left and right is as wide as its other lines."""
    sheet = Sheet()
    for y in (100, 120, 140):
        sheet.line(60, y, 300, y)
    sheet.line(180, 100, 180, 140)
    for y, texts in ((114, ("项目名称", "甲")), (134, ("预算数", "1.00"))):
        sheet.write(65, y, texts[0])
        sheet.write(185, y, texts[1])
    (table,) = sheet.document().tables
    assert _texts(table) == [["项目名称", "甲"], ["预算数", "1.00"]]


def test_underlined_text_and_shading_are_no_borders() -> None:
    """A line that leads nowhere bounds nothing, and neither does a coloured background."""
    sheet = Sheet()
    sheet.canvas.setFillGray(0.9)
    sheet.ink(60, 100, 180, 120)
    sheet.ink(66, 123, 150, 137)
    sheet.canvas.setFillGray(0)
    _draw_table(sheet, [["项目名称", "甲"], ["预算数", "1.00"]])
    sheet.ink(65, 115.6, 105, 116.2)
    sheet.line(185, 136, 205, 136)
    sheet.line(60, 300, 200, 300)
    (table,) = sheet.document().tables
    assert _texts(table) == [["项目名称", "甲"], ["预算数", "1.00"]]


def test_a_frame_around_a_table_only_arranges_it() -> None:
    """As in Word: the text in the frame stands before the table inside it; a box to tick is part of its cell."""
    sheet = Sheet()
    sheet.frame(40, 40, 500, 400)
    sheet.write(60, 80, "申报表")
    _draw_table(sheet, [["项目名称", "甲"], ["是否重点", "√"]])
    sheet.frame(184, 124, 195, 135)
    (table,) = sheet.document().tables
    assert _texts(table) == [["项目名称", "甲"], ["是否重点", "√"]]
    assert [line.text for line in table.before] == ["申报表"]


def _turned_page() -> Sheet:
    sheet = Sheet()
    sheet.canvas.translate(sheet.WIDTH, 0)
    sheet.canvas.rotate(90)
    sheet.canvas.translate(0, -sheet.HEIGHT + sheet.WIDTH)
    return sheet


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pages_that_lie_on_their_side_are_read_upright(rotation: int) -> None:
    """Whether the page is turned, its content, or both: the text says which way is up."""
    sheet = _turned_page()
    sheet.canvas.setPageRotation(rotation)
    _draw_table(sheet, _GRID)
    (table,) = sheet.document().tables
    assert _texts(table) == _GRID


def test_a_label_that_runs_upwards_is_read() -> None:
    """Narrow merged cells print their label turned by a quarter."""
    sheet = Sheet()
    _draw_table(sheet, [["", "数量指标", "1"], ["合计", "质量指标", "2"]])
    sheet.canvas.saveState()
    sheet.canvas.translate(90, sheet.HEIGHT - 119)
    sheet.canvas.rotate(90)
    sheet.canvas.setFont(_FONT, 5)
    sheet.canvas.drawString(0, 0, "产出")
    sheet.canvas.restoreState()
    (table,) = sheet.document().tables
    assert _texts(table)[0] == ["产出", "数量指标", "1"]


def test_text_along_the_margin_is_a_line_of_its_own() -> None:
    """The line to bind at is printed upwards beside the form and disturbs nothing."""
    sheet = Sheet()
    sheet.canvas.saveState()
    sheet.canvas.translate(30, 300)
    sheet.canvas.rotate(90)
    sheet.canvas.setFont(_FONT, 10)
    sheet.canvas.drawString(0, 0, "装订线内不得填写")
    sheet.canvas.restoreState()
    sheet.write(60, 80, "项目支出绩效目标表")
    _draw_table(sheet, _GRID)
    sheet.write(60, 200, "一" * 45 + "，")
    sheet.write(60, 215, "二三四五六。")
    document = sheet.document()
    assert _texts(document.tables[0]) == _GRID
    assert [line.text for line in document.lines] == [
        "项目支出绩效目标表",
        "一" * 45 + "，二三四五六。",
        "装订线内不得填写",
    ]


def test_what_lies_outside_the_cropped_page_is_not_there() -> None:
    """Printers' notes stand outside the page that is shown."""
    sheet = Sheet()
    sheet.canvas.setCropBox((50, 400, 550, 800))
    _draw_table(sheet, _GRID)
    sheet.write(60, 20, "裁切线以外")
    sheet.write(60, 700, "看不见的文字")
    document = sheet.document()
    assert _texts(document.tables[0]) == _GRID
    assert document.lines == ()


def test_text_that_is_drawn_twice_is_read_once() -> None:
    """Some programs print bold by printing twice, a little aside."""
    sheet = Sheet()
    _draw_table(sheet, _GRID)
    for row, texts in enumerate(_GRID):
        for column, text in enumerate(texts):
            sheet.write(_LEFT + column * _WIDE + 5.4, _TOP + row * _HIGH + 14.2, text)
    (table,) = sheet.document().tables
    assert _texts(table) == _GRID


def test_a_watermark_is_a_line_once_and_in_no_cell() -> None:
    """What stands aslant over each page belongs to none of its cells."""
    sheet = Sheet()
    for _ in range(2):
        sheet.canvas.saveState()
        sheet.canvas.translate(150, sheet.HEIGHT - 200)
        sheet.canvas.rotate(45)
        sheet.write(0, sheet.HEIGHT, "内部资料", size=40)
        sheet.canvas.restoreState()
        _draw_table(sheet, _GRID)
        sheet.next_page()
    first, second = sheet.document().tables
    assert _texts(first) == _texts(second) == _GRID
    assert [line.text for line in (*first.before, *second.before)] == ["内部资料"]


def test_clipped_text_belongs_to_the_cell_it_shows_in() -> None:
    """A printed sheet hides what a cell has no room for; it is still there, over the neighbours."""
    sheet = Sheet()
    _draw_table(sheet, [["甲", "乙"], ["", "丁"]])
    sheet.canvas.saveState()
    path = sheet.canvas.beginPath()
    path.rect(61, sheet.HEIGHT - 139, 118, 18)
    sheet.canvas.clipPath(path, stroke=0)
    for row, text in enumerate(["一段文字", "分成三行", "放不下的"]):
        sheet.write(65, 114 + 20 * row, text)
    sheet.canvas.restoreState()
    (table,) = sheet.document().tables
    assert [_squeezed(cell.text) for cell in table.cells] == ["甲", "乙", "一段文字分成三行放不下的", "丁"]


def test_texts_printed_over_each_other_are_never_mixed() -> None:
    """Where a row is too low, the text of the next one may be printed into it; the words of each stay together."""
    sheet = Sheet()
    _draw_table(sheet, [["项目名称", "(31)部门预算"], ["预算数", "1.00"]])
    sheet.write(187, 115, "(433)供销合作社")
    assert sheet.document().tables[0].cells[1].text == "(31)部门预算\n(433)供销合作社"


@pytest.mark.parametrize(
    "text", ["项　目", "334人", "2025年6月底前", "8 万元/队/年", "Evaluation Warning", "甘财 [2022] 78 号"]
)
def test_blanks_are_those_that_are_printed(text: str) -> None:
    """Wide ones, narrow ones, and none where figures only stand beside Chinese."""
    sheet = Sheet()
    _draw_table(sheet, [["项目名称", text], ["预算数", "1.00"]])
    assert sheet.document().tables[0].cells[1].text == text


# --- over pages -------------------------------------------------------------------------------------------


_HEADER = ["一级指标", "三级指标", "指标值"]
_ROWS = [[f"指标{number}", f"名称{number}", f"≥{number}%"] for number in range(70)]
_PER_PAGE = 35


def _long_table(sheet: Sheet, *, header: bool) -> None:
    head = [_HEADER] if header else []
    rows = [_HEADER, *_ROWS] if not header else _ROWS
    per_page = _PER_PAGE - len(head)
    for start in range(0, len(rows), per_page):
        sheet.write(60, 50, "某某局2025年部门预算")
        sheet.write(290, 825, f"— {start // per_page + 3} —")
        _draw_table(sheet, [*head, *rows[start : start + per_page]], top=80)
        sheet.next_page()


@pytest.mark.parametrize("header", [True, False])
def test_a_table_over_pages_is_one_table(header: bool) -> None:
    """Headers that each page repeats, running heads and page numbers are not part of it."""
    sheet = Sheet()
    _long_table(sheet, header=header)
    document = sheet.document()
    (table,) = document.tables
    assert _texts(table) == [_HEADER, *_ROWS]
    assert [line.text for line in document.lines] == ["某某局2025年部门预算"]
    pages = [cell.place.page for cell in table.cells if cell.column == 1]
    assert pages == [1] * 35 + ([2] * 34 + [3] * 2 if header else [2] * 35 + [3])


_FORM = ["项目名称", "主管部门", "预算数", "绩效目标"]


def _form(sheet: Sheet, name: str, rows: int) -> None:
    values = [name, "某某局", "1.00", "完成任务", *["略"] * rows]
    labels = [*_FORM, *(f"附注{number}" for number in range(rows))]
    _draw_table(sheet, [list(row) for row in zip(labels, values, strict=True)], top=60)
    sheet.next_page()


@pytest.mark.parametrize("rows", [0, 33])
def test_forms_that_follow_each_other_stay_apart(rows: int) -> None:
    """Neither forms that leave room on their page nor forms that fill it go on with the next one."""
    sheet = Sheet()
    for name in ("甲", "乙", "丙"):
        _form(sheet, name, rows)
    tables = sheet.document().tables
    assert [table.cells[1].text for table in tables] == ["甲", "乙", "丙"]
    assert [table.page for table in tables] == [1, 2, 3]


def test_a_heading_that_counts_up_is_no_page_number() -> None:
    """附件1, 附件2 on top of each page are headings; 1, 2 at the foot are page numbers."""
    sheet = Sheet()
    for number in (1, 2, 3):
        sheet.write(60, 45, f"附件{number}")
        sheet.write(295, 825, str(number))
        _form(sheet, "甲乙丙"[number - 1], 3)
    document = sheet.document()
    assert [line.text for line in document.lines] == ["附件1", "附件2", "附件3"]
    assert [[line.text for line in table.before] for table in document.tables] == [
        ["附件1"],
        ["附件2"],
        ["附件3"],
    ]


def test_a_title_that_each_form_repeats_stays_with_each_form() -> None:
    """What stands on top of every page is a running head only where no table begins."""
    sheet = Sheet()
    for name in ("甲", "乙", "丙"):
        sheet.write(220, 45, "项目支出绩效目标表（2025年度）")
        _form(sheet, name, 3)
    before = [[line.text for line in table.before] for table in sheet.document().tables]
    assert before == [["项目支出绩效目标表（2025年度）"]] * 3


def test_a_line_at_the_same_place_of_two_pages_is_not_lost() -> None:
    """Below a title of its own, the unit above each form is no running head."""
    sheet = Sheet()
    for name in ("甲", "乙"):
        sheet.write(220, 30, f"{name}绩效目标表")
        sheet.write(60, 50, "203001某某局本级")
        _form(sheet, name, 3)
    before = [[line.text for line in table.before] for table in sheet.document().tables]
    assert before == [["甲绩效目标表", "203001某某局本级"], ["乙绩效目标表", "203001某某局本级"]]


_HEADS = [["项目名称", "湿地保护", "", ""], ["一级指标", "二级指标", "三级指标", "指标值"]]
_UNDER = [["产出指标", "数量指标", "监测样点", "≥40个"], ["", "质量指标", "合格率", "≥95%"]]


def _two_pages(above: list[list[str]], below: list[list[str]]) -> Document:
    """Return a document of two pages, of which the first has room for much more."""
    sheet = Sheet()
    _draw_table(sheet, above, top=60)
    sheet.next_page()
    _draw_table(sheet, below, top=60)
    return sheet.document()


def test_a_header_at_the_foot_of_a_page_heads_the_next_page() -> None:
    """However much room it leaves, it heads the rows that stand overleaf."""
    (table,) = _two_pages(_HEADS, _UNDER).tables
    assert _texts(table) == [*_HEADS, *_UNDER]
    assert [cell.place.page for cell in table.cells if cell.column == 4] == [1, 1, 2, 2]


def test_a_caption_at_the_foot_of_a_page_heads_the_next_page() -> None:
    """A row as wide as the table that asks for goals has them overleaf, and the indicators below."""
    sheet = Sheet()
    _draw_table(sheet, _HEADS[:1], top=60)
    _stroked(sheet, _LEFT, 80, _LEFT + 4 * _WIDE, 100)
    sheet.write(_LEFT + 5, 94, "绩效目标")
    sheet.next_page()
    _stroked(sheet, _LEFT, 60, _LEFT + 4 * _WIDE, 80)
    sheet.write(_LEFT + 5, 74, "保护湿地")
    _draw_table(sheet, [*_HEADS[1:], *_UNDER], top=80)
    (table,) = sheet.document().tables
    assert [cell.text for cell in table.cells if cell.colspan == 4] == ["绩效目标", "保护湿地"]
    assert _texts(table)[-3:] == [*_HEADS[1:], *_UNDER]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (_HEADS, _HEADS[:1]),
        (_HEADS, [["主管部门", "林业局", "", ""]]),
        (_HEADS[:1], _UNDER),
        ([["项目名称", "湿地保护", "主管部门", "预算数"]], _UNDER),
    ],
)
def test_what_heads_nothing_overleaf_stays_on_its_page(
    above: list[list[str]], below: list[list[str]]
) -> None:
    """Below a header stand rows and no labels; a label and its value head nothing."""
    assert [_texts(table) for table in _two_pages(above, below).tables] == [above, below]


def test_a_row_that_a_page_end_cuts_is_one_row() -> None:
    """Text that had no room goes on in the same cells overleaf."""
    sheet = Sheet()
    filler = [[f"标签{number}", "内容"] for number in range(35)]
    _draw_table(sheet, [*filler, ["绩效目标", "一二三四五六七八九十一"]], top=60)
    sheet.next_page()
    _draw_table(sheet, [["", "二三四五六"], ["联系人", "张三"]], top=60)
    (table,) = sheet.document().tables
    assert _texts(table)[-2:] == [["绩效目标", "一二三四五六七八九十一二三四五六"], ["联系人", "张三"]]
    assert table.rows == 37


def test_a_merged_cell_goes_on_overleaf() -> None:
    """A level that is printed once covers the rows of the next page too."""
    sheet = Sheet()
    rows = [["产出指标" if number == 0 else "", f"名称{number}", "1"] for number in range(37)]
    for start in (0, 36):
        part = rows[start : start + 36]
        _draw_table(sheet, [row[1:] for row in part], top=60, left=_LEFT + _WIDE)
        _stroked(sheet, _LEFT, 60, _LEFT + _WIDE, 60 + _HIGH * len(part))
        if start == 0:
            sheet.write(_LEFT + 5, 74, "产出指标")
        sheet.next_page()
    (table,) = sheet.document().tables
    assert _shape(table.cells[0]) == (1, 1, 37, 1, "产出指标")
    assert len(table.cells) == 1 + 2 * 37


# --- without lines ----------------------------------------------------------------------------------------


def _columns(sheet: Sheet, rows: list[tuple[str, ...]], top: float = 100.0, pitch: float = 18.0) -> None:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                sheet.write(60 + column * 110, top + row * pitch, text)


def test_text_in_columns_is_a_table_where_it_is_beyond_doubt() -> None:
    """Every line fills the columns that the first line opens."""
    rows = [
        ("一级指标", "三级指标", "指标值"),
        ("产出指标", "培训人数", "334人"),
        ("产出指标", "合格率", "≥95%"),
        ("效益指标", "满意度", "≥90%"),
    ]
    sheet = Sheet()
    sheet.write(60, 60, "项目绩效目标表")
    _columns(sheet, rows)
    sheet.write(60, 220, "说明：以上为年度指标。")
    document = sheet.document()
    (table,) = document.tables
    assert _texts(table) == [list(row) for row in rows]
    assert [line.text for line in table.before] == ["项目绩效目标表"]
    assert [line.text for line in document.after] == ["说明：以上为年度指标。"]


_DOUBTFUL: Mapping[str, list[tuple[str, ...]]] = {
    "a column is missing in the middle, perhaps a cell goes on": [
        ("一级指标", "三级指标", "指标值"),
        ("产出指标", "培训人数", "334人"),
        ("", "合格率", ""),
        ("效益指标", "满意度", "≥90%"),
    ],
    "a text reaches over two columns": [
        ("一级指标", "三级指标", "指标值"),
        ("产出指标", "从第二列一直写到第三列去的文字", ""),
        ("效益指标", "满意度", "≥90%"),
        ("效益指标", "满意度", "≥90%"),
    ],
    "two columns occur by chance": [("经费甲", "3"), ("经费乙", "4"), ("经费丙", "5"), ("经费丁", "6")],
    "two rows are too few": [("一级指标", "三级指标", "指标值"), ("产出指标", "培训人数", "334人")],
}


@pytest.mark.parametrize("why", _DOUBTFUL)
def test_doubtful_columns_stay_lines(why: str) -> None:
    """Nothing is guessed, and no text is lost."""
    sheet = Sheet()
    _columns(sheet, _DOUBTFUL[why])
    document = sheet.document()
    assert document.tables == ()
    told = "".join(_squeezed(line.text) for line in document.lines)
    assert told == "".join(text for row in _DOUBTFUL[why] for text in row)


def test_contents_lists_keep_their_page_numbers() -> None:
    """Dots that lead to a number stand for a tabulator; each entry is a line."""
    sheet = Sheet()
    for row, (title, page) in enumerate([("一、总体绩效目标", 2), ("二、分项绩效目标", 14)]):
        dots = "." * round((440 - 10 * len(title)) / 2.5)
        sheet.write(60, 100 + 18 * row, f"{title}{dots}{page}")
    assert [line.text for line in sheet.document().lines] == ["一、总体绩效目标\t2", "二、分项绩效目标\t14"]


# --- what cannot be read ----------------------------------------------------------------------------------


def _written(**options: object) -> bytes:
    sheet = Sheet(**options)
    _draw_table(sheet, _GRID)
    return sheet.bytes()


def _scanned() -> bytes:
    scanned = io.BytesIO()
    Image.new("L", (300, 400), color=255).save(
        scanned, "PDF", save_all=True, append_images=[Image.new("L", (9, 9))]
    )
    return scanned.getvalue()


def _stamped() -> bytes:
    sheet = Sheet()
    sheet.canvas.drawInlineImage(Image.new("L", (60, 80), color=200), 50, 50, 500, 700)
    sheet.write(280, 820, "— 1 —")
    return sheet.bytes()


def _outlined() -> bytes:
    sheet = Sheet()
    for number in range(200):
        sheet.line(60, 100 + number, 70 + number, 110)
    return sheet.bytes()


def _assembled(*objects: bytes) -> bytes:
    """Return a PDF of objects numbered from 1, of which the first is the catalogue; its table is left out."""
    body = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, item) for number, item in enumerate(objects, start=1)
    )
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def _page(content: bytes, resources: bytes = b"<<>>", *more: bytes) -> bytes:
    return _assembled(
        _CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources %s>>" % resources,
        _stream(content),
        *more,
    )


def _pages(count: int) -> bytes:
    return _assembled(
        _CATALOGUE,
        b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>" % (b"3 0 R " * count, count),
        b"<</Type/Page/Parent 2 0 R>>",
    )


_HELVETICA = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
_NAMELESS = (
    b"<</Font<</F<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+X/Encoding/Identity-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/ABCDEF+X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+X/Flags 4>>>>]>>>>>>"
)


def _dense_page() -> bytes:
    lines = b"".join(b"BT /F 1 Tf 10 %d Td (%s) Tj ET\n" % (row, b"9" * 500) for row in range(100, 100 + 110))
    return _page(lines, _HELVETICA)


def _drawing() -> bytes:
    return _page(b"0 0 m 9 9 l S\n" * (limits.PAGE_OBJECTS + 1))


def _grid(columns: int, rows: int) -> bytes:
    upright = b"".join(b"%d 0 m %d %d l S\n" % (12 * x, 12 * x, 12 * rows) for x in range(columns + 1))
    across = b"".join(b"0 %d m %d %d l S\n" % (12 * y, 12 * columns, 12 * y) for y in range(rows + 1))
    page = _page(upright + across + b"BT /F 9 Tf 2 2 Td (1) Tj ET\n", _HELVETICA)
    return page.replace(b"[0 0 595 842]", b"[0 0 14400 14400]")


def _nested_drawings() -> bytes:
    """Seven drawings, each eight times the next: 262,144 lines."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
    inner = [
        _stream(b"/N Do\n" * 8, form + b"/Resources<</XObject<</N %d 0 R>>>>" % (number + 1))
        for number in range(5, 10)
    ]
    return _page(b"/N Do\n" * 8, b"<</XObject<</N 5 0 R>>>>", *inner, _stream(b"0 0 m 9 9 l S\n", form))


class Bad(NamedTuple):
    """A PDF that cannot be read, the error it gives, and words that its message has."""

    name: str
    make: Callable[[], bytes]
    error: type[loader.LoaderError]
    says: str


BAD = (
    Bad("scanned", _scanned, loader.ScannedDocument, r"\(2\) are pictures without text; .*\(OCR\)"),
    Bad("scanned with page numbers", _stamped, loader.ScannedDocument, r"\(1\) are pictures without text"),
    Bad("text as outlines", _outlined, loader.ScannedDocument, r"pictures without text"),
    Bad(
        "fonts without characters",
        lambda: _page(b"BT /F 9 Tf 60 700 Td <00410042004300440045> Tj ET", _NAMELESS),
        loader.ScannedDocument,
        r"do not say which characters they print \(5 of 5",
    ),
    Bad("an empty page", lambda: _pages(1), loader.EmptyDocument, r"pages of the PDF \(1\) are empty"),
    Bad(
        "a password",
        lambda: _written(encrypt=StandardEncryption("geheim", canPrint=1)),
        loader.EncryptedDocument,
        "protected by a password",
    ),
    Bad("a header alone", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", loader.DamagedDocument, "PDF is cut off"),
    Bad("the first half", lambda: _written()[:700], loader.DamagedDocument, "cut off or damaged"),
    Bad("no pages at all", lambda: _pages(0), loader.LoaderError, "PDF"),
    Bad("10,000 pages", lambda: _pages(10_000), loader.UnsafeDocument, r"10,000 pages, more than the 2,000"),
    Bad(
        "a page of 55,000 digits",
        _dense_page,
        loader.UnsafeDocument,
        r"page 1 .* more than 50,000 characters",
    ),
    Bad("a drawing of 200,001 lines", _drawing, loader.UnsafeDocument, r"page 1 .* 200,000 drawn objects"),
    Bad(
        "a table of 1,100 columns",
        lambda: _grid(1100, 2),
        loader.UnsafeDocument,
        r"page 1 has more than 1,024 columns",
    ),
    Bad(
        "a table of 120,000 boxes",
        lambda: _grid(400, 300),
        loader.UnsafeDocument,
        r"page 1 has more than 100,000 cells",
    ),
    Bad("drawings in drawings", _nested_drawings, loader.UnsafeDocument, r"200,000 drawn objects"),
)


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_what_cannot_be_read_is_refused_with_a_message_that_says_why(bad: Bad) -> None:
    """Each gives its own error, soon and in bounded memory."""
    data = bad.make()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(bad.error, match=bad.says):
        read(data)
    assert time.process_time() - began < 300
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 * 1024  # KiB


def test_all_kinds_of_bad_files_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(BAD) == 15


def test_two_thousand_pages_are_read_in_bounded_time_and_memory() -> None:
    """The longest document that is taken: each page has a table of its own."""
    lines = [(60, 700 + 20 * step, 300, 700 + 20 * step) for step in range(4)]
    lines += [(60 + 80 * step, 700, 60 + 80 * step, 760) for step in range(4)]
    table = b"".join(b"%d %d m %d %d l S\n" % line for line in lines)
    places = [(65 + 80 * (number % 3), 706 + 20 * (number // 3)) for number in range(9)]
    texts = b"".join(b"BT /F 9 Tf %d %d Td (12) Tj ET\n" % place for place in places)
    one = _page(table + texts, _HELVETICA)
    long = one.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[%s]/Count 2000" % (b"3 0 R " * 2000))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert len(read(long).tables) == 2000
    assert time.process_time() - began < 600
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 * 1024  # KiB


def test_a_file_that_only_forbids_changes_is_read() -> None:
    """Many offices forbid copying; who publishes a table wants it read."""
    data = _written(encrypt=StandardEncryption("", ownerPassword="geheim", canCopy=0))
    assert _texts(read(data).tables[0]) == _GRID


def test_the_mark_of_a_pdf_may_come_late() -> None:
    """Some servers write lines before it; the standard lets it stand within the first 1,024 bytes."""
    data = b"Content-Type: application/pdf\r\n\r\n" + _written()
    assert _texts(read(data).tables[0]) == _GRID


_WHOLE = _written()


def _mutations(whole: bytes) -> st.SearchStrategy[bytes]:
    """Make files in which some bytes are changed, lost or said twice."""
    change = st.tuples(
        st.integers(0, len(whole) - 1), st.sampled_from(["set", "cut", "copy"]), st.integers(1, 255)
    )
    return st.lists(change, min_size=1, max_size=12).map(lambda changes: _mutated(whole, changes))


def _mutated(whole: bytes, changes: list[tuple[int, str, int]]) -> bytes:
    data = bytearray(whole)
    for place, kind, value in changes:
        if kind == "set":
            data[place : place + 1] = bytes([value])
        elif kind == "cut":
            del data[place : place + value]
        else:
            data[place:place] = data[place : place + value]
    return bytes(data)


def _told(data: bytes) -> str:
    """Return what a file says: its texts, or why it cannot be read. Any other error is one of the reader."""
    try:
        document = read(data)
    except loader.UnreadableDocument as refused:
        return str(refused)
    cells = (cell.text for table in document.tables for cell in table.cells)
    return "".join((*cells, *(line.text for line in document.lines)))


_FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(_mutations(_WHOLE) | st.binary(max_size=400).map(lambda tail: b"%PDF-1.4\n" + tail))
@_FEW
def test_whatever_bytes_never_crash_the_reader(data: bytes) -> None:
    """A file is read, or refused with an error of the loader."""
    assert _told(data)


@given(st.data())
@settings(_FEW, max_examples=20)
def test_damaged_real_files_never_crash_the_reader(printed: Mapping[str, Path], data: st.DataObject) -> None:
    """What LibreOffice wrote is packed in streams: damage shows up late."""
    whole = printed["130202-205-2024"].with_suffix(".pdf").read_bytes()
    assert _told(data.draw(_mutations(whole)))


_NUMBERS = [b"0", b"1", b"-5", b"60", b"700", b"0.001", b"1e9", b"-99999999", b"2147483648", b"."]
_OPERATORS = [b"m", b"l", b"re", b"cm", b"Td", b"Tm", b"TL", b"Tz", b"Tc", b"w"]


@given(
    st.lists(
        st.tuples(st.sampled_from(_OPERATORS), st.lists(st.sampled_from(_NUMBERS), max_size=6)), max_size=20
    )
)
@_FEW
def test_whatever_coordinates_never_crash_the_reader(operators: list[tuple[bytes, list[bytes]]]) -> None:
    """Infinite, tiny and turned text and lines are left out or read, never an error of arithmetic."""
    text = b" S BT /F 9 Tf 1 0 0 1 60 700 Tm (12) Tj ET\n"
    content = b"".join(b" ".join([*numbers, name]) + text for name, numbers in operators)
    assert _told(_page(b"q\n" + content + b"Q" + text, _HELVETICA))
