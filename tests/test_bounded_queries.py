"""Queries of strangers: whole or an error, within their bounds, in turn, and on what was loaded last."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from services import descendants, wait_until
from sites import wait_until_it_answers
from stores import free_port, served

from service.store import (
    AnswerTooLarge,
    Asker,
    Bounds,
    Changes,
    Line,
    Most,
    Places,
    QueryAbandoned,
    QueryTooDemanding,
    QueryTooLong,
    Store,
    StoreLocked,
    TooManyQueries,
    Wanted,
    open_store,
    open_to_read,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "130202-205-2024.docx"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL = "SELECT ?s { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOSTILE = {
    "cross product": ENDLESS,
    "deep path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:a>)* ?b . ?c (!<x:a>|^!<x:a>)* ?d }",
    "regex": f'SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(STR(?c), "{"(a?)" * 30}$")) }}',
    "digests": "SELECT (MAX(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(SHA512(CONCAT(?c, ?f)) AS ?x) }",
    "sorting": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
}
"""Queries that never end on the examples, or not before memory does."""


def facts(count: int, graph: str = "http://e.org/g") -> bytes:
    lines = (f'<http://e.org/s{n}> <http://e.org/p> "line\\n{n}" <{graph}> .\n' for n in range(count))
    return "".join(lines).encode()


def count(store: Store) -> int:
    return int(store.query(COUNT, "text/csv").split()[1])


# --- bounds --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of 200 statements that gives a query 100 rows and 4,000 bytes."""
    bounds = Bounds(seconds=3600, workers=2, memory=512 << 20, most=Most(rows=100, size=4000))
    with served(tmp_path_factory.mktemp("small") / "store", bounds) as store:
        store.apply(Changes(added=facts(200)))
        yield store


def test_a_query_is_ended_at_its_deadline(tmp_path: Path) -> None:
    """The message says what to do; the next query is answered by a process that was begun instead."""
    with served(tmp_path / "store", Bounds(seconds=1, workers=2)) as store:
        store.apply(Changes(added=facts(200)))
        for _ in range(3):
            with pytest.raises(QueryTooLong, match=r"more than 1 s .* Give a LIMIT"):
                store.query(ENDLESS, "text/csv")
        wait_until(lambda: answers(store, count=200), "an answer within a second")


def answers(store: Store, *, count: int) -> bool:
    """Whether a store counts so many statements, within the time it gives a query."""
    try:
        return int(store.query(COUNT, "text/csv").split()[1]) == count
    except QueryTooLong:
        return False


@pytest.mark.parametrize(
    "media_type",
    [
        "text/csv",
        "text/tab-separated-values",
        "application/sparql-results+json",
        "application/sparql-results+xml",
    ],
)
def test_an_answer_has_as_many_rows_as_it_may_or_is_an_error(small: Store, media_type: str) -> None:
    """A hundred rows are sent, of a hundred and one none is; a text of two lines is one row."""
    lines = 'SELECT ("\\n" AS ?t) { ?s ?p ?o } LIMIT '
    blank = "SELECT ?t { ?s ?p ?o } LIMIT "
    assert small.query((lines if "csv" in media_type else blank) + "100", media_type)
    for query in (lines, blank):
        with pytest.raises(AnswerTooLarge, match=r"more than 100 rows|longer than 4,000 bytes"):
            small.query(query + "101", media_type)
    with pytest.raises(AnswerTooLarge, match="more than 100 rows"):
        small.query(blank + "101", media_type)


def test_a_graph_has_as_many_triples_as_it_may_or_is_an_error(small: Store) -> None:
    """The bytes are bounded as well."""
    construct = "CONSTRUCT { ?s <x:p> 1 } { ?s ?p ?o } LIMIT "
    assert small.query(construct + "100", "text/turtle")
    with pytest.raises(AnswerTooLarge, match="more than 100 triples"):
        small.query(construct + "101", "text/turtle")
    with pytest.raises(AnswerTooLarge, match="4,000 bytes"):
        small.query(
            "CONSTRUCT { ?s <http://e.org/aVeryLongProperty> ?s } { ?s ?p ?o } LIMIT 99", "text/turtle"
        )


def test_a_long_answer_is_an_error(small: Store) -> None:
    """Its bytes are counted while it is written."""
    with pytest.raises(AnswerTooLarge, match="longer than 4,000 bytes"):
        small.query("SELECT * { ?s ?p ?o }", "application/sparql-results+xml")


