"""The order in which the forms print the kinds of indicators, whichever framework they follow."""

from __future__ import annotations

from typing import Final

_ORDER: Final = (
    "output", "quantity", "quality", "timeliness",
    "cost", "cost-economic", "cost-social", "cost-environment",
    "benefit", "economic", "social", "ecological", "sustainability",
    "satisfaction", "satisfaction-service",
)  # fmt: skip


def rank(concept: str) -> int:
    """Return where a concept of level 1 or 2 comes in the forms; what they do not know comes last.

    >>> rank("https://w3id.org/jixiao/code/indicator-2015/quality")
    2
    """
    slug = concept.rpartition("/")[2]
    return _ORDER.index(slug) if slug in _ORDER else len(_ORDER)
