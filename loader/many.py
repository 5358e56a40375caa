"""Many documents on any executor: each in bounded time and memory, none lost because of another.

    paths ─convert_many→ (path, what came of it), in the order of the paths

- `processes` are our own workers: a document that takes too long or too much memory ends its process and is named,
  and no other is touched;
- any `concurrent.futures.Executor` does as well, in a `Workplace` that tells how to hand it work. A document that
  kills its worker there may break a pool of processes, and with it all that waits: the group it stood in is done
  again one document at a time, so that it can be named. Memory, and time in threads, are bounded by the executor
  or not at all.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, Generic, ParamSpec, TypeVar

from .conversion import Conversion, convert
from .errors import LoaderError, UnsafeDocument
from .programs import NO_PROGRAMS, Programs
from .readers.files import read_file
from .workers import WorkerEnded, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from .model import Correction

SECONDS: Final = 120
"""Time that one document may take; the slowest real one met takes four seconds."""
_ENDED_AFTER: Final = 2 * SECONDS
"""Time after which a process is ended that has not come back to Python to see that its time is over."""

_Kept = TypeVar("_Kept")
_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not converted, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where documents are converted: how to get an executor, and how it is best handed work."""

    make_executor: Callable[[], Executor]
    """Called again when an executor breaks."""
    group: int = 16
    """Documents in one task: handing over a task may cost as much as converting a small document."""
    ahead: int = 8
    """Tasks handed out before the first is taken back: twice as many as there are workers keep them busy."""
    elsewhere: bool = False
    """Whether the bytes of a document go with its task, because the workers do not see our files."""
    lost: tuple[type[Exception], ...] = (WorkerEnded,)
    """What a task raises that ended its worker, where that breaks no other task."""
    programs: Programs = NO_PROGRAMS
    """Programs outside Python that may help to open documents there."""


def processes(count: int, programs: Programs = NO_PROGRAMS) -> Workplace:
    """Return a workplace of some processes of our own on this machine."""

    def make_executor() -> Executor:
        return Workers(count, seconds=_ENDED_AFTER, preloaded="loader.preloaded")

    return Workplace(make_executor, group=1, ahead=3 * count, programs=programs)


def here(programs: Programs = NO_PROGRAMS) -> Workplace:
    """Return this very process, for which nothing but its own limits bounds a library that does not come back."""
    return Workplace(_Here, group=1, ahead=1, programs=programs)


