"""The small words of a printed value: numbers, comparators, and the words around them.

Clauses are the rows of the table of values in the description of the forms: "quantity", "comparator
spellings", "range". Every function is pure and total.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology.units import plain

from .model import Comparator

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP: Final = "␣"
"""Stands for blanks between two digits: 1 00 is not safely 100."""

_DIGITS_APART = re.compile(r"(?<=[0-9０-９])[\s\u200b\ufeff\x00-\x1f]+(?=[0-9０-９])")


def compact(text: str) -> str:
    """Return a printed value as the grammar compares it: plain, and with a mark where blanks part two digits.

    >>> compact("不少于 １２ 种"), compact("1 00%")
    ('不少于12种', '1␣00%')
    """
    return plain(_DIGITS_APART.sub(GAP, text))


# --- numbers: 95, 44,561, 0.0046 ----------------------------------------------------------------------

NUMBER: Final = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9]|[.,][0-9])"
"""A number with or without thousands separators. 007 and 1,23 are none."""

SIGNED: Final = rf"-?{NUMBER}"


def decimal(printed: str) -> Decimal:
    """Return the exact value of what `SIGNED` matches.

    >>> decimal("44,561"), decimal("100.00")
    (Decimal('44561'), Decimal('100.00'))
    """
    return Decimal(printed.replace(",", ""))


_NUMERALS: Final = MappingProxyType(
    {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
)
_TENS: Final = MappingProxyType({"十": 10, "百": 100, "千": 1000})
CHINESE_NUMBER: Final = r"[零〇一二两三四五六七八九十百千]{1,8}"


def chinese_number(printed: str) -> int | None:
    """Return the value of a Chinese numeral below ten thousand, None for anything that is no numeral.

    >>> [chinese_number(numeral) for numeral in ("三", "十二", "一百零五", "两千", "十", "百十", "三四")]
    [3, 12, 105, 2000, 10, None, None]
    """
    if not re.fullmatch(_NUMERAL, printed):
        return None
    total, digit = 0, 1 if printed[0] == "十" else 0
    for character in printed:
        if character in _TENS:
            total, digit = total + digit * _TENS[character], 0
        else:
            digit = _NUMERALS[character]
    return total + digit


_ONE_TO_NINE = "[一二两三四五六七八九]"
_NUMERAL = re.compile(
    rf"[零〇]|(?=.)(?:{_ONE_TO_NINE}千)?(?:[零〇]?{_ONE_TO_NINE}百)?"
    rf"(?:[零〇]?{_ONE_TO_NINE}十|^十)?(?:[零〇]?{_ONE_TO_NINE})?"
)


# --- comparator spellings (clause "comparator spellings") -----------------------------------------------

_SPELLINGS: Final[Mapping[Comparator, tuple[str, ...]]] = MappingProxyType(
    {
        Comparator.GE: (
            "≥ ≧ ⩾ ≮ >= => ≥= ≥≥ 》 》= 大于等于 大于或等于 高于等于 高于或等于",
            "不低于 不少于 不小于 不得低于 不得少于 不得小于 不能低于 不能少于 应不低于 应不少于",
            "至少 最少 最低 起码 不早于",
        ),
        Comparator.LE: (
            "≤ ≦ ⩽ ≯ <= =< ≤= ≤≤ 《 《= 小于等于 小于或等于 低于等于 低于或等于",
            "不超过 不超 不超出 未超过 不高于 不大于 不多于 不长于 不突破 不晚于 不迟于",
            "不得超过 不得高于 不得大于 不得多于 不能超过 不能高于 至多 最多 最高",
        ),
        Comparator.GT: ("> 超过 高于 大于 多于 超出",),
        Comparator.LT: ("< 低于 小于 少于 不足 不到 短于 早于",),
        Comparator.EQ: ("= == ═ 等于",),
    }
)
COMPARATORS: Final = MappingProxyType(
    {
        spelling: comparator
        for comparator, lines in _SPELLINGS.items()
        for line in lines
        for spelling in line.split()
    }
)
"""Every spelling of a comparator in front of a number."""
COMPARATOR: Final = "|".join(re.escape(spelling) for spelling in sorted(COMPARATORS, key=len, reverse=True))
BOUND: Final = (
    r"(?:\(含(?:本数)?\)|及|或|以及)?"
    r"(?:(?P<above>以上|之上|\+)|(?P<below>以下|以内|之内|之下|范围内|封顶|内))"
    r"(?:\((?P<with>不?含(?:本数)?)\))?"
)
"""A comparator behind the number: 以上 以下 以内. In law the number itself counts as above and as below."""


def comparator(printed: str) -> Comparator | None:
    """Return the comparator a sign or word means.

    >>> comparator("≧").value, comparator("大于等于").value, comparator("正向") is None
    ('ge', 'ge', True)
    """
    return COMPARATORS.get(printed)


def bound(match: re.Match[str]) -> Comparator | None:
    """Return the comparator that a match of `BOUND` (as part of a pattern) prints behind the number."""
    strict = (match["with"] or "").startswith("不")
    if match["above"]:
        return Comparator.GT if strict else Comparator.GE
    if match["below"]:
        return Comparator.LT if strict else Comparator.LE
    return None


def agree(one: Comparator, other: Comparator) -> bool:
    """Return whether two comparators point the same way: > 以上 does, ≤ 以上 does not."""
    upward = {Comparator.GE, Comparator.GT}
    return one == other or (Comparator.EQ not in (one, other) and (one in upward) == (other in upward))
