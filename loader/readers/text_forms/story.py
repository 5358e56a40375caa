"""What a form has told so far: finished tables, the lines between them, and the bookmarks among those."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from ...model import Bookmark, Document, Line, Note, NoteKind, Place, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...model import Cell
    from .entries import Entry

_BOOKMARK = re.compile(r"\[bookmark:\s*([^\]]*?)\s*\]")


@dataclass(slots=True)
class Story:
    """The document while it is read."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def tell_line(self, text: str, number: int) -> None:
        """Add a line of text outside tables; `[bookmark: …]` is how dumps write Word's bookmarks."""
        place = Place(line=number)
        self.bookmarks += [Bookmark(name, place) for name in _BOOKMARK.findall(text)]
        bare = _BOOKMARK.sub("", text).strip()
        if bare:
            self.lines.append(Line(bare, place))

    def tell_entries(self, entries: Iterable[Entry]) -> None:
        """Add cells that could not be placed as the lines of text they are."""
        for line, together in groupby(entries, key=lambda entry: entry.line):
            text = " ".join(entry.text for entry in together if not entry.blank)
            for offset, part in enumerate(text.split("\n")):
                self.tell_line(part, line + offset)

    def leave_out(self, entries: Iterable[Entry]) -> None:
        """Add cells under a header that fit none of its columns: as lines, and each as a cell that was not read."""
        left_out = tuple(entries)
        self.tell_entries(left_out)
        self.notes += [
            Note(NoteKind.UNREAD_CELL, entry.text, place=Place(line=entry.line))
            for entry in left_out
            if not entry.blank
        ]

    def tell_table(self, cells: tuple[Cell, ...]) -> None:
        """Add a table; the lines told so far stand before it."""
        rows = max(cell.row + cell.rowspan - 1 for cell in cells)
        columns = max(cell.column + cell.colspan - 1 for cell in cells)
        self.tables.append(Table(len(self.tables) + 1, rows, columns, cells, tuple(self.lines)))
        self.lines.clear()

    def take(self, other: Story) -> None:
        """Take over what another story tells, where this one tells nothing yet."""
        self.tables, self.lines = other.tables, other.lines
        self.bookmarks, self.notes = other.bookmarks, other.notes

    def document(self, media_type: str) -> Document:
        """Return all that was told."""
        return Document(
            media_type,
            tuple(self.tables),
            tuple(self.lines),
            bookmarks=tuple(self.bookmarks),
            notes=tuple(self.notes),
        )
