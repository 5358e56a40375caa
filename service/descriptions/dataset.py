"""The data set of this service in VoID and DCAT 3: what it is, how much of it there is, and where it can be had.

The data set is this service's own (another service holds other documents), so its IRI is below its address; the
documents in it have the IRIs that they have everywhere.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, VOID

from ontology.namespaces import JX, PREFIXES

from ..addresses import BASE
from ..answers import select
from ..loading import turns
from ..others.catalogue import entries
from ..store import GRAPH_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Node

    from ..answers import Row
    from ..others.catalogue import Entry
    from ..statistics import Links, Statistics
    from ..store import Store

# DCAT 3: the class of the library is still DCAT 2
DCAT: Final = Namespace(PREFIXES["dcat"])
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_TITLE: Final = (
    Literal("绩效目标公开数据", lang="zh"),
    Literal("Published performance targets of public money", lang="en"),
)
_DESCRIPTION: Final = (
    Literal("各部门公开的预算项目绩效目标、自评结果及其校验结果，每个数值可追溯到原表单元格。", lang="zh"),
    Literal(
        "Targets and results of budget projects as published, and what rules found; each number with its cell",
        lang="en",
    ),
)
_VOCABULARIES: Final = ("jx", "skos", "org", "prov", "dcterms", "dcat", "dqv", "sh")
_DOCUMENTS: Final = """PREFIX jx: <https://w3id.org/jixiao/def/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?document ?title ?loaded ?issued ?page {
    GRAPH <https://w3id.org/jixiao/graph/catalogue> {
        ?record foaf:primaryTopic ?document ; dcterms:title ?title ; dcterms:issued ?loaded .
        OPTIONAL { ?document dcterms:issued ?issued }
        OPTIONAL { ?document dcat:landingPage ?page }
    }
} ORDER BY ?document"""


_LISTS: Final = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?list ?name ?title ?loaded ?source ?licence ?issued {{
    ?list a <{JX.ReferenceList}> ; dcterms:identifier ?name ; dcterms:title ?title ; dcterms:modified ?loaded ;
        dcterms:source ?source .
    OPTIONAL {{ ?list dcterms:license|dcterms:rights ?licence }}
    OPTIONAL {{ ?list dcterms:issued ?issued }}
}} ORDER BY ?list"""


def void_description(told: Statistics, others: Iterable[Entry], site: str) -> Graph:
    """Return the VoID description of what was counted, as the service at `site` shows it, and of data of others."""
    graph = Graph(bind_namespaces="none")
    dataset = _dataset(site)
    _introduce(graph, dataset, VOID.Dataset)
    graph.add((dataset, FOAF.homepage, URIRef(f"{site}/")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(f"{site}/sparql")))
    graph.add((dataset, VOID.uriSpace, Literal(BASE)))
    graph.add((dataset, VOID.rootResource, _catalogue(site)))
    for prefix in _VOCABULARIES:
        graph.add((dataset, VOID.vocabulary, URIRef(PREFIXES[prefix])))
    _add_counts(graph, dataset, told)
    for number, links in enumerate(told.links, start=1):
        _add_links(graph, dataset, links, BNode(f"links{number}"), BNode(f"target{number}"))
    for entry in others:
        _add_part_of_another(graph, dataset, entry)
    return graph


def dcat_catalogue(store: Store, site: str) -> Graph:
    """Return the DCAT catalogue of a service: the data set, each document in it, own lists, and the endpoints."""
    graph = Graph(bind_namespaces="none")
    catalogue, dataset = _catalogue(site), _dataset(site)
    _introduce(graph, catalogue, DCAT.Catalog)
    _introduce(graph, dataset, DCAT.Dataset)
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((catalogue, FOAF.homepage, URIRef(f"{site}/")))
    if version := turns.version_of(store):
        graph.add((dataset, DCAT.version, Literal(version)))
    for name in ("projects", "departments"):
        _add_distribution(graph, dataset, f"{site}/zh/{name}.csv", "text/csv")
    _add_service(graph, catalogue, URIRef(f"{site}/sparql"), URIRef(f"{site}/sparql"), dataset)
    _add_service(graph, catalogue, URIRef(f"{site}/"), URIRef(f"{site}/openapi.json"), dataset)
    for row in select(store, _DOCUMENTS):
        _add_document(graph, catalogue, dataset, row, site)
    for row in select(store, _LISTS):
        _add_list(graph, catalogue, row, site)
    for entry in entries(store):
        _add_data_of_others(graph, catalogue, entry, site)
    return graph


