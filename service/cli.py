"""The command `jixiao`: the one place where loader, shapes, queries and store are wired together.

Each command is thin over a library call. Heavy imports stand inside the commands, so that help is quick.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rdflib import Graph

    from loader import Conversion, Programs
    from loader.location import Location
    from loader.many import Workplace
    from loader.task import Beside, Given, Kept, Refused
    from service.checking import Asked, Judgement
    from service.load_reports import ReportedFile
    from service.loading.comparing import Compared
    from service.loading.corrections import Tables
    from service.loading.ingest import Failed, Loaded
    from service.loading.sources import Source
    from service.negotiation import Language
    from service.store import Store

DEFAULT_STORE = "file:store"
_LANGUAGES = click.Choice(["zh", "en"])
_STDIN = "-"

_MOST_SHORTCOMINGS = 20
"""Self-evaluations that the summary of a load names one by one."""
_NOT_READ = "cells, tables or other parts were not read; `jixiao convert FILE -o - --report` shows them"

_store_option = click.option(
    "--store",
    "store_url",
    envvar="JIXIAO_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    help="memory:, file:FOLDER, or the address of a SPARQL endpoint.",
)


_jobs_option = click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that convert documents, or judge those of a store.",
)

_scheduler_option = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on the workers of the dask scheduler at this address, as tcp://127.0.0.1:8786.",
)


_corrections_option = click.option(
    "--corrections",
    metavar="FILE",
    help="A table (.csv, .xlsx) of how cells are to be read: columns document, cell, reading, reason, who. Besides, "
    "corrections.csv or corrections.xlsx beside a document.",
)


class _Commands(click.Group):
    """Commands that tell what the system cannot do (a full disk) in one line, as they do all else."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command, and see that what it said has arrived."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise  # who reads has had enough, and click knows what to do
        except OSError as error:
            _forget_stdout()
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{_reason(error)}")
        return done


def _forget_stdout() -> None:
    """Let what stands in the buffer go nowhere: it could not be written, and would be tried again at the end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - it has no path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="jixiao")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is being done.")
def main(*, verbose: bool) -> None:
    """绩效: published performance targets of public money, as a graph that can be asked.

    \b
    Try:  jixiao load examples/
          jixiao ask
          jixiao serve
    """  # noqa: D301 - click reads the character
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(name)s: %(message)s")


# --- convert ------------------------------------------------------------------------------------------


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    help="The file to write: .nq, .trig, .ttl or .nt decides the format; - writes N-Quads to stdout. A folder (one "
    "that exists, or a name with / at its end) gets an .nq for each document.",
)
@click.option("--report", is_flag=True, help="Print on stderr what was read of each file, and what was not.")
@click.option(
    "--report-file",
    "report_files",
    multiple=True,
    metavar="FILE",
    help="Also write that report of all files: .txt, .json or .html decides the format; may be given several times.",
)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True, help="The language of the report.")
@_corrections_option
@_jobs_option
@_scheduler_option
def convert(
    names: tuple[str, ...],
    out: str,
    *,
    report: bool,
    report_files: tuple[str, ...],
    lang: Language,
    corrections: str | None,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Convert published documents to RDF: files, folders, archives, patterns. - reads one from stdin.

    A document that cannot be read is named and the others are converted.

    \b
    Example:  jixiao convert examples/*.docx -o targets.nq --report
              jixiao convert examples/ -o converted/ --jobs 2 --report-file read.html
    """  # noqa: D301 - click reads the character
    from loader.task import Beside, Refused
    from service import converting, load_reports
    from service.loading.corrections import told_of

    for report_file in report_files:
        if Path(report_file).suffix.lower() not in load_reports.SUFFIXES:
            _fail(_no_format(report_file, load_reports.SUFFIXES))
    missing = _missing(names)
    names = tuple(name for name in names if name not in missing)
    paths = _documents(names)
    tables = _correction_tables(paths, corrections)
    reported = [load_reports.ReportedFile(name, failed=why) for name, why in missing.items()]
    for file in reported:
        _tell_what_was_read(file, lang, in_full=report)
    uncorrected: list[str] = []
    with _output_errors(out), converting.output(out, names, paths) as output:
        converted = _converted(_given(paths), converting.converted, jobs, scheduler, tables)
        for location, outcome in _with_progress("Converting", converted, len(paths)):
            if isinstance(outcome, Beside):
                continue
            if isinstance(outcome, Refused):
                reported.append(load_reports.ReportedFile(str(location), failed=outcome.reason))
            else:
                output.write(location, outcome)
                reported.append(load_reports.ReportedFile(str(location), outcome.report))
                uncorrected += (told_of(one, location.name) for one in outcome.uncorrected)
            _tell_what_was_read(reported[-1], lang, in_full=report)
    for report_file in report_files:
        _write(report_file, load_reports.written(reported, Path(report_file).suffix.lower(), lang))
    applied = sum(file.report.corrected for file in reported if file.report)
    wrong = _tell_of_corrections(applied, tables, uncorrected)
    if wrong or any(file.report is None for file in reported):
        sys.exit(2)


