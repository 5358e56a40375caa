"""The command `serve`: a store over HTTP."""

from __future__ import annotations

import logging
import os
import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import bounds_options, patience_options, store_option
from .stores import opened_to_serve
from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from ..attendance import Attendance
    from ..logs import Form
    from ..metrics import Metrics
    from ..serving import Patience
    from ..settings import Audience, Settings
    from ..store import Bounds, Store


_log = logging.getLogger(__name__)


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
    help="How long making a report on what is loaded may take, and wait for its turn.",
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
    "--forwarded-allow-ips",
    "proxies",
    default="",
    metavar="ADDRESSES",
    help="Proxies (addresses, networks, with commas) whose X-Forwarded-For and -Proto are believed; * is all.",
)
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
    proxies: str,
    bounds: Bounds,
    patience: Patience,
) -> None:
    """Serve pages, questions and the SPARQL endpoint.

    `jixiao load` may work on the same store meanwhile; what it loads is seen when it is done.

    \b
    Example:  jixiao serve --store file:store --port 8000
    """  # noqa: D301 - click reads the character
    from ..logs import write_lines
    from ..metrics import Metrics
    from ..serving import ended_by_signals, serve_app
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
    )
    write_lines(log_format)
    listener = _listen(host, port)
    with ended_by_signals():
        figures = Metrics()
        _serve(
            opened_to_serve(store_url, bounds, figures),
            figures,
            settings,
            partial(serve_app, listener=listener, patience=patience, proxies=proxies),
        )


def _serve(
    store: Store, metrics: Metrics, settings: Settings, run: Callable[[FastAPI, Attendance], None]
) -> None:
    from queries import catalogue

    from ..app import make_app
    from ..attendance import Attendance

    attendance = Attendance()
    app = make_app(store, settings, catalogue(), attendance, metrics)
    _log.info("answering at %s", settings.address, extra={"event": "start"})
    click.echo(
        f"Open {settings.address} in a browser (Ctrl+C ends it).\n"
        f"  questions    {settings.address}zh/queries\n"
        f"  SPARQL       {settings.address}sparql\n"
        f"  HTTP API     {settings.address}docs"
    )
    run(app, attendance)


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
    return listener
