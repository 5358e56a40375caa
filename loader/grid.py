"""A table as a plane: which cell covers a position, whatever merges stand around it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Cell, Table


class Grid:
    """The cells of one table by position. Rows and columns count from 1; spans are cut at the table's edge."""

    def __init__(self, table: Table) -> None:
        """Lay the table's origin cells out; where two overlap, the first one holds the position."""
        self.table = table
        self._covering: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for position in self._positions(cell):
                self._covering.setdefault(position, cell)
        self._rows: dict[int, tuple[Cell, ...]] = {}

    def _positions(self, cell: Cell) -> Iterator[tuple[int, int]]:
        last_row = min(cell.row + cell.rowspan - 1, self.table.rows)
        last_column = min(cell.column + cell.colspan - 1, self.table.columns)
        return product(range(cell.row, last_row + 1), range(cell.column, last_column + 1))

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a position, or None where the row is shorter."""
        return self._covering.get((row, column))

    def row(self, row: int) -> tuple[Cell, ...]:
        """Return the cells that cover a row, each once, from left to right, merged ones from above too."""
        if row not in self._rows:
            self._rows[row] = tuple(self._across(row))
        return self._rows[row]

    def _across(self, row: int) -> Iterator[Cell]:
        last = None
        for column in self.columns():
            cell = self._covering.get((row, column))
            if cell is not None and cell is not last:
                yield cell
                last = cell

    def beginning(self, row: int) -> list[Cell]:
        """Return the cells that begin in a row, from left to right."""
        return [cell for cell in self.row(row) if cell.row == row]

    def texts(self, row: int) -> list[Cell]:
        """Return the cells that begin in a row and print something."""
        return [cell for cell in self.beginning(row) if cell.text.strip()]

    def rows(self) -> range:
        """Return the numbers of the rows."""
        return range(1, self.table.rows + 1)

    def columns(self) -> range:
        """Return the numbers of the columns."""
        return range(1, self.table.columns + 1)

    @property
    def last_row(self) -> int:
        """Return the number of the last row."""
        return self.table.rows
