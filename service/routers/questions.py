# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""The catalogue's questions for programs: `/queries`, and an answer under a short stable address for each.

`/queries/{name}.csv?year=2025` is read directly by Excel, Stata, R and pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from .. import answer_books
from ..answers import csv_of, records, select
from ..context import Context, InContext
from ..negotiation import Language, preferred_language, wants_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.query import Query as Question

    from ..answers import Table

router = APIRouter(tags=["questions"])
_OF_THE_FORM: Final = frozenset({"bom", "titles"})
"""Parameters of an address that say how to answer, and are none of a question."""

_TEXT: Final = {"type": "string"}
_IN_BOTH: Final = {"type": "object", "required": ["zh", "en"], "properties": {"zh": _TEXT, "en": _TEXT}}
_ROWS: Final = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}},
}
_QUESTION: Final = {
    "type": "object",
    "required": ["name", "title", "description", "parameters", "columns", "csv", "json", "xlsx", "sparql"],
    "properties": {
        "name": _TEXT,
        "title": _IN_BOTH,
        "description": _IN_BOTH,
        "parameters": {
            "type": "array",
            "items": {"type": "object", "required": ["name", "type", "label", "optional", "choices"]},
        },
        "columns": {"type": "array", "items": {"type": "object", "required": ["name", "zh", "en"]}},
        "csv": {"type": "string", "format": "uri-reference"},
        "json": {"type": "string", "format": "uri-reference"},
        "xlsx": {"type": "string", "format": "uri-reference"},
        "sparql": _TEXT,
    },
}
_TO_THE_PAGE: Final[dict[str, Any]] = {"description": "A browser is led to the page"}


@router.get(
    "/queries",
    summary="The questions that are ready to ask",
    responses={
        200: {"content": {"application/json": {"schema": {"type": "array", "items": _QUESTION}}}},
        303: _TO_THE_PAGE,
    },
)
def catalogue(request: Request, context: InContext) -> Response:
    """List every question with its parameters and columns; a browser is shown the page."""
    if wants_html(request.headers.get("accept")):
        return _to_the_page(request, context, "queries")
    listed = [_as_json(question, context) for question in context.questions.values()]
    return JSONResponse(listed, headers={"Vary": "Accept"})


@router.get(
    "/queries/{name}.{suffix}",
    summary="The answer to a question",
    description="Any other parameter of the address is a parameter of the question; `/queries` lists them.",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/csv": {},
                "application/json": {"schema": _ROWS},
                answer_books.MEDIA_TYPE: {},
            }
        }
    },
)
def answer(
    request: Request,
    context: InContext,
    name: str,
    suffix: Literal["csv", "json", "xlsx"],
    bom: Annotated[bool, Query(description="Begin CSV with a byte order mark, for old Excel")] = False,
    titles: Annotated[Language | None, Query(description="The language of a spreadsheet's titles")] = None,
) -> Response:
    """Answer a question as CSV, as JSON (one object a row), or as a spreadsheet with titles and what was asked."""
    question = context.question(name)
    values = {key: value for key, value in request.query_params.items() if key not in _OF_THE_FORM}
    table = select(context.store, question.bind(**values))
    if suffix == "json":
        return JSONResponse(records(table))
    if suffix == "xlsx":
        language = titles or preferred_language(request.headers.get("accept-language"))
        address = f"{context.site_of(request)}/queries/{name}.xlsx?{request.url.query}".rstrip("?")
        return _as_book(question, table, answer_books.about(question, values, language, address), language)
    rows = ([row.maybe(column) for column in table.columns] for row in table)
    return Response(csv_of(table.columns, rows, bom=bom), media_type="text/csv")


def _as_book(
    question: Question, table: Table, about: Sequence[answer_books.Line], language: Language
) -> Response:
    titles = {column: title[language] for column, title in question.columns.items()}
    return Response(
        answer_books.answer_book(table, titles, about, language),
        media_type=answer_books.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{question.name}.xlsx"',
            "Vary": "Accept-Language",
        },
    )


@router.get(
    "/queries/{name}",
    summary="A question: its page, or its definition",
    responses={200: {"content": {"application/json": {"schema": _QUESTION}}}, 303: _TO_THE_PAGE},
)
def question(request: Request, context: InContext, name: str) -> Response:
    """Describe one question; a browser is shown its page."""
    known = context.question(name)
    if wants_html(request.headers.get("accept")):
        return _to_the_page(request, context, f"queries/{name}")
    return JSONResponse(_as_json(known, context), headers={"Vary": "Accept"})


def _as_json(question: Question, context: Context) -> dict[str, object]:
    address = f"{context.settings.public_path}/queries/{question.name}"
    return {
        "name": question.name,
        "title": {"zh": question.title.zh, "en": question.title.en},
        "description": {"zh": question.description.zh, "en": question.description.en},
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type.value,
                "label": {"zh": parameter.label.zh, "en": parameter.label.en},
                "default": parameter.default,
                "example": parameter.example,
                "optional": parameter.optional,
                "choices": list(parameter.choices),
            }
            for parameter in question.parameters.values()
        ],
        "columns": [
            {"name": name, "zh": title.zh, "en": title.en} for name, title in question.columns.items()
        ],
        "csv": f"{address}.csv",
        "json": f"{address}.json",
        "xlsx": f"{address}.xlsx",
        "sparql": question.text,
    }


def _to_the_page(request: Request, context: Context, page: str) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    query = request.url.query
    address = f"{context.settings.public_path}/{language}/{page}{'?' + query if query else ''}"
    return RedirectResponse(address, status_code=303, headers={"Vary": "Accept, Accept-Language"})
