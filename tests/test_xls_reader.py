"""Old workbooks become the same tables as new ones."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from written_tables import as_old_workbook, as_workbook, joined

import loader
from loader.readers.compound import Compound
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _saved(book: xlwt.Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _one_cell(value: object, code: str = "General") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表1")
    sheet.write(2, 1, value, xlwt.easyxf(num_format_str=code))
    sheet.write(2, 2, "末")
    return _saved(book)


@pytest.mark.parametrize(
    ("value", "code", "text", "raw"),
    [
        ("≥95%", "General", "≥95%", None),
        ("一\n二 ", "General", "一\n二", None),
        ("250", '@"万元"', "250万元", None),
        (35, "General", "35", "35"),
        (207.45379999999997, "General", "207.4538", "207.4538"),
        (0.973, "0.00%", "97.30%", "0.973"),
        (44561, "yyyy-mm-dd", "2021-12-31", "44561"),
        (44561, "#,##0", "44,561", "44561"),
        (8827620.529999999, "#,##0.00", "8,827,620.53", "8827620.53"),
        (True, "General", "TRUE", None),
    ],
)
def test_a_cell_reads_as_it_is_displayed(value: object, code: str, text: str, raw: str | None) -> None:
    """Texts, numbers by their formats with the stored one beside them, booleans."""
    (table,) = read(_one_cell(value, code)).tables
    (found, _) = table.cells
    assert (found.text, found.raw) == (text, raw)
    assert (found.place.sheet, found.place.address) == ("表1", "B3")


def test_an_error_reads_as_it_is_displayed() -> None:
    """What a formula could not compute is said as the sheet says it."""
    book = xlwt.Workbook()
    row = book.add_sheet("表1").row(0)
    row.set_cell_error(0, "#DIV/0!")
    row.set_cell_text(1, "末")
    assert [cell.text for cell in read(_saved(book)).tables[0].cells] == ["#DIV/0!", "末"]


def test_hidden_sheets_are_not_read() -> None:
    """Hidden sheets hold the lists behind drop-down fields."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, visibility in (("表1", 0), ("表2", 1), ("表3", 2)):
        sheet = book.add_sheet(name)
        sheet.visibility = visibility
        sheet.write(0, 0, name)
        sheet.write(0, 1, "甲")
    assert [table.sheet for table in read(_saved(book)).tables] == ["表1"]


@pytest.mark.parametrize("in_one_sheet", [True, False])
def test_the_seed_as_an_old_workbook_gives_what_a_new_one_gives(seed: Path, in_one_sheet: bool) -> None:
    """Cells, spans, addresses and lines of the 19 forms are the same from both."""
    tables = read((seed / "seed.docx").read_bytes()).tables
    forms = [joined(*pair) for pair in zip(tables[::2], tables[1::2], strict=True)]
    sheets = [forms] if in_one_sheet else [[form] for form in forms]
    old, new = read(as_old_workbook(sheets)), read(as_workbook(sheets))
    assert len(old.tables) == 19
    assert old.tables == new.tables
    assert old.after == new.after


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not there to save workbooks as .xls"
)
def test_the_real_workbooks_saved_as_old_ones_give_the_same_tables(shared: Path, tmp_path: Path) -> None:
    """LibreOffice writes the old format of each; number formats, merges and borders survive."""
    paths = sorted((shared / "disclosures" / "real").glob("*/*.xlsx"))
    assert len(paths) == 7
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", tmp_path, *paths],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for path in paths:
        old, new = read((tmp_path / f"{path.stem}.xls").read_bytes()), read(path.read_bytes())
        assert old.tables == new.tables, path.name
        assert old.after == new.after


# --- containers, passwords, damage ------------------------------------------------------------------------


def _records() -> bytes:
    with Compound(_one_cell("甲")) as compound:
        return compound.stream("Workbook")


_BEGIN = 20  # bytes of the first record
_PASSWORD = b"\x2f\x00\x06\x00" + bytes(6)


def test_records_without_their_container_are_a_workbook() -> None:
    """Some programs write the bare stream."""
    assert kind_of(_records()) is Kind.XLS
    assert [cell.text for cell in read(_records()).tables[0].cells] == ["甲", "末"]


_BAD: tuple[tuple[str, Callable[[], bytes], type[Exception], str], ...] = (
    ("a password", lambda: _records()[:_BEGIN] + _PASSWORD + _records()[_BEGIN:], loader.EncryptedDocument,
     "password"),
    ("cut off in the container", lambda: _one_cell("甲")[:3000], loader.DamagedDocument, "cut off"),
    ("cut off in the records", lambda: _records()[:700], loader.DamagedDocument, "cut off"),
    ("no text", lambda: _saved_blank(), loader.EmptyDocument, "no visible sheet"),
    ("an old text of Word", lambda: _one_cell("甲").replace(_name("Workbook"), _name("WordDocu")),
     loader.UnreadableDocument, ""),
)  # fmt: skip


def _saved_blank() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("表1")
    return _saved(book)


def _name(text: str) -> bytes:
    return text.encode("utf-16-le")


@pytest.mark.parametrize(("name", "make", "error", "says"), _BAD, ids=[bad[0] for bad in _BAD])
def test_a_bad_old_workbook_is_refused_with_a_message_that_says_why(
    name: str, make: Callable[[], bytes], error: type[Exception], says: str
) -> None:
    """Each gives its own error."""
    with pytest.raises(error) as refused:
        read(make())
    assert says in str(refused.value)


def test_all_bad_old_workbooks_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(_BAD) == 5


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_an_old_workbook_that_was_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """Random bytes in container or records never make the reader fail in another way, nor go in circles."""
    content = bytearray(data.draw(st.sampled_from([_one_cell("甲"), _records()])))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(loader.UnreadableDocument):
        assert read(bytes(content)).media_type
