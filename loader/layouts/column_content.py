"""What stands below the head of a column: levels, comparators, polarities, units, values, or prose.

Where headers swap their names between provinces (forms.md), or are words nobody knew, the cells decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology import units
from ontology.units import plain

from .. import values
from ..model import Deadline, Period, Quantity, Unset
from ..numbers import comparator
from . import levels
from .labels import is_other_label, is_total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..grid import Grid
    from ..model import Cell

_POLARITIES: Final = frozenset({"正向", "反向", "正向指标", "反向指标", "逆向", "逆向指标"})
_YES_OR_NO: Final = "是/否"
_LONGEST_PHRASE: Final = 12
"""Characters of a qualitative value; what is longer explains something."""


def texts_below(grid: Grid, rows: Iterable[int], columns: range, column: int) -> list[str]:
    """Return the texts of a column in some rows, each cell once.

    Only cells within `columns`, those of its head, say what it holds: a remark reaches over others too. The label of
    a total or of a remark says nothing of the columns above it.
    """
    cells = (grid.at(row, column) for row in rows)
    found = {
        (cell.row, cell.column): cell.text.strip()
        for cell in cells
        if cell is not None and _is_within(cell, columns)
    }
    return [text for text in found.values() if text and not (is_total(text) or is_other_label(text))]


def _is_within(cell: Cell, columns: range) -> bool:
    return cell.column in columns and cell.column + cell.colspan <= columns.stop


def has_comparators(texts: Iterable[str]) -> bool:
    """Return whether a comparator stands alone in a cell."""
    return any(is_comparator(text) for text in texts)


def is_comparator(text: str) -> bool:
    """Return whether a text is nothing but a comparator."""
    return text == _YES_OR_NO or comparator(plain(text)) is not None


def has_polarities(texts: Iterable[str]) -> bool:
    """Return whether a cell says that more is better, or less."""
    return any(text in _POLARITIES for text in texts)


def are_comparators(texts: list[str]) -> bool:
    """Return whether most cells are comparators."""
    return _mostly(texts, is_comparator)


def are_units(texts: list[str]) -> bool:
    """Return whether most cells are units of measure and no numbers."""
    return _mostly(texts, lambda text: text == "%" or units.spelt(plain(text)) is not None)


def are_levels(texts: list[str]) -> bool:
    """Return whether most cells are words for levels of indicators."""
    return _mostly(texts, levels.is_level)


def are_second_levels(texts: list[str]) -> bool:
    """Return whether most cells are words for level 2."""
    return _mostly(texts, levels.is_level2)


def are_names(texts: list[str]) -> bool:
    """Return whether cells may be names of indicators: no values, no comparators, and most of them said once."""
    told_once = len(set(texts)) * 2 > len(texts)
    return bool(texts) and told_once and not are_values(texts) and not are_comparators(texts)


def are_values(texts: list[str]) -> bool:
    """Return whether cells read as values: a third or more as numbers or days, most others as short phrases."""
    measured = [text for text in texts if _is_measured(text)]
    phrases = [text for text in texts if len(text) <= _LONGEST_PHRASE]
    return (
        bool(measured)
        and len(measured) * 3 >= len(texts)
        and len({*measured, *phrases}) * 2 > len(set(texts))
    )


def are_short(texts: list[str]) -> bool:
    """Return whether there are cells, and each is a number, a day or a short phrase."""
    return bool(texts) and all(_is_measured(text) or len(text) <= _LONGEST_PHRASE for text in texts)


def is_bound(text: str) -> bool:
    """Return whether a text is a number with a comparator, or a percentage: no name of an indicator, as 54个村 is.

    >>> is_bound("≥20"), is_bound("60%"), is_bound("54个村")
    (True, True, False)
    """
    reading = values.parse(text)[0]
    if not isinstance(reading, Quantity):
        return False
    return reading.comparator_explicit or (reading.unit is not None and reading.unit.slug == "percent")


def _is_measured(text: str) -> bool:
    return isinstance(values.parse(text)[0], Quantity | Deadline | Period | Unset)


def _mostly(texts: list[str], holds: Callable[[str], bool]) -> bool:
    return sum(holds(text) for text in texts) * 2 > len(texts) if texts else False
