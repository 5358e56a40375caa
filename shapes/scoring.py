"""The score of a declaration: how many of the checks that apply to it are passed, in five dimensions.

A check is a rule on one node. A Violation weighs 3, a Warning 2, an Info 1. A dimension's share is the weight of the
checks passed over that of the checks that apply; the score is the shares weighted by the points of the dimensions
(completeness 30, measurability 30, consistency 20, relevance 10, presentation 10). A dimension in which no check
applies is left out, and the others count for the whole. Rules of nobody's declaration (a watermark) do not count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import PROV, RDF

from ontology import divisions
from ontology.namespaces import JX, JXC

from .finding import Context, Named
from .rule_book import Severity, rules
from .scopes import scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdflib import Graph
    from rdflib.term import Node

    from .finding import Finding
    from .rule_book import Dimension, Rule

WEIGHTS: Final[Mapping[Severity, int]] = MappingProxyType(
    {Severity.VIOLATION: 3, Severity.WARNING: 2, Severity.INFO: 1}
)
_PARTS: Final = (
    JX.ofProject,
    PROV.hadPrimarySource,
    JX.hasFund,
    JX.hasMilestone,
    JX.hasGoal,
    JX.hasIndicator,
    JX.target,
)
_FUND_SOURCES: Final = str(JXC["fund-source/"])
_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Share:
    """One dimension of a score: the weights of the checks that were passed and of those that apply."""

    dimension: Dimension
    passed: int
    applicable: int

    @property
    def value(self) -> Decimal:
        """The share in percent, to a tenth."""
        return (_HUNDRED * self.passed / self.applicable).quantize(_TENTH)


@dataclass(frozen=True, slots=True)
class Gain:
    """What mending all that a rule found in a declaration adds to its score, in points."""

    rule: Rule
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one declaration."""

    of: URIRef
    context: Context
    year: str
    """The fiscal year, empty where unknown."""
    division: Named | None
    budget: Decimal | None
    """In yuan."""
    shares: tuple[Share, ...]
    """The dimensions in which a check applies."""
    gains: tuple[Gain, ...]
    """What mending adds, the most first."""

    @property
    def value(self) -> Decimal:
        """The score, from 0 to 100, to a tenth."""
        points = sum(share.dimension.points for share in self.shares)
        earned = sum(
            Decimal(share.dimension.points * share.passed) / share.applicable for share in self.shares
        )
        return (_HUNDRED * earned / points).quantize(_TENTH) if points else _HUNDRED.quantize(_TENTH)


def scores(
    data: Graph, vocabulary: Graph, findings: Iterable[Finding], context_of: Callable[[Node], Context]
) -> tuple[Score, ...]:
    """Return the score of each declaration of a graph, by its number in the document."""
    failed: dict[str, set[Node]] = defaultdict(set)
    for finding in findings:
        failed[finding.id].add(finding.focus)
    scorer = _Scorer(data, vocabulary, failed, context_of)
    declared = {node for node in data.subjects(RDF.type, JX.Declaration) if isinstance(node, URIRef)}
    found = [scorer.score(declaration) for declaration in declared]
    return tuple(sorted(found, key=lambda score: (score.context.ordinal, score.of)))


@dataclass(frozen=True, slots=True)
class _Checks:
    """The nodes a rule applies to in one declaration, and those of them that it found something about."""

    rule: Rule
    applicable: int
    failed: int

    @property
    def weight(self) -> int:
        return WEIGHTS[self.rule.severity]


