"""What a report says, in the order in which people read it: every form of the report writes this one outline.

First the counts and scores, then what is in every project (it judges the form, not the projects: told once), then
department by department, project by project and row by row what must be mended, and the rules at the end. Each
finding stands in exactly one place of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from .row_by_row import row_by_row
from .rule_book import Severity
from .scoring import average, averages, gains_of_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from rdflib import URIRef

    from .choosing import Choice
    from .finding import Context, Finding, Named
    from .report import Judged, Report
    from .row_by_row import Row, Shared
    from .rule_book import Category, Rule
    from .scoring import Average, Gain, Score

FEW_PROJECTS: Final = 3
"""With fewer projects "every project" says nothing about the form."""
_FEW_REPAIRS: Final = 5
_FEW_GAINS: Final = 3
_LEAST_GAIN: Final = Decimal("0.05")
"""Points that a repair must add to be worth naming: less is nought to a tenth."""


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """One of the review opinions, and how many findings belong to it."""

    category: Category
    findings: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule that found something, how often, and in how many declarations or evaluations of projects."""

    rule: Rule
    findings: int
    projects: int


@dataclass(frozen=True, slots=True)
class InEvery:
    """What a rule found in every project of some documents."""

    rule: Rule
    findings: tuple[Finding, ...]
    projects: int
    documents: int
    points: Decimal
    """What mending it adds to the mean of all scores."""


