"""What persons say of how a document is to be read, applied to it before anything is recognised.

A correction names a place and says what is to be read there; what is printed there stays beside. Everything that
follows from the text follows from the reading. One that finds no place, or changes nothing, is told and not applied.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.places import Position

from .model import CorrectionMade, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .model import Cell, Correction, Document, Line, Place, Table


def correct(document: Document, corrections: Sequence[Correction]) -> Document:
    """Return a document with what persons say of it applied; `Document.corrections` tells of each of them."""
    if not corrections:
        return document
    made = tuple(_without_contradictions(_found(document, corrections)))
    applied = {one.position: one.correction.reading for one in made if one.problem is None}
    return replace(
        document,
        tables=tuple(_corrected_table(table, applied) for table in document.tables),
        after=tuple(_corrected_line(line, applied) for line in document.after),
        corrections=made,
    )


# --- the places that corrections name -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Printed:
    """A cell or line of the document: where it stands, and what it prints."""

    position: Position
    text: str


def _found(document: Document, corrections: Iterable[Correction]) -> Iterator[CorrectionMade]:
    """Yield for each correction the place that it names, or why there is none."""
    printed = list(_all_printed(document))
    for correction in corrections:
        precise = correction.position.names_a_cell
        fitting = [one for one in printed if precise and correction.position.fits(one.position)]
        if len(fitting) == 1:
            yield _made(correction, fitting[0], printed)
        else:
            problem = _several(fitting) if fitting else _nowhere(document, correction.position)
            yield CorrectionMade(correction, correction.position, correction.printed or "", problem)


def _all_printed(document: Document) -> Iterator[_Printed]:
    for table in document.tables:
        yield from (_Printed(_position_of_line(line), line.text) for line in table.before)
        yield from (_Printed(position_of_cell(table, cell), cell.text) for cell in table.cells)
    yield from (_Printed(_position_of_line(line), line.text) for line in document.after)


def position_of_cell(table: Table, cell: Cell) -> Position:
    """Return all that there is to say of where a cell stands."""
    return _position(cell.place, table=table.number, row=cell.row, column=cell.column)


def _position_of_line(line: Line) -> Position:
    return _position(line.place)


def _position(
    place: Place, *, table: int | None = None, row: int | None = None, column: int | None = None
) -> Position:
    return Position(place.sheet, place.address, place.page, table, row, column, place.line)


def _made(correction: Correction, found: _Printed, printed: Sequence[_Printed]) -> CorrectionMade:
    """Return a correction that found its place, with what speaks against applying it."""
    problem = None
    if correction.printed is not None and not _alike(correction.printed, found.text):
        problem = _prints_something_else(correction.printed, found.text, printed)
    elif correction.reading == found.text:
        problem = _CHANGES_NOTHING
    return CorrectionMade(correction, found.position, found.text, problem)


def _alike(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _without_contradictions(made: Iterable[CorrectionMade]) -> Iterator[CorrectionMade]:
    """Yield what became of corrections, of two about one place only one that says what the others say."""
    found = list(made)
    by_position: defaultdict[Position, list[CorrectionMade]] = defaultdict(list)
    for one in found:
        if one.problem is None:
            by_position[one.position].append(one)
    for one in found:
        others = by_position[one.position]
        contrary = [other for other in others if other.correction.reading != one.correction.reading]
        if one.problem is None and contrary:
            yield replace(one, problem=_contradicts(contrary[0].correction))
        elif one.problem is None and one is not others[0]:
            yield replace(one, problem=_REPEATED)
        else:
            yield one


# --- applying -----------------------------------------------------------------------------------------------


def _corrected_table(table: Table, readings: Mapping[Position, str]) -> Table:
    return replace(
        table,
        cells=tuple(_corrected_cell(table, cell, readings) for cell in table.cells),
        before=tuple(_corrected_line(line, readings) for line in table.before),
    )


def _corrected_cell(table: Table, cell: Cell, readings: Mapping[Position, str]) -> Cell:
    """Return a cell as it is to be read; its raw value is of what is displayed, and goes."""
    reading = readings.get(position_of_cell(table, cell))
    return cell if reading is None else replace(cell, text=reading, raw=None, original=cell.text)


def _corrected_line(line: Line, readings: Mapping[Position, str]) -> Line:
    reading = readings.get(_position_of_line(line))
    return line if reading is None else replace(line, text=reading, original=line.text)


# --- why one is not applied -----------------------------------------------------------------------------------

_CHANGES_NOTHING = Wording("这格印的就是这个文字，不必更正", "this is what the cell prints already")
_IMPRECISE = Wording(
    "没有说明是哪一格；请照抄读取报告里的位置，如“表2 第5行 第4列”",
    "it does not name one cell; copy the place from the load report, as “table 2 row 5 column 4”",
)


def _nowhere(document: Document, position: Position) -> Wording:
    """Return why no cell fits: the place is no cell, a merged cell covers it, or the document is shorter."""
    if not position.names_a_cell:
        return _IMPRECISE
    table = next((table for table in document.tables if table.number == position.table), None)
    covering = next((cell for cell in table.cells if _covers(cell, position)), None) if table else None
    if table is not None and covering is not None:
        begins = position_of_cell(table, covering)
        if (covering.row, covering.column) == (position.row, position.column):
            return _stands_elsewhere(begins)
        return Wording(
            f"这里没有单元格开始；覆盖它的合并单元格从{begins.told('zh')}开始",
            f"no cell begins there; the merged cell that covers it begins at {begins.told('en')}",
        )
    size = _size_of_table(table) if table is not None else _size_of_document(document)
    return Wording(
        f"文件中没有{position.told('zh')}（{size.zh}）；请照抄读取报告里的位置",
        f"the document has no {position.told('en')} ({size.en}); copy the place from the load report",
    )


def _size_of_table(table: Table) -> Wording:
    return Wording(
        f"表{table.number}有{table.rows}行{table.columns}列",
        f"table {table.number} has {table.rows} rows and {table.columns} columns",
    )


def _size_of_document(document: Document) -> Wording:
    count = len(document.tables)
    return Wording(f"共{count}张表", f"it has {count} {'table' if count == 1 else 'tables'}")


def _stands_elsewhere(position: Position) -> Wording:
    return Wording(
        f"这一格的位置是{position.told('zh')}，与所写的不全相符；请核对",
        f"that cell stands at {position.told('en')}, which is not all as written; check it",
    )


def _covers(cell: Cell, position: Position) -> bool:
    row, column = position.row or 0, position.column or 0
    return cell.row <= row < cell.row + cell.rowspan and cell.column <= column < cell.column + cell.colspan


def _several(fitting: Sequence[_Printed]) -> Wording:
    first, second = fitting[0].position, fitting[1].position
    return Wording(
        f"有{len(fitting)}处都是这个位置，如{first.told('zh')}和{second.told('zh')}；请写全",
        f"{len(fitting)} places fit, as {first.told('en')} and {second.told('en')}; write it in full",
    )


def _prints_something_else(expected: str, text: str, printed: Sequence[_Printed]) -> Wording:
    """Return that a cell prints another text than was expected, and where that stands, if in one place."""
    places = [one.position for one in printed if _alike(one.text, expected)]
    now = Wording("请核对位置", "check the place")
    if len(places) == 1:
        now = Wording(f"它现在在{places[0].told('zh')}", f"that stands at {places[0].told('en')} now")
    return Wording(
        f"这格现在印的是“{text}”，不是“{expected}”；{now.zh}",
        f"the cell prints “{text}” and not “{expected}”; {now.en}",
    )


def _contradicts(other: Correction) -> Wording:
    return Wording(
        f"{other.who}说同一格应读作“{other.reading}”，两处矛盾，都没有采用；请删去一处",
        f"{other.who} says that the same cell reads “{other.reading}”; neither is applied: delete one of them",
    )


_REPEATED = Wording("与另一处更正相同，删去一处即可", "another correction says the same; delete one of them")
