"""How often one client may ask: a bucket of requests that fills again at a steady rate, for each address.

What nobody asks of for long is full, so it need not be known; no more buckets are kept than fit. Several processes
that answer at one socket count together: it is not for the client to choose which of them it asks.
"""

from __future__ import annotations

import fcntl
import math
import mmap
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from struct import Struct
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from .problems import TooOften

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .settings import Rate

_MOST_CLIENTS: Final = 20_000
_WAYS: Final = 8
"""Places that one client may have."""
_PLACE: Final = Struct("<QddQ")
"""A bucket: the hash of a client's name (0: nobody's), requests left, when that was, and which use of all it was."""
_USES: Final = Struct("<Q")
"""How often any bucket was used; stands before them."""
_UNLIMITED: Final = ("/healthz", "/readyz", "/metrics")
"""What watches the service is never sent away."""
_NETWORK_BITS: Final = 64
"""Of an IPv6 address: one customer has all that begin so."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a client may: whether this request, how many more, and in how many seconds the next one."""

    given: bool
    left: int
    wait: float


class Buckets:
    """The buckets of the clients that asked last; processes that are forked from whoever made them share them.

    They stand in places of a fixed size, a few of which a client may have by the hash of its name: who comes new has
    the one that was used longest ago.
    """

    def __init__(self, rate: Rate, most_clients: int = _MOST_CLIENTS) -> None:
        self._rate = rate
        self._ways = min(_WAYS, most_clients)
        self._sets = max(1, most_clients // self._ways)
        self._file = TemporaryFile()  # noqa: SIM115 - it is there as long as the buckets are
        self._file.truncate(_USES.size + self._sets * self._ways * _PLACE.size)
        self._places = mmap.mmap(self._file.fileno(), 0)
        self._secret = secrets.token_bytes(16)

    def __len__(self) -> int:
        return sum(1 for name, _, _, _ in _PLACE.iter_unpack(self._places[_USES.size :]) if name)

    def take(self, client: str, now: float) -> Grant:
        """Take a request out of the bucket of a client, if there is one in it; all processes have the same `now`."""
        name = int.from_bytes(blake2b(client.encode(), digest_size=8, key=self._secret).digest()) or 1
        with self._alone():
            place, left, at = self._place_of(name, now)
            filled = min(self._rate.burst, left + (now - at) * self._rate.per_second)
            given = filled >= 1
            left = filled - 1 if given else filled
            uses = _USES.unpack_from(self._places)[0] + 1
            _USES.pack_into(self._places, 0, uses)
            _PLACE.pack_into(self._places, place, name, left, now, uses)
        if given:
            return Grant(given=True, left=int(left), wait=0)
        return Grant(given=False, left=0, wait=(1 - left) / self._rate.per_second)

    def _place_of(self, name: int, now: float) -> tuple[int, float, float]:
        """Return where the bucket of a name stands, what is left in it, and since when."""
        first = _USES.size + name % self._sets * self._ways * _PLACE.size
        oldest, oldest_use = first, math.inf
        for place in range(first, first + self._ways * _PLACE.size, _PLACE.size):
            there, left, at, use = _PLACE.unpack_from(self._places, place)
            if there == name:
                return place, left, at
            if use < oldest_use:
                oldest, oldest_use = place, use
        return oldest, self._rate.burst, now

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process change a bucket until the end of the block."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


class Limits:
    """Sends away who asks too often, and tells each client how much it may ask still.

    The headers are those of draft-ietf-httpapi-ratelimit-headers-10: the policy (`q` requests in `w` seconds) and
    what is left of it (`r`, whole again in `t` seconds).
    """

    def __init__(
        self, app: ASGIApp, rate: Rate, buckets: Buckets, tell: Callable[[Request, Exception], Response]
    ) -> None:
        self._app = app
        self._rate = rate
        self._tell = tell
        self._buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there are too many."""
        if scope["type"] != "http" or not self._rate.per_second or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        grant = self._buckets.take(customer_of((scope.get("client") or ("",))[0]), time.monotonic())

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


def customer_of(host: str) -> str:
    """Return what is one client by its address.

    >>> customer_of("192.0.2.1"), customer_of("2001:db8::1") == customer_of("2001:db8::ffff"), customer_of("")
    ('192.0.2.1', True, '')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> (128 - _NETWORK_BITS):x}"
    return host
