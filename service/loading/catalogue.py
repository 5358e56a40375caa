"""The catalogue graph: what is known of a document from loading it, and not from its bytes.

<disclosure> dcterms:issued "2025-02-14"^^xsd:date ; dcat:landingPage <https://…> ;
prov:wasRevisionOf <older> ; prov:alternateOf <same facts> .
<disclosure/record> a dcat:CatalogRecord ; foaf:primaryTopic <disclosure> ;
dcterms:title "…"@zh ; schema:name "file.docx" ; dcterms:issued "…"^^xsd:dateTime .
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import PREFIXES

from .statements import Statement, iri, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import URIRef

    from .sources import CatalogueEntry

_XSD: Final = PREFIXES["xsd"]
_DCTERMS: Final = PREFIXES["dcterms"]
_PROV: Final = PREFIXES["prov"]
ISSUED: Final = _DCTERMS + "issued"
REVISES: Final = _PROV + "wasRevisionOf"
ALTERNATE: Final = _PROV + "alternateOf"


def entry_of(
    document: URIRef, name: str, entry: CatalogueEntry, *, title: str | None, loaded: str, known: bool
) -> Iterator[Statement]:
    """Yield the entry of a document: `name` is its file's, `loaded` the xsd:dateTime of its first load.

    Of a document that is `known`, what nobody says anew stays as it was: no title takes the place of one given.
    """
    subject, record = iri(document), iri(identifiers.catalogue_record(document))
    if entry.published is not None:
        issued = literal(entry.published.isoformat(), datatype=_XSD + "date")
        yield Statement(subject, iri(ISSUED), issued)
    if entry.source is not None:
        yield Statement(subject, iri(PREFIXES["dcat"] + "landingPage"), iri(entry.source))
    yield Statement(record, iri(PREFIXES["rdf"] + "type"), iri(PREFIXES["dcat"] + "CatalogRecord"))
    yield Statement(record, iri(PREFIXES["foaf"] + "primaryTopic"), subject)
    if entry.title is not None or not known:
        shown = literal(entry.title or title or name, language="zh")
        yield Statement(record, iri(_DCTERMS + "title"), shown)
        yield Statement(record, iri(PREFIXES["schema"] + "name"), literal(name))
    yield Statement(record, iri(ISSUED), literal(loaded, datatype=_XSD + "dateTime"))


def links_of(document: URIRef, predicate: str, others: Iterable[str]) -> Iterator[Statement]:
    """Yield links from a document to other documents (IRIs)."""
    for other in sorted(others):
        yield Statement(iri(document), iri(predicate), iri(other))


def is_link(statement: Statement) -> bool:
    """Return whether a statement of the catalogue says how documents supersede each other: it is kept."""
    return statement.predicate in {iri(REVISES), iri(ALTERNATE)}
