# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/graph-store`: whole graphs, by the SPARQL 1.1 Graph Store HTTP Protocol. Read by all, written with a key.

A graph is named by `?graph=IRI`, or by the address itself: `/graph-store/disclosure/…` is the graph
`https://w3id.org/jixiao/graph/disclosure/…`, as `/id/…` is the thing.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from .. import writing
from ..context import Context, InContext
from ..posted_rdf import FORMS, posted, whole_body
from ..problems import BadRequest, NotFound
from ..sparql_protocol import answer_type
from ..store import GRAPH_FORMATS, Form
from ..validating.request import Posted

router = APIRouter(tags=["graph store"])

MOST_BYTES: Final = 50_000_000
_READ: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole graph",
        "content": {media_type: {} for media_type in GRAPH_FORMATS.values()},
    },
    404: {"description": "There is no such graph"},
}
_WRITTEN: Final[dict[int | str, dict[str, Any]]] = {
    201: {"description": "The graph is new"},
    204: {"description": "The graph is changed"},
    401: {"description": "No key, or one that does not hold"},
    403: {"description": "The service is read-only"},
    415: {"description": "The body is in a media type that is not read here"},
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {media_type: {"schema": {"type": "string"}} for media_type in GRAPH_FORMATS.values()}
    | {FORMS[0]: {"schema": {"type": "object"}}},
}
_TAKES_A_GRAPH: Final[dict[str, Any]] = {
    "status_code": 204,
    "responses": _WRITTEN,
    "openapi_extra": {"requestBody": _BODY},
}


def _named(
    request: Request,
    graph: Annotated[str | None, Query(description="The IRI of the graph")] = None,
    default: Annotated[
        str | None, Query(description="The graph of what was sent without a name: jxg:default")
    ] = None,
) -> str | None:
    """Return the IRI of the graph that a request is about; None where it names none."""
    path = request.path_params.get("path")
    names = [
        *([] if path is None else [f"{writing.GRAPHS}{path}"]),
        *([] if graph is None else [graph]),
        *([] if default is None else [writing.DEFAULT_GRAPH]),
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


def _admit(request: Request, context: InContext, named: Annotated[str | None, Depends(_named)]) -> None:
    change = f"{request.method} {named or 'a new graph'}"
    context.admit_writer(request.headers.get("authorization"), change)


async def _body(request: Request, admitted: Annotated[None, Depends(_admit)]) -> bytes:
    """Return the body; nothing of it is read before it is known that the client may write."""
    del admitted
    return await whole_body(request, MOST_BYTES)


Graph = Annotated[str, Depends(_named_for_sure)]
Body = Annotated[bytes, Depends(_body)]


@router.get("/graph-store", summary="A graph, by its IRI", responses=_READ)
@router.get("/graph-store/{path:path}", summary="A graph", responses=_READ)
def read(
    request: Request,
    context: InContext,
    graph: Graph,
    format_: Annotated[str | None, Query(alias="format", description=" · ".join(GRAPH_FORMATS))] = None,
) -> Response:
    """Return all that a graph holds, as the Accept header or the parameter `format` asks."""
    media_type = answer_type(Form.CONSTRUCT, format_, request.headers.get("accept"))
    _refuse_missing(context, graph)
    return Response(
        writing.graph_of(context.store, graph, media_type), media_type=media_type, headers={"Vary": "Accept"}
    )


@router.put("/graph-store", summary="Replace a graph, by its IRI", **_TAKES_A_GRAPH)
@router.put("/graph-store/{path:path}", summary="Replace a graph", **_TAKES_A_GRAPH)
def replace(request: Request, context: InContext, graph: Graph, body: Body) -> Response:
    """Let a graph hold the RDF in the body, and nothing else."""
    sent = _sent(request, body)
    status = _status(context, graph)
    writing.replace_graph(context.store, graph, sent)
    return Response(status_code=status)


@router.post("/graph-store", summary="Add to a graph, by its IRI, or make a new one", **_TAKES_A_GRAPH)
@router.post("/graph-store/{path:path}", summary="Add to a graph", **_TAKES_A_GRAPH)
def add(
    request: Request, context: InContext, named: Annotated[str | None, Depends(_named)], body: Body
) -> Response:
    """Add the RDF in the body to a graph; without a name a new graph is made, and told in `Location`."""
    graph = named or writing.new_graph()
    sent = _sent(request, body)
    status = _status(context, graph)
    writing.add_to_graph(context.store, graph, sent)
    return Response(status_code=status, headers={} if named else {"Location": graph})


@router.delete("/graph-store", summary="Remove a graph, by its IRI", status_code=204, responses=_WRITTEN)
@router.delete("/graph-store/{path:path}", summary="Remove a graph", status_code=204, responses=_WRITTEN)
def remove(context: InContext, graph: Graph, admitted: Annotated[None, Depends(_admit)]) -> Response:
    """Remove a graph with all that it holds."""
    del admitted
    _refuse_missing(context, graph)
    writing.remove_graph(context.store, graph)
    return Response(status_code=204)


def _sent(request: Request, body: bytes) -> tuple[Posted, ...]:
    return posted(request.headers.get("content-type", ""), body, alone="body")


def _status(context: Context, graph: str) -> int:
    return 204 if writing.graph_exists(context.store, graph) else 201


def _refuse_missing(context: Context, graph: str) -> None:
    if not writing.graph_exists(context.store, graph):
        raise NotFound(f"there is no graph {graph}, or it holds nothing")
