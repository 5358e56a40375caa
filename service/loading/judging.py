"""What the rules say of a document: before it is loaded, while it is, and once it is in a store.

One place, so that `jixiao check` says of a store what `jixiao load` said of its documents. What was found is kept in
the report's graph, with the name of what was judged: by which rules, and which statements. The same matter is not
judged again.
"""

from __future__ import annotations

import hashlib
import logging
from base64 import b64decode, b64encode
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import shapes
from loader.many import here
from ontology import identifiers
from ontology.namespaces import PREFIXES
from shapes.rule_book import PACKED_REPORT, TOLD_BY

from ..store import ChangeRefused, StoreUnavailable
from . import reading
from .amendment import Amendment
from .naming import is_settled, names_told
from .register import Register, naming_lines
from .statements import Statement, as_line, as_ntriples, by_graph, iri, literal
from .turns import next_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from loader.many import Workplace

    from ..store import Store
    from .turns import Turn

log = logging.getLogger(__name__)

_IDENTIFIER: Final = iri(PREFIXES["dcterms"] + "identifier")
_EDITION: Final = iri(TOLD_BY)
_PACKED: Final = iri(PACKED_REPORT)
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


@dataclass(frozen=True, slots=True)
class Matter:
    """What is judged: a document, named by its graph, with what the register says of the things it names."""

    graph: str
    statements: bytes
    """As N-Triples, without what the register calls bodies and projects."""
    labels: frozenset[Statement]
    """What it calls them: no rule asks it, and other documents may change it."""
    name: str
    """A name that changes with what is judged, and with the rules it is judged by."""

    @classmethod
    def of(cls, graph: str, own: Iterable[str], register: Register) -> Matter:
        """Return the matter of what a document states, in lines of N-Triples."""
        lines = sorted(own)
        told = frozenset(register.named_by(naming_lines(lines)))
        labels = frozenset(filter(is_settled, told))
        asked = _text([*lines, *_lines(told - labels)])
        return cls(graph, asked, labels, hashlib.sha256(shapes.version().encode() + asked).hexdigest())

    def told(self, report: shapes.Report) -> shapes.Report:
        """Return the report on it with what things are called now."""
        return report.named(names_told(self.labels))

    @property
    def home(self) -> str:
        """The graph of the report."""
        return str(identifiers.report_graph(identifiers.key_of_graph(self.graph)))

    def kept_in(self, store: Store) -> Kept:
        """Return what a store keeps on this very matter."""
        query = f"""SELECT ?edition ?packed {{
            GRAPH <{self.home}> {{
                ?report {_IDENTIFIER} {literal(self.name)}
                OPTIONAL {{ ?report {_EDITION} ?edition }}
                OPTIONAL {{ ?report {_PACKED} ?packed }}
            }}
        }}"""
        for row in reading.rows(store, query):
            told = _unpacked(row["packed"]) if row["edition"] == shapes.edition() else None
            return Kept(told, None if told else as_ntriples(reading.graph_of(store, self.home)))
        return Kept()

    def entered(self, store: Store, report: shapes.Report) -> Amendment:
        """Return how the graph of the report changes in a store, when this is the report."""
        key = identifiers.key_of_graph(self.graph)
        told = by_graph(report.nquads(key))[self.home]
        subject = iri(f"{identifiers.disclosure(key)}/report")
        packed = b64encode(shapes.packed(report)).decode()
        named = (
            Statement(subject, _IDENTIFIER, literal(self.name)),
            Statement(subject, _EDITION, literal(shapes.edition())),
            Statement(subject, _PACKED, literal(packed, datatype=PREFIXES["xsd"] + "base64Binary")),
        )
        return Amendment.between(self.home, reading.graph_of(store, self.home), [*told, *named])


