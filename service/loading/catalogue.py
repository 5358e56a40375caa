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
from .amendment import Amendment
from .statements import Statement, iri, literal
from .superseding import UNDATED, Precedence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import URIRef

    from ..store import Store
    from .sources import CatalogueEntry

GRAPH: Final = str(identifiers.CATALOGUE_GRAPH)
_XSD: Final = PREFIXES["xsd"]
_DCTERMS: Final = PREFIXES["dcterms"]
_ISSUED: Final = iri(_DCTERMS + "issued")
_REVISES: Final = iri(PREFIXES["prov"] + "wasRevisionOf")
_ALTERNATE: Final = iri(PREFIXES["prov"] + "alternateOf")
_TOPIC: Final = iri(PREFIXES["foaf"] + "primaryTopic")
NEVER_LOADED: Final = Precedence(UNDATED, "")


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


def precedences_of(store: Store, graphs: Iterable[str]) -> Mapping[str, Precedence]:
    """Return when documents were published and first loaded; `NEVER_LOADED` for those the store does not know."""
    documents = {str(_document(graph)): graph for graph in graphs}
    found = dict.fromkeys(documents.values(), NEVER_LOADED)
    query = f"""SELECT ?document ?published ?loaded {{
        VALUES ?document {{ {" ".join(iri(document) for document in documents)} }}
        GRAPH <{GRAPH}> {{
            ?record {_TOPIC} ?document ; {_ISSUED} ?loaded
            OPTIONAL {{ ?document {_ISSUED} ?published }}
        }}
    }}"""
    for row in reading.rows(store, query):
        published = date.fromisoformat(row["published"]) if row["published"] else UNDATED
        found[documents[row["document"]]] = Precedence(published, row["loaded"])
    return found


def enter(
    store: Store,
    arrival: Arrival,
    *,
    revisions: Iterable[tuple[str, str]],
    alternates: Iterable[tuple[str, str]],
) -> Amendment:
    """Return how the catalogue changes by a document that arrives.

    `revisions` and `alternates` are all its relations with other documents: pairs of graphs, the later one first.
    """
    document = _document(arrival.graph)
    record = identifiers.catalogue_record(document)
    told = reading.about(store, GRAPH, [iri(document), iri(record)])
    known = [statement for statement in told if not _is_link(statement)]
    entry = list(_entry_of(arrival, known=bool(known)))
    said_anew = {(statement.subject, statement.predicate) for statement in entry}
    outdated = [s for s in known if (s.subject, s.predicate) in said_anew]
    links = [*_links(_REVISES, revisions), *_links(_ALTERNATE, alternates)]
    return Amendment.between(GRAPH, [*outdated, *_links_with(store, document)], [*entry, *links])


def _entry_of(arrival: Arrival, *, known: bool) -> Iterator[Statement]:
    """Yield what is known of a document from its loading.

    Of a document that is `known`, what nobody says anew stays as it was: no title takes the place of one given.
    """
    document, entry = _document(arrival.graph), arrival.entry
    subject, record = iri(document), iri(identifiers.catalogue_record(document))
    if entry.published is not None:
        yield Statement(subject, _ISSUED, literal(entry.published.isoformat(), datatype=_XSD + "date"))
    if entry.source is not None:
        yield Statement(subject, iri(PREFIXES["dcat"] + "landingPage"), iri(entry.source))
    yield Statement(record, iri(PREFIXES["rdf"] + "type"), iri(PREFIXES["dcat"] + "CatalogRecord"))
    yield Statement(record, _TOPIC, subject)
    if entry.title is not None or not known:
        shown = literal(entry.title or arrival.title or arrival.name, language="zh")
        yield Statement(record, iri(_DCTERMS + "title"), shown)
        yield Statement(record, iri(PREFIXES["schema"] + "name"), literal(arrival.name))
    yield Statement(record, _ISSUED, literal(arrival.precedence.loaded, datatype=_XSD + "dateTime"))


def _links(predicate: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Statement]:
    for later, earlier in pairs:
        yield Statement(iri(_document(later)), predicate, iri(_document(earlier)))


def _links_with(store: Store, document: URIRef) -> list[Statement]:
    """Return the links by which a document supersedes others, or they supersede it."""
    links = f"{_REVISES} {_ALTERNATE}"
    return reading.construct(
        store,
        f"""CONSTRUCT {{ <{document}> ?over ?earlier . ?later ?under <{document}> }} {{
            {{ VALUES ?over {{ {links} }} GRAPH <{GRAPH}> {{ <{document}> ?over ?earlier }} }} UNION
            {{ VALUES ?under {{ {links} }} GRAPH <{GRAPH}> {{ ?later ?under <{document}> }} }}
        }}""",
    )


def _is_link(statement: Statement) -> bool:
    """Return whether a statement says how documents supersede each other."""
    return statement.predicate in {_REVISES, _ALTERNATE}


def _document(graph: str) -> URIRef:
    return identifiers.disclosure(identifiers.key_of_graph(graph))
