"""One document where it is converted: opened, read and told within its time, whatever it is.

`many` hands such tasks to an executor; nothing here knows of other documents.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from .conversion import Conversion, convert
from .errors import LoaderError, UnsafeDocument
from .readers import limits
from .readers.archives.kinds import archive_kind_of
from .readers.archives.parts import refuse_part
from .readers.archives.unpacking import Portion, unpacked
from .readers.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .location import Location
    from .model import Correction
    from .programs import Programs

SECONDS: Final = 100
"""Time that one document may take; the slowest real one met takes four seconds, RTF by LibreOffice ten."""
ENDED_AFTER: Final = 120
"""Time after which a process is ended that has not come back to Python to see that its time is over."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not converted, and why."""

    location: Location
    reason: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A catalogue or a table of corrections in an archive: no document, but it tells of those beside it."""

    location: Location
    data: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """A file to convert: where it is, its bytes where they go with it, and how persons say it is to be read."""

    location: Location
    data: bytes | None = None
    start: int = 0
    """Of an archive the member to begin with."""
    corrections: tuple[Correction, ...] = ()

    def content(self) -> bytes:
        """Return the bytes. Raises `UnsafeDocument` and `OSError`."""
        return read_file(self.location.path) if self.data is None else self.data


Handed: TypeAlias = Given | Refused | Beside
"""What is handed to a worker; all but what is to be converted comes back as it is."""
Told: TypeAlias = "Kept | Refused | Beside"
"""What is told of a document."""
Outcome: TypeAlias = "Told[Kept] | Portion"
"""What comes of a document: an archive gives a portion of its members."""


@dataclass(frozen=True, slots=True)
class Task(Generic[Kept]):
    """What is done with each document, wherever that is."""

    keep: Callable[[Conversion], Kept]
    programs: Programs

    def done_with_all(self, documents: Sequence[Handed]) -> list[Outcome[Kept]]:
        """Return what comes of each document."""
        return [self.done_with(document) for document in documents]

    def done_with(self, document: Handed) -> Outcome[Kept]:
        """Return what comes of a document; what goes wrong is told, not raised."""
        if not isinstance(document, Given):
            return document
        try:
            with _bounded_time(SECONDS):
                return self._outcome(document)
        except MemoryError:
            reason = "reading it needs more memory than a document may take: it is not read"
            return Refused(document.location, reason)
        except (LoaderError, OSError) as error:
            return Refused(document.location, what_went_wrong(error))

    def _outcome(self, document: Given) -> Outcome[Kept]:
        location, data = document.location, document.content()
        refuse_part(location.name, data)
        kind = archive_kind_of(data)
        if kind is None:
            return self.keep(convert(data, self.programs, document.corrections))
        if len(location.inside) >= limits.ARCHIVE_DEPTH:
            raise UnsafeDocument(
                f"archives stand in archives more than {limits.ARCHIVE_DEPTH} deep: unpack the outer ones first"
            )
        return unpacked(data, kind, self.programs, document.start)


def what_went_wrong(error: LoaderError | OSError) -> str:
    """Return what went wrong; for errors of the system, without the path, which is told already."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


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
    _limit_cpu(int(time.process_time()) + ENDED_AFTER, hard)
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
