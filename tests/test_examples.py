"""The shipped examples say what their makers counted in them by hand, and the loader reads just that."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loader import convert, model
from ontology import project_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import URIRef

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SEED_EXAMPLE = "130202-203001-2025.docx"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CASES = rows_of(ROOT / "tests" / "examples.csv")


@cache
def read(name: str) -> model.Disclosure:
    """Return what the loader reads in one example."""
    return convert((EXAMPLES / name).read_bytes()).disclosure


# --- what can be counted in a disclosure --------------------------------------------------------------


def funds(disclosure: model.Disclosure) -> list[model.Fund]:
    return [fund for declaration in disclosure.declarations for fund in declaration.funds]


def indicators(disclosure: model.Disclosure) -> list[model.Indicator]:
    return [indicator for declaration in disclosure.declarations for indicator in declaration.indicators]


def units(disclosure: model.Disclosure) -> int:
    return len({declaration.unit.code for declaration in disclosure.declarations if declaration.unit})


def wrong_check_characters(disclosure: model.Disclosure) -> int:
    codes = [declaration.code for declaration in disclosure.declarations]
    parsed = [project_codes.parse(code.text) for code in codes if code]
    return sum(code is not None and not code.check_ok for code in parsed)


def yuan(amounts: Iterator[model.Money | None]) -> Decimal:
    return sum((amount.yuan for amount in amounts if amount and amount.yuan is not None), Decimal(0))


def budget_yuan(disclosure: model.Disclosure) -> Decimal:
    return yuan(declaration.budget for declaration in disclosure.declarations)


def blank_fund_lines(disclosure: model.Disclosure) -> int:
    return sum(fund.amount.declared is None for fund in funds(disclosure))


def blank_purposes(disclosure: model.Disclosure) -> int:
    purposes = [declaration.purpose for declaration in disclosure.declarations]
    return sum(purpose is not None and not purpose.text.strip() for purpose in purposes)


def blank(printed: model.Printed | None) -> bool:
    """Tell whether a cell is printed and left blank; a field the form lacks is None, and not blank."""
    return printed is not None and not printed.text.strip()


def at_level(slug: str) -> Callable[[model.Disclosure], int]:
    """Return a count of the indicators whose level-1 concept ends in `slug`, in either framework."""

    def count(disclosure: model.Disclosure) -> int:
        return sum(slug == last_segment(indicator.level1_concept) for indicator in indicators(disclosure))

    return count


def read_as(kind: type[model.Reading]) -> Callable[[model.Disclosure], int]:
    """Return a count of the target values read as one kind."""

    def count(disclosure: model.Disclosure) -> int:
        targets = [target for indicator in indicators(disclosure) for target in indicator.targets]
        return sum(isinstance(target.reading, kind) for target in targets)

    return count


def noticed(kind: model.NoteKind) -> Callable[[model.Disclosure], int]:
    """Return a count of the notes of one kind."""
    return lambda disclosure: sum(note.kind is kind for note in disclosure.notes)


def last_segment(iri: URIRef | None) -> str:
    return str(iri or "").rpartition("/")[2]


FIGURES: dict[str, Callable[[model.Disclosure], int | Decimal | None]] = {
    "year": lambda disclosure: disclosure.year,
    "units": units,
    "projects": lambda disclosure: len(disclosure.declarations),
    "wrong_check_characters": wrong_check_characters,
    "budget_yuan": budget_yuan,
    "fund_lines": lambda disclosure: len(funds(disclosure)),
    "blank_fund_lines": blank_fund_lines,
    "fund_yuan": lambda disclosure: yuan(fund.amount for fund in funds(disclosure)),
    "milestones": lambda disclosure: sum(len(each.milestones) for each in disclosure.declarations),
    "goals": lambda disclosure: sum(len(each.goals) for each in disclosure.declarations),
    "blank_purposes": blank_purposes,
    "sections": lambda disclosure: len(disclosure.sections),
    "indicators": lambda disclosure: len(indicators(disclosure)),
    "cost": at_level("cost"),
    "output": at_level("output"),
    "benefit": at_level("benefit"),
    "satisfaction": at_level("satisfaction"),
    "framework_2021": lambda disclosure: sum(
        last_segment(each.framework) == "indicator-2021" for each in disclosure.declarations
    ),
    "blank_descriptions": lambda disclosure: sum(blank(each.description) for each in indicators(disclosure)),
    "blank_bases": lambda disclosure: sum(blank(each.basis) for each in indicators(disclosure)),
    "quantity": read_as(model.Quantity),
    "deadline": read_as(model.Deadline),
    "period": read_as(model.Period),
    "qualitative": read_as(model.Qualitative),
    "deferred": read_as(model.Deferred),
    "unset": read_as(model.Unset),
    "unreadable": read_as(model.Unreadable),
    "evaluations": lambda disclosure: len(disclosure.evaluations),
    "results": lambda disclosure: sum(len(each.results) for each in disclosure.evaluations),
    "watermarks": noticed(model.NoteKind.WATERMARK),
    "stray_bookmarks": noticed(model.NoteKind.BOOKMARK),
    "form_guidance": noticed(model.NoteKind.FORM_GUIDANCE),
    "missing_tables": noticed(model.NoteKind.MISSING_TABLE),
}


# --- the tests ----------------------------------------------------------------------------------------


def test_there_are_five_examples_and_each_is_counted_and_catalogued() -> None:
    """Every shipped document has its figures here and its title and date in the catalogue."""
    shipped = {path.name for path in EXAMPLES.iterdir()} - {"README.md", "catalogue.csv"}
    catalogue = rows_of(EXAMPLES / "catalogue.csv")
    assert len(shipped) == 5
    assert {case["file"] for case in CASES} == shipped
    assert {row["file"] for row in catalogue} == shipped
    assert all(row["title"] and row["published"] for row in catalogue)


def test_every_column_of_the_figures_is_compared() -> None:
    """No column of examples.csv is left unread, and no figure is left out of it."""
    assert {column for case in CASES for column in case} == {"file", *FIGURES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_the_loader_reads_the_figures_of_an_example(case: dict[str, str]) -> None:
    """Projects, money, indicators and kinds of values are those counted in the document."""
    disclosure = read(case["file"])
    expected = {name: Decimal(case[name]) for name in FIGURES}
    assert {name: figure(disclosure) for name, figure in FIGURES.items()} == expected


def test_the_first_example_keeps_the_facts_of_the_seed(seed: Path) -> None:
    """Codes, names, budgets, levels, values and bases are those of the seed; no sentence of its prose is."""
    original = convert((seed / "seed.docx").read_bytes()).disclosure
    example = read(SEED_EXAMPLE)
    assert [facts(each) for each in example.declarations] == [facts(each) for each in original.declarations]
    assert len(example.declarations) == 19
    assert not sentences(example) & sentences(original)


def facts(declaration: model.Declaration) -> tuple[object, ...]:
    """Return what the first example shares with the seed."""
    rows = [
        (row.level1_concept, row.level2_concept, row.name.text, row.targets[0].reading.raw, text(row.basis))
        for row in declaration.indicators
    ]
    budget = declaration.budget.yuan if declaration.budget else None
    return text(declaration.code), text(declaration.name), budget, rows


def text(printed: model.Printed | None) -> str | None:
    return printed.text if printed else None


def sentences(disclosure: model.Disclosure) -> set[str]:
    """Return the purposes and goals of every project and the prose of every section."""
    declarations = disclosure.declarations
    purposes = {each.purpose.text.strip() for each in declarations if each.purpose}
    goals = {goal.text.strip() for each in declarations for goal in each.goals}
    prose = {section.text.strip() for section in disclosure.sections}
    return (purposes | goals | prose) - {""}