@dataclass(frozen=True, slots=True)
class Part:
    """A project in one document; without a project, what is about a whole department or document."""

    project: Named | None
    document: URIRef | None
    score: Score | None
    shared: tuple[Shared[Finding], ...]
    rows: tuple[Row[Finding], ...]

    @property
    def findings(self) -> int:
        """How many findings it tells of."""
        return sum(len(each.findings) for each in self.shared) + sum(len(row.findings) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Body:
    """A department and its unit, None where a finding is about the whole document, and its parts."""

    department: Named | None
    unit: Named | None
    parts: tuple[Part, ...]

    @property
    def findings(self) -> int:
        """How many findings its parts tell of."""
        return sum(part.findings for part in self.parts)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A score and its rank, 1 for the best; equal scores have one rank."""

    rank: int
    score: Score
    repairs: tuple[Gain, ...]
    """What adds most to it, of the rules that the report tells of; what is in every project is none of it."""
    severities: Mapping[Severity, int]
    """How many findings of each severity there are in it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What adds to the mean of all scores: mending all that one rule found."""

    count: RuleCount
    points: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """The scores of the declarations, best first, and their means."""

    ranking: tuple[Ranked, ...]
    whole: Average | None
    """None where nothing is declared."""
    units: tuple[Average, ...]
    divisions: tuple[Average, ...]
    years: tuple[Average, ...]
    """By year, the earliest first."""
    repairs: tuple[Repair, ...]
    """The few that add most; what is in every project is none of them."""


@dataclass(frozen=True, slots=True)
class Outline:
    """All that a report says."""

    documents: tuple[Judged, ...]
    choice: Choice
    severities: Mapping[Severity, int]
    categories: tuple[CategoryCount, ...]
    rules: tuple[RuleCount, ...]
    """The most serious first."""
    standing: Standing
    in_every: tuple[InEvery, ...]
    bodies: tuple[Body, ...]
    everywhere: Collection[tuple[URIRef | None, str]]
    """Documents and ids of the rules that found something in every project of theirs."""

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return sum(self.severities.values())

    def is_in_every(self, finding: Finding) -> bool:
        """Return whether a finding is one of those that are in every project of its document."""
        return _form_key(finding) in self.everywhere


def outline(report: Report) -> Outline:
    """Return what a report says."""
    everywhere = _in_every_project(report)
    rest = [finding for finding in report.findings if _form_key(finding) not in everywhere]
    counts = _rule_counts(report.findings)
    return Outline(
        documents=report.judged,
        choice=report.choice,
        severities=report.by_severity(),
        categories=_categories(report.findings),
        rules=tuple(sorted(counts.values(), key=lambda each: _by_gravity(each.rule))),
        standing=_standing(report, _Gains(report.scores, everywhere.keys()), _rule_counts(rest)),
        in_every=_in_every(everywhere, _Gains(report.scores, everywhere.keys())),
        bodies=_bodies(rest, {score.of: score for score in report.scores}),
        everywhere=everywhere.keys(),
    )


# --- counts ----------------------------------------------------------------------------------------------


def _by_gravity(rule: Rule) -> tuple[int, str]:
    return rule.severity.rank, rule.id


def _rule_counts(findings: Iterable[Finding]) -> dict[str, RuleCount]:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.id].append(finding)
    return {id_: RuleCount(found[0].rule, len(found), _projects(found)) for id_, found in groups.items()}


def _projects(findings: Iterable[Finding]) -> int:
    declared = {finding.context.declaration for finding in findings}
    return len(declared - {None})


def _categories(findings: Iterable[Finding]) -> tuple[CategoryCount, ...]:
    counts = Counter(finding.category for finding in findings)
    ordered = sorted(counts.items(), key=lambda item: item[0].number)
    return tuple(CategoryCount(category, count) for category, count in ordered)


# --- what is in every project ----------------------------------------------------------------------------


def _form_key(finding: Finding) -> tuple[URIRef | None, str]:
    return finding.context.document, finding.id


def _in_every_project(report: Report) -> Mapping[tuple[URIRef | None, str], list[Finding]]:
    """Return the findings, short of Violations, of rules that hit every project of a document."""
    declared: dict[URIRef | None, set[URIRef]] = defaultdict(set)
    for score in report.scores:
        declared[score.context.document].add(score.of)
    groups: dict[tuple[URIRef | None, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.context.declaration is not None and finding.severity is not Severity.VIOLATION:
            groups[_form_key(finding)].append(finding)
    return {
        key: found
        for key, found in groups.items()
        if len(declared[key[0]]) >= FEW_PROJECTS
        and {finding.context.declaration for finding in found} == declared[key[0]]
    }


def _in_every(
    everywhere: Mapping[tuple[URIRef | None, str], list[Finding]], gains: _Gains
) -> tuple[InEvery, ...]:
    """Return these findings by rule, whatever their documents."""
    by_rule: dict[str, list[list[Finding]]] = defaultdict(list)
    for (_, id_), found in everywhere.items():
        by_rule[id_].append(found)
    points = gains.of_forms()
    told = (_of_documents(groups, points.get(id_, Decimal(0))) for id_, groups in by_rule.items())
    return tuple(sorted(told, key=lambda each: _by_gravity(each.rule)))


def _of_documents(groups: list[list[Finding]], points: Decimal) -> InEvery:
    found = tuple(finding for group in groups for finding in group)
    return InEvery(found[0].rule, found, sum(_projects(group) for group in groups), len(groups), points)


# --- scores ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gains:
    """What mending adds to scores, told apart by whether it is a matter of the form or of a project."""

    scores: tuple[Score, ...]
    everywhere: Collection[tuple[URIRef | None, str]]

    def of_forms(self) -> Mapping[str, Decimal]:
        """Return what mending forms adds to the mean, by rule."""
        return self._of_all(of_the_form=True)

    def of_projects(self) -> Mapping[str, Decimal]:
        """Return what mending projects adds to the mean, by rule."""
        return self._of_all(of_the_form=False)

    def of(self, score: Score, *, of_the_form: bool = False) -> tuple[Gain, ...]:
        """Return what mending adds to one score, the most first."""
        document = score.context.document
        return tuple(
            gain for gain in score.gains if ((document, gain.rule.id) in self.everywhere) is of_the_form
        )

    def _of_all(self, *, of_the_form: bool) -> Mapping[str, Decimal]:
        parts = [replace(score, gains=self.of(score, of_the_form=of_the_form)) for score in self.scores]
        return {gain.rule.id: gain.points for gain in gains_of_all(parts)}


def _standing(report: Report, gains: _Gains, repairable: Mapping[str, RuleCount]) -> Standing:
    """Return the standing; `repairable` is what the report tells of and is in not every project."""
    found = report.scores
    return Standing(
        ranking=tuple(_ranking(report, gains, repairable)),
        whole=average("", found) if found else None,
        units=_known_averages(found, lambda score: str(score.context.unit or "")),
        divisions=_known_averages(found, lambda score: str(score.division or "")),
        years=tuple(
            sorted(_known_averages(found, lambda score: score.year), key=lambda average: average.name)
        ),
        repairs=_repairs(repairable, gains.of_projects()),
    )


def _known_averages(found: Iterable[Score], name_of: Callable[[Score], str]) -> tuple[Average, ...]:
    """Return the means by name, leaving out scores of what has none."""
    return averages((score for score in found if name_of(score)), name_of)


def _ranking(report: Report, gains: _Gains, repairable: Collection[str]) -> Iterator[Ranked]:
    ordered = sorted(report.scores, key=lambda score: (-score.value, str(score.context.project), score.of))
    severities = Counter((finding.context.declaration, finding.severity) for finding in report.findings)
    rank = 0
    for place, (score, before) in enumerate(zip(ordered, [None, *ordered], strict=False), start=1):
        rank = rank if before is not None and before.value == score.value else place
        repairs = [
            gain for gain in gains.of(score) if gain.rule.id in repairable and gain.points >= _LEAST_GAIN
        ]
        counts = {severity: severities[score.of, severity] for severity in Severity}
        yield Ranked(rank, score, tuple(repairs[:_FEW_GAINS]), counts)


def _repairs(counts: Mapping[str, RuleCount], points: Mapping[str, Decimal]) -> tuple[Repair, ...]:
    found = [Repair(count, points.get(id_, Decimal(0))) for id_, count in counts.items()]
    worth = [repair for repair in found if repair.points >= _LEAST_GAIN]
    return tuple(sorted(worth, key=lambda repair: (-repair.points, repair.count.rule.id)))[:_FEW_REPAIRS]


# --- department, project, row ----------------------------------------------------------------------------


def _bodies(findings: Iterable[Finding], scores: Mapping[URIRef, Score]) -> tuple[Body, ...]:
    return tuple(
        _body(list(found), scores) for _, found in groupby(findings, key=lambda found: _whose(found.context))
    )


def _whose(context: Context) -> tuple[str, str]:
    return str(context.department or ""), str(context.unit or "")


def _body(findings: list[Finding], scores: Mapping[URIRef, Score]) -> Body:
    first = findings[0].context
    parts = groupby(findings, key=lambda found: _about(found.context))
    return Body(first.department, first.unit, tuple(_part(list(found), scores) for _, found in parts))


def _about(context: Context) -> tuple[object, ...]:
    return context.document, str(context.project or ""), context.declaration


def _part(findings: list[Finding], scores: Mapping[URIRef, Score]) -> Part:
    context = findings[0].context
    told = row_by_row(findings)
    return Part(
        project=context.project,
        document=context.document,
        score=None if context.declaration is None else scores.get(context.declaration),
        shared=told.shared,
        rows=told.rows,
    )
