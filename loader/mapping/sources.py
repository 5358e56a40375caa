"""The cells that statements are quoted from: stated once, with every property that they state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import RDF

from ontology import identifiers
from ontology.namespaces import JX

from . import terms

if TYPE_CHECKING:
    from rdflib import URIRef

    from ..model import Place, Quote


class Sources:
    """The quoted cells of one document."""

    def __init__(self, document: URIRef, graph: terms.Statements) -> None:
        """Begin without cells."""
        self._document = document
        self._graph = graph
        self._quoted: dict[tuple[int, int, int], _Quoted] = {}

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
        for position in sorted(self._quoted):
            self._state(position, self._quoted[position])

    def _state(self, position: tuple[int, int, int], quoted: _Quoted) -> None:
        graph, cell = self._graph, quoted.iri
        table, row, column = position
        graph.add(cell, RDF.type, terms.iri(JX.SourceCell))
        graph.add(cell, JX.inTable, terms.iri(identifiers.table(self._document, table)))
        graph.add(cell, JX.rowNumber, terms.integer(row))
        graph.add(cell, JX.columnNumber, terms.integer(column))
        graph.add(cell, JX.states, *(terms.iri(name) for name in quoted.states))
        state_place(graph, cell, quoted.place)


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A cell, as IRI and as term, where it is printed, and the properties that it states, in their order."""

    iri: URIRef
    term: str
    place: Place
    states: dict[URIRef, None]


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
