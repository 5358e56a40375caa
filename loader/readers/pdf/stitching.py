"""Tables over several pages: one table again, with rows and merged cells that a page end cut made whole.

A part goes on a table where everything says so: it is the first thing on its page and the table the last thing on
the page before, both have the same outer borders and share columns, no room was left for the part's first row,
and the part does not begin as the table began (which is how the next form of the same kind looks). Else it is a
table of its own: two forms in one table would mix two projects.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count, takewhile
from typing import TYPE_CHECKING, Final

from .wraps import margin, measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .geometry import Box
    from .parts import Field, Part

_SAME: Final = 3.0
"""Points by which borders of one table differ from page to page (rounding, thickness)."""
_FOOT: Final = 0.8
"""Share of the page's height that every page may fill: the widest usual lower margin is a seventh (3.7 cm)."""


@dataclass(slots=True)
class Growing:
    """A table while its parts are put together; rows count from 0 over all its pages."""

    fields: list[Field]
    rows: int
    box: Box
    """Where its last part stands."""
    page: int
    ruled: bool
    first_page: int
    heights: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, part: Part) -> Growing:
        """Return a table that begins with a part."""
        return cls(list(part.fields), part.rows, part.box, part.page, part.ruled, part.page)

    def goes_on(self, part: Part, floor: float) -> bool:
        """Return whether a part on the next page belongs to this table; text never stands below `floor`."""
        if not (self.ruled and part.ruled and part.page == self.page + 1):
            return False
        if not (_same(self.box.left, part.box.left) and _same(self.box.right, part.box.right)):
            return False
        header = _repeated_rows(self.fields, part)
        return (
            _share_columns(self.fields, part.fields)
            and floor - self.box.bottom < _height(part, header)
            and not _begins_anew(self.fields, part.fields, header)
        )

    def add(self, part: Part) -> None:
        """Take a part in: without repeated headers, its first row and its merged cells joined to those above."""
        header = _repeated_rows(self.fields, part)
        below = [one for one in part.fields if one.row >= header]
        first = [one for one in below if one.row == header]
        last = [one for one in self.fields if one.end == self.rows]
        pairs = _pairs(last, first)
        whole = len(pairs) == len(first) == len(last)
        cut = whole and _is_cut(pairs, margin(self.fields))
        offset = self.rows - header - (1 if cut else 0)
        joined = pairs if cut else _merged(pairs, self.fields)
        self._put(below, joined, offset)
        self.rows = offset + part.rows
        self.box, self.page = part.box, part.page

    def _put(self, below: Iterable[Field], joined: Sequence[tuple[Field, Field]], offset: int) -> None:
        into = {id(after): before for before, after in joined}
        for one in below:
            before = into.get(id(one))
            if before is None:
                self.fields.append(replace(one, row=one.row + offset))
                continue
            index = next(i for i in count(len(self.fields) - 1, -1) if self.fields[i] is before)
            self.fields[index] = replace(
                before, rowspan=one.end + offset - before.row, lines=before.lines + one.lines
            )


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= _SAME


def _like(first: Field, second: Field) -> bool:
    """Return whether two cells stand between the same borders left and right."""
    return _same(first.box.left, second.box.left) and _same(first.box.right, second.box.right)


def floor_of(height: float, bottoms: Iterable[float]) -> float:
    """Return down to where pages of a height are filled: as the fullest of them is."""
    return max([_FOOT * height, *bottoms])


# --- does it go on? -------------------------------------------------------------------------------------


def _repeated_rows(fields: Sequence[Field], part: Part) -> int:
    """Return how many rows a part repeats of the table's beginning (never all it has)."""
    rows = 0
    while rows < part.rows and _same_row(_row(fields, rows), _row(part.fields, rows)):
        rows += 1
    while rows and any(one.row < rows < one.end for one in part.fields):
        rows -= 1
    return rows if rows < part.rows else 0


def _row(fields: Iterable[Field], row: int) -> list[Field]:
    """Return the cells that begin in a row; cells are in reading order."""
    started = takewhile(lambda one: one.row <= row, fields)
    return [one for one in started if one.row == row]


def _same_row(first: Sequence[Field], second: Sequence[Field]) -> bool:
    return (
        len(first) == len(second)
        and any(not one.blank for one in first)
        and all(
            _like(one, other) and one.rowspan == other.rowspan and one.plain == other.plain
            for one, other in zip(first, second, strict=True)
        )
    )


def _share_columns(fields: Iterable[Field], others: Iterable[Field]) -> bool:
    """Return whether half of the inner borders of the one that has fewer are borders of the other too."""
    first, second = _inner(fields), _inner(others)
    shared = sum(any(_same(edge, other) for other in second) for edge in first)
    return 2 * shared >= min(len(first), len(second))


def _inner(fields: Iterable[Field]) -> list[float]:
    found: list[float] = []
    lefts = sorted({one.box.left for one in fields})
    for left in lefts[1:]:
        if not _same(left, lefts[0]) and not (found and _same(left, found[-1])):
            found.append(left)
    return found


def _height(part: Part, header: int) -> float:
    """Return the height of a part's first row behind the repeated header."""
    return min(one.box.height for one in part.fields if one.row == header)


def _begins_anew(fields: Sequence[Field], others: Sequence[Field], header: int) -> bool:
    """Return whether the first two labels are the same: the next form, not the rest of this one."""
    first, second = _labels(fields, header), _labels(others, header)
    return len(first) == 2 and first == second


def _labels(fields: Iterable[Field], header: int) -> list[str]:
    """Return the first two different texts of the first column behind the header."""
    left = min(one.box.left for one in fields)
    found: list[str] = []
    for one in fields:
        if one.row >= header and _same(one.box.left, left) and one.plain not in ("", *found):
            found.append(one.plain)
            if len(found) == 2:
                break
    return found


# --- what the page end cut ------------------------------------------------------------------------------


def _pairs(last: Iterable[Field], first: Sequence[Field]) -> list[tuple[Field, Field]]:
    """Return each cell above the page end with the one below it between the same borders, from left to right."""
    pairs = [(above, below) for above in last for below in first if _like(above, below)]
    return sorted(pairs, key=lambda pair: pair[0].box.left)


def _is_cut(pairs: Sequence[tuple[Field, Field]], margin: float) -> bool:
    """Return whether the page end cut one row in two, so that each lower cell goes on the upper one.

    So it is where each text that stands below another one had no room above; and where texts stand only above
    or only below, each where the other half is blank.
    """
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
    return lonely and any(
        room.breaks(line, after) for line, after in zip(above.lines, above.lines[1:], strict=False)
    )


def _merged(pairs: Sequence[tuple[Field, Field]], fields: Sequence[Field]) -> list[tuple[Field, Field]]:
    """Return the pairs that are one merged cell: blank below, in the columns from the left or with rows to span."""
    merged: list[tuple[Field, Field]] = []
    from_left = True
    for above, below in pairs:
        spans = above.rowspan > 1 or below.rowspan > 1
        blank = below.blank or (above.blank and spans)
        if blank and (spans or (from_left and not _leaves_blanks(above, fields))):
            merged.append((above, below))
        else:
            from_left = False
    return merged if len(merged) < len(pairs) else []


def _leaves_blanks(above: Field, fields: Iterable[Field]) -> bool:
    """Return whether blank cells of one row stand in this column: then blanks are not merged but left out."""
    return any(one.blank and one.rowspan == 1 and _like(one, above) for one in fields)
