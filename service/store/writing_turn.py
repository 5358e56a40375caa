"""The turn to write to a store on disk: threads of this process one after another, and processes that serve it too.

The engine itself lets one process write; but it refuses the others at once, and would not let them wait.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

from .errors import StoreUnavailable, TooManyQueries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE: Final = 0.02
"""Seconds between two looks whether another process has done."""


class WritingTurn:
    """The turn for the store in a folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "snapshots" / "turn"
        self._ours = Lock()

    @contextmanager
    def among_threads(self) -> Iterator[None]:
        """Have the turn among the threads of this process alone, for what waits for no other process."""
        with self._ours:
            yield

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Have the turn until the end of the block. Raises `TooManyQueries` where others have it for so long."""
        deadline = time.monotonic() + seconds
        if not self._ours.acquire(timeout=seconds):
            raise TooManyQueries(_OTHERS_WRITE.format(seconds=seconds))
        try:
            with self._among_processes(deadline, seconds):
                yield
        finally:
            self._ours.release()

    @contextmanager
    def _among_processes(self, deadline: float, seconds: float) -> Iterator[None]:
        descriptor = self._opened()
        try:
            while not _locked(descriptor):
                if time.monotonic() > deadline:
                    raise TooManyQueries(_OTHERS_WRITE.format(seconds=seconds))
                time.sleep(_PAUSE)
            yield
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        try:
            self._file.parent.mkdir(exist_ok=True)
            return os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"the store cannot be written to: {error}") from error


def _locked(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


_OTHERS_WRITE: Final = (
    "the update did not get its turn within {seconds:g} s, because others write: send it again in a while"
)
