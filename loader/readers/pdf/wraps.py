"""Soft wraps: a line is joined with the next where it had no room for what the next begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from .writing import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .parts import Field
    from .writing import TextLine

_SLACK: Final = 0.1
"""Ems by which a line may seem to have room: the margin of a cell is known from its text only."""
_INDENT: Final = 1.2
"""Ems by which the first line of a paragraph is set in, at least (the rule is two)."""
_CENTRED: Final = 0.6
"""Ems by which the air on both sides of a centred line may differ."""
_MARGIN: Final = 8.0
"""Points: the widest margin between border and text that office programs set by themselves (Word 5.4)."""
_ITEM: Final = re.compile(r"(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)、.．]|[①-⑳●■◆])(?!\d)")
_LEADER: Final = re.compile(r"\s*[.…·．‥]{4,}\s*(?=\d+$)")
"""The dots of a contents list between a heading and its page."""
_SENTENCE_END: Final = tuple("。；;：:！!？?")


@dataclass(frozen=True, slots=True)
class Measure:
    """From where to where lines can run: a cell without its margins, or a page."""

    left: float
    right: float

    def _centres(self, line: TextLine) -> bool:
        before, behind = line.box.left - self.left, self.right - line.box.right
        return abs(before - behind) <= _CENTRED * line.em

    def _room(self, line: TextLine) -> float:
        """Return how much more could stand on a line."""
        behind = self.right - line.box.right
        return line.box.left - self.left + behind if self._centres(line) else behind

    def _indents(self, line: TextLine) -> bool:
        return line.box.left - self.left > _INDENT * line.em and not self._centres(line)

    def breaks(self, line: TextLine, after: TextLine) -> bool:
        """Return whether a line ends where it does although there was room, or the next one begins anew."""
        if self._indents(after) and not self._indents(line):
            return True
        if _LEADER.search(line.text):
            return True
        if _ITEM.match(after.text) and line.text.rstrip().endswith(_SENTENCE_END):
            return True
        return self._room(line) >= after.lead + _SLACK * line.em


def margin(fields: Iterable[Field]) -> float:
    """Return the margin between border and text in the cells of a table, in points."""
    found = (line.box.left - field.box.left for field in fields for line in field.lines if not line.turn)
    return min(max(min(found, default=0.0), 0.0), _MARGIN)


def measure(field: Field, margin: float) -> Measure:
    """Return from where to where the lines of a cell can run."""
    return Measure(field.box.left + margin, field.box.right - margin)


def text(lines: Sequence[TextLine], measure: Measure) -> str:
    """Return the lines of a cell as its text, with a line end only where one was printed."""
    return "\n".join(strung(paragraph) for paragraph in paragraphs(lines, measure)).strip()


def paragraphs(lines: Sequence[TextLine], measure: Measure) -> Iterator[list[TextLine]]:
    """Yield the lines that are one when there is room enough."""
    paragraph: list[TextLine] = []
    for line in lines:
        if paragraph and _breaks(paragraph[-1], line, measure):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _breaks(line: TextLine, after: TextLine, measure: Measure) -> bool:
    """Return whether a paragraph ends with a line; those that run up or down are labels in narrow cells, joined."""
    if line.turn or after.turn:
        return line.turn != after.turn
    printed_over = line.page == after.page and on_one_line(line.box, after.box)
    return printed_over or measure.breaks(line, after)


def strung(lines: Sequence[TextLine]) -> str:
    """Return the lines of a paragraph as one; dots that lead to a page number are the tabulator they stand for."""
    whole = lines[0].text
    for before, after in pairwise(lines):
        whole += _glue(before.text, after.text) + after.text
    return _LEADER.sub("\t", whole.strip())


def _glue(before: str, after: str) -> str:
    """Return the blank that a wrap between Latin words swallows."""
    latin = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha()
    return " " if latin else ""
