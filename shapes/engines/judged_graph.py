"""The graph that pySHACL is given to judge: it prepares each query once, and can show the shapes to a query.

pySHACL hands the text of a constraint to the graph for each focus node, and rdflib parses it every time: most of
all the time. A prepared query gives the same answers; what varies, the focus node, is bound when it runs.
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery

from .result import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Processor, Result
    from rdflib.term import Identifier

SHAPES_GRAPH_VARIABLE: Final = "jixiaoShapesGraph"
"""The variable that stands for `$shapesGraph` in the queries of `dialect`."""
_SHAPES_GRAPH: Final = URIRef("urn:x-jixiao:shapes-graph")
_PARSING: Final = threading.Lock()
"""One query is parsed at a time: rdflib's grammar keeps its state in itself, and two threads break each other's."""


class JudgedGraph(Graph):
    """A graph to judge. `shapes` is the graph that queries see as `$shapesGraph`."""

    def __init__(self, shapes: Graph | None = None) -> None:
        """Begin empty. Namespaces stay unbound: constraints declare their own prefixes."""
        super().__init__(bind_namespaces="none")
        self._shapes = shapes

    def query(
        self,
        query_object: str | Query,
        processor: str | Processor = "sparql",
        result: str | type[Result] = "sparql",
        initNs: Mapping[str, Any] | None = None,  # noqa: N803 - the names of rdflib
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        *args: Any,
        **options: Any,
    ) -> Result:
        """Answer a query, prepared when its text first came."""
        if not isinstance(query_object, str):
            return super().query(query_object, processor, result, initNs, initBindings, *args, **options)
        query = _prepared(query_object, threading.get_ident())
        if SHAPES_GRAPH_VARIABLE not in query_object:
            return super().query(query, processor, result, initNs, initBindings, *args, **options)
        bindings = {**(initBindings or {}), SHAPES_GRAPH_VARIABLE: _SHAPES_GRAPH}
        return self._beside_shapes.query(query, processor, result, initNs, bindings, *args, **options)

    @cached_property
    def _beside_shapes(self) -> Dataset:
        """The data as the default graph, the shapes as the one named graph."""
        both = Dataset()
        for triple in self:
            both.default_graph.add(triple)
        for triple in self._shapes if self._shapes is not None else ():
            both.graph(_SHAPES_GRAPH).add(triple)
        return both


@lru_cache(maxsize=512)
def _prepared(text: str, thread: int) -> Query:  # noqa: ARG001
    """Return a prepared query of one thread: while it runs, rdflib keeps its bindings in it."""
    try:
        with _PARSING:
            return prepareQuery(text)
    except Exception as error:  # rdflib tells an unknown prefix by a bare Exception
        raise ValidationError(f"the query of a constraint cannot be used: {error}\n{text}") from error
