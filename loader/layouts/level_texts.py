"""The levels of each indicator, where a form prints them once for several rows.

A level may stand in a merged cell, on every row, in the first row of its group with blanks below, or in the middle
of its group with blanks above and below. Which group a row belongs to is then told by the level below it: 数量 is a
kind of output, whatever is printed on the row above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX

from . import levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ..model import Printed

    Texts = Mapping[URIRef, Printed]

_LEVELS: Final = frozenset({JX.level1, JX.level2})


def with_levels(rows: Sequence[Texts]) -> list[Texts]:
    """Return the texts of rows with blank levels filled in; the quote stays that of the cell that prints them."""
    filled: list[dict[URIRef, Printed]] = []
    for index, texts in enumerate(rows):
        row = dict(texts)
        above = filled[-1] if filled else None
        first = _level1(rows, index, above)
        if first is not None:
            row[JX.level1] = first
        _fill_level2(row, above)
        filled.append(row)
    return list(filled)


def with_single_level(rows: Sequence[Texts]) -> list[Texts]:
    """Return the texts with each level under its own name, where one column prints both kinds.

    成本 is level 1 in one framework and level 2 in the other: it is what the other rows of the column are, and what
    the column is headed where they are all of one word.
    """
    told = [texts for texts in rows if len(_LEVELS & texts.keys()) == 1]
    if len(told) < len(rows):
        return list(rows)
    kinds = {_kind(texts[name].text) for texts in rows for name in _LEVELS & texts.keys()}
    either = next((name for name in (JX.level2, JX.level1) if name in kinds), None)
    return [_with_own_level(texts, either) for texts in rows]


def _kind(text: str) -> URIRef | None:
    """Return the level that a word names; None for one that names either or none."""
    top, second = levels.is_level1(text), levels.is_level2(text)
    if top == second:
        return None
    return JX.level2 if second else JX.level1


def _with_own_level(texts: Texts, either: URIRef | None) -> Texts:
    """Return the texts of a row with its level named by its word, as `either` where that may be one or the other."""
    (name,) = _LEVELS & texts.keys()
    printed = texts[name]
    own = _kind(printed.text)
    if own is None and levels.is_level(printed.text):
        own = either if levels.is_level2(printed.text) else JX.level1
    return {**{key: value for key, value in texts.items() if key != name}, own or name: printed}


def _is_blank(texts: Texts, name: URIRef) -> bool:
    return name in texts and not texts[name].text.strip()


def _level1(rows: Sequence[Texts], index: int, above: Texts | None) -> Printed | None:
    """Return the level 1 of a row: its own, that of the row above, or the next below where only that fits."""
    texts = rows[index]
    if not _is_blank(texts, JX.level1):
        return texts.get(JX.level1)
    last = above.get(JX.level1) if above is not None else None
    following = next(
        (each[JX.level1] for each in rows[index:] if JX.level1 in each and not _is_blank(each, JX.level1)),
        None,
    )
    second = texts.get(JX.level2)
    if following is not None and levels.is_part(second, following) and not levels.is_part(second, last):
        return following
    return last if last is not None else texts[JX.level1]


def _fill_level2(row: dict[URIRef, Printed], above: Texts | None) -> None:
    """Fill a blank level 2 from the row above, within one level 1 only: under a new one it is blank."""
    if above is None or not _is_blank(row, JX.level2) or JX.level2 not in above:
        return
    first, last = row.get(JX.level1), above.get(JX.level1)
    if first is None or (last is not None and first.quote == last.quote):
        row[JX.level2] = above[JX.level2]
