"""From the tables of a document to its forms: which table opens one, which goes on, which is none.

Text dumps print a form as one table; Word files often as two with nothing between them, and a page may end in the
middle. A table of indicators under a heading that names a project is a form too; one without any project, and a
table that only lists projects and amounts, is skipped, with the reason.
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
from .columns import columns_by_content, find_columns
from .continuation import columns_again, columns_below_block, columns_going_on
from .form import Form
from .header_block import HeaderBlock, read_header_block
from .headings import (
    NO_HEADING,
    Heading,
    goes_on_below,
    horizon_of_lines,
    is_monitoring,
    lines_above,
    lines_of_all_forms,
    read_heading,
)
from .indicator_rows import IndicatorTable, read_indicator_table, read_rest
from .ledger import Ledger
from .stacking import take_apart

if TYPE_CHECKING:
    from ..model import Cell, Document, Line, Table
    from .columns import Columns

_NO_LABELS: Final = Wording("没有识别出绩效目标表的栏目", "it has no labels of a table of targets")
_NO_ROW_NAMES_A_PROJECT: Final = Wording("没有一行写明项目", "no row names a project")
_NO_PROJECT: Final = Wording("指标表上方没有项目", "it has indicators, and no project stands above them")
_NO_TARGETS: Final = Wording(
    "写有项目，没有绩效目标和指标", "it names projects, and has neither goals nor indicators"
)
_MONITORS: Final = Wording(
    "绩效运行监控表，不是目标也不是自评", "it monitors the running year: neither targets nor results"
)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a document, and what became of each of its tables."""

    forms: tuple[Form, ...]
    readings: tuple[TableReading, ...]
    document: Document
    """The document with its tables taken apart: a table for each form, titles as lines."""


def read_forms(document: Document, ledger: Ledger) -> Forms:
    """Read each table as a form, as several, as indicators of the form above it, or skip it with the reason."""
    assembly = _Assembly(ledger)
    for table in document.tables:
        assembly.take(table)
    return assembly.forms_of(document)


