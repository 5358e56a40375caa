"""A file as the entries of a list: every row is read, or every fault is told and there is no list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from loader.errors import LoaderError
from loader.row_tables import rows_of

from . import cells
from .entries import Kind, ListedBody, Population, PriceIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .entries import Entry

MOST_TOLD: Final = 20
"""Faults that one message tells."""
_DIVISION: Final = ("division", "division code", "区划", "区划代码", "行政区划", "行政区划代码", "地区代码")
_PLACE: Final = ("place", "division name", "地区", "区划名称", "行政区划名称", "地名")
_COLUMNS: Final[Mapping[Kind, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        Kind.POPULATION: {
            "division": (*_DIVISION, "code", "代码"),
            "place": (*_PLACE, "name", "名称"),
            "year": ("year", "年份", "年度", "年"),
            "persons": (
                "population", "persons", "number", "人口", "人口数", "常住人口", "年末常住人口", "总人口", "户籍人口",
            ),
        },
        Kind.PRICE_INDEX: {
            "year": ("year", "年份", "年度", "年"),
            "level": ("index", "price index", "指数", "价格指数", "居民消费价格指数", "cpi"),
            "base": ("base", "base year", "基期", "基年"),
            "division": (*_DIVISION, "code", "代码"),
            "place": (*_PLACE, "name", "名称"),
        },
        Kind.UNITS: {
            "name": ("name", "unit", "unit name", "名称", "单位", "单位名称", "机构名称"),
            "code": ("code", "unit code", "代码", "单位代码", "预算单位代码", "预算代码"),
            "credit": ("credit code", "uscc", "统一社会信用代码", "信用代码", "社会信用代码"),
            "division": _DIVISION,
            "place": _PLACE,
        },
    }
)  # fmt: skip
"""The columns of each kind, with the names that they may have."""
_NEEDED: Final[Mapping[Kind, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        Kind.POPULATION: (("division", "place"), ("year",), ("persons",)),
        Kind.PRICE_INDEX: (("year",), ("level",), ("base",)),
        Kind.UNITS: (("name",),),
    }
)
"""Columns of which one must be there."""
_IN: Final = re.compile(r"(.*?)\s*\((人|万人|千人)\)")
_FACTORS: Final = MappingProxyType({"人": 1, "千人": 1_000, "万人": 10_000})


class ListFaults(Exception):
    """The file is no list of its kind; `faults` say where, what stands there and what to do."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(tuple(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """Return the faults, one a line; of many the first."""
        more = [f"and {len(self.faults) - MOST_TOLD} faults more"] if len(self.faults) > MOST_TOLD else []
        return "\n".join([*self.faults[:MOST_TOLD], *more])


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column stands, how it is called, and what its numbers are in."""

    at: int
    heading: str
    factor: int = 1


_Meaning = TypeVar("_Meaning")


class _CellFault(Exception):
    """A cell of a row that cannot be used."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its columns."""

    number: int
    texts: Sequence[str]
    columns: Mapping[str, _Column]

    def text(self, column: str) -> str:
        """Return what stands in a column in half width, empty where there is none."""
        found = self.columns.get(column)
        return cells.plain(self.texts[found.at]) if found and found.at < len(self.texts) else ""

    def read(self, column: str, meaning: Callable[[str], _Meaning]) -> _Meaning:
        """Return what a cell means. Raises `_CellFault` with its place."""
        text = self.text(column)
        try:
            return meaning(text)
        except cells.Misfit as misfit:
            raise _CellFault(self.told(column, str(misfit))) from misfit

    def told(self, column: str, problem: str) -> str:
        """Return a fault in a column as it is told."""
        return f"row {self.number}, {self.columns[column].heading}, “{self.text(column)}”: {problem}"

    def place(self) -> str:
        """Return which column tells the division: that of codes where it is filled in."""
        return "division" if self.text("division") or "place" not in self.columns else "place"


def read_list(data: bytes, kind: Kind) -> tuple[Entry, ...]:
    """Return what a file lists. Raises `ListFaults` where anything in it cannot be read."""
    try:
        texts = rows_of(data)
    except LoaderError as error:
        raise ListFaults([str(error)]) from error
    columns = _columns(texts[0] if texts else [], kind)
    entries: list[Entry] = []
    faults: list[str] = []
    for number, row in enumerate(texts[1:], start=2):
        if any(text.strip() for text in row):
            try:
                entries.append(_READERS[kind](_Row(number, row, columns)))
            except _CellFault as fault:
                faults.append(str(fault))
    faults += _contradictions(entries)
    if faults or not entries:
        raise ListFaults(faults or ["below the names of the columns there is no row"])
    return tuple(entries)


