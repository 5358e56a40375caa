"""The cells that statements are quoted from: stated once, with every property that they state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from . import terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef

    from ..model import Place, Quote

_QUOTED: Final = PREFIXES["prov"] + "wasQuotedFrom"
_DERIVED: Final = PREFIXES["prov"] + "wasDerivedFrom"


class Sources:
    """The quoted cells of one document."""

    def __init__(
        self, document: URIRef, graph: terms.Statements, corrections: Mapping[tuple[int, int, int], URIRef]
    ) -> None:
        """Begin without cells; `corrections` are those of the document by table, row and column."""
        self._document = document
        self._graph = graph
        self._corrections = corrections
        self._states: dict[Quote, dict[URIRef, None]] = {}

    def quote(self, subject: URIRef, quote: Quote, *states: URIRef) -> None:
        """State that a subject is quoted from a cell, which states some of its properties.

        Where a person corrected the cell, the subject is derived from the correction too.
        """
        self._graph.add(subject, _QUOTED, self.cell(quote, *states))
        correction = self._corrections.get((quote.table, quote.row, quote.column))
        if correction is not None:
            self._graph.add(subject, _DERIVED, terms.iri(correction))

    def cell(self, quote: Quote, *states: URIRef) -> str:
        """Return the term of a quoted cell and remember which properties it states."""
        self._states.setdefault(quote, {}).update(dict.fromkeys(states))
        return terms.iri(identifiers.cell(self._document, quote.table, quote.row, quote.column))

    def state_cells(self) -> None:
        """State every cell that was quoted, in the order of the document."""
        for quote in sorted(self._states, key=lambda quote: (quote.table, quote.row, quote.column)):
            self._state(quote, tuple(self._states[quote]))

    def _state(self, quote: Quote, states: tuple[URIRef, ...]) -> None:
        graph = self._graph
        cell = identifiers.cell(self._document, quote.table, quote.row, quote.column)
        graph.add(cell, RDF.type, terms.iri(JX.SourceCell))
        graph.add(cell, JX.inTable, terms.iri(identifiers.table(self._document, quote.table)))
        graph.add(cell, JX.rowNumber, terms.integer(quote.row))
        graph.add(cell, JX.columnNumber, terms.integer(quote.column))
        graph.add(cell, JX.states, *(terms.iri(name) for name in states))
        state_place(graph, cell, quote.place)


def state_place(graph: terms.Statements, subject: URIRef, place: Place) -> None:
    """State where something is printed, as far as the format can say."""
    if place.line is not None:
        graph.add(subject, JX.lineNumber, terms.integer(place.line))
    if place.page is not None:
        graph.add(subject, JX.pageNumber, terms.integer(place.page))
    if place.sheet is not None:
        graph.add(subject, JX.sheetName, terms.string(place.sheet))
    if place.address is not None:
        graph.add(subject, JX.cellAddress, terms.string(place.address))
