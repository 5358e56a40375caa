"""Many documents on any executor: each in bounded time and memory, none lost because of another.

    paths ─convert_many→ (location, what came of it), in the order of the paths

- an archive is opened like a document, and its members take its place: a portion of them at a time, so that no
  more of it is in memory;
- `Said` is asked how a document is to be read when it is handed out, and hears before what stands beside it in an
  archive;
- `processes` are our own workers: a document that takes too long or too much memory ends its process and is named,
  and no other is touched;
- any `concurrent.futures.Executor` does as well, in a `Workplace` that tells how to hand it work. A document that
  kills its worker there may break a pool of processes, and with it all that waits: the group it stood in is done
  again one document at a time, so that it can be named. Memory, and time in threads, are bounded by the executor
  or not at all.
"""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, Generic, ParamSpec, Protocol, TypeVar

from .errors import LoaderError
from .file_names import names_what_stands_beside
from .location import Location
from .programs import NO_PROGRAMS, Programs
from .readers import limits
from .readers.archives.unpacking import Member, Portion
from .task import (
    ENDED_AFTER,
    Beside,
    Given,
    Handed,
    Kept,
    Outcome,
    Refused,
    Task,
    Told,
    what_went_wrong,
)
from .workers import WorkerEnded, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from .conversion import Conversion
    from .model import Correction

_TOO_MUCH: Final = (
    f"with all archives in it it holds more than {limits.ARCHIVE_NAMES:,} files, or more than "
    f"{limits.ARCHIVE_TOTAL_BYTES // limits.MIB:,} MiB: the rest is not read; unpack it first"
)

_Group = tuple[Handed, ...]
_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Said(Protocol):
    """What persons wrote down of how documents are to be read."""

    def hear(self, beside: Beside) -> None:
        """Take what a file in an archive says, before anybody asks about the documents beside it."""

    def of(self, document: Given) -> tuple[Correction, ...]:
        """Return what is said of a document, which is about to be handed out; perhaps not for the first time."""


class _Nothing:
    """Nobody says anything of how documents are to be read."""

    def hear(self, beside: Beside) -> None:
        """Leave it to others."""

    def of(self, document: Given) -> tuple[Correction, ...]:  # noqa: ARG002 - the same of each
        """Return no correction."""
        return ()


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
        return Workers(count, seconds=ENDED_AFTER, preloaded="loader.preloaded")

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


def convert_file(path: Path) -> Outcome[Conversion]:
    """Convert one file within the time a document may take; what goes wrong is told, not raised."""
    return Task(whole, NO_PROGRAMS).done_with(Given(Location(path)))


def convert_many(
    paths: Iterable[Path], workplace: Workplace, keep: Callable[[Conversion], Kept]
) -> Iterator[tuple[Location, Told[Kept]]]:
    """Yield what `keep` took of the conversion of each file, in the order of the paths, as `convert_all` does."""
    yield from convert_all([Given(Location(path)) for path in paths], workplace, keep)


def convert_all(
    documents: Sequence[Given],
    workplace: Workplace,
    keep: Callable[[Conversion], Kept],
    said: Said | None = None,
) -> Iterator[tuple[Location, Told[Kept]]]:
    """Yield where each document is and what `keep` took of its conversion, in their order.

    In the place of an archive come its members, catalogues and tables of corrections first.
    `keep` can be pickled: it is called where the document is converted, and only what it returns travels.
    `said` is asked here, for each document when it is handed out.
    """
    crew = _Crew(workplace, Task(keep, workplace.programs), said or _Nothing())
    size = workplace.group
    groups: deque[_Group] = deque(
        tuple(documents[start : start + size]) for start in range(0, len(documents), size)
    )
    while groups:
        with workplace.make_executor() as executor:
            try:
                for outcomes in crew.in_order(executor, groups):
                    yield from outcomes
            except BrokenExecutor:
                pass
            else:
                return
        yield from crew.one_at_a_time(groups)


@dataclass(frozen=True, slots=True)
class _Apart(Generic[Kept]):
    """What came of a group: of the documents up to its first archive, the members of that, and what stands behind."""

    told: list[tuple[Location, Told[Kept]]]
    members: list[_Group]
    behind: _Group


