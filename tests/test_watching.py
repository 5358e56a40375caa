"""What a service tells of itself: figures for Prometheus, and a line of JSON for each request and event."""

from __future__ import annotations

import json
import re
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from services import Service, running, wait_until

from service.keys import KeyFile
from service.store import Changes, Store, open_store
from service.store.disk import DiskStore
from service.store.remote import RemoteStore
from service.store.served import PassingStore
from service.watched_store import WatchedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
STATEMENTS = 300


def test_a_store_that_is_watched_answers_for_itself() -> None:
    """Whatever a kind of store does in its own way is handed on to it, and not done in the way of all."""
    known = {name for name, what in vars(Store).items() if callable(what) and not name.startswith("__")}
    own = {
        name
        for kind in (DiskStore, RemoteStore, PassingStore)
        for each in _stores(kind)
        for name in vars(each)
    }
    assert known & own <= vars(WatchedStore).keys()
    assert known & own >= {"_read", "_write", "asked_by", "mend", "moment", "ready", "close"}


def _stores(kind: type[Store]) -> list[type[Store]]:
    return [each for each in kind.__mro__ if issubclass(each, Store) and each is not Store]


@dataclass(frozen=True, slots=True)
class Watched:
    """A service, the folder of its store, and a key that it takes changes by."""

    service: Service
    store: Path
    key: str

    def figures(self) -> dict[str, float]:
        """Each figure by its name and labels, as they are told now."""
        told = self.service.get("/metrics")
        assert told.headers["content-type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(told.text)
        return {
            _written(sample.name, sample.labels): sample.value
            for family in families
            for sample in family.samples
        }

    def lines(self) -> list[dict[str, object]]:
        """What stands in the log."""
        return [json.loads(line) for line in self.service.told().splitlines()]

    def line_of(self, request_id: str) -> dict[str, object]:
        """What the log says of a request."""
        wait_until(lambda: request_id in self.service.told(), "the request is in the log")
        (line,) = (line for line in self.lines() if line.get("id") == request_id)
        return line


def _written(name: str, labels: dict[str, str]) -> str:
    return " ".join([name, *(labels[label] for label in sorted(labels))])


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A service over a store on disk, that writes JSON and gives queries three seconds and 200 rows."""
    folder = tmp_path_factory.mktemp("watched")
    fill(folder / "store", "x:g")
    key = KeyFile(folder / "keys").add("portal")
    options = (
        "--forwarded-allow-ips",
        "127.0.0.1",
        "--log-format",
        "json",
        "--query-seconds",
        "3",
        "--query-rows",
        "200",
        "--query-size",
        "1",
    )
    with running(
        (folder / "store").as_uri(), folder, *options, "--keys", str(folder / "keys"), "--query-workers", "2"
    ) as service:
        watched = Watched(service, folder / "store", key)
        wait_until(lambda: watched.figures()["jixiao_dataset_quads"] == STATEMENTS, "they are counted")
        yield watched


def fill(store: Path, graph: str) -> None:
    lines = (f'<x:s{n}> <x:p> "line {n}" <{graph}> .\n' for n in range(STATEMENTS))
    with open_store(store.as_uri()) as opened:
        opened.apply(Changes(added="".join(lines).encode()))


# --- figures -------------------------------------------------------------------------------------------

OUTCOMES = {
    "answered": COUNT,
    "deadline": ENDLESS,
    "rows": "SELECT ?s { ?s ?p ?o }",
    "bytes": 'SELECT ?v { VALUES ?v { "' + "x" * 400_000 + '" } VALUES ?w { 1 2 3 } }',
    "refused": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "syntax": "SELECT {",
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_queries_are_counted_by_what_became_of_them(watched: Watched, outcome: str) -> None:
    """One more of its outcome than before, and of no other."""
    before = watched.figures()
    watched.service.ask(OUTCOMES[outcome])
    after = watched.figures()
    counted = {name for name in after if name.startswith("jixiao_queries_total ")}
    risen = {name for name in counted if after[name] > before[name]}
    assert risen == {f"jixiao_queries_total {outcome}"}
    assert after["jixiao_query_duration_seconds_count"] > before["jixiao_query_duration_seconds_count"]
    assert len(counted) == 11


def test_a_query_whose_client_goes_is_counted_as_cancelled(watched: Watched) -> None:
    """It is ended before its deadline."""
    before = watched.figures()["jixiao_queries_total cancelled"]
    address = urlsplit(watched.service.address)
    with socket.create_connection((address.hostname, address.port)) as client:
        body = f"query={ENDLESS}".replace(" ", "+").replace("?", "%3F").encode()
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    wait_until(
        lambda: watched.figures()["jixiao_queries_total cancelled"] == before + 1, "the query is cancelled"
    )


def test_requests_are_counted_by_template_method_and_status(watched: Watched) -> None:
    """Whatever strangers ask for, there is no figure of their making."""
    known = set(watched.figures())
    with httpx.Client(base_url=watched.service.address, timeout=300) as client:
        for number in range(30):
            client.get(f"/queries/none-{number}.csv")
            client.get(f"/{uuid.uuid4().hex}/{number}")
            client.request("PROPFIND", "/sparql")
    figures = watched.figures()
    assert figures["jixiao_http_requests_total GET /queries/{name}.{suffix} 404"] == 30
    assert figures["jixiao_http_request_duration_seconds_count GET /queries/{name}.{suffix}"] == 30
    assert figures["jixiao_http_requests_total other /sparql 405"] == 30
    new = {name for name in set(figures) - known if name.startswith("jixiao_http_requests_total")}
    assert len(new) <= 6
    assert not any(re.search(r"none-\d|PROPFIND|[0-9a-f]{32}", name) for name in figures)


@pytest.mark.soak
def test_the_line_before_the_processes_is_told(watched: Watched) -> None:
    """One client has one of the two processes; what it asks besides waits, and is told to."""
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(watched.service.ask, ENDLESS) for _ in range(2)]
        wait_until(
            lambda: (
                (figures := watched.figures())["jixiao_queries_waiting"] >= 1
                and figures["jixiao_queries_running"] >= 1
            ),
            "one runs and one waits",
        )
        assert {one.result().status_code for one in asked} == {503}
    wait_until(lambda: watched.figures()["jixiao_query_workers"] == 2, "both processes are there again")
    figures = watched.figures()
    assert figures["jixiao_query_workers_restarted_total"] >= 1
    assert figures["jixiao_query_wait_seconds_count"] > 2


def test_what_is_loaded_raises_the_version(watched: Watched) -> None:
    """By one for each load or change, and the log tells of it."""
    before = watched.figures()["jixiao_dataset_version"]
    fill(watched.store, "x:other")
    wait_until(lambda: watched.figures()["jixiao_dataset_version"] == before + 1, "the version is new")
    wait_until(
        lambda: any(
            line["event"] == "data" and f"version {before + 1:g} " in str(line["message"])
            for line in watched.lines()
        ),
        "the log tells of the version",
    )


def test_figures_are_for_this_machine_unless_said_otherwise(watched: Watched) -> None:
    """Who asks from elsewhere is told which setting would let it."""
    told = watched.service.get("/metrics", **{"X-Forwarded-For": "192.0.2.1"})
    assert told.status_code == 403
    assert "--metrics all" in told.json()["detail"]


# --- the log -------------------------------------------------------------------------------------------


def test_a_request_is_one_line(watched: Watched) -> None:
    """With who asked what, what came of it, and the id by which client, answer and log know it."""
    answer = watched.service.get("/queries/large-projects.csv?threshold=1", **{"X-Request-ID": "portal-17"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (200, "portal-17")
    line = watched.line_of("portal-17")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("time")))
    assert float(str(line.pop("ms"))) > 0
    assert line == {
        "level": "info",
        "process": watched.service.process.pid,
        "event": "request",
        "client": "127.0.0.1",
        "method": "GET",
        "path": "/queries/large-projects.csv",
        "route": "/queries/{name}.{suffix}",
        "status": 200,
        "bytes": len(answer.content),
        "id": "portal-17",
    }


def test_a_problem_is_found_by_its_id(watched: Watched) -> None:
    """It stands in the document, in the header and in the log; the same query has the same hash."""
    first, second = watched.service.ask("SELECT {"), watched.service.ask("SELECT {")
    ids = [answer.json()["request_id"] for answer in (first, second)]
    assert ids == [answer.headers["X-Request-ID"] for answer in (first, second)]
    lines = [watched.line_of(one) for one in ids]
    assert [(line["status"], line["problem"]) for line in lines] == [(400, "query-syntax")] * 2
    assert lines[0]["query"] == lines[1]["query"]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("given", ["two words", "x" * 65, "a\\nb", 'a"b'])
def test_an_id_that_would_spoil_the_log_is_replaced(watched: Watched, given: str) -> None:
    """By one of ours."""
    answer = watched.service.get("/healthz", **{"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_neither_keys_nor_queries_are_written_down(watched: Watched) -> None:
    """Be they in the address, in a header or in the body; the name of the key is."""
    private = "机密 geheim"
    with httpx.Client(
        base_url=watched.service.address, headers={"Authorization": f"Bearer {watched.key}"}, timeout=300
    ) as client:
        asked = client.get("/sparql", params={"query": f'SELECT * {{ ?s ?p "{private}" }}'})
        wrong = client.get("/sparql", params={"query": f'SELECT "{private}"'})
        done = client.post(
            "/sparql",
            data={"update": f'INSERT DATA {{ GRAPH <x:u> {{ <x:a> <x:b> "{"a" * 60}{private}" }} }}'},
        )
        refused = client.post(
            "/sparql", data={"update": "CLEAR ALL"}, headers={"Authorization": "Bearer jixiao_wrong"}
        )
    assert [one.status_code for one in (asked, wrong, done, refused)] == [200, 400, 204, 401]
    watched.line_of(refused.headers["X-Request-ID"])
    told = watched.service.told()
    assert "portal sends a change" in told
    for text in (watched.key, watched.key.removeprefix("jixiao_"), "jixiao_wrong", "geheim", "机密"):
        assert text not in told
    assert watched.figures()["jixiao_changes_total made"] >= 1


def test_the_log_begins_with_the_start(watched: Watched) -> None:
    """And says where the service answers."""
    events = [line for line in watched.lines() if line["event"] == "start"]
    assert len(events) == 1
    assert watched.service.address in str(events[0]["message"])
