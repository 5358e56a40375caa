"""The table of indicators: its header row says what each column is, and each row below is one indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from .labels import fields_of
from .ledger import Ledger, printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import URIRef

    from ..grid import Grid
    from ..model import Cell, Printed

_LEVELS = (JX.level1, JX.level2)
_COMPARATORS = frozenset("≥≧≤≦><=＝═＞＜") | {"大于等于", "小于等于", "大于", "小于", "等于"}
_POLARITIES = frozenset({"正向", "反向", "正向指标", "反向指标", "定性"})


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of a table of indicators: what each column that the table has prints for it."""

    row: int
    texts: Mapping[URIRef, Printed]


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """The rows of a table of indicators, and the fields its header prints."""

    header_row: int
    fields: frozenset[URIRef]
    rows: tuple[IndicatorRow, ...]


def find_indicator_header(grid: Grid) -> int | None:
    """Return the number of the row that heads the indicators, or None where a table has none."""
    return next((row for row in grid.rows() if _is_header(grid.row(row))), None)


def _is_header(cells: list[Cell]) -> bool:
    """Return whether a row names the columns of indicators: their names, what they must reach, and a level."""
    meant = {name for cell in cells for name in fields_of(cell.text)}
    return {JX.rawText, JX.name} <= meant and bool(meant & set(_LEVELS))


def fields_of_header(grid: Grid, header_row: int) -> frozenset[URIRef]:
    """Return all fields that the cells of the header row may mean."""
    return frozenset(name for cell in grid.row(header_row) for name in fields_of(cell.text))


def read_indicator_table(grid: Grid, header_row: int, ledger: Ledger) -> IndicatorTable:
    """Read all rows below the header row as indicators."""
    columns = dict(_columns(grid, header_row, ledger))
    rows: list[IndicatorRow] = []
    for row in range(header_row + 1, grid.table.rows + 1):
        cells = grid.row(row)
        if _is_header(cells):
            _skip_repeated_header(cells, grid, ledger)
        elif len(cells) > 1 and any(cell.text.strip() for cell in cells):
            texts = dict(_texts(grid, row, columns, ledger))
            rows.append(IndicatorRow(row, _levels_carried_down(texts, rows)))
    return IndicatorTable(header_row, frozenset(columns), tuple(rows))


def _skip_repeated_header(cells: list[Cell], grid: Grid, ledger: Ledger) -> None:
    for cell in cells:
        ledger.label(grid.table, cell)


def _columns(grid: Grid, header_row: int, ledger: Ledger) -> Iterator[tuple[URIRef, int]]:
    taken: set[URIRef] = set()
    for cell in grid.row(header_row):
        meant = [name for name in fields_of(cell.text) if name not in taken]
        if not meant:
            continue
        name = meant[0] if len(meant) == 1 else _by_content(meant, grid, header_row, cell.column)
        taken.add(name)
        ledger.label(grid.table, cell)
        yield name, cell.column


def _by_content(meant: list[URIRef], grid: Grid, header_row: int, column: int) -> URIRef:
    """Return what a column is whose header means two things: comparator and polarity swap names by province."""
    below = (grid.at(row, column) for row in range(header_row + 1, grid.table.rows + 1))
    texts = {cell.text.strip() for cell in below if cell is not None}
    if JX.comparator in meant and texts & _COMPARATORS:
        return JX.comparator
    if JX.direction in meant and texts & _POLARITIES:
        return JX.direction
    return meant[0]


def _texts(
    grid: Grid, row: int, columns: Mapping[URIRef, int], ledger: Ledger
) -> Iterator[tuple[URIRef, Printed]]:
    for name, column in columns.items():
        cell = grid.at(row, column)
        if cell is None:
            continue
        yield name, ledger.stated(grid.table, cell) if cell.text.strip() else printed(grid.table, cell)


def _levels_carried_down(texts: dict[URIRef, Printed], above: list[IndicatorRow]) -> Mapping[URIRef, Printed]:
    """Return the texts with a blank level filled from the row above; the quote stays that of the printed cell.

    A blank level 2 is filled only within one level 1: under a new one it is blank.
    """
    if not above:
        return texts
    last = above[-1].texts
    new_level1 = bool(JX.level1 in texts and texts[JX.level1].text.strip())
    for name in _LEVELS:
        if name not in texts or texts[name].text.strip() or name not in last:
            continue
        if name == JX.level1 or not new_level1:
            texts[name] = last[name]
    return texts
