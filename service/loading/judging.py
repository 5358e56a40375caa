"""What the rules say of a document: before it is loaded, while it is, and once it is in a store.

One place, so that `jixiao check` says of a store what `jixiao load` said of its documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapes
from ontology import identifiers

from . import reading
from .amendment import Amendment
from .register import Register
from .statements import as_nquads, by_graph

if TYPE_CHECKING:
    from ..store import Store
    from .statements import Statement


def judge_quads(nquads: bytes, own: shapes.OwnShapes | None = None) -> shapes.Report:
    """Judge the statements of any graphs, as one, by the rule book and perhaps by somebody's own shapes."""
    return shapes.check(shapes.graph_of(nquads), own=own)


def judge_store(store: Store, own: shapes.OwnShapes | None = None) -> shapes.Report:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    graphs = [graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph)]
    judge = Judge(own)
    return shapes.merged([judge.of(reading.graph_of(store, graph), Register(store)) for graph in graphs])


class Judge:
    """Judges documents, and the same statements only once."""

    def __init__(self, own: shapes.OwnShapes | None = None) -> None:
        """Begin without a judgement; `own` shapes are asked beside the rule book."""
        self._own = own
        self._reports: dict[frozenset[Statement], shapes.Report] = {}

    def of(self, own: list[Statement], register: Register) -> shapes.Report:
        """Judge what a document states, with what the register says of the things it names."""
        statements = frozenset([*own, *register.named_by(own)])
        if statements not in self._reports:
            nquads = as_nquads(sorted(statements), str(identifiers.REGISTER_GRAPH))
            self._reports[statements] = judge_quads(nquads, self._own)
        return self._reports[statements]


def enter(store: Store, graph: str, report: shapes.Report) -> Amendment:
    """Return how the report on a document, named by its graph, changes in the store."""
    key = identifiers.key_of_graph(graph)
    home = str(identifiers.report_graph(key))
    return Amendment.between(home, reading.graph_of(store, home), by_graph(report.nquads(key))[home])
