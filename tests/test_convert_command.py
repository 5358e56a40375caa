"""`jixiao convert` writes RDF in the format the name asks for, and nothing where there is nothing to write."""

from __future__ import annotations

import subprocess
import sys
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
    done = _jixiao("convert", "missing.docx", "-o", str(tmp_path / "out.xlsx"))
    assert done.returncode == 2
    assert ".nq, .trig, .ttl, .nt" in done.stderr.decode()


def test_the_report_tells_what_was_read_and_what_was_not(seed: Path, tmp_path: Path) -> None:
    """`--report` prints the account on stderr."""
    done = _jixiao("convert", str(seed / "seed.txt"), "-o", str(tmp_path / "o.nq"), "--report")
    told = done.stderr.decode()
    assert "项目 19 · 自评 0 · 指标 122 · 预算合计 19,407,000.00 元" in told
    assert "单元格 1359：标签 342，数据 914，空白 103，其他栏目 0，未读懂 0" in told
    assert "水印 1 — " in told
    assert "文本第1421行 “Evaluation Warning" in told
