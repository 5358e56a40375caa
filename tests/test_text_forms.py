"""Tables come back from every form in which they arrive as text, or are reported: nothing is made up."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_texts import FORMS, with_lines

import loader
from loader.errors import UnsafeDocument
from loader.model import NoteKind
from loader.readers import limits
from loader.readers.registry import read as read_any
from loader.readers.text import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from written_texts import Rows

    from loader.model import Declaration, Disclosure, Document, Table

CASES = sorted(path for path in (Path(__file__).parent / "text_forms").iterdir() if path.is_dir())


def _told(document: Document) -> Iterator[list[str]]:
    """Yield what a document tells: its lines with only their place, and its cells."""
    for table in document.tables:
        yield from (["", "", "", "", "", str(line.place.line), line.text] for line in table.before)
        for cell in table.cells:
            numbers = (table.number, cell.row, cell.column, cell.rowspan, cell.colspan, cell.place.line)
            yield [*map(str, numbers), cell.text]
    yield from (["", "", "", "", "", str(line.place.line), line.text] for line in document.after)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_form_is_read_as_it_was_meant(case: Path) -> None:
    """Every cell with its place, its spans and its line; every other line of the text as a line."""
    with (case / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))[1:]
    assert list(_told(read((case / "source.txt").read_bytes()))) == expected


def test_all_forms_are_tried() -> None:
    """The folder of forms does not shrink in silence."""
    assert len(CASES) == 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_printed_is_lost(case: Path) -> None:
    """Every printed character of a text is in a cell or in a line."""
    source = (case / "source.txt").read_text(encoding="utf-8").replace("<br>", "").replace("\\|", "")
    document = read((case / "source.txt").read_bytes())
    told = "".join(text for *_, text in _told(document))
    separators = Counter("|#*+-\\")
    missing = _printed(source) - _printed(told)
    assert not set(missing) - set(separators)


def _printed(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


# --- the same tables in every form: written as the dumps of pages, sheets and documents write them --------------


def _indicators(document: Document) -> Counter[tuple[str, str]]:
    """Return name and value of each row under a header that prints both."""
    found: Counter[tuple[str, str]] = Counter()
    for table in document.tables:
        columns: dict[str, int] = {}
        rows: dict[int, dict[int, str]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, {})[cell.column] = " ".join(cell.text.split())
        for row in rows.values():
            labels = {text: column for column, text in row.items()}
            if {"三级指标", "指标值"} <= set(labels):
                columns = labels
            elif columns and "一级指标" in columns:
                found[row.get(columns["三级指标"], ""), row.get(columns["指标值"], "")] += 1
    return found


@pytest.mark.parametrize("name", FORMS)
def test_the_first_disclosure_is_the_same_in_every_form(name: str, seed: Path) -> None:
    """The seed's 122 indicators come back from each form, its merged cells gone, and no other does."""
    document = read_any((seed / "seed.docx").read_bytes())
    text = "".join(with_lines(table, FORMS[name]) for table in document.tables)
    expected = _indicators(document)
    assert sum(expected.values()) == 122
    assert _indicators(read(text.encode())) == expected


