"""The report in every format: the same findings, counts and scores, and what each format has of its own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from lxml import html
from openpyxl import load_workbook
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from test_validation_report import without_purpose

import loader
import shapes
from service import check_reports
from service.cli import main
from shapes import report_workbook
from shapes.report_outline import outline
from shapes.report_words import Words
from shapes.rule_book import rule_of_shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result
    from openpyxl.workbook import Workbook

SITE = "http://budget.example:8000/jixiao/"


@pytest.fixture(scope="module")
def seed_report(seed: Path) -> shapes.Report:
    """The report on the first real disclosure: 19 projects, 374 findings."""
    return shapes.check(shapes.graph_of(loader.convert((seed / "seed.txt").read_bytes()).nquads))


@pytest.fixture(scope="module")
def two_documents(seed_report: shapes.Report) -> shapes.Report:
    """The seed beside three projects that all lack their purpose."""
    graph = Graph()
    for project in "ABC":
        graph += without_purpose(project)
    return shapes.merged([seed_report, shapes.check(graph)])


@pytest.fixture(scope="module")
def few_rules(seed_report: shapes.Report) -> shapes.Report:
    """The report on the seed by some of the rules."""
    choice = shapes.choice_of(shapes.rules(), least=shapes.Severity.WARNING, ignored=["TV-06"])
    return seed_report.chosen(choice)


REPORTS = ("seed_report", "two_documents", "few_rules")


# --- the same counts everywhere ----------------------------------------------------------------------------


def _page(report: shapes.Report, lang: str = "zh", site: str = "") -> html.HtmlElement:
    return html.fromstring(check_reports.written(report, ".html", lang, site).decode())


def _book(report: shapes.Report, lang: str = "zh", site: str = "") -> Workbook:
    return load_workbook(io.BytesIO(check_reports.written(report, ".xlsx", lang, site)))


def _in_text(report: shapes.Report) -> Counter[str]:
    rules = report.text("zh", 500).rpartition("各规则")[2]
    return Counter({id_: int(n) for id_, n in re.findall(r"\] (\S+) .* — (\d+) 处$", rules, re.MULTILINE)})


def _in_page(report: shapes.Report) -> Counter[str]:
    rows = _page(report).xpath("//*[@id='rules']/following::table[1]/tbody/tr")
    return Counter(
        {row.xpath("th/span[@class='code']")[0].text: int(row.xpath("td[3]")[0].text) for row in rows}
    )


def _in_markdown(report: shapes.Report) -> Counter[str]:
    rules = report.markdown("zh").decode().rpartition("## 各规则")[2]
    return Counter(
        {id_: int(n) for id_, n in re.findall(r"^\| ([A-Z]\S+) \|.*?\| (\d+) \|", rules, re.MULTILINE)}
    )


def _in_findings_sheet(report: shapes.Report) -> Counter[str]:
    head, *rows = _book(report)["逐条问题"].iter_rows(values_only=True)
    return Counter(row[head.index("规则")] for row in rows)


def _in_rules_sheet(report: shapes.Report) -> Counter[str]:
    _, *rows = _book(report)["规则"].iter_rows(values_only=True)
    return Counter({row[0]: row[3] for row in rows})


def _in_csv(report: shapes.Report) -> Counter[str]:
    rows = csv.DictReader(io.StringIO(report.csv().decode("utf-8"), newline=""))
    return Counter(row["rule"] for row in rows)


def _in_json(report: shapes.Report) -> Counter[str]:
    return Counter(finding["rule"] for finding in json.loads(report.json())["findings"])


def _in_turtle(report: shapes.Report) -> Counter[str]:
    graph = Graph().parse(data=report.turtle(), format="turtle")
    return Counter(rule_of_shape()[shape].id for _, shape in graph.subject_objects(SH.sourceShape))


def _in_outline(report: shapes.Report) -> Counter[str]:
    told = outline(report)
    parts = [part for body in told.bodies for part in body.parts]
    groups = (
        *told.in_every,
        *(shared for part in parts for shared in part.shared),
        *(row for part in parts for row in part.rows),
    )
    return Counter(finding.id for group in groups for finding in group.findings)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    "counted",
    [
        _in_outline,
        _in_text,
        _in_page,
        _in_markdown,
        _in_findings_sheet,
        _in_rules_sheet,
        _in_csv,
        _in_json,
        _in_turtle,
    ],
)
def test_every_format_tells_of_the_same_findings(
    name: str, counted: Callable[[shapes.Report], Counter[str]], request: pytest.FixtureRequest
) -> None:
    """By rule; the outline that they are written from has each in one place."""
    report = request.getfixturevalue(name)
    assert counted(report) == report.by_rule()
    assert len(report.findings) > 20


def test_what_the_page_and_the_markdown_show_adds_up(seed_report: shapes.Report) -> None:
    """Findings one by one, those that rows share, and those in every project."""
    shown = _page(seed_report).xpath("//div[contains(concat(' ', @class, ' '), ' finding ')]")
    markdown = seed_report.markdown("zh").decode()
    grouped = [int(n) for n in re.findall(r"— (\d+) 处(?:：指标|，全部)", markdown)]
    single = len(re.findall(r"^ *- \*\*(?:错误|警告|提示)\*\* ", markdown, re.MULTILINE)) - len(grouped)
    assert single + sum(grouped) == 374
    assert len(shown) == single + len(grouped)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_tells_the_same_mean(seed_report: shapes.Report, lang: str) -> None:
    """91.6, and 90.8 when large projects count for more."""
    told = outline(seed_report).standing.whole
    mean = {str(told.plain), str(told.weighted)}
    page = _page(seed_report, lang).xpath("//tfoot//td/text()")
    summary = [[str(cell) for cell in row] for row in _book(seed_report, lang).worksheets[0].values]
    markdown = seed_report.markdown(lang).decode()
    assert mean <= set(page)
    assert any(mean <= set(row) for row in summary)
    assert any(all(f"| {value} |" in line for value in mean) for line in markdown.splitlines())
    assert all(value in seed_report.text(lang, 200) for value in mean)


def test_every_format_ranks_the_projects_alike(seed_report: shapes.Report) -> None:
    """From 95.2 to 84.8."""
    scores = [str(each.score.value) for each in outline(seed_report).standing.ranking]
    page = _page(seed_report).xpath("//*[@id='ranking']/following::table[1]/tbody/tr/td[2]")
    head, *rows = _book(seed_report)["项目得分"].iter_rows(values_only=True)
    markdown = seed_report.markdown("zh").decode().rpartition("### 项目得分排名")[2]
    assert [cell.text_content().strip() for cell in page] == scores
    assert [f"{row[head.index('得分')]:.1f}" for row in rows] == scores
    assert re.findall(r"^\| \d+ \| ([\d.]+) \|", markdown, re.MULTILINE) == scores
    assert [str(each["score"]) for each in json.loads(seed_report.json())["scores"]] == scores
    assert (scores[0], scores[-1], len(scores)) == ("95.2", "84.8", 19)


def test_every_format_says_which_rules_were_chosen(
    few_rules: shapes.Report, seed_report: shapes.Report
) -> None:
    """And none speaks of a choice where all were asked."""
    told = "程度不低于“警告”；不含 TV-06。"
    for report, holds in ((few_rules, True), (seed_report, False)):
        assert (told in _page(report).text_content()) is holds
        assert (told in report.markdown("zh").decode()) is holds
        assert (told in report.text("zh", 500)) is holds
        assert any(told in str(row[0]) for row in _book(report).worksheets[0].values) is holds


# --- for whom has to mend it -------------------------------------------------------------------------------


def test_what_is_in_every_project_is_no_repair_of_a_project(seed_report: shapes.Report) -> None:
    """It is a matter of the form, and told apart."""
    told = outline(seed_report)
    of_the_form = {each.rule.id for each in told.in_every}
    assert of_the_form == {"FU-03", "FW-01", "GO-02", "GO-03", "SP-04", "WT-01"}
    assert not of_the_form & {repair.count.rule.id for repair in told.standing.repairs}
    for each in told.standing.ranking:
        assert not of_the_form & {gain.rule.id for gain in each.repairs}
        assert sum(each.severities.values()) == sum(
            finding.context.declaration == each.score.of for finding in seed_report.findings
        )


def test_what_is_in_every_project_of_one_document_is_a_repair_in_another(seed_report: shapes.Report) -> None:
    """IN-14 is in most projects of the seed, and in every one of a smaller document."""
    small = [score for score in seed_report.scores if any(gain.rule.id == "IN-14" for gain in score.gains)][
        :3
    ]
    names = {score.of for score in small}
    kept = tuple(f for f in seed_report.findings if f.context.declaration in names)
    other = URIRef("https://w3id.org/jixiao/id/disclosure/0000000000000000")
    elsewhere = replace(
        seed_report,
        findings=tuple(replace(f, context=replace(f.context, document=other)) for f in kept),
        scores=tuple(replace(s, context=replace(s.context, document=other)) for s in small),
    )
    assert "IN-14" in {each.rule.id for each in outline(elsewhere).in_every}
    both = outline(shapes.merged([seed_report, elsewhere]))
    (repair,) = (each for each in both.standing.repairs if each.count.rule.id == "IN-14")
    assert repair.count.findings == 108
    (form,) = (each for each in both.in_every if each.rule.id == "IN-14")
    assert (form.projects, form.documents) == (3, 1)


def test_a_rule_in_every_project_of_several_documents_is_one_line(seed_report: shapes.Report) -> None:
    """However many documents there are."""
    other = replace(seed_report.findings[0].context, document=None).document
    moved = [replace(found, context=replace(found.context, document=other)) for found in seed_report.findings]
    scores = tuple(
        replace(score, context=replace(score.context, document=other)) for score in seed_report.scores
    )
    twice = shapes.merged([seed_report, replace(seed_report, findings=tuple(moved), scores=scores)])
    (line,) = (each for each in outline(twice).in_every if each.rule.id == "SP-04")
    assert (len(line.findings), line.projects, line.documents) == (38, 38, 2)
    assert "38 处，2 份文件的全部 38 个项目" in twice.text("zh", 200)


def test_a_page_asks_for_no_other_file(seed_report: shapes.Report) -> None:
    """It can be sent by mail: whatever it refers to is in it."""
    page = check_reports.written(seed_report, ".html", "zh").decode()
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\(|@import|<script|<link", page)
    targets = {target.removeprefix("#") for target in re.findall(r'href="(#[^"]+)"', page)}
    assert len(targets) == 19
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cells_are_links_where_a_service_shows_them(seed_report: shapes.Report, lang: str) -> None:
    """In page, Markdown and spreadsheet; without a service the place stands there in words."""
    found = next(found for found in seed_report.findings if found.id == "TV-02")
    ((place, _),) = Words(lang).places(found)
    address = SITE + found.quotes[0].cell.removeprefix("https://w3id.org/jixiao/")
    links = _page(seed_report, lang, SITE).xpath("//a[starts-with(@href, 'http')]")
    assert (address, place) in [(link.get("href"), link.text) for link in links]
    assert f"[{place}]({address})" in seed_report.markdown(lang, SITE).decode()
    cells = [cell for row in _book(seed_report, lang, SITE).worksheets[2] for cell in row if cell.hyperlink]
    assert (address, place) in [(cell.hyperlink.target, cell.value) for cell in cells]
    assert not [cell for row in _book(seed_report, lang).worksheets[2] for cell in row if cell.hyperlink]
    assert place in seed_report.markdown(lang).decode()


def test_the_spreadsheet_can_be_filtered_and_holds_no_formula(seed_report: shapes.Report) -> None:
    """Heads stay in sight; what begins like a formula is text."""
    book = _book(seed_report)
    assert book.sheetnames == ["汇总", "项目得分", "逐条问题", "规则"]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    readings = [cell.value for cell in book["逐条问题"]["K"]]
    assert any(str(value).startswith("=") for value in readings)


def test_very_many_findings_fill_several_sheets(
    seed_report: shapes.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel has a limit of links for each sheet."""
    monkeypatch.setattr(report_workbook, "_MOST_ROWS", 150)
    book = _book(seed_report)
    names = [name for name in book.sheetnames if name.startswith("逐条问题")]
    assert names == ["逐条问题", "逐条问题 2", "逐条问题 3"]
    assert sum(book[name].max_row - 1 for name in names) == 374


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".md"])
def test_a_report_without_findings_is_written_too(suffix: str) -> None:
    """Of a graph that declares nothing."""
    assert check_reports.written(shapes.check(Graph()), suffix, "en")


