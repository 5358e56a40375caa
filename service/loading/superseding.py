"""Which of several documents holds when they state the same declaration (ontology.md, Superseding).

The unit of superseding is the *owner*: a declaration, an evaluation, a department's overall target, with its
parts. Its IRI is the same in every document that states it, so in two graphs it would be counted twice. What the
document published last says holds; where dates of publication do not tell, the one loaded last. The same facts in
another format are no revision: the first document that says them keeps them, and a later one confirms them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from .statements import iri

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from .statements import Statement

_TYPE: Final = iri(PREFIXES["rdf"] + "type")
_OWNER_CLASSES: Final = frozenset(
    iri(name) for name in (JX.Declaration, JX.OverallTarget, JX.Evaluation, JX.SelfEvaluation)
)
# Where something stands differs between formats of one document; what it says does not.
_PROVENANCE: Final = frozenset(
    iri(name)
    for name in (
        PREFIXES["prov"] + "wasQuotedFrom",
        PREFIXES["prov"] + "hadPrimarySource",
        JX.fiscalYearSource,
        JX.ordinal,
    )
)


UNDATED: Final = date.min
"""Stands for a date of publication that nobody wrote down: any date is later."""


@dataclass(frozen=True, slots=True, order=True)
class Precedence:
    """When a document was published and when it was first loaded; the greatest one holds."""

    published: date
    loaded: str
    """An xsd:dateTime in UTC, so that its text sorts by time."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one document, named by its graph, states about one owner."""

    graph: str
    precedence: Precedence
    statements: tuple[Statement, ...]

    @property
    def facts(self) -> frozenset[Statement]:
        """What it says, wherever the document prints it."""
        return frozenset(said for said in self.statements if said.predicate not in _PROVENANCE)

    @property
    def rank(self) -> tuple[Precedence, str]:
        """What versions are ordered by; no two of them are equal."""
        return self.precedence, self.graph


def holder(versions: Iterable[Version]) -> Version:
    """Return the version that holds: of those that say what the latest one says, the first."""
    ranked = sorted(versions, key=lambda version: version.rank)
    held = ranked[-1].facts
    return next(version for version in ranked if version.facts == held)


def owners_in(statements: Iterable[Statement]) -> frozenset[str]:
    """Return the terms of the owners that a graph states."""
    return frozenset(
        statement.subject
        for statement in statements
        if statement.predicate == _TYPE and statement.object in _OWNER_CLASSES
    )


def by_owner(
    statements: Iterable[Statement], owners: Iterable[str]
) -> tuple[list[Statement], dict[str, list[Statement]]]:
    """Return the statements that no owner has, and by owner those about it and its parts."""
    rest: list[Statement] = []
    owned: dict[str, list[Statement]] = {owner: [] for owner in owners}
    homes: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.subject not in homes:
            owner = _owner_of(statement.subject, owned)
            homes[statement.subject] = rest if owner is None else owned[owner]
        homes[statement.subject].append(statement)
    return rest, owned


def _owner_of(subject: str, owners: Container[str]) -> str | None:
    """Return the owner that a subject is, or is a part of: `<…/indicator/7>` belongs to `<…>`."""
    wholes = (iri(whole) for whole in identifiers.wholes(subject.strip("<>")))
    return next((whole for whole in wholes if whole in owners), None)
