"""A store on disk: one process writes to it, any number read the newest of its snapshots."""

from __future__ import annotations

import time
from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .embedded import EmbeddedStore
from .errors import ChangeRefused, StoreLocked, StoreUnavailable
from .snapshots import Snapshots

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE: Final = 2.0
"""Seconds to wait for a store that somebody else has open: publishing a snapshot takes less."""
_PAUSE: Final = 0.05


class DiskStore(EmbeddedStore):
    """A store that this process alone has open, to read and to write.

    Changes are seen here at once. Others see them when this store is closed, all together; if this process is killed,
    as soon as somebody looks.
    """

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        """Open a folder. Raises `StoreLocked` where another process has it open for so many seconds."""
        super().__init__(_opened(folder, patience))
        self._snapshots = Snapshots(folder)
        self._publishing = Lock()
        self._is_behind = self._snapshots.are_behind
        self.publish()

    def publish(self) -> None:
        """Let readers see the store as it is now."""
        with self._publishing:
            if self._is_behind:
                self._snapshots.publish(self._engine)
                self._is_behind = False

    def close(self) -> None:
        """Let readers see all changes, and others open the store; it is of no use here any more."""
        self.publish()
        del self._engine

    def change(self, update: str) -> None:
        """Run an update that was looked at already, as one transaction."""
        self._write(update)

    def _write(self, update: str) -> None:
        with self._publishing:
            if not self._is_behind:
                self._snapshots.fall_behind()
                self._is_behind = True
            super()._write(update)


class SnapshotStore(EmbeddedStore):
    """The newest snapshot of a store, to read: what is written meanwhile is not in it."""

    def __init__(self, folder: Path) -> None:
        """Open the snapshot of a folder. Raises `NoSnapshot`."""
        self._staying = ExitStack()
        super().__init__(opened_to_read(self._staying.enter_context(Snapshots(folder).newest())))

    def close(self) -> None:
        """Let the snapshot go."""
        self._staying.close()

    def _write(self, update: str) -> None:  # noqa: ARG002 - whatever it is
        raise ChangeRefused("this is a snapshot of the store, which nobody can write to")


def catch_up(folder: Path, patience: float = PATIENCE) -> None:
    """Let readers see all that a store holds, unless somebody has it open and will do so.

    Raises `StoreLocked` then, where there is no snapshot at all. A folder that is not there (any more) is left so.
    """
    if not (folder.is_dir() and Snapshots(folder).are_behind):
        return
    try:
        DiskStore(folder, patience).close()
    except StoreLocked:
        with Snapshots(folder).newest():
            return


def snapshot_store(snapshot: Path) -> EmbeddedStore:
    """Return a snapshot as a store to read; whoever asks sees to it that it stays."""
    return EmbeddedStore(opened_to_read(snapshot))


def opened_to_read(snapshot: Path) -> ox.Store:
    """Return the engine on a snapshot."""
    try:
        return ox.Store.read_only(str(snapshot))
    except OSError as error:
        raise StoreUnavailable(f"the snapshot {snapshot} cannot be read: {error}") from error


def _opened(folder: Path, patience: float) -> ox.Store:
    deadline = time.monotonic() + patience
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return ox.Store(str(folder))
        except OSError as error:
            if "lock" not in str(error).lower():
                raise StoreUnavailable(f"the store at {folder} cannot be opened: {error}") from error
            if time.monotonic() > deadline:
                raise StoreLocked(_LOCKED.format(folder=folder)) from error
        time.sleep(_PAUSE)


_LOCKED: Final = (
    "the store at {folder} is open in another process that writes to it (a load, or a check). "
    "Only one can at a time: wait for that one to end, or stop it first."
)
