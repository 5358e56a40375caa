"""Cells that something separates, bars or blank lines: what is a cell, what a title above, what a blank cell.

A separator more than usual is a blank cell. Several lines without a separator between them are one cell, unless the
last of them is a label: then those above it are text between tables.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from . import meaning
from .entries import Entry, Row
from .streams import tell_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .story import Story


class Paragraph(NamedTuple):
    """Lines that stand together, and how many separators follow them; none after the last one."""

    lines: Row
    behind: int


def tell_paragraphs(paragraphs: Sequence[Paragraph], story: Story, *, step: int) -> None:
    """Tell the cells as streams, and the text between them as lines; `step` more separators are a blank cell."""
    usual = usual_separators(paragraphs)
    stream: list[Entry] = []
    for paragraph in paragraphs:
        above, cell = _split(paragraph)
        if above:
            tell_stream(tuple(stream), story)
            stream = []
            story.tell_entries(above)
        if cell is not None:
            stream.append(cell)
            stream += [Entry("", cell.line)] * ((paragraph.behind - usual) // step)
    tell_stream(tuple(stream), story)


def usual_separators(paragraphs: Sequence[Paragraph]) -> int:
    """Return how many separators stand between two cells: one or two, whichever is met more often."""
    counts = Counter(paragraph.behind for paragraph in paragraphs if paragraph.behind in (1, 2))
    return counts.most_common(1)[0][0] if counts else 1


def _split(paragraph: Paragraph) -> tuple[Row, Entry | None]:
    """Return the lines of text above a cell, and the cell."""
    lines = paragraph.lines
    if not paragraph.behind or _is_frame(lines):
        return lines, None
    if len(lines) > 1 and _opens_table(lines):
        return lines[:-1], lines[-1]
    return (), Entry("\n".join(line.text for line in lines), lines[0].line)


def _opens_table(lines: Row) -> bool:
    last = lines[-1].text
    return meaning.is_label(last) or meaning.is_inline_field(last) or meaning.is_title(lines[-2].text)


def _is_frame(lines: Row) -> bool:
    return any(meaning.is_page_frame(line.text) for line in lines) and not meaning.is_label(lines[-1].text)
