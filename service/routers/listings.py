# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""Every list of the pages as data: the same rows as CSV for spreadsheets and JSON for programs."""

from __future__ import annotations

from dataclasses import asdict, fields
from decimal import Decimal
from functools import partial
from io import SEEK_END
from typing import IO, TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from loader import load_report_json, load_report_text
from ontology.namespaces import JXI, JXS

from .. import check_reports
from ..answers import csv_of
from ..context import Context, InContext
from ..negotiation import Language
from ..pages import departments, document, project, projects, quality, reports, things
from ..problems import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

router = APIRouter(tags=["lists"])

Suffix = Literal["csv", "json"]
ReportSuffix = Literal["html", "xlsx", "md", "csv", "json", "ttl"]
_DISPOSITIONS: Final = {"html": "inline", "json": "inline", "ttl": "inline"}
_OWN_STYLE: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""The page carries its style in itself, and nothing else."""
_LONGEST_AT_ONCE: Final = 16_000_000
_PIECE: Final = 1 << 20
"""Bytes of an answer: sent at once, and in pieces."""
_FINDING_COLUMNS: Final = (
    "severity", "rule", "rule_id", "message", "remedy", "project_key", "project", "year", "version", "unit", "row",
    "about", "printed", "reading", "suggestion", "place", "where", "cell", "thing",
)  # fmt: skip
_CELL: Final = {"type": ["string", "number", "boolean", "null"]}


def _names(record: type) -> list[str]:
    return [field.name for field in fields(record)]


def _listed(columns: Sequence[str]) -> dict[int | str, dict[str, Any]]:
    """Return the description of a list: CSV, or JSON with an object a row."""
    row = {
        "type": "object",
        "required": list(columns),
        "properties": dict.fromkeys(columns, _CELL),
        "additionalProperties": False,
    }
    return {
        200: {"content": {"text/csv": {}, "application/json": {"schema": {"type": "array", "items": row}}}}
    }


Bom = Annotated[bool, Query(description="Begin CSV with a byte order mark, for old Excel")]


@router.get(
    "/{language}/departments.{suffix}",
    summary="Budget units with their projects and budgets",
    response_class=Response,
    responses=_listed(_names(departments.Unit)),
)
def list_units(context: InContext, language: Language, suffix: Suffix, bom: Bom = False) -> Response:
    """List every budget unit, a row a fiscal year; budgets in yuan."""
    del language
    rows = [asdict(unit) for unit in departments.units(context.store)]
    return _listing(rows, _names(departments.Unit), suffix, bom=bom)


@router.get(
    "/{language}/projects.{suffix}",
    summary="Projects",
    response_class=Response,
    responses=_listed(_names(projects.Project)),
)
def list_projects(
    context: InContext,
    language: Language,
    suffix: Suffix,
    q: str = "",
    unit: str = "",
    year: str = "",
    lacking: projects.Lacking = "",
    sort: projects.Sort = "",
    bom: Bom = False,
) -> Response:
    """List the projects that pass the filter, all of them; budgets in yuan."""
    del language
    chosen = projects.Filter(q, unit, year, lacking, sort)
    page = projects.projects(context.store, chosen, size=projects.EVERY_ROW)
    return _listing([asdict(one) for one in page.projects], _names(projects.Project), suffix, bom=bom)


@router.get(
    "/{language}/projects/{key}.{suffix}",
    summary="The indicators of a project",
    response_class=Response,
    responses=_listed(project.INDICATOR_COLUMNS),
)
def list_indicators(
    context: InContext,
    language: Language,
    key: str,
    suffix: Suffix,
    year: str = "",
    version: str = "",
    bom: Bom = False,
) -> Response:
    """List the indicators of one declaration, a row a target: as printed and as read, with the cell."""
    shown = project.project(context.store, key, language, year=year, version=version)
    return _listing(list(project.indicator_rows(shown)), project.INDICATOR_COLUMNS, suffix, bom=bom)


@router.get(
    "/{language}/quality/findings.{suffix}",
    summary="Findings",
    response_class=Response,
    responses=_listed(_FINDING_COLUMNS),
)
def list_findings(
    context: InContext,
    language: Language,
    suffix: Suffix,
    rule: str = "",
    severity: quality.Severity = "",
    unit: str = "",
    bom: Bom = False,
) -> Response:
    """List the findings that were chosen, all of them, in the words of the language."""
    chosen = _chosen(context, rule, severity, unit)
    found = quality.findings(context.store, chosen, language, size=projects.EVERY_ROW)
    rows = [_finding_row(one, language) for one in found.findings]
    return _listing(rows, _FINDING_COLUMNS, suffix, bom=bom)


def _chosen(context: Context, rule: str, severity: quality.Severity, unit: str) -> quality.Chosen:
    """Return what is chosen. Raises `NotFound`: nothing is found of what there is not, and all would seem well."""
    if unit and not things.exists(context.store, f"{JXI}unit/{unit}"):
        raise NotFound(
            f"there is no unit or department {unit} here; /zh/departments.csv lists those that there are"
        )
    if rule and not things.exists(context.store, f"{JXS}{rule}"):
        raise NotFound(f"there is no rule {rule} here; name one as its page does: TV-13-no-comparator")
    return quality.Chosen(rule, severity, unit)


def _finding_row(one: quality.Finding, language: Language) -> dict[str, object]:
    """Return a finding as a row: `place` is table-row-column of its first cell, `where` all its places in words."""
    first = next(iter(one.places), None)
    return asdict(one) | {
        "suggestion": "\n".join(one.suggestions),
        "place": first.anchor.removeprefix("cell-") if first else None,
        "where": "\n".join(dict.fromkeys(place.told(language) for place in one.places)),
        "cell": first.cell if first else None,
    }


@router.get(
    "/{language}/quality/report.{suffix}",
    summary="The report on what the rules found",
    response_class=Response,
    responses={
        200: {"content": {media_type: {} for media_type in check_reports.MEDIA_TYPES.values()}},
        413: {
            "description": "Making it takes more time or memory than one answer may: choose a unit or a rule"
        },
        503: {"description": "Too many reports are made already"},
    },
)
def tell_report(
    request: Request,
    context: InContext,
    language: Language,
    suffix: ReportSuffix,
    rule: str = "",
    severity: quality.Severity = "",
    unit: str = "",
) -> Response:
    """Tell what `jixiao check` tells: page, spreadsheet and Markdown in one language, the others in both.

    Scores, what adds most to them, and the findings by department, project and row; of everything, or of a unit or
    department. It is made by a process of its own, and is whole or an error.
    """
    write = partial(
        reports.write,
        chosen=_chosen(context, rule, severity, unit),
        suffix=f".{suffix}",
        language=language,
        site=f"{context.site_of(request)}/",
    )
    answer = context.long_answers.made(context.store, write, request.scope["asker"])
    headers = {
        "Content-Disposition": f'{_DISPOSITIONS.get(suffix, "attachment")}; filename="report.{suffix}"'
    }
    if suffix == "html":
        headers["Content-Security-Policy"] = _OWN_STYLE
    return _sent(answer, check_reports.MEDIA_TYPES[f".{suffix}"], headers)


def _sent(answer: IO[bytes], media_type: str, headers: dict[str, str]) -> Response:
    """Send a file, at once if it is short, for then it is kept for whoever asks again."""
    length = answer.seek(0, SEEK_END)
    answer.seek(0)
    if length > _LONGEST_AT_ONCE:
        headers["Content-Length"] = str(length)
        return StreamingResponse(_pieces(answer), media_type=media_type, headers=headers)
    with answer:
        return Response(answer.read(), media_type=media_type, headers=headers)


def _pieces(answer: IO[bytes]) -> Iterator[bytes]:
    with answer:
        while piece := answer.read(_PIECE):
            yield piece


@router.get(
    "/{language}/documents/{key}.{suffix}",
    summary="The load report of a document",
    response_class=Response,
    responses={
        200: {"content": {"application/json": {"schema": load_report_json.schema()}, "text/plain": {}}}
    },
)
def tell_load_report(
    context: InContext, language: Language, key: str, suffix: Literal["json", "txt"]
) -> Response:
    """Tell what was read of a document and what was not: JSON in both languages, text in the one asked for."""
    report = document.load_report(context.store, key)
    if suffix == "json":
        return JSONResponse(load_report_json.as_json(report))
    return PlainTextResponse(f"{load_report_text.as_text(report, language)}\n")


def _listing(
    rows: Iterable[dict[str, object]], columns: Sequence[str], suffix: Suffix, *, bom: bool
) -> Response:
    if suffix == "json":
        return JSONResponse([{column: _plain(row[column]) for column in columns} for row in rows])
    cells = ([row[column] for column in columns] for row in rows)
    return Response(csv_of(columns, cells, bom=bom), media_type="text/csv")


def _plain(value: object) -> object:
    """Return a value as JSON has it: a decimal is a number."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
