"""One project's form as printed: its header block, its indicators, and the lines above it.

What the texts mean is settled in `recognition`, which knows the year and the units. A `Form` is made by each
family of layout: a table or two a project (`assembly`), or the rows of one wide table (`wide_table`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology import project_codes
from ontology.namespaces import JX

from ..model import Printed
from .bodies import read_body, read_coded_body, with_code
from .headings import NEAR
from .labels import inline_field, inline_fields, parts_of
from .money import money_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Body, Line, Table
    from .header_block import HeaderBlock
    from .headings import Heading
    from .indicator_rows import IndicatorTable


# 51000021R000000019951-工资性支出: a code of 21 characters, or with fewer where it was cut, and a hyphen
_CODE_BEFORE_NAME = re.compile(
    r"^\s*(?P<code>[0-9]{8}[0-9A-Z][0-9]{6}[0-9A-Z]{4,6})\s*[-—－_]?\s*(?P<name>[^\s0-9].*)$", re.DOTALL
)


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
    around: tuple[Line, ...] = ()
    """Lines of the pages around it: what they say holds where neither the form nor the lines above it say it."""

    @property
    def name(self) -> Printed | None:
        """Return the project's name: of its label, without a code before it, else of the heading above."""
        printed = self.header.first(JX.projectName)
        if printed is None:
            return self.heading.project
        match = _CODE_BEFORE_NAME.match(printed.text)
        return replace(printed, text=match["name"]) if match is not None else printed

    @property
    def code(self) -> Printed | None:
        """Return the project's code: of its label, else the one before the name in the same cell."""
        printed, name = self.header.first(JX.projectCode), self.header.first(JX.projectName)
        match = _CODE_BEFORE_NAME.match(name.text) if name is not None else None
        if name is None or match is None or (printed is not None and printed.text.strip()):
            return None if printed is None else _unbroken(printed)
        return replace(name, text=match["code"])

    @property
    def evaluates(self) -> bool:
        """Return whether the form says what was reached and spent: a self-evaluation."""
        reached = self.indicators is not None and bool(
            self.indicators.fields & {JX.actualText, JX.deviationReason}
        )
        return reached or (bool(self.header.money) and JX.executedAmount in self.header.fields)

    @property
    def is_of_department(self) -> bool:
        """Return whether the form is about a department as a whole and no project."""
        return self.heading.of_department and not self.header.names_a_project

    @property
    def money_unit(self) -> Unit | None:
        """Return the unit in which the form states amounts, from the block or from a line above it."""
        return self.header.money_unit or next(
            (unit for line in self._lines_by_nearness() if (unit := _money_unit_of_line(line.text))), None
        )

    @property
    def body(self) -> Body | None:
        """Return the unit that declares: from its label, its own row, a line above, else the department."""
        own = self._labelled(JX.declaredBy) or self.header.body
        body = own or self._body_above() or self._labelled(JX.Department)
        return None if body is None else with_code(body, self.header.first(JX.unitCode))

    def _body_above(self) -> Body | None:
        return next((body for line in self._lines_by_nearness() if (body := _body_of_line(line))), None)

    def _lines_by_nearness(self) -> Iterator[Line]:
        yield from reversed(self.lines[-NEAR:])
        yield from self.around

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


def _unbroken(code: Printed) -> Printed:
    """Return a code without the blanks that the end of a line put into it, where it is a whole one then."""
    joined = "".join(code.text.split())
    return replace(code, text=joined) if project_codes.parse(joined) is not None else code


def _money_unit_of_line(text: str) -> Unit | None:
    for pair in inline_fields(text):
        if JX.moneyUnit in pair.fields and (unit := money_unit(pair.value)) is not None:
            return unit
    return None


def _body_of_line(line: Line) -> Body | None:
    """Return the unit that a line above the form names: with its code, or behind a label."""
    for part in parts_of(line.text):
        body = read_coded_body(Printed(part, None))
        pair = inline_field(part)
        if (
            body is None
            and pair is not None
            and JX.declaredBy in pair.fields
            and money_unit(pair.value) is None
        ):
            body = read_body(Printed(pair.value, None))
        if body is not None:
            return body
    return None
