"""Words that blanks separate: put together where they make one label, and shared out among columns."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from . import meaning
from .columns import Kind
from .entries import Entry, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_MOST_WORDS_OF_A_LABEL: Final = 6
_MOST_WORDS_OF_A_TEXT: Final = 4
_MOST_WORDS_OF_A_ROW: Final = 24
_MOST_POINTS: Final = 100
# (万元), (50分), (40-50)分 belong to the label before them; (略) is a value.
_BRACKETED = re.compile(r"^[(（][^()（）]*(?:[元分%]|\d)[^()（）]*[)）]分?$")

Share = tuple[str, ...]
"""The text of each column of a row."""


def words_of(line: str, number: int) -> Row:
    """Return the words of a line, those that make one label or level put together with a blank between them.

    >>> [word.text for word in words_of("产出指标 (50分) 数 量 指 标 其中: 财政拨款 3", 1)]
    ['产出指标 (50分)', '数 量 指 标', '其中: 财政拨款', '3']
    """
    words = line.split()
    merged: list[str] = []
    at = 0
    while at < len(words):
        some = words[at : at + _MOST_WORDS_OF_A_LABEL]
        if merged and _BRACKETED.match(some[0]) and _is_word_of_form(merged[-1]):
            merged[-1] = f"{merged[-1]} {some[0]}"
            at += 1
        else:
            count = _words_of_a_label(some)
            merged.append(" ".join(some[:count]))
            at += count
    return tuple(Entry(text, number) for text in merged)


def _words_of_a_label(words: Sequence[str]) -> int:
    """Return how many of the first words make one label; 1 where they make none."""
    counts = range(len(words), 1, -1)
    return next((count for count in counts if _makes_one(words[:count])), 1)


def _makes_one(words: Sequence[str]) -> bool:
    """Return whether words make a label together that they are not apart."""
    apart = sum(1 for word in words if _is_word_of_form(word) or _BRACKETED.match(word))
    with_value = meaning.is_label(words[0]) and any(map(meaning.is_quantity, words))
    return apart < min(len(words), 2) and not with_value and _is_word_of_form("".join(words))


def _is_word_of_form(text: str) -> bool:
    return meaning.is_label(text) or meaning.is_level(text)


def share_out(words: Sequence[str], kinds: Sequence[Kind]) -> Share | None:
    """Return the text of each column if there is exactly one way to share the words out, else None.

    Names and texts may have several words, all else has one; the name and the first value are never blank.
    """
    if len(words) > _MOST_WORDS_OF_A_ROW:
        return None
    ways = list(islice(_shares(tuple(words), tuple(_slots(kinds)), ()), 2))
    return ways[0] if len(ways) == 1 else None


def one_to_one(words: Sequence[str], kinds: Sequence[Kind]) -> Share | None:
    """Return one word for each column if that is possible, remarks at the end being blank."""
    blank = kinds[len(words) :]
    if len(words) > len(kinds) or not all(kind in (Kind.TEXT, Kind.ANY) for kind in blank):
        return None
    fits = all(_FITS[kind](word) for word, kind in zip(words, kinds, strict=False))
    return (*words, *[""] * len(blank)) if words and fits else None


class _Slot(NamedTuple):
    """A column, and how many words it may take."""

    kind: Kind
    least: int
    most: int


def _slots(kinds: Sequence[Kind]) -> Iterator[_Slot]:
    for index, kind in enumerate(kinds):
        named = kind is Kind.NAME or (kind is Kind.VALUE and Kind.VALUE not in kinds[:index])
        most = _MOST_WORDS_OF_A_TEXT if kind in (Kind.NAME, Kind.TEXT, Kind.ANY) else 1
        yield _Slot(kind, int(named), most)


def _shares(words: tuple[str, ...], slots: tuple[_Slot, ...], shared: Share) -> Iterator[Share]:
    if not slots:
        if not words:
            yield shared
        return
    slot = slots[0]
    for count in range(slot.least, min(slot.most, len(words)) + 1):
        if _suit(words[:count], slot.kind, shared):
            yield from _shares(words[count:], slots[1:], (*shared, " ".join(words[:count])))


def _suit(words: Share, kind: Kind, shared: Share) -> bool:
    """Return whether a column may hold words; some forms print a date a second time as its unit.

    A name may begin with a number (7 岁以下儿童), and is none where nothing follows.
    """
    if kind is Kind.UNIT and shared and words == shared[-1:]:
        return True
    if kind is Kind.NAME and len(words) > 1 and meaning.is_number(words[0]):
        words = words[1:]
    return all(map(_FITS[kind], words))


def _is_name(word: str) -> bool:
    return _is_text(word) and not meaning.is_quantity(word)


def _is_text(word: str) -> bool:
    return not (meaning.is_sign(word) or meaning.is_number(word) or meaning.is_surely_level(word))


def _is_value(word: str) -> bool:
    return not (meaning.is_sign(word) or meaning.is_surely_level(word))


def _is_points(word: str) -> bool:
    return meaning.is_number(word) and Decimal(meaning.plain(word).replace(",", "")) <= _MOST_POINTS


_FITS: Final[Mapping[Kind, Callable[[str], bool]]] = {
    Kind.NAME: _is_name,
    Kind.TEXT: _is_text,
    Kind.ANY: _is_text,
    Kind.PROJECT: _is_text,
    Kind.VALUE: _is_value,
    Kind.SIGN: meaning.is_sign,
    Kind.UNIT: meaning.is_unit,
    Kind.NUMBER: _is_points,
    Kind.LEVEL_1: meaning.is_level,
    Kind.LEVEL_2: meaning.is_level,
}
