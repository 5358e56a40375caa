"""What persons corrected of the cells in which a declaration stands, with reason and author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .asking import ask
from .places import Place

if TYPE_CHECKING:
    import pyoxigraph as ox

    from ..store import Store


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell as it prints and as it is read; `when` is an ISO date, empty where nobody said."""

    printed: str
    reading: str
    reason: str
    who: str
    when: str


def corrections(store: Store, declaration: ox.NamedNode) -> dict[Place, Correction]:
    """Return the corrections that are applied, by cell of the tables of a declaration."""
    return {
        Place(row.count("table"), row.count("row"), row.count("column")): Correction(
            printed=row.text("printed"),
            reading=row.text("reading"),
            reason=row.text("reason"),
            who=row.text("who"),
            when=row.text("created"),
        )
        for row in ask(store, "corrections", declaration=declaration)
    }
