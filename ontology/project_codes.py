"""Project codes: their parts, their check character, and the repairs of a code that was copied wrongly.

A code has 21 characters: division 6, year 2, letter 1, parent 6, serial 5, check 1. Codes with the letter P
end in a check character over the alphabet of GB 32100: the sum of value x 3^i (i = 0 at the left) over the
first twenty, and the value of the check character, is 30 modulo 31. 3 is a primitive root of the prime 31, so
every single wrong character and every swap of neighbours is caught. Codes with another letter, or with digits
only, follow other rules: nothing is checked there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH: Final = 21
CHECKED_LETTER: Final = "P"

_MODULUS: Final = len(ALPHABET)
_REMAINDER: Final = 30
_CHECK: Final = LENGTH - 1
_LETTER: Final = 8
_YEAR_AT: Final = 6

_CODE = re.compile(r"[0-9]{8}[0-9A-Z][0-9]{6}[0-9A-Z]{6}")
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}[A-Z][0-9]{6}[0-9A-Z]{6}(?![0-9A-Za-z])")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")
_YEAR = re.compile(r"1[5-9]|[2-4][0-9]")

_ALIKE: Final = frozenset(
    map(
        frozenset,
        (
            "0C",
            "0D",
            "0Q",
            "0U",
            "08",
            "09",
            "06",
            "1L",
            "1T",
            "17",
            "27",
            "3E",
            "35",
            "38",
            "4A",
            "56",
            "6G",
            "68",
            "69",
            "8B",
            "89",
            "9G",
            "CG",
            "HN",
            "MN",
            "PR",
            "UW",
            "XY",
        ),
    )
)
"""Characters that are taken for each other in scans and in handwriting."""


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """The parts of a project code, as printed."""

    division: str
    """Administrative division in GB/T 2260, 6 digits."""
    year: int
    """The year in which the code was given, four digits."""
    letter: str
    parent: str
    """Characters 10 to 15: the parent project."""
    serial: str
    check: str

    def __str__(self) -> str:
        """Return the code as printed."""
        return f"{self.division}{self.year % 100:02d}{self.letter}{self.parent}{self.serial}{self.check}"

    @property
    def check_ok(self) -> bool | None:
        """Return whether the check character is right; None where codes of this letter carry none.

        >>> parse("13020225P008901100043").check_ok, parse("13020225P008901100034").check_ok
        (True, False)
        """
        return _adds_up(str(self)) if self.letter == CHECKED_LETTER else None


def parse(text: str) -> ProjectCode | None:
    """Return the parts of a code of exactly 21 characters (blanks around it are allowed), else None.

    >>> parse("13020225P008901100043").parent
    '008901'
    >>> parse("13020225P0089") is None
    True
    """
    code = _folded(text).strip()
    if not _CODE.fullmatch(code):
        return None
    return ProjectCode(code[:6], 2000 + int(code[6:8]), code[8], code[9:15], code[15:20], code[20])


def find(text: str) -> ProjectCode | None:
    """Return the first code with a letter in running text, blanks inside it allowed, else None.

    A run of 21 digits in running text may be anything: it is taken for a code only where it stands alone, by
    `parse`.

    >>> str(find("项目编码：13020225P00890110004 3 村级支出"))
    '13020225P008901100043'
    """
    folded = _folded(text)
    match = _IN_TEXT.search(folded) or _IN_TEXT.search("".join(folded.split()))
    return parse(match[0]) if match else None


def _folded(text: str) -> str:
    """Return a text in one width: full-width letters and digits are those of ASCII."""
    return unicodedata.normalize("NFKC", text)


# --- the check character --------------------------------------------------------------------------------


def check_character(body: str) -> str:
    """Return the check character that belongs to the first twenty characters.

    >>> check_character("13020225P00911610001")
    'G'
    """
    return ALPHABET[(_REMAINDER - _weighted_sum(body)) % _MODULUS]


def _weighted_sum(body: str) -> int:
    """Return the sum of value x 3^i over the characters, all of which are in the alphabet."""
    return sum(ALPHABET.index(character) * pow(3, place, _MODULUS) for place, character in enumerate(body))


def _adds_up(code: str) -> bool:
    """Return whether a code satisfies its check; not with a character outside the alphabet."""
    return set(code) <= set(ALPHABET) and check_character(code[:_CHECK]) == code[_CHECK]


# --- repairs --------------------------------------------------------------------------------------------


def repairs(code: str) -> tuple[str, ...]:
    """Return the codes that satisfy the check and differ in one character or one swap, the likely ones first.

    Likely is a character taken for one that looks alike and a swap of neighbours, the later in the code the
    likelier, since division and year repeat from code to code; a code whose division or year cannot be comes
    last. A code that is right or carries no check has no repairs.

    >>> repairs("13020225P008901700043")[0]
    '13020225P008901100043'
    >>> repairs("13020225P008901100043")
    ()
    """
    printed = "".join(_folded(code).split()).upper()
    if len(printed) != LENGTH or printed[_LETTER] != CHECKED_LETTER or _is_right(printed):
        return ()
    candidates = dict.fromkeys((*_replacements(printed), *_swaps(printed)))
    return tuple(
        sorted(filter(_is_right, candidates), key=lambda candidate: _unlikeliness(printed, candidate))
    )


def _is_right(code: str) -> bool:
    """Return whether a code has the form of a checked code, digits but for its check, and satisfies it."""
    return (code[:_LETTER] + code[_LETTER + 1 : _CHECK]).isdecimal() and _adds_up(code)


def _replacements(code: str) -> Iterator[str]:
    """Yield the codes that differ in one character, the letter left alone."""
    for place in range(LENGTH):
        for character in ALPHABET if place == _CHECK else ALPHABET[:10]:
            if place != _LETTER:
                yield code[:place] + character + code[place + 1 :]


def _swaps(code: str) -> Iterator[str]:
    """Yield the codes in which two neighbours are swapped."""
    for place in range(LENGTH - 1):
        yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def _unlikeliness(printed: str, candidate: str) -> tuple[bool, bool, int]:
    """Return the sort key of a repair: possible before impossible, a common slip before any other, last first."""
    possible = _PROVINCE.match(candidate) and _YEAR.match(candidate, _YEAR_AT)
    places = [place for place in range(LENGTH) if printed[place] != candidate[place]]
    changed = frozenset((printed[places[0]], candidate[places[0]]))
    return (not possible, len(places) == 1 and changed not in _ALIKE, -places[0])
