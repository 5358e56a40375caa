"""Tables of others as triples: with metadata of CSV on the Web, or by columns that are headed by our words.

A row is `…/id/dataset/NAME/row/7`, which says in which line of which file it stands (`csvw:url` with `#line=`,
RFC 5147, counted from 0), and what it describes, where that has an IRI of its own. A table with a fault in it is not
taken in. Imported by `importing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import PREFIXES

from .columns import UnfitCell, expanded
from .csv_text import decoded, lines_of
from .csvw import Metadata, metadata
from .faults import UnfitData
from .own_words import column_of, is_known
from .rdf import MOST_BYTES, MOST_TRIPLES, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .columns import Column
    from .csv_text import Line

SUFFIXES: Final = (".csv", ".tsv")
MEDIA_TYPE: Final = "text/csv"
_CSVW: Final = "http://www.w3.org/ns/csvw#"
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = ox.NamedNode(f"{PREFIXES['rdfs']}label")
_MOST_FAULTS: Final = 20


@dataclass(slots=True)
class Table:
    """A table that is read: what it states, and which of its columns are headed by no word of ours."""

    told: Told
    unknown: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    """What its metadata say of the data set, by the words of a sidecar."""


def read(data: bytes, file: str, name: str, described: bytes | None = None) -> Table:
    """Return what a table states; `described` are its metadata. Raises `UnfitData` with line, column and value."""
    if len(data) > MOST_BYTES:
        raise UnfitData(
            f"it has {len(data):,} bytes, and {MOST_BYTES:,} are read at most: cut it into several files"
        )
    base = f"{identifiers.dataset(name)}/"
    tabs = "\t" if file.lower().endswith(".tsv") else ","
    known = metadata(described, file, base) if described is not None else None
    lines = lines_of(
        decoded(data, known.encoding if known else ""),
        known.delimiter if known else tabs,
        known.quote if known else '"',
    )
    header = next(lines, None)
    if header is None:
        raise UnfitData("it is empty: the first line must name the columns")
    heads = [head.strip() for head in header.cells]
    columns = _described(heads, known) if known else _headed(heads, name)
    rows = _Rows(columns, file, base)
    triples = tuple(dict.fromkeys(rows.triples(lines)))
    if rows.faults:
        more = f"\n… and {rows.count - _MOST_FAULTS:,} more" if rows.count > _MOST_FAULTS else ""
        raise UnfitData("\n".join(["not every cell can be read:", *rows.faults]) + more)
    unknown = () if known else tuple(head for head in heads if not is_known(head))
    return Table(Told(triples, MEDIA_TYPE), unknown, known.said if known else ())


def _described(heads: Sequence[str], known: Metadata) -> tuple[Column, ...]:
    if len(heads) != len(known.columns):
        raise UnfitData(
            f"line 1: there are {len(heads)} columns, and the metadata describe {len(known.columns)}"
        )
    for number, (head, wanted) in enumerate(zip(heads, known.heads, strict=True), start=1):
        if head not in wanted:
            told = " or ".join(map(repr, sorted(wanted)))
            raise UnfitData(f"line 1, column {number}: it is headed {head!r}, and by the metadata {told}")
    return known.columns


def _headed(heads: Sequence[str], name: str) -> tuple[Column, ...]:
    for number, head in enumerate(heads, start=1):
        if not head or heads.count(head) > 1:
            raise UnfitData(f"line 1, column {number}: {head!r} is the name of no column, or of several")
    return tuple(column_of(head, name) for head in heads)


@dataclass(slots=True)
class _Rows:
    """The rows of a table as triples, and what cannot be read of them."""

    columns: Sequence[Column]
    file: str
    base: str
    faults: list[str] = field(default_factory=list)
    count: int = 0

    def triples(self, lines: Iterator[Line]) -> Iterator[ox.Triple]:
        """Yield what the columns are called, and what each row states. Raises `UnfitData` for more than may be."""
        yield from self._names()
        stated = 0
        for number, line in enumerate(lines, start=1):
            if len(line.cells) != len(self.columns):
                self._fault(
                    f"line {line.number}: it has {len(line.cells)} cells, and there are {len(self.columns)} columns"
                )
                continue
            for triple in self._row(number, line):
                stated += 1
                yield triple
            if stated > MOST_TRIPLES:
                raise UnfitData(f"it has more than {MOST_TRIPLES:,} triples: cut it into several files")

    def _names(self) -> Iterator[ox.Triple]:
        """Yield the heads of columns that are properties of the data set itself."""
        for column in self.columns:
            if column.property.startswith(self.base):
                yield ox.Triple(ox.NamedNode(column.property), _LABEL, ox.Literal(column.name))

    def _row(self, number: int, line: Line) -> Iterator[ox.Triple]:
        row = ox.NamedNode(f"{self.base}row/{number}")
        place = f"{self.base}{quote(self.file)}#line={line.number - 1}"
        yield ox.Triple(row, _TYPE, ox.NamedNode(f"{_CSVW}Row"))
        yield ox.Triple(row, ox.NamedNode(f"{_CSVW}url"), ox.NamedNode(place))
        cells = {column.name: cell for column, cell in zip(self.columns, line.cells, strict=True)}
        for column, cell in zip(self.columns, line.cells, strict=True):
            try:
                yield from self._cell(
                    row, column, cell, cells | {"_row": str(number), "_sourceRow": str(number + 1)}
                )
            except UnfitCell as error:
                self._fault(f"line {line.number}, column {column.name}: {error}")

    def _cell(
        self, row: ox.NamedNode, column: Column, cell: str, cells: dict[str, str]
    ) -> Iterator[ox.Triple]:
        texts = column.values(cell)
        if not texts:
            if column.required:
                raise UnfitCell("the cell is empty, and the metadata say that it must not be")
            return
        about = expanded(column.about, cells, self.base) if column.about else row
        if about != row:
            yield ox.Triple(row, ox.NamedNode(f"{_CSVW}describes"), about)
        property_ = ox.NamedNode(column.property)
        for text in texts:
            literal = column.literal(text)
            named = (
                expanded(column.value, cells | {column.name: text}, self.base) if column.value else literal
            )
            yield ox.Triple(about, property_, named)

    def _fault(self, told: str) -> None:
        self.count += 1
        if self.count <= _MOST_FAULTS:
            self.faults.append(told)
