"""Long answers are made by processes of their own, whole or not at all, and within their time and memory."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING

import pytest
from services import wait_until

from loader.workers import WorkerFailed
from service.long_answers import MEMORY, MOST_BYTES, LongAnswers
from service.problems import TooMuch
from service.store import (
    Asker,
    Bounds,
    Changes,
    QueryAbandoned,
    Store,
    TooManyQueries,
    open_store,
    open_to_serve,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.store.interface import Opening

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
STATEMENT = b"<urn:s> <urn:p> <urn:o> <urn:g> .\n"


class Lent(Store):
    """A store in memory of which another process gets an empty one."""

    def __init__(self) -> None:
        self._store = open_store("memory:")

    @contextmanager
    def lent(self) -> Iterator[Opening]:
        yield partial(open_store, "memory:")

    def _read(self, *asked: object) -> bytes:
        return self._store._read(*asked)

    def _write(self, update: str) -> None:
        self._store._write(update)


def count(store: Store, answer: IO[bytes]) -> None:
    answer.write(store.query(COUNT, "text/csv"))


def take_for_ever(store: Store, answer: IO[bytes]) -> None:
    while True:
        time.sleep(1)


def take_all_memory(store: Store, answer: IO[bytes]) -> None:
    answer.write(bytearray(2 * MEMORY))


def write_too_much(store: Store, answer: IO[bytes]) -> None:
    answer.seek(MOST_BYTES)
    answer.write(b"one too many")


def fail(store: Store, answer: IO[bytes]) -> None:
    raise ZeroDivisionError("nobody foresaw it")


def test_what_only_this_process_can_read_is_written_here() -> None:
    """A store in the memory of this process is in no other."""
    store = open_store("memory:")
    store.apply(Changes(added=STATEMENT))
    with LongAnswers(30).made(store, count, Asker("")) as answer:
        assert answer.read().split() == [b"n", b"1"]


def test_a_store_on_disk_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    """As it was when it was asked."""
    with open_store(f"file:{tmp_path}/store") as store:
        store.apply(Changes(added=STATEMENT))
    with (
        open_to_serve(f"file:{tmp_path}/store", Bounds()) as served,
        LongAnswers(120).made(served, count, Asker("")) as answer,
    ):
        assert answer.read().split() == [b"n", b"1"]


@pytest.mark.parametrize(
    ("write", "error", "says"),
    [
        (take_all_memory, TooMuch, "MiB of memory"),
        (write_too_much, TooMuch, "longer than 2,048 MiB: choose a unit or department"),
        (fail, WorkerFailed, "nobody foresaw it"),
    ],
)
def test_an_answer_that_cannot_be_made_is_an_error(write: object, error: type[Exception], says: str) -> None:
    """It says what to ask for instead; nothing of it is sent."""
    with pytest.raises(error, match=says):
        LongAnswers(120).made(Lent(), write, Asker(""))


def test_an_answer_that_takes_too_long_is_an_error() -> None:
    """Its process is ended."""
    with pytest.raises(TooMuch, match=r"takes more than 0\.5 s to make: choose a unit"):
        LongAnswers(0.5).made(Lent(), take_for_ever, Asker(""))


def test_who_leaves_ends_what_is_made_for_him_and_who_comes_too_late_is_sent_away() -> None:
    """Two are made at a time, six wait, and the ninth is told so at once."""
    answers, askers = LongAnswers(300), [Asker(str(number)) for number in range(8)]
    with ThreadPoolExecutor(len(askers)) as waiting:
        made = [waiting.submit(answers.made, Lent(), take_for_ever, asker) for asker in askers]
        wait_until(lambda: answers._line.waiting == 6, "two are made, and the others wait")
        with pytest.raises(TooManyQueries, match="6 reports wait already: ask again in a while"):
            answers.made(Lent(), count, Asker("late"))
        for asker in askers:
            asker.leave()
        assert all(isinstance(one.exception(timeout=300), QueryAbandoned) for one in made)


def test_one_client_takes_one_place_and_leaves_the_others_to_others() -> None:
    """Whatever it asks for; a fourth report of its own is refused while none of the three is made."""
    answers, greedy = LongAnswers(300), Asker("192.0.2.7")
    with ThreadPoolExecutor(3) as waiting:
        made = [waiting.submit(answers.made, Lent(), take_for_ever, greedy) for _ in range(3)]
        wait_until(lambda: answers._line.waiting == 2, "one is made, and two wait")
        with pytest.raises(TooManyQueries, match="2 reports of yours wait already"):
            answers.made(Lent(), count, greedy)
        with answers.made(Lent(), count, Asker("192.0.2.8")) as answer:
            assert answer.read().split() == [b"n", b"0"]
        greedy.leave()
        assert all(isinstance(one.exception(timeout=300), QueryAbandoned) for one in made)
