"""From one table to the forms it holds: several one below the other, or side by side.

A form begins anew where a project is named again behind its label: below indicators, or to the right of the first
one where every cell keeps to its side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from .columns import columns_at
from .labels import fields_of, inline_field, is_any_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..grid import Grid
    from ..model import Cell

_NAMES_PROJECT: Final = frozenset({JX.projectName, JX.projectCode})
_OPENS: Final = _NAMES_PROJECT | {JX.Department, JX.declaredBy, JX.moneyUnit, JX.fiscalYear}


def panes_of(grid: Grid) -> list[Grid]:
    """Return the parts of a table that are a form each; the whole of it where it holds one or none."""
    return [pane for side in _sides(grid) for pane in _stacked(side)]


# --- side by side ---------------------------------------------------------------------------------------


def _sides(grid: Grid) -> list[Grid]:
    for row in grid.rows():
        named = [cell for cell in grid.texts(row) if JX.projectName in fields_of(cell.text)]
        if len(named) > 1 and all(_is_clear(grid, cell.column) for cell in named[1:]):
            edges = [grid.columns().start, *(cell.column for cell in named[1:]), grid.columns().stop]
            parts = [range(left, right) for left, right in zip(edges, edges[1:], strict=False)]
            return [grid.part(grid.rows(), columns) for columns in parts]
    return [grid]


def _is_clear(grid: Grid, column: int) -> bool:
    """Return whether no cell spans from the left of a column over it, but for titles of the whole table."""
    for row in grid.rows():
        cell = grid.at(row, column)
        crosses = cell is not None and cell.column < column
        if crosses and len(grid.row(row)) > 1:
            return False
    return True


# --- one below the other ----------------------------------------------------------------------------------


def _stacked(grid: Grid) -> Iterator[Grid]:
    starts = [grid.rows().start, *_later_starts(grid)]
    for first, end in zip(starts, [*starts[1:], grid.rows().stop], strict=True):
        yield grid.part(range(first, end), grid.columns())


def _later_starts(grid: Grid) -> Iterator[int]:
    """Yield the rows in which another form begins: its titles, where it names a project below indicators."""
    has_indicators = False
    for row in grid.rows():
        has_indicators = has_indicators or columns_at(grid, row) is not None
        if has_indicators and _names_project(grid, row):
            yield _first_of(grid, row)
            has_indicators = False


def _names_project(grid: Grid, row: int) -> bool:
    """Return whether a row begins with a label of a project and its value."""
    cells = grid.texts(row)
    for at, label in enumerate(cells):
        value = cells[at + 1] if at + 1 < len(cells) else None
        pair = inline_field(label.text)
        if pair is not None and set(pair.fields) & _NAMES_PROJECT and pair.value:
            return True
        if set(fields_of(label.text)) & _NAMES_PROJECT:
            return value is not None and not is_any_label(value.text)
    return False


def _first_of(grid: Grid, row: int) -> int:
    """Return the row with which the form begins that names its project in this row: titles and bodies stand above."""
    first = row
    while first - 1 > grid.rows().start and _belongs_above(grid, grid.texts(first - 1)):
        first -= 1
    return first


def _belongs_above(grid: Grid, cells: list[Cell]) -> bool:
    """Return whether a row is a title, or says of whom a form is."""
    if not cells:
        return False
    if set(fields_of(cells[0].text)) & _OPENS:
        return True
    pair = inline_field(cells[0].text)
    is_title = len(cells) == 1 and cells[0].column == grid.columns().start
    return is_title if pair is None else bool(set(pair.fields) & _OPENS)
