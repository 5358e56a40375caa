"""Many documents on any executor: in order, in bounded time and memory, none lost because of another."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import subprocess
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loader import Conversion
from loader.many import Workplace, convert_file, convert_many, here, processes, whole
from loader.task import ENDED_AFTER, Refused
from loader.workers import (
    MEMORY,
    Conditions,
    Worker,
    WorkerEnded,
    WorkerFailed,
    WorkerLate,
    Workers,
    call_of,
    forking_from,
    limit_memory,
)

if TYPE_CHECKING:
    from loader.location import Location

CASES = Path(__file__).parent / "disclosures"


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), initializer=limit_memory)


def _impatient_workers(seconds: float) -> Workplace:
    return Workplace(lambda: Workers(2, seconds=seconds, preloaded="loader.preloaded"), group=1, ahead=6)


class OnePerTask(Executor):
    """An executor that anybody could have written: a thread for each task, and nothing but `submit`."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Run the call in a thread of its own."""
        future: Future[object] = Future()
        threading.Thread(target=lambda: future.set_result(fn(*args, **kwargs))).start()
        return future


WORKPLACES = {
    "here": here(),
    "our processes": processes(2),
    "threads": Workplace(lambda: ThreadPoolExecutor(2)),
    "a pool of processes": Workplace(_pool),
    "a pool of processes elsewhere": Workplace(_pool, elsewhere=True),
    "an executor of our own": Workplace(OnePerTask, group=3, ahead=2),
}


def _small(folder: Path, count: int) -> list[Path]:
    source = (CASES / "plain-form" / "source.txt").read_text(encoding="utf-8")
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:03d}.txt")
        paths[-1].write_text(source.replace("道路养护经费", f"道路养护经费{number}"), encoding="utf-8")
    return paths


def _make_endless(path: Path) -> None:
    """Add as many rows as a document may have: they take longer than the workers here wait."""
    row = "\t产出指标\n\t数量指标\n\t人数\n\t人数\n\t≥1人\n\t计划\n\n"
    path.write_text(path.read_text(encoding="utf-8") + "\n\n" + row * 40_000, encoding="utf-8")


def _refused(outcomes: list[tuple[Location, Conversion | Refused]]) -> dict[str, str]:
    return {location.name: outcome.reason for location, outcome in outcomes if isinstance(outcome, Refused)}


@pytest.mark.parametrize("workplace", WORKPLACES.values(), ids=WORKPLACES)
def test_every_document_comes_back_in_order(tmp_path: Path, workplace: Workplace) -> None:
    """The outcome does not depend on the executor, a refusal is an outcome like any other."""
    paths = _small(tmp_path, 20)
    paths[2].write_bytes(b"PK\x03\x04")
    paths[3].unlink()
    outcomes = list(convert_many(paths, workplace, whole))
    assert [location.path for location, _ in outcomes] == paths
    assert [outcome for _, outcome in outcomes] == [convert_file(path) for path in paths]
    assert "damaged" in _refused(outcomes)["002.txt"]
    assert _refused(outcomes)["003.txt"] == "No such file or directory"
    assert sum(isinstance(outcome, Conversion) for _, outcome in outcomes) == 18


def _number_of_quads(conversion: Conversion) -> int:
    return conversion.nquads.count(b"\n")


@pytest.mark.parametrize("name", ["our processes", "a pool of processes"])
def test_only_what_is_kept_travels(tmp_path: Path, name: str) -> None:
    """What is made of a conversion is made where the document was converted."""
    paths = _small(tmp_path, 3)
    counted = dict(convert_many(paths, WORKPLACES[name], _number_of_quads))
    assert {location.path for location in counted} == set(paths)
    assert all(isinstance(count, int) and count > 100 for count in counted.values())


def test_no_document_is_no_work() -> None:
    """An empty folder is no fault."""
    assert list(convert_many([], processes(2), whole)) == []


# --- what ends its worker -----------------------------------------------------------------------------


def _number_unless_deadly(conversion: Conversion) -> int:
    """End the process at the second of the small documents."""
    if "道路养护经费1".encode() in conversion.nquads:
        os.abort()
    return _number_of_quads(conversion)


@pytest.mark.parametrize(
    ("workplace", "reason"),
    [
        (processes(2), "reading it ended its process (SIGABRT): it is not read"),
        (
            Workplace(_pool, group=2),
            f"reading it took more than {ENDED_AFTER} s or ended its process: it is not read",
        ),
    ],
    ids=["our processes", "a pool of processes"],
)
def test_a_document_that_kills_its_worker_is_named_and_no_other_is_lost(
    tmp_path: Path, workplace: Workplace, reason: str
) -> None:
    """A pool breaks with all that waits in it; our own processes know which document it was."""
    paths = _small(tmp_path, 6)
    outcomes = list(convert_many(paths, workplace, _number_unless_deadly))
    assert [location.path for location, _ in outcomes] == paths
    assert [
        (location.name, outcome.reason) for location, outcome in outcomes if isinstance(outcome, Refused)
    ] == [("001.txt", reason)]
    assert sum(isinstance(outcome, int) for _, outcome in outcomes) == 5


