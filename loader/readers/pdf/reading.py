"""From the pages of a PDF to a `Document`: tables over pages joined, lines between them as paragraphs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ...errors import EmptyDocument, ScannedDocument, UnsafeDocument
from ...model import Cell, Document, Line, Place, Table
from ..kinds import Kind
from ..limits import CELLS
from .blocks import STAMP, sheet
from .geometry import BORDER, scale
from .page_ends import floor_of
from .parts import Part
from .running import without_running_lines
from .stitching import Growing
from .unread import beside, unread
from .wraps import Measure, margin, measure, paragraphs, strung, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .parts import Sheet
    from .writing import TextLine

_FULL: Final = 0.6
"""Share of the page's text width from which a line of prose may end for want of room; a shorter one is a title."""
_TITLE_LINES: Final = 3
"""Lines between the top of a page and a table that begins there: then what is repeated on top may be its title."""
_APART: Final = 1.5
"""Heights of a line between two paragraphs; the lines of one have less (up to double spacing) between them."""
_OTHER_SIZE: Final = 1.15
"""Ratio of the sizes of a title and of text: a step of the usual sizes (12 and 14 pt)."""


def read(data: bytes) -> Document:
    """Return the tables of a PDF with their merged cells, and the paragraphs between them.

    Raises `DamagedDocument`, `EncryptedDocument`, `UnsafeDocument`, `EmptyDocument`, and `ScannedDocument` where
    the pages are pictures.
    """
    from .pages import opened

    with opened(data) as found:
        sheets = list(_bounded(sheet(page) for page in found.pages))
    _refuse_unwritten(sheets)
    document = _Story(without_running_lines(sheets)).document()
    if not (document.tables or document.lines):
        raise EmptyDocument(f"the pages of the PDF ({len(sheets)}) are empty: download it again")
    return replace(document, notes=(*beside(found.attachments, dynamic=found.dynamic), *unread(sheets)))


