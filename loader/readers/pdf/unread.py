"""What a PDF holds that no text says: pages that are pictures, characters without names, attached files."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ...model import Note, NoteKind, Place, Wording

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
            at = _numbers(pages)
            told = Wording(f"{at.zh}{reason.zh}", f"{at.en} {reason.en}")
            yield _note(told, Place(page=pages[0]))


def beside(attachments: Sequence[str], *, dynamic: bool) -> Iterator[Note]:
    """Yield notes about what a PDF holds beside its pages."""
    if attachments:
        names = "、".join(attachments[:_NAMES]) + ("……" if len(attachments) > _NAMES else "")
        zh = f"附有{len(attachments)}个文件，未读取：{names}"
        yield _note(Wording(zh, f"files attached to the PDF are not read: {names}"))
    if dynamic:
        yield _note(
            Wording("动态表单（XFA）的内容未读取", "this is an XFA form, whose contents are not read")
        )


def _reason(one: Sheet) -> Wording | None:
    """Return why a page is not or not wholly read; None where it is."""
    if one.pictured >= _MOSTLY:
        return Wording(
            "是图片，没有文字层，未读取",
            "cannot be read: a picture without text; run OCR over the PDF first",
        )
    if one.pictured >= _PICTURED:
        return Wording("有图片，图片中的内容未读取", "has pictures; what they show is not read")
    if one.unknown:
        return Wording(
            "的字体没有说明所印的部分字符，读作“\ufffd”", "has characters that its fonts do not name"
        )
    if not one.characters and one.outlines > _DRAWN:
        return Wording("的文字是图形，未读取", "draws its text as curves, which are not read")
    return None


def _numbers(pages: Sequence[int]) -> Wording:
    if len(pages) == 1:
        return Wording(f"第{pages[0]}页", f"page {pages[0]}")
    return Wording(f"第{pages[0]}–{pages[-1]}页", f"each of pages {pages[0]}–{pages[-1]}")


def _note(told: Wording, place: Place = Place()) -> Note:  # noqa: B008 - a Place is frozen
    return Note(NoteKind.UNREAD_CONTENT, "", place=place, told=told)
