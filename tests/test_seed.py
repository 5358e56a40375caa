"""The first complete disclosure, as text and as Word: every figure, every cell, every source."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest

import loader
from loader.layouts.labels import fields_of, inline_field, month_of
from ontology.namespaces import JX, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("seed.txt", "seed.docx")


@pytest.fixture(scope="module", params=FORMATS)
def conversion(request: pytest.FixtureRequest, seed: Path) -> loader.Conversion:
    """The seed, converted from each of its formats."""
    return loader.convert((seed / request.param).read_bytes())


@pytest.fixture(scope="module")
def store(conversion: loader.Conversion) -> ox.Store:
    """The quads of the seed in an engine of their own."""
    engine = ox.Store()
    engine.load(conversion.nquads, format=ox.RdfFormat.N_QUADS)
    return engine


def _rows(store: ox.Store, sparql: str) -> list[tuple[str, ...]]:
    solutions = store.query(PROLOGUE + sparql, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in solution) for solution in solutions]


def _count(store: ox.Store, pattern: str) -> int:
    return int(_rows(store, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")[0][0])


class Figure(NamedTuple):
    """A figure of the seed, counted by hand in the published document."""

    what: str
    pattern: str
    count: int


FIGURES = (
    Figure("projects", "?x a jx:Project", 19),
    Figure("declarations", "?x a jx:Declaration", 19),
    Figure("indicators", "?x a jx:Indicator", 122),
    Figure("output indicators", "?x jx:level1 <https://w3id.org/jixiao/code/indicator-2015/output>", 76),
    Figure("benefit indicators", "?x jx:level1 <https://w3id.org/jixiao/code/indicator-2015/benefit>", 27),
    Figure("satisfaction", "?x jx:level1 <https://w3id.org/jixiao/code/indicator-2015/satisfaction>", 19),
    Figure("milestones", "?x a jx:Milestone", 76),
    Figure("fund lines", "?x a jx:Fund", 38),
    Figure("blank fund lines", "?x a jx:Fund ; jx:blank true", 19),
    Figure("blank fund lines with an amount", "?x a jx:Fund ; jx:blank true ; jx:amount ?y", 0),
    Figure("goals", "?x a jx:Goal", 19),
    Figure("right check characters", "?x jx:codeCheck true", 19),
    Figure("wrong check characters", "?x jx:codeCheck false", 0),
    Figure("sections", "?x a jx:Section", 3),
    Figure("units", "?x a jx:BudgetUnit", 1),
    Figure("departments, derived", "?x a jx:Department ; jx:derived true", 1),
    Figure("targets", "?x a jx:TargetValue", 122),
    Figure("deadlines", "?x a jx:DeadlineTarget", 3),
    Figure("deferred targets", "?x a jx:DeferredTarget", 3),
    Figure("qualitative targets", "?x a jx:QualitativeTarget", 32),
    Figure("unreadable targets", "?x a jx:UnreadableTarget", 1),
    Figure("quantities", "?x a jx:QuantityTarget", 83),
)


@pytest.mark.parametrize("figure", FIGURES, ids=[figure.what for figure in FIGURES])
def test_the_graph_holds_what_the_document_prints(store: ox.Store, figure: Figure) -> None:
    """Each figure is counted in the graph."""
    assert _count(store, figure.pattern) == figure.count


def test_the_budgets_add_up_to_the_sum_of_the_document(store: ox.Store) -> None:
    """19,407,000 yuan in 19 budgets."""
    rows = _rows(store, "SELECT (SUM(?b) AS ?sum) (COUNT(?b) AS ?n) { ?d jx:budget ?b }")
    assert [(Decimal(total), int(n)) for total, n in rows] == [(Decimal(19_407_000), 19)]


def test_the_worked_example_of_the_ontology_is_what_comes_out(seed: Path) -> None:
    """Project 14, indicator 4, as the ontology's documentation writes it out, cell included."""
    nquads = loader.convert((seed / "seed.txt").read_bytes()).nquads.decode()
    declaration = "https://w3id.org/jixiao/id/declaration/13020225P00911610001G/2025/initial"
    target = f"<{declaration}/indicator/4/target/1>"
    said = {
        (line.split(" ", 2)[1], line.split(" ", 2)[2].rsplit(" ", 2)[0])
        for line in nquads.splitlines()
        if line.startswith(target)
    }
    table = "https://w3id.org/jixiao/id/disclosure/76d69da8b0e4e61c/table/14"
    decimal, boolean = f"<{PREFIXES['xsd']}decimal>", f"<{PREFIXES['xsd']}boolean>"
    assert said == {
        (f"<{PREFIXES['rdf']}type>", f"<{JX.TargetValue}>"),
        (f"<{PREFIXES['rdf']}type>", f"<{JX.QuantityTarget}>"),
        (f"<{JX.rawText}>", '"8万元/队/年"'),
        (f"<{JX.comparator}>", "<https://w3id.org/jixiao/code/comparator/eq>"),
        (f"<{JX.comparatorExplicit}>", f'"false"^^{boolean}'),
        (f"<{JX.number}>", f'"8"^^{decimal}'),
        (f"<{JX.unit}>", "<https://w3id.org/jixiao/code/unit/wan-yuan-per-team-year>"),
        (f"<{JX.unitExplicit}>", f'"true"^^{boolean}'),
        (f"<{JX.baseNumber}>", f'"80000"^^{decimal}'),
        (f"<{PREFIXES['prov']}wasQuotedFrom>", f"<{table}/cell/12-5>"),
    }


