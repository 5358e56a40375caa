"""The command `export`: all that a store holds, into a file."""

from __future__ import annotations

from pathlib import Path

import click

from .files import DASH, no_format, write_chunks
from .options import store_option
from .stores import opened_to_read, store_errors
from .telling import fail


@click.command()
@click.option("-o", "--out", required=True, metavar="OUT", help=".nq, .trig, .nt or .ttl; - writes N-Quads.")
@store_option
def export(out: str, store_url: str) -> None:
    """Write everything the store holds. N-Quads and TriG keep the named graphs.

    \b
    Example:  jixiao export -o everything.nq
    """  # noqa: D301 - click reads the character
    from .. import rdf_files

    suffix = ".nq" if out == DASH else Path(out).suffix.lower()
    if suffix not in rdf_files.WRITTEN:
        fail(no_format(out, rdf_files.WRITTEN))
    with store_errors():
        write_chunks(out, opened_to_read(store_url).export(rdf_files.media_type(suffix)))
