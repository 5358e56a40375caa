"""Web pages, and files named .xls or .doc that are such pages: tables with merged cells, and the text between them.

The parser is libxml2's for HTML, which closes what real pages leave open (`<td>` without `</td>`); its events are
read as they come, so no tree is built. What follows from HTML itself, as browsers show it:

- a row or cell that begins ends the one before; a table that begins between the rows of another ends that one;
- a table that holds another in a cell arranges a page: its text becomes lines, and the inner tables stand alone;
  but where it prints the labels of a form it is one, and the inner tables follow it;
- blanks run together, `<br>` and paragraphs begin new lines, `&nbsp;` is a blank that stays;
- scripts, styles and what is hidden (`display:none`, `hidden`, options that are not chosen) are not text;
- navigation and footers are lines like others: what a line means is not the reader's business;
- spans are cut at the end of their row group (`rowspan`) and of the table's room (`colspan="1000"` is an old trick);
- the number that Excel and LibreOffice write beside a displayed one (`x:num`, `sdval`) is the cell's raw value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from ..errors import UnsafeDocument
from ..model import Cell
from . import limits, unread
from .encodings import decode_page
from .kinds import Kind
from .nesting import is_form
from .story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import ParserTarget

    from ..model import Document

EMPTY: Final = (
    "the page shows no text: where a script fills it in, save it from the browser when its table is there"
)
_UNSEEN: Final = frozenset(
    {
        "script",
        "style",
        "title",
        "template",
        "noscript",
        "noframes",
        "iframe",
        "object",
        "audio",
        "video",
        "svg",
    }
)
_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "ul",
    }
)  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
_GROUPS: Final = frozenset({"thead", "tbody", "tfoot"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]"
_BROKEN_LINE = re.compile(rf"(?<={_WIDE})[ \t]*\r?\n[ \t]*(?={_WIDE})")
"""A line end of the source between two Chinese characters, which is no blank (CSS Text 3, 4.1.3)."""
_FOREIGN: Final = frozenset({"img", "iframe", "embed", "object"})
"""Elements that show another file."""
_DOCUMENT: Final = re.compile(r"[^/?=]+\.(?:pdf|ofd|docx?|xlsx?|wps|et|rtf)(?=$|[?#&])", re.IGNORECASE)
_LARGE_PICTURE: Final = 300
"""Pixels in width and height from which a picture may show a table; banners are lower."""
_TYPED: Final = frozenset({"", "text", "number", "date"})


def read(data: bytes) -> Document:
    """Return the tables of a web page and the lines between them."""
    story = Story()
    tell(data, None, story)
    return story.document(Kind.HTML.value, EMPTY)


def tell(data: bytes, charset: str | None, story: Story) -> None:
    """Tell what a page shows; `charset` is what somebody declared about it, else the page itself is asked."""
    declared = _DECLARED.search(data[: limits.MIB])
    named = charset or (declared[1].decode("ascii") if declared else None)
    decoded = decode_page(data, named)
    story.notes.extend(decoded.notes(named))
    page = _Page(story)
    parser = etree.HTMLParser(
        target=cast("ParserTarget", page), encoding="utf-8", no_network=True, huge_tree=True
    )
    etree.fromstring(decoded.text.replace("\0", "").encode("utf-8", "replace") or b" ", parser)


@dataclass(slots=True)
class _Words:
    """Text as a browser sets it: runs of blanks are one, and a block begins a line."""

    pieces: list[str] = field(default_factory=list)
    blank: bool = False
    begun: bool = False

    def add(self, text: str) -> None:
        """Add text; blanks at its ends stand only between words."""
        words = _BLANKS.sub(" ", _BROKEN_LINE.sub("", text))
        bare = words.strip(" ")
        if not bare:
            self.blank = self.blank or bool(words)
            return
        if self.begun and (self.blank or words.startswith(" ")):
            self.pieces.append(" ")
        self.pieces.append(bare)
        self.begun, self.blank = True, words.endswith(" ")

    def add_as_typed(self, text: str) -> None:
        """Add text whose blanks and line ends are meant (`<pre>`)."""
        self.pieces.append(text)
        self.begun, self.blank = True, False

    def end_line(self) -> None:
        """Begin a new line, as `<br>` does."""
        self.pieces.append("\n")
        self.begun = self.blank = False

    def end_block(self) -> None:
        """Begin a new line where one has been begun, as paragraphs do."""
        if self.begun:
            self.end_line()

    def take(self) -> str:
        """Return the text so far, each line without blanks around it, and begin anew."""
        text = "".join(self.pieces).replace("\xa0", " ")
        self.pieces.clear()
        self.begun = self.blank = False
        return "\n".join(line.strip() for line in text.split("\n")).strip()


@dataclass(frozen=True, slots=True)
class _Written:
    """A cell as written; spans as stated."""

    text: str
    rowspan: int
    colspan: int
    raw: str | None


@dataclass(slots=True)
class _Open:
    """A table that has begun. `cell` are the attributes of the cell that is open in it."""

    rows: list[list[_Written]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    """Numbers of rows, from 0, with which a group of rows begins."""
    cell: Mapping[str, str] | None = None
    in_row: bool = False
    arranges: bool = False
    """Whether it only arranges other tables."""
    said: list[str] = field(default_factory=list)
    """What the open cell says before each table in it, where the table is a form."""
    inner: list[tuple[int, list[Cell]]] = field(default_factory=list)
    """Tables that stand in cells of a form, which they follow: their rows and their cells."""


class _Page:
    """Takes the events of the parser; what is finished goes into the story."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._words = _Words()
        self._open: list[_Open] = []
        self._hidden = 0
        self._typed = 0
        self._elements = 0

    # --- what the parser calls

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the begin of an element."""
        self._elements += 1
        if self._elements > limits.ELEMENTS:
            raise UnsafeDocument(f"the page has more than {limits.ELEMENTS:,} elements: it is not read")
        if self._hidden:
            self._hidden += 1
            return
        if tag in _FOREIGN:
            self._see(attributes)
        if _is_hidden(tag, attributes):
            self._hidden += 1
        else:
            self._begin(tag, attributes)

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            self._begin_table()
        elif tag in _CELLS:
            self._begin_cell(attributes)
        elif tag == "tr":
            self._begin_row()
        elif tag in _GROUPS:
            self._begin_group()
        elif tag == "br":
            self._words.end_line()
        elif tag == "input":
            self._words.add(attributes.get("value", ""))
        elif tag in _BLOCKS:
            self._turn_block(tag, 1)

    def _see(self, attributes: Mapping[str, str]) -> None:
        """Note a document or a large picture that the page shows from another file."""
        address = attributes.get("src") or attributes.get("data") or ""
        if (shown := _DOCUMENT.search(address)) is not None:
            self._story.unread(unread.embedded_objects([shown[0]]))
        width, height = (_pixels(attributes, name) for name in ("width", "height"))
        if min(width, height) >= _LARGE_PICTURE:
            self._story.unread(unread.picture(width, height, "px"))

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._hidden:
            self._hidden -= 1
        elif tag == "table":
            self._end_table()
        elif tag in _CELLS:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag in _BLOCKS:
            self._turn_block(tag, -1)

    def data(self, text: str) -> None:
        """Take text."""
        if self._hidden:
            return
        if self._typed:
            self._words.add_as_typed(text)
        else:
            self._words.add(text)

    def close(self) -> None:
        """Take the end of the page."""
        while self._open:
            self._end_table()
        self._tell_words()

    def _turn_block(self, tag: str, step: int) -> None:
        """Begin (`step` 1) or end (-1) a block."""
        self._words.end_block()
        if tag == "pre":
            self._typed += step

    # --- tables

    def _begin_table(self) -> None:
        if self._open and self._open[-1].cell is not None:
            self._hold(self._open[-1])
        elif self._open:
            self._finish(self._open[-1])
        self._tell_words()
        self._open.append(_Open())
        if len(self._open) > limits.TABLE_DEPTH:
            raise UnsafeDocument(
                f"tables stand inside tables more than {limits.TABLE_DEPTH} deep: it is not read"
            )

    def _hold(self, table: _Open) -> None:
        """Let a table hold another in its open cell: a form stays one, any other only arranges a page."""
        if not table.arranges and is_form(cell.text for row in table.rows for cell in row):
            table.said.append(self._words.take())
        else:
            self._arrange(table)

    def _arrange(self, table: _Open) -> None:
        """Make a table one that only arranges others: what its cells say becomes lines."""
        said = self._words.take()
        for cell in (cell for row in table.rows for cell in row):
            self._story.tell(cell.text)
        self._story.tell(said)
        table.rows.clear()
        table.groups.clear()
        table.arranges = True

    def _begin_group(self) -> None:
        if self._open:
            self._end_row()
            self._open[-1].groups.append(len(self._open[-1].rows))

    def _begin_row(self) -> None:
        self._end_row()
        if self._open:
            self._open[-1].rows.append([])
            self._open[-1].in_row = True

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._end_cell()
        if not self._open:
            return
        table = self._open[-1]
        if not table.in_row:
            self._begin_row()
        table.cell = dict(attributes)

    def _end_cell(self) -> None:
        table = self._open[-1] if self._open else None
        if table is None or table.cell is None or table.arranges:
            self._tell_words()
        else:
            rowspan, colspan = _count(table.cell, "rowspan"), _count(table.cell, "colspan")
            raw = table.cell.get("x:num") or table.cell.get("sdval") or None
            text = "\n".join(said for said in (*table.said, self._words.take()) if said)
            table.rows[-1].append(_Written(text, rowspan, colspan, raw))
            table.said.clear()
        if table is not None:
            table.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._open:
            self._open[-1].in_row = False

    def _end_table(self) -> None:
        self._end_row()
        if self._open:
            self._finish(self._open.pop())

    def _finish(self, table: _Open) -> None:
        cells = list(_lay_out(table))
        if cells and not table.arranges:
            self._story.make_room(sum(cell.rowspan * cell.colspan for cell in cells))
            self._close(len(table.rows), cells)
        for rows, held in table.inner:
            self._close(rows, held)
        table.inner.clear()
        table.rows.clear()
        table.groups.clear()
        table.in_row = False

    def _close(self, rows: int, cells: list[Cell]) -> None:
        """Add a table to the story, or to the form in whose cell it stands."""
        form = next((table for table in self._open if table.said), None)
        if form is not None:
            form.inner.append((rows, cells))
        else:
            columns = max(cell.column + cell.colspan - 1 for cell in cells)
            self._story.close_table(rows, columns, cells)

    def _tell_words(self) -> None:
        self._story.tell(self._words.take())


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag in _UNSEEN or "hidden" in attributes:
        return True
    if tag == "option":
        return "selected" not in attributes
    if tag == "input":
        return attributes.get("type", "").lower() not in _TYPED
    return bool(_HIDING.search(attributes.get("style", "")))


def _pixels(attributes: Mapping[str, str], name: str) -> int:
    """Return the width or height of a picture as its attributes or its style state it; 0 where they do not."""
    stated = attributes.get(name, "")
    styled = re.search(rf"(?<![\w-]){name}\s*:\s*(\d{{1,5}})(?:\.\d*)?px", attributes.get("style", ""))
    return int(styled[1]) if styled else int(stated) if stated.isascii() and stated.isdecimal() else 0


def _count(attributes: Mapping[str, str], name: str) -> int:
    """Return a span as stated; `rowspan="0"` goes to the end of the group, other nonsense is 1."""
    value = attributes.get(name, "").strip()
    if not value.isdecimal():
        return 1
    number = int(value[:9])
    return number or (limits.CELLS if name == "rowspan" else 1)


def _lay_out(table: _Open) -> Iterator[Cell]:
    """Yield the cells of a table with the columns that are free for them; spans never lie over each other."""
    covered: dict[int, int] = {}  # column → last row that a cell from above covers
    for row, cells in enumerate(table.rows, start=1):
        group_end = next((start for start in table.groups if start >= row), len(table.rows))
        column = 1
        for cell in cells:
            while covered.get(column, 0) >= row:
                column += 1
            if column > limits.COLUMNS:
                raise UnsafeDocument(f"a table has more than {limits.COLUMNS} columns: it is not read")
            rowspan = min(cell.rowspan, group_end - row + 1)
            width = min(cell.colspan, limits.COLUMNS - column + 1)
            colspan = next((at for at in range(1, width) if covered.get(column + at, 0) >= row), width)
            covered.update(dict.fromkeys(range(column, column + colspan), row + rowspan - 1))
            yield Cell(row, column, cell.text, rowspan, colspan, raw=cell.raw)
            column += colspan
