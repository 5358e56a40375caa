"""The API does what `/openapi.json` says: schemathesis asks every operation, rightly and wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sites import serving

from service.settings import Settings
from service.store import Changes, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.keys import KeyFile
    from service.store import Store

HERE = Path(__file__).parent / "api"


@pytest.fixture
def writable(library: Store, keys: KeyFile) -> Iterator[str]:
    """The address of a service over a copy of the examples that takes changes."""
    store = open_store("memory:")
    store.apply(Changes(added=b"".join(library.export("application/n-quads"))))
    with serving(store, Settings(keys=keys.path)) as address:
        yield address


def cases_asked(address: str, key: str, report: Path, *options: str) -> int:
    """Ask operations as `api/schemathesis.toml` says; how many cases there were, none of which failed."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    asked = subprocess.run(
        [
            *(*command, "run", f"{address}/openapi.json", "--no-color", f"--report-json-path={report}"),
            *("-H", f"Authorization: Bearer {key}", *options),
        ],
        cwd=report.parent,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    told = json.loads(report.read_text())
    assert told["operations"]["tested"] == told["operations"]["selected"]
    assert told["operations"]["total"] == operations(address)
    cases = told["test_cases"]
    assert cases["with_failures"] == cases["errored"] == 0
    return int(cases["generated"])


def operations(address: str) -> int:
    return sum(map(len, httpx.get(f"{address}/openapi.json", timeout=300).json()["paths"].values()))


def test_the_api_does_what_its_description_says(writable: str, key: str, tmp_path: Path) -> None:
    """A few cases of each operation but those that take long, by every check."""
    slow = ("--exclude-path", "/shacl", "--exclude-path-regex", "/quality/")
    assert cases_asked(writable, key, tmp_path / "r.json", "--phases=fuzzing", "-n4", *slow) >= 80


@pytest.mark.soak
def test_the_api_does_what_its_description_says_two_hundred_times(
    writable: str, key: str, tmp_path: Path
) -> None:
    """Each operation with 200 examples (fewer where there are no more) and at the bounds of its parameters."""
    assert cases_asked(writable, key, tmp_path / "r.json") >= 3000
