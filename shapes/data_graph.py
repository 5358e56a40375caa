"""Graphs to judge: from N-Quads text, and beside the vocabulary that rules look things up in."""

from __future__ import annotations

from rdflib import Graph, Literal

from ontology.namespaces import JX
from ontology.rdf_text import triples_of_nquads

from .engines.judged_graph import JudgedGraph


def graph_of(nquads: bytes) -> Graph:
    """Return the triples of N-Quads (or N-Triples), graph names dropped.

    Raises SyntaxError, naming the line, where the text is no N-Quads.
    """
    graph = Graph(bind_namespaces="none")
    for triple in triples_of_nquads(nquads):
        graph.add(triple)
    return graph


def judged_graph(data: Graph, vocabulary: Graph) -> JudgedGraph:
    """Return a graph of its own to judge: the data and the vocabulary, without what no rule reads.

    That is `jx:grid`, half of a document by weight, and the vocabulary's labels and definitions.
    """
    judged = JudgedGraph()
    for triple in vocabulary:
        if not (isinstance(triple[2], Literal) and triple[2].language):
            judged.add(triple)
    for triple in data:
        if triple[1] != JX.grid:
            judged.add(triple)
    return judged