def _lines(statements: Iterable[Statement]) -> list[str]:
    return sorted(map(as_line, statements))


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _unpacked(literal: str) -> shapes.Report | None:
    """Return the report that a literal holds; None where somebody damaged it."""
    try:
        return shapes.unpacked(b64decode(literal))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store keeps of what was found in a matter: nothing, the results, or the whole report."""

    report: shapes.Report | None = None
    results: bytes | None = None
    """As N-Triples, where the report must be told anew."""

    @property
    def was_judged(self) -> bool:
        """Whether nothing is to be judged."""
        return self.report is not None or self.results is not None


class JudgementEnded(Exception):
    """Judging a document took too long or ended its process; the message names the document."""


class Judge:
    """Judges documents of a store as they come, and the same matter only once; things are not named in reports."""

    def __init__(self, store: Store) -> None:
        """Begin with what the store keeps."""
        self._store = store
        self._reports: dict[Matter, shapes.Report] = {}

    def of(self, matter: Matter) -> shapes.Report:
        """Judge a document."""
        if matter not in self._reports:
            self._reports[matter] = _report(matter, matter.kept_in(self._store))
        return self._reports[matter]


def _report(matter: Matter, kept: Kept) -> shapes.Report:
    if kept.report is not None:
        return kept.report
    return judge_quads(matter.statements, kept=kept.results)


def report_on(store: Store, graphs: Iterable[str]) -> shapes.Report:
    """Return the report on some documents of a store, named by their graphs; the store stays as it is."""
    register = Register(store)
    matters = (Matter.of(graph, store.statements(graph), register) for graph in graphs)
    return shapes.merged(matter.told(_report(matter, matter.kept_in(store))) for matter in matters)


# --- every document of a store -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreJudged:
    """The report on every document of a store, and how many of them had to be judged for it."""

    report: shapes.Report
    judgements: int


def judge_store(
    store: Store, own: shapes.OwnShapes | None = None, workplace: Workplace | None = None
) -> StoreJudged:
    """Judge every document of a store by itself, and keep what the rule book finds.

    Documents are judged in a workplace, here unless told otherwise. A store that takes no changes keeps nothing.
    """
    graphs = iter([graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph)])
    judged: list[shapes.Report] = []
    judgements = 0
    with _Bench.opened(store, workplace or here()) as bench:
        while batch := list(islice(graphs, _BATCH)):
            for one in bench.judge(batch):
                judged.append(one.told if own is None else one.asked_besides(own))
                judgements += not one.kept.was_judged
    return StoreJudged(shapes.merged(judged), judgements)


@dataclass(frozen=True, slots=True)
class _Judged:
    matter: Matter
    report: shapes.Report
    kept: Kept

    @property
    def told(self) -> shapes.Report:
        """The report with what things are called now."""
        return self.matter.told(self.report)

    def asked_besides(self, own: shapes.OwnShapes) -> shapes.Report:
        """Return the report with what somebody's own shapes find, which is not kept."""
        kept = self.report.nquads(identifiers.key_of_graph(self.matter.graph))
        return judge_quads(self.matter.statements + _text(_lines(self.matter.labels)), own, kept)


@dataclass(frozen=True, slots=True)
class _Bench:
    """Judges documents of a store on the workers of a workplace."""

    store: Store
    workplace: Workplace
    executor: Executor

    @classmethod
    @contextmanager
    def opened(cls, store: Store, workplace: Workplace) -> Iterator[_Bench]:
        """Yield a bench with workers, which leave in the end."""
        with workplace.make_executor() as executor:
            yield cls(store, workplace, executor)

    def judge(self, graphs: list[str]) -> list[_Judged]:
        """Judge some documents, and keep what is found, unless another changed the store meanwhile."""
        turn = self._turn()
        judged = list(self._in_order(graphs))
        if turn is not None:
            self._keep(turn, [one for one in judged if one.kept.report is None])
        return judged

    def _turn(self) -> Turn | None:
        """Return the store as it is now; None where it takes no changes."""
        try:
            return next_turn(self.store)
        except (ChangeRefused, StoreUnavailable) as error:
            log.info("what is found is not kept: %s", error)
            return None

    def _keep(self, turn: Turn, judged: list[_Judged]) -> None:
        try:
            turn.make([one.matter.entered(self.store, one.report) for one in judged])
        except (ChangeRefused, StoreUnavailable) as error:
            log.info("what was found is not kept: %s", error)

    def _in_order(self, graphs: list[str]) -> Iterator[_Judged]:
        waiting: deque[tuple[Matter, Kept, Callable[[], shapes.Report]]] = deque()
        register = Register(self.store)
        for graph in graphs:
            matter = Matter.of(graph, self.store.statements(graph), register)
            kept = matter.kept_in(self.store)
            waiting.append((matter, kept, self._begun(matter, kept)))
            if len(waiting) >= self.workplace.ahead:
                yield self._done(*waiting.popleft())
        while waiting:
            yield self._done(*waiting.popleft())

    def _begun(self, matter: Matter, kept: Kept) -> Callable[[], shapes.Report]:
        """Let a worker judge a matter, or tell of it, unless its whole report is kept."""
        if (report := kept.report) is not None:
            return lambda: report
        return self.executor.submit(judge_quads, matter.statements, None, kept.results).result

    def _done(self, matter: Matter, kept: Kept, report: Callable[[], shapes.Report]) -> _Judged:
        try:
            return _Judged(matter, report(), kept)
        except self.workplace.lost as ended:
            raise JudgementEnded(f"{matter.graph}: judging it {ended}") from ended
