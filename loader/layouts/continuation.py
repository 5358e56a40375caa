"""Tables that go on from the one above, with its header again or without one: a page ended between them.

The columns are those above, moved to the left or right where a merged caption is printed once only. Which of these
fits is told by what the cells hold: words for levels stand under levels, names and values under theirs. Where the
page ended within a group its levels are blank, and the rows are cut as those above are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import column_content as content
from . import levels
from .columns import as_compared
from .headers import header_rows, heads_of
from .labels import is_any_label, is_other_label, is_total

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell
    from .columns import Columns

_SHIFTS: Final = (0, -1, 1, -2, 2)
_LEVELS: Final = (JX.level1, JX.level2)


def columns_going_on(grid: Grid, above: Columns, row_above: Sequence[Cell]) -> Columns | None:
    """Return the columns of a table that goes on from another, whose last row of an indicator is `row_above`.

    None where neither its header is the one above again, nor its cells fit below that.
    """
    cut = [
        (columns, {cell.column + shift for cell in row_above}) for shift, columns in _cut_on_the_left(above)
    ]
    again = (columns_of_header_again(grid, row, columns) for row in grid.rows() for columns, _ in cut)
    if (found := next((columns for columns in again if columns is not None), None)) is not None:
        return found
    for shift in _SHIFTS:
        moved = _moved(above, shift, 0)
        if moved is not None and (shift <= 0 or _has_room(grid, moved)) and _fits(grid, moved):
            return moved
    return next((columns for columns, begins in cut if _goes_on_in_group(grid, columns, begins)), None)


def _cut_on_the_left(above: Columns) -> Iterator[tuple[int, Columns]]:
    """Yield columns as they are, and moved over blank levels on the left, which sheets do not count to a table."""
    for shift in (0, -1, -2):
        moved = _moved(above, shift, 0, may_lose=_LEVELS)
        if moved is not None:
            yield shift, moved


def columns_of_header_again(grid: Grid, row: int, above: Columns) -> Columns | None:
    """Return the columns above where a row prints the same header again, whatever stands below it; None elsewhere."""
    rows = header_rows(grid, row)
    heads = heads_of(grid, rows) if rows is not None else []
    if rows is None or above.beside is not None or as_compared(heads) != _heads_in_table(above):
        return None
    known = {*above.fields.values(), *above.others, *(value.column for value in above.values)}
    cells = [cell for head in heads if known & set(head.columns) for cell in (head.over, head.cell)]
    headers = tuple(cell for cell in cells if cell is not None)
    return replace(above, first_row=rows.start, last_row=rows.stop - 1, headers=headers)


def columns_again(columns: Columns, above: Columns) -> Columns:
    """Return the columns of the table above, where it has the same heads: its rows may tell more of a blank one."""
    if columns.beside is not None:
        return columns
    for each in (above, *(moved for _, moved in _cut_on_the_left(above))):
        if columns.heads == _heads_in_table(each):
            return replace(columns, fields=each.fields, values=each.values, others=each.others)
    return columns


def _heads_in_table(columns: Columns) -> tuple[tuple[int, str], ...]:
    """Return the heads without blank ones over the left edge, which are no cells of the table."""
    return tuple((column, label) for column, label in columns.heads if column > 0 or label)


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


def _moved(columns: Columns, shift: int, header: int, may_lose: Collection[URIRef] = ()) -> Columns | None:
    """Return columns moved to the right; None where one goes over the left edge that may not be lost there."""
    fields = {name: column + shift for name, column in columns.fields.items() if name != JX.hasIndicator}
    if shift and columns.beside is not None:
        return None
    if any(column < 1 and name not in may_lose for name, column in fields.items()):
        return None
    return replace(
        columns,
        first_row=header,
        last_row=header,
        fields=fields,
        values=tuple(replace(value, column=value.column + shift) for value in columns.values),
        headers=(),
        others=tuple(column + shift for column in columns.others),
        heads=tuple((column + shift, label) for column, label in columns.heads),
    )


def _has_room(grid: Grid, columns: Columns) -> bool:
    """Return whether a table is as wide as columns moved to the right need: a caption made it wider."""
    needed = (*columns.fields.values(), *(value.column for value in columns.values), *columns.others)
    return max(needed) <= grid.table.columns


def _fits(grid: Grid, columns: Columns) -> bool:
    """Return whether levels stand under levels and nowhere else, and each row has a name or a value."""
    told = {name: _texts(grid, columns, column) for name, column in columns.fields.items()}
    of_levels = [told[name] for name in _LEVELS if name in told]
    if not any(of_levels) or not all(content.are_levels(texts) for texts in of_levels if texts):
        return False
    if content.are_levels(told[JX.name]) or not told[JX.name]:
        return False
    values = [_texts(grid, columns, value.column) for value in columns.values]
    return any(values) and not any(levels.is_level(text) for texts in values for text in texts)


def _goes_on_in_group(grid: Grid, columns: Columns, cut: Collection[int]) -> bool:
    """Return whether a table goes on with indicators of the group above, or of a level that is still the one above.

    Its first row leaves a level blank; every row prints a name and values, and is cut as the one above: its cells
    begin in the columns of `cut`.
    """
    rows = _own_rows(grid, columns)
    cells = [cell for row in rows for cell in grid.texts(row)]
    if (
        not rows
        or not {cell.column for cell in cells} <= set(cut)
        or any(is_any_label(cell.text) for cell in cells)
    ):
        return False
    if all(_printed_at(grid, 1, columns.fields[name]) for name in _LEVELS if name in columns.fields):
        return False
    return _levels_stand_alone(grid, columns) and all(_states_a_target(grid, columns, row) for row in rows)


def _levels_stand_alone(grid: Grid, columns: Columns) -> bool:
    """Return whether words for levels stand under levels and nowhere else, and nothing else does there."""
    first = {columns.fields[JX.level1]} if JX.level1 in columns.fields else set()
    second = {columns.fields[JX.level2]} if JX.level2 in columns.fields else set()
    others = {*columns.fields.values(), *(value.column for value in columns.values)} - first - second
    return (
        all(levels.is_level(text) for column in first for text in _texts(grid, columns, column))
        and all(levels.is_level2(text) for column in second for text in _texts(grid, columns, column))
        and not any(levels.is_level(text) for column in others for text in _texts(grid, columns, column))
    )


def _states_a_target(grid: Grid, columns: Columns, row: int) -> bool:
    values = [text for value in columns.values if (text := _printed_at(grid, row, value.column))]
    return bool(_printed_at(grid, row, columns.fields[JX.name])) and content.are_short(values)


def _printed_at(grid: Grid, row: int, column: int) -> str:
    cell = grid.at(row, column)
    return cell.text.strip() if cell is not None else ""


def _texts(grid: Grid, columns: Columns, column: int) -> list[str]:
    """Return what a column prints in rows of indicators, each cell once."""
    cells = (cell for row in _own_rows(grid, columns) if (cell := grid.at(row, column)) is not None)
    found = {(cell.row, cell.column): cell.text.strip() for cell in cells}
    return [text for text in found.values() if text]


def _own_rows(grid: Grid, columns: Columns) -> list[int]:
    """Return the rows below a header that may state indicators: those at the end that are remarks do not."""
    rows = list(range(columns.last_row + 1, grid.last_row + 1))
    while rows and (not _is_apart(grid, columns, rows[-1]) or _begins_otherwise(grid, columns, rows[-1])):
        rows.pop()
    return rows


def _begins_otherwise(grid: Grid, columns: Columns, row: int) -> bool:
    """Return whether a row begins with the label of a remark or of a total, or prints one text that is no name.

    A name has cells beside it, blank ones at least; a remark of a text has none.
    """
    texts = grid.texts(row)
    lead = texts[0].text if texts else ""
    unnamed = len(grid.row(row)) == 1 or not _printed_at(grid, row, columns.fields[JX.name])
    alone = len(texts) == 1 and unnamed
    return is_other_label(lead) or is_total(lead) or (alone and not levels.is_level(lead))


def _is_apart(grid: Grid, columns: Columns, row: int) -> bool:
    """Return whether a row has levels, name and values in cells of their own: a remark reaches over them."""
    of_levels = [grid.at(row, columns.fields[level]) for level in _LEVELS if level in columns.fields]
    of_values = [grid.at(row, value.column) for value in columns.values]
    name = grid.at(row, columns.fields[JX.name])
    apart = all(cell is not name for cell in (*of_levels, *of_values) if cell is not None)
    return apart and all(cell is not other for cell in of_levels for other in of_values if cell is not None)
