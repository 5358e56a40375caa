"""What a page consists of, from the top down: lines of text, and parts of tables (a table may go on overleaf)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .geometry import same

if TYPE_CHECKING:
    from .geometry import Box
    from .writing import TextLine


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a part of a table: the rows it covers, from 0, where it stands, and what is printed in it."""

    row: int
    rowspan: int
    box: Box
    lines: tuple[TextLine, ...]
    page: int

    @property
    def end(self) -> int:
        """Return the row behind its last one."""
        return self.row + self.rowspan

    @property
    def blank(self) -> bool:
        """Return whether nothing is printed in it."""
        return not self.lines

    @property
    def plain(self) -> str:
        """Return what is printed in it without blanks and line ends, to compare."""
        return "".join("".join(line.text.split()) for line in self.lines)

    def stands_over(self, other: Field) -> bool:
        """Return whether another cell stands between the same borders left and right."""
        return same(self.box.left, other.box.left) and same(self.box.right, other.box.right)


@dataclass(frozen=True, slots=True)
class Part:
    """What one page holds of a table: its rows, and its cells from left to right, downwards."""

    page: int
    box: Box
    rows: int
    fields: tuple[Field, ...]
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, taken apart: what stands on it from the top down, and what stands on it by the way."""

    page: int
    width: float
    height: float
    items: tuple[TextLine | Part, ...]
    head: tuple[TextLine, ...] = ()
    """Lines on top that an earlier page has too."""
    foot: tuple[TextLine, ...] = ()
    """Lines at the foot that later pages repeat, on the first page that has them."""
    aslant: tuple[str, ...] = ()
    """Texts that stand aslant: watermarks."""
    characters: int = 0
    unknown: int = 0
    pictures: int = 0
    pictured: float = 0.0
    """Share of the page that pictures cover in which no text stands."""
    outlines: int = 0