def test_a_document_that_takes_too_long_is_ended_and_no_other_waits_for_it(tmp_path: Path) -> None:
    """Our own workers know which document it was, and do nothing twice."""
    paths = _small(tmp_path, 6)
    _make_endless(paths[1])
    begin = time.monotonic()
    for seconds in (5, 20):  # on a busy machine the others may need more than five
        outcomes = list(convert_many(paths, _impatient_workers(seconds), whole))
        if len(_refused(outcomes)) == 1:
            break
    assert [location.path for location, _ in outcomes] == paths
    told = f"reading it took more than {seconds} s and was ended: it is not read"
    assert _refused(outcomes) == {"001.txt": told}
    assert time.monotonic() - begin < 250


def test_many_may_ask_at_a_time_whether_a_process_lives() -> None:
    """Whoever looks after processes asks while others give them work."""
    worker = Worker(Conditions(multiprocessing.get_context("forkserver"), 60, 4 << 30))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: worker.lives, range(4000)))
    worker.end()
    assert set(answers) == {True}
    assert not worker.lives


def test_tasks_of_strangers_never_meet_in_a_process() -> None:
    """Each has one of its own, which ends with it."""
    with Workers(1, seconds=60, preloaded="loader.preloaded", fresh=True) as workers:
        processes = [workers.submit(os.getpid).result() for _ in range(3)]
    assert len(set(processes)) == 3


def test_a_fault_in_a_task_is_told_apart_from_a_task_that_takes_too_much() -> None:
    """The first is ours to mend."""
    with Workers(1, seconds=60, preloaded="loader.preloaded") as workers:
        assert isinstance(workers.submit(divmod, 1, 0).exception(), WorkerFailed)
        assert not isinstance(workers.submit(os.abort).exception(), WorkerFailed)
        assert workers.submit(divmod, 7, 2).result() == (3, 1)


def test_a_fault_prints_nothing_and_keeps_its_trace(capfd: pytest.CaptureFixture[str]) -> None:
    """What a worker prints would stand among what the command says; the trace goes with the exception."""
    with Workers(1, seconds=60, preloaded="loader.preloaded") as workers:
        failed = workers.submit(divmod, 1, 0).exception()
    assert capfd.readouterr() == ("", "")
    assert "ZeroDivisionError" in str(failed)
    assert any("Traceback" in note for note in getattr(failed, "__notes__", ()))


def test_a_task_that_ends_its_process_fails_alone() -> None:
    """The signal is named, and the next task gets a new process."""
    with Workers(1, seconds=60, preloaded="loader.preloaded") as workers:
        before = workers.submit(os.getpid).result()
        ended = workers.submit(os.abort)
        after = workers.submit(os.getpid).result()
        assert isinstance(ended.exception(), WorkerEnded)
        assert str(ended.exception()) == "ended its process (SIGABRT)"
    assert before != after


def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    """A converter that a document is given to does not stay behind."""
    told = tmp_path / "child"
    worker = Worker(Conditions(forking_from("loader.preloaded"), 6, MEMORY))
    worker.answer(call_of(_begun), 300)  # to import this module is not among the six seconds
    with pytest.raises(WorkerLate, match=r"^took more than 6 s and was ended$"):
        worker.answer(call_of(_hang_with_child, str(told)))
    assert _has_ended(int(told.read_text(encoding="utf-8")))


def _has_ended(process: int) -> bool:
    """Return whether a process is gone, or only its name is left."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].startswith("Z")
    except FileNotFoundError:
        return True


def _begun() -> None:
    """Do nothing: who has done it can do more at once."""


def _hang_with_child(told: str) -> None:
    child = subprocess.Popen(["sleep", "300"])
    Path(told).write_text(str(child.pid), encoding="utf-8")
    time.sleep(300)


def _much(size: int) -> int:
    return len(bytearray(size))


def test_the_memory_of_a_worker_is_bounded() -> None:
    """Sixteen GiB are refused by the system, whatever the machine has."""
    with Workers(1, seconds=60, preloaded="loader.preloaded") as workers:
        assert workers.submit(_much, 1 << 20).result() == 1 << 20
        assert isinstance(workers.submit(_much, 16 << 30).exception(), WorkerEnded)


# --- stopping -----------------------------------------------------------------------------------------


def _stop_while_working(workers: Workers) -> tuple[int, Future[None], Future[None]]:
    """Submit two long tasks and go by an exception; return the process, the first and the second."""
    with contextlib.suppress(KeyboardInterrupt), workers:
        process = workers.submit(os.getpid).result()
        tasks = workers.submit(time.sleep, 300), workers.submit(time.sleep, 300)
        while not tasks[0].running():
            time.sleep(0.01)
        raise KeyboardInterrupt
    return process, *tasks


def test_leaving_by_an_exception_ends_the_processes_at_once() -> None:
    """Ctrl+C does not wait for a document that takes minutes."""
    begin = time.monotonic()
    process, slow, waiting = _stop_while_working(Workers(1, seconds=300, preloaded="loader.preloaded"))
    assert time.monotonic() - begin < 250
    assert isinstance(slow.exception(), WorkerEnded)
    assert waiting.cancelled()
    assert _has_ended(process)


def test_workers_that_were_dismissed_take_no_task() -> None:
    """As every executor does."""
    workers = Workers(1, seconds=60, preloaded="loader.preloaded")
    workers.shutdown()
    with pytest.raises(RuntimeError, match="dismissed"):
        workers.submit(os.getpid)


def test_reading_leaves_the_limits_of_the_process_as_they_were(tmp_path: Path) -> None:
    """A single document is read in the process that asks for it."""
    before = resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGALRM)
    convert_file(_small(tmp_path, 1)[0])
    assert (resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGALRM)) == before
