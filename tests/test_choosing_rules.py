"""Choosing rules: by id, by family, by severity, from a file; and shapes of somebody's own beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shape_examples import examples

import shapes
from service.checking import asked

if TYPE_CHECKING:
    from rdflib import Graph

ROOT = Path(__file__).resolve().parent.parent
KNOWN = tuple(shapes.rules())


def _graph(rule: str, reason: str) -> Graph:
    (example,) = (e for e in examples() if (e.rule, e.reason, e.valid) == (rule, reason, False))
    return example.graph()


@pytest.fixture(scope="module")
def misread() -> shapes.Report:
    """280 % for ≥80 %: a Violation (TV-12b), a Warning (TV-18) and an Info (TV-13)."""
    return shapes.check(_graph("TV-18", "two-for-at-least"))


# --- a choice --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, {"TV-12b", "TV-13", "TV-18"}),
        ({"rules": ["TV-18"]}, {"TV-18"}),
        ({"rules": ["tv-12B", "TV-18"]}, {"TV-12b", "TV-18"}),
        ({"rules": ["TV"]}, {"TV-12b", "TV-13", "TV-18"}),
        ({"rules": ["FU"]}, set()),
        ({"ignored": ["TV-12b"]}, {"TV-13", "TV-18"}),
        ({"rules": ["TV"], "ignored": ["TV-13", "TV-18"]}, {"TV-12b"}),
        ({"least": shapes.Severity.WARNING}, {"TV-12b", "TV-18"}),
        ({"least": shapes.Severity.VIOLATION}, {"TV-12b"}),
        ({"ignored": ["TV"]}, set()),
    ],
)
def test_a_report_tells_of_the_chosen_rules(
    misread: shapes.Report, options: dict[str, object], told: set[str]
) -> None:
    """By id, by family, by severity; what is ignored is left out of all of them."""
    assert set(misread.chosen(shapes.choice_of(KNOWN, **options)).by_rule()) == told


def test_what_is_not_chosen_does_not_make_a_violation(misread: shapes.Report) -> None:
    """The exit code of the command follows the choice."""
    assert misread.has_violation
    assert not misread.chosen(shapes.choice_of(KNOWN, ignored=["TV-12b"])).has_violation


def test_every_rule_and_every_family_can_be_chosen() -> None:
    """Seventy-two ids in eleven families."""
    families = {rule.partition("-")[0] for rule in KNOWN}
    assert len(families) == 11
    assert shapes.choice_of(KNOWN, rules=families).rules == set(KNOWN)
    assert all(shapes.choice_of(KNOWN, rules=[rule]).rules == {rule} for rule in KNOWN)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("TV-99", "there is no rule 'TV-99': did you mean TV-19"),
        ("FU-2", "did you mean FU-02"),
        ("IN3b", "did you mean IN-03b"),
        ("完整", "there is no rule '完整': the families are CO, DO, EV, FU, FW, GO, ID, IN, SP, TV, WT"),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest(name: str, says: str) -> None:
    """In a choice and among what is ignored."""
    for options in ({"rules": [name]}, {"ignored": ["TV", name]}):
        with pytest.raises(shapes.UnknownRuleError) as error:
            shapes.choice_of(KNOWN, **options)
        assert says in str(error.value)


def test_rules_may_stand_in_a_file(tmp_path: Path) -> None:
    """An id on each line, comments behind #; a list on the command line says the same."""
    file = tmp_path / "ours.txt"
    file.write_text("TV-18  # misread signs\n\n# money\nFU-01, FU-02\n", encoding="utf-8")
    listed = asked("TV-18,FU-01, FU-02", "info", None, None)
    assert asked(str(file), "info", None, None) == listed
    assert listed.choice.rules == {"TV-18", "FU-01", "FU-02"}


def test_a_file_of_rules_that_is_not_there_is_named(tmp_path: Path) -> None:
    """And not taken for a rule."""
    missing = tmp_path / "ours.txt"
    with pytest.raises(shapes.UnknownRuleError, match=r"ours\.txt: No such file"):
        asked(None, "info", str(missing), None)


# --- shapes of one's own -----------------------------------------------------------------------------------

HEAD = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix jx: <https://w3id.org/jixiao/def/> .
@prefix jxs: <https://w3id.org/jixiao/shape/> .
@prefix our: <https://example.org/our#> .
"""
BUDGET = """
our:large a sh:NodeShape ; sh:targetClass jx:Declaration ;
    sh:property [
        sh:path jx:budget ; sh:maxInclusive 500000 ; sh:severity sh:Warning ;
        sh:message "预算超过50万元，须附可行性报告"@zh, "Above 500,000 yuan a feasibility study is wanted"@en ;
        jxs:remedy "附上报告。"
    ] , [ sh:path jx:purpose ; sh:minLength 500 ] .
