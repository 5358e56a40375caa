"""Documents into the store: converted, judged, and visible all at once, with nothing counted twice.

One document is one change of the store: its own graph, the report about it, its entry in the catalogue, what it
adds to the register, and what of earlier documents it takes the place of. It is seen whole or not at all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import loader
from loader.many import Refused, Workplace, convert_many, here, whole
from ontology import identifiers

from ..store import ChangeRefused, Changes
from . import catalogue, judging, register
from .archive import Archive
from .settlement import settle
from .statements import as_nquads, by_graph
from .superseding import Precedence
from .words import bring_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import shapes

    from ..store import Store
    from .settlement import Settlement
    from .sources import CatalogueEntry, Source
    from .statements import Statement

log = logging.getLogger(__name__)

_REGISTER: Final = str(identifiers.REGISTER_GRAPH)


class NothingRecognised(loader.LoaderError):
    """The document was read, and no performance targets were found in it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one document brought into the store."""

    name: str
    document: str
    """The IRI of the disclosure: two files with the same bytes are one."""
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
    copy_of: Path | None = None
    """The file loaded before it, with others at once, that has the same bytes."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was not loaded, and why."""

    path: Path
    reason: str


class Ingest:
    """Loads documents into one store. `archive` is the folder for what is superseded; None keeps none of it."""

    def __init__(self, store: Store, *, archive: Path | None = None) -> None:
        """Work on a store whose words and rules `prepare` brings up to date."""
        self._store = store
        self._archive = Archive(archive)

    def prepare(self) -> None:
        """Put ontology, code lists, divisions and rules into the store, unless it has these very ones."""
        bring_words(self._store)

    def load_all(
        self, sources: Sequence[Source], *, workplace: Workplace | None = None
    ) -> Iterator[Loaded | Failed]:
        """Load each source; one that fails is told with its reason and the others go on.

        Wherever documents are converted (without a `workplace` here), they are loaded in order.
        """
        entries = {source.path: source.entry for source in sources}
        first: dict[str, Path] = {}
        for path, outcome in convert_many(list(entries), workplace or here(), whole):
            if isinstance(outcome, Refused):
                yield Failed(path, outcome.reason)
                continue
            try:
                loaded = self.load_converted(outcome, path.name, entries[path])
            except (loader.LoaderError, ChangeRefused) as error:
                log.info("%s was not loaded: %s", path, error)
                yield Failed(path, str(error))
            else:
                copied = first.setdefault(loaded.document, path)
                yield loaded if copied == path else replace(loaded, copy_of=copied)

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
        arrival = self._arrival(conversion, name, entry)
        statements = by_graph(conversion.nquads)
        of_register = statements.get(_REGISTER, [])
        outcome = settle(self._store, arrival.graph, statements.get(arrival.graph, []), arrival.precedence)
        report = judging.judge_statements([*outcome.own, *of_register])
        self._archive.keep(outcome.taken | {arrival.graph: outcome.withheld})
        self._store.apply(self._changes(arrival, of_register, outcome, report))
        return Loaded(
            name=name,
            document=str(identifiers.disclosure(told.sha256)),
            projects=len(told.declarations) + len(told.evaluations),
            indicators=conversion.report.indicators,
            triples=len(outcome.own),
            findings=len(report.findings),
            held_elsewhere=outcome.held_elsewhere,
            superseded=outcome.superseded,
            unread=conversion.report.unread,
        )

    def _arrival(self, conversion: loader.Conversion, name: str, entry: CatalogueEntry) -> catalogue.Arrival:
        graph = str(identifiers.disclosure_graph(conversion.disclosure.sha256))
        known = catalogue.precedence_of(self._store, graph)
        precedence = Precedence(entry.published or known.published, known.loaded or _now())
        return catalogue.Arrival(graph, name, conversion.disclosure.title, entry, precedence)

    def _changes(
        self,
        arrival: catalogue.Arrival,
        of_register: list[Statement],
        outcome: Settlement,
        report: shapes.Report,
    ) -> Changes:
        """Return everything that changes with the document, to be applied at once."""
        entry_lost, entry_gained = catalogue.enter(
            self._store, arrival, revised=outcome.taken, alternates=outcome.alternates
        )
        names_lost, names_gained = register.settle_names(self._store, arrival.graph, of_register, outcome)
        keys = [identifiers.key_of_graph(graph) for graph in (arrival.graph, *sorted(outcome.taken))]
        return Changes(
            removed=catalogue.as_quads(entry_lost)
            + register.as_quads(names_lost)
            + b"".join(as_nquads(gone, graph) for graph, gone in outcome.taken.items()),
            emptied=(arrival.graph, *(str(identifiers.report_graph(key)) for key in keys)),
            added=as_nquads(outcome.own, arrival.graph)
            + register.as_quads(names_gained)
            + catalogue.as_quads(entry_gained)
            + report.nquads(keys[0])
            + b"".join(self._judged_again(graph, outcome) for graph in sorted(outcome.taken)),
        )

    def _judged_again(self, graph: str, outcome: Settlement) -> bytes:
        """Return the report about what a document still states after another took the place of some of it."""
        report = judging.judge_in_store(self._store, outcome.remaining[graph])
        return report.nquads(identifiers.key_of_graph(graph))


def _now() -> str:
    """Return the time, with microseconds: of two versions without a date the one loaded later holds."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
