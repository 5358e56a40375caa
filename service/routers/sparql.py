"""`/sparql`: the SPARQL 1.1 endpoint. GET, POST of a form, and POST of the query or update itself."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from .. import writing
from ..context import Context, InContext, context_of
from ..descriptions.endpoint import service_description
from ..descriptions.executables import executables
from ..descriptions.writing_out import written_out
from ..negotiation import preferred_language, wants_html
from ..posted_rdf import whole_body
from ..sparql_protocol import FORM, QUERY, UPDATE, Asked, Change, answer_type, asked_by_get, sent_by_post
from ..store import GRAPH_FORMATS, ROW_FORMATS, Form, form_of, formats_of

router = APIRouter(tags=["SPARQL"])

_LONGEST_BODY: Final = 1_000_000
_SHORT: Final = 4_000
"""Bytes of a request that is read in the event loop: longer ones may take their time, and do so in a thread."""
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole answer, or what the endpoint is",
        "content": {
            media_type: {}
            for form in (Form.SELECT, Form.CONSTRUCT)
            for media_type in formats_of(form).values()
        },
    },
    400: {"description": "The text does not parse; line and column are in the problem document"},
    403: {"description": "A query with SERVICE, or an update where the service is read-only"},
    406: {"description": "The form of the query has no answer in the format asked for"},
    413: {"description": "The text or the answer is too long, or the query takes too much memory"},
    503: {"description": "The query was ended at its deadline, or too many wait already"},
}
_QUERY_TEXT: Final = {"type": "string", "format": "sparql-query"}
_UPDATE_TEXT: Final = {"type": "string", "format": "sparql-update"}
_FORMAT: Final = {"type": "string", "enum": ["", *ROW_FORMATS, *GRAPH_FORMATS]}
_GRAPHS: Final = {"type": "array", "items": {"type": "string", "format": "iri"}}
_OF_QUERY: Final = {
    "query": _QUERY_TEXT,
    "format": _FORMAT,
    "default-graph-uri": _GRAPHS,
    "named-graph-uri": _GRAPHS,
}
_OF_UPDATE: Final = {"update": _UPDATE_TEXT, "using-graph-uri": _GRAPHS, "using-named-graph-uri": _GRAPHS}
_EXACTLY_ONE: Final[list[dict[str, Any]]] = [
    {"properties": _OF_QUERY, "required": ["query"], "not": {"required": ["update"]}},
    {"properties": _OF_UPDATE, "required": ["update"], "not": {"required": ["query"]}},
]
_SENT: Final = {
    QUERY: {"schema": _QUERY_TEXT},
    UPDATE: {"schema": _UPDATE_TEXT},
    FORM: {"schema": {"type": "object", "oneOf": _EXACTLY_ONE}},
}
_PARAMETERS: Final = [
    {
        "name": "query",
        "in": "query",
        "description": "The query (SELECT, ASK, CONSTRUCT, DESCRIBE)",
        "schema": _QUERY_TEXT,
    },
    {"name": "format", "in": "query", "description": "Instead of the Accept header", "schema": _FORMAT},
    {
        "name": "default-graph-uri",
        "in": "query",
        "description": "Graphs that the default graph of the query is made of",
        "schema": _GRAPHS,
    },
    {
        "name": "named-graph-uri",
        "in": "query",
        "description": "Graphs that the query sees by name",
        "schema": _GRAPHS,
    },
]


async def _body(request: Request) -> bytes:
    return await whole_body(request, _LONGEST_BODY)


@router.get(
    "/sparql",
    summary="Ask a SPARQL query",
    response_class=Response,
    responses={**_RESPONSES, 303: {"description": "A browser is led to the page with the editor"}},
    openapi_extra={"parameters": _PARAMETERS},
)
def ask(request: Request, context: InContext) -> Response:
    """Answer a query in the format the Accept header asks for, or the parameter `format` names.

    Without any parameter the endpoint describes itself (SPARQL 1.1 Service Description). A browser that asks for
    HTML is shown the page with the editor instead.
    """
    if wants_html(request.headers.get("accept")) and "format" not in request.query_params:
        return _to_the_page(request, context)
    if not request.url.query:
        return _description(context, request)
    return _answer(context, request, asked_by_get(request.url.query))


@router.post(
    "/sparql",
    summary="Ask a SPARQL query or run an update, sent as a form or by itself",
    response_class=Response,
    responses={
        **_RESPONSES,
        204: {"description": "The update is done"},
        401: {"description": "No key"},
        415: {"description": "The body is no query, no update and no form, or is not in UTF-8"},
    },
    openapi_extra={"requestBody": {"required": True, "content": _SENT}, "security": [{}, {"key": []}]},
)
def ask_or_change(request: Request, context: InContext, body: Annotated[bytes, Depends(_body)]) -> Response:
    """Answer the query, or run the update, in the body: by itself, or in a form as `query` or `update`.

    Updates need a key (`Authorization: Bearer …`), and a service that was started with keys.
    """
    sent = sent_by_post(request.url.query, request.headers.get("content-type", ""), body)
    if isinstance(sent, Asked):
        return _answer(context, request, sent)
    return _change(context, request, sent)


async def _ask_directly(request: Request) -> Response:
    if _is_quickly_read(request, b"") and not wants_html(request.headers.get("accept")):
        return await _answer_in_loop(request, asked_by_get(_encoded(request)))
    return await run_in_threadpool(ask, request, context_of(request))


async def _ask_or_change_directly(request: Request) -> Response:
    body = await _body(request)
    if _is_quickly_read(request, body):
        sent = sent_by_post(_encoded(request), request.headers.get("content-type", ""), body)
        if isinstance(sent, Asked):
            return await _answer_in_loop(request, sent)
    return await run_in_threadpool(ask_or_change, request, context_of(request), body)


def _is_quickly_read(request: Request, body: bytes) -> bool:
    """Return whether what is asked is so short that reading it keeps nobody else waiting; something must be asked."""
    return 0 < len(request.scope["query_string"]) + len(body) <= _SHORT


def _encoded(request: Request) -> str:
    """Return the parameters of the address."""
    return str(request.scope["query_string"].decode("latin-1"))


async def _answer_in_loop(request: Request, asked: Asked) -> Response:
    """Return the answer as `_answer` does; no thread waits for it."""
    media_type = _media_type_of(request, asked)
    context: Context = request.app.state.context
    store = context.store.asked_by(request.scope["asker"])
    return _told(await store.answer(asked.query, media_type, asked.dataset), media_type)


DIRECTLY: Final = {("GET", "/sparql"): _ask_directly, ("POST", "/sparql"): _ask_or_change_directly}
"""The same by method and path, for who knows which of the two is asked."""


def _answer(context: Context, request: Request, asked: Asked) -> Response:
    media_type = _media_type_of(request, asked)
    return _told(context.store.query(asked.query, media_type, asked.dataset), media_type)


def _media_type_of(request: Request, asked: Asked) -> str:
    """Return the media type of the answer, and write down what is asked."""
    request.scope["account"].asks(asked.query)
    return answer_type(form_of(asked.query), asked.format, request.headers.get("accept"))


def _told(content: bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"Vary": "Accept"})


def _description(context: Context, request: Request) -> Response:
    graph = service_description(
        f"{context.site_of(request)}/sparql",
        writable=context.settings.keys is not None,
        federated=bool(context.settings.services),
    )
    graph += executables(context.questions.values(), context.site_of(request))
    media_type = answer_type(Form.CONSTRUCT, None, request.headers.get("accept"))
    return Response(written_out(graph, media_type), media_type=media_type, headers={"Vary": "Accept"})


def _change(context: Context, request: Request, change: Change) -> Response:
    context.admit_writer(request.headers.get("authorization"), change.update)
    writing.run_update(context.store, change.update, change.using)
    return Response(status_code=204)


def _to_the_page(request: Request, context: Context) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    query = request.query_params.get("query")
    tail = f"?{urlencode({'query': query})}" if query else ""
    address = f"{context.settings.public_path}/{language}/sparql{tail}"
    return RedirectResponse(address, status_code=303, headers={"Vary": "Accept, Accept-Language"})
