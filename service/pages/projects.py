"""The list of projects: filtered, sorted, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pyoxigraph as ox

from ontology.namespaces import JXC, JXI

from .asking import Term, ask, budget_of, iri

if TYPE_CHECKING:
    from decimal import Decimal

    from ..answers import Row
    from ..store import Store

PAGE_SIZE: Final = 100
EVERY_ROW: Final = 1_000_000
LEVELS: Final = ("output", "benefit", "satisfaction", "cost")
"""The kinds of level 1 that a project may lack; last segments of their IRIs."""
_FRAMEWORKS: Final = ("indicator-2015", "indicator-2021")

Lacking = Literal["", "output", "benefit", "satisfaction", "cost"]
Sort = Literal["", "budget", "name", "score"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which projects: an empty text restricts nothing. `unit` is the key of a unit or department."""

    q: str = ""
    unit: str = ""
    year: str = ""
    lacking: Lacking = ""
    sort: Sort = ""

    def terms(self) -> dict[str, Term | tuple[Term, ...]]:
        """Return the terms of the parameters that the questions on projects share."""
        return {
            "words": ox.Literal(self.q.strip().lower()),
            "anyBody": ox.Literal(not self.unit),
            "body": iri(f"{JXI}unit/{self.unit}"),
            "year": ox.Literal(self.year),
            "lacking": _kinds_of(self.lacking),
        }


@dataclass(frozen=True, slots=True)
class Project:
    """One declaration in a list: `key` and `unit_key` are the last parts of IRIs; the budget is in yuan."""

    key: str
    code: str
    name: str
    unit_key: str
    unit: str
    year: str
    version: str
    budget: Decimal | None
    indicators: int
    quantified: int
    findings: int
    score: Decimal | None
    """From 0 to 100; None where the store keeps none."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the rows, which page it is (from 1), and how much there is in all."""

    projects: tuple[Project, ...]
    number: int
    pages: int
    total: int
    budget: Decimal | None
    """Of those of which it is known, in yuan."""
    unbudgeted: int
    """How many state none."""


def projects(store: Store, chosen: Filter, *, page: int = 1, size: int = PAGE_SIZE) -> Page:
    """Return a page of the projects that pass the filter."""
    terms = chosen.terms()
    rows = ask(
        store,
        "projects",
        **terms,
        sort=ox.Literal(chosen.sort),
        limit=size,
        offset=(page - 1) * size,
    )
    summary = ask(store, "projects-count", **terms).rows[0]
    total = summary.count("declarations")
    return Page(
        projects=_with_counts(store, rows.rows),
        number=page,
        pages=max(1, -(-total // size)),
        total=total,
        budget=budget_of(summary),
        unbudgeted=total - summary.count("budgets"),
    )


def _kinds_of(level: str) -> tuple[ox.NamedNode, ...]:
    """Return the concepts of a kind in each framework; none where none is chosen."""
    return tuple(ox.NamedNode(f"{JXC}{framework}/{level}") for framework in _FRAMEWORKS if level)


def years(store: Store) -> tuple[str, ...]:
    """Return the fiscal years there are declarations of, the latest first."""
    return tuple(dict.fromkeys(row.text("year") for row in ask(store, "years", language=ox.Literal("zh"))))


def _with_counts(store: Store, rows: tuple[Row, ...]) -> tuple[Project, ...]:
    """Return the rows as projects, each with its counts of indicators and findings."""
    declarations = [iri(row.text("declaration")) for row in rows]
    indicators = {
        row.text("declaration"): row
        for row in ask(store, "indicators-of-declarations", declarations=declarations)
    }
    findings = {
        row.text("declaration"): row.count("findings")
        for row in ask(store, "findings-of-declarations", declarations=declarations)
    }
    return tuple(_project(row, indicators, findings) for row in rows)


def _project(row: Row, indicators: dict[str, Row], findings: dict[str, int]) -> Project:
    declaration = row.text("declaration")
    counts = indicators.get(declaration)
    return Project(
        key=row.text("project").removeprefix(f"{JXI}project/"),
        code=row.text("code"),
        name=row.text("name"),
        unit_key=row.text("unit").removeprefix(f"{JXI}unit/"),
        unit=row.text("unitName"),
        year=row.text("year"),
        version=row.text("version").rpartition("/")[2],
        budget=row.number("budget"),
        indicators=counts.count("indicators") if counts else 0,
        quantified=counts.count("quantified") if counts else 0,
        findings=findings.get(declaration, 0),
        score=row.number("score"),
    )
