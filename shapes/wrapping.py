"""Lines that fit a terminal, where a Chinese character is two columns wide and may end a line anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stays together: a word with the mark behind it, else one character (Chinese needs no blanks to break at).
_PIECE = re.compile(r"[!-~]+\s*|\s+|.[，。；：、！？）】”’》…]*")


def wrapped(text: str, width: int, indent: str = "") -> str:
    """Return a text in lines of at most `width` columns, further lines indented.

    >>> print(wrapped("预算数 budget 不等于", 10, "  "))
    预算数
      budget
      不等于
    """
    lines = list(_lines(text, width, cell_len(indent)))
    return f"\n{indent}".join(line.rstrip() for line in lines)


def _lines(text: str, width: int, indent: int) -> Iterator[str]:
    line, room = "", width
    for piece in _PIECE.findall(text):
        if line and cell_len(line) + cell_len(piece.rstrip()) > room:
            yield line
            line, room = "", width - indent
        line += piece if line else piece.lstrip()
    yield line
