"""One form read: amounts, goals, levels and values get their meaning, nothing is guessed.

A field that cannot be read stays as printed, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ontology.identifiers import normalise_body_name
from ontology.namespaces import JX, JXC

from .. import values
from ..model import (
    Declaration,
    Evaluation,
    Execution,
    Fund,
    Goal,
    Indicator,
    Milestone,
    Money,
    Note,
    NoteKind,
    Place,
    Printed,
    Result,
    Target,
    Wording,
)
from . import levels
from .columns import grade_of
from .goals import split_goals
from .labels import is_fund, is_total
from .money import is_estimate, read_money, unit_in_label
from .numbers_in_cells import number_in, share_in
from .years import FiscalYear, year_of_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Body, Quote, Reading
    from .form import Form
    from .indicator_rows import IndicatorRow, PrintedValue
    from .money_rows import Labelled, MoneyRow

_HORIZONS: Final = ((JX.hasGoal, "annual"), (JXC["horizon/long-term"], "long-term"))


@dataclass(frozen=True, slots=True)
class FormReader:
    """Reads one form, knowing what the document says about the year."""

    form: Form
    ordinal: int
    document_year: FiscalYear
    unit_codes: Mapping[str, str] = field(default_factory=dict)
    """Codes that other forms of the document print for units, by normalised name."""

    def declaration(self) -> Declaration:
        """Return what the form declares; of a self-evaluation, the targets as it restates them."""
        header = self.form.header
        year = year_of_form(self.form, self.document_year)
        framework = levels.framework_of(row.texts for row in self._rows())
        heading = self.form.lines[-1].text if self.form.lines else ""
        return Declaration(
            tables=tuple(table.number for table in self.form.tables),
            ordinal=self.ordinal,
            name=cleaned(self.form.name),
            code=cleaned(self.form.code),
            unit=self._with_known_code(self.form.body),
            department=self._with_known_code(self.form.department),
            budget=self._budget(),
            purpose=cleaned(header.first(JX.purpose)),
            funds=tuple(self._funds()),
            milestones=tuple(self._milestones()),
            goals=tuple(self._goals()),
            indicators=tuple(self._indicator(row, framework, year.year) for row in self._rows()),
            framework=framework,
            year=year.year,
            year_source=year.source,
            adjusted="调整" in heading,
        )

    def _with_known_code(self, body: Body | None) -> Body | None:
        """Return a unit that the form names without its code with the code that another form prints."""
        if body is None or body.code is not None:
            return body
        return replace(body, code=self.unit_codes.get(normalise_body_name(body.name)))

    def evaluation(self, declared: Declaration) -> Evaluation:
        """Return what a self-evaluation says beside the targets it restates: results, money spent, score, grade."""
        score, grade = self._total()
        return Evaluation(
            declared=declared,
            results=tuple(self._results()),
            executions=tuple(self._executions()),
            score=score,
            grade=grade,
        )

    def _rows(self) -> tuple[IndicatorRow, ...]:
        return self.form.indicators.timed_rows() if self.form.indicators else ()

    # --- money ---

    def _budget(self) -> Money | None:
        """Return the budget: a total of 0 may stand above the real one (forms.md, total).

        A form that prints no total of the year has that of the whole term.
        """
        header = self.form.header
        amounts = list(self._amounts(header.values.get(JX.budget, ()) or header.whole_term))
        return next((money for money in amounts if money.yuan), amounts[0] if amounts else None)

    def _amounts(self, pairs: Iterable[Labelled]) -> Iterator[Money]:
        for pair in pairs:
            money = self._amount(pair)
            if money is not None:
                yield money

    def approximate_amounts(self) -> Iterator[Note]:
        """Yield a note for each amount that is printed as an estimate: the number is read, and is no exact one."""
        for name, pairs in self.form.header.values.items():
            if name == JX.budget or is_fund(name):
                for pair in pairs:
                    if (
                        pair.value is not None
                        and is_estimate(pair.value.text)
                        and self._amount(pair) is not None
                    ):
                        place = pair.value.quote.place if pair.value.quote else Place()
                        yield Note(NoteKind.APPROXIMATE_AMOUNT, pair.value.text, pair.value.quote, place)

    def money_unit_conflicts(self) -> Iterator[Note]:
        """Yield a note for each amount whose cell, label and table state different units of money."""
        for name, pairs in self.form.header.values.items():
            if name == JX.budget or is_fund(name):
                yield from (note for pair in pairs if (note := self._money_unit_conflict(pair)) is not None)

    def _money_unit_conflict(self, pair: Labelled) -> Note | None:
        money = self._amount(pair)
        if money is None or money.unit is None:
            return None
        stated = (unit_in_label(pair.label.text), self.form.money_unit)
        other = next((unit for unit in stated if unit is not None and unit != money.unit), None)
        if other is None:
            return None
        told = Wording(
            f"按“{money.unit.notation}”读取，另一处写“{other.notation}”",
            f"read in {money.unit.notation}; another place says {other.notation}",
        )
        place = money.quote.place if money.quote else Place()
        return Note(NoteKind.MONEY_UNIT_CONFLICT, money.text, money.quote, place, told=told)

    def _amount(self, pair: Labelled | None) -> Money | None:
        if pair is None or pair.value is None:
            return None
        stated = unit_in_label(pair.label.text) or self.form.money_unit
        return read_money(pair.value, stated or self._unit_beside(pair))

    def _unit_beside(self, part: Labelled) -> Unit | None:
        """Return the unit in the label of the budget in the same row: 预算数（万元） 20 其中：财政资金 18.5.

        An amount that is no part of that budget may be in another unit.
        """
        wholes = (
            whole
            for whole in self.form.header.values.get(JX.budget, ())
            if _is_in_row(whole.label, part.label)
        )
        return next((unit_in_label(whole.label.text) for whole in wholes if _is_part(part, whole)), None)

    def _funds(self) -> Iterator[Fund]:
        for source, pairs in self.form.header.values.items():
            if is_fund(source):
                amount = next(self._amounts(pairs), None)
                if amount is not None:
                    yield Fund(source, amount)

    def _executions(self) -> Iterator[Execution]:
        """Yield the money of a self-evaluation; a form without columns for it prints the year's amounts only."""
        for row in self.form.header.money:
            execution = self._execution(row)
            told = (execution.initial, execution.adjusted, execution.executed)
            if any(money is not None and money.declared is not None for money in told):
                yield execution
        if not self.form.header.money:
            yield from self._amounts_of_year()

    def _amounts_of_year(self) -> Iterator[Execution]:
        budget = self._budget()
        amounts: list[tuple[URIRef | None, Money]] = [(None, budget)] if budget is not None else []
        amounts += [(fund.source, fund.amount) for fund in self._funds()]
        for source, amount in amounts:
            if amount.declared is not None:
                yield Execution(source, None, amount, None, None, None)

    def _execution(self, row: MoneyRow) -> Execution:
        cells = row.cells
        return Execution(
            source=row.source,
            initial=self._amount(cells.get(JX.initialAmount)),
            adjusted=self._amount(cells.get(JX.adjustedAmount)),
            executed=self._amount(cells.get(JX.executedAmount)),
            rate=number_in(_value(cells, JX.executionRate)),
            score=number_in(_value(cells, JX.score)),
        )

    # --- plan and goals ---

    def _milestones(self) -> Iterator[Milestone]:
        for node in self.form.header.plan:
            quotes = tuple(quote for quote in (node.share.quote, node.label.quote) if quote is not None)
            yield Milestone(node.month, share_in(node.share), quotes)

    def _goals(self) -> Iterator[Goal]:
        """Yield the goals that the form prints; prose above it is one only where the form has no cell for it."""
        for label, horizon in _HORIZONS:
            for pair in self.form.header.values.get(label, ()):
                if pair.value is not None:
                    for text in split_goals(pair.value.text):
                        yield Goal(text, pair.value.quote, horizon)
            for meant, printed in self.form.heading.goals:
                if meant == label and label not in self.form.header.values:
                    yield Goal(printed.text, None, horizon)

    # --- indicators ---

    def _indicator(self, row: IndicatorRow, framework: URIRef, year: int | None) -> Indicator:
        texts = row.texts
        concept2 = levels.concept(framework, texts.get(JX.level2))
        name = texts[JX.name] if JX.name in texts else Printed("", None)
        cost = levels.is_cost(concept2) or levels.is_cost(levels.concept(framework, texts.get(JX.level1)))
        targets = (
            target for value in row.values for target in self._targets(row, value, name.text, year, cost=cost)
        )
        return Indicator(
            name=tidy(name),
            level1=texts.get(JX.level1),
            level2=texts.get(JX.level2),
            level1_concept=levels.concept(framework, texts.get(JX.level1)),
            level2_concept=concept2,
            targets=tuple(targets),
            description=cleaned(texts.get(JX.description)),
            basis=cleaned(texts.get(JX.basis)),
            basis_type=levels.basis_type(texts.get(JX.basis)),
            weight=number_in(texts.get(JX.weight)),
            direction=cleaned(texts.get(JX.direction)),
            scoring_standard=cleaned(texts.get(JX.scoringStandard)),
        )

    def _targets(
        self, row: IndicatorRow, value: PrintedValue, name: str, year: int | None, *, cost: bool
    ) -> Iterator[Target]:
        comparator, unit = row.texts.get(JX.comparator), row.texts.get(JX.unit)
        readings = values.parse(
            value.text.text,
            year=year,
            comparator=comparator.text if comparator else "",
            unit=unit.text if unit else "",
            money=self.form.money_unit if cost else None,
            name=name,
        )
        column, printed = value.column, _as_printed(value.text, comparator, unit)
        for reading in readings:
            quotes = tuple(_value_quotes(row, value.text, reading))
            yield Target(reading, quotes, column.horizon, column.grade, column.place, printed)

    # --- results ---

    def _results(self) -> Iterator[Result]:
        year = year_of_form(self.form, self.document_year).year
        for number, row in enumerate(self._rows(), start=1):
            actual = row.texts.get(JX.actualText)
            unit = row.texts.get(JX.unit)
            reading = None
            if actual is not None and actual.text.strip():
                reading = values.parse(actual.text, year=year, unit=unit.text if unit else "")[0]
            yield Result(
                indicator=number,
                name=tidy(row.texts[JX.name]),
                actual=cleaned(actual),
                actual_reading=reading,
                score=number_in(row.texts.get(JX.score)),
                weight=number_in(row.texts.get(JX.weight)),
                deviation=_reason(row.texts.get(JX.deviationReason)),
            )

    def _total(self) -> tuple[tuple[Decimal, Quote | None] | None, str | None]:
        """Return score and grade of the row that adds all up, where a form has one."""
        total = self.form.indicators.total if self.form.indicators else None
        if total is not None and (score := number_in(total.score)) is not None:
            return score, total.grade
        for pair in self.form.header.values.get(JX.score, ()):
            if pair.value is not None and (score := number_in(pair.value)) is not None:
                return score, next(iter(_grades(self.form)), None)
        return None, None


