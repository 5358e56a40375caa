"""The header of a table of indicators: where it stands, how many columns it has, which of its cells spans some.

Text shows no merged cells. A caption beside the table (绩效指标) stands in the header's row and vanishes from the
rows below; a header cell over a second line of labels, or over several cells of each row, is wider than it looks.
Each way to understand a header is a `Heading`; the rows below decide which of them is right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import meaning
from .columns import Columns, Kind, is_time, kind_of, says_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .entries import Entry, Row
    from .plane import Plane

NAMING: Final = frozenset({Kind.LEVEL_1, Kind.LEVEL_2, Kind.NAME})
"""Columns that say which indicator a row is about."""
_PROJECT: Final = frozenset({JX.projectName, JX.projectCode, JX.declaredBy, JX.Department})
LEAST_LABELS: Final = 3
"""Columns of the narrowest table of indicators."""
_VALUE_PARTS: Final = frozenset({Kind.SIGN, Kind.VALUE, Kind.UNIT})
_WIDEST_VALUE: Final = 3
"""Comparator, number and unit."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One way to understand a header: which cells are captions beside it, and which cell spans several columns."""

    cells: Row
    below: Row = ()
    """The second line of labels; they stand under the cell that spans."""
    captions: int = 0
    spanning: int | None = None
    width: int = 1
    """How many columns the spanning cell has."""
    unused: int = 0
    """How many of the last columns no row has: where blank cells vanish, a column that is never filled in."""
    names_under_blank: bool = False
    """Whether names stand under the blank cell right of the last level, and not under that level."""

    @property
    def columns(self) -> Columns:
        """Return the kinds of the columns right of the captions."""
        kinds = self._kinds()
        if self.names_under_blank:
            kinds[_last_level(kinds) + 1] = Kind.NAME
        return Columns(tuple(_with_name(kinds))[: len(kinds) - self.unused])

    def _kinds(self) -> list[Kind]:
        kinds: list[Kind] = []
        first_level = lead(self.cells)
        for index in range(self.captions, len(self.cells)):
            of_project = Kind.PROJECT if index < first_level else Kind.ANY
            kinds += self._spanned() if index == self.spanning else [_kind(self.cells[index]) or of_project]
        return kinds

    def namings(self) -> Iterator[Heading]:
        """Yield the heading with names under a blank cell right of the last level, where it has one, and as it is."""
        kinds = self._kinds()
        behind = self.captions + _last_level(kinds) + 1
        beside = self.spanning is None or self.spanning > behind
        if Kind.NAME not in kinds and beside and self.cells[behind : behind + 1]:
            blank = self.cells[behind].blank and kinds[behind - self.captions] is Kind.ANY
            yield from [replace(self, names_under_blank=True)] * blank
        yield self

    def _spanned(self) -> list[Kind]:
        if self.below:
            return [kind_of(entry.text) or Kind.VALUE for entry in self.below]
        return [Kind.ANY] * self.width

    def lay_on(self, plane: Plane) -> None:
        """Lay the header below the rows of a plane."""
        plane.lay(())
        column = 1
        for index, entry in enumerate(self.cells):
            colspan = self.width if index == self.spanning else 1
            plane.put(entry, column, colspan=colspan)
            column += colspan
        if self.below:
            self._lay_second_line(plane, column)

    def _lay_second_line(self, plane: Plane, end: int) -> None:
        first = 1 + (self.spanning or 0)
        plane.lay(self.below, first=first)
        under = range(first, first + len(self.below))
        plane.reach_to_last_row(column for column in range(1, end) if column not in under)


def _with_name(kinds: list[Kind]) -> list[Kind]:
    """Return the kinds with a column of names: where a form has none, its last level holds them."""
    if Kind.NAME in kinds:
        return kinds
    last = _last_level(kinds)
    return [Kind.NAME if index == last else kind for index, kind in enumerate(kinds)]


def _last_level(kinds: Sequence[Kind]) -> int:
    """Return the index of the last column that says which indicator a row is about; -1 where none does."""
    return max((index for index, kind in enumerate(kinds) if kind in NAMING), default=-1)


def _kind(entry: Entry) -> Kind | None:
    return kind_of(entry.text)


def is_header(row: Sequence[Entry]) -> bool:
    """Return whether a row names columns of indicators: what they are called, and what is said of them."""
    kinds = [kind for entry in row if (kind := _kind(entry)) is not None]
    named = set(kinds)
    return len(kinds) >= LEAST_LABELS and bool(named & NAMING) and bool(named - NAMING)


