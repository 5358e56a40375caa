"""From the lines of a page to its tables: which lines hang together, and which boxes they enclose.

A cell is the union of all boxes of the finest grid that have no line between them, so merged cells need no rule
of their own. Lines that lead nowhere (underlined text, a rule under a heading) are cut back to the last crossing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...errors import UnsafeDocument
from ..limits import COLUMNS
from . import limits
from .geometry import Box, Rule, Rules, Scale, scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TOUCH: Final = 3.0
"""Points between lines that meet: double borders, spaced frames of cells, corners that are left out."""
_STRIP: Final = 8.0
"""Points: the narrowest open column or row; less is a line that stands out over the table's edge."""

Position = tuple[int, int]
"""Row and column in the finest grid, from 0."""


@dataclass(frozen=True, slots=True)
class Region:
    """One cell: the finest grid's rows and columns it covers, from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int

    def positions(self) -> Iterator[Position]:
        """Yield what it covers."""
        for row in range(self.row, self.row + self.rowspan):
            for column in range(self.column, self.column + self.colspan):
                yield row, column


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table as it is drawn: its columns in x, its rows in y, and its cells from left to right, downwards."""

    columns: Scale
    rows: Scale
    regions: tuple[Region, ...]
    covering: Mapping[Position, int]
    """The index of the cell at a position; positions that nothing encloses are missing."""

    @property
    def box(self) -> Box:
        """Return where the table stands."""
        return Box(self.columns.ticks[0], self.rows.ticks[0], self.columns.ticks[-1], self.rows.ticks[-1])

    def at(self, x: float, y: float) -> int | None:
        """Return the index of the cell at a point, None outside the table's cells."""
        row, column = self.rows.gap(y), self.columns.gap(x)
        return None if row is None or column is None else self.covering.get((row, column))

    def box_of(self, region: Region) -> Box:
        """Return where a cell stands."""
        return Box(
            self.columns.ticks[region.column],
            self.rows.ticks[region.row],
            self.columns.ticks[region.column + region.colspan],
            self.rows.ticks[region.row + region.rowspan],
        )


def lattices(rules: Rules, page: int) -> list[Lattice]:
    """Return the tables that lines enclose, from the top down; none where a page is a drawing.

    Raises `UnsafeDocument` for a table of more columns than any reader takes.
    """
    if len(rules) > limits.PAGE_RULES:
        return []
    found = (_lattice(group, page) for group in _groups(rules))
    tables = [lattice for lattice in found if lattice is not None]
    if len(tables) > limits.PAGE_TABLES:
        return []
    return sorted(tables, key=lambda lattice: (lattice.box.top, lattice.box.left))


# --- lines that hang together ---------------------------------------------------------------------------


def _touching(rule: Rule, others: list[Rule]) -> Iterator[int]:
    """Yield the indexes of the crossing lines (sorted by where they stand) that a line meets."""
    first = bisect_left(others, rule.start - _TOUCH, key=lambda other: other.at)
    last = bisect_right(others, rule.end + _TOUCH, key=lambda other: other.at)
    for index in range(first, last):
        if others[index].start - _TOUCH <= rule.at <= others[index].end + _TOUCH:
            yield index


def _groups(rules: Rules) -> Iterator[Rules]:
    vertical = sorted(rules.vertical)
    count = len(rules.horizontal)
    sets = _Sets(count + len(vertical))
    for index, rule in enumerate(rules.horizontal):
        for other in _touching(rule, vertical):
            sets.unite(index, count + other)
    for group in sets.groups():
        yield Rules(
            tuple(rules.horizontal[index] for index in group if index < count),
            tuple(vertical[index - count] for index in group if index >= count),
        )


class _Sets:
    """Disjoint sets of the numbers from 0 (union-find)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, item: int) -> int:
        """Return the number that stands for the set an item is in."""
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def unite(self, first: int, second: int) -> None:
        """Make one set of the sets of two items; the smaller root stands for it."""
        first, second = self.root(first), self.root(second)
        self._parent[max(first, second)] = min(first, second)

    def groups(self) -> list[list[int]]:
        """Return the sets in the order of their first items."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            found.setdefault(self.root(item), []).append(item)
        return list(found.values())


def _sound(rules: Rules) -> Rules:
    """Return the lines with open sides closed and loose ends cut, none where they enclose nothing."""
    rules = _closed(_closed(rules).crossed).crossed
    while True:
        cut = Rules(tuple(_cut(rules)), ())
        cut = Rules(cut.horizontal, tuple(_cut(Rules(rules.vertical, cut.horizontal))))
        if cut == rules:
            return cut
        rules = cut


def _cut(rules: Rules) -> Iterator[Rule]:
    """Yield the horizontal lines from their first to their last crossing, without those that have not two."""
    vertical = sorted(rules.vertical)
    for rule in rules.horizontal:
        crossings = [vertical[index].at for index in _touching(rule, vertical)]
        if crossings and crossings[-1] - crossings[0] > _TOUCH:
            yield Rule(rule.at, crossings[0], crossings[-1])


