"""The positions of a table while its rows are laid one below the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...errors import UnsafeDocument
from ...model import Cell, Place
from .. import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .entries import Entry, Row


@dataclass(slots=True)
class Plane:
    """Cells by position. A row that lacks cells on its left lets the cells above reach down to it."""

    rows: int = 0
    _cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    _covering: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def lay(self, row: Row, *, first: int = 1, reach_down: bool = False) -> None:
        """Lay a row below the others, its first cell in column `first`.

        With `reach_down`, the cells above the columns before it span this row too.
        """
        self.rows += 1
        if reach_down:
            self._reach_down(range(1, first))
        for column, entry in enumerate(row, start=first):
            self.put(entry, column)

    def put(self, entry: Entry, column: int, *, colspan: int = 1) -> None:
        """Put a cell into the last row. Raises `UnsafeDocument` where it stands too far right."""
        if column > limits.COLUMNS:
            raise UnsafeDocument(f"a table has more than {limits.COLUMNS} columns: it is not read")
        cell = Cell(self.rows, column, entry.text, colspan=colspan, place=Place(line=entry.line))
        self._cells[cell.row, column] = cell
        for covered in range(column, column + colspan):
            self._covering[cell.row, covered] = (cell.row, column)

    def _reach_down(self, columns: Iterable[int]) -> None:
        wanted = set(columns)
        for column in sorted(wanted):
            origin = self._covering.get((self.rows - 1, column))
            if origin is not None and wanted >= self._columns(origin):
                self._covering[self.rows, column] = origin
                self._cells[origin] = replace(self._cells[origin], rowspan=self.rows - origin[0] + 1)

    def _columns(self, origin: tuple[int, int]) -> set[int]:
        cell = self._cells[origin]
        return set(range(cell.column, cell.column + cell.colspan))

    def reach_to_last_row(self, columns: Iterable[int]) -> None:
        """Let the cells above these columns span the last row."""
        self._reach_down(columns)

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells in reading order."""
        return tuple(self._cells[position] for position in sorted(self._cells))
