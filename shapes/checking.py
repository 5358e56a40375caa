"""The one act of this room: judge a graph by the rule book."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.namespace import DCTERMS, RDF

from ontology import vocabulary
from ontology.namespaces import JX

from .context import context_of, findings
from .engines import referee
from .engines.choice import best
from .engines.result import ValidationError, results_stated_in
from .finding import Finding
from .own_shapes import OwnShapesError
from .report import Judged, Report
from .rule_book import rule_of_shape
from .scoring import scores

if TYPE_CHECKING:
    from rdflib import Graph

    from .engines.choice import Engine
    from .engines.result import Result
    from .own_shapes import OwnShapes


def check(
    graph: Graph,
    *,
    words: Graph | None = None,
    engine: Engine | None = None,
    own: OwnShapes | None = None,
    kept: Graph | None = None,
) -> Report:
    """Return the report on one document: its triples and what the register says of units and projects.

    `words` are the code lists and word lists that rules look things up in, those of the ontology unless told
    otherwise; `engine` is the fastest installed unless told; `own` are shapes that are asked beside the rule book;
    `kept` is the report on the same graph by the same rules, whose results are taken instead of judging again.
    Neither graph is changed. Raises ValidationError where the engine fails, which is a fault of the rule book and
    never of the document, and OwnShapesError where own shapes are at fault.
    """
    known = vocabulary.graph() if words is None else words
    judge = best() if engine is None else engine
    results = judge(graph, known) if kept is None else results_stated_in(kept)
    found = findings(results, rule_of_shape(), graph, known)
    if own is not None:
        found += findings(_found_by(own, graph, known), own.rule_of_shape, graph, known)
    scored = scores(graph, known, found, partial(context_of, graph))
    return Report(tuple(sorted(found, key=Finding.order)), (_judged(graph),), scored)


def _found_by(own: OwnShapes, graph: Graph, words: Graph) -> set[Result]:
    try:
        return referee.judge_by(own.graph, graph, words)
    except ValidationError as error:
        raise OwnShapesError(f"{own.name}: {error}") from error


def _judged(graph: Graph) -> Judged:
    """Return what was judged; no document where the graph states none or several."""
    documents = [node for node in graph.subjects(RDF.type, JX.Disclosure) if isinstance(node, URIRef)]
    document = documents[0] if len(documents) == 1 else None
    return Judged(
        document=document,
        declarations=sum(1 for _ in graph.subjects(RDF.type, JX.Declaration)),
        indicators=sum(1 for _ in graph.subjects(RDF.type, JX.Indicator)),
        title="" if document is None else _title(graph, document),
    )


def _title(graph: Graph, document: URIRef) -> str:
    """Return the title, the first of several by their letters."""
    return min(map(str, graph.objects(document, DCTERMS.title)), default="")
