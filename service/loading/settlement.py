"""One document among the others: what it states in the store, and what earlier documents state no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology import identifiers

from . import catalogue, reading
from .statements import Statement, iri
from .superseding import by_owner, owners_in, same_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..store import Store
    from .superseding import Precedence


@dataclass(slots=True)
class Settlement:
    """The outcome for one document. Other documents are named by the IRI of their graph."""

    own: list[Statement] = field(default_factory=list)
    """What the document states in the store: all but what stays with another document."""
    withheld: list[Statement] = field(default_factory=list)
    """What it does not state because another document published later does."""
    taken: dict[str, list[Statement]] = field(default_factory=dict)
    """What earlier documents state no more."""
    remaining: dict[str, list[Statement]] = field(default_factory=dict)
    """What those documents still state."""
    alternates: set[str] = field(default_factory=set)
    """Documents that state the same facts in another format."""
    held_elsewhere: int = 0
    superseded: int = 0


def settle(store: Store, graph: str, statements: list[Statement], precedence: Precedence) -> Settlement:
    """Return what a document states beside those that the store has.

    `graph` is the document's own; what the store holds there is about to be replaced and does not count.
    """
    outcome = Settlement()
    rest, mine = by_owner(statements, owners_in(statements))
    for other, shared in _competitors(store, graph, mine).items():
        remaining, theirs = by_owner(reading.graph_of(store, other), shared)
        newer = precedence > catalogue.precedence_of(store, other)
        won = {owner for owner in sorted(shared) if _wins(outcome, mine, other, theirs, owner, newer=newer)}
        if won:
            outcome.taken[other] = _all_of(theirs, won)
            outcome.remaining[other] = remaining + _all_of(theirs, shared - won)
            outcome.superseded += len(won)
    outcome.own = rest + _all_of(mine, mine)
    return outcome


def _wins(
    outcome: Settlement,
    mine: dict[str, list[Statement]],
    other: str,
    theirs: Mapping[str, list[Statement]],
    owner: str,
    *,
    newer: bool,
) -> bool:
    """Return whether the document holds an owner that another states: the same facts stay where they are."""
    same = same_facts(mine[owner], theirs[owner])
    if newer and not same:
        return True
    given_up = mine.pop(owner)
    outcome.held_elsewhere += 1
    if same:
        outcome.alternates.add(other)
    else:
        outcome.withheld += given_up
    return False


def _all_of(owned: Mapping[str, list[Statement]], owners: Iterable[str]) -> list[Statement]:
    return [statement for owner in sorted(owners) for statement in owned[owner]]


def _competitors(store: Store, graph: str, owners: Iterable[str]) -> Mapping[str, set[str]]:
    """Return the other graphs that state some of the owners, and which."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = f"""SELECT DISTINCT ?graph ?owner {{
        VALUES ?owner {{ {" ".join(sorted(owners))} }}
        GRAPH ?graph {{ ?owner a ?class }}
    }}"""
    for row in reading.rows(store, query):
        if row["graph"] != graph and identifiers.is_disclosure_graph(row["graph"]):
            found[row["graph"]].add(iri(row["owner"]))
    return found
