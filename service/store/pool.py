"""Processes that answer queries of strangers: one that takes too long or too much is ended, and another begun.

An engine that runs cannot be asked to stop, so what runs it is ended. Clients are served in turn (`line`).
"""

from __future__ import annotations

import logging
import pickle
import time
from collections import deque
from contextlib import suppress
from functools import partial
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, Final

from loader.waiting import STANDING_STILL, at_once
from loader.workers import Conditions, Worker, WorkerEnded, WorkerFailed, WorkerLate

from .answering import ROOM, answer_queries, too_demanding
from .errors import QueryTooLong, StoreError, StoreUnavailable, TooManyQueries
from .interface import LEAST
from .line import Line
from .watcher import NOBODY

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

    from loader.waiting import Waiting

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
        self._line = Line(bounds.places, watcher)
        self._closed = False
        self._all: set[Worker] = set()
        self._idle: deque[Worker] = deque()
        """Those that have nothing to do; the one that worked last is next: what it reads is at hand in its caches."""
        self._free = Semaphore(0)
        """Counts them."""
        self._conditions = Conditions(
            context, bounds.seconds, bounds.memory + ROOM, serve=partial(answer_queries, bounds)
        )
        for _ in range(bounds.workers):
            Thread(target=self._begin, daemon=True).start()

    def answer(self, asked: Asked, asker: Asker) -> bytes:
        """Return the whole answer. Raises `StoreError`."""
        return at_once(self.answered(asked, asker, STANDING_STILL))

    async def answered(self, asked: Asked, asker: Asker, waiting: Waiting) -> bytes:
        """Return the whole answer as `answer` does, and wait for it as is given."""
        with self._line.turn(asker) as turn:
            await self._line.admitted(turn, asker, self._bounds.seconds, waiting)
            answer = await self._answered(asked, asker, waiting)
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def has_time(self) -> bool:
        """Return whether a process has nothing to do. Raises `StoreUnavailable` where there is none at all."""
        if not any(worker.lives for worker in tuple(self._all)):
            raise StoreUnavailable(
                "there is no process to answer queries: it begins, or the system lets none begin"
            )
        return bool(self._idle)

    def read_only(self, snapshot: str) -> None:
        """Let processes that have nothing to do let go of all snapshots but one; others do with their next query."""
        for _ in range(self._bounds.workers):
            if self._free.acquire(blocking=False):
                worker = self._idle.popleft()
                with suppress(WorkerEnded):  # whoever needs it next begins another
                    worker.answer(_message(snapshot), _BEGINNING)
                self._rest(worker)

    def close(self) -> None:
        """End the processes."""
        self._closed = True
        while self._free.acquire(blocking=False):
            self._idle.pop().end()

    def _rest(self, worker: Worker) -> None:
        """Have a process wait for something to do."""
        self._idle.append(worker)
        self._free.release()

    async def _answered(self, asked: Asked, asker: Asker, waiting: Waiting) -> bytes | StoreError:
        worker = self._idle_worker()
        if worker is None:
            worker = await waiting.work(self._next_worker)
        try:
            with asker.ending(worker.kill):
                answer = await worker.answered(_message(asked), waiting)
        except WorkerEnded as ended:
            self._forget(worker)
            # its place is given up when there is a process for it again: whoever ends them has to wait, and no other
            await waiting.work(partial(self._begin, asked))
            asker.refuse_if_left()
            raise self._told(ended) from ended
        except BaseException:
            # an answer that was half taken: the process is of no use any more, its place is
            self._forget(worker)
            Thread(target=self._replace, args=(worker,), daemon=True).start()
            raise
        self._rest(worker)
        return answer  # type: ignore[return-value]  # it is what `answer_queries` sends

    def _idle_worker(self) -> Worker | None:
        """Return one that has nothing to do, if there is one at once."""
        if not self._free.acquire(blocking=False):
            return None
        worker = self._idle.pop()
        if worker.lives:
            return worker
        self._rest(worker)
        return None

    def _next_worker(self) -> Worker:
        """Return one that has nothing to do; for those that something else has ended, others are begun."""
        while self._free.acquire(timeout=_BEGINNING):
            worker = self._idle.pop()
            if worker.lives:
                return worker
            self._forget(worker)
            self._replace(worker)
            self._replace_ended()
        raise TooManyQueries(self._bounds.places.none_in_time(self._bounds.seconds))

    def _replace(self, worker: Worker) -> None:
        """Begin another process for one that is of no use any more, and no other's to ask."""
        worker.end()
        self._begin()

    def _replace_ended(self) -> None:
        """Begin others for the rest of those that were ended: the one that worked last is next, never one of them."""
        for _ in range(len(self._idle)):
            if self._free.acquire(blocking=False):
                worker = self._idle.popleft()
                if worker.lives:
                    self._rest(worker)
                else:
                    self._forget(worker)
                    Thread(target=self._replace, args=(worker,), daemon=True).start()

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
        first = _message(asked._replace(sparql=LEAST) if asked else "")
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
                self._rest(worker)
                break
        if self._closed:
            self.close()


def _message(asked: Asked | str) -> bytes:
    """Return a query as it is sent to a process, or the snapshot of which alone it is to read on."""
    return pickle.dumps(asked, pickle.HIGHEST_PROTOCOL)


_TOO_LONG: Final = (
    "the query took more than {seconds:g} s and was ended; there is no answer, not even a part of one. "
    "Give a LIMIT, name a unit, a year or a graph, or avoid paths (* and +) without a bound end"
)
