"""The lines around the tables: a department's sections of prose, the title, and residue of making the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.vocabulary import normalise_label, words

from ..model import Note, NoteKind, Section
from .labels import is_section_heading, stray_bookmarks, without_marks, without_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model import Document, Line

_PART_TITLE = re.compile(r"^第[一二三四五六七八九十]+部分")
_TABLE_HEADING = re.compile(r"(?:绩效目标|绩效自评|目标)(?:申报|审批|批复|公开)?表\s*$")
_CONTENTS_ENTRY = re.compile(r"(?:表|…|\.{3,})\s*[.…·\s]*\d{1,4}\s*$")
_TITLE = re.compile(r"(?:绩效|预算).*(?:文本|目标|自评|公开|情况)")
_PROJECTS_TITLE = "预算项目绩效目标"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the lines of a document say outside its tables."""

    title: str | None
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]


def read_front_matter(document: Document) -> FrontMatter:
    """Read all lines: title and sections from those before the first table, residue from everywhere."""
    first = document.tables[0].before if document.tables else document.after
    everywhere = [*(line for table in document.tables for line in table.before), *document.after]
    notes = [note for line in everywhere for note in _residue(line)]
    return FrontMatter(
        title=_title(first),
        sections=tuple(_sections(first)),
        notes=(*notes, *_promised_tables(document)),
    )


def is_watermark(text: str) -> bool:
    """Return whether a line is the mark that an unlicensed converter prints into its output."""
    return any(text.strip().startswith(mark) for mark in words("watermark"))


def is_table_heading(text: str) -> bool:
    """Return whether a line announces a table of targets, and is no line of a contents list."""
    plain = without_marks(text)
    return bool(_TABLE_HEADING.search(plain)) and not _CONTENTS_ENTRY.search(plain)


def _residue(line: Line) -> Iterator[Note]:
    if is_watermark(line.text):
        yield Note(NoteKind.WATERMARK, line.text.strip(), place=line.place)
    for name in stray_bookmarks(line.text):
        yield Note(NoteKind.BOOKMARK, name, place=line.place)
    if _is_guidance(without_marks(line.text)):
        yield Note(NoteKind.FORM_GUIDANCE, without_marks(line.text), place=line.place)


def _is_guidance(text: str) -> bool:
    """Return whether a line is the form's advice on how to fill it in, left standing."""
    plain = normalise_label(text)
    return any(normalise_label(phrase) in plain for phrase in words("form-guidance"))


def _title(lines: Sequence[Line]) -> str | None:
    for line in lines:
        text = without_marks(line.text)
        if _PART_TITLE.match(text) or is_section_heading(text) or is_table_heading(text):
            return None
        if _TITLE.search(text) and len(text) < 60:
            return text
    return None


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    heading: Line | None = None
    body: list[str] = []
    for line in lines:
        text = without_marks(line.text)
        if is_section_heading(text) or _ends_sections(text):
            yield from _section(heading, body)
            heading, body = (line if is_section_heading(text) else None), []
        elif heading is not None and text and not _is_guidance(text) and not is_watermark(text):
            body.append(text)
    yield from _section(heading, body)


def _section(heading: Line | None, body: list[str]) -> Iterator[Section]:
    """Yield the section under a heading; one without number and text is the title of a part (部门整体绩效目标)."""
    if heading is None:
        return
    printed = without_marks(heading.text)
    name = without_number(printed).rstrip("：:")
    if body or name != printed.rstrip("：:"):
        yield Section(name, "\n".join(body), heading.place)


def _ends_sections(text: str) -> bool:
    return bool(_PART_TITLE.match(text)) or text == _PROJECTS_TITLE or is_table_heading(text)


def _promised_tables(document: Document) -> Iterator[Note]:
    """Yield a note for each heading of a table that another heading follows before any table comes."""
    for table in document.tables:
        headings = [line for line in table.before if is_table_heading(line.text)]
        yield from (_missing(line) for line in headings[:-1])
    yield from (_missing(line) for line in document.after if is_table_heading(line.text))


def _missing(line: Line) -> Note:
    return Note(NoteKind.MISSING_TABLE, without_marks(line.text), place=line.place)
