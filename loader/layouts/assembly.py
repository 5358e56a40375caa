"""From the tables of a document to its forms: which table opens one, which goes on, which is none.

Text dumps print a form as one table; Word files often as two with nothing between them, and a page may end in the
middle. A table of indicators under a heading that names a project is a form too; one without any project, and a
table that only lists projects and amounts, is skipped, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from ..grid import Grid
from ..model import Line, TableReading
from . import wide_table
from .bodies import read_coded_body
from .columns import columns_by_content, find_columns
from .continuation import columns_going_on
from .form import Form
from .header_block import HeaderBlock, read_header_block
from .headings import NO_HEADING, Heading, goes_on_below, horizon_of_lines, read_heading
from .indicator_rows import IndicatorTable, read_indicator_table
from .labels import inline_field, is_any_label
from .ledger import Ledger, printed
from .panes import panes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Cell, Document, Table
    from .columns import Columns

_NO_LABELS: Final = "没有识别出绩效目标表的栏目 (no labels of a target table)"
_NO_TARGETS: Final = "有项目名称而没有绩效目标或指标 (names projects, but neither goals nor indicators)"
_NO_PROJECT: Final = "指标表上方没有项目 (indicators without a project above them)"
_MONITORS: Final = "绩效运行监控表，既不是目标也不是自评 (monitoring within the year: neither targets nor results)"
_MONITORING = re.compile(r"绩效(?:目标)?(?:运行|执行)?(?:情况)?监控|运行监控")
_PAGE_NUMBER = re.compile(r"[-—–第\s]*\d{1,4}[-—–页\s]*(?:[/共]\s*\d{1,4}\s*页?)?")


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a document, and what became of each of its tables."""

    forms: tuple[Form, ...]
    readings: tuple[TableReading, ...]


def read_forms(document: Document, ledger: Ledger) -> Forms:
    """Read each table as a form, as the indicators of the form above it, or skip it with the reason."""
    assembly = _Assembly(ledger)
    for table in document.tables:
        assembly.take(table)
    return assembly.forms_read()


