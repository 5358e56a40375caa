"""Which rows head a table of indicators, and what stands in them above each column.

A header has one row, or several where a cell spans columns that have names of their own (年度指标值 over 指标性质,
指标值 and 度量单位; 绩效指标 over 一级指标, 二级指标 and 三级指标). That is told by structure: a second row is one
where a spanning cell above is divided and nothing else goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import levels
from .labels import is_any_label, meanings, only_year_of_label

if TYPE_CHECKING:
    from ..grid import Grid
    from ..model import Cell

_SAYS_INDICATOR: Final = frozenset({JX.level1, JX.level2, JX.name})
_OF_INDICATORS: Final = frozenset(
    {
        JX.hasIndicator, JX.name, JX.description, JX.rawText, JX.comparator, JX.direction, JX.unit, JX.basis,
        JX.weight, JX.scoringStandard, JX.actualText, JX.score, JX.deviationReason, JX.projectName,
    }
)  # fmt: skip
_DEEPEST: Final = 3
"""Rows of the deepest header met."""
_LEAST_UNKNOWN: Final = 3
"""Words nobody knew are more than these, or no header."""


@dataclass(frozen=True, slots=True)
class Head:
    """What heads a column, or several: its own cell, and the cell over it that spans more."""

    columns: range
    cell: Cell
    over: Cell | None = None

    @property
    def label(self) -> str:
        """Return what is printed over the column, from above."""
        return self.cell.text if self.over is None else f"{self.over.text} {self.cell.text}"


def header_rows(grid: Grid, row: int) -> range | None:
    """Return the rows of the header whose row of levels and names is `row`; None where none stands there."""
    heads = grid.texts(row)
    if not _heads_indicators(heads):
        return None
    first, last = row, row
    while first > 1 and row - first < _DEEPEST and _is_over(grid, first - 1, first):
        first -= 1
    while last < grid.last_row and last - row < _DEEPEST and _divides(grid, last, last + 1):
        last += 1
    return range(first, last + 1)


def header_above_levels(grid: Grid) -> int | None:
    """Return the row above the first one that begins with words for level 1 and level 2; None without such."""
    for row in grid.rows():
        told = [cell for cell in grid.texts(row) if levels.is_level(cell.text)]
        if len(told) > 1 and levels.is_level2(told[1].text) and not levels.is_level2(told[0].text):
            return row - 1 if _may_head(grid, row - 1, told) else None
    return None


def _may_head(grid: Grid, row: int, below: list[Cell]) -> bool:
    """Return whether a row of words nobody knew may head the levels below it: one with a number is an indicator's.

    So is one that prints nothing over the levels: they go on from further above.
    """
    heads = grid.texts(row)
    if len(heads) <= _LEAST_UNKNOWN or any(
        levels.is_level(cell.text) or _is_number(cell.text) for cell in heads
    ):
        return False
    over = (grid.at(row, cell.column) for cell in below)
    return any(cell is not None and cell.text.strip() for cell in over)


def _heads_indicators(heads: list[Cell]) -> bool:
    """Return whether cells name two levels of indicators, or a name and its value."""
    told = [set(meanings(cell.text)) for cell in heads]
    if sum(1 for meant in told if meant & _SAYS_INDICATOR) >= 2:
        return True
    return any(JX.name in meant for meant in told) and any(meant == {JX.rawText} for meant in told)


def _is_over(grid: Grid, above: int, below: int) -> bool:
    """Return whether a row of labels, or of levels over groups of columns, belongs to the header below it.

    A cell of it spans labels or reaches down.
    """
    texts = grid.texts(above)
    spanning = [cell for cell in texts if len(_under(grid, cell, below)) > 1]
    groups = [cell for cell in spanning if levels.is_level(cell.text)]
    if len(texts) < 2 or not all(is_any_label(cell.text) or cell in groups for cell in texts):
        return False
    if not groups and not any(set(meanings(cell.text)) & _OF_INDICATORS for cell in texts):
        return False
    return bool(spanning) or any(cell.rowspan > 1 for cell in texts)


def _divides(grid: Grid, above: int, below: int) -> bool:
    """Return whether a row goes on with a header: it divides a spanning cell, and no column has its first value."""
    heads = [cell for cell in grid.row(above) if cell.text.strip()]
    texts = grid.texts(below)
    if not texts or any(levels.is_level(cell.text) or _is_number(cell.text) for cell in texts):
        return False
    divided = False
    for head in heads:
        under = [cell for cell in _under(grid, head, below) if cell.row == below and cell.text.strip()]
        if len(under) > 1 and head.colspan > 1:
            divided = True
        elif under and not (head.colspan > 1 and meanings(under[0].text)):
            return False
    return divided


def _is_number(text: str) -> bool:
    """Return whether a cell prints a number, as rows under a header do; a year may be a label."""
    return text.strip().isdigit() and only_year_of_label(text) is None


def _under(grid: Grid, head: Cell, row: int) -> list[Cell]:
    """Return the different cells of a row below a cell."""
    found: list[Cell] = []
    for column in range(head.column, head.column + head.colspan):
        cell = grid.at(row, column)
        if cell is not None and cell is not head and cell not in found:
            found.append(cell)
    return found


def heads_of(grid: Grid, rows: range) -> list[Head]:
    """Return the heads of all columns, from left to right; a blank one where nothing is printed over a column."""
    found: list[Head] = []
    for column in grid.columns():
        stack = stack_of(grid, rows, column)
        if not stack:
            continue
        cell = next((cell for cell in reversed(stack) if cell.text.strip()), stack[-1])
        over = next((cell for cell in stack if cell.text.strip() and cell.colspan > 1), None)
        if found and found[-1].cell is cell:
            found[-1] = Head(range(found[-1].columns.start, column + 1), cell, found[-1].over)
        else:
            found.append(Head(range(column, column + 1), cell, over if over is not cell else None))
    return found


def stack_of(grid: Grid, rows: range, column: int) -> list[Cell]:
    """Return the different cells over a column, from above."""
    cells = (grid.at(row, column) for row in rows)
    return list(dict.fromkeys(cell for cell in cells if cell is not None))
