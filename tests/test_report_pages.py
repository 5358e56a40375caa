"""Scores and reports on the pages: the same as `jixiao check` tells of the document that is loaded."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import lxml.html
import pyoxigraph as ox
import pytest
from openpyxl import load_workbook
from rdflib import Graph
from rdflib.namespace import RDF, SH
from sites import PROJECT, UNIT, serving

import loader
import shapes
from ontology.namespaces import PREFIXES
from service import check_reports
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.pages.departments import Unit
from service.pages.findings import findings
from service.pages.quality import Chosen
from service.pages.scores import ranking
from service.settings import Settings
from service.store import Bounds, Changes, open_store, open_to_serve
from shapes.report_words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.store import Store


PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def report(seed: Path) -> shapes.Report:
    """What `jixiao check` tells of the seed."""
    return shapes.check(shapes.graph_of(loader.convert((seed / "seed.docx").read_bytes()).nquads))


@pytest.fixture(scope="module")
def judged(seed: Path) -> Store:
    """The seed as `jixiao load` loads it."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    ingest.load((seed / "seed.docx").read_bytes(), "seed.docx", CatalogueEntry())
    return store


@pytest.fixture(scope="module")
def service(judged: Store) -> Iterator[httpx.Client]:
    """A client of the service over it."""
    with serving(judged) as address, httpx.Client(base_url=address, timeout=300) as client:
        yield client


def read(service: httpx.Client, address: str) -> lxml.html.HtmlElement:
    answer = service.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, address
    return lxml.html.document_fromstring(answer.content, parser=lxml.html.HTMLParser(encoding="utf-8"))


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


# --- scores ------------------------------------------------------------------------------------------------


def test_what_is_about_a_unit_of_two_departments_counts_once() -> None:
    """Two documents may name two departments of one unit, and the register keeps what both say."""
    head = "PREFIX jx: <https://w3id.org/jixiao/def/> PREFIX jxs: <https://w3id.org/jixiao/shape/> "
    head += "PREFIX org: <http://www.w3.org/ns/org#> PREFIX sh: <http://www.w3.org/ns/shacl#> "
    with open_store("memory:") as store:
        store.update(
            head
            + """INSERT DATA {
                GRAPH <x:r> { <x:report> sh:result <x:f1>, <x:f2> .
                    <x:f1> sh:sourceShape <x:rule> ; sh:resultSeverity sh:Info ; jxs:about <x:declaration> .
                    <x:f2> sh:sourceShape <x:rule> ; sh:resultSeverity sh:Info ; jxs:about <x:declaration> }
                GRAPH <x:d> { <x:declaration> jx:declaredBy <x:unit> }
                GRAPH <x:g> { <x:unit> org:subOrganizationOf <x:one>, <x:other> } }"""
        )
        shown = findings(store, Chosen(), "zh")
    assert (shown.wholes, shown.total) == (1, 2)


def test_the_page_of_a_project_shows_its_score(service: httpx.Client, report: shapes.Report) -> None:
    """With the five dimensions, those that count most first."""
    (score,) = (s for s in report.scores if s.context.project.code == PROJECT)
    (card,) = read(service, f"/zh/projects/{PROJECT}").xpath("//li[span='得分']")
    assert card.xpath("span[@class='figure']/text()") == [str(score.value)]
    assert [word.split()[0] for word in text(card.xpath("span[@class='note']")[0]).split(" · ")] == [
        share.dimension.label.zh for share in score.shares
    ]


def test_units_are_ranked_by_the_means_that_the_report_tells(
    service: httpx.Client, report: shapes.Report
) -> None:
    """Plain, and weighted by budget."""
    mean = json.loads(report.json())["means"]["units"][0]
    (row,) = read(service, "/zh/quality").xpath("//*[@id='ranking']/following::table[1]/tbody/tr")
    assert text(row).split() == [
        "1",
        *mean["name"].split(),
        "2025",
        "19",
        str(mean["score"]),
        "—",
        str(mean["weighted_score"]),
    ]
    department, unit = read(service, "/zh/departments").xpath("//table/tbody/tr/td[last()]")
    assert text(department) == text(unit) == str(mean["score"])
    listed = service.get("/zh/departments.json").json()
    assert [round(one["score"], 1) for one in listed] == [mean["score"]]


def test_a_mean_is_compared_with_that_of_the_year_before() -> None:
    """Of the same unit, to the tenth that people see; a year without one before has nothing to compare."""
    means = {
        ("a", "2024"): "90.04",
        ("a", "2025"): "91.26",
        ("b", "2025"): "80",
        ("a", ""): "70",
        ("a", "2027"): "60",
    }
    units = [
        Unit(key, key, key, year, 1, None, "", "", "", "", Decimal(mean), None)
        for (key, year), mean in means.items()
    ]
    told = {(one.unit.key, one.unit.year): one.trend for one in ranking(units)}
    assert {unit: trend for unit, trend in told.items() if trend is not None} == {
        ("a", "2025"): Decimal("1.3")
    }
    assert told.keys() == means.keys()