def test_a_query_that_needs_more_memory_than_it_may_take_ends_alone(tmp_path: Path) -> None:
    """Its process ends, and it is told so; the others go on."""
    with served(tmp_path / "store", Bounds(seconds=100, workers=1, memory=64 << 20)) as store:
        store.apply(Changes(added=facts(2000)))
        with pytest.raises(QueryTooDemanding, match="more than 64 MiB"):
            store.query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", "text/csv")
        assert count(store) == 2000


def test_a_query_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    """One that runs, one that waits for its turn, and one that comes afterwards; each had an hour."""
    asker = Asker("192.0.2.7")
    with (
        served(tmp_path / "store", Bounds(seconds=3600, workers=2)) as store,
        ThreadPoolExecutor() as threads,
    ):
        store.apply(Changes(added=facts(200)))
        view = store.asked_by(asker)
        asked = [threads.submit(view.query, ENDLESS, "text/csv") for _ in range(2)]
        time.sleep(0.3)
        asker.leave()
        outcomes = [one.exception(timeout=300) for one in asked]
        with pytest.raises(QueryAbandoned):
            view.query(COUNT, "text/csv")
    assert [type(outcome) for outcome in outcomes] == [QueryAbandoned] * 2


# --- turns ---------------------------------------------------------------------------------------------


def test_one_client_cannot_take_all_places() -> None:
    """It has half of them, and waits while others are admitted; who waits is admitted in turn."""
    line = Line(Bounds(workers=4, waiting=8).places)
    with (
        line.turn(Asker("a")) as a1,
        line.turn(Asker("a")) as a2,
        line.turn(Asker("a")) as a3,
        line.turn(Asker("b")) as b1,
    ):
        assert [turn.admitted for turn in (a1, a2, a3, b1)] == [True, True, False, True]
        with line.turn(Asker("c")) as c1, line.turn(Asker("d")) as d1, line.turn(Asker("e")) as e1:
            assert [turn.admitted for turn in (c1, d1, e1)] == [True, False, False]
        with line.turn(Asker("c")) as c2:
            assert c2.admitted
        assert not a3.admitted


def test_who_leaves_makes_room_for_the_next() -> None:
    """A place goes to a client that has none before one that has its share."""
    line = Line(Bounds(workers=2, waiting=8).places)
    with line.turn(Asker("b")) as b1:
        with line.turn(Asker("a")) as a1, line.turn(Asker("a")) as a2:
            assert (a1.admitted, a2.admitted, b1.admitted) == (True, False, True)
        with line.turn(Asker("a")) as a3:
            assert a3.admitted


def test_a_line_that_is_too_long_turns_people_away() -> None:
    """A quarter of those who wait may be of one client."""
    line = Line(Bounds(workers=1, waiting=8).places)
    with line.turn(Asker("a")), line.turn(Asker("a")), line.turn(Asker("a")):
        with pytest.raises(TooManyQueries, match="2 queries of yours wait already"), line.turn(Asker("a")):
            pass
        with line.turn(Asker("b")) as other:
            assert not other.admitted


def test_who_is_sent_away_is_told_what_waits_and_whose_it_is() -> None:
    """The service's own queries are nobody's."""
    line = Line(Places(Wanted("report", "reports", "made"), 1, 1, 2, 1))
    with line.turn(Asker("a")), line.turn(Asker("a")), line.turn(Asker("linking", "for the index of names")):
        with pytest.raises(TooManyQueries, match=r"1 reports of yours wait already: .* are made"):
            line.turn(Asker("a")).__enter__()
        with pytest.raises(TooManyQueries, match="1 reports for the index of names wait already"):
            line.turn(Asker("linking", "for the index of names")).__enter__()
        with pytest.raises(TooManyQueries, match="2 reports wait already: ask again in a while"):
            line.turn(Asker("b")).__enter__()
        assert line.waiting == 2
    assert line.waiting == 0


def test_who_gets_no_place_in_time_is_told_so_and_waits_no_longer() -> None:
    """As is who leaves: nobody keeps a place in the line for either."""
    line, gone = Line(Bounds(workers=1).places), Asker("b")
    with line.place(Asker("a"), 0):
        with pytest.raises(TooManyQueries, match="did not get its turn within 0 s"), line.place(gone, 0):
            pass
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(line.place(gone, 3600).__enter__)
            wait_until(lambda: line.waiting == 1, "one waits")
            gone.leave()
            assert isinstance(waiting.exception(timeout=300), QueryAbandoned)
        assert line.waiting == 0


