"""The block of labels and values above the indicators: cutting it into rows, and laying rows beside captions.

In a stream, a run of labels and the values behind it are one thought: captions, a label, its value; or captions,
the heads of columns, and a row of values under them. Whatever is neither stays a row of its own.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC

from . import meaning
from .amounts import LEAST_HEADS, MONEY_HEADS, amounts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .entries import Entry, Row
    from .plane import Plane

_CAPTIONS: Final = frozenset(
    {JX.hasFund, JX.hasMilestone, JX.hasIndicator, JX.hasGoal, JX.heading, JXC["horizon/long-term"]}
)
_RATED: Final = frozenset({JX.weight, JX.score, JX.executionRate})
_PURPOSE: Final = "用途"


# --- cutting a stream ---------------------------------------------------------------------------------


def cut_front(entries: Row) -> list[Row]:
    """Return the rows of a stream of labels and values."""
    rows: list[Row] = []
    at = 0
    for amounts in amounts_in(entries):
        rows += (*_cut_pairs(entries[at : amounts.begin]), *amounts.rows)
        at = amounts.end
    return [*rows, *_cut_pairs(entries[at:])]


def _cut_pairs(entries: Row) -> list[Row]:
    cutter = _Cutter()
    for labels, values in _runs(entries):
        cutter.take(labels, values)
    return cutter.rows


def _runs(entries: Sequence[Entry]) -> Iterator[tuple[Row, Row]]:
    """Yield runs of labels with the values behind each; a cell with a label of its own stands alone."""
    labels: list[Entry] = []
    values: list[Entry] = []
    for entry in entries:
        inline = meaning.is_inline_field(entry.text)
        label = inline or _is_head(entry)
        corner = entry.blank and not values and meaning.fields(labels[-1].text if labels else "") & _CAPTIONS
        if (label and values) or inline:
            yield tuple(labels), tuple(values)
            labels, values = [], []
        if inline:
            yield (), (entry,)
        elif label or corner:
            labels.append(entry)
        else:
            values.append(entry)
    yield tuple(labels), tuple(values)


class _Cutter:
    """The rows cut so far; `heads` counts the columns of amounts that are open."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._heads: Row = ()

    def take(self, labels: Row, values: Row) -> None:
        """Take a run of labels and the values behind it."""
        heads = self._heads_before(labels, values)
        if heads:
            self._add(labels[: len(labels) - 1])
            self._heads = heads
            self._add((labels[-1], *values))
        elif len(labels) >= len(values) >= LEAST_HEADS and _head_prose(labels[-len(values) :]):
            self._take_heads(labels, values)
        elif _begin_under_caption(labels, values):
            self._take_heads(labels, values[1:])
        elif len(values) > 1 and self._heads and labels and meaning.is_money_label(labels[-1].text):
            self._take_amounts(labels, values)
        else:
            self._take_pairs(labels, values)

    def _add(self, row: Row) -> None:
        if row:
            self.rows.append(row)

    def _heads_before(self, labels: Row, values: Row) -> Row:
        """Return the heads of columns among labels, where the last label opens a row of amounts under them."""
        count = len(values)
        heads = labels[:-1][-count:]
        if count < LEAST_HEADS or len(heads) < count or not meaning.is_money_label(labels[-1].text):
            return ()
        return heads if all(meaning.fields(head.text) & MONEY_HEADS for head in heads) else ()

    def _take_heads(self, labels: Row, values: Row) -> None:
        first = len(labels) - len(values)
        captions = takewhile(_is_caption, reversed(labels[:first]))
        begin = first - sum(1 for _ in captions)
        for label in labels[:begin]:
            self._add((label,))
        self._add(labels[begin:])
        self._add(values)

    def _take_amounts(self, labels: Row, values: Row) -> None:
        """Take amounts under open heads: all of them, or all but the rates and scores behind the amounts."""
        amounts = [head for head in self._heads if not meaning.fields(head.text) & _RATED]
        for label in labels[:-1]:
            self._add((label,))
        if len(values) in (len(self._heads), len(amounts)):
            self._add((labels[-1], *values))
        else:
            self._take_apart((labels[-1], *values))

    def _take_apart(self, row: Row) -> None:
        for entry in row:
            self._add((entry,))

    def _take_pairs(self, labels: Row, values: Row) -> None:
        if not any(meaning.is_money_label(label.text) for label in labels):
            self._heads = ()
        if labels and JX.projectName in meaning.fields(labels[-1].text):
            values = tuple(value for value in values if not value.blank) or values
        if labels:
            self._add((*labels, *values[:1]))
            values = values[1:]
        for index in range(0, len(values), 2):
            self._add(values[index : index + 2])


