"""What each column of a table of indicators is, decided by its header and by what stands in it.

A table may print several values for one indicator: by period, by grade, or by place, where the header is the name of
the place and no field at all. What was reached in earlier years (前年, 上年) is no target. Groups of columns may
stand beside each other under one header: for the whole term and for the year, or for each level.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.vocabulary import concept_by_label, holds_word, normalise_label, words

from . import column_content as content
from . import levels
from .headers import Head, header_above_levels, header_rows, heads_of, stack_of
from .labels import is_other_label, is_total, meanings, only_year_of_label, without_year, year_of_label
from .ledger import printed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell, Printed

_LEVELS: Final = (JX.level1, JX.level2)
_BEGINS_GROUP: Final = frozenset({JX.level1, JX.level2, JX.name})
_RIGHT_OF_LEVELS: Final = frozenset(
    {JX.name, JX.rawText, JX.comparator, JX.description, JX.unit, JX.actualText}
)
_SAYS_GOAL: Final = frozenset({JX.hasGoal, JXC["horizon/long-term"]})
_LONGEST_PLACE: Final = 12
"""Characters of a header that may name a place or a period; longer texts are prose."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of target values, and what sets it apart where a table has several."""

    column: int
    header: Printed
    horizon: str | None = None
    """Slug in `jxc:horizon/`."""
    grade: str | None = None
    """Slug in `jxc:grade/`."""
    place: str | None = None
    """The place it applies to, as printed."""
    year: int | None = None
    """The year that its head states."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of indicators: one for each field, and those of the values."""

    first_row: int
    last_row: int
    fields: Mapping[URIRef, int]
    values: tuple[ValueColumn, ...]
    headers: tuple[Cell, ...] = ()
    """The cells that head the columns: labels, and accounted for as such."""
    others: tuple[int, ...] = ()
    """Columns whose cells are kept in the grid alone: remarks, numbers of rows, what earlier years reached."""
    horizon: str | None = None
    """Slug in `jxc:horizon/` where a caption says for which time all values are."""
    mixed: bool = False
    """Whether the column of projects also names the units they belong to, in rows of their own."""
    heads: tuple[tuple[int, str], ...] = ()
    """What is printed over each column, as it is compared: a table that goes on may print it again."""
    levels: Mapping[URIRef, Cell] = field(default_factory=dict)
    """The levels that all its indicators have, where they head a group of columns: 产出指标 over 三级指标."""
    beside: Columns | None = None
    """A further group of columns under the same header."""

    @property
    def groups(self) -> tuple[Columns, ...]:
        """Return the groups of columns, from left to right."""
        return (self, *(self.beside.groups if self.beside is not None else ()))


def find_columns(grid: Grid) -> Columns | None:
    """Return the columns of the first table of indicators that stands in a grid, or None."""
    return next((found for row in grid.rows() if (found := columns_at(grid, row)) is not None), None)


def columns_by_content(grid: Grid) -> Columns | None:
    """Return the columns of indicators under a header of words nobody knew, told by what they hold; else None."""
    row = header_above_levels(grid)
    if row is None:
        return None
    rows = range(row, row + 1)
    found = _Decision(grid, rows, heads_of(grid, rows)).columns()
    return found if found is not None and set(_LEVELS) <= set(found.fields) else None


def columns_at(grid: Grid, row: int) -> Columns | None:
    """Return the columns that the header with this row heads, or None where it heads no indicators."""
    rows = header_rows(grid, row)
    if rows is None:
        return None
    groups = _groups(heads_of(grid, rows))
    first = _Decision(grid, rows, groups[0]).columns()
    if first is None or len(groups) == 1:
        return first
    decided = (_Decision(grid, rows, heads).columns(first.fields) for heads in groups[1:])
    return _side_by_side(grid, rows, [first, *(columns for columns in decided if columns is not None)])


