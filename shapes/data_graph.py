"""Graphs to judge: from N-Quads text, and beside the vocabulary that rules look things up in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef

from ontology.namespaces import JX

from .engines.judged_graph import JudgedGraph

if TYPE_CHECKING:
    from rdflib.term import Node


def graph_of(nquads: bytes) -> Graph:
    """Return the triples of N-Quads (or N-Triples), graph names dropped.

    Parsed by pyoxigraph, in a quarter of the time of rdflib's own parser; each term is made once.
    Raises SyntaxError, naming the line, where the text is no N-Quads.
    """
    graph = Graph(bind_namespaces="none")
    terms = _Terms()
    for quad in pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS):
        graph.add((terms[quad.subject], terms[quad.predicate], terms[quad.object]))
    return graph


class _Terms(dict["pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal", "Node"]):
    """The rdflib term of each pyoxigraph term, made when first asked for."""

    def __missing__(self, term: object) -> Node:
        """Make the term. Raises TypeError for a triple term, which no document states."""
        made = self[term] = _term(term)  # type: ignore[index]
        return made


def _term(term: object) -> Node:
    match term:
        case pyoxigraph.NamedNode():
            return URIRef(term.value)
        case pyoxigraph.Literal():
            datatype = None if term.language else URIRef(term.datatype.value)
            return Literal(
                term.value, lang=term.language, datatype=_without_string(datatype), normalize=False
            )
        case pyoxigraph.BlankNode():
            return BNode(term.value)
        case _:
            raise TypeError(f"{term} is neither an IRI, a blank node nor a literal")


def _without_string(datatype: URIRef | None) -> URIRef | None:
    """Return the datatype, None for xsd:string: rdflib's plain literals, and those of the vocabulary, name none."""
    return None if datatype is not None and datatype.endswith("XMLSchema#string") else datatype


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
