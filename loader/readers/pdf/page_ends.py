"""What a page end does to a table: whether it goes on overleaf, and which cells the page end cut.

A part goes on a table where everything says so: it is the first thing on its page and the table the last thing on
the page before, both have the same outer borders and share columns, no room was left for the part's first row or
the last row above only heads what the part prints, and the part does not begin as the table began (which is how the
next form of the same kind looks). Else it is a table of its own: two forms in one table would mix two projects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from .geometry import same
from .headings import begins_with_label, ends_in_heading
from .wraps import measure

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from .parts import Field, Part

_FOOT: Final = 0.8
"""Share of the page's height that every page may fill: the widest usual lower margin is a seventh (3.7 cm)."""
_TITLE_ROWS: Final = 9
"""Rows above the header of a grid, at most: the title and the rows that name the unit and the project."""
_HEADINGS: Final = 3
"""Columns of a grid, at least."""
_NO_LABEL: Final = re.compile(r".|[（(].*")
"""What no label is or begins with, but a label may end with: one character, something in brackets."""

Pair = tuple["Field", "Field"]
"""A cell above the page end and the one below it between the same borders."""


def floor_of(height: float, bottoms: Iterable[float]) -> float:
    """Return down to where pages of a height are filled: as the fullest of them is."""
    return max([_FOOT * height, *bottoms])


# --- does it go on? -------------------------------------------------------------------------------------


def goes_on(opening: Part, latest: Part, part: Part, floor: float) -> bool:
    """Return whether a part goes on a table, of which the first and the latest part are given."""
    if not (latest.ruled and part.ruled and part.page == latest.page + 1):
        return False
    if not (same(latest.box.left, part.box.left) and same(latest.box.right, part.box.right)):
        return False
    header = repeated_header(opening, part)
    return (
        _share_columns([*opening.fields, *latest.fields], part.fields)
        and (floor - latest.box.bottom < _height(part, header.rows) or _is_headed(latest, part, header))
        and not _begins_anew(opening.fields, part.fields, header)
    )


def _is_headed(latest: Part, part: Part, header: Header) -> bool:
    """Return whether a page ends with the heading of what stands on the next, whatever room it leaves."""
    return ends_in_heading(latest) and not begins_with_label(_row(part.fields, header.rows))


@dataclass(frozen=True, slots=True)
class Header:
    """The rows that a part repeats: their first row in the table (a title may stand above), and how many."""

    start: int = 0
    rows: int = 0


def repeated_header(opening: Part, part: Part) -> Header:
    """Return which rows of a table's first part another part repeats at its beginning (never all it has)."""
    for start in range(min(opening.rows, _TITLE_ROWS + 1)):
        rows = _repeated_rows(opening, part, start)
        if rows and (start == 0 or _is_heading(_row(part.fields, 0))):
            return Header(start, rows)
    return Header()


def _repeated_rows(opening: Part, part: Part, start: int) -> int:
    rows = 0
    while rows < part.rows and _same_row(_row(opening.fields, start + rows), _row(part.fields, rows)):
        rows += 1
    while rows and any(one.row < rows < one.end for one in part.fields):
        rows -= 1
    return rows if rows < part.rows else 0


def _is_heading(row: Sequence[Field]) -> bool:
    """Return whether a row is the head of a grid and no pair of label and value: each column has a heading."""
    return len(row) >= _HEADINGS and all(not one.blank for one in row)


def _row(fields: Iterable[Field], row: int) -> list[Field]:
    """Return the cells that begin in a row; cells are in reading order."""
    return [one for one in takewhile(lambda one: one.row <= row, fields) if one.row == row]


def _same_row(first: Sequence[Field], second: Sequence[Field]) -> bool:
    return (
        len(first) == len(second)
        and any(not one.blank for one in first)
        and all(
            one.stands_over(other) and one.rowspan == other.rowspan and one.plain == other.plain
            for one, other in zip(first, second, strict=True)
        )
    )


def _share_columns(fields: Iterable[Field], others: Iterable[Field]) -> bool:
    """Return whether half of the inner borders of the one that has fewer are borders of the other too."""
    first, second = _inner_borders(fields), _inner_borders(others)
    shared = sum(any(same(edge, other) for other in second) for edge in first)
    return 2 * shared >= min(len(first), len(second))


def _inner_borders(fields: Iterable[Field]) -> list[float]:
    lefts = sorted({one.box.left for one in fields})
    return [left for before, left in pairwise(lefts) if not same(before, left)]


def _height(part: Part, row: int) -> float:
    """Return the height of a part's first row behind the repeated header."""
    return min(one.box.height for one in part.fields if one.row == row)


def _begins_anew(fields: Sequence[Field], others: Sequence[Field], header: Header) -> bool:
    """Return whether the first two labels are the same: the next form, not the rest of this one."""
    first, second = _labels(fields, header.start + header.rows), _labels(others, header.rows)
    return len(first) == 2 and first == second


