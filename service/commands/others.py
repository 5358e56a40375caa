"""The command `import`: data of others into a store, each file a graph of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import DASH, no_format, write
from .options import store_option
from .stores import opened, store_errors
from .telling import fail, reason, warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..others.importing import Given, Imported
    from ..others.sidecar import Row
    from ..store import Store


_MOST_WORDS = 6
"""Words that are told one by one of those that are kept apart."""


@click.command("import")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--name", default="", help="What the data set is called in its IRIs; else as its file is.")
@click.option("--title", default="", help="Its title.")
@click.option("--publisher", default="", help="Who published it.")
@click.option("--licence", default="", help="Its licence: an address, or a text.")
@click.option("--source", default="", help="The address where it was found.")
@click.option("--issued", default="", metavar="YYYY-MM-DD", help="The day on which it was published.")
@click.option(
    "--links", metavar="FILE", help="Where to write what they name of ours, one by one (.txt, .csv, .json)."
)
@click.option("--remove", metavar="NAME", help="Take a data set out again, instead of bringing one in.")
@click.option("--update-url", help="Where a SPARQL endpoint takes changes, if not beside its query address.")
@store_option
def import_(
    files: tuple[str, ...],
    name: str,
    links: str | None,
    remove: str | None,
    update_url: str | None,
    store_url: str,
    **said: str,
) -> None:
    """Bring data of others into the store: RDF or CSV, each file a graph of its own.

    Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML are read, and nothing is fetched; and CSV, with metadata of
    CSV on the Web beside it (X.csv-metadata.json) or columns that are headed by our words. The graph is
    jxg:dataset/NAME; a file of the same name takes the place of what was there, whole or not at all. What it says is
    listed in the catalogue, and takes no part in our own questions. A datasets.csv beside the files (columns file,
    name, title, publisher, licence, source, issued) may say what the options say. - reads RDF from stdin.

    \b
    Example:  jixiao import population.ttl --publisher 统计局 --licence https://creativecommons.org/licenses/by/4.0/
              jixiao import --remove population
    """  # noqa: D301 - click reads the character
    if remove is not None:
        if files:
            fail("--remove takes a data set out; bring files in without it")
        _take_out(opened(store_url, update_url=update_url), remove)
        return
    if not files:
        fail("name the files to bring in, or a data set to --remove")
    if links:
        _refuse_unwritable(links, files)
    given = _given(files, name, said)
    store = opened(store_url, create=True, update_url=update_url)
    if not all([_bring_in(store, one, links) for one in given]):  # noqa: C419 - each is tried
        sys.exit(2)


def _refuse_unwritable(links: str, files: tuple[str, ...]) -> None:
    from ..others.linkage import WRITTEN

    if len(files) > 1:
        fail("--links tells of one data set: bring the files in one by one")
    if Path(links).suffix not in WRITTEN:
        fail(no_format(links, WRITTEN))


def _take_out(store: Store, name: str) -> None:
    from ..others.faults import UnfitData
    from ..others.importing import take_out

    try:
        with store_errors():
            take_out(store, name)
    except UnfitData as error:
        fail(str(error))
    click.echo(f"{name}: taken out")


def _given(files: tuple[str, ...], name: str, said: Mapping[str, str]) -> list[Given]:
    """Return the files with what is said of them; fail where that cannot be read, or names one data set twice."""
    from ..others.catalogue import over
    from ..others.faults import UnfitData
    from ..others.importing import Given, name_of
    from ..others.sidecar import about

    if len(files) > 1 and (name or said["title"]):
        fail(
            "--name and --title are those of one data set: bring the files in one by one, or write a datasets.csv"
        )
    try:
        told = about(said)
        given = []
        for file in files:
            row = _row_of(file)
            given.append(
                Given(
                    _called(file), _content(file), over(told, row.about), name or row.name, _described(file)
                )
            )
        names = [name_of(one) for one in given]
    except UnfitData as error:
        fail(str(error))
    if twice := {one for one in names if names.count(one) > 1}:
        fail(f"several of the files are called {', '.join(sorted(twice))}: give each a --name of its own")
    return given


def _called(file: str) -> str:
    return "stdin" if file == DASH else Path(file).name


def _content(file: str) -> bytes:
    from ..others.rdf import MOST_BYTES

    try:
        if file == DASH:
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(file).open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        fail(f"{file}: {reason(error)}")


def _described(file: str) -> bytes | None:
    """Return the metadata of CSV on the Web beside a table: of its own, or of the folder."""
    if Path(file).suffix.lower() not in {".csv", ".tsv"}:
        return None
    for beside in (Path(f"{file}-metadata.json"), Path(file).with_name("csv-metadata.json")):
        if beside.is_file():
            try:
                return beside.read_bytes()
            except OSError as error:
                fail(f"{beside}: {reason(error)}")
    return None


def _row_of(file: str) -> Row:
    """Return what a sidecar beside the file says of it."""
    from ..others import sidecar
    from ..others.faults import UnfitData

    beside = Path(file).with_name(sidecar.FILE)
    if file == DASH or not beside.is_file():
        return sidecar.NOTHING
    try:
        return sidecar.rows_of(beside.read_bytes()).get(Path(file).name, sidecar.NOTHING)
    except UnfitData as error:
        raise UnfitData(f"{beside}: {error}") from error
    except OSError as error:
        fail(f"{beside}: {reason(error)}")


def _bring_in(store: Store, given: Given, links: str | None) -> bool:
    """Return whether a file is in the store now, and tell what became of it."""
    from ..others.faults import UnfitData
    from ..others.importing import bring_in

    try:
        with store_errors():
            done = bring_in(store, given)
            _tell(done)
            _tell_of_links(store, done, links)
    except UnfitData as error:
        warn(f"{given.file}: {error}")
        return False
    return True


def _tell_of_links(store: Store, done: Imported, out: str | None) -> None:
    from ..linking.gathering import index_of
    from ..others import linkage

    report = linkage.link_report(store, index_of(store), done.triples)
    for line in linkage.summary(report):
        click.echo(f"  {line}")
    if out:
        write(out, linkage.WRITTEN[Path(out).suffix](report))


def _tell(done: Imported) -> None:
    from ..others.apart import prefixed

    entry = done.entry
    instead = f", in the place of {done.replaced.triples:,}" if done.replaced else ""
    click.echo(f"{entry.file}: {entry.triples:,} triples{instead}, in the graph <{entry.graph}>")
    for links in entry.linksets:
        click.echo(f"  {links.triples:,} of them lead to things of ours, by {prefixed(links.predicate)}")
    if done.unknown:
        warn(
            f"{entry.file}: {', '.join(done.unknown)}: columns headed by no word of ours; they are properties of the "
            f"data set, {entry.iri}/column/…"
        )
    if done.graphs:
        warn(f"{entry.file}: the names of its {done.graphs:,} graphs are not kept: all of it is in one")
    if done.apart:
        most = sorted(done.apart.items(), key=lambda used: (-used[1], used[0]))
        words = ", ".join(f"{prefixed(word)} {n:,}" for word, n in most[:_MOST_WORDS])
        more = f" and {len(most) - _MOST_WORDS:,} others" if len(most) > _MOST_WORDS else ""
        warn(
            f"{entry.file}: {sum(done.apart.values()):,} statements use words by which our questions know our own "
            f"({words}{more}). They are kept under {entry.iri}/term/…, so that no question counts them"
        )
