"""What changed between two publications of the same tables: softened targets, moved amounts, scores, and all else.

Two graphs in, changes out: of declarations, self-evaluations and overall targets of departments. They are the same
by project, year and version, else by project and year (the initial declaration and the adjusted one), or by who
declares them and year; indicators and results by level 2 and name, else by name. Nothing is guessed: a target whose
sense nobody states (= 90 that becomes = 80) has changed, and was neither softened nor tightened.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from ontology import identifiers, vocabulary
from ontology.namespaces import JX, JXC
from shapes import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

_HIGHER: Final = frozenset({JXC["comparator/ge"], JXC["comparator/gt"]})
_LOWER: Final = frozenset({JXC["comparator/le"], JXC["comparator/lt"]})
_STRICT: Final = frozenset({JXC["comparator/gt"], JXC["comparator/lt"]})
_DIRECTIONS: Final[Mapping[Node | None, int]] = MappingProxyType(
    {JXC["direction/positive"]: 1, JXC["direction/negative"]: -1}
)
_MEASURABLE: Final = frozenset({JX.QuantityTarget, JX.DeadlineTarget, JX.PeriodTarget})
_READ: Final = (RDF.type, JX.comparator, JX.number, JX.upperNumber, JX.unit, JX.dueDate, JX.startDate)
_TABLES: Final = (JX.Declaration, JX.OverallTarget, JX.SelfEvaluation)
"""What is compared, each with its parts."""
_OF_TABLE: Final = (JX.projectName, JX.unitName, JX.purpose, JX.score, JX.grade)
_OF_INDICATOR: Final = (
    JX.level1Text, JX.level2Text, JX.description, JX.basis, JX.weight, JX.scoringStandard,
)  # fmt: skip
_OF_RESULT: Final = (JX.actualText, JX.score, JX.deviationReason)
_OF_EXECUTION: Final = (JX.executionRate, JX.score)
_SPENT: Final = (JX.initialAmount, JX.adjustedAmount, JX.executedAmount)


class Kind(Enum):
    """What became of something; the value is the slug of its concept in `jxc:change`."""

    PROJECT_ADDED = "project-added"
    PROJECT_DROPPED = "project-dropped"
    SOFTENED = "softened"
    TIGHTENED = "tightened"
    TARGET = "target-changed"
    INDICATOR_ADDED = "indicator-added"
    INDICATOR_DROPPED = "indicator-dropped"
    AMOUNT = "amount"
    FIELD = "field"

    @property
    def slug(self) -> str:
        """Its name in tables."""
        return self.value

    @property
    def concept(self) -> URIRef:
        """Its name in graphs."""
        return JXC[f"change/{self.value}"]

    @property
    def label(self) -> Text:
        """Its name for people."""
        return _label(self.concept)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than before; a text is empty where there is none."""

    kind: Kind
    declaration: str
    """The IRI of the declaration or the like, the newer one's where there are two."""
    stated_in: URIRef
    """What that is: a class of the ontology."""
    project: str
    """Its name; of an overall target that of the department."""
    year: str
    indicator: str
    term: URIRef | None
    """The field that changed, or the source of money; None where the form does not say which source."""
    before: str
    after: str

    @property
    def field(self) -> Text:
        """What the ontology calls that."""
        return _label(self.term)

    @property
    def table(self) -> Text:
        """What the ontology calls a declaration, or the like."""
        return _label(self.stated_in)


def changes_between(old: Graph, new: Graph) -> tuple[Change, ...]:
    """Return what changed from one publication to another, project by project in the order of the newer one."""
    found: list[Change] = []
    for one, other in _paired(_tables(old), _tables(new), _same_version, _same_year):
        found += _of_tables(one, other)
    return tuple(found)


def _tables(graph: Graph) -> list[_Thing]:
    found = [_Thing(graph, node) for kind in _TABLES for node in graph.subjects(RDF.type, kind)]
    return sorted(found, key=_Thing.order)


