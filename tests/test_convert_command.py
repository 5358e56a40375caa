"""`jixiao convert` writes RDF in the format the name asks for, and nothing where there is nothing to write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def _jixiao(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments], input=stdin, capture_output=True, check=False
    )


_SUFFIXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}


@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_the_suffix_decides_the_format(seed: Path, tmp_path: Path, suffix: str) -> None:
    """All formats hold the same triples; N-Quads and TriG also hold the graphs."""
    out = tmp_path / f"seed{suffix}"
    done = _jixiao("convert", str(seed / "seed.docx"), "-o", str(out))
    assert (done.returncode, done.stderr) == (0, b"")
    quads = set(ox.parse(path=str(out), format=_SUFFIXES[suffix]))
    plain = _jixiao("convert", str(seed / "seed.docx"), "-o", "-").stdout
    expected = set(ox.parse(plain, format=ox.RdfFormat.N_QUADS))
    assert len(expected) > 8000
    if suffix in {".nq", ".trig"}:
        assert quads == expected
    else:
        assert {quad.triple for quad in quads} == {quad.triple for quad in expected}


def test_a_document_can_come_from_stdin(seed: Path) -> None:
    """`-` reads the document, and writes N-Quads."""
    done = _jixiao("convert", "-", "-o", "-", stdin=(seed / "seed.txt").read_bytes())
    assert done.returncode == 0
    assert done.stdout.count(b"\n") > 8000


def test_what_several_documents_say_in_common_is_written_once(seed: Path) -> None:
    """The register of the seed as text and as Word is one set of quads."""
    done = _jixiao("convert", str(seed / "seed.txt"), str(seed / "seed.docx"), "-o", "-")
    lines = done.stdout.splitlines()
    assert len(lines) == len(set(lines))


def test_a_bad_document_is_named_and_the_others_are_converted(seed: Path, tmp_path: Path) -> None:
    """The message begins with the file's name; the exit code is 2; the sound document is written."""
    bad, out = tmp_path / "坏.docx", tmp_path / "out.nq"
    bad.write_bytes(b"PK\x03\x04 no more")
    done = _jixiao("convert", str(bad), str(seed / "seed.txt"), "-o", str(out))
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"{bad}: ")
    assert b"Traceback" not in done.stderr
    assert out.stat().st_size > 100_000


def test_nothing_is_written_when_nothing_could_be_read(tmp_path: Path) -> None:
    """No empty output is left behind a failure."""
    bad, out = tmp_path / "empty.txt", tmp_path / "out.nq"
    bad.write_bytes(b"")
    done = _jixiao("convert", str(bad), "-o", str(out))
    assert done.returncode == 2
    assert "the file is empty" in done.stderr.decode()
    assert not out.exists()


def test_an_unknown_format_of_the_output_is_refused_before_reading(tmp_path: Path) -> None:
    """The message says which suffixes there are."""
    source = tmp_path / "in.txt"
    source.write_text("no table", encoding="utf-8")
    done = _jixiao("convert", str(source), "-o", str(tmp_path / "out.xlsx"))
    assert done.returncode == 2
    assert ".nq, .trig, .ttl, .nt" in done.stderr.decode()


# --- many documents -----------------------------------------------------------------------------------


def _folder(seed: Path, folder: Path, count: int = 4) -> Path:
    """Return a folder of documents that differ, one of them in a folder below, one of them damaged."""
    text = (seed / "seed.txt").read_text(encoding="utf-8")
    (folder / "below").mkdir(parents=True)
    for number in range(count - 1):
        (folder / f"{number:03d}.txt").write_text(text.replace("组织部", f"组织{number}部"), encoding="utf-8")
    (folder / "below" / "000.txt").write_text(text, encoding="utf-8")
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no more")
    return folder


