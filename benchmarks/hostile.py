"""What hostile queries cost others: a server of our own, one client that attacks it and one that asks on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from socket import socket
from statistics import quantiles
from typing import TYPE_CHECKING, Final

import httpx

from service.store import Bounds, open_to_read, open_to_serve

from . import corpus
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from service.store import Store

_ATTACKS: Final[Mapping[str, str]] = {
    "nobody": "",
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "deep path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:a>)* ?b . ?c (!<x:a>|^!<x:a>)* ?d }",
    "regex": f'SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), "{"(a?)" * 30}$")) }}',
    "sorting": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "a long text": "SELECT * { VALUES ?x {" + " 1" * 450_000 + "} ?a ?b ?x . ?c ?d ?e . ?f ?g ?h }",
    "100 MB of VALUES": "SELECT * { VALUES ?x {" + " 1" * 50_000_000 + "} }",
    "nested braces": "SELECT * " + "{" * 100_000 + "}" * 100_000,
}
_LOOKUP: Final = (
    "PREFIX jx: <https://w3id.org/jixiao/def/> "
    "SELECT ?name ?budget { ?project a jx:Declaration ; jx:projectName ?name ; jx:budget ?budget } LIMIT 1"
)
"""What others ask: the budget of a project."""
_AT_ONCE: Final = 8
"""Hostile queries that one client keeps sent."""
_BEGINNING: Final = 3.0
"""Seconds until all who attack do."""
_PAUSE: Final = 0.2
"""Seconds until one who was answered attacks again: it is not to be those who ask that keep the machine busy."""


def measure(documents: int = 20, seconds: float = 10, deadline: float = 3) -> Report:
    """Measure how long others wait for a lookup while each attack goes on for some seconds."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        corpus.write(Path(folder) / "documents", documents, ("html",))
        _run("load", f"{folder}/documents", "--store", f"file:{store}")
        with _serving(store, deadline) as address:
            rows = tuple(
                (name, *_others_meanwhile(address, query, seconds)) for name, query in _ATTACKS.items()
            )
        in_process, in_pool = _lookups(store)
    return Report(
        name="hostile",
        title="Lookups of one client while another attacks",
        columns=(
            "attack",
            "lookups",
            "p50 ms",
            "p99 ms",
            "worst ms",
            "lookups failed",
            "longest attack s",
            "attacks ended as",
        ),
        rows=rows,
        remarks=(
            f"{documents} documents; {_AT_ONCE} hostile queries at once of one client; over HTTP",
            f"deadline {deadline:g} s, for running and before that for waiting: one client runs two at a time",
            f"load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} after; {datetime.now(UTC):%Y-%m-%d}",
            f"a lookup takes {in_process:.2f} ms in process and {in_pool:.2f} ms in a process of the pool (median)",
        ),
        versions=versions_of("pyoxigraph", "uvicorn"),
    )


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "service.cli", *arguments], check=True, capture_output=True)


@contextmanager
def _serving(store: Path, deadline: float) -> Iterator[str]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = (
        "serve",
        "--store",
        f"file:{store}",
        "--port",
        port,
        "--forwarded-allow-ips",
        "127.0.0.1",
        "--query-seconds",
        str(deadline),
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if all(_ask(address, _LOOKUP, "192.0.2.1").status_code == 200 for _ in range(20)):
                return
        except httpx.TransportError:
            time.sleep(0.1)


def _ask(address: str, query: str, client: str) -> httpx.Response:
    headers = {"Content-Type": "application/sparql-query", "X-Forwarded-For": client}
    return httpx.post(f"{address}/sparql", content=query.encode(), headers=headers, timeout=60)


def _others_meanwhile(
    address: str, attack: str, seconds: float
) -> tuple[int, float, float, float, int, float, str]:
    """Return how many lookups there were, how long they took (median, 99th of 100, worst) and failed.

    And of the attacks how many seconds the longest took until it was answered, and how they ended.
    """
    with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn")) as attackers:
        attacks = [
            attackers.submit(_attack, address, attack, seconds) for _ in range(_AT_ONCE if attack else 0)
        ]
        time.sleep(_BEGINNING)
        times, failed = _lookups_over_http(address, seconds)
        told = [one.result() for one in attacks]
    ended = sum((ends for ends, _ in told), Counter[int]())
    longest = max((longest for _, longest in told), default=0.0)
    cuts = quantiles(times, n=100, method="inclusive")
    ends = ", ".join(f"{status} × {count}" for status, count in sorted(ended.items()))
    return len(times), cuts[49], cuts[98], max(times), failed, longest, ends


def _attack(address: str, attack: str, seconds: float) -> tuple[Counter[int], float]:
    """Send one query again and again; return how often each status came, and the seconds that the longest took."""
    ended: Counter[int] = Counter()
    longest = 0.0
    end = time.monotonic() + seconds + _BEGINNING
    while (begun := time.monotonic()) < end:
        try:
            ended[_ask(address, attack, "192.0.2.66").status_code] += 1
        except httpx.TransportError:  # it was told enough before it had sent all
            ended[0] += 1
        longest = max(longest, time.monotonic() - begun)
        time.sleep(_PAUSE)
    return ended, longest


def _lookups_over_http(address: str, seconds: float) -> tuple[list[float], int]:
    """Return the milliseconds of each lookup, one after another with pauses, and how many failed."""
    times, failed = [], 0
    headers = {"X-Forwarded-For": "192.0.2.1", "Accept": "text/csv"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.perf_counter()
            lookup = f"{_LOOKUP} #{len(times)}"  # another each time: what was asked before is kept
            failed += client.post("/sparql", data={"query": lookup}).status_code != 200
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.01)
    return times, failed


def _lookups(store: Path) -> tuple[float, float]:
    """Return the median milliseconds of a lookup in this process, and in one of the pool."""
    with open_to_read(store.as_uri()) as reader, open_to_serve(store.as_uri(), Bounds()) as served:
        return _median(reader), _median(served)


def _median(store: Store) -> float:
    times = []
    for _ in range(500):
        begun = time.perf_counter()
        store.query(_LOOKUP, "text/csv")
        times.append((time.perf_counter() - begun) * 1000)
    return quantiles(times[100:], n=2)[0]
