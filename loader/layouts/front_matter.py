"""The lines around the tables: a department's sections of prose, the title, and residue of making the file."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from ontology.identifiers import normalise_name
from ontology.namespaces import JX
from ontology.vocabulary import field_labels, holds_word, words

from ..model import Note, NoteKind, Section, Wording
from .headings import names_a_project
from .labels import inline_fields, is_label, is_section_heading, parts_of, without_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model import Document, Line

_PART_TITLE = re.compile(r"^第[一二三四五六七八九十]+部分")
_TABLE_HEADING = re.compile(r"(?:绩效目标|绩效自评|目标)(?:申报|审批|批复|公开)?表$")
_CONTENTS_ENTRY = re.compile(r"^(?P<heading>.*?表)[\s.…·]*\d{1,4}$")
_TITLE = re.compile(r"(?:绩效|预算).*(?:文本|目标|自评|公开|情况)")
_LONGEST_TITLE = 60
_PROJECTS_TITLE = "预算项目绩效目标"
_READ_AROUND = frozenset({JX.moneyUnit, JX.declaredBy})
"""Fields that are read in headers and footers of pages, and in footnotes."""
_AROUND = Wording(
    "印在页眉、页脚或脚注里，未读取",
    "it stands in a page header, a page footer or a footnote, and is not read",
)
_MANY_LABELS = 5
"""Labels in one line of a table that is run together; prose names one or two of them."""
_LABEL_LENGTH = 4
"""Characters of the shortest label that is looked for within a line; shorter ones are words of prose too."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the lines of a document say outside its tables."""

    title: str | None
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]


def read_front_matter(document: Document) -> FrontMatter:
    """Read all lines: title and sections from those before the first table, residue from everywhere."""
    first = document.tables[0].before if document.tables else document.after
    return FrontMatter(
        title=_title(first),
        sections=tuple(_sections(first)),
        notes=(
            *_guidance(document),
            *_stray_bookmarks(document),
            *_watermarks(document),
            *_missing_tables(document),
            *_unseparated(document),
            *_unread_around(document),
        ),
    )


def is_table_heading(text: str) -> bool:
    """Return whether a line announces a table of targets, and is no line of a contents list."""
    return bool(_TABLE_HEADING.search(text.strip()))


# --- title and sections -------------------------------------------------------------------------------


def _title(lines: Sequence[Line]) -> str | None:
    for line in lines:
        if _PART_TITLE.match(line.text) or is_section_heading(line.text) or is_table_heading(line.text):
            return None
        if _TITLE.search(line.text) and len(line.text) < _LONGEST_TITLE:
            return line.text
    return None


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    heading: Line | None = None
    body: list[str] = []
    for line in lines:
        if is_section_heading(line.text) or _ends_sections(line.text):
            yield from _section(heading, body)
            heading, body = (line if is_section_heading(line.text) else None), []
        elif heading is not None and not _is_guidance(line.text) and not _is_watermark(line.text):
            body.append(line.text)
    yield from _section(heading, body)


def _section(heading: Line | None, body: list[str]) -> Iterator[Section]:
    """Yield the section under a heading; one without number and text is the title of a part (部门整体绩效目标)."""
    if heading is None:
        return
    name = without_number(heading.text).rstrip("：:")
    if body or name != heading.text.rstrip("：:"):
        yield Section(name, "\n".join(body), heading.place)


def _ends_sections(text: str) -> bool:
    return bool(_PART_TITLE.match(text)) or text == _PROJECTS_TITLE or is_table_heading(text)


# --- residue of making the file -----------------------------------------------------------------------


def _guidance(document: Document) -> Iterator[Note]:
    for line in document.lines:
        if _is_guidance(line.text):
            yield Note(NoteKind.FORM_GUIDANCE, line.text, place=line.place)


def _is_guidance(text: str) -> bool:
    """Return whether a line is the form's advice on how to fill it in, left standing."""
    return holds_word(text, "form-guidance")


def _stray_bookmarks(document: Document) -> Iterator[Note]:
    """Yield a note for each bookmark that an editor leaves behind; those of contents lists have a purpose."""
    for bookmark in document.bookmarks:
        if bookmark.name in words("bookmark"):
            yield Note(NoteKind.BOOKMARK, bookmark.name, place=bookmark.place)


