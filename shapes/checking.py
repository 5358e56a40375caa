"""The one act of this room: judge a graph by the rule book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.namespace import RDF

from ontology import vocabulary
from ontology.namespaces import JX

from .context import findings
from .data_graph import judged_graph
from .engines import referee
from .engines.dialect import for_pyshacl
from .engines.result import ValidationError
from .finding import Finding
from .own_shapes import OwnShapesError
from .report import Judged, Report
from .rule_book import rule_of_shape

if TYPE_CHECKING:
    from rdflib import Graph

    from .engines.judged_graph import JudgedGraph
    from .engines.result import Result
    from .own_shapes import OwnShapes


def check(graph: Graph, *, words: Graph | None = None, own: OwnShapes | None = None) -> Report:
    """Return the report on one document: its triples and what the register says of units and projects.

    `words` are the code lists and word lists that rules look things up in, those of the ontology unless told
    otherwise; `own` are shapes that are asked beside the rule book. Neither graph is changed. Raises
    ValidationError where the engine fails, which is a fault of the rule book and never of the document, and
    OwnShapesError where own shapes are at fault.
    """
    known = vocabulary.graph() if words is None else words
    judged = judged_graph(graph, known)
    found = findings(referee.judge(judged), rule_of_shape(), graph, known)
    if own is not None:
        found += findings(_found_by(own, judged), own.rule_of_shape, graph, known)
    return Report(tuple(sorted(found, key=Finding.order)), (_judged(graph),))


def _found_by(own: OwnShapes, judged: JudgedGraph) -> set[Result]:
    try:
        return referee.results(judged, for_pyshacl(own.graph))
    except ValidationError as error:
        raise OwnShapesError(f"{own.name}: {error}") from error


def _judged(graph: Graph) -> Judged:
    """Return what was judged; no document where the graph states none or several."""
    documents = [node for node in graph.subjects(RDF.type, JX.Disclosure) if isinstance(node, URIRef)]
    return Judged(
        document=documents[0] if len(documents) == 1 else None,
        declarations=sum(1 for _ in graph.subjects(RDF.type, JX.Declaration)),
        indicators=sum(1 for _ in graph.subjects(RDF.type, JX.Indicator)),
    )