@pytest.mark.parametrize("name", FORMS)
def test_a_lost_cell_makes_no_value(name: str, seed: Path) -> None:
    """Where one line is missing from a dump, an indicator may be reported as lost; none gets another's value."""
    document = read_any((seed / "seed.docx").read_bytes())
    expected = _indicators(document)
    lines = "".join(with_lines(table, FORMS[name]) for table in document.tables[:8]).split("\n")
    below = [index for index, line in enumerate(lines) if line.strip() and not _near_header(lines, index)]
    tried = below[:: max(len(below) // 6, 1)][:6]
    assert len(tried) == 6
    for index in tried:
        damaged = "\n".join(lines[:index] + lines[index + 1 :])
        made_up = _indicators(read(damaged.encode())) - expected
        assert not [pair for pair in made_up if all(pair)]


def _near_header(lines: Sequence[str], index: int) -> bool:
    return any("指标值" in line or "三级指标" in line for line in lines[max(index - 8, 0) : index + 9])


# --- made tables ----------------------------------------------------------------------------------------------

_WORDS = st.text("养护道路清淤河道培训人员发放补助维修设备", min_size=2, max_size=9)
_VALUES = st.one_of(
    st.builds("≥{}%".format, st.integers(0, 100)),
    st.builds("{}公里".format, st.integers(1, 9999)),
    st.sampled_from(["有效提升", "合规", "及时", "12月底前"]),
)
_LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}


@st.composite
def _tables(draw: st.DrawFn) -> Rows:
    """Return the printed rows of a form: its project, a header, and rows whose merged levels are missing."""
    weighed = draw(st.booleans())
    rows = [["项目名称", draw(_WORDS) + "项目"], ["一级指标", "二级指标", "三级指标", "指标值"]]
    if weighed:
        rows[1].append("分值")
    for level1, kinds in _LEVELS.items():
        merged = [level1]
        for level2 in draw(st.lists(st.sampled_from(kinds), min_size=1, unique=True)):
            for name in draw(st.lists(_WORDS, min_size=1, max_size=3)):
                tail = [name, draw(_VALUES)] + ([str(draw(st.integers(1, 20)))] if weighed else [])
                rows.append([*merged, level2, *tail])
                merged, level2 = [], ""
                rows[-1] = [cell for cell in rows[-1] if cell]
    return rows


@pytest.mark.parametrize("name", FORMS)
@settings(deadline=None, max_examples=60)
@given(rows=_tables())
def test_whatever_rows_are_written_come_back(name: str, rows: Rows) -> None:
    """Each row of a made table is a row again, under its own levels, whatever the form."""
    width = len(rows[1])
    table = next(table for table in read(("绩效目标表\n\n" + FORMS[name](rows)).encode()).tables)
    grid = _grid(table)
    header = next(row for row, cells in grid.items() if cells.get(width) == rows[1][-1])
    body = [grid[row] for row in sorted(grid) if row > header]
    assert [[cells[column] for column in range(3, width + 1)] for cells in body] == [
        row[len(row) - width + 2 :] for row in rows[2:]
    ]
    assert [(cells[1], cells[2]) for cells in body] == list(_levels_of(rows[2:], width))


def _grid(table: Table) -> dict[int, dict[int, str]]:
    grid: dict[int, dict[int, str]] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            grid.setdefault(row, {})[cell.column] = cell.text
    return grid


def _levels_of(rows: Sequence[list[str]], width: int) -> Iterator[tuple[str, str]]:
    level1 = level2 = ""
    for row in rows:
        printed = row[: len(row) - width + 2]
        level1 = printed[0] if len(printed) == 2 else level1
        level2 = printed[-1] if printed else level2
        yield level1, level2


@pytest.mark.parametrize("name", FORMS)
@settings(deadline=None, max_examples=60)
@given(
    rows=_tables(),
    position=st.integers(0, 200),
    text=st.sampled_from(["", "甲", "≥3%", "数量指标", "项目名称"]),
)
def test_what_does_not_fit_is_told_as_text(name: str, rows: Rows, position: int, text: str) -> None:
    """One cell too many anywhere: every text that is printed still is in a cell or in a line."""
    row = rows[position % len(rows)]
    row.insert(position % (len(row) + 1), text)
    document = read(FORMS[name](rows).encode())
    told = "".join(text for *_, text in _told(document))
    assert not _printed("".join(cell for row in rows for cell in row)) - _printed(told)


@given(st.text(st.sampled_from("|｜ \t\n甲指标值一二三级产出数量≥9%表-:\\"), max_size=200))
@settings(deadline=None, max_examples=300)
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any mixture of separators and labels is read, and nothing printed is lost."""
    document = read(("项目名称 |\n" + text).encode())
    told = "".join(text for *_, text in _told(document))
    assert not set(_printed(text)) - set(_printed(told)) - set("|｜-:\\")


def test_a_text_of_too_many_cells_is_refused() -> None:
    """The message gives the number of cells and the limit."""
    with pytest.raises(UnsafeDocument, match=f"{limits.CELLS:,}"):
        read(b"a |\n" * limits.CELLS)


def test_a_row_of_too_many_columns_is_refused() -> None:
    """No published table is 2,000 columns wide."""
    row = "|".join(["项目名称", *map(str, range(2000))])
    with pytest.raises(UnsafeDocument, match="columns"):
        read(f"{row}\n{row}\n".encode())


@pytest.mark.parametrize(
    "times", ["前年 | 上年 | 预计当年实现", "2022年实际值 | 2023年实际值 | 2024年目标值"]
)
def test_a_second_line_of_blank_and_printed_labels_belongs_to_the_header(times: str) -> None:
    """What earlier years reached stands under labels of its own: it is not the target."""
    lines = (
        "| 项目名称 | 道路养护 | | | | | |",
        "| 一级指标 | 二级指标 | 三级指标 | 指标值 | | | 分值 |",
        f"| | | | {times} | |",
        "| 产出指标 | 数量指标 | 养护里程 | 80公里 | 90公里 | 100公里 | 10 |",
        "| | 质量指标 | 合格率 | 90% | 92% | 95% | 20 |",
    )
    (declaration,) = loader.convert("\n".join(lines).encode()).disclosure.declarations
    assert _raw(declaration) == [["100公里"], ["95%"]]


def _raw(declaration: Declaration) -> list[list[str]]:
    return [[target.reading.raw for target in each.targets] for each in declaration.indicators]


_ALL = [["80公里", "90公里", "100公里"], ["90%", "92%", "95%"]]


@pytest.mark.parametrize(
    ("title", "expected", "doubtful"),
    [
        ("2024年项目支出绩效目标表", [["100公里"], ["95%"]], []),
        ("2023年项目支出绩效目标表", [each[1:] for each in _ALL], [2024]),
        ("2025年项目支出绩效目标表", _ALL, [2022, 2023, 2024]),
        ("项目支出绩效目标表", _ALL, [2022, 2023, 2024]),
    ],
)
@pytest.mark.parametrize("label", ["{}", "{}年", "{}年度", "{}年指标值"])
@pytest.mark.parametrize("over", ["指标值 | | | 分值 |\n| | | | {} | |", "{} | 分值 |"])
def test_only_values_of_the_forms_year_are_targets(
    title: str, expected: list[list[str]], doubtful: list[int], label: str, over: str
) -> None:
    """Earlier years are set apart; where the form's year is not known or not among them, all stay with a note."""
    heads = [label.format(year) for year in (2022, 2023, 2024)]
    lines = (
        f"{title}\n",
        "| 项目名称 | 道路养护 | | | | | |",
        "| 一级指标 | 二级指标 | 三级指标 | " + over.format(" | ".join(heads)),
        "| 产出指标 | 数量指标 | 养护里程 | 80公里 | 90公里 | 100公里 | 10 |",
        "| | 质量指标 | 合格率 | 90% | 92% | 95% | 20 |",
    )
    disclosure = loader.convert("\n".join(lines).encode()).disclosure
    (declaration,) = disclosure.declarations
    assert _raw(declaration) == expected
    conflicts = [note.text for note in disclosure.notes if note.kind is NoteKind.CONFLICT]
    assert conflicts == [label.format(year) for year in doubtful]


# --- rows below one that is left out ----------------------------------------------------------------------------

_GROUPS = (
    "2025年项目绩效目标表",
    "项目名称 | 道路养护 |",
    "一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 |",
    "产出指标 | 数量指标 | 养护道路 | 12公里 | 30 |",
    "{} |",
    " |  | 带动增收 | ≥40元 | 10 |",
    " | 社会效益指标 | 受益人口 | ≥3万人 | 10 |",
    "满意度指标 | 服务对象满意度指标 | 村民满意度 | ≥90% | 10 |",
)


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (
            "效益指标 | 经济效益指标 | 带动就业 | ≥40人 | 20",
            ["养护道路", "带动就业", "带动增收", "受益人口", "村民满意度"],
        ),
        ("效益指标 | 经济效益指标 | 带动就业 | ≥40人", ["养护道路", "村民满意度"]),
        ("带动就业 | ≥40人", ["养护道路", "带动增收", "受益人口", "村民满意度"]),
    ],
)
def test_rows_of_a_group_whose_beginning_is_not_read_are_under_no_other(
    cells: str, read: Sequence[str]
) -> None:
    """A row that lacks a cell may begin a group; what leaves its level blank is reported as well."""
    disclosure = loader.convert("\n".join(_GROUPS).format(cells).encode()).disclosure
    (declaration,) = disclosure.declarations
    assert [each.name.text for each in declaration.indicators if each.name] == read
    told = {note.text for note in disclosure.notes if note.kind is NoteKind.UNREAD_CELL}
    assert {"带动就业", "带动增收", "受益人口"} - {*read} <= told


