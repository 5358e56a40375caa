r"""Numbers of workbooks as they are displayed: 1 with the format `0%` is printed `100%`, and that is what is read.

A number format is up to four sections (positive; negative; zero; text) of placeholders, literals and date letters:
ECMA-376 part 1, 18.8.30 and 18.8.31. Numbers are rounded as the spreadsheet programs do: to 15 significant digits
first, which takes the noise of binary fractions away, then half away from zero.

Some things are shown otherwise than Excel shows them. Where the width of the column decides there, it does not
here: a `General` whole number has all its digits up to 15, nothing is cut to `####`, and padding (`*` and `_`) is
dropped. A decimal point without decimals and the sign of a zero are left out. Fractions (`# ?/?`) and numerals in
Chinese characters (`[DBNum1]`) are shown in decimal digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GENERAL: Final = "General"

# The formats that files name by number only, as Chinese versions show them; a file that states one wins.
BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"\\-#,##0', 6: '"¥"#,##0;"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00', 8: '"¥"#,##0.00;"¥"\\-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-";@', 42: '"¥"#,##0;"¥"-#,##0;"¥-";@',
    43: '#,##0.00;-#,##0.00;"-"??;@', 44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"??;@',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_SYSTEM_DATES = {"$-f800": 'yyyy"年"m"月"d"日"', "$-f400": "h:mm:ss"}
_LONGEST_CODE = 512
_DIGITS = 15
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_GENERAL_WIDTH = 10
_LAST_SERIAL = 2_958_465  # 9999-12-31
_FROM_1904 = 1_462  # days from the epoch of 1900 to that of 1904
_DAY = 86_400
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_WEEKDAYS_ZH = "六日一二三四五"
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<padded>.) | \*(?P<filled>.) | \[(?P<bracket>[^\]]*)\]
    | (?P<end>;) | (?P<general>General|G/通用格式) | (?P<half>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-](?=[0\#?])) | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|aaaa?)
    | (?P<digit>[0\#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<at>@) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ZERO = re.compile(r"^[^1-9]*0[^1-9]*$")
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+-]?\d+)?)$", re.IGNORECASE)
_CURRENCY = re.compile(r"^\$([^-]+)")
_ELAPSED = re.compile(r"^(h+|m+|s+)$", re.IGNORECASE)


def displayed(number: float, code: str, *, date1904: bool = False) -> str:
    """Return a finite number as its cell shows it with the format `code`; a format without sense is General.

    >>> displayed(1, '0.00%'), displayed(8827620.529999999, '#,##0.00'), displayed(44561, 'yyyy/m/d')
    ('100.00%', '8,827,620.53', '2021/12/31')
    """
    value = significant(number)
    section, shown = _choose(_sections(code), value)
    if section is None:
        return general(value)
    if section.has("date"):
        moment = _moment(shown, section.places_of_seconds, date1904=date1904)
        return general(value) if moment is None else _date(section, moment).strip()
    if section.has("general") or section.has("at"):
        return "".join(_around_general(section, shown)).strip()
    if section.is_fraction:
        return general(value)
    digits = _numeric(section, abs(shown)).strip()
    return f"-{digits}" if shown < 0 and not _ZERO.match(digits) else digits


def displayed_text(text: str, code: str) -> str:
    """Return a text as its cell shows it: most formats leave texts alone, `@"元"` adds to them.

    >>> displayed_text('250', '@"万元"')
    '250万元'
    """
    sections = _sections(code)
    if not sections or not (sections[-1].has("at") or len(sections) == 4):
        return text
    return "".join(text if token.kind == "at" else token.text for token in sections[-1].tokens)


def significant(number: float) -> Decimal:
    """Return a number without the noise of its binary fraction: 15 significant digits."""
    return Decimal(f"{number:.{_DIGITS}g}") + 0  # no -0


def plain(number: float) -> str:
    """Return the number behind what is displayed, without exponent where that is readable.

    >>> plain(207.4538), plain(35.0), plain(1e300)
    ('207.4538', '35', '1E+300')
    """
    value = significant(number)
    return format(value, "f") if abs(value.adjusted()) <= _DIGITS else str(value.normalize())


def general(value: Decimal) -> str:
    """Return a number in the format General: as many decimals as fit in eleven characters.

    >>> [general(Decimal(text)) for text in ('35', '0.333333333333333', '12345.678901', '0.00001234')]
    ['35', '0.333333333', '12345.6789', '1.234E-05']
    """
    whole = len(str(abs(int(value)))) if value.adjusted() < _DIGITS else 0
    if value != 0 and (whole == 0 or value.adjusted() < -4):  # 1E15 and more, or below 0.0001
        mantissa = value.scaleb(-value.adjusted()).quantize(Decimal("1E-5"), context=_EXACT).normalize()
        return f"{mantissa:f}E{value.adjusted():+03d}"
    rounded = value.quantize(Decimal(1).scaleb(-max(_GENERAL_WIDTH - whole, 0)), context=_EXACT)
    return f"{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:f}"


# --- a format as written ------------------------------------------------------------------------------


class _Token(NamedTuple):
    """One piece of a section: `kind` is a group of `_TOKEN`, or `literal` or `elapsed`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format; `condition` is an operator and a limit."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, kind: str) -> bool:
        """Return whether a piece of this kind is in the section; elapsed hours are a date too."""
        return any(token.kind == kind or (kind == "date" == token.kind[:4]) for token in self.tokens)

    @property
    def is_fraction(self) -> bool:
        """Return whether it shows a number as in `# ?/?`."""
        kinds = [token.kind if token.text != "/" else "/" for token in self.tokens]
        return "/" in kinds and "digit" in kinds[: kinds.index("/")] and "digit" in kinds[kinds.index("/") :]

    @property
    def places_of_seconds(self) -> int:
        """Return how many decimals the seconds have."""
        return max((token.text.count("0") for token in self.tokens if token.kind == "date"), default=0)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    if not code or len(code) > _LONGEST_CODE:
        return ()
    found: list[_Section] = []
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(f"{code};"):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "end":
            found.append(_Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket" and (stated := _CONDITION.match(text)):
            condition = (stated[1], Decimal(stated[2]))
        elif kind == "bracket" and text.lower() in _SYSTEM_DATES:
            return _sections(_SYSTEM_DATES[text.lower()])
        else:
            tokens += _token(kind, text)
    return tuple(found)


def _token(kind: str, text: str) -> Iterator[_Token]:
    if kind in ("quoted", "escaped", "other"):
        yield _Token("literal", text)
    elif kind == "bracket":
        if _ELAPSED.match(text):
            yield _Token("date elapsed", text.lower())
        elif currency := _CURRENCY.match(text):
            yield _Token("literal", currency[1])
    elif kind not in ("padded", "filled"):
        yield _Token(kind, text.lower() if kind == "date" else text)


def _choose(sections: Sequence[_Section], value: Decimal) -> tuple[_Section | None, Decimal]:
    """Return the section for a number and the number it shows: a section for negatives writes its own sign."""
    numbers = [section for section in sections[:3] if not (len(sections) > 1 and section.has("at"))]
    if any(section.condition for section in numbers):
        return _choose_by_condition(numbers, value)
    if value == 0 and len(numbers) > 2:
        return numbers[2], value
    if value < 0 and len(numbers) > 1:
        return numbers[1], -value
    return (numbers[0] if numbers else None), value


def _choose_by_condition(sections: list[_Section], value: Decimal) -> tuple[_Section | None, Decimal]:
    for section in sections:
        if section.condition is None:
            return section, value
        operator, limit = section.condition
        if _holds(value, operator, limit):
            return section, abs(value) if operator in ("<", "<=") and limit <= 0 else value
    return None, value


def _holds(value: Decimal, operator: str, limit: Decimal) -> bool:
    if operator == "<>":
        return value != limit
    return ("=" in operator and value == limit) or ("<" in operator and value < limit) or (
        ">" in operator and value > limit
    )  # fmt: skip


# --- numbers --------------------------------------------------------------------------------------------


def _around_general(section: _Section, value: Decimal) -> Iterator[str]:
    for token in section.tokens:
        if token.kind in ("general", "at"):
            yield general(value)
        elif token.kind == "literal":
            yield token.text


def _numeric(section: _Section, value: Decimal) -> str:
    """Return a number that is not negative in placeholders: digits are put in from the decimal point outwards."""
    tokens = list(section.tokens)
    exponent = next((at for at, token in enumerate(tokens) if token.kind == "exponent"), None)
    if exponent is not None:
        return _scientific(tokens[:exponent], tokens[exponent:], value)
    whole, fraction = _cut_at_point(tokens)
    thousands = _trailing_commas(tokens)
    percents = sum(token.kind == "percent" for token in tokens)
    return _fill(whole, fraction, value.scaleb(2 * percents - 3 * thousands))


def _cut_at_point(tokens: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """Return what stands left of the decimal point, and what stands from it on."""
    at = next((at for at, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    return tokens[:at], tokens[at:]


def _trailing_commas(tokens: list[_Token]) -> int:
    """Return how many commas stand behind the last placeholder; each of them divides by a thousand."""
    behind = takewhile(lambda token: token.kind != "digit", reversed(tokens))
    return sum(token.kind == "comma" for token in behind)


def _fill(whole: list[_Token], fraction: list[_Token], value: Decimal) -> str:
    places = sum(token.kind == "digit" for token in fraction)
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    digits, _, decimals = f"{rounded:f}".partition(".")
    return _fill_whole(whole, digits.lstrip("0")) + _fill_fraction(fraction, decimals)


def _fill_whole(tokens: list[_Token], digits: str) -> str:
    kinds = [token.kind for token in tokens if token.kind in ("digit", "comma")]
    grouped = "comma" in kinds[: len(kinds) - _trailing_commas(tokens)]
    places = sum(kind == "digit" for kind in kinds)
    out: list[str] = []
    taken = 0
    for token in reversed(tokens):
        if token.kind != "digit":
            out.append("" if token.kind == "comma" else token.text)
            continue
        places -= 1
        left = digits[: max(len(digits) - taken, 0)] or _BLANK[token.text]
        for digit in reversed(left) if places == 0 else left[-1:]:
            out.append("," if grouped and taken and taken % 3 == 0 else "")
            out.append(digit)
            taken += 1
    return "".join(reversed(out))


_BLANK: Final = {"0": "0", "#": "", "?": " "}


def _fill_fraction(tokens: list[_Token], decimals: str) -> str:
    """Fill what stands from the decimal point on; a point without decimals behind it is left out."""
    needed = len(decimals.rstrip("0"))
    left = iter(enumerate(decimals))
    out: list[str] = []
    pointed = False
    for token in tokens:
        if token.kind == "digit":
            at, digit = next(left)
            out.append(digit if at < needed else _BLANK[token.text])
            pointed = pointed or out[-1].isdigit()
        elif token.kind != "comma":
            out.append(token.text)
    return "".join(out if pointed else out[1:])


def _scientific(mantissa: list[_Token], rest: list[_Token], value: Decimal) -> str:
    whole, fraction = _cut_at_point(mantissa)
    width = max(sum(token.kind == "digit" for token in whole), 1)
    power = 0 if value == 0 else value.adjusted() - value.adjusted() % width
    sign = "-" if power < 0 else "+" if rest[0].text[1] == "+" else ""
    return _fill(whole, fraction, value.scaleb(-power)) + "E" + sign + _fill_whole(rest[1:], str(abs(power)))


# --- dates ----------------------------------------------------------------------------------------------


class _Moment(NamedTuple):
    """A day and the seconds since its beginning; day 0 of January 1900 and 29 February 1900 exist here only."""

    serial: int
    year: int
    month: int
    day: int
    seconds: Decimal


def _moment(value: Decimal, places: int, *, date1904: bool) -> _Moment | None:
    """Return the moment of a serial number, rounded to what is shown; None where there is no such day."""
    if not 0 <= value <= _LAST_SERIAL:
        return None
    total = (value * _DAY).quantize(Decimal(1).scaleb(-places), context=_EXACT)
    days, seconds = divmod(total, _DAY)
    serial = int(days) + (_FROM_1904 if date1904 else 0)
    if serial in (0, 60):
        return _Moment(serial, 1900, *((1, 0) if serial == 0 else (2, 29)), seconds)
    if serial > _LAST_SERIAL:
        return None
    day = date(1899, 12, 31 if serial < 60 else 30) + timedelta(days=serial)
    return _Moment(serial, day.year, day.month, day.day, seconds)


def _date(section: _Section, moment: _Moment) -> str:
    letters = [token for token in section.tokens if token.kind[:4] == "date"]
    half_days = section.has("half")
    out: list[str] = []
    at = 0
    for token in section.tokens:
        if token.kind[:4] == "date":
            before = letters[at - 1].text[0] if at else ""
            after = letters[at + 1].text[0] if at + 1 < len(letters) else ""
            minutes = token.text[0] == "m" and (before == "h" or after == "s")
            out.append(_part(token, moment, minutes=minutes, half_days=half_days))
            at += 1
        elif token.kind == "half":
            out.append(token.text.split("/")[moment.seconds >= _DAY // 2])
        elif token.kind not in ("at", "general"):
            out.append(token.text)
    return "".join(out)


def _part(token: _Token, moment: _Moment, *, minutes: bool, half_days: bool) -> str:
    text, seconds = token.text, int(moment.seconds)
    width = min(len(text), 2)
    if token.kind == "date elapsed":
        total = moment.serial * _DAY + seconds
        return f"{total // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{width}d}"
    if minutes:
        return f"{seconds // 60 % 60:0{width}d}"
    if text[0] == "h":
        hour = seconds // 3600
        return f"{(hour - 1) % 12 + 1 if half_days else hour:0{width}d}"
    if text[0] == "s":
        places = text.count("0")
        width = text.count("s") + (places + 1 if places else 0)
        return f"{moment.seconds % 60:0{width}.{places}f}"
    return _day_part(text, moment)


def _day_part(text: str, moment: _Moment) -> str:
    """Return year, month, day or weekday in as many letters as the format has."""
    letter, width = text[0], len(text)
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and width <= 2 else f"{moment.year}"
    if letter == "a":
        return ("星期" if width == 4 else "周") + _WEEKDAYS_ZH[moment.serial % 7]
    if width <= 2:
        return f"{moment.month if letter == 'm' else moment.day:0{width}d}"
    name = _MONTHS[moment.month - 1] if letter == "m" else _WEEKDAYS[moment.serial % 7]
    return {3: name[:3], 4: name}.get(width, name[:1] if letter == "m" else name)
