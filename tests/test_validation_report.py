"""The report: people read it as text, spreadsheets as CSV, programs as JSON, stores and SHACL tools as RDF."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import PROV, SH
from rich.cells import cell_len
from shape_examples import base, examples

import loader
import shapes
from ontology.namespaces import JX
from shapes.rule_book import ABOUT, PRINTED, READING, SUGGESTION
from shapes.scoring import average

if TYPE_CHECKING:
    from pathlib import Path

SHA256 = "0123456789abcdef" * 4
DOCUMENT = "https://w3id.org/jixiao/id/disclosure/0123456789abcdef"


def report_on(rule: str, reason: str) -> shapes.Report:
    """The report on one invalid example."""
    (example,) = (e for e in examples() if (e.rule, e.reason, e.valid) == (rule, reason, False))
    return shapes.check(example.graph())


@pytest.fixture(scope="module")
def two_findings() -> shapes.Report:
    """A deferred quantity: one row, two Warnings."""
    return report_on("TV-03", "deferred")


@pytest.fixture(scope="module")
def seed_report(seed: Path) -> shapes.Report:
    """The report on the first real disclosure: 19 projects, 374 findings."""
    return shapes.check(shapes.graph_of(loader.convert((seed / "seed.txt").read_bytes()).nquads))


# --- as text ----------------------------------------------------------------------------------------------

IN_CHINESE = """\
绩效目标检查报告
文件 https://w3id.org/jixiao/id/disclosure/0123456789abcdef：项目 1 个，指标 6 条
错误 0 处，警告 2 处，提示 0 处

得分
  98.6 分
  改好这几处，加分最多
    TV-02 指标值另行确定，当前无法考核 — 1 处，改好后平均分加 0.7
    TV-03 数量指标没有数量 — 1 处，改好后平均分加 0.7

301 唐山市路南区民政局 · 301001 唐山市路南区民政局本级
  13020225P00123410001N 社区老年食堂运营补助（2025年，得分 98.6）
    指标 2 就餐老人数量
      [警告] TV-02 指标值另行确定，当前无法考核
        “≥300人” — 读作 另行确定的指标值 — 表1 第10行 第5列
        建议：按上年实际或测算数填写暂定值，文件下达后调整。
      [警告] TV-03 数量指标没有数量
        “≥300人” — 读作 另行确定的指标值 — 表1 第10行 第5列
        建议：写明提供多少，例如“≥200人”。

按评审意见类别
  2 不够细化、量化 — 2 处

各规则
  [警告] TV-02 指标值另行确定，当前无法考核 — 1 处
        建议：按上年实际或测算数填写暂定值，文件下达后调整。 (依据：财预〔2021〕101号)
  [警告] TV-03 数量指标没有数量 — 1 处
        建议：写明提供多少，例如“≥200人”。 (依据：财预〔2015〕88号)
