"""The form family: a header block and a table of indicators per project, in one table or in two.

Text dumps print both as one table; Word files often as two with nothing between them. What comes out is a
`Form` of printed texts; what they mean is settled in `recognition`, which knows the year and the units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from ..grid import Grid
from ..model import Printed, Quote, TableReading
from .bodies import read_body, read_coded_body
from .header_block import HeaderBlock, read_header_block
from .indicator_rows import (
    IndicatorTable,
    fields_of_header,
    find_indicator_header,
    read_indicator_table,
)
from .labels import inline_field
from .ledger import Ledger
from .money import money_unit

if TYPE_CHECKING:
    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Body, Document, Line, Table

_EVALUATED = frozenset({JX.actualText, JX.score, JX.deviationReason})
"""Columns that only a self-evaluation has: its targets are those of the evaluation, not of a declaration."""

LAYOUT = "form"
"""Slug in `jxc:layout/`."""


@dataclass(frozen=True, slots=True)
class Form:
    """One project's form as printed: its tables, the lines above it, its header block and indicators."""

    tables: tuple[Table, ...]
    header: HeaderBlock
    indicators: IndicatorTable | None

    @property
    def heading(self) -> tuple[Line, ...]:
        """Return the lines that stand above the form."""
        return self.tables[0].before

    @property
    def money_unit(self) -> Unit | None:
        """Return the unit in which the form states amounts, from the block or from a line above it."""
        return self.header.money_unit or next(
            (unit for line in self.heading if (unit := _money_unit_of_line(line.text))), None
        )

    @property
    def body(self) -> Body | None:
        """Return the unit that declares: from its label, from the first row, or from a line above."""
        labelled = self.header.first(JX.declaredBy)
        if labelled is not None and (body := read_body(labelled)) is not None:
            return body
        return self.header.body or next(
            (body for line in self.heading if (body := _body_of_line(line, self.tables[0]))), None
        )


def _money_unit_of_line(text: str) -> Unit | None:
    pair = inline_field(text)
    return money_unit(pair.value) if pair is not None and JX.moneyUnit in pair.fields else None


def _body_of_line(line: Line, table: Table) -> Body | None:
    body = read_coded_body(Printed(line.text, Quote(table.number, 0, 0, line.place)))
    return None if body is None else replace(body, quote=None)


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
    header_row = find_indicator_header(grid)
    if header_row == 1 or (header_row is not None and not _heads_a_project(grid, header_row)):
        return _continue(grid, header_row, forms, ledger)
    if header_row is None and not _heads_a_project(grid, table.rows + 1):
        return _skip(table, "没有识别出绩效目标表的栏目 (no labels of a target table)")
    if header_row is not None and _EVALUATED & fields_of_header(grid, header_row):
        return _skip(table, "是绩效自评表，尚不读取 (a self-evaluation, which is not read yet)")
    last_header_row = table.rows if header_row is None else header_row - 1
    header = read_header_block(grid, last_header_row, ledger)
    indicators = None if header_row is None else read_indicator_table(grid, header_row, ledger)
    forms.append(Form((table,), header, indicators))
    return TableReading(table, LAYOUT)


def _skip(table: Table, reason: str) -> TableReading:
    return TableReading(table, None, skipped=reason)


def _heads_a_project(grid: Grid, below: int) -> bool:
    """Return whether the rows above `below` name a project, without accounting for their cells yet."""
    return read_header_block(grid, below - 1, Ledger()).names_a_project


def _continue(grid: Grid, header_row: int, forms: list[Form], ledger: Ledger) -> TableReading:
    """Read a table of indicators without a project of its own as going on from the form right above it."""
    table = grid.table
    above = forms[-1] if forms else None
    if (
        above is None
        or above.indicators is not None
        or above.tables[-1].number != table.number - 1
        or table.before
    ):
        return _skip(table, "指标表上方没有项目 (indicators without a project above them)")
    indicators = read_indicator_table(grid, header_row, ledger)
    forms[-1] = replace(above, tables=(*above.tables, table), indicators=indicators)
    return TableReading(table, LAYOUT, continues=above.tables[-1].number)


def _with_whole_forms(readings: list[TableReading], forms: list[Form]) -> list[TableReading]:
    """State on the table that opens a form what the whole form prints, continuations included."""
    opening = {form.tables[0].number: form for form in forms}
    return [
        replace(reading, fields=_fields(form), money_unit=form.money_unit)
        if (form := opening.get(reading.table.number)) is not None
        else reading
        for reading in readings
    ]


def _fields(form: Form) -> frozenset[URIRef]:
    fields = set(form.header.fields)
    if form.indicators is not None:
        fields |= form.indicators.fields
    if form.body is not None:
        fields.add(JX.declaredBy)
    return frozenset(fields)
