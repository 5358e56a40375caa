"""Forms that stand side by side in one table: each is a table of its own, its cells in the columns they are in.

A second form begins where a project is named a second time in one row, and every cell keeps to its side.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from ..grid import Grid
from .labels import fields_of

if TYPE_CHECKING:
    from ..model import Table


def sides_of(table: Table) -> list[Table]:
    """Return a table for each form that stands beside others; the table itself where it has one side.

    Titles that run over all sides belong to the first; what they say of the year stands before each.
    """
    grid = Grid(table)
    for row in grid.rows():
        named = [cell.column for cell in grid.texts(row) if JX.projectName in fields_of(cell.text)]
        if len(named) > 1 and all(_is_clear(grid, column) for column in named[1:]):
            edges = [1, *named[1:], table.columns + 1]
            return [_side(table, left, right) for left, right in pairwise(edges)]
    return [table]


def _is_clear(grid: Grid, column: int) -> bool:
    """Return whether no cell spans from the left of a column over it, but for titles of the whole table."""
    for row in grid.rows():
        cell = grid.at(row, column)
        crosses = cell is not None and cell.column < column
        if crosses and len(grid.row(row)) > 1:
            return False
    return True


def _side(table: Table, left: int, right: int) -> Table:
    return replace(
        table, columns=right - 1, cells=tuple(cell for cell in table.cells if left <= cell.column < right)
    )