def test_what_needs_doing_once_is_done_by_one_while_others_wait_for_it() -> None:
    """They take no place from those who want something else."""
    line = Line(Bounds(workers=4).places)
    with line.turn(Asker("a"), "one") as a1:
        with line.turn(Asker("b"), "one") as b1, line.turn(Asker("b"), "other") as b2:
            assert (a1.admitted, b1.admitted, b2.admitted) == (True, False, True)
        with line.turn(Asker("c"), "one") as c1, line.turn(Asker("d")) as d1:
            assert (c1.admitted, d1.admitted) == (False, True)
    with line.turn(Asker("a"), "one") as again, line.turn(Asker("b"), "one") as waiting:
        assert (again.admitted, waiting.admitted) == (True, False)


# --- snapshots -----------------------------------------------------------------------------------------


def test_readers_see_a_whole_load_or_none(tmp_path: Path) -> None:
    """Who serves and who reads see what another writes when it is done, whatever it has written before."""
    folder = tmp_path / "store"
    with served(folder) as store:
        with open_store(folder.as_uri()) as load:
            for number in range(3):
                load.apply(Changes(added=facts(10, f"http://e.org/{number}")))
                assert count(store) == 0
            with open_to_read(folder.as_uri()) as reader:
                assert count(reader) == 0
            assert count(load) == 30
        assert count(store) == 30
        with open_to_read(folder.as_uri()) as reader:
            store.clear()
            assert (count(reader), count(store)) == (30, 0)


def test_what_stands_for_the_data_is_another_after_each_change(tmp_path: Path) -> None:
    """Told without asking: answers that are kept hang on it."""
    with served(tmp_path / "store") as store:
        moments = [store.moment()]
        for number in range(2, 5):
            assert store.moment() == moments[-1] != ""
            store.apply(Changes(added=facts(number)))
            moments.append(store.moment())
    assert len(set(moments)) == len(moments) == 4


def test_a_change_waits_for_no_load(tmp_path: Path) -> None:
    """While another process writes, what comes to the service is told to wait; nothing of it is kept."""
    folder = tmp_path / "store"
    with served(folder) as store, open_store(folder.as_uri()), pytest.raises(StoreLocked, match="wait for"):
        store.apply(Changes(added=facts(1)))


def test_snapshots_that_nobody_reads_go(tmp_path: Path) -> None:
    """After many loads there is the newest."""
    folder = tmp_path / "store"
    for number in range(5):
        with open_store(folder.as_uri()) as store:
            store.apply(Changes(added=facts(1, f"http://e.org/{number}")))
    assert [found.name for found in (folder / "snapshots").iterdir()] == ["6"]


def test_processes_that_rest_hold_no_snapshot_but_the_newest(tmp_path: Path) -> None:
    """One that is asked seldom keeps no files that are of no use any more."""
    with served(tmp_path / "store", Bounds(workers=3)) as store:
        with ThreadPoolExecutor(3) as clients:
            list(clients.map(lambda _: count(store), range(9)))
        store.apply(Changes(added=facts(3)))
        assert count(store) == 3
        wait_until(lambda: _snapshots_open() <= {"2"}, "only the newest snapshot is open")


def _snapshots_open() -> set[str]:
    """The numbers of the snapshots that processes of this one have open."""
    found = set()
    for pid in descendants(os.getpid()):
        with suppress(FileNotFoundError, ProcessLookupError):
            opened = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
            found |= {name.partition("/snapshots/")[2].partition("/")[0] for name in opened}
    return found - {""}


def test_what_a_killed_load_has_done_is_seen(tmp_path: Path) -> None:
    """A service that runs sees it by itself; so does who comes later."""
    folder = tmp_path / "store"
    code = (
        "import os, sys; from service.store import *\n"
        f"open_store({folder.as_uri()!r}).apply(Changes(added=sys.stdin.buffer.read())); os.kill(os.getpid(), 9)"
    )
    with served(folder) as store:
        done = subprocess.run([sys.executable, "-c", code], input=facts(7), check=False)
        assert done.returncode == -9
        deadline = time.monotonic() + 60
        while count(store) != 7 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert count(store) == 7
    done = subprocess.run([sys.executable, "-c", code], input=facts(9, "http://e.org/x"), check=False)
    with open_to_read(folder.as_uri()) as reader:
        assert count(reader) == 16


# --- over HTTP -----------------------------------------------------------------------------------------


