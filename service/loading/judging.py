"""What the rules say of a document: before it is loaded, while it is, and once it is in a store.

One place, so that `jixiao check` says of a store what `jixiao load` said of its documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapes
from ontology import identifiers

from . import reading
from .statements import as_nquads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..store import Store
    from .statements import Statement


def judge_quads(nquads: bytes) -> shapes.Report:
    """Judge the statements of any graphs, as one."""
    return shapes.check(shapes.graph_of(nquads))


def judge_statements(statements: Iterable[Statement]) -> shapes.Report:
    """Judge a document's statements, which hold those of the register about the things it names."""
    return judge_quads(as_nquads(statements, str(identifiers.REGISTER_GRAPH)))


def judge_in_store(store: Store, own: list[Statement]) -> shapes.Report:
    """Judge what a document states, with what a store's register says of the things it names."""
    return judge_statements([*own, *reading.named_in_register(store, own)])


def judge_store(store: Store) -> shapes.Report:
    """Judge every document of a store by itself."""
    graphs = [graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph)]
    return shapes.merged([judge_in_store(store, reading.graph_of(store, graph)) for graph in graphs])
