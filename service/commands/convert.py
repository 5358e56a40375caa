"""The command `convert`: documents into RDF files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .corrections import correction_tables, tell_of_corrections
from .files import no_format, output_errors, write
from .names import documents_named, given_documents, missing_among
from .options import corrections_option, jobs_option, lang_option, scheduler_option
from .telling import fail, warn
from .work import conversions, with_progress

if TYPE_CHECKING:
    from ..load_reports import ReportedFile
    from ..negotiation import Language


@click.command()
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
@lang_option(of="the report")
@corrections_option
@jobs_option
@scheduler_option
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

    from .. import converting, load_reports
    from ..loading.corrections import told_of

    for report_file in report_files:
        if Path(report_file).suffix.lower() not in load_reports.SUFFIXES:
            fail(no_format(report_file, load_reports.SUFFIXES))
    missing = missing_among(names)
    names = tuple(name for name in names if name not in missing)
    paths = documents_named(names)
    tables = correction_tables(paths, corrections)
    reported = [load_reports.ReportedFile(name, failed=why) for name, why in missing.items()]
    for file in reported:
        _tell_what_was_read(file, lang, in_full=report)
    uncorrected: list[str] = []
    with output_errors(out), converting.output(out, names, paths) as output:
        converted = conversions(given_documents(paths), converting.converted, jobs, scheduler, tables)
        for location, outcome in with_progress("Converting", converted, len(paths)):
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
        write(report_file, load_reports.written(reported, Path(report_file).suffix.lower(), lang))
    applied = sum(file.report.corrected for file in reported if file.report)
    wrong = tell_of_corrections(applied, tables, uncorrected)
    if wrong or any(file.report is None for file in reported):
        sys.exit(2)


def _tell_what_was_read(file: ReportedFile, lang: Language, *, in_full: bool) -> None:
    """Say on stderr what became of a file: all of it, or what its reader must know."""
    told = file.told(lang) if in_full and file.report is not None else file.told_in_short()
    if told is not None:
        warn(told)