def test_projects_come_with_the_lowest_score_first(service: httpx.Client, report: shapes.Report) -> None:
    """When asked so; the list as data has the scores."""
    listed = service.get("/zh/projects.json?sort=score").json()
    assert [one["score"] for one in listed] == sorted(float(score.value) for score in report.scores)
    rows = read(service, "/zh/projects?sort=score").xpath("//table/tbody/tr")
    assert [float(text(row[-1])) for row in rows] == [one["score"] for one in listed]


# --- findings ----------------------------------------------------------------------------------------------


def test_the_page_of_findings_tells_all_that_the_report_tells(
    service: httpx.Client, report: shapes.Report
) -> None:
    """Nineteen projects and the document itself on one page; what is in every project apart, once."""
    page = read(service, "/zh/quality/findings")
    assert f"{len(report.findings)} 处问题" in text(page)
    counts = [
        int(text(head.xpath("span[@class='quiet'][last()]")[0]).split()[0]) for head in page.xpath("//h3")
    ]
    assert sum(counts) == len(report.findings)
    once = page.xpath("//*[@id='form']/following-sibling::div//span[contains(@class, 'code')]/text()")
    assert once == ["FU-03", "FW-01", "GO-02", "GO-03", "SP-04", "WT-01"]
    apart = [text(found) for found in page.xpath("//section//div[contains(@class, 'finding')]")]
    assert not [found for found in apart if "FU-03" in found]


def test_a_rule_that_is_chosen_is_shown_in_every_project(service: httpx.Client) -> None:
    """Nothing is aggregated then."""
    name = next(rule.iri.rpartition("/")[2] for rule in shapes.rules().values() if rule.id == "SP-04")
    page = read(service, f"/zh/quality/findings?rule={name}")
    assert page.xpath("//*[@id='form']") == []
    assert len(page.xpath("//section//div[contains(@class, 'finding')]")) == 19


def test_each_place_leads_to_its_cell(service: httpx.Client) -> None:
    """On the page of the project."""
    page = read(service, "/zh/quality/findings?severity=Violation")
    (finding,) = page.xpath("//div[contains(@class, 'finding')]")
    assert "≥95全部满意" in text(finding)
    (link,) = finding.xpath(".//a")
    address, _, anchor = link.get("href").partition("#")
    (cell,) = read(service, address).xpath(f"//td[@id='{anchor}']")
    assert "≥95全部满意" in text(cell)


# --- the report in each format -----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", check_reports.MEDIA_TYPES)
def test_the_report_of_a_unit_comes_in_each_format(
    service: httpx.Client, report: shapes.Report, suffix: str
) -> None:
    """With all that is found in its projects; the page of findings leads to it."""
    address = f"/zh/quality/report{suffix}?unit={UNIT.replace('/', '%2F')}"
    links = read(service, f"/zh/quality/findings?unit={UNIT}").xpath("//a/@href")
    assert address in links
    answer = service.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(check_reports.MEDIA_TYPES[suffix])
    assert f'filename="report{suffix}"' in answer.headers["Content-Disposition"]
    assert _findings(answer.content, suffix) == len(report.findings) == 372
    silent = next(rule for rule in shapes.rules().values() if rule.id not in {f.id for f in report.findings})
    other = service.get(f"{address}&rule={str(silent.iri).rpartition('/')[2]}")
    assert _findings(other.content, suffix) == 0


def _findings(content: bytes, suffix: str) -> int:
    """How many findings a report tells of."""
    if suffix == ".xlsx":
        return load_workbook(io.BytesIO(content))["逐条问题"].max_row - 1
    if suffix == ".csv":
        return len(list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))))
    if suffix == ".json":
        return len(json.loads(content)["findings"])
    if suffix == ".ttl":
        return len(set(Graph().parse(data=content, format="turtle").subjects(RDF.type, SH.ValidationResult)))
    if suffix == ".md":
        (line,) = (line for line in content.decode().splitlines() if line.startswith("**错误"))
        return sum(int(word) for word in line.replace("，", " ").split() if word.isdigit())
    page = lxml.html.fromstring(content.decode())
    return sum(int(text(card)) for card in page.xpath("//li[@class='broad']/span[@class='figure']"))


def test_a_report_leads_back_to_the_cells_of_this_service(service: httpx.Client) -> None:
    """And its page may carry its own style, and ask for nothing."""
    answer = service.get("/en/quality/report.html?severity=Violation")
    page = lxml.html.fromstring(answer.text)
    (link,) = page.xpath("//a[starts-with(@href, 'http')]")
    assert link.get("href").startswith(f"{str(service.base_url).rstrip('/')}/id/disclosure/")
    followed = service.get(link.get("href"), headers={"Accept": "text/html"})
    assert followed.status_code == 303
    assert "/projects/" in followed.headers["Location"]
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert "This report tells of chosen rules only" in answer.text


