"""Files of RDF as others write them, read without fetching anything: bytes in, triples out.

Told apart by content where content tells (XML, JSON), and else by the suffix; Turtle is read as TriG, which contains
it. Imported by `importing`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from ontology.jsonld_context import context

from ..store import GRAPH_FORMATS, rdf_format
from .faults import UnfitData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_BYTES: Final = 256 << 20
MOST_TRIPLES: Final = 500_000
"""A change of so many takes some 2 GiB of memory: the engine is told of it in one piece, whole or not at all."""
_OUR_CONTEXT: Final = "https://w3id.org/jixiao/context.jsonld"
_HERE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_XML: Final = re.compile(rb"\s*<(\?xml|!DOCTYPE|!--|\w+:RDF\b)")
_JSON: Final = re.compile(rb"\s*(\{\s*[\"}]|\[\s*\{)")
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%\s+)?[^\s>]+\s+(?P<how>SYSTEM|PUBLIC|\"[^\"]*\"|'[^']*')")
_WITHIN_ENTITY: Final = re.compile(rb"&(?!#)")
_LINE_END: Final = b"\n"


@dataclass(frozen=True, slots=True)
class Told:
    """What a file states: its triples, each once, in which format, and how many named graphs it had."""

    triples: tuple[ox.Triple, ...]
    media_type: str
    graphs: int = 0


def read(data: bytes, name: str, base: str) -> Told:
    """Return what a file states; relative IRIs are relative to `base`, blank nodes are of this reading alone.

    Raises `UnfitData`, with the line where the format tells one.
    """
    if len(data) > MOST_BYTES:
        raise UnfitData(f"it has {len(data):,} bytes, and {MOST_BYTES:,} are read at most: {_TOO_MUCH}")
    media_type = _media_type(data, PurePath(name).suffix.lower())
    if media_type == GRAPH_FORMATS["rdf"]:
        _refuse_entities(data)
    elif media_type == GRAPH_FORMATS["jsonld"]:
        data = _with_our_context(data)
    return _parsed(data.removeprefix(b"\xef\xbb\xbf"), media_type, base)


_TOO_MUCH: Final = (
    "cut it into several files, or make a store of it with `jixiao restore` and ask that with SERVICE"
)


def _media_type(data: bytes, suffix: str) -> str:
    """Return the media type of a file.

    >>> _media_type(b'<?xml version="1.0"?><rdf:RDF/>', ".ttl"), _media_type(b'[] a <urn:a> .', ".txt")
    ('application/rdf+xml', 'application/trig')
    """
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _XML.match(start):
        return GRAPH_FORMATS["rdf"]
    if _JSON.match(start):
        return GRAPH_FORMATS["jsonld"]
    return GRAPH_FORMATS[suffix[1:] if suffix in {".nt", ".nq", ".ttl"} else "trig"]


def _parsed(data: bytes, media_type: str, base: str) -> Told:
    form = rdf_format(media_type)
    triples: dict[ox.Triple, None] = {}
    graphs = set()
    try:
        for quad in ox.parse(data, format=form, base_iri=base, rename_blank_nodes=True):
            triples[_plain(quad.triple)] = None
            graphs.add(quad.graph_name)
            if len(triples) > MOST_TRIPLES:
                raise UnfitData(f"it has more than {MOST_TRIPLES:,} triples: {_TOO_MUCH}")
    except (SyntaxError, ValueError) as error:
        raise UnfitData(_why(error, form, data)) from error
    return Told(tuple(triples), media_type, len(graphs - {ox.DefaultGraph()}))


def _plain(triple: ox.Triple) -> ox.Triple:
    if isinstance(triple.object, ox.Triple):
        raise UnfitData(
            f"it states something of a triple (RDF 1.2), which not every store keeps: {triple.object}"
        )
    return triple


def _why(error: SyntaxError | ValueError, form: ox.RdfFormat, data: bytes) -> str:
    told = error.msg if isinstance(error, SyntaxError) else str(error)
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return f"line {line}: this is not UTF-8, in which RDF is written: save it as UTF-8"
    return f"this cannot be read as {form.name}: {told}"


# --- what would be fetched, or grow without end ---------------------------------------------------------------


def _refuse_entities(data: bytes) -> None:
    """Raise `UnfitData` for entities from elsewhere, and those that are made of others."""
    if b"\0" in data[:4]:
        raise UnfitData("this XML is written in UTF-16 or UTF-32: save it as UTF-8")
    for found in _ENTITY.finditer(data):
        if found["how"] in {b"SYSTEM", b"PUBLIC"}:
            raise UnfitData(
                f"{_line(data, found)}: an entity from elsewhere is not fetched: write its text here"
            )
        if found[1] or _WITHIN_ENTITY.search(found["how"]):
            raise UnfitData(
                f"{_line(data, found)}: an entity that is made of others is not read: write it out"
            )


def _line(data: bytes, found: re.Match[bytes]) -> str:
    return f"line {data[: found.start()].count(_LINE_END) + 1}"


_TOO_DEEP: Final = "this JSON is nested too deeply: write things beside each other, with their @id"


def _with_our_context(data: bytes) -> bytes:
    """Return JSON-LD with our own context in the place of its address. Raises `UnfitData` for any other address."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnfitData(
            f"line {line}: this is not UTF-8, in which JSON is written: save it as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise UnfitData(f"line {error.lineno}, column {error.colno}: this is no JSON: {error.msg}") from error
    except RecursionError:
        raise UnfitData(_TOO_DEEP) from None
    try:
        elsewhere = set(_addresses_of_contexts(document))
    except RecursionError:
        raise UnfitData(_TOO_DEEP) from None
    if foreign := sorted(address for address in elsewhere if not _is_ours(address)):
        raise UnfitData(
            f"its context stands elsewhere, at {foreign[0]}, and nothing is fetched: put what stands there into the "
            'file, as "@context": {…}'
        )
    return json.dumps(_replaced(document)).encode() if elsewhere else data


def _addresses_of_contexts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _addresses_of_contexts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in {"@context", "@import"}:
                yield from (one for one in _as_list(each) if isinstance(one, str))
            yield from _addresses_of_contexts(each)


def _is_ours(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # an address that is none
        return False
    return address == _OUR_CONTEXT or (
        parts.hostname in _HERE | {None} and PurePath(parts.path).name == "context.jsonld"
    )


def _replaced(value: Any) -> Any:
    """Return JSON with our context wherever its address stands: all other addresses were refused."""
    if isinstance(value, list):
        return [_replaced(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [dict(context()) if isinstance(one, str) else _replaced(one) for one in _as_list(each)]
        if key == "@context"
        else _replaced(each)
        for key, each in value.items()
    }


def _as_list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def written(triples: Iterable[ox.Triple], graph: str) -> bytes:
    """Return triples as N-Quads of one graph."""
    name = ox.NamedNode(graph)
    quads = (ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
