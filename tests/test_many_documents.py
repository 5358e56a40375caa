"""Many documents on an executor: in order, in bounded time and memory, none lost because of another."""

from __future__ import annotations

import resource
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from loader import Conversion
from loader.many import Refused, convert_file, convert_many, limit_worker

CASES = Path(__file__).parent / "disclosures"


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, initializer=limit_worker)


def _short_lived() -> None:
    """Let a worker end for good after three seconds of work: no handler, no way out."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))


def _fragile_pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, initializer=_short_lived)


def _small(folder: Path, count: int) -> list[Path]:
    source = (CASES / "plain-form" / "source.txt").read_text(encoding="utf-8")
    paths = []
    for number in range(count):
        paths.append(folder / f"{number:03d}.txt")
        paths[-1].write_text(source.replace("道路养护经费", f"道路养护经费{number}"), encoding="utf-8")
    return paths


@pytest.mark.parametrize(
    "make_executor", [_pool, lambda: ThreadPoolExecutor(2)], ids=["processes", "threads"]
)
def test_every_document_comes_back_in_order(tmp_path: Path, make_executor: object) -> None:
    """The outcome does not depend on the executor."""
    paths = _small(tmp_path, 40)
    outcomes = list(convert_many(paths, make_executor))  # type: ignore[arg-type]
    assert [path for path, _ in outcomes] == paths
    assert [outcome for _, outcome in outcomes] == [convert_file(path) for path in paths]
    assert all(isinstance(outcome, Conversion) for _, outcome in outcomes)


def test_a_bad_document_is_told_and_the_others_are_converted(tmp_path: Path) -> None:
    """A refusal is an outcome like any other."""
    paths = _small(tmp_path, 5)
    paths[2].write_bytes(b"PK\x03\x04")
    outcomes = dict(convert_many(paths, _pool))
    refused = {
        path.name: outcome.reason for path, outcome in outcomes.items() if isinstance(outcome, Refused)
    }
    assert list(refused) == ["002.txt"]
    assert "damaged" in refused["002.txt"]


def test_a_document_that_kills_its_worker_is_named_and_no_other_is_lost(tmp_path: Path) -> None:
    """Processes that end themselves after three seconds: only the endless document is refused."""
    paths = _small(tmp_path, 6)
    row = "\t产出指标\n\t数量指标\n\t人数\n\t人数\n\t≥1人\n\t计划\n\n"
    text = paths[3].read_text(encoding="utf-8")
    paths[3].write_text(text + "\n\n" + row * 60_000, encoding="utf-8")
    outcomes = list(convert_many(paths, _fragile_pool, group=3))
    assert [path for path, _ in outcomes] == paths
    assert [path.name for path, outcome in outcomes if isinstance(outcome, Refused)] == ["003.txt"]


def test_reading_leaves_the_limits_of_the_process_as_they_were(tmp_path: Path) -> None:
    """With one job documents are read in the process that judges them."""
    before = resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGALRM)
    convert_file(_small(tmp_path, 1)[0])
    assert (resource.getrlimit(resource.RLIMIT_CPU), signal.getsignal(signal.SIGALRM)) == before


def test_a_missing_file_is_an_outcome(tmp_path: Path) -> None:
    """What the system says is passed on."""
    outcome = convert_file(tmp_path / "missing.docx")
    assert outcome == Refused(tmp_path / "missing.docx", "No such file or directory")
