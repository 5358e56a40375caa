"""The catalogue's entries of data of others: who published what, when it was loaded, how much of it points to us.

<dataset/population-2024> a dcat:Dataset ; dcterms:identifier "population-2024" ; dcterms:title "…" ;
dcterms:publisher [ foaf:name "…" ] ; dcterms:license <https://…> ; dcterms:source <https://…> ;
dcterms:issued "…"^^xsd:date ; dcterms:modified "…"^^xsd:dateTime (when it was loaded here) ;
schema:name "file.ttl" ; dcat:mediaType "text/turtle" ; void:triples 120 ; void:subset [ a void:Linkset ; … ] .

In the graph of the catalogue, where documents have theirs. Read by what shows or describes the data sets.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import PREFIXES

from ..answers import select
from ..loading import reading
from ..loading.statements import Statement, iri, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..store import Store

GRAPH: Final = str(identifiers.CATALOGUE_GRAPH)
_XSD: Final = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class About:
    """What somebody says of a data set, besides its content; empty where nobody said it."""

    title: str = ""
    publisher: str = ""
    licence: str = ""
    """An IRI, or a text."""
    source: str = ""
    """The address where it was found."""
    issued: date | None = None

    @property
    def has_licence_with_address(self) -> bool:
        """Whether the licence is an IRI."""
        return self.licence.startswith(("http://", "https://"))


def over(said: About, otherwise: About) -> About:
    """Return what is said, and where nothing is what was said otherwise."""
    given = {one.name: getattr(said, one.name) for one in fields(About) if getattr(said, one.name)}
    return replace(otherwise, **given)


@dataclass(frozen=True, slots=True)
class Linkset:
    """How many statements of a data set lead with one property to our things."""

    predicate: str
    triples: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A data set as the catalogue has it."""

    name: str
    about: About
    file: str
    media_type: str
    loaded: datetime
    triples: int
    linksets: tuple[Linkset, ...] = ()

    @property
    def iri(self) -> str:
        """Its IRI."""
        return str(identifiers.dataset(self.name))

    @property
    def graph(self) -> str:
        """The IRI of the graph that holds it."""
        return str(identifiers.dataset_graph(self.name))


def statements_of(entry: Entry) -> Iterator[Statement]:
    """Yield what the catalogue says of a data set."""
    this = iri(entry.iri)
    yield Statement(this, _is("rdf", "type"), _is("dcat", "Dataset"))
    yield Statement(this, _is("dcterms", "identifier"), literal(entry.name))
    yield Statement(this, _is("dcterms", "title"), literal(entry.about.title or entry.file))
    yield Statement(this, _is("schema", "name"), literal(entry.file))
    yield Statement(this, _is("dcat", "mediaType"), literal(entry.media_type))
    loaded = literal(entry.loaded.isoformat(timespec="seconds"), datatype=f"{_XSD}dateTime")
    yield Statement(this, _is("dcterms", "modified"), loaded)
    yield Statement(this, _is("void", "triples"), _whole(entry.triples))
    yield from _said(entry.about, entry.iri)
    for number, links in enumerate(entry.linksets, start=1):
        yield from _linked(links, this, iri(f"{entry.iri}/linkset/{number}"))


def _said(about: About, dataset: str) -> Iterator[Statement]:
    this = iri(dataset)
    if about.publisher:
        publisher = iri(f"{dataset}/publisher")
        yield Statement(this, _is("dcterms", "publisher"), publisher)
        yield Statement(publisher, _is("rdf", "type"), _is("foaf", "Agent"))
        yield Statement(publisher, _is("foaf", "name"), literal(about.publisher))
    if about.licence:
        named = about.has_licence_with_address
        term = iri(about.licence) if named else literal(about.licence)
        yield Statement(this, _is("dcterms", "license" if named else "rights"), term)
    if about.source:
        yield Statement(this, _is("dcterms", "source"), iri(about.source))
    if about.issued is not None:
        day = literal(about.issued.isoformat(), datatype=f"{_XSD}date")
        yield Statement(this, _is("dcterms", "issued"), day)


def _linked(links: Linkset, dataset: str, this: str) -> Iterator[Statement]:
    yield Statement(dataset, _is("void", "subset"), this)
    yield Statement(this, _is("rdf", "type"), _is("void", "Linkset"))
    yield Statement(this, _is("void", "subjectsTarget"), dataset)
    yield Statement(this, _is("void", "linkPredicate"), iri(links.predicate))
    yield Statement(this, _is("void", "triples"), _whole(links.triples))


def _is(prefix: str, name: str) -> str:
    return iri(PREFIXES[prefix] + name)


def _whole(number: int) -> str:
    return literal(str(number), datatype=f"{_XSD}integer")


def told_of(store: Store, name: str) -> list[Statement]:
    """Return all that the catalogue says of a data set and its parts."""
    this = identifiers.dataset(name)
    return reading.construct(
        store,
        f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }}
            FILTER(?s = <{this}> || STRSTARTS(STR(?s), "{this}/")) }}""",
    )


_ENTRIES: Final = f"""PREFIX dcterms: <{PREFIXES["dcterms"]}> PREFIX dcat: <{PREFIXES["dcat"]}>
PREFIX schema: <{PREFIXES["schema"]}> PREFIX void: <{PREFIXES["void"]}> PREFIX foaf: <{PREFIXES["foaf"]}>
SELECT ?name ?title ?file ?type ?loaded ?triples ?publisher ?license ?rights ?source ?issued {{ GRAPH <{GRAPH}> {{
    ?dataset a dcat:Dataset ; dcterms:identifier ?name ; dcterms:title ?title ; schema:name ?file ;
        dcat:mediaType ?type ; dcterms:modified ?loaded ; void:triples ?triples .
    OPTIONAL {{ ?dataset dcterms:publisher/foaf:name ?publisher }}
    OPTIONAL {{ ?dataset dcterms:license ?license }}
    OPTIONAL {{ ?dataset dcterms:rights ?rights }}
    OPTIONAL {{ ?dataset dcterms:source ?source }}
    OPTIONAL {{ ?dataset dcterms:issued ?issued }}
}} }} ORDER BY ?name"""
_LINKSETS: Final = f"""PREFIX dcterms: <{PREFIXES["dcterms"]}> PREFIX void: <{PREFIXES["void"]}>
SELECT ?name ?predicate ?triples {{ GRAPH <{GRAPH}> {{
    ?dataset dcterms:identifier ?name ; void:subset ?links .
    ?links void:linkPredicate ?predicate ; void:triples ?triples .
}} }} ORDER BY ?name ?predicate"""


def entries(store: Store) -> tuple[Entry, ...]:
    """Return the data sets of others that a store holds, by name."""
    found = select(store, _ENTRIES)
    linksets = _linksets(store) if found else {}
    return tuple(
        Entry(
            row.text("name"),
            About(
                row.text("title"),
                row.text("publisher"),
                row.text("license") or row.text("rights"),
                row.text("source"),
                date.fromisoformat(row.text("issued")) if row.text("issued") else None,
            ),
            row.text("file"),
            row.text("type"),
            datetime.fromisoformat(row.text("loaded")),
            row.count("triples"),
            tuple(linksets.get(row.text("name"), ())),
        )
        for row in found
    )


def _linksets(store: Store) -> Mapping[str, Iterable[Linkset]]:
    found: defaultdict[str, list[Linkset]] = defaultdict(list)
    for row in select(store, _LINKSETS):
        found[row.text("name")].append(Linkset(row.text("predicate"), row.count("triples")))
    return found