def lead(cells: Row) -> int:
    """Return how many cells stand before the first level: captions, or columns of the project."""
    kinds = [_kind(entry) for entry in cells]
    for index, kind in enumerate(kinds):
        if kind in (Kind.LEVEL_1, Kind.LEVEL_2) or (kind is Kind.NAME and not _captions(cells[index])):
            return index
    return 0 if Kind.NAME not in kinds else kinds.index(Kind.NAME)


def of_projects(cells: Row) -> bool:
    """Return whether columns of the project stand before the levels, so that one table has many projects."""
    return any(names_project(entry) for entry in cells[: lead(cells)])


def names_project(entry: Entry) -> bool:
    """Return whether a label names a project or who runs it."""
    return bool(meaning.fields(entry.text) & _PROJECT)


def values_alike(cells: Row) -> bool:
    """Return whether two columns of values have one label, and those of names have not: of two projects, say."""
    labels = Counter((_kind(entry), meaning.plain(entry.text)) for entry in cells)
    alike = {kind for (kind, _), count in labels.items() if count > 1}
    return Kind.VALUE in alike and Kind.NAME not in alike


def first_label(entries: Sequence[Entry]) -> int:
    """Return where the labels of a form begin: below its title, where no project is named above that.

    The unit that declares, with its code, stands above them without a label of its own.
    """
    titles = [at for at, entry in enumerate(entries) if meaning.is_title(entry.text)]
    projects = [at for at, entry in enumerate(entries) if names_project(entry)]
    begin = max((at + 1 for at in titles if not projects or at < projects[0]), default=0)
    words = (at for at, entry in enumerate(entries) if at >= begin and _opens_form(entry))
    first = next(words, len(entries))
    unit_above = begin < first < len(entries) and meaning.is_coded_body(entries[first - 1].text)
    return first - unit_above


def _opens_form(entry: Entry) -> bool:
    return meaning.is_label(entry.text) or meaning.is_inline_field(entry.text)


def _captions(entry: Entry) -> bool:
    return JX.hasIndicator in meaning.fields(entry.text)


def readings(cells: Row, below: Row = ()) -> Iterator[Heading]:
    """Yield the ways to understand a header, the plainest first."""
    for captions in _possible_captions(cells):
        if below:
            yield from _over_second_line(cells, below, captions)
            continue
        yield Heading(cells, captions=captions)
        if any(_kind(entry) is Kind.SIGN for entry in cells):
            continue
        for width in range(2, _WIDEST_VALUE + 1):
            for index in _may_span(cells):
                yield Heading(cells, captions=captions, spanning=index, width=width)


def _possible_captions(cells: Row) -> Iterator[int]:
    before = lead(cells)
    certain = sum(1 for entry in cells[:before] if _captions(entry))
    yield certain
    yield from (count for count in range(before + 1) if count != certain)


def _over_second_line(cells: Row, below: Row, captions: int) -> Iterator[Heading]:
    for index in _may_span(cells):
        yield Heading(cells, below, captions, spanning=index, width=len(below))


def _may_span(cells: Row) -> list[int]:
    """Return the indices of the cells that may be wider than one column, the likeliest first."""
    kinds = [_kind(entry) for entry in cells]
    values = [index for index, kind in enumerate(kinds) if kind is Kind.VALUE]
    others = [index for index in range(lead(cells), len(cells)) if kinds[index] not in (*NAMING, Kind.VALUE)]
    return values + others[::-1]


def second_line(labels: Sequence[Entry]) -> int:
    """Return where in a run of labels the second line of a header begins: parts of a value named again."""
    kinds = [_kind(entry) for entry in labels]
    start = len(kinds)
    while start and kinds[start - 1] in _VALUE_PARTS:
        start -= 1
    parts = Kind.SIGN in kinds[start:] or sum(1 for entry in labels[start:] if is_time(entry.text)) > 1
    again = _has_value(labels[:start]) and parts and _has_value(labels[start:])
    return start if again else _times_at_end(labels)


def _times_at_end(labels: Sequence[Entry]) -> int:
    """Return where the last labels begin that are of values at several times, below that of values at no time."""
    start = len(labels)
    while start and _has_value([labels[start - 1]]) and says_time(labels[start - 1].text):
        start -= 1
    of_all = start > 0 and _has_value([labels[start - 1]])
    return start if of_all and len(labels) - start > 1 else len(labels)


def possible_second_line(labels: Sequence[Entry]) -> int | None:
    """Return where a second line may begin of which not every label is known: at its sign, below a value."""
    kinds = [_kind(entry) for entry in labels]
    if Kind.SIGN not in kinds:
        return None
    sign = kinds.index(Kind.SIGN)
    narrow = 1 < len(labels) - sign <= _WIDEST_VALUE
    return sign if narrow and _has_value(labels[:sign]) else None


def _has_value(labels: Sequence[Entry]) -> bool:
    return any(JX.rawText in meaning.fields(entry.text) for entry in labels)
