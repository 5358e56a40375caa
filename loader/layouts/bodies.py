"""Departments and units as forms print them: a name, often with its code in front."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ..model import Body

if TYPE_CHECKING:
    from ..model import Printed

# forms.md, unit codes: 203001name, 219001-name, (433001)name, [155]name
_CODED = re.compile(r"^[(\[【]?(\d{3}(?:\d{3}){0,3})[)\]】]?\s*[-—]?\s*([^\d\s].*)$", re.DOTALL)
_NAME = re.compile(r"^[一-鿿].*[一-鿿)）]$", re.DOTALL)


def read_coded_body(printed: Printed) -> Body | None:
    """Return the unit of a cell that prints its code and name and no label, or None.

    >>> from loader.model import Printed, Quote
    >>> read_coded_body(Printed('219001-池州市贵池区棠溪镇人民政府', Quote(1, 1, 1))).code
    '219001'
    """
    match = _CODED.match(_one_line(printed.text))
    if match is None or not _NAME.match(match[2]):
        return None
    return Body(match[2].strip(), match[1], printed.quote)


def read_body(printed: Printed) -> Body | None:
    """Return the unit in a cell that stands behind a label: with a code or without, None when blank."""
    coded = read_coded_body(printed)
    if coded is not None:
        return coded
    name = _one_line(printed.text).strip(" -—/")
    return Body(name, None, printed.quote) if name else None


def _one_line(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split("\n")).strip()
