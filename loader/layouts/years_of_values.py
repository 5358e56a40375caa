"""Values of several years beside each other: those of the form's year are targets, those of earlier years are none.

Where nobody says which year the form is for, or its year is not among those printed, all stay and a note says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..model import Note, NoteKind, Place, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .columns import ValueColumn
    from .form import Form
    from .indicator_rows import IndicatorRow
    from .ledger import Ledger

_LONG_TERM: Final = "long-term"


def without_earlier_years(form: Form, year: int | None, ledger: Ledger) -> Form:
    """Return a form of a year without the values of earlier years; they stay in the grid alone."""
    earlier = _earlier(form, year)
    if form.indicators is None or not earlier:
        return form
    kept = tuple(_without(row, earlier) for row in form.indicators.rows)
    stated = {value.text.quote for row in kept for value in row.values}
    for value in (value for row in form.indicators.rows for value in row.values):
        if value.text.quote is not None and value.text.quote not in stated and value.text.text.strip():
            ledger.set_apart(value.text.quote)
    return replace(form, indicators=replace(form.indicators, rows=kept))


def years_in_doubt(form: Form, year: int | None) -> Iterator[Note]:
    """Yield a note for each head of values that are read as targets, and may be those of another year."""
    dated = _dated(form)
    if not _several(dated):
        return
    told = _told(year)
    for column in (column for column in dated if column.year != year):
        quote = column.header.quote
        place = quote.place if quote is not None else Place()
        yield Note(NoteKind.CONFLICT, column.header.printed, quote, place, told=told)


def _earlier(form: Form, year: int | None) -> frozenset[ValueColumn]:
    """Return the columns of years before the form's, where those of its year, or of a later one, are left."""
    dated = _dated(form)
    if year is None or not _several(dated):
        return frozenset()
    earlier = frozenset(column for column in dated if column.year is not None and column.year < year)
    return earlier if any(column not in earlier for column in _columns(form)) else frozenset()


def _dated(form: Form) -> list[ValueColumn]:
    """Return the columns whose heads state one year each."""
    return [column for column in _columns(form) if column.year is not None and column.horizon != _LONG_TERM]


def _columns(form: Form) -> list[ValueColumn]:
    rows = form.indicators.rows if form.indicators is not None else ()
    return list(dict.fromkeys(value.column for row in rows for value in row.values))


def _several(dated: list[ValueColumn]) -> bool:
    return len({column.year for column in dated}) > 1


def _without(row: IndicatorRow, columns: frozenset[ValueColumn]) -> IndicatorRow:
    return replace(row, values=tuple(value for value in row.values if value.column not in columns))


def _told(year: int | None) -> Wording:
    if year is None:
        return Wording(
            "几个年度的值并列，表的年度不明，全部按目标值读取",
            "values of several years stand side by side; the form's year is not known, and all are read as targets",
        )
    return Wording(
        f"几个年度的值并列，此栏不是表的年度{year}年，仍按目标值读取",
        f"values of several years stand side by side; this column is not of the form's year, {year}, "
        "and is read as targets all the same",
    )
