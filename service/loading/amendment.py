"""What one graph loses and gains by a change: the form in which everything that loading changes is said.

Worked out from what the store holds and what it is to hold, so that nothing is written that is there already:
loading a document a second time changes nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .statements import as_nquads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .statements import Statement


@dataclass(frozen=True, slots=True)
class Amendment:
    """Statements that a graph, named by its IRI, loses and gains."""

    graph: str
    removed: frozenset[Statement]
    added: frozenset[Statement]

    @classmethod
    def between(cls, graph: str, before: Iterable[Statement], after: Iterable[Statement]) -> Amendment:
        """Return what turns one content of a graph (or of a part of it) into another."""
        had, has = frozenset(before), frozenset(after)
        return cls(graph, had - has, has - had)

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)


def removed_by(amendments: Iterable[Amendment]) -> bytes:
    """Return what some amendments remove, as N-Quads in a stable order."""
    return b"".join(as_nquads(sorted(one.removed), one.graph) for one in amendments)


def added_by(amendments: Iterable[Amendment]) -> bytes:
    """Return what some amendments add, as N-Quads in a stable order."""
    return b"".join(as_nquads(sorted(one.added), one.graph) for one in amendments)
