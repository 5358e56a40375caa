"""From the tables of a document to its forms: which table opens one, which goes on, which is none.

Text dumps print a form as one table; Word files often as two with nothing between them. A table of indicators
under a heading that names a project is a form too; one without any project is skipped, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from ..grid import Grid
from ..model import Line, TableReading, Wording
from . import wide_table
from .bodies import read_coded_body
from .columns import find_columns
from .form import Form
from .header_block import HeaderBlock, read_header_block
from .headings import read_heading
from .indicator_rows import IndicatorTable, read_indicator_table
from .labels import inline_field, is_any_label
from .ledger import Ledger, printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Cell, Document, Table
    from .columns import Columns

_NO_LABELS: Final = Wording("没有识别出绩效目标表的栏目", "it has no labels of a table of targets")
_NO_PROJECT: Final = Wording("指标表上方没有项目", "it has indicators, and no project stands above them")


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a document, and what became of each of its tables."""

    forms: tuple[Form, ...]
    readings: tuple[TableReading, ...]


def read_forms(document: Document, ledger: Ledger) -> Forms:
    """Read each table as a form, as the indicators of the form above it, or skip it with the reason."""
    forms: list[Form] = []
    readings = [_take(table, forms, ledger) for table in document.tables]
    return Forms(tuple(forms), tuple(_with_whole_forms(readings, forms)))


def _take(table: Table, forms: list[Form], ledger: Ledger) -> TableReading:
    grid = Grid(table)
    columns = find_columns(grid)
    if columns is not None and JX.projectName in columns.fields:
        lines = (*table.before, *_titles(grid, range(1, columns.first_row), ledger))
        found = wide_table.read(grid, columns, lines, ledger)
        forms += found
        return TableReading(table, wide_table.LAYOUT)
    above = list(range(1, columns.first_row)) if columns else list(grid.rows())
    titles = _titles(grid, above, ledger)
    above = above[len(titles) :]
    if not read_header_block(grid, above, Ledger()).says_anything:
        above = []
    lines = (*table.before, *titles)
    heading = read_heading(lines)
    header = read_header_block(grid, above, ledger)
    opens = header.names_a_project or heading.of_department
    if columns is None and not opens:
        return TableReading(table, None, skipped=_NO_LABELS)
    if columns is not None and not opens and _goes_on(forms, table):
        return _continue(grid, columns, forms, ledger)
    if not opens and heading.project is None:
        return TableReading(table, None, skipped=_NO_PROJECT)
    indicators = read_indicator_table(grid, columns, ledger) if columns else None
    below = _below(grid, columns, indicators)
    header = _joined(header, read_header_block(grid, below, ledger)) if below else header
    form = Form((table,), header, indicators, heading, "form", lines)
    forms.append(replace(form, layout=_layout(form)))
    return TableReading(table, forms[-1].layout)


def _titles(grid: Grid, rows: Sequence[int], ledger: Ledger) -> list[Line]:
    """Return the rows a table begins with that print one text over their whole width and no label: its titles.

    Web pages and exported sheets have their headings inside the table.
    """
    titles: list[Line] = []
    for row in rows:
        cells = [cell for cell in grid.row(row) if cell.row == row and cell.text.strip()]
        if len(grid.row(row)) != 1 or len(cells) != 1 or _is_field(grid, cells[0]):
            break
        titles.append(Line(cells[0].text.strip(), cells[0].place))
        ledger.label(grid.table, cells[0])
    return titles


def _is_field(grid: Grid, cell: Cell) -> bool:
    """Return whether a cell prints a label, a label with its value, or a unit with its code."""
    stated = printed(grid.table, cell)
    return (
        is_any_label(cell.text) or inline_field(cell.text) is not None or read_coded_body(stated) is not None
    )


def _layout(form: Form) -> str:
    if form.is_of_department:
        return "department"
    if form.evaluates:
        return "self-evaluation"
    places = form.indicators and any(
        value.column.place for row in form.indicators.rows for value in row.values
    )
    return "matrix" if places else "form"


def _below(grid: Grid, columns: Columns | None, indicators: IndicatorTable | None) -> list[int]:
    """Return the rows under the last indicator: a total score, remarks, approvals."""
    if columns is None or indicators is None:
        return []
    last = max((row.row for row in indicators.rows), default=columns.last_row)
    return list(range(last + 1, grid.table.rows + 1))


def _joined(above: HeaderBlock, below: HeaderBlock) -> HeaderBlock:
    """Return the block above the indicators with what stands below them added."""
    values = {name: (*above.values.get(name, ()), *pairs) for name, pairs in below.values.items()}
    return replace(above, values={**above.values, **values}, fields=above.fields | below.fields)


def _goes_on(forms: list[Form], table: Table) -> bool:
    """Return whether a table of indicators follows a form with nothing between them: its own, or more of them."""
    above = forms[-1] if forms else None
    return above is not None and above.tables[-1].number == table.number - 1 and not table.before


def _continue(grid: Grid, columns: Columns, forms: list[Form], ledger: Ledger) -> TableReading:
    above, table = forms[-1], grid.table
    read = read_indicator_table(grid, columns, ledger)
    below = _below(grid, columns, read)
    indicators = _with_more(above.indicators, read)
    header = _joined(above.header, read_header_block(grid, below, ledger)) if below else above.header
    form = replace(above, tables=(*above.tables, table), header=header, indicators=indicators)
    forms[-1] = replace(form, layout=_layout(form))
    return TableReading(table, forms[-1].layout, continues=above.tables[-1].number)


def _with_more(above: IndicatorTable | None, below: IndicatorTable) -> IndicatorTable:
    """Return the indicators of a form with those of a table that goes on from it, its header printed again."""
    if above is None:
        return below
    return IndicatorTable(above.fields | below.fields, (*above.rows, *below.rows))


def _with_whole_forms(readings: list[TableReading], forms: list[Form]) -> list[TableReading]:
    """State on the table that opens a form what the whole form prints, continuations included."""
    opening = {form.tables[0].number: form for form in forms}
    return [
        replace(reading, fields=form.fields, money_unit=form.money_unit, layout=form.layout)
        if (form := opening.get(reading.table.number)) is not None
        else reading
        for reading in readings
    ]
