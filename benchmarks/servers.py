"""Servers that answer SPARQL, each with its own store of a corpus, and the CPU that they take with their children.

Every one sees all named graphs as one, as jixiao does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from typing import Final

import pyoxigraph as ox

from service.store import open_store

_ROOT: Final = Path(__file__).resolve().parent.parent
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 300
"""Seconds in which a server must have begun to listen."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it takes queries, and the session of its processes."""

    port: int
    path: str
    session: int

    def cpu(self) -> float:
        """Return the CPU seconds that its processes have taken so far, with those that have ended."""
        return sum(map(_ticks, self._processes())) / _TICKS

    def _processes(self) -> Iterator[list[str]]:
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and (fields := _fields(folder)) and int(fields[3]) == self.session:
                yield fields


def _fields(folder: Path) -> list[str]:
    """Return the fields of proc_pid_stat(5) from the third; none where the process has just ended."""
    try:
        return (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(fields: list[str]) -> int:
    return sum(map(int, fields[11:15]))


Serving = Callable[[Path, Path], AbstractContextManager[Server]]
"""Loads a file of N-Quads into a folder, unless that was done, and serves it."""


@contextmanager
def jixiao(quads: Path, folder: Path) -> Iterator[Server]:
    """Serve by `jixiao serve` with its defaults: every bound and check is on."""
    if not folder.exists():
        ox.Store(str(folder)).bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        open_store(folder.as_uri()).close()
    port = _free_port()
    command = (sys.executable, "-m", "service.cli", "serve", "--store", folder.as_uri(), "--port", str(port))
    with _running(command, _ROOT, port, "/sparql") as server:
        yield server


@contextmanager
def oxigraph(quads: Path, folder: Path) -> Iterator[Server]:
    """Serve by `oxigraph serve-read-only`."""
    if not folder.exists():
        subprocess.run(_oxigraph("load", folder, "--file", str(quads)), check=True, capture_output=True)
    port = _free_port()
    options = ("--bind", f"127.0.0.1:{port}", "--union-default-graph")
    with _running(_oxigraph("serve-read-only", folder, *options), folder, port, "/query") as server:
        yield server


def _oxigraph(command: str, folder: Path, *options: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).parent / "oxigraph"), command, "--location", str(folder), *options)


SERVERS: Final[Mapping[str, Serving]] = {"oxigraph serve": oxigraph, "jixiao": jixiao}


@contextmanager
def _running(command: tuple[str, ...], folder: Path, port: int, path: str) -> Iterator[Server]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, start_new_session=True, stdout=quiet, stderr=quiet)
    try:
        _wait_for(port)
        yield Server(port, path, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