def test_processes_write_what_one_process_writes(seed: Path, tmp_path: Path) -> None:
    """The order of the lines does not depend on who was ready first; the damaged document is named once."""
    folder = _folder(seed, tmp_path / "in")
    written = []
    for jobs in ("1", "2"):
        out = tmp_path / f"{jobs}.nq"
        done = _jixiao("convert", str(folder), "-o", str(out), "--jobs", jobs)
        assert done.returncode == 2
        assert done.stderr.decode().splitlines() == [
            f"{folder / 'damaged.docx'}: the zip container is cut off or damaged: download or save the file again"
        ]
        written.append(out.read_bytes())
    assert written[0] == written[1]
    lines = written[0].splitlines()
    assert len(lines) == len(set(lines)) > 4 * 8000


def test_a_folder_gets_a_file_for_each_document(seed: Path, tmp_path: Path) -> None:
    """Names and folders are those of the documents; a file holds what the document alone gives."""
    folder, out = _folder(seed, tmp_path / "in"), tmp_path / "out"
    done = _jixiao("convert", str(folder), "-o", f"{out}/", "--jobs", "2")
    assert done.returncode == 2
    files = sorted(str(file.relative_to(out)) for file in out.rglob("*") if file.is_file())
    assert files == ["000.txt.nq", "001.txt.nq", "002.txt.nq", "below/000.txt.nq"]
    alone = _jixiao("convert", str(folder / "001.txt"), "-o", "-").stdout
    assert (out / "001.txt.nq").read_bytes() == alone


def test_documents_of_one_name_do_not_overwrite_each_other(seed: Path, tmp_path: Path) -> None:
    """It is said before anything is converted, with both names."""
    folder, out = _folder(seed, tmp_path / "in"), tmp_path / "out"
    names = (folder / "000.txt", folder / "below" / "000.txt")
    done = _jixiao("convert", *map(str, names), "-o", f"{out}/")
    told = done.stderr.decode()
    assert done.returncode == 2
    assert str(names[0]) in told
    assert str(names[1]) in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-", "a.docx", "-o", "o.nq"], "it cannot stand beside other names"),
        (["missing", "-o", "o.nq"], "missing: there is no such file, folder or pattern"),
        (
            ["{seed}/seed.txt", "-o", "nowhere/o.nq"],
            "nowhere/o.nq: there is no folder nowhere: make it first",
        ),
        (["{seed}/seed.txt", "-o", "out"], "or in /, which says a folder with a file for each document"),
    ],
)
def test_what_cannot_be_done_is_said_before_reading(seed: Path, arguments: list[str], told: str) -> None:
    """The message says what to write instead."""
    done = _jixiao("convert", *(argument.format(seed=seed) for argument in arguments))
    assert done.returncode == 2
    assert told in done.stderr.decode()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_stopping_leaves_nothing_half_written(seed: Path, tmp_path: Path, jobs: str) -> None:
    """Ctrl+C ends the command without a traceback, and takes away what it had begun."""
    folder, out = _folder(seed, tmp_path / "in", count=60), tmp_path / "out.nq"
    command = [sys.executable, "-m", "service.cli", "convert", str(folder), "-o", str(out), "--jobs", jobs]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    while not list(tmp_path.glob(".out.nq.part")):
        assert running.poll() is None
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    told = running.communicate(timeout=300)[1].decode()
    assert running.returncode == 1
    assert "Traceback" not in told
    assert [file.name for file in tmp_path.iterdir()] == ["in"]


def test_the_report_tells_what_was_read_and_what_was_not(seed: Path, tmp_path: Path) -> None:
    """`--report` prints the account on stderr."""
    done = _jixiao("convert", str(seed / "seed.txt"), "-o", str(tmp_path / "o.nq"), "--report")
    told = done.stderr.decode()
    assert "项目 19 · 自评 0 · 指标 122 · 预算合计 19,407,000.00 元" in told
    assert "单元格 1359：标签 342，数据 914，空白 103，其他栏目 0，未读懂 0" in told
    assert "水印 1 — " in told
    assert "文本第1421行 “Evaluation Warning" in told
