"""Stopping a service, and asking whether it lives: a real process over a real store, as systemd and others see it."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from services import Service, children, command_of, descendants, lives, running, wait_until, worked

from service.store import Changes, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    import httpx

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(?c) + STRLEN(?f) > 3) }"
"""Takes some seconds on `STATEMENTS` statements."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
STATEMENTS = 2000
NO = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>false</boolean></sparql>'
WORK = 20
"""Ticks (hundredths of a second, mostly) that an idle process does not work within a test."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a store on disk."""
    lines = (f'<x:s{n}> <x:p> "line {n}" <x:g> .\n' for n in range(STATEMENTS))
    with open_store((tmp_path / "store").as_uri()) as store:
        store.apply(Changes(added="".join(lines).encode()))
    return tmp_path / "store"


def begun(threads: ThreadPoolExecutor, service: Service, query: str) -> Future[httpx.Response]:
    """The answer to a query that somebody waits for, when a process works on it."""
    before = work_of(service)
    asked = threads.submit(service.ask, query)
    wait_until(
        lambda: any(done > before.get(pid, 0) + WORK for pid, done in work_of(service).items()),
        "a process works on the query",
    )
    return asked


def work_of(service: Service) -> dict[int, int]:
    """What each process of a service has worked, in ticks of the clock."""
    pids = {service.process.pid, *descendants(service.process.pid)}
    return {pid: worked(pid) for pid in pids if lives(pid)}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (signal.SIGTERM, "disk"),
        *(
            pytest.param(number, kind, marks=pytest.mark.soak)
            for number, kind in (
                (signal.SIGINT, "disk"),
                (signal.SIGTERM, "memory"),
                (signal.SIGINT, "memory"),
            )
        ),
    ],
)
def test_a_service_that_is_told_to_stop_ends_with_0(
    folder: Path, tmp_path: Path, number: int, kind: str
) -> None:
    """With all its processes; somebody else can open the store."""
    url = folder.as_uri() if kind == "disk" else "memory:"
    with running(url, tmp_path) as service:
        processes = descendants(service.process.pid)
        assert service.stop(number) == 0
        wait_until(lambda: not any(map(lives, processes)), "all its processes have ended")
        assert "Traceback" not in service.told()
    with open_store(folder.as_uri()) as store:
        assert store.query(COUNT, "text/csv").split()[1] == str(STATEMENTS).encode()


def test_an_answer_that_runs_is_finished(folder: Path, tmp_path: Path) -> None:
    """Whoever asked before the signal is answered; nobody new is."""
    with running(folder.as_uri(), tmp_path) as service, ThreadPoolExecutor() as threads:
        asked = begun(threads, service, SLOW)
        assert service.stop() == 0
        answer = asked.result()
        assert (answer.status_code, str(STATEMENTS**2) in answer.text) == (200, True)


@pytest.mark.soak
def test_an_answer_that_takes_too_long_is_ended(folder: Path, tmp_path: Path) -> None:
    """Whoever waits is told so, with what to do; the exit code is 0 all the same."""
    with (
        running(folder.as_uri(), tmp_path, "--query-seconds", "3600", "--stop-seconds", "1") as service,
        ThreadPoolExecutor() as threads,
    ):
        asked = begun(threads, service, ENDLESS)
        assert service.stop() == 0
        answer = asked.result()
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["Retry-After"] == "5"
        assert answer.json()["type"].endswith("/stopping")


@pytest.mark.soak
def test_a_query_of_a_store_in_memory_is_ended_too(tmp_path: Path) -> None:
    """Who waits for it is told so, and nothing is left behind."""
    with (
        running("memory:", tmp_path, "--stop-seconds", "1") as service,
        ThreadPoolExecutor() as threads,
    ):
        rows = " ".join(map(str, range(4000)))
        values = " ".join(f"VALUES ?v{n} {{ {rows} }}" for n in range(4))
        asked = begun(threads, service, f"SELECT (COUNT(*) AS ?n) {{ {values} }}")
        assert service.stop() == 0
        assert asked.result().status_code == 503
        assert "leaves it behind" not in service.told(), service.told()


@pytest.mark.soak
def test_a_second_signal_ends_at_once(folder: Path, tmp_path: Path) -> None:
    """And no process is left that works on for nobody."""
    with (
        running(folder.as_uri(), tmp_path, "--query-seconds", "3600", "--stop-seconds", "3600") as service,
        ThreadPoolExecutor() as threads,
    ):
        asked = begun(threads, service, ENDLESS)
        processes = descendants(service.process.pid)
        service.process.send_signal(signal.SIGTERM)
        # two signals that come together are one: wait until the service has acted on the first
        wait_until(lambda: "stopping: " in service.told(), "the first signal has come")
        assert service.stop() == -signal.SIGTERM
        assert asked.exception() is not None
        wait_until(lambda: not any(map(lives, processes)), "all its processes have ended")


