"""A graph as JSON-LD in our own words: compact, the context within it. Imported by the pages of things.

The context stands in the document, and is not linked to: where there is no internet nobody could follow the link.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rdflib import Graph

from ontology.jsonld_context import context
from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS: Final = frozenset({"id", "type"})
_IN_TYPES: Final = frozenset({"jx", "xsd"})
"""The prefixes in which the context itself writes."""


def written(ntriples: bytes, first: str) -> bytes:
    """Return triples as JSON-LD, things in the order of their IRIs, one of them first."""
    graph = Graph().parse(data=ntriples, format="ntriples")
    told = json.loads(graph.serialize(format="json-ld", context=dict(context())))
    things = [
        _told({key: value for key, value in thing.items() if key != "@context"})
        for thing in told.get("@graph", [told])
    ]
    things.sort(key=lambda thing: (thing["id"] != first, thing["id"]))
    used = _WORDS | _IN_TYPES | {word for thing in things for word in _words(thing)}
    meanings = {word: meaning for word, meaning in context().items() if word in used}
    document = {"@context": meanings, "@graph": things}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _told(value: Any, key: str = "") -> Any:
    """Return JSON with its keys and the values of each property in one order, and the IRIs of things whole."""
    if isinstance(value, dict):
        order = sorted(value, key=lambda key: (key not in _WORDS, key))
        return {each: _told(value[each], each) for each in order}
    if isinstance(value, list):
        return sorted((_told(each, key) for each in value), key=json.dumps)
    return _whole(value) if _names_things(key) else value


def _names_things(key: str) -> bool:
    meaning = context().get(key)
    return meaning == "@id" or (isinstance(meaning, dict) and meaning.get("@type") == "@id")


def _whole(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES else name


def _words(value: Any) -> Iterator[str]:
    """Yield what may be a term or a prefix: the beginnings of keys and of texts, of which classes are some."""
    if isinstance(value, str):
        yield value.partition(":")[0]
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key.partition(":")[0]
            yield from _words(each)