def _side_by_side(grid: Grid, rows: range, groups: list[Columns]) -> Columns:
    """Return groups of columns as one, each with what stands over it: levels, or goals of some time."""
    if len(groups) == 1:
        return groups[0]
    beside: Columns | None = None
    for group in reversed(groups):
        over = _levels_over(grid, rows, group)
        beside = replace(
            group,
            horizon=None if over else _horizon_above(grid, group),
            levels=over,
            headers=tuple(dict.fromkeys((*over.values(), *group.headers))),
            beside=beside,
        )
    return beside or groups[0]


def _levels_over(grid: Grid, rows: range, columns: Columns) -> dict[URIRef, Cell]:
    """Return the levels that head a group of columns, where it has none of its own."""
    over = [cell for cell in stack_of(grid, rows, columns.fields[JX.name]) if levels.is_level(cell.text)]
    told = {JX.level1 if levels.is_level1(cell.text) else JX.level2: cell for cell in over}
    return {name: cell for name, cell in told.items() if name not in columns.fields}


def as_compared(heads: Sequence[Head]) -> tuple[tuple[int, str], ...]:
    """Return where heads stand and what they print, without what makes no difference."""
    return tuple((head.columns.start, normalise_label(head.label)) for head in heads)


def _rows_of_header_again(grid: Grid, rows: range, heads: Sequence[Head]) -> Iterator[int]:
    """Yield the rows below a header that print heads of it again, in the same columns."""
    told = set(as_compared(heads))
    for row in range(rows.stop, grid.last_row + 1):
        below = header_rows(grid, row)
        if below is not None and told <= set(as_compared(heads_of(grid, below))):
            yield from below


def _groups(heads: list[Head]) -> list[list[Head]]:
    """Return the heads, parted wherever the fields of an indicator begin again and have values again."""
    seen: set[URIRef] = set()
    for index, head in enumerate(heads):
        meant = set(meanings(head.cell.text)) & _BEGINS_GROUP
        if meant & seen and _has_values(heads[:index]) and _has_values(heads[index:]):
            return [heads[:index], *_groups(heads[index:])]
        seen |= meant
    return [heads]


def _has_values(heads: list[Head]) -> bool:
    meant = [set(meanings(head.cell.text)) for head in heads]
    return any(JX.name in found for found in meant) and any(JX.rawText in found for found in meant)


def _horizon_above(grid: Grid, columns: Columns) -> str | None:
    """Return the time a group of columns is for, told by the goal that stands above its values."""
    column = columns.values[0].column
    for row in range(columns.first_row - 1, 0, -1):
        cell = grid.at(row, column)
        meant = set(meanings(cell.text)) & _SAYS_GOAL if cell is not None else set()
        if meant:
            return "annual" if JX.hasGoal in meant else "long-term"
    return None


def grade_of(text: str) -> str | None:
    """Return the grade that a header names: 优, 良, 中 or 差."""
    concept = concept_by_label(JXC["grade"]).get(normalise_label(text))
    return None if concept is None else concept.rpartition("/")[2]


def horizon_of(label: str) -> str | None:
    """Return the slug in `jxc:horizon/` of the time that a label names, the longest word deciding.

    >>> horizon_of("实施期绩效指标"), horizon_of("上半年目标值"), horizon_of("指标值")
    ('long-term', 'half-year', None)
    >>> horizon_of("1-6月目标值"), horizon_of("7-12月目标值")
    ('half-year', None)
    """
    plain = normalise_label("".join(label.split()))
    found = [word for word in _horizon_words() if word in plain]
    return _horizon_words()[max(found, key=len)] if found else None


@cache
def _horizon_words() -> Mapping[str, str]:
    concepts = concept_by_label(JXC["horizon"])
    return {word: concept.rpartition("/")[2] for word, concept in concepts.items()}


