"""Tables over several pages: one table again, with rows and merged cells that a page end cut made whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .fillers import without_row
from .page_ends import Join, goes_on, join, repeated_header
from .wraps import margin

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from .parts import Field, Part


class Growing:
    """A table while its parts are put together; rows count from 0 over all its pages."""

    def __init__(self, part: Part) -> None:
        """Begin with the part on the table's first page."""
        self.opening = part
        self.fields: list[Field] = list(part.fields)
        self.rows = part.rows
        self._latest = part
        self._ends = self._reaching_down(range(len(self.fields)))

    def goes_on(self, part: Part, floor: float) -> bool:
        """Return whether a part on the next page belongs to this table; text never stands below `floor`."""
        return goes_on(self.opening, self._latest, part, floor)

    def add(self, part: Part, whole: Container[str]) -> None:
        """Take a part in: without repeated headers, its first row and its merged cells joined to those above.

        `whole` are texts of cells that no page end cut, without blanks.
        """
        header = repeated_header(self.opening, part).rows
        below = [one for one in part.fields if one.row >= header]
        first = [one for one in below if one.row == header]
        self._drop_empty_end(first)
        last = [self.fields[index] for index in self._ends]
        known = [*self.opening.fields, *self._latest.fields]
        found = join(last, first, known, margin(known), whole)
        self._put(below, found, self.rows - header - (1 if found.cut else 0))
        self.rows += part.rows - header - (1 if found.cut else 0)
        self._latest = part

    def _drop_empty_end(self, first: Iterable[Field]) -> None:
        """Drop the empty frame that browsers leave of a row they print overleaf, without its inner lines."""
        own = [self.fields[index] for index in self._ends if self.fields[index].rowspan == 1]
        framed = all(any(one.stands_over(other) for other in first) for one in own)
        if own and all(one.blank for one in own) and not framed:
            self.fields = list(without_row(self.fields, self.rows - 1))
            self.rows -= 1
            self._ends = self._reaching_down(range(len(self.fields)))

    def _put(self, below: Iterable[Field], found: Join, offset: int) -> None:
        where = {id(self.fields[index]): index for index in self._ends}
        touched: list[int] = []
        for one in below:
            above = found.above(one)
            for index in [where[id(other)] for other in above]:
                self.fields[index] = _prolonged(self.fields[index], one, offset)
                touched.append(index)
            if not above:
                touched.append(len(self.fields))
                self.fields.append(replace(one, row=one.row + offset))
        self._ends = self._reaching_down(touched)

    def _reaching_down(self, indexes: Iterable[int]) -> list[int]:
        """Return which of the fields end with the last row of those."""
        found = list(dict.fromkeys(indexes))
        end = max(self.fields[index].end for index in found)
        return [index for index in found if self.fields[index].end == end]


def _prolonged(above: Field, below: Field, offset: int) -> Field:
    """Return a cell with what stands of it on the next page, where that is not printed a second time."""
    lines = above.lines if above.plain == below.plain else above.lines + below.lines
    return replace(above, rowspan=below.end + offset - above.row, lines=lines)
