"""The grid family: one wide table, a row for each indicator, the project's columns merged, blank or repeated below.

Rows that name no indicator are totals of a department, or the units that the projects below belong to: they create
no project.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from .bodies import read_body, with_code
from .form import Form
from .header_block import HeaderBlock
from .headings import Heading
from .indicator_rows import IndicatorTable, numbers_columns, read_indicator_table
from .ledger import Ledger, printed
from .money import money_unit, unit_in_label
from .money_rows import Labelled, MoneyRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import URIRef

    from ontology.units import Unit

    from ..grid import Grid
    from ..model import Body, Cell, Line
    from .columns import Columns

LAYOUT: Final = "grid"
"""Slug in `jxc:layout/`."""
_BODIES: Final = frozenset({JX.declaredBy, JX.Department, JX.unitCode})
_SPENT: Final = frozenset({JX.initialAmount, JX.adjustedAmount, JX.executedAmount, JX.executionRate})
_OF_INDICATOR: Final = frozenset(
    {
        JX.level1, JX.level2, JX.name, JX.description, JX.comparator, JX.direction, JX.unit, JX.basis, JX.weight,
        JX.scoringStandard, JX.actualText, JX.score, JX.deviationReason, JX.hasIndicator,
    }
)  # fmt: skip


def read(grid: Grid, columns: Columns, lines: tuple[Line, ...], ledger: Ledger) -> list[Form]:
    """Return a form for each project of a wide table, `lines` being those above it; none where none is named."""
    starts = list(_starts(grid, columns))
    if not starts:
        return []
    table = read_indicator_table(grid, columns, ledger)
    _account_for_totals(grid, columns, ledger)
    ends = [*starts[1:], grid.last_row + 1]
    return [
        _form(grid, columns, table, range(start, end), lines, ledger)
        for start, end in zip(starts, ends, strict=True)
    ]


def read_on(grid: Grid, columns: Columns, above: Form, ledger: Ledger) -> list[Form]:
    """Return the last form of the page above with its indicators on this one, and the forms that begin here."""
    begun = read(grid, columns, above.lines, ledger)
    [row.row for form in begun if form.indicators for row in form.indicators.rows]
    first = min(
        (row.row for form in begun if form.indicators for row in form.indicators.rows),
        default=grid.last_row + 1,
    )
    table = read_indicator_table(grid, columns, ledger)
    rest = replace(table, rows=tuple(row for row in table.rows if row.row < first))
    if above.indicators is None or not rest.rows:
        return [above, *begun]
    going_on = replace(above, tables=(*above.tables, grid.table), indicators=above.indicators.and_then(rest))
    return [going_on, *begun]


def _starts(grid: Grid, columns: Columns) -> Iterator[int]:
    """Yield the rows in which a project begins: its name is printed there, and is not that of the row above again."""
    last: tuple[str, ...] = ()
    for row in range(columns.last_row + 1, grid.last_row + 1):
        name = grid.at(row, columns.fields[JX.projectName])
        if (
            name is None
            or name.row != row
            or not name.text.strip()
            or not _states_an_indicator(grid, columns, row)
        ):
            continue
        if numbers_columns(grid.texts(row)):
            continue
        told = tuple(_texts_of_project(grid, columns, row))
        if told != last:
            yield row
        last = told


def _texts_of_project(grid: Grid, columns: Columns, row: int) -> Iterator[str]:
    """Yield what a row says of its project: the cells of all columns that are not of its indicator."""
    for name, column in columns.fields.items():
        cell = grid.at(row, column)
        if name not in _OF_INDICATOR and cell is not None:
            yield cell.text.strip()


def _account_for_totals(grid: Grid, columns: Columns, ledger: Ledger) -> None:
    """Account for rows without an indicator: totals of a department, which create no project."""
    for row in range(columns.last_row + 1, grid.last_row + 1):
        if not _states_an_indicator(grid, columns, row):
            for cell in grid.beginning(row):
                ledger.other(grid.table, cell)


def _states_an_indicator(grid: Grid, columns: Columns, row: int) -> bool:
    """Return whether a row has the name of an indicator, in a cell that is not the project's."""
    project = grid.at(row, columns.fields[JX.projectName])
    names = (grid.at(row, group.fields[JX.name]) for group in columns.groups)
    return any(cell is not None and cell is not project and cell.text.strip() for cell in names)


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
        for row in rows:
            repeated = grid.at(row, column)
            if repeated is not None and repeated.text.strip():
                ledger.stated(grid.table, repeated)
        told = ledger.stated(grid.table, cell) if cell.text.strip() else printed(grid.table, cell)
        values[name] = (Labelled(printed(grid.table, _label_of(columns, column) or cell), told),)
    header = HeaderBlock(
        values=values,
        money=_money(values),
        body=_unit_above(grid, columns, rows.start) if columns.mixed else None,
        money_unit=_money_unit(columns),
        fields=frozenset(columns.fields),
    )
    indicators = replace(table, rows=tuple(row for row in table.rows if row.row in rows), total=None)
    return Form((grid.table,), header, indicators, Heading(), LAYOUT, lines)


def _label_of(columns: Columns, column: int) -> Cell | None:
    heads = [head for head in columns.headers if head.column <= column < head.column + head.colspan]
    return heads[-1] if heads else None


def _money(values: dict[URIRef, tuple[Labelled, ...]]) -> tuple[MoneyRow, ...]:
    """Return the money planned and spent, where the table has columns for it: the total of the project."""
    told = {name: pairs[0] for name, pairs in values.items() if name in _SPENT}
    return (MoneyRow(None, None, told),) if JX.executedAmount in told else ()


def _body_above(grid: Grid, column: int, rows: range) -> Cell | None:
    """Return the cell that names the body of a project: of its first row, or above where that is blank.

    A unit is printed once for all its projects; blank cells below it mean the same unit.
    """
    cell = grid.at(rows.start, column)
    if cell is None or cell.text.strip():
        return cell
    above = (grid.at(row, column) for row in range(rows.start - 1, 0, -1))
    return next((found for found in above if found is not None and found.text.strip()), cell)


def _unit_above(grid: Grid, columns: Columns, start: int) -> Body | None:
    """Return the unit that stands in a row of its own above a project, in the column of the projects."""
    for row in range(start - 1, columns.last_row, -1):
        cell = grid.at(row, columns.fields[JX.projectName])
        if cell is not None and cell.text.strip() and not _states_an_indicator(grid, columns, row):
            code = columns.fields.get(JX.unitCode, columns.fields.get(JX.projectCode, 0))
            coded = grid.at(row, code)
            body = read_body(printed(grid.table, cell))
            return with_code(body, printed(grid.table, coded)) if body and coded is not None else body
    return None


def _money_unit(columns: Columns) -> Unit | None:
    for head in columns.headers:
        unit = unit_in_label(head.text) or money_unit(head.text)
        if unit is not None:
            return unit
    return None
