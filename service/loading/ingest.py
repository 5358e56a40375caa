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
from loader.load_report_text import why_nothing
from loader.location import Location
from loader.many import Workplace, convert_all, here, whole
from loader.task import Beside, Given, Refused
from ontology import identifiers

from ..store import ChangeRefused, StoreBusy
from . import attachments, catalogue, differences, judging, register
from .catalogues import Catalogues
from .corrections import InForce, Tables, kept_in, not_applied, told_of
from .matter import ReadMatter
from .settlement import settle
from .sources import SourceError
from .statements import as_line, by_graph
from .superseding import Precedence
from .turns import next_turn
from .words import bring_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import shapes
    from loader.model import Correction

    from ..store import Store
    from .amendment import Amendment
    from .attachments import Attachment
    from .settlement import Settlement
    from .sources import CatalogueEntry, Source

log = logging.getLogger(__name__)

_ATTEMPTS: Final = 20
"""How often a change is worked out anew before a load gives way to others."""


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
    corrected: int
    """Corrections by people that are applied."""
    uncorrected: tuple[str, ...]
    """What there is to say of corrections that are not applied."""
    attachments: tuple[Attachment, ...] = ()
    """What was found out about self-evaluations, of this document and of others that its declarations concern."""
    taken_back: int = 0
    """Corrections that the store had of the document, and nobody makes any more."""
    copy_of: Location | None = None
    """The file loaded before it, with others at once, that has the same bytes."""
    location: Location | None = None
    """Where it was found, for what was loaded from a file."""

    @property
    def called(self) -> str:
        """Return what it is called where it is told of: as it was found, as a `Failed` is."""
        return self.name if self.location is None else str(self.location)


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was not loaded, and why."""

    location: Location
    reason: str


class Ingest:
    """Loads documents into one store."""

    def __init__(self, store: Store) -> None:
        """Work on a store whose words and rules `prepare` brings up to date."""
        self._store = store

    def prepare(self) -> None:
        """Finish what a killed load left, and put words and rules into the store, unless it has these very ones."""
        self._store.mend()
        bring_words(self._store)

    def load_all(
        self,
        sources: Sequence[Source],
        *,
        catalogues: Catalogues | None = None,
        tables: Tables | None = None,
        workplace: Workplace | None = None,
    ) -> Iterator[Loaded | Failed]:
        """Load each source, of archives their members; one that fails is told with its reason and the others go on.

        Wherever documents are converted (without a `workplace` here), they are loaded in order. `catalogues` are
        those of the sources, `tables` those of corrections; the store has those of earlier loads.
        """
        told = catalogues or Catalogues(sources)
        in_force = InForce(tables or Tables(), kept_in(self._store))
        first: dict[str, Location] = {}
        given = [Given(Location(source.path), source.data) for source in sources]
        for location, outcome in convert_all(given, workplace or here(), whole, in_force):
            try:
                if isinstance(outcome, Refused):
                    yield Failed(location, outcome.reason)
                elif isinstance(outcome, Beside):
                    told.take(outcome)
                else:
                    loaded = self.load_converted(outcome, location.name, told.entry_of(location))
                    log.info("%s is loaded", location)
                    copied = first.setdefault(loaded.document, location)
                    disclosure = outcome.disclosure
                    yield replace(
                        loaded,
                        taken_back=in_force.taken_back(disclosure.sha256, disclosure.corrections),
                        copy_of=None if copied == location else copied,
                        location=location,
                    )
            except (loader.LoaderError, ChangeRefused, SourceError) as error:
                log.info("%s was not loaded: %s", location, error)
                yield Failed(location, str(error))

    def load(
        self, data: bytes, name: str, entry: CatalogueEntry, corrections: Sequence[Correction] = ()
    ) -> Loaded:
        """Load one document. Raises `loader.LoaderError` or `StoreError`; the store is unchanged then."""
        return self.load_converted(loader.convert(data, corrections=corrections), name, entry)

    def load_converted(self, conversion: loader.Conversion, name: str, entry: CatalogueEntry) -> Loaded:
        """Load a converted document, as `load` does; again where another load changed the store meanwhile."""
        if not conversion.disclosure.says_something:
            raise NothingRecognised(why_nothing(conversion.report))
        judge = judging.Judge(self._store)
        for _ in range(_ATTEMPTS):
            turn = next_turn(self._store)
            loaded, amendments, digests = self._worked_out(conversion, name, entry, judge)
            if turn.make(amendments, digests if any(amendments) else {}):
                return loaded
        raise StoreBusy(
            f"{name} was not loaded: others changed the store {_ATTEMPTS} times while it was worked out what "
            "changes. Load it again when they are done"
        )

    def _worked_out(
        self, conversion: loader.Conversion, name: str, entry: CatalogueEntry, judge: judging.Judge
    ) -> tuple[Loaded, list[Amendment], dict[str, str]]:
        """Return what a document brings, and all that changes with it, as the store is now, and digests then."""
        arrival = self._arrival(conversion, name, entry)
        statements = by_graph(conversion.nquads)
        settled = settle(self._store, arrival.graph, statements.get(arrival.graph, []), arrival.precedence)
        things = register.amend(
            self._store, statements.get(register.GRAPH, []), before=settled.before, after=settled.after
        )
        entered = catalogue.enter(
            self._store, arrival, revisions=settled.revisions, alternates=settled.alternates
        )
        links, attached = attachments.amend(self._store, before=settled.before, after=settled.after)
        documents = self._to_judge(arrival, settled, things)
        reports = {document.matter: judge.of(document) for document in documents}
        judged = [matter.entered(self._store, report) for matter, report in reports.items()]
        (report,) = (report for matter, report in reports.items() if matter.graph == arrival.graph)
        loaded = _told(conversion, name, settled, attached, report)
        changed = differences.amend(self._store, settled.versions)
        digests = {matter.graph: matter.digest for matter in reports}
        return loaded, [*settled.amendments, changed, things, entered, links, *judged], digests

    def _arrival(self, conversion: loader.Conversion, name: str, entry: CatalogueEntry) -> catalogue.Arrival:
        graph = str(identifiers.disclosure_graph(conversion.disclosure.sha256))
        known = catalogue.precedences_of(self._store, [graph])[graph]
        precedence = Precedence(entry.published or known.published, known.loaded or _now())
        return catalogue.Arrival(graph, name, conversion.disclosure.title, entry, precedence)

    def _to_judge(
        self, arrival: catalogue.Arrival, settled: Settlement, things: Amendment
    ) -> list[ReadMatter]:
        """Return what is to be judged: all documents of which there is something new to say."""
        changed = {amendment.graph for amendment in settled.amendments if amendment} & settled.after.keys()
        graphs = {arrival.graph} | changed | register.graphs_told_more(self._store, things)
        then = register.Register(self._store, things)
        return [ReadMatter.of(graph, self._then_shown(settled, graph), then) for graph in sorted(graphs)]

    def _then_shown(self, settled: Settlement, graph: str) -> list[str]:
        """Return what a document will state, in lines of N-Triples."""
        after = settled.after.get(graph)
        return self._store.statements(graph) if after is None else [as_line(said) for said in after]


def _told(
    conversion: loader.Conversion,
    name: str,
    settled: Settlement,
    attached: tuple[Attachment, ...],
    report: shapes.Report,
) -> Loaded:
    told = conversion.disclosure
    return Loaded(
        name=name,
        document=str(identifiers.disclosure(told.sha256)),
        projects=len(told.declarations) + len(told.evaluations),
        indicators=conversion.report.indicators,
        triples=len(settled.after[str(identifiers.disclosure_graph(told.sha256))]),
        findings=len(report.findings),
        held_elsewhere=settled.held_elsewhere,
        superseded=settled.superseded,
        unread=conversion.report.unread,
        corrected=conversion.report.corrected,
        uncorrected=tuple(told_of(one, name) for one in not_applied(told.corrections)),
        attachments=attached,
    )


def _now() -> str:
    """Return the time, with microseconds: of two versions without a date the one loaded later holds."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
