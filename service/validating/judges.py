"""The processes that judge what strangers post: each serves one request, in bounded time and memory."""

from __future__ import annotations

import asyncio
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

from loader.workers import WorkerEnded, WorkerFailed, Workers

from .judging import judged_in_confinement
from .request import Busy, TooDemanding

if TYPE_CHECKING:
    from .request import Asked

MEMORY: Final = 2 << 30
"""Address space of a process in bytes."""
_AT_ONCE: Final = 2
_MOST_WAITING: Final = 8
"""Requests that are judged or wait for it; more are sent away."""


class Judges:
    """Hands each request to a process of its own. `seconds`: how long one may take."""

    def __init__(self, seconds: float, among: int = 1) -> None:
        """Begin without a process: the first request starts what they are forked from.

        `among`: how many services share what judging may take of the machine.
        """
        self._seconds = seconds
        self._at_once = max(1, _AT_ONCE // among)
        self._most_waiting = max(self._at_once, _MOST_WAITING // among)
        self._room = BoundedSemaphore(self._most_waiting)
        self._starting = Lock()
        self._workers: Workers | None = None

    async def judge(self, asked: Asked) -> bytes:
        """Return the report. Raises the errors of `request`."""
        if not self._room.acquire(blocking=False):
            raise Busy(f"{self._most_waiting} requests are being judged or wait for it: try again in a while")
        try:
            answer = await asyncio.wrap_future(self._present_workers().submit(judged_in_confinement, asked))
        except WorkerFailed:  # a fault of ours, and to be told as one
            raise
        except WorkerEnded as ended:
            raise TooDemanding(
                f"judging {ended}: one request may take {self._seconds:g} s and {MEMORY >> 20:,} MiB; "
                "send less data, or simpler shapes"
            ) from ended
        finally:
            self._room.release()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """End the processes."""
        with self._starting:
            if self._workers is not None:
                self._workers.shutdown(wait=False, cancel_futures=True)

    def _present_workers(self) -> Workers:
        with self._starting:
            if self._workers is None:
                self._workers = Workers(
                    self._at_once,
                    seconds=self._seconds,
                    preloaded="service.validating.preloaded",
                    memory=MEMORY,
                    fresh=True,
                )
            return self._workers
