"""`serve --workers`: several processes that answer at one socket as one service would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from services import ROOT, Service, children, command_of, descendants, lives, running, wait_until
from stores import free_port

from service.cli import main
from service.keys import KeyFile
from service.loading import turns
from service.store import Bounds, Changes, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <http://e.org/counted> { ?s ?p ?o } }"
TURTLE = {"Content-Type": "text/turtle"}
SENT = 12
"""Statements that clients send at a time."""


# --- what cannot be shared -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        (("--store", "memory:", "--workers", "2"), ("--workers 1", "--store file:FOLDER")),
        (("--workers", "3"), ("--query-workers 6", "--workers 2")),
    ],
)
def test_what_several_processes_cannot_do_is_refused(
    options: tuple[str, ...], advice: tuple[str, ...]
) -> None:
    """Before anything is begun, with what to do."""
    done = CliRunner().invoke(main, ["serve", *options])
    assert done.exit_code == 2
    assert [words for words in advice if words not in done.output] == []


def test_what_queries_may_take_is_shared_out() -> None:
    """Nothing is lost and nothing made more, and each process can answer."""
    parts = [Bounds(workers=7, waiting=64).shared_out(3, number) for number in range(3)]
    assert [part.workers for part in parts] == [3, 2, 2]
    assert sum(part.waiting for part in parts) == 64
    assert Bounds(workers=1).shared_out(4, 3).workers == 1


def test_processes_count_together_how_often_a_client_asks() -> None:
    """What one of them granted, another does not grant again."""
    script = (
        "import os\n"
        "from service.limits import Buckets\n"
        "from service.settings import Rate\n"
        "buckets = Buckets(Rate(per_second=1, burst=5))\n"
        "if (child := os.fork()) == 0:\n"
        "    assert [buckets.take('a', 0).left for _ in range(3)] == [4, 3, 2]\n"
        "    os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "print([buckets.take('a', 0).given for _ in range(3)], buckets.take('b', 0).left)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[True, True, False] 4"


def test_a_process_that_cannot_be_begun_is_tried_again() -> None:
    """The system may have no process to spare for a moment; whoever is begun already goes on meanwhile."""
    script = (
        "import errno, os, signal\n"
        "from service.several import Orders, Several\n"
        "fork, asked = os.fork, []\n"
        "def sparing():\n"
        "    asked.append(len(asked))\n"
        "    if asked[-1] in (0, 2):\n"
        "        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))\n"
        "    return fork()\n"
        "os.fork = sparing\n"
        "def work(place):\n"
        "    place.ready()\n"
        "    signal.pause()\n"
        "orders = Orders(work, lambda: os.kill(os.getpid(), signal.SIGTERM), lambda: None, lambda pid: None, 60)\n"
        "print(Several(3, orders).run(), len(asked))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "0 5"
    assert done.stderr.count("could not be begun") == 2


# --- two that answer -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Two:
    """A service of two processes, and a key by which it takes changes."""

    service: Service
    store: Path
    key: str

    def both(self) -> list[int]:
        """The processes that answer HTTP, when there are two."""
        found: list[int] = []

        def are_there() -> bool:
            found[:] = [pid for pid in children(self.service.process.pid) if lives(pid)]
            return len(found) == 2 and all(map(_has_workers, found))

        wait_until(are_there, "two processes answer HTTP, and each has its own for queries")
        return found

    @contextmanager
    def answered_by(self, pid: int) -> Iterator[httpx.Client]:
        """A client that one of them answers: the other is stopped meanwhile."""
        (other,) = (each for each in self.both() if each != pid)
        os.kill(other, signal.SIGSTOP)
        try:
            with httpx.Client(base_url=self.service.address, timeout=300) as client:
                yield client
        finally:
            os.kill(other, signal.SIGCONT)

    def write(self, method: str, path: str, content: str) -> httpx.Response:
        headers = {**TURTLE, "Authorization": f"Bearer {self.key}"}
        address = f"{self.service.address}{path}"
        return httpx.request(method, address, content=content, headers=headers, timeout=300)

    def figures(self) -> dict[str, float]:
        """Each figure without labels, and the requests by route."""
        samples = [
            sample
            for family in text_string_to_metric_families(self.service.get("/metrics").text)
            for sample in family.samples
        ]
        told = {sample.name: sample.value for sample in samples if not sample.labels}
        for sample in samples:
            if sample.name == "jixiao_http_requests_total":
                route = sample.labels["route"]
                told[route] = told.get(route, 0) + sample.value
        return told


def load(folder: Path, word: str) -> None:
    """Let a store hold a word, and have a new mark, as after a load."""
    added = f'<x:s> <x:p> "{word}" <http://e.org/there> .\n'
    with open_store(folder.as_uri()) as store:
        store.apply(turns.renewal().besides(store, Changes(added=added.encode())))


def _has_workers(pid: int) -> bool:
    """Whether a process that answers HTTP has the two that answer queries for it."""
    servers = [each for each in children(pid) if "forkserver" in command_of(each)]
    return any(len(children(each)) >= 2 for each in servers)


@contextmanager
def served_by_two(folder: Path) -> Iterator[Two]:
    load(folder / "store", "there")
    key = KeyFile(folder / "keys").add("portal")
    options = ("--workers", "2", "--log-format", "json", "--keys", str(folder / "keys"))
    with running((folder / "store").as_uri(), folder, *options) as service:
        two = Two(service, folder / "store", key)
        two.both()
        yield two


@pytest.fixture(scope="module")
def kept_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Over a store on disk, for tests that end none of them."""
    with served_by_two(tmp_path_factory.mktemp("workers")) as two:
        yield two


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """Over a store on disk."""
    with served_by_two(tmp_path) as two:
        yield two


