"""Whatever somebody names as a document: the command answers in one line, in bounded time, and the rest goes on.

What bad bytes give is tested beside each reader (`test_bad_documents`, `test_damaged_files`, `test_archives`).
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest

import loader
from loader.many import Workplace, convert_many, whole
from loader.readers.registry import read
from loader.task import Refused
from loader.workers import Workers

FORM = Path(__file__).parent / "disclosures" / "plain-form" / "source.txt"


def _jixiao(*arguments: str, stdout: object = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service.cli", *arguments]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, stdout=stdout, stderr=subprocess.PIPE, check=False, text=True, timeout=120
    )


# --- what is no file --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["pipe", "device", "folder", "link"])
def test_what_is_no_file_is_refused_and_never_waited_for(what: str, tmp_path: Path) -> None:
    """A pipe that nobody writes into, a device without end, a folder, a link in a circle."""
    place = tmp_path / "a.docx"
    if what == "pipe":
        os.mkfifo(place)
    elif what == "folder":
        place.mkdir()
    elif what == "link":
        place.symlink_to(place)
    else:
        place = Path("/dev/zero")
    done = _jixiao("check", str(place))
    assert (done.returncode, done.stderr.startswith(f"{place}: ")) == (2, True), done.stderr
    assert len(done.stderr.splitlines()) == 1
    if what != "link":
        with pytest.raises(loader.UnknownFormat):
            loader.read_file(place)


def test_a_folder_with_links_in_circles_and_pipes_is_searched_once(tmp_path: Path) -> None:
    """The documents in it are converted, each once; what is no file is named and never waited for."""
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "form.txt").write_bytes(FORM.read_bytes())
    (tmp_path / "in" / "a" / "up").symlink_to("..")
    (tmp_path / "in" / "self").symlink_to("self")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    (tmp_path / "in" / "gone.docx").symlink_to("nowhere")
    done = _jixiao("convert", str(tmp_path / "in"), "-o", f"{tmp_path}/out/")
    assert done.returncode == 2
    assert [line.removeprefix(f"{tmp_path}/in/").split(":")[:2] for line in done.stderr.splitlines()] == [
        ["gone.docx", " this is a link to nothing, or to itself"],
        ["pipe.txt", " this is a pipe or a device and no file"],
        ["self", " this is a link to nothing, or to itself"],
    ]
    assert [path.name for path in (tmp_path / "out").rglob("*.nq")] == ["form.txt.nq"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("command", [("convert", str(FORM), "-o", "-"), ("check", str(FORM)), ("ask",)])
def test_a_full_disk_is_told_in_one_line(command: tuple[str, ...]) -> None:
    """Whatever the command was about to say."""
    with Path("/dev/full").open("wb") as full:
        done = _jixiao(*command, stdout=full)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("No space left on device")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


# --- what takes for ever ----------------------------------------------------------------------------------


def _drawings_in_drawings(levels: int, times: int) -> bytes:
    """A page of two kilobytes on which a drawing stands `times` times in the next, some levels deep."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    within = b"/Resources<</XObject<</A %d 0 R>>>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R" + within % 5 + b">>",
        _stream(b"/A Do\n" * times, b""),
        *(_stream(b"/A Do\n" * times, form + within % (6 + level)) for level in range(levels - 1)),
        _stream(b"0 0 m 1 1 l S\n", form),
    ]
    whole_file, places = b"%PDF-1.7\n", [b"0000000000 65535 f \n"]
    for number, part in enumerate(parts, start=1):
        places.append(b"%010d 00000 n \n" % len(whole_file))
        whole_file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    size, at = len(places), len(whole_file)
    table = b"xref\n0 %d\n%s" % (size, b"".join(places))
    return whole_file + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, at)


def _stream(content: bytes, entries: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(packed), entries, packed)


def _impatient(seconds: float) -> Workplace:
    return Workplace(lambda: Workers(1, seconds=seconds, preloaded="loader.preloaded"), group=1, ahead=2)


def test_a_library_that_does_not_come_back_is_ended_at_its_time_and_the_rest_goes_on(tmp_path: Path) -> None:
    """pdfium works through millions of drawings by itself: its process is ended from outside."""
    (tmp_path / "1.pdf").write_bytes(_drawings_in_drawings(7, 14))
    (tmp_path / "2.txt").write_bytes(FORM.read_bytes())
    begun = time.monotonic()
    for seconds in (8, 16):  # on a busy machine the small one may need more than eight
        (_, first), (_, second) = convert_many(sorted(tmp_path.iterdir()), _impatient(seconds), whole)
        if not isinstance(second, Refused):
            break
    assert isinstance(first, Refused)
    assert first.reason == f"reading it took more than {seconds} s and was ended: it is not read"
    assert isinstance(second, loader.Conversion)
    assert time.monotonic() - begun < 600


def test_pages_nested_ten_thousand_deep_are_read_or_refused() -> None:
    """No recursion of ours, and none of the parser, ends the process."""
    for tag in ("div", "span", "ul><li", "blockquote", "font"):
        page = f"<html><body><p>绩效</p>{f'<{tag}>' * 10_000}目标</body></html>"
        assert "绩效" in "".join(line.text for line in read(page.encode()).lines)


# --- entities in every part that is parsed ------------------------------------------------------------------

_OFFICE = "application/vnd.oasis.opendocument."
PARTS = {
    "docx": {"[Content_Types].xml": "", "word/document.xml": None},
    "xlsx, the workbook": {"xl/workbook.xml": None, "xl/_rels/workbook.xml.rels": "<R/>"},
    "xlsx, its relations": {"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": None},
    "odt": {"mimetype": f"{_OFFICE}text", "content.xml": None},
    "ods": {"mimetype": f"{_OFFICE}spreadsheet", "content.xml": None},
}
LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    ("declared", "used"),
    [(LAUGHS, "&a9;"), ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")],
    ids=["a billion laughs", "an external entity"],
)
def test_entities_are_refused_in_every_format(name: str, declared: str, used: str) -> None:
    """Neither unfolded nor fetched, in whatever part they stand."""
    bad = f"<!DOCTYPE d [{declared}]><d><body><sheet>{used}</sheet></body></d>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        for part, content in PARTS[name].items():
            container.writestr(part, bad if content is None else content)
    with pytest.raises((loader.UnsafeDocument, loader.DamagedDocument), match=r"document type|damaged"):
        read(packed.getvalue())
