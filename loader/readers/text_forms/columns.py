"""The columns of a table of indicators, as its header names them, and how badly a row of cells fits them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdflib import URIRef

    from .entries import Entry


class Kind(Enum):
    """What a column holds, as far as it helps to tell a cell that stands in the wrong one."""

    PROJECT = auto()
    LEVEL_1 = auto()
    LEVEL_2 = auto()
    NAME = auto()
    SIGN = auto()
    VALUE = auto()
    UNIT = auto()
    NUMBER = auto()
    TEXT = auto()
    ANY = auto()


_KINDS: Final[Mapping[URIRef, Kind]] = {
    JX.level1: Kind.LEVEL_1,
    JX.level2: Kind.LEVEL_2,
    JX.name: Kind.NAME,
    JX.rawText: Kind.VALUE,
    JX.actualText: Kind.VALUE,
    JX.comparator: Kind.SIGN,
    JX.direction: Kind.SIGN,
    JX.unit: Kind.UNIT,
    JX.weight: Kind.NUMBER,
    JX.score: Kind.NUMBER,
    JX.description: Kind.TEXT,
    JX.basis: Kind.TEXT,
    JX.scoringStandard: Kind.TEXT,
    JX.deviationReason: Kind.TEXT,
}
_OF_YEAR: Final = re.compile(r"^(?:20\d\d|前|上|去|本|当)年度?(?=.)")
_TIME: Final = re.compile(
    r"^(?:第?[一二三四1-4]季度|[上下]半年度?|半年度?|全年度?|[前上去]年度?|20\d\d年度?)$"
)
"""Labels of values at a time: quarters, half a year, an earlier year."""
_SAYS_TIME: Final = re.compile(
    r"^(?:第?[一二三四1-4]季度|[上下]?半年|[全前上去本当]年|20\d\d年|年度|实施(?:期|周期)|[中长]+期)"
)
_YEAR: Final = re.compile(r"^20\d\d$")
_LEVELS: Final = (Kind.LEVEL_1, Kind.LEVEL_2)
TYPED: Final = frozenset({Kind.SIGN, Kind.UNIT, Kind.NUMBER})
"""Columns whose content shows when cells have moved."""

DOES_NOT_FIT: Final = 3.0
"""A row of this cost or more is not where it seems to be."""
_BLANK_NAME: Final = 0.5
_NAMELESS: Final = 1.0
_ODD_NAME: Final = 2.5
_WRONG_LEVEL: Final = 1.5
_UNKNOWN_LEVEL: Final = 1.0
_ODD: Final = 1.0
_FILLER: Final = re.compile(r"^(?:指标\d*[:：])?[.…·。]*$(?<=.)")
_MOVED: Final = 1.5
_BOUNDS: Final = tuple("≥≤≧≦")


@lru_cache(maxsize=4096)
def kind_of(label: str) -> Kind | None:
    """Return the kind of column that a label heads, or None where it heads none of a table of indicators.

    >>> kind_of("2023年实际值"), kind_of("上半年"), kind_of("项目名称")
    (<Kind.VALUE: 6>, <Kind.VALUE: 6>, None)
    """
    if is_time(label):
        return Kind.VALUE
    meant = meaning.fields(label) or meaning.fields(_OF_YEAR.sub("", label))
    return next((kind for name, kind in _KINDS.items() if name in meant), None)


def is_time(label: str) -> bool:
    """Return whether a label names a time within or before the year, over values of it: 三季度, 前年."""
    return _TIME.match(meaning.plain(label)) is not None


def says_time(label: str) -> bool:
    """Return whether the label of a column of values begins with a time.

    >>> says_time("半年（程）指标值"), says_time("实施期指标值"), says_time("指标值")
    (True, True, False)
    """
    return _SAYS_TIME.match(meaning.plain(label)) is not None


def heads_values(label: str) -> bool:
    """Return whether a label may stand in the second line of a header, under that of the values: a year alone too.

    >>> heads_values("2023"), heads_values("2023年实际值"), heads_values("120")
    (True, True, False)
    """
    return kind_of(label) is Kind.VALUE or _YEAR.match(meaning.plain(label)) is not None


def misfit(row: Sequence[Entry], kinds: Sequence[Kind]) -> float:
    """Return how badly cells fit the columns they would stand in; 0 is a fit, `DOES_NOT_FIT` is none.

    A name that looks like a level or a number is odd, and may stand where the row's own level holds it in place.
    A description may say again what the row is called, or its level. A value without a name is odd.
    """
    held, nameless, said, cost = False, False, set[str](), 0.0
    for entry, kind in zip(row, kinds, strict=True):
        text = entry.text
        own = 0.0 if kind is Kind.TEXT and text in said else _cost(kind, text)
        if kind in _LEVELS:
            held = held or meaning.is_level(text)
            said.add(text)
        elif kind is Kind.NAME:
            said.add(text)
            nameless = not text.strip()
            own = min(own, _ODD_NAME) if held else own
        elif kind is Kind.VALUE and nameless and text.strip():
            own += _NAMELESS
        cost += own
        if cost >= DOES_NOT_FIT:
            break
    return cost


@lru_cache(maxsize=1 << 15)
def _cost(kind: Kind, text: str) -> float:
    return _COSTS[kind](text.strip())


def _level(text: str, *, right: Callable[[str], bool]) -> float:
    if not text or right(text):
        return 0.0
    if meaning.is_level(text):
        return _WRONG_LEVEL
    looks_like_one = meaning.plain(text).endswith("指标") and not meaning.is_label(text)
    return _UNKNOWN_LEVEL if looks_like_one else DOES_NOT_FIT


def _level_1(text: str) -> float:
    return _level(text, right=meaning.is_level_1)


def _level_2(text: str) -> float:
    return _level(text, right=meaning.is_level_2)


def _project(text: str) -> float:
    return _ODD if meaning.is_label(text) or meaning.is_level(text) else 0.0


def _name(text: str) -> float:
    if not text:
        return _BLANK_NAME
    of_value = meaning.is_quantity(text) or meaning.is_sign(text) or meaning.is_unit(text)
    wrong = of_value or meaning.plain(text).endswith("目标")
    return DOES_NOT_FIT if wrong else _text(text)


def _sign(text: str) -> float:
    if _is_blank(text) or meaning.is_sign(text):
        return 0.0
    return DOES_NOT_FIT if meaning.is_surely_level(text) else _ODD * 2


def _unit(text: str) -> float:
    if _is_blank(text) or meaning.is_unit(text):
        return 0.0
    if meaning.is_surely_level(text):
        return DOES_NOT_FIT
    return _ODD * 2 if meaning.is_quantity(text) or meaning.is_sign(text) else _ODD / 2


def _number(text: str) -> float:
    if _is_blank(text) or meaning.is_points(text):
        return 0.0
    return _ODD * 2 if meaning.is_quantity(text) else DOES_NOT_FIT


def _text(text: str) -> float:
    """Return the cost of a text: 项目成本 is a level and may be a name, 质量指标 is a level and no name."""
    if not meaning.is_level(text):
        return 0.0
    return DOES_NOT_FIT if meaning.is_surely_level(text) else _ODD


def _remark(text: str) -> float:
    """Return the cost of a remark: a bounded quantity (≥98%) is more likely a value that has moved."""
    return _MOVED if text[:1] in _BOUNDS and meaning.is_quantity(text) else _text(text)


def _any(text: str) -> float:
    """Return the cost of what a column without a known head holds: never the beginning of a blank form's row."""
    return _ODD if _FILLER.match(meaning.plain(text)) else _text(text)


