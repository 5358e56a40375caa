"""Forms that hypothesis draws, laid out as oddly as published ones: what they say is kept right, or reported."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from made_forms import (
    SPELLINGS,
    Fact,
    Form,
    Indicator,
    Layout,
    Value,
    documents,
    facts,
    layouts,
    printed,
)
from written_tables import as_page, as_word, as_workbook, stacked
from written_texts import FORMS, with_lines

import loader
from loader.model import NoteKind, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from loader.model import Declaration, Disclosure, Printed, Quote, Table

_REPORTED: Final = (NoteKind.UNREAD_CELL, NoteKind.SKIPPED_TABLE)


def bare(text: str) -> str:
    """Return a text without blanks and full width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


# --- what was read ---------------------------------------------------------------------------------------------


def read_facts(disclosure: Disclosure) -> Iterator[Fact]:
    """Yield what was read, in the words of what was drawn."""
    for declaration in disclosure.declarations:
        name = _said(declaration.name)
        if declaration.code is not None:
            yield Fact(name, "code", "", _said(declaration.code))
        if declaration.unit is not None:
            yield Fact(name, "unit", "", bare(f"{declaration.unit.code or ''}{declaration.unit.name}"))
        yield from _money(name, declaration)
        yield from (Fact(name, "goal", "", bare(goal.text)) for goal in declaration.goals)
        yield from (Fact(name, "plan", str(each.month), f"{each.percent}") for each in declaration.milestones)
        yield from _indicators(name, declaration)


def _money(name: str, declaration: Declaration) -> Iterator[Fact]:
    amounts = {"budget": declaration.budget}
    amounts |= {fund.source.rpartition("/")[2]: fund.amount for fund in declaration.funds}
    for about, amount in amounts.items():
        if amount is not None and amount.declared is not None:
            assert amount.yuan == amount.declared * 10_000
            yield Fact(name, "money", about, f"{amount.declared:.2f}")


def _indicators(name: str, declaration: Declaration) -> Iterator[Fact]:
    for indicator in declaration.indicators:
        about = _said(indicator.name)
        for kind in ("level1", "level2", "description", "basis"):
            said = _said(getattr(indicator, kind))
            yield from [Fact(name, kind, about, said)] if said else []
        if indicator.weight is not None:
            yield Fact(name, "weight", about, f"{indicator.weight[0]}")
        for target in indicator.targets:
            yield Fact(name, "value", about, bare(target.reading.raw))
            if isinstance(target.reading, Quantity):
                yield Fact(name, "number", about, f"{target.reading.number:f}")


def _said(printed: Printed | None) -> str:
    return "" if printed is None else bare(printed.text)


# --- what must hold --------------------------------------------------------------------------------------------


def assert_kept_or_reported(data: bytes, made: Sequence[Form], layout: Layout) -> None:
    """Convert a document of some forms, and hold what was read and reported against what was drawn."""
    conversion = loader.convert(data)
    assert loader.convert(data).nquads == conversion.nquads
    disclosure = conversion.disclosure
    drawn = {fact._replace(said=bare(fact.said)) for form in made for fact in facts(form, layout)}
    read = set(read_facts(disclosure))
    assert sorted(read - drawn) == [], "nothing is there that was not drawn"
    reported = [bare(note.text) for note in disclosure.notes if note.kind in _REPORTED]
    skipped = [bare(cell.text) for table in _skipped(disclosure) for cell in table.cells]
    lost = [fact for fact in sorted(drawn - read) if not _is_told(fact, (*reported, *skipped))]
    assert lost == [], "every value is kept, or reported as not read"
    assert_quoted(disclosure)
    assert disclosure.cells.total == sum(len(reading.table.cells) for reading in disclosure.tables)


def _is_told(fact: Fact, reported: tuple[str, ...]) -> bool:
    """Return whether a fact that was not read is reported; a value in three cells may be so in parts."""
    return any(fact.said in text or (text and text in fact.said) for text in reported)


def _skipped(disclosure: Disclosure) -> list[Table]:
    return [reading.table for reading in disclosure.tables if reading.layout is None]


def assert_quoted(disclosure: Disclosure) -> None:
    """Hold that every number stands in the cells it is quoted from."""
    cells = {
        (reading.table.number, cell.row, cell.column): cell.text
        for reading in disclosure.tables
        for cell in reading.table.cells
    }

    def told(*quotes: Quote | None) -> str:
        return bare("".join(cells[each.table, each.row, each.column] for each in quotes if each)).replace(
            ",", ""
        )

    for declaration in disclosure.declarations:
        for money in (declaration.budget, *(fund.amount for fund in declaration.funds)):
            assert money is None or money.declared is None or f"{money.declared:.2f}" in told(money.quote)
        for node in declaration.milestones:
            assert f"{node.percent}%" in told(*node.quotes)
        for target in (target for indicator in declaration.indicators for target in indicator.targets):
            if isinstance(target.reading, Quantity):
                assert f"{target.reading.number:f}" in told(*target.quotes)


# --- in each format --------------------------------------------------------------------------------------------


def as_text(tables: Sequence[Table], *, form: str) -> bytes:
    """Return the tables in one of the forms of text, a blank cell for each one that is merged."""
    return "".join(with_lines(table, FORMS[form], blank_where_merged=True) for table in tables).encode()


ROW_ON_EACH_LINE: Final = ("a row of bars on each line", "a row of TABs on each line")
"""The forms of text that say where rows and cells end. In the others one document with blank cells may be read as two
different ones; what is promised for them stands in tests/text_forms."""