@dataclass(frozen=True, slots=True)
class _Crew(Generic[Kept]):
    """A job at a workplace, and how many files and bytes have come out of each archive so far."""

    workplace: Workplace
    job: Task[Kept]
    said: Said
    members: Counter[Path] = field(default_factory=Counter)
    unpacked: Counter[Path] = field(default_factory=Counter)

    def in_order(
        self, executor: Executor, groups: deque[_Group]
    ) -> Iterator[list[tuple[Location, Told[Kept]]]]:
        """Yield the outcomes of each group, which is then taken from the left of `groups`.

        A group with an archive is followed by groups of its members, and of what stands behind it.
        """
        waiting: deque[Future[list[Outcome[Kept]]]] = deque()
        following = iter(tuple(groups))
        try:
            while groups:
                free = self.workplace.ahead - len(waiting)
                waiting.extend(self._submit(executor, group) for group in islice(following, max(free, 0)))
                outcomes = self._outcomes(executor, groups[0], waiting[0])
                waiting.popleft()
                apart = self._apart(groups.popleft(), outcomes)
                if apart.behind:
                    groups.appendleft(apart.behind)
                    waiting.appendleft(_done(outcomes[-len(apart.behind) :]))
                groups.extendleft(reversed(apart.members))
                waiting.extendleft(reversed([self._submit(executor, group) for group in apart.members]))
                yield apart.told
        finally:
            for future in waiting:
                future.cancel()

    def one_at_a_time(self, groups: deque[_Group]) -> Iterator[tuple[Location, Told[Kept]]]:
        """Do the first group again, in which some document may have broken an executor, each in one of its own."""
        group = groups.popleft()
        for number, document in enumerate(group, start=1):
            with self.workplace.make_executor() as executor:
                try:
                    outcomes = self._outcomes(executor, (document,), self._submit(executor, (document,)))
                except BrokenExecutor:
                    outcomes = [_refused(document, f"took more than {ENDED_AFTER} s or ended its process")]
            apart = self._apart((document,), outcomes)
            yield from apart.told
            if apart.members:
                groups.extendleft(reversed([*apart.members, *((one,) for one in group[number:])]))
                return

    def _apart(self, group: Sequence[Handed], outcomes: Sequence[Outcome[Kept]]) -> _Apart[Kept]:
        """Return a group taken apart at its first archive."""
        told: list[tuple[Location, Told[Kept]]] = []
        for number, (document, outcome) in enumerate(zip(group, outcomes, strict=True), start=1):
            if isinstance(outcome, Portion) and isinstance(document, Given):
                return _Apart(told, self._grouped(self._members(document, outcome)), tuple(group[number:]))
            if not isinstance(outcome, Portion):
                told.append((document.location, outcome))
        return _Apart(told, [], ())

    def _members(self, archive: Given, portion: Portion) -> list[Handed]:
        """Return the members of a portion of an archive, and the archive itself for the next one."""
        path = archive.location.path
        self.members[path] += len(portion.members)
        self.unpacked[path] += sum(len(member.data) for member in portion.members)
        if self.members[path] > limits.ARCHIVE_NAMES or self.unpacked[path] > limits.ARCHIVE_TOTAL_BYTES:
            return [Refused(archive.location, _TOO_MUCH)]
        members = [_handed(archive.location.of_member(member.name), member) for member in portion.members]
        for member in members:
            if isinstance(member, Beside):
                self.said.hear(member)
        rest = [replace(archive, start=portion.next)] if portion.next is not None else []
        return [*members, *rest]

    def _grouped(self, documents: Sequence[Handed]) -> list[_Group]:
        size = self.workplace.group
        return [tuple(documents[start : start + size]) for start in range(0, len(documents), size)]

    def _submit(self, executor: Executor, group: Sequence[Handed]) -> Future[list[Outcome[Kept]]]:
        return executor.submit(self.job.done_with_all, [self._handed_over(one) for one in group])

    def _handed_over(self, document: Handed) -> Handed:
        """Return a document with how it is to be read, and with its bytes where those go with it."""
        carried = _carried(document) if self.workplace.elsewhere else document
        return replace(carried, corrections=self.said.of(carried)) if isinstance(carried, Given) else carried

    def _outcomes(
        self,
        executor: Executor,
        group: Sequence[Handed],
        future: Future[list[Outcome[Kept]]],
    ) -> list[Outcome[Kept]]:
        try:
            return future.result()
        except self.workplace.lost as lost:
            if len(group) == 1:
                how = str(lost) if isinstance(lost, WorkerEnded) else "ended every worker that tried"
                return [_refused(group[0], how)]
        alone = [(one,) for one in group]
        return [self._outcomes(executor, one, self._submit(executor, one))[0] for one in alone]


def _done(outcomes: list[_Answer]) -> Future[list[_Answer]]:
    """Return the future of what is known already."""
    done: Future[list[_Answer]] = Future()
    done.set_result(outcomes)
    return done


def _handed(location: Location, member: Member) -> Handed:
    """Return a member of an archive as what it is by its name."""
    if member.refusal is not None:
        return Refused(location, member.refusal)
    beside = names_what_stands_beside(member.name.split("/"))
    return Beside(location, member.data) if beside else Given(location, member.data)


def _carried(document: Handed) -> Handed:
    """Return a document with its bytes."""
    if not isinstance(document, Given):
        return document
    try:
        return replace(document, data=document.content())
    except (LoaderError, OSError) as error:
        return Refused(document.location, what_went_wrong(error))


def _refused(document: Handed, how: str) -> Refused:
    return Refused(document.location, f"reading it {how}: it is not read")