def _columns(headings: Sequence[str], kind: Kind) -> Mapping[str, _Column]:
    """Return where the columns stand. Raises `ListFaults` where one is missing or stands twice."""
    found: dict[str, _Column] = {}
    for at, heading in enumerate(headings):
        named, unit = _heading(heading)
        column = next((column for column, names in _COLUMNS[kind].items() if named in names), None)
        if column in found:
            raise ListFaults(
                [f"the first row names {found[column].heading} and {heading}: leave one of them out"]
            )
        if column is not None:
            found[column] = _Column(at, heading.strip(), _FACTORS.get(unit, 1))
    missing = [columns for columns in _NEEDED[kind] if not found.keys() & set(columns)]
    if missing:
        wanted = ", ".join(" or ".join(_spelt(kind, column) for column in columns) for columns in missing)
        told = ", ".join(heading.strip() for heading in headings if heading.strip()) or "nothing"
        raise ListFaults([f"the first row must name a column {wanted}; it names {told}"])
    return found


def _heading(text: str) -> tuple[str, str]:
    """Return the name of a column as names are compared, and the unit that stands behind it in brackets."""
    name = " ".join(cells.plain(text).casefold().replace("_", " ").split())
    match = _IN.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


def _spelt(kind: Kind, column: str) -> str:
    """Return a name of a column in English and one in Chinese."""
    names = _COLUMNS[kind][column]
    return f"{names[0]} ({next(name for name in names if not name.isascii())})"


# --- what a row says --------------------------------------------------------------------------------------


def _population(row: _Row) -> Population:
    year = row.read("year", cells.year)
    division = row.read(row.place(), lambda text: cells.division(text, year))
    factor = row.columns["persons"].factor
    return Population(
        row.number, division, year, row.read("persons", lambda text: cells.persons(text, factor))
    )


def _price_index(row: _Row) -> PriceIndex:
    year = row.read("year", cells.year)
    located = row.place() in row.columns
    division = row.read(row.place(), lambda text: cells.division_or_country(text, year)) if located else ""
    level, base = row.read("level", cells.price_level), row.read("base", cells.base_year)
    if year == base and level != _BASE_LEVEL:
        raise _CellFault(
            row.told("level", f"the price level of the base year {base} is 100: correct one of them")
        )
    return PriceIndex(row.number, division, year, level, base)


_BASE_LEVEL: Final = 100


def _body(row: _Row) -> ListedBody:
    name = row.text("name")
    if not name:
        raise _CellFault(row.told("name", "the name of a unit is meant: fill it in, or leave the row out"))
    given = row.text(row.place()) if row.place() in row.columns else ""
    division = (
        row.read(row.place(), lambda text: cells.division(text, None))
        if given
        else row.read("name", cells.division_in_name)
    )
    code = row.read("code", cells.unit_code) if "code" in row.columns else ""
    credit = row.read("credit", cells.credit_code) if "credit" in row.columns else ""
    return ListedBody(row.number, name, division, code, credit)


_READERS: Final[Mapping[Kind, Callable[[_Row], Entry]]] = MappingProxyType(
    {Kind.POPULATION: _population, Kind.PRICE_INDEX: _price_index, Kind.UNITS: _body}
)


# --- what rows say together -------------------------------------------------------------------------------


def _contradictions(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what two rows cannot both say."""
    first: dict[object, Entry] = {}
    for entry in entries:
        for key, what in _alone(entry):
            other = first.setdefault(key, entry)
            if other is not entry:
                yield f"row {entry.row}: {what} stands in row {other.row} already: leave one of them out"
        if isinstance(entry, PriceIndex):
            base = first.setdefault(("base", entry.division), entry)
            if isinstance(base, PriceIndex) and base.base != entry.base:
                yield (
                    f"row {entry.row}: the base is {entry.base}, and in row {base.row} it is {base.base}: bring the "
                    "list to one base"
                )


def _alone(entry: Entry) -> Iterator[tuple[object, str]]:
    """Yield what only one row may tell of: a key to compare by, and how it is told."""
    if isinstance(entry, ListedBody):
        if entry.code:
            yield ("code", entry.division, entry.code), f"unit {entry.code} of {entry.division}"
        if entry.credit_code:
            yield ("credit", entry.credit_code), f"the credit code {entry.credit_code}"
        if not entry.code and not entry.credit_code:
            yield ("name", entry.division, entry.name), f"{entry.name} of {entry.division}"
    else:
        yield (entry.division, entry.year), f"{entry.division or 'the whole country'} in {entry.year}"
