"""Which of two documents holds when both state the same declaration (ontology.md, Superseding).

The unit of superseding is the *owner*: a declaration, an evaluation, a department's overall target, with its
parts. Its IRI is the same in every document that states it, so in two graphs it would be counted twice. The
document published later holds; where dates of publication do not tell, the one loaded later. The same facts in
another format are no revision: the first stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from .statements import iri

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import date

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


@dataclass(frozen=True, slots=True, order=True)
class Precedence:
    """When a document was published and when it was first loaded; the greater one holds."""

    published: date
    loaded: str
    """An xsd:dateTime in UTC, so that its text sorts by time."""


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


def same_facts(left: Iterable[Statement], right: Iterable[Statement]) -> bool:
    """Return whether two documents say the same about an owner, wherever they print it."""
    return _facts(left) == _facts(right)


def _facts(statements: Iterable[Statement]) -> frozenset[Statement]:
    return frozenset(statement for statement in statements if statement.predicate not in _PROVENANCE)
