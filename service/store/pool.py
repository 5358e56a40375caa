"""Processes that answer queries of strangers: one that takes too long or too much is ended, and another begun.

An engine that runs cannot be asked to stop, so what runs it is ended. Clients are served in turn (`line`).
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

from loader.workers import (
    Conditions,
    Worker,
    WorkerEnded,
    WorkerFailed,
    WorkerLate,
    call_of,
)

from .answering import ROOM, answered, ready, too_demanding
from .errors import QueryTooLong, StoreError, StoreUnavailable, TooManyQueries
from .interface import LEAST
from .line import Line
from .watcher import NOBODY

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

    from .answering import Asked
    from .asker import Asker
    from .bounds import Bounds
    from .watcher import Watcher

log = logging.getLogger(__name__)

_BEGINNING: Final = 60
"""Seconds in which a process must have begun."""
_PAUSE: Final = 1.0
"""Seconds before another try where the system could not begin a process."""


class Pool:
    """Processes that answer; they live until `close`, or until a query ends one of them."""

    def __init__(self, bounds: Bounds, context: ForkServerContext, watcher: Watcher = NOBODY) -> None:
        """Begin to begin the processes."""
        self._bounds = bounds
        self._watcher = watcher
        self._line = Line(bounds, watcher)
        self._closed = False
        self._all: set[Worker] = set()
        self._workers: SimpleQueue[Worker] = SimpleQueue()
        """Those that have nothing to do; the one that waits longest is next, so that none keeps an old snapshot."""
        self._conditions = Conditions(context, bounds.seconds, bounds.memory + ROOM)
        for _ in range(bounds.workers):
            Thread(target=self._begin, daemon=True).start()

    def answer(self, asked: Asked, asker: Asker) -> bytes:
        """Return the whole answer. Raises `StoreError`."""
        begun = time.monotonic()
        with self._line.turn(asker.name) as turn:
            with asker.ending(turn.wake):
                turn.wait(self._bounds.seconds)
            self._watcher.waited(time.monotonic() - begun)
            asker.refuse_if_left()
            if not turn.admitted:
                raise TooManyQueries(_NO_TURN.format(seconds=self._bounds.seconds))
            answer = self._answered(asked, asker)
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def has_time(self) -> bool:
        """Return whether a process has nothing to do. Raises `StoreUnavailable` where there is none at all."""
        if not any(worker.lives for worker in tuple(self._all)):
            raise StoreUnavailable(
                "there is no process to answer queries: it begins, or the system lets none begin"
            )
        return not self._workers.empty()

    def close(self) -> None:
        """End the processes."""
        self._closed = True
        while not self._workers.empty():
            self._workers.get().end()

    def _answered(self, asked: Asked, asker: Asker) -> bytes | StoreError:
        worker = self._next_worker()
        try:
            with asker.ending(worker.kill):
                answer = worker.answer(call_of(answered, asked))
        except WorkerEnded as ended:
            self._forget(worker)
            # its place is given up when there is a process for it again: whoever ends them has to wait, and no other
            self._begin(asked)
            asker.refuse_if_left()
            raise self._told(ended) from ended
        self._workers.put(worker)
        return answer  # type: ignore[return-value]  # it is what `answered` returns

    def _next_worker(self) -> Worker:
        """Return one that has nothing to do; for those that something else has ended, others are begun."""
        try:
            while not (worker := self._workers.get(timeout=_BEGINNING)).lives:
                self._forget(worker)
                self._begin()
        except Empty:
            raise TooManyQueries(_NO_TURN.format(seconds=self._bounds.seconds)) from None
        return worker

    def _forget(self, worker: Worker) -> None:
        self._all.discard(worker)
        self._watcher.workers(len(self._all))
        self._watcher.worker_ended()

    def _told(self, ended: WorkerEnded) -> Exception:
        if isinstance(ended, WorkerFailed):  # a fault of ours, and to be told as one
            return ended
        if isinstance(ended, WorkerLate):
            return QueryTooLong(_TOO_LONG.format(seconds=self._bounds.seconds))
        return too_demanding(self._bounds)

    def _begin(self, asked: Asked | None = None) -> None:
        """Begin a process, and see that it has read all it needs; the snapshot of a query too, where one is given."""
        first = call_of(ready) if asked is None else call_of(answered, replace(asked, sparql=LEAST))
        while not self._closed:
            try:
                worker = Worker(self._conditions)
                worker.answer(first, _BEGINNING)
            except (OSError, WorkerEnded) as error:
                if not self._closed:
                    log.warning("no process to answer queries can be begun: %s", error)
                    time.sleep(_PAUSE)
            else:
                self._all.add(worker)
                self._watcher.workers(len(self._all))
                self._workers.put(worker)
                break
        if self._closed:
            self.close()


_NO_TURN: Final = (
    "the query did not get its turn within {seconds:g} s, because others are answered: ask again in a while"
)
_TOO_LONG: Final = (
    "the query took more than {seconds:g} s and was ended; there is no answer, not even a part of one. "
    "Give a LIMIT, name a unit, a year or a graph, or avoid paths (* and +) without a bound end"
)
