"""A list as RDF, for the graph of its own: the list with its source, and one subject for each row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, XSD

from ontology import identifiers
from ontology.namespaces import JX, JXC, PREFIXES

from .entries import ListedBody, Population

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import URIRef

    from .entries import About, Entry, PriceIndex

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|^`\\]+")
_Value = ox.NamedNode | ox.Literal


def ntriples(about: About, entries: Iterable[Entry]) -> bytes:
    """Return what is known of a list and what it tells, as N-Triples."""
    of = identifiers.reference_list(about.name)
    said: list[tuple[str, str, _Value]] = [(of, *pair) for pair in _of_list(about)]
    for entry in entries:
        said += [(_subject(of, entry), *pair) for pair in _of_entry(of, entry)]
    triples = [ox.Triple(_iri(subject), _iri(predicate), value) for subject, predicate, value in said]
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _of_list(about: About) -> Iterator[tuple[str, _Value]]:
    yield RDF.type, _iri(JX.ReferenceList)
    yield RDF.type, _iri(f"{PREFIXES['dcat']}Dataset")
    yield JX.listKind, _iri(JXC[f"list-kind/{about.kind}"])
    yield DCTERMS.identifier, ox.Literal(about.name)
    yield DCTERMS.title, ox.Literal(about.title)
    yield DCTERMS.source, _address_or_words(about.source)
    if about.licence:
        licence = _address_or_words(about.licence)
        yield DCTERMS.license if isinstance(licence, ox.NamedNode) else DCTERMS.rights, licence
    if about.published:
        yield DCTERMS.issued, _literal(about.published.isoformat(), XSD.date)
    yield DCTERMS.modified, _literal(about.loaded.isoformat(timespec="seconds"), XSD.dateTime)
    yield f"{PREFIXES['schema']}name", ox.Literal(about.file)


def _subject(of: URIRef, entry: Entry) -> str:
    """Return the IRI of a row, by what it is about: it is the same when the list is loaded again."""
    if isinstance(entry, ListedBody):
        told = f"{entry.code} {entry.credit_code} {entry.name}"
        return f"{of}/{entry.division}-{identifiers.name_hash(told)}"
    return f"{of}/{entry.division or 'country'}-{entry.year}"


def _of_entry(of: URIRef, entry: Entry) -> Iterator[tuple[str, _Value]]:
    yield JX.inList, _iri(of)
    yield JX.listRow, _literal(str(entry.row), XSD.integer)
    if entry.division:
        yield JX.inDivision, _iri(identifiers.division(entry.division))
    if isinstance(entry, ListedBody):
        yield from _of_body(entry)
    else:
        yield JX.referenceYear, _literal(str(entry.year), XSD.gYear)
        yield from _of_population(entry) if isinstance(entry, Population) else _of_price_index(entry)


def _of_population(entry: Population) -> Iterator[tuple[str, _Value]]:
    yield RDF.type, _iri(JX.Population)
    yield JX.persons, _literal(str(entry.persons), XSD.integer)


def _of_price_index(entry: PriceIndex) -> Iterator[tuple[str, _Value]]:
    yield RDF.type, _iri(JX.PriceIndex)
    yield JX.priceLevel, _literal(format(entry.level, "f"), XSD.decimal)
    yield JX.baseYear, _literal(str(entry.base), XSD.gYear)


def _of_body(entry: ListedBody) -> Iterator[tuple[str, _Value]]:
    key = identifiers.body_key(entry.division, code=entry.code or None, name=entry.name)
    yield RDF.type, _iri(JX.ListedBody)
    yield JX.listedName, ox.Literal(entry.name)
    yield JX.listsBody, _iri(identifiers.body(key))
    if entry.code:
        yield JX.listedCode, ox.Literal(entry.code)
    if entry.credit_code:
        yield JX.creditCode, ox.Literal(entry.credit_code)


def _iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(str(text))


def _literal(text: str, datatype: URIRef) -> ox.Literal:
    return ox.Literal(text, datatype=_iri(datatype))


def _address_or_words(text: str) -> _Value:
    return _iri(text) if _ADDRESS.fullmatch(text) else ox.Literal(text)
