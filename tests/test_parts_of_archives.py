"""Parts of archives that were split are told as parts, with what to do; whole archives with such names are opened."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest
from archive_files import rar_of, seven_zip, zip_of

from loader.errors import PartOfArchive
from loader.many import convert_many, here, whole
from loader.readers.archives.parts import refuse_part
from loader.task import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILES = {"一.txt": "项目名称\n".encode() * 40}
_RAR_5 = b"Rar!\x1a\x07\x01\x00"
_END_AT_PART_2 = struct.pack("<4s4H2LH", b"PK\x05\x06", 2, 2, 1, 1, 50, 4, 0)


def _rar_4(flags: int) -> bytes:
    return b"Rar!\x1a\x07\x00" + struct.pack("<HBHH", 0, 0x73, flags, 13) + bytes(40)


def _rar_5(*numbers: int) -> bytes:
    return _RAR_5 + bytes(4) + bytes(numbers) + bytes(40)


PARTS: Mapping[str, Callable[[], bytes]] = {
    "a.part1.rar": lambda: _rar_4(0x0111),
    "old.rar": lambda: _rar_4(0x0001),
    "b.part2.rar": lambda: _rar_5(0x0B, 1, 0, 0x03, 1),
    "with-more.rar": lambda: _rar_5(0x0D, 1, 5, 6, 0x01),
    "a.r07": lambda: bytes(range(256)),
    "a.z01": lambda: b"PK\x07\x08" + zip_of(FILES)[:60],
    "a.z02": lambda: bytes(range(256)),
    "a.zip": lambda: bytes(range(256)) + _END_AT_PART_2,
    "a.7z.001": lambda: seven_zip("members")[:-20],
    "a.7z.002": lambda: seven_zip("members")[60:],
    "a.zip.001": lambda: zip_of(FILES)[:60],
    "A.ZIP.002": lambda: zip_of(FILES)[60:],
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_told_as_a_part_with_what_to_do(name: str, tmp_path: Path) -> None:
    """By content where that says so, else by the name that archive programs give to parts."""
    path = tmp_path / name
    path.write_bytes(PARTS[name]())
    ((_, outcome),) = convert_many([path], here(), whole)
    assert isinstance(outcome, Refused)
    assert "one of several parts of an archive" in outcome.reason
    assert "unpack the first" in outcome.reason
    assert "damaged" not in outcome.reason


WHOLE: Mapping[str, Callable[[], bytes]] = {
    "a.part1.rar": lambda: rar_of(FILES),
    "a.7z.001": lambda: seven_zip("members"),
    "a.zip.001": lambda: zip_of(FILES),
    "a.zip": lambda: zip_of(FILES),
    "cut.7z": lambda: seven_zip("members")[:-20],
    "cut.zip": lambda: zip_of(FILES)[:60],
    "rar-5.rar": lambda: _rar_5(0x0B, 1, 0, 0, 0),
    "text.txt": lambda: b"\n".join(FILES.values()),
    "empty.txt": lambda: b"",
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_or_merely_cut_off_is_no_part(name: str) -> None:
    """One file that holds all is opened whatever it is called; one that was cut off is no part."""
    refuse_part(name, WHOLE[name]())


def test_a_part_in_an_archive_is_told_by_its_place(tmp_path: Path) -> None:
    """It is named as a member, and the documents beside it are read."""
    path = tmp_path / "all.zip"
    path.write_bytes(zip_of({"a.part1.rar": _rar_4(0x0001), "一.txt": FILES["一.txt"]}))
    told = {str(place): outcome for place, outcome in convert_many([path], here(), whole)}
    refused = told.pop(f"{path}!a.part1.rar")
    assert isinstance(refused, Refused)
    assert "several parts" in refused.reason
    assert list(told) == [f"{path}!一.txt"]


def test_what_zip_itself_splits_is_told_part_by_part(tmp_path: Path) -> None:
    """Each file that the program makes of one archive is a part."""
    program = shutil.which("zip")
    if program is None:
        pytest.skip("Info-ZIP makes these files: apt-get install zip")
    noise = io.BytesIO()
    with zipfile.ZipFile(noise, "w") as store:
        store.writestr("x", bytes(index * index % 251 for index in range(150_000)))
    (tmp_path / "x.bin").write_bytes(noise.getvalue())
    subprocess.run([program, "-q0", "-s", "64k", "a.zip", "x.bin"], cwd=tmp_path, check=True)
    parts = sorted(tmp_path.glob("a.z*"))
    assert [part.name for part in parts] == ["a.z01", "a.z02", "a.zip"]
    for part in parts:
        with pytest.raises(PartOfArchive):
            refuse_part(part.name, part.read_bytes())
