"""What changed between two publications: softened and tightened targets, amounts, indicators, everything else."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rdflib import Graph, Literal
from rdflib.namespace import RDF

from ontology.namespaces import JX
from service.changes import Change, Kind, changes_between
from service.cli import main
from service.diffing import COLUMNS, as_json, as_text, of_file

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = Path(__file__).resolve().parent.parent / "examples" / "130109-326-2025.txt"
TEXT = DOCUMENT.read_text(encoding="utf-8")
TARGETS = [
    ("≤1500元/亩", "≤1600元/亩", Kind.SOFTENED),
    ("≤1500元/亩", "≤1400元/亩", Kind.TIGHTENED),
    ("≤1500元/亩", "<1500元/亩", Kind.TIGHTENED),
    ("≤1500元/亩", "≥1500元/亩", Kind.TARGET),
    ("≤1500元/亩", "≤1500元/人", Kind.TARGET),
    ("≤1500元/亩", "按实际确定", Kind.SOFTENED),
    ("≤1500元/亩", "", Kind.SOFTENED),
    ("≤478万元", "≤5000000元", Kind.SOFTENED),
    ("≥86眼", "≥90眼", Kind.TIGHTENED),
    ("≥86眼", "≥90处", Kind.TARGET),
    ("≥90%", "≥85%", Kind.SOFTENED),
    ("≥90%", ">90%", Kind.TIGHTENED),
    ("≥90%", "90%", Kind.TARGET),
    ("≥90%", "90%-95%", Kind.TARGET),
    ("≥90%", "≥ 90％", None),
    ("2025年5月底前", "2025年6月底前", Kind.SOFTENED),
    ("2025年5月底前", "2025年4月30日前", Kind.TIGHTENED),
]


@cache
def published() -> Graph:
    return of_file(TEXT.encode())


def corrected(before: str, after: str) -> Graph:
    """The document with the first cell of a text that prints something else."""
    lines = TEXT.splitlines()
    lines[lines.index(f"\t{before}")] = f"\t{after}"
    return of_file("\n".join(lines).encode())


@pytest.mark.parametrize(("before", "after", "kind"), TARGETS)
def test_a_target_is_softened_or_tightened_by_comparator_number_and_kind(
    before: str, after: str, kind: Kind | None
) -> None:
    """One that nobody can compare has changed; one that is printed otherwise and reads alike has not."""
    found = changes_between(published(), corrected(before, after))
    assert [(change.kind, change.before, change.after) for change in found] == (
        [(kind, before, after)] if kind else []
    )
    assert len(TARGETS) == 17


def _changed(change: Callable[[Graph], None]) -> tuple[Change, ...]:
    other = Graph()
    other += published()
    change(other)
    return changes_between(published(), other)


def _first(graph: Graph, kind: object) -> object:
    return min(graph.subjects(RDF.type, kind))


def test_an_amount_that_moved_is_told_in_yuan() -> None:
    """With its thousands apart."""
    declaration = _first(published(), JX.Declaration)
    before = published().value(declaration, JX.budget)
    (change,) = _changed(lambda graph: graph.set((declaration, JX.budget, Literal("1234567.5"))))
    assert (change.kind, change.before, change.after) == (Kind.AMOUNT, f"{before.value:,}", "1,234,567.5")
    assert change.field.zh == "预算数"


def test_a_field_that_changed_is_told_by_its_name() -> None:
    """Blanks apart."""
    indicator = _first(published(), JX.Indicator)
    (change,) = _changed(lambda graph: graph.set((indicator, JX.basis, Literal("合同"))))
    assert (change.kind, change.after) == (Kind.FIELD, "合同")
    assert change.indicator == str(published().value(indicator, JX.name))
    assert not _changed(
        lambda graph: graph.set((indicator, JX.basis, Literal(f" {graph.value(indicator, JX.basis)} ")))
    )


def test_an_indicator_that_is_gone_was_dropped_and_one_that_comes_was_added() -> None:
    """With its value."""
    fewer = Graph()
    fewer += published()
    indicator = _first(published(), JX.Indicator)
    fewer.remove((None, JX.hasIndicator, indicator))
    (dropped,), (added,) = changes_between(published(), fewer), changes_between(fewer, published())
    assert (dropped.kind, added.kind) == (Kind.INDICATOR_DROPPED, Kind.INDICATOR_ADDED)
    assert dropped.before == added.after != ""


def test_a_project_that_is_gone_was_dropped() -> None:
    """And not each of its indicators."""
    declaration = _first(published(), JX.Declaration)
    (change,) = _changed(lambda graph: graph.remove((declaration, RDF.type, JX.Declaration)))
    assert (change.kind, change.declaration) == (Kind.PROJECT_DROPPED, str(declaration))


def test_nothing_changes_between_a_document_and_itself() -> None:
    """In either language."""
    assert changes_between(published(), published()) == ()
    assert (as_text((), "zh"), as_text((), "en")) == ("没有变化。", "Nothing changed.")


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A document, and the same with a target that is softer."""
    other = tmp_path / "corrected.txt"
    other.write_text(TEXT.replace("\t≥86眼", "\t≥80眼"), encoding="utf-8")
    return str(DOCUMENT), str(other)


