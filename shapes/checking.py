"""The one act of this room: judge a graph by the rule book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.namespace import RDF

from ontology import vocabulary
from ontology.namespaces import JX

from .context import findings
from .engines.choice import best
from .report import Judged, Report

if TYPE_CHECKING:
    from rdflib import Graph

    from .engines.choice import Engine


def check(graph: Graph, *, words: Graph | None = None, engine: Engine | None = None) -> Report:
    """Return the report on one document: its triples and what the register says of units and projects.

    `words` are the code lists and word lists that rules look things up in, those of the ontology unless told
    otherwise; `engine` is the fastest installed unless told. Neither graph is changed. Raises ValidationError where
    the engine fails, which is a fault of the rule book and never of the document.
    """
    known = vocabulary.graph() if words is None else words
    judge = best() if engine is None else engine
    found = findings(judge(graph, known), graph, known)
    return Report(found, (_judged(graph),))


def _judged(graph: Graph) -> Judged:
    """Return what was judged; no document where the graph states none or several."""
    documents = [node for node in graph.subjects(RDF.type, JX.Disclosure) if isinstance(node, URIRef)]
    return Judged(
        document=documents[0] if len(documents) == 1 else None,
        declarations=sum(1 for _ in graph.subjects(RDF.type, JX.Declaration)),
        indicators=sum(1 for _ in graph.subjects(RDF.type, JX.Indicator)),
    )
