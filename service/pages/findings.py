"""Findings as people act on them: by department, project and row, and what is in every project of a form once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import JXI
from shapes import Severity
from shapes.report_outline import FEW_PROJECTS
from shapes.report_words import Words
from shapes.row_by_row import row_by_row

from ..addresses import address_of, page_of_declaration
from .asking import ask, iri
from .places import places_of
from .rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from shapes.row_by_row import Row, Shared

    from ..answers import Row as Told
    from ..negotiation import Language
    from ..store import Store
    from .places import Place
    from .quality import Chosen
    from .rules import Rule

PAGE_SIZE: Final = 20
"""Projects on one page."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what is wrong, how to mend it, what is printed, how it was read, and where it stands."""

    rule: Rule
    row: int
    """Number of the indicator; 0 where it is about none."""
    indicator: str
    printed: str
    reading: str
    suggestions: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """Each place in words, and the address below the service at which it is shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A project in one year, a document or a unit: what is found there."""

    address: str
    """Below the service."""
    project: bool
    code: str
    name: str
    year: str
    score: Decimal | None
    total: int
    """Of its findings, those included that are in every project."""
    shared: tuple[Shared[Finding], ...]
    rows: tuple[Row[Finding], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A department and its unit, both empty for whole documents, and its parts."""

    department: str
    unit: str
    unit_key: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class InEvery:
    """A rule that found something in every project of some documents of the page."""

    rule: Rule
    findings: int
    projects: int
    documents: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of projects with their findings; how many there are in all."""

    bodies: tuple[Body, ...]
    in_every: tuple[InEvery, ...]
    number: int
    pages: int
    wholes: int
    """Projects, documents and units with findings."""
    total: int
    """Findings."""


def findings(store: Store, chosen: Chosen, language: Language, *, page: int = 1) -> Page:
    """Return a page of what the rules found, by department, unit, project and row."""
    terms = chosen.terms()
    listed = ask(store, "wholes-with-findings", **terms, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE).rows
    found = _found(store, chosen, language, [row.text("whole") for row in listed])
    in_every = [] if chosen.rule else _in_every(store, language, found.values())
    hidden = {(row.text("document"), row.text("rule")) for row in in_every}
    counts = ask(store, "wholes-with-findings-count", **terms).rows[0]
    return Page(
        bodies=tuple(
            _bodies(listed, {whole: _apart(rows, hidden) for whole, rows in found.items()}, store, language)
        ),
        in_every=_by_rule(in_every),
        number=page,
        pages=max(1, -(-counts.count("wholes") // PAGE_SIZE)),
        wholes=counts.count("wholes"),
        total=counts.count("findings"),
    )


def _found(store: Store, chosen: Chosen, language: Language, wholes: list[str]) -> dict[str, list[Told]]:
    """Return the findings about declarations, documents and units, by their IRIs."""
    terms = chosen.terms()
    asked = ask(
        store,
        "findings-of-wholes",
        wholes=[iri(whole) for whole in wholes],
        rule=terms["rule"],
        severity=terms["severity"],
        language=ox.Literal(language),
    )
    found: dict[str, list[Told]] = defaultdict(list)
    for row in asked:
        found[row.text("whole")].append(row)
    return found


# --- what is in every project ----------------------------------------------------------------------------


def _document(row: Told) -> str:
    """Return the document whose report has a finding."""
    return row.text("finding").rpartition("/finding/")[0]


def meanings(language: Language) -> dict[str, str]:
    """Return what each severity means to who has to mend it, the most serious first."""
    return {severity.value: Words(language).meaning(severity) for severity in Severity}


def _in_every(store: Store, language: Language, found: Iterable[list[Told]]) -> list[Told]:
    documents = {_document(row) for rows in found for row in rows} - {""}
    asked = ask(
        store,
        "rules-in-every-project",
        documents=[iri(document) for document in sorted(documents)],
        few=FEW_PROJECTS,
        language=ox.Literal(language),
    )
    there = {(_document(row), row.text("rule")) for rows in found for row in rows}
    return [row for row in asked if (row.text("document"), row.text("rule")) in there]


def _by_rule(in_every: list[Told]) -> tuple[InEvery, ...]:
    groups: dict[str, list[Told]] = defaultdict(list)
    for row in in_every:
        groups[row.text("rule")].append(row)
    return tuple(_one_rule(rows) for rows in groups.values())


def _one_rule(rows: list[Told]) -> InEvery:
    first = rows[0]
    return InEvery(
        rule=rule_of(first),
        findings=sum(row.count("findings") for row in rows),
        projects=sum(row.count("projects") for row in rows),
        documents=len(rows),
    )


def _apart(rows: list[Told], hidden: set[tuple[str, str]]) -> list[Told]:
    """Return the findings that are not in every project of their document; what is about no project always is one."""
    return [row for row in rows if (_document(row), row.text("rule")) not in hidden]


# --- department, project, row ----------------------------------------------------------------------------


def _bodies(
    listed: Iterable[Told], found: dict[str, list[Told]], store: Store, language: Language
) -> Iterable[Body]:
    places = places_of(store, [row.text("finding") for rows in found.values() for row in rows])
    for _, group in groupby(listed, key=lambda row: (row.text("department"), _unit_of(row))):
        rows = list(group)
        first = rows[0]
        yield Body(
            department=f"{first.text('departmentCode')} {first.text('departmentName')}".strip(),
            unit=_unit_of(first),
            unit_key=first.text("unit").removeprefix(f"{JXI}unit/") if _unit_of(first) else "",
            parts=tuple(_part(row, found.get(row.text("whole"), []), places, language) for row in rows),
        )


def _unit_of(row: Told) -> str:
    return f"{row.text('unitCode')} {row.text('unitName')}".strip()


def _part(whole: Told, rows: list[Told], places: dict[str, tuple[Place, ...]], language: Language) -> Part:
    address = _address(whole.text("whole"), language)
    told = row_by_row(
        _finding(row, places.get(row.text("finding"), ()), whole.text("whole"), language) for row in rows
    )
    return Part(
        address=address,
        project=bool(whole.text("project")),
        code=whole.text("code"),
        name=whole.text("name") or whole.text("title") or _unit_of(whole) or whole.text("whole"),
        year=whole.text("year"),
        score=whole.number("score"),
        total=whole.count("findings"),
        shared=told.shared,
        rows=told.rows,
    )


def _finding(row: Told, places: tuple[Place, ...], whole: str, language: Language) -> Finding:
    shown = [(place.told(language), _cell_address(place, whole, row, language)) for place in places]
    return Finding(
        rule=rule_of(row),
        row=row.count("row"),
        indicator=row.text("indicator"),
        printed=row.text("printed"),
        reading=row.text("reading"),
        suggestions=tuple(filter(None, row.text("suggestions").split("\n"))),
        places=tuple(dict.fromkeys(shown)),
    )


def _address(whole: str, language: Language) -> str:
    """Return the address of the page about a declaration, or of what has a page by its IRI."""
    page = page_of_declaration(whole)
    return f"/{language}/{page}" if page else address_of(whole) or ""


def _cell_address(place: Place, whole: str, row: Told, language: Language) -> str:
    """Return where the cell is shown: on the page of its project, or wherever its IRI leads."""
    if page_of_declaration(whole) and place.cell.startswith(f"{_document(row)}/"):
        return f"{_address(whole, language)}#{place.anchor}"
    return address_of(place.cell) or ""
