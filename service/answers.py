"""Answers of the store as tables: SPARQL's JSON into typed cells, and out again as CSV and JSON for people."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .store import ROW_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .store import Store

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC: Final = frozenset(
    f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Term:
    """One cell: its text, whether it is an IRI, and its datatype (IRI) or language where it has one."""

    text: str
    is_iri: bool = False
    datatype: str | None = None
    language: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether the cell is a number by its datatype and by its look."""
        return self.datatype in _NUMERIC and _PLAIN_NUMBER.fullmatch(self.text) is not None

    @property
    def value(self) -> str | int | float | bool:
        """The cell as a value of JSON."""
        if self.datatype == f"{_XSD}boolean":
            return self.text == "true"
        if not self.is_number:
            return self.text
        number = Decimal(self.text)
        return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; cells are asked for by the name of their column, unbound ones are empty."""

    cells: Mapping[str, Term]

    def text(self, column: str) -> str:
        """The cell's text, empty when unbound."""
        cell = self.cells.get(column)
        return cell.text if cell else ""

    def maybe(self, column: str) -> str | None:
        """The cell's text, None when unbound: a printed blank is not an absent field."""
        cell = self.cells.get(column)
        return cell.text if cell else None

    def number(self, column: str) -> Decimal | None:
        """The cell's number, None when unbound."""
        cell = self.cells.get(column)
        return Decimal(cell.text) if cell else None

    def count(self, column: str) -> int:
        """The cell's whole number, 0 when unbound."""
        cell = self.cells.get(column)
        return int(Decimal(cell.text)) if cell else 0

    def flag(self, column: str) -> bool | None:
        """The cell's boolean, None when unbound."""
        cell = self.cells.get(column)
        return cell.text in {"true", "1"} if cell else None


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: columns in their order, and rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def select(store: Store, sparql: str) -> Table:
    """Return the rows of a SELECT; an ASK is a table of one cell, `answer`."""
    return table_of(store.query(sparql, ROW_FORMATS["json"]))


def table_of(sparql_json: bytes) -> Table:
    """Return the table that a document of SPARQL 1.1 Query Results JSON holds."""
    answer = json.loads(sparql_json)
    if "boolean" in answer:
        told = Term(str(answer["boolean"]).lower(), datatype=f"{_XSD}boolean")
        return Table(("answer",), (Row({"answer": told}),))
    rows = (
        Row({name: _term(cell) for name, cell in binding.items()})
        for binding in answer["results"]["bindings"]
    )
    return Table(tuple(answer["head"]["vars"]), tuple(rows))


def _term(cell: Mapping[str, str]) -> Term:
    return Term(
        text=cell["value"],
        is_iri=cell["type"] == "uri",
        datatype=cell.get("datatype"),
        language=cell.get("xml:lang"),
    )


# --- out: what pandas, R, Stata and Excel read -----------------------------------------------------------


def records(table: Table) -> list[dict[str, object]]:
    """Return the rows as JSON objects, unbound cells as null."""
    return [
        {column: row.cells[column].value if column in row.cells else None for column in table.columns}
        for row in table
    ]


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]], *, bom: bool = False) -> bytes:
    """Return CSV in UTF-8, with a byte order mark for old Excel when `bom`.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; a number is left a number.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def harmless(cell: object) -> object:
    """Return what a spreadsheet may be given for a cell.

    >>> harmless("=1+1"), harmless("-5.5"), harmless("@SUM(A1)"), harmless(None)
    ("'=1+1", '-5.5', "'@SUM(A1)", '')
    """
    if cell is None:
        return ""
    text = str(cell)
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return cell