def test_a_service_that_drains_says_so_and_goes_on(folder: Path, tmp_path: Path) -> None:
    """Whoever asks whether it is ready is sent elsewhere; all others are answered."""
    with running(folder.as_uri(), tmp_path, "--drain-seconds", "3600") as service:
        assert service.get("/readyz").json() == {"status": "ready"}
        service.process.send_signal(signal.SIGTERM)
        wait_until(lambda: service.get("/readyz").status_code == 503, "it is not ready any more")
        told = service.get("/readyz").json()
        assert (told["status"], told["type"].rsplit("/", 1)[1]) == (503, "stopping")
        assert "told to stop" in told["detail"]
        assert service.get("/healthz").json() == {"status": "ok"}
        assert str(STATEMENTS) in service.ask(COUNT).text
        assert "127.0.0.1 GET /readyz 503 " in service.told()
        assert service.stop() == -signal.SIGTERM


# --- what nobody can end ---------------------------------------------------------------------------------


@contextmanager
def endpoint_that_hangs() -> Iterator[tuple[str, list[str]]]:
    """The address of an endpoint that says no where it can, and else nothing; and what it was asked."""
    heard: list[str] = []
    done = threading.Event()

    class Hanging(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
            heard.append(query)
            if "ASK" not in query:
                done.wait()
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+xml")
            self.send_header("Content-Length", str(len(NO)))
            self.end_headers()
            self.wfile.write(NO)

        do_GET = do_POST  # noqa: N815 - its name is given

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hanging) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql", heard
        finally:
            done.set()
            server.shutdown()


@pytest.mark.soak
def test_work_that_cannot_be_ended_is_told_as_the_stop_that_it_is(tmp_path: Path) -> None:
    """An endpoint hangs: who waits is told that the service stops, and the process leaves the work behind."""
    with (
        endpoint_that_hangs() as (endpoint, heard),
        running(endpoint, tmp_path, "--query-seconds", "3600", "--stop-seconds", "1") as service,
        ThreadPoolExecutor() as threads,
    ):
        asked = threads.submit(service.get, "/graph-store/a")
        wait_until(lambda: any("ASK" not in query for query in heard), "the endpoint is asked")
        assert service.stop() == 0
        answer = asked.result()
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"].endswith("/stopping")
        assert answer.headers["Retry-After"] == "5"
        assert "Traceback" not in service.told(), service.told()
        assert "leaves it behind" in service.told()


# --- whether it lives, and whether it is ready -----------------------------------------------------------


@pytest.mark.soak
def test_a_service_whose_store_is_gone_lives_and_is_not_ready(folder: Path, tmp_path: Path) -> None:
    """The reason is told; when the store is there again the service is ready again."""
    with running(folder.as_uri(), tmp_path) as service:
        folder.rename(tmp_path / "elsewhere")
        wait_until(lambda: service.get("/readyz").status_code == 503, "it is not ready any more")
        told = service.get("/readyz").json()
        assert told["type"].endswith("/store-unavailable")
        assert "no snapshot" in told["detail"]
        assert service.get("/healthz").status_code == 200
        (tmp_path / "elsewhere").rename(folder)
        wait_until(lambda: service.get("/readyz").status_code == 200, "it is ready again")


@pytest.mark.soak
def test_processes_that_somebody_else_ended_are_begun_again(folder: Path, tmp_path: Path) -> None:
    """No client notices, whichever of them it would have been answered by."""
    with running(folder.as_uri(), tmp_path, "--query-workers", "2") as service:
        for round_ in range(2):
            for pid in answering(service):
                os.kill(pid, signal.SIGKILL)
            answers = [service.ask(COUNT).status_code for _ in range(4)]
            assert answers == [200] * 4, round_
        assert service.get("/readyz").status_code == 200


def answering(service: Service) -> set[int]:
    """The processes that answer queries."""
    (forking,) = (pid for pid in children(service.process.pid) if "forkserver" in command_of(pid))
    workers: set[int] = set()

    def are_there() -> bool:
        workers.clear()
        workers.update(pid for pid in children(forking) if lives(pid))
        return len(workers) >= 2

    wait_until(are_there, "two processes answer")
    return workers
