"""Requests of the SPARQL 1.1 protocol, read: a query or an update, the graphs it is about, and the format wanted.

Pure: a request's address and body in, an `Asked` or a `Change` out, or the problem that it is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from .negotiation import preferred_type
from .problems import BadRequest, UnknownMediaType
from .store import Dataset, UnsuitableFormat, formats_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Form

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_UTF_8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})
_ALSO_ASKED_AS: Final = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/plain": "nt",
    "application/json+ld": "jsonld",
}
"""Media types clients ask with that are not the registered ones, and the format they mean."""
_GRAPHS_CALLED: Final = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "json": "jsonld",
    "json-ld": "jsonld",
    "xml": "rdf",
    "rdf+xml": "rdf",
    "nquads": "nq",
    "n-quads": "nq",
}
"""What clients (SPARQLWrapper) put into the parameter `format` besides our suffixes, and the format they mean."""

Parameters = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the graphs it sees, and the `format` of its answer if one is named."""

    query: str
    dataset: Dataset
    format: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """An update, and the graphs that its WHERE looks at."""

    update: str
    using: Dataset


def asked_by_get(encoded: str) -> Asked:
    """Return the query in the parameters of an address; updates are not taken from there."""
    parameters = _decoded(encoded)
    if "update" in parameters:
        raise BadRequest(
            "an update is sent by POST: an address that changes data would be followed by accident"
        )
    return _asked(parameters)


def sent_by_post(encoded: str, content_type: str, body: bytes) -> Asked | Change:
    """Return the query or update in a body: by itself, or in a form; `encoded` are the address's parameters."""
    media_type, charset = _media_type_and_charset(content_type)
    parameters = _decoded(encoded)
    if media_type not in {FORM, QUERY, UPDATE}:
        told = f"send a query as {QUERY}, an update as {UPDATE}, or either as a form ({FORM})"
        raise UnknownMediaType(f"{told}, not as {media_type or 'nothing'}")
    if charset not in _UTF_8:
        raise UnknownMediaType(f"send the text as UTF-8, not as {charset}")
    if media_type == FORM:
        sent = _decoded(_text(body))
        parameters = {
            name: [*sent.get(name, []), *parameters.get(name, [])] for name in {**sent, **parameters}
        }
    else:
        name = "query" if media_type == QUERY else "update"
        parameters[name] = [_text(body), *parameters.get(name, [])]
    if "update" in parameters and "query" in parameters:
        raise BadRequest("send a query or an update, not both at once")
    return _change(parameters) if "update" in parameters else _asked(parameters)


@lru_cache(
    maxsize=256
)  # clients send few headers, again and again, and reading one takes as long as a small query
def answer_type(form: Form, named: str | None, accept: str | None) -> str:
    """Return the media type of an answer: by name, else by the Accept header. Raises `UnsuitableFormat`."""
    formats = formats_of(form)
    if named:
        suffix = (_GRAPHS_CALLED if form.makes_graph else {}).get(named, named)
        return formats.get(suffix, named)
    others = {asked: formats[suffix] for asked, suffix in _ALSO_ASKED_AS.items() if suffix in formats}
    if form.makes_graph:
        others["application/json"] = formats["jsonld"]
    by_name = {media_type: media_type for media_type in formats.values()} | others
    asked = preferred_type(accept, by_name)
    if asked is None:
        told = f"a {form.value} query is answered as {', '.join(formats.values())}; the client takes {accept}"
        raise UnsuitableFormat(told, offered=tuple(formats.values()))
    return by_name[asked]


def _asked(parameters: Mapping[str, list[str]]) -> Asked:
    if misplaced := {"using-graph-uri", "using-named-graph-uri"} & parameters.keys():
        raise BadRequest(f"{' and '.join(sorted(misplaced))} are for updates; a query has default-graph-uri")
    dataset = Dataset(
        default_graphs=tuple(parameters.get("default-graph-uri", ())),
        named_graphs=tuple(parameters.get("named-graph-uri", ())),
    )
    return Asked(_only(parameters, "query"), dataset, next(iter(parameters.get("format", [])), None))


def _change(parameters: Mapping[str, list[str]]) -> Change:
    using = Dataset(
        default_graphs=tuple(parameters.get("using-graph-uri", ())),
        named_graphs=tuple(parameters.get("using-named-graph-uri", ())),
    )
    return Change(_only(parameters, "update"), using)


def _only(parameters: Mapping[str, list[str]], name: str) -> str:
    given = parameters.get(name, [])
    if len(given) != 1:
        raise BadRequest(
            f"send exactly one parameter `{name}`, with the text of the {name}; {len(given)} came"
        )
    return given[0]


def _decoded(encoded: str) -> Parameters:
    return parse_qs(encoded, keep_blank_values=True)


def _media_type_and_charset(content_type: str) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = (one.removeprefix("charset=").strip('"') for one in parameters if one.startswith("charset="))
    return media_type, next(charsets, "")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the text is not UTF-8: send it as UTF-8") from error
