"""The command `link`: a column of somebody else's table, matched with what a store holds."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import DASH, no_format, write
from .options import lang_option, store_option
from .stores import opened_to_read, store_errors
from .telling import fail, reason, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..linking.index import Index
    from ..list_linking import Link, Rows
    from ..negotiation import Language


@click.command()
@click.argument("file", metavar="FILE.csv")
@click.option("--column", required=True, help="The column of names.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(["unit", "department", "body", "project", "division", "code"]),
    help="What the column names; without it, anything.",
)
@click.option("--division", help="A column with divisions, or the one division (code or name) of all rows.")
@click.option("--code", help="A column with codes.")
@click.option("--iri", help="A column with the IRIs that the things of the table have already.")
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    default=DASH,
    help="Where the matched table goes, or the graph of a reviewed one.",
)
@click.option(
    "--graph", metavar="FILE", help="Where the certain links go as a graph (.ttl, .nq, .trig, .nt)."
)
@click.option(
    "--source", default="list", show_default=True, help="What the list is called in the IRIs of its links."
)
@click.option("--reviewed", is_flag=True, help="FILE was matched before and read over: write its graph.")
@lang_option(of="the descriptions")
@store_option
def link(
    file: str,
    column: str,
    kind: str | None,
    division: str | None,
    code: str | None,
    iri: str | None,
    out: str,
    graph: str | None,
    source: str,
    reviewed: bool,
    lang: Language,
    store_url: str,
) -> None:
    """Match a column of a table with units, departments, projects, divisions or codes.

    Each row gets the IRI that is likeliest meant, its score, whether it is certain, and why. Fill the column
    link_reviewed with yes, no, or another IRI; then --reviewed writes the links as a graph, each with how and when
    it was found.

    \b
    Example:  jixiao link units.csv --column 单位 --type unit -o linked.csv
              jixiao link --reviewed linked.csv --column 单位 --source units-2025 -o links.ttl
    """  # noqa: D301 - click reads the character
    from .. import list_linking

    try:
        name = list_linking.source_name(source)
        table = list_linking.read_rows(_content(file))
        index = _index(store_url)
        if reviewed:
            links = list(list_linking.reviewed_links(index, table, column, iri))
            _write_graph(out, links, name)
            warn(f"{len(links):,} of {len(table.rows):,} rows are linked")
            return
        wanted = list_linking.Wanted(column, kind, division, code)
        rows = list(list_linking.match(index, table, wanted, lang))
        if graph:
            if iri:
                table.has(iri)
            _write_graph(graph, list_linking.certain_links(rows, column, iri), name)
        write(out, list_linking.written([*table.columns, *list_linking.ADDED], rows))
    except list_linking.ListError as error:
        fail(f"{file}: {error}")
    _tell(table, rows)


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == DASH else Path(file).read_bytes()
    except OSError as error:
        fail(f"{file}: {reason(error)}")


def _index(store_url: str) -> Index:
    from ..linking.gathering import index_of

    with store_errors():
        return index_of(opened_to_read(store_url))


def _write_graph(out: str, links: Iterable[Link], source: str) -> None:
    from .. import list_linking, rdf_files

    suffix = ".ttl" if out == DASH else Path(out).suffix
    if suffix not in rdf_files.WRITTEN:
        fail(no_format(out, rdf_files.WRITTEN))
    write(out, rdf_files.write(list_linking.graph_of(links, source, datetime.now(UTC).date()), suffix))


def _tell(table: Rows, rows: list[dict[str, str]]) -> None:
    certain = sum(bool(row["link_certain"]) for row in rows)
    open_ = sum(bool(row["link_iri"]) for row in rows) - certain
    warn(
        f"{certain:,} of {len(table.rows):,} rows are certain, {open_:,} have candidates to look at, "
        f"{len(rows) - certain - open_:,} have none"
    )
