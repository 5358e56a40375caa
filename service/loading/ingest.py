"""Documents into the store: converted, judged, and visible all at once, with nothing counted twice.

One document is one change of the store: its own graph, the report about it, its entry in the catalogue, what it
adds to the register, and what of earlier documents it takes the place of. It is seen whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import loader
import shapes
from loader.many import Refused, Workplace, convert_many, here, whole
from ontology import identifiers, vocabulary
from ontology.namespaces import PREFIXES

from ..store import ChangeRefused, Changes
from . import catalogue, naming, reading
from .settlement import Settlement, document_of, key_of, precedence_of, settle
from .statements import Statement, as_nquads, by_graph, iri, literal
from .superseding import Precedence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..store import Store
    from .sources import CatalogueEntry, Source

log = logging.getLogger(__name__)

_CATALOGUE: Final = str(identifiers.CATALOGUE_GRAPH)
_REGISTER: Final = str(identifiers.REGISTER_GRAPH)
_WORDS: Final = (
    identifiers.ONTOLOGY_GRAPH,
    identifiers.CODES_GRAPH,
    identifiers.DIVISIONS_GRAPH,
    identifiers.SHAPES_GRAPH,
)
_HAS_VERSION: Final = iri(PREFIXES["dcterms"] + "hasVersion")


class NothingRecognised(loader.LoaderError):
    """The document was read, and no performance targets were found in it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one document brought into the store."""

    name: str
    projects: int
    indicators: int
    triples: int
    findings: int
    held_elsewhere: int
    """Declarations that stay with another document: it states the same facts, or was published later."""
    superseded: int
    """Declarations of earlier documents that this one takes the place of."""
    unread: int
    """Cells that were not understood, and tables that were skipped."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was not loaded, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class _Document:
    """A converted document: its statements by where they belong, and when it was published and first loaded."""

    sha256: str
    own: list[Statement]
    register: list[Statement]
    precedence: Precedence

    @property
    def graph(self) -> str:
        """Return the IRI of the graph that holds what is the document's own."""
        return str(identifiers.disclosure_graph(self.sha256))


