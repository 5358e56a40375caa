"""The command `check`: what is incomplete, unmeasurable or inconsistent."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .corrections import correction_tables, tell_of_corrections
from .files import DASH, document_errors, read_document, write
from .names import given_documents
from .options import corrections_option, jobs_option, lang_option, scheduler_option
from .stores import opened, store_errors
from .telling import fail, warn, warn_of_unread
from .work import chosen_workplace, conversions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..checking import Asked, Judgement
    from ..loading.corrections import Tables
    from ..negotiation import Language


@click.command()
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
@lang_option(of="the report")
@corrections_option
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
@jobs_option
@scheduler_option
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
    from .. import check_reports, checking

    _refuse_to_check(what, outs, scores, fix_list, corrections)
    with _rule_errors():
        asked = checking.asked(rules, severity, ignored, own)
    if not checking.names_store(what) and (idle := checking.only_of_stores(asked)):
        warn(f"{', '.join(idle)}: asked of stores only; load the documents and check the store (file:…)")
    tables = correction_tables([Path(what)] if checking.names_document(what) else [], corrections)
    judged = _judged(what, asked, tables, jobs, scheduler)
    for refused in judged.refused:
        warn(f"{refused.location}: {refused.reason}")
    if judged.report is None:
        sys.exit(2)
    for out in outs:
        suffix = Path(out).suffix.lower()
        write(out, check_reports.written(judged.report, suffix, lang, _with_slash(site)))
    if scores is not None:
        write(scores, judged.report.scores_csv())
    if fix_list is not None:
        names = {} if what == DASH else judged.names
        write(fix_list, judged.report.fix_list(Path(fix_list).suffix.lower(), lang, names))
    click.echo(judged.report.text(lang))
    for name, unread in judged.unread.items():
        warn_of_unread(name, unread)
    wrong = tell_of_corrections(judged.corrected, tables, list(judged.uncorrected))
    if judged.refused or wrong or judged.report.has_violation:
        sys.exit(2 if judged.refused or wrong else 1)


def _with_slash(site: str) -> str:
    return f"{site.rstrip('/')}/" if site else ""


def _refuse_to_check(
    what: str, outs: tuple[str, ...], scores: str | None, fix_list: str | None, corrections: str | None
) -> None:
    """Fail where a report would be written in a format that is none, or where a folder is named."""
    from .. import check_reports, checking

    for out in outs:
        if Path(out).suffix.lower() not in check_reports.MEDIA_TYPES:
            fail(f"{out}: a report is written as {', '.join(check_reports.MEDIA_TYPES)}")
    if scores is not None and Path(scores).suffix.lower() != ".csv":
        fail(f"{scores}: scores are written as .csv")
    if fix_list is not None and Path(fix_list).suffix.lower() not in checking.FIX_LIST_SUFFIXES:
        fail(f"{fix_list}: a list of fixes is written as {', '.join(checking.FIX_LIST_SUFFIXES)}")
    if Path(what).is_dir():
        fail(f"{what}: this is a folder; write file:{what} for a store, or name the documents in it")
    if corrections is not None and not checking.names_document(what):
        fail("--corrections is for documents: those of a store are corrected when they are loaded")


def _judged(what: str, asked: Asked, tables: Tables, jobs: int, scheduler: str | None) -> Judgement:
    from loader.many import whole

    from .. import checking

    with _rule_errors(), document_errors(what), store_errors():
        if checking.names_store(what):
            with chosen_workplace(jobs, scheduler) as workplace:
                return checking.judge_store(opened(what), asked, workplace)
        if checking.names_rdf(what):
            return checking.judge_rdf(read_document(what), Path(what).suffix.lower(), asked)
        outcomes = conversions(given_documents([Path(what)]), whole, jobs, scheduler, tables)
        return checking.judge_documents(outcomes, asked)


@contextmanager
def _rule_errors() -> Iterator[None]:
    from shapes import OwnShapesError, UnknownRuleError

    from ..loading.judging import JudgementEnded

    try:
        yield
    except (UnknownRuleError, OwnShapesError, JudgementEnded) as error:
        fail(str(error))
