"""RDF terms and statements as N-Quads text: 14 times as fast as building graphs on the way to a store."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC, PREFIXES

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from rdflib import URIRef

_XSD: Final = PREFIXES["xsd"]
_RDF: Final = PREFIXES["rdf"]
TYPE: Final = _RDF + "type"
# N-Quads, STRING_LITERAL_QUOTE: these four must be escaped; other control characters are, for readers' sake.
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f]')
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def fund_property(source: URIRef) -> URIRef:
    """Return the property that says whose money an amount is: of a source, or of a level of government."""
    return JX.fundLevel if source.startswith(JXC["fund-level/"]) else JX.fundSource


def iri(value: str) -> str:
    """Return an IRI term."""
    return f"<{value}>"


def string(value: str) -> str:
    """Return a plain string literal."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


def zh(value: str) -> str:
    """Return a literal in Chinese: a name or a label, not a statement of a document."""
    return f"{string(value)}@zh"


def localised(value: str, language: str) -> str:
    """Return a sentence of our own in a language."""
    return f"{string(value)}@{language}"


def decimal(value: Decimal) -> str:
    """Return an xsd:decimal in its one canonical form: no exponent, no needless digits."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return _typed("0" if plain in {"-0", ""} else plain, "decimal")


def integer(value: int) -> str:
    """Return an xsd:integer."""
    return f'"{value}"^^<{_XSD}integer>'


def boolean(value: bool) -> str:
    """Return an xsd:boolean."""
    return _typed("true" if value else "false", "boolean")


def year(value: int) -> str:
    """Return an xsd:gYear."""
    return _typed(f"{value:04d}", "gYear")


def day(value: date) -> str:
    """Return an xsd:date."""
    return _typed(value.isoformat(), "date")


def json_literal(value: object) -> str:
    """Return an rdf:JSON literal."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{string(text)}^^<{_RDF}JSON>"


def _typed(lexical: str, datatype: str) -> str:
    return f'"{lexical}"^^<{_XSD}{datatype}>'


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return _ESCAPES.get(sign) or f"\\u{ord(sign):04X}"


class Statements:
    """The statements of one named graph, each once, in the order in which they were made."""

    def __init__(self, graph: URIRef) -> None:
        """Begin an empty graph."""
        self._graph = iri(graph)
        self._lines: dict[str, None] = {}  # a line each, or all lines of a subject

    def add(self, subject: str, predicate: str, *objects: str) -> None:
        """State the subject and predicate (IRIs) of each object, a term as this module's functions make it."""
        for term in objects:
            self._lines[f"<{subject}> <{predicate}> {term} {self._graph} .\n"] = None

    def add_whole(self, subject: str, *stated: tuple[str, str]) -> None:
        """State predicate and object of a subject of which nothing else is stated: nothing is looked up twice."""
        head, tail = f"<{subject}> <", f" {self._graph} .\n"
        self._lines["".join([f"{head}{predicate}> {term}{tail}" for predicate, term in stated])] = None

    def nquads(self) -> str:
        """Return the graph as N-Quads."""
        return "".join(self._lines)