def _closed(rules: Rules) -> Rules:
    """Return the lines with a left and a right border wherever horizontal lines end together.

    Some forms have open sides, LibreOffice leaves a gap beside merged cells that go on overleaf, and a row that
    the page end cuts may have no line below.
    """
    if not (rules.horizontal and rules.vertical):
        return rules
    places = [rule.at for rule in rules.vertical]
    left = min(rule.start for rule in rules.horizontal)
    right = max(rule.end for rule in rules.horizontal)
    left = left if min(places) - left > _STRIP else min(places)
    right = right if right - max(places) > _STRIP else max(places)
    left_ends = [rule.at for rule in rules.horizontal if rule.start - left <= _TOUCH]
    right_ends = [rule.at for rule in rules.horizontal if right - rule.end <= _TOUCH]
    return Rules(rules.horizontal, (*rules.vertical, *_side(left, left_ends), *_side(right, right_ends)))


def _side(at: float, ends: list[float]) -> list[Rule]:
    return [Rule(at, min(ends), max(ends))] if ends and max(ends) - min(ends) > _STRIP else []


# --- what they enclose ----------------------------------------------------------------------------------


def _lattice(group: Rules, page: int) -> Lattice | None:
    rules = _sound(group)
    if not (rules.horizontal and rules.vertical):
        return None
    columns = scale((rule.at for rule in rules.vertical), _TOUCH)
    rows = scale((rule.at for rule in rules.horizontal), _TOUCH)
    if len(columns) - 1 > COLUMNS:
        raise UnsafeDocument(f"a table on page {page} has more than {COLUMNS:,} columns: it is not read")
    if len(columns) * len(rows) > limits.PAGE_BOXES:
        raise UnsafeDocument(
            f"a table on page {page} has more than {limits.PAGE_BOXES:,} cells: it is not read"
        )
    regions = list(_regions(rules, columns, rows))
    return _compact(columns, rows, regions) if regions else None


def _regions(rules: Rules, columns: Scale, rows: Scale) -> Iterator[Region]:
    beside = _walls(rules.vertical, columns, rows)
    below = _walls(rules.horizontal, rows, columns)
    width, height = len(columns) - 1, len(rows) - 1
    outside = width * height
    sets = _Sets(outside + 1)

    def box(row: int, column: int) -> int:
        return row * width + column if 0 <= row < height and 0 <= column < width else outside

    for row in range(height):
        for line in range(width + 1):
            if (line, row) not in beside:
                sets.unite(box(row, line - 1), box(row, line))
    for column in range(width):
        for line in range(height + 1):
            if (line, column) not in below:
                sets.unite(box(line - 1, column), box(line, column))
    nowhere = sets.root(outside)
    roots = [sets.root(index) for index in range(outside)]
    yield from _rectangles([None if root == nowhere else root for root in roots], width)


def _walls(rules: Iterable[Rule], places: Scale, gaps: Scale) -> set[Position]:
    """Return (line, gap) for each gap of the other scale whose middle a line stands beside."""
    middles = [(start + end) / 2 for start, end in zip(gaps.ticks, gaps.ticks[1:], strict=False)]
    walls: set[Position] = set()
    for rule in rules:
        place = places.nearest(rule.at)
        first = bisect_left(middles, rule.start - _TOUCH)
        last = bisect_right(middles, rule.end + _TOUCH)
        walls.update((place, gap) for gap in range(first, last))
    return walls


def _rectangles(roots: list[int | None], width: int) -> Iterator[Region]:
    """Yield each set of boxes as a rectangle, or as few rectangles where a line ends inside it."""
    taken = [root is None for root in roots]
    for index, root in enumerate(roots):
        if taken[index]:
            continue
        row, column = divmod(index, width)
        right = column
        while right < width and not taken[row * width + right] and roots[row * width + right] == root:
            right += 1
        bottom = row
        while bottom * width < len(roots) and all(
            not taken[bottom * width + across] and roots[bottom * width + across] == root
            for across in range(column, right)
        ):
            bottom += 1
        region = Region(row, column, bottom - row, right - column)
        for covered_row, covered_column in region.positions():
            taken[covered_row * width + covered_column] = True
        yield region


def _compact(columns: Scale, rows: Scale, regions: list[Region]) -> Lattice:
    """Return the table without rows and columns that no cell begins or ends at."""
    across = sorted({edge for region in regions for edge in (region.column, region.column + region.colspan)})
    down = sorted({edge for region in regions for edge in (region.row, region.row + region.rowspan)})
    column_of = {edge: index for index, edge in enumerate(across)}
    row_of = {edge: index for index, edge in enumerate(down)}
    cells = tuple(
        Region(
            row_of[region.row],
            column_of[region.column],
            row_of[region.row + region.rowspan] - row_of[region.row],
            column_of[region.column + region.colspan] - column_of[region.column],
        )
        for region in regions
    )
    return Lattice(
        Scale(tuple(columns.ticks[edge] for edge in across)),
        Scale(tuple(rows.ticks[edge] for edge in down)),
        cells,
        {position: index for index, cell in enumerate(cells) for position in cell.positions()},
    )