def _missing(names: tuple[str, ...]) -> dict[str, str]:
    """Return the names of nothing, each with what there is to say of it; fail where there is no other name."""
    from service.loading.sources import what_is_missing

    missing = {} if _is_stdin(names) else what_is_missing(names)
    if len(missing) == len(set(names)):
        _fail("\n".join(f"{name}: {why}" for name, why in missing.items()))
    return missing


def _documents(names: tuple[str, ...]) -> list[Path]:
    from service.loading.sources import SourceError, find_documents

    if _is_stdin(names):
        return [Path(_STDIN)]
    try:
        return find_documents(names)
    except SourceError as error:
        _fail(str(error))


def _correction_tables(paths: list[Path], given: str | None) -> Tables:
    from service.loading.corrections import find_tables
    from service.loading.sources import SourceError

    try:
        return find_tables([path for path in paths if path != Path(_STDIN)], given)
    except SourceError as error:
        _fail(str(error))


def _tell_of_corrections(
    applied: int, tables: Tables, uncorrected: list[str], known: Mapping[str, str] | None = None
) -> bool:
    """Say what became of corrections; return whether there is something wrong with them."""
    problems = [*tables.problems(known), *uncorrected]
    if applied:
        _warn(f"{applied} {'correction' if applied == 1 else 'corrections'} applied")
    for told in (*tables.asides(known), *problems):
        _warn(told)
    return bool(problems)


def _is_stdin(names: tuple[str, ...]) -> bool:
    if _STDIN in names and len(names) > 1:
        _fail(f"{_STDIN} reads one document from stdin: it cannot stand beside other names")
    return names == (_STDIN,)


def _given(paths: list[Path]) -> list[Given]:
    from loader.location import Location
    from loader.task import Given

    if paths == [Path(_STDIN)]:
        return [Given(Location(paths[0]), sys.stdin.buffer.read())]
    return [Given(Location(path)) for path in paths]


def _converted(
    given: list[Given],
    keep: Callable[[Conversion], Kept],
    jobs: int,
    scheduler: str | None,
    tables: Tables,
) -> Iterator[tuple[Location, Kept | Refused | Beside]]:
    from loader.many import convert_all

    with _workplace(jobs, scheduler) as workplace:
        yield from convert_all(given, workplace, keep, tables)


def _tell_what_was_read(file: ReportedFile, lang: Language, *, in_full: bool) -> None:
    """Say on stderr what became of a file: all of it, or what its reader must know."""
    told = file.told(lang) if in_full and file.report is not None else file.told_in_short()
    if told is not None:
        _warn(told)


