"""Archives of documents are opened, within limits, and each member is named, converted, loaded and judged."""

from __future__ import annotations

import gzip
import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive_files import rar_of, seven_zip, tar_gz_of, zip_of
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import missing

import loader
from loader.location import Location
from loader.many import Workplace, convert_all, convert_many, here, processes, whole
from loader.readers import limits
from loader.readers.archives import unpacking
from loader.readers.archives.kinds import ArchiveKind, archive_kind_of
from loader.task import Given, Refused
from service.loading.catalogues import Catalogues
from service.loading.ingest import Failed, Ingest, Loaded
from service.loading.sources import find_sources, stray_rows
from service.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CASES = Path(__file__).parent / "disclosures"
FORM = (CASES / "plain-form" / "source.txt").read_bytes()


def _form(name: str) -> bytes:
    return FORM.replace("道路养护经费".encode(), name.encode())


@pytest.fixture(scope="session")
def programs() -> loader.Programs:
    """The programs of this machine, The Unarchiver among them."""
    found = loader.Programs.found(os.environ)
    if found.unar is None:
        missing("RAR and 7z archives are opened by The Unarchiver: apt-get install unar")
    return found


FILES = {"绩效/一.txt": "项目一\n".encode() * 50, "绩效/二[1].txt": "项目二\n".encode() * 400, "空.txt": b""}
ARCHIVES: Mapping[str, tuple[ArchiveKind, Callable[[], bytes]]] = {
    "zip": (ArchiveKind.ZIP, lambda: zip_of(FILES)),
    "zip with names in GB 18030": (ArchiveKind.ZIP, lambda: zip_of(FILES, names_in="gb18030")),
    "zip with names in UTF-8 that it does not declare": (
        ArchiveKind.ZIP,
        lambda: zip_of(FILES, names_in="utf-8"),
    ),
    "tar.gz": (ArchiveKind.TAR_GZ, lambda: tar_gz_of(FILES)),
    "tar.gz with names in GB 18030": (ArchiveKind.TAR_GZ, lambda: tar_gz_of(FILES, encoding="gb18030")),
    "tar": (ArchiveKind.TAR, lambda: gzip.decompress(tar_gz_of(FILES))),
    "7z": (ArchiveKind.SEVEN_ZIP, lambda: seven_zip("members")),
    "rar": (ArchiveKind.RAR, lambda: rar_of(FILES)),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_members_of_an_archive_come_out_as_they_went_in(name: str, programs: loader.Programs) -> None:
    """By content, whatever the archive is called; with the names that were given to them."""
    kind, make = ARCHIVES[name]
    data = make()
    assert archive_kind_of(data) is kind
    portion = unpacking.unpacked(data, kind, programs)
    assert {member.name: member.data for member in portion.members} == FILES
    assert portion.next is None


def test_all_kinds_of_archives_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert {kind for kind, _ in ARCHIVES.values()} | {ArchiveKind.GZIP} == set(ArchiveKind)


def test_a_file_packed_by_gzip_has_the_name_that_gzip_keeps(programs: loader.Programs) -> None:
    """Or none; it is opened all the same."""
    packed = io.BytesIO()
    with gzip.GzipFile("targets.txt", "wb", fileobj=packed) as stream:
        stream.write(FORM)
    for data, name in ((packed.getvalue(), "targets.txt"), (gzip.compress(FORM), "content")):
        assert archive_kind_of(data) is ArchiveKind.GZIP
        (member,) = unpacking.unpacked(data, ArchiveKind.GZIP, programs).members
        assert (member.name, member.data) == (name, FORM)


def test_documents_that_are_zip_containers_are_no_archives(seed: Path) -> None:
    """Word, OFD and the like."""
    for data in ((seed / "seed.docx").read_bytes(), zip_of({"OFD.xml": b""}), zip_of({"mimetype": b"x"})):
        assert archive_kind_of(data) is None
    with pytest.raises(loader.UnknownFormat, match="OFD document: save it as PDF"):
        loader.convert(zip_of({"OFD.xml": b""}))


def test_what_programs_and_people_leave_beside_documents_is_left_out(programs: loader.Programs) -> None:
    """As in folders."""
    litter = dict.fromkeys(("__MACOSX/._a.txt", ".DS_Store", "Thumbs.db", "~$a.docx", "绩效/README.md"), b"x")
    portion = unpacking.unpacked(zip_of(litter | {"a.txt": FORM}), ArchiveKind.ZIP, programs)
    assert [member.name for member in portion.members] == ["a.txt"]


def test_a_large_archive_comes_out_portion_by_portion(
    programs: loader.Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins where the one before ended, and no more than one is in memory."""
    monkeypatch.setattr(unpacking, "_PORTION_BYTES", 3_000)
    files = {f"{number}.txt": bytes([65 + number]) * 1_000 for number in range(8)}
    for name, data in (("zip", zip_of(files)), ("tar.gz", tar_gz_of(files)), ("7z", seven_zip("portions"))):
        start: int | None = 0
        found, portions = {}, 0
        while start is not None:
            portion = unpacking.unpacked(data, ARCHIVES[name][0], programs, start)
            found |= {member.name: member.data for member in portion.members}
            start, portions = portion.next, portions + 1
        assert (found, portions) == (files, 3)


# --- what is in them is converted -----------------------------------------------------------------------


def _told(outcomes: object) -> dict[str, str]:
    return {
        location.name: outcome.reason if isinstance(outcome, Refused) else type(outcome).__name__
        for location, outcome in outcomes  # type: ignore[attr-defined]
    }


def _archive_in_archive(depth: int) -> bytes:
    data = FORM
    for level in range(depth):
        data = zip_of({"a.txt" if level == 0 else "inner.zip": data})
    return data


def test_members_are_named_by_all_archives_around_them(tmp_path: Path) -> None:
    """Nested archives are opened three deep."""
    (tmp_path / "a.zip").write_bytes(_archive_in_archive(3))
    (tmp_path / "deep.zip").write_bytes(_archive_in_archive(4))
    told = _told(convert_many([tmp_path / "a.zip", tmp_path / "deep.zip"], here(), whole))
    assert told == {
        "a.zip!inner.zip!inner.zip!a.txt": "Conversion",
        "deep.zip!inner.zip!inner.zip!inner.zip": (
            "archives stand in archives more than 3 deep: unpack the outer ones first"
        ),
    }
    assert str(Location(Path("in/a.zip"), ("b.zip", "绩效/c.doc"))) == "in/a.zip!b.zip!绩效/c.doc"


def _pool() -> ProcessPoolExecutor:
    import multiprocessing

    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


@pytest.mark.parametrize(
    "workplace",
    [here(), processes(2), Workplace(_pool, group=2, elsewhere=True)],
    ids=["here", "processes", "a pool of processes elsewhere"],
)
def test_members_take_the_place_of_their_archive(tmp_path: Path, workplace: Workplace) -> None:
    """In order, wherever they are converted; a bad member is told and the rest goes on."""
    (tmp_path / "1.txt").write_bytes(_form("前"))
    inner = zip_of({"c.txt": _form("内")})
    (tmp_path / "2.zip").write_bytes(
        zip_of({"a.txt": _form("甲"), "b.docx": b"PK\x03\x04", "inner.zip": inner, "d.txt": _form("丁")})
    )
    (tmp_path / "3.txt").write_bytes(_form("后"))
    told = list(convert_many(sorted(tmp_path.iterdir()), workplace, whole))
    assert [location.name for location, _ in told] == [
        "1.txt",
        "2.zip!a.txt",
        "2.zip!b.docx",
        "2.zip!inner.zip!c.txt",
        "2.zip!d.txt",
        "3.txt",
    ]
    assert [type(outcome).__name__ for _, outcome in told].count("Conversion") == 5


def _unless_deadly(conversion: loader.Conversion) -> int:
    if "要命".encode() in conversion.nquads:
        os.abort()
    return 1


@pytest.mark.parametrize(
    "workplace",
    [processes(2), pytest.param(Workplace(_pool, group=2), marks=pytest.mark.soak)],
    ids=["processes", "a pool"],
)
def test_a_member_that_kills_its_worker_is_named_and_no_other_is_lost(
    tmp_path: Path, workplace: Workplace
) -> None:
    """Neither those of its archive nor those of another."""
    files = {f"{name}.txt": _form(name) for name in ("甲", "要命", "丙")}
    for name in ("1.zip", "2.zip"):
        (tmp_path / name).write_bytes(zip_of(files))
    told = list(convert_many(sorted(tmp_path.iterdir()), workplace, _unless_deadly))
    assert [location.name for location, outcome in told if isinstance(outcome, Refused)] == [
        "1.zip!要命.txt",
        "2.zip!要命.txt",
    ]
    assert [outcome for _, outcome in told].count(1) == 4


def test_an_archive_that_holds_too_much_is_read_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All archives in it are counted together: a bomb is one of many small steps."""
    monkeypatch.setattr(limits, "ARCHIVE_NAMES", 5)
    inner = zip_of({f"{number}.txt": b"x" for number in range(3)})
    (tmp_path / "a.zip").write_bytes(zip_of({"a.zip": inner, "b.zip": inner}))
    told = _told(convert_many([tmp_path / "a.zip"], here(), whole))
    assert [name for name in told if name.endswith(".txt")] == [f"a.zip!a.zip!{n}.txt" for n in range(3)]
    assert "more than 10,000 files, or more than 1,024 MiB" in told["a.zip!b.zip"]


# --- what is wrong with them ----------------------------------------------------------------------------


def _refusals(data: bytes, programs: loader.Programs) -> dict[str, str]:
    return _told(convert_all([Given(Location(Path("a")), data)], here(programs), whole))


def test_archives_under_a_password_are_named(programs: loader.Programs) -> None:
    """Their members where the names can be seen, else the archive."""
    flagged = bytearray(zip_of({"a.txt": FORM}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.index(mark) + offset
        flagged[at] |= 1
    for data, name in (
        (bytes(flagged), "a!a.txt"),
        (seven_zip("locked"), "a!绩效/一.txt"),
        (seven_zip("names-locked"), "a"),
    ):
        told = _refusals(data, programs)
        assert next(iter(told)) == name
        assert all("protected by a password" in reason for reason in told.values())


def test_without_the_unarchiver_the_message_says_what_to_do() -> None:
    """What the archive is, how else to get on, what opens it."""
    for data, what in ((rar_of(FILES), "a RAR archive"), (seven_zip("members"), "a 7z archive")):
        assert _refusals(data, loader.Programs())["a"].startswith(
            f"the file is {what}: unpack it, or install The Unarchiver"
        )
    nowhere = loader.Programs(unar="/nowhere/unar")
    assert "JIXIAO_UNAR" in _refusals(rar_of(FILES), nowhere)["a"]


@pytest.mark.parametrize("name", ["zip", "tar.gz", "tar", "7z", "rar"])
def test_an_archive_that_is_cut_off_is_named(name: str, programs: loader.Programs) -> None:
    """Nothing of it is read as if it were whole."""
    data = ARCHIVES[name][1]()
    told = _refusals(data[: len(FORM) // 2 + 512 if name == "tar" else len(data) // 2], programs)
    assert told
    assert "Conversion" not in list(told.values())[-1]
    assert any("cut off" in reason or "damaged" in reason for reason in told.values())


@pytest.mark.parametrize("make", [zip_of, rar_of])
def test_a_damaged_member_is_named_and_the_others_are_read(
    make: Callable[[Mapping[str, bytes]], bytes], programs: loader.Programs
) -> None:
    """By its checksum."""
    files = {
        f"{number}.txt": _form(f"项目{number}") + os.urandom(3_000).hex().encode() for number in range(3)
    }
    data = bytearray(make(files))
    data[len(data) * 5 // 6] ^= 0xFF
    told = _refusals(bytes(data), programs)
    assert (told["a!0.txt"], told["a!1.txt"]) == ("Conversion", "Conversion")
    assert "it is damaged in the archive" in told["a!2.txt"]


def test_a_damaged_7z_archive_is_named_member_by_member(programs: loader.Programs) -> None:
    """All of them hang together."""
    data = bytearray(seven_zip("portions"))
    data[48] ^= 0xFF
    told = _refusals(bytes(data), programs)
    assert len(told) == 8
    assert all("it is damaged in the archive" in reason for reason in told.values())


def test_an_archive_without_documents_says_so(programs: loader.Programs) -> None:
    """Nothing is read of nothing, but not in silence."""
    assert (
        "no document in the archive" in _refusals(zip_of({".DS_Store": b"x", "README": b"x"}), programs)["a"]
    )


def test_names_never_lead_out_of_the_archive(tmp_path: Path) -> None:
    """Nor do two members write over each other: `convert` writes a file for each below the folder it is told."""
    names = (
        "../../up.txt",
        "/root.txt",
        "C:\\drive.txt",
        "..\\..\\back.txt",
        "a/../b.txt",
        "a/b.txt",
        "b.txt",
    )
    (tmp_path / "a.zip").write_bytes(zip_of({name: _form(f"项目{n}") for n, name in enumerate(names)}))
    command = [
        sys.executable,
        "-m",
        "service.cli",
        "convert",
        str(tmp_path / "a.zip"),
        "-o",
        f"{tmp_path}/in/out/",
    ]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.nq"))
    assert written == [
        f"in/out/a.zip/{name}.nq"
        for name in ("a/b.txt (2)", "a/b.txt", "b.txt", "back.txt", "drive.txt", "root.txt", "up.txt")
    ]


def test_a_zip_bomb_is_refused_in_bounded_memory(programs: loader.Programs) -> None:
    """A member that unpacks to 1,000 times its size, one of 4 GB, and files that lie over each other."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.txt", b"\0" * (48 << 20))
        archive.writestr("b.txt", FORM)
    data = bytearray(packed.getvalue())
    tracemalloc.start()
    told = _refusals(bytes(data), programs)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "decompression bomb" in told["a!a.txt"]
    assert told["a!b.txt"] == "Conversion"
    assert peak < 64 << 20
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xFFFF_FFF0)
    assert "has 4096 MiB" in _refusals(bytes(data), programs)["a!a.txt"]


def test_a_tar_gz_bomb_is_refused(programs: loader.Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """What gzip unpacks is counted on the way."""
    monkeypatch.setattr(limits, "ARCHIVE_TOTAL_BYTES", 1 << 20)
    told = _refusals(tar_gz_of({"a.txt": b"\0" * (2 << 20), "b.txt": FORM}), programs)
    assert "unpacks to more than 1 MiB" in told["a"]


@settings(max_examples=60)
@given(data=st.data())
def test_changed_archives_never_crash(data: st.DataObject) -> None:
    """Zip and tar.gz with bytes changed and cut off: members, or reasons."""
    whole_archive = data.draw(st.sampled_from([zip_of(FILES), tar_gz_of(FILES), rar_of(FILES)]))
    changed = bytearray(whole_archive)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(changed)))
    kind = archive_kind_of(bytes(changed[:cut]))
    if kind in (ArchiveKind.ZIP, ArchiveKind.TAR, ArchiveKind.TAR_GZ, ArchiveKind.GZIP):
        try:
            portion = unpacking.unpacked(bytes(changed[:cut]), kind, loader.Programs())
        except loader.UnreadableDocument:
            return
        assert all(member.data or member.refusal or not FILES.get(member.name) for member in portion.members)


# --- the commands ---------------------------------------------------------------------------------------


def _ingest() -> Ingest:
    ingest = Ingest(open_store("memory:", create=True))
    ingest.prepare()
    return ingest


def test_a_catalogue_tells_of_the_members_of_an_archive(tmp_path: Path) -> None:
    """In the archive, and beside it with the whole name; what is said of the archive holds for all in it."""
    inside = "file,title,published\n一.txt,题一,2024-01-01\n没有.txt,,\n"
    (tmp_path / "a.zip").write_bytes(
        zip_of(
            {"绩效/一.txt": _form("一"), "绩效/catalogue.csv": inside.encode(), "绩效/二.txt": _form("二")}
        )
    )
    (tmp_path / "catalogue.csv").write_text(
        "file,title,published,source\na.zip,全部,2023-01-01,https://example.org/a.zip\n"
        "a.zip!绩效/二.txt,题二,,\na.zip!三.txt,,,\nb.zip!一.txt,,,\n",
        encoding="utf-8",
    )
    sources = find_sources([str(tmp_path)])
    catalogues = Catalogues(sources)
    outcomes = list(_ingest().load_all(sources, catalogues=catalogues))
    assert [outcome.name for outcome in outcomes if isinstance(outcome, Loaded)] == [
        "a.zip!绩效/一.txt",
        "a.zip!绩效/二.txt",
    ]
    first, second = (catalogues.entry_of(Location(tmp_path / "a.zip", (f"绩效/{n}.txt",))) for n in "一二")
    assert (first.title, str(first.published), first.source) == (
        "题一",
        "2024-01-01",
        "https://example.org/a.zip",
    )
    assert (second.title, str(second.published), second.source) == (
        "题二",
        "2023-01-01",
        "https://example.org/a.zip",
    )
    assert sorted(row.name for row in catalogues.unasked()) == ["a.zip!三.txt", "b.zip!一.txt", "没有.txt"]
    assert [row.name for row in stray_rows(sources)] == ["b.zip!一.txt"]


def test_a_catalogue_in_an_archive_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The documents are loaded all the same."""
    (tmp_path / "a.zip").write_bytes(zip_of({"catalogue.csv": b"title\nx\n", "a.txt": FORM}))
    outcomes = list(_ingest().load_all(find_sources([str(tmp_path)])))
    assert [str(outcome.location.name) for outcome in outcomes if isinstance(outcome, Failed)] == [
        "a.zip!catalogue.csv"
    ]
    assert len([outcome for outcome in outcomes if isinstance(outcome, Loaded)]) == 1


def _jixiao(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "service.cli", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_load_convert_and_check_do_what_one_expects_of_an_archive(tmp_path: Path) -> None:
    """The same members are named by each; what is bad is told with exit code 2."""
    archive = tmp_path / "公开.zip"
    archive.write_bytes(zip_of({"一.txt": _form("一"), "坏.docx": b"PK\x03\x04", "二.txt": _form("二")}))
    out = tmp_path / "out.nq"
    converted = _jixiao("convert", str(archive), "-o", str(out))
    loaded = _jixiao("load", str(archive), "--store", "memory:")
    checked = _jixiao("check", str(archive))
    for done in (converted, loaded, checked):
        assert done.returncode == 2
        assert f"{archive}!坏.docx: the zip container is cut off" in done.stderr.decode()
        assert b"Traceback" not in done.stderr
    assert (
        len({line.split(b"<")[-1] for line in out.read_bytes().splitlines() if b"/graph/disclosure" in line})
        == 2
    )
    assert loaded.stdout.decode().startswith("2 documents: 2 projects")
    assert "一" in checked.stdout.decode()


def test_archives_come_from_stdin_too() -> None:
    """And are named by what is in them."""
    done = _jixiao("load", "-", "--store", "memory:", stdin=zip_of({"一.txt": _form("一"), "坏.txt": b"\0"}))
    assert done.stdout.decode().startswith("1 documents")
    assert done.stderr.decode().startswith("-!坏.txt: ")
