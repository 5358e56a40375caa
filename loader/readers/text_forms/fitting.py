"""Cells under a header: which columns a row's cells stand in, and where the rows of a stream end.

Merged cells vanish from text, and they vanish on the left: levels and projects span rows. So a row goes to the
right edge, and each way to place it is weighed by what its columns hold. What fits nowhere is not placed at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import inf
from typing import TYPE_CHECKING, Final

from .columns import DOES_NOT_FIT, TYPED, Columns, Kind, misfit
from .entries import Entry
from .meaning import is_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .entries import Row

_MERGED_RIGHT: Final = 1.0
_LOST_END: Final = 0.5
_MOST: Final = 0.7
_LEFT_OUT: Final = 8.0
"""The cost of one cell that stands in no row: more than any row that is accepted."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One row under a header; `start` is the index of its first column, those before it are merged from above."""

    row: Row
    start: int = 0
    certain: bool = True
    """Whether the row above it in the document is the row above it here, so that merges can be known."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells that fit in no row."""

    row: Row

    @property
    def blank(self) -> bool:
        """Return whether nothing is printed in them."""
        return all(entry.blank for entry in self.row)


def mostly_fit(pieces: Sequence[Fitted | LeftOut]) -> bool:
    """Return whether most cells stand in rows; where many do not, those that do may have moved as well."""
    fitted = sum(len(piece.row) for piece in pieces if isinstance(piece, Fitted))
    return fitted >= sum(len(piece.row) for piece in pieces) * _MOST


# --- rows whose end is known ----------------------------------------------------------------------------


def fit_row(row: Row, columns: Columns, *, first: bool) -> tuple[Fitted, float] | None:
    """Return where a row stands and how badly it fits, or None where it cannot be told.

    A row of full width stands where it stands. A shorter one needs cells above it (so it is not the `first`).
    """
    row = _without_blank_ends(row, len(columns))
    if len(row) == len(columns):
        return Fitted(row), misfit(row, columns.kinds)
    if not row or len(row) > len(columns) or first:
        return None
    ways = sorted(_ways(row, columns), key=lambda way: way[1])
    if not ways or ways[0][1] >= DOES_NOT_FIT:
        return None
    return ways[0] if len(ways) == 1 or ways[1][1] > ways[0][1] else None


def _without_blank_ends(row: Row, width: int) -> Row:
    while len(row) > width and row[-1].blank:
        row = row[:-1]
    return row


def _ways(row: Row, columns: Columns) -> Iterator[tuple[Fitted, float]]:
    """Yield where a row may stand, and how badly it fits there: at the right edge, or left of merged remarks."""
    free = len(columns) - len(row)
    for start in range(min(columns.last_start, free) + 1):
        kinds = columns.kinds[start : start + len(row)]
        cost = misfit(row, kinds)
        if start < free:
            proved = cost == 0 and _is_proved(row, kinds, levelled=start in columns.levels)
            cost = _MERGED_RIGHT if proved else inf
        yield Fitted(row, start), cost


def _is_proved(row: Row, kinds: Sequence[Kind], *, levelled: bool) -> bool:
    """Return whether signs, units or numbers prove that a row lacks remarks on its right, and no other cell."""
    typed = sum(1 for entry, kind in zip(row, kinds, strict=True) if kind in TYPED and not entry.blank)
    return typed > (0 if levelled else 1)


# --- a stream of cells, whose rows are to be found --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """The cheapest way to account for the cells up to here: how the last of them stand."""

    cost: float
    length: int = 0
    start: int | None = None
    """First column of the row that ends here; None where the last cell was left out."""
    ways: int = 1
    blank_end: bool = False
    """Whether the row's last cell is blank and was lost."""


_NO_WAY: Final = _Step(inf)


def fit_stream(
    entries: Sequence[Entry],
    columns: Columns,
    *,
    rows_above: bool = False,
    lost_ends: bool = False,
    worst: float = DOES_NOT_FIT,
) -> tuple[list[Fitted | LeftOut], float]:
    """Return the rows of a stream under a header, what stands in none of them, and the cost of it all.

    Rows are certain only between the labels of levels: where one cell between two of them is left out, or the
    rows between them can be cut in two ways, all cells between them are left out. The first row may lack merged
    cells if there are `rows_above`; every row may lack a blank last cell where those are lost (`lost_ends`).
    A row of the cost `worst` is none.
    """
    path = _Path(entries, columns, None if rows_above else 0, lost_ends=lost_ends, worst=worst)
    stretches = list(_stretches(path.pieces(), columns))
    judged = [
        _judged(stretch, columns, last=index == len(stretches) - 1) for index, stretch in enumerate(stretches)
    ]
    return list(_marked(piece for pieces in judged for piece in pieces)), path.cost


