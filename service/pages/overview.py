"""The overview: how much is loaded, how far it can be measured, what is wrong with it, what came last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import JXI

from .asking import ask, budget_of
from .kinds import rank

if TYPE_CHECKING:
    from decimal import Decimal

    from ..answers import Row
    from ..negotiation import Language
    from ..store import Store

SEVERITIES: Final = ("Violation", "Warning", "Info")
"""The severities of findings, the gravest first; last segments of their IRIs."""
_LATEST: Final = 8


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is loaded. `budget` is in yuan, over all years and versions."""

    documents: int
    units: int
    projects: int
    declarations: int
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class Year:
    """Projects and budget of one fiscal year (empty when unknown) and version."""

    year: str
    version: str
    declarations: int
    units: int
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class Level:
    """Indicators of one kind: level 1, level 2 (empty when the form has none), and the quantitative ones."""

    level1: str
    level2: str
    indicators: int
    quantified: int

    def plus(self, other: Level) -> Level:
        """Return this kind with another that has the same words: two frameworks share most of theirs."""
        return replace(
            self,
            indicators=self.indicators + other.indicators,
            quantified=self.quantified + other.quantified,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the list of what is loaded; dates are ISO texts, empty when unknown."""

    key: str
    title: str
    file: str
    year: str
    published: str
    loaded: str
    tables: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows."""

    totals: Totals
    years: tuple[Year, ...]
    levels: tuple[Level, ...]
    findings: dict[str, int]
    documents: tuple[Document, ...]

    @property
    def indicators(self) -> int:
        """How many indicators there are."""
        return sum(level.indicators for level in self.levels)

    @property
    def quantified(self) -> int:
        """How many of them have a quantitative target."""
        return sum(level.quantified for level in self.levels)


def overview(store: Store, language: Language) -> Overview:
    """Return what the first page shows."""
    spoken = ox.Literal(language)
    return Overview(
        totals=totals(store),
        years=tuple(_year(row) for row in ask(store, "years", language=spoken)),
        levels=levels(store, language),
        findings=findings_by_severity(store),
        documents=documents(store, limit=_LATEST),
    )


def totals(store: Store) -> Totals:
    """Return how much is loaded."""
    row = ask(store, "totals").rows[0]
    return Totals(
        documents=row.count("documents"),
        units=row.count("units"),
        projects=row.count("projects"),
        declarations=row.count("declarations"),
        budget=row.number("budget"),
    )


def levels(store: Store, language: Language) -> tuple[Level, ...]:
    """Return the kinds of indicators there are, in the order of the forms."""
    quantified = {_kind(row): row.count("quantified") for row in ask(store, "quantified-levels")}
    rows = sorted(
        ask(store, "levels", language=ox.Literal(language)),
        key=lambda row: (rank(row.text("level1")), rank(row.text("level2"))),
    )
    named: dict[tuple[str, str], Level] = {}
    for row in rows:
        one = _level(row, quantified.get(_kind(row), 0))
        known = named.get((one.level1, one.level2))
        named[one.level1, one.level2] = known.plus(one) if known else one
    return tuple(named.values())


def _kind(row: Row) -> tuple[str, str]:
    return row.text("level1"), row.text("level2")


def findings_by_severity(store: Store) -> dict[str, int]:
    """Return how many findings there are of each severity, zeros included."""
    found = {
        row.text("severity").rpartition("#")[2]: row.count("findings") for row in ask(store, "severities")
    }
    return {severity: found.get(severity, 0) for severity in SEVERITIES}


def documents(store: Store, *, limit: int) -> tuple[Document, ...]:
    """Return the documents that were loaded last."""
    return tuple(_document(row) for row in ask(store, "documents", limit=limit))


def _year(row: Row) -> Year:
    version = row.text("versionLabel") or row.text("version").rpartition("/")[2]
    return Year(row.text("year"), version, row.count("declarations"), row.count("units"), budget_of(row))


def _level(row: Row, quantified: int) -> Level:
    return Level(
        row.text("level1Label") or row.text("level1").rpartition("/")[2],
        row.text("level2Label") or row.text("level2").rpartition("/")[2],
        row.count("indicators"),
        quantified,
    )


def _document(row: Row) -> Document:
    key = row.text("document").removeprefix(f"{JXI}disclosure/")
    return Document(
        key=key,
        title=row.text("title") or row.text("ownTitle") or row.text("file") or key,
        file=row.text("file"),
        year=row.text("year"),
        published=row.text("published"),
        loaded=row.text("loaded")[:10],
        tables=row.count("tables"),
    )
