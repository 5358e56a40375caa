"""The account of a document's cells: what each was read as, so that none is lost without a word."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING

from ..model import CellAccount, Note, NoteKind, Printed, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Cell, Table


class Role(Enum):
    """What a cell was read as."""

    LABEL = "label"
    STATED = "stated"
    OTHER = "other"
    """The value of a label that forms print and the ontology does not keep: it stays in the grid."""


class Ledger:
    """The roles of the cells of one document. A cell that has none in the end was not understood."""

    def __init__(self) -> None:
        """Begin an empty account."""
        self._roles: dict[tuple[int, int, int], Role] = {}

    def label(self, table: Table, cell: Cell) -> Printed:
        """Account for a cell as a label and return what it prints."""
        self._roles.setdefault((table.number, *cell.position), Role.LABEL)
        return printed(table, cell)

    def stated(self, table: Table, cell: Cell) -> Printed:
        """Account for a cell as the source of a statement and return what it prints."""
        self._roles[table.number, *cell.position] = Role.STATED
        return printed(table, cell)

    def other(self, table: Table, cell: Cell) -> None:
        """Account for a cell as the value of a field that is kept in the grid alone."""
        self._roles.setdefault((table.number, *cell.position), Role.OTHER)

    def set_apart(self, quote: Quote) -> None:
        """Account for a cell that was taken for a statement, and is none, as one that is kept in the grid alone."""
        self._roles[quote.table, quote.row, quote.column] = Role.OTHER

    def unread(self, table: Table) -> Iterator[Note]:
        """Yield a note for each cell of a table that has text and no role."""
        for cell in table.cells:
            if cell.text.strip() and (table.number, *cell.position) not in self._roles:
                yield Note(NoteKind.UNREAD_CELL, cell.printed, printed(table, cell).quote, cell.place)

    def account(self, read: list[Table], skipped: list[Table]) -> CellAccount:
        """Return the sum of the account over the tables that were read and those that were skipped."""
        found = Counter(self._role_name(table, cell) for table in read for cell in table.cells)
        return CellAccount(
            labels=found["label"],
            stated=found["stated"],
            blank=found["blank"],
            unread=found["unread"],
            other=found["other"],
            skipped=sum(len(table.cells) for table in skipped),
        )

    def _role_name(self, table: Table, cell: Cell) -> str:
        role = self._roles.get((table.number, *cell.position))
        if role is not None:
            return role.value
        return "unread" if cell.text.strip() else "blank"


def printed(table: Table, cell: Cell) -> Printed:
    """Return what a cell is read as, and where it stands."""
    quote = Quote(table.number, *cell.position, cell.place)
    return Printed(cell.text, quote, cell.raw, cell.original)
