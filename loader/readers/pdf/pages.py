"""The border to pdfium: from bytes to pages of glyphs and outlines. No other module knows pdfium.

pdfium keeps state for the whole process and is not safe for threads, so one lock stands around all use of it:
documents read in threads come one after the other, documents read in processes side by side. Objects of pdfium
are closed under the lock too, never by the garbage collector of some other thread.

What pdfium itself needs for one page cannot be bounded from here (a page can be packed 1,000 to 1); that is the
business of the process that reads: see the limits on workers.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ...errors import DamagedDocument, EncryptedDocument, UnsafeDocument
from . import limits
from .characters import UNKNOWN, readable
from .frames import Frame, Matrix, Point, Rectangle, turn_of
from .page import Glyph, Outline, Page, Source

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_PDFIUM: Final = threading.Lock()
_FORM_DEPTH: Final = 8
"""Drawings within drawings (form XObjects). Office programs write two levels."""
_CLIPS: Final = 8
"""Clips within clips that are looked at; a cell of a printed sheet has one."""
_FAR: Final = 100_000.0
"""Points: the largest page of the standard has 14,400 (ISO 32000-1, annex C.2); damaged files have infinities."""
_ATTACHMENTS: Final = 1_000
_DYNAMIC: Final = (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)
_WRITTEN_ON: Final = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP)
"""Annotations that print something: fields of a form, text and stamps that somebody put on a page."""
_CLIP_CORNERS: Final = 64
"""Corners of a clip that is looked at; a rectangle has 5."""


class Opened(NamedTuple):
    """An open PDF: its pages, one after the other, and what it holds beside them."""

    pages: Iterator[Page]
    attachments: tuple[str, ...]
    """Names of the files that are attached."""
    dynamic: bool
    """Whether a program makes its real pages when it is shown (an XFA form)."""


@contextmanager
def opened(data: bytes) -> Iterator[Opened]:
    """Give the pages of a PDF file; they are read while the context is open.

    Raises `DamagedDocument`, `EncryptedDocument`, or `UnsafeDocument` where the file is larger than the limits.
    """
    with _PDFIUM:
        document = _open(data)
        pages = _pages(document)
        try:
            yield Opened(pages, tuple(_attachments(document)), document.get_formtype() in _DYNAMIC)
        finally:
            pages.close()
            document.close()


def _open(data: bytes) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error) from error
    if len(document) > limits.PAGES:
        count = len(document)
        document.close()
        raise UnsafeDocument(
            f"the PDF has {count:,} pages, more than the {limits.PAGES:,} that are read at most: "
            "split it into its documents"
        )
    return document


def _attachments(document: Any) -> Iterator[str]:
    for index in range(min(document.count_attachments(), _ATTACHMENTS)):
        try:
            yield document.get_attachment(index).get_name()
        except pypdfium2.PdfiumError:  # it has no name, or is damaged
            yield str(index + 1)


def _refusal(error: pypdfium2.PdfiumError) -> DamagedDocument | EncryptedDocument:
    if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return EncryptedDocument("the PDF is protected by a password: save it without one")
    return DamagedDocument(
        f"the PDF is cut off or damaged ({error}): download it again, or print it to a new PDF"
    )


def _pages(document: Any) -> Generator[Page, None, None]:
    budget = _Budget()
    for index in range(len(document)):
        budget.open_page()
        try:
            page = _with_annotations(document, index)
        except pypdfium2.PdfiumError as error:
            raise DamagedDocument(
                f"page {index + 1} of the PDF is damaged: download it again, or print it to a new PDF"
            ) from error
        try:
            yield _Reading(page.raw, index + 1, page.get_bbox(), budget).page()
        finally:
            page.close()


def _with_annotations(document: Any, index: int) -> Any:
    """Return a page with what is written in its form fields and put on it, as it is shown."""
    page = document[index]
    if not any(map(_is_written_on, _annotations(page.raw))):
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]


def _annotations(page: Any) -> Iterator[int]:
    """Yield the subtypes of the annotations of a page."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        try:
            yield pdfium.FPDFAnnot_GetSubtype(annotation)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _is_written_on(subtype: int) -> bool:
    return subtype in _WRITTEN_ON