@dataclass(frozen=True, slots=True)
class _Thing:
    """A node, and what its graph says of it."""

    graph: Graph
    node: Node

    @property
    def name(self) -> str:
        return str(self.node)

    def value(self, predicate: URIRef) -> Node | None:
        return min(self.graph.objects(self.node, predicate), key=str, default=None)

    def text(self, predicate: URIRef) -> str:
        found = self.value(predicate)
        return "" if found is None else str(found)

    def number(self, predicate: URIRef) -> Decimal | None:
        found = self.value(predicate)
        return None if found is None else Decimal(str(found))

    def parts(self, predicate: URIRef) -> list[_Thing]:
        found = [_Thing(self.graph, node) for node in self.graph.objects(self.node, predicate)]
        return sorted(found, key=_Thing.order)

    @property
    def kind(self) -> URIRef:
        """What it is, of what is compared."""
        return next((kind for kind in _TABLES if (self.node, RDF.type, kind) in self.graph), JX.Declaration)

    @property
    def title(self) -> str:
        """The name of the project, else of who declares it."""
        return self.text(JX.projectName) or self.text(JX.unitName) or self._declarer

    @property
    def _declarer(self) -> str:
        body = self.value(JX.declaredBy)
        return str(self.graph.value(body, SKOS.prefLabel) or "")

    def order(self) -> tuple[Decimal, str]:
        """Return what things are sorted by: the number they have in their whole, else their name."""
        return self.number(JX.ordinal) or Decimal(0), self.name

    def reading(self) -> frozenset[tuple[Node, Node]]:
        """How a target was read, however it is printed."""
        said = self.graph.predicate_objects(self.node)
        return frozenset((predicate, value) for predicate, value in said if predicate in _READ)


# --- what is the same thing in both -------------------------------------------------------------------------


def _paired(
    old: list[_Thing], new: list[_Thing], *keys: Callable[[_Thing], Hashable]
) -> Iterator[tuple[_Thing | None, _Thing | None]]:
    """Yield things of both sides that share a key, the surest key first; in the end what has no partner."""
    partners: dict[_Thing, _Thing] = {}
    for key in keys:
        waiting: dict[Hashable, list[_Thing]] = {}
        for one in old:
            if one not in partners.values():
                waiting.setdefault(key(one), []).append(one)
        for other in new:
            if other not in partners and waiting.get(key(other)):
                partners[other] = waiting[key(other)].pop(0)
    yield from ((partners.get(other), other) for other in new)
    yield from ((one, None) for one in old if one not in partners.values())


def _same_version(declaration: _Thing) -> Hashable:
    return declaration.name


def _same_year(table: _Thing) -> Hashable:
    return table.kind, table.value(JX.ofProject) or table.value(JX.declaredBy), table.text(JX.fiscalYear)


def _same_level_and_name(indicator: _Thing) -> Hashable:
    return indicator.value(JX.level2), _same_name(indicator)


def _same_name(indicator: _Thing) -> Hashable:
    return identifiers.normalise_indicator_name(indicator.text(JX.name))


def _same_source(fund: _Thing) -> Node | None:
    return fund.value(JX.fundSource) or fund.value(JX.fundLevel)


def _same_ordinal(goal: _Thing) -> Hashable:
    return goal.value(JX.horizon), goal.text(JX.ordinal)


def _same_indicator(result: _Thing) -> Hashable:
    """Return the level of the indicator that a result is for, and its name."""
    indicator = _Thing(result.graph, result.value(JX.resultFor) or result.node)
    return indicator.value(JX.level2), _same_name(result)


def _same_heading(section: _Thing) -> Hashable:
    return "".join(section.text(JX.heading).split())


def _same_day(milestone: _Thing) -> Hashable:
    return milestone.text(JX.dueDate)[5:]


# --- what changed -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says what changed in one declaration or the like."""

    table: _Thing

    def change(self, kind: Kind, term: URIRef | None, before: str, after: str, indicator: str = "") -> Change:
        one, year = self.table, self.table.text(JX.fiscalYear)
        return Change(kind, one.name, one.kind, one.title, year, indicator, term, before, after)

    def fields(
        self, old: _Thing, new: _Thing, fields: Iterable[URIRef], indicator: str = ""
    ) -> Iterator[Change]:
        for field in fields:
            before, after = _told(old, field), _told(new, field)
            if "".join(before.split()) != "".join(after.split()):
                yield self.change(Kind.FIELD, field, before, after, indicator)


