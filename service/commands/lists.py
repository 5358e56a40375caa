"""The command `lists`: populations, price indices and units of somebody's own, into a store."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .files import DASH
from .options import store_option
from .stores import opened, opened_to_read, store_errors
from .telling import fail, reason, warn

if TYPE_CHECKING:
    from ..lists.entries import About, Entry


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--kind", type=click.Choice(["population", "price-index", "units"]), help="What FILE lists.")
@click.option("--name", help="What the list is called in its IRI; without it, the name of the file.")
@click.option("--title", help="What people call it; without it, the name of the file.")
@click.option("--source", help="Where the figures are from: an address, or words. It must be told.")
@click.option("--licence", default="", help="Under what terms: an address, or words.")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it was published.")
@click.option("--remove", "removed", metavar="NAME", help="Take a list out of the store.")
@click.option("--update-url", help="Where a SPARQL endpoint takes changes, if not beside its query address.")
@store_option
def lists(
    file: str | None,
    kind: str | None,
    name: str | None,
    title: str | None,
    source: str | None,
    licence: str,
    published: datetime | None,
    removed: str | None,
    update_url: str | None,
    store_url: str,
) -> None:
    """Load a list of your own (CSV or a workbook), or show the lists that the store has.

    Populations: columns division (a code of GB/T 2260, or a name), year, population. Price indices: year, index,
    base, and division where it is not of the whole country. Units: name, division, code, credit code (all but
    the name may be missing). The columns may be named in Chinese, too: 区划, 年份, 人口（万人）, 统一社会信用代码.

    A list takes the place of one of the same name. One that has a fault is not loaded, and each fault is told
    with its row and column.

    \b
    Example:  jixiao lists population.csv --kind population --source https://example.org/yearbook
              jixiao lists cpi.xlsx --kind price-index --source "统计年鉴2024，表5-1" --licence CC-BY-4.0
              jixiao lists
    """  # noqa: D301 - click reads the character
    if removed is not None:
        _remove(removed, store_url, update_url)
    if file is not None:
        if kind is None or not source:
            fail("tell what the file lists (--kind) and where its figures are from (--source)")
        called = Path(file).name if file != DASH else "list"
        about = _about(called, kind, name, title or called, source, licence, published)
        _load(file, about, store_url, update_url)
    elif removed is None:
        _show(store_url)


def _about(
    called: str,
    kind: str,
    name: str | None,
    title: str,
    source: str,
    licence: str,
    published: datetime | None,
) -> About:
    from ..lists.entries import About, Kind
    from ..lists.keeping import NoSuchList, checked_name

    try:
        checked = checked_name(name or Path(called).stem.lower().replace("_", "-"))
    except NoSuchList as error:
        fail(str(error))
    day = published.date() if published else None
    return About(checked, Kind(kind), title, source, called, datetime.now(UTC), licence, day)


def _load(file: str, about: About, store_url: str, update_url: str | None) -> None:
    from ..lists.keeping import keep

    entries = _entries(file, about)
    with store_errors():
        keep(opened(store_url, create=True, update_url=update_url), about, entries)
    warn(f"{file}: rows loaded as the list {about.name} ({about.kind}): {len(entries):,}")


def _entries(file: str, about: About) -> tuple[Entry, ...]:
    from ..lists.rows import ListFaults, read_list

    try:
        data = sys.stdin.buffer.read() if file == DASH else Path(file).read_bytes()
        return read_list(data, about.kind)
    except OSError as error:
        fail(f"{file}: {reason(error)}")
    except ListFaults as error:
        fail("\n".join(f"{file}: {line}" for line in str(error).splitlines()) + "\nNothing was loaded.")


def _remove(name: str, store_url: str, update_url: str | None) -> None:
    from ..lists.keeping import NoSuchList, remove

    try:
        with store_errors():
            remove(opened(store_url, update_url=update_url), name)
    except NoSuchList as error:
        fail(str(error))
    warn(f"the list {name} is removed")


def _show(store_url: str) -> None:
    from ..lists.keeping import kept_in

    with store_errors():
        known = kept_in(opened_to_read(store_url))
    for one in known:
        told = ", ".join(filter(None, [one.source, one.licence, one.published]))
        click.echo(f"{one.name}  {one.kind}  {one.rows:,} rows  {one.title} ({told}), loaded {one.loaded}")
    if not known:
        warn("the store has no lists; `jixiao lists FILE --kind population --source …` loads one")
