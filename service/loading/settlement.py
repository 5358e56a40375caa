"""One document among the others: what each of them states in the store when it has arrived.

What a store shows is decided anew, by the rules of `superseding`, for each owner that the document states or stated,
from the versions of all documents: those shown and those in the archive. So it depends on which documents have
been loaded and when they were published, and not on the order in which somebody came to say so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology import identifiers

from . import archive, catalogue, reading
from .amendment import Amendment
from .statements import iri
from .superseding import Version, by_owner, holder, owners_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..store import Store
    from .archive import Archived
    from .statements import Statement
    from .superseding import Precedence


@dataclass(slots=True)
class _Document:
    """One document on its way: what the store shows of it now, and what it states by owner."""

    graph: str
    precedence: Precedence
    before: list[Statement]
    rest: list[Statement]
    """What it states that no owner in question has."""
    stated: dict[str, list[Statement]]
    """What it states of each owner, shown or archived."""
    held: set[str] = field(default_factory=set)
    """The owners whose version is the document's, when all is settled."""

    @property
    def after(self) -> list[Statement]:
        """What the store shows of it when all is settled."""
        return self.rest + [said for owner in sorted(self.held) for said in self.stated[owner]]

    @property
    def archived(self) -> list[Archived]:
        """What the archive keeps of it when all is settled."""
        kept = self.stated.keys() - self.held
        return [archive.archived(self.graph, owner, self.stated[owner]) for owner in sorted(kept)]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of an arrival. Documents are named by the IRIs of their graphs."""

    before: Mapping[str, list[Statement]]
    """What the store shows of each document that is concerned, the arrival first."""
    after: Mapping[str, list[Statement]]
    """What it will show of them."""
    amendments: tuple[Amendment, ...]
    """How the graphs of documents and the archive change."""
    revisions: frozenset[tuple[str, str]]
    """Pairs of the arrival and another document in which the first, published later, says something else."""
    alternates: frozenset[tuple[str, str]]
    """Pairs of the arrival and another document in which the first, published later, says the same."""
    versions: Mapping[str, tuple[Version, ...]]
    """What each document states of each owner that is concerned, the earliest first; all there are."""
    held_elsewhere: int
    """Owners that the arrival states and another document shows."""
    superseded: int
    """Owners that another document showed and shows no more."""


def settle(store: Store, graph: str, statements: list[Statement], precedence: Precedence) -> Settlement:
    """Return what the store is to show when a document arrives, or arrives again, with these statements."""
    before = reading.graph_of(store, graph)
    owners = owners_in(statements) | owners_in(before) | archive.owners_archived(store, graph)
    kept = archive.versions_of(store, owners)
    rest, stated = by_owner(statements, owners_in(statements))
    arrival = _Document(graph, precedence, before, rest, stated)
    documents = [arrival, *_others(store, graph, owners, kept)]
    for owner in owners:
        _award(owner, documents)
    return _outcome(documents, kept, {owner: _versions(owner, documents) for owner in sorted(owners)})


def _award(owner: str, documents: Iterable[_Document]) -> None:
    """Let one of the documents that state an owner hold it."""
    stating = {document.graph: document for document in documents}
    if versions := _versions(owner, documents):
        stating[holder(versions).graph].held.add(owner)


def _versions(owner: str, documents: Iterable[_Document]) -> tuple[Version, ...]:
    """Return what documents state of an owner, the earliest first."""
    stating = (document for document in documents if owner in document.stated)
    versions = (Version(d.graph, d.precedence, tuple(d.stated[owner])) for d in stating)
    return tuple(sorted(versions, key=lambda version: version.rank))


def _others(store: Store, graph: str, owners: Iterable[str], kept: Iterable[Archived]) -> list[_Document]:
    """Return the other documents that state some of the owners, shown or archived."""
    showing = _showing(store, graph, owners)
    archived: defaultdict[str, dict[str, list[Statement]]] = defaultdict(dict)
    for version in kept:
        if version.graph != graph:
            archived[version.graph][version.owner] = list(version.statements)
    graphs = sorted(showing.keys() | archived.keys())
    precedences = catalogue.precedences_of(store, graphs)
    documents = []
    for other in graphs:
        before = reading.graph_of(store, other)
        rest, shown = by_owner(before, showing.get(other, ()))
        documents.append(_Document(other, precedences[other], before, rest, shown | archived[other]))
    return documents


def _showing(store: Store, graph: str, owners: Iterable[str]) -> Mapping[str, set[str]]:
    """Return the other graphs that show some of the owners, and which."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = f"""SELECT DISTINCT ?graph ?owner {{
        VALUES ?owner {{ {" ".join(sorted(owners))} }}
        GRAPH ?graph {{ ?owner a ?class }}
    }}"""
    for row in reading.rows(store, query):
        if row["graph"] != graph and identifiers.is_disclosure_graph(row["graph"]):
            found[row["graph"]].add(iri(row["owner"]))
    return found


def _outcome(
    documents: list[_Document], kept: list[Archived], versions: Mapping[str, tuple[Version, ...]]
) -> Settlement:
    arrival, others = documents[0], documents[1:]
    after = {document.graph: document.after for document in documents}
    amendments = [Amendment.between(d.graph, d.before, after[d.graph]) for d in documents]
    entries = [said for document in documents for version in document.archived for said in version.entry]
    amendments.append(
        Amendment.between(archive.GRAPH, (said for version in kept for said in version.entry), entries)
    )
    revisions, alternates = _links(arrival, others)
    return Settlement(
        before={document.graph: document.before for document in documents},
        after=after,
        amendments=tuple(amendments),
        revisions=revisions,
        alternates=alternates,
        versions=versions,
        held_elsewhere=len(arrival.stated.keys() - arrival.held),
        superseded=sum(len(owners_in(other.before) - owners_in(after[other.graph])) for other in others),
    )


def _links(
    arrival: _Document, others: Iterable[_Document]
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Return which documents revise which, and which say the same as which, in pairs of the later and the earlier."""
    revisions: set[tuple[str, str]] = set()
    alternates: set[tuple[str, str]] = set()
    for other in others:
        for owner in arrival.stated.keys() & other.stated.keys():
            versions = [Version(d.graph, d.precedence, tuple(d.stated[owner])) for d in (arrival, other)]
            earlier, later = sorted(versions, key=lambda version: version.rank)
            pairs = alternates if earlier.says_what(later) else revisions
            pairs.add((later.graph, earlier.graph))
    return frozenset(revisions), frozenset(alternates)
