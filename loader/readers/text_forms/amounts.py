"""The money of a form in a stream that shows its blank cells: rows of amounts, each as wide as the heads above them.

Only `front` asks. Where blank cells have vanished no such rows are found, because every row must be whole: its label,
a cell for each head in which an amount stands or nothing, and then the label of something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import meaning
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .entries import Row

MONEY_HEADS: Final = frozenset(
    {JX.initialAmount, JX.adjustedAmount, JX.executedAmount, JX.executionRate, JX.weight, JX.score, JX.budget}
)
LEAST_HEADS: Final = 2


@dataclass(frozen=True, slots=True)
class Amounts:
    """The cells from `begin` to `end` of a stream, cut into a row of heads and the rows of amounts under it."""

    begin: int
    end: int
    rows: tuple[Row, ...]


def heads_in(row: Row) -> int:
    """Return how many heads of amounts stand behind the caption of money that a row begins with; 0 where none do."""
    heads = row[1 + _blanks(row, 1) :]
    headed = len(heads) >= LEAST_HEADS and _is_caption(row[0]) and all(map(_is_money_head, heads))
    return len(heads) if headed else 0


def amounts_in(entries: Row) -> Iterator[Amounts]:
    """Yield the blocks of amounts in a stream, each behind its caption."""
    at = 0
    while at < len(entries):
        found = _amounts_at(entries, at) if _is_caption(entries[at]) else None
        if found is not None:
            yield found
        at = at + 1 if found is None else found.end


def _is_caption(entry: Entry) -> bool:
    return JX.hasFund in meaning.fields(entry.text)


def _amounts_at(entries: Row, caption: int) -> Amounts | None:
    """Return the amounts behind a caption; the label of their first row may name an amount as the heads do."""
    first = caption + 1 + _blanks(entries, caption + 1)
    heads = sum(1 for _ in takewhile(_is_money_head, entries[first:]))
    widths = (width for width in (heads, heads - 1) if width >= LEAST_HEADS)
    blocks = (_block(entries, caption, first, first + width) for width in widths)
    return next((block for block in blocks if block is not None), None)


def _is_money_head(entry: Entry) -> bool:
    return bool(meaning.fields(entry.text) & MONEY_HEADS)


def _blanks(entries: Row, at: int) -> int:
    return sum(1 for _ in takewhile(lambda entry: entry.blank, entries[at:]))


def _block(entries: Row, caption: int, first: int, end: int) -> Amounts | None:
    """Return the block whose heads stand from `first` to `end`, or None where the rows below are not whole."""
    before = _blanks(entries, end)
    rows = list(_rows_under(entries, end, blanks=before, width=end - first))
    behind = end + sum(map(len, rows))
    closed = behind == len(entries) or _begins_another(entries[behind])
    unseen = first - caption > 2 and not before  # how many columns the labels of the rows span
    if not rows or not closed or unseen:
        return None
    pad = (Entry("", entries[caption].line),) * (before + 1 - (first - caption))
    heads = (*entries[caption:first], *pad, *entries[first:end])
    return Amounts(caption, behind, (heads, *_as_wide(rows, heads, blanks=before)))


def _begins_another(entry: Entry) -> bool:
    """Return whether a cell is the label of something else than an amount."""
    label = meaning.is_label(entry.text) or meaning.is_inline_field(entry.text)
    return label and not meaning.is_money_label(entry.text)


def _rows_under(entries: Row, at: int, *, blanks: int, width: int) -> Iterator[Row]:
    """Yield rows of blank cells where the caption is merged down, a label, and as many amounts as there are heads."""
    length = blanks + 1 + width
    while at + length <= len(entries):
        row = entries[at : at + length]
        *under_caption, label = row[: blanks + 1]
        amounts = row[blanks + 1 :]
        if any(not entry.blank for entry in under_caption) or not meaning.is_money_label(label.text):
            return
        if not all(meaning.is_amount(entry.text) for entry in amounts):
            return
        yield row
        at += length


def _as_wide(rows: list[Row], heads: Row, *, blanks: int) -> Iterator[Row]:
    """Yield rows with as many cells as the heads, where blank ones show that the caption stands beside all."""
    for row in rows:
        missing = (len(heads) - len(row)) if blanks else 0
        yield (*row[: blanks + 1], *(Entry("", row[blanks].line),) * missing, *row[blanks + 1 :])