class _Assembly:
    """The forms of a document while its tables are read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._forms: list[Form] = []
        self._readings: list[TableReading] = []

    def forms_read(self) -> Forms:
        """Return what was read; a form that names a project and says nothing of performance is none."""
        empty = {form.tables[0].number for form in self._forms if not _speaks_of_performance(form)}
        forms = [form for form in self._forms if form.tables[0].number not in empty]
        readings = [
            _skipped(reading.table, _NO_TARGETS) if reading.table.number in empty else reading
            for reading in self._readings
        ]
        return Forms(tuple(forms), tuple(_with_whole_forms(readings, forms)))

    def take(self, table: Table) -> None:
        """Read the next table."""
        grid = Grid(table)
        if _is_monitoring(grid, table):
            self._readings.append(_skipped(table, _MONITORS))
            return
        told = [self._take_pane(pane, table.before) for pane in panes_of(grid)]
        read = [reading for reading in told if reading.layout is not None]
        self._readings.append((read or told)[0])

    def _take_pane(self, grid: Grid, before: Sequence[Line]) -> TableReading:
        columns = find_columns(grid) or columns_by_content(grid)
        if columns is None and (going_on := self._going_on(grid, before)) is not None:
            return going_on
        if columns is not None and JX.projectName in columns.fields:
            titles = _titles(grid, range(grid.rows().start, columns.first_row), self._ledger)
            self._forms += wide_table.read(grid, columns, (*before, *titles), self._ledger)
            return TableReading(grid.table, wide_table.LAYOUT)
        return self._take_form(grid, columns, before)

    def _take_form(self, grid: Grid, columns: Columns | None, before: Sequence[Line]) -> TableReading:
        above = list(range(grid.rows().start, columns.first_row) if columns else grid.rows())
        titles = _titles(grid, above, self._ledger)
        above = above[len(titles) :]
        if not read_header_block(grid, above, Ledger()).says_anything:
            above = []
        lines = (*before, *titles)
        heading = read_heading(lines)
        opens = read_header_block(grid, above, Ledger()).names_a_project or heading.of_department
        if columns is None and not opens:
            return _skipped(grid.table, _NO_LABELS)
        if columns is not None and not opens and self._follows(grid.table, lines):
            return self._continue(grid, columns, heading, lines)
        if not opens and heading.project is None:
            return _skipped(grid.table, _NO_PROJECT)
        header = read_header_block(grid, above, self._ledger)
        if columns is not None:
            columns = replace(columns, horizon=columns.horizon or horizon_of_lines(before))
        indicators = read_indicator_table(grid, columns, self._ledger) if columns else None
        header = _joined(header, self._below(grid, indicators)) if indicators else header
        form = Form((grid.table,), header, indicators, heading, "form", lines)
        self._forms.append(replace(form, layout=_layout(form)))
        return TableReading(grid.table, self._forms[-1].layout)

    def _below(self, grid: Grid, indicators: IndicatorTable) -> HeaderBlock:
        """Return what stands under the last indicator: remarks, approvals, a score without a column."""
        rows = range(indicators.last_row + 1, grid.last_row + 1)
        return read_header_block(grid, list(rows), self._ledger)

    # --- tables that go on ---

    def _follows(self, table: Table, before: Sequence[Line]) -> bool:
        """Return whether a table follows a form with nothing between them but page numbers, or its own captions."""
        above = self._forms[-1] if self._forms else None
        if above is None or above.tables[-1].number not in {table.number - 1, table.number}:
            return False
        return all(_PAGE_NUMBER.fullmatch(line.text.strip()) for line in before) or goes_on_below(before)

    def _continue(
        self, grid: Grid, columns: Columns, heading: Heading = NO_HEADING, lines: Sequence[Line] = ()
    ) -> TableReading:
        above, table = self._forms[-1], grid.table
        columns = replace(columns, horizon=columns.horizon or horizon_of_lines(lines))
        read = read_indicator_table(grid, columns, self._ledger)
        header = _joined(above.header, self._below(grid, read))
        indicators = read if above.indicators is None else above.indicators.and_then(read)
        goals = replace(above.heading, goals=(*above.heading.goals, *heading.goals))
        form = replace(
            above, tables=(*above.tables, table), header=header, indicators=indicators, heading=goals
        )
        self._forms[-1] = replace(form, layout=_layout(form))
        return TableReading(table, self._forms[-1].layout, continues=above.tables[-1].number)

    def _going_on(self, grid: Grid, before: Sequence[Line]) -> TableReading | None:
        """Read a table without a header as going on from the indicators above, where its cells fit there."""
        if not self._follows(grid.table, before) or self._forms[-1].indicators is None:
            return None
        above = self._forms[-1]
        columns = columns_going_on(grid, above.indicators.columns)
        if columns is None:
            return None
        if above.layout != wide_table.LAYOUT:
            return self._continue(grid, columns)
        more = wide_table.read_on(grid, columns, above, self._ledger)
        self._forms[-1:] = more
        return TableReading(grid.table, wide_table.LAYOUT, continues=above.tables[-1].number)


def _is_monitoring(grid: Grid, table: Table) -> bool:
    """Return whether a table monitors spending and targets within the year."""
    titles = [cell.text for row in list(grid.rows())[:2] for cell in grid.texts(row) if len(grid.texts(row)) == 1]
    lines = [line.text for line in table.before[-3:]]
    return any(_MONITORING.search(text) and len(text) < 60 for text in (*lines, *titles))


def _speaks_of_performance(form: Form) -> bool:
    """Return whether a form has indicators or goals, or is headed as a table of targets or an evaluation."""
    if form.indicators is not None or form.header.plan or form.header.money or form.heading.goals:
        return True
    told = form.header.fields & {JX.hasGoal, JX.hasIndicator, JX.purpose, JX.hasMilestone}
    return bool(told) or form.heading.of_department or any("绩效" in line.text for line in form.lines[-3:])


def _titles(grid: Grid, rows: Sequence[int], ledger: Ledger) -> list[Line]:
    """Return the rows a table begins with that print one text and no label: its titles.

    Web pages and exported sheets have their headings inside the table.
    """
    titles: list[Line] = []
    for row in rows:
        cells = grid.texts(row)
        if len(cells) != 1 or cells[0].column != grid.columns().start or _is_field(grid, cells[0]):
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


def _joined(above: HeaderBlock, below: HeaderBlock) -> HeaderBlock:
    """Return the block above the indicators with what stands below them added."""
    values = {name: (*above.values.get(name, ()), *pairs) for name, pairs in below.values.items()}
    return replace(above, values={**above.values, **values}, fields=above.fields | below.fields)


def _skipped(table: Table, reason: str) -> TableReading:
    return TableReading(table, None, skipped=reason)


def _with_whole_forms(readings: list[TableReading], forms: list[Form]) -> list[TableReading]:
    """State on the table that opens a form what the whole form prints, continuations included."""
    opening = {form.tables[0].number: form for form in forms}
    return [
        replace(reading, fields=form.fields, money_unit=form.money_unit, layout=form.layout)
        if (form := opening.get(reading.table.number)) is not None
        else reading
        for reading in readings
    ]
