"""Rows under one another become tables: a front of labels and values, a header, and the rows under it.

What follows the indicators and does not fit under their header opens the next table; cells that fit nowhere
become lines behind the table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import meaning
from .columns import DOES_NOT_FIT, Kind, heads_values, kind_of
from .fitting import Fitted, LeftOut, fit_row, fit_stream, mostly_fit
from .front import lay_front
from .headings import LEAST_LABELS, Heading, is_header, of_projects, readings
from .plane import Plane
from .unknown_groups import without_unknown_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .columns import Columns
    from .entries import Entry, Row
    from .story import Story

_MERGED_ON_THE_RIGHT: Final = frozenset({Kind.TEXT, Kind.ANY})
"""What may be said once for several rows at their right end; a value may not."""
_TRIED: Final = 100
"""Rows by which the ways to understand a header are compared."""


def tell_rows(rows: Sequence[Row], story: Story, *, lost_ends: bool = False) -> None:
    """Tell rows as one table, or as several where forms follow one another.

    Where a blank cell at the end of a row takes the end of the row with it (`lost_ends`), long rows are cut.
    """
    headers = [index for index, row in enumerate(rows) if is_header(row)]
    at = 0
    for head in headers:
        header, below = _two_lines(rows[head : head + 2])
        first = head + 1 + bool(below)
        body = list(rows_under(header, islice(rows, first, None)))
        if sides_unseen(rows[at:head], header):
            _leave_out((*rows[at:first], *body), story)
            at = first + len(body)
            continue
        heading = _best_heading(header, below, body)
        pieces: list[Fitted | LeftOut] = list(_fitted(body, heading.columns, lost_ends=lost_ends))
        if lost_ends and not mostly_fit(pieces):
            pieces = [LeftOut(tuple(entry for row in body for entry in row))]
        tell_table(rows[at:head], heading, pieces, story)
        at = first + len(body)
    if at < len(rows):
        tell_table(rows[at:], None, (), story)


def sides_unseen(front: Sequence[Row], header: Row) -> bool:
    """Return whether projects stand side by side, and their labels not over their own columns of the header.

    Then nobody can tell which of the columns are whose.
    """
    kinds = Counter(kind_of(entry.text) for entry in header)
    return kinds[Kind.NAME] > 1 and any(len(row) != len(header) and _names_two(row) for row in front)


def _names_two(row: Row) -> bool:
    return sum(1 for entry in row if JX.projectName in meaning.fields(entry.text)) > 1


def _leave_out(rows: Iterable[Row], story: Story) -> None:
    for row in rows:
        story.leave_out(row)


def _two_lines(rows: Sequence[Row]) -> tuple[Row, Row]:
    """Return a header and the second line of labels under it, empty where the rows begin at once.

    Where blank cells are printed, the second line is as wide as the header: its labels stand under the header's
    cell of values and the blank ones behind that.
    """
    header, *others = rows
    row = others[0] if others else ()
    under = [index for index, entry in enumerate(row) if not entry.blank]
    if len(row) != len(header) or len(under) < 2 or under != list(range(under[0], under[-1] + 1)):
        return header, _second_row(rows)
    spanned = kind_of(header[under[0]].text) is Kind.VALUE and all(header[at].blank for at in under[1:])
    if not spanned or not all(heads_values(row[at].text) for at in under):
        return header, _second_row(rows)
    return header[: under[0] + 1] + header[under[-1] + 1 :], row[under[0] : under[-1] + 1]


def _second_row(rows: Sequence[Row]) -> Row:
    """Return the second line of labels under a header, empty where the rows begin at once."""
    if len(rows) == 1 or is_header(rows[1]):
        return ()
    header, row = rows
    labels = all(kind_of(entry.text) for entry in row)
    starts_with_level = any(kind_of(entry.text) is Kind.LEVEL_1 for entry in header[:2])
    no_levels = not any(entry.blank or meaning.is_level(entry.text) for entry in row)
    narrow = 1 < len(row) < len(header)
    return row if narrow and no_levels and (labels or starts_with_level) else ()


def rows_under(header: Row, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows below a header down to the one that belongs to something else."""
    many_projects = of_projects(header)
    return takewhile(lambda row: not _ends_body(row, many_projects=many_projects), rows)


def _ends_body(row: Row, *, many_projects: bool) -> bool:
    return is_header(row) or (not many_projects and is_barrier(row[0].text))


