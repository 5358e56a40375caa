"""Tables taken apart: each form stands alone, and the titles printed inside its table are lines above it.

Sheets saved as a page, and Word files whose paragraphs were removed, print many forms in one table. A part keeps the
number of its table and the rows of its cells, so that what it states is quoted from where it is printed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.vocabulary import normalise_label

from ..grid import Grid
from ..model import Line
from .bodies import read_coded_body
from .columns import columns_at
from .labels import fields_of, inline_field, is_any_label, is_fund, is_section_heading
from .ledger import printed
from .side_by_side import sides_of
from .upright import upright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Cell, Table
    from .ledger import Ledger

_NAMES_PROJECT: Final = frozenset({JX.projectName, JX.projectCode})
_WHO: Final = frozenset({JX.declaredBy, JX.Department, JX.moneyUnit, JX.fiscalYear})
_WHAT_FOR: Final = frozenset({JX.budget, JX.purpose, JX.hasFund, JX.hasGoal, JX.hasMilestone})
_OF_BLOCK: Final = _NAMES_PROJECT | _WHO | _WHAT_FOR | {JXC["horizon/long-term"]}
"""Fields of the block above the indicators of a form, in whatever order it prints them."""
_ENDS_SENTENCES: Final = ("。", "；", ";")


def take_apart(table: Table, ledger: Ledger) -> Iterator[Table]:
    """Yield the parts of a table that print one form each, their titles as lines before them."""
    for each in upright(table):
        for side in sides_of(each):
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
    """Yield the rows of each form."""
    begins = [1, *_begins(grid), grid.table.rows + 1]
    yield from (range(first, behind) for first, behind in pairwise(begins))


def _begins(grid: Grid) -> Iterator[int]:
    """Yield the first row of each form but the first.

    One begins above a project that is named below indicators, and where a form that named its project, and had
    no indicators that are known as such, prints its first label again.
    """
    naming = {row for row in grid.rows() if columns_at(grid, row) is None and _names_project(grid, row)}
    header, named, opening = 0, False, ""
    for row in grid.rows() if len(naming) > 1 else ():
        if columns_at(grid, row) is not None:
            header = row
        elif header and row in naming:
            begin = _begin(grid, row, header + 1)
            yield begin
            header, named, opening = 0, True, _opening(grid, begin, row)
        elif not header and named and opening == _lead_label(grid, row) and row <= max(naming):
            yield _begin(grid, row, row)
            named = row in naming
        else:
            opening = opening or _lead_label(grid, row)
            named = named or row in naming


def _opening(grid: Grid, begin: int, named: int) -> str:
    """Return the first label of a form between its first row and the one that names its project."""
    return next((label for row in range(begin, named + 1) if (label := _lead_label(grid, row))), "")


def _lead_label(grid: Grid, row: int) -> str:
    """Return the label of the block that a row begins with, as it is compared; empty where it begins with none."""
    if not _opens_form(grid, row):
        return ""
    text = _texts(grid, row)[0].text
    return normalise_label(text if inline_field(text) is None else text.replace("：", ":").partition(":")[0])


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


def _begin(grid: Grid, named: int, least: int) -> int:
    """Return the first row of the form whose project is named in a row: titles, then labels of its block."""
    row = next(row for row in range(least, named + 1) if row == named or _opens_form(grid, row))
    while row > 2 and _is_title(grid, row - 1):
        row -= 1
    return row


def _opens_form(grid: Grid, row: int) -> bool:
    """Return whether a row begins with a label that stands above indicators, or says who declares."""
    lead = next(iter(_texts(grid, row)), None)
    if lead is None or lead.row != row:
        return False
    inline = inline_field(lead.text)
    meant = {*fields_of(lead.text), *(inline.fields if inline else ())}
    coded = read_coded_body(printed(grid.table, lead)) is not None
    return coded or any(name in _OF_BLOCK or is_fund(name) for name in meant)


def _is_title(grid: Grid, row: int) -> bool:
    """Return whether a row is blank or prints one text that is no sentence: remarks belong to the form above."""
    texts = _texts(grid, row)
    if len(texts) > 1 or any(cell.row != row for cell in texts):
        return False
    return all(_is_line(grid, cell) and not cell.text.strip().endswith(_ENDS_SENTENCES) for cell in texts)