@pytest.mark.parametrize("chosen", ["unit=130202/999", "unit=no body", "rule=ZZ-1", "rule=TV-01,TV-02"])
@pytest.mark.parametrize("address", ["report.json", "report.md", "findings.csv"])
def test_nothing_is_said_of_what_there_is_not(service: httpx.Client, address: str, chosen: str) -> None:
    """A report without findings would say that all is well."""
    answer = service.get(f"/zh/quality/{address}?{chosen}")
    assert answer.status_code == 404
    assert chosen.partition("=")[2] in answer.json()["detail"]


def test_a_report_of_any_number_of_documents_is_made() -> None:
    """Also of many in which nothing is declared."""
    name = "https://w3id.org/jixiao/id/disclosure/{:016x}"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/jixiao/def/Disclosure>"
    lines = [f"<{name.format(number)}> {kind} <urn:g> ." for number in range(101)]
    store = open_store("memory:")
    store.apply(Changes(added="\n".join(lines).encode()))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        told = client.get("/zh/quality/report.json").json()
        assert (len(told["documents"]), told["findings"]) == (101, [])
        assert client.get("/zh/quality/report.json?severity=Violation").json()["findings"] == []


def test_a_report_that_takes_too_long_says_what_to_do_instead(tmp_path: Path) -> None:
    """Choose a unit, or let the command write it; no part of it is sent."""
    open_store(f"file:{tmp_path}/store").close()
    with (
        open_to_serve(f"file:{tmp_path}/store", Bounds()) as store,
        serving(store, Settings(report_seconds=0.001)) as address,
    ):
        answer = httpx.get(f"{address}/zh/quality/report.json", timeout=300)
        assert answer.status_code == 413
        assert "choose a unit or department" in answer.json()["detail"]


# --- the list of findings -----------------------------------------------------------------------------------


def test_the_list_tells_what_the_page_tells(service: httpx.Client, report: shapes.Report) -> None:
    """The same as CSV and JSON: the row, the printed text, the reading, the remedy and all places in words."""
    rows = service.get("/zh/quality/findings.json", params={"unit": UNIT}).json()
    table = list(csv.DictReader(io.StringIO(service.get("/zh/quality/findings.csv?unit=" + UNIT).text)))
    assert [row["thing"] for row in table] == [row["thing"] for row in rows]
    told = {(row["rule_id"], row["thing"], row["printed"], row["reading"], row["row"]) for row in rows}
    about = [finding for finding in report.findings if finding.context.unit is not None]
    assert told == {
        (one.id, str(one.focus), one.printed, one.reading.zh if _differs(one) else "", one.context.row)
        for one in about
    }
    assert len(rows) == len(about) > 300
    assert {row["remedy"] for row in rows} == {one.remedy.zh for one in about}
    assert all(row["where"] and row["cell"] for row in rows if row["place"])
    suggested = sum(bool(row["suggestion"]) for row in rows)
    assert suggested == sum(bool(one.suggestions) for one in about) > 0


def _differs(finding: shapes.Finding) -> bool:
    return bool(Words("zh").reading(finding))


def test_what_is_said_of_a_unit_is_found_by_its_department() -> None:
    """Villages that a unit counts differently are told of the unit, and of its department; not of another one."""
    graph = "https://w3id.org/jixiao/graph"
    trig = f"""{PROLOGUE}
    <{graph}/register> {{
        <unit/130202/301001> a jx:BudgetUnit ; skos:prefLabel "农业局本级"@zh ;
            org:subOrganizationOf <unit/130202/301> .
    }}
    <{graph}/report/unit/130202/301001> {{
        <unit/130202/301001/report> a sh:ValidationReport ; dcterms:subject <unit/130202/301001> ;
            sh:result <unit/130202/301001/finding/1> .
        <unit/130202/301001/finding/1> sh:sourceShape jxs:CO-03-villages ; sh:resultSeverity sh:Warning ;
            sh:focusNode <unit/130202/301001> ; jxs:printed "54个 / 55个" .
    }}"""
    store = open_store("memory:")
    quads = ox.parse(trig, format=ox.RdfFormat.TRIG, base_iri="https://w3id.org/jixiao/id/")
    store.apply(Changes(added=ox.serialize(quads, format=ox.RdfFormat.N_QUADS)))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        listed = {
            unit: client.get("/zh/quality/findings.json", params={"unit": unit}).json()
            for unit in ("", "130202/301001", "130202/301")
        }
    assert [len(rows) for rows in listed.values()] == [1, 1, 1]
    assert {row["printed"] for rows in listed.values() for row in rows} == {"54个 / 55个"}
    assert {row["unit"] for rows in listed.values() for row in rows} == {"农业局本级"}


@pytest.mark.parametrize(("language", "means"), [("zh", "必须改"), ("en", "it must be mended")])
def test_the_findings_begin_with_what_severities_mean_and_a_way_to_each(
    client: httpx.Client, language: str, means: str
) -> None:
    """Who has never seen a report knows what must be mended; of one severity nothing is explained."""
    page = client.get(f"/{language}/quality/findings").text
    assert page.index(means) < page.index('class="finding')
    assert f'href="/{language}/quality/findings?severity=Violation"' in page
    assert means not in client.get(f"/{language}/quality/findings", params={"severity": "Info"}).text
