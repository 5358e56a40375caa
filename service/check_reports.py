"""The report on what the rules found, in every format that people and machines ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shapes import report_markdown, report_rdf, report_table
from shapes.report_outline import outline
from shapes.report_words import Words

from .rendering import standalone_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapes import Report

    from .negotiation import Language

MEDIA_TYPES: Final = {
    ".html": "text/html",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".ttl": "text/turtle",
}
"""By suffix: all formats there are."""


def pieces(report: Report, suffix: str, language: Language, site: str = "") -> Iterator[bytes]:
    """Yield a report in the format of a suffix, piece by piece: of many documents it is longer than fits in memory.

    Page, spreadsheet and Markdown are in one language, and lead to the cells where a service at `site` shows them;
    the others are in both.
    """
    if suffix == ".html":
        return page(report, language, site)
    if suffix == ".md":
        return report_markdown.pieces(report, language, site)
    if suffix == ".xlsx":
        return iter([report.xlsx(language, site)])
    return {
        ".ttl": report_rdf.turtle_pieces,
        ".json": report_table.json_pieces,
        ".csv": report_table.csv_pieces,
    }[suffix](report)


def written(report: Report, suffix: str, language: Language, site: str = "") -> bytes:
    """Return a report in the format of a suffix, as `pieces` yields it."""
    return b"".join(pieces(report, suffix, language, site))


def page(report: Report, language: Language, site: str = "") -> Iterator[bytes]:
    """Yield a page that needs no other file and no service."""
    words = Words(language, site, report.judged)
    return standalone_pieces("check-report.html", language, told=outline(report), w=words)
