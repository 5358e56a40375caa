"""Scores: passed over applicable checks in five dimensions, of one declaration and of many."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from shape_examples import base, examples

import loader
import shapes
from ontology import vocabulary
from ontology.namespaces import JX, JXC
from shapes.rule_book import APPLICABLE, DQV, PASSED
from shapes.scopes import scopes
from shapes.scoring import WEIGHTS, average, averages, gains_of_all

if TYPE_CHECKING:
    from pathlib import Path

POINTS = {"completeness": 30, "measurability": 30, "consistency": 20, "relevance": 10, "presentation": 10}
SHA256 = "0123456789abcdef" * 4


def _report(rule: str, reason: str) -> shapes.Report:
    (example,) = (e for e in examples() if (e.rule, e.reason, e.valid) == (rule, reason, False))
    return shapes.check(example.graph())


@pytest.fixture(scope="module")
def seed_report(seed: Path) -> shapes.Report:
    """The report on the first real disclosure: 19 projects of one unit."""
    return shapes.check(shapes.graph_of(loader.convert((seed / "seed.txt").read_bytes()).nquads))


# --- one declaration -----------------------------------------------------------------------------------------


def test_a_declaration_without_findings_has_a_hundred() -> None:
    """Every dimension is there, and every check is passed."""
    (score,) = shapes.check(base()).scores
    assert score.value == 100
    assert {str(s.dimension.iri).rpartition("/")[2]: s.dimension.points for s in score.shares} == POINTS
    assert all(share.passed == share.applicable > 0 for share in score.shares)
    assert score.gains == ()


def test_the_score_is_the_formula_of_the_rule_book() -> None:
    """One Warning of measurability: its weight of 2 is missing from the 30 points."""
    (clean,), (score,) = shapes.check(base()).scores, _report("TV-05", "at-most").scores
    share = next(s for s in score.shares if s.dimension.label.en == "measurability")
    before = next(s for s in clean.shares if s.dimension.label.en == "measurability")
    assert (share.applicable, share.passed) == (before.applicable, before.applicable - 2)
    lost = Decimal(30) * 2 / share.applicable
    assert score.value == (100 - lost).quantize(Decimal("0.1"))
    (gain,) = score.gains
    assert (gain.rule.id, gain.points) == ("TV-05", lost)


@pytest.mark.parametrize(
    ("rule", "reason", "weight"),
    [("TV-01", "words-behind-number", 3), ("TV-05", "at-most", 2), ("TV-13", "no-comparator", 1)],
)
def test_a_finding_weighs_by_its_severity(rule: str, reason: str, weight: int) -> None:
    """Violation 3, Warning 2, Info 1."""
    report = _report(rule, reason)
    (score,) = report.scores
    assert sum(share.applicable - share.passed for share in score.shares) == sum(
        WEIGHTS[shapes.rules()[found].severity] for found in report.by_rule()
    )
    assert WEIGHTS[shapes.rules()[rule].severity] == weight


def test_several_findings_of_a_rule_about_one_thing_are_one_check() -> None:
    """A check is a rule on a node."""
    graph = base()
    for day, share in (("03-31", "60"), ("06-30", "50"), ("10-31", "40")):
        (milestone,) = (m for m in graph.objects(None, JX.hasMilestone) if m.endswith(day))
        graph.set((milestone, JX.cumulativePercent, Literal(Decimal(share))))
    report = shapes.check(graph)
    assert report.by_rule() == {"SP-02": 2}
    (score,) = report.scores
    assert sum(share.applicable - share.passed for share in score.shares) == 3


def test_a_rule_about_a_kind_of_indicator_is_no_check_on_others() -> None:
    """Satisfaction rules look at one row of six, those on any indicator at all six."""
    graph = base()
    without = base()
    (row,) = (i for i in graph.objects(None, JX.hasIndicator) if i.endswith("/indicator/6"))
    without.remove((row, None, None))
    without.add((row, RDF.type, JX.Indicator))
    satisfaction = {
        id_ for id_, scope in scopes().items() if JXC["indicator-2021/satisfaction"] in scope.values
    }
    assert satisfaction == {"TV-08", "TV-09", "TV-10"}
    assert all(scopes()[id_].holds(graph, vocabulary.graph(), row) for id_ in satisfaction)
    assert not any(scopes()[id_].holds(without, vocabulary.graph(), row) for id_ in satisfaction)


def test_what_a_form_does_not_print_is_no_check() -> None:
    """A form without a spending plan is not asked about one."""
    graph = base()
    (table,) = set(graph.subjects(JX.printsField))
    for part in set(graph.objects(None, JX.hasMilestone)):
        graph.remove((part, None, None))
    graph.remove((None, JX.hasMilestone, None))
    graph.remove((table, JX.printsField, JX.hasMilestone))
    (without,), (whole,) = shapes.check(graph).scores, shapes.check(base()).scores
    checks = [sum(share.applicable for share in score.shares) for score in (without, whole)]
    assert checks[1] - checks[0] == 3 + 3 + 3 + 1  # SP-01 to SP-03 and SP-04
    assert without.value == 100


@pytest.mark.parametrize(
    "example", [e for e in examples() if not e.valid], ids=lambda e: f"{e.rule}-{e.reason}"
)
def test_what_a_rule_finds_lies_in_its_scope(example: object) -> None:
    """A rule that found something about a thing applies to it."""
    graph = example.graph()
    for finding in shapes.check(graph).findings:
        scope = scopes().get(finding.id)
        assert scope is None or scope.holds(graph, vocabulary.graph(), finding.focus), finding.id


def test_a_score_does_not_hang_on_the_choice_of_rules(seed_report: shapes.Report) -> None:
    """Leaving rules out of a report mends nothing."""
    chosen = seed_report.chosen(shapes.choice_of(shapes.rules(), rules=["TV-01"]))
    assert [score.value for score in chosen.scores] == [score.value for score in seed_report.scores]


# --- the seed, and many declarations -------------------------------------------------------------------------


def test_every_project_of_the_seed_has_a_score(seed_report: shapes.Report) -> None:
    """From the many deferred values of the first to the thorough ones; as hand-computed for the first."""
    values = [score.value for score in seed_report.scores]
    assert (len(values), min(values), max(values)) == (19, Decimal("84.8"), Decimal("95.2"))
    first = seed_report.scores[0]
    assert first.context.project.name == "2025年下派选调生到村工作中央财政补助资金"
    shares = {share.dimension.points: share for share in first.shares}
    assert {str(s.dimension.label.en) for s in first.shares} == set(POINTS)
    by_hand = sum(Decimal(s.dimension.points) * s.passed / s.applicable for s in first.shares)
    assert first.value == by_hand.quantize(Decimal("0.1"))
    assert shares[20].value == Decimal("96.8")


def test_units_divisions_and_years_have_a_plain_and_a_weighted_mean(seed_report: shapes.Report) -> None:
    """Large projects count for more in the second."""
    found = seed_report.scores
    (unit,) = averages(found, lambda score: str(score.context.unit))
    (division,) = averages(found, lambda score: str(score.division))
    (year,) = averages(found, lambda score: score.year)
    assert (division.name, year.name, unit.declarations) == ("130202 路南区", "2025", 19)
    assert unit.plain == (sum(s.value for s in found) / 19).quantize(Decimal("0.1"))
    money = sum(s.budget for s in found)
    assert unit.weighted == (sum(s.value * s.budget for s in found) / money).quantize(Decimal("0.1"))
    assert money == 19407000


def test_without_any_budget_there_is_no_weighted_mean(seed_report: shapes.Report) -> None:
    """Nor does a missing budget count as nothing among others."""
    bare = [replace(score, budget=None) for score in seed_report.scores]
    assert average("all", bare).weighted is None
    one = [*bare[1:], seed_report.scores[0]]
    assert average("all", one).weighted == seed_report.scores[0].value


def test_what_gains_most_is_ranked_by_points(seed_report: shapes.Report) -> None:
    """For one project and for all of them."""
    for score in seed_report.scores:
        points = [gain.points for gain in score.gains]
        assert points == sorted(points, reverse=True)
        assert abs(100 - score.value - sum(points)) < Decimal("0.06")  # mending everything makes 100
    first, second = gains_of_all(seed_report.scores)[:2]
    assert (first.rule.id, second.rule.id) == ("IN-11", "IN-14")


# --- published -------------------------------------------------------------------------------------------------


def test_scores_are_published_as_quality_measurements() -> None:
    """In the report graph, of the declaration, with the metric and what it was computed from."""
    report = _report("TV-05", "at-most")
    graph = shapes.graph_of(report.nquads(SHA256))
    (score,) = report.scores
    measured = {
        str(graph.value(m, DQV.isMeasurementOf)).rpartition("/")[2]: graph.value(m, DQV.value)
        for m in graph.subjects(RDF.type, DQV.QualityMeasurement)
    }
    assert set(measured) == {"total", *POINTS}
    assert measured["total"] == Literal(score.value)
    assert set(graph.objects(None, DQV.computedOn)) == {score.of}
    (share,) = (s for s in score.shares if s.dimension.label.en == "measurability")
    measurement = URIRef(f"{score.of}/quality/measurability")
    assert graph.value(measurement, PASSED) == Literal(share.passed)
    assert graph.value(measurement, APPLICABLE) == Literal(share.applicable)


def test_every_metric_is_described() -> None:
    """In the graph of the rule book, with labels in both languages."""
    graph = shapes.graph_of(shapes.nquads())
    metrics = set(graph.subjects(RDF.type, DQV.Metric))
    assert {str(metric).rpartition("/")[2] for metric in metrics} == {"total", *POINTS}
    assert {str(d).rpartition("/")[2] for d in graph.objects(None, DQV.inDimension)} == set(POINTS)


def test_a_graph_without_declarations_has_no_scores() -> None:
    """Nothing to divide by."""
    assert shapes.check(Graph()).scores == ()
