"""Bars between cells, in each way they are met.

- `a | b |`, a row on each line, with or without bars at its ends: Markdown, dumps of pages and of sheets;
- a bar on a line of its own between two cells, a line end without a bar being the end of a row;
- a stream: `a |` and `|` on lines of their own, or rows broken anywhere. A bar more than usual is a blank cell.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from . import meaning
from .entries import Entry, Row
from .front import is_row_of_one
from .headings import is_header
from .lost_ends import cut_apart
from .paragraphs import Paragraph, tell_paragraphs
from .sections import tell_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .story import Story

_BAR = re.compile(r"(?<!\\)[|｜│┃]")
# Rules between rows: |---|:--:| of Markdown, ├──┼──┤ and +---+ of drawn tables.
_RULE = re.compile(r"^(?=.*[-=─━═]{3})[\s|｜│┃:+\-=─━═┄┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬]+$")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}\s+")
_STRONG = re.compile(r"^\*\*(.*)\*\*$", re.DOTALL)
_LEAST_WORDS: Final = 2
_SHARE_OF_LINES: Final = 0.3
_SHARE_OF_ROWS: Final = 0.8
_SHARE_OF_LONE: Final = 0.1
_LONGEST_CELL: Final = 40
"""Lines over which a row may go on."""


class _Line(NamedTuple):
    """A line of the text, cut at its bars."""

    number: int
    texts: tuple[str, ...]

    @property
    def bars(self) -> int:
        """Return how many bars the line has."""
        return len(self.texts) - 1

    @property
    def lone(self) -> bool:
        """Return whether the line is a bar and nothing else."""
        return self.bars == 1 and not any(self.texts)

    @property
    def blank(self) -> bool:
        """Return whether nothing is on the line."""
        return not any(self.texts) and not self.bars


def suits(lines: Sequence[str]) -> bool:
    """Return whether bars stand between cells, and not only between the links of a page."""
    cut = [line for line in _cut(lines) if not line.blank]
    barred = [line for line in cut if line.bars]
    beside = [line for before, line in itertools.pairwise(cut) if before.lone or line.lone]
    words = sum(1 for line in (*barred, *beside) for text in line.texts if _is_word_of_form(text))
    return words >= _LEAST_WORDS or len(barred) > len(cut) * _SHARE_OF_LINES


def _is_word_of_form(text: str) -> bool:
    return meaning.is_label(text) or meaning.is_level(text)


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines of a text with bars."""
    cut = list(_cut(lines))
    if not (_bars_stand_alone(cut) or _one_cell_a_line(cut) or any(map(_is_many_rows, cut))):
        _tell_rows(cut, story)
    elif _cells_stand_free(cut):
        _tell_broken_rows(cut, story)
    else:
        tell_paragraphs(list(_paragraphs(cut)), story, step=1)


def _cut(lines: Sequence[str]) -> Iterator[_Line]:
    for number, line in enumerate(lines, start=1):
        if not _RULE.match(line):
            yield _Line(number, tuple(map(_cell_text, _BAR.split(_HEADING.sub("", line)))))


def _cell_text(text: str) -> str:
    """Return the text of a cell as it is meant: without the marks that Markdown puts around it."""
    unmarked = _STRONG.sub(r"\1", _LINE_BREAK.sub("\n", text).replace("\\|", "|").strip())
    return unmarked.strip()


def _is_many_rows(line: _Line) -> bool:
    """Return whether a line prints a header and what stands under it."""
    return _is_header(line) and any(map(meaning.is_surely_level, line.texts))


def _is_header(line: _Line) -> bool:
    return is_header([Entry(text, line.number) for text in line.texts])


def _bars_stand_alone(lines: Sequence[_Line]) -> bool:
    """Return whether bars on lines of their own are usual; one here and there is a row of two blank cells."""
    barred = sum(1 for line in lines if line.bars)
    return sum(line.lone for line in lines) > max(1, barred * _SHARE_OF_LONE)


def _one_cell_a_line(lines: Sequence[_Line]) -> bool:
    """Return whether most lines with bars have one cell, at most."""
    barred = [line for line in lines if line.bars]
    single = [line for line in barred if line.bars == 1 and "" in line.texts]
    return len(single) * 2 > len(barred)


def _cells_stand_free(lines: Sequence[_Line]) -> bool:
    """Return whether bars stand on lines of their own, and the cells between them on lines without a bar."""
    free = sum(
        1
        for before, line, behind in zip(lines, lines[1:], lines[2:], strict=False)
        if line.lone
        for neighbour in (before, behind)
        if not neighbour.bars and not neighbour.blank
    )
    return free > sum(1 for line in lines if line.bars and any(line.texts))


# --- a row on each line ---------------------------------------------------------------------------------


def _tell_rows(lines: Sequence[_Line], story: Story) -> None:
    """Tell rows; a line without a bar stands between tables, unless the row above it is not finished."""
    rows: list[Row] = []
    closed = _usually(lines, at=-1)
    opened = _usually(lines, at=0) and not any(line.texts[0] and _is_header(line) for line in lines)
    for line in _whole_rows(lines) if closed else lines:
        if line.bars:
            rows.append(_row(line, opened=opened, closed=closed))
        elif rows and is_row_of_one(rows[-1], line.texts[0]):
            rows.append((Entry(line.texts[0], line.number),))
        elif not line.blank:
            tell_rows(_without_blank_columns(rows), story)
            rows = []
            story.tell_line(line.texts[0], line.number)
    tell_rows(_without_blank_columns(rows), story)


