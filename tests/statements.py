"""What a conversion states, put so that two formats of one document state the same.

The hash of the document is taken out. A cell is known by the text that it prints, a table by the declaration
that it opens: where they stand is a matter of the format, what they say is not.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ontology.namespaces import JX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import loader

_PROV, _RDF, _DCAT = PREFIXES["prov"], PREFIXES["rdf"], PREFIXES["dcat"]
_TYPE, _QUOTED, _SOURCE = f"{_RDF}type", f"{_PROV}wasQuotedFrom", f"{_PROV}hadPrimarySource"
_WHERE = (
    JX.SourceTable,
    JX.SourceCell,
    JX.Note,
    JX.inTable,
    JX.inDisclosure,
    JX.continues,
    JX.grid,
    JX.hasNote,
    JX.loadReport,
)
_NUMBERS = (JX.rowNumber, JX.columnNumber, JX.tableNumber, JX.lineNumber, JX.pageNumber)
_PLACED = frozenset(
    map(str, (*_WHERE, *_NUMBERS, JX.sheetName, JX.cellAddress, JX.loadReport, f"{_DCAT}mediaType"))
)
"""Terms that say where something stands, or in which format."""


class Statement(NamedTuple):
    """One triple, in words that can be compared and read."""

    subject: str
    predicate: str
    value: str

    def __str__(self) -> str:
        """Return the statement on one line."""
        return f"{self.subject} {self.predicate} {self.value}"


@dataclass(frozen=True)
class Stated:
    """The graph of one conversion."""

    conversion: loader.Conversion
    _about: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for quad in ox.parse(self.conversion.nquads, format=ox.RdfFormat.N_QUADS):
            self._about.setdefault(quad.subject.value, []).append((quad.predicate.value, quad.object))

    def statements(self) -> frozenset[Statement]:
        """Return everything that is stated, without where it stands."""
        return frozenset((*self._of_things(), *self._of_tables(), *self._of_notes()))

    def _of_things(self) -> Iterator[Statement]:
        for subject, pairs in self._about.items():
            if self._is_placed(subject):
                continue
            for predicate, value in pairs:
                if predicate == _QUOTED:
                    yield from self._quotes(subject, value.value)
                elif predicate not in _PLACED and predicate != _SOURCE:
                    yield self._statement(subject, predicate, _said(value))

    def _quotes(self, subject: str, cell: str) -> Iterator[Statement]:
        """Yield what the quoted cell prints, and which properties it is said to state."""
        if cell not in self._texts:
            return
        text = bare(self._texts[cell])
        yield self._statement(subject, "quotes", text)
        for predicate, value in self._about[cell]:
            if predicate == str(JX.states):
                yield self._statement(subject, f"quotes {text} for", _said(value))

    def _of_tables(self) -> Iterator[Statement]:
        """Yield what the tables that open a declaration say of it: its fields, its layout, its unit of money."""
        for subject, pairs in self._about.items():
            opening = [value.value for predicate, value in pairs if predicate == _SOURCE]
            for table in opening:
                for predicate, value in self._about[table]:
                    if predicate not in _PLACED and predicate != _TYPE:
                        yield self._statement(subject, predicate, _said(value))

    def _of_notes(self) -> Iterator[Statement]:
        for note in self.conversion.disclosure.notes:
            yield Statement("note", note.kind.value, bare(note.text))

    def _is_placed(self, subject: str) -> bool:
        return any(predicate == _TYPE and value.value in _PLACED for predicate, value in self._about[subject])

    def _statement(self, subject: str, predicate: str, value: str) -> Statement:
        sha256 = self.conversion.disclosure.sha256
        plain = (
            text.replace(sha256, "…").replace(sha256[:16], "…").replace(sha256[:12], "…")
            for text in (subject, predicate, value)
        )
        return Statement(*map(_short, plain))

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """Return the text of each quoted cell by its IRI."""
        found: dict[str, str] = {}
        for subject, pairs in self._about.items():
            if any(predicate == str(JX.inTable) for predicate, _ in pairs):
                told = {predicate: value.value for predicate, value in pairs}
                grid = self._grids[told[str(JX.inTable)]]
                found[subject] = grid[int(told[str(JX.rowNumber)]), int(told[str(JX.columnNumber)])]
        return found

    @cached_property
    def _grids(self) -> Mapping[str, Mapping[tuple[int, int], str]]:
        """Return the texts of each table by row and column of their origin."""
        found: dict[str, Mapping[tuple[int, int], str]] = defaultdict(dict)
        for subject, pairs in self._about.items():
            for predicate, value in pairs:
                if predicate == str(JX.grid):
                    cells = json.loads(value.value)["cells"]
                    found[subject] = {(row, column): text for row, column, _, _, text in cells}
        return found


def bare(text: str) -> str:
    """Return a text without blanks: where a line breaks is a matter of the format."""
    return "".join(text.split())


def _said(value: ox.NamedNode | ox.Literal) -> str:
    """Return a term; line breaks and blanks of a text are a matter of the format."""
    return bare(value.value) if isinstance(value, ox.Literal) else value.value


def _short(text: str) -> str:
    for name, iri in PREFIXES.items():
        text = text.replace(iri, f"{name}:")
    return text
