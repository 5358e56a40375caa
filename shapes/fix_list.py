"""Suggestions as a table that a person goes through: each row is a correction in waiting, and says why.

The columns are those of a table of corrections, so that a row which somebody puts a name to can be given to the
loader as it stands. Nothing is applied by itself: `who` is blank until a person fills it in.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Final

from .report_words import position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .finding import Finding, Suggestion
    from .report import Report

_FULL_WIDTH: Final = str.maketrans("=+-@", "＝＋－＠")
_WIDTHS: Final = (28, 30, 30, 80, 14)
_TITLES: Final = {"zh": "更正建议", "en": "Suggested corrections"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A row: the text that a cell should have, and why. The names of the fields are the heads of the columns."""

    document: str
    cell: str
    reading: str
    reason: str
    who: str = ""


COLUMNS: Final = tuple(field.name for field in fields(Correction))


def corrections(report: Report, lang: str, names: Mapping[str, str]) -> tuple[Correction, ...]:
    """Return a row for each suggestion that says what a cell should print, in the order of the report.

    `names` are those of documents, by IRI; for one that has none stands the beginning of its SHA-256. Several rows
    about one cell are several ways to mend it: a person keeps one of them.
    """
    rows = (row for finding in report.findings for row in _of_finding(finding, lang, names))
    return tuple(dict.fromkeys(rows))


def _of_finding(finding: Finding, lang: str, names: Mapping[str, str]) -> Iterator[Correction]:
    for suggestion in finding.suggestions:
        if suggestion.quote is not None and suggestion.reading is not None:
            place = suggestion.quote.place
            document = str(place.document or "")
            yield Correction(
                document=names.get(document) or document.rpartition("/")[2],
                cell=position(place).told(lang),
                reading=_safe(suggestion.reading),
                reason=_reason(finding, suggestion, suggestion.quote.text, lang),
            )


def _safe(reading: str) -> str:
    """Return a text that no spreadsheet takes for a formula: =95% as ＝95%, which is read alike."""
    return reading[:1].translate(_FULL_WIDTH) + reading[1:]


def _reason(finding: Finding, suggestion: Suggestion, printed: str, lang: str) -> str:
    """Return why, with what a person wants to see beside: the printed text, the rule, project and row."""
    where = " · ".join(filter(None, (str(finding.context.project or ""), finding.context.indicator)))
    told = {
        "zh": f"原文“{printed}”；{suggestion.reason.zh}（{finding.id} {finding.message.zh}；{where}）",
        "en": f"printed “{printed}”; {suggestion.reason.en} ({finding.id} {finding.message.en}; {where})",
    }
    return told[lang]


def as_csv(rows: tuple[Correction, ...]) -> bytes:
    """Return the rows as CSV in UTF-8, with the mark by which spreadsheets know that it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: tuple[Correction, ...], lang: str) -> bytes:
    """Return the rows as a spreadsheet."""
    from .workbook import Sheet, workbook  # its library takes long to load, and most reports need none

    return workbook([Sheet(_TITLES[lang], COLUMNS, [astuple(row) for row in rows], _WIDTHS)])
