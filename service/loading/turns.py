"""Taking turns: a change is made only to the store from which it was worked out.

What documents state alike is settled by reading first and writing then. Of two loads into one endpoint that read
the same store, the first to write marks it, and the change of the other, which asks for the old mark, does nothing:
it reads again. The condition and the change are one operation of SPARQL, so that nobody comes in between.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import PREFIXES

from ..store import Changes
from . import reading
from .amendment import added_by, removed_by
from .statements import Statement, as_nquads, iri, literal, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..store import Store
    from .amendment import Amendment

_CATALOGUE: Final = str(identifiers.CATALOGUE_GRAPH)
_SUBJECT: Final = iri(identifiers.CATALOGUE_GRAPH)
_HAS_VERSION: Final = iri(PREFIXES["dcterms"] + "hasVersion")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Turn:
    """A store at one moment, known by its mark."""

    store: Store
    mark: tuple[Statement, ...]

    def make(self, amendments: Iterable[Amendment], digests: Mapping[str, str] = _NONE) -> bool:
        """Make a change that was worked out since the turn began; False where another was made in between.

        `digests` are those of graphs as they are then, by their IRIs, for stores that keep them.
        """
        amendments = [amendment for amendment in amendments if amendment]
        if not amendments and not digests:
            return True
        ours = renewal()
        changes = Changes(removed=removed_by(amendments), added=added_by(amendments), digests=digests)
        self.store.apply(ours.within(self, changes))
        return _mark_of(self.store) == (ours.mark,)


def next_turn(store: Store) -> Turn:
    """Return the store as it is now; one that was never loaded into gets its first mark."""
    mark = _mark_of(store)
    if not mark:
        store.apply(Changes(added=as_nquads([_new_mark()], _CATALOGUE)))
        mark = _mark_of(store)
    return Turn(store, mark)


def _mark_of(store: Store) -> tuple[Statement, ...]:
    told = reading.about(store, _CATALOGUE, [_SUBJECT])
    return tuple(sorted(said for said in told if said.predicate == _HAS_VERSION))


def _new_mark() -> Statement:
    return Statement(_SUBJECT, _HAS_VERSION, literal(uuid.uuid4().hex))


def version_of(store: Store) -> str:
    """Return what stands for all that the store holds: another after each change, empty before the first."""
    return " ".join(text_of(statement.object) for statement in _mark_of(store))


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new mark for the store, by which is known whether the changes were made that came with it."""

    mark: Statement

    def as_operation(self) -> str:
        """Return the operation of SPARQL that gives the store the mark."""
        old = f"GRAPH <{_CATALOGUE}> {{ {self.mark.subject} {self.mark.predicate} ?mark }}"
        new = f"GRAPH <{_CATALOGUE}> {{ {' '.join(self.mark)} }}"
        return f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ OPTIONAL {{ {old} }} }}"

    def besides(self, store: Store, changes: Changes) -> Changes:
        """Return changes that take no turn, and give the store the mark, too."""
        return replace(
            changes,
            removed=changes.removed + as_nquads(_mark_of(store), _CATALOGUE),
            added=changes.added + as_nquads([self.mark], _CATALOGUE),
        )

    def within(self, turn: Turn, changes: Changes) -> Changes:
        """Return changes that are made only while the store is as it was in a turn, and give it the mark, too."""
        asked = as_nquads(turn.mark, _CATALOGUE)
        added = changes.added + as_nquads([self.mark], _CATALOGUE)
        return replace(changes, only_if=asked, removed=changes.removed + asked, added=added)

    def is_in(self, store: Store) -> bool:
        """Return whether the store has the mark, and so what was to come with it."""
        return self.mark in _mark_of(store)


def renewal() -> Renewal:
    """Return a new mark."""
    return Renewal(_new_mark())
