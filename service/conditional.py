"""Answers that a client has already, and parts of answers: ETag, If-None-Match and Range (RFC 9110, 13 and 14).

The tag of an answer is made of what was asked and of the version of the data, so whether a client's copy is still
right is known without asking the store more than its version. Bodies are kept for a while (`kept_answers`): polars
reads a CSV file by HEAD and then in ranges, and all of them must be of one answer. Queries that are sent by POST are
answered from what is kept too, without tags: what POST answers is no state of what it is sent to.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

from .kept_answers import ASKED, MOST_BYTES, KeptAnswer, KeptAnswers
from .loading import turns
from .store import StoreError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .store import Store

_ALWAYS_ANEW: Final = ("/healthz", "/readyz", "/metrics", "/assets/")
_TAKES_QUERIES: Final = "/sparql"
_OF_GRAPHS: Final = "/graph-store"
"""Addresses whose answers come with a tag of their own, which is another for each way in which they are packed."""
_PACKED: Final = ("accept-encoding",)
_LONGEST_KEPT: Final = 20_000
"""Bytes of a query beyond which it is passed on unread."""
_ASKED_WITH: Final = ("host", "accept", "accept-language", "x-forwarded-proto")
"""Headers on which an answer may hang."""
_OF_ITS_MOMENT: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\s*\(|\bSERVICE\b", re.IGNORECASE)
"""Functions of SPARQL whose value is another each time, and what asks others, whose data change unseen."""
_OF_ITS_DAY: Final = re.compile(r"^/(?:zh|en)/queries/|\.bib$")
"""Addresses whose answers say on which day they were read."""
_TAG: Final = re.compile(r'"([^"]*)"')
_RANGE: Final = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))")


@dataclass(frozen=True, slots=True)
class _Part:
    """The bytes from `start` up to, and without, `end`."""

    start: int
    end: int


class Conditional:
    """Tags what is made of the data, answers 304 to who has it, and cuts out the range that is asked for."""

    def __init__(self, app: ASGIApp, store: Store, build: str, among: int = 1) -> None:
        """Tag for answers of `app` from `store`; `build` stands for the program that makes them.

        `among`: how many processes keep answers as this one does, and share the memory for them.
        """
        self._app = app
        self._store = store
        self._build = build
        self._kept = KeptAnswers(MOST_BYTES // among)
        self._version = _Version("", "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept or by the application, as the conditions of the request say."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == _TAKES_QUERIES:
            await self._answer_query(scope, receive, send)
            return
        asked = await self._asked(scope)
        if not asked:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (known := _known_tag(headers, asked)) is not None:
            await _send_unchanged(send, known)
            return
        answer = await self._answer({**scope, ASKED: asked}, receive, send, asked)
        if answer is not None and answer.is_exact and answer.tag[1:-1] in _tags(headers):
            await _send_unchanged(send, answer.tag)
        elif answer is not None:
            await _send_answer(send, answer, headers)

    async def _answer_query(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = await _begun(receive)
        asked = "" if sent.body is None else await self._key(scope, sent.body, ("content-type",))
        if not asked:
            await self._app(scope, sent.again(receive), send)
        elif (answer := await self._answer(scope, sent.again(receive), send, asked)) is not None:
            await _send_again(send, answer)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, asked: str) -> KeptAnswer | None:
        """Return the answer to what is asked; None where the application has sent it."""
        answer = self._kept.get(asked)
        if answer is None:
            gathered = _Gathered(send, asked)
            await self._app(scope, receive, gathered.take)
            if (answer := gathered.answer()) is not None:
                self._kept.keep(asked, answer)
        return answer

    async def _asked(self, scope: Scope) -> str:
        """Return what stands for a request and the data it is asked of, empty where answers are no one's to keep."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(_ALWAYS_ANEW):
            return ""
        return await self._key(scope, b"", _PACKED if scope["path"].startswith(_OF_GRAPHS) else ())

    async def _key(self, scope: Scope, body: bytes, asked_with: tuple[str, ...] = ()) -> str:
        encoded = f"{scope['query_string'].decode('latin-1')}\n{body.decode('latin-1')}"
        if _OF_ITS_MOMENT.search(unquote_plus(encoded)):
            return ""
        try:
            version = await self._version_of(self._store.asked_by(scope["asker"]))
        except StoreError:
            return ""  # whoever answers says what is wrong with the store
        if not version:
            return ""
        headers = Headers(scope=scope)
        told = [scope["method"], scope["path"], encoded, version, self._build]
        if _OF_ITS_DAY.search(scope["path"]):
            told.append(datetime.now(UTC).date().isoformat())
        told += [headers.get(name, "") for name in (*_ASKED_WITH, *asked_with)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]

    async def _version_of(self, store: Store) -> str:
        """Return the version of the data, which a store that knows its moment is asked for once."""
        moment = store.moment()
        known = self._version
        if moment and moment == known.moment:
            return known.version
        version = await run_in_threadpool(turns.version_of, store)
        self._version = _Version(moment, version)
        return version


