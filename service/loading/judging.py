"""What the rules say of a document: before it is loaded, while it is, and once it is in a store.

One place, so that `jixiao check` says of a store what `jixiao load` said of its documents. What was found is kept in
the report's graph, with the name of what was judged: by which rules, and which statements. The same matter is not
judged again, and a document of which the store keeps the digest is not even read.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import shapes
from loader.many import here
from ontology import identifiers

from ..store import ChangeRefused, StoreUnavailable
from .matter import ReadMatter, known_unread
from .naming import names_told
from .register import Register
from .turns import next_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from loader.many import Workplace

    from ..store import Store
    from .matter import Kept, Matter
    from .statements import Statement
    from .turns import Turn

log = logging.getLogger(__name__)

_BATCH: Final = 64
"""Documents whose new reports become visible together."""


def judge_quads(
    nquads: bytes, own: shapes.OwnShapes | None = None, kept: bytes | None = None
) -> shapes.Report:
    """Judge the statements of any graphs, N-Quads or N-Triples, by the rule book and perhaps by own shapes.

    `kept` is the report on the very statements by the very rules, as N-Triples: then only own shapes are asked.
    """
    known = None if kept is None else shapes.graph_of(kept)
    return shapes.check(shapes.graph_of(nquads), own=own, kept=known)


class JudgementEnded(Exception):
    """Judging a document took too long or ended its process; the message names the document."""


class Judge:
    """Judges documents of a store as they come, and the same matter only once; things are not named in reports."""

    def __init__(self, store: Store) -> None:
        """Begin with what the store keeps."""
        self._store = store
        self._reports: dict[Matter, shapes.Report] = {}

    def of(self, document: ReadMatter) -> shapes.Report:
        """Judge a document."""
        matter = document.matter
        if matter not in self._reports:
            self._reports[matter] = _report(document, matter.kept_in(self._store))
        return self._reports[matter]


def _report(document: ReadMatter, kept: Kept) -> shapes.Report:
    if kept.report is not None:
        return kept.report
    return judge_quads(document.asked, kept=kept.results)


# --- documents of a store ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreJudged:
    """The report on documents of a store, and what it took."""

    report: shapes.Report
    read: int
    """How many of them had to be read for it."""
    judgements: int
    """How many had to be judged."""


def report_on(store: Store, graphs: Iterable[str]) -> shapes.Report:
    """Return the report on some documents of a store, named by their graphs; the store stays as it is."""
    with _Bench.opened(store, here()) as bench:
        return _together(one for batch in _batches(graphs) for one in bench.in_order(batch)).report


def judge_store(
    store: Store, own: shapes.OwnShapes | None = None, workplace: Workplace | None = None
) -> StoreJudged:
    """Judge every document of a store by itself, and keep what the rule book finds.

    Documents are judged in a workplace, here unless told otherwise. A store that takes no changes keeps nothing.
    """
    graphs = (graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph))
    with _Bench.opened(store, workplace or here(), reads_all=own is not None) as bench:
        judged = (one for batch in _batches(graphs) for one in bench.judge(batch))
        return _together(judged if own is None else (one.asked_besides(own) for one in judged))


def _together(judged: Iterable[_Judged]) -> StoreJudged:
    reports: list[shapes.Report] = []
    labels: set[Statement] = set()
    read = judgements = 0
    for one in judged:
        reports.append(one.report)
        labels |= one.matter.labels
        read += one.document is not None
        judgements += not one.kept.was_judged
    return StoreJudged(shapes.merged(reports, names_told(labels)), read, judgements)


def _batches(graphs: Iterable[str]) -> Iterator[list[str]]:
    graphs = iter(graphs)
    while batch := list(islice(graphs, _BATCH)):
        yield batch


@dataclass(frozen=True, slots=True)
class _Judged:
    """A document of a store and the report on it, in which things are not named."""

    matter: Matter
    report: shapes.Report
    kept: Kept
    document: ReadMatter | None = None
    """What it states; None where nobody had to read it."""

    def asked_besides(self, own: shapes.OwnShapes) -> _Judged:
        """Return it with what somebody's own shapes find, which is not kept."""
        if self.document is None:
            raise ValueError(f"{self.matter.graph}: own shapes are asked of documents that were read")
        kept = self.report.nquads(identifiers.key_of_graph(self.matter.graph))
        return replace(self, report=judge_quads(self.document.whole, own, kept))


@dataclass(frozen=True, slots=True)
class _Bench:
    """Judges documents of a store on the workers of a workplace."""

    store: Store
    workplace: Workplace
    executor: Executor
    reads_all: bool

    @classmethod
    @contextmanager
    def opened(cls, store: Store, workplace: Workplace, *, reads_all: bool = False) -> Iterator[_Bench]:
        """Yield a bench with workers, which leave in the end."""
        with workplace.make_executor() as executor:
            yield cls(store, workplace, executor, reads_all)

    def judge(self, graphs: list[str]) -> list[_Judged]:
        """Judge some documents, and keep what is found, unless another changed the store meanwhile."""
        turn = self._turn()
        judged = list(self.in_order(graphs))
        if turn is not None:
            self._keep(turn, judged)
        return judged

    def in_order(self, graphs: list[str]) -> Iterator[_Judged]:
        """Yield some documents with the reports on them."""
        register = Register(self.store)
        unread = {} if self.reads_all else known_unread(self.store, graphs, register)
        waiting: deque[Callable[[], _Judged]] = deque()
        for graph in graphs:
            waiting.append(self._begun(graph, unread.get(graph), register))
            if len(waiting) >= self.workplace.ahead:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    def _begun(self, graph: str, unread: Matter | None, register: Register) -> Callable[[], _Judged]:
        """Let a worker judge a document, or tell of it, unless its whole report is kept."""
        if unread is not None and (kept := unread.kept_in(self.store)).report is not None:
            known = _Judged(unread, kept.report, kept)
            return lambda: known
        document = ReadMatter.of(graph, self.store.statements(graph), register)
        kept = document.matter.kept_in(self.store)
        if kept.report is not None:
            judged = _Judged(document.matter, kept.report, kept, document)
            return lambda: judged
        report = self.executor.submit(judge_quads, document.asked, None, kept.results).result
        return lambda: self._done(document, kept, report)

    def _done(self, document: ReadMatter, kept: Kept, report: Callable[[], shapes.Report]) -> _Judged:
        try:
            return _Judged(document.matter, report(), kept, document)
        except self.workplace.lost as ended:
            raise JudgementEnded(f"{document.matter.graph}: judging it {ended}") from ended

    def _turn(self) -> Turn | None:
        """Return the store as it is now; None where it takes no changes."""
        try:
            return next_turn(self.store)
        except (ChangeRefused, StoreUnavailable) as error:
            log.info("what is found is not kept: %s", error)
            return None

    def _keep(self, turn: Turn, judged: list[_Judged]) -> None:
        entered = [one.matter.entered(self.store, one.report) for one in judged if one.kept.report is None]
        try:
            turn.make(entered, self._digests(judged))
        except (ChangeRefused, StoreUnavailable) as error:
            log.info("what was found is not kept: %s", error)

    def _digests(self, judged: list[_Judged]) -> Mapping[str, str]:
        """Return the digests of what was read that the store does not keep yet."""
        read = {one.matter.graph: one.matter.digest for one in judged if one.document is not None}
        known = self.store.digests_of(read)
        return {graph: digest for graph, digest in read.items() if known.get(graph) != digest}
