"""A printed value with the cells around it: what every clause of the grammar looks at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ontology.units import plain

from .numbers import compact, comparator

if TYPE_CHECKING:
    from ontology.units import Unit

    from .model import Comparator

_NOTHING = re.compile(r"[-/\\*×.…_]*|无")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_EDGES = "。;,、:\"“”'"


@dataclass(frozen=True)
class Printed:
    """A value as printed, the cells beside it (empty where the form has none), and what is known of it."""

    text: str
    comparator_cell: str = ""
    unit_cell: str = ""
    name_cell: str = ""
    year: int | None = None
    """The fiscal year of the table."""
    money: Unit | None = None
    """A unit of money where the indicator or its column is money."""

    @cached_property
    def compact(self) -> str:
        """The value in compact form, without brackets around it all or marks at its edges."""
        text = compact(self.text).strip(_EDGES).rstrip(".")
        return text[1:-1] if _IN_BRACKETS.fullmatch(text) else text

    @cached_property
    def comparator(self) -> Comparator | None:
        """The comparator of the comparator cell; a polarity (正向, 定性) is none."""
        return comparator(re.sub(r"\([^()]*\)$", "", plain(self.comparator_cell)))

    @cached_property
    def unit_text(self) -> str:
        """The unit cell, plain, without brackets around it; empty for a dash."""
        text = plain(self.unit_cell)
        text = text[1:-1] if _IN_BRACKETS.fullmatch(text) else text
        return "" if _NOTHING.fullmatch(text) else text

    @cached_property
    def name(self) -> str:
        """The indicator's name, plain."""
        return plain(self.name_cell)

    @cached_property
    def raw(self) -> str:
        """The value as printed, with the cells beside it unless the value already says what they say."""
        after = self.unit_cell if self.unit_text else ""
        after = "" if compact(self.text).endswith(compact(after)) else after
        return f"{self.without_unit}{after}"

    @cached_property
    def without_unit(self) -> str:
        """The value as printed, with the comparator beside it: a unit is none of a phrase or a day."""
        before = self.comparator_cell if self.comparator else ""
        before = "" if compact(self.text).startswith(plain(before)) else before
        return f"{before}{self.text}"
