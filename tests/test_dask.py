"""Documents converted on a dask cluster: a real scheduler and its workers, each a process of its own on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from distributed import Client

from loader.many import convert_many
from loader.programs import NO_PROGRAMS
from loader.task import Refused
from service.loading.workplaces import WorkplaceError, open_workplace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader import Conversion

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted(file for file in (ROOT / "examples").iterdir() if file.suffix in {".txt", ".docx"})


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a program of dask where the modules of the project and of these tests are found."""
    places = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = os.environ | {"PYTHONPATH": places, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    command = [sys.executable, "-m", f"distributed.cli.{program}", "--host", "127.0.0.1", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def _address(scheduler: subprocess.Popen[str]) -> str:
    assert scheduler.stderr is not None
    return next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)


@pytest.fixture(scope="module")
def lonely() -> Iterator[str]:
    """The address of a scheduler without workers."""
    scheduler = _start("dask_scheduler", "--port", "0", "--no-dashboard")
    yield _address(scheduler)
    scheduler.terminate()
    scheduler.communicate()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, which start anew when a document ends them."""
    scheduler = _start("dask_scheduler", "--port", "0", "--no-dashboard")
    address = _address(scheduler)
    scratch = str(tmp_path_factory.mktemp("dask"))
    options = ("--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", scratch)
    workers = _start("dask_worker", address, *options)
    yield address
    for process in (workers, scheduler):
        process.terminate()
        process.communicate()


def _jixiao(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _wait_for_workers(address: str, count: int = 2) -> None:
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=300)


@pytest.mark.soak
def test_a_cluster_writes_what_this_process_writes(cluster: str, tmp_path: Path) -> None:
    """Files go to the workers as bytes; the output is the same to the last."""
    _wait_for_workers(cluster)
    here, there = tmp_path / "here.nq", tmp_path / "there.nq"
    assert _jixiao("convert", str(ROOT / "examples"), "-o", str(here)).returncode == 0
    done = _jixiao("convert", str(ROOT / "examples"), "-o", str(there), "--scheduler", cluster)
    assert (done.returncode, done.stderr) == (0, "")
    assert there.read_bytes() == here.read_bytes()
    assert there.stat().st_size > 1_000_000


def test_what_cannot_be_read_here_is_told_and_the_others_are_converted(cluster: str, tmp_path: Path) -> None:
    """A missing file and a damaged one are outcomes like any other."""
    damaged = tmp_path / "damaged.docx"
    damaged.write_bytes(b"PK\x03\x04")
    _wait_for_workers(cluster)
    with open_workplace(1, cluster, programs=NO_PROGRAMS) as workplace:
        outcomes = dict(convert_many([tmp_path / "missing", damaged, EXAMPLES[0]], workplace, _size))
    refused = [outcome.reason for outcome in outcomes.values() if isinstance(outcome, Refused)]
    assert refused[0] == "No such file or directory"
    assert "damaged" in refused[1]
    assert len(refused) == 2


def _size(conversion: Conversion) -> int:
    return len(conversion.nquads)


def size_unless_deadly(conversion: Conversion) -> int:
    """End the worker at the example that declares 2024."""
    if conversion.disclosure.year == 2024 and conversion.disclosure.declarations:
        os.abort()
    return _size(conversion)


def test_a_document_that_ends_its_worker_is_named_and_no_other_is_lost(cluster: str) -> None:
    """The group it stood in is done again one document at a time."""
    import test_dask  # as the workers know this module

    _wait_for_workers(cluster)
    with open_workplace(1, cluster, programs=NO_PROGRAMS) as workplace:
        outcomes = list(convert_many(EXAMPLES, workplace, test_dask.size_unless_deadly))
    assert [location.path for location, _ in outcomes] == EXAMPLES
    refused = {
        location.name: outcome.reason for location, outcome in outcomes if isinstance(outcome, Refused)
    }
    assert refused == {"130202-205-2024.docx": "reading it ended every worker that tried: it is not read"}
    assert len(EXAMPLES) == 5


def test_a_scheduler_without_workers_says_how_to_start_some(lonely: str, tmp_path: Path) -> None:
    """Waiting for workers that never come would look like work."""
    done = _jixiao("convert", str(EXAMPLES[0]), "-o", str(tmp_path / "o.nq"), "--scheduler", lonely)
    assert done.returncode == 2
    assert done.stderr == (
        f"{lonely}: the scheduler has no workers: start some with `dask worker {lonely}`\n"
    )


def test_a_scheduler_that_ends_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """What was begun is taken away."""
    scheduler = _start("dask_scheduler", "--port", "0", "--no-dashboard")
    address = _address(scheduler)
    workers = _start("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    _wait_for_workers(address, 1)
    many = tmp_path / "in"
    many.mkdir()
    for number in range(60):
        (many / f"{number}.txt").write_bytes(EXAMPLES[0].read_bytes() + str(number).encode())
    command = ["convert", str(many), "-o", str(tmp_path / "o.nq"), "--scheduler", address]
    running = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *command], stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob(".o.nq.part")):
        assert running.poll() is None
        time.sleep(0.02)
    for process in (scheduler, workers):
        process.kill()
        process.communicate()
    told = running.communicate(timeout=300)[1]
    assert told == f"{address}: the scheduler does not answer any more: start it again\n"
    assert [file.name for file in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", "http://127.0.0.1:80"])
def test_an_address_that_is_none_is_repeated(address: str) -> None:
    """The message shows what an address looks like."""
    with pytest.raises(WorkplaceError, match=f"^{address}: .* as tcp://127.0.0.1:8786$"):
        open_workplace(1, address, programs=NO_PROGRAMS).__enter__()


def test_without_dask_the_message_says_what_to_install(tmp_path: Path) -> None:
    """The extra is named as pip wants it."""
    hidden = "import sys; sys.modules['distributed'] = None; from service.cli import main; main()"
    arguments = [
        "convert",
        str(EXAMPLES[0]),
        "-o",
        str(tmp_path / "o.nq"),
        "--scheduler",
        "tcp://127.0.0.1:1",
    ]
    done = subprocess.run(
        [sys.executable, "-c", hidden, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert done.stderr == "--scheduler needs dask, which is not installed: pip install 'jixiao[dask]'\n"
