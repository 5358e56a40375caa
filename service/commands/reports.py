"""Where a command writes what it found: the report in any format, the scores, and the list of fixes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from .files import write, write_chunks
from .options import lang_option, with_options
from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapes import Report

    from ..negotiation import Language
    from .options import Command

_OPTIONS: Final = (
    click.option(
        "-o",
        "--out",
        "outs",
        multiple=True,
        metavar="OUT",
        help="Also write the report: .html, .xlsx, .md, .csv, .json or .ttl; may be given several times.",
    ),
    click.option(
        "--scores",
        metavar="FILE.csv",
        help="Also write the scores of projects, units, divisions and years.",
    ),
    click.option(
        "--fix-list",
        metavar="FILE",
        help="Also write what should probably be printed, to be gone through: .csv or .xlsx.",
    ),
    lang_option(of="the report"),
    click.option(
        "--site",
        envvar="JIXIAO_SITE",
        default="",
        metavar="ADDRESS",
        help="Where `jixiao serve` shows these documents: cells become links in .html, .xlsx and .md.",
    ),
)


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The files that a report is written to, in which language, and the site to which its cells lead."""

    outs: tuple[str, ...]
    scores: str | None
    fix_list: str | None
    lang: Language
    site: str
    """With a slash at its end; empty where no service shows the documents."""

    def refuse_other_formats(self) -> None:
        """Fail where something would be written in a format that is none."""
        from .. import check_reports, checking

        for out in self.outs:
            if _suffix(out) not in check_reports.MEDIA_TYPES:
                fail(f"{out}: a report is written as {', '.join(check_reports.MEDIA_TYPES)}")
        if self.scores is not None and _suffix(self.scores) != ".csv":
            fail(f"{self.scores}: scores are written as .csv")
        if self.fix_list is not None and _suffix(self.fix_list) not in checking.FIX_LIST_SUFFIXES:
            fail(f"{self.fix_list}: a list of fixes is written as {', '.join(checking.FIX_LIST_SUFFIXES)}")

    def write(self, report: Report, names: Mapping[str, str]) -> None:
        """Write the report; `names` are what the list of fixes calls the documents, by their IRIs."""
        from .. import check_reports

        for out in self.outs:
            write_chunks(out, check_reports.pieces(report, _suffix(out), self.lang, self.site))
        if self.scores is not None:
            write(self.scores, report.scores_csv())
        if self.fix_list is not None:
            write(self.fix_list, report.fix_list(_suffix(self.fix_list), self.lang, names))


def report_options(command: Command) -> Command:
    """Add the options of what is written; the command gets them as one `files`."""

    @wraps(command)
    def writing(
        *,
        outs: tuple[str, ...],
        scores: str | None,
        fix_list: str | None,
        lang: Language,
        site: str,
        **others: object,
    ) -> object:
        files = ReportFiles(outs, scores, fix_list, lang, f"{site.rstrip('/')}/" if site else "")
        files.refuse_other_formats()
        return command(files=files, **others)

    return with_options(_OPTIONS, writing)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()
