"""Goals as forms print them: several in one cell, each with its number."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?:^|(?<=[；;。\s]))(?:目标\s*(\d{1,2})\s*[:：]|[(（](\d{1,2})[)）]|(\d{1,2})[.、．](?!\d))\s*"
)


def split_goals(text: str) -> tuple[str, ...]:
    r"""Return the goals of a cell without their numbers; a text that does not count from 1 is one goal.

    >>> split_goals('1.保障运转；2.提升能力。')
    ('保障运转；', '提升能力。')
    >>> split_goals('目标1：完成治理。\n目标2：建立制度。')
    ('完成治理。', '建立制度。')
    >>> split_goals('2025年完成3.5公里')
    ('2025年完成3.5公里',)
    """
    starts = list(_counting(text))
    if not starts or text[: starts[0].start()].strip():
        return (text.strip(),)
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return tuple(text[match.end() : end].strip() for match, end in zip(starts, ends, strict=True))


def _counting(text: str) -> list[re.Match[str]]:
    """Return the numbers that count 1, 2, 3, … in a text; others are part of what is said."""
    found: list[re.Match[str]] = []
    for match in _NUMBER.finditer(text):
        if int(match[1] or match[2] or match[3]) == len(found) + 1:
            found.append(match)
    return found
