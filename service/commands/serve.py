"""The command `serve`: a store over HTTP."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click

from .options import store_option
from .stores import opened_to_serve
from .telling import fail


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
    "--keys",
    envvar="JIXIAO_KEYS",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of keys (`jixiao keys`) by which clients may write; without it nobody may.",
)
@click.option(
    "--query-seconds",
    default=30.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="How long a query may run, and wait for its turn.",
)
@click.option(
    "--query-rows",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Rows, or triples of a graph, that an answer has at most.",
)
@click.option(
    "--query-size",
    default=64,
    show_default=True,
    type=click.IntRange(1, 1024),
    help="Mebibytes of an answer at most.",
)
@click.option(
    "--query-memory",
    default=2048,
    show_default=True,
    type=click.IntRange(min=64),
    help="Mebibytes of memory that a query takes at most.",
)
@click.option(
    "--query-workers",
    default=4,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Queries that run at a time; one client has half of them at most.",
)
def serve(
    store_url: str,
    host: str,
    port: int,
    public_path: str,
    shacl_seconds: float,
    keys: Path | None,
    query_seconds: float,
    query_rows: int,
    query_size: int,
    query_memory: int,
    query_workers: int,
) -> None:
    """Serve pages, questions and the SPARQL endpoint.

    `jixiao load` may work on the same store meanwhile; what it loads is seen when it is done.

    \b
    Example:  jixiao serve --store file:store --port 8000
    """  # noqa: D301 - click reads the character
    import uvicorn

    from queries import catalogue

    from ..app import make_app
    from ..settings import Settings
    from ..store import Bounds, Most

    bounds = Bounds(
        seconds=query_seconds,
        memory=query_memory << 20,
        workers=query_workers,
        most=Most(rows=query_rows, size=query_size << 20),
    )
    settings = Settings(
        host=host,
        port=port,
        public_path=public_path.rstrip("/"),
        shacl_seconds=shacl_seconds,
        keys=keys and _usable(keys),
    )
    listener = _listen(host, port)
    store = opened_to_serve(store_url, bounds)
    app = make_app(store, settings, catalogue())
    click.echo(
        f"Open {settings.address} in a browser (Ctrl+C ends it).\n"
        f"  questions    {settings.address}zh/queries\n"
        f"  SPARQL       {settings.address}sparql\n"
        f"  HTTP API     {settings.address}docs"
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    server.run(sockets=[listener])


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
