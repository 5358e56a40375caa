"""The SPARQL 1.1 Service Description: what the endpoint at `/sparql` takes and gives."""

from __future__ import annotations

from typing import Final

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDFS

from ontology import identifiers

from ..store import GRAPH_FORMATS, ROW_FORMATS
from .writing_out import SD as SD_IRI

SD: Final = Namespace(SD_IRI)
_FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_FORMAT_OF: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""Suffix → the last part of the W3C's IRI of the format."""
_GRAPHS: Final = (
    identifiers.ONTOLOGY_GRAPH,
    identifiers.CODES_GRAPH,
    identifiers.DIVISIONS_GRAPH,
    identifiers.SHAPES_GRAPH,
    identifiers.REGISTER_GRAPH,
    identifiers.CATALOGUE_GRAPH,
)
"""What every store has. The graphs of documents are many, and the catalogue lists them."""


def service_description(endpoint: str, *, writable: bool, federated: bool = False) -> Graph:
    """Return the description of the service at an address."""
    graph = Graph(bind_namespaces="none")
    service, dataset, default = URIRef(endpoint), BNode("dataset"), BNode("default")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, RDFS.label, Literal("绩效 SPARQL 端点", lang="zh")))
    graph.add((service, RDFS.label, Literal("SPARQL endpoint of jixiao", lang="en")))
    for language in ("SPARQL11Query", "SPARQL11Update")[: 2 if writable else 1]:
        graph.add((service, SD.supportedLanguage, SD[language]))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    if federated:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    for suffix in (*ROW_FORMATS, *GRAPH_FORMATS):
        graph.add((service, SD.resultFormat, _FORMATS[_FORMAT_OF[suffix]]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    for number, name in enumerate(_GRAPHS, start=1):
        named = BNode(f"graph{number}")
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, name))
    return graph
