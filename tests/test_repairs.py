"""Suggestions of what should be printed: with a reason, for a person to go through, right when they are accepted."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from mutations import CellEdit, Mutation, counted, mutations, quads
from rdflib import Graph, Literal
from shape_examples import base, examples

import shapes
from ontology import identifiers, places
from ontology.namespaces import JX, JXC

ROOT = Path(__file__).resolve().parent.parent
MENDABLE = {"ID-04", "FU-02", "TV-17", "TV-18", "CO-05", "EV-03"}
"""Rules whose fault in a real document (its mutation) has a suggestion of what should be printed."""


@pytest.fixture(scope="module", params=sorted(MENDABLE))
def fault(request: pytest.FixtureRequest, seed: Path) -> tuple[Mutation, tuple[str, ...]]:
    """A fault put into the table of a real document, and the lines with it."""
    (mutation,) = (each for each in mutations() if each.rule == request.param)
    path = seed / "seed.txt" if mutation.document == "seed" else ROOT / mutation.document
    lines = mutation.excerpt(tuple(path.read_text(encoding="utf-8").splitlines(keepends=True)))
    return mutation, mutation.on_excerpt().lines(lines)


@cache
def _report(lines: tuple[str, ...]) -> shapes.Report:
    return shapes.check(shapes.graph_of(quads(lines)))


def _accepted(mutation: Mutation, suggestion: shapes.Suggestion) -> Mutation:
    """The change of the document that a suggestion makes when somebody accepts it."""
    place = suggestion.quote.place
    edit = CellEdit(place.row, place.column, suggestion.reading)
    return replace(mutation, table=place.table, cells=(edit,), rows=(), text=())


def test_a_suggestion_that_is_accepted_ends_the_finding(fault: tuple[Mutation, tuple[str, ...]]) -> None:
    """Each of them by itself, in the cell it is about, read again by the loader."""
    mutation, lines = fault
    (finding,) = (found for found in _report(lines).findings if found.id == mutation.rule)
    assert finding.suggestions
    for suggestion in finding.suggestions:
        mended = counted(_accepted(mutation, suggestion).lines(lines))
        assert mended.get(mutation.rule, 0) == 0
        assert suggestion.reason.zh
        assert suggestion.reason.en


def test_the_likely_suggestion_is_what_was_printed_before(fault: tuple[Mutation, tuple[str, ...]]) -> None:
    """The first one, or for sums one of them, gives back the text of the real document."""
    mutation, lines = fault
    (finding,) = (found for found in _report(lines).findings if found.id == mutation.rule)
    readings = [suggestion.reading for suggestion in finding.suggestions]
    expected = {
        "ID-04": "13020225P00909510001W",
        "FU-02": "70.00",
        "TV-17": "≤70万元",
        "TV-18": "≥95%",
        "CO-05": "≥100%",
        "EV-03": "96.9",
    }[mutation.rule]
    assert expected in (readings if mutation.rule == "FU-02" else readings[:1])


# --- one by one ------------------------------------------------------------------------------------------


def _example(rule: str, reason: str) -> Graph:
    (example,) = (e for e in examples() if (e.rule, e.reason, e.valid) == (rule, reason, False))
    return example.graph()


def _value(text: str, indicator: int, rule: str, **other: Literal) -> list[str]:
    """The suggestions for a value of the base that is printed without unit or sign."""
    graph = base()
    (target,) = (t for t in graph.objects(None, JX.target) if f"/indicator/{indicator}/" in t)
    graph.set((target, JX.rawText, Literal(text)))
    graph.remove((target, JX.unit, None))
    graph.remove((None, JX.grid, None))
    graph.set((target, JX.unitExplicit, Literal(False)))
    graph.set((target, JX.comparatorExplicit, Literal(text[0] in "≥≤")))
    found = [f for f in shapes.check(graph).findings if f.id == rule]
    return [s.reading for f in found for s in f.suggestions if s.reading is not None]


@pytest.mark.parametrize(
    ("text", "indicator", "rule", "readings"),
    [
        ("≥3万", 2, "TV-17", ["≥3万人"]),
        ("≥3万", 5, "TV-17", []),
        ("≥92", 6, "TV-08", ["≥92%"]),
        ("92", 6, "TV-08", ["≥92%"]),
        ("很好", 6, "TV-08", []),
    ],
)
def test_a_unit_that_is_missing_is_that_of_the_kind_or_of_the_name(
    text: str, indicator: int, rule: str, readings: list[str]
) -> None:
    """Counts are in the word of the name, satisfaction in percent; what nobody can tell is left alone."""
    assert _value(text, indicator, rule) == readings


@pytest.mark.parametrize(
    ("rule", "indicator", "name", "text", "taken_for", "reading", "reason"),
    [
        ("TV-04", 2, "补助村数", "≥3万", "wan-yuan", "≥3万村", "按名称“补助村数”，单位应为“村”"),
        ("TV-17", 2, "补助村数", "≥3万", "wan-yuan", "≥3万村", "按名称“补助村数”，单位应为“村”"),
        ("TV-04", 2, "补助标准", "≥3万", "wan-yuan", None, ""),
        ("TV-06", 1, "培训成本(人)", "≤52", "person", "≤52万元", "成本指标以金额计，表中金额的单位是“万元”"),
        ("TV-06", 1, "培训成本(人)", "≤1亿", "person", "≤1亿元", "成本指标以金额计"),
    ],
)
def test_a_unit_that_is_missing_is_that_of_the_column(
    rule: str, indicator: int, name: str, text: str, taken_for: str, reading: str | None, reason: str
) -> None:
    """Quantities are counted, costs are money of the table; a unit that is printed is never changed."""
    graph = base()
    (row,) = (
        node for node in graph.objects(None, JX.hasIndicator) if node.endswith(f"/indicator/{indicator}")
    )
    (target,) = graph.objects(row, JX.target)
    graph.remove((None, JX.grid, None))
    graph.set((row, JX.name, Literal(name)))
    for said, value in ((JX.rawText, Literal(text)), (JX.unit, JXC[f"unit/{taken_for}"])):
        graph.set((target, said, value))
    for explicit in (True, False):
        graph.set((target, JX.unitExplicit, Literal(explicit)))
        told = [s for f in shapes.check(graph).findings if f.id == rule for s in f.suggestions]
        expected = [] if explicit or reading is None else [(reading, reason)]
        assert [(s.reading, s.reason.zh) for s in told] == expected


def test_a_cost_without_unit_is_probably_in_the_money_of_the_table() -> None:
    """A bare number in the column of costs lacks the unit in which the table states amounts."""
    graph = _example("TV-06", "no-unit")
    graph.remove((None, JX.grid, None))
    told = [(f.id, [s.reading for s in f.suggestions]) for f in shapes.check(graph).findings]
    assert told == [("TV-06", ["≤60万元"])]


def test_of_weights_only_the_difference_is_told() -> None:
    """Nobody knows which of them is wrong."""
    (finding,) = shapes.check(_example("WT-02", "seventy-five")).findings
    (suggestion,) = finding.suggestions
    assert (suggestion.quote, suggestion.reading) == (None, None)
    assert suggestion.reason.zh == "合计75，比90少15，比100少25"


def test_a_code_has_few_suggestions_and_each_names_the_place() -> None:
    """The likely ones first, at most three."""
    graph = base()
    project = next(graph.subjects(JX.projectCode))
    graph.set((project, JX.projectCode, Literal("13020225P008901700043")))
    graph.set((project, JX.codeCheck, Literal(False)))
    (finding,) = shapes.check(graph).findings
    assert len(finding.suggestions) == 3
    assert finding.suggestions[0].reading == "13020225P008901100043"
    assert finding.suggestions[0].reason.zh == "第16位的“7”改为“1”，校验即相符"


def test_of_a_value_that_a_person_corrected_nothing_is_suggested() -> None:
    """The finding stays; the person has seen what is printed."""
    graph = _example("TV-18", "two-for-at-least")
    graph.remove((None, JX.grid, None))
    before = shapes.check(graph)
    assert any(finding.suggestions for finding in before.findings)
    for target in list(graph.subjects(JX.rawText)):
        graph.add((target, JX.correctedText, Literal("290%")))
    after = shapes.check(graph)
    assert [finding.suggestions for finding in after.findings if finding.id == "TV-18"] == [()]
    assert after.by_rule() == before.by_rule()


# --- the list of fixes ---------------------------------------------------------------------------------------


NAMES = {str(identifiers.disclosure("0123456789abcdef")): "表.docx"}


@pytest.fixture(scope="module")
def sums() -> shapes.Report:
    """The report on an example: 60 is not 50 and 5."""
    graph = base()
    (fund,) = (f for f in graph.objects(None, JX.hasFund) if f.endswith("other"))
    graph.set((fund, JX.amount, Literal("50000", datatype=Literal(1).datatype)))
    return shapes.check(graph)


def _rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_the_list_of_fixes_has_the_columns_of_a_table_of_corrections(sums: shapes.Report) -> None:
    """A row to which somebody puts a name is a correction; until then nothing is applied."""
    rows = _rows(sums.fix_list(".csv", "zh", NAMES))
    assert [list(row) for row in rows] == [["document", "cell", "reading", "reason", "who"]] * len(rows)
    assert [row["reading"] for row in rows] == ["55.00", "55.00", "10.00"]
    assert {row["document"] for row in rows} == {"表.docx"}
    assert {row["who"] for row in rows} == {""}
    assert "FU-02" in rows[0]["reason"]
    assert "原文“60.00”" in rows[0]["reason"]


def test_the_cell_of_a_fix_is_told_as_corrections_name_cells(sums: shapes.Report) -> None:
    """In either language it reads back as the very cell."""
    for lang in ("zh", "en"):
        rows = _rows(sums.fix_list(".csv", lang))
        positions = [places.read(row["cell"]) for row in rows]
        assert [(p.table, p.row, p.column) for p in positions] == [(1, 3, 3), (1, 3, 5), (1, 3, 7)]
        assert all(position.names_a_cell for position in positions)


def test_a_document_without_a_name_is_told_by_its_hash(sums: shapes.Report) -> None:
    """Of a store, or of a graph, nobody knows the file."""
    assert {row["document"] for row in _rows(sums.fix_list(".csv"))} == {"0123456789abcdef"}


def test_the_spreadsheet_says_what_the_csv_says(sums: shapes.Report) -> None:
    """With a head that stays in sight and filters."""
    sheet = openpyxl.load_workbook(io.BytesIO(sums.fix_list(".xlsx", "zh", NAMES))).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    in_csv = [list(row.values()) for row in _rows(sums.fix_list(".csv", "zh", NAMES))]
    assert rows == [["document", "cell", "reading", "reason", "who"], *in_csv]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E4")


def test_no_fix_is_a_formula() -> None:
    """二95% is a misread =95%: told in full width, which is read alike, and as text in the spreadsheet."""
    graph = _example("TV-18", "two-for-at-least")
    (target,) = (t for t in graph.objects(None, JX.target) if "/indicator/5/" in t)
    graph.set((target, JX.rawText, Literal("二95%")))
    graph.remove((None, JX.grid, None))
    report = shapes.check(graph)
    assert "＝95%" in {row["reading"] for row in _rows(report.fix_list(".csv"))}
    sheet = openpyxl.load_workbook(io.BytesIO(report.fix_list(".xlsx"))).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_suggestions_stand_in_every_form_of_the_report(sums: shapes.Report) -> None:
    """As text, CSV and JSON."""
    assert "“60.00”可能应为“55.00”" in sums.text("zh", 100)
    assert "“60.00” should probably be “55.00”" in sums.text("en", 100)
    (row,) = csv.DictReader(io.StringIO(sums.csv().decode("utf-8"), newline=""))
    assert row["suggestion"] == "55.00"
    (finding,) = json.loads(sums.json())["findings"]
    assert [each["reading"] for each in finding["suggestions"]] == ["55.00", "55.00", "10.00"]