def test_conversion_is_a_pure_function_of_the_bytes(seed: Path) -> None:
    """Another process, with another hash seed, writes the same quads."""
    here = loader.convert((seed / "seed.docx").read_bytes()).nquads
    program = "import sys, loader; sys.stdout.buffer.write(loader.convert(sys.stdin.buffer.read()).nquads)"
    there = subprocess.run(
        [sys.executable, "-c", program],
        input=(seed / "seed.docx").read_bytes(),
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PATH": ""},
    )
    assert there.stdout == here


# --- no cell is lost ----------------------------------------------------------------------------------


def test_every_cell_is_accounted_for(conversion: loader.Conversion) -> None:
    """Labels, statements and blanks add up to all cells; nothing is left unread."""
    told = conversion.disclosure
    assert told.cells.total == sum(len(reading.table.cells) for reading in told.tables)
    assert (told.cells.unread, told.cells.skipped) == (0, 0)
    assert told.cells.stated == 914


def test_the_grids_print_every_table_again(conversion: loader.Conversion, store: ox.Store) -> None:
    """From the graph alone, each table comes back cell by cell."""
    grids = {
        int(number): json.loads(grid)
        for number, grid in _rows(store, "SELECT ?n ?g { ?t jx:tableNumber ?n ; jx:grid ?g }")
    }
    tables = {reading.table.number: reading.table for reading in conversion.disclosure.tables}
    assert grids.keys() == tables.keys()
    for number, table in tables.items():
        cells = [[c.row, c.column, c.rowspan, c.colspan, c.text] for c in table.cells]
        assert grids[number] == {"rows": table.rows, "columns": table.columns, "cells": cells}


def test_the_statements_print_every_cell_again(conversion: loader.Conversion, store: ox.Store) -> None:
    """Each cell with text is a label of the form, or its text can be written from what quotes it."""
    written = _written_from_statements(store)
    stated = 0
    for reading in conversion.disclosure.tables:
        for cell in reading.table.cells:
            key = (reading.table.number, cell.row, cell.column)
            if _plain(cell.text) in written.get(key, ()):
                stated += 1
            else:
                assert not cell.text.strip() or _is_label(cell.text), (key, cell.text, written.get(key))
    blank_funds, money_units = 19, 19
    assert stated == conversion.disclosure.cells.stated - blank_funds - money_units


def _is_label(text: str) -> bool:
    return bool(fields_of(text) or month_of(text) or inline_field(text))


def _plain(text: str) -> str:
    return "".join(text.split())


