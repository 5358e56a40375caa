"""Tables without lines: text that stands in columns, where that is beyond doubt.

Beyond doubt means: three columns or more, the first line fills them all, every piece of text lies in one of them,
and every line is clearly a row of its own or clearly goes on the row above. Else the lines stay lines: half of
a table that was guessed is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from .geometry import Box, hull
from .parts import Field, Part
from .writing import TextLine, Word, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLUMNS: Final = 3
"""Fewer columns occur by chance: a line with place and date, a contents list with its page numbers."""
_ROWS: Final = 3
_GUTTER: Final = 0.8
"""Ems between columns: the margins of two neighbouring cells (2 × 5.4 pt in Word) beside 10.5 or 12 pt text."""
_NEAR: Final = 4.0
"""Heights of a line within which the next row begins; more is the end of the table."""
_TRIES: Final = 4
"""Lines that may stand over a table and look like its first: after so many what follows is no table."""
_SET_APART: Final = 0.85
"""The pitch of lines within a row, at most, as a share of the pitch of rows: else the two look the same."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line, cut at its wide gaps."""

    pieces: tuple[TextLine, ...]
    whole: TextLine

    @property
    def middle(self) -> float:
        """Return where it stands in y."""
        return self.whole.box.middle[1]


class _NotSafeError(Exception):
    """The lines could be read as a table in more than one way."""


def aligned(rows: Sequence[list[Word]], page: int) -> Iterator[TextLine | Part]:
    """Yield the printed lines of a page in order, those that are surely a table as such."""
    cut = [_row(row, page) for row in rows]
    start = tried = 0
    while start < len(cut):
        end = _end(cut, start)
        part = _part(cut[start:end], page) if _stands_apart(cut, start, end) else None
        if part is not None:
            yield part
        else:
            tried = (tried + 1) % _TRIES
            end = end if tried == 0 else start + 1
            yield from (row.whole for row in cut[start:end])
        start = end


def _row(row: list[Word], page: int) -> _Row:
    whole = line(row, page)
    cuts = [
        index
        for index, (before, word) in enumerate(pairwise(row), start=1)
        if word.box.left - before.box.right >= _GUTTER * whole.em
    ]
    pieces = [line(row[first:last], page) for first, last in pairwise((0, *cuts, len(row)))]
    return _Row(tuple(pieces), whole)


def _end(rows: Sequence[_Row], start: int) -> int:
    """Return the index behind the last line that keeps to the columns the line at `start` opens."""
    columns = [piece.box for piece in rows[start].pieces]
    end = start + 1
    if len(columns) < _COLUMNS or rows[start].whole.turn:
        return end
    while end < len(rows) and rows[end].middle - rows[end - 1].middle < _NEAR * rows[start].whole.em:
        grown = _grown(columns, rows[end])
        if grown is None:
            break
        columns, end = grown, end + 1
    return end


def _stands_apart(rows: Sequence[_Row], start: int, end: int) -> bool:
    """Return whether neither the line before nor the line behind looks like a row of the same table.

    One line with a unit on the left and 单位：万元 on the right may stand before.
    """
    return (
        (end == len(rows) or not _adjoins(rows[end - 1], rows[end]))
        and (start == 0 or not _adjoins(rows[start], rows[start - 1], pieces=_COLUMNS))
        and (start < 2 or not _adjoins(rows[start - 1], rows[start - 2]))
    )


def _adjoins(row: _Row, other: _Row, *, pieces: int = 2) -> bool:
    near = abs(row.middle - other.middle) < _NEAR * row.whole.em
    return near and len(other.pieces) >= pieces


def _grown(columns: list[Box], row: _Row) -> list[Box] | None:
    """Return the columns widened by the pieces of a line, None where a piece is in none or in two of them."""
    grown = list(columns)
    for piece in row.pieces:
        within = [
            index
            for index, column in enumerate(columns)
            if piece.box.left < column.right and piece.box.right > column.left
        ]
        if len(within) != 1:
            return None
        grown[within[0]] = grown[within[0]].around(piece.box)
    apart = all(after.left - before.right >= _GUTTER * row.whole.em / 2 for before, after in pairwise(grown))
    return grown if apart and len({id(column) for column in grown}) == len(columns) else None


def _part(rows: Sequence[_Row], page: int) -> Part | None:
    if len(rows) < _ROWS:
        return None
    columns = _columns(rows)
    try:
        grid = _gathered([_placed(row, columns) for row in rows])
    except _NotSafeError:
        return None
    if len(grid) < _ROWS:
        return None
    fields = [
        Field(row, 1, columns[column], tuple(lines), page)
        for row, cells in enumerate(grid)
        for column, lines in enumerate(cells)
    ]
    return Part(page, hull(row.whole.box for row in rows), len(grid), tuple(fields), ruled=False)


def _columns(rows: Sequence[_Row]) -> list[Box]:
    """Return the columns, each from the middle of the gutter before it to the middle of the one behind."""
    columns: list[Box] = [piece.box for piece in rows[0].pieces]
    for row in rows[1:]:
        columns = _grown(columns, row) or columns
    edges = [columns[0].left, *((a.right + b.left) / 2 for a, b in pairwise(columns)), columns[-1].right]
    return [
        Box(left, column.top, right, column.bottom)
        for column, (left, right) in zip(columns, pairwise(edges), strict=True)
    ]


def _placed(row: _Row, columns: Sequence[Box]) -> list[TextLine | None]:
    """Return the pieces of a line by column."""
    placed: list[TextLine | None] = [None] * len(columns)
    for piece in row.pieces:
        middle = piece.box.middle[0]
        index = next(index for index, column in enumerate(columns) if middle <= column.right)
        if placed[index] is not None:
            raise _NotSafeError
        placed[index] = piece
    return placed


_Cells = list[list["TextLine"]]


def _gathered(lines: Sequence[list[TextLine | None]]) -> list[_Cells]:
    """Return the rows of the table, lines that go on a row added to its cells.

    How wide a column is nobody says, only that it is as wide as its widest text.
    """
    ends = [max(piece.box.right for piece in column if piece) for column in zip(*lines, strict=True)]
    pitch = _row_pitch(lines)
    grid: list[_Cells] = []
    for placed in lines:
        if grid and not all(placed) and _goes_on(grid[-1], placed, ends, pitch):
            for cell, piece in zip(grid[-1], placed, strict=True):
                cell += [piece] if piece else []
        else:
            grid.append([[piece] if piece else [] for piece in placed])
    return grid


def _row_pitch(lines: Sequence[list[TextLine | None]]) -> float:
    """Return the least distance from a line to a next one that fills all columns, which begins a row."""
    tops = [(all(placed), min(piece.box.middle[1] for piece in placed if piece)) for placed in lines]
    return min((after - before for (_, before), (full, after) in pairwise(tops) if full), default=0.0)


def _goes_on(row: _Cells, placed: list[TextLine | None], ends: Sequence[float], pitch: float) -> bool:
    """Return whether a line goes on the cells above; raise `_NotSafeError` where it might or might not."""
    filled = [
        (cell[-1] if cell else None, piece, end)
        for cell, piece, end in zip(row, placed, ends, strict=True)
        if piece
    ]
    if any(above and above.box.right + piece.lead <= end for above, piece, end in filled):
        return False
    near = all(
        above and piece.box.middle[1] - above.box.middle[1] <= _SET_APART * pitch
        for above, piece, _ in filled
    )
    if not near:
        raise _NotSafeError
    return True
