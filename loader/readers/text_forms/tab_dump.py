"""Each cell on a line of its own with a TAB before it, a blank line after each row.

Cells hold blank lines and lines of their own, so a blank line is only a hint: where the rows under a header do
not fit its width, they are cut again by the number of header cells. Lines without a TAB are text between tables.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, Final

from ...model import Cell, Place
from . import meaning
from .columns import DOES_NOT_FIT
from .entries import Entry
from .fitting import fit_row
from .headings import is_header, readings
from .sections import rows_under, sides_unseen, tell_rows
from .streams import tell_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .entries import Row
    from .story import Story

_HEADER_CELLS: Final = 4
"""A row of fewer cells is no header of a table of indicators; label and value rows have two or so."""
# Lines that are never the second line of a cell: indented, bookmarked, a title of a table, a converter's mark.
_STANDS_ALONE = re.compile(r"^\s|^\[bookmark:|表\s*$|^Evaluation Warning:")


def suits(lines: Sequence[str]) -> bool:
    """Return whether cells stand on lines of their own with a TAB before each."""
    return any(line.startswith("\t") for line in lines)


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines of a dump."""
    dump = _Dump(story)
    for number, line in enumerate(lines, start=1):
        dump.take(line, number)
    dump.end_table()


@dataclass(slots=True)
class _Entry:
    """One cell of the dump: the line it begins on, its lines, and whether a blank line follows."""

    line: int
    texts: list[str]
    ends_row: bool = False


@dataclass(slots=True)
class _Dump:
    """The table that is open."""

    story: Story
    entries: list[_Entry] = field(default_factory=list)

    def take(self, line: str, number: int) -> None:
        """Take the next line: a cell, a blank, the second line of a cell, or text between tables."""
        if line.startswith("\t"):
            self.entries.append(_Entry(number, [line[1:]]))
        elif not line.strip():
            if self.entries:
                self.entries[-1].ends_row = True
        elif self._goes_on(line):
            self.entries[-1].texts.append(line)
        else:
            self.end_table()
            self.story.tell_line(line, number)

    def _goes_on(self, line: str) -> bool:
        return bool(self.entries) and not self.entries[-1].ends_row and not _STANDS_ALONE.search(line)

    def end_table(self) -> None:
        """Close the table that is open, if one is."""
        if self.entries:
            _tell_table(self.entries, self.story)
            self.entries.clear()


def _tell_table(entries: Sequence[_Entry], story: Story) -> None:
    """Tell a table, cut by width if that makes rows; where merged cells are missing, by what columns hold."""
    rows = list(_rows(entries))
    header = _header(rows)
    whole = rows if header is None else _cut_by_width(rows, header)
    heads = next((index for index, row in enumerate(whole) if is_header(row)), None)
    if heads is not None and (sides_unseen(rows[:heads], rows[heads]) or _stands_uncut(rows, whole, heads)):
        tell_rows(rows, story)
    elif heads is None or _is_full(whole[heads], whole[heads + 1 :]):
        story.tell_table(tuple(_cells(whole)))
    elif _misfit(rows[heads], rows[heads + 1 :]) < inf:
        tell_rows(rows, story)
    else:
        tell_stream(tuple(entry for row in rows for entry in row), story)


def _stands_uncut(rows: Sequence[Row], cut: Sequence[Row], heads: int) -> bool:
    """Return whether rows that could be cut anew by width stand well under their header as they are."""
    return cut != rows and _misfit(rows[heads], rows[heads + 1 :]) == 0


def _rows(entries: Iterable[_Entry]) -> Iterator[Row]:
    """Yield the rows as blank lines end them."""
    row: list[Entry] = []
    for entry in entries:
        text = "\n".join(part.strip() for part in entry.texts).strip()
        row.append(Entry(text, entry.line))
        if entry.ends_row:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


def _cut_by_width(rows: Sequence[Row], header: int) -> list[Row]:
    below = [entry for row in rows[header + 1 :] for entry in row]
    return [*rows[: header + 1], *_chunks(below, len(rows[header]))]


def _is_full(header: Row, rows: Sequence[Row]) -> bool:
    """Return whether every row has all its cells: as many as the header, levels left of names, numbers right."""
    heading = next(readings(header))
    name = heading.captions + heading.columns.last_start
    levels = slice(name - len(heading.columns.levels), name)
    return not any(
        len(row) != len(header) or any(meaning.is_surely_level(entry.text) for entry in row[name + 1 :])
        for row in rows
    ) and not any(
        meaning.is_quantity(entry.text) for row in rows_under(header, rows) for entry in row[levels]
    )


def _misfit(header: Row, rows: Sequence[Row]) -> float:
    """Return how badly rows stand under their header if merged cells are missing; infinite if one does not."""
    columns = next(readings(header)).columns
    fitted = [fit_row(row, columns, first=index == 0) for index, row in enumerate(rows_under(header, rows))]
    return sum(inf if fit is None or fit[1] >= DOES_NOT_FIT else fit[1] for fit in fitted)


def _header(rows: Sequence[Row]) -> int | None:
    """Return the index of the row in whose width all cells below can be cut, half of the rows standing so."""
    below, widths, found = 0, Counter[int](), None
    for index in range(len(rows) - 1, -1, -1):
        width = len(rows[index])
        cut, left_over = divmod(below, width)
        if width >= _HEADER_CELLS and left_over == 0 and widths[width] * 2 >= cut > 0:
            found = index
        below += width
        widths[width] += 1
    return found


def _chunks(entries: Iterable[Entry], width: int) -> Iterator[Row]:
    iterator = iter(entries)
    while chunk := tuple(islice(iterator, width)):
        yield chunk


def _cells(rows: Sequence[Row]) -> Iterator[Cell]:
    for row_number, row in enumerate(rows, start=1):
        for column, entry in enumerate(row, start=1):
            yield Cell(row_number, column, entry.text, place=Place(line=entry.line))