def _is_in_row(one: Printed, other: Printed) -> bool:
    """Return whether two cells begin in one row of one table."""
    if one.quote is None or other.quote is None:
        return False
    return (one.quote.table, one.quote.row) == (other.quote.table, other.quote.row)


def _is_part(part: Labelled, whole: Labelled) -> bool:
    """Return whether the number behind a label is not above that of the whole."""
    amounts = [None if each.value is None else read_money(each.value, None) for each in (part, whole)]
    numbers = [money.declared for money in amounts if money is not None and money.declared is not None]
    return len(numbers) == len(amounts) and numbers[0] <= numbers[1]


def _reason(printed: Printed | None) -> Printed | None:
    """Return why a result differs; text may put the label of the row of totals in the place of a blank reason."""
    return cleaned(printed) if printed is not None and not is_total(printed.text) else None


def _grades(form: Form) -> Iterator[str]:
    for pair in form.header.values.get(JX.grade, ()):
        grade = grade_of(pair.value.text) if pair.value is not None else None
        if grade is not None:
            yield grade


def _as_printed(value: Printed, comparator: Printed | None, unit: Printed | None) -> str | None:
    """Return what the cells of a value print where one of them was corrected; None where none was."""
    beside = {"comparator": comparator, "unit": unit}
    parts = {name: part for name, part in beside.items() if part is not None}
    if all(part.original is None for part in (value, *parts.values())):
        return None
    return values.raw_text(value.printed, **{name: part.printed for name, part in parts.items()})


def _value_quotes(row: IndicatorRow, value: Printed, reading: Reading) -> Iterator[Quote]:
    """Yield the cells that print a value: its own, and those of comparator and unit where they add to it."""
    parts = [value]
    if reading.raw != value.text:
        columns = (row.texts.get(JX.comparator), row.texts.get(JX.unit))
        parts += [part for part in columns if part is not None and part.text.strip()]
    for part in parts:
        if part.quote is not None and (part is value or part.text.strip() in reading.raw):
            yield part.quote


def _value(cells: Mapping[URIRef, Labelled], name: URIRef) -> Printed | None:
    pair = cells.get(name)
    return pair.value if pair is not None else None


def tidy(printed: Printed) -> Printed:
    """Return a text on one line, its edges without blanks: cells are broken where the column was narrow."""
    return replace(printed, text="".join(part.strip() for part in printed.text.split("\n")))


def cleaned(printed: Printed | None) -> Printed | None:
    """Return a text on one line, or None where there is none."""
    return None if printed is None else tidy(printed)
