"""Characters as a reader of the page means them, whatever code the font's table gives."""

from __future__ import annotations

import unicodedata
from typing import Final

# Fonts of office programs name many plain characters by the radical that looks the same (⻓ for 长, ⼯ for 工).
# The radicals of U+2F00 have their characters in Unicode itself; these are the others that are words alone
# (EquivalentUnifiedIdeograph.txt of the Unicode Character Database).
_RADICALS: Final = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
        "民西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
        strict=True,
    )
)
_HYPHEN: Final = "\x02"
"""What pdfium gives for a hyphen at the end of a line."""
UNKNOWN: Final = "\ufffd"
"""What stands for a character that the file gives no meaning for: something is printed there."""
_NOTHING: Final = (0x0, 0xFFFD, 0xFFFE, 0xFFFF)
"""Codes of characters that the font's table does not name."""


def readable(code: int) -> str:
    """Return the character of a code as pdfium gives it, `UNKNOWN` where there is none, "" where nothing is printed.

    >>> [readable(code) for code in (0x2F2F, 0x2ED3, 0xA0, 0x200B)], readable(0) == UNKNOWN
    (['工', '长', ' ', ''], True)
    """
    if 0x20 <= code < 0x7F or 0x3000 <= code < 0xD800:  # nearly all: ASCII, and Chinese from U+3000
        return chr(code)
    return _rare(code)


def _rare(code: int) -> str:
    if code in _NOTHING or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return UNKNOWN
    character = chr(code)
    if character == _HYPHEN:
        return "-"
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
        return ""
    if 0x2E80 <= code < 0x2FE0:
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFC", character)  # U+F900: second codes of the same characters


def is_wide(character: str) -> bool:
    """Return whether a character takes a full width (Chinese characters and their punctuation).

    >>> [is_wide(character) for character in "算（≥8"]
    [True, True, False, False]
    """
    return unicodedata.east_asian_width(character) in ("W", "F")