@contextmanager
def serving(store: Path, *options: str) -> Iterator[str]:
    """The address of a `jixiao serve` over a store on disk."""
    port = free_port()
    command = (sys.executable, "-m", "service.cli", "serve", "--store", f"file:{store}", "--port", str(port))
    believed = ("--forwarded-allow-ips", "127.0.0.1")  # tests are several clients in one
    process = subprocess.Popen([*command, *believed, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(timeout=300) in {0, -signal.SIGTERM}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over an example that gives queries four seconds and 1 GiB."""
    store = tmp_path_factory.mktemp("attacked") / "store"
    load(store, EXAMPLE)
    with serving(store, "--query-seconds", "4", "--query-memory", "1024") as address:
        yield address


def answers_until(event: threading.Event, address: str) -> Iterator[httpx.Response]:
    """Yield what is answered again and again, thrice at least."""
    for number in itertools.count():
        yield ask(address, f"{COUNT} # {number}")
        if number > 1 and event.wait(0.05):
            return


def count_in(answer: httpx.Response) -> int:
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def load(store: Path, document: Path) -> None:
    command = (sys.executable, "-m", "service.cli", "load", str(document), "--store", f"file:{store}")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "1 documents" in done.stdout, done.stderr


def ask(address: str, query: str, client: str = "192.0.2.1") -> httpx.Response:
    return httpx.post(
        f"{address}/sparql",
        data={"query": query},
        headers={"Accept": "application/sparql-results+json", "X-Forwarded-For": client},
        timeout=300,
    )


@pytest.mark.parametrize(
    "name",
    ["cross product", *(pytest.param(name, marks=pytest.mark.soak) for name in list(HOSTILE)[1:])],
)
def test_a_hostile_query_ends_and_others_are_answered(attacked: str, name: str) -> None:
    """Sent six times over by one client; it gets a problem that says what to do, and no other client notices."""
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, attacked, HOSTILE[name]) for _ in range(6)]
        others: list[httpx.Response] = []
        while not all(one.done() for one in asked):
            # another text each time: what was asked before is kept, and nobody's turn is needed for it
            others.append(ask(attacked, f"{COUNT} # {name} {len(others)}", "192.0.2.2"))
    assert others
    assert {answer.status_code for answer in others} == {200}
    assert len({answer.content for answer in others}) == 1
    for answer in (one.result() for one in asked):
        assert answer.status_code in {413, 503}, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"].rsplit("/", 1)[1] in {"query-too-long", "query-too-demanding", "busy"}
        assert "ask" in problem["detail"].lower() or "Give a LIMIT" in problem["detail"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * { VALUES ?x {" + " 1" * 50_000_000 + "} }", 413),
        ("SELECT * " + "{" * 100_000 + "}" * 100_000, 403),
        ("SELECT * {", 400),
    ],
    ids=["a hundred megabytes", "nested braces", "no query"],
)
def test_a_text_that_no_engine_should_read_is_refused(attacked: str, query: str, status: int) -> None:
    """As too long, as not run here, or as no query."""
    headers = {"Content-Type": "application/sparql-query"}
    answer = httpx.post(f"{attacked}/sparql", content=query.encode(), headers=headers, timeout=300)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_query_ends_when_its_client_goes(tmp_path: Path) -> None:
    """Two processes, an hour to answer: a client that gave up twice is answered the third time."""
    store = tmp_path / "store"
    with open_store(store.as_uri()) as filled:
        filled.apply(Changes(added=facts(2000)))
    with serving(store, "--query-seconds", "3600", "--query-workers", "2") as address:
        for _ in range(3):
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(f"{address}/sparql", params={"query": ENDLESS}, timeout=1)
        assert count_in(ask(address, COUNT, "127.0.0.1")) == 2000


def test_a_document_is_loaded_while_the_service_answers(tmp_path: Path) -> None:
    """`jixiao load` into a store that is served: no answer fails, and all of it is there when it is done, or none."""
    store, loaded = tmp_path / "store", threading.Event()
    open_store(store.as_uri()).close()
    with serving(store) as address, ThreadPoolExecutor() as threads:
        asked = threads.submit(lambda: list(answers_until(loaded, address)))
        try:
            load(store, EXAMPLE)
        finally:
            loaded.set()
        meanwhile, after = asked.result(), count_in(ask(address, COUNT))
    assert after > 1000
    assert {answer.status_code for answer in meanwhile} == {200}
    assert {count_in(answer) for answer in meanwhile} <= {0, after}