@pytest.mark.soak
def test_what_one_is_sent_both_answer_alike(kept_two: Two) -> None:
    """A change by one, or by a load beside them, is in the next answer of the other; what it kept is kept no more."""
    first, second = kept_two.both()
    addresses = ("/graph-store?graph=http://e.org/there", "/queries", "/zh/", f"/sparql?query={COUNT}")
    tags = {}
    for pid in (first, second):
        with kept_two.answered_by(pid) as client:
            tags[pid] = [client.get(address).headers["ETag"] for address in addresses]
    assert tags[first] == tags[second]

    with kept_two.answered_by(first):
        assert (
            kept_two.write("PUT", "/graph-store?graph=http://e.org/there", "<x:s> <x:p> 1 .").status_code
            == 204
        )
    with kept_two.answered_by(second) as client:
        again = client.get(addresses[0], headers={"If-None-Match": tags[second][0]})
        assert (again.status_code, again.headers["ETag"] != tags[second][0]) == (200, True)
        assert '"there"' not in again.text
    load(kept_two.store, "loaded")
    for pid in (first, second):
        with kept_two.answered_by(pid) as client:
            assert "loaded" in client.get("/graph-store?graph=http://e.org/there&format=nt").text
    answered = {
        line["process"] for line in map(json.loads, kept_two.service.told().splitlines()) if "route" in line
    }
    assert answered >= {first, second}


@pytest.mark.soak
def test_changes_that_come_to_both_at_once_wait_for_each_other(kept_two: Two) -> None:
    """None is refused and none is lost; the figures are those of both."""
    before = kept_two.figures().get("/graph-store", 0)
    with ThreadPoolExecutor(SENT) as threads:
        sent = [
            threads.submit(
                kept_two.write, "POST", "/graph-store?graph=http://e.org/counted", f"<x:s{n}> <x:p> {n} ."
            )
            for n in range(SENT)
        ]
        assert {answer.result().status_code for answer in sent} <= {201, 204}
    for pid in kept_two.both():
        with kept_two.answered_by(pid) as client:
            assert client.get("/sparql", params={"query": COUNT, "format": "csv"}).text.split()[1] == str(
                SENT
            )
            figures = kept_two.figures()
            assert figures["/graph-store"] == before + SENT
            assert figures["jixiao_http_workers"] == 2
            assert figures["jixiao_query_workers"] == 4


@pytest.mark.soak
def test_one_that_is_killed_is_begun_again(two: Two) -> None:
    """The other answers meanwhile; nothing that was counted is forgotten, and its own processes end."""
    killed, other = two.both()
    wait_until(lambda: two.figures()["jixiao_dataset_quads"] >= 1, "the statements are counted")
    with two.answered_by(killed) as client:
        assert client.get("/queries").status_code == 200
    below = descendants(killed)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not lives(killed), "it accepts nothing any more")
    assert [two.service.get("/queries").status_code for _ in range(20)] == [200] * 20
    after = two.both()
    assert other in after
    assert killed not in after
    wait_until(lambda: not any(map(lives, below)), "the processes of the one that was killed have ended")
    figures = two.figures()
    assert figures["/queries"] == 21
    assert figures["jixiao_http_workers"] == 2
    assert figures["jixiao_http_workers_restarted_total"] == 1
    assert "SIGKILL" in two.service.told()

    everything = descendants(two.service.process.pid)
    assert two.service.stop() == 0
    wait_until(lambda: not any(map(lives, everything)), "all processes have ended")
    assert "Traceback" not in two.service.told()


@pytest.mark.soak
def test_none_is_left_when_the_first_process_is_killed(two: Two) -> None:
    """They end as if they had been told to: the port is free for who comes next."""
    everything = descendants(two.service.process.pid)
    two.service.process.kill()
    wait_until(lambda: not any(map(lives, everything)), "all processes have ended")
    assert "Traceback" not in two.service.told()


@pytest.mark.soak
def test_what_is_wrong_with_the_store_is_told_once(tmp_path: Path) -> None:
    """And the exit code is that of one process that cannot begin."""
    command = (sys.executable, "-m", "service.cli", "serve", "--workers", "2", "--port", str(free_port()))
    done = subprocess.run(
        [*command, "--store", (tmp_path / "nothing").as_uri()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 2
    assert done.stderr.count("there is no store at") == 1
