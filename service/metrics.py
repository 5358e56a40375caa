"""What Prometheus is told of a running service, in the names and units that its handbook asks for.

No label takes values from outside: a route is a template or `other`, a method or an outcome one of a list.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from .store import (
    AnswerTooLarge,
    QueryAbandoned,
    QueryRefused,
    QuerySyntaxError,
    QueryTooDemanding,
    QueryTooLong,
    ServiceStopping,
    StoreError,
    TooManyQueries,
    UnsuitableFormat,
)
from .store.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ANSWERED: Final = "answered"
_FAILED: Final = "failed"
OUTCOMES: Final[Mapping[type[StoreError], str]] = {
    QueryTooLong: "deadline",
    QueryTooDemanding: "memory",
    QueryAbandoned: "cancelled",
    ServiceStopping: "cancelled",
    TooManyQueries: "busy",
    QueryRefused: "refused",
    QuerySyntaxError: "syntax",
    UnsuitableFormat: "format",
}
"""What became of a query that was not answered; `rows` and `bytes` of an answer that is too large."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
OTHER: Final = "other"
"""The route of what has none, and the method of what is none."""
ENDS: Final = ("full", "long-head", "long-body", "slow-head", "slow-body", "slow-answer")
"""Why connections are ended."""
_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics(Watcher):
    """The figures of one service, each in a registry of its own.

    Where several processes are one service they write them into files of one folder, and each tells the sums. That is
    for `PROMETHEUS_MULTIPROC_DIR` to say before this module is imported, and `shared` is that folder then.
    """

    def __init__(self, shared: Path | None = None, *, counts: bool = True) -> None:
        """Begin with none. `counts`: whether statements are to be counted, which is for one process to do."""
        self.counts = counts
        self._shared = shared
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "jixiao_http_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "jixiao_http_request_duration_seconds",
            "From a request to the end of its answer.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._queries = Counter(
            "jixiao_queries", "Queries of the store, by what became of them.", ("outcome",), registry=registry
        )
        self._query_seconds = Histogram(
            "jixiao_query_duration_seconds",
            "Queries, from being asked to being answered or ended.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._changes = Counter(
            "jixiao_changes", "Changes sent by clients with a key.", ("outcome",), registry=registry
        )
        self._running = Gauge(
            "jixiao_queries_running", "Queries that run.", registry=registry, multiprocess_mode="livesum"
        )
        self._waiting = Gauge(
            "jixiao_queries_waiting",
            "Queries that wait for their turn.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._wait_seconds = Histogram(
            "jixiao_query_wait_seconds",
            "How long queries waited for their turn.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._workers = Gauge(
            "jixiao_query_workers",
            "Processes alive that answer queries.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._ended = Counter(
            "jixiao_query_workers_restarted", "Processes that were ended and begun anew.", registry=registry
        )
        self._version = Gauge(
            "jixiao_dataset_version",
            "Number of the snapshot that is read: one more after each load or change.",
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        self._statements = Gauge(
            "jixiao_dataset_quads",
            "Statements in all graphs, when last counted.",
            registry=registry,
            multiprocess_mode="mostrecent",
        )
        for not_known in () if shared else (self._version, self._statements):  # another may know
            not_known.set(math.nan)
        self._build = Gauge(
            "jixiao_build_info", "The program.", ("version",), registry=registry, multiprocess_mode="max"
        )
        self._processes = Gauge(
            "jixiao_http_workers",
            "Processes alive that answer HTTP.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._processes.set(1)
        self._processes_again = Counter(
            "jixiao_http_workers_restarted",
            "Processes that answer HTTP in the place of one that ended.",
            registry=registry,
        )
        self._connections = Gauge(
            "jixiao_http_connections",
            "Connections of clients that are open.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._connections_ended = Counter(
            "jixiao_http_connections_ended",
            "Connections that were ended because their clients were slow, sent too much, or had too many.",
            ("reason",),
            registry=registry,
        )
        for reason in ENDS:
            self._connections_ended.labels(reason)
        for outcome in {ANSWERED, _FAILED, "rows", "bytes", *OUTCOMES.values()}:
            self._queries.labels(outcome)

    def program(self, version: str) -> None:
        """Take the version of the program."""
        self._build.labels(version).set(1)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        if self._shared is None:
            return generate_latest(self._registry)
        of_all = CollectorRegistry()
        MultiProcessCollector(of_all, str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(of_all)

    def begun_again(self) -> None:
        """Count this process as one in the place of another."""
        self._processes_again.inc()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered; `route` is a template, empty for what has none."""
        route, method = route or OTHER, method if method in _METHODS else OTHER
        self._requests.labels(route, method, str(status)).inc()
        self._request_seconds.labels(route, method).observe(seconds)

    def connections(self, count: int) -> None:
        """Take how many connections are open."""
        self._connections.set(count)

    def connection_ended(self, reason: str) -> None:
        """Count a connection that was ended for one of `ENDS`."""
        self._connections_ended.labels(reason).inc()

    def query(self, error: StoreError | None, seconds: float) -> None:
        """Count a query that was answered, or ended by an error."""
        self._queries.labels(outcome_of(error)).inc()
        self._query_seconds.observe(seconds)

    def change(self, error: StoreError | None) -> None:
        """Count a change that was made or refused."""
        self._changes.labels("made" if error is None else _FAILED).inc()

    def in_line(self, inside: int, waiting: int) -> None:
        """Take how many queries run and wait."""
        self._running.set(inside)
        self._waiting.set(waiting)

    def waited(self, seconds: float) -> None:
        """Take how long a query waited."""
        self._wait_seconds.observe(seconds)

    def workers(self, count: int) -> None:
        """Take how many processes answer."""
        self._workers.set(count)

    def worker_ended(self) -> None:
        """Count a process that was ended."""
        self._ended.inc()

    def published(self, version: int) -> None:
        """Take the number of the version that is read."""
        self._version.set(version)

    def counted(self, statements: int) -> None:
        """Take how many statements there are."""
        self._statements.set(statements)


def outcome_of(error: StoreError | None) -> str:
    """Return what became of a query, as one of few words."""
    if error is None:
        return ANSWERED
    if isinstance(error, AnswerTooLarge):
        return error.of
    return next((OUTCOMES[cls] for cls in type(error).__mro__ if cls in OUTCOMES), _FAILED)
