"""What a process that answers does: one query after another on a snapshot, each whole or an error.

Importing this is what such processes are forked from.
"""

from __future__ import annotations

import os
import resource
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

from .disk import opened_to_read
from .embedded import EmbeddedStore
from .errors import QueryTooDemanding, StoreError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from .bounds import Bounds
    from .interface import Dataset

_PATIENCE: Final = 0.5
"""Seconds of work after which a query lets others go first."""
_NICE: Final = 10
"""Niceness of those who do: they get a tenth of what others get."""
ROOM: Final = 4 << 30
"""Address space in bytes for what a process is before it is asked anything: code, an open store, its threads."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the snapshot that answers it, and what it may take."""

    snapshot: Path
    sparql: str
    media_type: str
    dataset: Dataset
    bounds: Bounds


def ready() -> None:
    """Return: whoever has called this knows that the process has read all it needs."""


def answered(asked: Asked) -> bytes | StoreError:
    """Return the answer, or what is wrong with the query."""
    try:
        store = EmbeddedStore(_engine(asked.snapshot, asked.bounds.memory), asked.bounds.most)
    except StoreError as error:
        return error
    hand, begun = _hand(), time.process_time()
    hand.take(asked, store)
    while (given := hand.given(_PATIENCE)) is None:
        if time.process_time() - begun > _PATIENCE:
            hand.stand_back()
        if _nobody_is_left():
            os._exit(1)
    if hand.stood_back:
        hand.leave()
        _hand.cache_clear()
    if given.answer is None:
        raise RuntimeError("the query ended in an error that nobody foresaw")
    return given.answer


def _nobody_is_left() -> bool:
    """Return whether the service is gone, which alone would end this process."""
    # not the parent as the system has it: that is the server of the fork, which lives as long as one of its children
    service = parent_process()
    return service is not None and not service.is_alive()


@dataclass(frozen=True, slots=True)
class _Given:
    """What became of a query; no answer where it ended in an error that nobody foresaw."""

    answer: bytes | StoreError | None


class _Hand(Thread):
    """Runs one query after another, until one took so long that it stood back for others.

    In a thread of its own because niceness is of a thread and cannot be undone: the next query gets another hand.
    One for each query would take longer than most queries do.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stood_back = False
        self._tasks: SimpleQueue[tuple[Asked, EmbeddedStore] | None] = SimpleQueue()
        self._given: SimpleQueue[_Given] = SimpleQueue()
        self.start()

    def run(self) -> None:
        """Answer queries until there is none any more."""
        while (task := self._tasks.get()) is not None:
            answer = None
            try:
                answer = self._answer(*task)
            finally:
                self._given.put(_Given(answer))

    def take(self, asked: Asked, store: EmbeddedStore) -> None:
        """Begin with a query."""
        self._tasks.put((asked, store))

    def given(self, seconds: float) -> _Given | None:
        """Return what became of the query, None where nothing did within some seconds."""
        try:
            return self._given.get(timeout=seconds)
        except Empty:
            return None

    def stand_back(self) -> None:
        """Let others go first from now on."""
        self.stood_back = True
        with suppress(ProcessLookupError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, self.native_id or 0, _NICE)

    def leave(self) -> None:
        """End when the query is answered."""
        self._tasks.put(None)

    def _answer(self, asked: Asked, store: EmbeddedStore) -> bytes | StoreError:
        try:
            return store.query(asked.sparql, asked.media_type, asked.dataset)
        except StoreError as error:
            # what it holds of this thread may be let go in no other
            error.__traceback__ = error.__cause__ = error.__context__ = None
            return error
        except MemoryError:
            return too_demanding(asked.bounds)


@lru_cache(maxsize=1)
def _hand() -> _Hand:
    """Return the thread that runs queries."""
    return _Hand()


def too_demanding(bounds: Bounds) -> QueryTooDemanding:
    """Return what is told of a query for which there is not enough memory."""
    return QueryTooDemanding(
        f"the query ended the process that answered it: it needs more than {bounds.memory >> 20:,} MiB, or is nested "
        "too deeply. Ask for less at a time: name a unit, a year or a graph"
    )


@lru_cache(maxsize=1)
def _engine(snapshot: Path, memory: int) -> ox.Store:
    """Return the snapshot opened, with so much memory left for a query.

    The one before is closed, for what is asked next is asked of the newest.
    """
    leave_memory(ROOM)
    engine = opened_to_read(snapshot)
    leave_memory(memory)
    return engine


def leave_memory(room: int) -> None:
    """Let this process have so many bytes more than it has now, as far as its own bound goes."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(FileNotFoundError):  # a system that does not tell: the bound of the process holds
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        bound = pages * resource.getpagesize() + room
        resource.setrlimit(resource.RLIMIT_AS, (bound if most < 0 else min(bound, most), most))
