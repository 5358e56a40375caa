"""Graphs of descriptions as bytes, in any format, with the prefixes that they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from ..store import rdf_format

if TYPE_CHECKING:
    from rdflib import Graph

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_PREFIXES: Final = {
    name: PREFIXES[name]
    for name in ("dcat", "dcterms", "foaf", "rdfs", "schema", "sh", "void", "skos", "xsd")
} | {"sd": SD}


def written_out(graph: Graph, media_type: str) -> bytes:
    """Return a graph in a media type of `GRAPH_FORMATS`; the same bytes for the same graph."""
    lines = graph.serialize(format="ntriples", encoding="utf-8").splitlines(keepends=True)
    triples = (quad.triple for quad in ox.parse(b"".join(sorted(lines)), format=ox.RdfFormat.N_TRIPLES))
    return ox.serialize(triples, format=rdf_format(media_type), prefixes=_PREFIXES) or b""
