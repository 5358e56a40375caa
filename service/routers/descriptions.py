# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/.well-known/void` and `/catalog.ttl`: the data set for programs that look for data sets."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response

from ontology.jsonld_context import context as jsonld_context

from ..context import InContext
from ..descriptions.dataset import dcat_catalogue, void_description
from ..descriptions.executables import executables
from ..descriptions.writing_out import written_out
from ..others.catalogue import entries
from ..sparql_protocol import answer_type
from ..store import GRAPH_FORMATS, Form

router = APIRouter(tags=["descriptions"])

Suffix = Literal["ttl", "jsonld", "nt", "rdf"]
_CONTENT: Final[dict[str, Any]] = {GRAPH_FORMATS[suffix]: {} for suffix in ("ttl", "jsonld", "nt", "rdf")}
_NEGOTIATED: Final[dict[str, Any]] = {media_type: {} for media_type in GRAPH_FORMATS.values()}


@router.get(
    "/.well-known/void",
    summary="The data set in VoID",
    response_class=Response,
    responses={
        200: {"content": _NEGOTIATED},
        406: {"description": "It is not written in the format asked for"},
        503: {"description": "It is being counted"},
    },
)
def describe_data_set(request: Request, context: InContext) -> Response:
    """Say how many statements there are, of which classes and properties, and to which other data they link."""
    media_type = answer_type(Form.CONSTRUCT, None, request.headers.get("accept"))
    site = context.site_of(request)
    graph = void_description(context.counting.of(context.store), entries(context.store), site)
    graph += executables(context.questions.values(), site)
    return Response(written_out(graph, media_type), media_type=media_type, headers={"Vary": "Accept"})


@router.get(
    "/catalog.{suffix}",
    summary="The catalogue in DCAT 3",
    response_class=Response,
    responses={200: {"content": _CONTENT}},
)
def list_data_sets(request: Request, context: InContext, suffix: Suffix) -> Response:
    """List the data set, each document with its address, and the endpoints."""
    graph = dcat_catalogue(context.store, context.site_of(request))
    media_type = GRAPH_FORMATS[suffix]
    return Response(written_out(graph, media_type), media_type=media_type)


@router.get(
    "/context.jsonld",
    summary="The JSON-LD context",
    response_class=Response,
    responses={200: {"content": {GRAPH_FORMATS["jsonld"]: {}}}},
)
def tell_json_ld_context() -> Response:
    """Say what the names of our terms mean in JSON: JSON that is written in them is RDF with this context."""
    told = json.dumps({"@context": dict(jsonld_context())}, ensure_ascii=False, indent=1)
    return Response(told + "\n", media_type=GRAPH_FORMATS["jsonld"])
