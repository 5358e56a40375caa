"""The grid family: one wide table, a row for each indicator, the project's columns merged or blank below its first.

Rows that name no project and no indicator are totals of a department: they create none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from .form import Form
from .header_block import HeaderBlock, Labelled
from .headings import Heading
from .indicator_rows import IndicatorTable, read_indicator_table
from .ledger import Ledger, printed
from .money import money_unit, unit_in_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Cell, Line
    from .columns import Columns

LAYOUT: Final = "grid"
"""Slug in `jxc:layout/`."""
_BODIES: Final = frozenset({JX.declaredBy, JX.Department})
_OF_INDICATOR: Final = frozenset(
    {JX.level1, JX.level2, JX.name, JX.description, JX.comparator, JX.direction, JX.unit, JX.basis, JX.weight}
)


def read(grid: Grid, columns: Columns, lines: tuple[Line, ...], ledger: Ledger) -> list[Form]:
    """Return a form for each project of a wide table, `lines` being those above it; none where none is named."""
    starts = list(_starts(grid, columns))
    if not starts:
        return []
    table = read_indicator_table(grid, columns, ledger)
    _account_for_totals(grid, columns, ledger)
    ends = [*starts[1:], grid.table.rows + 1]
    return [
        _form(grid, columns, table, range(start, end), lines, ledger)
        for start, end in zip(starts, ends, strict=True)
    ]


def _starts(grid: Grid, columns: Columns) -> Iterator[int]:
    """Yield the rows in which a project begins: its name is printed there."""
    for row in range(columns.last_row + 1, grid.table.rows + 1):
        name = grid.at(row, columns.fields[JX.projectName])
        if (
            name is not None
            and name.row == row
            and name.text.strip()
            and _states_an_indicator(grid, columns, row)
        ):
            yield row


def _account_for_totals(grid: Grid, columns: Columns, ledger: Ledger) -> None:
    """Account for rows without an indicator: totals of a department, which create no project."""
    for row in range(columns.last_row + 1, grid.table.rows + 1):
        if not _states_an_indicator(grid, columns, row):
            for cell in grid.row(row):
                if cell.row == row:
                    ledger.other(grid.table, cell)


def _states_an_indicator(grid: Grid, columns: Columns, row: int) -> bool:
    cell = grid.at(row, columns.fields[JX.name])
    return cell is not None and bool(cell.text.strip())


def _form(
    grid: Grid,
    columns: Columns,
    table: IndicatorTable,
    rows: range,
    lines: tuple[Line, ...],
    ledger: Ledger,
) -> Form:
    values: dict[URIRef, tuple[Labelled, ...]] = {}
    for name, column in columns.fields.items():
        cell = _body_above(grid, column, rows) if name in _BODIES else grid.at(rows.start, column)
        if name in _OF_INDICATOR or cell is None:
            continue
        label = next((head for head in columns.headers if head.column == column), cell)
        told = ledger.stated(grid.table, cell) if cell.text.strip() else printed(grid.table, cell)
        values[name] = (Labelled(printed(grid.table, label), told),)
    header = HeaderBlock(values=values, money_unit=_money_unit(columns), fields=frozenset(columns.fields))
    indicators = IndicatorTable(table.fields, tuple(row for row in table.rows if row.row in rows))
    return Form((grid.table,), header, indicators, Heading(), LAYOUT, lines)


def _body_above(grid: Grid, column: int, rows: range) -> Cell | None:
    """Return the cell that names the body of a project: of its first row, or above where that is blank.

    A unit is printed once for all its projects; blank cells below it mean the same unit.
    """
    cell = grid.at(rows.start, column)
    if cell is None or cell.text.strip():
        return cell
    above = (grid.at(row, column) for row in range(rows.start - 1, 0, -1))
    return next((found for found in above if found is not None and found.text.strip()), cell)


def _money_unit(columns: Columns) -> Unit | None:
    for head in columns.headers:
        unit = unit_in_label(head.text) or money_unit(head.text)
        if unit is not None:
            return unit
    return None
