"""A load that goes on: which documents a store has already, by their bytes. Imported by the command `load`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from ontology import identifiers

from . import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..store import Store
    from .sources import Source

_AT_ONCE: Final = 500
"""Documents that are asked about in one query."""


def not_yet_loaded(store: Store, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that the catalogue of the store has no entry of; archives are gone through again.

    A document is entered there with the last of what it changes, so one that is entered is whole.
    """
    rest: list[Source] = []
    for begin in range(0, len(sources), _AT_ONCE):
        batch = [(_graph_of(source), source) for source in sources[begin : begin + _AT_ONCE]]
        known = catalogue.precedences_of(store, [graph for graph, _ in batch if graph is not None])
        rest += [source for graph, source in batch if graph is None or known[graph] == catalogue.NEVER_LOADED]
    return rest


def _graph_of(source: Source) -> str | None:
    """Return the graph of a document; None of a file that cannot be read, for the load to tell of it."""
    try:
        content = source.path.read_bytes() if source.data is None else source.data
    except OSError:
        return None
    return str(identifiers.disclosure_graph(hashlib.sha256(content).hexdigest()))
