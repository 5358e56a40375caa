"""Cells of a form that print something else than belongs there: each is told, none is taken for blank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX
from ontology.units import plain

from ..model import Note, NoteKind, Place
from .column_content import has_polarities, is_comparator
from .labels import is_fund, is_total
from .money import read_money
from .numbers_in_cells import is_no_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Printed
    from .form import Form

_AMOUNTS: Final = (JX.initialAmount, JX.adjustedAmount, JX.executedAmount)
_NO_COMPARATOR: Final = re.compile(r"[-—–/\\*]*|无|(?:定性|定量)(?:指标)?")
_IN_BRACKETS = re.compile(r"\([^()]*\)$")


def unread_cells(form: Form) -> Iterator[Note]:
    """Yield a note for each cell that prints something else where a number or a comparator belongs."""
    unread = [cell for cell in _amounts(form) if read_money(cell, None) is None]
    unread += [cell for cell in _numbers(form) if is_no_number(cell)]
    unread += [node.share for node in form.header.plan if is_no_number(node.share, "%")]
    unread += [cell for cell in _comparators(form) if _is_no_comparator(cell.text)]
    unread += [cell for cell in _reasons(form) if is_total(cell.text)]
    for cell in dict.fromkeys(unread):
        place = cell.quote.place if cell.quote is not None else Place()
        yield Note(NoteKind.UNREAD_CELL, cell.text, cell.quote, place)


def _amounts(form: Form) -> Iterator[Printed]:
    header = form.header
    for name, pairs in header.values.items():
        if name == JX.budget or is_fund(name):
            yield from (pair.value for pair in pairs if pair.value is not None)
    for row in header.money:
        told = (row.cells.get(name) for name in _AMOUNTS)
        yield from (pair.value for pair in told if pair is not None and pair.value is not None)


def _numbers(form: Form) -> Iterator[Printed]:
    """Yield the cells of rates, scores and weights."""
    for row in form.header.money:
        told = (row.cells.get(name) for name in (JX.executionRate, JX.score))
        yield from (pair.value for pair in told if pair is not None and pair.value is not None)
    if form.indicators is None:
        return
    for indicator in form.indicators.rows:
        yield from (indicator.texts[name] for name in (JX.weight, JX.score) if name in indicator.texts)
    if form.indicators.total is not None:
        yield form.indicators.total.score


def _reasons(form: Form) -> Iterator[Printed]:
    rows = form.indicators.rows if form.indicators is not None else ()
    yield from (row.texts[JX.deviationReason] for row in rows if JX.deviationReason in row.texts)


def _comparators(form: Form) -> Iterator[Printed]:
    rows = form.indicators.rows if form.indicators is not None else ()
    return (row.texts[JX.comparator] for row in rows if JX.comparator in row.texts)


def _is_no_comparator(text: str) -> bool:
    """Return whether a cell of the column of comparators prints neither one nor a polarity, nor nothing."""
    told = _IN_BRACKETS.sub("", plain(text))
    return not (_NO_COMPARATOR.fullmatch(told) or is_comparator(told) or has_polarities([told]))
