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
from uuid import uuid4

from ..store import Line, Places, TooManyQueries, Wanted
from ..whole_files import whole_file_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..store import Asker

MOST_BYTES: Final = 2_000_000_000
"""Of all processes of a service together."""
_IN_USE: Final = 600.0
"""Seconds after it was asked for during which somebody may still read a file."""
_PLACES: Final = Places(
    Wanted("table", "tables", "written"), at_once=2, share=1, waiting=14, waiting_of_one=7
)
"""Few, for all of the service's threads may be needed for others."""
_FULL: Final = "too many tables were asked for in the last minutes: ask again in ten"


@dataclass(slots=True)
class _Kept:
    path: Path
    size: int
    used: float


class KeptTables:
    """Files by what was asked, in a folder that goes with the service. Safe to use from several threads."""

    def __init__(self, seconds: float, most_bytes: int = MOST_BYTES) -> None:
        """Begin without a folder. `seconds`: how long one may wait for its turn."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._folder: TemporaryDirectory[str] | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._changing = threading.Lock()
        self._line = Line(_PLACES)

    def file(self, asked: str, write: Callable[[Path], None], asker: Asker) -> Path:
        """Return the file of what is asked; `write` makes it where it is not there. Raises what `write` raises.

        Others who ask for the same find what was made, or make it where that failed. Raises `TooManyQueries` where
        no more fit, and `QueryAbandoned` where the asker leaves before his turn.
        """
        key = hashlib.sha256(asked.encode()).hexdigest()[:32]
        if (path := self._found(key)) is not None:
            return path
        with self._line.place(asker, self._seconds, key):
            if (path := self._found(key)) is not None:
                return path
            self._make_room()
            path = self._present_folder() / key
            with whole_file_path(path) as partial:
                write(partial)
            with self._changing:
                self._kept[key] = _Kept(path, path.stat().st_size, time.monotonic())
            return path

    def passing(self, write: Callable[[Path], None], asker: Asker) -> Path:
        """Return a file that is not kept: whoever asked removes it. Raises as `file` does."""
        path = self._present_folder() / uuid4().hex
        with self._line.place(asker, self._seconds), whole_file_path(path) as partial:
            write(partial)
        return path

    def close(self) -> None:
        """Remove all files."""
        with self._changing:
            if self._folder is not None:
                self._folder.cleanup()
            self._folder = None
            self._kept.clear()

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

    def _present_folder(self) -> Path:
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
