"""Places on a page: points of 1/72 inch, x to the right and y downwards from the upper left corner."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


BORDER: Final = 3.0
"""Points by which the borders of one column differ from page to page (rounding, thickness)."""


def same(first: float, second: float) -> bool:
    """Return whether two places on one axis are those of one border."""
    return abs(first - second) <= BORDER


class Box(NamedTuple):
    """A rectangle along the axes; each character has one, and tuples are made in a third of the time."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the extent in x."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the extent in y."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Return width times height."""
        return self.width * self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Return the point in the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies within."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def around(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def within(self, other: Box) -> Box:
        """Return what of the box lies in another; without an extent where nothing does."""
        left, top = other.nearest(self.left, self.top)
        right, bottom = other.nearest(self.right, self.bottom)
        return Box(left, top, right, bottom)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the point within that is nearest to a point."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)

    def turned(self, quarters: int) -> Box:
        """Return the box after as many quarter turns against the clock, around the origin.

        >>> Box(1, 2, 3, 5).turned(1)
        Box(left=2, top=-3, right=5, bottom=-1)
        """
        box = self
        for _ in range(quarters % 4):
            box = Box(box.top, -box.right, box.bottom, -box.left)
        return box


def hull(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all boxes (at least one)."""
    sides = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A line along one axis: where it stands on the other axis, and from where to where it runs."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """Return how long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a page or of a table, by direction."""

    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()

    @property
    def crossed(self) -> Rules:
        """Return the same lines with x and y exchanged, so that one function serves both directions."""
        return Rules(self.vertical, self.horizontal)

    def __len__(self) -> int:
        return len(self.horizontal) + len(self.vertical)


@dataclass(frozen=True, slots=True)
class Scale:
    """Positions on one axis, ascending: the lines between rows or columns."""

    ticks: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.ticks)

    def nearest(self, value: float) -> int:
        """Return the index of the tick next to a value.

        >>> Scale((0.0, 10.0, 30.0)).nearest(19)
        1
        """
        right = min(bisect_left(self.ticks, value), len(self.ticks) - 1)
        if right and value - self.ticks[right - 1] <= self.ticks[right] - value:
            return right - 1
        return right

    def gap(self, value: float) -> int | None:
        """Return the index of the tick before a value, or None where the value is beyond the ends.

        >>> Scale((0.0, 10.0, 30.0)).gap(12.0), Scale((0.0, 10.0, 30.0)).gap(31.0)
        (1, None)
        """
        if not self.ticks or not self.ticks[0] <= value <= self.ticks[-1]:
            return None
        return max(min(bisect_left(self.ticks, value), len(self.ticks) - 1) - 1, 0)

    def knows(self, value: float, slack: float) -> bool:
        """Return whether a tick is as near as `slack`."""
        return bool(self.ticks) and abs(self.ticks[self.nearest(value)] - value) <= slack


def scale(values: Iterable[float], slack: float) -> Scale:
    """Return one tick for each group of values of which neighbours are at most `slack` apart.

    >>> scale([10.0, 0.0, 10.5, 30.0], slack=3.0)
    Scale(ticks=(0.0, 10.25, 30.0))
    """
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= slack:
            groups[-1].append(value)
        else:
            groups.append([value])
    return Scale(tuple(sum(group) / len(group) for group in groups))
