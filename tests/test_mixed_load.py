"""A service of two processes under mixed load, with loads and kills in between: for a moment here.

`SOAK_MINUTES=10 python -m pytest -s -m soak tests/test_mixed_load.py` does it for ten, and tells the figures.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from services import ROOT, Service, children, command_of, descendants, running, wait_until

from service.keys import KeyFile

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60 * float(os.environ.get("SOAK_MINUTES", "0.25"))
DOCUMENTS = ("130109-326-2025.txt", "130202-205-2025.txt")
COUNT = "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRLEN(STR(?o)) > {n}) }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PAGES = ("/zh/", "/en/", "/zh/projects", "/zh/quality", "/queries", "/healthz", "/zh/nothing")
BY_DESIGN = {200, 201, 204, 303, 304, 400, 404, 413, 499, 503}
RESPITE = 3.0
"""Seconds between two queries that take all they may."""
PAUSE = 0.1
"""Seconds between two requests of one client: other tests run beside this one."""


@dataclass(slots=True)
class Load:
    """What is asked of a service, and what came of it."""

    service: Service
    key: str
    statuses: Counter[int] = field(default_factory=Counter)
    cut_off: int = 0
    """Requests whose connection ended: whoever worked on them was killed."""
    over: threading.Event = field(default_factory=threading.Event)

    def query(self, client: httpx.Client, n: int) -> httpx.Response:
        return client.post("/sparql", data={"query": COUNT.format(n=n)})

    def hostile(self, client: httpx.Client, n: int) -> httpx.Response:
        self.over.wait(RESPITE)
        return client.post("/sparql", data={"query": f"{ENDLESS} # {n}"})

    def page(self, client: httpx.Client, n: int) -> httpx.Response:
        return client.get(PAGES[n % len(PAGES)])

    def graph(self, client: httpx.Client, n: int) -> httpx.Response:
        path, authorization = f"/graph-store/soak/{n // 4 % 5}", {"Authorization": f"Bearer {self.key}"}
        if n % 4 == 0:
            headers = {"Content-Type": "text/turtle", **authorization}
            return client.put(path, content=f"<x:s> <x:p> {n} .", headers=headers)
        return client.delete(path, headers=authorization) if n % 20 == 19 else client.get(path)

    def go_on(self, ask: Callable[[httpx.Client, int], httpx.Response]) -> None:
        """Ask on and on, each time on a connection that may be new."""
        n = 0
        while not self.over.wait(PAUSE):
            with httpx.Client(base_url=self.service.address, timeout=300) as client:
                try:
                    self.statuses[ask(client, n).status_code] += 1
                except httpx.TransportError:
                    self.cut_off += 1
            n += 1


def memory(pid: int) -> int:
    """What a process and those below it have of the memory, in MiB; what several share is counted once."""
    total = 0
    for each in {pid, *descendants(pid)}:
        try:
            told = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(map(int, re.findall(r"^Pss:\s+(\d+)", told, re.MULTILINE)))
    return total >> 10


def load(store: Path, document: str, killed_after: float | None = None) -> int:
    """Load a document again, or kill the load."""
    command = [sys.executable, "-m", "service.cli", "load", str(ROOT / "examples" / document)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [*command, "--store", store.as_uri()], cwd=ROOT, stdout=quiet, stderr=quiet
    ) as process:
        try:
            return process.wait(timeout=killed_after)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def declarations(service: Service) -> int:
    """How many the store holds."""
    asked = "SELECT (COUNT(*) AS ?n) { ?d a <https://w3id.org/jixiao/def/Declaration> }"
    return int(service.ask(asked).json()["results"]["bindings"][0]["n"]["value"])


def kill_one(service: Service, chance: random.Random) -> str:
    """Kill a process that answers HTTP, or one that answers queries; return which."""
    of_http = [pid for pid in children(service.process.pid) if "forkserver" not in command_of(pid)]
    of_queries = [each for pid in of_http for server in children(pid) for each in children(server)]
    kind, pids = ("http", of_http) if chance.random() < 0.5 or not of_queries else ("query", of_queries)
    with suppress(ProcessLookupError):  # one that answers queries may just have been ended
        os.kill(chance.choice(pids), signal.SIGKILL)
    return kind


@pytest.mark.soak
def test_a_service_stands_mixed_load_with_loads_and_kills(tmp_path: Path) -> None:
    """No error that is none by design, nothing that was loaded is lost, and memory does not grow."""
    chance = random.Random(20250101)
    for document in DOCUMENTS:
        assert load(tmp_path / "store", document) == 0
    key = KeyFile(tmp_path / "keys").add("soak")
    options = ("--workers", "2", "--query-seconds", "2", "--keys", str(tmp_path / "keys"))
    killed: Counter[str] = Counter()
    used: list[int] = []
    with running((tmp_path / "store").as_uri(), tmp_path, *options) as service:
        declared = declarations(service)
        assert declared > 0
        work = Load(service, key)
        asking = (work.query, work.hostile, work.page, work.page, work.graph)
        threads = [threading.Thread(target=work.go_on, args=(ask,)) for ask in asking]
        for thread in threads:
            thread.start()
        end = time.monotonic() + SECONDS
        rounds = 0
        while rounds < 4 or time.monotonic() < end:
            document = DOCUMENTS[rounds % 2]
            if rounds % 2:
                load(tmp_path / "store", document, killed_after=chance.uniform(0.5, 6))
                killed["load"] += 1
                killed[kill_one(service, chance)] += 1
            else:
                # a client that writes may have the store for longer than a load waits for it
                wait_until(lambda: load(tmp_path / "store", document) == 0, "it is loaded")  # noqa: B023 - at once
            used.append(memory(service.process.pid))
            rounds += 1
        work.over.set()
        for thread in threads:
            thread.join()
        wait_until(lambda: service.get("/readyz").status_code == 200, "it is ready")
        assert declarations(service) == declared
        told = service.told()
        assert service.stop() == 0
    told_of = (
        f"{dict(work.statuses)}, cut off {work.cut_off}, killed {dict(killed)}, {rounds} rounds, MiB {used}"
    )
    sys.stdout.write(f"\n{SECONDS:g} s: {told_of}\n")
    assert set(work.statuses) - BY_DESIGN == set()
    assert work.statuses[200] > 20
    assert work.cut_off <= killed["http"] * len(asking)
    assert "Traceback" not in told
    assert max(used[len(used) // 2 :]) < 1.5 * max(used[: len(used) // 2]) + 200
