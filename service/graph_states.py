"""What a graph holds now, the tag by which a client knows it, and the condition on which he changes it.

A change hangs on what the client has seen (`If-Match`, `If-None-Match`: RFC 9110, 13.1), in whatever format that was:
the first half of a tag is of the statements, and the second of the bytes that were sent, by which formats differ.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .problems import BadRequest, GraphChanged
from .store import GRAPH_FORMATS, ROW_FORMATS, ChangeRefused, rdf_format

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from .store import Store

_LENGTH: Final = 32
"""Hexadecimal digits of what stands for the statements of a graph."""
_ANY: Final = "*"
_TAGS: Final = re.compile(r'\s*(?:(?:W/)?"[^"]*"\s*(?:,\s*|$))+')
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')


def graph_exists(store: Store, graph: str) -> bool:
    """Return whether a graph holds anything; an empty one is not told from one that is not there."""
    answer = store.query(f"ASK {{ GRAPH {graph_name(graph)} {{ ?s ?p ?o }} }}", ROW_FORMATS["json"])
    return bool(json.loads(answer)["boolean"])


def graph_of(store: Store, graph: str, media_type: str) -> bytes:
    """Return what a graph holds, in a media type of `GRAPH_FORMATS`."""
    return store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph_name(graph)} {{ ?s ?p ?o }} }}", media_type
    )


def graph_name(graph: str) -> ox.NamedNode:
    """Return the name of a graph. Raises `ChangeRefused` where it is no IRI."""
    try:
        return ox.NamedNode(graph)
    except ValueError as error:
        raise ChangeRefused(f"{graph!r} cannot name a graph: it is not an absolute IRI ({error})") from error


def tag_of(content: bytes, media_type: str, coding: str) -> str:
    """Return the entity tag of a graph as it is sent: in a media type, and as `coding` (Accept-Encoding) packs it."""
    sent = hashlib.sha256(content + coding.encode()).hexdigest()[:16]
    return f'"{_digest(content, media_type)}-{sent}"'


def _digest(content: bytes, media_type: str) -> str:
    """Return what stands for statements, in whatever format and order they are written."""
    triples = (quad.triple for quad in ox.parse(content, format=rdf_format(media_type)))
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return hashlib.sha256(b"\n".join(sorted(lines.splitlines()))).hexdigest()[:_LENGTH]


@dataclass(frozen=True, slots=True)
class _Tags:
    """The value of a condition: some states of a graph, or any."""

    are_any: bool = False
    digests: frozenset[str] = frozenset()

    @classmethod
    def of(cls, header: str, value: str, *, weak: bool) -> _Tags:
        """Return what a header says; weak tags are passed over unless they count. Raises `BadRequest`."""
        if value.strip() == _ANY:
            return cls(are_any=True)
        if not _TAGS.fullmatch(value):
            raise BadRequest(f"{header}: {value} is neither * nor entity tags in quotes, as an ETag has them")
        named = _TAG.findall(value)
        return cls(digests=frozenset(tag[:_LENGTH] for is_weak, tag in named if weak or not is_weak))

    def have(self, digest: str) -> bool:
        """Return whether the state of a graph that is there is among them."""
        return self.are_any or digest in self.digests


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so of a graph for it to be changed; nothing, where it is false."""

    match: _Tags | None = None
    none_match: _Tags | None = None

    @classmethod
    def of(cls, headers: Headers) -> Condition:
        """Return the condition of a request."""
        match, none_match = (", ".join(headers.getlist(name)) for name in ("if-match", "if-none-match"))
        return cls(
            _Tags.of("If-Match", match, weak=False) if match else None,
            _Tags.of("If-None-Match", none_match, weak=True) if none_match else None,
        )

    def __bool__(self) -> bool:
        return self.match is not None or self.none_match is not None

    def is_met(self, store: Store, graph: str) -> bool:
        """Return whether a graph is there, where it may be changed. Raises `GraphChanged` where it may not."""
        is_there = graph_exists(store, graph)
        if self.match is not None and not is_there:
            raise GraphChanged(_GONE.format(graph=graph))
        if not is_there:
            return False
        digest = self._digest(store, graph)
        if self.match is not None and not self.match.have(digest):
            raise GraphChanged((_ANOTHER if self.match.digests else _WEAK).format(graph=graph))
        if self.none_match is not None and self.none_match.have(digest):
            raise GraphChanged((_THERE if self.none_match.are_any else _THE_SAME).format(graph=graph))
        return True

    def _digest(self, store: Store, graph: str) -> str:
        """Return what stands for the statements of a graph where the condition names any, as they were read."""
        if not any(tags is not None and tags.digests for tags in (self.match, self.none_match)):
            return ""
        media_type = GRAPH_FORMATS["ttl"]
        return _digest(graph_of(store, graph, media_type), media_type)


ALWAYS: Final = Condition()

_GONE: Final = (
    "the graph {graph} is not there (If-Match): it was removed, or never sent. Nothing was changed; "
    "send it with `If-None-Match: *` to make it anew"
)
_ANOTHER: Final = (
    "the graph {graph} is not what it was when you got it (If-Match), and nothing was changed: "
    "get it again with its ETag, and make your change to what it holds now"
)
_WEAK: Final = (
    "a weak tag (W/…) is no condition on which {graph} can be changed (If-Match), and nothing was changed: "
    "get the graph with `Accept-Encoding: identity`, and send the ETag that comes with it"
)
_THERE: Final = (
    "the graph {graph} is there already (If-None-Match: *), and nothing was changed: "
    "get it and send its ETag as If-Match to change it, or name another"
)
_THE_SAME: Final = (
    "the graph {graph} is what you named (If-None-Match), and nothing was changed: "
    "leave out the condition to change it"
)
