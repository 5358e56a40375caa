"""A store whose queries and changes are counted, whichever kind it is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .store import EVERYTHING, Asker, Changes, Dataset, Store, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .metrics import Metrics
    from .store import Opening

    _Tell = Callable[[StoreError | None, float], None]


class WatchedStore(Store):
    """Hands everything to a store, and tells the metrics what became of it."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    def query(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the whole answer."""
        with _told(self._metrics.query):
            return self._store.query(sparql, media_type, dataset)

    async def answer(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the whole answer to who asks in an event loop."""
        with _told(self._metrics.query):
            return await self._store.answer(sparql, media_type, dataset)

    def apply(self, changes: Changes) -> None:
        """Make all the changes at once, or none."""
        with _told(self._tell_change):
            self._store.apply(changes)

    def update(self, sparql: str, using: Dataset = EVERYTHING, *, besides: str = "") -> None:
        """Run an update that somebody else wrote."""
        with _told(self._tell_change):
            self._store.update(sparql, using, besides=besides)

    def asked_by(self, asker: Asker) -> Store:
        """Return this store as it answers one who asks."""
        return WatchedStore(self._store.asked_by(asker), self._metrics)

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return self._store.graphs()

    def statements(self, graph: str) -> list[str]:
        """Return the statements of a graph as lines of N-Triples, sorted."""
        return self._store.statements(graph)

    def digests_of(self, graphs: Iterable[str]) -> Mapping[str, str]:
        """Return what stands for the content of each graph."""
        return self._store.digests_of(graphs)

    def ready(self) -> None:
        """Return where queries are answered."""
        self._store.ready()

    def moment(self) -> str:
        """Return what stands for the state in which the store is asked now."""
        return self._store.moment()

    @contextmanager
    def lent(self) -> Iterator[Opening | None]:
        """Have the store stay as it is now, and tell how another process opens it."""
        with self._store.lent() as opening:
            yield opening

    def mend(self) -> None:
        """Finish what others began to change and left."""
        self._store.mend()

    def close(self) -> None:
        """Let go of what the store holds."""
        self._store.close()

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        return self._store._read(sparql, media_type, dataset)  # noqa: SLF001 - it is one of us

    def _write(self, update: str) -> None:
        self._store._write(update)  # noqa: SLF001 - it is one of us

    def _tell_change(self, error: StoreError | None, seconds: float) -> None:
        del seconds
        self._metrics.change(error)


@contextmanager
def _told(tell: _Tell) -> Iterator[None]:
    begun = time.perf_counter()
    try:
        yield
    except StoreError as error:
        tell(error, time.perf_counter() - begun)
        raise
    tell(None, time.perf_counter() - begun)
