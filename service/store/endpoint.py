"""An address that speaks the SPARQL 1.1 protocol: what is sent to it, and what is said where it does not answer.

Knows nothing of what is asked: texts go in, bytes come out, whole or an error. User and password never stand in
an address that is told.
"""

from __future__ import annotations

import ast
import logging
import math
import re
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError

from SPARQLWrapper import BASIC, DIGEST, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException, Unauthorized

from .errors import AnswerTooLarge, EndpointFailed, EndpointTooSlow, StoreError, StoreUnavailable
from .query_text import syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message

    from .access import Address

log = logging.getLogger(__name__)

_CHUNK: Final = 1 << 16
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries."""
_DEADLOCK: Final = re.compile(r"Virtuoso 4000[12]\b")
"""What Virtuoso says where two changes were in each other's way and this one was undone."""
_TIMED_OUT: Final = re.compile(r"Virtuoso S1T\d\d\b")
"""What it says where it ended a query at its own deadline."""
_BUSY: Final = frozenset({429, 502, 503, 504})
"""Status codes by which an endpoint, or a proxy before it, says that it may answer later."""
_REALM: Final = re.compile(r'realm="([^"]*)"', re.IGNORECASE)
_QUERY, _UPDATE = "SELECT", "INSERT"


@dataclass(frozen=True, slots=True)
class Sent:
    """What an endpoint sent back, whole."""

    content: bytes
    headers: Message


