"""The rows of a table of indicators: one indicator each, its levels carried down over blank cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from . import levels
from .columns import Columns, columns_at
from .labels import is_label, is_other_label
from .ledger import Ledger, printed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell, Printed
    from .columns import ValueColumn

_LEVELS = (JX.level1, JX.level2)
# forms.md: 指标1：… numbers the names of one group; a level word may stand before the name, a blank between
_LEVEL_BEFORE_NAME = re.compile(r"^(\S+?指标)[\s　]+(\S.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """One value of a row, and the column that says for which period, grade or place it is."""

    column: ValueColumn
    text: Printed


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of a table of indicators: what each column that the table has prints for it."""

    row: int
    texts: Mapping[URIRef, Printed]
    values: tuple[PrintedValue, ...]


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """The rows of a table of indicators, and the fields its header prints."""

    fields: frozenset[URIRef]
    rows: tuple[IndicatorRow, ...]


def read_indicator_table(
    grid: Grid, columns: Columns, ledger: Ledger, last_row: int | None = None
) -> IndicatorTable:
    """Read the rows below a header as indicators, down to `last_row`."""
    for head in columns.headers:
        ledger.label(grid.table, head)
    rows: list[IndicatorRow] = []
    row = columns.last_row
    while (row := row + 1) <= (last_row or grid.table.rows):
        repeated = columns_at(grid, row)
        if repeated is not None:
            _account_for_header(grid, repeated, ledger)
            row = repeated.last_row
        elif _is_indicator(grid, row, columns):
            rows.append(_read_row(grid, row, columns, rows, ledger))
    return IndicatorTable(frozenset(columns.fields) | {JX.rawText}, tuple(rows))


def _account_for_header(grid: Grid, columns: Columns, ledger: Ledger) -> None:
    for head in columns.headers:
        ledger.label(grid.table, head)


def _is_indicator(grid: Grid, row: int, columns: Columns) -> bool:
    """Return whether a row states an indicator: its name stands in a cell of its own, and something is printed.

    Rows for a total score, remarks or approvals run over the columns of names, levels and values in one cell, or
    begin with a label that is no level.
    """
    name = grid.at(row, columns.fields[JX.name])
    cells = [grid.at(row, value.column) for value in columns.values]
    if name is None or name.row != row:
        return False
    apart = [name, *(grid.at(row, columns.fields[level]) for level in _LEVELS if level in columns.fields)]
    if any(cell is other for cell in cells for other in apart if cell is not None):
        return False
    lead = next((cell for cell in grid.row(row) if cell.row == row and cell.text.strip()), name)
    if not levels.is_level(lead.text) and _opens_remark(lead, name):
        return False
    return any(cell is not None and cell.text.strip() for cell in (name, *cells))


def _opens_remark(lead: Cell, name: Cell) -> bool:
    """Return whether the first text of a row is a label; a name may read like one (预算执行率), and not like 备注."""
    return is_other_label(lead.text) or (lead is not name and is_label(lead.text))


def _read_row(
    grid: Grid, row: int, columns: Columns, above: Sequence[IndicatorRow], ledger: Ledger
) -> IndicatorRow:
    texts = {
        name: text for name, column in columns.fields.items() if (text := _text(grid, row, column, ledger))
    }
    values = tuple(
        PrintedValue(column, text)
        for column in columns.values
        if (text := _text(grid, row, column.column, ledger)) is not None
    )
    return IndicatorRow(row, _with_level_of_name(_levels_carried_down(texts, above)), values)


def _text(grid: Grid, row: int, column: int, ledger: Ledger) -> Printed | None:
    cell = grid.at(row, column)
    if cell is None:
        return None
    return ledger.stated(grid.table, cell) if cell.text.strip() else printed(grid.table, cell)


def _levels_carried_down(
    texts: dict[URIRef, Printed], above: Sequence[IndicatorRow]
) -> dict[URIRef, Printed]:
    """Return the texts with a blank level filled from the row above; the quote stays that of the printed cell.

    A blank level 2 is filled only within one level 1: under a new one it is blank.
    """
    if not above:
        return texts
    last = above[-1].texts
    new_level1 = bool(
        JX.level1 in texts
        and texts[JX.level1].text.strip()
        and (JX.level1 not in last or texts[JX.level1].quote != last[JX.level1].quote)
    )
    for name in _LEVELS:
        if name not in texts or texts[name].text.strip() or name not in last:
            continue
        if name == JX.level1 or not new_level1:
            texts[name] = last[name]
    return texts


def _with_level_of_name(texts: dict[URIRef, Printed]) -> dict[URIRef, Printed]:
    """Return the texts with a level-2 word that is printed before the name taken as the level."""
    name = texts.get(JX.name)
    match = _LEVEL_BEFORE_NAME.match(name.text) if name is not None else None
    if name is None or match is None or not levels.is_level2(match[1]):
        return texts
    return {**texts, JX.level2: replace(name, text=match[1]), JX.name: replace(name, text=match[2])}
