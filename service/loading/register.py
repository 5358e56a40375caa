"""The register's part in the change that a document makes: what it adds, and names settled among all documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology import identifiers

from . import naming, reading
from .statements import as_nquads, iri, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..store import Store
    from .settlement import Settlement
    from .statements import Statement

_REGISTER: Final = str(identifiers.REGISTER_GRAPH)


def settle_names(
    store: Store, graph: str, told: list[Statement], outcome: Settlement
) -> tuple[list[Statement], list[Statement]]:
    """Return what the register loses and what it gains by what a document tells of shared things.

    `graph` is the document's own: what the store holds there does not count, `outcome` takes its place.
    """
    ours = [statement for statement in told if naming.is_label(statement)]
    things = sorted({statement.subject for statement in ours})
    known = [s for s in reading.about(store, _REGISTER, things) if naming.is_label(s)]
    gone = {s.subject for statements in outcome.taken.values() for s in statements}
    namings = [
        *naming.namings_in(outcome.own),
        *(said for said in _namings(store, things, graph) if said.declaration not in gone),
    ]
    others = [statement for statement in told if not naming.is_label(statement)]
    return known, others + naming.settled([*known, *ours], namings)


def as_quads(statements: Iterable[Statement]) -> bytes:
    """Return statements as N-Quads of the register."""
    return as_nquads(statements, _REGISTER)


def _namings(store: Store, things: list[str], except_graph: str) -> list[naming.Naming]:
    """Return what the declarations of other documents call some things."""
    if not things:
        return []
    patterns = " UNION ".join(
        f"{{ ?declaration {points_at} ?thing ; {prints} ?name }}" for points_at, prints in naming.NAMED_BY
    )
    query = f"""SELECT ?declaration ?thing ?name {{
        VALUES ?thing {{ {" ".join(things)} }}
        GRAPH ?graph {{ {patterns} }}
        FILTER(?graph != <{except_graph}>)
    }}"""
    return [
        naming.Naming(iri(row["declaration"]), iri(row["thing"]), literal(row["name"]))
        for row in reading.rows(store, query)
    ]
