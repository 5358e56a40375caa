"""Small disclosures, a folder each: what is printed, and all that is read from it.

`source.*` is the document, `expected.ttl` everything stated about what it declares (not where it stands),
`report.txt` what the load report says in both languages, `README.md` what the case is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from disclosure_cases import CASES, HOW_MANY

import loader
from loader.load_report_text import as_text
from loader.model import NoteKind
from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

_PLACES = (PREFIXES["prov"] + "wasQuotedFrom", PREFIXES["prov"] + "hadPrimarySource")
_NOT_COMPARED = (PREFIXES["jxi"] + "disclosure/", PREFIXES["jxc"])


def test_the_cases_are_all_there() -> None:
    """The list of cases does not shrink in silence, and each says what it is about."""
    assert len(CASES) == HOW_MANY
    assert all((case / "README.md").read_text(encoding="utf-8").strip() for case in CASES)


def test_every_kind_of_note_has_a_case() -> None:
    """Whatever the loader can notice is noticed in some disclosure here."""
    noticed = {note.kind for case in CASES for note in _convert(case).report.notes}
    assert set(NoteKind) - noticed == set()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_disclosure_states_exactly_what_is_expected(case: Path) -> None:
    """Nothing is missing, and nothing is invented."""
    stated = stated_by(_convert(case))
    expected = {quad.triple for quad in ox.parse(path=str(case / "expected.ttl"))}
    assert stated - expected == set()
    assert expected - stated == set()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_load_report_says_what_was_read_and_what_was_not(case: Path) -> None:
    """The account of tables, cells and notes is part of what a disclosure gives, in Chinese and in English."""
    report = _convert(case).report
    told = f"{as_text(report)}\n\n{as_text(report, 'en')}\n"
    assert told == (case / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_cell_is_accounted_for(case: Path) -> None:
    """Labels, statements, blanks, unread and skipped cells add up to all cells."""
    told = _convert(case).disclosure
    assert told.cells.total == sum(len(reading.table.cells) for reading in told.tables)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_value_is_quoted_from_cells_that_print_it(case: Path) -> None:
    """Also where a table is set upright before it is read."""
    told = _convert(case).disclosure
    cells = {
        (reading.table.number, cell.row, cell.column): cell.text
        for reading in told.tables
        for cell in reading.table.cells
    }
    targets = [target for form in told.declarations for row in form.indicators for target in row.targets]
    for target in targets:
        printed = [cells[each.table, each.row, each.column] for each in target.quotes]
        assert printed
        assert all(text in target.reading.raw or target.reading.raw in text for text in printed)


def _convert(case: Path) -> loader.Conversion:
    (source,) = case.glob("source.*")
    return loader.convert(source.read_bytes())


def stated_by(conversion: loader.Conversion) -> set[ox.Triple]:
    """Return what a document states of declarations and of shared things, without places in the document."""
    return {
        quad.triple
        for quad in ox.parse(conversion.nquads, format=ox.RdfFormat.N_QUADS)
        if not quad.subject.value.startswith(_NOT_COMPARED) and quad.predicate.value not in _PLACES
    }