def test_the_command_tells_what_changed_and_exits_with_1(files: tuple[str, str]) -> None:
    """As text, in both languages; 0 where nothing changed."""
    told = CliRunner().invoke(main, ["diff", *files, "--lang", "en"])
    assert told.exit_code == 1
    assert "[target softened]" in told.output
    assert "≥86眼 → ≥80眼" in told.output
    assert told.output.strip().endswith("target softened 1")
    assert CliRunner().invoke(main, ["diff", files[0], files[0]]).exit_code == 0


def test_changes_are_written_as_csv_and_json(files: tuple[str, str]) -> None:
    """The same in both."""
    rows = CliRunner().invoke(main, ["diff", *files, "--format", "csv"]).stdout_bytes.decode("utf-8-sig")
    told = json.loads(CliRunner().invoke(main, ["diff", *files, "--format", "json"]).stdout_bytes)
    (row,) = csv.DictReader(io.StringIO(rows))
    assert tuple(row) == COLUMNS
    assert [row] == told["changes"]
    assert {kind: count for kind, count in told["counts"].items() if count} == {"softened": 1}
    assert json.loads(as_json(()))["changes"] == []


def test_two_documents_of_a_store_are_compared(files: tuple[str, str], tmp_path: Path) -> None:
    """Also where the later one has taken the place of the earlier one; and a file beside a document of the store.

    One that is nowhere is named, with what to give instead.
    """
    store = f"file:{tmp_path / 'store'}"
    assert CliRunner().invoke(main, ["load", files[0], "--store", store]).exit_code == 0
    assert CliRunner().invoke(main, ["load", files[1], "--store", store]).exit_code == 0
    old, new = (_key(file) for file in files)
    for pair in ((old, new), (old, files[1]), (files[0], new)):
        told = CliRunner().invoke(main, ["diff", *pair, "--store", store, "--format", "json"])
        assert json.loads(told.stdout_bytes)["counts"]["softened"] == 1
        assert len(json.loads(told.stdout_bytes)["changes"]) == 1
    told = CliRunner().invoke(main, ["diff", old, "nowhere.docx", "--store", store])
    assert told.exit_code == 2
    assert "nowhere.docx: no file, and no document of the store" in told.output


def _key(file: str) -> str:
    import hashlib

    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]


# --- self-evaluations and overall targets ---------------------------------------------------------------------


SELF_EVALUATION = DOCUMENT.with_name("130202-205-2024-self-evaluation.txt")
OVERALL = Path(__file__).resolve().parent / "disclosures" / "forms-in-one-table" / "source.html"
OTHER_TABLES = [
    (SELF_EVALUATION, "14期", "13期", Kind.FIELD, "举办培训班次", "实际完成值"),
    (SELF_EVALUATION, "部分教师参加上级培训", "生病", Kind.FIELD, "培训教师人次", "偏差原因"),
    (SELF_EVALUATION, "8.8", "8", Kind.FIELD, "", "得分"),
    (SELF_EVALUATION, "72.2", "70.2", Kind.FIELD, "", "得分"),
    (SELF_EVALUATION, "70.4", "60", Kind.AMOUNT, "", "全年执行数"),
    (SELF_EVALUATION, "≥20所", "≥15所", Kind.SOFTENED, "督导学校数", "指标值"),
    (SELF_EVALUATION, "按计划完成全年教师培训", "培训教师", Kind.FIELD, "", "绩效目标"),
    (OVERALL, "达到99%", "达到95%", Kind.FIELD, "总体绩效目标", "章节"),
]


@pytest.mark.parametrize(("document", "printed", "instead", "kind", "indicator", "field"), OTHER_TABLES)
def test_what_a_self_evaluation_or_an_overall_target_says_otherwise_is_told(
    document: Path, printed: str, instead: str, kind: Kind, indicator: str, field: str
) -> None:
    """Results, scores, what was spent, goals, and targets that are restated; each change once."""
    text = document.read_text(encoding="utf-8")
    assert printed in text
    (change,) = changes_between(of_file(text.encode()), of_file(text.replace(printed, instead, 1).encode()))
    assert (change.kind, change.indicator, change.field.zh) == (kind, indicator, field)
    assert instead in change.after or change.after == "600,000"
    assert printed in change.before or change.before == "704,000"
    assert change.table.zh == ("部门整体绩效目标" if document == OVERALL else "绩效自评")
    assert change.project
    assert len(OTHER_TABLES) == 8
