"""What loading asks of a store: statements of a graph, and rows of terms. Imported by what loads documents."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from .statements import Statement, iri, of_graph

if TYPE_CHECKING:
    from ..store import Store

_NAMES: Final = frozenset(iri(name) for name in (JX.ofProject, JX.declaredBy, JX.unit))
_PART_OF: Final = iri(PREFIXES["org"] + "subOrganizationOf")


def graph_of(store: Store, graph: str) -> list[Statement]:
    """Return all statements of a named graph."""
    return construct(store, f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")


def about(store: Store, graph: str, subjects: list[str]) -> list[Statement]:
    """Return the statements of a named graph about some subjects, given as terms."""
    if not subjects:
        return []
    values = " ".join(sorted(subjects))
    return construct(
        store,
        f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {values} }} GRAPH <{graph}> {{ ?s ?p ?o }} }}",
    )


def named_in_register(store: Store, statements: list[Statement]) -> list[Statement]:
    """Return what the register says of all that a document names: projects, bodies, units of measure."""
    register = str(identifiers.REGISTER_GRAPH)
    named = {statement.object for statement in statements if statement.predicate in _NAMES}
    told = about(store, register, sorted(named))
    departments = {statement.object for statement in told if statement.predicate == _PART_OF} - named
    return told + about(store, register, sorted(departments))


def construct(store: Store, sparql: str) -> list[Statement]:
    """Return the statements that a CONSTRUCT query makes."""
    return of_graph(store.query(sparql, "application/n-triples"))


def rows(store: Store, sparql: str) -> list[dict[str, str]]:
    """Return the rows of a SELECT query, terms as their bare text (IRIs without brackets)."""
    text = store.query(sparql, "text/csv").decode()
    return list(csv.DictReader(StringIO(text)))
