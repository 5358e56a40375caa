"""Departments and their budget units: the list, and one of them with its projects and overall targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JXI

from ..problems import NotFound
from .asking import ask, budget_of, iri
from .projects import Filter, Page, projects

if TYPE_CHECKING:
    from ..answers import Row
    from ..store import Store

_FINEST: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Unit:
    """A budget unit in one fiscal year: its key, code and name, its projects and their budgets in yuan."""

    key: str
    code: str
    name: str
    year: str
    declarations: int
    budget: Decimal | None
    department_key: str
    department_code: str
    department: str
    division: str
    score: Decimal | None
    """Mean of the scores of its projects; None where none has a score."""
    weighted_score: Decimal | None
    """Weighted by budget; None where no budget is known."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its units; `key` is empty for units whose department is unknown."""

    key: str
    code: str
    name: str
    division: str
    units: tuple[Unit, ...]

    @property
    def score(self) -> Decimal | None:
        """Mean of the scores of all projects of its units; None where none has a score."""
        scored = [(unit.score, unit.declarations) for unit in self.units if unit.score is not None]
        projects = sum(count for _, count in scored)
        return sum((score * count for score, count in scored), Decimal(0)) / projects if projects else None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a department's overall targets."""

    year: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A department or unit with what it declares; `derived`: it is inferred from a unit's code."""

    key: str
    code: str
    name: str
    division: str
    derived: bool
    department: Department | None
    units: tuple[Unit, ...]
    sections: tuple[Section, ...]
    page: Page


def departments(store: Store) -> tuple[Department, ...]:
    """Return every department with its units, in the order of divisions and codes."""
    found = units(store)
    return tuple(
        Department(*identity, units=tuple(members))
        for identity, members in groupby(found, key=_department_of)
    )


def units(store: Store) -> tuple[Unit, ...]:
    """Return every budget unit that declares anything, a row a fiscal year."""
    return tuple(_unit(row) for row in ask(store, "units"))


def body(store: Store, key: str, *, page: int) -> Body:
    """Return a department or unit by its key, `130202/203001`; `NotFound` when nothing loaded names it."""
    thing = iri(f"{JXI}unit/{key}")
    told = ask(store, "body", body=thing).rows
    if not told:
        raise NotFound(f"no department or unit with the key {key} is loaded")
    row = told[0]
    return Body(
        key=key,
        code=row.text("code"),
        name=row.text("name") or key,
        division=row.text("divisionName"),
        derived=bool(row.flag("derived")),
        department=_parent(row),
        units=tuple(unit for unit in units(store) if unit.department_key == key),
        sections=tuple(
            Section(section.text("year"), section.text("heading"), section.text("text"))
            for section in ask(store, "sections", body=thing)
        ),
        page=projects(store, Filter(unit=key), page=page),
    )


def _parent(row: Row) -> Department | None:
    if not row.text("department"):
        return None
    return Department(
        key=_key(row.text("department")),
        code=row.text("departmentCode"),
        name=row.text("departmentName"),
        division=row.text("divisionName"),
        units=(),
    )


def _department_of(unit: Unit) -> tuple[str, str, str, str]:
    return unit.department_key, unit.department_code, unit.department, unit.division


def _key(body_iri: str) -> str:
    return body_iri.removeprefix(f"{JXI}unit/")


def _unit(row: Row) -> Unit:
    return Unit(
        key=_key(row.text("unit")),
        code=row.text("code"),
        name=row.text("name"),
        year=row.text("year"),
        declarations=row.count("declarations"),
        budget=budget_of(row),
        department_key=_key(row.text("department")),
        department_code=row.text("departmentCode"),
        department=row.text("departmentName"),
        division=row.text("divisionName"),
        score=_ratio(row.number("points"), row.number("scored")),
        weighted_score=_ratio(row.number("weightedPoints"), row.number("weight")),
    )


def _ratio(points: Decimal | None, weight: Decimal | None) -> Decimal | None:
    return (points / weight).quantize(_FINEST) if points is not None and weight else None
