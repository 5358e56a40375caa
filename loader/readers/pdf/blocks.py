"""From a page of glyphs and drawn lines to its lines of text and parts of tables, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .alignment import aligned
from .fillers import without_fillers
from .geometry import Box
from .lattice import Lattice, lattices
from .parts import Field, Part, Sheet
from .rules import drawn
from .writing import TextLine, Word, line, rows, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .page import Page


STAMP: Final = 40
"""Characters that scanners print on a page by themselves: its number, a date, the name of the program."""
_ORNAMENT: Final = 0.01
"""Share of a page up to which a picture is a sign: 2.5 cm square."""
_PICTURES: Final = 100
"""Pictures of a page that are looked at: the strips of a scan."""


def sheet(page: Page) -> Sheet:
    """Return a page taken apart."""
    found = list(words(glyph for glyph in page.glyphs if glyph.source.turn is not None))
    parts, outside = _parts(lattices(drawn(page.outlines), page.number), found, page.number)
    items: list[TextLine | Part] = [*parts, *aligned(list(rows(outside)), page.number)]
    characters = sum(not glyph.text.isspace() for glyph in page.glyphs)
    return Sheet(
        page.number,
        page.width,
        page.height,
        tuple(sorted(items, key=_place)),
        aslant=tuple(_aslant(page)),
        characters=characters,
        unknown=page.unknown,
        pictures=len(page.pictures),
        pictured=_pictured(page, stamped=characters < STAMP),
        outlines=len(page.outlines),
    )


def _pictured(page: Page, *, stamped: bool) -> float:
    """Return the share of a page under pictures that say what no text says.

    Text on a picture says what it shows: a background, or a scan whose text was recognised. Of a page that is
    merely `stamped` the text says nothing. Many small pictures are ornaments; strips of a scan are larger.
    """
    paper = Box(0.0, 0.0, page.width, page.height)
    shown = (picture.within(paper) for picture in page.pictures)
    large = [box for box in shown if box.area > _ORNAMENT * paper.area][:_PICTURES]
    bare = [box for box in large if stamped or not any(box.holds(*glyph.box.middle) for glyph in page.glyphs)]
    return sum(box.area for box in bare) / paper.area if bare else 0.0


def _place(item: TextLine | Part) -> tuple[float, float]:
    """Return what orders a page: tables by their upper edge, lines by their middle."""
    return (item.box.top if isinstance(item, Part) else item.box.middle[1]), item.box.left


def _aslant(page: Page) -> Iterator[str]:
    """Yield the texts that stand aslant, one for each piece of text."""
    texts: dict[int, str] = {}
    for glyph in page.glyphs:
        if glyph.source.turn is None:
            texts[id(glyph.source)] = texts.get(id(glyph.source), "") + glyph.text
    yield from (text.strip() for text in texts.values() if text.strip())


def _parts(tables: list[Lattice], found: list[Word], page: int) -> tuple[list[Part], list[Word]]:
    """Return the tables with their words, and the words that are in none."""
    kept = _tables(tables, found)
    inside: list[dict[int, list[Word]]] = [{} for _ in kept]
    outside: list[Word] = []
    for word in found:
        home = _home(kept, word)
        if home is None:
            outside.append(word)
        else:
            inside[home[0]].setdefault(home[1], []).append(word)
    return [_part(table, cells, page) for table, cells in zip(kept, inside, strict=True)], outside


def _home(tables: list[Lattice], word: Word) -> tuple[int, int] | None:
    for index, table in enumerate(tables):
        cell = table.at(*word.anchor)
        if cell is not None:
            return index, cell
    return None


def _tables(tables: list[Lattice], found: list[Word]) -> list[Lattice]:
    """Return the tables that hold text, without boxes to tick inside cells and without mere frames of tables."""
    written = [table for table in tables if any(table.at(*word.anchor) is not None for word in found)]
    real = [
        table
        for table in written
        if len(table.regions) > 1 or not any(_inside(table, other) for other in written if other is not table)
    ]
    return [table for table in real if not any(_inside(other, table) for other in real if other is not table)]


def _inside(inner: Lattice, outer: Lattice) -> bool:
    """Return whether a table stands in a cell of another."""
    return outer.at(*inner.box.middle) is not None and all(
        outer.box.holds(x, y)
        for x, y in ((inner.box.left, inner.box.top), (inner.box.right, inner.box.bottom))
    )


def _part(table: Lattice, cells: dict[int, list[Word]], page: int) -> Part:
    fields = tuple(
        Field(
            region.row,
            region.rowspan,
            table.box_of(region),
            tuple(line(row, page) for row in rows(cells.get(index, []))),
            page,
        )
        for index, region in enumerate(table.regions)
    )
    return without_fillers(Part(page, table.box, len(table.rows) - 1, fields))
