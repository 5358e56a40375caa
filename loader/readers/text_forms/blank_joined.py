"""Cells joined by blanks, blank cells vanished: the hardest form that can be read.

A line under a header is a row only if its words can be shared out among the columns in exactly one way: signs,
numbers and units hold it in place. Where everything stands on one line there are no rows to go by: the labels and
the levels are the only hold, and every row must have the same columns filled.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from . import meaning
from .blank_words import Share, one_to_one, share_out, words_of
from .columns import Kind
from .entries import Entry, Row
from .fitting import Fitted, LeftOut
from .headings import first_label, is_header, lead, readings, second_line
from .sections import is_barrier, tell_table
from .streams import tell_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .headings import Heading
    from .story import Story

_SHARE_OF_LABELS: Final = 0.6
_LEAST_REGULAR: Final = 3
_SHARE_OF_REGULAR: Final = 0.6
# How labels end that no list has: an unknown label between two values, and not a part of a value.
_LIKE_A_LABEL = re.compile(
    r"^\D{2,10}(?:名称|类别|类型|性质|属性|部门|单位|[科处]室|负责人|电话|时间|日期|期限?|周期|年度|金额|资金|总额"
    r"|代码|编码|情况|依据|分类|来源|方式|地点|地址|范围)[:：]?$"
)


def suits(lines: Sequence[str]) -> bool:
    """Return whether the header of a table of indicators stands on one line, blanks between its labels."""
    return any(_has_header(line) for line in lines)


def _has_header(line: str) -> bool:
    words = words_of(line, 0)
    return len(words) > 1 and any(is_header(words[at : at + 3]) for at in range(len(words) - 1))


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines."""
    rows = [words_of(line, number) for number, line in enumerate(lines, start=1)]
    if any(_is_header_line(row) for row in rows):
        _Lines(rows, story).tell()
    else:
        tell_stream(tuple(word for row in rows for word in row), story, blanks_vanish=True)


def _is_header_line(row: Row) -> bool:
    labels = sum(1 for entry in row if meaning.is_label(entry.text))
    return is_header(row) and labels >= len(row) * _SHARE_OF_LABELS


# --- a row on each line ---------------------------------------------------------------------------------


class _Lines:
    """The lines of a document, told from top to bottom; `at` is the next one."""

    def __init__(self, rows: Sequence[Row], story: Story) -> None:
        self._rows = rows
        self._story = story
        self._at = 0

    def tell(self) -> None:
        """Tell header after header, with the lines above it and the rows below it."""
        headers = [index for index, row in enumerate(self._rows) if _is_header_line(row)]
        for header in headers:
            front = self._front(header)
            heading = self._heading(header)
            self._at = header + 1 + bool(heading.below)
            body = self._body()
            tell_table(front, heading, list(_placed(body, heading)), self._story)
        self._tell_lines(len(self._rows))

    def _heading(self, header: int) -> Heading:
        """Return the header, with the second line of labels under its values if there is one."""
        row, below = self._rows[header], self._rows[header + 1 : header + 2]
        parts = below and second_line((*row, *below[0])) == len(row)
        return next(readings(row, below[0] if parts else ()))

    def _front(self, header: int) -> list[Row]:
        """Return the lines of labels and values right above a header; what stands above them becomes lines."""
        begin = header
        while begin > self._at and self._rows[begin - 1]:
            begin -= 1
        begin += first_label([row[0] for row in self._rows[begin:header]])
        self._tell_lines(begin)
        return _paired(_front_row(row) for row in self._rows[begin:header])

    def _body(self) -> list[Row]:
        begin = self._at
        while self._at < len(self._rows) and not _ends_body(self._rows[self._at]):
            self._at += 1
        return list(self._rows[begin : self._at])

    def _tell_lines(self, end: int) -> None:
        for row in self._rows[self._at : end]:
            self._story.tell_entries(row)
        self._at = end


def _ends_body(row: Row) -> bool:
    return not row or _is_header_line(row) or is_barrier(row[0].text) or meaning.is_page_frame(row[0].text)


# --- labels and values ----------------------------------------------------------------------------------


def _front_row(words: Row) -> Row:
    """Return the labels and values of a line, or the line as one cell where they cannot be told apart."""
    row: list[Entry] = []
    for label, values in _labelled(words):
        value = _value(values, prose=label is not None and meaning.is_goal_label(label.text))
        if value is None or (label is None and values):
            return (_joined(words),)
        row += [entry for entry in (label, *value) if entry is not None]
    return tuple(row)


def _paired(rows: Iterable[Row]) -> list[Row]:
    """Return the rows, a label that stands alone on its line with the value that stands alone on the next."""
    paired: list[Row] = []
    for row in rows:
        above = paired[-1] if paired else ()
        if (
            len(row) == len(above) == 1
            and meaning.is_label(above[0].text)
            and not meaning.is_label(row[0].text)
        ):
            paired[-1] = above + row
        else:
            paired.append(row)
    return paired


def _labelled(words: Row) -> Iterator[tuple[Entry | None, Row]]:
    """Yield each label with the words behind it; None for words before the first label."""
    label: Entry | None = None
    values: list[Entry] = []
    for word in words:
        if meaning.is_label(word.text):
            yield label, tuple(values)
            label, values = word, []
        else:
            values.append(word)
    yield label, tuple(values)


