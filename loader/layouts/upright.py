"""Tables that lie on their side: the fields of indicators down, the indicators across; or a column for each project.

They are set upright before they are read: the fields become columns, and each project a form of its own.
Each cell keeps the position at which it is printed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from ..grid import Grid
from ..model import Printed
from .labels import is_any_label, meanings
from .money import read_money
from .money_rows import fund_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Cell, Table

_OF_INDICATORS: Final = frozenset(
    {
        JX.level1,
        JX.level2,
        JX.name,
        JX.rawText,
        JX.comparator,
        JX.unit,
        JX.description,
        JX.basis,
        JX.weight,
        JX.direction,
        JX.actualText,
        JX.score,
        JX.deviationReason,
    }
)


def upright(table: Table) -> Iterator[Table]:
    """Yield a table with its indicators below each other, once for each project that it has a column for."""
    for each in _by_project(table):
        yield _with_indicators_upright(each)


# --- the fields of indicators down, the indicators across -----------------------------------------------------


def _with_indicators_upright(table: Table) -> Table:
    grid = Grid(table)
    rows = _lying(grid)
    lead = _lead(grid, rows.start) if rows is not None else None
    return table if rows is None or lead is None else _turned(table, rows, lead.column)


def _lying(grid: Grid) -> range | None:
    """Return the rows that each begin with a field of indicators and print nothing but values behind it.

    A name and its value are among the fields, and two indicators or more stand across.
    """
    first: int | None = None
    for row in (*grid.rows(), grid.last_row + 1):
        if row <= grid.last_row and _lies(grid, row):
            first = first or row
        elif first is not None:
            rows = range(first, row)
            if _tells_indicators(grid, rows):
                return rows
            first = None
    return None


def _lies(grid: Grid, row: int) -> bool:
    lead = _lead(grid, row)
    if lead is None or not set(meanings(lead.text)) & _OF_INDICATORS:
        return False
    behind = [cell for cell in grid.texts(row) if cell.column > lead.column]
    return not any(is_any_label(cell.text) for cell in behind)


def _lead(grid: Grid, row: int) -> Cell | None:
    """Return the first text of a row, a caption that spans several rows apart."""
    return next((cell for cell in grid.texts(row) if cell.rowspan == 1), None)


def _tells_indicators(grid: Grid, rows: range) -> bool:
    leads = [lead for row in rows if (lead := _lead(grid, row)) is not None]
    meant = [set(meanings(lead.text)) for lead in leads]
    if len({lead.column for lead in leads}) != 1 or len(rows) < 3:
        return False
    names = [row for row, found in zip(rows, meant, strict=True) if JX.name in found]
    valued = [row for row, found in zip(rows, meant, strict=True) if JX.rawText in found]
    return bool(valued) and any(len(grid.texts(row)) > 2 for row in names)


def _turned(table: Table, rows: range, column: int) -> Table:
    """Return a table with a block of rows turned from a column on; what stands below moves down or up with it."""
    height = table.columns - column + 1
    moved = height - len(rows)
    cells = []
    for cell in table.cells:
        if cell.row >= rows.stop:
            cells.append(_at(cell, cell.row + moved, cell.column))
        elif cell.row < rows.start:
            cells.append(cell)
        elif cell.column < column:
            cells.append(replace(cell, rowspan=height) if cell.row == rows.start else cell)
        else:
            turned = _at(cell, rows.start + cell.column - column, column + cell.row - rows.start)
            cells.append(replace(turned, rowspan=cell.colspan, colspan=cell.rowspan))
    columns = max(table.columns, column + len(rows) - 1)
    in_order = sorted(cells, key=lambda cell: (cell.row, cell.column))
    return replace(table, rows=table.rows + moved, columns=columns, cells=tuple(in_order))


def _at(cell: Cell, row: int, column: int) -> Cell:
    return replace(cell, row=row, column=column, origin=cell.position)


# --- a column for each project --------------------------------------------------------------------------------


def _by_project(table: Table) -> Iterator[Table]:
    """Yield the table as each of its projects has it: the labels, and the project's own column."""
    grid = Grid(table)
    sides = next((found for row in grid.rows() if (found := _projects(grid, row))), ())
    if not sides:
        yield table
    for cell in sides:
        yield _of_project(table, sides[0].column, cell)


def _projects(grid: Grid, row: int) -> tuple[Cell, ...]:
    """Return the names of projects that stand across a row behind its label, an amount of each below its name."""
    lead, names = grid.texts(row)[:1], grid.texts(row)[1:]
    if len(names) < 2 or JX.projectName not in meanings(lead[0].text):
        return ()
    if any(is_any_label(name.text) for name in names):
        return ()
    columns = [name.column for name in names]
    return tuple(names) if any(_has_amounts(grid, below, columns) for below in grid.rows()) else ()


def _has_amounts(grid: Grid, row: int, columns: list[int]) -> bool:
    """Return whether a row prints a label of money and an amount in each of some columns, and nothing else."""
    lead, amounts = grid.texts(row)[:1], grid.texts(row)[1:]
    if [cell.column for cell in amounts] != columns or not fund_of(lead[0].text):
        return False
    return all(read_money(Printed(cell.text, None), None) is not None for cell in amounts)


def _of_project(table: Table, first: int, name: Cell) -> Table:
    """Return the cells left of the projects, and those of one project moved to the first one's place."""
    last = name.column + name.colspan
    cells = []
    for cell in table.cells:
        ends = cell.column + cell.colspan
        if cell.column < first:
            cells.append(replace(cell, colspan=min(cell.colspan, first + name.colspan - cell.column)))
        elif cell.column < last and ends > name.column:
            begins, end = max(cell.column, name.column), min(ends, last)
            moved = _at(cell, cell.row, first + begins - name.column)
            cells.append(replace(moved, colspan=end - begins))
    return replace(table, columns=first + name.colspan - 1, cells=tuple(cells))