def _is_head(entry: Entry) -> bool:
    return meaning.is_label(entry.text) or meaning.is_month(entry.text)


def _is_caption(entry: Entry) -> bool:
    return bool(meaning.fields(entry.text) & _CAPTIONS)


def _begin_under_caption(labels: Row, values: Row) -> bool:
    """Return whether a blank cell below a caption comes before the values under its heads."""
    heads = labels[1:]
    told = len(heads) >= LEAST_HEADS and len(values) == len(labels) and values[0].blank
    return told and _is_caption(labels[0]) and _head_prose(heads)


def _head_prose(labels: Row) -> bool:
    """Return whether labels head columns of prose, or of the months of a spending plan."""
    texts = [label.text for label in labels]
    return all(map(meaning.is_goal_label, texts)) or all(map(meaning.is_month, texts))


# --- laying rows --------------------------------------------------------------------------------------


def lay_front(rows: Sequence[Row], plane: Plane) -> None:
    """Lay rows of labels and values, each left-aligned, or beside the caption that it stands under."""
    at = 0
    while at < len(rows):
        end = _end_of_group(rows, at)
        lay = _lay_matrix if _heads_matrix(rows, at) else _lay_group
        lay(rows[at], rows[at + 1 : end], plane)
        at = end


def _end_of_group(rows: Sequence[Row], at: int) -> int:
    """Return the index behind the rows that stand beside the first cell of a row."""
    caption, end = rows[at], at + 1
    if not _opens_caption(caption):
        return end
    width = len(caption) - 2 + len(rows[end]) if _heads_matrix(rows, at) else 0
    if width:
        end += 1
    while end < len(rows) and (len(rows[end]) == width if width else _stands_under(rows[end], caption)):
        end += 1
    return end


def _lay_group(caption: Row, under: Sequence[Row], plane: Plane) -> None:
    """Lay a row, and those beside its first cell; heads stand over values, not over the labels of the rows."""
    plane.lay(caption[:1])
    shifted = bool(under) and _heads_stand_right(caption, under[0])
    for column, entry in enumerate(caption[1:], start=3 if shifted else 2):
        plane.put(entry, column)
    for row in under:
        plane.lay(row, first=2, reach_down=True)


def _opens_caption(row: Row) -> bool:
    """Return whether a row begins with a caption that has no value of its own."""
    behind = [entry for entry in row[1:] if not entry.blank]
    return _is_caption(row[0]) and bool(behind) and _is_head(behind[0])


def _stands_under(row: Row, caption: Row) -> bool:
    """Return whether a row lacks its first cell because the caption above covers it."""
    heads = caption[1:]
    if not any(_is_head(entry) or meaning.is_inline_field(entry.text) for entry in row):
        said = len(row) == 1 and _asks_for_prose(caption)
        return said or (len(row) == len(heads) and all(map(_is_head, heads)))
    funds = JX.hasFund in meaning.fields(caption[0].text)
    in_place = len(row) == len(caption)  # then a blank cell is printed where the caption is merged down
    return funds and (meaning.is_money_label(row[0].text) or (row[0].blank and not in_place))


def is_row_of_one(above: Row, line: str) -> bool:
    """Return whether a line without separators is a row of one cell: the prose that the row above asks for."""
    return bool(line.strip()) and _asks_for_prose(above) and not meaning.stands_alone(line)


def _asks_for_prose(row: Row) -> bool:
    """Return whether a row begins with 预算规模及资金用途: below the amounts it says what they are for."""
    return JX.hasFund in meaning.fields(row[0].text) and _PURPOSE in row[0].text and len(row) > 1


def _heads_stand_right(caption: Row, below: Row) -> bool:
    """Return whether the heads behind a caption stand over the values of the row below, not over its label."""
    heads = caption[1:]
    return len(heads) >= LEAST_HEADS and len(below) == len(heads) + 1 and all(map(_is_head, heads))


# A table inside a form (tasks and their amounts): a caption, and heads of which the last spans a second line.


def _heads_matrix(rows: Sequence[Row], at: int) -> bool:
    """Return whether a row is followed by a second line of heads, and by a row as wide as both together."""
    if len(rows) < at + 3 or not _opens_caption(rows[at]):
        return False
    caption, heads, first = rows[at : at + 3]
    narrow = len(heads) >= LEAST_HEADS and all(map(_is_head, (*caption, *heads)))
    return narrow and len(first) == len(caption) - 2 + len(heads)


def _lay_matrix(caption: Row, below: Sequence[Row], plane: Plane) -> None:
    last = len(caption)
    plane.lay(caption[:-1])
    plane.put(caption[-1], last, colspan=len(below[0]))
    plane.lay(below[0], first=last, reach_down=True)
    for row in below[1:]:
        plane.lay(row, first=2, reach_down=True)