WRITTEN: Final[Mapping[str, Callable[[list[Table]], bytes]]] = {
    "docx": as_word,
    "docx, one table": lambda tables: as_word([stacked(tables)]),
    "xlsx": lambda tables: as_workbook([tables]),
    "xlsx, unruled": lambda tables: as_workbook([tables], ruled=False),
    "html": as_page,
    **{f"text, {form}": partial(as_text, form=form) for form in ROW_ON_EACH_LINE},
}


# --- what drawing found once --------------------------------------------------------------------------------------


def _form_of(*of_each: tuple[str, str]) -> Form:
    """Return a form of indicators of these levels that says the least there is to say."""
    phrase = Value(phrase="有效提升")
    indicators = (
        Indicator(*levels, name, phrase, f"{name}的情况", "工作计划", "1")
        for name, levels in zip(
            ("养护道路", "清淤河道", "培训人员", "发放补助", "维修设备"), of_each, strict=False
        )
    )
    return Form(
        name="道路养护项目",
        code="13020225P00000000000K",
        unit_code="203001",
        unit_name="某某区教育局本级",
        budget="1.00",
        fiscal="1.00",
        plan=((3, 0), (6, 0), (10, 0), (12, 0)),
        goal="养护道路，保障工作正常运转。",
        indicators=tuple(indicators),
    )


_NUMBER = ("产出指标", "数量指标")
_QUALITY = ("产出指标", "质量指标")
_ECONOMY = ("效益指标", "经济效益指标")
_SOCIETY = ("效益指标", "社会效益指标")
_PLAIN: Final = Layout(
    wide=False,
    labels=tuple((field, spellings[0]) for field, spellings in SPELLINGS.items()),
    blocks=("unit", "code", "name", "money", "plan", "goal"),
    columns=("level1", "level2", "name", "value"),
    merges="merged",
    value_apart=False,
    without_head="",
    piece=0,
    goes_on=False,
    head_again=False,
    between="",
    below=(),
    noise="none",
)
_HEADER_AGAIN_OVER_NAMES_WITHOUT_A_HEAD: Final = example(
    made=[_form_of(_NUMBER, _NUMBER, _NUMBER)],
    layout=replace(_PLAIN, without_head="name", piece=1, goes_on=True, head_again=True),
)
_GROUP_AND_THE_NEXT_ONE_BELOW_A_PAGE_END: Final = example(
    made=[_form_of(_NUMBER, _NUMBER, _NUMBER, _NUMBER, _QUALITY)],
    layout=replace(_PLAIN, piece=3, goes_on=True, between="续表"),
)
_LEVEL_WITHOUT_A_HEAD_RIGHT_OF_NAMES: Final = example(
    made=[_form_of(_NUMBER, _ECONOMY, _SOCIETY)],
    layout=replace(
        _PLAIN,
        columns=("value", "level1", "name", "level2", "description", "basis", "weight"),
        without_head="level2",
        piece=2,
        goes_on=True,
    ),
)

_REMARK_BELOW_ROWS_THAT_BEGIN_WITH_THEIR_NAME: Final = example(
    made=[_form_of(_NUMBER, _NUMBER, _NUMBER)],
    layout=replace(
        _PLAIN,
        columns=("name", "level2", "level1", "value"),
        merges="blank",
        piece=2,
        goes_on=True,
        between="续表",
        below=("注：以上指标由本单位负责填报。",),
    ),
)
_ROW_WITHOUT_LEVELS_ABOVE_ONE_WITH_BOTH_IS_NO_HEADER: Final = example(
    made=[_form_of(_NUMBER, _NUMBER, _ECONOMY)],
    layout=replace(
        _PLAIN,
        columns=("level1", "level2", "name", "value", "description", "basis", "weight"),
        merges="blank",
        without_head="value",
        piece=1,
        goes_on=True,
        between="续表",
    ),
)
_NAMES_UNDER_A_BLANK_HEAD_OF_A_WIDE_TABLE: Final = example(
    made=[_form_of(_NUMBER, _NUMBER, _ECONOMY)],
    layout=replace(
        _PLAIN,
        wide=True,
        columns=("level1", "level2", "name", "value", "description", "basis", "weight"),
        merges="blank",
        without_head="name",
        below=("备注", "无其他说明"),
    ),
)

# --- the tests --------------------------------------------------------------------------------------------------


_DRAWN = settings(
    deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
_DRAWN_DEEP = settings(_DRAWN, max_examples=1_000, derandomize=settings().derandomize)


@pytest.mark.parametrize("name", WRITTEN)
@_HEADER_AGAIN_OVER_NAMES_WITHOUT_A_HEAD
@_GROUP_AND_THE_NEXT_ONE_BELOW_A_PAGE_END
@_LEVEL_WITHOUT_A_HEAD_RIGHT_OF_NAMES
@_REMARK_BELOW_ROWS_THAT_BEGIN_WITH_THEIR_NAME
@_ROW_WITHOUT_LEVELS_ABOVE_ONE_WITH_BOTH_IS_NO_HEADER
@_NAMES_UNDER_A_BLANK_HEAD_OF_A_WIDE_TABLE
@_DRAWN
@given(made=documents(), layout=layouts())
def test_whatever_forms_say_is_kept_or_reported(name: str, made: list[Form], layout: Layout) -> None:
    """Permuted columns, merged or blank levels, noise in cells, split tables, remarks, blank heads."""
    assert_kept_or_reported(WRITTEN[name](printed(made, layout)), made, layout)


@pytest.mark.soak
@pytest.mark.parametrize("name", WRITTEN)
@_DRAWN_DEEP
@given(made=documents(), layout=layouts())
def test_whatever_a_thousand_forms_say_is_kept_or_reported(
    name: str, made: list[Form], layout: Layout
) -> None:
    """The same, with documents that nobody has tried before, and in CI with always the same ones."""
    assert_kept_or_reported(WRITTEN[name](printed(made, layout)), made, layout)
