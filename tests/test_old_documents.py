"""Files of old word processors (.doc, .wps, .rtf) are made anew and read; without a program they are named."""

from __future__ import annotations

import contextlib
import io
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from compound_files import compound
from docx import Document as WordDocument
from office import convert, office  # noqa: F401 - fixtures
from stores import missing

import loader
from loader.load_report_text import as_text
from loader.readers import libreoffice
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loader.model import Document

CASES = Path(__file__).parent / "disclosures"


@pytest.fixture(scope="session")
def programs() -> loader.Programs:
    """The programs of this machine, LibreOffice among them."""
    found = loader.Programs.found(os.environ)
    if found.soffice is None:
        missing("LibreOffice reads old documents: apt-get install libreoffice-writer")
    return found


def _word() -> bytes:
    """A Word file of today with a title and a table with merged cells."""
    document, out = WordDocument(), io.BytesIO()
    document.add_paragraph("2025年度项目绩效目标表")
    table = document.add_table(3, 3)
    rows = (("项目名称", "道路养护经费", ""), ("产出指标", "数量指标", "≥95%"), ("", "质量指标", "合格"))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def old(convert: Callable[[bytes, str, str], bytes]) -> bytes:  # noqa: F811 - the fixture
    """The Word file as LibreOffice saves it for Word 97."""
    return convert(_word(), "docx", "doc")


@pytest.fixture(scope="session")
def rich(convert: Callable[[bytes, str, str], bytes]) -> bytes:  # noqa: F811 - the fixture
    """The Word file as RTF."""
    return convert(_word(), "docx", "rtf")


def _printed(document: Document) -> object:
    cells = [
        [(c.row, c.column, c.rowspan, c.colspan, c.text.strip()) for c in t.cells] for t in document.tables
    ]
    return cells, [line.text for line in document.lines]


def test_an_old_word_file_is_read_like_a_new_one(old: bytes) -> None:
    """Without any program beside Python; what made it anew is told."""
    document = read(old)
    assert _printed(document) == _printed(read(_word()))
    assert document.media_type == "application/msword"
    assert (document.renewed_by or "").startswith("msdoc2docx 0.")


def test_an_rtf_document_is_read_by_libreoffice(rich: bytes, programs: loader.Programs) -> None:
    """And the version of LibreOffice is told."""
    document = read(rich, programs)
    assert _printed(document) == _printed(read(_word()))
    assert (document.media_type, (document.renewed_by or "")[:12]) == ("application/rtf", "LibreOffice ")
    assert (document.renewed_by or "")[-1].isdigit()


def test_several_documents_are_made_anew_at_once(rich: bytes, programs: loader.Programs) -> None:
    """Each LibreOffice has a profile of its own."""
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: read(rich, programs), range(2))
    assert first == second


def test_the_graph_and_the_report_tell_of_the_program_and_keep_the_file(old: bytes) -> None:
    """The document is the old file, by its SHA-256."""
    import hashlib

    conversion = loader.convert(old)
    assert conversion.disclosure.sha256 == hashlib.sha256(old).hexdigest()
    assert "由 msdoc2docx 0." in as_text(conversion.report)
    assert str(conversion.report.renewed_by).startswith("msdoc2docx 0.")
    assert '/def/renewedBy> "msdoc2docx 0.' in conversion.nquads.decode()


def test_without_libreoffice_the_message_says_what_to_do() -> None:
    """What the file is, what opens it, and how else to get on."""
    for data, name in ((b"{\\rtf1 a}", "RTF document"), (compound("MatOST"), "Works document")):
        with pytest.raises(
            loader.ConverterMissing, match=rf"an? {name} .*save it as \.docx, or install LibreOffice"
        ):
            read(data)


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    """Not as if the document were missing."""
    with pytest.raises(loader.ConverterMissing, match="cannot be started"):
        read(b"{\\rtf1 a}", loader.Programs(soffice=str(tmp_path)))