# How the text of a cell is written from a thing that quotes it.
_PRINTS = """SELECT ?table ?row ?column ?text {
    ?thing prov:wasQuotedFrom ?cell .
    ?cell jx:inTable/jx:tableNumber ?table ; jx:rowNumber ?row ; jx:columnNumber ?column .
    { ?thing jx:projectName|jx:purpose|jx:name|jx:description|jx:basis|jx:level1Text|jx:level2Text ?text }
    UNION { ?thing jx:rawText ?text }
    UNION { ?thing jx:ofProject/jx:projectCode ?text }
    UNION { ?thing jx:declaredBy/jx:unitCode ?code ; jx:unitName ?name BIND(CONCAT(?code, ?name) AS ?text) }
    UNION { ?thing jx:ordinal ?n ; dcterms:description ?goal BIND(CONCAT(STR(?n), ".", ?goal) AS ?text) }
    UNION { ?thing jx:cumulativePercent ?share BIND(CONCAT(STR(?share), "%") AS ?text) }
}"""
_AMOUNTS = """SELECT ?table ?row ?column ?amount {
    ?thing prov:wasQuotedFrom ?cell ; jx:declaredAmount ?amount .
    ?cell jx:inTable/jx:tableNumber ?table ; jx:rowNumber ?row ; jx:columnNumber ?column .
}"""


def _written_from_statements(store: ox.Store) -> Mapping[tuple[int, int, int], set[str]]:
    written: defaultdict[tuple[int, int, int], set[str]] = defaultdict(set)
    for table, row, column, text in _rows(store, _PRINTS):
        written[int(table), int(row), int(column)].add(_plain(text))
    for table, row, column, amount in _rows(store, _AMOUNTS):
        written[int(table), int(row), int(column)].add(f"{Decimal(amount):.2f}")
    return written


def test_every_target_quotes_the_cell_that_prints_it(store: ox.Store) -> None:
    """The raw text of each target is the text of its cell."""
    rows = _rows(
        store,
        """SELECT ?raw ?row ?column ?grid {
            ?target jx:rawText ?raw ; prov:wasQuotedFrom ?cell .
            ?cell jx:rowNumber ?row ; jx:columnNumber ?column ; jx:inTable/jx:grid ?grid
        }""",
    )
    assert len(rows) == 122
    for raw, row, column, grid in rows:
        texts = {(cell[0], cell[1]): cell[4] for cell in json.loads(grid)["cells"]}
        assert texts[int(row), int(column)] == raw


# --- residue, and the judge ---------------------------------------------------------------------------


def test_watermark_bookmark_and_guidance_are_noted_and_not_content(seed: Path) -> None:
    """What a converter and a form left in the text is told apart from what the department says."""
    conversion = loader.convert((seed / "seed.txt").read_bytes())
    notes = [(note.kind.value, note.place.line) for note in conversion.disclosure.notes]
    assert notes == [("form-guidance", 5), ("bookmark", 6), ("watermark", 1421), ("unread-value", 1518)]
    assert b"Evaluation Warning" in conversion.nquads
    prose = "".join(section.text for section in conversion.disclosure.sections)
    assert "由预算部门根据" not in prose
    assert prose.startswith("负责全区党组织建设")


def test_the_judge_of_readings_finds_nothing_wrong(seed: Path, tmp_path: Path) -> None:
    """The shared scoring program gives every column 100 %, the quoted cell included."""
    summary = tmp_path / "summary.json"
    command = f"{sys.executable} -m service.cli convert {{file}} -o {{out}}"
    subprocess.run(
        [
            sys.executable,
            str(seed.parent / "score.py"),
            "--set=seed",
            f"--cmd={command}",
            f"--codes={ROOT / 'ontology' / 'units.ttl'}",
            f"--json={summary}",
            "--quiet",
        ],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    told = json.loads(summary.read_text(encoding="utf-8"))["sets"]["seed"]
    assert told["files"] == 2
    assert told["projects"] == [38, 38]
    assert told["indicators"] == [244, 244]
    assert (told["indicator_f1"], told["indicators_invented"], told["indicators_wrong_value"]) == (1.0, 0, 0)
    columns = [
        "year",
        "code",
        "unit",
        "ucode",
        "budget",
        "fiscal",
        "other",
        "parent",
        "l1",
        "l2",
        "typed",
        "cell",
    ]
    for column in columns:
        right, expected = told[column]
        assert right == expected > 0, column
