"""Rows whose group is not known: which level or project they belong to nobody can tell until one prints its own.

A row that prints a first level in the place of the second, below another first level, lacks a cell: it is left out.
What is left out may begin a group: its words for levels, and the project before them, hold for the rows below it.
Those that leave the same cells blank, or lack them, belong to it and not to the group above. They are left out too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import meaning
from .columns import Kind
from .fitting import Fitted, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .columns import Columns
    from .entries import Row

_GROUPS = (Kind.PROJECT, Kind.LEVEL_1, Kind.LEVEL_2)
"""What rows belong to, the widest group first."""


def without_unknown_groups(
    pieces: Iterable[Fitted | LeftOut], columns: Columns
) -> Iterator[Fitted | LeftOut]:
    """Yield the pieces, rows of a group whose beginning was left out being left out as well."""
    unknown: Kind | None = None
    for piece in _without_moved_levels(pieces, columns):
        if isinstance(piece, LeftOut):
            unknown = _wider(unknown, _begun_by(piece.row, columns))
            yield piece
        elif unknown is None or _states_no_indicator(piece.row):
            yield piece
        elif _prints(piece, columns, unknown):
            unknown = None
            yield piece
        else:
            yield LeftOut(piece.row)


def _without_moved_levels(pieces: Iterable[Fitted | LeftOut], columns: Columns) -> Iterator[Fitted | LeftOut]:
    """Yield the pieces, a row whose own first level would stand as a second one below another being left out."""
    above = ""
    for piece in pieces:
        if isinstance(piece, Fitted):
            above = _text(piece, columns, Kind.LEVEL_1) or above
            second = _text(piece, columns, Kind.LEVEL_2)
            merged = Kind.LEVEL_1 in columns.kinds[: piece.start]
            if merged and meaning.is_level_1(above) and meaning.is_only_level_1(second):
                yield LeftOut(piece.row)
                continue
        yield piece


def _text(fitted: Fitted, columns: Columns, kind: Kind) -> str:
    """Return what a row prints in the first column of a kind; empty where it prints nothing there."""
    at = columns.kinds.index(kind) - fitted.start if kind in columns.kinds else -1
    return fitted.row[at].text.strip() if 0 <= at < len(fitted.row) else ""


def _wider(one: Kind | None, other: Kind | None) -> Kind | None:
    return next((kind for kind in _GROUPS if kind in (one, other)), None)


def _begun_by(row: Row, columns: Columns) -> Kind | None:
    """Return the widest group that a row begins: by a word for a level, or by a project before such a word."""
    told = [entry.text for entry in row if meaning.is_level(entry.text)]
    if not told:
        return None
    if Kind.PROJECT in columns.kinds and not row[0].blank and not meaning.is_level(row[0].text):
        return Kind.PROJECT
    first = Kind.LEVEL_1 in columns.kinds and any(map(meaning.is_level_1, told))
    return Kind.LEVEL_1 if first else Kind.LEVEL_2


def _states_no_indicator(row: Row) -> bool:
    """Return whether a row adds up, or remarks on, what stands above it: it belongs to no group."""
    first = next((entry.text for entry in row if not entry.blank), "")
    return meaning.is_total(first) or meaning.closes_table(first)


def _prints(fitted: Fitted, columns: Columns, kind: Kind) -> bool:
    """Return whether a row prints its own cell of a group."""
    at = columns.kinds.index(kind) if kind in columns.kinds else 0
    return fitted.start <= at and not fitted.row[at - fitted.start].blank
