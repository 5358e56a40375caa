"""The archive: what documents state and the store does not show, because another document's version holds.

It is a graph of the store itself, so that it changes together with the store, is there on every kind of store, and
is part of every export. A version comes back from it when it holds after all: a date was corrected, or a later
document confirmed it.

<disclosure/archived/…> a jx:ArchivedVersion ; prov:specializationOf <declaration> ;
prov:wasDerivedFrom <disclosure> ; prov:wasAttributedTo <unit> ; jx:archivedStatements "…"^^xsd:base64Binary .
"""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from . import reading
from .statements import Statement, as_ntriples, iri, literal, of_graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import URIRef

    from ..store import Store

GRAPH: Final = str(identifiers.ARCHIVE_GRAPH)
_TYPE: Final = iri(PREFIXES["rdf"] + "type")
VERSION_OF: Final = iri(PREFIXES["prov"] + "specializationOf")
ATTRIBUTED_TO: Final = iri(PREFIXES["prov"] + "wasAttributedTo")
_DERIVED_FROM: Final = iri(PREFIXES["prov"] + "wasDerivedFrom")
_DECLARED_BY: Final = iri(JX.declaredBy)
_STATEMENTS: Final = iri(JX.archivedStatements)


@dataclass(frozen=True, slots=True)
class Archived:
    """What one document, named by its graph, states about one owner, and the entry of the archive that keeps it."""

    graph: str
    owner: str
    statements: tuple[Statement, ...]
    entry: tuple[Statement, ...]


def archived(graph: str, owner: str, statements: Iterable[Statement]) -> Archived:
    """Return a version as it is put into the archive."""
    kept = tuple(sorted(statements))
    document = _document(graph)
    entry = iri(identifiers.archived(document, owner.strip("<>")))
    packed = b64encode(gzip.compress(as_ntriples(kept), mtime=0)).decode()
    told = (
        Statement(entry, _TYPE, iri(JX.ArchivedVersion)),
        Statement(entry, VERSION_OF, owner),
        Statement(entry, _DERIVED_FROM, iri(document)),
        Statement(entry, _STATEMENTS, literal(packed, datatype=PREFIXES["xsd"] + "base64Binary")),
        *(Statement(entry, ATTRIBUTED_TO, said.object) for said in kept if said.predicate == _DECLARED_BY),
    )
    return Archived(graph, owner, kept, told)


def owners_archived(store: Store, graph: str) -> frozenset[str]:
    """Return the owners of which the archive keeps the version of a document."""
    query = f"""SELECT ?owner {{ GRAPH <{GRAPH}> {{
        ?entry {_DERIVED_FROM} <{_document(graph)}> ; {VERSION_OF} ?owner
    }} }}"""
    return frozenset(iri(row["owner"]) for row in reading.rows(store, query))


def versions_of(store: Store, owners: Iterable[str]) -> list[Archived]:
    """Return the versions of some owners that the archive keeps."""
    entries: defaultdict[str, list[Statement]] = defaultdict(list)
    construct = f"""CONSTRUCT {{ ?entry ?says ?what }} {{
        VALUES ?owner {{ {" ".join(sorted(owners))} }}
        GRAPH <{GRAPH}> {{ ?entry {VERSION_OF} ?owner ; ?says ?what }}
    }}"""
    for statement in reading.construct(store, construct):
        entries[statement.subject].append(statement)
    return [_kept(tuple(entry)) for _, entry in sorted(entries.items())]


def _kept(entry: tuple[Statement, ...]) -> Archived:
    said = {statement.predicate: statement.object for statement in entry}
    graph = identifiers.disclosure_graph(identifiers.key_of_disclosure(said[_DERIVED_FROM].strip("<>")))
    packed = b64decode(said[_STATEMENTS].split('"')[1])
    return Archived(str(graph), said[VERSION_OF], tuple(of_graph(gzip.decompress(packed))), entry)


def _document(graph: str) -> URIRef:
    return identifiers.disclosure(identifiers.key_of_graph(graph))