def _bounded(sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """Yield the pages while they are taken apart; raise `UnsafeDocument` where their cells are too many."""
    cells = 0
    for one in sheets:
        cells += sum(len(item.fields) for item in one.items if isinstance(item, Part))
        if cells > CELLS:
            raise UnsafeDocument(
                f"up to page {one.page} the PDF has more than {CELLS:,} cells: split it into its documents"
            )
        yield one


def _refuse_unwritten(sheets: Sequence[Sheet]) -> None:
    characters = sum(one.characters for one in sheets)
    unknown = sum(one.unknown for one in sheets)
    if 2 * unknown > characters:
        raise ScannedDocument(
            f"the fonts of the PDF do not say which characters they print ({unknown:,} of "
            f"{characters:,} are unknown): run text recognition (OCR) over it first"
        )
    if all(_is_picture(one) for one in sheets) and any(one.pictures or one.outlines for one in sheets):
        raise ScannedDocument(
            f"the PDF is scanned: its pages ({len(sheets)}) are pictures without text; "
            "run text recognition (OCR) over it first"
        )


def _is_picture(one: Sheet) -> bool:
    """Return whether a page prints nothing but pictures, and what the scanner writes beside them."""
    return not one.characters or (one.pictures > 0 and one.characters < STAMP)


class _Story:
    """What has been told of the pages so far: tables, and the lines since the last of them."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._floors = _floors(sheets)
        self._measures = _measures(sheets)
        self._whole = _whole_texts(sheets)
        self._tables: list[tuple[Growing, tuple[Line, ...]]] = []
        self._lines: list[TextLine] = []
        self._feet: list[TextLine] = []
        self._marks: dict[str, Line] = {}
        self._marks_told = 0
        for one in sheets:
            self._tell(one)

    def document(self) -> Document:
        """Return what was told."""
        tables = (
            _table(number, grown, before) for number, (grown, before) in enumerate(self._tables, start=1)
        )
        return Document(Kind.PDF.value, tuple(tables), self._told())

    def _tell(self, one: Sheet) -> None:
        for mark in one.aslant:
            self._marks.setdefault(mark, Line(mark, Place(page=one.page)))
        items = one.items
        if items and isinstance(items[0], Part) and self._goes_on(items[0], one):
            self._tables[-1][0].add(items[0], self._whole)
            items = items[1:]
        elif any(isinstance(item, Part) for item in items[: _TITLE_LINES + 1]):
            items = (*one.head, *items)
        for item in items:
            if isinstance(item, Part):
                self._tables.append((Growing(item), self._told()))
            else:
                self._lines += [*self._feet, item]
                self._feet.clear()
        self._feet += one.foot

    def _goes_on(self, part: Part, one: Sheet) -> bool:
        if self._lines or not self._tables:
            return False
        return self._tables[-1][0].goes_on(part, self._floors[_size(one)])

    def _told(self) -> tuple[Line, ...]:
        """Return the lines since the last table, as paragraphs, and forget them."""
        marks = list(self._marks.values())[self._marks_told :]
        self._marks_told = len(self._marks)
        lines = tuple(_prose([*self._lines, *self._feet], self._measures))
        self._lines.clear()
        self._feet.clear()
        return (*marks, *lines)


# --- pages of one size ----------------------------------------------------------------------------------


def _size(one: Sheet) -> tuple[int, int]:
    return round(one.width), round(one.height)


def _floors(sheets: Iterable[Sheet]) -> dict[tuple[int, int], float]:
    """Return for each size of page down to where such pages are filled."""
    floors: dict[tuple[int, int], float] = {}
    for one in sheets:
        bottoms = [item.box.bottom for item in one.items]
        floors[_size(one)] = floor_of(one.height, [floors.get(_size(one), 0.0), *bottoms])
    return floors


def _measures(sheets: Iterable[Sheet]) -> dict[int, Measure]:
    """Return for each page from where to where the lines of pages of its size run; tables may be wider."""
    lefts: dict[tuple[int, int], float] = {}
    rights: dict[tuple[int, int], float] = {}
    for one in sheets:
        size = _size(one)
        for item in one.items:
            if isinstance(item, Part):
                rights[size] = max(rights.get(size, 0.0), item.box.right)
            elif not item.turn:
                lefts[size] = min(lefts.get(size, one.width), item.box.left)
                rights[size] = max(rights.get(size, 0.0), item.firm)
    return {one.page: Measure(lefts.get(_size(one), 0.0), rights.get(_size(one), 0.0)) for one in sheets}


def _whole_texts(sheets: Iterable[Sheet]) -> frozenset[str]:
    """Return the texts of all cells that no page end can have cut: those inside their part of a table."""
    parts = (item for one in sheets for item in one.items if isinstance(item, Part))
    return frozenset(
        one.plain for part in parts for one in part.fields if one.row > 0 and one.end < part.rows
    )


# --- lines ----------------------------------------------------------------------------------------------


def _prose(lines: Sequence[TextLine], measures: Mapping[int, Measure]) -> Iterator[Line]:
    """Yield the paragraphs of lines outside tables, each with the page it begins on."""
    for group in _groups(lines, measures):
        for paragraph in paragraphs(group, measures[group[0].page]):
            for told in _texts(strung(paragraph)):
                yield Line(told, Place(page=paragraph[0].page))


def _texts(told: str) -> list[str]:
    r"""Return a line as the two texts it is where one stands on its left and one on its right end.

    >>> _texts("203001某某委员会本级\t单位：万元"), _texts("二、分项绩效目标\t12")
    (['203001某某委员会本级', '单位：万元'], ['二、分项绩效目标\t12'])
    """
    texts = told.split("\t")
    return texts if len(texts) == 2 and not texts[1].isdecimal() else [told]


def _groups(lines: Sequence[TextLine], measures: Mapping[int, Measure]) -> Iterator[list[TextLine]]:
    """Yield lines of one size and distance, of which each but the last is long enough to have been wrapped."""
    group: list[TextLine] = []
    for line in lines:
        if group and _stands_alone(group[-1], line, measures[group[-1].page]):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _stands_alone(line: TextLine, after: TextLine, page: Measure) -> bool:
    height = max(line.box.height, after.box.height)
    return (
        line.box.width < _FULL * (page.right - page.left)
        or max(line.em, after.em) > _OTHER_SIZE * min(line.em, after.em)
        or (line.page == after.page and after.box.top - line.box.bottom > _APART * height)
    )


# --- tables ---------------------------------------------------------------------------------------------


def _table(number: int, grown: Growing, before: tuple[Line, ...]) -> Table:
    """Return a table whose parts are all together, with columns counted over all its pages."""
    edges = (edge for one in grown.fields for edge in (one.box.left, one.box.right))
    columns = scale(edges, BORDER)
    inset = margin(grown.fields)
    cells = [
        Cell(
            one.row + 1,
            columns.nearest(one.box.left) + 1,
            text(one.lines, measure(one, inset)),
            one.rowspan,
            columns.nearest(one.box.right) - columns.nearest(one.box.left),
            Place(page=one.page),
        )
        for one in grown.fields
    ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Table(number, grown.rows, len(columns) - 1, tuple(cells), before, page=grown.opening.page)
