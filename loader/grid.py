"""A table as a plane: which cell covers a position, whatever merges stand around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Cell, Table


class Grid:
    """The cells of one table by position. Rows and columns count from 1; spans are cut at the table's edge.

    A grid may show a part of its table only: `part` gives the rows and columns of one form among several.
    """

    def __init__(self, table: Table) -> None:
        """Lay the table's origin cells out; where two overlap, the first one holds the position."""
        self.table = table
        self._rows = range(1, table.rows + 1)
        self._columns = range(1, table.columns + 1)
        self._covering: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for position in self._positions(cell):
                self._covering.setdefault(position, cell)

    def _positions(self, cell: Cell) -> Iterator[tuple[int, int]]:
        last_row = min(cell.row + cell.rowspan - 1, self.table.rows)
        last_column = min(cell.column + cell.colspan - 1, self.table.columns)
        for row in range(cell.row, last_row + 1):
            for column in range(cell.column, last_column + 1):
                yield row, column

    def part(self, rows: range, columns: range) -> Grid:
        """Return the same plane with some of its rows and columns only; they keep their numbers."""
        shown = Grid.__new__(Grid)
        shown.table, shown._covering = self.table, self._covering
        shown._rows, shown._columns = rows, columns
        return shown

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a position, or None where the row is shorter or not shown."""
        if row not in self._rows or column not in self._columns:
            return None
        return self._covering.get((row, column))

    def row(self, row: int) -> list[Cell]:
        """Return the cells that cover a row, each once, from left to right, merged ones from above too."""
        found: list[Cell] = []
        for column in self._columns:
            cell = self.at(row, column)
            if cell is not None and (not found or found[-1] is not cell):
                found.append(cell)
        return found

    def beginning(self, row: int) -> list[Cell]:
        """Return the cells that begin in a row, from left to right."""
        return [cell for cell in self.row(row) if cell.row == row]

    def texts(self, row: int) -> list[Cell]:
        """Return the cells that begin in a row and print something."""
        return [cell for cell in self.beginning(row) if cell.text.strip()]

    def rows(self) -> range:
        """Return the numbers of the rows."""
        return self._rows

    def columns(self) -> range:
        """Return the numbers of the columns."""
        return self._columns

    @property
    def last_row(self) -> int:
        """Return the number of the last row, one before the first where there is none."""
        return self._rows.stop - 1
