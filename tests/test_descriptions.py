"""VoID and DCAT: what programs that look for data sets find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, VOID
from sites import DOCUMENT

from service.answers import select
from service.loading.turns import next_turn, renewal
from service.statistics import Counting
from service.store import Changes, open_store

if TYPE_CHECKING:
    import httpx
    from rdflib.term import Node

    from service.store import Store

DCAT = Namespace("http://www.w3.org/ns/dcat#")
JX = Namespace("https://w3id.org/jixiao/def/")


def told(client: httpx.Client, address: str, accept: str = "text/turtle") -> Graph:
    answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 200
    media_type = answer.headers["Content-Type"].partition(";")[0]
    return Graph().parse(data=answer.content, format=media_type)


def count(library: Store, pattern: str) -> int:
    (row,) = select(library, f"PREFIX jx: <{JX}> SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    return row.count("n")


def one(graph: Graph, kind: Node) -> Node:
    (found,) = (thing for thing in graph.subjects(RDF.type, kind) if not isinstance(thing, BNode))
    return found


def test_void_counts_what_the_store_holds(client: httpx.Client, library: Store) -> None:
    """All statements, and those of each property and class."""
    graph = told(client, "/.well-known/void")
    dataset = one(graph, VOID.Dataset)
    assert graph.value(dataset, VOID.triples) == Literal(count(library, "?s ?p ?o"))
    properties = list(graph.objects(dataset, VOID.propertyPartition))
    classes = list(graph.objects(dataset, VOID.classPartition))
    assert graph.value(dataset, VOID.properties) == Literal(len(properties))
    assert graph.value(dataset, VOID.classes) == Literal(len(classes))
    entities = {graph.value(part, VOID["class"]): graph.value(part, VOID.entities) for part in classes}
    assert entities[JX.Declaration] == Literal(count(library, "?s a jx:Declaration"))
    triples = {graph.value(part, VOID.property): graph.value(part, VOID.triples) for part in properties}
    assert triples[JX.rawText] == Literal(count(library, "?s jx:rawText ?o"))
    assert sum(int(str(n)) for n in triples.values()) == count(library, "?s ?p ?o")


def test_void_counts_the_properties_of_each_class(client: httpx.Client, library: Store) -> None:
    """What things of a class have, and how much of it: who writes a query looks there first."""
    graph = told(client, "/.well-known/void")
    parts = list(graph.objects(one(graph, VOID.Dataset), VOID.classPartition))
    inside = {
        str(graph.value(part, VOID["class"])): {
            str(graph.value(of, VOID.property)): int(str(graph.value(of, VOID.triples)))
            for of in graph.objects(part, VOID.propertyPartition)
        }
        for part in parts
    }
    declared = inside[str(JX.Declaration)]
    assert declared[str(JX.budget)] == count(library, "?s a jx:Declaration ; jx:budget ?o")
    assert str(JX.rawText) not in declared
    assert sum(declared.values()) == count(library, "?s a jx:Declaration ; ?p ?o")
    for part in parts:
        found = inside[str(graph.value(part, VOID["class"]))]
        assert graph.value(part, VOID.properties) == Literal(len(found))
        assert found[str(RDF.type)] >= int(str(graph.value(part, VOID.entities)))


def test_what_the_store_holds_is_counted_once_for_each_change() -> None:
    """However many ask, and again when something is another."""
    store = open_store("memory:")
    next_turn(store)
    counting = Counting()
    first = counting.of(store)
    assert counting.of(store) is first
    store.apply(renewal().besides(store, Changes(added=b"<urn:s> <urn:p> <urn:o> <urn:g> .\n")))
    again = counting.of(store)
    assert again.triples == first.triples + 1
    assert counting.of(store) is again


def test_void_tells_where_links_lead(client: httpx.Client) -> None:
    """Units to QUDT, by the property and with their number."""
    graph = told(client, "/.well-known/void")
    spaces = {
        str(graph.value(target, VOID.uriSpace)): int(str(graph.value(links, VOID.triples)))
        for links, target in graph.subject_objects(VOID.objectsTarget)
    }
    assert spaces["http://qudt.org/vocab/unit/"] > 5
    assert not any(space.startswith("https://w3id.org/jixiao/") for space in spaces)


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"]
)
def test_void_comes_in_each_syntax(client: httpx.Client, accept: str) -> None:
    """By the Accept header; programs look for RDF/XML or Turtle."""
    assert len(told(client, "/.well-known/void", accept)) == len(told(client, "/.well-known/void"))


def test_the_catalogue_lists_each_document_with_an_address_that_answers(
    client: httpx.Client, library: Store
) -> None:
    """Title, day and the graph itself."""
    graph = told(client, "/catalog.ttl")
    documents = set(graph.subjects(RDF.type, JX.Disclosure))
    assert len(documents) == count(library, "?s a jx:Disclosure") >= 3
    document = URIRef(f"https://w3id.org/jixiao/id/disclosure/{DOCUMENT}")
    assert document in documents
    assert graph.value(document, DCTERMS.title)
    assert (one(graph, DCAT.Catalog), DCAT.dataset, document) in graph
    addresses = set(graph.objects(None, DCAT.downloadURL))
    assert len(addresses) == len(documents) + 2
    for address in addresses:
        assert client.head(str(address)).status_code == 200


def test_the_catalogue_leads_to_the_endpoints(client: httpx.Client) -> None:
    """Each with a description that can be had, and the data set that it serves."""
    graph = told(client, "/catalog.ttl")
    services = list(graph.subjects(RDF.type, DCAT.DataService))
    assert len(services) == 2
    for service in services:
        assert client.get(str(graph.value(service, DCAT.endpointDescription))).status_code == 200
        dataset = graph.value(service, DCAT.servesDataset)
        assert (dataset, RDF.type, DCAT.Dataset) in graph
        assert graph.value(dataset, DCAT.version)


@pytest.mark.parametrize("suffix", ["jsonld", "nt", "rdf"])
def test_the_catalogue_comes_by_suffix(client: httpx.Client, suffix: str) -> None:
    """As every other graph here."""
    assert len(told(client, f"/catalog.{suffix}")) == len(told(client, "/catalog.ttl"))
