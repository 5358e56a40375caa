"""CPU time: of work in this process, and of a program with everything that it starts."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import resource
    from collections.abc import Callable, Mapping, Sequence

_SET_CHILD_SUBREAPER: Final = 36
"""`PR_SET_CHILD_SUBREAPER` of Linux's prctl: orphans of our children become ours, so that we can count them."""


def cpu_seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the least CPU seconds of some work, after one round that warms caches.

    The least, because whatever else the machine does can only add to it.
    """
    work()
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


@dataclass(frozen=True, slots=True)
class Run:
    """What a program took, with all that it started."""

    wall: float
    cpu: float
    peak: int
    """Most memory of one process, in bytes."""


class ProgramFailed(Exception):
    """A program that was to be measured did not end well; the message is what it printed last."""


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Return what a program took, its children and theirs included. Raises `ProgramFailed`."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    begin = time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **quiet) as process:
        told = process.stderr.read() if process.stderr is not None else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    if process.returncode:
        raise ProgramFailed(f"{' '.join(command[:4])} …: {told[-2000:]}")
    usages = [usage, *_orphans(process.pid)]
    return Run(
        wall,
        sum(usage.ru_utime + usage.ru_stime for usage in usages),
        max(usage.ru_maxrss for usage in usages) * 1024,
    )


def _orphans(group: int) -> list[resource.struct_rusage]:
    """Wait for what a program left behind in its group to end, and return what it took."""
    found = []
    while True:
        try:
            found.append(os.wait4(-group, 0)[2])
        except ChildProcessError:
            return found
