# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/graph-store`: whole graphs, by the SPARQL 1.1 Graph Store HTTP Protocol. Read by all, written with a key.

A graph is named by `?graph=IRI`, or by the address itself: `/graph-store/disclosure/…` is the graph
`https://w3id.org/jixiao/graph/disclosure/…`, as `/id/…` is the thing.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from .. import writing
from ..context import Context, InContext
from ..graph_states import Condition, graph_exists, graph_of, tag_of
from ..posted_rdf import FORMS, MOST_PARTS, posted, whole_body
from ..problems import BadRequest, NotFound
from ..sparql_protocol import answer_type
from ..store import GRAPH_FORMATS, Form
from ..validating.request import Posted

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(tags=["graph store"])

MOST_BYTES: Final = 50_000_000
_READ: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole graph",
        "content": {media_type: {} for media_type in GRAPH_FORMATS.values()},
    },
    404: {"description": "There is no such graph"},
    406: {"description": "A graph is not written in the format asked for"},
    413: {"description": "The graph is larger than one answer may be"},
}
_REMOVED: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "The graph is changed"},
    401: {"description": "No key, or one that does not hold"},
    403: {"description": "The service is read-only"},
    412: {"description": "The graph is not what `If-Match` or `If-None-Match` says; nothing was changed"},
}
_WRITTEN: Final[dict[int | str, dict[str, Any]]] = {
    **_REMOVED,
    201: {"description": "The graph is new"},
    413: {"description": f"The body is longer than {MOST_BYTES:,} bytes, or a form has too many parts"},
    415: {"description": "The body is in a media type that is not read here"},
}
_PARTS: Final = {
    "type": "object",
    "maxProperties": MOST_PARTS,
    "additionalProperties": {"type": "string", "format": "rdf"},
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {media_type: {"schema": {"type": "string"}} for media_type in GRAPH_FORMATS.values()}
    | {FORMS[0]: {"schema": _PARTS}},
}
_ON_CONDITION: Final[list[dict[str, Any]]] = [
    {
        "name": "If-Match",
        "in": "header",
        "description": "Only while the graph is as it was sent with one of these ETags; * for any that is there",
        "schema": {"type": "string"},
    },
    {
        "name": "If-None-Match",
        "in": "header",
        "description": "* makes a graph where there is none; ETags: only while the graph is as with none of them",
        "schema": {"type": "string"},
    },
]
_BY_ADDRESS: Final[list[dict[str, Any]]] = [
    {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "What stands behind …/graph/ in the IRI of the graph",
        "schema": {"type": "string"},
    }
]
_BY_IRI: Final[list[dict[str, Any]]] = [
    {
        "name": "graph",
        "in": "query",
        "description": "The IRI of the graph; this or `default`",
        "schema": {"type": "string", "format": "iri"},
    },
    {
        "name": "default",
        "in": "query",
        "description": "The graph of what was sent without a name (jxg:default), whatever the value",
        "allowEmptyValue": True,
        "schema": {"type": "string"},
    },
]


