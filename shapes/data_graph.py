"""Graphs to judge, from N-Quads text."""

from __future__ import annotations

from rdflib import Graph

from ontology.rdf_text import triples_of_nquads


def graph_of(nquads: bytes) -> Graph:
    """Return the triples of N-Quads (or N-Triples), graph names dropped.

    Raises SyntaxError, naming the line, where the text is no N-Quads.
    """
    graph = Graph("SimpleMemory", bind_namespaces="none")
    for triple in triples_of_nquads(nquads):
        graph.add(triple)
    return graph
