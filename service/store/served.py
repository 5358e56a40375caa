"""A store on disk as a service has it: read on snapshots, by processes that can be ended; written to by turns.

The folder is open only while something is written, so that a load in another process finds its way in.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from loader.workers import forking_from

from .answering import Asked
from .asker import Asker
from .changing import Changing
from .disk import catch_up, snapshot_store
from .errors import NoSnapshot, StoreError
from .in_loop import IN_LOOP
from .interface import EVERYTHING, LEAST, Dataset, Store
from .pool import Pool
from .snapshots import Snapshots
from .watcher import NOBODY
from .writing_turn import WritingTurn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from .bounds import Bounds
    from .interface import Opening
    from .watcher import Watcher

log = logging.getLogger(__name__)

_SOON: Final = 1.0
"""Seconds until somebody looks whether a load was killed before others could see what it had done."""


_COUNT: Final = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
_SHARE_OF_COUNTING: Final = 0.01
"""What counting may take of the time: a large store that changes often is not counted each time."""


class ServedStore(Store):
    """A store that answers strangers; what it is changed by is seen at once."""

    keeps_digests = True

    def __init__(
        self, folder: Path, bounds: Bounds, beside: tuple[str, ...] = (), watcher: Watcher = NOBODY
    ) -> None:
        """Begin to serve a folder. Raises `StoreLocked` where it is being loaded for the first time.

        `beside`: modules that other processes forked from the same server want to have read.
        """
        catch_up(folder)
        self._folder = folder
        self._bounds = bounds
        self._snapshots = Snapshots(folder)
        context = forking_from(*beside, "service.store.answering", "service.store.changing")
        self._pool = Pool(bounds, context, watcher)
        self._changing = Changing(folder, bounds, context)
        self._watcher = watcher
        self._asker = Asker("")
        self._writing = WritingTurn(folder)
        self._closing = Event()
        self._keeping_up = Thread(target=self._keep_up, daemon=True)
        self._keeping_up.start()
        if watcher.counts:
            Thread(target=self._count_often, daemon=True).start()

    def asked_by(self, asker: Asker) -> Self:
        """Return this store as it answers one who asks: in turn with others, and for as long as they wait."""
        view = object.__new__(type(self))
        # what `copy.copy` does, which takes as long as all else that is done here for a small query
        view.__dict__ = {**self.__dict__, "_asker": asker}
        return view

    def query(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the whole answer, as every store does.

        Raises also `QueryTooLong`, `QueryTooDemanding`, `AnswerTooLarge`, `TooManyQueries` and `QueryAbandoned`. What
        is looked at before a query runs is looked at where it runs: a long text takes a second.
        """
        return self._read(sparql, media_type, dataset)

    async def answer(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the answer as `query` does; no thread waits for it."""
        with self._snapshots.newest() as snapshot:
            asked = _asked(snapshot, sparql, media_type, dataset)
            return await self._pool.answered(asked, self._asker, IN_LOOP)

    @contextmanager
    def lent(self) -> Iterator[Opening]:
        """Have the newest snapshot stay, which another process may read."""
        with self._snapshots.newest() as snapshot:
            yield partial(snapshot_store, snapshot)

    def moment(self) -> str:
        """Return the name of the newest snapshot."""
        return self._snapshots.name_of_newest()

    def ready(self) -> None:
        """Return where queries are answered, be it that others are at the moment."""
        with self._snapshots.newest():
            has_time = self._pool.has_time()
        if has_time:
            self.asked_by(Asker("whether it is ready", "about readiness")).query(LEAST, "text/csv")

    def close(self) -> None:
        """End the processes, and leave the folder to others."""
        self._closing.set()
        self._keeping_up.join(_SOON)
        self._pool.close()

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        with self._snapshots.newest() as snapshot:
            return self._pool.answer(_asked(snapshot, sparql, media_type, dataset), self._asker)

    def _write(self, update: str) -> None:
        with self._writing.within(self._bounds.update_seconds):
            self._changing.run(update, self._asker)

    def _keep_up(self) -> None:
        version = self._told_version(0)
        while not self._closing.wait(_SOON):
            try:
                with self._writing.among_threads():
                    catch_up(self._folder, patience=0)
            except StoreError as error:
                log.warning("what was loaded last cannot be seen yet: %s", error)
            version = self._told_version(version)

    def _told_version(self, known: int) -> int:
        """Return the version that is read, and tell of it unless it is known."""
        version = self._snapshots.newest_number
        if version not in {known, 0}:
            with suppress(NoSnapshot), self._snapshots.newest() as snapshot:
                self._pool.read_only(str(snapshot))
            log.info("version %d of the data is read from now on", version, extra={"event": "data"})
            self._watcher.published(version)
        return version

    def _count_often(self) -> None:
        counted = 0
        while not self._closing.wait(_SOON):
            version = self._snapshots.newest_number
            if version == counted:
                continue
            begun, counted = time.monotonic(), version
            with suppress(StoreError):  # it is only a figure, and is tried again with the next version
                told = self.asked_by(Asker("who counts", "that count for the metrics")).query(
                    _COUNT, "text/csv"
                )
                self._watcher.counted(int(told.split()[1]))
            self._closing.wait((time.monotonic() - begun) / _SHARE_OF_COUNTING)


def _asked(snapshot: Path, sparql: str, media_type: str, dataset: Dataset) -> Asked:
    return Asked(str(snapshot), sparql, media_type, dataset.default_graphs, dataset.named_graphs)


class PassingStore(ServedStore):
    """A store that is gone when it is closed; it is in a temporary folder until then."""

    def __init__(self, bounds: Bounds, beside: tuple[str, ...] = (), watcher: Watcher = NOBODY) -> None:
        """Begin to serve an empty store."""
        self._passing = TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True)
        super().__init__(Path(self._passing.name), bounds, beside, watcher)

    def close(self) -> None:
        """End the processes, and let go of what was stored."""
        super().close()
        self._passing.cleanup()
