"""Rows that nobody made: slivers and empty ends that browsers leave where a page cuts merged cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .parts import Field, Part

_THIN: Final = 6.0
"""Points: no row of text is as low (the smallest print has 5 pt and a line of 6)."""
_FEW: Final = 0.5
"""Share of the table's width that the blanks of such a row fill; a row left blank in a form fills more."""


def without_fillers(part: Part) -> Part:
    """Return a part without rows that are too thin for text, or of which only blanks beside merged cells are left."""
    fields, rows = part.fields, part.rows
    printed = {one.row for one in fields if one.rowspan == 1 and not one.blank}
    for row in reversed(range(part.rows)):
        if row not in printed and _is_filler(fields, row, part.box.width):
            fields, rows = tuple(without_row(fields, row)), rows - 1
    return replace(part, fields=fields, rows=rows)


def _is_filler(fields: Sequence[Field], row: int, width: float) -> bool:
    own = [one for one in fields if one.row == row and one.rowspan == 1]
    if not own or not all(one.blank for one in own):
        return False
    if all(one.box.height < _THIN for one in own):
        return True
    begins = any(one.row == row and one.rowspan > 1 for one in fields)
    return not begins and sum(one.box.width for one in own) < _FEW * width


def without_row(fields: Iterable[Field], row: int) -> Iterator[Field]:
    """Yield the cells of a table that has a row less."""
    for one in fields:
        if one.row > row:
            yield replace(one, row=one.row - 1)
        elif one.end > row and one.rowspan > 1:
            yield replace(one, rowspan=one.rowspan - 1)
        elif one.row < row:
            yield one
