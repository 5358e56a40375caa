"""The options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

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


def lang_option(of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of the language that something of a command is written in."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        help=f"The language of {of}.",
    )
