"""What an engine gives: bare results, or the error that it could not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.namespace import PROV, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import Graph
    from rdflib.term import Node


class ValidationError(RuntimeError):
    """The engine could not judge the graph: a shape is malformed, or one of its queries failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One `sh:ValidationResult`: which shape, which of its constraints, on which node, about which value.

    Messages, remedies and the human context are added from the rule book and the data, so that an engine only has
    to give these.
    """

    shape: URIRef
    component: URIRef
    focus: Node
    path: URIRef | None = None
    value: Node | None = None
    cells: frozenset[Node] = frozenset()
    """Cells that are evidence, where the rule names them itself."""


def results_stated_in(report: Graph) -> set[Result]:
    """Return the results that a graph states: pySHACL's report, or one that was kept. Raises ValidationError."""
    return {_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)}


def _result(report: Graph, node: Node) -> Result:
    stated: Mapping[Node, Node] = dict(report.predicate_objects(node))
    return Result(
        shape=_iri(stated[SH.sourceShape]),
        component=_iri(stated[SH.sourceConstraintComponent]),
        focus=stated[SH.focusNode],
        path=_predicate(stated.get(SH.resultPath)),
        value=stated.get(SH.value),
        cells=frozenset(report.objects(node, PROV.wasQuotedFrom)),
    )


def _iri(node: Node) -> URIRef:
    if not isinstance(node, URIRef):
        raise ValidationError(f"a result names {node!r} where an IRI must stand: give the shape a name")
    return node


def _predicate(path: Node | None) -> URIRef | None:
    """Return the path when it is one property; the rules of the book have no other on top."""
    return path if isinstance(path, URIRef) else None