错误 0 处，警告 2 处，提示 0 处
"""


def test_a_person_reads_project_row_printed_text_place_and_remedy(two_findings: shapes.Report) -> None:
    """In the words of the field, without colour."""
    assert two_findings.text("zh", 100) == IN_CHINESE


def test_the_same_in_english(two_findings: shapes.Report) -> None:
    """What is printed stays Chinese."""
    told = two_findings.text("en", 100)
    assert "[Warning] TV-03 A quantity indicator has no quantity" in told
    assert "“≥300人” — read as deferred target — table 1 row 10 column 5" in told
    assert "Remedy: Say how many, for example ≥200人." in told


def test_a_report_without_findings_says_so() -> None:
    """Nobody wonders whether something was checked."""
    told = shapes.check(base()).text("zh", 100)
    assert told.splitlines()[-1] == "没有发现问题。"
    assert "项目 1 个，指标 6 条" in told


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(seed_report: shapes.Report, lang: str, width: int) -> None:
    """A Chinese character takes two columns."""
    lines = seed_report.text(lang, width).splitlines()
    assert len(lines) > 300
    assert [line for line in lines if cell_len(line) > width and "https://" not in line] == []


def test_a_rule_that_hits_every_project_is_told_in_one_line(seed_report: shapes.Report) -> None:
    """It judges the form, not the nineteen projects."""
    lines = seed_report.text("zh", 100).splitlines()
    (line,) = (line for line in lines if "SP-04" in line and "全部" in line)
    assert line == "  [提示] SP-04 资金支出计划为表样默认值25/50/75/100 — 19 处，全部 19 个项目"
    rest = lines[lines.index(line) + 1 :]
    assert sum("SP-04" in line for line in rest) == 1  # in the list of rules


def test_a_hint_that_many_rows_share_is_told_once_a_project(seed_report: shapes.Report) -> None:
    """With the numbers of the rows."""
    lines = seed_report.text("zh", 100).splitlines()
    assert "    [提示] IN-11 绩效指标描述与名称相同 — 8 处：指标 1, 2, 3, 4, 5, 6, 7, 8" in lines
    assert sum("IN-14" in line for line in lines) < 30


def test_a_violation_is_told_for_each_project_even_when_all_have_it(seed_report: shapes.Report) -> None:
    """Each of them must be mended."""
    graph = Graph()
    for project in "ABC":
        graph += without_purpose(project)
    told = shapes.check(graph).text("zh", 100)
    assert told.count("[错误] FU-04 缺少资金用途") == 3 + 1


def without_purpose(project: str) -> Graph:
    """An example without a purpose, as the declaration of another project of the same document."""
    (example,) = (e for e in examples() if (e.rule, e.valid) == ("FU-04", False))
    renamed = Graph()
    for triple in example.graph():
        renamed.add(tuple(_of_project(term, project) for term in triple))
    return renamed


def _of_project(term: object, project: str) -> object:
    if isinstance(term, URIRef):
        return URIRef(str(term).replace("13020225P00123410001N", f"13020225P00123410001{project}"))
    return term


def test_counts_by_severity_and_by_rule_agree_with_the_findings(seed_report: shapes.Report) -> None:
    """Both add up to the number of findings."""
    assert sum(seed_report.by_severity().values()) == len(seed_report.findings) == 374
    assert sum(seed_report.by_rule().values()) == 374


def test_the_worst_finding_decides(two_findings: shapes.Report, seed_report: shapes.Report) -> None:
    """A Warning is no Violation; nothing is worse than one."""
    assert (two_findings.worst, two_findings.has_violation) == (shapes.Severity.WARNING, False)
    assert (seed_report.worst, seed_report.has_violation) == (shapes.Severity.VIOLATION, True)
    assert shapes.check(base()).worst is None


def test_an_info_does_not_conform_either() -> None:
    """sh:conforms is true only without any result, as SHACL says."""
    info = report_on("TV-13", "no-comparator")
    assert (info.conforms, info.worst) == (False, shapes.Severity.INFO)
    assert shapes.check(base()).conforms


def test_two_reports_of_one_graph_are_equal(two_findings: shapes.Report) -> None:
    """Order and numbers do not hang on chance."""
    again = report_on("TV-03", "deferred")
    assert again == two_findings
    assert again.nquads(SHA256) == two_findings.nquads(SHA256)
    assert again.turtle() == two_findings.turtle()


# --- as tables ----------------------------------------------------------------------------------------------


def _rows(report: shapes.Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report.csv().decode("utf-8"), newline="")))


def test_csv_has_a_row_for_each_finding_in_both_languages(two_findings: shapes.Report) -> None:
    """One file for every spreadsheet and every statistics program."""
    first, second = _rows(two_findings)
    assert (first["rule"], second["rule"]) == ("TV-02", "TV-03")
    assert (second["message_zh"], second["message_en"]) == (
        "数量指标没有数量",
        "A quantity indicator has no quantity",
    )
    assert (second["project_code"], second["row"]) == ("13020225P00123410001N", "2")
    assert (second["table"], second["table_row"], second["table_column"]) == ("1", "10", "5")
    assert second["document"] == DOCUMENT


def test_csv_holds_every_finding_of_the_seed(seed_report: shapes.Report) -> None:
    """Nothing is aggregated in tables."""
    rows = _rows(seed_report)
    assert len(rows) == 374
    assert {row["severity"] for row in rows} == {"Violation", "Warning", "Info"}


def test_no_cell_of_the_csv_is_a_formula() -> None:
    """What begins like a formula is kept as text."""
    (example,) = (e for e in examples() if (e.rule, e.valid) == ("CO-05", False))
    graph = example.graph()
    graph.remove((None, JX.grid, None))
    (row,) = _rows(shapes.check(graph))
    assert row["printed"] == "'=300人"
    assert not [value for value in row.values() if value.startswith(("=", "+", "-", "@"))]


def test_json_tells_counts_and_findings_with_their_places(two_findings: shapes.Report) -> None:
    """Programs read what people read."""
    told = json.loads(two_findings.json())
    assert (told["conforms"], told["severities"]["Warning"], told["rules"]) == (
        False,
        2,
        {"TV-02": 1, "TV-03": 1},
    )
    finding = told["findings"][1]
    assert finding["message"] == {"zh": "数量指标没有数量", "en": "A quantity indicator has no quantity"}
    assert finding["source"] == {"zh": "财预〔2015〕88号", "en": "Caiyu (2015) 88"}
    assert finding["category"] == {
        "number": 2,
        "zh": "不够细化、量化",
        "en": "Not detailed or not quantified enough",
    }
    assert finding["unit"]["code"] == "301001"
    (place,) = finding["places"]
    assert (place["text"], place["table"], place["row"], place["column"]) == ("≥300人", 1, 10, 5)


def test_csv_of_the_scores_has_a_row_for_each_project_and_for_each_mean(seed_report: shapes.Report) -> None:
    """Nineteen projects of one unit, one division and one year, and all of them."""
    rows = list(csv.DictReader(io.StringIO(seed_report.scores_csv().decode("utf-8"), newline="")))
    assert Counter(row["of"] for row in rows) == {
        "project": 19,
        "unit": 1,
        "division": 1,
        "year": 1,
        "all": 1,
    }
    first, last = rows[0], rows[18]
    assert (first["rank"], first["score"], last["rank"], last["score"]) == ("1", "95.2", "19", "84.8")
    assert float(first["completeness"]) <= 100
    assert last["repairs"].split()[0].startswith("IN-11+")
    whole = average("", seed_report.scores)
    assert (rows[-1]["score"], rows[-1]["weighted_score"]) == (str(whole.plain), str(whole.weighted))


def test_json_tells_scores_means_and_what_gains_most(seed_report: shapes.Report) -> None:
    """The ranking is from the best to the worst."""
    told = json.loads(seed_report.json())
    values = [each["score"] for each in told["scores"]]
    assert values == sorted(values, reverse=True)
    assert [each["rank"] for each in told["scores"]][-1] == 19
    assert [mean["projects"] for mean in told["means"]["units"]] == [19]
    assert [repair["rule"] for repair in told["repairs"]][:2] == ["IN-11", "IN-14"]
    assert sum(category["findings"] for category in told["categories"]) == 374
    assert {each["rule"] for each in told["in_every_project"]} >= {"SP-04", "GO-02", "GO-03", "WT-01"}


# --- the choice of rules -----------------------------------------------------------------------------------


def test_a_report_on_chosen_rules_says_which(seed_report: shapes.Report) -> None:
    """In text and JSON; a report on all rules speaks of no choice."""
    choice = shapes.choice_of(shapes.rules(), least=shapes.Severity.WARNING, ignored=["TV-06", "TV-05"])
    chosen = seed_report.chosen(choice)
    assert "本报告只含所选规则：程度不低于“警告”；不含 TV-05, TV-06。" in chosen.text("zh", 200)
    assert "at least as serious as Warning, without TV-05, TV-06." in chosen.text("en", 200)
    told = json.loads(chosen.json())["choice"]
    assert told == {"rules": None, "least": "Warning", "ignored": ["TV-05", "TV-06"]}
    assert "所选规则" not in seed_report.text("zh", 200)
    assert json.loads(seed_report.json())["choice"] is None


def test_a_report_on_chosen_rules_names_no_repair_by_others(seed_report: shapes.Report) -> None:
    """Who leaves a rule out is not told to mend what it finds."""
    chosen = seed_report.chosen(shapes.choice_of(shapes.rules(), ignored=["IN-11"]))
    told = json.loads(chosen.json())
    assert next(repair["rule"] for repair in told["repairs"]) == "IN-14"
    assert not [score for score in told["scores"] for gain in score["repairs"] if gain["rule"] == "IN-11"]


# --- as RDF -------------------------------------------------------------------------------------------------

ONCE = (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape)


def test_turtle_is_a_standard_validation_report(seed_report: shapes.Report) -> None:
    """Each result has what SHACL wants of it, and messages in both languages."""
    graph = Graph().parse(data=seed_report.turtle(), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert [value.toPython() for value in graph.objects(report, SH.conforms)] == [False]
    found = set(graph.objects(report, SH.result))
    assert found == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(found) == 374
    for result in found:
        assert all(len(list(graph.objects(result, name))) == 1 for name in ONCE)
        assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"zh", "en"}


def test_turtle_of_a_clean_graph_conforms() -> None:
    """A report without results."""
    graph = Graph().parse(data=shapes.check(base()).turtle(), format="turtle")
    assert [value.toPython() for value in graph.objects(None, SH.conforms)] == [True]
    assert list(graph.subjects(RDF.type, SH.ValidationResult)) == []


def test_quads_stand_in_the_report_graph_of_the_document(two_findings: shapes.Report) -> None:
    """Findings have IRIs under their document, and name the cells they are about."""
    lines = two_findings.nquads(SHA256).decode().splitlines()
    assert all(line.endswith(" <https://w3id.org/jixiao/graph/report/0123456789abcdef> .") for line in lines)
    graph = shapes.graph_of(two_findings.nquads(SHA256))
    assert set(graph.subjects(RDF.type, SH.ValidationReport)) == {URIRef(f"{DOCUMENT}/report")}
    names = {URIRef(f"{DOCUMENT}/finding/{number}") for number in (1, 2)}
    assert set(graph.objects(None, SH.result)) == names
    assert set(graph.objects(None, PROV.wasQuotedFrom)) == {URIRef(f"{DOCUMENT}/table/1/cell/10-5")}


def test_findings_in_the_store_tell_what_a_person_needs(two_findings: shapes.Report) -> None:
    """Whose they are, what is printed there, and how it was read: a page need not look it up in tables."""
    graph = shapes.graph_of(two_findings.nquads(SHA256))
    declaration = URIRef("https://w3id.org/jixiao/id/declaration/13020225P00123410001N/2025/initial")
    assert set(graph.objects(None, ABOUT)) == {declaration}
    assert set(graph.objects(None, PRINTED)) == {Literal("≥300人")}
    assert set(graph.objects(None, READING)) == {
        Literal("另行确定的指标值", lang="zh"),
        Literal("deferred target", lang="en"),
    }
    assert set(graph.objects(None, SUGGESTION)) == set()
    sums = next(e for e in examples() if (e.rule, e.valid) == ("FU-02", False))
    likely = shapes.graph_of(shapes.check(sums.graph()).nquads(SHA256))
    assert {told.language for told in likely.objects(None, SUGGESTION)} == {"zh", "en"}


def test_turtle_and_quads_state_the_same(two_findings: shapes.Report) -> None:
    """One report in two forms."""
    turtle = Graph().parse(data=two_findings.turtle(), format="turtle")
    assert _said(turtle) == _said(shapes.graph_of(two_findings.nquads(SHA256)))


def _said(graph: Graph) -> set[tuple[object, ...]]:
    """The triples, literals by what they mean: Turtle writes the decimal 100 as 100.0."""
    return {
        (s, p, (o.toPython(), o.language, o.datatype) if isinstance(o, Literal) else o) for s, p, o in graph
    }


def test_reports_on_several_documents_merge(two_findings: shapes.Report, seed_report: shapes.Report) -> None:
    """All findings are there, and the Turtle holds a report for each document."""
    both = shapes.merged([seed_report, two_findings])
    assert len(both.findings) == 374 + 2
    assert [judged.declarations for judged in both.judged] == [19, 1]
    graph = Graph().parse(data=both.turtle(), format="turtle")
    assert len(set(graph.subjects(RDF.type, SH.ValidationReport))) == 2
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == 376
    assert "全部 19 个项目" in both.text("zh", 100)
