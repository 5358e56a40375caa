"""What is told of each request when it is answered, to whoever counts requests or writes them down.

A request has an id: the client's, from `X-Request-ID`, or one of ours. It is in the answer, in the problem where the
answer is one, and in the log, so that what somebody complains of can be found.
"""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ID_HEADER: Final = "X-Request-ID"
_ID: Final = re.compile(r"[A-Za-z0-9._:@+/=-]{1,64}")
_GONE: Final = 499
"""The status that is told where a client went before it was answered."""


@dataclass(slots=True)
class Account:
    """What is known of a request while it is answered, in its scope as `account`."""

    id: str
    query: str = ""
    """What stands for the text of a query: the same for the same text."""
    problem: str = ""
    """The kind of problem that is the answer."""

    def asks(self, sparql: str) -> None:
        """Know the query of the request, not in its words: they may be long, or nobody else's business."""
        self.query = hashlib.sha256(sparql.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Told:
    """A request that was answered."""

    account: Account
    client: str
    method: str
    path: str
    """Without what stands behind the question mark."""
    route: str
    """The template that the path fits, empty for none."""
    status: int
    seconds: float
    size: int
    """Bytes of the body as they were sent."""


class Routes:
    """The templates of addresses, in the order in which they are tried."""

    def __init__(self, templates: Iterable[tuple[re.Pattern[str], str]]) -> None:
        self._templates = tuple(templates)

    def of(self, path: str) -> str:
        """Return the template that a path fits, empty for none."""
        return next((template for form, template in self._templates if form.match(path)), "")


class Witness:
    """Tells of each request when it is answered, and gives it its id."""

    def __init__(self, app: ASGIApp, routes: Routes, hear: Callable[[Told], None]) -> None:
        self._app = app
        self._routes = routes
        self._hear = hear

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        account = scope["account"] = Account(_id_of(Headers(scope=scope).get(ID_HEADER, "")))
        sent = _Sent(send, account.id)
        begun = time.perf_counter()
        try:
            await self._app(scope, receive, sent.take)
        except Exception:
            sent.status = 500
            raise
        finally:
            self._hear(
                Told(
                    account,
                    client=(scope.get("client") or ("",))[0],
                    method=scope["method"],
                    path=scope["path"],
                    route=self._routes.of(scope["path"]),
                    status=sent.status,
                    seconds=time.perf_counter() - begun,
                    size=sent.size,
                )
            )


@dataclass(slots=True)
class _Sent:
    """What was sent of an answer."""

    send: Send
    id: str
    status: int = _GONE
    size: int = 0

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[ID_HEADER] = self.id
        else:
            self.size += len(message.get("body", b""))
        await self.send(message)


def _id_of(given: str) -> str:
    """Return the id that a client gave, if it is one; a log is no place for all else.

    >>> _id_of("portal-17"), len(_id_of("two words")), _id_of("x" * 65) == _id_of("x" * 65)
    ('portal-17', 16, False)
    """
    return given if _ID.fullmatch(given) else uuid.uuid4().hex[:16]
