"""Many documents on any executor: each in bounded time and memory, none lost because of another.

Works on `concurrent.futures.ProcessPoolExecutor` and on any executor like it (`dask.distributed` has one). A
document that kills its worker breaks a pool of processes, and with it all that waits there: the group it stood in
is done again one document at a time, so that it can be named, and the groups behind it in a new pool.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from collections import deque
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .conversion import Conversion, convert
from .errors import LoaderError, UnsafeDocument
from .readers.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

SECONDS: Final = 120
"""Time that one document may take; the slowest real one met takes four seconds."""
MEMORY: Final = 4 << 30
"""Address space of a worker in bytes."""
_GROUP: Final = 16
"""Documents in one task: handing one over costs about as much as reading a small one."""
_WAITING: Final = 8
"""Tasks handed out ahead of what was taken back, so that results do not pile up."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not converted, and why."""

    path: Path
    reason: str


Outcome = Conversion | Refused


def convert_file(path: Path) -> Outcome:
    """Convert one file within the time a document may take; what goes wrong is told, not raised."""
    try:
        with _bounded_time(SECONDS):
            return convert(read_file(path))
    except MemoryError:
        return Refused(path, "reading it needs more memory than a document may take: it is not read")
    except (LoaderError, OSError) as error:
        return Refused(path, error.strerror or str(error) if isinstance(error, OSError) else str(error))


def convert_many(
    paths: Sequence[Path], make_executor: Callable[[], Executor], *, group: int = _GROUP
) -> Iterator[tuple[Path, Outcome]]:
    """Yield each path and what came of it, in the order of the paths.

    `make_executor` is called again when an executor breaks.
    """
    groups = deque(tuple(paths[start : start + group]) for start in range(0, len(paths), group))
    while groups:
        with make_executor() as executor:
            done = 0
            try:
                for outcomes in _in_order(executor, groups):
                    yield from outcomes
                    done += 1
            except BrokenExecutor:
                broken = groups[done]
                groups = deque(list(groups)[done + 1 :])
            else:
                return
        yield from _one_at_a_time(broken, make_executor)


def _in_order(executor: Executor, groups: deque[tuple[Path, ...]]) -> Iterator[list[tuple[Path, Outcome]]]:
    waiting: deque[Future[list[tuple[Path, Outcome]]]] = deque()
    for group in groups:
        waiting.append(executor.submit(_convert_group, group))
        if len(waiting) >= _WAITING:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _convert_group(group: tuple[Path, ...]) -> list[tuple[Path, Outcome]]:
    return [(path, convert_file(path)) for path in group]


def _one_at_a_time(
    group: tuple[Path, ...], make_executor: Callable[[], Executor]
) -> Iterator[tuple[Path, Outcome]]:
    """Yield the outcomes of a group in which some document killed its worker, each in an executor of its own."""
    for path in group:
        with make_executor() as executor:
            try:
                yield path, executor.submit(convert_file, path).result()
            except BrokenExecutor:
                reason = f"reading it took more than {2 * SECONDS} s or ended its process: it is not read"
                yield path, Refused(path, reason)


def limit_worker() -> None:
    """Bound the memory of this process: the initializer of a pool of processes."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextlib.contextmanager
def _bounded_time(seconds: int) -> Iterator[None]:
    """Raise `UnsafeDocument` in this process's main thread after some time; end the process after twice that.

    The second bound holds where a library does not come back to Python in between.
    """

    def stop(_number: int, _frame: object) -> None:
        raise UnsafeDocument(f"reading it takes more than {seconds} s: it is not read")

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except ValueError:  # not in a main thread: whoever runs us there bounds the time
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    _limit_cpu(int(time.process_time()) + 2 * seconds, hard)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _limit_cpu(soft, hard)


def _limit_cpu(soft: int, hard: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # a lower limit that was set from outside holds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
