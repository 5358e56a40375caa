"""The command `export`: all that a store holds, or some of it as flat tables, into files."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import DASH, no_format, output_errors, write_chunks
from .options import lang_option, store_option
from .stores import opened_to_read, store_errors
from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queries.tables import Table

    from ..negotiation import Language
    from ..store import Store
    from ..tables.files import Look, Titles

_ALL = "all"


@click.command()
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    help=".nq, .trig, .nt or .ttl; - writes N-Quads. Tables: .csv, .xlsx, .parquet, .dta; - writes CSV.",
)
@click.option(
    "--table",
    "name",
    metavar="NAME",
    help="A flat table: indicators, projects, funds, milestones, results or findings; or all of them into a folder.",
)
@click.option(
    "--titles",
    type=click.Choice(["names", "zh", "en"]),
    help="What heads the columns of a table: their names, or titles in Chinese or English.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for old Excel.")
@lang_option(of="labels in tables")
@store_option
def export(
    out: str, name: str | None, titles: Titles | None, bom: bool, lang: Language, store_url: str
) -> None:
    """Write everything the store holds, or a table of it. N-Quads and TriG keep the named graphs.

    Tables hold what holds now: of a declaration that was published again, only what was published last. All of them
    go into a folder as CSV, with what their columns are in Chinese, in English, and for programs (CSV on the Web).

    \b
    Example:  jixiao export -o everything.nq
              jixiao export --table indicators -o indicators.csv
              jixiao export --table indicators -o indicators.xlsx --lang en
              jixiao export --table all -o tables/
    """  # noqa: D301 - click reads the character
    from .. import rdf_files

    if name is not None:
        from ..tables.files import Look

        _export_tables(name, out, Look(lang, titles, bom), store_url)
        return
    suffix = ".nq" if out == DASH else Path(out).suffix.lower()
    if suffix not in rdf_files.WRITTEN:
        fail(no_format(out, rdf_files.WRITTEN))
    with store_errors():
        write_chunks(out, opened_to_read(store_url).export(rdf_files.media_type(suffix)))


def _export_tables(name: str, out: str, look: Look, store_url: str) -> None:
    """Write one table into a file, or all into a folder with their codebook."""
    from queries.tables import tables

    from ..tables.files import FORMATS

    known = tables()
    if name == _ALL:
        _export_all(out, look, opened_to_read(store_url))
        return
    if name not in known:
        fail(f"there is no table {name!r}; there are: {', '.join(known)}, and {_ALL}")
    suffix = "csv" if out == DASH else Path(out).suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        fail(no_format(out, [f".{suffix}" for suffix in FORMATS]))
    _write(known[name], suffix, out, look, opened_to_read(store_url))


def _export_all(out: str, look: Look, store: Store) -> None:
    from ..tables.exporting import write_all

    folder = Path(out)
    if out == DASH or (folder.exists() and not folder.is_dir()):
        fail(f"{out}: all tables are written into a folder, such as -o tables/")
    with _table_errors(), output_errors(out):
        folder.mkdir(parents=True, exist_ok=True)
        write_all(folder, store, look)


def _write(table: Table, suffix: str, out: str, look: Look, store: Store) -> None:
    """Write a table into a file that appears whole or not at all, or to stdout."""
    import sys
    from shutil import copyfileobj
    from tempfile import TemporaryDirectory

    from ..tables.exporting import write_whole_table

    with _table_errors():
        if out != DASH:
            with output_errors(out):
                write_whole_table(Path(out), store, table, suffix, look)
            return
        with TemporaryDirectory() as folder:
            path = Path(folder) / table.name
            write_whole_table(path, store, table, suffix, look)
            with path.open("rb") as stream:
                copyfileobj(stream, sys.stdout.buffer)


@contextmanager
def _table_errors() -> Iterator[None]:
    """Fail with one line where a table cannot be read, or is too large for its format."""
    from ..problems import TooMuch

    try:
        with store_errors():
            yield
    except TooMuch as error:
        fail(str(error))
