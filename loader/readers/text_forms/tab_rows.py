"""One row a line, TABs between its cells, as tables are copied from a sheet or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import meaning
from .entries import Entry
from .front import is_row_of_one
from .sections import tell_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .entries import Row
    from .story import Story


def suits(lines: Sequence[str]) -> bool:
    """Return whether more lines have TABs between cells than have one only before a cell."""
    between = sum(1 for line in lines if "\t" in line[1:].rstrip("\t") and _is_row(line))
    before = sum(1 for line in lines if line.startswith("\t") and "\t" not in line[1:])
    return between > before


def tell(lines: Sequence[str], story: Story) -> None:
    """Tell the tables and lines; a line without a TAB stands between tables."""
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if _is_row(line):
            rows.append(tuple(Entry(text.strip(), number) for text in line.split("\t")))
        elif rows and is_row_of_one(rows[-1], line):
            rows.append((Entry(line.strip(), number),))
        elif line.strip():
            tell_rows(rows, story)
            rows = []
            story.tell_line(line, number)
    tell_rows(rows, story)


def _is_row(line: str) -> bool:
    return "\t" in line and not meaning.is_contents_entry(line)
