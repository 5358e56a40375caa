"""Cells of source tables, as pages point at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .asking import ask, iri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a source table: the table's number in its document, row and column from 1."""

    table: int
    row: int
    column: int

    @property
    def anchor(self) -> str:
        """The name of the cell on the page."""
        return f"cell-{self.table}-{self.row}-{self.column}"


def places_of(store: Store, findings: Iterable[str]) -> dict[str, Place]:
    """Return, by finding, the first cell that each is quoted from."""
    places: dict[str, Place] = {}
    for row in ask(store, "cells-of-findings", findings=[iri(finding) for finding in findings]):
        place = Place(row.count("table"), row.count("row"), row.count("column"))
        places.setdefault(row.text("finding"), place)
    return places
