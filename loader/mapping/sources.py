"""The cells that statements are quoted from: stated once, with every property that they state."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from . import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdflib import URIRef

    from ..model import Place, Quote
    from .corrections import Applied

_SOURCE_CELL = terms.iri(JX.SourceCell)
_QUOTED: Final = PREFIXES["prov"] + "wasQuotedFrom"
_DERIVED: Final = PREFIXES["prov"] + "wasDerivedFrom"
_SOURCE: Final = PREFIXES["prov"] + "hadPrimarySource"


class Sources:
    """The quoted cells of one document."""

    def __init__(self, document: URIRef, graph: terms.Statements, corrections: Applied) -> None:
        """Begin without cells."""
        self._document = document
        self._graph = graph
        self._corrections = corrections
        self._quoted: dict[tuple[int, int, int], _Quoted] = {}

    def quote(self, subject: URIRef, quote: Quote, *states: URIRef) -> None:
        """State that a subject is quoted from a cell, which states some of its properties.

        Where a person corrected the cell, the subject is derived from the correction too.
        """
        self._graph.add(subject, _QUOTED, self.cell(quote, *states))
        correction = self._corrections.by_cell.get((quote.table, quote.row, quote.column))
        if correction is not None:
            self._graph.add(subject, _DERIVED, terms.iri(correction))

    def stand_in(self, subject: URIRef, tables: Sequence[int]) -> None:
        """State the table that opens a subject, and the corrections of lines above its tables."""
        self._graph.add(subject, _SOURCE, terms.iri(identifiers.table(self._document, tables[0])))
        corrections = (name for table in tables for name in self._corrections.above_table.get(table, ()))
        self._graph.add(subject, _DERIVED, *map(terms.iri, corrections))

    def cell(self, quote: Quote, *states: URIRef) -> str:
        """Return the term of a quoted cell and remember which properties it states."""
        position = (quote.table, quote.row, quote.column)
        quoted = self._quoted.get(position)
        if quoted is None:
            iri = identifiers.cell(self._document, *position)
            quoted = self._quoted[position] = _Quoted(iri, terms.iri(iri), quote.place, {})
        quoted.states.update(dict.fromkeys(states))
        return quoted.term

    def state_cells(self) -> None:
        """State every cell that was quoted, in the order of the document."""
        for table, positions in groupby(sorted(self._quoted), key=itemgetter(0)):
            term = terms.iri(identifiers.table(self._document, table))
            for position in positions:
                self._state(term, position, self._quoted[position])

    def _state(self, table: str, position: tuple[int, int, int], quoted: _Quoted) -> None:
        _, row, column = position
        self._graph.add_whole(
            quoted.iri,
            (terms.TYPE, _SOURCE_CELL),
            (JX.inTable, table),
            (JX.rowNumber, terms.integer(row)),
            (JX.columnNumber, terms.integer(column)),
            *[(JX.states, f"<{name}>") for name in quoted.states],
            *_of_place(quoted.place),
        )


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A cell, as IRI and as term, where it is printed, and the properties that it states, in their order."""

    iri: URIRef
    term: str
    place: Place
    states: dict[URIRef, None]


def state_place(graph: terms.Statements, subject: URIRef, place: Place) -> None:
    """State where something is printed, as far as the format can say."""
    for predicate, term in _of_place(place):
        graph.add(subject, predicate, term)


def _of_place(place: Place) -> Iterator[tuple[URIRef, str]]:
    if place.line is not None:
        yield JX.lineNumber, terms.integer(place.line)
    if place.page is not None:
        yield JX.pageNumber, terms.integer(place.page)
    if place.sheet is not None:
        yield JX.sheetName, terms.string(place.sheet)
    if place.address is not None:
        yield JX.cellAddress, terms.string(place.address)