def _admit(request: Request, context: InContext) -> None:
    """Refuse who may not write, before anything else is looked at."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    context.admit_writer(request.headers.get("authorization"), f"{request.method} {asked}")


def _written(
    parameters: list[dict[str, Any]], responses: dict[int | str, dict[str, Any]] = _WRITTEN
) -> dict[str, Any]:
    """Return what writing takes and answers, where a graph is named by these parameters."""
    return {
        "status_code": 204,
        "dependencies": [Depends(_admit)],
        "responses": responses,
        "openapi_extra": {"security": [{"key": []}], "parameters": [*parameters, *_ON_CONDITION]},
    }


def _taking_a_graph(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    written = _written(parameters)
    return written | {"openapi_extra": {**written["openapi_extra"], "requestBody": _BODY}}


def _named(request: Request) -> str | None:
    """Return the IRI of the graph that a request is about; None where it names none."""
    path, asked = request.path_params.get("path"), request.query_params
    names = [
        *([] if path is None else [f"{writing.GRAPHS}{path}"]),
        *asked.getlist("graph"),
        *([writing.DEFAULT_GRAPH] if "default" in asked else []),
    ]
    if len(names) > 1:
        raise BadRequest("name one graph: by the address, by `graph`, or by `default`")
    return names[0] if names else None


def _named_for_sure(named: Annotated[str | None, Depends(_named)]) -> str:
    if named is None:
        raise BadRequest(
            "name a graph: `?graph=` and its IRI, `?default`, or /graph-store/ and the end of its IRI"
        )
    return named


async def _body(request: Request) -> bytes:
    return await whole_body(request, MOST_BYTES)


Graph = Annotated[str, Depends(_named_for_sure)]
Body = Annotated[bytes, Depends(_body)]


@router.get(
    "/graph-store",
    summary="A graph, by its IRI",
    response_class=Response,
    responses=_READ,
    openapi_extra={"parameters": _BY_IRI},
)
@router.get(
    "/graph-store/{path:path}",
    summary="A graph",
    response_class=Response,
    responses=_READ,
    openapi_extra={"parameters": _BY_ADDRESS},
)
def read(
    request: Request,
    context: InContext,
    graph: Graph,
    format_: Annotated[str, Query(alias="format", json_schema_extra={"enum": ["", *GRAPH_FORMATS]})] = "",
) -> Response:
    """Return all that a graph holds, as the Accept header or the parameter `format` asks."""
    media_type = answer_type(Form.CONSTRUCT, format_, request.headers.get("accept"))
    _refuse_missing(context, graph)
    content = graph_of(context.store, graph, media_type)
    tag = tag_of(content, media_type, request.headers.get("accept-encoding", ""))
    return Response(content, media_type=media_type, headers={"Vary": "Accept", "ETag": tag})


@router.put("/graph-store", summary="Replace a graph, by its IRI", **_taking_a_graph(_BY_IRI))
@router.put("/graph-store/{path:path}", summary="Replace a graph", **_taking_a_graph(_BY_ADDRESS))
def replace(request: Request, context: InContext, graph: Graph, body: Body) -> Response:
    """Let a graph hold the RDF in the body, and nothing else."""
    sent = _sent(request, body)
    with _condition(request, context) as condition:
        was_there = writing.replace_graph(context.store, graph, sent, condition)
    return Response(status_code=204 if was_there else 201)


@router.post(
    "/graph-store", summary="Add to a graph, by its IRI, or make a new one", **_taking_a_graph(_BY_IRI)
)
@router.post("/graph-store/{path:path}", summary="Add to a graph", **_taking_a_graph(_BY_ADDRESS))
def add(
    request: Request, context: InContext, named: Annotated[str | None, Depends(_named)], body: Body
) -> Response:
    """Add the RDF in the body to a graph; without a name a new graph is made, and told in `Location`."""
    graph = writing.new_graph() if named is None else named
    sent = _sent(request, body)
    with _condition(request, context) as condition:
        was_there = writing.add_to_graph(context.store, graph, sent, condition)
    headers = {"Location": graph} if named is None else {}
    return Response(status_code=204 if was_there else 201, headers=headers)


@router.delete("/graph-store", summary="Remove a graph, by its IRI", **_written(_BY_IRI, _REMOVED))
@router.delete("/graph-store/{path:path}", summary="Remove a graph", **_written(_BY_ADDRESS, _REMOVED))
def remove(request: Request, context: InContext, graph: Graph) -> Response:
    """Remove a graph with all that it holds."""
    _refuse_missing(context, graph)
    with _condition(request, context) as condition:
        writing.remove_graph(context.store, graph, condition)
    return Response(status_code=204)


def _sent(request: Request, body: bytes) -> tuple[Posted, ...]:
    return posted(request.headers.get("content-type", ""), body, alone="body")


@contextmanager
def _condition(request: Request, context: Context) -> Iterator[Condition]:
    """Yield on which condition a request changes a graph, when it is its turn: such changes are made one by one."""
    condition = Condition.of(request.headers)
    turn = context.graph_writers.place(request.scope["asker"], writing.SECONDS)
    with turn if condition else nullcontext():
        yield condition


def _refuse_missing(context: Context, graph: str) -> None:
    if not graph_exists(context.store, graph):
        raise NotFound(f"there is no graph {graph}, or it holds nothing")
