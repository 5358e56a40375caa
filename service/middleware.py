"""What every request and answer gets, whatever it is about: who asks, safe headers, and an answer to HEAD."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from .problems import KINDS
from .store import Asker, ServiceStopping

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .attendance import Attendance

    Endpoint = Callable[[Request], Awaitable[Response]]
    Tell = Callable[[Request, Exception], Response]

_POLICY: Final = (
    b"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_FORESEEN: Final[tuple[type[Exception], ...]] = (*KINDS, HTTPException)
_SOON: Final = 0.05
"""Seconds after which somebody listens whether a client is still there: most have their answer by then."""


class SafeHeaders:
    """Adds headers that let a browser load nothing from elsewhere and guess nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _ in message["headers"]}
                more = [header for header in _HEADERS if header[0] not in there]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


class HeadAsGet:
    """Answers HEAD as GET without the body: polars and link checkers ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and leave out the body of the answer to HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {
                    "type": "http.response.body",
                    "body": b"",
                    "more_body": message.get("more_body", False),
                }
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


class Presence:
    """Says in the scope of a request who asks, as `asker`, and tells that asker when the client goes.

    Nobody listens to a client while it waits for its answer, so this does, and hands on what it hears.
    """

    def __init__(self, app: ASGIApp, attendance: Attendance) -> None:
        self._app = app
        self._attendance = attendance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and listen meanwhile."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asker = Asker((scope.get("client") or ("",))[0])
        hearing = _Hearing(receive, asker)
        try:
            with self._attendance.of(asker):
                await self._app({**scope, "asker": asker}, hearing.receive, send)
        finally:
            await hearing.end()


class _Hearing:
    """What a client says, and whether it goes: heard by whoever receives it, or else by us, from some time on."""

    def __init__(self, receive: Receive, asker: Asker) -> None:
        self._receive = receive
        self._asker = asker
        self._heard: asyncio.Queue[Message] = asyncio.Queue(
            maxsize=1
        )  # a long body comes as fast as it is read
        self._is_receiving = False
        self._listening: asyncio.Task[None] | None = None
        self._begin_later()

    async def receive(self) -> Message:
        """Return what the client says next."""
        if self._listening is not None:
            return await self._heard.get()
        self._is_receiving = True
        try:
            message = await self._receive()
        finally:
            self._is_receiving = False
        if message["type"] == "http.disconnect":
            self._asker.leave()
        return message

    async def end(self) -> None:
        """Listen no more."""
        self._beginning.cancel()
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    def _begin_later(self) -> None:
        self._beginning = asyncio.get_running_loop().call_later(_SOON, self._begin)

    def _begin(self) -> None:
        if self._is_receiving:  # whoever does hears it, too
            self._begin_later()
        else:
            self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        message = await self._receive()
        while message["type"] != "http.disconnect":
            await self._heard.put(message)
            message = await self._receive()
        self._asker.leave()
        while True:
            await self._heard.put(message)


class Farewell:
    """Tells those whose answers are given up because the service stops, instead of a fault of the service.

    Of an answer that has begun the rest does not come, and the connection ends: nobody takes it for whole.
    """

    def __init__(
        self, app: ASGIApp, attendance: Attendance, tell: Callable[[Request, Exception], Response]
    ) -> None:
        self._app = app
        self._attendance = attendance
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it when the work on it is given up."""
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except asyncio.CancelledError:
            if scope["type"] != "http" or not self._attendance.is_stopping:
                raise
            if not begun:
                told = ServiceStopping(
                    "the service was stopped before the answer was there: ask again in a while"
                )
                await self._tell(Request(scope, receive), told)(scope, receive, send)


class Directly:
    """Answers some addresses without having them looked for among all, and their parameters taken apart.

    For those that are asked often and answered quickly: the detour takes longer than the answer.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint], tell: Tell) -> None:
        """Answer by the endpoint of a method and path; `tell` answers errors that are foreseen."""
        self._app = app
        self._endpoints = endpoints
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        endpoint = self._endpoints.get((scope.get("method", ""), scope.get("path", "")))
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await endpoint(request)
        except _FORESEEN as error:
            response = self._tell(request, error)
        await response(scope, receive, send)
