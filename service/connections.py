"""Connections of clients that are slow, or send what never ends: each has its bounds, and so have all together.

A client that has to send or to take something spends its time, and earns it back by bytes: who goes on at less than
`SLOWEST` bytes a second has none left in the end. The head of a request earns nothing. What the service itself takes
its time for costs a client nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from . import problems
from .limits import customer_of

if TYPE_CHECKING:
    import asyncio

    from .metrics import Metrics

SLOWEST: Final = 1024
"""Bytes a second."""
LONGEST_HEAD: Final = 64 << 10
"""Bytes of a request before its body."""
LONGEST_BODY: Final = 64 << 20
"""Bytes of the body of any request: more than any address takes."""
_SHARE: Final = 4
"""One client has one in so many of the connections at most."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What clients may take of the connections."""

    seconds: float = 20
    """How long a client may take for the head of a request, or go on too slowly."""
    connections: int = 2000
    """Connections that are open at a time."""
    proxies: str = ""
    """Addresses and networks, with commas between them, of those who ask for many clients."""

    @property
    def of_one(self) -> int:
        """Connections of one client at most."""
        return max(1, self.connections // _SHARE)

    def shared_out(self, among: int) -> Allowance:
        """Return the part of one of several processes that answer together."""
        return replace(self, connections=max(1, self.connections // among))


class Connections:
    """The connections that are open, of one process and in its event loop."""

    def __init__(self, allowance: Allowance, metrics: Metrics) -> None:
        self.allowance = allowance
        self._metrics = metrics
        self._proxies = _TrustedHosts(allowance.proxies)
        self._open: set[BoundedProtocol] = set()
        self._of: Counter[str] = Counter()

    def protocol(self) -> type[HttpToolsProtocol]:
        """Return the protocol by which a connection is one of these."""
        return type("Protocol", (BoundedProtocol,), {"all": self})

    def have_room_for(self, host: str) -> bool:
        """Return whether a client may have one more."""
        if len(self._open) >= self.allowance.connections:
            return False
        return host in self._proxies or self._of[customer_of(host)] < self.allowance.of_one

    def add(self, connection: BoundedProtocol, host: str) -> None:
        """Have one more."""
        self._open.add(connection)
        self._of[customer_of(host)] += 1
        self._metrics.connections(len(self._open))

    def remove(self, connection: BoundedProtocol, host: str) -> None:
        """Have one less, if it is one of these."""
        if connection in self._open:
            self._open.remove(connection)
            self._of[customer_of(host)] -= 1
            self._of += Counter()  # forgets those who have none
            self._metrics.connections(len(self._open))

    def look(self, seconds: float) -> None:
        """See to all of them, so many seconds after it was done last."""
        for connection in tuple(self._open):
            connection.spend(seconds)

    def tell(self, why: str) -> None:
        """Tell that a connection was ended, and why."""
        self._metrics.connection_ended(why)


class _Stage(Enum):
    """What a client is about to send."""

    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    all: ClassVar[Connections]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or say that there are too many."""
        super().connection_made(transport)
        self._host = self.client[0] if self.client else ""
        self._is_over = False
        self._stage = _Stage.HEAD
        self._size = 0
        """Bytes of the head or of the body that have come."""
        self.received = 0
        """Bytes that have come in all."""
        self._received_before = 0
        """Bytes that had come when `spend` was called last."""
        self._to_take = 0
        """Bytes that the client had to take then."""
        self._seconds_left = self.all.allowance.seconds
        if self.all.have_room_for(self._host):
            self.all.add(self, self._host)
        else:
            self._end("full", problems.TooManyConnections(_FULL))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._is_over = True
        self.all.remove(self, self._host)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless it is too much."""
        if self._is_over:
            return
        self.received += len(data)
        super().data_received(data)
        if self._stage is _Stage.HEAD:
            self._size += len(data)
            self._refuse_a_long_head()
        elif self._stage is _Stage.NOTHING and self.cycle.response_complete:
            self._begin(
                _Stage.HEAD
            )  # what came began no request, and uvicorn no longer waits for the next one

    def on_message_begin(self) -> None:
        """Begin with the head of a request."""
        super().on_message_begin()
        self._begin(_Stage.HEAD)

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        self._refuse_a_long_head()
        if not self._is_over:
            super().on_headers_complete()
            self._begin(_Stage.BODY)

    def on_body(self, body: bytes) -> None:
        """Hand on a part of the body."""
        self._size += len(body)
        if self._size > LONGEST_BODY and not self._is_over:
            self._end("long-body", problems.TooLarge(_LONG_BODY))
        if not self._is_over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Let the client wait for its answer."""
        if not self._is_over:
            super().on_message_complete()
            self._begin(_Stage.NOTHING)

    def spend(self, seconds: float) -> None:
        """Let a client that has to do something spend its time, and end the connection when it has none left."""
        to_take = self.transport.get_write_buffer_size()
        if to_take > self._to_take:  # more was written, as it is when all before is taken
            self._seconds_left = self.all.allowance.seconds
        if to_take:
            self._pay(seconds, self._to_take - to_take)
        elif self._stage is _Stage.HEAD:
            self._pay(seconds, 0)
        elif self._stage is _Stage.BODY and not self.flow.read_paused:
            self._pay(seconds, self.received - self._received_before)
        self._to_take, self._received_before = to_take, self.received
        if self._seconds_left < 0:
            self._end_slow()

    def _begin(self, stage: _Stage) -> None:
        self._stage = stage
        self._size = 0
        self._seconds_left = self.all.allowance.seconds

    def _pay(self, seconds: float, size: int) -> None:
        left = self._seconds_left - seconds + max(0, size) / SLOWEST
        self._seconds_left = min(left, self.all.allowance.seconds)

    def _refuse_a_long_head(self) -> None:
        if self._size > LONGEST_HEAD and not self._is_over:
            self._end("long-head", problems.HeadTooLong(_LONG_HEAD))

    def _end_slow(self) -> None:
        if self._to_take:
            self._is_over = True
            self.all.tell("slow-answer")
            self.transport.abort()  # to close it would be to wait until all is taken
        elif not self._is_over:
            self._end(f"slow-{self._stage.value}", problems.TooSlow(_SLOW.format(self.all.allowance.seconds)))

    def _end(self, why: str, error: Exception) -> None:
        """End the connection; say why, unless it would be taken for another answer or nothing was asked."""
        self._is_over = True
        self.all.tell(why)
        asks_nothing = self._stage is _Stage.HEAD and not self._size and isinstance(error, problems.TooSlow)
        if self._would_hear() and not asks_nothing:
            self.transport.write(_as_answer(error))
        self.transport.close()

    def _would_hear(self) -> bool:
        """Return whether the client would take an answer now for that to the request that it sends."""
        if self.cycle is None:
            return True
        if self._stage is _Stage.HEAD:  # the cycle is that of the request before
            return bool(self.cycle.response_complete)
        return not self.cycle.response_started


def _as_answer(error: Exception) -> bytes:
    problem = problems.problem_of(error)
    body = json.dumps(problem.as_json("")).encode()
    status = HTTPStatus(problem.kind.status)
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Content-Type: {problems.MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(["Retry-After: 5"] if status is HTTPStatus.SERVICE_UNAVAILABLE else []),
    )
    return "\r\n".join([*lines, "", ""]).encode() + body


_FULL: Final = (
    "too many connections are open, of yours or of all: use those you have again, or come again in a while"
)
_LONG_HEAD: Final = (
    f"the address and the headers of a request may be {LONGEST_HEAD:,} bytes long, and these are longer: "
    "send a long query by POST"
)
_LONG_BODY: Final = (
    f"a request may be {LONGEST_BODY:,} bytes long, and this one is longer: send less at a time"
)
_SLOW: Final = (
    "the request came too slowly: {:g} s for its head, and " + f"{SLOWEST:,} bytes a second after that"
)
