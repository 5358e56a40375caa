"""Files of tables that were written once are kept as long as the data are what they were made of.

Whoever asks for one that is being written waits for it; ranges of a table are of one file.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ..store import TooManyQueries
from ..whole_files import whole_file_path

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BYTES: Final = 2_000_000_000
"""Of all processes of a service together."""
_IN_USE: Final = 600.0
"""Seconds after it was asked for during which somebody may still read a file."""
_AT_A_TIME: Final = 2
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

    def file(self, asked: str, write: Callable[[Path], None]) -> Path:
        """Return the file of what is asked; `write` makes it where it is not there. Raises what `write` raises.

        Raises `TooManyQueries` where no more fit.
        """
        key = hashlib.sha256(asked.encode()).hexdigest()[:32]
        with self._lock_of(key):
            if (path := self._found(key)) is not None:
                return path
            self._make_room()
            path = self._place() / key
            with self._turns, whole_file_path(path) as partial:
                write(partial)
            with self._changing:
                self._kept[key] = _Kept(path, path.stat().st_size, time.monotonic())
            return path

    def close(self) -> None:
        """Remove all files."""
        with self._changing:
            if self._folder is not None:
                self._folder.cleanup()
            self._folder = None
            self._kept.clear()

    def _lock_of(self, key: str) -> threading.Lock:
        with self._changing:
            return self._writing.setdefault(key, threading.Lock())

    def _found(self, key: str) -> Path | None:
        with self._changing:
            if (kept := self._kept.get(key)) is None:
                return None
            kept.used = time.monotonic()
            self._kept.move_to_end(key)
            return kept.path

    def _place(self) -> Path:
        with self._changing:
            self._folder = self._folder or TemporaryDirectory(prefix="jixiao-tables-")
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
                self._writing.pop(key, None)