def test_programs_are_found_on_the_path_or_where_the_settings_say(tmp_path: Path) -> None:
    """`JIXIAO_SOFFICE` goes before the PATH; what is not there is none."""
    soffice = tmp_path / "soffice"
    soffice.write_text("#!/bin/sh\n")
    soffice.chmod(0o755)
    assert loader.Programs.found({"PATH": str(tmp_path)}) == loader.Programs(soffice=str(soffice))
    assert loader.Programs.found({"PATH": "", "JIXIAO_SOFFICE": str(soffice)}).soffice == str(soffice)
    assert loader.Programs.found({"PATH": str(tmp_path), "JIXIAO_SOFFICE": "/nowhere"}) == loader.Programs()


# --- what cannot be opened ------------------------------------------------------------------------------


def test_encrypted_documents_are_named() -> None:
    """By the flag of a Word file, and by what holds newer ones under a password or a rights manager."""
    flagged = b"\xec\xa5\xc1\x00" + b"\0" * 7 + b"\x01"
    for data in (
        compound("WordDocument", content=flagged),
        compound("EncryptionInfo", "EncryptedPackage"),
        compound("WordDocument", "\x09DRMContent"),
    ):
        with pytest.raises(loader.EncryptedDocument, match="protected by a password"):
            read(data)


def test_a_workbook_that_embeds_an_encrypted_file_is_a_workbook() -> None:
    """The names in its root tell, not the bytes of what it embeds."""
    assert kind_of(compound("Workbook", content="EncryptedPackage".encode("utf-16-le"))) is Kind.XLS


def test_slides_are_named() -> None:
    """The program that wrote them is another."""
    with pytest.raises(loader.UnknownFormat, match="slides"):
        read(compound("PowerPoint Document"))


def test_a_damaged_word_file_is_named_with_what_to_do() -> None:
    """It may be of Word 6 or 95, which only LibreOffice knows."""
    with pytest.raises(loader.DamagedDocument, match=r"older than Word 97 .* or install LibreOffice"):
        read(compound("WordDocument", "1Table", content=b"\xdc\xa5\x65\x00"))


def test_an_rtf_document_that_is_cut_off_is_not_half_read(rich: bytes, programs: loader.Programs) -> None:
    """LibreOffice would show what is there."""
    with pytest.raises(loader.DamagedDocument, match="cut off"):
        read(rich[: len(rich) // 2], programs)


def test_changed_word_files_never_crash_the_reader(old: bytes) -> None:
    """Bytes flipped, cut and doubled: each is read, or refused with a message."""
    chance = random.Random(7)
    for _ in range(25):
        data = bytearray(old)
        for _ in range(chance.randrange(1, 9)):
            data[chance.randrange(512, len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        with contextlib.suppress(loader.UnreadableDocument):
            read(bytes(data))


def _pretended(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_a_libreoffice_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """Its child too; and nothing of it stays in the folder for temporary files."""
    child = tmp_path / "child"
    soffice = _pretended(tmp_path, f"sleep 300 & echo $! > {child}\nwait")
    begun = time.monotonic()
    with pytest.raises(loader.UnsafeDocument, match="more than 1 s"):
        libreoffice.as_word(soffice, b"{\\rtf1}", "rtf", seconds=1)
    assert time.monotonic() - begun < 200  # its child would sleep for 300 s
    _wait_until_gone(int(child.read_text()))


def _wait_until_gone(process: int) -> None:
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.05)
    raise AssertionError(f"process {process} is still there")


def test_a_libreoffice_that_makes_nothing_says_so(tmp_path: Path) -> None:
    """It ends with 0 when it cannot open a file."""
    with pytest.raises(loader.DamagedDocument, match="LibreOffice cannot open the file"):
        read(b"{\\rtf1}", loader.Programs(soffice=_pretended(tmp_path, "exit 0")))


# --- no network -----------------------------------------------------------------------------------------


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server, and the paths that somebody asked it for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_OPTIONS = do_HEAD = do_PROPFIND = do_GET  # noqa: N815 - so they are called

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - so it is called
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
        server.shutdown()


def test_links_of_a_document_are_not_followed(
    asked: tuple[str, list[str]], programs: loader.Programs
) -> None:
    """Nobody hears that a document is read: as LibreOffice is by itself it would ask for the picture of a page."""
    address, paths = asked
    page = f'<html><body><p>text</p><img src="{address}/picture.png" width="100" height="100"></body></html>'
    made = libreoffice.as_word(str(programs.soffice), page.encode(), "html")
    assert [line.text for line in read(made).lines] == ["text"]
    assert paths == []
