"""From printed forms to a disclosure: years, units, levels, amounts and values get their meaning here.

What needs the whole document (the fiscal year, the unit most forms name) is settled first, then each form is read
with it. Nothing is guessed: a field that cannot be read stays as printed and a note says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ontology.identifiers import normalise_name
from ontology.namespaces import JX, JXC

from .. import project_code, values
from ..model import (
    Deadline,
    Declaration,
    Disclosure,
    Fund,
    Goal,
    Indicator,
    Milestone,
    Note,
    NoteKind,
    Period,
    Printed,
    Quantity,
    Remark,
    Repeated,
    Target,
)
from . import levels
from .bodies import read_body
from .form import read_forms
from .front_matter import read_front_matter
from .goals import split_goals
from .ledger import Ledger
from .money import read_money, unit_in_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from rdflib import URIRef

    from ..model import Body, Document, Money, Quote, Reading, TableReading
    from .form import Form, Forms
    from .header_block import Labelled, PlanNode
    from .indicator_rows import IndicatorRow

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*(?:[)）]\s*)?年")
_FUND_SOURCE = str(JXC["fund-source/"])
_T = TypeVar("_T")


class FiscalYear(NamedTuple):
    """A fiscal year and where it was found: a slug of `jxc:year-source/`."""

    year: int | None
    source: str | None


_NO_YEAR = FiscalYear(None, None)


def recognise(document: Document, sha256: str) -> Disclosure:
    """Return what a document discloses: declarations, sections, notes, and the account of every cell."""
    ledger = Ledger()
    forms = read_forms(document, ledger)
    front = read_front_matter(document)
    year = _document_year(forms, front.title)
    made = [_Reader(form, ordinal, year).declaration() for ordinal, form in enumerate(forms.forms, start=1)]
    declarations, repeated = _without_repeated(made)
    readings = _with_repeated_skipped(forms.readings, repeated)
    read = [reading.table for reading in readings if reading.layout is not None]
    skipped = [reading for reading in readings if reading.layout is None]
    return Disclosure(
        sha256=sha256,
        media_type=document.media_type,
        title=front.title,
        year=_most_common(declaration.year for declaration in declarations) or year.year,
        tables=readings,
        declarations=declarations,
        repeated=repeated,
        sections=front.sections,
        notes=(
            *front.notes,
            *(_skipped(reading) for reading in skipped),
            *(note for table in read for note in ledger.unread(table)),
            *(note for declaration in declarations for note in _remarks(declaration)),
        ),
        unit=_most_common_body(declarations),
        cells=ledger.account(read, [reading.table for reading in skipped]),
    )


def _without_repeated(
    made: list[Declaration],
) -> tuple[tuple[Declaration, ...], tuple[Repeated, ...]]:
    """Return the declarations, and apart from them those that declare a project and year a second time."""
    first: dict[object, Declaration] = {}
    repeated: list[Repeated] = []
    for declaration in made:
        known = first.setdefault(_declared(declaration), declaration)
        if known is not declaration:
            repeated.append(Repeated(declaration, known))
    return tuple(first.values()), tuple(repeated)


def _declared(declaration: Declaration) -> object:
    """Return what makes two declarations one: the project, by code or by unit and name, year and version."""
    if declaration.code is not None and declaration.code.text:
        project: object = declaration.code.text
    else:
        unit = declaration.unit.name if declaration.unit else ""
        project = (unit, normalise_name(declaration.name.text if declaration.name else ""))
    return (project, declaration.year, declaration.adjusted)


def _with_repeated_skipped(
    readings: tuple[TableReading, ...], repeated: tuple[Repeated, ...]
) -> tuple[TableReading, ...]:
    reasons = {
        table: f"与表{again.first.tables[0]}重复申报同一项目 (the project of table {again.first.tables[0]}, again)"
        for again in repeated
        for table in again.declaration.tables
    }
    return tuple(
        replace(reading, layout=None, skipped=reasons.get(reading.table.number, reading.skipped))
        if reading.table.number in reasons
        else reading
        for reading in readings
    )


def _skipped(reading: TableReading) -> Note:
    return Note(NoteKind.SKIPPED_TABLE, f"表{reading.table.number}: {reading.skipped}")


def _remarks(declaration: Declaration) -> Iterator[Note]:
    """Yield a note for each value that was read and must be looked at."""
    for indicator in declaration.indicators:
        for target in indicator.targets:
            remark: Remark | None = getattr(target.reading, "remark", None)
            if remark is not None:
                quote = target.quotes[0]
                yield Note(NoteKind(remark.kind.value), remark.text, quote, quote.place)


def _most_common(found: Iterable[_T | None]) -> _T | None:
    counted = Counter(item for item in found if item is not None)
    return counted.most_common(1)[0][0] if counted else None


def _most_common_body(declarations: Sequence[Declaration]) -> Body | None:
    key = _most_common((d.unit.code, d.unit.name) if d.unit else None for d in declarations)
    return next((d.unit for d in declarations if d.unit and (d.unit.code, d.unit.name) == key), None)


# --- the fiscal year: heading, header block, the year most dates state, the project code (ontology.md, IRIs) ---


def _document_year(forms: Forms, title: str | None) -> FiscalYear:
    if title is not None and (year := _year_in(title)):
        return FiscalYear(year, "heading")
    if (year := _most_common(_years_of_dates(forms))) is not None:
        return FiscalYear(year, "dates")
    if (year := _most_common(_years_of_codes(forms))) is not None:
        return FiscalYear(year, "code")
    return _NO_YEAR


def _year_in(text: str) -> int | None:
    match = _YEAR.search(unicodedata.normalize("NFKC", text))
    return int(match[1]) if match else None


def _years_of_dates(forms: Forms) -> Iterator[int]:
    for form in forms.forms:
        for row in form.indicators.rows if form.indicators else ():
            text = row.texts.get(JX.rawText)
            for reading in values.parse(text.text) if text else ():
                if isinstance(reading, Deadline | Period):
                    yield reading.due.year


def _years_of_codes(forms: Forms) -> Iterator[int]:
    for form in forms.forms:
        code = form.header.first(JX.projectCode)
        parsed = project_code.parse(code.text) if code else None
        if parsed is not None:
            yield parsed.year


# --- one form -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one form, knowing what the document says about the year."""

    form: Form
    ordinal: int
    document_year: FiscalYear

    def declaration(self) -> Declaration:
        """Return the declaration that the form makes."""
        header = self.form.header
        year = self._year()
        framework = levels.framework_of(row.texts for row in self._rows())
        return Declaration(
            tables=tuple(table.number for table in self.form.tables),
            ordinal=self.ordinal,
            name=_cleaned(header.first(JX.projectName)),
            code=_cleaned(header.first(JX.projectCode)),
            unit=self.form.body,
            department=self._department(),
            budget=self._budget(),
            purpose=_cleaned(header.first(JX.purpose)),
            funds=tuple(self._funds()),
            milestones=tuple(self._milestones()),
            goals=tuple(self._goals()),
            indicators=tuple(self._indicator(row, framework, year.year) for row in self._rows()),
            framework=framework,
            year=year.year,
            year_source=year.source,
            adjusted=any("调整" in line.text for line in self.form.heading[-1:]),
        )

    def _rows(self) -> tuple[IndicatorRow, ...]:
        return self.form.indicators.rows if self.form.indicators else ()

    def _year(self) -> FiscalYear:
        name = self.form.header.first(JX.projectName)
        for line in self.form.heading:
            text = line.text
            text = text.replace(name.text, "") if name and name.text else text
            if len(text) < 60 and (year := _year_in(text)):
                return FiscalYear(year, "heading")
        if self.document_year.source == "heading":
            return self.document_year
        stated = self.form.header.first(JX.fiscalYear)
        if stated is not None and (year := _year_in(stated.text + "年")):
            return FiscalYear(year, "header")
        return self.document_year

    def _department(self) -> Body | None:
        named = self.form.header.first(JX.Department)
        return None if named is None else read_body(named)

    # --- money ---

    def _budget(self) -> Money | None:
        return next(self._amounts(self.form.header.values.get(JX.budget, ())), None)

    def _amounts(self, pairs: Iterable[Labelled]) -> Iterator[Money]:
        for pair in pairs:
            if pair.value is None:
                continue
            money = read_money(pair.value, unit_in_label(pair.label.text) or self.form.money_unit)
            if money is not None:
                yield money

    def _funds(self) -> Iterator[Fund]:
        for source, pairs in self.form.header.values.items():
            if source.startswith(_FUND_SOURCE):
                amount = next(self._amounts(pairs), None)
                if amount is not None:
                    yield Fund(source, amount)

    # --- plan and goals ---

    def _milestones(self) -> Iterator[Milestone]:
        for node in self.form.header.plan:
            yield Milestone(node.month, _percent(node), node.share.text, (node.share.quote, node.label.quote))

    def _goals(self) -> Iterator[Goal]:
        horizons = ((JX.hasGoal, "annual"), (JXC["horizon/long-term"], "long-term"))
        for label, horizon in horizons:
            for pair in self.form.header.values.get(label, ()):
                if pair.value is not None:
                    for text in split_goals(pair.value.text):
                        yield Goal(text, pair.value.quote, horizon)

    # --- indicators ---

    def _indicator(self, row: IndicatorRow, framework: URIRef, year: int | None) -> Indicator:
        texts = row.texts
        level1, level2 = texts.get(JX.level1), texts.get(JX.level2)
        concept2 = levels.concept(framework, level2)
        name = texts.get(JX.name) or _blank_beside(texts)
        return Indicator(
            name=_tidy(name),
            level1=level1,
            level2=level2,
            level1_concept=levels.concept(framework, level1),
            level2_concept=concept2,
            targets=self._targets(row, name.text, year, cost=levels.is_cost(concept2)),
            description=_cleaned(texts.get(JX.description)),
            basis=_cleaned(texts.get(JX.basis)),
            basis_type=levels.basis_type(texts.get(JX.basis)),
            weight=_weight(texts.get(JX.weight)),
        )

    def _targets(self, row: IndicatorRow, name: str, year: int | None, *, cost: bool) -> tuple[Target, ...]:
        value = row.texts.get(JX.rawText)
        if value is None:
            return ()
        comparator, unit = row.texts.get(JX.comparator), row.texts.get(JX.unit)
        readings = values.parse(
            value.text,
            year=year,
            comparator=comparator.text if comparator else "",
            unit=unit.text if unit else "",
            money=self.form.money_unit if cost else None,
            name=name,
        )
        return tuple(Target(reading, tuple(_value_quotes(row, reading))) for reading in readings)


