"""The text of a file whose encoding nobody declares, or somebody declares wrongly."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ..model import Note, NoteKind, Place, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOST: Final = "\ufffd"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# A text has tabs, line ends, form feeds and the odd cell mark; other control characters mean bytes, not text.
_NOT_TEXT: Final = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_FEW: Final = 50
"""One character in so many may be damaged in what is still text; of another encoding nearly all would be."""
_FAMILY: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "utf-8-sig": "utf-8"}
"""Encodings that are part of another one, by their Python names."""
_TRUSTED: Final = frozenset({"gb18030", "big5hkscs"})
"""Encodings that a page may be trusted about. Western ones fit every byte."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in (Python's name), and how many of its characters that has no sense for."""

    text: str
    encoding: str
    lost: int = 0

    @property
    def is_nearly_whole(self) -> bool:
        """Return whether few of the characters beyond ASCII are lost."""
        return self.lost * _FEW <= len(self.text) - len(self.text.encode("ascii", "ignore"))

    def notes(self, declared: str | None = None) -> Iterator[Note]:
        """Yield what a reader must know of: lost characters, and that the declared encoding is another."""
        family = _family(declared) if declared else self.encoding
        if family != self.encoding and not self.text.isascii():
            told = Wording(
                f"声明的编码是{declared}，内容是{self.encoding}，按后者读取",
                f"declared as {declared}, read as {self.encoding}, which its bytes are",
            )
            yield Note(NoteKind.ENCODING, "", told=told)
        if self.lost:
            line = self.text.count("\n", 0, self.text.index(_LOST)) + 1
            told = Wording(
                f"{self.lost}处字节不能按{self.encoding}解码，读作“{_LOST}”",
                f"{self.lost} places have bytes that {self.encoding} has no characters for, read as “{_LOST}”",
            )
            yield Note(NoteKind.UNREAD_CONTENT, "", place=Place(line=line), told=told)


def decode(data: bytes) -> Decoded | None:
    r"""Return the text with line ends as `\n`, or None when the bytes are no text in any known encoding.

    The order is byte order mark, UTF-8, UTF-16 by its zero bytes, GB 18030 (which includes GBK and GB 2312).
    """
    found = _decoded(data, _candidates(data))
    if _NOT_TEXT.search(found.text) or not (found.lost <= 1 or found.is_nearly_whole):
        return None
    return replace(found, text=found.text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_page(data: bytes, declared: str | None) -> Decoded:
    """Return the text of a web page, whatever charset it declares; where nothing fits, U+FFFD marks what is lost.

    UTF-8 goes before what is declared, because other encodings are never UTF-8 by chance, and pages that were
    moved from one system to another often still declare the old one.
    """
    candidates = _candidates(data)
    named = _family(declared or "")
    if named in _TRUSTED and len(candidates) > 1:
        candidates = (candidates[0], named, *candidates[1:])
    return _decoded(data, candidates)


def _family(declared: str) -> str:
    """Return the encoding that has all of the declared one, by its Python name; unknown ones as they are."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):  # the latter for names with characters that no name has
        return declared.lower()
    return _FAMILY.get(name, name)


def _candidates(data: bytes) -> tuple[str, ...]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return (encoding,)
    head = data[:1024]
    if head[1::2].count(0) > len(head) // 8:
        return ("utf-16-le",)
    if head[0::2].count(0) > len(head) // 8:
        return ("utf-16-be",)
    return ("utf-8", "gb18030")


def _decoded(data: bytes, encodings: Sequence[str]) -> Decoded:
    """Return the text in the first encoding that fits, else in the one that loses least.

    UTF-8 with few breaks fits: its bytes are nearly always GB 18030 too, of quite another text.
    """
    damaged: list[Decoded] = []
    for encoding in encodings:
        name = _FAMILY.get(encoding, encoding)
        try:
            return Decoded(data.decode(encoding), name)
        except UnicodeDecodeError:
            text = data.decode(encoding, "replace")
        damaged.append(Decoded(text, name, text.count(_LOST)))
        if name == "utf-8" and damaged[-1].is_nearly_whole:
            return damaged[-1]
    return min(damaged, key=lambda one: one.lost)
