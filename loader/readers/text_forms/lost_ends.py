"""Rows that a blank last cell has joined to the row below: where only a bar stands between cells, its line is lost.

Only `barred` asks. A row is cut where the label of another stands in the place of its last cell: of amounts under
their heads, and of indicators above the row that adds up their points. Other rows under a header are cut where they
are laid, by what its columns hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import meaning
from .amounts import heads_in
from .entries import Entry
from .headings import is_header
from .totals import is_sum

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .entries import Row


def cut_apart(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows, those cut in two that are one only because the first one's last cell is blank."""
    heads, columns = 0, 0
    for row in rows:
        end = _end_of_amounts(row, heads) or _end_above_total(row, columns)
        if end:
            yield (*row[:end], Entry("", row[end - 1].line))
        yield row[end:]
        heads = heads_in(row) or (0 if end or not _names_amount(row) else heads)
        columns = len(row) if is_header(row) else columns


def _label(row: Row) -> int:
    """Return the index of the first cell that is not blank."""
    return next((index for index, entry in enumerate(row) if not entry.blank), 0)


def _names_amount(row: Row) -> bool:
    return meaning.is_money_label(row[_label(row)].text)


def _end_of_amounts(row: Row, heads: int) -> int:
    """Return the index of a label in the place of the last of so many amounts; 0 where there is none."""
    first = _label(row) + 1
    end = first + heads - 1
    if not heads or len(row) <= end or not _names_amount(row) or not meaning.is_label(row[end].text):
        return 0
    return end if all(meaning.is_amount(entry.text) for entry in row[first:end]) else 0


def _end_above_total(row: Row, columns: int) -> int:
    """Return the index of the label of totals behind other rows, with no more sums than there are columns, or 0."""
    first = max(1, len(row) - columns)
    totals = (index for index in range(first, len(row) - 1) if meaning.is_total(row[index].text))
    end = next(totals, 0)
    return end if all(is_sum(entry.text) for entry in row[end + 1 :]) else 0
