"""How often one client may ask: a bucket of requests that fills again at a steady rate, for each address.

What nobody asks of for long is full, so it need not be known; no more buckets are kept than fit. Everything happens
in the event loop of one process.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from .problems import TooOften

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .settings import Rate

_MOST_CLIENTS: Final = 20_000
_UNLIMITED: Final = ("/healthz", "/readyz", "/metrics")
"""What watches the service is never sent away."""
_NETWORK_BITS: Final = 64
"""Of an IPv6 address: one customer has all that begin so."""


@dataclass(slots=True)
class _Bucket:
    """Requests that a client may send now, as they were at a moment (of the monotonic clock)."""

    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Grant:
    """What a client may: whether this request, how many more, and in how many seconds the next one."""

    given: bool
    left: int
    wait: float


class Buckets:
    """The buckets of the clients that asked last."""

    def __init__(self, rate: Rate, most_clients: int = _MOST_CLIENTS) -> None:
        self._rate = rate
        self._most_clients = most_clients
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str, now: float) -> Grant:
        """Take a request out of the bucket of a client, if there is one in it."""
        bucket = self._buckets.setdefault(client, _Bucket(self._rate.burst, now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)
        filled = bucket.left + (now - bucket.at) * self._rate.per_second
        bucket.left, bucket.at = min(self._rate.burst, filled), now
        if bucket.left < 1:
            return Grant(given=False, left=0, wait=(1 - bucket.left) / self._rate.per_second)
        bucket.left -= 1
        return Grant(given=True, left=int(bucket.left), wait=0)


class Limits:
    """Sends away who asks too often, and tells each client how much it may ask still.

    The headers are those of draft-ietf-httpapi-ratelimit-headers-10: the policy (`q` requests in `w` seconds) and
    what is left of it (`r`, whole again in `t` seconds).
    """

    def __init__(self, app: ASGIApp, rate: Rate, tell: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._rate = rate
        self._tell = tell
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there are too many."""
        if scope["type"] != "http" or not self._rate.per_second or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        grant = self._buckets.take(_name_of((scope.get("client") or ("",))[0]), time.monotonic())

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers(grant))
            await send(message)

        if grant.given:
            await self._app(scope, receive, send_told)
        else:
            told = TooOften(
                f"more than {self._rate.burst:,} requests at once, or {self._rate.per_second:g} a second on and on: "
                "ask again in a while, and less often"
            )
            await self._tell(Request(scope, receive), told)(scope, receive, send_told)

    def _headers(self, grant: Grant) -> dict[str, str]:
        burst, per_second = self._rate.burst, self._rate.per_second
        whole_in = math.ceil((burst - grant.left) / per_second)
        told = {
            "RateLimit-Policy": f'"client";q={burst};w={math.ceil(burst / per_second)}',
            "RateLimit": f'"client";r={grant.left};t={whole_in}',
        }
        return told if grant.given else told | {"Retry-After": str(max(1, math.ceil(grant.wait)))}


def _name_of(host: str) -> str:
    """Return what is one client by its address.

    >>> _name_of("192.0.2.1"), _name_of("2001:db8::1") == _name_of("2001:db8::ffff"), _name_of("")
    ('192.0.2.1', True, '')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> (128 - _NETWORK_BITS):x}"
    return host
