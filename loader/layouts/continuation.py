"""Tables that go on from the one above without its header: a page ended between them.

The columns are those above, moved to the left or right where a merged caption is printed once only. Which of these
fits is told by what the cells hold: words for levels stand under levels, names and values under theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX
from ontology.vocabulary import normalise_label

from . import column_content as content
from . import levels

if TYPE_CHECKING:
    from ..grid import Grid
    from .columns import Columns

_SHIFTS: Final = (0, -1, 1, -2, 2)
_LEVELS: Final = (JX.level1, JX.level2)


def columns_going_on(grid: Grid, above: Columns) -> Columns | None:
    """Return the columns of a table without a header that goes on from another; None where its cells do not fit."""
    for shift in _SHIFTS:
        moved = _moved(above, shift, 0)
        if moved is not None and _fits(grid, moved):
            return moved
    return None


def columns_again(grid: Grid, columns: Columns, grid_above: Grid, above: Columns) -> Columns:
    """Return the columns of the table above, where it has the same heads: its rows may tell more of a blank one."""
    if columns.beside is not None or _heads(grid, columns) != _heads(grid_above, above):
        return columns
    return replace(columns, fields=above.fields, values=above.values, others=above.others)


def _heads(grid: Grid, columns: Columns) -> list[tuple[int, str]]:
    return [(cell.column, normalise_label(cell.text)) for cell in grid.row(columns.last_row)]


def columns_below_block(grid: Grid, above: Columns) -> Columns | None:
    """Return the columns of a form that prints no header, because the form above it in the table has one.

    Its indicators begin where a word for a level stands in the column of levels.
    """
    column = next((above.fields[name] for name in _LEVELS if name in above.fields), 0)
    begin = next((row for row in grid.rows() if _is_level_at(grid, row, column)), 0)
    moved = _moved(above, 0, begin - 1) if begin > 1 else None
    return replace(moved, first_row=begin) if moved is not None and _fits(grid, moved) else None


def _is_level_at(grid: Grid, row: int, column: int) -> bool:
    cell = grid.at(row, column)
    return cell is not None and cell.row == row and levels.is_level(cell.text)


def _moved(columns: Columns, shift: int, header: int) -> Columns | None:
    fields = {name: column + shift for name, column in columns.fields.items() if name != JX.hasIndicator}
    if shift and columns.beside is not None:
        return None
    if min(fields.values()) < 1:
        return None
    return replace(
        columns,
        first_row=header,
        last_row=header,
        fields=fields,
        values=tuple(replace(value, column=value.column + shift) for value in columns.values),
        headers=(),
        others=tuple(column + shift for column in columns.others),
    )


def _fits(grid: Grid, columns: Columns) -> bool:
    """Return whether levels stand under levels and nowhere else, and each row has a name or a value."""
    told = {
        name: content.texts_below(grid, columns.last_row, column) for name, column in columns.fields.items()
    }
    of_levels = [told[name] for name in _LEVELS if name in told]
    if not any(of_levels) or not all(content.are_levels(texts) for texts in of_levels if texts):
        return False
    if content.are_levels(told[JX.name]) or not told[JX.name]:
        return False
    values = [content.texts_below(grid, columns.last_row, value.column) for value in columns.values]
    return any(values) and not any(levels.is_level(text) for texts in values for text in texts)
