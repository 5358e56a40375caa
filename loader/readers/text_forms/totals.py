"""The row below the indicators of a stream that adds up their scores: 总分, the sums, the grade they give.

Its cells are told by the columns they stand in: numbers under those of numbers, and nowhere else. Where that can be
so in two ways, the row is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from . import meaning
from .columns import Kind
from .entries import Entry
from .fitting import Fitted, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .entries import Row
    from .headings import Heading


@dataclass(frozen=True, slots=True)
class Total:
    """The row of totals, and the index of the cell of the stream behind it."""

    piece: Fitted | LeftOut
    end: int


def total_at(entries: Row, at: int, heading: Heading) -> Total | None:
    """Return the row of totals that begins at a cell, under a heading with points; None where none begins.

    A total of one number that has no column of its own is a label and its value, and no row of the table.
    """
    if (
        at == len(entries)
        or not meaning.is_total(entries[at].text)
        or Kind.NUMBER not in heading.columns.kinds
    ):
        return None
    sums = tuple(takewhile(lambda entry: is_sum(entry.text), entries[at + 1 :]))
    end = at + 1 + len(sums)
    if _goes_on(entries, end):
        return None
    row = (entries[at], *sums)
    found = list(_shown(row, heading)) or list(_merged(_printed(row), heading))
    if len(found) == 1:
        return Total(found[0], end)
    several = sum(1 for entry in sums if meaning.is_points(entry.text)) > 1
    return Total(LeftOut(row), end) if several else None


def is_sum(text: str) -> bool:
    """Return whether a text may stand behind the label of a row of totals: points, the grade they give, nothing."""
    return not text.strip() or meaning.is_points(text) or meaning.is_grade(text)


def _goes_on(entries: Row, at: int) -> bool:
    """Return whether another label and its value stand behind the sums: the grade, as a field of its own."""
    return at < len(entries) and meaning.is_label(entries[at].text)


def _printed(row: Row) -> Row:
    """Return a row without the blank cells at its end."""
    last = max(index for index, entry in enumerate(row) if not entry.blank)
    return row[: last + 1]


def _shown(row: Row, heading: Heading) -> Iterator[Fitted]:
    """Yield how a row stands that prints all its cells: beside the caption of the table, or under it."""
    for start in sorted({0, -heading.captions}):
        width = len(heading.columns) - start
        if len(_printed(row)) <= width <= len(row) and _fits(row[:width], heading, start):
            yield Fitted(row[:width], start)


def _merged(row: Row, heading: Heading) -> Iterator[Fitted]:
    """Yield how a row may stand whose label spans the columns before its sums."""
    label, *sums = row
    free = len(heading.columns) - len(sums)
    for before in range(1, free + 1):
        padded = (label, *(Entry("", label.line),) * (before - 1), *sums)
        if _fits(padded, heading, 0):
            yield Fitted(padded)


def _fits(row: Sequence[Entry], heading: Heading, start: int) -> bool:
    """Return whether numbers stand under points, and grades do not."""
    kinds = (*(Kind.ANY,) * -start, *heading.columns.kinds)
    return all(
        meaning.is_points(entry.text) is (kind is Kind.NUMBER)
        for entry, kind in zip(row[1:], kinds[1:], strict=False)
        if not entry.blank
    )
