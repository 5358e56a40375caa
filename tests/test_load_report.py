"""The load report: one account, the same as text, as JSON and as a page, when converting and ever after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import jsonschema
import lxml.html
import pytest
from sites import serving
from test_disclosures import CASES

import loader
from loader.load_report_json import as_json, from_json, schema
from loader.load_report_text import SHOWN, as_text
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

DISCLOSURES = Path(__file__).parent / "disclosures"
DOUBTFUL = DISCLOSURES / "doubtful-values" / "source.txt"
EVALUATION = DISCLOSURES / "self-evaluation" / "source.txt"
FORM = DISCLOSURES / "plain-form" / "source.txt"


def jixiao(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments], capture_output=True, text=True, check=False
    )


def report_of(path: Path) -> loader.LoadReport:
    return loader.convert(path.read_bytes()).report


# --- JSON ------------------------------------------------------------------------------------------------


def test_the_schema_is_one() -> None:
    """It is a JSON Schema of 2020-12, and describes every key."""
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_json_has_the_documented_shape_and_is_the_whole_report(case: Path) -> None:
    """What is written as JSON fits the schema and reads back as the same report."""
    (source,) = case.glob("source.*")
    report = report_of(source)
    told = json.loads(json.dumps(as_json(report)))
    jsonschema.validate(told, schema())
    assert from_json(told) == report


def test_json_of_real_documents_has_the_documented_shape(shared: Path) -> None:
    """All formats of the real tables: sheets, pages, places and odd texts included."""
    told = 0
    for path in sorted((shared / "disclosures" / "real").glob("*/*.*")):
        if path.suffix != ".json":
            report = report_of(path)
            jsonschema.validate(as_json(report), schema())
            assert from_json(as_json(report)) == report
            told += 1
    assert told >= 40


def test_a_report_of_another_version_is_named() -> None:
    """Nobody shows what may mean something else now."""
    with pytest.raises(ValueError, match=r"version 99 .* load the document again"):
        from_json(as_json(report_of(FORM)) | {"version": 99})


# --- text ------------------------------------------------------------------------------------------------


def test_many_notes_of_one_kind_are_told_by_their_number() -> None:
    """Text shows the first of them and the count; JSON has every one."""
    header, footer = "<table><tr><td>项目名称</td><td>路灯</td></tr>", "</table>"
    rows = "".join(f"<tr><td>附注{n}</td><td>内容{n}</td><td>{n}</td></tr>" for n in range(60))
    page = f"<html><meta charset='utf-8'><p>2025年项目绩效目标</p>{header}{rows}{footer}</html>"
    report = loader.convert(page.encode()).report
    kinds = [note["kind"] for note in as_json(report)["notes"]]
    assert len(kinds) > 100
    for language, more in (("zh", f"另有 {len(kinds) - SHOWN} 处"), ("en", f"and {len(kinds) - SHOWN} more")):
        lines = as_text(report, language).splitlines()
        assert len(lines) < 25
        assert more in lines[-1]


def test_an_amount_is_told_in_yuan_to_the_last_digit() -> None:
    """Budgets add up exactly."""
    report = report_of(FORM)
    assert as_json(report)["totals"]["budget"] == "1205000"
    assert "预算合计 1,205,000.00 元" in as_text(report)


RUN_TOGETHER = DISCLOSURES / "run-together" / "source.txt"
OTHER_TABLES = DISCLOSURES / "no-tables-of-targets" / "source.html"
WHY_NOTHING = {
    RUN_TOGETHER: "no table was found in it; text not understood: line 1 “",
    OTHER_TABLES: "none of its 3 tables has the labels of a table of performance targets",
}


@pytest.mark.parametrize("source", WHY_NOTHING, ids=lambda path: path.parent.name)
@pytest.mark.parametrize(
    "command",
    [
        ("convert", "-o", "-"),
        pytest.param(("check",), marks=pytest.mark.soak),
        pytest.param(("load", "--store", "memory:"), marks=pytest.mark.soak),
    ],
)
def test_a_document_that_says_nothing_is_told_with_the_reason(source: Path, command: tuple[str, ...]) -> None:
    """Each command says the same in one line; only converting it, to nothing, is no failure."""
    done = jixiao(command[0], str(source), *command[1:])
    (line,) = (told for told in done.stderr.splitlines() if told.startswith(str(source)))
    assert line.startswith(f"{source}: {WHY_NOTHING[source]}")
    assert done.returncode == (0 if command[0] == "convert" else 2)


# --- converting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sum_of_budgets_is_told_where_none_is_stated(language: str) -> None:
    """A self-evaluation without a declaration has no budget of 0 yuan."""
    report = report_of(EVALUATION)
    assert (report.count("declaration"), report.count("self-evaluation")) == (0, 1)
    assert as_json(report)["totals"]["budget"] is None
    assert not {"预算合计", "budgets"} & set(as_text(report, language).replace("·", " ").split())


def test_a_document_in_which_nothing_was_recognised_is_not_called_in_order() -> None:
    """That there is nothing to look at is said only of what was read."""
    nothing = loader.convert("今天没有绩效。".encode()).report
    assert "没有识别出绩效目标表" in as_text(nothing)
    assert "No table of performance targets was recognised" in as_text(nothing, "en")


def test_the_command_writes_the_report_as_text_json_and_page(tmp_path: Path) -> None:
    """One document that is read, one that is doubtful, one that is damaged: each says what became of it."""
    damaged = tmp_path / "坏.docx"
    damaged.write_bytes(b"PK\x03\x04 no more")
    for suffix in (".txt", ".json", ".html"):
        out = tmp_path / f"read{suffix}"
        files = (str(FORM), str(DOUBTFUL), str(damaged))
        done = jixiao("convert", *files, "-o", str(tmp_path / "o.nq"), "--report-file", str(out))
        assert (done.returncode, f"{damaged}: " in done.stderr, "单位" in done.stderr) == (2, True, False)
        told = out.read_text(encoding="utf-8")
        assert all(name in told for name in files)
        assert "≥95全部满意" in told
        assert "damaged" in told
    first, second, third = json.loads((tmp_path / "read.json").read_text(encoding="utf-8"))
    assert first == {"file": str(FORM), "report": as_json(report_of(FORM))}
    assert second["report"]["notes"]
    assert set(third) == {"file", "error"}


def test_several_reports_are_written_at_once(tmp_path: Path) -> None:
    """Each in the format of its name; one that is no format is refused before any is written."""
    outs = [tmp_path / f"read{suffix}" for suffix in (".txt", ".json", ".html")]
    options = [part for out in outs for part in ("--report-file", str(out))]
    refused = jixiao("convert", str(FORM), "-o", str(tmp_path / "o.nq"), *options, "--report-file", "a.xlsx")
    assert (refused.returncode, any(out.exists() for out in outs)) == (2, False)
    assert jixiao("convert", str(FORM), "-o", str(tmp_path / "o.nq"), *options).returncode == 0
    starts = [out.read_text(encoding="utf-8").lstrip()[:5] for out in outs]
    assert (starts[0], starts[1][0], starts[2]) == (str(FORM)[:5], "[", "<!doc")


def test_the_page_of_a_report_needs_no_other_file(tmp_path: Path) -> None:
    """It can be sent by mail: style within, no script, no link, and in the language that was asked for."""
    out = tmp_path / "read.html"
    jixiao("convert", str(DOUBTFUL), "-o", str(tmp_path / "o.nq"), "--report-file", str(out), "--lang", "en")
    page = lxml.html.parse(out).getroot()
    assert page.get("lang") == "en"
    assert page.xpath("//script | //link | //a | //img") == []
    assert page.xpath("//style")
    assert "What to do:" in page.text_content()
    assert page.xpath("//span[@lang='zh-CN'][text()='≥950%']")


def test_the_report_itself_is_told_on_stderr(tmp_path: Path) -> None:
    """`--report` prints it in the language that was asked for, and the quads go where they should."""
    done = jixiao("convert", str(DOUBTFUL), "-o", "-", "--report", "--lang", "en")
    assert done.stdout.startswith("<https://w3id.org/jixiao/")
    assert f"{DOUBTFUL}\n{as_text(report_of(DOUBTFUL), 'en')}" in done.stderr


def test_an_unknown_format_of_the_report_is_refused_before_reading(tmp_path: Path) -> None:
    """The message says which suffixes there are."""
    done = jixiao("convert", "missing.docx", "-o", str(tmp_path / "o.nq"), "--report-file", "report.xlsx")
    assert (done.returncode, ".txt, .json, .html" in done.stderr) == (2, True)


# --- from the store --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A service over all cases in which something was recognised."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    for source in loaded():
        ingest.load(source.read_bytes(), source.name, CatalogueEntry())
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        yield client


def loaded() -> list[Path]:
    sources = [source for case in CASES for source in case.glob("source.*")]
    return [source for source in sources if report_of(source).says_something]


@pytest.mark.parametrize("source", loaded(), ids=lambda source: source.parent.name)
def test_the_service_tells_what_converting_told(client: httpx.Client, source: Path) -> None:
    """Text in both languages, JSON, and every sentence of the text on the page, though declarations have moved on."""
    report = report_of(source)
    address = f"documents/{report.sha256[:16]}"
    assert client.get(f"/zh/{address}.json").json() == as_json(report)
    for language in ("zh", "en"):
        assert client.get(f"/{language}/{address}.txt").text == as_text(report, language) + "\n"
        page = lxml.html.document_fromstring(
            client.get(f"/{language}/{address}", headers={"Accept": "text/html"}).content,
            parser=lxml.html.HTMLParser(encoding="utf-8"),
        )
        shown = page.text_content()
        for group in report.notes_by_kind:
            assert group.remedy[language] in shown
        for note in report.notes:
            assert note.text in shown
            assert note.position.told(language) in shown


def test_a_place_leads_to_the_cell(client: httpx.Client) -> None:
    """From a note to the source table of the project, at the cell."""
    report = report_of(DOUBTFUL)
    page = lxml.html.document_fromstring(client.get(f"/zh/documents/{report.sha256[:16]}").content)
    (link,) = {a.get("href") for a in page.xpath("//a") if a.get("href", "").endswith("/table/1/cell/13-5")}
    assert client.get(link, headers={"Accept": "text/html"}).headers["location"].endswith("#cell-1-13-5")


def test_a_document_that_is_not_loaded_is_named(client: httpx.Client) -> None:
    """404, and the key is repeated."""
    answer = client.get("/zh/documents/0123456789abcdef.json")
    assert (answer.status_code, "0123456789abcdef" in answer.text) == (404, True)


def test_the_shape_is_part_of_the_api(client: httpx.Client) -> None:
    """Programs find the schema in the description of the API."""
    answers = client.get("/openapi.json").json()["paths"]["/{language}/documents/{key}.{suffix}"]["get"]
    assert answers["responses"]["200"]["content"]["application/json"]["schema"] == schema()
