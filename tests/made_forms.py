"""Forms drawn by hypothesis: what they say is known, how they are laid out varies as it does in published ones.

`forms` draws what is said, `layouts` how it is printed, `printed` lays a form out as tables and says which cell
prints which fact. Nothing here knows a format: `written_tables` and `written_texts` write the tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from hypothesis import strategies as st

from loader.model import Cell, Line, Table
from ontology.project_codes import check_character

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# --- what a form says -------------------------------------------------------------------------------------------


class Fact(NamedTuple):
    """One thing that a form says: of which project, about what, and what; blanks and width do not count."""

    project: str
    kind: str
    about: str
    said: str


@dataclass(frozen=True)
class Value:
    """A target value in its parts; a phrase has no number."""

    comparator: str = ""
    number: str = ""
    unit: str = ""
    phrase: str = ""

    @property
    def text(self) -> str:
        """Return the value as one cell prints it."""
        return f"{self.comparator}{self.number}{self.unit}{self.phrase}"


@dataclass(frozen=True)
class Indicator:
    """One row of a form."""

    level1: str
    level2: str
    name: str
    value: Value
    description: str
    basis: str
    weight: str


@dataclass(frozen=True)
class Form:
    """What one form says of one project."""

    name: str
    code: str
    unit_code: str
    unit_name: str
    budget: str
    fiscal: str
    plan: tuple[tuple[int, int], ...]
    goal: str
    indicators: tuple[Indicator, ...]


_WORDS = st.text("养护道路清淤河道培训人员发放补助维修设备", min_size=3, max_size=9)
_NUMBERS = st.one_of(
    st.integers(1, 9999).map(str), st.decimals(1, 999, places=1, allow_nan=False).map("{:f}".format)
)
_VALUES = st.one_of(
    st.builds(
        Value,
        comparator=st.sampled_from(["", "≥", "≤", "=", ">", "<"]),
        number=_NUMBERS,
        unit=st.sampled_from(["%", "人", "公里", "万元", "个", "元/人", "平方米"]),
    ),
    st.builds(Value, phrase=st.sampled_from(["有效提升", "合规", "及时", "逐步提高"])),
)
_LEVELS: Final = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
_WEIGHTS = st.integers(1, 30)
_AMOUNTS = st.decimals(1, 99_999, places=2, allow_nan=False).map("{:f}".format)


_PROJECT_CODES = st.from_regex(r"13020225P[0-9]{11}", fullmatch=True).map(
    lambda body: body + check_character(body)
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Return what a form says: its project, money, plan, goal and indicators of each level."""
    names = draw(st.lists(_WORDS, min_size=3, max_size=8, unique=True))
    kinds = [(level1, level2) for level1, level2s in _LEVELS.items() for level2 in level2s]
    drawn = st.lists(st.sampled_from(kinds), min_size=len(names), max_size=len(names))
    levels = sorted(draw(drawn), key=kinds.index)
    return Form(
        name=draw(_WORDS) + "项目",
        code=draw(_PROJECT_CODES),
        unit_code=draw(st.sampled_from(["203001", "205002", "326001"])),
        unit_name="某某区" + draw(st.sampled_from(["教育局", "农业农村局", "委组织部"])) + "本级",
        budget=draw(_AMOUNTS),
        fiscal=draw(_AMOUNTS),
        plan=tuple(zip((3, 6, 10, 12), sorted(draw(st.tuples(*[st.integers(0, 100)] * 4))), strict=True)),
        goal=draw(_WORDS) + "，保障工作正常运转。",
        indicators=tuple(
            Indicator(*level, name, draw(_VALUES), draw(_WORDS) + "的情况", "工作计划", str(draw(_WEIGHTS)))
            for level, name in zip(levels, names, strict=True)
        ),
    )


def documents() -> st.SearchStrategy[list[Form]]:
    """Return one form or two, of projects with different names."""
    return st.lists(forms(), min_size=1, max_size=2, unique_by=lambda form: form.name)


