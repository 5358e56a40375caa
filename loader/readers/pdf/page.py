"""What is taken of a page: its glyphs, and the outlines of what is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .frames import Point
    from .geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One piece of text as the producer wrote it. Its glyphs share direction and clip; equal means the same.

    `turn` counts the quarter turns with the clock it is printed in, against most text of the page (0: upright);
    None is a text that stands aslant, which only watermarks do. `clip` is the part of the page it shows in.
    """

    turn: int | None = 0
    clip: Box | None = None


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and the box it advances over; `apart` where pdfium sees a blank before it."""

    text: str
    box: Box
    source: Source
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """One path: its pieces, each as corners joined by straight lines, and whether the line or the inside is inked."""

    pieces: tuple[tuple[Point, ...], ...]
    stroked: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright: whatever way it is turned in the file, most of its text runs to the right."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    outlines: tuple[Outline, ...]
    unknown: int = 0
    """Characters the file gives no meaning for (a font without a table of characters)."""
    pictures: tuple[Box, ...] = ()
