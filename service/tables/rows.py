"""The rows of a table, asked of a store a batch of documents' parts at a time: memory holds one batch, however many.

All rows are of one version of the data, each once, in an order that is the same on every store.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import TYPE_CHECKING, Final

from queries.tables import Datatype

from ..loading import turns
from ..store import ROW_FORMATS, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from queries.tables import Column, Table

    from ..store import Store

Row = tuple[str, ...]
"""The cells of a row as text, in the order of the columns: numbers plain, dates as 2025-12-31, empty for none."""

_FIRST: Final = 16
"""Wholes of the first batch; the next are as large as it takes to have `_WANTED` rows."""
_WANTED: Final = 2_000
_LARGEST: Final = 500
_DIGITS: Final = re.compile(r"(\d+)")
_CHANGED: Final = "the data were changed while they were read as tables: ask again"


class DataChanged(StoreUnavailable):
    """The data were changed while a table was read; what was read is of neither version."""


@contextmanager
def one_version(store: Store) -> Iterator[None]:
    """Raise `DataChanged` at the end of a block in which the data have changed: what was read is of two versions."""
    version = turns.version_of(store)
    yield
    if turns.version_of(store) != version:
        raise DataChanged(_CHANGED)


def rows(store: Store, table: Table, language: str) -> Iterator[Row]:
    """Yield the rows of a table with labels in a language; raise `DataChanged` where the data change meanwhile."""
    with one_version(store):
        wholes = _wholes(store, table)
        start, size = 0, _FIRST
        while start < len(wholes):
            batch = wholes[start : start + size]
            found = _of_batch(store, table, batch, language)
            yield from found
            start += len(batch)
            size = max(1, min(_LARGEST, len(batch) * _WANTED // max(1, len(found)), 4 * size))


def _wholes(store: Store, table: Table) -> list[str]:
    """Return the IRIs of all that the table is about, in order."""
    classes = " ".join(f"<{iri}>" for iri in table.each)
    answer = _asked(store, f"SELECT DISTINCT ?whole {{ VALUES ?class {{ {classes} }} ?whole a ?class }}")
    return sorted((whole for (whole,) in answer), key=_in_order)


def _of_batch(store: Store, table: Table, wholes: Sequence[str], language: str) -> list[Row]:
    """Return the rows of some wholes in order, one for each key: what has several values is joined, or its first."""
    columns = list(table.columns.values())
    places = [list(table.columns).index(name) for name in table.key]

    def key(row: Row) -> tuple[object, ...]:
        return tuple(_in_order(row[place]) for place in places)

    answer = _asked(store, table.bind(wholes, language))
    read = sorted(
        tuple(_plain(cell, column) for cell, column in zip(row, columns, strict=True)) for row in answer
    )
    return [_one(columns, list(same)) for _, same in groupby(sorted(read, key=key), key)]


def _asked(store: Store, sparql: str) -> Iterator[list[str]]:
    """Return the rows of an answer as texts."""
    answer = csv.reader(io.StringIO(store.query(sparql, ROW_FORMATS["csv"]).decode(), newline=""))
    next(answer, None)
    return answer


def _one(columns: Sequence[Column], same: Sequence[Row]) -> Row:
    """Return the first of the rows of one thing, with all values where a column may have several."""
    if len(same) == 1:
        return same[0]
    return tuple(
        column.separator.join(dict.fromkeys(row[place] for row in same)) if column.separator else cell
        for place, (column, cell) in enumerate(zip(columns, same[0], strict=True))
    )


def _plain(cell: str, column: Column) -> str:
    """Return a cell as every store would write it.

    >>> from queries.tables import tables
    >>> _plain("40000.00", tables()["projects"].columns["budget"])
    '40000'
    """
    if not cell:
        return ""
    if column.type is Datatype.CODE:
        return cell[max(cell.rfind("/"), cell.rfind("#")) + 1 :]
    if column.type in {Datatype.DECIMAL, Datatype.INTEGER}:
        return _number(cell)
    if column.type is Datatype.BOOLEAN:
        return "false" if cell in {"0", "false"} else "true"
    return cell


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return format(
        number.to_integral_value() if number == number.to_integral_value() else number.normalize(), "f"
    )


def _in_order(iri: str) -> tuple[tuple[str | int, ...], ...]:
    """Return what an IRI is sorted by: part by part, numbers by their size.

    >>> sorted(["a/10/target/1", "a/9/target/1", "a/9"], key=_in_order)
    ['a/9', 'a/9/target/1', 'a/10/target/1']
    """
    return tuple(
        tuple(int(piece) if number % 2 else piece for number, piece in enumerate(_DIGITS.split(part)))
        for part in iri.split("/")
    )
