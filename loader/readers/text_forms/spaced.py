"""One cell a line with a blank line after each; a blank cell is a blank line more."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from . import meaning
from .entries import Entry
from .headings import is_header
from .paragraphs import Paragraph, tell_paragraphs, usual_separators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .story import Story

_LEAST_CELLS: Final = 8
_SHARE_OF_CELLS: Final = 0.7
_LEAST_LABELS: Final = 3
_SHARE_OF_ODD: Final = 0.1


def suits(lines: Sequence[str]) -> bool:
    """Return whether nearly every line has a blank line after it, and some are labels of a form."""
    paragraphs = list(_paragraphs(lines))
    alone = [paragraph.lines[0] for paragraph in paragraphs if len(paragraph.lines) == 1]
    labels = sum(1 for entry in alone if meaning.is_label(entry.text))
    return len(alone) >= max(_LEAST_CELLS, len(paragraphs) * _SHARE_OF_CELLS) and (
        labels >= _LEAST_LABELS or is_header(alone)
    )


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines."""
    paragraphs = list(_paragraphs(lines))
    tell_paragraphs(paragraphs, story, step=_lines_of_a_blank_cell(paragraphs))


def _lines_of_a_blank_cell(paragraphs: Sequence[Paragraph]) -> int:
    """Return how many blank lines more a blank cell has: two where dumps write its own and the one after it.

    Before a title there may be any number, and a few cells hold a blank line of their own.
    """
    usual = usual_separators(paragraphs)
    more = [
        above.behind - usual
        for above, below in pairwise(paragraphs)
        if above.behind > usual and not meaning.stands_alone(below.lines[0].text)
    ]
    odd = sum(1 for excess in more if excess % 2)
    return 2 if odd < len(more) * _SHARE_OF_ODD else 1


def _paragraphs(lines: Sequence[str]) -> Iterator[Paragraph]:
    texts: list[Entry] = []
    blanks = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            blanks += bool(texts)
            continue
        if blanks:
            yield Paragraph(tuple(texts), blanks)
            texts, blanks = [], 0
        texts.append(Entry(line.strip(), number))
    if texts:
        yield Paragraph(tuple(texts), max(blanks, int(len(texts) == 1)))
