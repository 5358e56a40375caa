"""Lines of a text that are in no table, and that nobody reads: they are told, so that none vanishes.

Above the title of the first table a document speaks in prose, and only words of a form are out of place there.
Below it, all is told but what is read or means nothing: titles, headings and the prose under them, a unit of money,
a year, the page around the document.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from ontology.vocabulary import holds_word, words

from ...model import Note, NoteKind
from . import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...model import Document, Line

_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十百]+[章节部]|[（(]?[一二三四五六七八九十]+[)）、.．]|[（(]?\d{1,3}[)）、.．]\s*\D)"
)
_CONTINUED = re.compile(r"^[（(]?(?:续|接)上?[表页]?[)）]?$")
_YEAR = re.compile(r"^[（(]?(?:20)\d\d年?度?[)）]?年?度?$")
_CONTENTS_ENTRY = re.compile(r"表[\s.…·]*\d{1,4}$")


def unread_lines(document: Document) -> Iterator[Note]:
    """Yield a note for each line that is in no table and that nobody reads, but those that have one."""
    noted: dict[int | None, str] = {}
    for note in document.notes:
        if note.place is not None:
            noted[note.place.line] = noted.get(note.place.line, "") + meaning.plain(note.text)
    for line in _lost(document):
        if meaning.plain(line.text) not in noted.get(line.place.line, ""):
            yield Note(NoteKind.UNREAD_TEXT, line.text, place=line.place)


def _lost(document: Document) -> Iterator[Line]:
    if not document.tables:
        # a title promises what stands below it; without one, all is prose
        yield from _outside(document.after[_below_title(document.after) :])
        return
    first, *others = document.tables
    title = _below_title(first.before)
    yield from (line for line in first.before[:title] if _is_cell(line.text))
    for between in (first.before[title:], *(table.before for table in others), document.after):
        yield from _outside(between)


def _outside(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that mean nothing, up to the next heading."""
    outside = takewhile(lambda line: not _HEADING.match(line.text), lines)
    yield from (line for line in outside if not _has_a_meaning(line.text))


def _below_title(lines: Sequence[Line]) -> int:
    """Return the index below the last title of a table; behind all lines where none has one."""
    titles = (index for index in range(len(lines), 0, -1) if meaning.is_title(lines[index - 1].text))
    return next(titles, len(lines))


def _is_cell(text: str) -> bool:
    """Return whether a line prints what stands in the cells of a form, and in no prose."""
    told = (meaning.is_level, meaning.is_quantity, meaning.is_sign)
    return not _HEADING.match(text) and any(tells(text) for tells in told)


def _has_a_meaning(text: str) -> bool:
    """Return whether a line is read where it stands, or is one of the page around the document."""
    known = (meaning.is_title, meaning.is_page_frame, meaning.is_inline_field, meaning.is_coded_body)
    return (
        any(is_one(text) for is_one in known)
        or any(pattern.match(meaning.plain(text)) for pattern in (_CONTINUED, _YEAR))
        or _CONTENTS_ENTRY.search(text) is not None
        or _is_residue(text)
    )


def _is_residue(text: str) -> bool:
    """Return whether a line is the form's own advice, or a converter's mark: both have notes of their own."""
    return holds_word(text, "form-guidance") or text.startswith(words("watermark"))