def facts(form: Form, layout: Layout) -> Iterator[Fact]:
    """Yield what a form says, printed in a layout: not every layout has a place for everything."""
    name = form.name
    yield Fact(name, "unit", "", form.unit_code + form.unit_name)
    yield Fact(name, "money", "budget", form.budget)
    yield Fact(name, "goal", "", form.goal)
    if not layout.wide:
        yield Fact(name, "code", "", form.code)
        yield Fact(name, "money", "fiscal", form.fiscal)
        yield from (Fact(name, "plan", str(month), str(share)) for month, share in form.plan)
    for indicator in form.indicators:
        told = {"value": indicator.value.text, "number": indicator.value.number}
        told |= {column: getattr(indicator, column) for column in _TEXTS if column in layout.columns}
        yield from (Fact(name, kind, indicator.name, said) for kind, said in told.items() if said)


# --- how it is laid out ---------------------------------------------------------------------------------------

_TEXTS: Final = ("level1", "level2", "description", "basis", "weight")
_HEADS: Final = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "value": "指标值",
    "comparator": "指标性质",
    "unit": "计量单位",
    "description": "绩效指标描述",
    "basis": "指标值确定依据",
    "weight": "分值",
    "extra": "责任科室",
}
SPELLINGS: Final = {
    "name": ("项目名称", "项目支出名称", "项目名称："),
    "code": ("项目编码", "项目代码"),
    "unit": ("预算单位", "实施单位", "单位名称"),
    "budget": ("预算数（万元）", "年度资金总额（万元）", "资金总额（万元）"),
    "fiscal": ("其中：财政资金（万元）", "财政拨款（万元）"),
    "goal": ("绩效目标", "年度绩效目标", "年度目标"),
}


@dataclass(frozen=True)
class Layout:
    """How forms are printed."""

    wide: bool
    """Whether all projects stand in one wide table, and not each in a form of its own."""
    labels: tuple[tuple[str, str], ...]
    blocks: tuple[str, ...]
    """The rows above the indicators, in their order."""
    columns: tuple[str, ...]
    merges: str
    """`merged`, `repeated` or `blank` below the first row of a level, or of a project."""
    value_apart: bool
    """Whether comparator, number and unit have a column each."""
    without_head: str
    """The column whose header cell is blank; empty for none."""
    piece: int
    """Indicators of the first table, where the form is split; 0 where it is not."""
    goes_on: bool
    """Whether the levels of the first piece go on in the second, their cells blank."""
    head_again: bool
    between: str
    """A line between the pieces."""
    below: tuple[str, ...]
    """A row below the indicators."""
    noise: str
    """`none`, `breaks`, `blanks` or `wide`."""

    def label(self, name: str) -> str:
        """Return the label of a field."""
        return dict(self.labels)[name]


