"""From glyphs to words, and from words to lines of text.

A word is here what the producer wrote in one go: glyphs of one piece of text with no gap between them, blanks
that are printed included. Blanks that pdfium makes up are taken between Latin letters and figures only: it puts
one into 334人 too, where office programs leave a quarter of a character of air between figures and Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from .characters import is_wide
from .geometry import Box, hull

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .frames import Point
    from .page import Glyph

_WORD_GAP: Final = 0.3
"""Ems between glyphs of one word: justified Chinese is spread by less, the blank of a Latin font is narrower."""
_LATIN_BLANK: Final = 0.2
"""Ems between two Latin words without a printed blank: the narrowest blanks in use have a fifth of an em."""
_WIDE_BLANK: Final = 0.25
"""Ems between two Chinese characters that mean a blank, beyond what justifying puts between all of them."""
_MIXED_BLANK: Final = 0.3
"""Ems between Chinese and Latin that mean a blank: Word leaves a quarter of air there, LibreOffice a fifth."""
_COLUMN_GAP: Final = 1.5
"""Ems that only a tabulator, or a row of blanks, puts between two words."""
_SAME_LINE: Final = 0.5
"""Share of the lower one's height by which two words on one line overlap; raised ones (m²) overlap by that."""
_OVER: Final = 0.5
"""Share of the narrower one's width by which words lie over each other that are not beside each other."""
_OPENING: Final = r"[（(《〈「『【〔\[{“‘]"
_CLOSING: Final = r"[，。、；：？！）)》〉」』】〕\]}%％‰℃.,;:?!…—]"
_CORE: Final = r"(?:[!-~≥≤≧≦±×°℃‰¥￥]+|.)"
_LEAD: Final = re.compile(rf"{_OPENING}*{_CORE}{_CLOSING}*(?:[”’]{_CLOSING}*{_CORE}{_CLOSING}*)*", re.DOTALL)
"""What stays together at the start of a line: a Latin word, number or Chinese character, brackets that open it,
signs that may not begin a line (GB/T 15834, 5.1), and what quotation marks hold together (UAX #14, LB19)."""
_HANGING: Final = tuple("，。、；：？！,.;:")
"""Signs that may hang over the right margin."""
_MOST_BLANKS: Final = 40
"""Blanks in one gap: a whole line of them."""


@dataclass(frozen=True, slots=True)
class Word:
    """Glyphs written in one go, in the frame in which they are upright (`turn` quarter turns from the page's)."""

    text: str
    box: Box
    starts: tuple[float, ...]
    """Where each character begins, in x."""
    ends: tuple[float, ...]
    """Where each character ends, in x."""
    anchor: Point
    """Where it begins to be seen, in the frame of the page: the cell there is the cell it belongs to."""
    turn: int = 0
    apart: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line: of a cell, or of the page."""

    text: str
    box: Box
    page: int
    em: float
    """The width of a Chinese character."""
    lead: float
    """The width of what had to fit on the line before, had it been printed there."""
    firm: float
    """Where it ends in x, without a sign that may hang over the margin."""
    turn: int = 0


# --- words ----------------------------------------------------------------------------------------------


def words(glyphs: Iterable[Glyph]) -> Iterator[Word]:
    """Yield the words of glyphs that stand upright or turned by quarters, in the order of the file."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and not _goes_on(run[-1], glyph):
            yield _word(run)
            run = []
        run.append(glyph)
    if run:
        yield _word(run)


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if last.source is not glyph.source or glyph.apart:
        return False
    turn = glyph.source.turn or 0
    before, after = (last.box, glyph.box) if turn == 0 else (last.box.turned(turn), glyph.box.turned(turn))
    height = max(before.height, after.height)
    gap = after.left - before.right
    return -height < gap < _WORD_GAP * height and abs(before.bottom - after.bottom) < _SAME_LINE * height


def _word(run: list[Glyph]) -> Word:
    source = run[0].source
    turn = source.turn or 0
    boxes = [glyph.box.turned(turn) for glyph in run] if turn else [glyph.box for glyph in run]
    texts = [glyph.text for glyph in run]
    x, y = run[0].box.middle
    return Word(
        "".join(texts),
        hull(boxes),
        tuple(box.left for text, box in zip(texts, boxes, strict=True) for _ in text),
        tuple(box.right for text, box in zip(texts, boxes, strict=True) for _ in text),
        source.clip.nearest(x, y) if source.clip else (x, y),
        turn,
        run[0].apart,
    )


