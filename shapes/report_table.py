"""Reports as tables: CSV for spreadsheets and statistics, JSON for programs. Both languages stand side by side."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from .report_outline import outline
from .report_words import tenth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdflib import URIRef

    from .choosing import Choice
    from .finding import Finding, Named, Place, Quote, Suggestion
    from .report import Report
    from .report_outline import CategoryCount, InEvery, Outline, Ranked, Repair, Standing
    from .rule_book import Text
    from .scoring import Average, Score

_LINE: Final = "\n"
_HARMFUL: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_pieces(report: Report) -> Iterator[bytes]:
    """Yield one row for each finding; a cell that a spreadsheet would compute is kept as text by a quote sign."""
    scored = _Scored.of(report)
    return _as_csv(_COLUMNS, (_row(finding, scored) for finding in report.findings))


def score_pieces(report: Report) -> Iterator[bytes]:
    """Yield as CSV one row for each declaration, best first, and for each mean: of unit, division, year and all."""
    standing = outline(report).standing
    means = (
        *(("unit", mean) for mean in standing.units),
        *(("division", mean) for mean in standing.divisions),
        *(("year", mean) for mean in standing.years),
        *([("all", standing.whole)] if standing.whole is not None else []),
    )
    rows = [_score_row(ranked) for ranked in standing.ranking]
    return _as_csv(_SCORE_COLUMNS, [*rows, *(_mean_row(of, mean) for of, mean in means)])


def _as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        yield _taken(out)
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    """Return what was written, and forget it."""
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


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
    "in_every_project",
    "score",
    "gain",
)
_DIMENSIONS: Final = ("completeness", "measurability", "consistency", "relevance", "presentation")
_SEVERITY_COLUMNS: Final = ("violations", "warnings", "infos")
_SCORE_COLUMNS: Final = (
    "of",
    "rank",
    "code",
    "name",
    "department",
    "unit",
    "division",
    "year",
    "projects",
    "budget",
    "score",
    "weighted_score",
    *_DIMENSIONS,
    *_SEVERITY_COLUMNS,
    "repairs",
    "declaration",
)


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the scores say of a finding."""

    values: Mapping[URIRef, Score]
    told: Outline

    @classmethod
    def of(cls, report: Report) -> _Scored:
        return cls({score.of: score for score in report.scores}, outline(report))

    def row(self, finding: Finding) -> tuple[str, str, str]:
        """Return whether it is in every project, the score of its project, and what mending its rule there adds."""
        form = "true" if self.told.is_in_every(finding) else "false"
        declaration = finding.context.declaration
        score = None if declaration is None else self.values.get(declaration)
        if score is None:
            return form, "", ""
        gains = {gain.rule.id: tenth(gain.points) for gain in score.gains}
        return form, str(score.value), gains.get(finding.id, "")


def _score_row(ranked: Ranked) -> dict[str, str]:
    score, context = ranked.score, ranked.score.context
    return {
        "of": "project",
        "rank": str(ranked.rank),
        "code": context.project.code if context.project else "",
        "name": context.project.name if context.project else "",
        "department": str(context.department or ""),
        "unit": str(context.unit or ""),
        "division": str(score.division or ""),
        "year": score.year,
        "projects": "1",
        "budget": "" if score.budget is None else format(score.budget, "f"),
        "score": str(score.value),
        "repairs": " ".join(f"{gain.rule.id}+{tenth(gain.points)}" for gain in ranked.repairs),
        "declaration": str(score.of),
        **{share.dimension.name: str(share.value) for share in score.shares},
        **dict(zip(_SEVERITY_COLUMNS, map(str, ranked.severities.values()), strict=True)),
    }


def _mean_row(of: str, mean: Average) -> dict[str, str]:
    return {
        "of": of,
        "name": mean.name,
        "projects": str(mean.declarations),
        "score": str(mean.plain),
        "weighted_score": "" if mean.weighted is None else str(mean.weighted),
    }


def _row(finding: Finding, scored: _Scored) -> dict[str, str]:
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
        *scored.row(finding),
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


def json_pieces(report: Report) -> Iterator[bytes]:
    """Yield counts, documents and findings as one JSON object; the findings stand at its end."""
    said = outline(report)
    told = {
        "conforms": report.conforms,
        "choice": None if report.choice.is_everything else _choice(report.choice),
        "documents": [asdict(judged) for judged in report.judged],
        "severities": report.by_severity(),
        "rules": report.by_rule(),
        "categories": [_category(each) for each in said.categories],
        "in_every_project": [_in_every(each) for each in said.in_every],
        **_standing(said.standing),
    }
    yield _json(told).removesuffix("\n}").encode()
    yield b',\n "findings": ['
    for number, finding in enumerate(report.findings):
        yield f"{',' if number else ''}\n  {_json(_object(finding)).replace(_LINE, _LINE + '  ')}".encode()
    yield b"\n ]\n}" if report.findings else b"]\n}"


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "rules": None if choice.rules is None else sorted(choice.rules),
        "least": choice.least,
        "ignored": sorted(choice.ignored),
    }


def _category(count: CategoryCount) -> dict[str, Any]:
    return {"number": count.category.number, **asdict(count.category.label), "findings": count.findings}


def _in_every(each: InEvery) -> dict[str, Any]:
    counts = {"findings": len(each.findings), "projects": each.projects, "documents": each.documents}
    return {"rule": each.rule.id, **counts, "points": float(tenth(each.points))}


def _standing(standing: Standing) -> dict[str, Any]:
    """Return the scores, best first, their means, and the few repairs that add most to the mean."""
    return {
        "scores": [_score(ranked) for ranked in standing.ranking],
        "means": {
            "all": None if standing.whole is None else _mean(standing.whole),
            "units": [_mean(mean) for mean in standing.units],
            "divisions": [_mean(mean) for mean in standing.divisions],
            "years": [_mean(mean) for mean in standing.years],
        },
        "repairs": [_repair(repair) for repair in standing.repairs],
    }


def _score(ranked: Ranked) -> dict[str, Any]:
    score = ranked.score
    return {
        "rank": ranked.rank,
        "score": float(score.value),
        "declaration": score.of,
        "project": _named(score.context.project),
        "unit": _named(score.context.unit),
        "division": _named(score.division),
        "year": score.year or None,
        "budget": None if score.budget is None else float(score.budget),
        "dimensions": {
            share.dimension.name: {
                "score": float(share.value),
                "passed": share.passed,
                "applicable": share.applicable,
            }
            for share in score.shares
        },
        "severities": ranked.severities,
        "repairs": [{"rule": gain.rule.id, "points": float(tenth(gain.points))} for gain in ranked.repairs],
    }


def _mean(mean: Average) -> dict[str, Any]:
    weighted = None if mean.weighted is None else float(mean.weighted)
    return {
        "name": mean.name,
        "projects": mean.declarations,
        "score": float(mean.plain),
        "weighted_score": weighted,
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "rule": repair.count.rule.id,
        "findings": repair.count.findings,
        "points": float(tenth(repair.points)),
    }


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
