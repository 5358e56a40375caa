"""The report on what the rules found, in every format that people and machines ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shapes.report_outline import outline
from shapes.report_words import Words

from .rendering import standalone

if TYPE_CHECKING:
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


def written(report: Report, suffix: str, language: Language, site: str = "") -> bytes:
    """Return a report in the format of a suffix.

    Page, spreadsheet and Markdown are in one language, and lead to the cells where a service at `site` shows them;
    the others are in both.
    """
    if suffix == ".html":
        return as_page(report, language, site)
    if suffix in {".xlsx", ".md"}:
        return {".xlsx": report.xlsx, ".md": report.markdown}[suffix](language, site)
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()


def as_page(report: Report, language: Language, site: str = "") -> bytes:
    """Return a page that needs no other file and no service."""
    words = Words(language, site, report.judged)
    return standalone("check-report.html", language, told=outline(report), w=words).encode()