@dataclass(slots=True)
class _Decision:
    """The columns of one group of heads while they are decided."""

    grid: Grid
    rows: range
    heads: list[Head]
    fields: dict[URIRef, int] = field(default_factory=dict)
    values: list[ValueColumn] = field(default_factory=list)
    unnamed: list[Head] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    labels: list[Cell] = field(default_factory=list)
    mixed: bool = False
    caption: Head | None = None
    _rows_below: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Leave out the rows that print the header again: its labels are no content of the columns."""
        again = set(_rows_of_header_again(self.grid, self.rows, self.heads))
        below = range(self.rows.stop, self.grid.last_row + 1)
        self._rows_below = tuple(row for row in below if row not in again)

    def columns(self, shared: Mapping[URIRef, int] | None = None) -> Columns | None:
        """Return the columns; levels that a second group lacks are those of the first. None without indicators."""
        past = self._past_heads()
        for head in self.heads:
            if head in past:
                self._set_aside(head)
            else:
                self._take(head)
        self._take_unnamed_levels()
        self._take_unnamed_name()
        self._take_unnamed_values()
        for name in _LEVELS:
            if shared and name in shared:
                self.fields.setdefault(name, shared[name])
        self._shift_levels()
        if not self.values or JX.name not in self.fields:
            return None
        return Columns(
            self.rows.start,
            self.rows.stop - 1,
            dict(self.fields),
            tuple(sorted(self.values, key=lambda value: value.column)),
            tuple(self.labels),
            tuple(self.others),
            self._horizon_of_caption(),
            self.mixed,
            as_compared(self.heads),
        )

    # --- what a head means ---

    def _past_heads(self) -> list[Head]:
        """Return the heads of what earlier years reached: they say so, or state an earlier year than another head."""
        reached = {JX.actualText, JX.rawText}
        years = [year_of_label(head.label) for head in self.heads if reached & set(meanings(head.cell.text))]
        latest = max((year for year in years if year is not None), default=0)
        return [head for head in self.heads if self._is_past(head, latest)]

    def _is_past(self, head: Head, latest: int) -> bool:
        meant = meanings(head.cell.text)
        year = year_of_label(head.cell.text)
        if JX.actualText in meant and year is not None and year < latest:
            return True
        of_target = not meant or bool(set(meant) & {JX.rawText, JX.actualText})
        return of_target and holds_word(head.label, "earlier-year")

    def _set_aside(self, head: Head) -> None:
        self._label(head)
        self.others += head.columns

    def _label(self, head: Head) -> None:
        self.labels += [
            cell for cell in (head.over, head.cell) if cell is not None and cell not in self.labels
        ]

    def _take(self, head: Head) -> None:
        self.labels += [head.over] if head.over is not None and head.over not in self.labels else []
        if self._is_caption(head):
            self.unnamed.append(head)
            return
        name = self._meaning(head)
        grade = grade_of(head.cell.text)
        if name == JX.rawText or (grade is not None and head.over is not None):
            self._take_value(head, grade)
        elif name is not None:
            self._label(head)
            self.fields.setdefault(name, self._filled(head))
        elif is_other_label(head.cell.text):
            self._take_other(head)
        else:
            self.unnamed.append(head)

    def _is_caption(self, head: Head) -> bool:
        """Return whether a head reaches down beside the rows it captions, whatever it is called: 指标完成情况."""
        reaches_down = head.cell.row + head.cell.rowspan > self.rows.stop
        return reaches_down and JX.hasIndicator not in meanings(head.cell.text) and head is self.heads[0]

    def _take_other(self, head: Head) -> None:
        """Set a column aside; a total of places is a value like theirs, and so is what stands under the values."""
        of_value = head.over is not None and meanings(head.over.text) == (JX.rawText,)
        if of_value or is_total(head.cell.text):
            self.unnamed.append(head)
        else:
            self._set_aside(head)

    def _filled(self, head: Head) -> int:
        """Return the column of a head, the first one with texts where it stands over several."""
        filled = (column for column in head.columns if self._below(column))
        return next(filled, head.columns.start)

    def _below(self, column: int) -> list[str]:
        return content.texts_below(self.grid, self._rows_below, self._own_columns(column), column)

    def _own_columns(self, column: int) -> range:
        """Return the columns of the head over a column, with those right of it under no printed head."""
        head = next((head for head in self.heads if column in head.columns), None)
        if head is None:
            return range(column, column + 1)
        behind = (each.columns.start for each in self.heads if each.cell.text.strip())
        ends = (start for start in behind if start > head.columns.start)
        return range(head.columns.start, min(ends, default=self.grid.table.columns + 1))

    def _meaning(self, head: Head) -> URIRef | None:
        """Return the field of a head; one that means two things is decided by what stands below it."""
        if self._names_body_and_project(head):
            return JX.projectCode if "码" in head.cell.text else JX.projectName
        meant = [name for name in meanings(head.cell.text) if name not in self.fields]
        if len(meant) < 2:
            return meant[0] if meant else None
        if JX.name in meant:
            return self._name_or(meant, head)
        return self._by_content(meant, head)

    def _names_body_and_project(self, head: Head) -> bool:
        """Return whether a column has units and their projects below each other."""
        found = "".join(head.cell.text.split()) in words("body-and-project")
        self.mixed = self.mixed or found
        return found

    def _name_or(self, meant: list[URIRef], head: Head) -> URIRef:
        """Return the name of indicators, unless another head is theirs, or the label is a caption beside them."""
        other = next(name for name in meant if name != JX.name)
        named = any(meanings(each.cell.text) == (JX.name,) for each in self.heads if each is not head)
        is_caption = other == JX.hasIndicator and (head.cell.rowspan > 2 or self._is_alone_in_column(head))
        return other if named or is_caption else JX.name

    def _is_alone_in_column(self, head: Head) -> bool:
        """Return whether nothing is printed below a head, and something below others."""
        printed_below = any(self._below(each.columns.start) for each in self.heads)
        return printed_below and not any(self._below(column) for column in head.columns)

    def _by_content(self, meant: list[URIRef], head: Head) -> URIRef:
        """Comparator and polarity columns swap their names between provinces (forms.md)."""
        texts = self._below(head.columns.start)
        if JX.comparator in meant and content.has_comparators(texts):
            return JX.comparator
        if JX.direction in meant and content.has_polarities(texts):
            return JX.direction
        if JX.unit in meant:
            return JX.unit if content.are_units(texts) or JX.declaredBy not in meant else JX.declaredBy
        if JX.level2 in meant:
            return JX.level2 if content.are_second_levels(texts) else JX.level1
        return meant[0]

    # --- values ---

    def _take_value(self, head: Head, grade: str | None = None) -> None:
        """Take a column of values; of several under one head, comparators and units are told by what they hold.

        Several columns of values under one head without names of their own are not told apart: none is taken.
        """
        self._label(head)
        if not self._is_divided(head):
            self._add_value(head, self._filled(head), grade=grade)
            return
        filled = [column for column in head.columns if self._below(column)]
        values = [column for column in filled if not self._take_part(self._below(column), column)]
        if len(values) == 1:
            self._add_value(head, values[0], grade=grade)

    def _is_divided(self, head: Head) -> bool:
        """Return whether the rows below print several cells under one head."""
        for row in range(self.rows.stop, self.grid.last_row + 1):
            cells = {
                id(cell)
                for column in head.columns
                if (cell := self.grid.at(row, column)) and cell.text.strip()
            }
            if len(cells) > 1:
                return True
        return False

    def _take_part(self, texts: list[str], column: int) -> bool:
        if JX.comparator not in self.fields and content.are_comparators(texts):
            self.fields[JX.comparator] = column
            return True
        if JX.unit not in self.fields and content.are_units(texts):
            self.fields[JX.unit] = column
            return True
        return False

    def _add_value(
        self, head: Head, column: int, *, grade: str | None = None, place: str | None = None
    ) -> None:
        told = printed(self.grid.table, head.cell)
        self.values.append(ValueColumn(column, told, self._horizon(head), grade, place, _year(head)))

    def _horizon(self, head: Head) -> str | None:
        """Return the time a column of values is for; 年度指标值 says one only where other times stand beside it."""
        found = horizon_of(head.label)
        times = {time for each in self.heads if (time := horizon_of(each.label))}
        return found if found != "annual" or len(times) > 1 or "全年" in head.label else None

    # --- heads that are no labels ---

    def _take_unnamed_levels(self) -> None:
        """Take columns left of the names for levels where they hold such words; one cell for all is a caption."""
        right = min(
            [column for name, column in self.fields.items() if name in _RIGHT_OF_LEVELS], default=None
        )
        for head in [each for each in self.unnamed if right is None or each.columns.start < right]:
            texts = self._below(head.columns.start)
            name = JX.level2 if content.are_second_levels(texts) else JX.level1
            if content.are_levels(texts) and name not in self.fields:
                self.fields[name] = head.columns.start
                self._name(head)
            elif head.cell.rowspan > len(self.rows):
                self.caption = head
                self._name(head)

    def _take_unnamed_name(self) -> None:
        """Take a column that reads like names: under a blank head among the levels, else the first right of them."""
        told = {column: self._below(column) for name, column in self.fields.items() if name in _LEVELS}
        if JX.name in self.fields or not any(told.values()):
            return
        if not all(content.are_levels(texts) for texts in told.values() if texts):
            return
        head = next(
            (head for head in self._possible_names(told) if self._reads_like_names(head.columns.start)), None
        )
        goals = self.fields.get(JX.hasGoal, 0)
        if head is not None:
            self.fields[JX.name] = head.columns.start
            self._name(head)
        elif goals > max(told) and self._reads_like_names(goals):  # 绩效目标内容 right of the levels
            self.fields[JX.name] = self.fields.pop(JX.hasGoal)

    def _possible_names(self, of_levels: Collection[int]) -> Iterator[Head]:
        blank = [head for head in self.unnamed if not head.cell.text.strip()]
        yield from (head for head in blank if head.columns.start > min(of_levels))
        yield from (head for head in self.unnamed if head.columns.start > max(of_levels))

    def _reads_like_names(self, column: int) -> bool:
        return content.are_names(self._below(column))

    def _name(self, head: Head) -> None:
        self.unnamed.remove(head)
        self._label(head)

    def _take_unnamed_values(self) -> None:
        """Take columns without a field right of the names as values where they hold such: by place, by period."""
        if JX.name not in self.fields:
            return
        found = [head for head in self.unnamed if self._may_be_value(head)]
        parted = {JX.comparator, JX.unit} & set(self.fields)
        for head in found:
            alone = len(found) == 1 and not _names_place(head)
            if alone or (parted and head.over is not None):
                self._take_value(head)
            else:
                self._add_value(head, head.columns.start, place=_place(head))
            self._name(head)

    def _may_be_value(self, head: Head) -> bool:
        text = "".join(head.cell.text.split())
        right = head.columns.start > self.fields[JX.name]
        if not right or len(text) > _LONGEST_PLACE or (self.values and not text):
            return False
        if head.over is not None and meanings(head.over.text) == (JX.rawText,):
            return True
        if self.values and not _names_place(head):
            return False
        return content.are_values(self._below(head.columns.start))

    def _shift_levels(self) -> None:
        """Name columns by their content where level 2 stands under 一级指标 and the names under 二级指标."""
        if JX.name in self.fields or not set(_LEVELS) <= set(self.fields):
            return
        first, second = (self.fields[name] for name in _LEVELS)
        if content.are_levels(self._below(second)):
            return
        name = JX.level2 if content.are_second_levels(self._below(first)) else JX.level1
        del self.fields[JX.level1], self.fields[JX.level2]
        self.fields |= {name: first, JX.name: second}

    def _horizon_of_caption(self) -> str | None:
        """Return the time that a caption beside the header names: 长期绩效指标."""
        if self.caption is not None:
            return horizon_of(self.caption.cell.text)
        cell = self.grid.at(self.rows.start, self.fields.get(JX.hasIndicator, 0))
        return horizon_of(cell.text) if cell is not None else None


def _names_place(head: Head) -> bool:
    """Return whether a header ends as names of places do."""
    return "".join(head.cell.text.split()).endswith(words("place-ending"))


def _place(head: Head) -> str | None:
    """Return the place a head names; a total of all places, a period and a year are none."""
    text = "".join(head.cell.text.split())
    is_none = is_total(text) or horizon_of(text) or not without_year(text)
    return None if is_none else text


def _year(head: Head) -> int | None:
    """Return the year that a head states, or the one over it."""
    over = "" if head.over is None else head.over.text
    return only_year_of_label(head.cell.text) or only_year_of_label(over)
