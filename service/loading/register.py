"""The register: what documents say of shared things - projects, bodies, units of measure - and what these are called.

What a document tells of a thing stays told; what a thing is called is settled among all that the store shows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from . import naming, reading
from .amendment import Amendment
from .statements import iri, is_iri, literal, of_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..store import Store
    from .statements import Statement

GRAPH: Final = str(identifiers.REGISTER_GRAPH)
_NAMES: Final = frozenset(iri(name) for name in (JX.ofProject, JX.declaredBy, JX.unit))
_NAMING: Final = re.compile("|".join(map(re.escape, sorted(_NAMES))))
_UNCHANGED: Final = Amendment(GRAPH, frozenset(), frozenset())
_PART_OF: Final = iri(PREFIXES["org"] + "subOrganizationOf")


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a store as it will be when an amendment is made."""

    store: Store
    amendment: Amendment = _UNCHANGED

    def about(self, subjects: Iterable[str]) -> list[Statement]:
        """Return what it says of some things, given as terms."""
        wanted = frozenset(subjects)
        known = reading.about(self.store, GRAPH, sorted(wanted))
        kept = [statement for statement in known if statement not in self.amendment.removed]
        return kept + sorted(said for said in self.amendment.added if said.subject in wanted)

    def named_by(self, statements: Iterable[Statement]) -> list[Statement]:
        """Return what it says of all that a document names: projects, bodies with their departments, units."""
        named = {said.object for said in statements if said.predicate in _NAMES and is_iri(said.object)}
        return self.named_by_each({"": named})[""]

    def named_by_each(self, named: Mapping[str, Collection[str]]) -> dict[str, list[Statement]]:
        """Return what it says of the things that each of some documents names, and of their departments."""
        told: defaultdict[str, list[Statement]] = defaultdict(list)
        asked = {thing for things in named.values() for thing in things}
        for said in self.about(asked):
            told[said.subject].append(said)
        for said in self.about(_departments(told, asked) - asked):
            told[said.subject].append(said)
        return {
            document: [
                said for thing in {*things, *_departments(told, things)} for said in told.get(thing, ())
            ]
            for document, things in named.items()
        }


def _departments(told: Mapping[str, list[Statement]], things: Iterable[str]) -> set[str]:
    """Return the departments of some things, of which something is told."""
    return {said.object for thing in things for said in told.get(thing, ()) if said.predicate == _PART_OF}


def things_named_in(store: Store, graphs: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the shared things that the documents of some graphs name, as terms, by graph."""
    if not graphs:
        return {}
    query = f"""SELECT DISTINCT ?graph ?thing {{
        VALUES ?graph {{ {" ".join(map(iri, graphs))} }}
        VALUES ?names {{ {" ".join(sorted(_NAMES))} }}
        GRAPH ?graph {{ ?whole ?names ?thing }}
        FILTER(isIRI(?thing))
    }}"""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for row in reading.rows(store, query):
        named[row["graph"]].add(iri(row["thing"]))
    return {graph: frozenset(things) for graph, things in named.items()}


def naming_lines(lines: Iterable[str]) -> list[Statement]:
    """Return of lines of N-Triples the statements by which a document names shared things."""
    named = (of_line(line) for line in filter(_NAMING.search, lines))
    return [statement for statement in named if statement.predicate in _NAMES]


def amend(
    store: Store,
    told: Iterable[Statement],
    *,
    before: Mapping[str, list[Statement]],
    after: Mapping[str, list[Statement]],
) -> Amendment:
    """Return how the register changes by what a document tells of shared things.

    `before` and `after` are what the store shows of each document that is concerned, and what it will show.
    """
    told = frozenset(told)
    named = [_namings_in(shown) for shown in (before, after)]
    things = {said.subject for said in told if naming.is_label(said)}
    things |= {said.thing for said in set(named[0]) ^ set(named[1])}
    known = frozenset(reading.about(store, GRAPH, sorted({said.subject for said in told} | things)))
    labels = frozenset(said for said in known | told if naming.is_label(said) and said.subject in things)
    counted = [said for said in named[1] if said.thing in things] + _namings(store, things, after)
    facts = frozenset(said for said in known | told if said not in labels)
    return Amendment.between(GRAPH, known, facts.union(naming.settled(sorted(labels), counted)))


def graphs_told_more(store: Store, amendment: Amendment) -> frozenset[str]:
    """Return the graphs of documents that name things of which the register comes to say more than names.

    A document that names a unit is told of its department too.
    """
    things = {said.subject for said in amendment.added if not naming.is_label(said)}
    if not things:
        return frozenset()
    query = f"""SELECT DISTINCT ?graph {{
        VALUES ?thing {{ {" ".join(sorted(things | _parts_of(store, things)))} }}
        VALUES ?names {{ {" ".join(sorted(_NAMES))} }}
        GRAPH ?graph {{ ?whole ?names ?thing }}
    }}"""
    graphs = (row["graph"] for row in reading.rows(store, query))
    return frozenset(graph for graph in graphs if identifiers.is_disclosure_graph(graph))


def _parts_of(store: Store, things: Iterable[str]) -> set[str]:
    """Return the units of some departments; those that come to be so are told more of themselves."""
    query = f"""SELECT DISTINCT ?part {{
        VALUES ?thing {{ {" ".join(sorted(things))} }}
        GRAPH {iri(GRAPH)} {{ ?part {_PART_OF} ?thing }}
    }}"""
    return {iri(row["part"]) for row in reading.rows(store, query)}


def _namings_in(shown: Mapping[str, list[Statement]]) -> list[naming.Naming]:
    return [said for statements in shown.values() for said in naming.namings_in(statements)]


def _namings(store: Store, things: Iterable[str], except_graphs: Iterable[str]) -> list[naming.Naming]:
    """Return what the declarations of other documents call some things."""
    patterns = " UNION ".join(
        f"{{ ?declaration {points_at} ?thing ; {prints} ?name }}" for points_at, prints in naming.NAMED_BY
    )
    query = f"""SELECT ?declaration ?thing ?name {{
        VALUES ?thing {{ {" ".join(sorted(things))} }}
        GRAPH ?graph {{ {patterns} }}
        FILTER(?graph NOT IN ({", ".join(iri(graph) for graph in except_graphs)}))
    }}"""
    return [
        naming.Naming(iri(row["declaration"]), iri(row["thing"]), literal(row["name"]))
        for row in reading.rows(store, query)
    ]