class Endpoint:
    """An endpoint that has `seconds` for an answer, of `size` bytes at most (None: any)."""

    def __init__(self, address: Address, seconds: float, size: int | None = None) -> None:
        self.address = address
        self._seconds = seconds
        self._size = size
        self.patience = 0.0
        """Seconds for which it is asked again where it does not answer: all that is sent may be sent twice."""
        self._challenge: Mapping[str, str] = {}
        """How the endpoint wants to know who we are, once it has asked, by the address that asked."""

    def ask(self, sparql: str, accept: str, parameters: Iterable[tuple[str, str]] = ()) -> Sent:
        """Return the answer to a query. Raises `QuerySyntaxError`, `StoreUnavailable` and its like."""
        request = self._request(sparql, _QUERY, URLENCODED)
        request.addCustomHttpHeader("Accept", accept)
        for name, value in parameters:
            request.addParameter(name, value)
        return self._patiently(request, self.address.query)

    def change(self, update: str) -> None:
        """Run an update. Raises `QuerySyntaxError`, `StoreUnavailable` and its like."""
        self._patiently(self._request(update, _UPDATE, POSTDIRECTLY), self.address.update)

    def _request(self, text: str, operation: str, method: str) -> SPARQLWrapper:
        request = SPARQLWrapper(self.address.query, self.address.update, agent="jixiao")
        request.setMethod(POST)
        request.setRequestMethod(method)
        request.setOnlyConneg(True)
        request.setTimeout(math.ceil(self._seconds))
        request.queryString = text
        # set by hand: the library guesses it with a regular expression that comments and prefixes can mislead
        request.queryType = operation
        return request

    def _patiently(self, request: SPARQLWrapper, address: str) -> Sent:
        """Return what the endpoint sends back, asking again after longer and longer pauses where it sends nothing."""
        end, pause = time.monotonic() + self.patience, _FIRST_PAUSE
        while True:
            try:
                return self._answer(request, address)
            except EndpointFailed:
                raise
            except StoreUnavailable as error:
                if time.monotonic() + pause > end:
                    raise
                log.warning("trying again in %g s: %s", pause, error)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _answer(self, request: SPARQLWrapper, address: str) -> Sent:
        """Return what the endpoint at `address`, where the request goes, sends back."""
        try:
            return self._sent(request, address)
        except QueryBadFormed as error:
            raise syntax_error(f"{address}: {_own_words(error)}") from error
        except Unauthorized as error:
            raise EndpointFailed(_WHO.format(address=address)) from error
        except HTTPError as error:
            raise _told_by_status(error, address) from error
        except SPARQLWrapperException as error:
            raise _told_by_words(_own_words(error), address) from error
        except TimeoutError as error:
            raise EndpointTooSlow(_TOO_SLOW.format(address=address, seconds=self._seconds)) from error
        except (HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise EndpointTooSlow(_TOO_SLOW.format(address=address, seconds=self._seconds)) from error
            raise StoreUnavailable(_SILENT.format(address=address, told=error)) from error

    def _sent(self, request: SPARQLWrapper, address: str) -> Sent:
        deadline = time.monotonic() + self._seconds
        try:
            self._identify(request, address)
            response = request.query().response
        except Unauthorized as error:
            if not self._learn(error, address):
                raise
            self._identify(request, address)
            response = request.query().response
        return Sent(self._whole(response, address, deadline), response.headers)

    def _whole(self, response: object, address: str, deadline: float) -> bytes:
        """Return all that is sent. Raises `AnswerTooLarge` and `TimeoutError`; nothing is a part of an answer."""
        content = bytearray()
        while chunk := response.read(_CHUNK):  # type: ignore[attr-defined]  # the library tells no types
            content += chunk
            if self._size is not None and len(content) > self._size:
                raise AnswerTooLarge(_TOO_LARGE.format(address=address, size=self._size))
            if time.monotonic() > deadline:
                raise TimeoutError
        return bytes(content)

    def _identify(self, request: SPARQLWrapper, address: str) -> None:
        """Say who we are where the endpoint has asked for it: nobody is told a password unasked."""
        access, challenge = self.address.access, self._challenge.get(address)
        if challenge is not None:
            realm = _REALM.search(challenge)
            request.setHTTPAuth(DIGEST if challenge.lower().startswith("digest") else BASIC)
            request.setCredentials(access.user, access.password, realm[1] if realm else "SPARQL")

    def _learn(self, error: Unauthorized, address: str) -> bool:
        """Return whether there is a way to say who we are that was not tried yet."""
        refused = error.__context__
        challenge = refused.headers.get("WWW-Authenticate", "") if isinstance(refused, HTTPError) else ""
        if not self.address.access.user or address in self._challenge:
            return False
        self._challenge = {**self._challenge, address: challenge}
        return True


def _told_by_status(error: HTTPError, address: str) -> StoreUnavailable:
    told = f"HTTP {error.code} {error.reason}"
    if error.code in _BUSY:
        return StoreUnavailable(_SILENT.format(address=address, told=told))
    if error.code == 403:
        return EndpointFailed(_MAY_NOT.format(address=address))
    return EndpointFailed(_FAILED.format(address=address, told=told))


def _told_by_words(told: str, address: str) -> StoreError:
    """Return what an answer of an endpoint that failed means, where it says so."""
    if _DEADLOCK.search(told):
        return StoreUnavailable(_SILENT.format(address=address, told=told))
    if _TIMED_OUT.search(told):
        return EndpointTooSlow(_ENDED.format(address=address, told=told))
    return EndpointFailed(_FAILED.format(address=address, told=told))


def _own_words(error: SPARQLWrapperException) -> str:
    """Return what the endpoint said; the library keeps it as the `repr` of its bytes, behind a preface."""
    _, _, said = str(error).partition("Response:\n")
    return ast.literal_eval(said).decode(errors="replace")[:_MOST_TOLD] if said else str(error)


_MOST_TOLD: Final = 500
_SILENT: Final = (
    "the endpoint {address} does not answer: {told}. Try again in a while; if it goes on, see whether the engine "
    "there runs, and whether this machine may reach it"
)
_FAILED: Final = (
    "the endpoint {address} answered with an error: {told}. See whether the address is that of a SPARQL 1.1 "
    "endpoint, and what the log of its engine says"
)
_WHO: Final = (
    "the endpoint {address} wants to know who we are, and what it was told does not hold. Give user and password in "
    "JIXIAO_STORE_USER and JIXIAO_STORE_PASSWORD"
)
_MAY_NOT: Final = (
    "the endpoint {address} does not let us do this (HTTP 403): its user needs the right to it (for changes in "
    "Virtuoso: the role SPARQL_UPDATE)"
)
_TOO_SLOW: Final = (
    "the endpoint {address} was given up after {seconds:g} s; there is no answer, not even a part of one. Ask it for "
    "less at a time: give a LIMIT, name a unit, a year or a graph"
)
_ENDED: Final = (
    "the endpoint {address} ended the query before it was done. Ask it for less at a time, or have "
    "MaxQueryExecutionTime raised there. It says: {told}"
)
_TOO_LARGE: Final = (
    "the answer of the endpoint {address} is longer than {size:,} bytes, and nothing of it is sent. Ask for fewer "
    "columns, give a LIMIT, or ask in parts (by unit, year or graph)"
)