def test_markup_in_a_document_stays_text(seed_report: shapes.Report) -> None:
    """Neither the page nor the Markdown takes what is printed for its own marks."""
    found = seed_report.findings[-1]
    quotes = tuple(replace(quote, text="<b>*1|2*</b>") for quote in found.quotes)
    report = replace(seed_report, findings=(replace(found, quotes=quotes),))
    assert "<b>*1|2*</b>" in _page(report).text_content()
    assert r"\<b\>\*1\|2\*\</b\>" in report.markdown("zh").decode()


# --- from the command line ---------------------------------------------------------------------------------


def test_check_writes_every_format_and_the_scores(seed: Path, tmp_path: Path) -> None:
    """Several at a time, in the language that was asked for."""
    outs = [tmp_path / f"report{suffix}" for suffix in check_reports.MEDIA_TYPES]
    scores = tmp_path / "scores.csv"
    written = [word for out in outs for word in ("-o", str(out))]
    done = _check(seed, *written, "--scores", str(scores), "--lang", "en", "--site", SITE.rstrip("/"))
    assert done.exit_code == 1, done.output
    assert len(outs) == 6
    assert all(out.stat().st_size for out in outs)
    assert "Report on performance targets" in outs[0].read_text(encoding="utf-8")
    assert f'href="{SITE}id/' in outs[0].read_text(encoding="utf-8")
    assert scores.read_text(encoding="utf-8").startswith("of,rank,")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("-o", "report.pdf"), "report.pdf: a report is written as .html, .xlsx, .md, .csv, .json, .ttl"),
        (("--scores", "scores.xlsx"), "scores.xlsx: scores are written as .csv"),
    ],
)
def test_a_format_that_is_none_is_refused(seed: Path, options: tuple[str, ...], told: str) -> None:
    """Before anything is judged."""
    done = _check(seed, *options)
    assert (done.exit_code, told in done.output) == (2, True)


def _check(seed: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(seed / "seed.docx"), *options])
