"""The lines of a page: whatever is drawn so thin, or as a frame, that it reads as a border.

Word and WPS draw borders as thin filled rectangles, one for each side of each cell; LibreOffice and Excel as
stroked lines; browsers as both; others stroke a frame around every cell. Shading is no border.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from .geometry import Rule, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .frames import Point
    from .page import Outline

_STRAIGHT: Final = 1.0
"""Points by which the ends of a border may be out of line: what rounding to whole pixels does at 72 dpi."""
_THICK: Final = 4.0
"""Points: borders are thinner (office programs offer 6, tables use 0.25 to 3); no row of text is as low."""
_COLLINEAR: Final = 1.0
"""Points between the pieces of one border across its direction (each cell draws its own piece)."""
_JOINT: Final = 3.0
"""Points between the pieces along its direction: corners left to the crossing border, the gaps of dashes."""
_SHORT: Final = 5.0
"""Points: what stays shorter when all pieces are joined bounds no cell (dots, ticks, bullets)."""
_FRAME_PIECES: Final = 4
"""A frame drawn as a filled path has an outer and an inner rectangle; a path of many pieces is many borders."""
_PIECE_POINTS: Final = 64
"""Corners of one piece that are looked at in pairs; a border has 4, one drawn around a table's edge 12."""


def drawn(outlines: Iterable[Outline]) -> Rules:
    """Return the borders among what is drawn, pieces of one border joined."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for outline in outlines:
        for found in _stroked(outline) if outline.stroked else _filled(outline):
            horizontal += found.horizontal
            vertical += found.vertical
    return Rules(tuple(joined(horizontal)), tuple(joined(vertical)))


def _stroked(outline: Outline) -> Iterator[Rules]:
    for piece in outline.pieces:
        yield _edges(piece)


def _filled(outline: Outline) -> Iterator[Rules]:
    groups = [_edges(piece) for piece in outline.pieces if len(piece) <= _PIECE_POINTS]
    if 1 < len(groups) <= _FRAME_PIECES:
        groups = [
            Rules(
                tuple(rule for group in groups for rule in group.horizontal),
                tuple(rule for group in groups for rule in group.vertical),
            )
        ]
    for group in groups:
        yield Rules(tuple(_thin(group.horizontal)), tuple(_thin(group.vertical)))


def _edges(piece: tuple[Point, ...]) -> Rules:
    """Return the edges of a piece that run along an axis."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for (x0, y0), (x1, y1) in pairwise(piece):
        if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) > abs(y1 - y0):
            horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) > abs(x1 - x0):
            vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return Rules(tuple(horizontal), tuple(vertical))


def _thin(edges: tuple[Rule, ...]) -> Iterator[Rule]:
    """Yield the middle line of each two edges that have a border's thickness of ink between them."""
    ordered = sorted(edges)
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.at - first.at > _THICK:
                break
            common = min(first.end, second.end) - max(first.start, second.start)
            if 2 * common > max(first.length, second.length):
                yield Rule(
                    (first.at + second.at) / 2, min(first.start, second.start), max(first.end, second.end)
                )


def joined(pieces: Iterable[Rule]) -> list[Rule]:
    """Return the pieces with those of one line joined, without what stays too short to bound a cell.

    >>> joined([Rule(10.0, 0.0, 20.0), Rule(10.4, 20.5, 60.0), Rule(30.0, 0.0, 2.0)])
    [Rule(at=10.2, start=0.0, end=60.0)]
    """
    whole: list[Rule] = []
    for line in _collinear(pieces):
        whole += _end_to_end(line)
    return [rule for rule in whole if rule.length >= _SHORT]


def _collinear(pieces: Iterable[Rule]) -> Iterator[list[Rule]]:
    line: list[Rule] = []
    for piece in sorted(pieces):
        if line and piece.at - line[-1].at > _COLLINEAR:
            yield line
            line = []
        line.append(piece)
    if line:
        yield line


def _end_to_end(line: list[Rule]) -> Iterator[Rule]:
    at = sum(piece.at for piece in line) / len(line)
    start, end = None, 0.0
    for piece in sorted(line, key=lambda piece: piece.start):
        if start is not None and piece.start - end <= _JOINT:
            end = max(end, piece.end)
            continue
        if start is not None:
            yield Rule(at, start, end)
        start, end = piece.start, piece.end
    if start is not None:
        yield Rule(at, start, end)