def _dataset(site: str) -> URIRef:
    return URIRef(f"{site}/.well-known/void#dataset")


def _catalogue(site: str) -> URIRef:
    return URIRef(f"{site}/catalog.ttl#catalogue")


def _introduce(graph: Graph, thing: URIRef, kind: URIRef) -> None:
    graph.add((thing, RDF.type, kind))
    for title in _TITLE:
        graph.add((thing, DCTERMS.title, title))
    for description in _DESCRIPTION:
        graph.add((thing, DCTERMS.description, description))


def _add_counts(graph: Graph, dataset: URIRef, told: Statistics) -> None:
    graph.add((dataset, VOID.triples, Literal(told.triples)))
    graph.add((dataset, VOID.properties, Literal(len(told.by_property))))
    graph.add((dataset, VOID.classes, Literal(len(told.by_class))))
    _add_properties(graph, dataset, told.by_property, "property")
    for number, (name, count) in enumerate(told.by_class.items(), start=1):
        part = BNode(f"class{number}")
        graph.add((dataset, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(name)))
        graph.add((part, VOID.entities, Literal(count)))
        graph.add((part, VOID.properties, Literal(len(told.of_class[name]))))
        _add_properties(graph, part, told.of_class[name], f"class{number}property")


def _add_properties(graph: Graph, whole: Node, counts: Mapping[str, int], called: str) -> None:
    for number, (name, count) in enumerate(counts.items(), start=1):
        part = BNode(f"{called}{number}")
        graph.add((whole, VOID.propertyPartition, part))
        graph.add((part, VOID.property, URIRef(name)))
        graph.add((part, VOID.triples, Literal(count)))


def _add_links(graph: Graph, dataset: URIRef, links: Links, linkset: BNode, target: BNode) -> None:
    graph.add((dataset, VOID.subset, linkset))
    graph.add((linkset, RDF.type, VOID.Linkset))
    graph.add((linkset, VOID.linkPredicate, URIRef(links.predicate)))
    graph.add((linkset, VOID.triples, Literal(links.triples)))
    graph.add((linkset, VOID.subjectsTarget, dataset))
    graph.add((linkset, VOID.objectsTarget, target))
    graph.add((target, RDF.type, VOID.Dataset))
    graph.add((target, VOID.uriSpace, Literal(links.target)))


def _add_document(graph: Graph, catalogue: URIRef, dataset: URIRef, row: Row, site: str) -> None:
    document = URIRef(row.text("document"))
    graph.add((catalogue, DCAT.dataset, document))
    graph.add((dataset, DCTERMS.hasPart, document))
    graph.add((document, RDF.type, DCAT.Dataset))
    graph.add((document, RDF.type, JX.Disclosure))
    graph.add((document, DCTERMS.title, Literal(row.text("title"), lang="zh")))
    graph.add((document, DCTERMS.modified, Literal(row.text("loaded"), datatype=XSD.dateTime)))
    if issued := row.text("issued"):
        graph.add((document, DCTERMS.issued, Literal(issued, datatype=XSD.date)))
    if page := row.text("page"):
        graph.add((document, DCAT.landingPage, URIRef(page)))
    key = document.rpartition("/")[2]
    _add_distribution(graph, document, f"{site}/graph-store/disclosure/{key}", GRAPH_FORMATS["ttl"])


