"""Workbooks (Office Open XML): cells as displayed, straight from the XML of the sheets, read as a stream.

A million empty rows take seconds and no memory: what has no text is counted and dropped (`sheets` says how tables
come out of the rest). Numbers are shown by their formats, with the stored number as `raw`; a formula shows the value
that was saved with it, and nothing where none was.
"""

from __future__ import annotations

import math
import posixpath
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DamagedDocument
from ..model import Place
from . import limits, unread
from .kinds import Kind
from .markup import attribute, local_name, stream
from .number_formats import BUILT_IN, GENERAL, displayed, displayed_text, plain
from .package import Package
from .sheets import EMPTY, Area, RowTaken, Sheet, Written, column_of, letters, tell
from .story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from ..model import Document, Wording

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ADDRESS = re.compile(r"^([A-Za-z]{1,4})(\d{1,9})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_NUMBER = 9


def read(data: bytes) -> Document:
    """Return the tables and lines of the visible sheets, each cell with its sheet and address."""
    package = Package(data)
    relations = _relations(package)
    workbook = _workbook(package, relations)
    story = Story()
    if workbook.hidden:
        story.unread(unread.hidden_sheets(workbook.hidden))
    for name, part in workbook.sheets:
        reading = _Reading(Sheet(name), workbook)
        tell(reading.read(package, part), story)
        for said in reading.unread():
            story.unread(said, Place(sheet=name))
    return story.document(Kind.XLSX.value, EMPTY)


class _Style(NamedTuple):
    """How a cell is shown: its number format, and whether a line is drawn left or right of it."""

    code: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What the sheets share; `sheets` are the visible ones with their parts, `hidden` the names of the others."""

    sheets: Sequence[tuple[str, str]]
    hidden: Sequence[str]
    texts: Sequence[str]
    styles: Sequence[_Style]
    date1904: bool


class _Relation(NamedTuple):
    """What a relation of the workbook is for (`worksheet`, `styles`), and the part that it names."""

    purpose: str
    part: str


def _relations(package: Package) -> Mapping[str, _Relation]:
    found: dict[str, _Relation] = {}
    for element in stream(package.chunks(_RELATIONS), _RELATIONS, "Relationship"):
        target = element.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        purpose = element.get("Type", "").rpartition("/")[2]
        found[element.get("Id", "")] = _Relation(purpose, part)
    return found


def _workbook(package: Package, relations: Mapping[str, _Relation]) -> _Workbook:
    sheets: list[tuple[str, str]] = []
    hidden: list[str] = []
    date1904 = False
    for element in stream(package.chunks(_WORKBOOK), _WORKBOOK, "sheet", "workbookPr"):
        if local_name(element) == "workbookPr":
            date1904 = _is_true(element.get("date1904"))
            continue
        relation = relations.get(attribute(element, "id") or "", _Relation("", ""))
        if relation.purpose != "worksheet":
            continue  # charts show what sheets say, macros nothing
        if element.get("state", "visible") == "visible":
            sheets.append((element.get("name", ""), relation.part))
        else:
            hidden.append(element.get("name", ""))
    parts = {relation.purpose: relation.part for relation in relations.values()}
    return _Workbook(
        sheets=sheets,
        hidden=hidden,
        texts=[_rich_text(element) for element in _elements(package, parts.get("sharedStrings"), "si")],
        styles=_styles(package, parts.get("styles")),
        date1904=date1904,
    )


def _elements(package: Package, part: str | None, *names: str) -> Iterator[Element]:
    """Yield the elements of a part that a workbook may have; none where it has no such part."""
    if part is not None and part in package:
        yield from stream(package.chunks(part), part, *names)


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _rich_text(element: Element) -> str:
    """Return the text of a string with or without runs; phonetic runs (`rPh`) say how to read it aloud."""
    parts: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [item.text or "" for item in child if local_name(item) == "t"]
    return _plain_text("".join(parts))


def _plain_text(text: str) -> str:
    r"""Return a text without the escapes of characters that XML cannot hold, its lines ended by `\n`."""
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _character(escape: re.Match[str]) -> str:
    """Return the character of an escape; half of a pair is none."""
    number = int(escape[1], 16)
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)


def _styles(package: Package, part: str | None) -> Sequence[_Style]:
    """Return the style of each index that cells use; a workbook without styles shows all as General."""
    codes: dict[int, str] = dict(BUILT_IN)
    ruled: list[bool] = []
    styles: list[_Style] = []
    for element in _elements(package, part, "numFmt", "border", "xf"):
        name = local_name(element)
        if name == "numFmt":
            codes[_number(element, "numFmtId")] = element.get("formatCode", GENERAL)
        elif name == "border" and _is_in(element, "borders"):
            ruled.append(any(_draws(side) for side in element))
        elif _is_in(element, "cellXfs"):
            border = _number(element, "borderId")
            code = codes.get(_number(element, "numFmtId"), GENERAL)
            styles.append(_Style(code, border < len(ruled) and ruled[border]))
    return styles or [_Style(GENERAL, ruled=False)]


def _is_in(element: Element, name: str) -> bool:
    parent = element.getparent()
    return parent is not None and local_name(parent) == name


def _draws(side: Element) -> bool:
    upright = local_name(side) in ("left", "right", "start", "end")
    return upright and side.get("style", "none") != "none"


def _number(element: Element, name: str) -> int:
    """Return a count that an attribute states; 0 where it states none."""
    value = element.get(name, "")
    return int(value) if value.isdecimal() and len(value) <= _LONGEST_NUMBER else 0


# --- a sheet --------------------------------------------------------------------------------------------


class _Reading:
    """One sheet while its part is read."""

    def __init__(self, sheet: Sheet, workbook: _Workbook) -> None:
        self._sheet = sheet
        self._workbook = workbook
        self._row = 0
        self._unsaved: list[str] = []
        self._objects: dict[str, str] = {}
        self._drawn = False

    def unread(self) -> Iterator[Wording]:
        """Yield what there is to say of what was seen and not read."""
        if self._drawn and not self._sheet.rows:
            yield unread.pictured_sheet()
        if self._unsaved:
            yield unread.formulas_without_values(self._unsaved)
        if self._objects:
            yield unread.embedded_objects(list(self._objects.values()))

    def read(self, package: Package, part: str) -> Sheet:
        chunks = package.chunks(part, most=limits.SHEET_BYTES)
        for element in stream(chunks, part, "row", "mergeCell", "drawing", "oleObject"):
            name = local_name(element)
            if name == "row":
                self._take_row(element)
            elif name == "mergeCell":
                self._sheet.merge(_area(element.get("ref", "")))
            elif name == "drawing":
                self._drawn = True
            else:  # stands twice, for old and for new programs
                self._objects[element.get("shapeId", "")] = element.get("progId", "?")
        return self._sheet

    def _take_row(self, row: Element) -> None:
        """Take a row; one that does not state its number, or a cell its address, goes on from the last."""
        self._row = _number(row, "r") or self._row + 1
        if not len(row):
            return
        taken = RowTaken()
        column = 0
        styles = self._workbook.styles
        for cell in row:
            address = cell.get("r")
            column = _column(address) if address else column + 1
            style = styles[min(_number(cell, "s"), len(styles) - 1)]
            shown = self._shown(cell, style) if len(cell) else _NOTHING
            if shown is _NOTHING and len(self._unsaved) < limits.CELLS and _is_unsaved(cell):
                self._unsaved.append(f"{letters(column)}{self._row}")
            taken.take(Written(column, *shown), ruled=style.ruled)
        self._sheet.take(self._row, taken)

    def _shown(self, cell: Element, style: _Style) -> _Shown:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            text = "".join(_rich_text(child) for child in cell if local_name(child) == "is")
            return _Shown(displayed_text(text, style.code))
        value = next((child.text or "" for child in cell if local_name(child) == "v"), "").strip()
        if not value:
            return _NOTHING
        if kind == "s":
            return _Shown(displayed_text(self._shared(value), style.code))
        if kind == "str":
            return _Shown(displayed_text(_plain_text(value), style.code))
        if kind == "b":
            return _Shown("TRUE" if _is_true(value) else "FALSE")
        if kind == "e":
            return _Shown(value)
        return self._shown_number(value, style)

    def _shared(self, index: str) -> str:
        texts = self._workbook.texts
        if not index.isdecimal() or len(index) > _LONGEST_NUMBER or int(index) >= len(texts):
            raise DamagedDocument(
                f"row {self._row} of sheet {self._sheet.name} shows text number {index[:20]}, "
                f"and the workbook has {len(texts)}: open the file and save it again"
            )
        return texts[int(index)]

    def _shown_number(self, value: str, style: _Style) -> _Shown:
        number = _stored_number(value)
        if number is None:
            return _Shown(value)
        return _Shown(displayed(number, style.code, date1904=self._workbook.date1904), plain(number))


class _Shown(NamedTuple):
    """What a cell shows, and the number behind it."""

    text: str
    raw: str | None = None


_NOTHING = _Shown("")


def _stored_number(value: str) -> float | None:
    """Return the number of a cell, that of an ISO date too; None where the value is no number."""
    try:
        number = float(value)
    except ValueError:
        return _serial(value)
    return number if math.isfinite(number) else None


def _serial(value: str) -> float | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    since = moment.replace(tzinfo=None) - datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zones
    return since.days + since.seconds / 86_400


def _is_unsaved(cell: Element) -> bool:
    """Return whether a cell without a value has a formula; one whose result is an empty text says so."""
    return cell.get("t") != "str" and any(local_name(child) == "f" for child in cell)


def _column(address: str) -> int:
    return column_of(address.rstrip("0123456789"))


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    corners = [_ADDRESS.match(corner) for corner in (first, last or first)]
    rows = sorted(int(corner[2]) for corner in corners if corner)
    columns = sorted(column_of(corner[1]) for corner in corners if corner)
    if len(rows) < 2:
        raise DamagedDocument(f"the merged area {reference[:40]} has no corners: save the file again")
    return Area(rows[0], columns[0], rows[1], columns[1])
