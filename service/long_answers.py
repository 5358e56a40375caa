"""Answers that take long to make: each is made by a process of its own, in bounded time and memory, into a file.

It is whole when it is sent, or it is an error. What a report or another long answer says is for the caller, who
names a function that writes it; where no other process can read the store it is written in this one.
"""

from __future__ import annotations

import errno
import gc
import os
import resource
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Final

from loader.workers import Conditions, Worker, WorkerEnded, WorkerFailed, WorkerLate, call_of, forking_from

from .problems import TooMuch
from .store import Line, Places, Store, StoreError, Wanted
from .store.answering import ROOM, leave_memory
from .store.changing import ready

if TYPE_CHECKING:
    from .store import Asker, Opening

Write = Callable[[Store, IO[bytes]], None]
"""Writes an answer from a store; it can be sent to another process."""

MEMORY: Final = 4 << 30
"""Address space in bytes that making an answer may take, beside what its process has before."""
MOST_BYTES: Final = 2 << 30
"""Length of an answer."""
_PLACES: Final = Places(Wanted("report", "reports", "made"), at_once=2, share=1, waiting=6, waiting_of_one=2)
_BEGINNING: Final = 60
"""Seconds in which a process must have begun."""
_NICE: Final = 5
"""Niceness of what takes long: what takes a moment goes first."""
_PRELOADED: Final = "service.validating.preloaded"
"""What knows the rules and the words: whatever else a process needs it reads by itself."""


class LongAnswers:
    """Has long answers made, some at a time. `seconds`: how long one may take, and wait for its turn."""

    def __init__(self, seconds: float) -> None:
        """Begin without a process."""
        self._seconds = seconds
        self._line = Line(_PLACES)

    def made(self, store: Store, write: Write, asker: Asker) -> IO[bytes]:
        """Return a file with the answer, which is gone when it is closed.

        Raises `TooMuch`, `TooManyQueries`, and `QueryAbandoned` where the asker has left.
        """
        with self._line.place(asker, self._seconds), store.lent() as opening:
            answer = NamedTemporaryFile(prefix="jixiao-")  # noqa: SIM115 - whoever sends it closes it
            try:
                if opening is None:
                    write(store, answer)
                else:
                    self._write_elsewhere(opening, write, Path(answer.name), asker)
            except BaseException:
                answer.close()
                raise
        answer.seek(0)
        return answer

    def _write_elsewhere(self, opening: Opening, write: Write, file: Path, asker: Asker) -> None:
        worker = Worker(Conditions(forking_from(_PRELOADED), self._seconds, MEMORY + ROOM, fresh=True))
        try:
            with asker.ending(worker.kill):
                worker.answer(call_of(ready), _BEGINNING)
                failed = worker.answer(call_of(_written, opening, write, file, self._seconds))
        except WorkerEnded as ended:
            asker.refuse_if_left()
            raise self._told(ended) from ended
        finally:
            worker.end()
        if isinstance(failed, Exception):
            raise failed

    def _told(self, ended: WorkerEnded) -> Exception:
        if isinstance(ended, WorkerFailed):  # a fault of ours, and to be told as one
            return ended
        if isinstance(ended, WorkerLate):
            return TooMuch(f"the report takes more than {self._seconds:g} s to make: {_INSTEAD}")
        return _too_large()


_INSTEAD: Final = (
    "choose a unit or department (unit=…), a rule or a severity, or have the report on the whole store written "
    "beside it, by `jixiao check STORE -o report.xlsx`"
)


def _too_large() -> TooMuch:
    return TooMuch(
        f"making the report takes more than {MEMORY >> 20:,} MiB of memory, or it is longer than "
        f"{MOST_BYTES >> 20:,} MiB: {_INSTEAD}"
    )


def _written(opening: Opening, write: Write, file: Path, seconds: float) -> StoreError | TooMuch | None:
    """Write an answer into a file: what a process does. Return what is wrong, if something is."""
    _bound(seconds)
    try:
        with opening() as store, file.open("wb") as answer:
            leave_memory(MEMORY)
            write(store, answer)
    except (StoreError, TooMuch) as error:
        return error
    except MemoryError:
        return _too_large()
    except OSError as error:
        if error.errno == errno.EFBIG:
            return _too_large()
        raise
    return None


def _bound(seconds: float) -> None:
    """Let others go first, and end when time is over, be it that the service is gone and nobody ends this process."""
    os.nice(_NICE)
    gc.disable()  # what is gathered for an answer is needed until it is written
    most = int(seconds) + _BEGINNING
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
