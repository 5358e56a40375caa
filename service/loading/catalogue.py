"""The catalogue graph: what is known of a document from loading it, and not from its bytes.

<disclosure> dcterms:issued "2025-02-14"^^xsd:date ; dcat:landingPage <https://…> ;
prov:wasRevisionOf <older> ; prov:alternateOf <same facts> .
<disclosure/record> a dcat:CatalogRecord ; foaf:primaryTopic <disclosure> ;
dcterms:title "…"@zh ; schema:name "file.docx" ; dcterms:issued "…"^^xsd:dateTime .
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import PREFIXES

from . import reading
from .statements import Statement, as_nquads, iri, literal
from .superseding import Precedence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import URIRef

    from ..store import Store
    from .sources import CatalogueEntry

_CATALOGUE: Final = str(identifiers.CATALOGUE_GRAPH)
_XSD: Final = PREFIXES["xsd"]
_DCTERMS: Final = PREFIXES["dcterms"]
_PROV: Final = PREFIXES["prov"]
_ISSUED: Final = _DCTERMS + "issued"
_REVISES: Final = iri(_PROV + "wasRevisionOf")
_ALTERNATE: Final = iri(_PROV + "alternateOf")
UNDATED: Final = date.min


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document as it comes to a store: where it stands, what it is called, what is written down about it."""

    graph: str
    """The IRI of the graph that holds what is the document's own."""
    name: str
    """The name of its file."""
    title: str | None
    """The title that it prints."""
    entry: CatalogueEntry
    precedence: Precedence


def precedence_of(store: Store, graph: str) -> Precedence:
    """Return when a document of the store was published and first loaded."""
    document = _document(graph)
    query = f"""SELECT ?published ?loaded {{
        GRAPH <{_CATALOGUE}> {{
            <{identifiers.catalogue_record(document)}> <{_ISSUED}> ?loaded
            OPTIONAL {{ <{document}> <{_ISSUED}> ?published }}
        }}
    }}"""
    for row in reading.rows(store, query):
        published = date.fromisoformat(row["published"]) if row["published"] else UNDATED
        return Precedence(published, row["loaded"])
    return Precedence(UNDATED, "")


def enter(
    store: Store, arrival: Arrival, *, revised: Iterable[str], alternates: Iterable[str]
) -> tuple[list[Statement], list[Statement]]:
    """Return what the catalogue loses and what it gains by a document that is loaded.

    `revised` and `alternates` are the graphs of the documents it takes the place of, and of those that say the same.
    """
    revised = frozenset(revised)
    document = _document(arrival.graph)
    record = identifiers.catalogue_record(document)
    known = reading.about(store, _CATALOGUE, [iri(document), iri(record)])
    entry = [
        *_entry_of(arrival, known=bool(known)),
        *_links(document, _REVISES, revised),
        *_links(document, _ALTERNATE, alternates),
    ]
    said_anew = {(statement.subject, statement.predicate) for statement in entry}
    outdated = [s for s in known if (s.subject, s.predicate) in said_anew and not _is_link(s)]
    return outdated + _withdrawn(store, document, revised), entry


def as_quads(statements: Iterable[Statement]) -> bytes:
    """Return statements as N-Quads of the catalogue."""
    return as_nquads(statements, _CATALOGUE)


def _entry_of(arrival: Arrival, *, known: bool) -> Iterator[Statement]:
    """Yield what is known of a document from its loading.

    Of a document that is `known`, what nobody says anew stays as it was: no title takes the place of one given.
    """
    document, entry = _document(arrival.graph), arrival.entry
    subject, record = iri(document), iri(identifiers.catalogue_record(document))
    if entry.published is not None:
        yield Statement(subject, iri(_ISSUED), literal(entry.published.isoformat(), datatype=_XSD + "date"))
    if entry.source is not None:
        yield Statement(subject, iri(PREFIXES["dcat"] + "landingPage"), iri(entry.source))
    yield Statement(record, iri(PREFIXES["rdf"] + "type"), iri(PREFIXES["dcat"] + "CatalogRecord"))
    yield Statement(record, iri(PREFIXES["foaf"] + "primaryTopic"), subject)
    if entry.title is not None or not known:
        shown = literal(entry.title or arrival.title or arrival.name, language="zh")
        yield Statement(record, iri(_DCTERMS + "title"), shown)
        yield Statement(record, iri(PREFIXES["schema"] + "name"), literal(arrival.name))
    yield Statement(record, iri(_ISSUED), literal(arrival.precedence.loaded, datatype=_XSD + "dateTime"))


def _links(document: URIRef, predicate: str, graphs: Iterable[str]) -> Iterator[Statement]:
    """Yield links from a document to those whose graphs are given."""
    for graph in sorted(graphs):
        yield Statement(iri(document), predicate, iri(_document(graph)))


def _withdrawn(store: Store, document: URIRef, revised: Iterable[str]) -> list[Statement]:
    """Return the links by which earlier documents claimed to revise the one that takes their place now."""
    others = [iri(_document(graph)) for graph in revised]
    told = reading.about(store, _CATALOGUE, others)
    return [s for s in told if s.object == iri(document) and _is_link(s)]


def _is_link(statement: Statement) -> bool:
    """Return whether a statement says how documents supersede each other: it is kept."""
    return statement.predicate in {_REVISES, _ALTERNATE}


def _document(graph: str) -> URIRef:
    return identifiers.disclosure(identifiers.key_of_graph(graph))