class Ingest:
    """Loads documents into one store. `archive` is the folder for what is superseded; None keeps none of it."""

    def __init__(self, store: Store, *, archive: Path | None = None) -> None:
        """Work on a store whose words and rules `prepare` brings up to date."""
        self._store = store
        self._archive = archive

    def prepare(self) -> None:
        """Put ontology, code lists, divisions and rules into the store, unless it has these very ones."""
        words = vocabulary.nquads() + shapes.nquads()
        subject = iri(identifiers.ONTOLOGY_GRAPH)
        known = reading.about(self._store, _CATALOGUE, [subject])
        current = [Statement(subject, _HAS_VERSION, literal(hashlib.sha256(words).hexdigest()))]
        if known != current:
            changes = Changes(
                removed=as_nquads(known, _CATALOGUE),
                emptied=tuple(str(graph) for graph in _WORDS),
                added=words + as_nquads(current, _CATALOGUE),
            )
            self._store.apply(changes)

    def load_all(
        self, sources: Sequence[Source], *, workplace: Workplace | None = None
    ) -> Iterator[Loaded | Failed]:
        """Load each source; one that fails is told with its reason and the others go on.

        Wherever documents are converted (without a `workplace` here), they are loaded in order.
        """
        entries = {source.path: source.entry for source in sources}
        for path, outcome in convert_many(list(entries), workplace or here(), whole):
            if isinstance(outcome, Refused):
                yield Failed(path, outcome.reason)
                continue
            try:
                yield self.load_converted(outcome, path.name, entries[path])
            except (loader.LoaderError, ChangeRefused) as error:
                log.info("%s was not loaded: %s", path, error)
                yield Failed(path, str(error))

    def load(self, data: bytes, name: str, entry: CatalogueEntry) -> Loaded:
        """Load one document. Raises `loader.LoaderError` or `StoreError`; the store is unchanged then."""
        return self.load_converted(loader.convert(data), name, entry)

    def load_converted(self, conversion: loader.Conversion, name: str, entry: CatalogueEntry) -> Loaded:
        """Load a converted document, as `load` does."""
        told = conversion.disclosure
        if not told.says_something:
            raise NothingRecognised(
                f"none of its {len(told.tables)} tables has the labels of a table of performance targets; "
                "`jixiao convert --report` shows what was found"
            )
        document = self._document(conversion, entry)
        outcome = settle(self._store, document.graph, document.own, document.precedence)
        report = _judged([*outcome.own, *document.register])
        record = self._catalogue_entry(document, outcome, name, entry, told.title)
        self._archive_superseded(outcome, document)
        self._store.apply(self._changes(document, outcome, report, record))
        return Loaded(
            name=name,
            projects=len(told.declarations) + len(told.evaluations),
            indicators=conversion.report.indicators,
            triples=len(outcome.own),
            findings=len(report.findings),
            held_elsewhere=outcome.held_elsewhere,
            superseded=outcome.superseded,
            unread=conversion.report.unread,
        )

    def _document(self, conversion: loader.Conversion, entry: CatalogueEntry) -> _Document:
        sha256 = conversion.disclosure.sha256
        graph = str(identifiers.disclosure_graph(sha256))
        statements = by_graph(conversion.nquads)
        known = precedence_of(self._store, graph)
        return _Document(
            sha256=sha256,
            own=statements.get(graph, []),
            register=statements.get(_REGISTER, []),
            precedence=Precedence(entry.published or known.published, known.loaded or _now()),
        )

    def _changes(
        self, document: _Document, outcome: Settlement, report: shapes.Report, record: list[Statement]
    ) -> Changes:
        """Return everything that changes with the document, to be applied at once."""
        new = {(s.subject, s.predicate) for s in record}
        old_record = [
            s
            for s in self._catalogued(document)
            if (s.subject, s.predicate) in new and not catalogue.is_link(s)
        ]
        old_record += self._withdrawn(document, outcome)
        register = self._register(document, outcome)
        judged_again = [self._judge_again(graph, outcome) for graph in sorted(outcome.taken)]
        return Changes(
            removed=as_nquads(old_record, _CATALOGUE)
            + as_nquads(self._labels(document), _REGISTER)
            + b"".join(as_nquads(gone, graph) for graph, gone in outcome.taken.items()),
            emptied=(
                document.graph,
                str(identifiers.report_graph(document.sha256)),
                *(str(identifiers.report_graph(key_of(graph))) for graph in sorted(outcome.taken)),
            ),
            added=as_nquads(outcome.own, document.graph)
            + as_nquads(register, _REGISTER)
            + as_nquads(record, _CATALOGUE)
            + report.nquads(document.sha256)
            + b"".join(judged_again),
        )

    # --- the register ---

    def _labels(self, document: _Document) -> list[Statement]:
        """Return the labels that the store has for the things which the document names."""
        named = sorted({s.subject for s in document.register if naming.is_label(s)})
        return [s for s in reading.about(self._store, _REGISTER, named) if naming.is_label(s)]

    def _register(self, document: _Document, outcome: Settlement) -> list[Statement]:
        """Return what the document adds to the register, with the names of things settled among all documents."""
        ours = [s for s in document.register if naming.is_label(s)]
        things = sorted({s.subject for s in ours})
        gone = {s.subject for statements in outcome.taken.values() for s in statements}
        namings = [
            *naming.namings_in(outcome.own),
            *(n for n in self._namings(things, document.graph) if n.declaration not in gone),
        ]
        others = [s for s in document.register if not naming.is_label(s)]
        return others + naming.settled([*self._labels(document), *ours], namings)

    def _namings(self, things: list[str], except_graph: str) -> list[naming.Naming]:
        """Return what the declarations of other documents call some things."""
        if not things:
            return []
        patterns = " UNION ".join(
            f"{{ ?declaration {points_at} ?thing ; {prints} ?name }}" for points_at, prints in naming.NAMED_BY
        )
        query = f"""SELECT ?declaration ?thing ?name {{
            VALUES ?thing {{ {" ".join(things)} }}
            GRAPH ?graph {{ {patterns} }}
            FILTER(?graph != <{except_graph}>)
        }}"""
        return [
            naming.Naming(iri(row["declaration"]), iri(row["thing"]), literal(row["name"]))
            for row in reading.rows(self._store, query)
        ]

    # --- the catalogue ---

    def _catalogued(self, document: _Document) -> list[Statement]:
        subject = identifiers.disclosure(document.sha256)
        record = identifiers.catalogue_record(subject)
        return reading.about(self._store, _CATALOGUE, [iri(subject), iri(record)])

    def _catalogue_entry(
        self,
        document: _Document,
        outcome: Settlement,
        name: str,
        entry: CatalogueEntry,
        title: str | None,
    ) -> list[Statement]:
        subject = identifiers.disclosure(document.sha256)
        loaded = document.precedence.loaded
        revised = [document_of(graph) for graph in outcome.taken]
        alternates = [document_of(graph) for graph in outcome.alternates]
        return [
            *catalogue.entry_of(
                subject, name, entry, title=title, loaded=loaded, known=bool(self._catalogued(document))
            ),
            *catalogue.links_of(subject, catalogue.REVISES, revised),
            *catalogue.links_of(subject, catalogue.ALTERNATE, alternates),
        ]

    def _withdrawn(self, document: _Document, outcome: Settlement) -> list[Statement]:
        """Return the links by which earlier documents claimed to revise the one that takes their place now."""
        subject = iri(identifiers.disclosure(document.sha256))
        others = [iri(document_of(graph)) for graph in outcome.taken]
        told = reading.about(self._store, _CATALOGUE, others)
        return [s for s in told if s.object == subject and catalogue.is_link(s)]

    # --- what is superseded ---

    def _judge_again(self, graph: str, outcome: Settlement) -> bytes:
        """Return the report about what a document still states after another took the place of some of it."""
        remaining = outcome.remaining[graph]
        report = _judged([*remaining, *reading.named_in_register(self._store, remaining)])
        return report.nquads(key_of(graph))

    def _archive_superseded(self, outcome: Settlement, document: _Document) -> None:
        """Keep what no document states any more, as compressed N-Quads, one file a document.

        Written before the store changes: a crash between the two leaves a copy too many, never one too few.
        """
        if self._archive is None:
            return
        withheld = {document.graph: outcome.withheld} if outcome.withheld else {}
        for graph, statements in (outcome.taken | withheld).items():
            self._archive.mkdir(parents=True, exist_ok=True)
            content = as_nquads(statements, graph)
            digest = hashlib.sha256(content).hexdigest()[:8]
            _write_archive(self._archive, f"{key_of(graph)}-{digest}.nq.gz", content)


def _write_archive(folder: Path, name: str, content: bytes) -> None:
    """Write one file so that it is on disk, whole, before the store forgets what it holds."""
    partial = folder / f".{name}.part"
    with partial.open("wb") as stream:
        stream.write(gzip.compress(content, mtime=0))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(folder / name)


def _judged(statements: list[Statement]) -> shapes.Report:
    return shapes.check(shapes.graph_of(as_nquads(statements, _REGISTER)))


def _now() -> str:
    """Return the time, with microseconds: of two versions without a date the one loaded later holds."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
