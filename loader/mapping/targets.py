"""What a reading of a printed value becomes in RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.namespaces import JX, JXC

from .. import values
from ..model import (
    Comparator,
    Deadline,
    Deferred,
    Period,
    Qualitative,
    Quantity,
    Unreadable,
    Unset,
)
from . import terms

if TYPE_CHECKING:
    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Reading

_CLASSES = {
    Quantity: JX.QuantityTarget,
    Deadline: JX.DeadlineTarget,
    Period: JX.PeriodTarget,
    Qualitative: JX.QualitativeTarget,
    Deferred: JX.DeferredTarget,
    Unset: JX.UnsetTarget,
    Unreadable: JX.UnreadableTarget,
}


def state_target(
    graph: terms.Statements, target: URIRef, reading: Reading, *, printed: str | None = None
) -> None:
    """State one target value: its class, its raw text, and what was read.

    `printed` is the raw text where the reading is of a text that a person corrected; both are stated then.
    """
    graph.add(target, terms.TYPE, terms.iri(JX.TargetValue), terms.iri(_CLASSES[type(reading)]))
    graph.add(target, JX.rawText, terms.string(reading.raw if printed is None else printed))
    if printed is not None:
        graph.add(target, JX.correctedText, terms.string(reading.raw))
    match reading:
        case Quantity():
            _state_quantity(graph, target, reading)
        case Deadline():
            _state_comparator(graph, target, reading.comparator, explicit=reading.comparator_explicit)
            graph.add(target, JX.dueDate, terms.day(reading.due))
        case Period():
            graph.add(target, JX.startDate, terms.day(reading.start))
            graph.add(target, JX.dueDate, terms.day(reading.due))
        case Qualitative() if reading.comparator is not None:
            _state_comparator(graph, target, reading.comparator, explicit=reading.comparator_explicit)
        case Unset():
            _state_comparator(graph, target, reading.comparator, explicit=True)
            _state_unit(graph, target, reading.unit, explicit=True)
        case Unreadable():
            _state_comparator(graph, target, reading.comparator, explicit=True)
            if reading.number is not None:
                graph.add(target, JX.number, terms.decimal(reading.number))
        case _:
            pass  # deferred and plain qualitative values are their text


def _state_quantity(graph: terms.Statements, target: URIRef, reading: Quantity) -> None:
    _state_comparator(graph, target, reading.comparator, explicit=reading.comparator_explicit)
    graph.add(target, JX.number, terms.decimal(reading.number))
    if reading.upper is not None:
        graph.add(target, JX.upperNumber, terms.decimal(reading.upper))
    _state_unit(graph, target, reading.unit, explicit=reading.unit_explicit)
    base = values.base_number(reading)
    if base is not None:
        graph.add(target, JX.baseNumber, terms.decimal(base))
    if reading.grade is not None:
        graph.add(target, JX.grade, terms.iri(JXC[f"grade/{reading.grade}"]))


def _state_comparator(
    graph: terms.Statements, target: URIRef, comparator: Comparator | None, *, explicit: bool
) -> None:
    if comparator is not None:
        graph.add(target, JX.comparator, terms.iri(JXC[f"comparator/{comparator.value}"]))
        graph.add(target, JX.comparatorExplicit, terms.boolean(explicit))


def _state_unit(graph: terms.Statements, target: URIRef, unit: Unit | None, *, explicit: bool) -> None:
    if unit is not None:
        graph.add(target, JX.unit, terms.iri(unit.iri))
        graph.add(target, JX.unitExplicit, terms.boolean(explicit))
