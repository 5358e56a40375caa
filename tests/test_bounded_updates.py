"""Updates of those who may write: whole, or an error and nothing of them, within their bounds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from sites import serving
from stores import served

from service import writing
from service.settings import Settings
from service.store import (
    EVERYTHING,
    Asker,
    Bounds,
    Changes,
    QueryAbandoned,
    QueryTooLong,
    StoreLocked,
    TooManyQueries,
    UpdateTooDemanding,
    UpdateTooLong,
    open_store,
    open_to_read,
    open_to_serve,
)
from service.store.embedded import EmbeddedStore
from service.store.writing_turn import WritingTurn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.keys import KeyFile
    from service.store import Store

GRAPH = "http://e.org/g"
_FIVE = " ".join(
    f"GRAPH ?g{n} {{ ?{a} ?{b} ?{c} }}" for n, (a, b, c) in enumerate(["abc", "def", "ghi", "jkl", "mno"])
)
ENDLESS = (
    f"INSERT {{ GRAPH <{GRAPH}> {{ ?a ?e ?i }} }} "
    f"WHERE {{ {_FIVE} FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l), STR(?o))) > 1000) }}"
)
"""Looks for ever, and finds nothing."""
BOUNDLESS = (
    f"INSERT {{ GRAPH <{GRAPH}> {{ ?a <http://e.org/p> ?t }} }} "
    f"WHERE {{ {_FIVE} BIND(CONCAT({', '.join(['STR(?c)', 'STR(?f)', 'STR(?i)'] * 30)}) AS ?t) }}"
)
"""Makes more than memory holds."""
FACTS = "".join(f'<http://e.org/s{n}> <http://e.org/p> "line {n}" <{GRAPH}> .\n' for n in range(200)).encode()
ONE = "INSERT DATA { GRAPH <http://e.org/h> { <http://e.org/a> <http://e.org/b> 1 } }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a store of 200 statements."""
    with open_store((tmp_path / "store").as_uri()) as store:
        store.apply(Changes(added=FACTS))
    return tmp_path / "store"


def everything(folder: Path) -> bytes:
    with open_to_read(folder.as_uri()) as store:
        return b"".join(store.export("application/n-quads"))


def run(store: Store, update: str) -> None:
    writing.run_update(store, update, EVERYTHING)


def test_an_update_is_ended_at_its_deadline_and_changes_nothing(folder: Path) -> None:
    """The message says what to do; the store can be written to at once."""
    before = everything(folder)
    with served(folder, Bounds(workers=1, update_seconds=1)) as store:
        with pytest.raises(UpdateTooLong, match=r"more than 1 s .* nothing of it is stored. Change less"):
            run(store, ENDLESS)
        assert everything(folder) == before
        with open_store(folder.as_uri()) as other:
            other.update(ONE)
    assert len(everything(folder).splitlines()) == 201


def test_an_update_that_needs_more_memory_than_it_may_take_changes_nothing(folder: Path) -> None:
    """It ends a process of its own, and no other."""
    before = everything(folder)
    with served(folder, Bounds(workers=1, memory=64 << 20, update_seconds=600)) as store:
        with pytest.raises(UpdateTooDemanding, match="more than 64 MiB"):
            run(store, BOUNDLESS)
        assert everything(folder) == before
        run(store, ONE)
        assert "http://e.org/h" in store.graphs()


def test_an_update_ends_when_nobody_waits_for_it(folder: Path) -> None:
    """Its client went away; the next one has its turn."""
    before = everything(folder)
    with served(folder, Bounds(workers=1, update_seconds=3600)) as store:
        asker = Asker("192.0.2.7")
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(run, store.asked_by(asker), ENDLESS)
            wait_until_changing(folder)
            asker.leave()
            with pytest.raises(QueryAbandoned):
                asked.result(timeout=300)
        assert everything(folder) == before
        run(store, ONE)


def test_an_update_waits_for_others_that_write_as_long_as_it_may_take(folder: Path) -> None:
    """Then it is told to come again, and has changed nothing; so it is where a load has the store."""
    with served(folder, Bounds(workers=1, update_seconds=1)) as store:
        for others in (store._writing.among_threads(), WritingTurn(folder).within(1)):  # type: ignore[attr-defined]
            with others, pytest.raises(TooManyQueries, match="within 1 s, because others write"):
                run(store, ONE)
        with open_store(folder.as_uri()), pytest.raises(StoreLocked, match="wait for"):
            run(store, ONE)
        assert "http://e.org/h" not in store.graphs()


def wait_until_changing(folder: Path) -> None:
    """Return when an update has begun."""
    deadline = time.monotonic() + 120
    while not (folder / "snapshots" / "behind").exists():
        assert time.monotonic() < deadline, "no update has begun"
        time.sleep(0.01)


def test_what_is_done_in_the_last_moment_is_told_as_done() -> None:
    """The process that ran it was ended after the store had it, and before it could say so."""
    store = _EndedTooLate()
    run(store, ONE)
    assert store.graphs() == ("http://e.org/h", "https://w3id.org/jixiao/graph/catalogue")


class _EndedTooLate(EmbeddedStore):
    """A store that has made a change when it is told to be too slow for it."""

    def _write(self, update: str) -> None:
        super()._write(update)
        raise UpdateTooLong("the update took more than 1 s")


def test_a_store_in_memory_has_the_bounds_of_one_on_disk() -> None:
    """Queries and updates; it is gone when it is closed."""
    with open_to_serve("memory:", Bounds(workers=1, seconds=1, update_seconds=1)) as store:
        store.apply(Changes(added=FACTS))
        with pytest.raises(QueryTooLong):
            store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", "text/csv")
        with pytest.raises(UpdateTooLong):
            run(store, ENDLESS)
        assert store.graphs() == (GRAPH,)
    with open_to_serve("memory:", Bounds(workers=1)) as another:
        assert another.graphs() == ()


@pytest.fixture
def hasty(folder: Path, keys: KeyFile, key: str) -> Iterator[httpx.Client]:
    """A client with a key of a service that gives an update a second."""
    with (
        served(folder, Bounds(workers=1, update_seconds=1)) as store,
        serving(store, Settings(keys=keys.path)) as address,
        httpx.Client(base_url=address, timeout=300, headers={"Authorization": f"Bearer {key}"}) as client,
    ):
        yield client


def test_a_client_is_told_that_its_update_took_too_long(hasty: httpx.Client) -> None:
    """503 with what to do, as a problem."""
    answer = hasty.post("/sparql", data={"update": ENDLESS})
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/problem/update-too-long")
    assert "nothing of it is stored" in answer.json()["detail"]