_OF_PROJECT: Final = ("unit", "name", "budget", "goal")
_OPTIONAL = ("description", "basis", "weight", "extra")


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Return a way to print forms, as odd as published ones are."""
    optional = draw(st.lists(st.sampled_from(_OPTIONAL), unique=True))
    columns = ["level1", "level2", "name", "value", *optional]
    return Layout(
        wide=draw(st.sampled_from([False, False, True])),
        labels=tuple((name, draw(st.sampled_from(found))) for name, found in SPELLINGS.items()),
        blocks=tuple(draw(st.permutations(["unit", "code", "name", "money", "plan", "goal"]))),
        columns=tuple(draw(st.one_of(st.just(columns), st.permutations(columns)))),
        merges=draw(st.sampled_from(["merged", "repeated", "blank"])),
        value_apart=draw(st.booleans()),
        without_head=draw(st.sampled_from(["", "", "", *columns])),
        piece=draw(st.integers(0, 3)),
        goes_on=draw(st.booleans()),
        head_again=draw(st.booleans()),
        between=draw(st.sampled_from(["", "", "续表", "（续上表）"])),
        below=draw(
            st.sampled_from(
                [(), (), ("注：以上指标由本单位负责填报。",), ("总分", "100"), ("备注", "无其他说明")]
            )
        ),
        noise=draw(st.sampled_from(["none", "none", "breaks", "blanks", "wide"])),
    )


def columns_of(layout: Layout) -> tuple[str, ...]:
    """Return the columns as they are printed: a value apart has three."""
    if not layout.value_apart:
        return layout.columns
    at = layout.columns.index("value")
    return (*layout.columns[:at], "comparator", "value", "unit", *layout.columns[at + 1 :])


# --- tables -----------------------------------------------------------------------------------------------------


@dataclass
class _Sheet:
    """A table while it is written: each row a list of texts with their spans."""

    width: int
    title: str
    cells: list[Cell] = field(default_factory=list)
    row: int = 0

    def write(self, *texts: str, lead: int = 0) -> None:
        """Write a row, its last cell reaching to the right edge; `lead` columns are covered from above."""
        self.row += 1
        for column, text in enumerate(texts, start=lead + 1):
            last = column == lead + len(texts)
            self.cells.append(Cell(self.row, column, text, 1, self.width - column + 1 if last else 1))

    def table(self, number: int) -> Table:
        """Return the table, its title above it."""
        lines = (Line(self.title),) if self.title else ()
        return Table(number, self.row, self.width, tuple(self.cells), lines)


def printed(made: Sequence[Form], layout: Layout) -> list[Table]:
    """Return the tables in which some forms are printed."""
    sheets = _wide(made, layout) if layout.wide else [each for form in made for each in _pieces(form, layout)]
    return [_noisy(sheet.table(number), layout) for number, sheet in enumerate(sheets, start=1)]


def _pieces(form: Form, layout: Layout) -> list[_Sheet]:
    """Return a form in one piece or two: its block of labels and its indicators."""
    columns = columns_of(layout)
    first = _Sheet(max(len(columns), 5), f"2025年{form.name}绩效目标表")
    for block in layout.blocks:
        _BLOCKS[block](form, layout, first)
    cut = layout.piece if layout.piece < len(form.indicators) else 0
    _write_head(layout, columns, first)
    _write_indicators(form.indicators[: cut or None], layout, columns, first)
    sheets = [first]
    if cut:
        second = _Sheet(first.width, layout.between)
        if layout.head_again:
            _write_head(layout, columns, second)
        above = form.indicators[cut - 1] if layout.goes_on else None
        _write_indicators(form.indicators[cut:], layout, columns, second, above)
        sheets.append(second)
    if layout.below:
        sheets[-1].write(*layout.below)
    return sheets


def _wide(made: Sequence[Form], layout: Layout) -> list[_Sheet]:
    """Return one table of all projects, a row for each indicator, the total of the department above them."""
    columns = columns_of(layout)
    sheet = _Sheet(len(_OF_PROJECT) + len(columns), "2025年部门项目支出绩效目标表")
    heads = (layout.label(column) for column in _OF_PROJECT)
    sheet.write(*heads, *(_head(layout, column) for column in columns))
    if layout.below:
        sheet.write("某某部门", "", "99999.00", *[""] * (len(columns) + 1))
    for form in made:
        first = sheet.row + 1
        told = (form.unit_code + form.unit_name, form.name, form.budget, form.goal)
        for indicator in form.indicators:
            sheet.write(*told, *(_text(indicator, column, layout) for column in columns))
        rows = range(first, sheet.row + 1)
        for column in range(1, len(_OF_PROJECT) + 1):
            _join(sheet, column, rows, layout.merges)
        _join_levels(form.indicators, layout, columns, sheet, first, len(_OF_PROJECT))
    return [sheet]


def _write_unit(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write(layout.label("unit"), form.unit_code + form.unit_name)


def _write_code(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write(layout.label("code"), form.code)


def _write_name(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write(layout.label("name"), form.name)


def _write_money(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write(layout.label("budget"), form.budget, layout.label("fiscal"), form.fiscal)


def _write_plan(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write("资金支出计划（%）", *(f"{month}月底" for month, _ in form.plan))
    caption = len(sheet.cells) - len(form.plan) - 1
    sheet.cells[caption] = replace(sheet.cells[caption], rowspan=2)
    sheet.write(*(f"{share}%" for _, share in form.plan), lead=1)


def _write_goal(form: Form, layout: Layout, sheet: _Sheet) -> None:
    sheet.write(layout.label("goal"), form.goal)


_BLOCKS: Final = {
    "unit": _write_unit,
    "code": _write_code,
    "name": _write_name,
    "money": _write_money,
    "plan": _write_plan,
    "goal": _write_goal,
}


def _write_head(layout: Layout, columns: Sequence[str], sheet: _Sheet) -> None:
    sheet.write(*(_head(layout, column) for column in columns))


def _head(layout: Layout, column: str) -> str:
    return "" if column == layout.without_head else _HEADS[column]


def _write_indicators(
    indicators: Sequence[Indicator],
    layout: Layout,
    columns: Sequence[str],
    sheet: _Sheet,
    above: Indicator | None = None,
) -> None:
    """Write the rows of indicators; levels that go on from the one `above` are blank."""
    first = sheet.row + 1
    for indicator in indicators:
        sheet.write(*(_text(indicator, column, layout) for column in columns))
    _join_levels(indicators, layout, columns, sheet, first)
    if above is None or layout.merges == "repeated":
        return
    for level, key in _KEYS.items():
        if key(above) == key(indicators[0]):
            at = (first, columns.index(level) + 1)
            sheet.cells = [
                replace(cell, text="") if (cell.row, cell.column) == at else cell for cell in sheet.cells
            ]


def _level1(indicator: Indicator) -> tuple[str, ...]:
    return (indicator.level1,)


def _level2(indicator: Indicator) -> tuple[str, ...]:
    return (indicator.level1, indicator.level2)


_KEYS: Final = {"level1": _level1, "level2": _level2}


def _join_levels(
    indicators: Sequence[Indicator],
    layout: Layout,
    columns: Sequence[str],
    sheet: _Sheet,
    first: int,
    lead: int = 0,
) -> None:
    for level, key in _KEYS.items():
        for _, group in groupby(range(len(indicators)), key=lambda index: key(indicators[index])):
            rows = [first + index for index in group]
            _join(sheet, lead + columns.index(level) + 1, rows, layout.merges)


def _text(indicator: Indicator, column: str, layout: Layout) -> str:
    value = indicator.value
    if column == "value":
        return (value.number or value.phrase) if layout.value_apart else value.text
    if column in ("comparator", "unit"):
        return str(getattr(value, column))
    return "业务科" if column == "extra" else str(getattr(indicator, column))


def _join(sheet: _Sheet, column: int, rows: Sequence[int], merges: str) -> None:
    """Merge the cells of one level or project, or leave those below the first blank."""
    if merges == "repeated" or len(rows) == 1:
        return
    kept: list[Cell] = []
    for cell in sheet.cells:
        if cell.column != column or cell.row not in rows:
            kept.append(cell)
        elif cell.row == rows[0]:
            kept.append(replace(cell, rowspan=len(rows)) if merges == "merged" else cell)
        elif merges == "blank":
            kept.append(replace(cell, text=""))
    sheet.cells = kept


# --- noise ------------------------------------------------------------------------------------------------------

_WIDE: Final = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789%().,=<>/"}


def _noisy(table: Table, layout: Layout) -> Table:
    """Return a table as narrow columns and careless typing print it: every other cell, the same ones each time."""
    noise = _NOISE[layout.noise]
    cells = (
        replace(cell, text=noise(cell.text)) if cell.text and (cell.row + cell.column) % 2 else cell
        for cell in table.cells
    )
    return replace(table, cells=tuple(cells))


def _broken(text: str) -> str:
    half = len(text) // 2
    parts_number = text[half - 1 : half + 1].isascii()
    return text if len(text) < 4 or parts_number else f"{text[:half]}\n{text[half:]}"


_NOISE: Final = {
    "none": str,
    "breaks": _broken,
    "blanks": "　{} ".format,
    "wide": lambda text: text.translate(_WIDE),
}
