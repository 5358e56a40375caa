"""What a PDF holds that no text says: pages that are pictures, characters without names, attached files."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ...model import Note, NoteKind, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .parts import Sheet

_PICTURED: Final = 1 / 6
"""Share of a page from which pictures may hold a table; a logo, a seal or a signature is smaller."""
_MOSTLY: Final = 1 / 2
_DRAWN: Final = 100
"""Drawn outlines on a page without text that may be text as curves; a page of blank forms has fewer."""
_NAMES: Final = 10


def unread(sheets: Iterable[Sheet]) -> Iterator[Note]:
    """Yield a note for each run of pages of which something cannot be read, for the same reason."""
    for reason, run in groupby(sheets, key=_reason):
        if reason:
            pages = [one.page for one in run]
            zh, en = reason
            where, at = _numbers(pages)
            yield _note(f"{where}{zh} ({at} {en})", Place(page=pages[0]))


def beside(attachments: Sequence[str], *, dynamic: bool) -> Iterator[Note]:
    """Yield notes about what a PDF holds beside its pages."""
    if attachments:
        names = "、".join(attachments[:_NAMES]) + ("……" if len(attachments) > _NAMES else "")
        yield _note(f"附有{len(attachments)}个文件，未读取：{names} (files attached to the PDF are not read)")
    if dynamic:
        yield _note("动态表单（XFA）的内容未读取 (this is an XFA form, whose contents are not read)")


def _reason(one: Sheet) -> tuple[str, str] | None:
    """Return why a page is not or not wholly read, in zh and en; None where it is."""
    if one.pictured >= _MOSTLY:
        return (
            "是图片，没有文字层，未读取",
            "cannot be read: a picture without text; run OCR over the PDF first",
        )
    if one.pictured >= _PICTURED:
        return "有图片，图片中的内容未读取", "has pictures; what they show is not read"
    if one.unknown:
        return "的字体没有说明所印的部分字符，读作“\ufffd”", "has characters that its fonts do not name"
    if not one.characters and one.outlines > _DRAWN:
        return "的文字是图形，未读取", "draws its text as curves, which are not read"
    return None


def _numbers(pages: Sequence[int]) -> tuple[str, str]:
    if len(pages) == 1:
        return f"第{pages[0]}页", f"page {pages[0]}"
    return f"第{pages[0]}–{pages[-1]}页", f"each of pages {pages[0]}–{pages[-1]}"


def _note(text: str, place: Place = Place()) -> Note:  # noqa: B008 - a Place is frozen
    return Note(NoteKind.UNREAD_CONTENT, text, place=place)
