"""One project: what its declaration says, how it was read, what is wrong with it, and the tables it stands in."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import JX, JXI

from ..problems import NotFound
from .asking import ask, iri
from .changes import steps
from .corrections import Correction, corrections
from .overview import SEVERITIES
from .places import Place, places_of
from .results import evaluations
from .rules import rule_of
from .scores import score_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from ..answers import Row, Table
    from ..negotiation import Language
    from ..store import Store
    from .changes import Step
    from .results import Evaluation, Result
    from .rules import Rule
    from .scores import Score

QUANTITATIVE: Final = frozenset({"QuantityTarget", "DeadlineTarget", "PeriodTarget"})
"""The kinds of target that count as quantitative (定量), everywhere."""
_SIGNS: Final = {"ge": "≥", "le": "≤", "eq": "=", "gt": ">", "lt": "<"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A cell that something is quoted from, and the property it states there (local name; empty: the thing)."""

    place: Place
    states: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One declaration of a project: its fiscal year (`0000` when unknown) and version (slug and name)."""

    iri: str
    year: str
    version: str
    version_label: str


@dataclass(frozen=True, slots=True)
class Document:
    """The document a declaration stands in; dates are ISO texts, empty when unknown."""

    key: str
    title: str
    published: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a declaration says once. Amounts are in yuan; `declared` is in `money_unit`, as printed."""

    name: str
    code: str
    code_check: bool | None
    unit_key: str
    unit_code: str
    unit: str
    year: str
    year_source: str
    framework: str
    budget: Decimal | None
    declared: Decimal | None
    money_unit: str
    purpose: str | None
    places: Mapping[str, Place]
    """The cell that states a literal, by the local name of its property."""


