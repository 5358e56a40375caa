"""What loading asks of a store: statements of a graph, and rows of terms. Imported by what loads documents."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING

from rdflib import BNode, Literal, URIRef

from .statements import Statement, of_graph

if TYPE_CHECKING:
    from rdflib.term import Node

    from ..store import Store


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


def construct(store: Store, sparql: str) -> list[Statement]:
    """Return the statements that a CONSTRUCT query makes."""
    return of_graph(store.query(sparql, "application/n-triples"))


def terms(store: Store, sparql: str) -> list[dict[str, Node]]:
    """Return the rows of a SELECT query, terms as rdflib has them; what is unbound is not there."""
    answer = json.loads(store.query(sparql, "application/sparql-results+json"))
    return [{name: _term(told) for name, told in row.items()} for row in answer["results"]["bindings"]]


def _term(told: dict[str, str]) -> Node:
    if told["type"] == "uri":
        return URIRef(told["value"])
    if told["type"] == "bnode":
        return BNode(told["value"])
    return Literal(told["value"], lang=told.get("xml:lang"), datatype=told.get("datatype"), normalize=False)


def rows(store: Store, sparql: str) -> list[dict[str, str]]:
    """Return the rows of a SELECT query, terms as their bare text (IRIs without brackets)."""
    text = store.query(sparql, "text/csv").decode()
    return list(csv.DictReader(StringIO(text)))