# --- lines ----------------------------------------------------------------------------------------------


def rows(found: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield the words that stand on one line, each line from left to right, from the first line to the last.

    Words of another direction make lines of their own, after the upright ones.
    """
    by_turn: dict[int, list[Word]] = {}
    for word in found:
        by_turn.setdefault(word.turn, []).append(word)
    for turn in sorted(by_turn):
        yield from _rows(by_turn[turn])


def _rows(found: list[Word]) -> Iterator[list[Word]]:
    row: list[Word] = []
    for word in sorted(found, key=lambda word: word.box.middle[1]):
        if row and not on_one_line(row[-1].box, word.box):
            yield from _layers(row)
            row = []
        row.append(word)
    if row:
        yield from _layers(row)


def on_one_line(first: Box, second: Box) -> bool:
    """Return whether two boxes stand beside or over each other, not one below the other."""
    common = min(first.bottom, second.bottom) - max(first.top, second.top)
    return common > _SAME_LINE * min(first.height, second.height)


def _layers(row: list[Word]) -> list[list[Word]]:
    """Return the words from left to right without those that are drawn a second time.

    Texts that are printed over each other (a row too low for its cells) are lines of their own, never one.
    """
    layers: list[list[Word]] = []
    for word in sorted(row, key=lambda word: word.box.left):
        if any(_lies_over(layer[-1], word) and layer[-1].text == word.text for layer in layers):
            continue
        free = [layer for layer in layers if not _lies_over(layer[-1], word)]
        if free:
            max(free, key=lambda layer: layer[-1].box.right).append(word)
        else:
            layers.append([word])
    return layers


def _lies_over(first: Word, second: Word) -> bool:
    common = first.box.right - second.box.left
    return common > _OVER * min(first.box.width, second.box.width)


def line(row: Sequence[Word], page: int) -> TextLine:
    """Return the words of one line as its text, with blanks where there is air for them."""
    em, spread = _em(row), _spread(row)
    text, starts, ends = row[0].text, list(row[0].starts), list(row[0].ends)
    for before, word in pairwise(row):
        glue = _glue(before, word, em, spread)
        text += glue + word.text
        starts += [word.box.left] * len(glue) + list(word.starts)
        ends += [word.box.left] * len(glue) + list(word.ends)
    firm = starts[-1] if text.endswith(_HANGING) else ends[-1]
    box, turn = hull(word.box for word in row), row[0].turn
    return TextLine(text, box.turned(-turn) if turn else box, page, em, _lead(text, starts, ends), firm, turn)


def _em(row: Sequence[Word]) -> float:
    """Return the width of a Chinese character; of a line without one, its height."""
    widths = [
        end - start
        for word in row
        for character, start, end in zip(word.text, word.starts, word.ends, strict=False)
        if is_wide(character)
    ]
    return median(widths) if widths else max(word.box.height for word in row)


def _spread(row: Sequence[Word]) -> float:
    """Return what justifying the line puts between each two of its characters."""
    starts = [start for word in row for start in word.starts]
    ends = [end for word in row for end in word.ends]
    gaps = [start - end for start, end in zip(starts[1:], ends, strict=False)]
    return max(median(gaps), 0.0) if gaps else 0.0


def _glue(before: Word, word: Word, em: float, spread: float) -> str:
    gap = word.box.left - before.box.right
    if before.text[-1].isspace():
        return " " * min(round(gap / _blank(before)), _MOST_BLANKS)
    if word.text[0].isspace():
        return ""
    if gap >= _COLUMN_GAP * em:
        return "\t"
    wide = is_wide(before.text[-1]) + is_wide(word.text[0])
    if wide == 0:
        return " " if word.apart or gap >= _LATIN_BLANK * em else ""
    return " " if gap - spread >= (_MIXED_BLANK if wide == 1 else _WIDE_BLANK) * em else ""


def _blank(word: Word) -> float:
    """Return the width of the blank a word ends with; pdfium gives the first of several and leaves a gap."""
    return max(word.ends[-1] - word.starts[-1], 1.0)


def _lead(text: str, starts: Sequence[float], ends: Sequence[float]) -> float:
    start = len(text) - len(text.lstrip())
    found = _LEAD.match(text, start)
    if found is None or found.end() == start:
        return 0.0
    return ends[found.end() - 1] - starts[start]
