# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""The catalogue's questions for programs: `/queries`, and an answer under a short stable address for each.

`/queries/{name}.csv?year=2025` is read directly by Excel, Stata, R and pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from queries import RESERVED

from .. import answer_books
from ..answer_frames import MEDIA_TYPE as PARQUET
from ..answer_frames import parquet
from ..answers import Table, csv_of, records, select
from ..citing import MEDIA_TYPE as BIBTEX
from ..citing import citation
from ..context import Context, InContext
from ..descriptions.executables import executables
from ..descriptions.writing_out import written_out
from ..negotiation import Language, preferred_language, preferred_type, wants_html
from ..store import GRAPH_FORMATS
from ..tables.files import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.query import Query as Question

router = APIRouter(tags=["questions"])
_AS_RDF: Final = (GRAPH_FORMATS["ttl"], GRAPH_FORMATS["jsonld"], GRAPH_FORMATS["nt"], GRAPH_FORMATS["rdf"])
_LIMIT: Final = Query(ge=1, le=1_000_000, description="Rows of one page of the answer; unset, all of it")
_OFFSET: Final = Query(ge=0, le=1_000_000, description="Rows before the page")

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
    "/queries.{suffix}",
    summary="The questions in RDF, as editors of SPARQL list them",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in _AS_RDF}}},
)
def catalogue_as_rdf(
    request: Request, context: InContext, suffix: Literal["ttl", "jsonld", "nt", "rdf"]
) -> Response:
    """List every question as a `sh:SPARQLExecutable`, with titles, SPARQL and prefixes."""
    return _as_rdf(request, context, list(context.questions.values()), GRAPH_FORMATS[suffix])


@router.get(
    "/queries/{name}.ttl",
    summary="A question in RDF",
    response_class=Response,
    responses={200: {"content": {GRAPH_FORMATS["ttl"]: {}}}},
)
def question_as_rdf(request: Request, context: InContext, name: str) -> Response:
    """Describe a question as a `sh:SPARQLExecutable`; its answer is rows, which no graph holds."""
    return _as_rdf(request, context, [context.question(name)], GRAPH_FORMATS["ttl"])


@router.get(
    "/queries/{name}.bib",
    summary="How the answer to a question is cited",
    description="Any other parameter of the address is a parameter of the question.",
    response_class=Response,
    responses={200: {"content": {BIBTEX: {}}}},
)
def cite(
    request: Request,
    context: InContext,
    name: str,
    titles: Annotated[Language | None, Query(description="The language of the citation")] = None,
) -> Response:
    """Cite an answer in BibTeX: its permanent address with the version of the data."""
    question = context.question(name)
    values = _values(request)
    question.bind(**values)
    language = titles or preferred_language(request.headers.get("accept-language"))
    told = citation(context.store, question, values, language, context.site_of(request))
    return Response(told.bibtex, media_type=BIBTEX, headers={"Vary": "Accept-Language"})


@router.get(
    "/queries/{name}.{suffix}",
    summary="The answer to a question",
    description="Any other parameter of the address is a parameter of the question; `/queries` lists them. "
    "A page of the answer (`limit`, `offset`) has links to the others in the header `Link`.",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/csv": {},
                "application/json": {"schema": _ROWS},
                answer_books.MEDIA_TYPE: {},
                PARQUET: {},
            }
        },
        406: {"description": "What is needed to write this format is not installed"},
    },
)
def answer(
    request: Request,
    context: InContext,
    name: str,
    suffix: Literal["csv", "json", "xlsx", "parquet"],
    bom: Annotated[bool, Query(description="Begin CSV with a byte order mark, for old Excel")] = False,
    titles: Annotated[Language | None, Query(description="The language of a spreadsheet's titles")] = None,
    limit: Annotated[int | None, _LIMIT] = None,
    offset: Annotated[int, _OFFSET] = 0,
) -> Response:
    """Answer a question as CSV, JSON (one object a row), Parquet, or a spreadsheet with titles and what was asked."""
    question, values = context.question(name), _values(request)
    if suffix == "parquet":
        format_of(suffix)
    whole = select(context.store, question.bind(**values))
    part = _page(question, whole, limit, offset) if limit or offset else whole
    answered = _written(request, context, question, part, suffix, titles, bom=bom)
    if limit:
        answered.headers["Link"] = _links(request, context, limit, offset, len(whole))
    return answered


