"""Tables taken apart: each form stands alone, and the titles printed inside its table are lines above it.

Sheets saved as a page, and Word files whose paragraphs were removed, print many forms in one table. A part keeps the
number of its table and the rows of its cells, so that what it states is quoted from where it is printed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from ..grid import Grid
from ..model import Line
from .bodies import read_coded_body
from .columns import columns_at
from .labels import fields_of, inline_field, is_any_label, is_section_heading
from .ledger import printed
from .side_by_side import sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Cell, Table
    from .ledger import Ledger

_NAMES_PROJECT: Final = frozenset({JX.projectName, JX.projectCode})
_ABOVE_PROJECT: Final = _NAMES_PROJECT | {JX.declaredBy, JX.Department, JX.moneyUnit, JX.fiscalYear}
"""Fields that a form may print above the name of its project."""
_ENDS_SENTENCES: Final = ("。", "；", ";")


def take_apart(table: Table, ledger: Ledger) -> Iterator[Table]:
    """Yield the parts of a table that print one form each, their titles as lines before them."""
    for side in sides_of(table):
        yield from _stacked(side, ledger)


def _stacked(table: Table, ledger: Ledger) -> Iterator[Table]:
    grid, lines = Grid(table), table.before
    for rows in _forms(grid):
        titles = list(_titles(grid, rows))
        last_title = max((cell.row for cell in titles), default=rows.start - 1)
        cells = tuple(cell for cell in table.cells if last_title < cell.row < rows.stop)
        if not cells:
            yield replace(table, before=lines)
            return
        for cell in titles:
            ledger.label(table, cell)
        lines = (*lines, *(Line(cell.text.strip(), cell.place) for cell in titles))
        yield replace(table, rows=rows.stop - 1, cells=cells, before=lines)
        lines = ()


# --- titles -------------------------------------------------------------------------------------------------


def _titles(grid: Grid, rows: range) -> Iterator[Cell]:
    """Yield the cells of the rows a form begins with that print one text and no label: its titles, and prose."""
    in_section = False
    for row in rows:
        texts = _texts(grid, row)
        if not texts:
            continue
        alone = len(texts) == 1 and texts[0].row == row
        if not alone or not _is_line(grid, texts[0], in_section=in_section):
            return
        in_section = in_section or is_section_heading(texts[0].text)
        yield texts[0]


def _texts(grid: Grid, row: int) -> list[Cell]:
    return [cell for cell in grid.row(row) if cell.text.strip()]


def _is_line(grid: Grid, cell: Cell, *, in_section: bool = False) -> bool:
    """Return whether a cell alone in its row is a heading or a text: no field, no unit with its code.

    The prose of a section may begin with a label: 总体目标：…
    """
    if is_section_heading(cell.text):
        return True
    stated = printed(grid.table, cell)
    if is_any_label(cell.text) or read_coded_body(stated) is not None:
        return False
    inline = inline_field(cell.text)
    return inline is None or (in_section and JX.moneyUnit not in inline.fields)


# --- where another form begins ------------------------------------------------------------------------------


def _forms(grid: Grid) -> Iterator[range]:
    """Yield the rows of each form: a project that is named below indicators begins another."""
    first, below_indicators = 1, False
    for row in grid.rows():
        if columns_at(grid, row) is not None:
            below_indicators = True
        elif below_indicators and _names_project(grid, row):
            begin = _begin(grid, row, first + 1)
            yield range(first, begin)
            first, below_indicators = begin, False
    yield range(first, grid.table.rows + 1)


def _names_project(grid: Grid, row: int) -> bool:
    """Return whether a label of a project's name or code stands in a row, its value beside it."""
    cells = [cell for cell in grid.row(row) if cell.row == row]
    inline = [inline_field(cell.text) for cell in cells]
    if any(pair is not None and pair.value and _NAMES_PROJECT & set(pair.fields) for pair in inline):
        return True
    return any(
        _NAMES_PROJECT & set(fields_of(label.text)) and value.text.strip() and not is_any_label(value.text)
        for label, value in pairwise(cells)
    )


def _begin(grid: Grid, row: int, least: int) -> int:
    """Return the first row of the form whose project is named in a row."""
    while row > least and _opens_form(grid, row - 1):
        row -= 1
    return row


def _opens_form(grid: Grid, row: int) -> bool:
    """Return whether a row above the project's name belongs to its form: blank, a title, or who declares."""
    texts = _texts(grid, row)
    if any(cell.row != row for cell in texts):
        return False
    if len(texts) == 1 and _is_line(grid, texts[0]):
        return not texts[0].text.strip().endswith(_ENDS_SENTENCES)
    return all(_says_who(grid, cell) for cell in texts[:1])


def _says_who(grid: Grid, cell: Cell) -> bool:
    inline = inline_field(cell.text)
    meant = {*fields_of(cell.text), *(inline.fields if inline else ())}
    return bool(meant & _ABOVE_PROJECT) or read_coded_body(printed(grid.table, cell)) is not None
