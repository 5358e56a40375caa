"""The command `serve`: a store over HTTP."""

from __future__ import annotations

import logging
import os
import resource
import socket
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from .options import allowance_options, bounds_options, patience_options, queries_option, store_option
from .stores import opened_to_serve
from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..connections import Allowance
    from ..limits import Buckets
    from ..logs import Form
    from ..metrics import Metrics
    from ..serving import Patience
    from ..settings import Audience, Settings
    from ..several import Place
    from ..store import Bounds


_log = logging.getLogger(__name__)
_UNSENT = 16 << 10
"""Bytes of an answer that the kernel keeps unsent: with more, what a slow client takes is told by the megabyte."""
_OTHER_DESCRIPTORS = 1000
"""For all but connections: processes, files of the store."""


@click.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option("--public-path", default="", help="The path below which a proxy shows the service, as /jixiao.")
@click.option(
    "--shacl-seconds",
    default=30.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="How long judging what was posted to /shacl may take.",
)
@click.option(
    "--report-seconds",
    default=300.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="How long making a report on what is loaded may take, and a report or table wait for its turn.",
)
@click.option(
    "--keys",
    envvar="JIXIAO_KEYS",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of keys (`jixiao keys`) by which clients may write; without it nobody may.",
)
@click.option(
    "--metrics",
    type=click.Choice(["loopback", "all", "off"]),
    default="loopback",
    show_default=True,
    help="Who may read /metrics: programs on this machine, all, or nobody.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How requests and events are written on stderr, a line each.",
)
@click.option(
    "--rate",
    default=1000.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Requests a second that one client may send on and on; 0 limits nothing.",
)
@click.option(
    "--burst",
    default=5000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Requests that one client may send at once.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 32),
    help="Processes that answer HTTP at one socket; each has its part of --query-workers.",
)
@queries_option
@allowance_options
@bounds_options
@patience_options
def serve(
    store_url: str,
    host: str,
    port: int,
    public_path: str,
    shacl_seconds: float,
    report_seconds: float,
    keys: Path | None,
    metrics: Audience,
    log_format: Form,
    rate: float,
    burst: int,
    workers: int,
    own: Path | None,
    allowance: Allowance,
    bounds: Bounds,
    patience: Patience,
) -> None:
    """Serve pages, questions and the SPARQL endpoint.

    `jixiao load` may work on the same store meanwhile; what it loads is seen when it is done.

    \b
    Example:  jixiao serve --store file:store --port 8000
              jixiao serve --queries our-questions/
    """  # noqa: D301 - click reads the character
    from ..logs import write_lines
    from ..settings import Rate, Settings

    settings = Settings(
        host=host,
        port=port,
        public_path=public_path.rstrip("/"),
        shacl_seconds=shacl_seconds,
        report_seconds=report_seconds,
        keys=keys and _usable(keys),
        metrics=metrics,
        rate=Rate(rate, burst),
        workers=workers,
        queries=own and _proved(own),
        services=bounds.services,
    )
    _refuse_to_share(store_url, workers, bounds)
    _have_descriptors_for(allowance.connections)
    write_lines(log_format)
    service = _Service(store_url, settings, allowance, bounds, patience, _listen(host, port))
    if workers == 1:
        service.answer_alone()
    else:
        sys.exit(service.answer_together())


