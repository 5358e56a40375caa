"""What somebody should look at in a declaration that was read: values not understood, conflicts, likely misreadings.

Everything stays as it is printed; a note says what is doubtful and where it stands.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JXC
from ontology.units import MONEY
from ontology.vocabulary import concept_by_label, normalise_label, words

from .. import values
from ..model import Comparator, Note, NoteKind, Place, Quantity, Unreadable, Wording
from . import levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Declaration, Indicator, Money, Printed, Quote, Reading, Target

_RATIO: Final = JXC["dimension/ratio"]
_NEGATIVE: Final = JXC["direction/negative"]
_POSITIVE: Final = JXC["direction/positive"]
_AT_LEAST: Final = frozenset({Comparator.GE, Comparator.GT})
_AT_MOST: Final = frozenset({Comparator.LE, Comparator.LT})
_SIGNS: Final = {Comparator.GE: "≥", Comparator.GT: ">", Comparator.LE: "≤", Comparator.LT: "<"}
_WHOLE: Final = 100
_TEN_THOUSAND: Final = Decimal(10_000)


def doubts_about(declaration: Declaration) -> Iterator[Note]:
    """Yield a note for each thing in a declaration that a person should look at, in the order of the document.

    A merged cell of a level that contradicts several rows is told once.
    """
    yield from dict.fromkeys(_doubts(declaration))


def _doubts(declaration: Declaration) -> Iterator[Note]:
    yield from _amounts(declaration)
    for indicator in declaration.indicators:
        yield from _levels(indicator)
        for target in indicator.targets:
            yield from _target(indicator, target)
            yield from _cost(declaration.budget, indicator, target)


# --- values ---------------------------------------------------------------------------------------------


def _target(indicator: Indicator, target: Target) -> Iterator[Note]:
    """Yield what is doubtful about one value: what the grammar remarked on, else what it must not be."""
    reading = target.reading
    remark = getattr(reading, "remark", None)
    if isinstance(reading, Unreadable):
        yield _about(target, NoteKind.UNREAD_VALUE, reading.reason)
    elif remark is not None:
        yield _about(target, NoteKind(remark.kind.value), remark.told)
    elif _is_excessive(indicator, reading):
        yield _about(target, NoteKind.EXCESSIVE_PERCENTAGE, _EXCESSIVE)
    contrary = _contrary(indicator, reading)
    if contrary is not None:
        yield _about(target, NoteKind.CONTRARY_COMPARATOR, contrary)


def _about(target: Target, kind: NoteKind, told: Wording) -> Note:
    return _note(kind, target.printed or target.reading.raw, next(iter(target.quotes), None), told)


def _note(kind: NoteKind, text: str, quote: Quote | None, told: Wording) -> Note:
    return Note(kind, text, quote, quote.place if quote is not None else Place(), told=told)


_EXCESSIVE: Final = Wording("这类比率不可能超过100%", "a rate of this kind cannot exceed 100 %")


def _is_excessive(indicator: Indicator, reading: Reading) -> bool:
    """Return whether a share of a whole is printed as more than the whole; growth may be."""
    if not isinstance(reading, Quantity) or reading.unit is None or reading.unit.dimension != _RATIO:
        return False
    percent = max(values.base_number(reading) or 0, reading.upper or 0)
    return percent > _WHOLE and _is_bounded(indicator)


def _is_bounded(indicator: Indicator) -> bool:
    name = indicator.name.text
    if any(word in name for word in words("growth")):
        return False
    satisfied = {indicator.level1_concept, indicator.level2_concept} & levels.SATISFACTION
    return bool(satisfied) or any(word in name for word in words("bounded-rate"))


def _contrary(indicator: Indicator, reading: Reading) -> Wording | None:
    """Return what to say where a printed comparator bounds an indicator on the side where it is good."""
    sign = getattr(reading, "comparator", None)
    if sign is None or not getattr(reading, "comparator_explicit", False):
        return None
    if _less_is_better(indicator) and sign in _AT_LEAST:
        return Wording(
            f"越小越好的指标写了“{_SIGNS[sign]}”", f"less is better here, and {_SIGNS[sign]} is printed"
        )
    if _direction(indicator) == _POSITIVE and sign in _AT_MOST:
        return Wording(
            f"越大越好的指标写了“{_SIGNS[sign]}”", f"more is better here, and {_SIGNS[sign]} is printed"
        )
    return None


def _less_is_better(indicator: Indicator) -> bool:
    """Return whether the direction's own column says so, or the name where there is no such column."""
    direction = _direction(indicator)
    if direction is not None:
        return direction == _NEGATIVE
    return normalise_label(indicator.name.text).endswith(words("less-is-better"))


def _direction(indicator: Indicator) -> object:
    """Return the concept of the direction that a form has a column for, None where it says none."""
    if indicator.direction is None:
        return None
    return concept_by_label(JXC["direction"]).get(normalise_label(indicator.direction.text))


# --- levels ---------------------------------------------------------------------------------------------


def _levels(indicator: Indicator) -> Iterator[Note]:
    """Yield a note where level 2 does not belong to the level 1 of its row."""
    level1, level2 = indicator.level1, indicator.level2
    if level1 is None or level2 is None or levels.agree(indicator.level1_concept, indicator.level2_concept):
        return
    told = Wording(
        f"二级指标“{_line(level2)}”不属于一级指标“{_line(level1)}”",
        f"level 2 “{_line(level2)}” does not belong to level 1 “{_line(level1)}”",
    )
    yield _note(NoteKind.LEVEL_CONFLICT, level2.printed, level2.quote, told)


def _line(printed: Printed) -> str:
    return "".join(printed.text.split())


# --- amounts --------------------------------------------------------------------------------------------


def _amounts(declaration: Declaration) -> Iterator[Note]:
    """Yield a note where the funds of a declaration and its budget differ by exactly 10,000."""
    budget, amounts = declaration.budget, [fund.amount for fund in declaration.funds if fund.amount.yuan]
    if budget is None or not amounts:
        return
    total = sum(amount.yuan for amount in amounts if amount.yuan)
    alone = [amount for amount in amounts if _is_off(budget.yuan, amount.yuan)]
    for amount in alone or (amounts[:1] if _is_off(budget.yuan, total) else ()):
        yield _off(amount.text, amount.quote, budget)


def _cost(budget: Money | None, indicator: Indicator, target: Target) -> Iterator[Note]:
    """Yield a note where a target in money and the budget differ by exactly 10,000."""
    reading = target.reading
    if budget is None or not isinstance(reading, Quantity) or reading.unit is None:
        return
    whole = any(word in indicator.name.text for word in words("whole-cost"))
    if whole and reading.unit.dimension == MONEY and _is_off(budget.yuan, values.base_number(reading)):
        yield _off(reading.raw, next(iter(target.quotes), None), budget)


def _is_off(one: Decimal | None, other: Decimal | int | None) -> bool:
    if not one or not other:
        return False
    return one == other * _TEN_THOUSAND or other == one * _TEN_THOUSAND


def _off(text: str, quote: Quote | None, budget: Money) -> Note:
    told = Wording(
        f"“{text}”与预算数“{budget.text}”恰好相差一万倍",
        f"“{text}” and the budget “{budget.text}” differ by exactly 10,000",
    )
    return _note(NoteKind.AMOUNT_IN_DOUBT, text, quote, told)
