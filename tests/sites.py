"""A filled store, a client of the service over it, and a browser: what the tests of the web pages use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from stores import free_port, missing

import queries
from ontology.namespaces import JXG
from service.app import make_app
from service.loading.ingest import Ingest, Loaded
from service.loading.sources import find_sources
from service.settings import Settings
from service.store import Changes, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).parent / "pages"
PROJECT = "13020225P00911610001G"
"""市级驻村第一书记和工作队工作经费: the project of the worked example."""
UNIT = "130202/203001"
DOCUMENT = "cf8c4de81de73a86"


@contextmanager
def serving(store: Store, settings: Settings | None = None) -> Iterator[str]:
    """The address, without a slash at its end, of the service over a store, listening on the loopback."""
    port = free_port()
    app = make_app(store, settings or Settings(port=port), queries.catalogue())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(address)
        yield address
    finally:
        server.should_exit = True
        thread.join(timeout=300)


@pytest.fixture(scope="session")
def library() -> Store:
    """The examples as `load` loads them, with a small report written by hand in the place of theirs."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    loaded = list(ingest.load_all(find_sources([str(ROOT / "examples")])))
    assert all(isinstance(outcome, Loaded) for outcome in loaded), loaded
    reports = tuple(graph for graph in store.graphs() if graph.startswith(JXG["report/"]))
    assert len(reports) == len(loaded)
    findings = ox.parse((DATA / "findings.trig").read_bytes(), format=ox.RdfFormat.TRIG)
    written = ox.serialize(findings, format=ox.RdfFormat.N_QUADS) or b""
    store.apply(Changes(emptied=reports, added=written))
    return store


@pytest.fixture(scope="session")
def site(library: Store) -> Iterator[str]:
    """The address of the service over the examples, without a slash at its end."""
    with serving(library) as address:
        yield address


@pytest.fixture(scope="module")
def shacl_client() -> Iterator[httpx.Client]:
    """A client of a service in a process of its own, which gives judging four seconds."""
    port = free_port()
    command = (sys.executable, "-m", "service.cli", "serve", "--store", "memory:", "--port", str(port))
    process = subprocess.Popen([*command, "--shacl-seconds", "4"], cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(address)
        with httpx.Client(base_url=address, timeout=300) as client:
            yield client
    finally:
        process.terminate()
        process.wait(timeout=300)


@pytest.fixture(scope="session")
def client(site: str) -> Iterator[httpx.Client]:
    """A client of the service over the examples, which does not follow redirects by itself."""
    with httpx.Client(base_url=site, timeout=300) as client:
        yield client


def wait_until_it_answers(address: str, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz", timeout=300).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer after {seconds} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, as the system has it; it asks nobody anything of its own accord."""
    from playwright.sync_api import sync_playwright

    binary = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        missing("no Chromium: install Debian's `chromium`, or name one in CHROMIUM")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    silent = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=[*quiet, *silent])
        yield chromium
        chromium.close()
