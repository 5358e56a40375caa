"""Tables written as text, in the forms in which the dumps of pages, sheets and documents write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loader.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from loader.model import Table

Rows = list[list[str]]


def _bar_rows(rows: Rows) -> str:
    return "".join(" | ".join(row) + " |\n" for row in rows)


def _open_bar_rows(rows: Rows) -> str:
    return "".join(" | ".join(row) + "\n" for row in rows)


def _bar_after_each_cell(rows: Rows) -> str:
    return "".join(f"{cell} |\n" if cell else "|\n" for row in rows for cell in row)


def _bar_before_each_cell(rows: Rows) -> str:
    return "".join(f"|\n{cell} |\n" if cell else "|\n" for row in rows for cell in row)


def _bars_across_lines(rows: Rows) -> str:
    return "".join(f"{cell} | " if cell else "\n|\n" for row in rows for cell in row) + "\n"


def _bar_alone(rows: Rows) -> str:
    return "".join("\n|\n".join(row).replace("\n\n", "\n").removesuffix("\n") + "\n" for row in rows)


def _blank_lines(rows: Rows) -> str:
    return "".join(f"{cell}\n\n" if cell else "\n" for row in rows for cell in row)


def _two_blank_lines_for_a_blank(rows: Rows) -> str:
    return "".join(f"{cell}\n\n" for row in rows for cell in row)


def _tab_dump(rows: Rows) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


def _tab_rows(rows: Rows) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


FORMS = {
    "a row of bars on each line": _bar_rows,
    "a row of bars on each line, open at the end": _open_bar_rows,
    "a bar after each cell": _bar_after_each_cell,
    "a bar before and after each cell": _bar_before_each_cell,
    "bars across lines": _bars_across_lines,
    "a bar alone between cells": _bar_alone,
    "blank lines": _blank_lines,
    "two blank lines for a blank cell": _two_blank_lines_for_a_blank,
    "a TAB before each cell": _tab_dump,
    "a row of TABs on each line": _tab_rows,
}
"""How a table is written in each form, given the cells that each of its rows prints."""


def printed_rows(table: Table, *, blank_where_merged: bool = False) -> Rows:
    """Return the cells of each row as dumps print them, those merged from the left gone.

    Those that go on from above are gone as well, or blank: dumps of Word files print them so.
    """
    grid = Grid(table)
    return [
        [
            " ".join(cell.text.split()) if cell.row == row else ""
            for cell in grid.row(row)
            if blank_where_merged or cell.row == row
        ]
        for row in grid.rows()
    ]


def with_lines(table: Table, write: Callable[[Rows], str], *, blank_where_merged: bool = False) -> str:
    """Return a table in one of the forms, below the lines before it."""
    lines = "".join(f"{line.text}\n" for line in table.before)
    written = write(printed_rows(table, blank_where_merged=blank_where_merged))
    return f"\n{lines}\n{written}" if lines else written
