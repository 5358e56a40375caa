"""Programs outside Python while they run: they see no environment of ours, and are ended with all that they started.

`libreoffice` and `archives.unarred` start theirs here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

NOT_STARTED: Final = (126, 127)
"""What `timeout` ends with when the program that it was to start is none, or is not there."""


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, *, seconds: float, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program in a folder that is its home too, and end it with the block; its output is read from a pipe.

    `timeout`, where there is one, ends it after some more `seconds` even if nobody is left to end it.
    Raises `OSError` where it cannot be started.
    """
    timeout = shutil.which("timeout", path=os.defpath)
    process = subprocess.Popen(  # noqa: S603 - the program is the one that whoever runs us has named
        [*((timeout, "--signal=KILL", f"{seconds + 5:g}") if timeout else ()), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_surroundings(folder) | dict(environment or {}),
        process_group=0,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _surroundings(folder: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}
