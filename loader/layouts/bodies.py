"""Departments and units as forms print them: a name, often with its code in front."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from ontology import units
from ontology.units import plain

from ..model import Body

if TYPE_CHECKING:
    from ..model import Printed

# forms.md, unit codes: 203001name, 219001-name, (433001)name, [155]name
_CODED = re.compile(r"^[(\[【]?(\d{3}(?:\d{3}){0,3})[)\]】]?\s*[-—]?\s*([^\d\s].*)$", re.DOTALL)
_CODE = re.compile(r"\d{3}(?:\d{3}){0,3}")
_SEALED = re.compile(r"[(（]?(?:盖章|公章|签章|章)[)）]?$")
_NAME = re.compile(r"^[一-鿿].*[一-鿿)）]$", re.DOTALL)


def read_coded_body(printed: Printed) -> Body | None:
    """Return the unit of a cell that prints its code and name and no label, or None.

    >>> from loader.model import Printed, Quote
    >>> read_coded_body(Printed('219001-池州市贵池区棠溪镇人民政府', Quote(1, 1, 1))).code
    '219001'
    """
    match = _CODED.match(_one_line(printed.text))
    if match is None or not _NAME.match(match[2]) or units.spelt(plain(match[2])) is not None:
        return None
    return Body(match[2].strip(), match[1], printed.quote)


def read_body(printed: Printed) -> Body | None:
    """Return the unit in a cell that stands behind a label: with a code or without, None when blank."""
    coded = read_coded_body(printed)
    if coded is not None:
        return coded
    name = _SEALED.sub("", _one_line(printed.text)).strip(" -—/")
    return Body(name, None, printed.quote) if name else None


def with_code(body: Body, printed: Printed | None) -> Body:
    """Return a unit with the code that a cell of its own prints, where the name's cell has none."""
    code = _one_line(printed.text) if printed is not None else ""
    return replace(body, code=code) if body.code is None and _CODE.fullmatch(code) else body


def _one_line(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split("\n")).strip()
