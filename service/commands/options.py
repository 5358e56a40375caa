"""The options that several commands share."""

from __future__ import annotations

import re
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = Callable[..., Any]

DEFAULT_STORE = "file:store"

store_option = click.option(
    "--store",
    "store_url",
    envvar="JIXIAO_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    help="memory:, file:FOLDER, or the address of a SPARQL endpoint.",
)

jobs_option = click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that convert documents, or judge those of a store.",
)

scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on the workers of the dask scheduler at this address, as tcp://127.0.0.1:8786.",
)

corrections_option = click.option(
    "--corrections",
    metavar="FILE",
    help="A table (.csv, .xlsx) of how cells are to be read: columns document, cell, reading, reason, who. Besides, "
    "corrections.csv or corrections.xlsx beside a document.",
)


def _allowed_services(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """Return the addresses of endpoints, as queries name them; fail where one cannot stand in a query."""
    for address in given:
        if _ENDPOINT.fullmatch(address) is None:
            raise click.BadParameter(
                f"{address!r} is no address of an endpoint: write it whole, as https://host/sparql, without password"
            )
    return frozenset(given)


_ENDPOINT: Final = re.compile(r"https?://[^/@\s<>\"{}|^`\\]+(/[^\s<>\"{}|^`\\]*)?")

_BOUNDS: Final = (
    click.option(
        "--query-seconds",
        default=30.0,
        show_default=True,
        type=click.FloatRange(min=0.1),
        help="How long a query may run, and wait for its turn.",
    ),
    click.option(
        "--query-rows",
        default=1_000_000,
        show_default=True,
        type=click.IntRange(min=1),
        help="Rows, or triples of a graph, that an answer has at most.",
    ),
    click.option(
        "--query-size",
        default=64,
        show_default=True,
        type=click.IntRange(1, 1024),
        help="Mebibytes of an answer at most.",
    ),
    click.option(
        "--query-memory",
        default=2048,
        show_default=True,
        type=click.IntRange(min=64),
        help="Mebibytes of memory that a query takes at most.",
    ),
    click.option(
        "--query-workers",
        default=4,
        show_default=True,
        type=click.IntRange(1, 64),
        help="Queries that run at a time; one client has half of them at most.",
    ),
    click.option(
        "--update-seconds",
        default=120.0,
        show_default=True,
        type=click.FloatRange(min=0.1),
        help="How long an update, or writing a graph, may run, and wait for its turn.",
    ),
    click.option(
        "--allow-service",
        "services",
        multiple=True,
        metavar="ADDRESS",
        callback=_allowed_services,
        help="A SPARQL endpoint that queries may ask by SERVICE; may be given several times. Else they ask none.",
    ),
)

_PATIENCE: Final = (
    click.option(
        "--stop-seconds",
        default=30.0,
        show_default=True,
        type=click.FloatRange(min=0),
        help="How long answers that run have to be finished when the service is stopped.",
    ),
    click.option(
        "--drain-seconds",
        default=0.0,
        show_default=True,
        type=click.FloatRange(min=0),
        help="How long the service goes on when it is stopped, while /readyz says no.",
    ),
)

_ALLOWANCE: Final = (
    click.option(
        "--client-seconds",
        default=20.0,
        show_default=True,
        type=click.FloatRange(min=1),
        help="How long a client may take for a request's head, send less than 1 KiB/s, or take less than 8 KiB/s.",
    ),
    click.option(
        "--connections",
        default=2000,
        show_default=True,
        type=click.IntRange(min=4),
        help="Connections that are open at a time; one client has a quarter of them at most.",
    ),
    click.option(
        "--forwarded-allow-ips",
        "proxies",
        default="",
        metavar="ADDRESSES",
        help="Proxies (addresses, networks, with commas) whose X-Forwarded-For and -Proto are believed; * is all.",
    ),
)


def allowance_options(command: Command) -> Command:
    """Add the options of what connections may take; the command gets them as one `allowance`."""

    @wraps(command)
    def allowing(*, client_seconds: float, connections: int, proxies: str, **others: object) -> object:
        from ..connections import Allowance

        return command(allowance=Allowance(client_seconds, connections, proxies), **others)

    return with_options(_ALLOWANCE, allowing)


def bounds_options(command: Command) -> Command:
    """Add the options that bound queries and updates; the command gets them as one `bounds`."""

    @wraps(command)
    def bounded(
        *,
        query_seconds: float,
        query_rows: int,
        query_size: int,
        query_memory: int,
        query_workers: int,
        update_seconds: float,
        services: frozenset[str],
        **others: object,
    ) -> object:
        from ..store import Bounds, Most

        most = Most(rows=query_rows, size=query_size << 20)
        memory = query_memory << 20
        bounds = Bounds(
            query_seconds, memory, query_workers, most, update_seconds=update_seconds, services=services
        )
        return command(bounds=bounds, **others)

    return with_options(_BOUNDS, bounded)


def patience_options(command: Command) -> Command:
    """Add the options of how a service is stopped; the command gets them as one `patience`."""

    @wraps(command)
    def patient(*, stop_seconds: float, drain_seconds: float, **others: object) -> object:
        from ..serving import Patience

        return command(patience=Patience(stop_seconds, drain_seconds), **others)

    return with_options(_PATIENCE, patient)


def with_options(options: Sequence[Callable[[Command], Command]], command: Command) -> Command:
    """Return a command with options, listed in their order."""
    return reduce(lambda optioned, option: option(optioned), reversed(options), command)


def queries_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option of a folder of questions of one's own to a command."""
    return click.option(
        "--queries",
        "own",
        envvar="JIXIAO_QUERIES",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder of questions of your own (.rq with a header), beside those of the catalogue.",
    )(command)


def lang_option(of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of the language that something of a command is written in."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        help=f"The language of {of}.",
    )
