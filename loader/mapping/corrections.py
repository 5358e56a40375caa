"""What persons say of how a document is to be read, as quads: each correction with its reason, its author, its date.

What is quoted from a corrected cell is derived from the correction; what the cell prints stays in the table's grid.
Of a line outside tables nobody says what it states: the document is derived from its correction, and so is what the
table below it declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES
from ontology.places import Position

from ..model import Place, Quote
from . import terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef

    from ..model import CorrectionMade, Disclosure, Line
    from .sources import Sources

_PROV: Final = PREFIXES["prov"]
_CREATED: Final = PREFIXES["dcterms"] + "created"


def name_of(document: URIRef, made: CorrectionMade) -> URIRef:
    """Return the IRI of a correction: by its cell or line where it is applied, else by what it says."""
    at, told = made.position, made.correction
    if made.problem is not None:
        said = "|".join((at.told("zh"), told.reading, told.reason, told.who))
        return identifiers.part(document, "correction", f"x-{identifiers.name_hash(said)}")
    return identifiers.part(document, "correction", _key(at))


def _key(at: Position) -> str:
    if at.table is not None:
        return f"{at.table}-{at.row}-{at.column}"
    return f"line-{at.line if at.line is not None else identifiers.name_hash(at.told('zh'))}"


@dataclass(frozen=True, slots=True)
class Applied:
    """The corrections of a document that are applied, by the cells and the lines that they are about."""

    by_cell: Mapping[tuple[int, int, int], URIRef]
    """By table, row and column."""
    of_lines: tuple[URIRef, ...]
    above_table: Mapping[int, tuple[URIRef, ...]]
    """Those of lines, by the table below them."""


def applied(document: URIRef, disclosure: Disclosure) -> Applied:
    """Return the corrections that are applied to a document."""
    names = {one.position: name_of(document, one) for one in disclosure.corrections if one.problem is None}
    tables = (reading.table for reading in disclosure.tables)
    return Applied(
        by_cell={
            (at.table, at.row, at.column): name
            for at, name in names.items()
            if at.table is not None and at.row is not None and at.column is not None
        },
        of_lines=tuple(name for at, name in names.items() if at.table is None),
        above_table={
            table.number: tuple(names[at] for line in table.before if (at := _position(line)) in names)
            for table in tables
        },
    )


def _position(line: Line) -> Position:
    place = line.place
    return Position(place.sheet, place.address, place.page, line=place.line)


def state_correction(
    graph: terms.Statements, sources: Sources, document: URIRef, made: CorrectionMade
) -> None:
    """State one correction, applied or not."""
    told, subject = made.correction, name_of(document, made)
    graph.add(document, JX.hasCorrection, terms.iri(subject))
    graph.add(subject, terms.TYPE, terms.iri(JX.Correction))
    graph.add(subject, JX.applied, terms.boolean(made.problem is None))
    graph.add(subject, JX.place, terms.string(made.position.told("zh")))
    graph.add(subject, JX.printedText, terms.string(made.printed))
    graph.add(subject, JX.reading, terms.string(told.reading))
    graph.add(subject, JX.reason, terms.string(told.reason))
    if told.when is not None:
        graph.add(subject, _CREATED, terms.day(told.when))
    _state_author(graph, document, subject, told.who)
    quote = _quote(made.position)
    if quote is not None and made.problem is None:
        graph.add(subject, JX.corrects, sources.cell(quote))


def _state_author(graph: terms.Statements, document: URIRef, correction: URIRef, name: str) -> None:
    """State who made a correction. Two documents may name one person; each says so for itself."""
    author = identifiers.part(document, "author", identifiers.name_hash(name))
    graph.add(correction, _PROV + "wasAttributedTo", terms.iri(author))
    graph.add(author, terms.TYPE, terms.iri(_PROV + "Agent"))
    graph.add(author, PREFIXES["foaf"] + "name", terms.string(name))


def _quote(position: Position) -> Quote | None:
    """Return the cell at a position, None where it is a line."""
    if position.table is None or position.row is None or position.column is None:
        return None
    place = Place(position.line, position.page, position.sheet, position.address)
    return Quote(position.table, position.row, position.column, place)
