"""Files of tables that were written once are kept as long as the data are what they were made of.

Whoever asks for one that is being written waits for it; ranges of a table are of one file.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ..store import TooManyQueries
from ..whole_files import whole_file_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BYTES: Final = 2_000_000_000
"""Of all processes of a service together."""
_IN_USE: Final = 600.0
"""Seconds after it was asked for during which somebody may still read a file."""
_AT_A_TIME: Final = 2
_MOST_WAITING: Final = 16
"""For tables to be written, or whose tables are."""
_BUSY: Final = f"{_MOST_WAITING} clients wait for tables already: ask again in a while"
_FULL: Final = "too many tables were asked for in the last minutes: ask again in ten"


@dataclass(slots=True)
class _Kept:
    path: Path
    size: int
    used: float


class KeptTables:
    """Files by what was asked, in a folder that goes with the service. Safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._folder: TemporaryDirectory[str] | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._changing = threading.Lock()
        self._writing: dict[str, threading.Lock] = {}
        self._turns = threading.BoundedSemaphore(_AT_A_TIME)
        self._room = threading.BoundedSemaphore(_MOST_WAITING)

    def file(self, asked: str, write: Callable[[Path], None]) -> Path:
        """Return the file of what is asked; `write` makes it where it is not there. Raises what `write` raises.

        Raises `TooManyQueries` where no more fit.
        """
        key = hashlib.sha256(asked.encode()).hexdigest()[:32]
        if (path := self._found(key)) is not None:
            return path
        with self._line(), self._alone(key):
            if (path := self._found(key)) is not None:
                return path
            self._make_room()
            path = self._place() / key
            with self._turns, whole_file_path(path) as partial:
                write(partial)
            with self._changing:
                self._kept[key] = _Kept(path, path.stat().st_size, time.monotonic())
            return path

    def passing(self, write: Callable[[Path], None]) -> Path:
        """Return a file that is not kept: whoever asked removes it. Raises as `file` does."""
        path = self._place() / uuid4().hex
        with self._line(), self._turns, whole_file_path(path) as partial:
            write(partial)
        return path

    def close(self) -> None:
        """Remove all files."""
        with self._changing:
            if self._folder is not None:
                self._folder.cleanup()
            self._folder = None
            self._kept.clear()

    @contextmanager
    def _line(self) -> Iterator[None]:
        """Stand in the line of those who wait for a table: it is short, for all of the service's threads may."""
        if not self._room.acquire(blocking=False):
            raise TooManyQueries(_BUSY)
        try:
            yield
        finally:
            self._room.release()

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Let others who ask for the same wait; they find what was made, or make it where that failed."""
        with self._changing:
            lock = self._writing.setdefault(key, threading.Lock())
        with lock:
            try:
                yield
            finally:
                with self._changing:
                    self._writing.pop(key, None)

    def _found(self, key: str) -> Path | None:
        with self._changing:
            if (kept := self._kept.get(key)) is None:
                return None
            if not kept.path.is_file():  # somebody has tidied up
                del self._kept[key]
                return None
            kept.used = time.monotonic()
            self._kept.move_to_end(key)
            return kept.path

    def _place(self) -> Path:
        with self._changing:
            if self._folder is None or not Path(self._folder.name).is_dir():
                self._folder = TemporaryDirectory(prefix="jixiao-tables-")
            return Path(self._folder.name)

    def _make_room(self) -> None:
        """Remove what was used longest ago until there is room; nothing that somebody may still read."""
        with self._changing:
            for key in list(self._kept):
                if sum(kept.size for kept in self._kept.values()) < self._most_bytes:
                    return
                if time.monotonic() - self._kept[key].used < _IN_USE:
                    raise TooManyQueries(_FULL)
                self._kept.pop(key).path.unlink(missing_ok=True)
