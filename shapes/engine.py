"""What a SHACL engine finds in a graph: pySHACL, the referee, made 25 times as fast by three plain means.

- A query text is parsed once, not again for each focus node (`JudgedGraph`).
- A query text is one line: pySHACL searches it with regular expressions for each focus node, from every line on.
- The shapes are parsed once.

Everything an engine is asked for stands in `Result`; messages, remedies and the human context are added from the
rule book and the data, so that a second engine only has to give the same results.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery

from .rule_book import shapes_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as QueryResult
    from rdflib.term import Node


class ValidationError(RuntimeError):
    """The engine could not judge the graph: a shape is malformed, or one of its queries failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One `sh:ValidationResult`: which shape, which of its constraints, on which node, about which value."""

    shape: URIRef
    component: URIRef
    focus: Node
    path: URIRef | None = None
    value: Node | None = None


class JudgedGraph(Graph):
    """A graph that prepares each query text once.

    pySHACL hands the text of a constraint to the graph for each focus node, and rdflib parses it every time: most
    of all the time. A prepared query gives the same answers; what varies, the focus node, is bound when it runs.
    """

    def __init__(self) -> None:
        """Begin empty. Namespaces stay unbound: constraints declare their own prefixes."""
        super().__init__(bind_namespaces="none")

    def query(self, query_object: str | Query, *args: Any, **options: Any) -> QueryResult:
        """Answer a query, prepared when its text first came."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object, threading.get_ident())
        return super().query(query_object, *args, **options)


@lru_cache(maxsize=512)
def _prepared(text: str, thread: int) -> Query:  # noqa: ARG001
    """Return a prepared query of one thread: while it runs, rdflib keeps its bindings in it."""
    return prepareQuery(text)


def rule_book_results(data: Graph) -> set[Result]:
    """Return what the rules of the book find in `data`, which stays as it is. Raises ValidationError."""
    return results(data, _one_line_shapes(threading.get_ident()))


@lru_cache(maxsize=8)
def _one_line_shapes(thread: int) -> Graph:  # noqa: ARG001
    """Return the shapes with every query on one line; of one thread, because pySHACL adds to it."""
    shapes = Graph()
    for subject, predicate, value in shapes_graph():
        is_query = predicate == SH.select
        shapes.add((subject, predicate, Literal(" ".join(str(value).split())) if is_query else value))
    return shapes


def results(data: Graph, shapes: Graph) -> set[Result]:
    """Return what pySHACL finds in `data`, which it leaves as it is. Raises ValidationError."""
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    except ReportableRuntimeError as error:
        raise ValidationError(f"pySHACL could not use the shapes: {error}") from error
    if not isinstance(report, Graph):
        raise ValidationError(f"pySHACL could not judge the graph: {text}")
    return {_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)}


def _result(report: Graph, node: Node) -> Result:
    stated: Mapping[Node, Node] = dict(report.predicate_objects(node))
    return Result(
        shape=_iri(stated[SH.sourceShape]),
        component=_iri(stated[SH.sourceConstraintComponent]),
        focus=stated[SH.focusNode],
        path=_predicate(stated.get(SH.resultPath)),
        value=stated.get(SH.value),
    )


def _iri(node: Node) -> URIRef:
    if not isinstance(node, URIRef):
        raise ValidationError(f"a result names {node!r} where an IRI must stand: give the shape a name")
    return node


def _predicate(path: Node | None) -> URIRef | None:
    """Return the path when it is one property; the rules of the book have no other on top."""
    return path if isinstance(path, URIRef) else None
