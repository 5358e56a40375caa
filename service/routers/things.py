# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""Linked data: every IRI of the project leads, below this host, to a page for people or a graph for programs.

`/id/…` (and `/def/…`, `/code/…`, `/shape/…`) answers 303: a thing is no document. Where to, the Accept header
says: to its page, or to `/data/…` with the suffix of a format.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from ..addresses import iri_of
from ..context import Context, InContext
from ..negotiation import HTML, preferred_language, preferred_type
from ..pages import things
from ..problems import NotFound
from ..store import GRAPH_FORMATS

router = APIRouter(tags=["things"])

Kind = Literal["id", "def", "code", "shape"]
Suffix = Literal["ttl", "jsonld", "nt", "rdf"]
_SUFFIX_OF: Final = {GRAPH_FORMATS[suffix]: suffix for suffix in ("ttl", "jsonld", "nt", "rdf")}
_ALSO_ASKED_AS: Final = {"application/json": "jsonld", "application/xml": "rdf", "text/plain": "nt"}
_SEE_OTHER: Final[dict[str, Any]] = {
    "status_code": 303,
    "response_class": Response,
    "responses": {
        303: {
            "description": "Its page, or its graph, as the Accept header asks",
            "headers": {
                "Location": {"required": True, "schema": {"type": "string", "format": "uri-reference"}}
            },
        }
    },
}


@router.get(
    "/data/{kind}/{path:path}.{suffix}",
    summary="A thing as a graph",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in _SUFFIX_OF}}},
)
def describe(context: InContext, kind: Kind, path: str, suffix: Suffix) -> Response:
    """Describe a thing: what it says, with its parts and the names of what it points to; what points to it."""
    iri = iri_of(kind, path)
    graph = things.graph_of(context.store, iri, suffix)
    return Response(graph, media_type=GRAPH_FORMATS[suffix], headers={"Link": f'<{iri}>; rel="about"'})


@router.get("/shape/{path:path}", summary="A rule: see its page, or its graph", **_SEE_OTHER)
@router.get("/code/{path:path}", summary="A code: see its page, or its graph", **_SEE_OTHER)
@router.get("/def/{path:path}", summary="A term of the ontology: see its page, or its graph", **_SEE_OTHER)
@router.get("/id/{path:path}", summary="A thing: see its page, or its graph", **_SEE_OTHER)
def see(
    request: Request,
    context: InContext,
    path: Annotated[str, Path(description="What stands behind this in the thing's IRI")],
) -> RedirectResponse:
    """Redirect to the page of a thing, or to its description in the format that the client prefers."""
    kind = request.scope["route"].path.split("/")[1]
    local = f"{kind}/{path}"
    iri = iri_of(kind, path)
    if not things.exists(context.store, iri):
        raise NotFound(f"nothing loaded here speaks of {iri}")
    asked = preferred_type(request.headers.get("accept"), [*_SUFFIX_OF, *_ALSO_ASKED_AS, HTML])
    if asked is None or asked == HTML:
        target = _page(context, request, iri, local)
    else:
        target = f"/data/{local}.{_SUFFIX_OF.get(asked) or _ALSO_ASKED_AS[asked]}"
    address = f"{context.settings.public_path}{target}"
    return RedirectResponse(address, 303, headers={"Vary": "Accept, Accept-Language"})


def _page(context: Context, request: Request, iri: str, local: str) -> str:
    language = preferred_language(request.headers.get("accept-language"))
    return f"/{language}/{things.page_of(context.store, iri) or local}"
