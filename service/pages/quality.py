"""Completeness: what the rules found, rule by rule and one by one, and which kinds of indicators projects have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import JXI

from .asking import Term, ask, iri
from .departments import units
from .kinds import rank
from .overview import SEVERITIES, findings_by_severity
from .places import Place, places_of
from .projects import PAGE_SIZE, Filter, projects
from .rules import rule_of
from .scores import ranking

if TYPE_CHECKING:
    from ..answers import Row
    from ..negotiation import Language
    from ..store import Store
    from .rules import Rule
    from .scores import Ranked

Severity = Literal["", "Violation", "Warning", "Info"]
MATRIX_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that found something: what it rests on, and how often and in how many projects it fired."""

    rule: Rule
    citation: str
    findings: int
    projects: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings: an empty text restricts nothing. `unit` is the key of a unit or department."""

    rule: str = ""
    severity: Severity = ""
    unit: str = ""

    def terms(self, *names: str) -> dict[str, Term]:
        """Return the terms of the parameters that the questions on findings share, or of some of them."""
        terms: dict[str, Term] = {
            "rule": ox.Literal(f"/{self.rule}" if self.rule else ""),
            "severity": ox.Literal(f"#{self.severity}" if self.severity else ""),
            "anyBody": ox.Literal(not self.unit),
            "body": iri(f"{JXI}unit/{self.unit}"),
        }
        return {name: terms[name] for name in names or terms}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in the list; `project_key` and `version` are empty when it is about no declaration."""

    severity: str
    rule: str
    rule_id: str
    message: str
    remedy: str
    project_key: str
    project: str
    """The name of the project, or of the document where it is about none."""
    year: str
    version: str
    unit: str
    row: int
    """Number of the indicator; 0 where it is about none."""
    about: str
    """The name of the indicator."""
    printed: str
    reading: str
    suggestions: tuple[str, ...]
    places: tuple[Place, ...]
    thing: str
    """The IRI of what the finding is about."""


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of findings, which page it is (from 1), and how many there are in all."""

    findings: tuple[Finding, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A level-2 kind of indicators, a column of the matrix: the same words in two frameworks are one kind."""

    name: str
    members: frozenset[str]
    """IRIs of its concepts."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A row of the matrix: a declaration and how many indicators of each kind it has."""

    project_key: str
    project: str
    year: str
    version: str
    counts: tuple[int, ...]

    @property
    def present(self) -> int:
        """How many kinds it has indicators of."""
        return sum(1 for count in self.counts if count)


@dataclass(frozen=True, slots=True)
class Quality:
    """What the page on completeness shows."""

    severities: dict[str, int]
    ranking: tuple[Ranked, ...]
    rules: tuple[Fired, ...]
    kinds: tuple[Kind, ...]
    matrix: tuple[Covered, ...]
    number: int
    pages: int
    total: int


def quality(store: Store, language: Language, *, page: int, unit: str = "") -> Quality:
    """Return what the page on completeness shows; the matrix one page at a time."""
    shown = projects(store, Filter(unit=unit), page=page, size=MATRIX_SIZE)
    kinds = _kinds(store, language)
    declarations = [str(identifiers.declaration(p.key, int(p.year or 0), p.version)) for p in shown.projects]
    counted = _counted(store, declarations)
    return Quality(
        severities=findings_by_severity(store),
        ranking=ranking(units(store)),
        rules=rules(store, language),
        kinds=kinds,
        matrix=tuple(
            Covered(p.key, p.name, p.year, p.version, _counts(counted[declaration], kinds))
            for p, declaration in zip(shown.projects, declarations, strict=True)
        ),
        number=shown.number,
        pages=shown.pages,
        total=shown.total,
    )


def rules(store: Store, language: Language) -> tuple[Fired, ...]:
    """Return the rules that found something, the gravest first."""
    found = [_fired(row) for row in ask(store, "rules", language=ox.Literal(language))]
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.rule.severity), one.rule.id)))


def findings(
    store: Store, chosen: Chosen, language: Language, *, page: int = 1, size: int = PAGE_SIZE
) -> Findings:
    """Return a page of the findings that were chosen."""
    terms = chosen.terms()
    rows = ask(
        store,
        "findings-list",
        **terms,
        language=ox.Literal(language),
        limit=size,
        offset=(page - 1) * size,
    ).rows
    places = places_of(store, [row.text("finding") for row in rows])
    total = ask(store, "findings-count", **terms).rows[0].count("findings")
    return Findings(
        findings=tuple(_finding(row, places.get(row.text("finding"), ())) for row in rows),
        number=page,
        pages=max(1, -(-total // size)),
        total=total,
    )


def _fired(row: Row) -> Fired:
    return Fired(
        rule=rule_of(row),
        citation="；".join(sorted(row.text("citation").split("\n"))),
        findings=row.count("findings"),
        projects=row.count("projects"),
    )


def _finding(row: Row, places: tuple[Place, ...]) -> Finding:
    declared = identifiers.part_of_declaration(row.text("declaration"))
    rule = rule_of(row)
    return Finding(
        severity=rule.severity,
        rule=rule.name,
        rule_id=rule.id,
        message=rule.message,
        remedy=rule.remedy,
        project_key=declared.project_key if declared else "",
        project=row.text("projectName") or row.text("title"),
        year=declared.year if declared else "",
        version=declared.version if declared else "",
        unit=row.text("unitName"),
        row=row.count("row"),
        about=row.text("name"),
        printed=row.text("printed") or _text_value(row),
        reading=row.text("reading"),
        suggestions=tuple(filter(None, row.text("suggestions").split("\n"))),
        places=places,
        thing=row.text("focus"),
    )


def _text_value(row: Row) -> str:
    """Return the value that broke the rule where it is a text: numbers are as read, not as printed."""
    value = row.cells.get("value")
    return value.text if value and not value.is_iri and value.datatype is None else ""


def _kinds(store: Store, language: Language) -> tuple[Kind, ...]:
    """Return the kinds of all frameworks in use, those of one name together, in the order of the forms."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in ask(store, "kinds", language=ox.Literal(language)):
        members[row.text("name")].add(row.text("level2"))
    ordered = sorted(members, key=lambda name: min(rank(member) for member in members[name]))
    return tuple(Kind(name, frozenset(members[name])) for name in ordered)


def _counted(store: Store, declarations: list[str]) -> dict[str, dict[str, int]]:
    """Return, by declaration and level-2 concept, how many indicators there are."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in ask(store, "coverage", declarations=[iri(one) for one in declarations]):
        counts[row.text("declaration")][row.text("level2")] = row.count("indicators")
    return counts


def _counts(counted: dict[str, int], kinds: tuple[Kind, ...]) -> tuple[int, ...]:
    return tuple(sum(counted.get(member, 0) for member in kind.members) for kind in kinds)
