"""Nothing vanishes: what a file holds and no reader can read is a note with its place, in report and graph."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
import xlwt
from docx import Document as WordDocument
from docx.shared import Cm
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

import loader
from loader.load_report_json import as_json
from loader.load_report_text import as_text
from loader.model import NoteKind, Place
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from loader.model import Note

_FONT = "STSong-Light"
_WIDTH, _HEIGHT = 595.0, 842.0


def _notes(data: bytes) -> list[Note]:
    return list(read(data).notes)


def _zh(note: Note) -> str:
    assert note.told is not None
    assert note.told.en
    return note.told.zh


def _picture(width: int = 60, height: int = 80) -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(picture, "PNG")
    picture.seek(0)
    return picture


# --- PDF ------------------------------------------------------------------------------------------------


def _pdf(*pages: Callable[[Canvas], object]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT))
    for draw in pages:
        canvas.setFont(_FONT, 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _text(canvas: Canvas) -> None:
    for line in range(20):
        canvas.drawString(60, 780 - 20 * line, f"第{line}行：部门预算绩效目标的说明文字")


def _scan(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(_picture()), 0, 0, _WIDTH, _HEIGHT)


def _stamped_scan(canvas: Canvas) -> None:
    _scan(canvas)
    canvas.drawString(280, 20, "— 3 —")


def _recognised_scan(canvas: Canvas) -> None:
    _scan(canvas)
    _text(canvas)


def _strips(canvas: Canvas) -> None:
    for strip in range(20):
        canvas.drawImage(ImageReader(_picture()), 0, strip * _HEIGHT / 20, _WIDTH, _HEIGHT / 20)


def _with_picture(canvas: Canvas) -> None:
    _text(canvas)
    canvas.drawImage(ImageReader(_picture()), 60, 60, 475, 300)


def _with_seal(canvas: Canvas) -> None:
    _text(canvas)
    canvas.drawImage(ImageReader(_picture()), 400, 60, 115, 115)


def _with_curves(canvas: Canvas) -> None:
    for x in range(60, 500, 4):
        canvas.line(x, 400, x + 2, 420)


class Pages(NamedTuple):
    """Pages of a PDF, and the pages of its notes with the words they begin with."""

    name: str
    draw: tuple[Callable[[Canvas], object], ...]
    notes: tuple[tuple[int, str], ...]


_PAGES = (
    Pages("text alone", (_text, _text), ()),
    Pages("a scanned page in the middle", (_text, _scan, _text), ((2, "第2页是图片，没有文字层"),)),
    Pages(
        "a run of scanned pages is one note",
        (_text, _scan, _stamped_scan, _strips, _text, _scan),
        ((2, "第2–4页是图片，没有文字层"), (6, "第6页是图片，没有文字层")),
    ),
    Pages("a scan whose text was recognised", (_text, _recognised_scan), ()),
    Pages("a large picture between text", (_with_picture,), ((1, "第1页有图片，图片中的内容未读取"),)),
    Pages("a seal", (_with_seal,), ()),
    Pages("text drawn as curves", (_text, _with_curves), ((2, "第2页的文字是图形"),)),
)


@pytest.mark.parametrize("pages", _PAGES, ids=[pages.name for pages in _PAGES])
def test_pages_of_a_pdf_that_are_pictures_are_named(pages: Pages) -> None:
    """Wherever they stand between pages with text; those whose text can be read are not."""
    notes = _notes(_pdf(*pages.draw))
    assert [note.place.page for note in notes] == [page for page, _ in pages.notes]
    assert all(_zh(note).startswith(words) for note, (_, words) in zip(notes, pages.notes, strict=True))
    assert {note.kind for note in notes} <= {NoteKind.UNREAD_CONTENT}


def test_all_kinds_of_pages_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(_PAGES) == 7


def test_what_is_filled_into_a_pdf_form_is_read() -> None:
    """The fields of a form are shown, so they are text; the frame of one is that of a table."""

    def form(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Name:")
        canvas.acroForm.textfield(name="a", value="95 percent", x=120, y=690, width=200, height=20)

    document = read(_pdf(form))
    assert [line.text for line in document.lines] == ["Name:"]
    assert [[cell.text for cell in table.cells] for table in document.tables] == [["95 percent"]]


def test_files_attached_to_a_pdf_are_named() -> None:
    """A portfolio shows a cover, and the disclosure is an attachment."""
    import pypdfium2

    document = pypdfium2.PdfDocument(_pdf(_text))
    document.new_attachment("绩效目标.xlsx").set_data(b"PK")
    out = io.BytesIO()
    document.save(out)
    document.close()
    (note,) = _notes(out.getvalue())
    assert _zh(note) == "附有1个文件，未读取：绩效目标.xlsx"


# --- Word -----------------------------------------------------------------------------------------------

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _word(content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        body = f"<w:body><w:p><w:r><w:t>说明</w:t></w:r></w:p>{content}</w:body>"
        names = (
            f'xmlns:w="{_WORD}" xmlns:v="urn:v" xmlns:o="urn:o" '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        )
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", f"<w:document {names}>{body}</w:document>")
    return packed.getvalue()


@pytest.mark.parametrize(("width", "height", "count"), [(15, 9, 1), (3, 3, 0), (15, 2, 0)])
def test_a_large_picture_in_a_word_file_is_named(width: int, height: int, count: int) -> None:
    """It may show a table; a seal and a line across the page do not."""
    document, out = WordDocument(), io.BytesIO()
    document.add_paragraph("绩效目标表见下图")
    document.add_picture(_picture(), Cm(width), Cm(height))
    document.save(out)
    notes = _notes(out.getvalue())
    assert [_zh(note) for note in notes] == ["图片（15 × 9 cm）中的内容未读取"] * count


def test_a_word_file_of_one_picture_says_so() -> None:
    """A scanned page that somebody put into Word."""
    document, out = WordDocument(), io.BytesIO()
    document.add_picture(_picture(), Cm(15), Cm(21))
    document.save(out)
    with pytest.raises(
        loader.EmptyDocument, match=r"no text: .*; what a picture .* \(图片（15 × 21 cm）中的内容未读取\)"
    ):
        read(out.getvalue())


_SHAPE = '<v:shape style="width:400pt;height:300pt"><v:imagedata/></v:shape>'
_PARTS = {
    "an embedded workbook": (
        f'<w:p><w:r><w:object>{_SHAPE}<o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r></w:p>',
        ["嵌入的对象未读取：Excel.Sheet.12"],
    ),
    "a file in place of text": (
        "<w:altChunk/>",
        ["嵌入的对象未读取：altChunk"],
    ),
    "a picture of an old program": (
        f"<w:p><w:r><w:pict>{_SHAPE}</w:pict></w:r></w:p>",
        ["图片（14 × 11 cm）中的内容未读取"],
    ),
    "the same once more for old programs": (
        f"<w:p><mc:AlternateContent><mc:Choice/><mc:Fallback>{_SHAPE}</mc:Fallback></mc:AlternateContent></w:p>",
        [],
    ),
    "a mathematical formula": (
        '<w:p><w:r><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r></w:p>',
        [],
    ),
}


@pytest.mark.parametrize("name", _PARTS)
def test_what_a_word_file_embeds_is_named(name: str) -> None:
    """Objects and files, each once."""
    content, said = _PARTS[name]
    assert [_zh(note) for note in _notes(_word(content))] == said


def test_text_boxes_are_read_line_by_line_with_their_tables() -> None:
    """What Word shows in a box beside the text is text; what it keeps for old programs is not."""
    cell = "<w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>"
    box = (
        "<w:txbxContent><w:p><w:r><w:t>第一行</w:t></w:r></w:p><w:p><w:r><w:t>第二行</w:t></w:r></w:p>"
        f"<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl></w:txbxContent>"
    )
    document = read(
        _word(
            f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
    )
    assert [line.text for line in document.lines] == ["说明", "正文", "第一行", "第二行"]
    assert [[cell.text for cell in table.cells] for table in document.tables] == [["甲", "甲"]]


def test_signs_of_symbol_fonts_are_read() -> None:
    """Old programs write ≥ and ticks by font and code; an unknown sign is not left out."""
    signs = (("Symbol", "F0B3"), ("Wingdings 2", "0052"), ("Webdings", "F061"))
    runs = "".join(f'<w:sym w:font="{font}" w:char="{code}"/>' for font, code in signs)
    lines = read(_word(f"<w:p><w:r>{runs}<w:t>95%</w:t></w:r></w:p>")).lines
    assert lines[1].text == "≥☑\ufffd95%"


# --- workbooks ------------------------------------------------------------------------------------------


def _workbook(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "绩效"
    book.active["A1"] = "项目名称"
    change(book)
    book.save(out)
    return out.getvalue()


def _hide(book: openpyxl.Workbook) -> None:
    for name, state in (("代码", "hidden"), ("清单", "veryHidden")):
        book.create_sheet(name).sheet_state = state


def _calculate(book: openpyxl.Workbook) -> None:
    book["绩效"]["B7"] = "=SUM(A2:A3)"
    book["绩效"]["AA8"] = "=B7"


def _draw(book: openpyxl.Workbook) -> None:
    book.create_sheet("扫描件").add_image(SheetImage(_picture()), "A1")


_WORKBOOKS = {
    "hidden sheets": (_hide, "隐藏的工作表未读取：代码、清单", Place()),
    "formulas without values": (_calculate, "2个公式没有保存结果，读作空白：B7、AA8", Place(sheet="绩效")),
    "a sheet with a picture alone": (_draw, "工作表只有图片或图形，未读取", Place(sheet="扫描件")),
}


@pytest.mark.parametrize("name", _WORKBOOKS)
def test_what_a_workbook_holds_and_does_not_show_is_named(name: str) -> None:
    """With the sheet it stands on."""
    change, said, place = _WORKBOOKS[name]
    assert [(_zh(note), note.place) for note in _notes(_workbook(change))] == [(said, place)]


def test_hidden_sheets_of_old_workbooks_are_named() -> None:
    """As in new ones."""
    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("绩效").write(0, 0, "项目名称")
    book.add_sheet("代码").visibility = 1
    book.save(out)
    assert [_zh(note) for note in _notes(out.getvalue())] == ["隐藏的工作表未读取：代码"]


_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
    )
)
_HIDDEN_STYLE = (
    '<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles>"
)


def _open_document(kind: str, body: str, manifest: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        container.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        container.writestr("META-INF/manifest.xml", f"<manifest:manifest>{manifest}</manifest:manifest>")
        container.writestr(
            "content.xml",
            f"<office:document-content {_ODF}>{_HIDDEN_STYLE}<office:body>{body}</office:body>"
            "</office:document-content>",
        )
    return packed.getvalue()


def test_open_document_sheets_tell_what_they_hide() -> None:
    """A hidden sheet, and a formula that nobody calculated."""
    cells = '<table:table-cell><text:p>项目</text:p></table:table-cell><table:table-cell table:formula="of:=1+1"/>'
    row = f"<table:table-row>{cells}</table:table-row>"
    body = (
        f'<office:spreadsheet><table:table table:name="绩效">{row}</table:table>'
        f'<table:table table:name="代码" table:style-name="h">{row}</table:table></office:spreadsheet>'
    )
    assert [(_zh(note), note.place.sheet) for note in _notes(_open_document("spreadsheet", body))] == [
        ("1个公式没有保存结果，读作空白：B1", "绩效"),
        ("隐藏的工作表未读取：代码", None),
    ]


def test_open_document_texts_tell_what_they_embed() -> None:
    """Large pictures and files; charts show what the document says itself."""
    body = (
        "<office:text><text:p>说明</text:p><text:p>"
        '<draw:frame svg:width="15.2cm" svg:height="4in"><draw:image/></draw:frame>'
        '<draw:frame svg:width="15cm" svg:height="10cm"><draw:object/><draw:image/></draw:frame>'
        '<draw:frame svg:width="2cm" svg:height="2cm"><draw:image/></draw:frame></text:p></office:text>'
    )
    manifest = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (
            ("/", "application/vnd.oasis.opendocument.text"),
            ("Object 1/", "application/vnd.oasis.opendocument.spreadsheet"),
            ("Object 2/", "application/vnd.oasis.opendocument.chart"),
        )
    )
    assert [_zh(note) for note in _notes(_open_document("text", body, manifest))] == [
        "嵌入的对象未读取：application/vnd.oasis.opendocument.spreadsheet",
        "图片（15 × 10 cm）中的内容未读取",
    ]


# --- bytes that are no characters -----------------------------------------------------------------------

_PROSE = "项目名称\t道路养护经费\n预算数\t120.50\n" * 40


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_text_with_a_damaged_character_is_read_and_says_so(encoding: str) -> None:
    """One broken byte is no reason to refuse a table, and none to be silent; the line of the first is told."""
    whole = _PROSE.encode(encoding)
    at = len((_PROSE[:20]).encode(encoding))
    damaged = whole[:-1] if encoding == "utf-16" else whole[:at] + b"\xff" + whole[at + 1 :]
    document = read(damaged)
    (note,) = document.notes
    assert (note.kind, note.place.line) == (NoteKind.UNREAD_CONTENT, 80 if encoding == "utf-16" else 2)
    assert "道路养护经费" in "".join(line.text for line in document.lines) + "".join(
        cell.text for table in document.tables for cell in table.cells
    )


def test_damaged_utf_8_is_never_taken_for_gb_18030() -> None:
    """Its bytes are GB 18030 too, of quite another text."""
    damaged = _PROSE.encode().replace("养".encode(), b"\xe5\x85", 1)
    assert "道路" in str(read(damaged))


def test_a_wrongly_declared_page_says_in_which_encoding_it_was_read() -> None:
    """The declared one and the one that fits are both told."""
    page = (
        '<html><head><meta charset="{}"></head><body><table><tr><td>项目名称</td></tr></table></body></html>'
    )
    cases = (
        ("gb2312", "gb18030", []),
        ("gb2312", "utf-8", ["gb2312", "utf-8"]),
        ("utf-8", "gb18030", ["utf-8", "gb18030"]),
        ("iso-8859-1", "gb18030", ["iso-8859-1", "gb18030"]),
        ("UTF8", "utf-8", []),
        ("no-such-charset", "utf-8", ["no-such-charset", "utf-8"]),
    )
    for declared, real, told in cases:
        document = read(page.format(declared).encode(real))
        assert document.tables[0].cells[0].text == "项目名称"
        assert [(note.kind, all(name in _zh(note) for name in told)) for note in document.notes] == [
            (NoteKind.ENCODING, True)
        ] * bool(told)


def test_documents_and_large_pictures_that_a_page_shows_from_elsewhere_are_named() -> None:
    """A page that shows the table as a PDF in a frame, or as a scanned picture; banners are not told."""
    page = (
        "<html><body><p>绩效目标</p><iframe src='/upload/mb.pdf?x=1'></iframe><img src=a.png width=800 height=90>"
        "<img src=b.png style='width: 600px; height:850.5px'><div hidden><img width=900 height=900>"
    )
    assert [_zh(note) for note in _notes(page.encode())] == [
        "嵌入的对象未读取：mb.pdf",
        "图片（600 × 850 px）中的内容未读取",
    ]


# --- how it is told -------------------------------------------------------------------------------------


def test_the_report_and_the_graph_tell_the_place() -> None:
    """Text for a person, JSON for a program, and a note in the graph with its page."""
    conversion = loader.convert(_pdf(_text, _scan))
    assert "第2页：第2页是图片，没有文字层，未读取" in as_text(conversion.report)
    assert "page 2: page 2 cannot be read: a picture" in as_text(conversion.report, "en")
    assert conversion.report.unread == 1
    notes = as_json(conversion.report)["notes"]
    assert [(note["kind"], note["place"]) for note in notes] == [("unread-content", {"page": 2})]
    quads = conversion.nquads.decode()
    assert '/note/1> <https://w3id.org/jixiao/def/pageNumber> "2"' in quads
    assert "code/note-kind/unread-content>" in quads
