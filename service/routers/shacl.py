# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/shacl`: posted data judged by the project's rules, or by posted shapes."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from ..context import InContext
from ..negotiation import preferred_language, preferred_type
from ..posted_rdf import FORMS, posted, whole_body
from ..problems import BadRequest
from ..store import GRAPH_FORMATS, UnsuitableFormat
from ..validating.request import MOST_BYTES, REPORT_FORMATS, Asked, Posted

router = APIRouter(tags=["SHACL"])

_PARTS: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "string", "format": "rdf", "description": "The data, as RDF"},
        "shapes": {
            "type": "string",
            "format": "rdf",
            "description": "The shapes, as RDF; without them the project's rules judge",
        },
    },
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        **{media_type: {"schema": {"type": "string"}} for media_type in GRAPH_FORMATS.values()},
        **{form: {"schema": _PARTS} for form in FORMS},
    },
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole report, whether the data conform or not",
        "content": {media_type: {} for media_type in REPORT_FORMATS.values()},
    },
    400: {
        "description": "The data or the shapes are no RDF, or the shapes are malformed (a failure in SHACL)"
    },
    403: {"description": "The shapes would fetch (SERVICE, FROM) or run JavaScript"},
    406: {"description": "There is no report in the format asked for"},
    413: {
        "description": "Too many bytes or triples, or judging takes more time or memory than one request may"
    },
    415: {"description": "The body is in a media type that is not read here"},
    503: {"description": "Too many requests wait already"},
}


@router.post(
    "/shacl",
    summary="Judge data",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra={"requestBody": _BODY},
)
async def judge(
    request: Request,
    context: InContext,
    format_: Annotated[str, Query(alias="format", json_schema_extra={"enum": ["", *REPORT_FORMATS]})] = "",
) -> Response:
    """Judge data in the body by the project's rules, or in a form with `data` and `shapes` by those shapes.

    SHACL Core and SHACL-SPARQL. Nothing is fetched: no `owl:imports`, no JSON-LD context, no SERVICE. The report
    comes as the Accept header or the parameter `format` asks; text in Chinese or English by Accept-Language.
    """
    report = _report_format(format_, request.headers.get("accept"))
    data, shapes = _posted(request.headers.get("content-type", ""), await whole_body(request, MOST_BYTES))
    language = preferred_language(request.headers.get("accept-language"))
    content = await context.judges.judge(Asked(data, shapes, report, language))
    return Response(content, media_type=report, headers={"Vary": "Accept, Accept-Language"})


def _report_format(named: str, accept: str | None) -> str:
    offered = tuple(REPORT_FORMATS.values())
    found = REPORT_FORMATS.get(named) if named else preferred_type(accept, offered)
    if found is None:
        message = f"a report is written as {', '.join(offered)}, not as {named or accept}"
        raise UnsuitableFormat(message, offered=offered)
    return found


def _posted(content_type: str, body: bytes) -> tuple[Posted, Posted | None]:
    """Return the data and the shapes, if any, that a body holds."""
    parts = {one.name: one for one in posted(content_type, body, alone="data", parts=_PARTS["properties"])}
    if "data" not in parts:
        raise BadRequest(f"send the data as a part or field `data`; there are: {', '.join(parts) or 'none'}")
    return parts["data"], parts.get("shapes")
