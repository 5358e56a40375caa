# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/sparql`: the SPARQL 1.1 endpoint, for reading. GET, POST of a form, and POST of the query itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from ..context import Context, InContext
from ..negotiation import preferred_language, preferred_type, wants_html
from ..problems import BadRequest, TooLarge, UnknownMediaType
from ..store import Dataset, Form, UnsuitableFormat, form_of, formats_of

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(tags=["SPARQL"])

_LONGEST_BODY: Final = 1_000_000
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_ALSO_ASKED_AS: Final = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/plain": "nt",
    "application/json+ld": "jsonld",
}
"""Media types clients ask with that are not the registered ones, and the format they mean."""
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole answer",
        "content": {
            media_type: {}
            for form in (Form.SELECT, Form.CONSTRUCT)
            for media_type in formats_of(form).values()
        },
    },
    400: {"description": "The query does not parse; line and column are in the problem document"},
    403: {"description": "An update, or a query with SERVICE"},
    406: {"description": "The form of the query has no answer in the format asked for"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of the SPARQL protocol: the query, the graphs it sees, and the `format` if one is named."""

    query: str
    dataset: Dataset
    format: str | None


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            raise TooLarge(f"a query may be {_LONGEST_BODY:,} bytes long; this one is longer")
    return body


@router.get("/sparql", summary="Ask a SPARQL query", responses=_RESPONSES)
def ask(
    request: Request,
    context: InContext,
    query: Annotated[
        list[str] | None, Query(description="The query (SELECT, ASK, CONSTRUCT, DESCRIBE)")
    ] = None,
    format_: Annotated[
        str | None, Query(alias="format", description="json, xml, csv, tsv · ttl, nt, jsonld, rdf, trig, nq")
    ] = None,
    default_graph: Annotated[list[str] | None, Query(alias="default-graph-uri")] = None,
    named_graph: Annotated[list[str] | None, Query(alias="named-graph-uri")] = None,
) -> Response:
    """Answer a query in the format the Accept header asks for, or the parameter `format` names.

    A browser that asks for HTML is shown the page with the editor instead.
    """
    if wants_html(request.headers.get("accept")) and format_ is None:
        return _to_the_page(request, context)
    parameters = {
        "query": query or [],
        "format": [format_] if format_ else [],
        "default-graph-uri": default_graph or [],
        "named-graph-uri": named_graph or [],
    }
    return _answer(context, request, _operation(parameters))


@router.post(
    "/sparql",
    summary="Ask a SPARQL query, sent as a form or by itself",
    responses=_RESPONSES,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                _QUERY: {"schema": {"type": "string"}},
                _FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["query"],
                        "properties": {"query": {"type": "string"}},
                    }
                },
            },
        }
    },
)
def ask_by_post(request: Request, context: InContext, body: Annotated[bytes, Depends(_body)]) -> Response:
    """Answer a query in the body: `application/sparql-query`, or a form with `query`."""
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    parameters = _parameters(request.url.query)
    if sent_as == _FORM:
        parameters = _parameters(_text(body)) | {"format": parameters.get("format", [])}
    elif sent_as == _QUERY:
        parameters = {**parameters, "query": [_text(body)]}
    else:
        raise UnknownMediaType(
            f"send a query as {_QUERY} or as a form ({_FORM}), not as {sent_as or 'nothing'}"
        )
    return _answer(context, request, _operation(parameters))


def _parameters(encoded: str) -> dict[str, list[str]]:
    return parse_qs(encoded, keep_blank_values=True)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the query is not UTF-8: send it as UTF-8") from error


def _operation(parameters: Mapping[str, list[str]]) -> Operation:
    queries = parameters.get("query", [])
    if "update" in parameters and not queries:
        form_of(parameters["update"][0])
    if len(queries) != 1:
        raise BadRequest(
            f"send exactly one parameter `query`, with the text of the query; {len(queries)} came"
        )
    dataset = Dataset(
        default_graphs=tuple(parameters.get("default-graph-uri", [])),
        named_graphs=tuple(parameters.get("named-graph-uri", [])),
    )
    return Operation(queries[0], dataset, next(iter(parameters.get("format", [])), None))


def _answer(context: Context, request: Request, operation: Operation) -> Response:
    form = form_of(operation.query)
    media_type = _media_type(form, operation.format, request.headers.get("accept"))
    content = context.store.query(operation.query, media_type, operation.dataset)
    return Response(content, media_type=media_type, headers={"Vary": "Accept"})


def _media_type(form: Form, named: str | None, accept: str | None) -> str:
    """Return the media type of the answer: by name, else by the Accept header."""
    formats = formats_of(form)
    if named:
        return formats.get(named, named)
    others = {asked: formats[suffix] for asked, suffix in _ALSO_ASKED_AS.items() if suffix in formats}
    if form.makes_graph:
        others["application/json"] = formats["jsonld"]
    by_name = {media_type: media_type for media_type in formats.values()} | others
    asked = preferred_type(accept, by_name)
    if asked is None:
        message = (
            f"a {form.value} query is answered as {', '.join(formats.values())}; the client takes {accept}"
        )
        raise UnsuitableFormat(message, offered=tuple(formats.values()))
    return by_name[asked]


def _to_the_page(request: Request, context: Context) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    query = request.query_params.get("query")
    tail = f"?{urlencode({'query': query})}" if query else ""
    address = f"{context.settings.public_path}/{language}/sparql{tail}"
    return RedirectResponse(address, status_code=303, headers={"Vary": "Accept, Accept-Language"})
