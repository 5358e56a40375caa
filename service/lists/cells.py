"""Single cells of a list: years, numbers, divisions and codes, read or refused with what is meant."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from ontology.divisions import by_code, find
from ontology.place_names import chain

_NO_PART: Final = r"\.0+"
"""Behind whole numbers, as programs write them of columns that have blank cells: 2024.0."""
_NUMBER: Final = re.compile(r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?")
_YEAR: Final = re.compile(rf"((?:19|20)[0-9]{{2}})(?:年|{_NO_PART})?")
_BASE: Final = re.compile(rf"((?:19|20)[0-9]{{2}})(?:年|{_NO_PART})?(?:=100)?")
_CODE: Final = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6})(?:000|000000)?")
"""Of a province, a city or a county, with the zeros of townships and villages that statistics put behind it."""
_UNIT_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_WHOLE_COUNTRY: Final = frozenset({"", "全国", "中国", "china"})
_CREDIT_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z (GB 32100-2015, 5.1)."""
_CREDIT_CODE: Final = re.compile(rf"[{_CREDIT_SIGNS}]{{2}}[0-9]{{6}}[{_CREDIT_SIGNS}]{{10}}")
_CREDIT_WEIGHTS: Final = tuple(3**place % 31 for place in range(17))


class Misfit(ValueError):
    """What stands in a cell is not what is meant there; the message says what is, or what to do."""


def plain(text: str) -> str:
    """Return a text in half width, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def year(text: str) -> int:
    """Return a year: 2024, 2024年 or 2024.0."""
    if not (match := _YEAR.fullmatch(text)):
        raise Misfit("a year of four digits is meant, such as 2024")
    return int(match[1])


def base_year(text: str) -> int:
    """Return the year of a base: 2020 or 2020年=100."""
    if not (match := _BASE.fullmatch(text)):
        raise Misfit(
            "the year whose price level is 100 is meant, such as 2020; chain an index of 上年=100 first, by "
            "multiplying year by year"
        )
    return int(match[1])


def persons(text: str, factor: int) -> int:
    """Return a number of persons that is printed in ones, or in units of `factor`."""
    if not text:
        raise Misfit("the cell is empty: leave the row out where the population is not known")
    if not _NUMBER.fullmatch(text):
        raise Misfit(f"a number of persons is meant, such as {'325000' if factor == 1 else '32.5'}")
    number = Decimal(text.replace(",", "")) * factor
    if number != number.to_integral_value():
        raise Misfit(
            "persons are counted whole: name the column 人口（万人） where they are in ten thousands"
        )
    if not number:
        raise Misfit("a population is not 0: leave the row out where it is not known")
    return int(number)


def price_level(text: str) -> Decimal:
    """Return a price level, which is more than 0."""
    if not text:
        raise Misfit("the cell is empty: leave the row out where the index is not known")
    if not _NUMBER.fullmatch(text) or not Decimal(text.replace(",", "")):
        raise Misfit("a price level is meant, that of the base year being 100, such as 103.5")
    return Decimal(text.replace(",", ""))


def division(text: str, in_year: int | None) -> str:
    """Return the code of a division that is given by its code, or by a name that only one had in the year."""
    text = re.sub(rf"(?<=[0-9]){_NO_PART}$", "", text)
    if text.isdigit():
        return _known_code(text)
    whole = [place for place in chain("".join(text.split())) if not place.rest]
    codes = sorted(whole[-1].codes) if whole else []
    of_the_year = [code for code in codes if by_code(code, in_year) is not None]
    told = of_the_year or codes
    if len(told) != 1:
        among = f"this may be {', '.join(told)}: write" if told else "no division is called so: write"
        raise Misfit(f"{among} its code of GB/T 2260, such as 130202")
    return told[0]


def _known_code(text: str) -> str:
    match = _CODE.fullmatch(text)
    code = match[1].ljust(6, "0") if match else ""
    if by_code(code) is None:
        raise Misfit(
            "no division has had this code (GB/T 2260): correct it, or write the name of the division"
        )
    return code


def division_or_country(text: str, in_year: int | None) -> str:
    """Return the code of a division, empty for the whole country."""
    return "" if text.casefold() in _WHOLE_COUNTRY else division(text, in_year)


def division_in_name(name: str) -> str:
    """Return the code of the division that the name of a unit begins with."""
    found = find(name)
    if found is None:
        raise Misfit(
            "its division is not told: add a column 区划 with a code of GB/T 2260, or the whole name"
        )
    return found.code


def unit_code(text: str) -> str:
    """Return a unit code, empty where there is none."""
    if text and not _UNIT_CODE.fullmatch(text):
        raise Misfit("a unit code is meant, such as 203001, or nothing")
    return text


def credit_code(text: str) -> str:
    """Return a unified social credit code whose check character is right, empty where there is none.

    >>> credit_code(""), credit_code("91130000000000000n")
    ('', '91130000000000000N')
    """
    code = text.upper()
    if code and not _CREDIT_CODE.fullmatch(code):
        raise Misfit(
            "a unified social credit code has 18 characters (GB 32100-2015): correct it, or leave it out"
        )
    if code and code[17] != _check_character(code):
        raise Misfit(
            f"the check character must be {_check_character(code)}: correct the code, or leave it out"
        )
    return code


def _check_character(code: str) -> str:
    """Return the 18th character that belongs to the first 17 (GB 32100-2015, appendix A)."""
    total = sum(
        _CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_SIGNS[-total % 31]
