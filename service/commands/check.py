"""The command `check`: what is incomplete, unmeasurable or inconsistent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .corrections import correction_tables, tell_of_corrections
from .files import DASH, document_errors, read_document
from .names import given_documents
from .options import corrections_option, jobs_option, scheduler_option
from .reports import report_options
from .rules import rule_errors, rules_options
from .stores import opened_to_judge, store_errors
from .telling import fail, warn, warn_of_unread
from .work import chosen_workplace, conversions

if TYPE_CHECKING:
    from ..checking import Asked, Judgement
    from ..loading.corrections import Tables
    from .reports import ReportFiles


@click.command()
@click.argument("what", metavar="FILE_OR_STORE")
@report_options
@rules_options
@corrections_option
@jobs_option
@scheduler_option
def check(
    what: str,
    files: ReportFiles,
    asked: Asked,
    corrections: str | None,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Say what is incomplete, unmeasurable or inconsistent, and how to mend it.

    Takes a document, an archive of them, an RDF file, - for stdin, or a store. Exits with 1 when a finding is a
    Violation, with 2 when something could not be read.

    \b
    Example:  jixiao check examples/130202-203001-2025.docx -o report.html -o findings.xlsx
              jixiao check examples/130202-205-2025.txt --fix-list fixes.xlsx
              jixiao check file:store --severity warning --ignore IN-14,WT --shapes our-rules.ttl
    """  # noqa: D301 - click reads the character
    from .. import checking

    _refuse_what_is_misnamed(what, corrections)
    if not checking.names_store(what) and (idle := checking.only_of_stores(asked)):
        warn(f"{', '.join(idle)}: asked of stores only; load the documents and check the store (file:…)")
    tables = correction_tables([Path(what)] if checking.names_document(what) else [], corrections)
    judged = _judged(what, asked, tables, jobs, scheduler)
    for refused in judged.refused:
        warn(f"{refused.location}: {refused.reason}")
    if judged.report is None:
        sys.exit(2)
    files.write(judged.report, {} if what == DASH else judged.names)
    click.echo(judged.report.text(files.lang))
    for name, unread in judged.unread.items():
        warn_of_unread(name, unread)
    wrong = tell_of_corrections(judged.corrected, tables, list(judged.uncorrected))
    if judged.refused or wrong or judged.report.has_violation:
        sys.exit(2 if judged.refused or wrong else 1)


def _refuse_what_is_misnamed(what: str, corrections: str | None) -> None:
    """Fail where a folder is named, or where corrections are given for what is no document."""
    from .. import checking

    if Path(what).is_dir():
        fail(f"{what}: this is a folder; write file:{what} for a store, or name the documents in it")
    if corrections is not None and not checking.names_document(what):
        fail("--corrections is for documents: those of a store are corrected when they are loaded")


def _judged(what: str, asked: Asked, tables: Tables, jobs: int, scheduler: str | None) -> Judgement:
    from loader.many import whole

    from .. import checking

    with rule_errors(), document_errors(what), store_errors():
        if checking.names_store(what):
            with chosen_workplace(jobs, scheduler) as workplace:
                return checking.judge_store(opened_to_judge(what), asked, workplace)
        if checking.names_rdf(what):
            return checking.judge_rdf(read_document(what), Path(what).suffix.lower(), asked)
        outcomes = conversions(given_documents([Path(what)]), whole, jobs, scheduler, tables)
        return checking.judge_documents(outcomes, asked)
