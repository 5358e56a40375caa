"""Heads, feet and page numbers: what stands at the same place of several pages and belongs to none of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from .writing import TextLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .parts import Sheet

_LINES: Final = 3
"""Lines on top and at the foot that are looked at: a head has one, sometimes with a unit line below."""
_SAME_PLACE: Final = 3.0
"""Points by which a head moves from page to page (left and right pages, rounding)."""
_NUMBER: Final = re.compile(
    r"[\W_]{0,4}(?:第|Page|P)?(\d{1,4})页?(?:[\W_]{0,3}[共of]{0,2}\d{1,4}页?)?[\W_]{0,4}", re.IGNORECASE
)
_DECORATED: Final = re.compile(
    r"[-—–－―·•~]+\d{1,4}[-—–－―·•~]+|第\d{1,4}页.{0,8}|\d{1,4}/\d{1,4}|(?:Page|P\.?)\d{1,4}.{0,8}",
    re.IGNORECASE,
)


def without_running_lines(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the pages without page numbers, repeated heads put aside as `head`, and feet told once as `foot`.

    A head reaches from the top down to the first line that is no repetition, a foot likewise from below: lines
    within the text that stand at the same place of two pages (the unit above each form) stay where they are.
    """
    tops = [_edge(sheet.items) for sheet in sheets]
    bottoms = [_edge(sheet.items[::-1]) for sheet in sheets]
    numbers = _numbers(sheets, tops) | _numbers(sheets, bottoms)
    again, _ = _repeated(tops, numbers)
    later, first = _repeated(bottoms, numbers)
    heads = {id(line) for top in tops for line in takewhile(_is_in(again | numbers), top)}
    feet = {id(line) for bottom in bottoms for line in takewhile(_is_in(first | later | numbers), bottom)}
    return [
        replace(
            sheet,
            items=tuple(item for item in sheet.items if id(item) not in heads | feet | numbers),
            head=tuple(line for line in top if id(line) in heads - numbers),
            foot=tuple(line for line in bottom[::-1] if id(line) in (feet & first) - later),
        )
        for sheet, top, bottom in zip(sheets, tops, bottoms, strict=True)
    ]


def _is_in(ids: set[int]) -> Callable[[TextLine], bool]:
    return lambda line: id(line) in ids


def _edge(items: Iterable[object]) -> list[TextLine]:
    lines = takewhile(lambda item: isinstance(item, TextLine), items)
    return [line for line in islice(lines, _LINES) if isinstance(line, TextLine)]


def _plain(line: TextLine) -> str:
    return "".join(line.text.split())


def _numbers(sheets: Sequence[Sheet], edges: Sequence[list[TextLine]]) -> set[int]:
    """Return the ids of the lines that are page numbers: dressed as such, or counting up with the pages."""
    found: list[tuple[int, int, TextLine]] = []
    for sheet, lines in zip(sheets, edges, strict=True):
        for line in lines[:1]:
            number = _NUMBER.fullmatch(_plain(line))
            if number:
                found.append((int(number[1]) - sheet.page, round(line.box.middle[1] / _SAME_PLACE), line))
    counting = Counter((offset, place) for offset, place, _ in found)
    return {
        id(line)
        for offset, place, line in found
        if counting[offset, place] > 1 or _DECORATED.fullmatch(_plain(line))
    }


def _repeated(edges: Iterable[list[TextLine]], numbers: set[int]) -> tuple[set[int], set[int]]:
    """Return the ids of the lines that an earlier page has at the same place, and of those earlier lines."""
    seen: dict[str, list[TextLine]] = {}
    repeats: set[int] = set()
    first: set[int] = set()
    for line in (line for lines in edges for line in lines if id(line) not in numbers):
        earlier = seen.setdefault(_plain(line), [])
        same = [other for other in earlier if _same_place(line, other)]
        if same:
            repeats.add(id(line))
            first.add(id(same[0]))
        else:
            earlier.append(line)
    return repeats, first


def _same_place(line: TextLine, other: TextLine) -> bool:
    return line.page != other.page and abs(line.box.middle[1] - other.box.middle[1]) <= _SAME_PLACE
