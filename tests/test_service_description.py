"""What the endpoint says of itself: the W3C's three tests of the service description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF, Graph, Namespace, URIRef

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

MANIFEST = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = "http://www.w3.org/ns/formats/"
SCHEMA = {
    "endpoint": ("Service", None),
    "feature": (
        "Service",
        {"DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"},
    ),
    "supportedLanguage": ("Service", {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"}),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultDataset": ("Service", {"Dataset"}),
    "defaultGraph": ("Dataset", {"Graph"}),
    "namedGraph": ("Dataset", {"NamedGraph"}),
    "name": ("NamedGraph", None),
}
"""Property → the class it belongs to, and what its values are: a class, or one of several terms (SD, 3)."""


def description(client: httpx.Client, accept: str = "text/turtle") -> Graph:
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    media_type = answer.headers["Content-Type"].partition(";")[0]
    return Graph().parse(data=answer.content, format=media_type)


def returns_rdf(client: httpx.Client) -> None:
    for accept in (
        "*/*",
        "text/turtle",
        "application/rdf+xml",
        "application/n-triples",
        "application/ld+json",
    ):
        assert len(description(client, accept)) > 10


def has_endpoint_triple(client: httpx.Client) -> None:
    endpoint = URIRef(f"{str(client.base_url).rstrip('/')}/sparql")
    assert (None, SD.endpoint, endpoint) in description(client)


def conforms_to_schema(client: httpx.Client) -> None:
    graph = description(client)
    used = {str(p).removeprefix(str(SD)) for p in graph.predicates() if str(p).startswith(str(SD))}
    assert used
    assert used <= SCHEMA.keys()
    for name in used:
        domain, values = SCHEMA[name]
        for subject, value in graph.subject_objects(SD[name]):
            types = set(graph.objects(subject, RDF.type))
            assert SD[domain] in types
            found = {value, *graph.objects(value, RDF.type)}
            assert values is None or found & {SD[term] for term in values}
    assert all(str(found).startswith(FORMATS) for found in graph.objects(None, SD.resultFormat))
    assert len(list(graph.subjects(RDF.type, SD.Service))) == 1


TESTS = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}


def test_the_service_description_tests_of_the_w3c_pass(shared: Path, client: httpx.Client) -> None:
    """3 of 3: RDF by GET, the endpoint's own address, terms as the vocabulary has them."""
    graph = Graph().parse(shared / "conformance" / "service-description" / "manifest.ttl")
    entries = [
        str(entry).rpartition("#")[2] for entry in graph.subjects(RDF.type, MANIFEST.ServiceDescriptionTest)
    ]
    for entry in entries:
        TESTS[entry](client)
    assert len(entries) == 3


def test_updates_are_offered_where_keys_are(client: httpx.Client, anyone: httpx.Client) -> None:
    """A client that asks the description does not try in vain."""
    update = (None, SD.supportedLanguage, SD.SPARQL11Update)
    assert update not in description(client)
    assert update in description(anyone)