# --- the row of totals below the indicators of a stream --------------------------------------------------------

_EVALUATED = Path(__file__).parent / "text_forms" / "cell-bar-self-evaluation" / "source.txt"
_TOTAL = "总分 |\n|\n|\n|\n|\n100 |\n97.8 |\n优 |\n"
_NO_GRADE = None


@pytest.mark.parametrize(
    ("cells", "score", "grade"),
    [
        (("总分", "", "", "", "", "100", "97.8", "优"), "97.8", "excellent"),
        (("总分", "", "", "", "", "100", "97.8", ""), "97.8", _NO_GRADE),
        (("总分", "100", "97.8", "优"), "97.8", "excellent"),
        (("总分", "100", "97.8"), "97.8", _NO_GRADE),
        (("总分", "97.8", "优"), "97.8", "excellent"),
        (("总分", "97.8"), "97.8", _NO_GRADE),
    ],
)
def test_the_row_of_totals_gives_the_score(cells: Sequence[str], score: str, grade: str | None) -> None:
    """Its label alone, spanning the columns before the points, or with each blank cell printed."""
    evaluation = _evaluated(cells).evaluations[0]
    assert evaluation.score is not None
    assert (str(evaluation.score[0]), evaluation.grade) == (score, grade)


@pytest.mark.parametrize("cells", [("总分", "100", "60", "97.8"), ("总分", "100", "", "97.8")])
def test_totals_of_which_nobody_can_tell_the_columns_are_reported(cells: Sequence[str]) -> None:
    """More sums than columns of points, or sums that stand apart: none is taken for the score."""
    disclosure = _evaluated(cells)
    assert disclosure.evaluations[0].score is None
    assert [note.text for note in disclosure.notes] == [cell for cell in cells if cell]


def _evaluated(total: Sequence[str]) -> Disclosure:
    source = _EVALUATED.read_text(encoding="utf-8")
    assert _TOTAL in source
    written = "".join(f"{cell} |\n" if cell else "|\n" for cell in total)
    return loader.convert(source.replace(_TOTAL, written).encode()).disclosure


def test_amounts_that_are_not_all_printed_stand_under_no_head_that_is_guessed() -> None:
    """Nobody can tell which cell a row lacks: its source has no money, and the cells are reported."""
    source = _EVALUATED.read_text(encoding="utf-8")
    lacking = source.replace("45 |\n45 |\n44.1 |\n|\n", "45 |\n44.1 |\n|\n", 1)
    assert lacking != source
    disclosure = loader.convert(lacking.encode()).disclosure
    assert [each.source for each in disclosure.evaluations[0].executions] == [None]
    assert {"45", "44.1"} <= {note.text for note in disclosure.notes}
