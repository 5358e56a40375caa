"""A `jixiao serve` in a process of its own, as an administrator runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from sites import wait_until_it_answers
from stores import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LONG = 300
"""Seconds after which something that should happen is taken not to: a busy machine is no fault of the code."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs, where it answers, and the file of what it says on stderr."""

    process: subprocess.Popen[bytes]
    address: str
    stderr: Path

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", headers=headers, timeout=LONG)

    def ask(self, query: str) -> httpx.Response:
        return httpx.post(f"{self.address}/sparql", data={"query": query}, timeout=LONG)

    def told(self) -> str:
        return self.stderr.read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the service by a signal, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=LONG)


@contextmanager
def running(store_url: str, folder: Path, *options: str) -> Iterator[Service]:
    """A service over a store; what it says is kept in the folder."""
    port = free_port()
    command = (sys.executable, "-m", "service.cli", "serve", "--store", store_url, "--port", str(port))
    stderr = folder / f"stderr-{port}"
    with stderr.open("wb") as told:
        process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=told)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}", LONG)
        yield Service(process, f"http://127.0.0.1:{port}", stderr)
    finally:
        process.kill()
        process.wait(timeout=LONG)


def wait_until(happens: Callable[[], bool], what: str) -> None:
    """Return when something is so."""
    deadline = time.monotonic() + LONG
    while not happens():
        assert time.monotonic() < deadline, f"not after {LONG} s: {what}"
        time.sleep(0.05)


def children(pid: int) -> set[int]:
    """The processes that a process has begun."""
    processes = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
    return {process for process in processes if _stat(process)[1:2] == [str(pid)]}


def descendants(pid: int) -> set[int]:
    """The processes that a process has begun, and those that they have."""
    found = children(pid)
    return found.union(*map(descendants, found))


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie that nobody has asked about."""
    return _stat(pid)[:1] not in (["Z"], [])


def worked(pid: int) -> int:
    """What a process has worked, in ticks of the clock; 0 when it is gone."""
    return int((_stat(pid) or ["0"] * 12)[11])


def command_of(pid: int) -> str:
    """The command line of a process, empty when it is gone."""
    return _proc(pid, "cmdline").replace("\0", " ")


def _stat(pid: int) -> list[str]:
    """What the system tells of a process, from its state on; empty when it is gone."""
    return _proc(pid, "stat").rpartition(")")[2].split()


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
