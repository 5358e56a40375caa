"""Bodies of requests that carry RDF: by themselves, or as parts or fields of a form."""

from __future__ import annotations

import io
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from .problems import BadRequest, TooLarge, UnknownMediaType
from .store import GRAPH_FORMATS, QueryAbandoned
from .validating.request import Posted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from starlette.requests import Request

FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_MEDIA_TYPES: Final = frozenset(GRAPH_FORMATS.values())
_UNTYPED: Final = frozenset({"", "application/octet-stream", "text/plain"})
"""What programs send a file as when they do not know its type: its name says more."""
_JSON: Final = re.compile(rb"\s*(?:\{|\[\s*\{)")
MOST_PARTS: Final = 10


async def whole_body(request: Request, most_bytes: int) -> bytes:
    """Return the body of a request. Raises `TooLarge` as soon as more has come, `UnknownMediaType` if packed."""
    coding = request.headers.get("content-encoding", "identity")
    if coding.lower() != "identity":
        raise UnknownMediaType(f"send the body as it is: Content-Encoding {coding} is not read here")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise TooLarge(f"a request may be {most_bytes:,} bytes long; this one is longer")
    except ClientDisconnect:
        raise QueryAbandoned("the client went before its request had come") from None
    return bytes(body)


def posted(content_type: str, body: bytes, *, alone: str, parts: Collection[str] = ()) -> tuple[Posted, ...]:
    """Return the RDF of a body, which is called `alone` where it is no form.

    Of a form, the parts of these names are read, and all of them where no names are given.
    """
    media_type = _bare(content_type)
    if not (media_type or body):
        raise BadRequest(f"nothing was sent: send the {alone} in the body, and its type as Content-Type")
    if media_type not in FORMS:
        return (Posted(alone, body, _media_type(alone, content_type, "", body)),)
    return tuple(
        Posted(name, content, _media_type(name, sent_as, filename, content))
        for name, content, sent_as, filename in _parts(media_type, content_type, body)
        if not parts or name in parts
    )


def _parts(media_type: str, content_type: str, body: bytes) -> Iterator[tuple[str, bytes, str, str]]:
    """Yield the parts or fields of a form: name, content, media type and file name, the last two if they are told."""
    options = dict(re.findall(r';\s*(\w+)="?([^";]+)"?', content_type))
    parser = FormDataParser(max_form_memory_size=len(body) + 1, max_form_parts=MOST_PARTS, silent=False)
    try:
        _, fields, files = parser.parse(io.BytesIO(body), media_type, len(body), options)
    except RequestEntityTooLarge as error:
        raise TooLarge(f"a form has at most {MOST_PARTS} parts here") from error
    except ValueError as error:
        raise BadRequest(f"the form cannot be read: {error}") from error
    for name, value in fields.items(multi=True):
        yield name, value.encode(errors="surrogateescape"), "", ""
    for name, file in files.items(multi=True):
        yield name, file.read(), file.content_type or "", file.filename or ""


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