def _usually(lines: Sequence[_Line], *, at: int) -> bool:
    """Return whether nearly all rows begin (`at` 0) or end (`at` -1) with a bar."""
    barred = [line for line in lines if line.bars]
    return sum(1 for line in barred if not line.texts[at]) > len(barred) * _SHARE_OF_ROWS


def _whole_rows(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines, a row that goes on over several of them as one."""
    waiting = list(reversed(lines))
    widest = max(line.bars for line in lines if not line.texts[-1])
    while waiting:
        line = waiting.pop()
        if line.bars and line.texts[-1]:
            more = _rest_of_row(waiting)
            whole = _Line(line.number, _glued((line, *more)))
            if whole.bars <= widest:
                del waiting[len(waiting) - len(more) :]
                line = whole
        yield line


def _rest_of_row(waiting: Sequence[_Line]) -> list[_Line]:
    """Return the lines of text up to the one that ends with a bar; none where a blank line comes before it."""
    more: list[_Line] = []
    for line in reversed(waiting[-_LONGEST_CELL:]):
        more.append(line)
        if line.blank or line.bars:
            return more if line.bars and not line.texts[-1] else []
    return []


def _glued(lines: Sequence[_Line]) -> tuple[str, ...]:
    texts = list(lines[0].texts)
    for line in lines[1:]:
        texts[-1] += "\n" + line.texts[0]
        texts += line.texts[1:]
    return tuple(texts)


def _row(line: _Line, *, opened: bool, closed: bool) -> Row:
    texts = line.texts
    if closed and not texts[-1]:
        texts = texts[:-1]
    if opened and len(texts) > 1 and not texts[0]:
        texts = texts[1:]
    return tuple(Entry(text, line.number) for text in texts)


def _without_blank_columns(rows: Sequence[Row]) -> list[Row]:
    """Return rows of one width without the columns on the right in which nothing is printed."""
    if len({len(row) for row in rows}) != 1:
        return list(rows)
    used = max(
        (index for row in rows for index, entry in enumerate(row, start=1) if not entry.blank), default=1
    )
    return [row[:used] for row in rows]


# --- a bar on a line of its own between the cells of a row ------------------------------------------------


def _tell_broken_rows(lines: Sequence[_Line], story: Story) -> None:
    broken = _BrokenRows(story)
    for line in lines:
        broken.take(line)
    broken.end_table()


class _BrokenRows:
    """The rows of the table that is open; a bar `expects` a cell behind it in the same row.

    A blank line ends the table, unless a bar follows it: then it is the blank first cell of a row.
    """

    def __init__(self, story: Story) -> None:
        self._story = story
        self._rows: list[list[Entry]] = []
        self._barred: list[bool] = []
        self._expects = False
        self._after_blank = False

    def take(self, line: _Line) -> None:
        """Take the next line."""
        if line.blank:
            self._after_blank = True
            return
        if self._after_blank:
            self._take_blank(line)
        for index, text in enumerate(line.texts):
            if index:
                self._take_bar(line.number)
            if text:
                self._take_text(Entry(text, line.number))

    def _take_blank(self, below: _Line) -> None:
        self._after_blank = False
        if not below.lone or not self._rows:
            self.end_table()
            return
        if self._expects:
            self._take_text(Entry("", below.number - 1))
        self._take_text(Entry("", below.number - 1))

    def _take_bar(self, number: int) -> None:
        if self._rows and self._expects:
            self._rows[-1].append(Entry("", number))
        if self._rows:
            self._barred[-1] = True
            self._expects = True

    def _take_text(self, entry: Entry) -> None:
        if self._expects:
            self._rows[-1].append(entry)
        else:
            self._rows.append([entry])
            self._barred.append(False)
        self._expects = False

    def end_table(self) -> None:
        """Tell the rows; lines above the first bar are text, lines without one go on the cell above.

        The label of a level alone is a row of its own.
        """
        if self._expects:
            self._rows[-1].append(Entry("", self._rows[-1][-1].line))
        rows: list[Row] = []
        for row, barred in zip(self._rows, self._barred, strict=True):
            if barred or (rows and meaning.is_surely_level(row[0].text)):
                rows.append(tuple(row))
            elif rows and not meaning.stands_alone(row[0].text):
                rows[-1] = _with_line(rows[-1], row[0])
            else:
                tell_rows(list(cut_apart(rows)), self._story, lost_ends=True)
                rows = []
                self._story.tell_entries(row)
        tell_rows(list(cut_apart(rows)), self._story, lost_ends=True)
        self._rows, self._barred, self._expects = [], [], False


def _with_line(row: Row, entry: Entry) -> Row:
    last = row[-1]
    return (*row[:-1], Entry(f"{last.text}\n{entry.text}".strip(), last.line))


# --- a stream -------------------------------------------------------------------------------------------


def _paragraphs(lines: Sequence[_Line]) -> Iterator[Paragraph]:
    """Yield each cell with its lines and the bars behind it; text before a blank line, not closed, has none."""
    texts: list[Entry] = []
    bars = 0
    for line in lines:
        if line.blank and texts and not bars:
            yield Paragraph(tuple(texts), 0)
            texts = []
        for index, text in enumerate(line.texts):
            bars += bool(index)
            if text:
                if bars and texts:
                    yield Paragraph(tuple(texts), bars)
                    texts = []
                bars = 0
                texts.append(Entry(text, line.number))
    if texts:
        closed_before = any(line.bars and line.number == texts[-1].line for line in lines)
        yield Paragraph(tuple(texts), bars or int(closed_before))