@dataclass(frozen=True, slots=True)
class _Scorer:
    data: Graph
    vocabulary: Graph
    failed: Mapping[str, set[Node]]
    context_of: Callable[[Node], Context]

    def score(self, declaration: URIRef) -> Score:
        checks = self._checks(declaration)
        by_dimension: dict[Dimension, list[_Checks]] = defaultdict(list)
        for each in checks:
            if each.rule.dimension is not None:
                by_dimension[each.rule.dimension].append(each)
        shares = tuple(
            _share(dimension, each) for dimension, each in sorted(by_dimension.items(), key=_first)
        )
        return Score(
            of=declaration,
            context=self.context_of(declaration),
            year=str(self.data.value(declaration, JX.fiscalYear) or ""),
            division=self._division(declaration),
            budget=self._budget(declaration),
            shares=shares,
            gains=_gains(checks, shares),
        )

    def _checks(self, declaration: URIRef) -> list[_Checks]:
        nodes = self._nodes(declaration)
        printed = self._printed(declaration)
        counting = (rule for rule in rules().values() if rule.dimension is not None)
        found = (self._checks_of(rule, nodes, printed) for rule in counting)
        return [checks for checks in found if checks.applicable]

    def _checks_of(self, rule: Rule, nodes: Mapping[Node, set[Node]], printed: set[Node]) -> _Checks:
        """Return the checks of one rule; what it found something about, it applies to."""
        failed = self.failed.get(rule.id, set()) & nodes.keys()
        applies = {
            node
            for node, classes in nodes.items()
            if rule.target in classes and self._is_about(rule, node, printed)
        }
        return _Checks(rule, len(applies | failed), len(failed))

    def _is_about(self, rule: Rule, node: Node, printed: set[Node]) -> bool:
        fields = all(name in printed or (node, name, None) in self.data for name in rule.fields)
        scope = scopes().get(rule.id)
        return fields and (scope is None or scope.holds(self.data, self.vocabulary, node))

    def _nodes(self, declaration: URIRef) -> dict[Node, set[Node]]:
        """Return the declaration, its project, tables and parts, each with its classes."""
        nodes: dict[Node, set[Node]] = {}
        waiting: list[Node] = [declaration]
        while waiting:
            node = waiting.pop()
            if node not in nodes:
                nodes[node] = set(self.data.objects(node, RDF.type))
                waiting.extend(part for name in _PARTS for part in self.data.objects(node, name))
        return nodes

    def _printed(self, declaration: URIRef) -> set[Node]:
        """Return the fields that the form prints; a target is its text, a fund any source of money."""
        printed = {
            name
            for table in self.data.objects(declaration, PROV.hadPrimarySource)
            for name in self.data.objects(table, JX.printsField)
        }
        if JX.rawText in printed:
            printed.add(JX.target)
        if any(str(name).startswith(_FUND_SOURCES) for name in printed):
            printed.add(JX.hasFund)
        return printed

    def _division(self, declaration: URIRef) -> Named | None:
        unit = self.data.value(declaration, JX.declaredBy)
        iri = self.data.value(unit, JX.inDivision) if unit is not None else None
        if not isinstance(iri, URIRef):
            return None
        code = iri.rpartition("/")[2]
        known = divisions.by_code(code)
        return Named(iri, code, known.name if known else "")

    def _budget(self, declaration: URIRef) -> Decimal | None:
        budget = self.data.value(declaration, JX.budget)
        return None if budget is None else Decimal(str(budget))


def _first(item: tuple[Dimension, object]) -> tuple[int, str]:
    """Order dimensions by their points, the most first."""
    return -item[0].points, item[0].iri


def _share(dimension: Dimension, checks: Sequence[_Checks]) -> Share:
    applicable = sum(each.weight * each.applicable for each in checks)
    failed = sum(each.weight * each.failed for each in checks)
    return Share(dimension, applicable - failed, applicable)


def _gains(checks: Iterable[_Checks], shares: Sequence[Share]) -> tuple[Gain, ...]:
    points = sum(share.dimension.points for share in shares)
    applicable = {share.dimension: share.applicable for share in shares}
    gains = [
        Gain(
            each.rule,
            _HUNDRED
            * each.rule.dimension.points
            * each.weight
            * each.failed
            / (points * applicable[each.rule.dimension]),
        )
        for each in checks
        if each.failed and each.rule.dimension is not None
    ]
    return tuple(sorted(gains, key=lambda gain: (-gain.points, gain.rule.id)))


# --- many declarations -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Average:
    """The scores of several declarations: of a unit, a division or a year."""

    name: str
    declarations: int
    plain: Decimal
    weighted: Decimal | None
    """Weighted by budget; None where no budget is known."""


def averages(found: Iterable[Score], name_of: Callable[[Score], str]) -> tuple[Average, ...]:
    """Return the averages by name, the best first."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for score in found:
        groups[name_of(score)].append(score)
    averaged = (average(name, group) for name, group in groups.items())
    return tuple(sorted(averaged, key=lambda each: (-each.plain, each.name)))


def average(name: str, found: Sequence[Score]) -> Average:
    """Return the average of some scores, at least one."""
    budgets = [(score.budget, score.value) for score in found if score.budget]
    money = sum((budget for budget, _ in budgets), Decimal(0))
    weighted = sum((budget * value for budget, value in budgets), Decimal(0))
    plain = sum((score.value for score in found), Decimal(0)) / len(found)
    return Average(
        name, len(found), plain.quantize(_TENTH), (weighted / money).quantize(_TENTH) if money else None
    )


def gains_of_all(found: Sequence[Score]) -> tuple[Gain, ...]:
    """Return what mending all that each rule found adds to the plain average, the most first."""
    points: dict[str, Decimal] = defaultdict(Decimal)
    known: dict[str, Rule] = {}
    for score in found:
        for gain in score.gains:
            points[gain.rule.id] += gain.points / len(found)
            known[gain.rule.id] = gain.rule
    gains = [Gain(known[id_], each) for id_, each in points.items()]
    return tuple(sorted(gains, key=lambda gain: (-gain.points, gain.rule.id)))
