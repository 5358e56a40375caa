"""Targets met, missed and exceeded: by comparator, direction, unit, day and the words of the forms."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from loader import values
from loader.mapping.attainment import Attainment, attainment
from loader.model import Indicator, Printed, Target
from ontology import JXC, graph
from ontology.namespaces import JX

CASES = tuple(
    csv.DictReader(Path(__file__).with_name("attainments.csv").read_text(encoding="utf-8").splitlines())
)


def indicator_of(row: dict[str, str]) -> Indicator:
    """Return an indicator as a form prints it."""
    readings = values.parse(row["target"], comparator=row["comparator"], unit=row["unit"])
    return Indicator(
        name=Printed("指标", None),
        level1=None,
        level2=None,
        level1_concept=None,
        level2_concept=JXC[row["level2"]] if row["level2"] else None,
        targets=tuple(Target(reading, ()) for reading in readings),
        direction=Printed(row["direction"], None) if row["direction"] else None,
    )


@pytest.mark.parametrize(
    "row", CASES, ids=lambda row: f"{row['target']} against {row['actual'] or 'nothing'}"
)
def test_what_was_reached_is_told_where_it_can_be(row: dict[str, str]) -> None:
    """Each row of the table, with the reason why."""
    actual = values.parse(row["actual"], unit=row["unit"])[0]
    told = attainment(actual, indicator_of(row))
    assert (told.value if told else "") == row["attainment"], row["why"]


def test_the_table_of_attainments_is_whole() -> None:
    """The suite does not shrink in silence, and each outcome is met in it."""
    assert len(CASES) == 70
    assert {row["attainment"] for row in CASES} == {"", *(one.value for one in Attainment)}
    assert all(JXC[f"attainment/{one.value}"] in set(graph().subjects()) for one in Attainment)


def test_a_result_of_the_year_answers_to_the_target_of_the_year() -> None:
    """Half a year is another target; two places are two, and nobody knows which is meant."""
    row = dict.fromkeys(CASES[0], "") | {"target": "≥95%"}
    year = indicator_of(row)
    (target,) = year.targets
    half = replace(target, reading=values.parse("≥50%")[0], horizon="half-year")
    reached = values.parse("60%")[0]
    both = replace(year, targets=(half, replace(target, horizon="annual")))
    assert attainment(reached, both) is Attainment.MISSED
    places = replace(year, targets=(replace(target, place="甲县"), replace(target, place="乙县")))
    assert attainment(reached, places) is None


def test_the_deviation_is_that_of_the_rules() -> None:
    """One threshold for what is exceeded and for what wants a reason."""
    assert str(graph().value(JXC["threshold/deviation"], JX.threshold)) == "30.0"