def _add_list(graph: Graph, catalogue: URIRef, row: Row, site: str) -> None:
    """Add a list of somebody's own: a data set beside that of the documents, with its source and licence."""
    reference = URIRef(row.text("list"))
    graph.add((catalogue, DCAT.dataset, reference))
    graph.add((reference, RDF.type, DCAT.Dataset))
    graph.add((reference, RDF.type, JX.ReferenceList))
    graph.add((reference, DCTERMS.title, Literal(row.text("title"))))
    graph.add((reference, DCTERMS.modified, Literal(row.text("loaded"), datatype=XSD.dateTime)))
    source = row.cells["source"]
    graph.add((reference, DCTERMS.source, URIRef(source.text) if source.is_iri else Literal(source.text)))
    if licence := row.cells.get("licence"):
        named = (
            (DCTERMS.license, URIRef(licence.text))
            if licence.is_iri
            else (DCTERMS.rights, Literal(licence.text))
        )
        graph.add((reference, *named))
    if issued := row.text("issued"):
        graph.add((reference, DCTERMS.issued, Literal(issued, datatype=XSD.date)))
    address = f"{site}/graph-store/list/{row.text('name')}"
    _add_distribution(graph, reference, address, GRAPH_FORMATS["ttl"])


def _add_data_of_others(graph: Graph, catalogue: URIRef, entry: Entry, site: str) -> None:
    """Add a data set of somebody else's: in the catalogue it stands beside ours, and is no part of it."""
    dataset, about = URIRef(entry.iri), entry.about
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, DCTERMS.identifier, Literal(entry.name)))
    graph.add((dataset, DCTERMS.title, Literal(about.title)))
    graph.add((dataset, DCTERMS.modified, Literal(entry.loaded.isoformat(), datatype=XSD.dateTime)))
    if about.publisher:
        publisher = URIRef(f"{entry.iri}/publisher")
        graph.add((dataset, DCTERMS.publisher, publisher))
        graph.add((publisher, RDF.type, FOAF.Agent))
        graph.add((publisher, FOAF.name, Literal(about.publisher)))
    if about.licence and about.has_licence_with_address:
        graph.add((dataset, DCTERMS.license, URIRef(about.licence)))
    elif about.licence:
        graph.add((dataset, DCTERMS.rights, Literal(about.licence)))
    if about.source:
        graph.add((dataset, DCTERMS.source, URIRef(about.source)))
    if about.issued is not None:
        graph.add((dataset, DCTERMS.issued, Literal(about.issued.isoformat(), datatype=XSD.date)))
    _add_distribution(graph, dataset, f"{site}/graph-store/dataset/{entry.name}", GRAPH_FORMATS["ttl"])


def _add_part_of_another(graph: Graph, ours: URIRef, entry: Entry) -> None:
    """Add how large a data set of somebody else's is, and how much of it leads to our things."""
    dataset = URIRef(entry.iri)
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.title, Literal(entry.about.title)))
    graph.add((dataset, VOID.triples, Literal(entry.triples)))
    for number, links in enumerate(entry.linksets, start=1):
        linkset = URIRef(f"{entry.iri}/linkset/{number}")
        graph.add((dataset, VOID.subset, linkset))
        graph.add((linkset, RDF.type, VOID.Linkset))
        graph.add((linkset, VOID.linkPredicate, URIRef(links.predicate)))
        graph.add((linkset, VOID.triples, Literal(links.triples)))
        graph.add((linkset, VOID.subjectsTarget, dataset))
        graph.add((linkset, VOID.objectsTarget, ours))


def _add_distribution(graph: Graph, dataset: URIRef, address: str, media_type: str) -> None:
    distribution = BNode(f"at{hashlib.sha256(address.encode()).hexdigest()[:16]}")
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCAT.accessURL, URIRef(address)))
    graph.add((distribution, DCAT.downloadURL, URIRef(address)))
    graph.add((distribution, DCAT.mediaType, URIRef(_MEDIA_TYPES + media_type)))


def _add_service(
    graph: Graph, catalogue: URIRef, endpoint: URIRef, description: URIRef, dataset: URIRef
) -> None:
    graph.add((catalogue, DCAT.service, endpoint))
    graph.add((endpoint, RDF.type, DCAT.DataService))
    graph.add((endpoint, DCAT.endpointURL, endpoint))
    graph.add((endpoint, DCAT.endpointDescription, description))
    graph.add((endpoint, DCAT.servesDataset, dataset))
