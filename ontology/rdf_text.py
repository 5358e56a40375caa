"""RDF as text and as terms of rdflib: parsed by pyoxigraph, in a tenth of the time of rdflib's own parser.

Anybody who turns text into rdflib's terms, or them into text, may use it; it knows only the two libraries.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import BNode, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]


def triples_of_turtle(turtle: bytes) -> Iterator[Triple]:
    """Yield the triples of Turtle. Raises SyntaxError, naming the line, where the text is none."""
    return triples_of(turtle, pyoxigraph.RdfFormat.TURTLE)


def triples_of_nquads(nquads: bytes) -> Iterator[Triple]:
    """Yield the triples of N-Quads or N-Triples, graph names dropped. Raises SyntaxError, naming the line."""
    return triples_of(nquads, pyoxigraph.RdfFormat.N_QUADS)


def triples_of(text: bytes, form: pyoxigraph.RdfFormat, *, renamed: bool = False) -> Iterator[Triple]:
    """Yield the triples of RDF in any form, graph names dropped; `renamed`: blank nodes by names of their own.

    Nothing is fetched: a JSON-LD context elsewhere is an error. Raises SyntaxError, naming the line, where the text
    is not in that form, and TypeError where it states triples about triples.
    """
    terms = _Terms()
    for quad in pyoxigraph.parse(text, format=form, rename_blank_nodes=renamed):
        yield terms[quad.subject], terms[quad.predicate], terms[quad.object]


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
    """Return the datatype, None for xsd:string: rdflib's plain literals name none."""
    return None if datatype is not None and datatype.endswith("XMLSchema#string") else datatype


def turtle_of(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return triples as Turtle, what is said of one thing together, things in the order in which they come."""
    told: dict[Node, list[str]] = {}
    for triple in triples:
        line = " ".join(ntriples_term(term) for term in triple)
        told.setdefault(triple[0], []).append(f"{line} .\n")
    lines = "".join(chain.from_iterable(told.values()))
    parsed = pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_TRIPLES)
    stated = (quad.triple for quad in parsed)
    return pyoxigraph.serialize(stated, format=pyoxigraph.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""


def ntriples_term(term: Node) -> str:
    """Return a term as N-Triples writes it, on one line."""
    if not isinstance(term, Literal):
        return term.n3()
    quoted = str(term).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    if term.language:
        return f'"{quoted}"@{term.language}'
    return f'"{quoted}"^^<{term.datatype}>' if term.datatype else f'"{quoted}"'