"""
QUANTITY = """
our:whole a sh:NodeShape ; skos:notation "OUR-1" ; rdfs:label "数量应为整数" ;
    sh:targetClass jx:Indicator ; sh:or ( jxs:is-not-quantity jxs:has-deadline ) .
"""


def _own(turtle: str) -> shapes.OwnShapes:
    return shapes.read_own_shapes((HEAD + turtle).encode(), "ours.ttl")


def _found(turtle: str) -> list[shapes.Finding]:
    own = _own(turtle)
    report = shapes.check(_graph("TV-05", "at-most"), own=own)
    assert "TV-05" in report.by_rule()  # the rule book is asked all the same
    return [finding for finding in report.findings if finding.id in own.ids]


def test_own_shapes_are_told_of_as_rules_are() -> None:
    """With project and printed text; nameless property shapes with their own message and severity."""
    large, purpose = sorted(_found(BUDGET), key=lambda found: found.severity.rank, reverse=True)
    assert (large.id, large.severity, large.printed) == ("large", shapes.Severity.WARNING, "60.00")
    assert large.message == shapes.Text(
        "预算超过50万元，须附可行性报告", "Above 500,000 yuan a feasibility study is wanted"
    )
    assert large.remedy.zh == large.remedy.en == "附上报告。"
    assert str(large.context.project) == "13020225P00123410001N 社区老年食堂运营补助"
    assert (large.category.number, large.rule.source("zh"), large.rule.dimension) == (11, "ours.ttl", None)
    assert (purpose.id, purpose.severity, purpose.message.en) == (
        "large",
        shapes.Severity.VIOLATION,
        "Does not conform to large",
    )
    assert purpose.printed == "补助十二个社区老年食堂的食材、人工和水电支出"


def test_own_shapes_may_use_the_conditions_of_the_rule_book() -> None:
    """`jxs:is-not-quantity` and the others; a label in one language stands for both."""
    (found,) = _found(QUANTITY)
    assert (found.id, found.message, found.context.indicator) == (
        "OUR-1",
        shapes.Text("数量应为整数", "数量应为整数"),
        "就餐老人数量",
    )


def test_own_rules_can_be_chosen_and_ignored(tmp_path: Path) -> None:
    """By their ids, beside those of the rule book."""
    file = tmp_path / "ours.ttl"
    file.write_text(HEAD + BUDGET + QUANTITY, encoding="utf-8")
    ours = asked("OUR-1,TV-05", "info", "large", str(file))
    report = shapes.check(_graph("TV-05", "at-most"), own=ours.own).chosen(ours.choice)
    assert set(report.by_rule()) == {"OUR-1", "TV-05"}


def test_a_report_on_own_shapes_names_the_shape_that_was_written() -> None:
    """In Turtle as well: not the name that a nameless part got for the engine."""
    told = shapes.check(_graph("TV-05", "at-most"), own=_own(BUDGET)).turtle().decode()
    assert "https://example.org/our#large" in told
    assert "urn:x-jixiao" not in told


def test_the_shape_that_the_readme_shows_can_be_asked() -> None:
    """Who copies it gets a finding for each large project."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (turtle,) = (
        block for block in re.findall(r"```turtle\n(.*?)```", readme, re.DOTALL) if "sh:NodeShape" in block
    )
    own = shapes.read_own_shapes(turtle.encode(), "README.md")
    assert shapes.check(_graph("TV-05", "at-most"), own=own).by_rule() == {"TV-05": 1, "large": 1}


@pytest.mark.parametrize(
    ("turtle", "says"),
    [
        ("our:x a", "ours.ttl: this is no Turtle: "),
        ("our:x a sh:NodeShape ; sh:property [ sh:path jx:name ; sh:minCount 1 ] .", "has a target"),
        ("[] a sh:NodeShape ; sh:targetClass jx:Indicator ; sh:closed true .", "has no name"),
        ('our:x skos:notation "TV-01" ; sh:targetClass jx:Indicator .', "the id 'TV-01' of another rule"),
    ],
)
def test_a_file_that_holds_no_shapes_is_named_with_what_to_do(turtle: str, says: str) -> None:
    """Before anything is judged."""
    with pytest.raises(shapes.OwnShapesError, match=r"^ours\.ttl: ") as error:
        _own(turtle)
    assert says in str(error.value)


@pytest.mark.parametrize(
    "broken",
    [
        "our:x a sh:NodeShape ; sh:targetClass jx:Indicator ; sh:or () .",
        'our:x a sh:PropertyShape ; sh:targetClass jx:Indicator ; sh:path jx:name ; sh:pattern "(" .',
        'our:x a sh:NodeShape ; sh:targetClass jx:Indicator ; sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
    ],
)
def test_a_broken_shape_is_an_error_that_names_the_file(broken: str) -> None:
    """And not a clean bill."""
    with pytest.raises(shapes.OwnShapesError, match=r"^ours\.ttl: "):
        shapes.check(_graph("TV-05", "at-most"), own=_own(broken))