# --- load ---------------------------------------------------------------------------------------------


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@_store_option
@click.option("--update-url", help="Where a SPARQL endpoint takes changes, if not beside its query address.")
@_corrections_option
@_jobs_option
@_scheduler_option
def load(
    paths: tuple[str, ...],
    store_url: str,
    update_url: str | None,
    corrections: str | None,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Load documents into the store: files, folders, archives, patterns. - reads one from stdin.

    A catalogue.csv beside the files (columns file, title, published, source) adds what they do not say; a
    corrections.csv says how cells are to be read, at this load and every later one. Loading a document again
    changes nothing; one that fails is named and the others are loaded.

    \b
    Example:  jixiao load examples/ --store file:store
    """  # noqa: D301 - click reads the character
    from loader.location import Location
    from service.loading.catalogues import Catalogues
    from service.loading.comparing import compare_documents
    from service.loading.corrections import documents_of
    from service.loading.ingest import Failed, Ingest
    from service.loading.sources import SourceError, stray_rows

    missing = _missing(paths)
    try:
        sources = _sources(tuple(path for path in paths if path not in missing))
        catalogues = Catalogues(sources)
        strays = stray_rows(sources)
    except SourceError as error:
        _fail(str(error))
    tables = _correction_tables([source.path for source in sources], corrections)
    store = _open(store_url, create=True, update_url=update_url)
    ingest = Ingest(store)
    loaded: list[Loaded] = []
    failed = [Failed(Location(Path(name)), why) for name, why in missing.items()]
    compared: Compared | None = None
    try:
        with _store_errors(), _workplace(jobs, scheduler) as workplace:
            ingest.prepare()
            outcomes = ingest.load_all(sources, catalogues=catalogues, tables=tables, workplace=workplace)
            for outcome in _with_progress("Loading", outcomes, len(sources)):
                failed.append(outcome) if isinstance(outcome, Failed) else loaded.append(outcome)
            compared = compare_documents(store)
        strays += catalogues.unasked()
    finally:
        _print_summary(loaded, failed)
        if compared is not None and compared.report.findings:
            click.echo(f"{len(compared.report.findings):,} findings of rules that compare documents")
        for stray in strays:
            _warn(str(stray))
    uncorrected = [told for document in loaded for told in document.uncorrected]
    applied = sum(document.corrected for document in loaded)
    with _store_errors():
        wrong = _tell_of_corrections(applied, tables, uncorrected, documents_of(store))
    if failed or wrong:
        sys.exit(2)


def _sources(names: tuple[str, ...]) -> list[Source]:
    from service.loading.sources import CatalogueEntry, Source, find_sources

    if _is_stdin(names):
        return [Source(Path(_STDIN), CatalogueEntry(), sys.stdin.buffer.read())]
    return find_sources(names)


def _print_summary(loaded: list[Loaded], failed: list[Failed]) -> None:
    documents = [document for document in loaded if document.copy_of is None]

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
    _print_attachments(loaded)
    for document in loaded:
        if document.copy_of is not None:
            _warn(f"{document.called}: a copy of {document.copy_of}, counted once")
        elif document.unread:
            _warn(f"{document.called}: {document.unread} {_NOT_READ}")
        if document.taken_back:
            _warn(
                f"{document.called}: {document.taken_back} earlier corrections taken back: no table has them now"
            )
    for refused in failed:
        _warn(f"{refused.location}: {refused.reason}")


def _print_attachments(loaded: list[Loaded]) -> None:
    from service.loading.attachments import latest

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
        _warn(shortcoming)
    if len(shortcomings) > _MOST_SHORTCOMINGS:
        _warn(f"{len(shortcomings) - _MOST_SHORTCOMINGS:,} more; the pages of the documents tell of each")


# --- check --------------------------------------------------------------------------------------------


@main.command()
@click.argument("what", metavar="FILE_OR_STORE")
@click.option(
    "-o",
    "--out",
    "outs",
    multiple=True,
    metavar="OUT",
    help="Also write the report: .html, .xlsx, .md, .csv, .json or .ttl; may be given several times.",
)
@click.option(
    "--scores", metavar="FILE.csv", help="Also write the scores of projects, units, divisions and years."
)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True, help="The language of the report.")
@_corrections_option
@click.option(
    "--site",
    envvar="JIXIAO_SITE",
    default="",
    metavar="ADDRESS",
    help="Where `jixiao serve` shows these documents: cells become links in .html, .xlsx and .md.",
)
@click.option(
    "--rules",
    metavar="FILE_OR_IDS",
    help="Tell only of these rules: TV-01,FU (a family), or a file with an id on each line.",
)
@click.option(
    "--severity",
    type=click.Choice(["violation", "warning", "info"], case_sensitive=False),
    default="info",
    show_default=True,
    help="Tell only of what is at least as serious.",
)
@click.option("--ignore", "ignored", metavar="FILE_OR_IDS", help="Leave these rules out.")
@click.option("--shapes", "own", metavar="FILE.ttl", help="Also ask SHACL shapes of your own.")
@_jobs_option
@_scheduler_option
@click.option(
    "--fix-list",
    metavar="FILE",
    help="Also write what should probably be printed, to be gone through: .csv or .xlsx.",
)
def check(
    what: str,
    outs: tuple[str, ...],
    scores: str | None,
    lang: Language,
    corrections: str | None,
    site: str,
    rules: str | None,
    severity: str,
    ignored: str | None,
    own: str | None,
    jobs: int,
    scheduler: str | None,
    fix_list: str | None,
) -> None:
    """Say what is incomplete, unmeasurable or inconsistent, and how to mend it.

    Takes a document, an archive of them, an RDF file, - for stdin, or a store. Exits with 1 when a finding is a
    Violation, with 2 when something could not be read.

    \b
    Example:  jixiao check examples/130202-203001-2025.docx -o report.html -o findings.xlsx
              jixiao check examples/130202-205-2025.txt --fix-list fixes.xlsx
              jixiao check file:store --severity warning --ignore IN-14,WT --shapes our-rules.ttl
    """  # noqa: D301 - click reads the character
    from service import check_reports, checking

    _refuse_to_check(what, outs, scores, fix_list, corrections)
    with _rule_errors():
        asked = checking.asked(rules, severity, ignored, own)
    if not checking.names_store(what) and (idle := checking.only_of_stores(asked)):
        _warn(f"{', '.join(idle)}: asked of stores only; load the documents and check the store (file:…)")
    tables = _correction_tables([Path(what)] if checking.names_document(what) else [], corrections)
    judged = _judged(what, asked, tables, jobs, scheduler)
    for refused in judged.refused:
        _warn(f"{refused.location}: {refused.reason}")
    if judged.report is None:
        sys.exit(2)
    for out in outs:
        suffix = Path(out).suffix.lower()
        _write(out, check_reports.written(judged.report, suffix, lang, _with_slash(site)))
    if scores is not None:
        _write(scores, judged.report.scores_csv())
    if fix_list is not None:
        names = {} if what == _STDIN else judged.names
        _write(fix_list, judged.report.fix_list(Path(fix_list).suffix.lower(), lang, names))
    click.echo(judged.report.text(lang))
    for name, unread in judged.unread.items():
        _warn(f"{name}: {unread} {_NOT_READ}")
    wrong = _tell_of_corrections(judged.corrected, tables, list(judged.uncorrected))
    if judged.refused or wrong or judged.report.has_violation:
        sys.exit(2 if judged.refused or wrong else 1)


def _with_slash(site: str) -> str:
    return f"{site.rstrip('/')}/" if site else ""


def _refuse_to_check(
    what: str, outs: tuple[str, ...], scores: str | None, fix_list: str | None, corrections: str | None
) -> None:
    """Fail where a report would be written in a format that is none, or where a folder is named."""
    from service import check_reports, checking

    for out in outs:
        if Path(out).suffix.lower() not in check_reports.MEDIA_TYPES:
            _fail(f"{out}: a report is written as {', '.join(check_reports.MEDIA_TYPES)}")
    if scores is not None and Path(scores).suffix.lower() != ".csv":
        _fail(f"{scores}: scores are written as .csv")
    if fix_list is not None and Path(fix_list).suffix.lower() not in checking.FIX_LIST_SUFFIXES:
        _fail(f"{fix_list}: a list of fixes is written as {', '.join(checking.FIX_LIST_SUFFIXES)}")
    if Path(what).is_dir():
        _fail(f"{what}: this is a folder; write file:{what} for a store, or name the documents in it")
    if corrections is not None and not checking.names_document(what):
        _fail("--corrections is for documents: those of a store are corrected when they are loaded")


def _judged(what: str, asked: Asked, tables: Tables, jobs: int, scheduler: str | None) -> Judgement:
    from loader.many import whole
    from service import checking

    with _rule_errors(), _document_errors(what), _store_errors():
        if checking.names_store(what):
            with _workplace(jobs, scheduler) as workplace:
                return checking.judge_store(_open(what), asked, workplace)
        if checking.names_rdf(what):
            return checking.judge_rdf(_read_document(what), Path(what).suffix.lower(), asked)
        outcomes = _converted(_given([Path(what)]), whole, jobs, scheduler, tables)
        return checking.judge_documents(outcomes, asked)


# --- ask ----------------------------------------------------------------------------------------------


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("question", required=False, metavar="[NAME | FILE.rq]")
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True, help="The language of titles.")
@_store_option
@click.pass_context
def ask(context: click.Context, question: str | None, output: str, lang: str, store_url: str) -> None:
    """Ask a question of the catalogue, or run any query in a file; without a name, list the questions.

    \b
    Example:  jixiao ask
              jixiao ask large-projects --threshold 500000
              jixiao ask my-question.rq --format csv > answer.csv
    """  # noqa: D301 - click reads the character
    from queries import QueryError, catalogue
    from service import asking

    if question is None:
        click.echo(asking.listing(catalogue(), lang))
        return
    try:
        asked = asking.question_of(question, _parameters(context.args), lang)
    except UnicodeDecodeError:
        _fail(f"{question}: the file is not UTF-8: save it as UTF-8")
    except (asking.UnknownQuestionError, QueryError, OSError) as error:
        _fail(_reason(error))
    with _store_errors():
        click.echo(asking.answer(_open_to_read(store_url), asked, output), nl=output == "table")


def _parameters(arguments: list[str]) -> dict[str, str]:
    """Return `--name value` and `--name=value` pairs as a mapping."""
    found: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not name.startswith("--"):
            _fail(f"{argument!r} stands alone: parameters are written --name value")
        given = value if equals else next(rest, None)
        if given is None:
            _fail(f"{name} has no value: write {name} value")
        found[name.removeprefix("--").replace("-", "_")] = given
    return found


# --- diff ---------------------------------------------------------------------------------------------


@main.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True, help="The language of the text.")
@_store_option
def diff(old: str, new: str, output: str, lang: str, store_url: str) -> None:
    """Say what changed from one publication of declarations to another.

    Targets softened or tightened, amounts moved, indicators and projects added and dropped, other fields. OLD and
    NEW are documents: files, or documents of the store by the first 16 digits of their SHA-256. Exits with 1 when
    something changed, with 2 when a document could not be read.

    \b
    Example:  jixiao diff published-in-january.docx corrected-in-march.docx
              jixiao diff 76d69da8b0e4e61c adjusted.pdf --store file:store --format csv
    """  # noqa: D301 - click reads the character
    from service import diffing
    from service.changes import changes_between

    found = changes_between(_edition(old, store_url), _edition(new, store_url))
    if output == "text":
        click.echo(diffing.as_text(found, lang))
    else:
        _write("-", diffing.as_csv(found) if output == "csv" else diffing.as_json(found))
    if found:
        sys.exit(1)


def _edition(name: str, store_url: str) -> Graph:
    """Return what a document states: a file, or one of the store."""
    from service import diffing

    with _document_errors(name), _store_errors():
        if name == "-" or Path(name).exists():
            return diffing.of_file(_read_document(name))
        try:
            return diffing.of_store(_open_to_read(store_url), name)
        except diffing.NoSuchDocument as error:
            _fail(str(error))


# --- export and serve ---------------------------------------------------------------------------------


@main.command()
@click.option("-o", "--out", required=True, metavar="OUT", help=".nq, .trig, .nt or .ttl; - writes N-Quads.")
@_store_option
def export(out: str, store_url: str) -> None:
    """Write everything the store holds. N-Quads and TriG keep the named graphs.

    \b
    Example:  jixiao export -o everything.nq
    """  # noqa: D301 - click reads the character
    from service import rdf_files

    suffix = ".nq" if out == "-" else Path(out).suffix.lower()
    if suffix not in rdf_files.WRITTEN:
        _fail(_no_format(out, rdf_files.WRITTEN))
    with _store_errors():
        _write_chunks(out, _open_to_read(store_url).export(rdf_files.media_type(suffix)))


@main.command()
@_store_option
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
    help="Rows or triples of an answer at most.",
)
@click.option(
    "--query-mebibytes",
    default=64,
    show_default=True,
    type=click.IntRange(1, 1024),
    help="Size of an answer at most.",
)
@click.option(
    "--query-memory",
    default=2048,
    show_default=True,
    type=click.IntRange(min=256),
    help="Mebibytes of memory that a query may take.",
)
@click.option(
    "--query-workers",
    default=4,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Queries that are answered at a time; one client has half of them at most.",
)
def serve(
    store_url: str,
    host: str,
    port: int,
    public_path: str,
    shacl_seconds: float,
    query_seconds: float,
    query_rows: int,
    query_mebibytes: int,
    query_memory: int,
    query_workers: int,
) -> None:
    """Serve pages, questions and the SPARQL endpoint.

    A store on disk can be loaded into meanwhile: what is loaded is seen when the load is done.

    \b
    Example:  jixiao serve --store file:store --port 8000
    """  # noqa: D301 - click reads the character
    import uvicorn

    from queries import catalogue
    from service.app import make_app
    from service.settings import Settings
    from service.store import Bounds, Most, open_to_serve

    bounds = Bounds(
        seconds=query_seconds,
        memory=query_memory << 20,
        workers=query_workers,
        most=Most(rows=query_rows, size=query_mebibytes << 20),
    )
    settings = Settings(
        host=host, port=port, public_path=public_path.rstrip("/"), shacl_seconds=shacl_seconds
    )
    listener = _listen(host, port)
    with _store_errors():
        store = open_to_serve(store_url, bounds, beside=("service.validating.preloaded",))
    app = make_app(store, settings, catalogue())
    click.echo(
        f"Open {settings.address} in a browser (Ctrl+C ends it).\n"
        f"  questions    {settings.address}zh/queries\n"
        f"  SPARQL       {settings.address}sparql\n"
        f"  HTTP API     {settings.address}docs"
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
    with store:
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, before anything heavy is done; another program may have the port."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        _fail(f"cannot listen on {host}:{port} ({reason}): choose another with --port")


# --- many documents -----------------------------------------------------------------------------------

_Outcome = TypeVar("_Outcome")


def _with_progress(label: str, outcomes: Iterator[_Outcome], count: int) -> Iterator[_Outcome]:
    """Yield the outcomes, with a bar on stderr where a person looks at it and there is something to wait for."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(outcomes, length=count, label=label, file=sys.stderr, hidden=hidden) as bar:
        for number, outcome in enumerate(bar, start=1):
            bar.length = max(count, number + 1)  # nobody knows how many an archive holds
            yield outcome


@contextmanager
def _workplace(jobs: int, scheduler: str | None) -> Iterator[Workplace]:
    from service.loading.workplaces import WorkplaceError, open_workplace

    try:
        with open_workplace(jobs, scheduler, programs=_programs()) as workplace:
            yield workplace
    except WorkplaceError as error:
        _fail(str(error))


def _programs() -> Programs:
    from loader import Programs

    return Programs.found(os.environ)


# --- reading, writing, failing ------------------------------------------------------------------------


def _open(store_url: str, *, create: bool = False, update_url: str | None = None) -> Store:
    """Open a store to write to it; it is closed when the command is done, and others see what it did."""
    from service.store import open_store

    with _store_errors():
        return _closed_at_the_end(open_store(store_url, create=create, update_url=update_url))


def _open_to_read(store_url: str) -> Store:
    from service.store import open_to_read

    with _store_errors():
        return _closed_at_the_end(open_to_read(store_url))


def _closed_at_the_end(store: Store) -> Store:
    def close() -> None:
        with _store_errors():
            store.close()

    click.get_current_context().call_on_close(close)
    return store


@contextmanager
def _store_errors() -> Iterator[None]:
    from service.store import StoreError

    try:
        yield
    except StoreError as error:
        _fail(str(error))


@contextmanager
def _document_errors(name: str) -> Iterator[None]:
    from loader import LoaderError
    from service.rdf_files import NotRdfError

    try:
        yield
    except (LoaderError, NotRdfError, OSError) as error:
        _fail(f"{name}: {_reason(error)}")


@contextmanager
def _rule_errors() -> Iterator[None]:
    from service.loading.judging import JudgementEnded
    from shapes import OwnShapesError, UnknownRuleError

    try:
        yield
    except (UnknownRuleError, OwnShapesError, JudgementEnded) as error:
        _fail(str(error))


def _no_format(out: str, suffixes: Iterable[str]) -> str:
    return f"{out}: the name must end in {', '.join(suffixes)}, which says the format to write"


def _read_document(name: str) -> bytes:
    from loader import read_file

    return sys.stdin.buffer.read() if name == "-" else read_file(Path(name))


def _write(out: str, content: bytes) -> None:
    _write_chunks(out, [content])


def _write_chunks(out: str, chunks: Iterable[bytes]) -> None:
    """Write to a file that appears whole or not at all, or to stdout."""
    from service.whole_files import whole_file

    if out == "-":
        sys.stdout.buffer.writelines(chunks)
        return
    with _output_errors(out), whole_file(Path(out)) as stream:
        stream.writelines(chunks)


@contextmanager
def _output_errors(out: str) -> Iterator[None]:
    from service.converting import OutputError

    try:
        yield
    except OutputError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{out}: {_reason(error)}")


def _reason(error: Exception) -> str:
    """Return what went wrong; for errors of the system, without the path, which is told already."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _warn(message: str) -> None:
    """Print a message on stderr, over the progress where it stands on the line."""
    over = "\r\x1b[2K" if sys.stderr.isatty() else ""
    click.echo(f"{over}{message}", err=True)


def _fail(message: str) -> NoReturn:
    _warn(message)
    sys.exit(2)


if __name__ == "__main__":
    main()
