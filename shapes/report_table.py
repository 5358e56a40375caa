"""Reports as tables: CSV for spreadsheets and statistics, JSON for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .finding import Finding, Named, Place, Quote, Suggestion
    from .report import Report
    from .rule_book import Text

_HARMFUL: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_rows(report: Report) -> bytes:
    """Return one row for each finding; a cell that a spreadsheet would compute is kept as text by a quote sign."""
    rows = [_row(finding) for finding in report.findings]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode()


_COLUMNS: Final = (
    "severity",
    "rule",
    "message_zh",
    "message_en",
    "department",
    "unit",
    "project_code",
    "project",
    "row",
    "indicator",
    "printed",
    "reading_zh",
    "reading_en",
    "remedy_zh",
    "remedy_en",
    "suggestion",
    "suggestion_reason_zh",
    "suggestion_reason_en",
    "category",
    "category_zh",
    "category_en",
    "source_zh",
    "source_en",
    "document",
    "table",
    "table_row",
    "table_column",
    "line",
    "page",
    "sheet",
    "address",
    "focus",
    "path",
    "value",
)


def _row(finding: Finding) -> dict[str, str]:
    context, rule = finding.context, finding.rule
    values = (
        finding.severity,
        finding.id,
        *_both(finding.message),
        context.department or "",
        context.unit or "",
        context.project.code if context.project else "",
        context.project.name if context.project else "",
        context.row or "",
        context.indicator,
        finding.printed,
        *(_both(finding.reading) if finding.reading else ("", "")),
        *_both(finding.remedy),
        *_suggested(finding.suggestions[:1]),
        finding.category.number,
        *_both(finding.category.label),
        rule.source("zh"),
        rule.source("en"),
        *_place(finding.quotes[0].place if finding.quotes else None, context.document),
        finding.focus,
        finding.path or "",
        "" if finding.value is None else finding.value,
    )
    return dict(zip(_COLUMNS, map(str, values), strict=True))


def _suggested(likely: tuple[Suggestion, ...]) -> tuple[str, str, str]:
    """Return what should probably be printed, and why in both languages; empty where nobody knows."""
    if not likely:
        return "", "", ""
    return likely[0].reading or "", *_both(likely[0].reason)


def _both(text: Text) -> tuple[str, str]:
    return text.zh, text.en


def _place(place: Place | None, document: object) -> tuple[object, ...]:
    """Return document, table, row, column, line, page, sheet and address; empty where unknown."""
    if place is None:
        return (document or "", *[""] * 7)
    known = asdict(place) | {"document": place.document or document}
    return tuple("" if value is None else value for value in known.values())


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(_HARMFUL) else value


def json_object(report: Report) -> bytes:
    """Return counts, documents and findings as one JSON object."""
    told = {
        "conforms": report.conforms,
        "documents": [asdict(judged) for judged in report.judged],
        "severities": report.by_severity(),
        "rules": report.by_rule(),
        "findings": [_object(finding) for finding in report.findings],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _object(finding: Finding) -> dict[str, Any]:
    context = finding.context
    return {
        "rule": finding.id,
        "shape": finding.rule.iri,
        "severity": finding.severity,
        "message": asdict(finding.message),
        "remedy": asdict(finding.remedy),
        "source": {"zh": finding.rule.source("zh"), "en": finding.rule.source("en")},
        "category": {"number": finding.category.number, **asdict(finding.category.label)},
        "department": _named(context.department),
        "unit": _named(context.unit),
        "project": _named(context.project),
        "declaration": context.declaration,
        "row": context.row or None,
        "indicator": context.indicator or None,
        "printed": finding.printed,
        "reading": asdict(finding.reading) if finding.reading else None,
        "places": [_quoted(quote) for quote in finding.quotes],
        "suggestions": [_suggestion(suggestion) for suggestion in finding.suggestions],
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
    }


def _named(named: Named | None) -> dict[str, str] | None:
    return None if named is None else asdict(named)


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    cell = suggestion.quote.cell if suggestion.quote is not None else None
    return {"cell": cell, "reading": suggestion.reading, "reason": asdict(suggestion.reason)}


def _quoted(quote: Quote) -> dict[str, Any]:
    place = {name: value for name, value in asdict(quote.place).items() if value is not None}
    return {"text": quote.text, "cell": quote.cell, **place}
