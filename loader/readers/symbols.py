"""Characters of symbol fonts: office files state them by font and code, and some of them are comparators.

The codes of Symbol are those of Adobe's encoding of that font (PDF 32000-1, annex D.5); Wingdings has ticks and
boxes. Word adds 0xF000 to all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN: Final = "\ufffd"
"""What stands for a sign that is printed and not known here."""
_PRIVATE: Final = 0xF000
_SYMBOL: Final[Mapping[int, str]] = dict(
    zip(b"\xa3\xb3\xb1\xb4\xb8\xb9\xbb\xb0\xa5\xb7\xd7\xb2\xa2\xae\xde", "≤≥±×÷≠≈°∞•·″′→⇒", strict=True)
)
_WINGDINGS: Final[Mapping[int, str]] = dict(
    zip(b"\xfe\xfd\xfc\xfb\xa8\x6f\x6e\x71\x72\x6c\x9f\x76\xd8", "☑☒✓✗□□■❑❒●•❖➢", strict=True)
)
_WINGDINGS_2: Final[Mapping[int, str]] = dict(
    zip(b"\x52\x53\x54\x50\x4f\x51\x2a\xa3\x97\x95", "☑☒☒✓✗☒□□●•", strict=True)
)
_FONTS: Final = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def symbol(font: str, code: str) -> str:
    """Return the character of a symbol font by its code in hexadecimal digits, `UNKNOWN` where none is known.

    >>> symbol("Symbol", "F0B3"), symbol("Wingdings", "FE"), symbol("Webdings", "F061") == UNKNOWN
    ('≥', '☑', True)
    """
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    number -= _PRIVATE if _PRIVATE <= number < _PRIVATE + 256 else 0
    table = _FONTS.get(font.lower(), {})
    if number in table:
        return table[number]
    plain = chr(number) if 0x20 <= number < 0x7F else UNKNOWN
    return plain if table is _SYMBOL and plain.isdigit() else UNKNOWN
