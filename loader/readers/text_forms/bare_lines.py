"""One cell a line and nothing between the cells: how a table comes out where only its text is copied.

What a blank line means is not to be seen: it is a blank cell, or nothing. Both are tried, and the one that leaves
less over is told; where it is nothing, blank cells may have vanished, and rows must fit the more closely.
"""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Final

from . import meaning
from .columns import kind_of
from .entries import Entry
from .headings import first_label, is_header
from .story import Story
from .streams import tell_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...model import Table
    from .entries import Row

    _Way = Callable[[Sequence[Entry], Story], None]

_WIDEST_ROW: Final = 40
_ODD: Final = 1.5
"""The cost of a row that is refused: where nothing separates cells, what seems odd may be a cell that has moved."""
_AT_ALL_ODD: Final = 1.0
"""The same where blank cells may have vanished."""


def suits(lines: Sequence[str]) -> bool:
    """Return whether the labels of a header stand on lines below each other."""
    return any(is_header(run) for run in _runs_of_labels(lines))


def _runs_of_labels(lines: Sequence[str]) -> Iterator[Row]:
    printed = [Entry(line.strip(), number) for number, line in enumerate(lines, start=1) if line.strip()]
    for heads, run in groupby(printed, key=lambda entry: kind_of(entry.text) is not None):
        if heads:
            yield tuple(run)


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines, blank lines understood in the way that leaves least over."""
    entries = list(_cells([Entry(line.strip(), number) for number, line in enumerate(lines, start=1)]))
    story.take(min(_ways(entries), key=_left_over))


def _cells(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the lines without the blank ones above and below a title or a unit of money: no cell stands there."""
    beside: set[int] = set()
    for index, entry in enumerate(entries):
        if meaning.stands_alone(entry.text) or meaning.is_inline_field(entry.text):
            below = takewhile(lambda at: entries[at].blank, range(index + 1, len(entries)))
            above = takewhile(lambda at: entries[at].blank, range(index - 1, -1, -1))
            beside.update(below, above)
    yield from (entry for index, entry in enumerate(entries) if index not in beside)


def _ways(entries: Sequence[Entry]) -> Iterator[Story]:
    """Yield what each way to understand blank lines tells, the plainest first.

    Where none is printed between the cells, none was blank if every cell finds its place; else some have vanished.
    """
    printed = [index for index, entry in enumerate(entries) if not entry.blank]
    shown = any(entry.blank for entry in entries[first_label(entries) : printed[-1]])
    with_blanks = _told(_with_blanks, entries)
    if shown or not with_blanks.notes:
        yield with_blanks
    yield _told(_without_blanks, entries)


def _told(tell_cells: _Way, entries: Sequence[Entry]) -> Story:
    story = Story()
    tell_cells(entries, story)
    return story


def _left_over(story: Story) -> int:
    """Return how many printed cells stand in no table that has rows of indicators."""
    outside = len(story.lines) + sum(len(table.before) for table in story.tables)
    return outside + sum(
        sum(1 for cell in table.cells if cell.text) for table in story.tables if not _has_indicators(table)
    )


def _has_indicators(table: Table) -> bool:
    """Return whether a table has a header, and a row below it that begins with a level or has a value."""
    rows = [
        tuple(Entry(cell.text, row) for cell in cells)
        for row, cells in groupby(table.cells, key=lambda cell: cell.row)
    ]
    return any(
        is_header(row) and len(row) <= _WIDEST_ROW and not any(meaning.is_level(entry.text) for entry in row)
        for row in rows[:-1]
    )


def _without_blanks(entries: Sequence[Entry], story: Story) -> None:
    tell_stream(
        tuple(entry for entry in entries if not entry.blank), story, blanks_vanish=True, worst=_AT_ALL_ODD
    )


def _with_blanks(entries: Sequence[Entry], story: Story) -> None:
    tell_stream(tuple(entries), story, worst=_ODD)
