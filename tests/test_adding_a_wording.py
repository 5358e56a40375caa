"""Adding a wording is one label: the example of the README, done as it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("loader", "ontology", "queries", "service", "shapes")
SECTION = (
    (ROOT / "README.md")
    .read_text(encoding="utf-8")
    .partition("#### Adding a wording")[2]
    .partition("\n### ")[0]
)
SHOWN = re.findall(r"```(\w*)\n(.*?)```", SECTION, re.DOTALL)


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A copy of the program whose ontology may be changed."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.soak
def test_a_header_nobody_knew_is_read_after_one_label_is_added(installation: Path) -> None:
    """Before the line of Turtle the table is left out; after it the project and its indicator are read."""
    assert [language for language, _ in SHOWN] == ["html", "", "turtle", ""]
    page, before, label, after = (text for _, text in SHOWN)
    document = installation / "form.html"
    document.write_text(f'<meta charset="utf-8">{page}', encoding="utf-8")
    assert before.strip() in _report(installation, document)
    with (installation / "ontology" / "labels.ttl").open("a", encoding="utf-8") as labels:
        labels.write(label)
    assert after.strip() in _report(installation, document)


def _report(installation: Path, document: Path) -> str:
    command = [sys.executable, "-m", "service.cli", "convert", "--report", document.name, "-o", "form.nq"]
    told = subprocess.run(
        command, cwd=installation, capture_output=True, check=True, text=True, encoding="utf-8"
    )
    return told.stdout + told.stderr