class _Path:
    """The cheapest way through a stream, by dynamic programming: each cell ends a row, or is left out."""

    def __init__(
        self,
        entries: Sequence[Entry],
        columns: Columns,
        first: int | None,
        *,
        lost_ends: bool = False,
        worst: float = DOES_NOT_FIT,
    ) -> None:
        self._worst = worst
        self._entries = entries
        self._columns = columns
        self._first = first
        self._ends = (False, True) if lost_ends else (False,)
        printed = (index for index in range(len(entries), 0, -1) if not entries[index - 1].blank)
        self._printed = next(printed, 0)
        self._steps = [_Step(0.0)]
        for end in range(1, len(entries) + 1):
            self._steps.append(self._step(end))

    @property
    def cost(self) -> float:
        """Return the cost of the whole stream."""
        return self._steps[-1].cost

    @property
    def unique(self) -> bool:
        """Return whether no other way is as cheap."""
        return self._steps[-1].ways == 1

    def _step(self, end: int) -> _Step:
        before = self._steps[end - 1]
        best = _Step(before.cost + self._cost_left_out(end), 1, None, before.ways)
        for start, blank_end in product(range(self._columns.last_start + 1), self._ends):
            row = self._row(end, start, blank_end=blank_end)
            if row.cost < best.cost:
                best = row
            elif row.cost == best.cost:
                best = replace(best, ways=2)
        return best

    def _cost_left_out(self, end: int) -> float:
        """Return the cost of one cell in no row; blank cells at the end of a stream may be none at all."""
        return _LOST_END if end > self._printed else _LEFT_OUT

    def _row(self, end: int, start: int, *, blank_end: bool) -> _Step:
        length = len(self._columns) - start - blank_end
        begin = end - length
        if begin < 0 or not self._may_begin(begin, start):
            return _NO_WAY
        row = tuple(self._entries[begin:end])
        cost = misfit(row, self._columns.kinds[start : start + length]) + _LOST_END * blank_end
        if cost >= self._worst or all(entry.blank for entry in row):
            return _NO_WAY
        before = self._steps[begin]
        return _Step(before.cost + cost, length, start, before.ways, blank_end)

    def _may_begin(self, begin: int, start: int) -> bool:
        """Return whether a row may begin here: merged columns need rows above, doubt needs a level's label."""
        if begin == 0:
            return self._first in (None, start)
        if start == 0 or self._steps[begin].start is not None:
            return True
        return start in self._columns.levels and is_level(self._entries[begin].text)

    def pieces(self) -> list[Fitted | LeftOut]:
        """Return the rows and the cells left out, in order."""
        pieces: list[Fitted | LeftOut] = []
        end = len(self._entries)
        while end:
            step = self._steps[end]
            row = tuple(self._entries[end - step.length : end])
            if step.blank_end:
                row += (Entry("", row[-1].line),)
            pieces.append(LeftOut(row) if step.start is None else Fitted(row, step.start))
            end -= step.length
        return pieces[::-1]


def _stretches(pieces: Iterable[Fitted | LeftOut], columns: Columns) -> Iterator[list[Fitted | LeftOut]]:
    """Yield the pieces from one label of a level to the next."""
    stretch: list[Fitted | LeftOut] = []
    for piece in pieces:
        if stretch and isinstance(piece, Fitted) and _names_level(piece, columns):
            yield stretch
            stretch = []
        stretch.append(piece)
    if stretch:
        yield stretch


def _names_level(fitted: Fitted, columns: Columns) -> bool:
    """Return whether a row prints the label of a level in one of its level columns."""
    return any(
        index >= fitted.start and is_level(fitted.row[index - fitted.start].text) for index in columns.levels
    )


def _judged(
    stretch: Sequence[Fitted | LeftOut], columns: Columns, *, last: bool
) -> Sequence[Fitted | LeftOut]:
    """Return a stretch as it is, or all of it left out where a cell of it may have moved.

    What is left out at the end of a table may be remarks: there the rows stay, if columns of signs, units or
    numbers prove that no cell has moved.
    """
    rows = [piece for piece in stretch if isinstance(piece, Fitted)]
    whole = len(rows) == len(stretch)
    proved = bool(TYPED & set(columns.kinds)) or all(
        isinstance(piece, Fitted) or piece.blank for piece in stretch
    )
    remarks_follow = last and proved and list(stretch[: len(rows)]) == rows
    if rows and (whole or remarks_follow) and _is_unique(rows, columns):
        return stretch
    return [LeftOut(tuple(entry for piece in stretch for entry in piece.row))]


def _is_unique(rows: Sequence[Fitted], columns: Columns) -> bool:
    entries = [entry for fitted in rows for entry in fitted.row]
    return _Path(entries, columns, rows[0].start).unique


def _marked(pieces: Iterable[Fitted | LeftOut]) -> Iterator[Fitted | LeftOut]:
    """Yield the pieces, those left out joined; a row behind them does not know what is merged from above."""
    left_out: Row = ()
    for piece in pieces:
        if isinstance(piece, LeftOut):
            left_out += piece.row
            continue
        if left_out:
            yield LeftOut(left_out)
        yield replace(piece, certain=not left_out)
        left_out = ()
    if left_out:
        yield LeftOut(left_out)
