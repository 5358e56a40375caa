"""Whatever becomes of a file on its way, it is read or refused by name: no reader crashes, hangs or fills memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import damage
import pytest

import loader

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for path in (ROOT / "tests" / "real_files").iterdir() if path.suffix != ".md")
REFUSALS = {name for name in loader.__all__ if isinstance(getattr(loader, name), type)}
FEW, MANY = 12, 4_028
"""Damaged copies of each file, in the short and in the long run; the long one begins where the short one ends."""
IN_COMMANDS = 4
"""Damaged copies of each file that are given to a command."""
LONGEST = 60.0
"""Seconds of computing for one small file; an undamaged one takes a twentieth of one."""


class Outcome(NamedTuple):
    """What became of a damaged file: read, the name of the error that refused it, or `!` and what was raised."""

    file: str
    number: int
    outcome: str
    told: str
    seconds: float


def _outcomes(first: int, count: int, *files: Path) -> list[Outcome]:
    """Return what becomes of damaged copies; the process must not die or hang over any of them."""
    expected = count * max(len(files), 1)
    program = [sys.executable, damage.__file__, str(first), str(count), *map(str, files)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONHASHSEED": "0"}
    limit = LONGEST * 5 + expected
    try:
        run = subprocess.run(program, env=environment, capture_output=True, check=False, timeout=limit)
        printed, said = run.stdout, run.stderr.decode()[-500:]
    except subprocess.TimeoutExpired as hung:
        printed, said = hung.stdout or b"", f"no end after {limit} s"
    outcomes = [Outcome(**json.loads(line)) for line in printed.decode().splitlines() if line.endswith("}")]
    assert len(outcomes) == expected, f"the process ended behind {outcomes[-1:]}: {said}"
    return outcomes


def _assert_read_or_refused(outcomes: list[Outcome]) -> None:
    raised = [each for each in outcomes if each.outcome not in {"read"} | REFUSALS]
    assert not raised, f"{raised[0].file}, damage {raised[0].number}: {raised[0].told}"
    assert [each for each in outcomes if each.seconds > LONGEST] == []
    assert all(len(each.told) > 20 for each in outcomes if each.outcome != "read")


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """What becomes of a few damaged copies of each file."""
    return _outcomes(0, FEW, *FILES)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_damaged_file_is_read_or_refused(path: Path, outcomes: list[Outcome]) -> None:
    """Bits flipped, pieces lost or repeated, members swapped, tags nested: each message says what to do."""
    of_file = [each for each in outcomes if each.file == path.name]
    assert len(of_file) == FEW
    _assert_read_or_refused(of_file)


def test_some_damage_is_fatal_and_some_is_not(outcomes: list[Outcome]) -> None:
    """Damage that is always harmless, or always noticed at once, would prove nothing about what lies behind."""
    read = sum(1 for each in outcomes if each.outcome == "read")
    assert len(outcomes) / 4 < read < len(outcomes) * 3 / 4


@pytest.mark.soak
@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_many_damaged_files_are_read_or_refused(path: Path) -> None:
    """Thousands of copies of each file."""
    _assert_read_or_refused(_outcomes(FEW, MANY, path))


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.soak), 2])
def test_converting_damaged_files_says_one_line_of_each_that_is_not_read(tmp_path: Path, jobs: int) -> None:
    """No reader and no library prints anything of its own on stderr, in a process of its own or beside another."""
    for path in FILES:
        for number in range(IN_COMMANDS):
            damaged = damage.mutated(path.read_bytes(), number)
            (tmp_path / f"{path.stem}-{number}{path.suffix}").write_bytes(damaged)
    command = [sys.executable, "-m", "service.cli", "convert", str(tmp_path), "-o", str(tmp_path / "all.nq")]
    done = subprocess.run([*command, "--jobs", str(jobs)], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert len(lines) > len(FILES)
    assert [line for line in lines if not line.startswith(f"{tmp_path}/")] == []
    assert b"a fault of this program" not in done.stderr


def test_random_bytes_are_read_or_refused() -> None:
    """Bytes that begin like a file of some format, and are none."""
    outcomes = _outcomes(0, 300)
    _assert_read_or_refused(outcomes)
    assert sum(1 for each in outcomes if each.outcome != "read") > 200


def test_damage_is_the_same_each_time() -> None:
    """A number names a damaged file for good; different numbers damage differently."""
    data = (ROOT / "tests" / "real_files" / "form.docx").read_bytes()
    damaged = [damage.mutated(data, number) for number in range(40)]
    assert damaged == [damage.mutated(data, number) for number in range(40)]
    assert len(set(damaged)) > 35


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_undamaged_the_files_are_read(path: Path) -> None:
    """Damage to a file that is not read would prove nothing."""
    conversion = loader.convert(path.read_bytes())
    assert (len(conversion.disclosure.declarations), conversion.report.indicators) == (2, 15)


def test_all_formats_are_damaged() -> None:
    """The folder of files does not shrink in silence."""
    assert len(FILES) == 12
