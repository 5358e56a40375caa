"""Readers turn bytes into tables of cells, alike for every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docx import Document as WordDocument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.readers.registry import read

if TYPE_CHECKING:
    from pathlib import Path

    from loader.model import Table


def _dump(rows: list[list[str]]) -> bytes:
    return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows).encode()


def _texts(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


def test_a_text_dump_has_one_cell_a_line_and_a_blank_line_after_each_row() -> None:
    """The form of the seed: a TAB before each cell."""
    (table,) = read(_dump([["项目名称", "甲"], ["预算数", "1.00"]])).tables
    assert _texts(table) == [["项目名称", "甲"], ["预算数", "1.00"]]


def test_blank_lines_inside_cells_do_not_cut_rows() -> None:
    """Rows under a header are cut by the number of header cells where blank lines lead astray."""
    header = ["一级指标", "二级指标", "三级指标", "指标值"]
    text = "".join(f"\t{cell}\n" for cell in header) + "\n"
    text += "\t产出\n\t数量\n\n\n\t人数\n\t1人\n\n"
    text += "\t效益\n\t社会\n\t影响\n\n\t好\n\n"
    text += "\t\n\t生态\n\t绿化\n\t2亩\n\n"
    text += "\t满意度\n\t服务对象\n\t满意度\n\t≥90%\n"
    (table,) = read(text.encode()).tables
    assert _texts(table)[1:] == [
        ["产出", "数量", "人数", "1人"],
        ["效益", "社会", "影响", "好"],
        ["", "生态", "绿化", "2亩"],
        ["满意度", "服务对象", "满意度", "≥90%"],
    ]


def test_a_second_line_belongs_to_its_cell_and_a_heading_to_the_next_table() -> None:
    """A line without a TAB goes on the cell above unless it stands alone."""
    text = "\t绩效目标\n\t1.甲\n2.乙\n\n 2.丙绩效目标表\n\t项目名称\n\t丙\n"
    first, second = read(text.encode()).tables
    assert [cell.text for cell in first.cells] == ["绩效目标", "1.甲\n2.乙"]
    assert [line.text for line in second.before] == ["2.丙绩效目标表"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding_that_occurs(encoding: str) -> None:
    """Nobody declares the encoding of a text file."""
    text = "\t项目名称\n\t村级组织运转经费\n\t预算数\n\t63.00\n"
    (table,) = read(text.encode(encoding)).tables
    assert [cell.text for cell in table.cells] == ["项目名称", "村级组织运转经费", "预算数", "63.00"]


def test_every_cell_of_a_text_dump_knows_its_line(seed: Path) -> None:
    """The line of a cell is where its text begins in the file."""
    data = (seed / "seed.txt").read_bytes()
    lines = data.decode().split("\n")
    cells = [cell for table in read(data).tables for cell in table.cells]
    assert len(cells) == 1359
    for cell in cells:
        assert cell.place.line is not None
        first = cell.text.split("\n")[0]
        assert first in lines[cell.place.line - 1]


_CELL_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)


@given(st.lists(st.lists(_CELL_TEXT, min_size=4, max_size=4), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_cells_a_dump_has_all_come_back(rows: list[list[str]]) -> None:
    """No text of a cell is lost or made up by reading a dump."""
    tables = read(b"x\n" + _dump(rows)).tables
    assert [text for table in tables for row in _texts(table) for text in row] == [
        c for row in rows for c in row
    ]


# --- Word: python-docx makes the file, and reads it as an oracle ----------------------------------------


def _word(path: Path, make: object) -> bytes:
    document = WordDocument()
    make(document)  # type: ignore[operator]
    document.save(str(path))
    return path.read_bytes()


def test_merged_cells_of_word_are_one_cell_with_its_spans(tmp_path: Path) -> None:
    """A cell merged over rows and columns has its origin and both spans."""

    def make(document: object) -> None:
        table = document.add_table(rows=3, cols=3)  # type: ignore[attr-defined]
        table.cell(0, 0).merge(table.cell(1, 1)).text = "合并"
        table.cell(2, 2).text = "末"

    (table,) = read(_word(tmp_path / "a.docx", make)).tables
    merged = table.cells[0]
    assert (merged.row, merged.column, merged.rowspan, merged.colspan, merged.text) == (1, 1, 2, 2, "合并")
    assert (table.rows, table.columns) == (3, 3)
    assert len(table.cells) == 6


def test_a_table_that_only_arranges_others_is_not_a_table(tmp_path: Path) -> None:
    """The text of a layout table stands before the tables inside it."""

    def make(document: object) -> None:
        outer = document.add_table(rows=1, cols=1)  # type: ignore[attr-defined]
        outer.cell(0, 0).text = "标题"
        inner = outer.cell(0, 0).add_table(rows=1, cols=2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "项目名称", "甲"

    (table,) = read(_word(tmp_path / "a.docx", make)).tables
    assert [cell.text for cell in table.cells] == ["项目名称", "甲"]
    assert [line.text for line in table.before] == ["标题"]


def test_word_tables_agree_with_python_docx_cell_by_cell(seed: Path) -> None:
    """Every grid position of the seed's 38 tables shows the text that python-docx finds there."""
    path = seed / "seed.docx"
    tables = read(path.read_bytes()).tables
    oracle = WordDocument(str(path)).tables
    assert len(tables) == len(oracle) == 38
    compared = 0
    for ours, theirs in zip(tables, oracle, strict=True):
        for cell in ours.cells:
            assert cell.text == theirs.cell(cell.row - 1, cell.column - 1).text.strip()
            compared += 1
    assert compared == 1256
