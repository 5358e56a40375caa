"""A document while it is read: tables that are finished, and the lines of text since the last of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import EmptyDocument, UnsafeDocument
from ..model import Document, Line, Note, NoteKind, Place, Table
from . import limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Cell, Wording


@dataclass(slots=True)
class Story:
    """What has been read so far."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    around: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _cells: int = 0

    def tell(self, text: str, place: Place = Place()) -> None:  # noqa: B008 - a Place is frozen
        """Add the lines of a text that stands outside tables; blank ones say nothing."""
        self.lines.extend(Line(line.strip(), place) for line in text.split("\n") if line.strip())

    def tell_around(self, text: str) -> None:
        """Add the lines of a page header, a page footer or a footnote; one that is told already is not repeated."""
        told = (Line(line.strip()) for line in text.split("\n") if line.strip())
        self.around.extend(line for line in told if line not in self.around)

    def unread(self, told: Wording, place: Place = Place()) -> None:  # noqa: B008 - a Place is frozen
        """Note what the document holds and the reader cannot read."""
        self.notes.append(Note(NoteKind.UNREAD_CONTENT, "", place=place, told=told))

    def make_room(self, cells: int) -> None:
        """Count cells that are about to be made; raise `UnsafeDocument` where they are more than the limit."""
        self._cells += cells
        if self._cells > limits.CELLS:
            raise UnsafeDocument(
                f"the document has more than {limits.CELLS:,} cells: split it into its tables or sheets"
            )

    def document(self, media_type: str, if_empty: str) -> Document:
        """Return all that was told.

        Raises `EmptyDocument` where nothing was, with the message `if_empty` and what could not be read.
        """
        if not (self.tables or self.lines):
            unread = (f"{note.told.en} ({note.told.zh})" for note in self.notes[:1] if note.told)
            raise EmptyDocument("; ".join([if_empty, *unread]))
        return Document(
            media_type,
            tuple(self.tables),
            tuple(self.lines),
            around=tuple(self.around),
            notes=tuple(self.notes),
        )

    def close_table(
        self, rows: int, columns: int, cells: Sequence[Cell], *, sheet: str | None = None
    ) -> None:
        """Add a table; the lines told so far stand before it."""
        number = len(self.tables) + 1
        self.tables.append(Table(number, rows, columns, tuple(cells), tuple(self.lines), sheet=sheet))
        self.lines.clear()
