"""Coordinates: from those of a PDF file, where y runs upwards and pages may lie on their side, to upright pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from .geometry import Box

_QUARTER: Final = math.pi / 2
_ASLANT: Final = 0.09
"""Radians (5°) by which scanned and re-typed pages are off; a watermark stands at 30° or more."""

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in the coordinates of the file."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """An affine map as PDF writes it: x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def on(self, x: float, y: float) -> Point:
        """Return where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, outer: Matrix) -> Matrix:
        """Return this map followed by another."""
        e, f = outer.on(self.e, self.f)
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            e,
            f,
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """How the coordinates of the file (y upwards) become those of a page whose text is upright."""

    quarters: int
    left: float
    top: float

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of the file as a box of the page."""
        if self.quarters == 0:  # nearly all pages
            return Box(left - self.left, -top - self.top, right - self.left, -bottom - self.top)
        box = Box(left, -top, right, -bottom).turned(self.quarters)
        return Box(box.left - self.left, box.top - self.top, box.right - self.left, box.bottom - self.top)

    def point(self, x: float, y: float) -> Point:
        """Return a point of the file as a point of the page."""
        box = self.box(x, y, x, y)
        return box.left, box.top


def turn_of(angle: float) -> int | None:
    """Return the quarter turns with the clock nearest to an angle in radians, None where it is aslant."""
    quarters = angle / _QUARTER
    if angle < 0 or abs(quarters - round(quarters)) * _QUARTER > _ASLANT:
        return None
    return round(quarters) % 4
