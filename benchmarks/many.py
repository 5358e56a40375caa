"""A thousand documents of mixed formats: on one process, on two, and on two workers of dask."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import corpus, written
from .measuring import Run, run
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client

_ROOT = Path(__file__).resolve().parent.parent


class OtherQuads(Exception):
    """Two ways of converting wrote different quads: nothing is compared then."""


def measure(documents: int = 1000) -> Report:
    """Measure `jixiao convert` of a folder. Raises `OtherQuads`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        files = corpus.write(place / "in", documents)
        size = sum(file.stat().st_size for file in files)
        runs = {
            "--jobs 1": _converted(place, "1", "--jobs", "1"),
            "--jobs 2": _converted(place, "2", "--jobs", "2"),
        }
        with _cluster(place / "dask") as (address, cpu):
            before = cpu()
            client = _converted(place, "dask", "--scheduler", address)
            runs["--scheduler, 2 workers"] = Run(client.wall, client.cpu + cpu() - before, client.peak)
        written_by = {name: (place / f"{name}.nq").read_bytes() for name in ("1", "2", "dask")}
        if len(set(written_by.values())) > 1:
            raise OtherQuads(f"{ {name: len(quads) for name, quads in written_by.items()} } bytes")
        quads = written_by["1"].count(b"\n")
    first = runs["--jobs 1"]
    return Report(
        "many",
        f"{documents:,} documents of mixed formats",
        ("jixiao convert", "wall s", "faster", "CPU s", "more CPU", "documents/s"),
        tuple(
            (name, took.wall, first.wall / took.wall, took.cpu, took.cpu / first.cpu, documents / took.wall)
            for name, took in runs.items()
        ),
        (
            (
                f"{documents:,} documents made by benchmarks/corpus.py in {', '.join(written.FORMATS)} by turns, "
                f"{size / 1e6:.0f} MB; the same {quads:,} quads each time, in one file. CPU of all processes, their "
                "start included; that of dask's scheduler and workers only while they work."
            ),
        ),
        versions=versions_of("jixiao", "distributed"),
    )


def _converted(place: Path, name: str, *options: str) -> Run:
    command = ("convert", str(place / "in"), "-o", str(place / f"{name}.nq"), *options)
    return run((sys.executable, "-m", "service.cli", *command), _environment())


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_ROOT)}


@contextmanager
def _cluster(scratch: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Yield the address of a scheduler with two workers on loopback, and what tells the CPU seconds they took."""
    from distributed import Client

    started = [_program("scheduler", "--port", "0")]
    try:
        address = next(line.split()[-1] for line in started[0].stderr or () if "Scheduler at:" in line)
        options = ("--nworkers", "2", "--nthreads", "1", "--local-directory", str(scratch))
        started.append(_program("worker", address, *options))
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            yield address, lambda: _cpu(client)
    finally:
        for process in reversed(started):
            process.terminate()
            process.communicate()


def _cpu(client: Client) -> float:
    workers = client.run(time.process_time).values()
    return sum(workers) + float(client.run_on_scheduler(time.process_time))


def _program(name: str, *options: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", f"distributed.cli.dask_{name}", "--host", "127.0.0.1", "--no-dashboard")
    return subprocess.Popen((*command, *options), env=_environment(), stderr=subprocess.PIPE, text=True)
