"""How alike two names are: by the fewest edits, and by whether these can be errors of typing at all.

第一中学 and 第二中学, 路南 and 路北, 财政局 and 财政所 are one edit apart and never the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TELLING: Final = frozenset(
    "〇一二三四五六七八九十百千0123456789东南西北中上下前后左右内外大小新老旧男女甲乙丙丁高初总分副县市省区乡镇村"
)
"""Characters by which names are told apart."""
_KINDS: Final = frozenset("局委办所站院校园馆队部会室厅科股处中心社库厂场台团庭营司")
"""Characters at the end of the name of a body, which say of what kind it is."""
_SHORTEST: Final = 4
"""Characters of a name in which one edit may be an error of typing."""
_FOR_ANOTHER: Final = 8
"""For each so many, one more."""
_AN_EDIT: Final = 0.5
"""What an edit that may be an error of typing costs of a character."""
_TOLD_APART: Final = 0.6
"""The likeness beyond which names are not that are told apart."""


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1.

    >>> likeness("农业农村局", "农业农村局"), round(likeness("农业农忖局", "农业农村局"), 2)
    (1.0, 0.9)
    >>> likeness("第一中学", "第二中学"), likeness("财政局", "财政所"), round(likeness("民政局", "财政局"), 2)
    (0.6, 0.6, 0.67)
    >>> round(likeness("市场监督管里局", "市场督监管理局"), 2), likeness("路南", "藁城")
    (0.71, 0.0)
    """
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if not longest or sum(character in other for character in one) < longest / 2:
        return 0.0
    distance = edits(one, other)
    if _tells_apart(one, other):
        return min(_TOLD_APART, 1 - distance / longest)
    if longest >= _SHORTEST and distance <= max(1, longest // _FOR_ANOTHER):
        return 1 - _AN_EDIT * distance / longest
    return 1 - distance / longest


def edits(one: str, other: str) -> int:
    """Return the characters to replace, add, leave out, or swap with their neighbours.

    >>> edits("abc", "acb"), edits("abc", "abxc"), edits("", "ab")
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, theirs in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]


def _tells_apart(one: str, other: str) -> bool:
    """Say whether what differs is what names are told apart by."""
    mine, theirs = _differing(one, other)
    if sorted(mine) == sorted(theirs):
        return False
    if not (mine and theirs) and one[0] != other[0]:
        return True  # what stands before a name is of another name: 润医疗保障局 is not 医疗保障局
    telling = [_TELLING.intersection(part) for part in (mine, theirs)]
    if telling[0] != telling[1] and (all(telling) or not (mine and theirs)):
        return True
    return one[-1] != other[-1] and one[-1] in _KINDS and other[-1] in _KINDS


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return what is left of two names without what they begin and end with alike.

    >>> _differing("第一中学", "第二中学"), _differing("aab", "ab")
    (('一', '二'), ('a', ''))
    """
    start = sum(1 for _ in _alike(one, other))
    one, other = one[start:], other[start:]
    end = sum(1 for _ in _alike(one[::-1], other[::-1]))
    return one[: len(one) - end], other[: len(other) - end]


def _alike(one: str, other: str) -> Iterator[str]:
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            return
        yield mine


def pairs(text: str) -> frozenset[str]:
    """Return the characters of a text, and the pairs of those that stand together.

    >>> sorted(pairs("教育局"))
    ['局', '教', '教育', '育', '育局']
    """
    return frozenset(text).union(text[i : i + 2] for i in range(len(text) - 1))
