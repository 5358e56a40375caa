"""One declaration and its parts as quads, each with the cells that state it."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from ontology import identifiers
from ontology.namespaces import JX, JXC, PREFIXES
from ontology.vocabulary import concept_by_label, normalise_label

from . import terms
from .targets import state_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import URIRef

    from ..model import Declaration, Indicator, Money, Printed, Quote, Target
    from .identities import Identity
    from .register import Register
    from .sources import Sources

_DESCRIPTION = PREFIXES["dcterms"] + "description"


def state_declaration(
    graph: terms.Statements,
    sources: Sources,
    register: Register,
    subject: URIRef,
    declaration: Declaration,
    identity: Identity,
) -> None:
    """State a declaration under its IRI, with funds, milestones, goals and indicators."""
    writer = PartsWriter(graph, sources, register, subject)
    writer.state_head(declaration, identity, JX.Declaration)
    graph.add(subject, JX.version, terms.iri(JXC[f"version/{subject.rpartition('/')[2]}"]))
    writer.state_money(declaration)
    writer.state_plan(declaration)
    writer.state_goals(declaration)
    for ordinal, indicator in enumerate(declaration.indicators, start=1):
        writer.state_indicator(ordinal, indicator)


class PartsWriter:
    """States a declaration, or what an evaluation or a department's target has in common with one."""

    def __init__(
        self, graph: terms.Statements, sources: Sources, register: Register, subject: URIRef
    ) -> None:
        """Write about one subject."""
        self._graph = graph
        self._sources = sources
        self._register = register
        self._subject = subject

    # --- the declaration's own literals: the cell says which property it states ---

    def state_head(self, declaration: Declaration, identity: Identity, *classes: URIRef) -> None:
        """State what the declaration is about, when, by whom, and its printed names."""
        graph, subject = self._graph, self._subject
        graph.add(subject, terms.TYPE, *(terms.iri(cls) for cls in classes))
        graph.add(subject, JX.ofProject, terms.iri(identifiers.project(identity.project_key)))
        graph.add(subject, JX.framework, terms.iri(declaration.framework))
        graph.add(subject, JX.ordinal, terms.integer(declaration.ordinal))
        if identity.unit_key is not None:
            graph.add(subject, JX.declaredBy, terms.iri(identifiers.body(identity.unit_key)))
        if declaration.year is not None and declaration.year_source is not None:
            graph.add(subject, JX.fiscalYear, terms.year(declaration.year))
            source = JXC[f"year-source/{declaration.year_source}"]
            graph.add(subject, JX.fiscalYearSource, terms.iri(source))
        if declaration.unit is not None:
            graph.add(subject, JX.unitName, terms.string(declaration.unit.name))
            self.quote(declaration.unit.quote, JX.declaredBy, JX.unitName)
        self._literal(JX.projectName, declaration.name)
        self._literal(JX.purpose, declaration.purpose)
        if declaration.code is not None:
            self.quote(declaration.code.quote, JX.projectCode)

    def _literal(self, name: URIRef, printed: Printed | None) -> None:
        if printed is not None:
            self._graph.add(self._subject, name, terms.string(printed.text))
            self.quote(printed.quote, name)

    def quote(self, quote: Quote | None, *states: URIRef) -> None:
        """State the cell that prints one or several literals of the subject."""
        if quote is not None:
            self._sources.quote(self._subject, quote, *states)

    # --- parts: each is quoted by itself ---

    def part(
        self, kind: str, key: str | int, cls: URIRef, whole_to_part: URIRef, *quotes: Quote | None
    ) -> URIRef:
        """State a part of the subject and the cells it is quoted from, and return its IRI."""
        part = identifiers.part(self._subject, kind, key)
        self._graph.add(self._subject, whole_to_part, terms.iri(part))
        self._graph.add(part, terms.TYPE, terms.iri(cls))
        self._quote_part(part, quotes)
        return part

    def _quote_part(self, part: URIRef, quotes: Iterable[Quote | None]) -> None:
        for quote in quotes:
            if quote is not None:
                self._sources.quote(part, quote)

    def state_money(self, declaration: Declaration) -> None:
        """State the budget and each fund; a blank cell is a blank fund, not 0."""
        if declaration.budget is not None:
            self.state_amount(self._subject, JX.budget, declaration.budget)
            self.quote(declaration.budget.quote, JX.budget)
        for fund in declaration.funds:
            slug = fund.source.rpartition("/")[2]
            part = self.part("fund", slug, JX.Fund, JX.hasFund, fund.amount.quote)
            self._graph.add(part, terms.fund_property(fund.source), terms.iri(fund.source))
            self._graph.add(part, JX.blank, terms.boolean(fund.amount.declared is None))
            self.state_amount(part, JX.amount, fund.amount)

    def state_amount(self, subject: URIRef, name: URIRef, money: Money) -> None:
        """State an amount in yuan under `name`, and as it was printed."""
        if money.yuan is not None:
            self._graph.add(subject, name, terms.decimal(money.yuan))
        if money.declared is not None:
            self._graph.add(subject, JX.declaredAmount, terms.decimal(money.declared))
            if money.unit is not None:
                self._graph.add(subject, JX.unit, terms.iri(money.unit.iri))

    def state_plan(self, declaration: Declaration) -> None:
        """State the spending plan: the last day of each month, and the share spent by then."""
        for milestone in declaration.milestones:
            last_day = monthrange(declaration.year or 2001, milestone.month)[1]
            key = f"{milestone.month:02d}-{last_day:02d}"
            part = self.part("milestone", key, JX.Milestone, JX.hasMilestone, *milestone.quotes)
            if declaration.year is not None:
                due = f'"{declaration.year:04d}-{key}"^^<{PREFIXES["xsd"]}date>'
                self._graph.add(part, JX.dueDate, due)
            if milestone.percent is not None:
                self._graph.add(part, JX.cumulativePercent, terms.decimal(milestone.percent))

    def state_goals(self, declaration: Declaration) -> None:
        """State the goals, numbered over all horizons."""
        for ordinal, goal in enumerate(declaration.goals, start=1):
            part = self.part("goal", ordinal, JX.Goal, JX.hasGoal, goal.quote)
            self._graph.add(part, JX.ordinal, terms.integer(ordinal))
            self._graph.add(part, JX.horizon, terms.iri(JXC[f"horizon/{goal.horizon}"]))
            self._graph.add(part, _DESCRIPTION, terms.string(goal.text))

    # --- indicators ---

    def state_indicator(self, ordinal: int, indicator: Indicator) -> None:
        """State one indicator with its levels, texts and targets."""
        part = self.part("indicator", ordinal, JX.Indicator, JX.hasIndicator, *_quotes(indicator))
        self._graph.add(part, JX.ordinal, terms.integer(ordinal))
        self._graph.add(part, JX.name, terms.string(indicator.name.text))
        self._state_levels(part, indicator)
        texts = (
            (JX.description, indicator.description),
            (JX.basis, indicator.basis),
            (JX.scoringStandard, indicator.scoring_standard),
        )
        for name, printed in texts:
            if printed is not None:
                self._graph.add(part, name, terms.string(printed.text))
        direction = _direction(indicator)
        if direction is not None:
            self._graph.add(part, JX.direction, terms.iri(direction))
        if indicator.basis_type is not None:
            self._graph.add(part, JX.basisType, terms.iri(indicator.basis_type))
        if indicator.weight is not None:
            self._graph.add(part, JX.weight, terms.decimal(indicator.weight[0]))
        for number, target in enumerate(indicator.targets, start=1):
            value = identifiers.part(part, "target", number)
            self._graph.add(part, JX.target, terms.iri(value))
            self._state_target(value, target)

    def _state_target(self, value: URIRef, target: Target) -> None:
        state_target(self._graph, value, target.reading, printed=target.printed)
        self._quote_part(value, target.quotes)
        if target.horizon is not None:
            self._graph.add(value, JX.horizon, terms.iri(JXC[f"horizon/{target.horizon}"]))
        if target.grade is not None and getattr(target.reading, "grade", None) is None:
            self._graph.add(value, JX.grade, terms.iri(JXC[f"grade/{target.grade}"]))
        if target.place is not None:
            self._graph.add(value, JX.appliesTo, terms.string(target.place))
        unit = getattr(target.reading, "unit", None)
        if unit is not None and not unit.known:
            self._register.add_unit_of_measure(unit)

    def _state_levels(self, part: URIRef, indicator: Indicator) -> None:
        levels = (
            (JX.level1, JX.level1Text, indicator.level1, indicator.level1_concept),
            (JX.level2, JX.level2Text, indicator.level2, indicator.level2_concept),
        )
        for level, text, printed, concept in levels:
            if printed is not None:
                self._graph.add(part, text, terms.string(printed.printed))
            if concept is not None:
                self._graph.add(part, level, terms.iri(concept))


def _direction(indicator: Indicator) -> URIRef | None:
    """Return the direction of an indicator, where the form has a column for it that says one."""
    if indicator.direction is None:
        return None
    return concept_by_label(JXC["direction"]).get(normalise_label(indicator.direction.text))


def _quotes(indicator: Indicator) -> tuple[Quote | None, ...]:
    """Return the cells an indicator is read from, besides its values: those that print or say something."""
    parts = (indicator.level1, indicator.level2, indicator.name, indicator.description, indicator.basis)
    others = (indicator.direction, indicator.scoring_standard)
    found = [part.quote for part in (*parts, *others) if part is not None and part.says_something]
    if indicator.weight is not None:
        found.append(indicator.weight[1])
    return tuple(found) or (indicator.name.quote,)
