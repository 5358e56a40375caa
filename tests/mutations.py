"""The mutations of `mutations.toml`: a real document with one fault put into its source, for each rule.

A mutation says which cell of which table becomes what, which row goes, or which words of the text change. It is made
in the lines of the text and converted again by the loader, on the whole document or on the tables it is about.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import loader
import shapes
from loader.readers.registry import read

if TYPE_CHECKING:
    from loader.model import Cell, Table

TESTS = Path(__file__).resolve().parent
FILE = TESTS / "mutations.toml"
SEED = "seed"
"""The name under which mutations speak of the first real disclosure, which is not of this project."""


@dataclass(frozen=True)
class CellEdit:
    """A cell and what it becomes; row and column count from 1."""

    row: int
    column: int
    becomes: str


@dataclass(frozen=True)
class Mutation:
    """One fault put into a document, and what the rules then find besides, and no longer."""

    rule: str
    what: str
    document: str
    table: int
    cells: tuple[CellEdit, ...]
    rows: tuple[int, ...]
    """Rows that are taken out."""
    text: tuple[tuple[str, str], ...]
    """Words, of which there is one occurrence, and what they become."""
    consequences: frozenset[str]
    ends: frozenset[str]
    """Rules with fewer findings than before, because what they found is gone."""
    beside: tuple[str, ...] = ()
    """Documents that are loaded too, where the rule compares documents."""
    findings: int = 1
    """How often the rule finds the fault."""

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"

    def lines(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """Return the lines of its document with the fault."""
        changed = dict(enumerate(lines, start=1))
        table = _tables(lines)[self.table - 1]
        for edit in self.cells:
            changed |= _with_cell(changed, _cell(table, edit.row, edit.column), edit.becomes)
        for row in self.rows:
            for number in _lines_of_row(table, row):
                del changed[number]
        return _with_words(tuple(changed.values()), self.text)

    def excerpt(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """Return the lines before all tables and those of its table, with the heading before it.

        In the excerpt its table is the only one.
        """
        tables = _tables(lines)
        first = 1 if self.table == 1 else _last_line(tables[self.table - 2]) + 1
        before_all = _first_line(tables[0]) - 2  # without the heading of the first table
        here = lines[first - 1 : _last_line(tables[self.table - 1])]
        return here if first == 1 else (*lines[:before_all], *here)

    def on_excerpt(self) -> Mutation:
        """Return the same mutation of its excerpt."""
        return Mutation(**{**vars(self), "table": 1})


@dataclass(frozen=True)
class Impossible:
    """A rule that no change of a document can trip, and why."""

    rule: str
    why: str


def mutations() -> list[Mutation]:
    return [_mutation(stated) for stated in _stated()["mutation"]]


def comparing() -> list[Mutation]:
    """Return those of rules that compare documents."""
    return [_mutation(stated) for stated in _stated()["comparing"]]


def impossible() -> list[Impossible]:
    return [Impossible(**stated) for stated in _stated().get("impossible", [])]


def quads(lines: tuple[str, ...]) -> bytes:
    """Return what the loader reads in the lines of a document."""
    return loader.convert("".join(lines).encode()).nquads


@cache
def counted(lines: tuple[str, ...]) -> dict[str, int]:
    """Return how often each rule fires on a document."""
    return dict(shapes.check(shapes.graph_of(quads(lines))).by_rule())


def _stated() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _mutation(stated: dict) -> Mutation:
    return Mutation(
        rule=stated["rule"],
        what=stated["what"],
        document=stated["document"],
        table=stated.get("table", 1),
        cells=tuple(CellEdit(*edit) for edit in stated.get("cells", [])),
        rows=tuple(stated.get("rows", [])),
        text=tuple((before, after) for before, after in stated.get("text", [])),
        consequences=frozenset(stated.get("consequences", [])),
        ends=frozenset(stated.get("ends", [])),
        beside=tuple(stated.get("beside", [])),
        findings=stated.get("findings", 1),
    )


# --- the lines of a document -----------------------------------------------------------------------------


@cache
def _tables(lines: tuple[str, ...]) -> tuple[Table, ...]:
    return read("".join(lines).encode()).tables


def _cell(table: Table, row: int, column: int) -> Cell:
    return next(cell for cell in table.cells if (cell.row, cell.column) == (row, column))


def _first_line(table: Table) -> int:
    return table.cells[0].place.line


def _last_line(table: Table) -> int:
    last = table.cells[-1]
    return last.place.line + last.text.strip().count("\n")


def _with_cell(lines: dict[int, str], cell: Cell, becomes: str) -> dict[int, str]:
    number = cell.place.line
    before, _, after = lines[number].partition(cell.text.strip() or "\n")
    assert "\n" not in cell.text.strip(), f"{cell.text!r} has several lines: change it by its words"
    assert not before.strip(), f"line {number} prints more than the cell {cell.text!r}"
    return {number: f"{before}{becomes}{after}" if cell.text.strip() else f"{before}{becomes}\n"}


def _lines_of_row(table: Table, row: int) -> range:
    """Return the numbers of the lines of a row and of what stands between it and the next."""
    starts = [cell.place.line for cell in table.cells if cell.row >= row]
    next_row = [cell.place.line for cell in table.cells if cell.row > row]
    return range(starts[0], next_row[0] if next_row else _last_line(table) + 1)


def _with_words(lines: tuple[str, ...], edits: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    text = "".join(lines)
    for before, after in edits:
        assert text.count(before) == 1, f"{before!r} occurs {text.count(before)} times"
        text = text.replace(before, after)
    return tuple(text.splitlines(keepends=True))
