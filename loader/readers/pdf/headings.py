"""Rows that only head what stands below them, told by the words of forms: a page may end behind one.

Only `page_ends` asks.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC
from ontology.vocabulary import field_labels, normalise_label, words

from .geometry import same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .parts import Field, Part

_LEAST: Final = 3
"""Columns of a header, at least: two labels may be a label and its value."""
_INDICATORS: Final = frozenset({JX.name, JX.level1, JX.level2, JX.rawText})
_CAPTIONS: Final = frozenset({JX.hasGoal, JX.hasIndicator, JX.heading, JXC["horizon/long-term"]})


def ends_in_heading(part: Part) -> bool:
    """Return whether the last row of a part heads what its page does not print any more.

    It is the header of indicators, or a caption as wide as the table.
    """
    row = [one for one in part.fields if one.row == part.rows - 1]
    if len(row) == 1:
        wide = same(row[0].box.left, part.box.left) and same(row[0].box.right, part.box.right)
        return wide and bool(_fields(row[0]) & _CAPTIONS)
    meant = frozenset().union(*map(_fields, row))
    return len(row) >= _LEAST and all(map(_is_label, row)) and len(meant & _INDICATORS) > 1


def begins_with_label(row: Sequence[Field]) -> bool:
    """Return whether a row begins with a label of its own: of another field, another header, another form."""
    return _is_label(row[0])


def _is_label(one: Field) -> bool:
    """Return whether a cell prints the label of a field, read or not."""
    return bool(_fields(one)) or normalise_label(one.plain) in _others()


def _fields(one: Field) -> frozenset[object]:
    return frozenset(field_labels().get(normalise_label(one.plain), ()))


@cache
def _others() -> frozenset[str]:
    return frozenset(map(normalise_label, words("other-field")))
