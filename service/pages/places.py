"""Cells of source tables, as pages point at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.places import Position

from .asking import ask, iri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..answers import Row
    from ..negotiation import Language
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a source table: the table's number in its document, row and column from 1."""

    table: int
    row: int
    column: int
    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    address: str | None = None
    """Where a text, a PDF or a spreadsheet has the cell, as far as it says."""
    cell: str = ""
    """Its IRI, where it is known."""

    def told(self, language: Language) -> str:
        """Return the place in words."""
        position = Position(self.sheet, self.address, self.page, self.table, self.row, self.column, self.line)
        return position.told(language)

    @property
    def anchor(self) -> str:
        """The name of the cell on the page."""
        return f"cell-{self.table}-{self.row}-{self.column}"


def places_of(store: Store, findings: Iterable[str]) -> dict[str, tuple[Place, ...]]:
    """Return, by finding, the cells that each is quoted from."""
    places: dict[str, tuple[Place, ...]] = {}
    for row in ask(store, "cells-of-findings", findings=[iri(finding) for finding in findings]):
        finding = row.text("finding")
        places[finding] = (*places.get(finding, ()), _place(row))
    return places


def _place(row: Row) -> Place:
    return Place(
        row.count("table"),
        row.count("row"),
        row.count("column"),
        line=row.count("cellLine") or row.count("tableLine") or None,
        page=row.count("cellPage") or row.count("tablePage") or None,
        sheet=row.text("cellSheet") or row.text("tableSheet") or None,
        address=row.text("address") or None,
        cell=row.text("cell"),
    )