def _value_quotes(row: IndicatorRow, reading: Reading) -> Iterator[Quote]:
    """Yield the cells that print a value: its own, and those of comparator and unit where they add to it."""
    value = row.texts[JX.rawText]
    yield value.quote
    if reading.raw == value.text:
        return
    for column in (JX.comparator, JX.unit):
        part = row.texts.get(column)
        if part is not None and part.text.strip() and part.text.strip() in reading.raw:
            yield part.quote


def _blank_beside(texts: Mapping[URIRef, Printed]) -> Printed:
    """Return the blank name of an indicator whose table or row has no cell for names."""
    return Printed("", next(iter(texts.values())).quote)


def _tidy(printed: Printed) -> Printed:
    """Return a text on one line, its edges without blanks: cells are broken where the column was narrow."""
    return replace(printed, text="".join(part.strip() for part in printed.text.split("\n")))


def _cleaned(printed: Printed | None) -> Printed | None:
    return None if printed is None else _tidy(printed)


def _percent(node: PlanNode) -> Decimal | None:
    reading = values.parse(node.share.text, unit="%")[0]
    return reading.number if isinstance(reading, Quantity) and reading.upper is None else None


def _weight(printed: Printed | None) -> tuple[Decimal, Quote] | None:
    if printed is None:
        return None
    reading = values.parse(printed.text)[0]
    return (reading.number, printed.quote) if isinstance(reading, Quantity) else None
