"""What the rows of a list say, and what is known of the list itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal


class Kind(StrEnum):
    """What a list tells of; the value is the slug in `jxc:list-kind/`."""

    POPULATION = "population"
    PRICE_INDEX = "price-index"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Population:
    """The persons who live in a division in a year."""

    row: int
    division: str
    year: int
    persons: int


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """The price level of a year, that of the base year being 100."""

    row: int
    division: str
    """Empty for the whole country."""
    year: int
    level: Decimal
    base: int


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A unit by its name, and the codes that the list gives, empty where it gives none."""

    row: int
    name: str
    division: str
    code: str
    credit_code: str


Entry: TypeAlias = Population | PriceIndex | ListedBody


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a list: where it is from is always told."""

    name: str
    """As it stands in the IRI of its graph."""
    kind: Kind
    title: str
    source: str
    """An address, or the words of whoever loaded it."""
    file: str
    loaded: datetime
    licence: str = ""
    """An address or words."""
    published: date | None = None
