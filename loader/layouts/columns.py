"""What each column of a table of indicators is, decided by its header and by what stands in it.

A header has one row, or two where a cell spans columns that have names of their own (年度指标值 over 指标性质,
指标值 and 度量单位; 绩效标准 over 优 良 中 差). A table may print several values for one indicator: by period, by
grade, or by place, where the header is the name of the place and no field at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.vocabulary import concept_by_label, normalise_label

from . import levels
from .labels import fields_of, is_label, is_other_label
from .ledger import printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell, Printed

_LEVELS: Final = (JX.level1, JX.level2)
_SAYS_INDICATOR: Final = frozenset({JX.level1, JX.level2, JX.name})
_COMPARATORS: Final = frozenset("≥≧≤≦><=＝═＞＜") | {"大于等于", "小于等于", "大于", "小于", "等于", "是/否"}
_POLARITIES: Final = frozenset({"正向", "反向", "正向指标", "反向指标"})
_LONG_TERM: Final = re.compile(r"中长期|长期|中期|实施期|规划期|项目期")
_HALF_YEAR: Final = re.compile(r"半年")
_WHOLE_YEAR: Final = re.compile(r"全年")
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


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of indicators: one for each field, and those of the values."""

    first_row: int
    last_row: int
    fields: Mapping[URIRef, int]
    values: tuple[ValueColumn, ...]
    headers: tuple[Cell, ...] = field(default=())
    """The cells that head the columns: labels, and accounted for as such."""

    @property
    def evaluates(self) -> bool:
        """Return whether the table says what was reached: a self-evaluation."""
        return JX.actualText in self.fields


def find_columns(grid: Grid) -> Columns | None:
    """Return the columns of the first table of indicators that stands in a grid, or None."""
    return next((found for row in grid.rows() if (found := columns_at(grid, row)) is not None), None)


def columns_at(grid: Grid, row: int) -> Columns | None:
    """Return the columns that a row heads, or None where it heads no indicators."""
    heads = [cell for cell in grid.row(row) if cell.row == row]
    if sum(1 for cell in heads if _SAYS_INDICATOR & set(fields_of(cell.text))) < 2:
        return None
    last_row = _last_header_row(grid, row, heads)
    found = _Decision(grid, row, last_row).columns()
    return found if found.values and JX.name in found.fields else None


def _last_header_row(grid: Grid, row: int, heads: list[Cell]) -> int:
    """Return the second row of a header where every cell that begins there is a label under a spanning one."""
    below = [cell for cell in grid.row(row + 1) if cell.row == row + 1] if row < grid.table.rows else []
    spanning = any(cell.colspan > 1 for cell in heads)
    texts = [cell.text for cell in below if cell.text.strip()]
    if texts and spanning and all(is_label(text) or grade_of(text) for text in texts):
        return row + 1
    return row


def grade_of(text: str) -> str | None:
    """Return the grade that a header names: 优, 良, 中 or 差."""
    concept = concept_by_label(JXC["grade"]).get(normalise_label(text))
    return None if concept is None else concept.rpartition("/")[2]


@dataclass(slots=True)
class _Decision:
    """The columns of one header while they are decided."""

    grid: Grid
    first_row: int
    last_row: int
    fields: dict[URIRef, int] = field(default_factory=dict)
    values: list[ValueColumn] = field(default_factory=list)
    unnamed: list[Cell] = field(default_factory=list)
    headers: list[Cell] = field(default_factory=list)

    def columns(self) -> Columns:
        """Return the columns."""
        for cell in self.grid.row(self.last_row):
            self._take(cell)
        self._take_places()
        self._shift_levels()
        return Columns(
            self.first_row, self.last_row, dict(self.fields), tuple(self.values), tuple(self.headers)
        )

    def _take(self, cell: Cell) -> None:
        above = self.grid.at(self.first_row, cell.column)
        over = above if above is not None and above is not cell else None
        self.headers += [head for head in (over, cell) if head is not None and head not in self.headers]
        name = self._meaning(cell)
        grade = grade_of(cell.text)
        if name == JX.rawText or (grade is not None and over is not None):
            self._take_value(cell, over, grade)
        elif name is None:
            self.headers.remove(cell)
            self.unnamed.append(cell)
        else:
            self.fields.setdefault(name, cell.column)

    def _take_value(self, cell: Cell, over: Cell | None, grade: str | None) -> None:
        label = cell.text if over is None else over.text + cell.text
        told = printed(self.grid.table, cell)
        self.values.append(ValueColumn(cell.column, told, horizon=_horizon(label), grade=grade))

    def _meaning(self, cell: Cell) -> URIRef | None:
        """Return the field of a header; one that means two things is decided by what stands below it."""
        meant = [name for name in fields_of(cell.text) if name not in self.fields]
        if len(meant) < 2:
            return meant[0] if meant else None
        if JX.name in meant:
            return JX.hasIndicator if cell.rowspan > 2 else JX.name
        return self._by_content(meant, cell.column)

    def _by_content(self, meant: list[URIRef], column: int) -> URIRef:
        """Comparator and polarity columns swap their names between provinces (forms.md)."""
        texts = set(self._texts_below(column))
        if JX.comparator in meant and texts & _COMPARATORS:
            return JX.comparator
        if JX.direction in meant and texts & _POLARITIES:
            return JX.direction
        return meant[0]

    def _texts_below(self, column: int) -> Iterator[str]:
        for row in range(self.last_row + 1, self.grid.table.rows + 1):
            cell = self.grid.at(row, column)
            if cell is not None and cell.text.strip():
                yield cell.text.strip()

    def _take_places(self) -> None:
        """Take columns without a field right of the names as values by place, where no column has the values.

        Who is responsible, and remarks, stand there too: a column of values has numbers.
        """
        if self.values or JX.name not in self.fields:
            return
        for cell in self.unnamed:
            text = "".join(cell.text.split())
            right = cell.column > self.fields[JX.name] and _mostly(self._texts_below(cell.column), _has_digit)
            if right and 0 < len(text) <= _LONGEST_PLACE and not is_other_label(text):
                self.values.append(ValueColumn(cell.column, printed(self.grid.table, cell), place=text))
                self.headers.append(cell)

    def _shift_levels(self) -> None:
        """Name columns by their content where level 2 stands under 一级指标 and the names under 二级指标."""
        if JX.name in self.fields or not set(_LEVELS) <= set(self.fields):
            return
        first, second = (self.fields[name] for name in _LEVELS)
        if _mostly(self._texts_below(first), levels.is_level2) and not _mostly(
            self._texts_below(second), levels.is_level
        ):
            del self.fields[JX.level1]
            self.fields |= {JX.level2: first, JX.name: second}


def _mostly(texts: Iterable[str], holds: Callable[[str], bool]) -> bool:
    found = [holds(text) for text in texts]
    return bool(found) and sum(found) * 2 > len(found)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _horizon(label: str) -> str | None:
    """Return the period a value column is for, where its header says one."""
    plain = "".join(label.split())
    if _HALF_YEAR.search(plain):
        return "half-year"
    if _LONG_TERM.search(plain):
        return "long-term"
    return "annual" if _WHOLE_YEAR.search(plain) else None
