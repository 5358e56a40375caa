"""What a process that answers does: one query after another on a snapshot, each whole or an error.

Importing this is what such processes are forked from.
"""

from __future__ import annotations

import os
import resource
import signal
from contextlib import suppress
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple

from loader.workers import FaultsTold, answer_next

from .disk import opened_to_read
from .embedded import EmbeddedStore
from .errors import QueryTooDemanding, StoreError
from .interface import Dataset

if TYPE_CHECKING:
    from loader.wires import Wire

    from .bounds import Bounds

_LOOK: Final = 1.0
"""Seconds between two looks whether the service is still there."""
_PATIENCE: Final = 0.5
"""Seconds of work after which a query lets others go first."""
_NICE: Final = 10
"""Niceness of those who do: they get a tenth of what others get."""
ROOM: Final = 4 << 30
"""Address space in bytes for what a process is before it is asked anything: code, an open store, its threads."""


class Asked(NamedTuple):
    """A query, the snapshot that answers it, and the graphs that it sees; a tuple, which is quickly sent."""

    snapshot: str
    sparql: str
    media_type: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def answer_queries(bounds: Bounds, wire: Wire) -> None:
    """Answer one query after another until nobody asks any more, or the service is gone.

    Niceness is of a thread and cannot be undone: after a query that stood back for others, another hand goes on.
    """
    reading, stood_back = _Reading(bounds), True
    while stood_back:
        hand = _Hand(reading, wire)
        signal.signal(signal.SIGPROF, hand.stand_back)
        hand.start()
        while hand.is_alive():
            hand.join(_LOOK)
            if _nobody_is_left():
                os._exit(1)
        stood_back = hand.stood_back


def _nobody_is_left() -> bool:
    """Return whether the service is gone, which alone would end this process."""
    # not the parent as the system has it: that is the server of the fork, which lives as long as one of its children
    service = parent_process()
    return service is not None and not service.is_alive()


class _Hand(Thread):
    """Answers queries, until one has worked so long that it stood back for others."""

    def __init__(self, reading: _Reading, wire: Wire) -> None:
        super().__init__(daemon=True)
        self.stood_back = False
        self._reading = reading
        self._wire = wire

    def run(self) -> None:
        """Answer what is asked."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})  # the main thread is told
        with FaultsTold(self._wire):
            while not self.stood_back and answer_next(self._wire, self._answered):
                pass

    def stand_back(self, *_: object) -> None:
        """Let others go first from now on."""
        self.stood_back = True
        with suppress(ProcessLookupError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, self.native_id or 0, _NICE)

    def _answered(self, asked: Asked | str) -> bytes | StoreError | None:
        """Return the answer, or what is wrong with the query; where no query came, let go of other snapshots."""
        if isinstance(asked, str):
            self._reading.keep_only(asked)
            return None
        signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
        return self._reading.answer(asked)


class _Reading:
    """The snapshot that is read, open, as long as the next query is of the same: that of the newest comes soon."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._snapshot = ""
        self._store: EmbeddedStore | None = None

    def answer(self, asked: Asked) -> bytes | StoreError:
        """Return the answer, or what is wrong with the query."""
        try:
            store = self._store_of(asked.snapshot)
            dataset = Dataset(asked.default_graphs, asked.named_graphs)
            return store.query(asked.sparql, asked.media_type, dataset)
        except StoreError as error:
            error.__traceback__ = error.__cause__ = error.__context__ = (
                None  # they hold what the engine found
            )
            return error
        except MemoryError:
            return too_demanding(self._bounds)

    def keep_only(self, snapshot: str) -> None:
        """Let go of every other snapshot."""
        if snapshot != self._snapshot:
            self._snapshot, self._store = "", None

    def _store_of(self, snapshot: str) -> EmbeddedStore:
        """Return a snapshot opened, with so much memory left for a query as there is for one."""
        self.keep_only(snapshot)
        if self._store is None:
            leave_memory(ROOM)
            self._store = EmbeddedStore(
                opened_to_read(Path(snapshot)), self._bounds.most, self._bounds.services
            )
            self._snapshot = snapshot
            leave_memory(self._bounds.memory)
        return self._store


def too_demanding(bounds: Bounds) -> QueryTooDemanding:
    """Return what is told of a query for which there is not enough memory."""
    return QueryTooDemanding(
        f"the query ended the process that answered it: it needs more than {bounds.memory >> 20:,} MiB, or is nested "
        "too deeply. Ask for less at a time: name a unit, a year or a graph"
    )


def leave_memory(room: int) -> None:
    """Let this process have so many bytes more than it has now, as far as its own bound goes."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(FileNotFoundError):  # a system that does not tell: the bound of the process holds
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        bound = pages * resource.getpagesize() + room
        resource.setrlimit(resource.RLIMIT_AS, (bound if most < 0 else min(bound, most), most))
