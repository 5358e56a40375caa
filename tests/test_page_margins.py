"""What pages print around their tables: unit of money and year in headers, footers and footnotes hold for all."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from docx import Document as WordDocument
from docx.enum.section import WD_SECTION

import loader
from loader.model import NoteKind

if TYPE_CHECKING:
    from decimal import Decimal

    from docx.section import Section

    from loader.model import Disclosure

_FORM = (
    ("项目名称", "路灯维护"),
    ("预算数", "12"),
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "维护路灯", "≥300盏"),
)
_OTHER = (("项目名称", "绿化养护"), *_FORM[1:])


def _word(*forms: tuple[tuple[str, ...], ...], header: str = "", footer: str = "") -> bytes:
    document, out = WordDocument(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    for rows in forms:
        document.add_paragraph("项目支出绩效目标表")
        table = document.add_table(len(rows), 4)
        for number, row in enumerate(rows):
            for cell, text in zip(table.rows[number].cells, row, strict=False):
                cell.text = text
    document.save(out)
    return out.getvalue()


def _read(data: bytes) -> Disclosure:
    return loader.convert(data).disclosure


def _budgets(disclosure: Disclosure) -> list[Decimal | None]:
    return [one.budget.yuan if one.budget else None for one in disclosure.declarations]


class Margins(NamedTuple):
    header: str
    footer: str
    yuan: int | None
    year: int | None


@pytest.mark.parametrize(
    "told",
    [
        Margins("金额单位：万元", "", 120_000, None),
        Margins("", "单位：万元", 120_000, None),
        Margins("2025年度", "金额单位：元", 12, 2025),
        Margins("某某局2025年部门预算", "", None, 2025),
        Margins("发布日期：2025年3月1日", "", None, None),
        Margins("", "", None, None),
    ],
)
def test_headers_and_footers_of_word_hold_for_every_form(told: Margins) -> None:
    """The unit of money and the year of a page header or footer are those of all forms."""
    disclosure = _read(_word(_FORM, _OTHER, header=told.header, footer=told.footer))
    assert _budgets(disclosure) == [told.yuan] * 2
    assert [one.year for one in disclosure.declarations] == [told.year] * 2


def test_what_stands_nearer_holds_against_the_header_of_the_page() -> None:
    """A form that states its own unit of money is read in that one."""
    rows = (*_FORM[:1], ("预算数（元）", "12"), *_FORM[2:])
    assert _budgets(_read(_word(rows, header="金额单位：万元"))) == [12]


def test_labels_in_a_page_header_that_are_not_read_are_told() -> None:
    """A project code in a page header is text that is not read; it says where it stands."""
    notes = _read(_word(_FORM, header="项目编码：1300001  单位：万元")).notes
    told = [note for note in notes if note.kind is NoteKind.UNREAD_TEXT]
    assert [note.text for note in told] == ["项目编码：1300001  单位：万元"]
    assert told[0].told is not None
    assert "页眉" in told[0].told.zh


def _with_first_page_header(*, shown: bool) -> bytes:
    document, out = WordDocument(io.BytesIO(_word(_FORM))), io.BytesIO()
    section: Section = document.sections[0]
    section.first_page_header.paragraphs[0].text = "金额单位：万元"
    section.different_first_page_header_footer = shown
    document.add_section(WD_SECTION.NEW_PAGE)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("shown", "yuan"), [(True, 120_000), (False, None)])
def test_a_header_that_no_page_shows_is_not_read(shown: bool, yuan: int | None) -> None:
    """The header of first pages is kept in the file where no page shows it."""
    assert _budgets(_read(_with_first_page_header(shown=shown))) == [yuan]


def _changed(data: bytes, **parts: bytes) -> bytes:
    """Return a container with some parts replaced, named by what they end with before their suffix."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.pop(stem, old.read(name)))
        for stem, content in parts.items():
            new.writestr(f"word/{stem}.xml", content)
    return out.getvalue()


def test_a_footnote_names_the_unit_of_money() -> None:
    """A footnote is text around the tables."""
    footnotes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">'
        "<w:p><w:r><w:t>金额单位：万元</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    assert _budgets(_read(_changed(_word(_FORM), footnotes=footnotes.encode()))) == [120_000]


def test_a_broken_header_costs_no_document() -> None:
    """The tables are read, and a note tells of the header."""
    disclosure = _read(_changed(_word(_FORM, header="金额单位：万元"), header1=b"<w:hdr"))
    assert [one.name.text for one in disclosure.declarations if one.name] == ["路灯维护"]
    (note,) = (note for note in disclosure.notes if note.kind is NoteKind.UNREAD_CONTENT)
    assert note.told is not None
    assert "页眉" in note.told.zh


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style")
)


def _open_text(header: str, *, display: str = "true") -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in row)
        + "</table:table-row>"
        for row in _FORM
    )
    body = f"<text:p>项目支出绩效目标表</text:p><table:table>{rows}</table:table>"
    content = (
        f"<office:document-content {_SPACES}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    styles = (
        f"<office:document-styles {_SPACES}><office:master-styles><style:master-page><style:header "
        f'style:display="{display}"><text:p>{header}</text:p></style:header></style:master-page>'
        "</office:master-styles></office:document-styles>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("styles.xml", styles)
    return out.getvalue()


@pytest.mark.parametrize(("display", "yuan"), [("true", 120_000), ("false", None)])
def test_page_headers_of_open_document_texts_are_read_where_they_are_shown(
    display: str, yuan: int | None
) -> None:
    """The unit of money of a page header is that of the forms, as in Word."""
    assert _budgets(_read(_open_text("金额单位：万元", display=display))) == [yuan]