class _Here(Executor):
    """Does a task when it is submitted."""

    def submit(
        self, fn: Callable[_Arguments, _Answer], /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> Future[_Answer]:
        done: Future[_Answer] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def whole(conversion: Conversion) -> Conversion:
    """Keep all of a conversion."""
    return conversion


def convert_file(path: Path) -> Conversion | Refused:
    """Convert one file within the time a document may take; what goes wrong is told, not raised."""
    return _Job(whole, NO_PROGRAMS).done_with(_Document(path))


def convert_bytes(
    path: Path,
    data: bytes,
    keep: Callable[[Conversion], _Kept],
    programs: Programs,
    corrections: tuple[Correction, ...] = (),
) -> _Kept | Refused:
    """Convert what was read from somewhere, to be told of as `path`, as `convert_file` does."""
    return _Job(keep, programs).done_with(_Document(path, corrections, data))


def uncorrected(path: Path) -> tuple[Correction, ...]:  # noqa: ARG001 - says the same of each
    """Return no correction: nobody says anything of how documents are to be read."""
    return ()


def convert_many(
    paths: Sequence[Path],
    workplace: Workplace,
    keep: Callable[[Conversion], _Kept],
    corrections_of: Callable[[Path], tuple[Correction, ...]] = uncorrected,
) -> Iterator[tuple[Path, _Kept | Refused]]:
    """Yield each path and what `keep` took of its conversion, in the order of the paths.

    `keep` can be pickled: it is called where the document is converted, and only what it returns travels.
    `corrections_of` is asked here, for each document before it is handed out.
    """
    crew = _Crew(workplace, _Job(keep, workplace.programs), corrections_of)
    size = workplace.group
    groups = deque(tuple(paths[start : start + size]) for start in range(0, len(paths), size))
    while groups:
        with workplace.make_executor() as executor:
            try:
                for outcomes in crew.in_order(executor, groups):
                    yield from outcomes
            except BrokenExecutor:
                broken = groups.popleft()
            else:
                return
        yield from crew.one_at_a_time(broken)


@dataclass(frozen=True, slots=True)
class _Document:
    """A file, and its bytes where they go with it."""

    path: Path
    corrections: tuple[Correction, ...] = ()
    data: bytes | None = None

    def content(self) -> bytes:
        return read_file(self.path) if self.data is None else self.data


@dataclass(frozen=True, slots=True)
class _Job(Generic[_Kept]):
    """What is done with each document, wherever that is."""

    keep: Callable[[Conversion], _Kept]
    programs: Programs

    def done_with_all(self, documents: Sequence[_Document | Refused]) -> list[_Kept | Refused]:
        return [self.done_with(document) for document in documents]

    def done_with(self, document: _Document | Refused) -> _Kept | Refused:
        if isinstance(document, Refused):
            return document
        try:
            with _bounded_time(SECONDS):
                return self.keep(convert(document.content(), self.programs, document.corrections))
        except MemoryError:
            reason = "reading it needs more memory than a document may take: it is not read"
            return Refused(document.path, reason)
        except (LoaderError, OSError) as error:
            return Refused(document.path, _told(error))


@dataclass(frozen=True, slots=True)
class _Crew(Generic[_Kept]):
    """A job at a workplace."""

    workplace: Workplace
    job: _Job[_Kept]
    corrections_of: Callable[[Path], tuple[Correction, ...]]

    def in_order(
        self, executor: Executor, groups: deque[tuple[Path, ...]]
    ) -> Iterator[list[tuple[Path, _Kept | Refused]]]:
        """Yield the outcomes of each group, which is then taken from the left of `groups`."""
        waiting: deque[Future[list[_Kept | Refused]]] = deque()
        following = iter(tuple(groups))
        try:
            while groups:
                free = self.workplace.ahead - len(waiting)
                waiting.extend(self._submit(executor, group) for group in islice(following, free))
                outcomes = self._outcomes(executor, groups[0], waiting[0])
                waiting.popleft()
                yield list(zip(groups.popleft(), outcomes, strict=True))
        finally:
            for future in waiting:
                future.cancel()

    def one_at_a_time(self, group: tuple[Path, ...]) -> Iterator[tuple[Path, _Kept | Refused]]:
        """Yield the outcomes of a group in which some document killed its worker, each in an executor of its own."""
        for path in group:
            with self.workplace.make_executor() as executor:
                try:
                    [outcome] = self._outcomes(executor, (path,), self._submit(executor, (path,)))
                except BrokenExecutor:
                    outcome = _refused(path, f"took more than {_ENDED_AFTER} s or ended its process")
            yield path, outcome

    def _submit(self, executor: Executor, group: tuple[Path, ...]) -> Future[list[_Kept | Refused]]:
        return executor.submit(self.job.done_with_all, [self._handed_over(path) for path in group])

    def _handed_over(self, path: Path) -> _Document | Refused:
        document = _Document(path, self.corrections_of(path))
        return _carried(document) if self.workplace.elsewhere else document

    def _outcomes(
        self, executor: Executor, group: tuple[Path, ...], future: Future[list[_Kept | Refused]]
    ) -> list[_Kept | Refused]:
        try:
            return future.result()
        except self.workplace.lost as lost:
            if len(group) == 1:
                how = str(lost) if isinstance(lost, WorkerEnded) else "ended every worker that tried"
                return [_refused(group[0], how)]
        alone = [(path,) for path in group]
        return [self._outcomes(executor, one, self._submit(executor, one))[0] for one in alone]


def _carried(document: _Document) -> _Document | Refused:
    try:
        return replace(document, data=document.content())
    except (LoaderError, OSError) as error:
        return Refused(document.path, _told(error))


def _told(error: LoaderError | OSError) -> str:
    """Return what went wrong; for errors of the system, without the path, which is told already."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _refused(path: Path, how: str) -> Refused:
    return Refused(path, f"reading it {how}: it is not read")


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
    _limit_cpu(int(time.process_time()) + _ENDED_AFTER, hard)
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