@dataclass(slots=True)
class _Budget:
    """What may still be read: of the whole document, and of one page of it."""

    characters: int = limits.CHARACTERS
    objects: int = limits.OBJECTS
    page_objects: int = 0

    def open_page(self) -> None:
        """Begin a page."""
        self.page_objects = 0

    def take_characters(self, page: int, count: int) -> None:
        """Count the characters of a page; raise `UnsafeDocument` where there are too many."""
        self.characters -= count
        if count > limits.PAGE_CHARACTERS:
            raise UnsafeDocument(_too_much(page, f"{limits.PAGE_CHARACTERS:,} characters"))
        if self.characters < 0:
            raise UnsafeDocument(_too_long(f"{limits.CHARACTERS:,} characters"))

    def take_objects(self, page: int, count: int) -> None:
        """Count drawn objects or corners; raise `UnsafeDocument` where there are too many."""
        self.objects -= count
        self.page_objects += count
        if self.page_objects > limits.PAGE_OBJECTS:
            raise UnsafeDocument(_too_much(page, f"{limits.PAGE_OBJECTS:,} drawn objects"))
        if self.objects < 0:
            raise UnsafeDocument(_too_long(f"{limits.OBJECTS:,} drawn objects"))


def _too_much(page: int, most: str) -> str:
    return f"page {page} of the PDF has more than {most}: no published disclosure has, so it is not read"


def _too_long(most: str) -> str:
    return f"the PDF has more than {most}, which are read at most: split it into its documents"


@dataclass(slots=True)
class _Raw:
    """A glyph in the coordinates of the file."""

    text: str
    place: Rectangle
    source: int
    apart: bool


