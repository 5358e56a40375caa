"""A report as a store keeps it: all that people are told, so that telling it again asks no document.

Packed JSON, in which contexts and quotes that several findings share stand once. Only rules of the book are kept:
a rule is its id, and what it says is read from the book. What is kept must be of the very rules and words that are
in force; who keeps it sees to that.
"""

from __future__ import annotations

import gzip
import json
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rdflib import BNode, Literal, URIRef

from .finding import Context, Finding, Named, Place, Quote, Suggestion
from .report import Judged, Report
from .rule_book import Dimension, Rule, Text, rules
from .scoring import Gain, Score, Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

_DAMAGED: Final = (ValueError, LookupError, TypeError, AttributeError, OSError, EOFError, zlib.error)


def packed(report: Report) -> bytes:
    """Return a report by the rule book as bytes, the same for the same report."""
    packer = _Packer()
    told = {
        "findings": [packer.finding(finding) for finding in report.findings],
        "judged": [[one.document, one.declarations, one.indicators, one.title] for one in report.judged],
        "scores": [packer.score(score) for score in report.scores],
        "contexts": [_context(context) for context in packer.contexts],
        "quotes": [_quote(quote) for quote in packer.quotes],
    }
    return gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def unpacked(data: bytes) -> Report | None:
    """Return the report that was packed; None where the bytes are damaged or of other rules."""
    try:
        return _Unpacker(json.loads(gzip.decompress(data))).report()
    except _DAMAGED:
        return None


# --- packing --------------------------------------------------------------------------------------------


class _Packer:
    """Numbers the contexts and quotes that it meets."""

    def __init__(self) -> None:
        self.contexts: dict[Context, int] = {}
        self.quotes: dict[Quote, int] = {}

    def finding(self, finding: Finding) -> list[object]:
        return [
            finding.id,
            finding.component,
            _node(finding.focus),
            finding.path,
            _node(finding.value),
            self._numbered(finding.context),
            [self._quoted(quote) for quote in finding.quotes],
            _text(finding.reading),
            [self._suggestion(one) for one in finding.suggestions],
        ]

    def score(self, score: Score) -> list[object]:
        return [
            score.of,
            self._numbered(score.context),
            score.year,
            _named(score.division),
            None if score.budget is None else str(score.budget),
            [[share.dimension.name, share.passed, share.applicable] for share in score.shares],
            [[gain.rule.id, str(gain.points)] for gain in score.gains],
        ]

    def _suggestion(self, one: Suggestion) -> list[object]:
        quote = None if one.quote is None else self._quoted(one.quote)
        return [quote, one.reading, _text(one.reason)]

    def _numbered(self, context: Context) -> int:
        return self.contexts.setdefault(context, len(self.contexts))

    def _quoted(self, quote: Quote) -> int:
        return self.quotes.setdefault(quote, len(self.quotes))


def _context(context: Context) -> list[object]:
    return [
        context.document,
        _named(context.department),
        _named(context.unit),
        _named(context.project),
        context.declaration,
        context.ordinal,
        context.row,
        context.indicator,
    ]


def _quote(quote: Quote) -> list[object]:
    at = quote.place
    place = [at.document, at.table, at.row, at.column, at.line, at.page, at.sheet, at.address]
    return [quote.text, place, quote.cell]


def _named(named: Named | None) -> list[object] | None:
    return None if named is None else [named.iri, named.code, named.name]


def _text(text: Text | None) -> list[str] | None:
    return None if text is None else [text.zh, text.en]


def _node(node: Node | None) -> object:
    """Return an IRI as its text, a literal as text, language and datatype, a blank node as its name alone."""
    if isinstance(node, Literal):
        return [str(node), node.language, node.datatype]
    return [str(node)] if isinstance(node, BNode) else node


# --- unpacking ------------------------------------------------------------------------------------------


class _Iris(dict[str, URIRef]):
    """Makes each IRI once."""

    def __missing__(self, text: str) -> URIRef:
        return self.setdefault(text, URIRef(text))


class _Unpacker:
    """Reads what was packed; anything else raises one of `_DAMAGED`."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._iris = _Iris()
        self._rules = rules()
        self._dimensions = _dimensions(self._rules)
        self._contexts = [self._context(*one) for one in told["contexts"]]
        self._quotes = [self._quote(*one) for one in told["quotes"]]

    def report(self) -> Report:
        return Report(
            findings=tuple(self._finding(*one) for one in self._told["findings"]),
            judged=tuple(Judged(self._iri(document), *rest) for document, *rest in self._told["judged"]),
            scores=tuple(self._score(*one) for one in self._told["scores"]),
        )

    def _finding(
        self, rule: str, component: str, focus: Any, path: str | None, value: Any, context: int,
        quotes: list[int], reading: list[str] | None, suggestions: list[list[Any]],
    ) -> Finding:  # fmt: skip
        return Finding(
            rule=self._rules[rule],
            component=self._iris[component],
            focus=self._node(focus),
            path=self._iri(path),
            value=None if value is None else self._node(value),
            context=self._contexts[context],
            quotes=tuple(self._quotes[number] for number in quotes),
            reading=None if reading is None else Text(*reading),
            suggestions=tuple(self._suggestion(*one) for one in suggestions),
        )

    def _suggestion(self, quote: int | None, reading: str | None, reason: list[str]) -> Suggestion:
        return Suggestion(None if quote is None else self._quotes[quote], reading, Text(*reason))

    def _score(
        self, of: str, context: int, year: str, division: list[str] | None, budget: str | None,
        shares: list[tuple[str, int, int]], gains: list[tuple[str, str]],
    ) -> Score:  # fmt: skip
        return Score(
            of=self._iris[of],
            context=self._contexts[context],
            year=year,
            division=self._named(division),
            budget=None if budget is None else Decimal(budget),
            shares=tuple(Share(self._dimensions[name], *weights) for name, *weights in shares),
            gains=tuple(Gain(self._rules[rule], Decimal(points)) for rule, points in gains),
        )

    def _context(
        self, document: str | None, department: list[str] | None, unit: list[str] | None,
        project: list[str] | None, declaration: str | None, ordinal: int, row: int, indicator: str,
    ) -> Context:  # fmt: skip
        return Context(
            document=self._iri(document),
            department=self._named(department),
            unit=self._named(unit),
            project=self._named(project),
            declaration=self._iri(declaration),
            ordinal=ordinal,
            row=row,
            indicator=indicator,
        )

    def _quote(self, text: str, place: list[Any], cell: str | None) -> Quote:
        document, *where = place
        return Quote(text, Place(self._iri(document), *where), self._iri(cell))

    def _named(self, told: list[str] | None) -> Named | None:
        return None if told is None else Named(self._iris[told[0]], told[1], told[2])

    def _iri(self, text: str | None) -> URIRef | None:
        return None if text is None else self._iris[text]

    def _node(self, told: Any) -> Node:
        if isinstance(told, str):
            return self._iris[told]
        if len(told) == 1:
            return BNode(told[0])
        value, language, datatype = told
        return Literal(value, lang=language, datatype=self._iri(datatype), normalize=False)


def _dimensions(book: Mapping[str, Rule]) -> Mapping[str, Dimension]:
    return {rule.dimension.name: rule.dimension for rule in book.values() if rule.dimension is not None}