@dataclass(frozen=True, slots=True)
class _Service:
    """What answers, and where."""

    store_url: str
    settings: Settings
    allowance: Allowance
    bounds: Bounds
    patience: Patience
    listener: socket.socket

    def answer_alone(self) -> None:
        """Answer until a signal says that it is enough."""
        from ..limits import Buckets
        from ..metrics import Metrics

        self._answer(self.bounds, Metrics(), Buckets(self.settings.rate), self._tell_where)

    def answer_together(self) -> int:
        """Answer by several processes; return the exit code."""
        from ..serving import LEAVING
        from ..several import Orders, Several

        with TemporaryDirectory(prefix="jixiao-figures-") as figures:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # before anybody imports what reads it
            from prometheus_client.multiprocess import mark_process_dead

            from .. import app  # noqa: F401 - read once for all
            from ..limits import Buckets

            buckets = Buckets(self.settings.rate)
            orders = Orders(
                work=partial(self._answer_as_one, figures=Path(figures), buckets=buckets),
                open=self._tell_where,
                close=self.listener.close,
                bury=mark_process_dead,
                patience=self.patience.drain + self.patience.running + 2 * LEAVING,
            )
            return Several(self.settings.workers, orders).run()

    def _answer_as_one(self, place: Place, figures: Path, buckets: Buckets) -> None:
        from ..metrics import Metrics

        metrics = Metrics(figures, counts=place.number == 0)
        if place.again:
            metrics.begun_again()
        try:
            self._answer(
                self.bounds.shared_out(self.settings.workers, place.number), metrics, buckets, place.ready
            )
        finally:
            click.get_current_context().close()

    def _answer(self, bounds: Bounds, metrics: Metrics, buckets: Buckets, begin: Callable[[], None]) -> None:

        from ..app import make_app
        from ..attendance import Attendance
        from ..connections import Connections
        from ..own_questions import questions_with
        from ..serving import ended_by_signals, server_of

        with ended_by_signals():
            store = opened_to_serve(self.store_url, bounds, metrics)
            attendance = Attendance()
            app = make_app(
                store, self.settings, questions_with(self.settings.queries), attendance, metrics, buckets
            )
            _log.info("answering at %s", self.settings.address, extra={"event": "start"})
            begin()
            connections = Connections(self.allowance.shared_out(self.settings.workers), metrics)
            server_of(app, attendance, self.patience, connections).run(sockets=[self.listener])

    def _tell_where(self) -> None:
        address = self.settings.address
        click.echo(
            f"Open {address} in a browser (Ctrl+C ends it).\n"
            f"  questions    {address}zh/queries\n"
            f"  SPARQL       {address}sparql\n"
            f"  HTTP API     {address}docs"
        )


def _have_descriptors_for(connections: int) -> None:
    """Let this process and those that it begins have so many connections, as far as the system lets it."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_DESCRIPTORS
    if resource.RLIM_INFINITY != now < wanted:
        wanted = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _refuse_to_share(store_url: str, workers: int, bounds: Bounds) -> None:
    """Fail where several processes could not answer as one."""
    if workers == 1:
        return
    if store_url.startswith("memory:"):
        fail(
            "a store in memory is in one process, and --workers "
            f"{workers} would make {workers} of them: take --workers 1, or a store on disk (--store file:FOLDER)"
        )
    if bounds.workers < 2 * workers:
        fail(
            f"--query-workers {bounds.workers} is too few for --workers {workers}: each needs two, so that one "
            f"client cannot have all. Take --query-workers {2 * workers}, or --workers {max(1, bounds.workers // 2)}"
        )


def _proved(own: Path) -> Path:
    """Return the folder of questions, if all of them can be asked: better said now than to who asks them."""
    from queries import QueryError

    from ..own_questions import questions_with

    try:
        questions_with(own)
    except QueryError as error:
        fail(str(error))
    return own


def _usable(keys: Path) -> Path:
    """Return the file of keys, if there is one that can be read: better said now than at the first write."""
    from ..keys import KeyFile, KeysError

    try:
        known = KeyFile(keys).keys()
    except KeysError as error:
        fail(str(error))
    if not known:
        fail(f"there are no keys in {keys}: `jixiao keys {keys} --add NAME` makes one")
    return keys


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything heavy is done; another program may have the port."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        fail(f"cannot listen on {host}:{port} ({reason}): choose another with --port")
    # asyncio does so only for sockets that name their protocol; without it an answer waits 40 ms for an ACK
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
    return listener
