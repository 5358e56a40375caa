"""The kinds of store, behind one fixture: every test that takes `store` runs on each of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.store import Bounds, Store, open_store, open_to_serve

if TYPE_CHECKING:
    from collections.abc import Iterator


def missing(reason: str) -> None:
    """Skip a test for want of a tool; where CI=true a missing tool is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    """Return when something listens on the port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the process ended with {process.returncode}"
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port} after {seconds} s")


@pytest.fixture(scope="session")
def sparql_server() -> Iterator[str]:
    """The query address of an `oxigraph serve` of our own, in memory, on the loopback."""
    beside_python = Path(sys.executable).with_name("oxigraph")
    binary = str(beside_python) if beside_python.exists() else shutil.which("oxigraph")
    if binary is None:
        missing("no `oxigraph` command: pip install oxigraph")
    port = free_port()
    process = subprocess.Popen(
        [str(binary), "serve", "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.terminate()
        process.wait(timeout=300)


@contextmanager
def served(folder: Path, bounds: Bounds | None = None) -> Iterator[Store]:
    """A store on disk as a service has it, empty if it is new."""
    folder.mkdir(exist_ok=True)
    with open_to_serve(folder.as_uri(), bounds or Bounds(workers=2)) as store:
        yield store


SERVED_IN_SOAK = ("memory", "disk", pytest.param("served", marks=pytest.mark.soak), "remote")
"""Kinds of stores for tests that change much: what is served does it in a process of its own each time."""


@pytest.fixture(params=["memory", "disk", "served", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind: in memory, on disk, there as strangers are served, over the SPARQL protocol."""
    if request.param == "memory":
        yield open_store("memory:")
    elif request.param == "disk":
        with open_store(f"file://{tmp_path / 'store'}") as on_disk:
            yield on_disk
    elif request.param == "served":
        with served(tmp_path / "store") as in_service:
            yield in_service
    else:
        remote = open_store(request.getfixturevalue("sparql_server"))
        remote.clear()
        yield remote
        remote.clear()
