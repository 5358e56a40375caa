"""Commands name each file as whoever asked named it, and what is not there keeps nobody from the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORM = (ROOT / "tests" / "disclosures" / "plain-form" / "source.txt").read_bytes()


def _jixiao(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service.cli", *arguments]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False, text=True
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two copies of a document and a file that cannot be read, each in a folder of its own."""
    for place, data in {"一/a.txt": FORM, "二/b.txt": FORM, "三/c.docx": b"PK\x03\x04 no more"}.items():
        path = tmp_path / place
        path.parent.mkdir()
        path.write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("command", [("load", "--store", "memory:"), ("convert", "-o", "o.nq")])
@pytest.mark.parametrize(
    ("names", "failed"),
    [((".",), "三/c.docx"), (("二", "三/*", "./一"), "三/c.docx"), (("../{}/三",), "../{}/三/c.docx")],
)
def test_a_file_that_fails_is_named_as_it_was_found(
    folder: Path, command: tuple[str, ...], names: tuple[str, ...], failed: str
) -> None:
    """With the folders in which it was found, in both commands."""
    done = _jixiao(folder, *command, *(name.format(folder.name) for name in names))
    assert done.returncode == 2
    told = [line for line in done.stderr.splitlines() if "c.docx" in line]
    assert [line.partition(": ")[0] for line in told] == [failed.format(folder.name)]


_GONE = "there is no such file, folder or pattern"


@pytest.mark.parametrize("command", [("load", "--store", "memory:"), ("convert", "-o", "o.nq")])
def test_a_path_that_names_nothing_is_told_and_the_others_go_on(
    folder: Path, command: tuple[str, ...]
) -> None:
    """Each that is missing is told once, as it was written; the exit code is 2."""
    names = ("weg.txt", "一", "二/*.doc", "./二/b.txt", "weg.txt")
    done = _jixiao(folder, *command, *names)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if _GONE in line] == [
        f"weg.txt: {_GONE}",
        f"二/*.doc: {_GONE}",
    ]
    read = (folder / "o.nq").exists() if command[0] == "convert" else "1 documents" in done.stdout
    assert read, done


@pytest.mark.parametrize("command", [("load", "--store", "file:store"), ("convert", "-o", "o.nq")])
def test_where_no_path_names_anything_nothing_is_begun(folder: Path, command: tuple[str, ...]) -> None:
    """All are told; no store is made and no file written."""
    done = _jixiao(folder, *command, "weg.txt", "二/*.doc")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"weg.txt: {_GONE}", f"二/*.doc: {_GONE}"]
    assert not (folder / "store").exists()
    assert not (folder / "o.nq").exists()


def test_the_report_of_a_conversion_names_what_is_missing(folder: Path) -> None:
    """As a file that was not read."""
    _jixiao(folder, "convert", "weg.txt", "一", "-o", "o.nq", "--report-file", "read.json")
    told = json.loads((folder / "read.json").read_text(encoding="utf-8"))
    assert told[0] == {"file": "weg.txt", "error": _GONE}
    assert [file["file"] for file in told] == ["weg.txt", "一/a.txt"]


def test_a_copy_is_named_with_its_folder_as_the_document_is(folder: Path) -> None:
    """Two files of one name in two folders can be told apart."""
    done = _jixiao(folder, "load", "--store", "memory:", "一", "二")
    assert "二/b.txt: a copy of 一/a.txt, counted once" in done.stderr.splitlines()
