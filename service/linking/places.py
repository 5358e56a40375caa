"""The divisions that somebody names beside a thing: by an IRI, by a code, or by a name that several may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ontology.identifiers import UNKNOWN_DIVISION

from .index import CERTAIN
from .scoring import Asked
from .things import DIVISION

if TYPE_CHECKING:
    from .index import Index

_DIVISION: Final = re.compile(r"(?:.*/)?([0-9]{6})(?:[0-9]{3}|[0-9]{6})?/?")
"""A code of a county or above, also with the digits of townships (9) and villages (12); it may end an IRI."""
_A_NUMBER: Final = re.compile(r"[0-9]+")
_MOST: Final = 50
_NOWHERE: Final = (UNKNOWN_DIVISION,)


def places_of(index: Index, value: str) -> tuple[str, ...]:
    """Return the codes of the divisions that a value names: an IRI or a code, or a name that several may have.

    What names none is the code of no division; so is a number that is not of 6, 9 or 12 digits.
    """
    match = _DIVISION.fullmatch(value)
    if match:
        return (match[1],)
    if _A_NUMBER.fullmatch(value):
        return _NOWHERE
    found = index.candidates(Asked(value), frozenset([DIVISION]), _MOST)
    best = max((one.score for one in found), default=0.0)
    return tuple(one.thing.division for one in found if one.score == best >= CERTAIN) or _NOWHERE
