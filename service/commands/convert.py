"""The command `convert`: documents into RDF files."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
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
    from collections.abc import Iterable

    from loader.location import Location
    from loader.task import Beside, Refused

    from ..converting import Converted, Output
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
    from .. import converting, load_reports

    for report_file in report_files:
        if Path(report_file).suffix.lower() not in load_reports.SUFFIXES:
            fail(no_format(report_file, load_reports.SUFFIXES))
    missing = missing_among(names)
    named = tuple(name for name in names if name not in missing)
    paths = documents_named(named)
    tables = correction_tables(paths, corrections)
    account = _Account(lang, in_full=report)
    for name, why in missing.items():
        account.refused(name, why)
    with output_errors(out), converting.output(out, named, paths) as output:
        converted = conversions(given_documents(paths), converting.converted, jobs, scheduler, tables)
        _write_all(with_progress("Converting", converted, len(paths)), output, account)
    for report_file in report_files:
        write(report_file, load_reports.written(account.files, Path(report_file).suffix.lower(), lang))
    wrong = tell_of_corrections(account.corrected, tables, account.uncorrected)
    if wrong or account.has_refusals:
        sys.exit(2)


@dataclass(slots=True)
class _Account:
    """What became of the files: told on stderr as they come, and kept for the reports."""

    lang: Language
    in_full: bool
    files: list[ReportedFile] = field(default_factory=list)
    uncorrected: list[str] = field(default_factory=list)

    def refused(self, name: str, why: str) -> None:
        from ..load_reports import ReportedFile

        self._take(ReportedFile(name, failed=why))

    def converted(self, location: Location, document: Converted) -> None:
        from ..load_reports import ReportedFile
        from ..loading.corrections import told_of

        self.uncorrected += (told_of(one, location.name) for one in document.uncorrected)
        self._take(ReportedFile(str(location), document.report))

    def _take(self, file: ReportedFile) -> None:
        self.files.append(file)
        told = file.told(self.lang) if self.in_full and file.report is not None else file.told_in_short()
        if told is not None:
            warn(told)

    @property
    def corrected(self) -> int:
        """How many corrections were applied."""
        return sum(file.report.corrected for file in self.files if file.report)

    @property
    def has_refusals(self) -> bool:
        return any(file.report is None for file in self.files)


def _write_all(
    outcomes: Iterable[tuple[Location, Converted | Refused | Beside]], output: Output, account: _Account
) -> None:
    """Write the documents that could be converted; a file beside documents (a catalogue) is none."""
    from loader.task import Beside, Refused

    for location, outcome in outcomes:
        if isinstance(outcome, Refused):
            account.refused(str(location), outcome.reason)
        elif not isinstance(outcome, Beside):
            output.write(location, outcome)
            account.converted(location, outcome)
