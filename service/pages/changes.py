"""What the versions of a declaration changed, step by step from one publication to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ontology.namespaces import JXI

from .asking import ask

if TYPE_CHECKING:
    import pyoxigraph as ox

    from ..answers import Row
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than before; a text is empty where there is none."""

    kind: str
    """The slug of its kind: softened, amount, …"""
    label: str
    indicator: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A document that states a version; its date is an ISO text, empty when unknown."""

    key: str
    title: str
    published: str


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next."""

    earlier: Edition
    later: Edition
    changes: tuple[Change, ...]


def steps(store: Store, declaration: ox.NamedNode, language: ox.Literal) -> tuple[Step, ...]:
    """Return what changed in a declaration, the latest step first."""
    rows = ask(store, "changes", declaration=declaration, language=language)
    return tuple(_step(list(group)) for _, group in groupby(rows, key=_between))


def _between(row: Row) -> tuple[str, ...]:
    return row.text("compared"), row.text("earlier"), row.text("later")


def _step(rows: list[Row]) -> Step:
    return Step(_edition(rows[0], "earlier"), _edition(rows[0], "later"), tuple(_change(row) for row in rows))


def _edition(row: Row, which: str) -> Edition:
    key = row.text(which).removeprefix(f"{JXI}disclosure/")
    return Edition(key, row.text(f"{which}Title") or key, row.text(f"{which}Day"))


def _change(row: Row) -> Change:
    return Change(
        kind=row.text("kind").rpartition("/")[2],
        label=row.text("kindLabel"),
        indicator=row.text("indicator"),
        field=row.text("field") or row.text("fieldConcept"),
        before=row.text("before"),
        after=row.text("after"),
    )