@dataclass(frozen=True, slots=True)
class _Version:
    """The version of the data that a store has at a moment."""

    moment: str
    version: str


@dataclass(slots=True)
class _Sent:
    """What was received of a request; its body, if that is whole and short."""

    messages: list[Message]
    body: bytes | None

    def again(self, receive: Receive) -> Receive:
        """Return what lets another receive it, and all that comes after it."""
        heard = iter(self.messages)

        async def receive_again() -> Message:
            for message in heard:
                return message
            return await receive()

        return receive_again


async def _begun(receive: Receive) -> _Sent:
    """Receive a request until it is whole, or longer than what is kept of it."""
    messages: list[Message] = []
    parts: list[bytes] = []
    while sum(map(len, parts)) <= _LONGEST_KEPT:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return _Sent(messages, b"".join(parts))
    return _Sent(messages, None)


@dataclass(slots=True)
class _Gathered:
    """An answer as it comes from the application; what is no whole 200 is passed on as it comes."""

    send: Send
    asked: str
    start: Message | None = None
    passed_on: bool = False
    body: list[bytes] = field(default_factory=list)

    async def take(self, message: Message) -> None:
        """Take a message: keep those of a 200 that comes at once, pass on all others."""
        if message["type"] == "http.response.start" and self._may_be_kept(message):
            self.start = message
        elif self.start is None or self.passed_on:
            await self.send(message)
        elif message.get("more_body", False):
            self.passed_on = True
            await self.send(self.start)
            await self.send(message)
        else:
            self.body.append(message.get("body", b""))

    def _may_be_kept(self, message: Message) -> bool:
        headers = Headers(raw=message["headers"])
        sees_to_ranges = "accept-ranges" in headers  # a file, which sees to its tag and conditions as well
        return message["status"] == 200 and not sees_to_ranges and "set-cookie" not in headers

    def answer(self) -> KeptAnswer | None:
        """Return the whole answer; None where it went to the client already."""
        if self.start is None or self.passed_on or not self.body:
            return None
        body = b"".join(self.body)
        if own := Headers(raw=self.start["headers"]).get("etag"):
            return KeptAnswer(tuple(self.start["headers"]), body, own, is_exact=True)
        tag = f'"{self.asked}-{hashlib.sha256(body).hexdigest()[:16]}"'
        return KeptAnswer(tuple(self.start["headers"]), body, tag)


def _known_tag(headers: Headers, asked: str) -> str | None:
    """Return the tag by which a client has the answer to what is asked already (compared weakly)."""
    return next((f'W/"{tag}"' for tag in _tags(headers) if tag.partition("-")[0] == asked), None)


def _tags(headers: Headers) -> list[str]:
    return _TAG.findall(headers.get("if-none-match", ""))


async def _send_unchanged(send: Send, tag: str) -> None:
    headers = [(b"etag", tag.encode("latin-1")), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _send_again(send: Send, answer: KeptAnswer) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})


async def _send_answer(send: Send, answer: KeptAnswer, asked: Headers) -> None:
    headers = MutableHeaders(raw=list(answer.headers))
    compressed = asked.get("accept-encoding", "identity") != "identity"
    headers["ETag"] = f"W/{answer.tag}" if compressed and not answer.is_exact else answer.tag
    headers.setdefault("Cache-Control", "no-cache")
    headers["Accept-Ranges"] = "bytes"
    length = len(answer.body)
    status, part = _status_and_part(asked, answer)
    if status == 206:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{length}"
    elif status == 416:
        headers["Content-Range"] = f"bytes */{length}"
    body = answer.body[part.start : part.end]
    headers["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


def _status_and_part(asked: Headers, answer: KeptAnswer) -> tuple[int, _Part]:
    """Return the status and the bytes to send; ranges that are not understood, or of another answer, give all."""
    length = len(answer.body)
    found = _RANGE.fullmatch(asked.get("range", ""))
    if found is None or asked.get("if-range", answer.tag) != answer.tag:
        return 200, _Part(0, length)
    first, last, suffix = found.groups()
    if first is None:
        part = _Part(max(0, length - int(suffix)), length)
    else:
        part = _Part(int(first), min(length, int(last) + 1) if last else length)
    return (206, part) if part.start < part.end else (416, _Part(0, 0))
