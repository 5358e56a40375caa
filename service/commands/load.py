"""The command `load`: documents into a store."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .corrections import correction_tables, tell_of_corrections
from .files import DASH, source_errors
from .names import is_stdin, missing_among
from .options import corrections_option, jobs_option, scheduler_option, store_option
from .stores import opened, store_errors
from .telling import warn, warn_of_unread
from .work import chosen_workplace, with_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..loading.ingest import Failed, Loaded
    from ..loading.sources import Source
    from ..store import Store

_MOST_SHORTCOMINGS = 20
"""Self-evaluations that the summary of a load names one by one."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@store_option
@click.option("--update-url", help="Where a SPARQL endpoint takes changes, if not beside its query address.")
@corrections_option
@jobs_option
@scheduler_option
@click.option(
    "--resume", is_flag=True, help="Pass over documents that the store has already, as they are there."
)
def load(
    paths: tuple[str, ...],
    store_url: str,
    update_url: str | None,
    corrections: str | None,
    jobs: int,
    scheduler: str | None,
    resume: bool,
) -> None:
    """Load documents into the store: files, folders, archives, patterns. - reads one from stdin.

    A catalogue.csv beside the files (columns file, title, published, source) adds what they do not say; a
    corrections.csv says how cells are to be read, at this load and every later one. Loading a document again
    changes nothing; one that fails is named and the others are loaded. A load that was cut off is begun again:
    with --resume it does not read again what is there.

    \b
    Example:  jixiao load examples/ --store file:store
    """  # noqa: D301 - click reads the character
    from ..loading.catalogues import Catalogues
    from ..loading.comparing import compare_documents
    from ..loading.corrections import documents_of
    from ..loading.ingest import Ingest
    from ..loading.sources import stray_rows

    missing = missing_among(paths)
    with source_errors():
        sources = _sources(tuple(path for path in paths if path not in missing))
        catalogues = Catalogues(sources)
        strays = stray_rows(sources)
    tables = correction_tables([source.path for source in sources], corrections)
    store = opened(store_url, create=True, update_url=update_url)
    ingest, account = Ingest(store), _Account(failed=_failed(missing))
    try:
        with store_errors(), chosen_workplace(jobs, scheduler) as workplace:
            ingest.prepare()
            if resume:
                sources = _rest(store, sources)
            outcomes = ingest.load_all(sources, catalogues=catalogues, tables=tables, workplace=workplace)
            account.take(with_progress("Loading", outcomes, len(sources)))
            account.compared = len(compare_documents(store).report.findings)
        strays += catalogues.unasked()
    finally:
        _print_summary(account)
        for stray in strays:
            warn(str(stray))
    with store_errors():
        wrong = tell_of_corrections(account.corrected, tables, account.uncorrected, documents_of(store))
    if account.failed or wrong:
        sys.exit(2)


@dataclass(slots=True)
class _Account:
    """What became of the files: also of those before a load that broke off."""

    failed: list[Failed]
    loaded: list[Loaded] = field(default_factory=list)
    compared: int = 0
    """Findings of rules that compare documents."""

    def take(self, outcomes: Iterable[Loaded | Failed]) -> None:
        from ..loading.ingest import Failed

        for outcome in outcomes:
            self.failed.append(outcome) if isinstance(outcome, Failed) else self.loaded.append(outcome)

    @property
    def corrected(self) -> int:
        """How many corrections were applied."""
        return sum(document.corrected for document in self.loaded)

    @property
    def uncorrected(self) -> list[str]:
        """What is said of corrections that were not."""
        return [told for document in self.loaded for told in document.uncorrected]


def _failed(missing: Mapping[str, str]) -> list[Failed]:
    from loader.location import Location

    from ..loading.ingest import Failed

    return [Failed(Location(Path(name)), why) for name, why in missing.items()]


def _sources(names: tuple[str, ...]) -> list[Source]:
    from ..loading.sources import CatalogueEntry, Source, find_sources

    if is_stdin(names):
        return [Source(Path(DASH), CatalogueEntry(), sys.stdin.buffer.read())]
    return find_sources(names)


def _rest(store: Store, sources: list[Source]) -> list[Source]:
    from ..loading.resuming import not_yet_loaded

    rest = not_yet_loaded(store, sources)
    warn(f"{len(sources) - len(rest):,} documents are in the store already; {len(rest):,} are loaded")
    return rest


def _print_summary(account: _Account) -> None:
    _print_counts([document for document in account.loaded if document.copy_of is None])
    _print_attachments(account.loaded)
    for document in account.loaded:
        _tell_of(document)
    for refused in account.failed:
        warn(f"{refused.location}: {refused.reason}")
    if account.compared:
        click.echo(f"{account.compared:,} findings of rules that compare documents")


def _print_counts(documents: list[Loaded]) -> None:
    def total(name: str) -> str:
        return f"{sum(getattr(document, name) for document in documents):,}"

    click.echo(
        f"{len(documents)} documents: {total('projects')} projects, {total('indicators')} indicators, "
        f"{total('triples')} triples, {total('findings')} findings"
    )
    if any(document.held_elsewhere or document.superseded for document in documents):
        click.echo(
            f"{total('superseded')} declarations took the place of earlier ones; "
            f"{total('held_elsewhere')} stay with another document that states them"
        )


def _tell_of(document: Loaded) -> None:
    """Say on stderr what the counts do not say of a document."""
    if document.copy_of is not None:
        warn(f"{document.called}: a copy of {document.copy_of}, counted once")
    elif document.unread:
        warn_of_unread(document.called, document.unread)
    if document.taken_back:
        warn(
            f"{document.called}: {document.taken_back} earlier corrections taken back: no table has them now"
        )


def _print_attachments(loaded: list[Loaded]) -> None:
    from ..loading.attachments import latest

    evaluations = latest(one for document in loaded for one in document.attachments)
    if not evaluations:
        return
    attached = [one for one in evaluations if one.match.other is not None]
    click.echo(
        f"{len(evaluations):,} self-evaluations: {len(attached):,} attached to their declarations, with "
        f"{sum(one.found for one in attached):,} of {sum(len(one.results) for one in attached):,} results to "
        "declared indicators"
    )
    shortcomings = [one.shortcoming for one in evaluations if one.shortcoming]
    for shortcoming in shortcomings[:_MOST_SHORTCOMINGS]:
        warn(shortcoming)
    if len(shortcomings) > _MOST_SHORTCOMINGS:
        warn(f"{len(shortcomings) - _MOST_SHORTCOMINGS:,} more; the pages of the documents tell of each")
