"""Numbers that cells print beside the targets: scores, weights, rates, shares of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import values
from ..model import Quantity, Unset

if TYPE_CHECKING:
    from decimal import Decimal

    from ..model import Printed, Quote


def number_in(printed: Printed | None) -> tuple[Decimal, Quote | None] | None:
    """Return the one number that a cell prints, and the cell; 9+1 and 5-10 are none.

    >>> from loader.model import Printed
    >>> [number_in(Printed(text, None)) for text in ("5-10", "满分", "")]
    [None, None, None]
    """
    number = _number(printed) if printed is not None and printed.text.strip() else None
    return (number, printed.quote) if number is not None and printed is not None else None


def share_in(printed: Printed) -> Decimal | None:
    """Return the share of the budget that a node of a spending plan prints, in percent.

    >>> from loader.model import Printed
    >>> share_in(Printed("25", None)), share_in(Printed("按进度", None))
    (Decimal('25'), None)
    """
    return _number(printed, "%")


def is_no_number(printed: Printed, unit: str = "") -> bool:
    """Return whether a cell is filled in, and with something else than one number; a dash is not filled in.

    >>> from loader.model import Printed
    >>> [is_no_number(Printed(text, None)) for text in ("9", "—", "满分")]
    [False, False, True]
    """
    text = printed.text.strip()
    if not text or text == "无" or _number(printed, unit) is not None:
        return False
    return not all(isinstance(reading, Unset) for reading in values.parse(text, unit=unit))


def _number(printed: Printed, unit: str = "") -> Decimal | None:
    readings = values.parse(printed.text, unit=unit)
    reading = readings[0]
    if len(readings) > 1 or not isinstance(reading, Quantity) or reading.upper is not None:
        return None
    return reading.number
