"""One project's form as printed: its header block, its indicators, and the lines above it.

What the texts mean is settled in `recognition`, which knows the year and the units. A `Form` is made by each
family of layout: a table or two a project (`assembly`), or the rows of one wide table (`wide_table`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.namespaces import JX

from ..model import Printed, Quote
from .bodies import read_body, read_coded_body
from .labels import inline_field
from .money import money_unit

if TYPE_CHECKING:
    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Body, Line, Table
    from .header_block import HeaderBlock
    from .headings import Heading
    from .indicator_rows import IndicatorTable


@dataclass(frozen=True, slots=True)
class Form:
    """What a document prints of one project, or of a department as a whole."""

    tables: tuple[Table, ...]
    header: HeaderBlock
    indicators: IndicatorTable | None
    heading: Heading
    layout: str
    """Slug in `jxc:layout/`."""
    lines: tuple[Line, ...]
    """The lines above the form: those before its table, and rows of its table that only print a title."""

    @property
    def name(self) -> Printed | None:
        """Return the project's name: of its label, else of the heading above."""
        return self.header.first(JX.projectName) or self.heading.project

    @property
    def evaluates(self) -> bool:
        """Return whether the form says what was reached and spent: a self-evaluation."""
        printed = self.fields
        reached = bool(printed & {JX.actualText, JX.deviationReason})
        return reached or (bool(self.header.money) and JX.executedAmount in printed)

    @property
    def is_of_department(self) -> bool:
        """Return whether the form is about a department as a whole and no project."""
        return self.heading.of_department and not self.header.names_a_project

    @property
    def money_unit(self) -> Unit | None:
        """Return the unit in which the form states amounts, from the block or from a line above it."""
        return self.header.money_unit or next(
            (unit for line in self.lines if (unit := _money_unit_of_line(line.text))), None
        )

    @property
    def body(self) -> Body | None:
        """Return the unit that declares: from its label, its own row, a line above, else the department."""
        return (
            self._labelled(JX.declaredBy)
            or self.header.body
            or next((body for line in self.lines if (body := _body_of_line(line))), None)
            or self._labelled(JX.Department)
        )

    @property
    def department(self) -> Body | None:
        """Return the department that the form names."""
        return self._labelled(JX.Department)

    def _labelled(self, name: URIRef) -> Body | None:
        for pair in self.header.values.get(name, ()):
            body = read_body(pair.value) if pair.value is not None else None
            if body is not None:
                return body
        return None

    @property
    def fields(self) -> frozenset[URIRef]:
        """Return all fields that the form prints, filled in or not."""
        fields = set(self.header.fields)
        if self.indicators is not None:
            fields |= self.indicators.fields
        if self.body is not None:
            fields.add(JX.declaredBy)
        if self.money_unit is not None:
            fields.add(JX.moneyUnit)
        return frozenset(fields)


def _money_unit_of_line(text: str) -> Unit | None:
    pair = inline_field(text)
    return money_unit(pair.value) if pair is not None and JX.moneyUnit in pair.fields else None


def _body_of_line(line: Line) -> Body | None:
    body = read_coded_body(Printed(line.text, Quote(0, 0, 0, line.place)))
    return None if body is None else replace(body, quote=None)