def _value(text: str) -> float:
    """Return the cost of a value: a sign alone is one that lacks its number, or stands in a column before it."""
    return _ODD if meaning.is_sign(text) and not text.endswith("定性") else _text(text)


def _is_blank(text: str) -> bool:
    """Return whether nothing is stated: a blank cell, a dash."""
    return not text.strip("-—–/\\*无 ")


_COSTS: Final[Mapping[Kind, Callable[[str], float]]] = {
    Kind.PROJECT: _project,
    Kind.LEVEL_1: _level_1,
    Kind.LEVEL_2: _level_2,
    Kind.NAME: _name,
    Kind.SIGN: _sign,
    Kind.VALUE: _value,
    Kind.UNIT: _unit,
    Kind.NUMBER: _number,
    Kind.TEXT: _remark,
    Kind.ANY: _any,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The kinds of a table's columns from left to right, captions beside them left out."""

    kinds: tuple[Kind, ...]

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def levels(self) -> tuple[int, ...]:
        """Return the indices of the level columns."""
        return tuple(index for index, kind in enumerate(self.kinds) if kind in _LEVELS)

    @property
    def last_start(self) -> int:
        """Return the index of the last column a row can begin with: what stands left of it may be merged."""
        for index, kind in enumerate(self.kinds):
            if kind is Kind.NAME:
                return index
        return max(self.levels, default=0)