def _labels(fields: Iterable[Field], row: int) -> list[str]:
    """Return the first two different texts of the first column from a row on."""
    left = min(one.box.left for one in fields)
    found: list[str] = []
    for one in fields:
        if one.row >= row and same(one.box.left, left) and one.plain not in ("", *found):
            found.append(one.plain)
            if len(found) == 2:
                break
    return found


# --- what it cut ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Join:
    """The cells that are one across a page end, and whether the whole row is one (`cut`)."""

    pairs: tuple[Pair, ...]
    cut: bool = False

    def above(self, below: Field) -> list[Field]:
        """Return the cells that a cell below the page end goes on."""
        return [above for above, other in self.pairs if other is below]


def join(
    last: Sequence[Field],
    first: Sequence[Field],
    known: Sequence[Field],
    margin: float,
    whole: Container[str],
) -> Join:
    """Return which cells of the last row and the first row below the page end are one.

    `known` are cells of the same table, `whole` are texts of cells that no page end cut.
    """
    pairs = _pairs(last, first)
    if len(pairs) == len(first) == len(last) and _is_cut(pairs, margin):
        return Join(tuple(pairs), cut=True)
    return Join((*_merged(pairs, known, margin, whole), *_undrawn(last, first)))


def _pairs(last: Iterable[Field], first: Sequence[Field]) -> list[Pair]:
    """Return each cell above the page end with the one below it between the same borders, from left to right."""
    pairs = [(above, below) for above in last for below in first if above.stands_over(below)]
    return sorted(pairs, key=lambda pair: pair[0].box.left)


def _is_cut(pairs: Sequence[Pair], margin: float) -> bool:
    """Return whether the page end cut one row in two, so that each lower cell goes on the upper one.

    So it is where each text that stands below another one had no room above; where texts stand only above or
    only below, each where the other half is blank; and where nothing stands below.
    """
    if all(below.blank for _, below in pairs):
        return True
    both = [(above, below) for above, below in pairs if not above.blank and not below.blank]
    if both:
        lonely = len(both) == 1 and len(pairs) > 1
        return all(_text_goes_on(above, below, margin, lonely=lonely) for above, below in both)
    above_only = any(below.blank and not above.blank for above, below in pairs)
    below_only = any(above.blank and not below.blank for above, below in pairs)
    return above_only and below_only


def _text_goes_on(above: Field, below: Field, margin: float, *, lonely: bool) -> bool:
    room = measure(above, margin)
    if not room.breaks(above.lines[-1], below.lines[0]):
        return True
    # a list of goals, cut between two of them, while all other cells of the row are at their end
    return lonely and any(room.breaks(line, after) for line, after in pairwise(above.lines))


def _merged(
    pairs: Iterable[Pair], known: Sequence[Field], margin: float, whole: Container[str]
) -> list[Pair]:
    """Return the pairs that are one merged cell: those that have rows to span, and the labels from the left."""
    merged: list[Pair] = []
    from_left = True
    for above, below in pairs:
        is_label = _is_spared(above, below, known) or _is_cut_label(above, below, margin, whole)
        if (from_left and is_label) or _spans_on(above, below):
            merged.append((above, below))
        else:
            from_left = False
    return merged


def _spans_on(above: Field, below: Field) -> bool:
    """Return whether one of the cells spans rows on its page, and they do not print two different texts.

    A workbook's merged cell is printed on both pages, in the middle of the whole, and shows on one of them.
    """
    spans = above.rowspan > 1 or below.rowspan > 1
    return spans and (above.blank or below.blank or above.plain == below.plain)


def _is_spared(above: Field, below: Field, known: Iterable[Field]) -> bool:
    """Return whether a label is not printed again, in a column where no blanks are left out instead of merged."""
    return below.blank and not any(
        one.blank and one.rowspan == 1 and one is not below and one.stands_over(above) for one in known
    )


def _is_cut_label(above: Field, below: Field, margin: float, whole: Container[str]) -> bool:
    """Return whether the page end cut a label that is merged over rows: 预算规模及资金用 and 途.

    Two labels may look alike, so the rest must be too short for a label, or other tables must have it whole.
    """
    if above.blank or below.blank or measure(above, margin).breaks(above.lines[-1], below.lines[0]):
        return False
    together = above.plain + below.plain in whole and below.plain not in whole
    return together or _NO_LABEL.fullmatch(below.plain) is not None


def _undrawn(last: Sequence[Field], first: Iterable[Field]) -> list[Pair]:
    """Return each blank below with the several cells that go on there without the lines between them."""
    found: list[Pair] = []
    for below in first:
        over = [
            above for above in last if above.box.left < below.box.right and above.box.right > below.box.left
        ]
        if below.blank and len(over) > 1 and _fills(over, below):
            found += [(above, below) for above in over]
    return found


def _fills(over: Iterable[Field], below: Field) -> bool:
    edges = [edge for one in over for edge in (one.box.left, one.box.right)]
    return same(min(edges), below.box.left) and same(max(edges), below.box.right)
