"""What every request and answer gets, whatever it is about: who asks, safe headers, and an answer to HEAD."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from .store import Asker, ServiceStopping

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .attendance import Attendance

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SafeHeaders:
    """Adds headers that let a browser load nothing from elsewhere and guess nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
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
        heard: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)  # a long body comes as fast as it is read
        asker = Asker((scope.get("client") or ("",))[0])
        listening = asyncio.create_task(_listen(receive, heard, asker))
        try:
            with self._attendance.of(asker):
                await self._app({**scope, "asker": asker}, heard.get, send)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


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


async def _listen(receive: Receive, heard: asyncio.Queue[Message], asker: Asker) -> None:
    message = await receive()
    while message["type"] != "http.disconnect":
        await heard.put(message)
        message = await receive()
    asker.leave()
    while True:
        await heard.put(message)