class _Assembly:
    """The forms of a document while its tables are read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._forms: list[Form] = []
        self._readings: list[TableReading] = []
        self._parts: list[Table] = []
        self._above_all: tuple[Line, ...] = ()
        """Lines above the table that is read which hold for all of its forms."""

    def forms_of(self, document: Document) -> Forms:
        """Return what was read; a table that names projects and says nothing of their performance is none."""
        speaking = {form.tables[0].number for form in self._forms if _speaks_of_performance(form)}
        empty = {form.tables[0].number for form in self._forms} - speaking
        forms = [
            replace(form, around=document.around)
            for form in self._forms
            if form.tables[0].number not in empty
        ]
        readings = [
            _skipped(reading.table, _NO_TARGETS) if reading.table.number in empty else reading
            for reading in self._readings
        ]
        return Forms(
            tuple(forms),
            tuple(_with_whole_forms(readings, forms)),
            replace(document, tables=tuple(self._parts)),
        )

    def take(self, table: Table) -> None:
        """Read the next table: it is read where one of its parts is."""
        apart = list(take_apart(table, self._ledger))
        self._above_all = lines_of_all_forms(lines_above(apart[0])) if len(apart) > 1 else ()
        told = [self._take_part(part) for part in apart]
        reading = next((each for each in told if each.layout is not None), told[0])
        self._readings.append(replace(reading, table=table))
        self._parts += apart

    def _take_part(self, table: Table) -> TableReading:
        if is_monitoring(lines_above(table)):
            return _skipped(table, _MONITORS)
        grid = Grid(table)
        columns = find_columns(grid)
        if columns is None and (going_on := self._going_on(grid)) is not None:
            return going_on
        columns = columns or self._columns_above(grid) or columns_by_content(grid)
        if columns is not None and JX.projectName in columns.fields:
            found = wide_table.read(grid, columns, lines_above(table), self._ledger)
            self._forms += found
            return (
                TableReading(table, wide_table.LAYOUT) if found else _skipped(table, _NO_ROW_NAMES_A_PROJECT)
            )
        return self._take_form(grid, columns)

    def _columns_above(self, grid: Grid) -> Columns | None:
        """Return the columns of the form above in the same table, for one that prints no header of its own."""
        above = self._forms[-1] if self._forms else None
        if above is None or above.tables[-1].number != grid.table.number or above.indicators is None:
            return None
        return columns_below_block(grid, above.indicators.columns)

    def _take_form(self, grid: Grid, columns: Columns | None) -> TableReading:
        lines = lines_above(grid.table)
        above = list(range(1, columns.first_row) if columns else grid.rows())
        block = read_header_block(grid, above, Ledger())
        above = above if block.says_anything else []
        heading = read_heading(lines)
        opens = block.names_a_project or heading.of_department
        blank = block.leaves_project_blank and heading.project is None and not heading.of_department
        if columns is None and (blank or not opens):
            return _skipped(grid.table, _NO_LABELS)
        if columns is not None and not opens and self._follows(grid.table):
            return self._continue(grid, columns, heading)
        if not opens and heading.project is None:
            return _skipped(grid.table, _NO_PROJECT)
        header = read_header_block(grid, above, self._ledger)
        if columns is not None:
            columns = replace(columns, horizon=columns.horizon or horizon_of_lines(lines))
        indicators = read_indicator_table(grid, columns, self._ledger) if columns else None
        header = _joined(header, self._below(grid, indicators)) if indicators else header
        lines = (*(line for line in self._above_all if line not in lines), *lines)
        form = Form((grid.table,), header, indicators, heading, "form", lines)
        self._forms.append(replace(form, layout=_layout(form)))
        return TableReading(grid.table, self._forms[-1].layout)

    def _below(self, grid: Grid, indicators: IndicatorTable) -> HeaderBlock:
        """Return what stands under the last indicator: remarks, approvals, a score without a column."""
        rows = range(indicators.last_row + 1, grid.last_row + 1)
        return read_header_block(grid, list(rows), self._ledger)

    # --- tables that go on ---

    def _follows(self, table: Table) -> bool:
        """Return whether a table follows a form with nothing between them but page numbers, or its own captions."""
        above = self._forms[-1] if self._forms else None
        if above is None or above.tables[-1].number not in {table.number - 1, table.number}:
            return False
        return goes_on_below(lines_above(table))

    def _continue(self, grid: Grid, columns: Columns, heading: Heading = NO_HEADING) -> TableReading:
        above, table = self._forms[-1], grid.table
        if above.indicators is not None:
            columns = columns_again(columns, above.indicators.columns)
        columns = replace(columns, horizon=columns.horizon or horizon_of_lines(lines_above(table)))
        read = read_indicator_table(grid, columns, self._ledger)
        header = _joined(above.header, self._below(grid, read))
        indicators = read if above.indicators is None else above.indicators.and_then(read)
        goals = replace(above.heading, goals=(*above.heading.goals, *heading.goals))
        form = replace(
            above, tables=(*above.tables, table), header=header, indicators=indicators, heading=goals
        )
        self._forms[-1] = replace(form, layout=_layout(form))
        return TableReading(table, self._forms[-1].layout, continues=above.tables[-1].number)

    def _rest(self, grid: Grid) -> TableReading | None:
        """Read a table that only has what stands under indicators: the total of the scores, remarks, approvals."""
        above = self._forms[-1]
        header = read_header_block(grid, list(grid.rows()), Ledger())
        if above.indicators is None or header.fields - {JX.score, JX.weight, JX.grade}:
            return None
        read = read_rest(grid, above.indicators, self._ledger)
        if read is None:
            return None
        self._forms[-1] = replace(
            above,
            tables=(*above.tables, grid.table),
            indicators=read,
            header=_joined(above.header, read_header_block(grid, list(grid.rows()), self._ledger)),
        )
        return TableReading(grid.table, above.layout, continues=above.tables[-1].number)

    def _going_on(self, grid: Grid) -> TableReading | None:
        """Read a table without a header as going on from the indicators above, where its cells fit there."""
        if not self._follows(grid.table):
            return None
        above = self._forms[-1]
        if above.indicators is None:
            return None
        columns = columns_going_on(
            grid, above.indicators.columns, _last_row(above.tables[-1], above.indicators)
        )
        if columns is None:
            return self._rest(grid)
        if above.layout != wide_table.LAYOUT:
            return self._continue(grid, columns)
        more = wide_table.read_on(grid, columns, above, self._ledger)
        self._forms[-1:] = more
        return TableReading(grid.table, wide_table.LAYOUT, continues=above.tables[-1].number)


def _last_row(table: Table, indicators: IndicatorTable) -> list[Cell]:
    """Return the cells of the row that the last indicator of a table stands in, merged ones from above too.

    Those of its header where it has no indicator.
    """
    rows = [row.row for row in indicators.rows] or [indicators.columns.last_row]
    return list(Grid(table).row(rows[-1]))


def _speaks_of_performance(form: Form) -> bool:
    """Return whether a form has indicators or goals, or is headed as a table of targets or an evaluation."""
    if form.indicators is not None or form.header.plan or form.header.money or form.heading.goals:
        return True
    told = form.header.fields & {JX.hasGoal, JX.hasIndicator, JX.purpose, JX.hasMilestone}
    return bool(told) or form.heading.of_department or any("绩效" in line.text for line in form.lines[-3:])


def _layout(form: Form) -> str:
    if form.is_of_department:
        return "department"
    if form.evaluates:
        return "self-evaluation"
    places = form.indicators and any(
        value.column.place for row in form.indicators.rows for value in row.values
    )
    return "matrix" if places else "form"


def _joined(above: HeaderBlock, below: HeaderBlock) -> HeaderBlock:
    """Return the block above the indicators with what stands below them added."""
    values = {name: (*above.values.get(name, ()), *pairs) for name, pairs in below.values.items()}
    return replace(above, values={**above.values, **values}, fields=above.fields | below.fields)


def _skipped(table: Table, reason: Wording) -> TableReading:
    return TableReading(table, None, skipped=reason)


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