def _values(request: Request) -> dict[str, str]:
    """Return the parameters of the question; what an address says besides is how to answer."""
    return {key: value for key, value in request.query_params.items() if key not in RESERVED}


def _page(question: Question, table: Table, limit: int | None, offset: int) -> Table:
    """Return some rows of an answer, in the order of the question; without one, in that of their cells."""
    rows = table.rows
    if not question.is_ordered:
        rows = tuple(sorted(rows, key=lambda row: [row.text(column) for column in table.columns]))
    return Table(table.columns, rows[offset : offset + limit if limit else None])


def _links(request: Request, context: Context, limit: int, offset: int, count: int) -> str:
    """Return the header that leads to the other pages of an answer (RFC 8288)."""
    last = max(0, (count - 1) // limit * limit)
    offsets = {"first": 0, "last": last}
    if offset > 0:
        offsets["prev"] = max(0, min(offset - limit, last))
    if offset + limit < count:
        offsets["next"] = offset + limit
    others = [pair for pair in request.query_params.multi_items() if pair[0] not in {"limit", "offset"}]
    path = f"{context.settings.public_path}{quote(request.url.path)}"
    return ", ".join(
        f'<{path}?{urlencode([*others, ("limit", limit), ("offset", start)])}>; rel="{relation}"'
        for relation, start in sorted(offsets.items())
    )


def _written(
    request: Request,
    context: Context,
    question: Question,
    table: Table,
    suffix: str,
    titles: Language | None,
    *,
    bom: bool,
) -> Response:
    """Return an answer in the format of a suffix."""
    values = _values(request)
    if suffix == "json":
        return JSONResponse(records(table))
    if suffix == "parquet":
        named = {"Content-Disposition": _as_file(f"{question.name}.parquet")}
        return Response(parquet(table), media_type=PARQUET, headers=named)
    if suffix == "xlsx":
        language = titles or preferred_language(request.headers.get("accept-language"))
        address = f"{context.site_of(request)}/queries/{question.name}.xlsx?{request.url.query}".rstrip("?")
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
            "Content-Disposition": _as_file(f"{question.name}.xlsx"),
            "Vary": "Accept-Language",
        },
    )


@router.get(
    "/queries/{name}",
    summary="A question: its page, or its definition",
    responses={200: {"content": {"application/json": {"schema": _QUESTION}}}, 303: _TO_THE_PAGE},
)
def question(request: Request, context: InContext, name: str) -> Response:
    """Describe one question, in JSON or RDF; a browser is shown its page."""
    known, accept = context.question(name), request.headers.get("accept")
    if wants_html(accept):
        return _to_the_page(request, context, f"queries/{quote(name)}")
    if (media_type := preferred_type(accept, ["application/json", *_AS_RDF])) in _AS_RDF:
        return _as_rdf(request, context, [known], str(media_type))
    return JSONResponse(_as_json(known, context), headers={"Vary": "Accept"})


def _as_json(question: Question, context: Context) -> dict[str, object]:
    address = f"{context.settings.public_path}/queries/{quote(question.name)}"
    return {
        "name": question.name,
        "own": question.own,
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
        "bib": f"{address}.bib",
        "ttl": f"{address}.ttl",
        "sparql": question.text,
    }


def _as_file(name: str) -> str:
    """Return the header that says the name of a file (RFC 6266)."""
    return (
        f'attachment; filename="{name}"' if name.isascii() else f"attachment; filename*=utf-8''{quote(name)}"
    )


def _as_rdf(request: Request, context: Context, questions: list[Question], media_type: str) -> Response:
    graph = executables(questions, context.site_of(request))
    return Response(written_out(graph, media_type), media_type=media_type, headers={"Vary": "Accept"})


def _to_the_page(request: Request, context: Context, page: str) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    query = request.url.query
    address = f"{context.settings.public_path}/{language}/{page}{'?' + query if query else ''}"
    return RedirectResponse(address, status_code=303, headers={"Vary": "Accept, Accept-Language"})
