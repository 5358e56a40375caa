"""One self-evaluation as quads: targets restated, results, money spent.

It names the declaration it evaluates by its key, whether that is loaded or not, and never adds to its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology import identifiers
from ontology.namespaces import JX, JXC

from ..model import Quantity
from . import terms
from .attainment import attainment
from .declaration import PartsWriter

if TYPE_CHECKING:
    from rdflib import URIRef

    from ..model import Evaluation, Execution, Indicator, Quote, Result
    from .identities import Identity
    from .register import Register
    from .sources import Sources

_TOTAL = "total"
"""Key of the execution that is of no single source."""


def state_evaluation(
    graph: terms.Statements,
    sources: Sources,
    register: Register,
    subject: URIRef,
    evaluation: Evaluation,
    identity: Identity,
) -> None:
    """State a self-evaluation under its IRI, with its own indicators, results and executions."""
    told = evaluation.declared
    writer = PartsWriter(graph, sources, register, subject)
    writer.state_head(told, identity, JX.Evaluation, JX.SelfEvaluation)
    declared = identifiers.declaration(identity.project_key, told.year)
    graph.add(subject, JX.evaluates, terms.iri(declared))
    writer.state_goals(told)
    for ordinal, indicator in enumerate(told.indicators, start=1):
        writer.state_indicator(ordinal, indicator)
    state_outcome(graph, writer, subject, evaluation, targets_of=subject)


def state_outcome(
    graph: terms.Statements,
    writer: PartsWriter,
    subject: URIRef,
    evaluation: Evaluation,
    *,
    targets_of: URIRef,
) -> None:
    """State score, grade, results and money spent; `targets_of` has the indicators that the results are for."""
    if evaluation.score is not None:
        graph.add(subject, JX.score, terms.decimal(evaluation.score[0]))
        writer.quote(evaluation.score[1], JX.score)
    if evaluation.grade is not None:
        graph.add(subject, JX.grade, terms.iri(JXC[f"grade/{evaluation.grade}"]))
    for result in evaluation.results:
        restated = identifiers.part(targets_of, "indicator", result.indicator)
        _state_result(graph, writer, restated, result, evaluation.declared.indicators[result.indicator - 1])
    for execution in evaluation.executions:
        _state_execution(graph, writer, execution)


def _state_result(
    graph: terms.Statements, writer: PartsWriter, restated: URIRef, result: Result, indicator: Indicator
) -> None:
    part = writer.part("result", result.indicator, JX.IndicatorResult, JX.hasResult, *_quotes(result))
    graph.add(part, JX.resultFor, terms.iri(restated))
    graph.add(part, JX.name, terms.string(result.name.text))
    if result.actual is not None:
        graph.add(part, JX.actualText, terms.string(result.actual.printed))
        if result.actual.original is not None:
            graph.add(part, JX.correctedText, terms.string(result.actual.text))
    if isinstance(result.actual_reading, Quantity):
        graph.add(part, JX.actualNumber, terms.decimal(result.actual_reading.number))
        if result.actual_reading.unit is not None:
            graph.add(part, JX.unit, terms.iri(result.actual_reading.unit.iri))
    for name, number in ((JX.score, result.score), (JX.weight, result.weight)):
        if number is not None:
            graph.add(part, name, terms.decimal(number[0]))
    if result.deviation is not None:
        graph.add(part, JX.deviationReason, terms.string(result.deviation.text))
    attained = attainment(result.actual_reading, indicator)
    if attained is not None:
        graph.add(part, JX.attainment, terms.iri(JXC[f"attainment/{attained.value}"]))


def _quotes(result: Result) -> tuple[Quote | None, ...]:
    numbers = (number[1] for number in (result.score, result.weight) if number is not None)
    texts = (
        text.quote for text in (result.actual, result.deviation) if text is not None and text.says_something
    )
    return (*texts, *numbers)


def _state_execution(graph: terms.Statements, writer: PartsWriter, execution: Execution) -> None:
    key = execution.source.rpartition("/")[2] if execution.source is not None else _TOTAL
    amounts = (
        (JX.initialAmount, execution.initial),
        (JX.adjustedAmount, execution.adjusted),
        (JX.executedAmount, execution.executed),
    )
    numbers = ((JX.executionRate, execution.rate), (JX.score, execution.score))
    quotes = [money.quote for _, money in amounts if money is not None]
    quotes += [number[1] for _, number in numbers if number is not None]
    part = writer.part("execution", key, JX.Execution, JX.hasExecution, *quotes)
    if execution.source is not None:
        graph.add(part, terms.fund_property(execution.source), terms.iri(execution.source))
    for name, money in amounts:
        if money is not None and money.yuan is not None:
            graph.add(part, name, terms.decimal(money.yuan))
    for name, number in numbers:
        if number is not None:
            graph.add(part, name, terms.decimal(number[0]))