def _value(words: Row, *, prose: bool) -> Row | None:
    """Return the cells that words behind a label make: a value, or a value with an unknown label and its value."""
    if len(words) < 2 or prose:
        return (_joined(words),) if words else ()
    like_labels = [_LIKE_A_LABEL.match(word.text) is not None for word in words]
    if not any(like_labels):
        return (_joined(words),)
    return words if like_labels == [False, True, False] else None


def _joined(words: Row) -> Entry:
    return Entry(" ".join(word.text for word in words), words[0].line)


# --- rows of indicators -----------------------------------------------------------------------------------


def _placed(rows: Sequence[Row], heading: Heading) -> Iterator[Fitted | LeftOut]:
    if Kind.NAME not in heading.columns.kinds:
        yield from (LeftOut(row) for row in rows)
        return
    usual = _usual_tail(rows, heading)
    first, certain = True, True
    for row in rows:
        fitted = _fit(row, heading, usual)
        if fitted is None or (first and fitted.start):
            yield LeftOut(row)
            certain = False
        else:
            yield replace(fitted, certain=certain)
            first, certain = False, True


def _usual_tail(rows: Sequence[Row], heading: Heading) -> int:
    """Return how many words most rows have behind their levels, one for each column; 0 where they differ.

    Where most rows have one word for each column, one word is one cell.
    """
    tails = Counter(
        len(words.tail) for row in rows for words in _possible(row, heading) if _exact(words, heading)
    )
    usual, count = max(tails.items(), key=lambda item: item[1], default=(0, 0))
    return usual if count >= max(_LEAST_REGULAR, len(rows) * _SHARE_OF_REGULAR) else 0


class _Words(NamedTuple):
    """The words of a row: of the project, of the levels, and of the columns behind them."""

    project: Row
    levels: Row
    tail: Row


def _possible(row: Row, heading: Heading) -> list[_Words]:
    """Return the ways to tell the levels of a row from its name: the word of a level may be a name as well."""
    before = _words_of_project(row, heading)
    levels = [meaning.is_level(word.text) for word in row[before : before + len(heading.columns.levels)]]
    most = levels.index(False) if False in levels else len(levels)
    ends = range(before + bool(before), before + most + 1)
    return [_Words(row[:before], row[before:end], row[end:]) for end in ends]


def _words_of_project(row: Row, heading: Heading) -> int:
    """Return how many words stand before the first level, in tables of many projects."""
    columns = heading.columns.kinds.count(Kind.PROJECT)
    levels = (index for index, word in enumerate(row[: columns + 1]) if meaning.is_level(word.text))
    return next(levels, 0)


def _exact(words: _Words, heading: Heading) -> Share | None:
    return one_to_one([word.text for word in words.tail], _tail_kinds(heading))


def _tail_kinds(heading: Heading) -> tuple[Kind, ...]:
    return heading.columns.kinds[heading.columns.last_start :]


def _fit(row: Row, heading: Heading, usual: int) -> Fitted | None:
    """Return where the words of a row stand, if they can be shared out in one way only."""
    possible = _possible(row, heading)
    exact = [words for words in possible if len(words.tail) == usual]
    found = [(words, share) for words in exact if (share := _exact(words, heading))]
    if not found:
        found = [(words, share) for words in possible if (share := _tail(words, heading))]
    if len(found) != 1:
        return None
    words, share = found[0]
    held = words.levels or any(meaning.is_quantity(text) or meaning.is_unit(text) for text in share)
    return _laid(words, share, heading) if held and _project_fits(words, heading) else None


def _tail(words: _Words, heading: Heading) -> Share | None:
    """Return what the columns behind the levels hold; nothing at all where only levels are printed."""
    kinds = _tail_kinds(heading)
    return share_out([word.text for word in words.tail], kinds) if words.tail else ("",) * len(kinds)


def _laid(words: _Words, share: Share, heading: Heading) -> Fitted:
    """Return the row with a cell for each column; levels it lacks behind the first one it has are blank."""
    name, line = heading.columns.last_start, (words.project + words.levels + words.tail)[0].line
    start = _first_level(words.levels, heading)
    blanks = [Entry("", line)] * (name - start - len(words.levels))
    cells = (*words.project, *words.levels, *blanks, *(Entry(text, line) for text in share))
    return Fitted(cells, start - len(words.project))


def _first_level(levels: Row, heading: Heading) -> int:
    """Return the column of the first level that a row prints: a second level alone stands in its own column."""
    columns = heading.columns
    if not levels:
        return columns.last_start
    alone = len(levels) == 1 and len(columns.levels) > 1 and meaning.is_level_2(levels[0].text)
    return columns.levels[-1 if alone else 0]


def _project_fits(words: _Words, heading: Heading) -> bool:
    """Return whether the words before the levels stand right: an amount, and it alone, under a label of money."""
    if not words.project:
        return True
    labels = heading.cells[lead(heading.cells) - len(words.project) : lead(heading.cells)]
    money = [meaning.is_money_label(label.text) for label in labels]
    return any(money) and money == [meaning.is_number(word.text) for word in words.project]