def is_barrier(text: str) -> bool:
    """Return whether a text begins something that is no row of indicators."""
    if meaning.is_level(text):
        return False
    return meaning.closes_table(text) or (meaning.is_label(text) and kind_of(text) is None)


def _best_heading(header: Row, below: Row, body: Sequence[Row]) -> Heading:
    """Return how the header is to be understood: the way that the widest of the rows below fit best."""
    width = max((len(row) for row in body), default=0)
    widest = [row for row in body if len(row) == width][:_TRIED]
    named = (naming for way in readings(header, below) for naming in way.namings())
    ways = [way for way in named if len(way.columns) == width]
    return min(ways, key=lambda way: _cost(widest, way.columns), default=next(readings(header, below)))


def _cost(rows: Sequence[Row], columns: Columns) -> float:
    placed = (fit_row(row, columns, first=True) for row in rows)
    return sum(DOES_NOT_FIT if fitted is None else fitted[1] for fitted in placed)


def _fitted(rows: Sequence[Row], columns: Columns, *, lost_ends: bool) -> Iterator[Fitted | LeftOut]:
    first, certain = True, True
    for row in rows:
        fitted = fit_row(row, columns, first=first)
        if fitted is not None:
            pieces: list[Fitted | LeftOut] = [replace(fitted[0], certain=certain)]
        elif lost_ends and len(row) > len(columns):
            pieces = fit_stream(row, columns, rows_above=not first, lost_ends=True)[0]
        else:
            pieces = [LeftOut(row)]
        yield from pieces
        certain = isinstance(pieces[-1], Fitted)
        first = first and not any(isinstance(piece, Fitted) for piece in pieces)


# --- a table, once it is known what stands where ----------------------------------------------------------


def tell_table(
    front: Sequence[Row], heading: Heading | None, pieces: Sequence[Fitted | LeftOut], story: Story
) -> None:
    """Tell a table; what stands above its first label and what is left out of it are lines."""
    front = _without_frame(front, story)
    plane = Plane()
    lay_front(front, plane)
    if heading is not None:
        heading.lay_on(plane)
        pieces = list(without_unknown_groups(pieces, heading.columns))
        for piece in pieces:
            if isinstance(piece, Fitted):
                _lay_fitted(piece, heading, plane)
    if plane.rows:
        story.tell_table(plane.cells())
    for piece in pieces:
        if isinstance(piece, LeftOut):
            story.leave_out(piece.row)


def _lay_fitted(fitted: Fitted, heading: Heading, plane: Plane) -> None:
    first = 1 + heading.captions + fitted.start
    plane.lay(fitted.row, first=first, reach_down=fitted.certain)
    missing = heading.columns.kinds[fitted.start + len(fitted.row) :]
    if fitted.certain and all(kind in _MERGED_ON_THE_RIGHT for kind in missing):
        behind = first + len(fitted.row)
        plane.reach_to_last_row(range(behind, behind + len(missing)))


def _without_frame(rows: Sequence[Row], story: Story) -> Sequence[Row]:
    """Return rows without those of the page around them, which become lines."""
    if len(rows) == 1 and not _speaks(rows[0]) and not _may_go_on(rows[0], story):
        _tell_as_line(rows[0], story)
        return ()
    begin = next((index for index, row in enumerate(rows) if not _is_frame(row)), len(rows))
    for row in rows[:begin]:
        _tell_as_line(row, story)
    return rows[begin:]


def _may_go_on(row: Row, story: Story) -> bool:
    """Return whether a row alone may be the last one of the table above, on the next page: its levels are blank."""
    widest = story.tables[-1].columns if story.tables else 0
    return LEAST_LABELS <= len(row) <= widest and any(entry.blank for entry in row) and not _is_frame(row)


def _is_frame(row: Row) -> bool:
    return meaning.is_page_frame(row[0].text) and not _speaks(row)


def _speaks(row: Row) -> bool:
    """Return whether a row says something of a form: a label, a level."""
    return any(map(_is_word_of_form, row))


def _is_word_of_form(entry: Entry) -> bool:
    text = entry.text
    return meaning.is_label(text) or meaning.is_inline_field(text) or meaning.is_level(text)


def _tell_as_line(row: Row, story: Story) -> None:
    story.tell_line(" | ".join(entry.text for entry in row if not entry.blank), row[0].line)
