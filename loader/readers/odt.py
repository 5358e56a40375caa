"""OpenDocument texts (.odt): the tables with their merged cells, and the lines between them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ..errors import DamagedDocument, UnsafeDocument
from ..model import Bookmark, Cell
from . import limits, unread
from .kinds import Kind
from .markup import attribute, local_name, parsed
from .odf import CELLS, CONTENT, STYLES, centimetres, count, embedded, opened, paragraph, paragraphs, text_of
from .story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from ..model import Document, Wording
    from .package import Package

_EMPTY: Final = "the text document has no text: check that it is the file you mean"
_INSIDE: Final = frozenset(
    {"list", "list-item", "list-header", "section", "index-body", "table-of-content", "index-title"}
)
_ROW_GROUPS: Final = frozenset({"table-header-rows", "table-rows", "table-row-group"})
_BOOKMARKS: Final = frozenset({"bookmark", "bookmark-start"})


def read(data: bytes) -> Document:
    """Return the tables and lines of a text document."""
    package = opened(data)
    text = _text(package.part(CONTENT))
    story = Story()
    if objects := embedded(package):
        story.unread(unread.embedded_objects(objects))
    for said in _pictures(text):
        story.unread(said)
    _tell(text, story, depth=0)
    _tell_margins(package, text, story)
    bookmarks = (attribute(element, "name") or "" for element in text.iter() if _is_bookmark(element))
    return replace(story.document(Kind.ODT.value, _EMPTY), bookmarks=tuple(map(Bookmark, bookmarks)))


def _tell_margins(package: Package, text: Element, story: Story) -> None:
    """Tell page headers, page footers and footnotes; where they are broken, the document is read without them."""
    try:
        styles = [parsed(package.part(STYLES), STYLES)] if STYLES in package else []
    except DamagedDocument:
        story.unread(unread.margins())
        styles = []
    pages = (part for root in styles for page in root.iter("{*}master-page") for part in page)
    for margin in (*pages, *text.iter("{*}note-body")):
        shown = () if attribute(margin, "display") == "false" else paragraphs(margin)
        for each in shown:
            story.tell_around(paragraph(each))


def _text(xml: bytes) -> Element:
    for element in parsed(xml, CONTENT).iter():
        parent = element.getparent()
        if parent is not None and local_name(element) == "text" and local_name(parent) == "body":
            return element
    raise DamagedDocument("the text document has no body: open it and save it again")


def _pictures(text: Element) -> Iterator[Wording]:
    """Yield what there is to say of each picture that is large enough to show a table."""
    for element in text.iter():
        frame = element.getparent()
        if local_name(element) == "image" and frame is not None:
            width, height = (centimetres(attribute(frame, name) or "") for name in ("width", "height"))
            if unread.is_large(width, height) and not _shows_object(frame):
                yield unread.picture(width, height, "cm")


def _shows_object(frame: Element) -> bool:
    """Return whether a picture only stands for an embedded object."""
    return any(local_name(child) in ("object", "object-ole") for child in frame)


def _is_bookmark(element: Element) -> bool:
    return local_name(element) in _BOOKMARKS


def _tell(parent: Element, story: Story, *, depth: int) -> None:
    for child in parent:
        name = local_name(child)
        if name in ("p", "h"):
            story.tell(paragraph(child))
        elif name == "table":
            _tell_table(child, story, depth=depth + 1)
        elif name in _INSIDE:
            _tell(child, story, depth=depth)


# --- tables -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plane:
    """A table while its rows are taken."""

    cells: list[Cell] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


def _tell_table(table: Element, story: Story, *, depth: int) -> None:
    if depth > limits.TABLE_DEPTH:
        raise UnsafeDocument(
            f"tables stand inside tables more than {limits.TABLE_DEPTH} deep: it is not read"
        )
    rows = list(_rows(table))
    if any(local_name(child) == "table" for row in rows for cell in row for child in cell):
        for row in rows:
            for cell in row:
                _tell(cell, story, depth=depth)
        return
    plane = _Plane()
    for row in rows:
        for _ in range(count(row, "number-rows-repeated", limits.CELLS + 1)):
            _take_row(row, plane, story)
    if plane.cells:
        cells = [replace(cell, rowspan=min(cell.rowspan, plane.rows - cell.row + 1)) for cell in plane.cells]
        story.close_table(plane.rows, plane.columns, cells)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = local_name(child)
        if name == "table-row":
            yield child
        elif name in _ROW_GROUPS:
            yield from _rows(child)


def _take_row(row: Element, plane: _Plane, story: Story) -> None:
    plane.rows += 1
    column = 1
    for cell in row:
        if local_name(cell) not in CELLS:
            continue
        for _ in range(count(cell, "number-columns-repeated", limits.COLUMNS + 1)):
            if column > limits.COLUMNS:
                raise UnsafeDocument(f"a table has more than {limits.COLUMNS} columns: it is not read")
            _take_cell(cell, column, plane, story)
            column += 1
    plane.columns = max(plane.columns, column - 1)


def _take_cell(cell: Element, column: int, plane: _Plane, story: Story) -> None:
    story.make_room(1)
    if local_name(cell) == "covered-table-cell":
        return
    width = count(cell, "number-columns-spanned", limits.COLUMNS - column + 1)
    height = count(cell, "number-rows-spanned", limits.CELLS)
    plane.cells.append(Cell(plane.rows, column, text_of(cell), rowspan=height, colspan=width))
