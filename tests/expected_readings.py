"""What the shared disclosures must be read as, as far as a reader of files alone can be held to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from loader.grid import Grid

if TYPE_CHECKING:
    from pathlib import Path

    from loader.model import Document


def project_names(path: Path) -> list[str]:
    """Return the names of the projects that a file prints."""
    return [project["name"] for project in _projects(path) if project["name"]]


def indicator_values(path: Path) -> list[tuple[str, list[str]]]:
    """Return name and value of each indicator of a file; a value in each way it may be put together."""
    return [
        (bare(indicator["name"]), [bare(text) for text in _several(indicator["value_text"])])
        for project in _projects(path)
        for indicator in project.get("indicators", ())
    ]


def texts(document: Document) -> set[str]:
    """Return the texts of all cells without blanks."""
    return {bare(cell.text) for table in document.tables for cell in table.cells}


def rows(document: Document) -> list[list[str]]:
    """Return the texts of each row of each table without blanks, merged cells from above included."""
    return [
        [bare(cell.text) for cell in grid.row(row)]
        for grid in map(Grid, document.tables)
        for row in grid.rows()
    ]


def states(row: list[str], name: str, values: list[str]) -> bool:
    """Return whether a row prints a name in a cell, and to the right of it a value, in one cell or several."""
    if name not in row:
        return False
    behind = "".join(row[row.index(name) + 1 :])
    return any(value in behind for value in values)


def bare(text: str) -> str:
    """Return a text without blanks."""
    return "".join(text.split())


def _projects(path: Path) -> list[dict[str, object]]:
    expected = json.loads((path.parent / "expected.json").read_text("utf-8"))
    return expected["files"][path.name]["projects"]


def _several(value: object) -> list[str]:
    return value if isinstance(value, list) else [value]
