"""The store inside this process: pyoxigraph, in memory or wherever it was opened.

Updates are transactions with snapshot isolation: a query that runs sees the store as it was when it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .errors import ChangeRefused, EndpointFailed, QueryRefused, StoreUnavailable
from .interface import Dataset, Store
from .query_text import NO_SERVICES, asks_elsewhere, names_its_dataset, syntax_error
from .serialising import serialised
from .update_text import late_declaration

if TYPE_CHECKING:
    from .bounds import Most
    from .serialising import Answer


_SERVICE_FAILED: Final = (
    "an endpoint that the query asks by SERVICE gave no answer that can be used, and there is no answer without it: "
    "{told}"
)
_MOST_TOLD: Final = 300


class EmbeddedStore(Store):
    """A pyoxigraph store; `most` is the largest answer, None bounds nothing, `services` what SERVICE may ask."""

    keeps_digests = True

    def __init__(
        self,
        engine: ox.Store | None = None,
        most: Most | None = None,
        services: frozenset[str] = NO_SERVICES,
    ) -> None:
        self._engine = ox.Store() if engine is None else engine
        self._most = most
        self.services = services

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        try:
            return serialised(self._run(sparql, dataset), media_type, self._most)
        except SyntaxError as error:
            raise syntax_error(str(error.msg)) from error
        except (RuntimeError, ValueError) as error:
            self._tell_of_services(sparql, error)
            raise QueryRefused(f"the query cannot be run: {error}") from error
        except OSError as error:
            self._tell_of_services(sparql, error)
            raise StoreUnavailable(f"the store on disk could not be read: {error}") from error

    def _tell_of_services(self, sparql: str, error: Exception) -> None:
        """Raise `EndpointFailed` where it was an endpoint, asked by SERVICE, that did not answer as it should."""
        if self.services and asks_elsewhere(sparql):
            raise EndpointFailed(_SERVICE_FAILED.format(told=str(error)[:_MOST_TOLD])) from error

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs that hold something, sorted; no statement but their first is read."""
        named = (graph for graph in self._engine.named_graphs() if isinstance(graph, ox.NamedNode))
        return tuple(sorted(graph.value for graph in named if self._holds_something(graph)))

    def _holds_something(self, graph: ox.NamedNode) -> bool:
        return next(self._engine.quads_for_pattern(None, None, None, graph), None) is not None

    def statements(self, graph: str) -> list[str]:
        """Return the statements of a graph as lines of N-Triples, sorted; without the detour of a query."""
        try:
            dumped = self._engine.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=_graph(graph)) or b""
        except OSError as error:
            raise StoreUnavailable(f"the store on disk could not be read: {error}") from error
        return sorted(dumped.decode().split("\n")[:-1])

    def _write(self, update: str) -> None:
        try:
            self._engine.update(update)
        except SyntaxError as error:
            raise (late_declaration(update) or syntax_error(str(error.msg))) from error
        except (RuntimeError, ValueError) as error:
            raise ChangeRefused(f"the update cannot be run: {error}") from error
        except OSError as error:
            raise StoreUnavailable(f"the store on disk could not be written: {error}") from error

    def _run(self, sparql: str, dataset: Dataset) -> Answer:
        if not dataset:
            return self._engine.query(sparql, use_default_graph_as_union=not names_its_dataset(sparql))
        return self._engine.query(
            sparql,
            default_graph=[_graph(iri) for iri in dataset.default_graphs],
            named_graphs=[_graph(iri) for iri in dataset.named_graphs],
        )


def _graph(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryRefused(f"{iri!r} cannot name a graph: it is not an absolute IRI ({error})") from error
