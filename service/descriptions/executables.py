"""The questions as RDF: each a `sh:SPARQLExecutable` as editors of SPARQL list them (conventions of the SIB)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDFS

from ontology.namespaces import PREFIXES

from ..negotiation import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queries.query import Query

SH: Final = Namespace(PREFIXES["sh"])
SCHEMA: Final = Namespace("https://schema.org/")


def executables(questions: Iterable[Query], site: str) -> Graph:
    """Return questions with the SPARQL that they ask where nobody sets their parameters, and the prefixes of all."""
    graph = Graph(bind_namespaces="none")
    prefixes = URIRef(f"{site}/queries.ttl#prefixes")
    for question in questions:
        _add(
            graph,
            question,
            URIRef(f"{site}/queries/{quote(question.name)}"),
            prefixes,
            URIRef(f"{site}/sparql"),
        )
    for prefix, namespace in PREFIXES.items():
        declaration = URIRef(f"{site}/queries.ttl#prefix-{prefix}")
        graph.add((prefixes, SH.declare, declaration))
        graph.add((declaration, SH.prefix, Literal(prefix)))
        graph.add((declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    return graph


def _add(graph: Graph, question: Query, thing: URIRef, prefixes: URIRef, endpoint: URIRef) -> None:
    graph.add((thing, RDF.type, SH.SPARQLExecutable))
    graph.add((thing, RDF.type, SH.SPARQLSelectExecutable))
    for language in LANGUAGES:
        graph.add((thing, RDFS.comment, Literal(question.title[language], lang=language)))
        graph.add((thing, DCTERMS.description, Literal(question.description[language], lang=language)))
    graph.add((thing, SH.prefixes, prefixes))
    graph.add((thing, SH.select, Literal(_as_it_stands(question))))
    graph.add((thing, SCHEMA.target, endpoint))
    graph.add((thing, DCTERMS.identifier, Literal(question.id)))
    for keyword in (question.id, *question.needs):
        graph.add((thing, SCHEMA.keywords, Literal(str(keyword))))


def _as_it_stands(question: Query) -> str:
    """Return the SPARQL with its defaults; what must be given is the example."""
    needed = {
        parameter.name: parameter.example
        for parameter in question.parameters.values()
        if parameter.default is None and not parameter.optional
    }
    return question.bind(**needed).strip()
