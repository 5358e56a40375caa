"""The text of a file whose encoding nobody declares, or somebody declares wrongly."""

from __future__ import annotations

import re

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# A text has tabs, line ends, form feeds and the odd cell mark; other control characters mean bytes, not text.
_NOT_TEXT = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str | None:
    r"""Return the text with line ends as `\n`, or None when the bytes are no text in any known encoding.

    The order is byte order mark, UTF-8, UTF-16 by its zero bytes, GB 18030 (which includes GBK and GB 2312);
    each must decode strictly.
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    return None


# Encodings that a page may be trusted about; gb2312 and gbk are parts of GB 18030. Western ones fit every byte.
_DECLARED = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}


def decode_page(data: bytes, declared: str | None) -> str:
    """Return the text of a web page, whatever charset it declares; where nothing fits, U+FFFD marks what is lost.

    UTF-8 goes before what is declared, because other encodings are never UTF-8 by chance, and pages that were
    moved from one system to another often still declare the old one.
    """
    candidates = list(_candidates(data))
    if (named := _DECLARED.get((declared or "").lower())) is not None and len(candidates) > 1:
        candidates.insert(1, named)
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    decoded = [data.decode(encoding, "replace") for encoding in candidates]
    return min(decoded, key=lambda text: text.count("\ufffd"))


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
