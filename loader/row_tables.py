"""Tables that people write for programs, as rows of texts: CSV as any program saves it, or a first sheet."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final

from .errors import LoaderError
from .grid import Grid
from .readers.encodings import decode
from .readers.kinds import Kind, kind_of
from .readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORKBOOKS: Final = frozenset({Kind.XLSX, Kind.XLS, Kind.ODS})


class RowTableError(LoaderError):
    """The file is no such table; the message says what to do."""


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a table, the names of the columns first, blank rows too.

    Raises `RowTableError`, or `UnreadableDocument` where a workbook is damaged.
    """
    kind = kind_of(data)
    if kind in _WORKBOOKS:
        return list(_rows_of_sheet(data))
    decoded = decode(data) if kind is Kind.TEXT else None
    if decoded is None:
        raise RowTableError("this is neither a CSV file nor a workbook: save the table as one of them")
    text = decoded.text.removeprefix("\ufeff")
    try:
        return list(csv.reader(StringIO(text), delimiter=_delimiter(text.partition("\n")[0]), strict=True))
    except csv.Error as error:
        raise RowTableError(f"the CSV file is damaged ({error}): save it again") from error


def _delimiter(head: str) -> str:
    """Return what separates the names of the columns: programs write what their country uses."""
    return max(",;\t", key=head.count)


def _rows_of_sheet(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as they are displayed."""
    tables = read(data).tables
    if tables:
        grid = Grid(tables[0])
        for row in grid.rows():
            cells = (grid.at(row, column) for column in range(1, tables[0].columns + 1))
            yield [cell.text if cell is not None else "" for cell in cells]
