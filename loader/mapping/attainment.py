"""How far a target was reached: actual value against target, by comparator and direction.

`jxc:attainment/`: met; missed; exceeded, which is beyond the target, the better way, by more than the threshold
of deviations (30 %). Nothing is said where the two cannot be compared: other units, several targets, words that
are not those in which forms say it.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.units import MONEY, MONEY_RATE, RATIO, TIME
from ontology.vocabulary import concept_by_label, graph, normalise_label

from .. import values
from ..model import Comparator, Deadline, Period, Qualitative, Quantity

if TYPE_CHECKING:
    from ..model import Indicator, Reading, Target

_UPWARD: Final = frozenset({Comparator.GE, Comparator.GT})
_DOWNWARD: Final = frozenset({Comparator.LE, Comparator.LT})
_STRICT: Final = frozenset({Comparator.GT, Comparator.LT})
_ONE: Final = Decimal(1)


class Attainment(StrEnum):
    """The member's value is the slug in `jxc:attainment/`."""

    MET = "met"
    MISSED = "missed"
    EXCEEDED = "exceeded"


def attainment(actual: Reading | None, indicator: Indicator) -> Attainment | None:
    """Return what actual value and target give, None where they cannot be compared."""
    target = target_of_the_year(indicator.targets)
    if actual is None or target is None:
        return None
    if isinstance(actual, Qualitative):
        return _in_words(actual, target)
    if isinstance(actual, Quantity) and isinstance(target, Quantity):
        return _of_quantity(actual, target, indicator)
    if isinstance(actual, Deadline | Period) and isinstance(target, Deadline | Period):
        return _of_day(actual, target)
    return None


def target_of_the_year(targets: tuple[Target, ...]) -> Reading | None:
    """Return the target that the result of a year answers to, of grades the best; None where several are left."""
    of_year = [target for target in targets if target.horizon in {None, "annual"}]
    best = [target for target in of_year if _grade(target) in {None, "excellent"}]
    return best[0].reading if len(best) == 1 else None


def _grade(target: Target) -> str | None:
    return target.grade or getattr(target.reading, "grade", None)


# --- words ---


def _in_words(actual: Qualitative, target: Reading) -> Attainment | None:
    """Return what the form itself says; the words of the target again mean that it was met."""
    said = normalise_label(actual.raw)
    concept = concept_by_label(JXC["attainment"]).get(said)
    if concept is not None:
        return Attainment(concept.rpartition("/")[2])
    if isinstance(target, Qualitative) and said and said == normalise_label(target.raw):
        return Attainment.MET
    return None


# --- days ---


def _of_day(actual: Deadline | Period, target: Deadline | Period) -> Attainment:
    """Return whether something was done by its day; a target that is a beginning (≥) wants no earlier one."""
    begins = isinstance(target, Deadline) and target.comparator in _UPWARD
    in_time = actual.due >= target.due if begins else actual.due <= target.due
    return Attainment.MET if in_time else Attainment.MISSED


# --- quantities ---


def _of_quantity(actual: Quantity, target: Quantity, indicator: Indicator) -> Attainment | None:
    pair = _in_one_unit(actual, target)
    if pair is None:
        return None
    reached, wanted = pair
    if target.upper is not None:
        within = actual.upper is None and target.number <= reached <= target.upper
        return Attainment.MET if within else Attainment.MISSED
    if actual.upper is not None:
        return None
    downward = _is_downward(target, indicator)
    if downward is None:
        return Attainment.MET if reached == wanted else None
    if actual.comparator_explicit and actual.comparator is not Comparator.EQ:
        return _of_bound(actual, reached, wanted, downward=downward)
    beyond = wanted - reached if downward else reached - wanted
    return _by_how_much(beyond, wanted, strictly=target.comparator in _STRICT)


def _is_downward(target: Quantity, indicator: Indicator) -> bool | None:
    """Return whether less is better; None where nothing tells.

    The comparator tells; where none is printed, or =, the column of directions, and else what is measured: less
    money is better; of time and of costs in no unit nobody knows. Of all else more is better: = 12 次 is met by 13.
    """
    if target.comparator in _UPWARD | _DOWNWARD:
        return target.comparator in _DOWNWARD
    if indicator.direction is not None:
        concept = concept_by_label(JXC["direction"]).get(normalise_label(indicator.direction.text))
        if concept in {JXC["direction/positive"], JXC["direction/negative"]}:
            return concept == JXC["direction/negative"]
    if target.unit is None:
        return None if _is_cost(indicator) else False
    dimension = target.unit.dimension
    return None if dimension == TIME else dimension in {MONEY, MONEY_RATE}


def _is_cost(indicator: Indicator) -> bool:
    levels = (indicator.level1_concept, indicator.level2_concept)
    return any(level is not None and level.rpartition("/")[2].startswith("cost") for level in levels)


def _of_bound(actual: Quantity, reached: Decimal, wanted: Decimal, *, downward: bool) -> Attainment | None:
    """Return what a result that is a bound itself (≥95%) tells: it may show that the target was met."""
    same_way = actual.comparator in (_DOWNWARD if downward else _UPWARD)
    enough = reached <= wanted if downward else reached >= wanted
    return Attainment.MET if same_way and enough else None


def _by_how_much(beyond: Decimal, wanted: Decimal, *, strictly: bool) -> Attainment:
    if beyond < 0 or (strictly and beyond == 0):
        return Attainment.MISSED
    if beyond * 100 > abs(wanted) * _deviation():
        return Attainment.EXCEEDED
    return Attainment.MET


def _in_one_unit(actual: Quantity, target: Quantity) -> tuple[Decimal, Decimal] | None:
    """Return both numbers in one unit: that of the target where the result prints none."""
    if actual.unit is None or target.unit is None or actual.unit == target.unit:
        return None if _may_be_a_fraction(actual, target) else (actual.number, target.number)
    if actual.unit.dimension != target.unit.dimension or target.upper is not None:
        return None
    reached, wanted = values.base_number(actual), values.base_number(target)
    return None if reached is None or wanted is None else (reached, wanted)


def _may_be_a_fraction(actual: Quantity, target: Quantity) -> bool:
    """Return whether a result may be a share (0.98) where the target is in percent: nobody can tell."""
    in_percent = target.unit is not None and target.unit.dimension == RATIO
    return in_percent and actual.unit is None and 0 < actual.number <= _ONE < target.number


@cache
def _deviation() -> Decimal:
    """Return the percentage beyond which a target counts as exceeded."""
    return Decimal(str(graph().value(JXC["threshold/deviation"], JX.threshold)))