def _watermarks(document: Document) -> Iterator[Note]:
    for line in document.lines:
        if _is_watermark(line.text):
            yield Note(NoteKind.WATERMARK, line.text, place=line.place)


def _is_watermark(text: str) -> bool:
    """Return whether a line is the mark that an unlicensed converter prints into its output."""
    return text.startswith(words("watermark"))


# --- tables that are promised ---------------------------------------------------------------------------


def _missing_tables(document: Document) -> Iterator[Note]:
    """Yield a note for each heading that no table follows, and each entry of a contents list without a heading.

    Entries and headings are compared by name and number of times: two units may have a project of one name.
    """
    headings = [line for table in document.tables for line in table.before if is_table_heading(line.text)]
    headings += [line for line in document.after if is_table_heading(line.text)]
    found = Counter(_heading_name(line.text) for line in headings)
    for line in document.lines:
        entry = _CONTENTS_ENTRY.match(line.text.strip())
        if entry is None or not is_table_heading(entry["heading"]):
            continue
        name = _heading_name(entry["heading"])
        if found[name] == 0:
            yield Note(NoteKind.MISSING_TABLE, entry["heading"].strip(), place=line.place)
        found[name] -= 1
    yield from _headings_without_table(document)


def _headings_without_table(document: Document) -> Iterator[Note]:
    for table in document.tables:
        headings = [line for line in table.before if is_table_heading(line.text)]
        yield from (
            _missing(one) for one, next_one in pairwise(headings) if not _is_said_again(one, next_one)
        )
    yield from (_missing(line) for line in document.after if is_table_heading(line.text))


def _is_said_again(one: Line, next_one: Line) -> bool:
    """Return whether two headings in a row head one table: the title of a page, and that of its form.

    One of them names no project (项目支出绩效目标申报表), or both are the same.
    """
    if not (names_a_project(one) and names_a_project(next_one)):
        return True
    return _heading_name(one.text) == _heading_name(next_one.text)


def _missing(line: Line) -> Note:
    return Note(NoteKind.MISSING_TABLE, line.text, place=line.place)


def _heading_name(text: str) -> str:
    return normalise_name(without_number(text.strip()))


# --- tables that are no tables any more ------------------------------------------------------------------


def _unseparated(document: Document) -> Iterator[Note]:
    """Yield a note for text that has the labels of a form and no cells: how it separates them is not known.

    A line with many labels is a whole table run together. Where nothing else is in cells either, one label in a
    line says enough.
    """
    told = {note.place for note in document.notes if note.kind is NoteKind.UNREAD_TEXT}
    run_together = [line for line in document.lines if line.place not in told and _is_run_together(line.text)]
    if run_together:
        yield from (Note(NoteKind.UNREAD_TEXT, line.text, place=line.place) for line in run_together)
    elif not document.tables:
        labels = (line for line in document.lines for part in line.text.split() if is_label(part))
        yield from (Note(NoteKind.UNREAD_TEXT, line.text, place=line.place) for line in islice(labels, 1))


def _is_run_together(text: str) -> bool:
    """Return whether a line holds more labels of forms than prose does."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return len(plain) > _LONGEST_TITLE and len(set(_form_label().findall(plain))) >= _MANY_LABELS


@cache
def _form_label() -> re.Pattern[str]:
    """Return what finds the labels of forms within a text, the longest that fits."""
    labels = sorted((label for label in field_labels() if len(label) >= _LABEL_LENGTH), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, labels)))


# --- around the pages ------------------------------------------------------------------------------------


def _unread_around(document: Document) -> Iterator[Note]:
    """Yield a note for each line of a page header, footer or footnote with labels of fields not read there."""
    for line in document.around:
        fields = [set(pair.fields) for part in parts_of(line.text) for pair in inline_fields(part)]
        if any(not meant & _READ_AROUND for meant in fields):
            yield Note(NoteKind.UNREAD_TEXT, line.text, place=line.place, told=_AROUND)
