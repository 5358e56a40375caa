"""Amounts of money as forms print them: a number, with its unit in the cell, the label, or a line above."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ontology.identifiers import INVISIBLE
from ontology.namespaces import JXC
from ontology.units import unit as unit_of

from ..model import Money, Printed
from ..numbers import GAP
from .labels import bracketed

if TYPE_CHECKING:
    from ontology.units import Unit

_ESTIMATE = re.compile(r"^(?:大约|约为|约|预计)|左右$|上下$")
_TOTAL_OF = re.compile(r"^(?:资金总额|总额|总计|合计|共计|共)[:：]?(?=[\d¥])")
_REMARK = re.compile(r"\([^()]*\)$")
_AMOUNT = re.compile(r"^([+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?)(\D*)$")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?![ ]?\d)")
_PARTED = re.compile(rf"(?<=\d)[\s{INVISIBLE}]+(?=\d)")
_BLANK = re.compile(rf"[\s{INVISIBLE}]+")
_BLANKS: Final = frozenset({"", "-", "--", "—", "——", "/", "\\", "*", "无"})
_MONEY: Final = JXC["dimension/money"]
# A scale without its unit means money here: the cell stands under a money label (forms.md, money unit).
_SCALES: Final = {"万": "万元", "亿": "亿元", "千": "千元"}


def money_unit(text: str) -> Unit | None:
    """Return the money unit a text names (`万元`, `人民币万元`, `单位：元`), or None."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).removeprefix("人民币")
    found = unit_of(_SCALES.get(plain, plain)) if plain else None
    return found if found is not None and found.dimension == _MONEY else None


def unit_in_label(label: str) -> Unit | None:
    """Return the money unit in the brackets of a label, as in `预算数（万元）`."""
    return next((unit for text in bracketed(label) if (unit := money_unit(text))), None)


def read_money(printed: Printed, unit: Unit | None) -> Money | None:
    r"""Return the amount in a cell, `unit` being the one its label or table states.

    A blank or dashed cell gives an amount without numbers: it is not 0, unless the file has a 0 behind the dash. What
    an amount is made up of may follow it in brackets. None means that the text is no amount.

    >>> from loader.model import Printed
    >>> str(read_money(Printed("854万（道路400万元，水利454万元）", None), None).yuan)
    '8540000'
    >>> read_money(Printed("10+5万元", None), None) is None
    True
    >>> read_money(Printed("20\\n15", None), None) is None, str(read_money(Printed("1 234.5", None), None).declared)
    (True, '1234.5')
    """
    text = _plain(printed.text)
    if text in _BLANKS:
        nothing = printed.raw is not None and _is_zero(printed.raw)
        return (
            _amount(printed, Decimal(0), unit)
            if nothing
            else Money(printed.quote, printed.text, None, None, None)
        )
    match = _AMOUNT.match(text) or _AMOUNT.match(_REMARK.sub("", _ESTIMATE.sub("", _TOTAL_OF.sub("", text))))
    if match is None:
        return None
    own = money_unit(match[2].strip("()"))
    if match[2] and own is None:
        return None
    return _amount(printed, Decimal(match[1].replace(",", "")), own or unit)


def is_estimate(text: str) -> bool:
    """Return whether an amount is printed as an estimate: 约10万元."""
    return bool(_ESTIMATE.search(_plain(text)))


def _plain(text: str) -> str:
    """Return a text without blanks; those that part two digits stay, unless they part thousands: 20 15 is no 2015."""
    narrow = unicodedata.normalize("NFKC", text)
    whole = _THOUSANDS.sub(lambda number: number[0].replace(" ", ""), narrow)
    return _BLANK.sub("", _PARTED.sub(GAP, whole)).lstrip("¥")


def _is_zero(raw: str) -> bool:
    return bool(re.fullmatch(r"-?0+(?:\.0+)?", raw.strip()))


def _amount(printed: Printed, number: Decimal, unit: Unit | None) -> Money:
    yuan = number * unit.factor if unit is not None and unit.factor is not None else None
    if unit is None and not number:
        yuan = number  # nothing is nothing in every unit
    return Money(printed.quote, printed.text, number, unit, yuan)