@dataclass(frozen=True, slots=True)
class Fund:
    """One source of money; `blank`: the cell is printed and empty, which is not 0."""

    source: str
    level: str
    amount: Decimal | None
    declared: Decimal | None
    unit: str
    blank: bool
    place: Place | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """One node of the spending plan: how much of the budget is spent by a day."""

    due: str
    percent: Decimal | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as printed."""

    number: int
    text: str
    horizon: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Target:
    """What must be reached: as printed, and as read (`kind` is the class: QuantityTarget, …)."""

    kind: str
    printed: str
    corrected: str | None
    """The text as a person says that it is to be read."""
    sign: str
    sign_printed: bool
    number: Decimal | None
    upper: Decimal | None
    unit: str
    start: str
    due: str
    scope: str
    """For whom or when, where a form has several targets: a grade, a horizon, a place."""
    place: Place | None
    corrections: tuple[Correction, ...]

    @property
    def text(self) -> str:
        """The text as it is read."""
        return self.printed if self.corrected is None else self.corrected

    @property
    def is_quantitative(self) -> bool:
        """Whether the target counts as 定量."""
        return self.kind in QUANTITATIVE


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of level 3 with its targets."""

    number: int
    iri: str
    anchor: str
    level1: str
    level2: str
    name: str
    description: str | None
    basis: str | None
    weight: Decimal | None
    targets: tuple[Target, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule and what it says, what it is about, the printed text and its cell."""

    rule: Rule
    about: str
    printed: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a source table as it is drawn."""

    place: Place
    rowspan: int
    colspan: int
    text: str
    quoted: bool
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table as it was read, row by row; `where` is its page or sheet."""

    number: int
    where: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Project:
    """What the page of a project shows: one of its declarations."""

    key: str
    edition: Edition
    editions: tuple[Edition, ...]
    facts: Facts
    document: Document | None
    funds: tuple[Fund, ...]
    milestones: tuple[Milestone, ...]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    evaluations: tuple[Evaluation, ...]
    """The self-evaluations that are attached to it."""
    steps: tuple[Step, ...]
    """What its versions changed, the latest step first."""
    findings: tuple[Finding, ...]
    score: Score | None
    """None where the store keeps none."""
    tables: tuple[SourceTable, ...]
    corrections: Mapping[Place, Correction]
    """What persons corrected, by cell."""

    @property
    def findings_by_rule(self) -> tuple[tuple[Finding, ...], ...]:
        """The findings, those of one rule together."""
        return tuple(tuple(group) for _, group in groupby(self.findings, key=attrgetter("rule.name")))

    def results_of(self, indicator: Indicator) -> tuple[Result, ...]:
        """Return what evaluations say was reached of an indicator."""
        found = (evaluation.by_indicator.get(indicator.iri) for evaluation in self.evaluations)
        return tuple(result for result in found if result is not None)

    @property
    def quantified(self) -> int:
        """How many indicators have a quantitative target."""
        return sum(any(target.is_quantitative for target in one.targets) for one in self.indicators)


def project(store: Store, key: str, language: Language, *, year: str = "", version: str = "") -> Project:
    """Return a project by its key; `year` and `version` choose the declaration, else it is the latest.

    Raises `NotFound` when the store has no such declaration.
    """
    editions = _editions(store, key, language)
    edition = _chosen(editions, key, year, version)
    return _Reader(store, edition, language).project(key, editions, language)


def _editions(store: Store, key: str, language: Language) -> tuple[Edition, ...]:
    rows = ask(
        store,
        "declarations-of-project",
        project=iri(f"{JXI}project/{key}"),
        language=ox.Literal(language),
    )
    return tuple(
        Edition(
            row.text("declaration"),
            row.text("year"),
            row.text("version").rpartition("/")[2],
            row.text("versionLabel"),
        )
        for row in rows
    )


def _chosen(editions: tuple[Edition, ...], key: str, year: str, version: str) -> Edition:
    for edition in editions:
        if year in {"", edition.year} and version in {"", edition.version}:
            return edition
    known = ", ".join(f"{edition.year} {edition.version}" for edition in editions)
    asked = f" for {year} {version}".rstrip() if year or version else ""
    raise NotFound(
        f"no declaration of project {key}{asked} is loaded" + (f"; there is {known}" if known else "")
    )


class _Reader:
    """Reads one declaration: every question is asked once, and the cells are looked up in one answer."""

    def __init__(self, store: Store, edition: Edition, language: Language) -> None:
        self._store = store
        self._edition = edition
        self._language = ox.Literal(language)
        self._cells = self._quoted_cells()
        self._corrections = corrections(store, iri(edition.iri))
        self._tables = self._source_tables()
        self._texts = {cell.place: cell.text for table in self._tables for row in table.rows for cell in row}
        self._read = self._texts | {place: one.reading for place, one in self._corrections.items()}

    def project(self, key: str, editions: tuple[Edition, ...], language: Language) -> Project:
        row = self._ask("declaration", language=self._language).rows[0]
        indicators = self._indicators()
        return Project(
            key=key,
            edition=self._edition,
            editions=editions,
            facts=self._facts(row),
            document=_document(row),
            funds=tuple(self._fund(one) for one in self._ask("funds", language=self._language)),
            milestones=tuple(self._milestone(one) for one in self._ask("milestones")),
            goals=tuple(self._goal(one) for one in self._ask("goals", language=self._language)),
            indicators=indicators,
            evaluations=evaluations(self._store, iri(self._edition.iri), self._language),
            steps=steps(self._store, iri(self._edition.iri), self._language),
            findings=self._findings(),
            score=score_of(self._store, self._edition.iri, language),
            tables=self._tables,
            corrections=self._corrections,
        )

    def _ask(self, question: str, **terms: ox.Literal) -> Table:
        return ask(self._store, question, declaration=iri(self._edition.iri), **terms)

    # --- where it stands ---

    def _quoted_cells(self) -> dict[str, list[Quoted]]:
        """Return, by thing, the cells it is quoted from, in the order of the table."""
        cells: dict[str, list[Quoted]] = defaultdict(list)
        for row in self._ask("cells"):
            place = Place(row.count("table"), row.count("row"), row.count("column"))
            cells[row.text("thing")].append(Quoted(place, row.text("property").removeprefix(str(JX))))
        return dict(cells)

    def _place(self, thing: str) -> Place | None:
        """Return the cell that states a thing, the last where several do: a label stands before its value."""
        cells = self._cells.get(thing)
        return cells[-1].place if cells else None

    def _place_of_text(self, thing: str, text: str) -> Place | None:
        """Return the cell of a thing that is read as a text, else the first of its cells."""
        places = [quoted.place for quoted in self._cells.get(thing, [])]
        return next((place for place in places if self._read.get(place) == text), next(iter(places), None))

    # --- what it says ---

    def _facts(self, row: Row) -> Facts:
        return Facts(
            name=row.text("name"),
            code=row.text("code"),
            code_check=row.flag("checked"),
            unit_key=row.text("unit").removeprefix(f"{JXI}unit/"),
            unit_code=row.text("unitCode"),
            unit=row.text("unitName"),
            year=row.text("year"),
            year_source=row.text("yearSource"),
            framework=row.text("framework"),
            budget=row.number("budget"),
            declared=row.number("declared"),
            money_unit=row.text("unitOfMoney"),
            purpose=row.maybe("purpose"),
            places={quoted.states: quoted.place for quoted in self._cells.get(self._edition.iri, ())},
        )

    def _fund(self, row: Row) -> Fund:
        return Fund(
            source=row.text("sourceLabel") or row.text("source").rpartition("/")[2],
            level=row.text("level"),
            amount=row.number("amount"),
            declared=row.number("declared"),
            unit=row.text("unit"),
            blank=bool(row.flag("blank")),
            place=self._place(row.text("fund")),
        )

    def _milestone(self, row: Row) -> Milestone:
        return Milestone(row.text("due"), row.number("percent"), self._place(row.text("milestone")))

    def _goal(self, row: Row) -> Goal:
        return Goal(
            row.count("ordinal"), row.text("text"), row.text("horizon"), self._place(row.text("goal"))
        )

    def _indicators(self) -> tuple[Indicator, ...]:
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self._ask("indicators", language=self._language):
            rows[row.text("indicator")].append(row)
        return tuple(self._indicator(thing, rows[thing]) for thing in rows)

    def _indicator(self, thing: str, rows: list[Row]) -> Indicator:
        first = rows[0]
        return Indicator(
            number=first.count("ordinal"),
            iri=thing,
            anchor=_anchor(thing, self._edition),
            level1=first.text("level1"),
            level2=first.text("level2"),
            name=first.text("name"),
            description=first.maybe("description"),
            basis=first.maybe("basis"),
            weight=first.number("weight"),
            targets=tuple(self._target(row) for row in rows if row.text("target")),
            place=self._place_of_text(thing, first.text("name")),
        )

    def _target(self, row: Row) -> Target:
        scope = (row.text("grade"), row.text("horizon"), row.text("place"))
        return Target(
            kind=row.text("kind"),
            printed=row.text("rawText"),
            corrected=row.maybe("correctedText"),
            sign=_SIGNS.get(row.text("comparator"), ""),
            sign_printed=bool(row.flag("comparatorExplicit")),
            number=row.number("number"),
            upper=row.number("upperNumber"),
            unit=row.text("unit"),
            start=row.text("start"),
            due=row.text("due"),
            scope=" ".join(part for part in scope if part),
            place=self._place(row.text("target")),
            corrections=self._corrected(row.text("target")),
        )

    def _corrected(self, thing: str) -> tuple[Correction, ...]:
        """Return the corrections of the cells that a thing is quoted from."""
        places = dict.fromkeys(quoted.place for quoted in self._cells.get(thing, ()))
        return tuple(self._corrections[place] for place in places if place in self._corrections)

    # --- what is wrong with it, and the tables ---

    def _findings(self) -> tuple[Finding, ...]:
        rows = self._ask("findings", language=self._language).rows
        places = places_of(self._store, [row.text("finding") for row in rows])
        found = [self._finding(row, next(iter(places.get(row.text("finding"), ())), None)) for row in rows]
        return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.rule.severity)))

    def _finding(self, row: Row, place: Place | None) -> Finding:
        return Finding(
            rule=rule_of(row),
            about=row.text("name"),
            printed=self._texts.get(place, "") if place else "",
            place=place,
        )

    def _source_tables(self) -> tuple[SourceTable, ...]:
        quoted = {cell.place for cells in self._cells.values() for cell in cells}
        return tuple(_table(row, quoted, self._corrections) for row in self._ask("tables"))


def _anchor(part: str, edition: Edition) -> str:
    """Return the name of a part on the page: `indicator-4`."""
    return part.removeprefix(f"{edition.iri}/").replace("/", "-")


def _document(row: Row) -> Document | None:
    if not row.text("document"):
        return None
    key = row.text("document").removeprefix(f"{JXI}disclosure/")
    return Document(key, row.text("documentTitle") or key, row.text("published"), row.text("source"))


def _table(row: Row, quoted: set[Place], corrected: Mapping[Place, Correction]) -> SourceTable:
    """Return a table row by row from its `jx:grid`; a row that only spans from above reach into is empty."""
    grid = json.loads(row.text("grid"))
    number = row.count("number")
    rows: list[list[Cell]] = [[] for _ in range(grid["rows"])]
    for line, column, rowspan, colspan, text in sorted(grid["cells"], key=lambda cell: cell[:2]):
        place = Place(number, line, column)
        rows[line - 1].append(Cell(place, rowspan, colspan, text, place in quoted, corrected.get(place)))
    where = row.text("sheet") or row.text("page")
    return SourceTable(number, where, tuple(tuple(cells) for cells in rows))


INDICATOR_COLUMNS: Final = (
    "project", "projectName", "year", "version", "ordinal", "level1", "level2", "name", "description", "basis",
    "weight", "printed", "corrected", "kind", "comparator", "number", "upperNumber", "unit", "startDate", "dueDate",
    "cell", "actual", "attainment", "score",
)  # fmt: skip


def indicator_rows(shown: Project) -> Iterator[dict[str, object]]:
    """Yield the indicators as flat rows with the columns above, one a target."""
    nothing = dict.fromkeys(INDICATOR_COLUMNS)
    for one in shown.indicators:
        row = (
            nothing
            | {
                "project": shown.key,
                "projectName": shown.facts.name,
                "year": shown.edition.year,
                "version": shown.edition.version,
                "ordinal": one.number,
                "level1": one.level1,
                "level2": one.level2,
                "name": one.name,
                "description": one.description,
                "basis": one.basis,
                "weight": one.weight,
            }
            | _result_columns(shown.results_of(one))
        )
        if not one.targets:
            yield row
        yield from (row | _target_columns(target) for target in one.targets)


def _result_columns(results: tuple[Result, ...]) -> dict[str, object]:
    """Return what was reached, where one evaluation says it."""
    if len(results) != 1:
        return {}
    return {"actual": results[0].actual, "attainment": results[0].attainment, "score": results[0].score}


def _target_columns(target: Target) -> dict[str, object]:
    return {
        "printed": target.printed,
        "corrected": target.corrected,
        "kind": target.kind,
        "comparator": target.sign,
        "number": target.number,
        "upperNumber": target.upper,
        "unit": target.unit,
        "startDate": target.start,
        "dueDate": target.due,
        "cell": target.place.anchor.removeprefix("cell-") if target.place else None,
    }
