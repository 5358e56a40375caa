"""Updates that can be stopped: each runs on a process of its own, which has a store on disk open meanwhile.

One that does not end in time changes nothing: what runs it is ended before the engine has committed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loader.workers import Conditions, Worker, WorkerEnded, WorkerFailed, WorkerLate, call_of

from .answering import ROOM, leave_memory
from .disk import PATIENCE, DiskStore, catch_up
from .errors import StoreError, UpdateTooDemanding, UpdateTooLong

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext
    from pathlib import Path

    from .asker import Asker
    from .bounds import Bounds

_BEGINNING: Final = 60
"""Seconds in which a process must have begun."""


@dataclass(frozen=True, slots=True)
class Changing:
    """Runs updates on the store in a folder, within bounds; one at a time, which is for the caller to see to."""

    folder: Path
    bounds: Bounds
    context: ForkServerContext

    def run(self, update: str, asker: Asker) -> None:
        """Run an update, whole or not at all, and let readers see it.

        Raises `UpdateTooLong`, `UpdateTooDemanding`, `QueryAbandoned`, and what `DiskStore` does. After the first two
        it may have been done in the last moment all the same: readers see then what it did.
        """
        seconds = PATIENCE + self.bounds.update_seconds  # others may have the store open for a moment
        worker = Worker(Conditions(self.context, seconds, self.bounds.memory + ROOM, fresh=True))
        try:
            with asker.ending(worker.kill):
                worker.answer(call_of(ready), _BEGINNING)
                failed = worker.answer(call_of(changed, self.folder, update, self.bounds.memory))
        except WorkerEnded as ended:
            catch_up(self.folder)
            asker.refuse_if_left()
            raise self._told(ended) from ended
        finally:
            worker.end()
        if isinstance(failed, StoreError):
            raise failed

    def _told(self, ended: WorkerEnded) -> Exception:
        if isinstance(ended, WorkerFailed):  # a fault of ours, and to be told as one
            return ended
        if isinstance(ended, WorkerLate):
            return UpdateTooLong(_TOO_LONG.format(seconds=self.bounds.update_seconds))
        return UpdateTooDemanding(_TOO_DEMANDING.format(mebibytes=self.bounds.memory >> 20))


def ready() -> None:
    """Return: whoever has called this knows that the process has read all it needs."""


def changed(folder: Path, update: str, memory: int) -> StoreError | None:
    """Run an update on the store in a folder; return what is wrong with it, None where it is done.

    `memory`: bytes that it may take beside what the open store does.
    """
    try:
        with DiskStore(folder) as store:
            leave_memory(memory)
            store.change(update)
    except StoreError as error:
        return error
    return None


_TOO_LONG: Final = (
    "the update took more than {seconds:g} s and was ended; nothing of it is stored. Change less at a time: "
    "name a graph in the WHERE, or send the statements in several requests"
)
_TOO_DEMANDING: Final = (
    "the update ended the process that ran it, and nothing of it is stored: it needs more than {mebibytes:,} MiB, "
    "or is nested too deeply. Change less at a time"
)
