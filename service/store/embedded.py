"""The store inside this process: pyoxigraph, in memory or on disk.

Updates are transactions with snapshot isolation: a query that runs sees the store as it was when it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from .errors import ChangeRefused, QueryRefused, StoreLocked, StoreUnavailable
from .formats import rdf_format, row_format
from .interface import Dataset, Store, written
from .query_text import names_its_dataset, syntax_error

if TYPE_CHECKING:
    from pathlib import Path

_Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class EmbeddedStore(Store):
    """A pyoxigraph store; `path` is a folder, None keeps everything in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._engine = ox.Store() if path is None else _opened(path)

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        try:
            return _serialised(self._run(sparql, dataset), media_type)
        except SyntaxError as error:
            raise syntax_error(str(error.msg)) from error
        except (RuntimeError, ValueError) as error:
            raise QueryRefused(f"the query cannot be run: {error}") from error
        except OSError as error:
            raise StoreUnavailable(f"the store on disk could not be read: {error}") from error

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
            raise syntax_error(str(error.msg)) from error
        except (RuntimeError, ValueError) as error:
            raise ChangeRefused(f"the update cannot be run: {error}") from error
        except OSError as error:
            raise StoreUnavailable(f"the store on disk could not be written: {error}") from error

    def _run(self, sparql: str, dataset: Dataset) -> _Answer:
        if not dataset:
            return self._engine.query(sparql, use_default_graph_as_union=not names_its_dataset(sparql))
        return self._engine.query(
            sparql,
            default_graph=[_graph(iri) for iri in dataset.default_graphs],
            named_graphs=[_graph(iri) for iri in dataset.named_graphs],
        )


def _serialised(answer: _Answer, media_type: str) -> bytes:
    """Return the answer written out; the engine works while it is read, so errors may come from here."""
    if isinstance(answer, ox.QueryTriples):
        # an engine may find a triple more than once; a graph has it once
        return written(dict.fromkeys(answer), rdf_format(media_type))
    return answer.serialize(format=row_format(media_type)) or b""


def _graph(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryRefused(f"{iri!r} cannot name a graph: it is not an absolute IRI ({error})") from error


def _opened(path: Path) -> ox.Store:
    try:
        path.mkdir(parents=True, exist_ok=True)
        return ox.Store(str(path))
    except OSError as error:
        if "lock" in str(error).lower():
            message = (
                f"the store at {path} is open in another process (a running `jixiao serve`, or a load). "
                "Only one process can open it at a time: wait for that one to end, or stop it first."
            )
            raise StoreLocked(message) from error
        raise StoreUnavailable(f"the store at {path} cannot be opened: {error}") from error
