"""Digests of graphs, kept in the store beside them: by which it is known that a graph is what it was, unread.

A digest goes with the first change of its graph, in the same transaction: every change that is made through a `Store`
says which graphs it touches, and an update that somebody wrote is taken to touch all of them. So a digest that is
there is right, in a store to which nobody else writes. They come in by `Changes.digests` alone; whatever else is
written into their graph ends them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GRAPH: Final = str(identifiers.DIGESTS_GRAPH)
NO_LONGER: Final = f"DROP SILENT GRAPH <{GRAPH}>"
"""The operation of SPARQL that ends all digests."""
_IS: Final = f"<{PREFIXES['dcterms']}identifier>"


def no_longer_of(graphs: Iterable[str]) -> str:
    """Return the operation of SPARQL that ends the digests of some graphs; all where theirs is among them."""
    touched = sorted(set(graphs))
    if GRAPH in touched:
        return NO_LONGER
    if not touched:
        return ""
    kept = f"GRAPH <{GRAPH}> {{ ?graph {_IS} ?digest }}"
    return f"DELETE {{ {kept} }} WHERE {{ {_values(touched)} {kept} }}"


def as_nquads(digests: Mapping[str, str]) -> bytes:
    """Return digests, by the IRI of what they are of, as the statements by which they are kept."""
    kept = (
        f"{ox.NamedNode(graph)} {_IS} {ox.Literal(digests[graph])} <{GRAPH}> .\n" for graph in sorted(digests)
    )
    return "".join(kept).encode()


def asked_for(graphs: Iterable[str]) -> str:
    """Return the query for the digests of some graphs."""
    return f"SELECT ?graph ?digest {{ {_values(graphs)} GRAPH <{GRAPH}> {{ ?graph {_IS} ?digest }} }}"


def _values(graphs: Iterable[str]) -> str:
    return f"VALUES ?graph {{ {' '.join(str(ox.NamedNode(graph)) for graph in graphs)} }}"
