"""What persons say of how a document is to be read, as quads: each correction with its reason, its author, its date.

What is quoted from a corrected cell is derived from the correction; what the cell prints stays in the table's grid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from ..model import Place, Quote
from . import terms

if TYPE_CHECKING:
    from rdflib import URIRef

    from ontology.places import Position

    from ..model import CorrectionMade
    from .sources import Sources

_PROV: Final = PREFIXES["prov"]
_CREATED: Final = PREFIXES["dcterms"] + "created"


def name_of(document: URIRef, made: CorrectionMade) -> URIRef:
    """Return the IRI of a correction: by its cell or line where it is applied, else by what it says."""
    at, told = made.position, made.correction
    if made.problem is not None:
        said = "|".join((at.told("zh"), told.reading, told.reason, told.who))
        return identifiers.part(document, "correction", f"x-{identifiers.name_hash(said)}")
    key = f"line-{at.line}" if at.table is None else f"{at.table}-{at.row}-{at.column}"
    return identifiers.part(document, "correction", key)


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