@dataclass(slots=True)
class _Reading:
    """One page while it is read. `shown` is the part of the paper that the page shows."""

    raw: Any
    number: int
    shown: Rectangle
    budget: _Budget
    turns: dict[int, int | None] = field(default_factory=dict)
    clips: dict[int, Rectangle] = field(default_factory=dict)
    paths: list[tuple[Any, Matrix]] = field(default_factory=list)
    pictures: list[Matrix] = field(default_factory=list)
    nameless: set[int] = field(default_factory=set)
    unknown: int = 0

    def page(self) -> Page:
        """Return what the page prints."""
        self._walk(pdfium.FPDFPage_GetObject, pdfium.FPDFPage_CountObjects, self.raw, Matrix(), depth=0)
        raws = self._glyphs()
        frame = self._frame(raws)
        paper = frame.box(*self.shown)
        sources = {source: self._source(source, frame) for source in self.turns}
        glyphs = (Glyph(raw.text, frame.box(*raw.place), sources[raw.source], raw.apart) for raw in raws)
        return Page(
            self.number,
            paper.width,
            paper.height,
            tuple(glyph for glyph in glyphs if paper.holds(*glyph.box.middle)),
            tuple(self._outlines(frame)),
            self.unknown,
            tuple(frame.box(*_unit_square(picture)) for picture in self.pictures),
        )

    def _frame(self, raws: list[_Raw]) -> Frame:
        """Return the frame in which most text is upright; the file's own page rotation says no more."""
        votes = [0, 0, 0, 0]
        for raw in raws:
            turn = self.turns[raw.source]
            if turn is not None:
                votes[turn] += 1
        quarters = votes.index(max(votes))
        box = Frame(quarters, 0.0, 0.0).box(*self.shown)
        return Frame(quarters, box.left, box.top)

    def _source(self, key: int, frame: Frame) -> Source:
        turn = self.turns[key]
        clip = self.clips.get(key)
        return Source(
            turn=None if turn is None else (turn - frame.quarters) % 4,
            clip=None if clip is None else frame.box(*clip),
        )

    # --- text ---------------------------------------------------------------------------------------------

    def _glyphs(self) -> list[_Raw]:
        text = pdfium.FPDFText_LoadPage(self.raw)
        if not text:
            return []
        try:
            count = pdfium.FPDFText_CountChars(text)
            self.budget.take_characters(self.number, max(count, 0))
            return list(self._raw_glyphs(text, count))
        finally:
            pdfium.FPDFText_ClosePage(text)

    def _raw_glyphs(self, text: Any, count: int) -> Iterator[_Raw]:
        box = pdfium.FS_RECTF()
        apart = False
        for index in range(count):
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            place = box.left, box.bottom, box.right, box.top
            if place[0] == place[2]:  # blanks and line ends that pdfium makes up have no width
                apart = True
                continue
            source = self._source_of(text, index)
            named = source not in self.nameless
            character = readable(pdfium.FPDFText_GetUnicode(text, index)) if named else UNKNOWN
            self.unknown += character == UNKNOWN
            if character:
                yield _Raw(character, place, source, apart)
                apart = False

    def _source_of(self, text: Any, index: int) -> int:
        source = pdfium.FPDFText_GetTextObject(text, index)
        key = ctypes.addressof(source.contents) if source else 0
        if key not in self.turns:
            self.turns[key] = turn_of(pdfium.FPDFText_GetCharAngle(text, index))
            if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
                self.nameless.add(key)
        return key

    # --- what is drawn ------------------------------------------------------------------------------------

    def _walk(self, get: Any, count: Any, parent: Any, matrix: Matrix, *, depth: int) -> None:
        total = max(count(parent), 0)
        self.budget.take_objects(self.number, total)
        for index in range(total):
            self._see(get(parent, index), matrix, depth=depth)

    def _see(self, thing: Any, matrix: Matrix, *, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            clip = _clip(thing, matrix)
            if clip is not None:
                self.clips[ctypes.addressof(thing.contents)] = clip
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self.paths.append((thing, matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self.pictures.append(_matrix(thing).then(matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
            inner = _matrix(thing).then(matrix)
            self._walk(
                pdfium.FPDFFormObj_GetObject, pdfium.FPDFFormObj_CountObjects, thing, inner, depth=depth + 1
            )

    def _outlines(self, frame: Frame) -> Iterator[Outline]:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        for path, matrix in self.paths:
            count = pdfium.FPDFPath_CountSegments(path)
            self.budget.take_objects(self.number, max(count, 0))
            pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
            if not (fill.value or stroke.value) or count > limits.PATH_CORNERS:
                continue
            whole = _matrix(path).then(matrix)
            pieces = _pieces(pdfium.FPDFPath_GetPathSegment, path, count)
            corners = (tuple(frame.point(*whole.on(*point)) for point in piece) for piece in pieces)
            yield Outline(tuple(piece for piece in corners if _is_near(piece)), bool(stroke.value))


def _is_near(piece: tuple[Point, ...]) -> bool:
    """Return whether a piece of a path has a length, and stands where a page can be."""
    return len(piece) > 1 and all(abs(x) < _FAR and abs(y) < _FAR for x, y in piece)


def _matrix(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return Matrix()
    return Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _unit_square(matrix: Matrix) -> Rectangle:
    """Return where a picture stands: every picture is a unit square in its own coordinates (ISO 32000-1, 8.9.3)."""
    corners = [matrix.on(x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _pieces(get: Any, path: Any, count: int) -> Iterator[list[Point]]:
    """Yield the straight pieces of a path, closed ones with the first corner again at the end."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start: Point = (0.0, 0.0)
    piece: list[Point] = []
    for index in range(count):
        segment = get(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            piece.append(point)
        else:  # a new beginning, or a curve: no border of a table is curved
            yield piece
            piece = [point]
            start = point if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO else start
        if pdfium.FPDFPathSegment_GetClose(segment):
            piece.append(start)
    yield piece


def _clip(thing: Any, matrix: Matrix) -> Rectangle | None:
    """Return the rectangle a text shows in, None where it is not clipped or nothing of it would show."""
    clip = pdfium.FPDFPageObj_GetClipPath(thing)
    paths = min(pdfium.FPDFClipPath_CountPaths(clip), _CLIPS)  # -1: no clip
    found = [corners for index in range(paths) if (corners := _clip_corners(clip, index, matrix))]
    if not found:
        return None
    left, bottom = (max(min(corner[axis] for corner in corners) for corners in found) for axis in (0, 1))
    right, top = (min(max(corner[axis] for corner in corners) for corners in found) for axis in (0, 1))
    return (left, bottom, right, top) if left < right and bottom < top else None


def _clip_corners(clip: Any, index: int, matrix: Matrix) -> list[Point]:
    count = pdfium.FPDFClipPath_CountPathSegments(clip, index)
    if count > _CLIP_CORNERS:
        return []
    pieces = _pieces(
        lambda path, segment: pdfium.FPDFClipPath_GetPathSegment(path, index, segment), clip, count
    )
    return [matrix.on(*point) for piece in pieces for point in piece]
