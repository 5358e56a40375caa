"""Which of several documents holds when they state the same declaration (ontology.md, Superseding).

The unit of superseding is the *owner*: a declaration, an evaluation, a department's overall target, with its
parts. Its IRI is the same in every document that states it, so in two graphs it would be counted twice. What the
document published last says holds; where dates of publication do not tell, the one loaded last. The same facts in
another format are no revision: the first document that says them keeps them, and a later one confirms them.

What a person corrected in one of them is no difference between documents of one day: they print the same, and the
one that is read as it should be holds.
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
        PREFIXES["prov"] + "wasDerivedFrom",
        JX.fiscalYearSource,
        JX.ordinal,
    )
)
_DERIVED: Final = iri(PREFIXES["prov"] + "wasDerivedFrom")

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
    def corrected(self) -> frozenset[str]:
        """The parts that a person corrected: they are derived from what that person says."""
        return frozenset(said.subject for said in self.statements if said.predicate == _DERIVED)

    def facts(self, without: frozenset[str] = frozenset()) -> frozenset[Statement]:
        """Return what it says, wherever the document prints it, of all but some parts."""
        return frozenset(
            said
            for said in self.statements
            if said.predicate not in _PROVENANCE and said.subject not in without
        )

    def says_what(self, other: Version) -> bool:
        """Return whether it says the same; parts that somebody corrected do not count where both are of one day."""
        same_day = self.precedence.published == other.precedence.published
        corrected = self.corrected | other.corrected if same_day else frozenset()
        return self.facts(corrected) == other.facts(corrected)

    @property
    def rank(self) -> tuple[Precedence, str]:
        """What versions are ordered by; no two of them are equal."""
        return self.precedence, self.graph


def holder(versions: Iterable[Version]) -> Version:
    """Return the version that holds: of those that say what the latest one says, the first, or the corrected one."""
    ranked = sorted(versions, key=lambda version: version.rank)
    same = [version for version in ranked if version.says_what(ranked[-1])]
    return next((version for version in same if version.corrected), same[0])


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
