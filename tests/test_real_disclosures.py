"""Real tables of twenty provinces, scored by the shared program: nothing missed, nothing invented."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORMATS = {"docx": 7, "html": 7, "xlsx": 7, "txt": 21}


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What the scoring program says of each format; one command converts them all, and it is given its files."""
    folder = tmp_path_factory.mktemp("scores")
    summary = folder / "summary.json"
    files = sorted(
        str(path)
        for path in (shared / "disclosures" / "real").glob("*/*")
        if path.suffix.removeprefix(".") in FORMATS
    )
    convert = [sys.executable, "-m", "service.cli", "convert", *files, "-o", f"{folder}/", "--jobs=2"]
    subprocess.run(convert, check=True, capture_output=True, cwd=ROOT)
    command = f"cp {shlex.quote(str(folder))}/$(basename {{file}}).nq {{out}}"
    program = [sys.executable, str(shared / "disclosures" / "score.py"), "--set=real", f"--cmd={command}"]
    options = [f"--codes={ROOT / 'ontology' / 'units.ttl'}", f"--json={summary}", "--quiet"]
    subprocess.run([*program, *options], check=True, capture_output=True, cwd=ROOT)
    told = json.loads(summary.read_text(encoding="utf-8"))["sets"]["real"]["by_format"]
    assert {name: score["files"] for name, score in told.items()} == FORMATS
    return dict(told)


@pytest.mark.parametrize("name", FORMATS)
def test_every_indicator_of_a_real_table_is_read_and_none_invented(
    scores: dict[str, dict[str, object]], name: str
) -> None:
    """Readable files: every pair of name and value, and no other. Hostile files: nothing that is not printed."""
    score = scores[name]
    assert score["indicator_f1"] == 1.0
    assert (score["indicators_invented"], score["projects_invented"]) == (0, 0)
    hostile = score["hostile"]
    assert isinstance(hostile, dict)
    assert hostile["indicators_invented"] == 0


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("column", ["year", "unit", "l1", "l2", "typed", "cell"])
def test_what_is_read_of_a_real_table_is_right(
    scores: dict[str, dict[str, object]], name: str, column: str
) -> None:
    """Years, units, levels, typed values and quoted cells."""
    right, expected = scores[name][column]  # type: ignore[misc]
    assert right == expected > 0