def _of_tables(old: _Thing | None, new: _Thing | None) -> Iterator[Change]:
    if old is None or new is None:
        yield from _alone(old, new)
        return
    teller = _Teller(new)
    yield from _amounts(teller, old, new)
    yield from _executions(teller, old, new)
    yield from _indicators(teller, old, new)
    yield from _results(teller, old, new)
    yield from teller.fields(old, new, _OF_TABLE)
    yield from _goals_and_plan(teller, old, new)


def _alone(old: _Thing | None, new: _Thing | None) -> Iterator[Change]:
    if new is not None:
        yield _Teller(new).change(Kind.PROJECT_ADDED, new.kind, "", _sum_of(new))
    elif old is not None:
        yield _Teller(old).change(Kind.PROJECT_DROPPED, old.kind, _sum_of(old), "")


def _sum_of(table: _Thing) -> str:
    """Return the budget of a declaration, the score of a self-evaluation."""
    return _yuan(table.number(JX.budget)) or table.text(JX.score)


def _amounts(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    """Yield the budget and the sources of money; a blank cell and one that is not printed are both no amount."""
    moved: list[tuple[Node | None, Decimal | None, Decimal | None]] = [
        (JX.budget, old.number(JX.budget), new.number(JX.budget))
    ]
    for one, other in _paired(old.parts(JX.hasFund), new.parts(JX.hasFund), _same_source):
        source = _same_source(other or one)  # type: ignore[arg-type]
        amounts = [fund.number(JX.amount) if fund is not None else None for fund in (one, other)]
        moved.append((source, amounts[0], amounts[1]))
    for field, before, after in moved:
        if before != after:
            term = field if isinstance(field, URIRef) else None
            yield teller.change(Kind.AMOUNT, term, _yuan(before), _yuan(after))


def _executions(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    """Yield what was planned and spent of each source of money, with its rate and score."""
    for one, other in _paired(old.parts(JX.hasExecution), new.parts(JX.hasExecution), _same_source):
        source = _label(_same_source(other or one)).zh  # type: ignore[arg-type]
        for field in _SPENT:
            before, after = (each.number(field) if each is not None else None for each in (one, other))
            if before != after:
                yield teller.change(Kind.AMOUNT, field, _yuan(before), _yuan(after), source)
        if one is not None and other is not None:
            yield from teller.fields(one, other, _OF_EXECUTION, source)


def _results(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    """Yield what was reached otherwise than was said before; results that come and go do so with their indicators."""
    for one, other in _paired(old.parts(JX.hasResult), new.parts(JX.hasResult), _same_indicator, _same_name):
        if one is not None and other is not None:
            yield from teller.fields(one, other, _OF_RESULT, other.text(JX.name))


def _goals_and_plan(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    for has, told, key in (
        (JX.hasGoal, DCTERMS.description, _same_ordinal),
        (JX.hasSection, DCTERMS.description, _same_heading),
        (JX.hasMilestone, JX.cumulativePercent, _same_day),
    ):
        for one, other in _paired(old.parts(has), new.parts(has), key):
            before, after = (each.text(told) if each is not None else "" for each in (one, other))
            if before != after:
                heading = "".join(each.text(JX.heading) for each in (other or one,) if each is not None)
                yield teller.change(Kind.FIELD, has, before, after, heading)


def _indicators(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    field = JX.Indicator
    rows = old.parts(JX.hasIndicator), new.parts(JX.hasIndicator)
    for one, other in _paired(*rows, _same_level_and_name, _same_name):
        if one is None and other is not None:
            yield teller.change(Kind.INDICATOR_ADDED, field, "", _values(other), other.text(JX.name))
        elif other is None and one is not None:
            yield teller.change(Kind.INDICATOR_DROPPED, field, _values(one), "", one.text(JX.name))
        elif one is not None and other is not None:
            yield from _targets(teller, one, other)
            yield from teller.fields(one, other, _OF_INDICATOR, other.text(JX.name))


def _targets(teller: _Teller, old: _Thing, new: _Thing) -> Iterator[Change]:
    """Yield the targets of an indicator that changed; several (by half-year, by place) stand in their order."""
    sense = _DIRECTIONS.get(new.value(JX.direction), _DIRECTIONS.get(old.value(JX.direction), 0))
    for one, other in zip_longest(old.parts(JX.target), new.parts(JX.target)):
        kind = _kind(one, other, sense)
        if kind is not None:
            before, after = (each.text(JX.rawText) if each is not None else "" for each in (one, other))
            yield teller.change(kind, JX.target, before, after, new.text(JX.name))


# --- softened or tightened -----------------------------------------------------------------------------------


def _kind(old: _Thing | None, new: _Thing | None, sense: int) -> Kind | None:
    """Return what became of a target; None where it reads as before.

    `sense` is 1 where more is better, -1 where less is, 0 where nobody says.
    """
    if old is None or new is None:
        return Kind.TARGET
    if old.reading() == new.reading():
        return None if _is_measurable(new) or old.text(JX.rawText) == new.text(JX.rawText) else Kind.TARGET
    if _is_measurable(old) != _is_measurable(new):
        return Kind.TIGHTENED if _is_measurable(new) else Kind.SOFTENED
    if old.value(JX.dueDate) is not None and new.value(JX.dueDate) is not None:
        return _by(_compared(old.text(JX.dueDate), new.text(JX.dueDate)))
    return _of_quantities(old, new, sense)


def _of_quantities(old: _Thing, new: _Thing, sense: int) -> Kind:
    numbers = _comparable(old, new)
    senses = {_sense(old), _sense(new)} - {0} or {sense}
    if numbers is None or len(senses) > 1:
        return Kind.TARGET
    (direction,) = senses
    if numbers[0] != numbers[1]:
        return _by(direction * _compared(numbers[1], numbers[0]))
    strict = [one.value(JX.comparator) in _STRICT for one in (old, new)]
    both_bounded = _sense(old) != 0 and _sense(new) != 0
    return _by(_compared(strict[1], strict[0])) if both_bounded else Kind.TARGET


def _comparable(old: _Thing, new: _Thing) -> tuple[Decimal, Decimal] | None:
    """Return two numbers of one dimension, in its base unit; None where there are none, or a range."""
    if any(one.value(JX.upperNumber) is not None for one in (old, new)):
        return None
    if old.value(JX.unit) == new.value(JX.unit):
        numbers = old.number(JX.number), new.number(JX.number)
    elif _dimension(old) is not None and _dimension(old) == _dimension(new):
        numbers = old.number(JX.baseNumber), new.number(JX.baseNumber)
    else:
        return None
    return None if numbers[0] is None or numbers[1] is None else (numbers[0], numbers[1])


def _dimension(target: _Thing) -> Node | None:
    """Return the dimension in which amounts can be compared; counts of different things cannot."""
    unit = target.value(JX.unit)
    found = None if unit is None else vocabulary.graph().value(unit, JX.dimension)
    return None if found == JXC["dimension/count"] else found


def _sense(target: _Thing) -> int:
    """Return 1 where more is asked for by the comparator, -1 where less is, 0 where it does not say."""
    comparator = target.value(JX.comparator)
    return (comparator in _HIGHER) - (comparator in _LOWER)


def _is_measurable(target: _Thing) -> bool:
    return any(kind in _MEASURABLE for kind in target.graph.objects(target.node, RDF.type))


def _compared(one: str | Decimal | bool, other: str | Decimal | bool) -> int:
    return (one > other) - (one < other)  # type: ignore[operator]


def _by(tighter: int) -> Kind:
    return {1: Kind.TIGHTENED, -1: Kind.SOFTENED, 0: Kind.TARGET}[tighter]


# --- words ---------------------------------------------------------------------------------------------------


def _label(term: Node | None) -> Text:
    """Return what the ontology calls a term or a concept."""
    if not isinstance(term, URIRef):
        return Text("", "")
    told = vocabulary.texts(term, RDFS.label) or vocabulary.texts(term, SKOS.prefLabel)
    name = term.rpartition("/")[2]
    return Text(told.get("zh", name), told.get("en", name))


def _told(thing: _Thing, field: URIRef) -> str:
    """Return what stands in a field; a concept is told by its name."""
    value = thing.value(field)
    return _label(value).zh if isinstance(value, URIRef) else thing.text(field)


def _values(indicator: _Thing) -> str:
    return "；".join(target.text(JX.rawText) for target in indicator.parts(JX.target))


def _yuan(amount: Decimal | None) -> str:
    """Return an amount in yuan with its thousands apart; empty where there is none."""
    return "" if amount is None else f"{amount.normalize():,f}"
