# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/shacl`: posted data judged by the project's rules, or by posted shapes."""

from __future__ import annotations

import io
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from ..context import InContext
from ..negotiation import preferred_language, preferred_type
from ..problems import BadRequest, TooLarge, UnknownMediaType
from ..store import GRAPH_FORMATS, UnsuitableFormat
from ..validating.request import MOST_BYTES, REPORT_FORMATS, Asked, Posted

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(tags=["SHACL"])

_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_MEDIA_TYPES: Final = frozenset(GRAPH_FORMATS.values())
_UNTYPED: Final = frozenset({"", "application/octet-stream", "text/plain"})
"""What programs send a file as when they do not know its type: its name says more."""
_JSON: Final = re.compile(rb"\s*(?:\{|\[\s*\{)")
_PARTS: Final = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "string", "description": "The data, as RDF"},
        "shapes": {
            "type": "string",
            "description": "The shapes, as RDF; without them the project's rules judge",
        },
    },
}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        **{media_type: {"schema": {"type": "string"}} for media_type in GRAPH_FORMATS.values()},
        **{form: {"schema": _PARTS} for form in _FORMS},
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


@router.post("/shacl", summary="Judge data", responses=_RESPONSES, openapi_extra={"requestBody": _BODY})
async def judge(
    request: Request,
    context: InContext,
    format_: Annotated[str | None, Query(alias="format", description=" · ".join(REPORT_FORMATS))] = None,
) -> Response:
    """Judge data in the body by the project's rules, or in a form with `data` and `shapes` by those shapes.

    SHACL Core and SHACL-SPARQL. Nothing is fetched: no `owl:imports`, no JSON-LD context, no SERVICE. The report
    comes as the Accept header or the parameter `format` asks; text in Chinese or English by Accept-Language.
    """
    report = _report_format(format_, request.headers.get("accept"))
    data, shapes = _posted(request.headers.get("content-type", ""), await _body(request))
    language = preferred_language(request.headers.get("accept-language"))
    content = await context.judges.judge(Asked(data, shapes, report, language))
    return Response(content, media_type=report, headers={"Vary": "Accept, Accept-Language"})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge(f"a request may be {MOST_BYTES:,} bytes long; this one is longer")
    return bytes(body)


def _report_format(named: str | None, accept: str | None) -> str:
    offered = tuple(REPORT_FORMATS.values())
    found = REPORT_FORMATS.get(named) if named else preferred_type(accept, offered)
    if found is None:
        message = f"a report is written as {', '.join(offered)}, not as {named or accept}"
        raise UnsuitableFormat(message, offered=offered)
    return found


def _posted(content_type: str, body: bytes) -> tuple[Posted, Posted | None]:
    """Return the data and the shapes, if any, that a body holds."""
    media_type = _bare(content_type)
    if media_type not in _FORMS:
        return Posted("data", body, _media_type("data", content_type, "", body)), None
    parts = _parts(media_type, content_type, body)
    if "data" not in parts:
        raise BadRequest(f"send the data as a part or field `data`; there are: {', '.join(parts) or 'none'}")
    return parts["data"], parts.get("shapes")


def _parts(media_type: str, content_type: str, body: bytes) -> Mapping[str, Posted]:
    """Return the parts or fields of a form by name."""
    options = dict(re.findall(r';\s*(\w+)="?([^";]+)"?', content_type))
    parser = FormDataParser(max_form_memory_size=MOST_BYTES, max_form_parts=10, silent=False)
    try:
        _, fields, files = parser.parse(io.BytesIO(body), media_type, len(body), options)
    except RequestEntityTooLarge as error:
        raise TooLarge("a form has at most 10 parts: send `data` and `shapes`") from error
    except ValueError as error:
        raise BadRequest(f"the form cannot be read: {error}") from error
    parts = {name: (value.encode(errors="surrogateescape"), "", "") for name, value in fields.items()} | {
        name: (file.read(), file.content_type or "", file.filename or "") for name, file in files.items()
    }
    return {
        name: Posted(name, content, _media_type(name, sent_as, filename, content))
        for name, (content, sent_as, filename) in parts.items()
        if name in _PARTS["properties"]
    }


def _media_type(part: str, sent_as: str, filename: str, content: bytes) -> str:
    """Return the media type of a part: as it was sent; else as its file is named; else JSON-LD or Turtle by look."""
    bare = _bare(sent_as)
    if bare in _MEDIA_TYPES:
        return bare
    by_name = GRAPH_FORMATS.get(PurePosixPath(filename).suffix.removeprefix("."))
    if bare in _UNTYPED and by_name:
        return by_name
    if bare in _UNTYPED and not filename:
        return GRAPH_FORMATS["jsonld" if _JSON.match(content) else "ttl"]
    told = f"{bare or 'untyped'} ({filename})" if filename else bare
    raise UnknownMediaType(f"send the {part} as {', '.join(GRAPH_FORMATS.values())}; they came as {told}")


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
