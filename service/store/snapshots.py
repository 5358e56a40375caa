"""Snapshots of a store on disk: hard links beside its files, which any number of processes may read.

They stand in the folder `snapshots` of the store, numbered; the newest is what is read. Only who has the store open
for writing publishes one. The file `behind` says that the store may hold more than the newest snapshot: whoever
finds it and can open the store publishes, so a writer that was killed hides nothing. A snapshot that somebody reads
is locked (shared) and not taken away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .errors import NoSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

_UNFINISHED: Final = "unfinished"
_TICK: Final = 1_000_000_000
"""Nanoseconds in which a folder may change twice and have the same time of its last change, amply."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A snapshot: its folder, and what no other snapshot is called."""

    folder: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """The newest snapshot that there was when the folder of all of them was changed last."""

    changed: int
    newest: _Snapshot | None


class Snapshots:
    """The snapshots of the store in a folder."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store / "snapshots"
        self._behind = self._folder / "behind"
        self._seen = _Seen(0, None)

    @property
    def are_behind(self) -> bool:
        """Whether the store may hold more than the newest snapshot, or has none."""
        return self._behind.exists() or not self._numbers()

    @property
    def newest_number(self) -> int:
        """The number of the newest snapshot, which is what is read; 0 where there is none."""
        return max(self._numbers(), default=0)

    def fall_behind(self) -> None:
        """Say that the store is about to hold more than the newest snapshot."""
        self._folder.mkdir(exist_ok=True)
        self._behind.touch()

    def publish(self, engine: ox.Store) -> None:
        """Make a snapshot of the store, open in `engine`, the newest; nobody else may write to it meanwhile."""
        self._folder.mkdir(exist_ok=True)
        unfinished = self._folder / _UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        engine.backup(str(unfinished))
        newest = self.newest_number + 1
        unfinished.rename(self._folder / str(newest))
        self._behind.unlink(missing_ok=True)
        for number in self._numbers():
            if number < newest:
                _take_away(self._folder / str(number))

    def name_of_newest(self) -> str:
        """Return what no other snapshot of the folder is called, empty where there is none.

        Its number alone is not enough: a store that was put in the place of another counts anew.
        """
        newest = self._newest()
        return newest.name if newest else ""

    @contextmanager
    def newest(self) -> Iterator[Path]:
        """Have the folder of the newest snapshot stay until the end of the block. Raises `NoSnapshot`."""
        folder, lock = self._newest_locked()
        try:
            yield folder
        finally:
            os.close(lock)

    def _newest_locked(self) -> tuple[Path, int]:
        while newest := self._newest():
            try:
                return newest.folder, _locked(newest.folder, fcntl.LOCK_SH)
            except FileNotFoundError:  # a newer one has just taken its place
                self._seen = _Seen(0, None)
        raise NoSnapshot(f"the store at {self._store} has no snapshot to read")

    def _newest(self) -> _Snapshot | None:
        """Return the newest snapshot; the folder is listed again only where it has changed since it was."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if changed != self._seen.changed:
            newest = self._listed_newest()
            if time.time_ns() - changed < _TICK:
                return newest
            self._seen = _Seen(changed, newest)
        return self._seen.newest

    def _listed_newest(self) -> _Snapshot | None:
        while number := self.newest_number:
            folder = self._folder / str(number)
            with suppress(FileNotFoundError):  # a newer one has just taken its place
                found = folder.stat()
                return _Snapshot(folder, f"{number} {found.st_ino} {found.st_mtime_ns}")
        return None

    def _numbers(self) -> list[int]:
        try:
            return [int(found.name) for found in self._folder.iterdir() if found.name.isdecimal()]
        except FileNotFoundError:
            return []


def _take_away(folder: Path) -> None:
    """Remove a snapshot that nobody reads; one that is read goes with a later one."""
    with suppress(FileNotFoundError, BlockingIOError):
        lock = _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            shutil.rmtree(folder)
        finally:
            os.close(lock)


def _locked(folder: Path, how: int) -> int:
    """Return a descriptor that locks a folder until it is closed.

    Raises `FileNotFoundError` where the folder is gone once the lock is there, `BlockingIOError` as asked.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        folder.stat()
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
