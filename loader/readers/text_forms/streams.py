"""Cells of which no form shows where rows end: they are cut by labels, and by the width of their header."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import meaning
from .columns import DOES_NOT_FIT, TYPED, Kind, kind_of
from .entries import Entry
from .fitting import Fitted, LeftOut, fit_stream, mostly_fit
from .front import cut_front
from .headings import (
    NAMING,
    first_label,
    is_header,
    names_project,
    of_projects,
    possible_second_line,
    readings,
    second_line,
    values_alike,
)
from .sections import is_barrier, tell_table
from .totals import total_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .columns import Columns
    from .entries import Row
    from .headings import Heading
    from .story import Story

_BEFORE_A_LABEL: Final = 3
"""A title stands at most so many cells before the first label of its table."""
_WIDEST_SECOND_LINE: Final = 6
_MOST_UNUSED: Final = 2
_SPANS_UNSEEN: Final = 2.0
_SPANS_NOTHING: Final = 1.0
"""Where rows of this cost are refused, no header cell spans others unseen: a cell that has moved would fit there."""
_WIDEST_HEADER: Final = 40
_COUNT: Final = "序号"
_TRIED: Final = 400
"""Cells by which the ways to understand a header are compared."""


def tell_stream(
    entries: Row, story: Story, *, blanks_vanish: bool = False, worst: float = DOES_NOT_FIT
) -> None:
    """Tell a stream of cells as tables; without a label to hold on to, its cells stay lines.

    Two headers side by side have rows of which nobody can tell the sides: they are left out, with all above them.
    Where `blanks_vanish`, the last columns may be blank in all rows, and so be missing in each. Rows of the cost
    `worst` are left out.
    """
    at = 0
    while at < len(entries):
        begin, end = _header(entries, at)
        beside = _printed(entries, end)
        if beside < len(entries) and _begins_header(entries, beside):
            after = _header(entries, beside)[1]
            stop = _end_of_body(entries, after, many_projects=False)
            story.leave_out(_told_from_first_label(entries[at:stop], story))
            at = stop
            continue
        front = cut_front(_told_from_first_label(entries[at:begin], story))
        if begin == end:
            tell_table(front, None, (), story)
            return
        stop = _end_of_body(entries, end, many_projects=of_projects(entries[begin:end]))
        ways = _ways(entries[begin:end], entries[end:stop], unused=_MOST_UNUSED if blanks_vanish else 0)
        heading, pieces = _best_cut(entries[end:stop], ways, worst)
        total = total_at(entries, stop, heading)
        tell_table(front, heading, pieces if total is None else [*pieces, total.piece], story)
        at = stop if total is None else total.end


def _printed(entries: Row, at: int) -> int:
    """Return the index of the first cell from `at` on that is not blank."""
    return next((index for index in range(at, len(entries)) if not entries[index].blank), len(entries))


def _told_from_first_label(entries: Row, story: Story) -> Row:
    """Tell the cells above the first label as lines, and return the others.

    Word's own data (names and dates in ASCII) that a converter left in front are a line of their own.
    """
    first = first_label(entries)
    for _, together in groupby(entries[:first], key=lambda entry: entry.text.isascii()):
        story.tell_entries(together)
    return entries[first:]


# --- where a header begins and ends -----------------------------------------------------------------------


def _header(entries: Row, at: int) -> tuple[int, int]:
    """Return begin and end of the next header, captions and columns of the project included."""
    for index in range(at, len(entries)):
        if _begins_header(entries, index):
            return _begin_of_labels(entries, index, at), _end_of_labels(entries, index)
    return len(entries), len(entries)


def _end_of_labels(entries: Row, index: int) -> int:
    """Return where a run of labels ends; one unknown label between known ones belongs to it."""
    end = index
    levels = 0
    for at in range(index, min(index + _WIDEST_HEADER, len(entries))):
        kind = kind_of(entries[at].text)
        levels += kind is Kind.LEVEL_1
        if at > end + 1 or (levels > 1 and end > index + 1):
            break
        if kind is not None or (at == end > index and _is_other_label(entries[at])):
            end = at + 1
    return end


def _is_other_label(entry: Entry) -> bool:
    """Return whether a cell is the label of a column that is known, and not read."""
    return (
        meaning.is_label(entry.text) and not meaning.fields(entry.text) and not meaning.is_level(entry.text)
    )


def _begin_of_labels(entries: Row, index: int, least: int) -> int:
    """Return where a header begins, of which the first level stands at `index`."""
    begin = index
    while begin > least and JX.hasIndicator in meaning.fields(entries[begin - 1].text):
        begin -= 1
    first = begin
    while first > least and _may_head_project(entries[first - 1]):
        first -= 1
    projects = [at for at in range(first, begin) if names_project(entries[at])]
    if not projects:
        return begin
    counted = projects[0] > first and meaning.plain(entries[projects[0] - 1].text) == _COUNT
    return projects[0] - counted


def _may_head_project(entry: Entry) -> bool:
    return meaning.is_label(entry.text) or meaning.plain(entry.text) == _COUNT


def _end_of_body(entries: Row, begin: int, *, many_projects: bool) -> int:
    """Return where the cells under a header end: at the next header, remark, title or label of a form."""
    others = _before_first_level(entries[begin : begin + _WIDEST_SECOND_LINE + 1])
    for index in range(begin + len(others), len(entries)):
        if _begins_header(entries, index) or (not many_projects and _begins_another(entries, index)):
            return index
    return len(entries)


def _begins_header(entries: Row, index: int) -> bool:
    in_header = kind_of(entries[index].text) in NAMING
    return in_header and is_header(entries[index : _end_of_labels(entries, index)])


def _begins_another(entries: Row, index: int) -> bool:
    names_indicator = meaning.is_surely_level(entries[index - 1].text)
    return (is_barrier(entries[index].text) and not names_indicator) or _is_title(entries, index)


def _is_title(entries: Row, index: int) -> bool:
    behind = entries[index + 1 : index + 1 + _BEFORE_A_LABEL]
    return meaning.is_title(entries[index].text) and any(map(_opens_form, behind))


def _opens_form(entry: Entry) -> bool:
    return is_barrier(entry.text) or meaning.is_inline_field(entry.text)


# --- which way to understand a header makes rows of the cells ----------------------------------------------


def _best_cut(
    body: Row, ways: Iterable[tuple[Heading, int]], worst: float
) -> tuple[Heading, list[Fitted | LeftOut]]:
    """Return the way to understand a header that leaves least of the cells under it, and those cells in rows."""
    tried = _up_to_a_level(body)
    weighed = [
        (fit_stream(tried[taken:], way.columns, worst=worst)[1] + _doubt(way), taken, way)
        for way, taken in ways
        if worst > _SPANS_NOTHING or way.spanning is None or way.below
    ]
    _, taken, best = min(weighed, key=lambda way: way[0])
    pieces = _without_last_word(_with_blank_end(body[taken:], best.columns, worst))
    moved = worst <= _SPANS_NOTHING and not mostly_fit(pieces)
    if moved or values_alike(best.cells):
        return best, [LeftOut(body[taken:])]
    return best, pieces


def _without_last_word(pieces: Sequence[Fitted | LeftOut]) -> list[Fitted | LeftOut]:
    """Return the pieces, the last rows left out where they print one cell alone: it is a line below the table."""
    told = list(pieces)
    for index in range(len(told) - 1, -1, -1):
        piece = told[index]
        words = [entry.text for entry in piece.row if not entry.blank]
        if not isinstance(piece, Fitted) or len(words) > 1 or any(map(meaning.is_level, words)):
            break
        told[index] = LeftOut(piece.row)
    return told


def _doubt(way: Heading) -> float:
    """Return what a way costs by itself: a header cell spans others only if a second line does not say so."""
    return 0.0 if way.spanning is None or way.below else _SPANS_UNSEEN


def _with_blank_end(body: Row, columns: Columns, worst: float) -> list[Fitted | LeftOut]:
    """Return the rows of a body; blank cells at the end of a text may be lost, and the last row needs them.

    They are given back only where signs, units or numbers prove that no other cell is missing.
    """
    pieces, cost = fit_stream(body, columns, worst=worst)
    proved = worst > _SPANS_NOTHING and bool(body) and bool(TYPED & set(columns.kinds))
    for missing in range(1, _MOST_UNUSED + 1):
        if not proved or not isinstance(pieces[-1], LeftOut):
            break
        ends = (Entry("", body[-1].line),) * missing
        padded, padded_cost = fit_stream(body + ends, columns, worst=worst)
        if padded_cost < cost and isinstance(padded[-1], Fitted):
            return padded
    return pieces


def _up_to_a_level(body: Row) -> Row:
    """Return the first cells of a long body, cut where a level begins."""
    if len(body) <= _TRIED:
        return body
    levels = (index for index in range(_TRIED, 0, -1) if meaning.is_level(body[index].text))
    return body[: next(levels, _TRIED)]


def _ways(header: Row, body: Row, *, unused: int) -> Iterator[tuple[Heading, int]]:
    """Yield the ways to understand a header, and how many cells of the body belong to it."""
    split = second_line(header)
    if split < len(header):
        yield from ((way, 0) for way in readings(header[:split], header[split:]))
        return
    for way in readings(header):
        yield from ((replace(way, unused=count), 0) for count in range(unused + 1))
    below = possible_second_line(header)
    if below is not None:
        yield from ((way, 0) for way in readings(header[:below], header[below:]))
    unknown = _before_first_level(body)
    if unknown:
        yield from ((way, len(unknown)) for way in readings(header + unknown))
    if len(unknown) > 1:
        yield from ((way, len(unknown)) for way in readings(header, unknown))


def _before_first_level(body: Row) -> Row:
    """Return the cells between the known labels of a header and the first level: labels of other columns."""
    some = body[: _WIDEST_SECOND_LINE + 1]
    levels = (index for index, entry in enumerate(some) if meaning.is_level(entry.text))
    between = some[: next(levels, 0)]
    return () if any(map(_is_no_label, between)) else between


def _is_no_label(entry: Entry) -> bool:
    """Return whether a cell is no unknown label of a column: a known one, or the number of the first row."""
    return bool(meaning.fields(entry.text)) or meaning.is_number(entry.text)
