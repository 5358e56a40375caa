"""The command `diff`: what changed between two publications."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import DASH, document_errors, read_document, write
from .options import lang_option, store_option
from .stores import opened_to_read, store_errors
from .telling import fail

if TYPE_CHECKING:
    from rdflib import Graph


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@lang_option(of="the text")
@store_option
def diff(old: str, new: str, output: str, lang: str, store_url: str) -> None:
    """Say what changed from one publication of declarations to another.

    Targets softened or tightened, amounts moved, indicators and projects added and dropped, other fields. OLD and
    NEW are documents: files, or documents of the store by the first 16 digits of their SHA-256. Exits with 1 when
    something changed, with 2 when a document could not be read.

    \b
    Example:  jixiao diff published-in-january.docx corrected-in-march.docx
              jixiao diff 76d69da8b0e4e61c adjusted.pdf --store file:store --format csv
    """  # noqa: D301 - click reads the character
    from .. import diffing
    from ..changes import changes_between

    found = changes_between(_edition(old, store_url), _edition(new, store_url))
    if output == "text":
        click.echo(diffing.as_text(found, lang))
    else:
        write(DASH, diffing.as_csv(found) if output == "csv" else diffing.as_json(found))
    if found:
        sys.exit(1)


def _edition(name: str, store_url: str) -> Graph:
    """Return what a document states: a file, or one of the store."""
    from .. import diffing

    with document_errors(name), store_errors():
        if name == DASH or Path(name).exists():
            return diffing.of_file(read_document(name))
        try:
            return diffing.of_store(opened_to_read(store_url), name)
        except diffing.NoSuchDocument as error:
            fail(str(error))
