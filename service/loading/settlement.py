"""One document among the others: what it states in the store, and what earlier documents state no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import PREFIXES

from . import catalogue, reading
from .statements import Statement, iri
from .superseding import Precedence, owners_in, same_facts, split_off

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store import Store

_CATALOGUE: Final = str(identifiers.CATALOGUE_GRAPH)
_UNDATED: Final = date.min


@dataclass(slots=True)
class Settlement:
    """The outcome for one document. Other documents are named by the IRI of their graph."""

    own: list[Statement]
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
    outcome = Settlement(own=statements)
    for other, owners in _competitors(store, graph, owners_in(statements)).items():
        theirs = reading.graph_of(store, other)
        _settle_with(outcome, other, theirs, owners, precedence > precedence_of(store, other))
    return outcome


def _settle_with(
    outcome: Settlement, other: str, theirs: list[Statement], owners: set[str], newer: bool
) -> None:
    """Settle each shared owner with one other document: same facts stay there, else the newer one holds."""
    won: set[str] = set()
    for owner in sorted(owners):
        rest, ours = split_off(outcome.own, [owner])
        if same_facts(ours, split_off(theirs, [owner])[1]):
            outcome.own, outcome.held_elsewhere = rest, outcome.held_elsewhere + 1
            outcome.alternates.add(other)
        elif newer:
            won.add(owner)
        else:
            outcome.own, outcome.held_elsewhere = rest, outcome.held_elsewhere + 1
            outcome.withheld += ours
    if won:
        outcome.remaining[other], outcome.taken[other] = split_off(theirs, won)
        outcome.superseded += len(won)


def _competitors(store: Store, graph: str, owners: frozenset[str]) -> Mapping[str, set[str]]:
    """Return the other graphs that state some of the owners, and which."""
    if not owners:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = f"""SELECT DISTINCT ?graph ?owner {{
        VALUES ?owner {{ {" ".join(sorted(owners))} }}
        GRAPH ?graph {{ ?owner a ?class }}
    }}"""
    for row in reading.rows(store, query):
        if row["graph"] != graph:
            found[row["graph"]].add(iri(row["owner"]))
    return found


def precedence_of(store: Store, graph: str) -> Precedence:
    """Return when a document of the store was published and first loaded."""
    document = document_of(graph)
    query = f"""SELECT ?published ?loaded {{
        GRAPH <{_CATALOGUE}> {{
            <{document}/record> <{catalogue.ISSUED}> ?loaded
            OPTIONAL {{ <{document}> <{catalogue.ISSUED}> ?published }}
        }}
    }}"""
    for row in reading.rows(store, query):
        published = date.fromisoformat(row["published"]) if row["published"] else _UNDATED
        return Precedence(published, row["loaded"])
    return Precedence(_UNDATED, "")


def document_of(graph: str) -> str:
    """Return the IRI of the disclosure whose statements a graph holds."""
    return PREFIXES["jxi"] + graph.removeprefix(PREFIXES["jxg"])


def key_of(graph: str) -> str:
    """Return the 16 digits that name the document of a graph."""
    return graph.rpartition("/")[2]
