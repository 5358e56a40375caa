"""From the tables of a document to its forms: which table opens one, which goes on, which is none.

Text dumps print a form as one table; Word files often as two with nothing between them. A table of indicators
under a heading that names a project is a form too; one without any project is skipped, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rdflib import URIRef

from ontology.namespaces import JX

from ..grid import Grid
from ..model import TableReading, Wording
from . import wide_table
from .columns import find_columns
from .form import Form
from .header_block import HeaderBlock, read_header_block
from .headings import read_heading
from .indicator_rows import IndicatorTable, read_indicator_table
from .ledger import Ledger
from .stacking import take_apart

if TYPE_CHECKING:
    from ..model import Document, Table
    from .columns import Columns

_NO_LABELS: Final = Wording("没有识别出绩效目标表的栏目", "it has no labels of a table of targets")
_NO_ROW_NAMES_A_PROJECT: Final = Wording("没有一行写明项目", "no row names a project")
_NO_PROJECT: Final = Wording("指标表上方没有项目", "it has indicators, and no project stands above them")


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a document, and what became of each of its tables."""

    forms: tuple[Form, ...]
    readings: tuple[TableReading, ...]
    document: Document
    """The document with its tables taken apart: a table for each form, titles as lines."""


def read_forms(document: Document, ledger: Ledger) -> Forms:
    """Read each table as a form, as several, as indicators of the form above it, or skip it with the reason."""
    forms: list[Form] = []
    readings: list[TableReading] = []
    parts: list[Table] = []
    for table in document.tables:
        apart = list(take_apart(table, ledger))
        told = [_take(part, table, forms, ledger) for part in apart]
        readings.append(_of_whole_table(table, told))
        parts += apart
    return Forms(
        tuple(forms), tuple(_with_whole_forms(readings, forms)), replace(document, tables=tuple(parts))
    )


def _of_whole_table(table: Table, parts: list[TableReading]) -> TableReading:
    """Return what became of a table: it is read where one of its parts is."""
    told = next((part for part in parts if part.layout is not None), parts[0])
    return replace(told, table=table)


def _take(table: Table, whole: Table, forms: list[Form], ledger: Ledger) -> TableReading:
    grid = Grid(table)
    columns = find_columns(grid)
    if columns is not None and JX.projectName in columns.fields:
        found = wide_table.read(grid, columns, table.before, ledger)
        forms += found
        return (
            TableReading(table, wide_table.LAYOUT)
            if found
            else TableReading(table, None, skipped=_NO_ROW_NAMES_A_PROJECT)
        )
    above = list(range(1, columns.first_row)) if columns else list(grid.rows())
    if not read_header_block(grid, above, Ledger()).says_anything:
        above = []
    heading = read_heading(table.before)
    header = read_header_block(grid, above, ledger)
    opens = header.names_a_project or heading.of_department
    if columns is None and not opens:
        return TableReading(table, None, skipped=_NO_LABELS)
    if columns is not None and not opens and _goes_on(forms, whole):
        return _continue(grid, columns, forms, ledger)
    if not opens and heading.project is None:
        return TableReading(table, None, skipped=_NO_PROJECT)
    indicators = read_indicator_table(grid, columns, ledger) if columns else None
    below = _below(grid, columns, indicators)
    header = _joined(header, read_header_block(grid, below, ledger)) if below else header
    form = Form((table,), header, indicators, heading, "form", table.before)
    forms.append(replace(form, layout=_layout(form)))
    return TableReading(table, forms[-1].layout)


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
    """Return the readings, each with the fields of the forms that its table opens, continuations included."""
    opening: dict[int, list[Form]] = defaultdict(list)
    for form in forms:
        opening[form.tables[0].number].append(form)
    return [_with_fields(reading, opening[reading.table.number]) for reading in readings]


def _with_fields(reading: TableReading, forms: list[Form]) -> TableReading:
    if not forms:
        return reading
    fields = frozenset[URIRef]().union(*(form.fields for form in forms))
    money_unit = next((form.money_unit for form in forms if form.money_unit), None)
    return replace(reading, fields=fields, money_unit=money_unit, layout=forms[0].layout)
