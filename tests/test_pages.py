"""The pages: what each shows, in both languages, empty and full, and the data behind each list."""

from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING

import httpx
import lxml.html
import pyoxigraph as ox
import pytest
from sites import DOCUMENT, PROJECT, UNIT, serving

import queries
from service.pages import departments, overview, project, projects, quality
from service.settings import Settings
from service.store import Changes, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTML = {"Accept": "text/html,*/*;q=0.8"}
PAGES = {
    "overview": "",
    "departments": "departments",
    "unit": f"departments/{UNIT}",
    "department": f"departments/{UNIT[:-3]}",
    "projects": "projects",
    "project": f"projects/{PROJECT}",
    "quality": "quality",
    "findings": "quality/findings",
    "document": f"documents/{DOCUMENT}",
    "questions": "queries",
    "question": "queries/large-projects",
    "sparql": "sparql",
    "answer": "sparql?query=SELECT+*+{?s+?p+?o}+LIMIT+3",
    "graph": "sparql?query=CONSTRUCT+WHERE+{?s+?p+?o}+LIMIT+3",
    "data": "data",
    "tables": "tables",
    "about": "about",
    "code": "code/indicator-2015/quantity",
    "term": "def/budget",
    "rule": "shape/CO-02-unit-cost",
}
"""One address of every kind of page, behind the language."""
MANY_LINKS = {"unit", "department", "findings", "quality"}
"""Pages with hundreds of links: the soak follows them."""
LANGUAGES = ("zh", "en")


def read(client: httpx.Client, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, address
    return lxml.html.document_fromstring(answer.content, parser=lxml.html.HTMLParser(encoding="utf-8"))


def text(page: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(page.itertext()).split())


def keys(words: dict[str, object], above: str = "") -> Iterator[str]:
    for name, value in words.items():
        yield from keys(value, f"{above}{name}.") if isinstance(value, dict) else [f"{above}{name}"]


# --- both languages ------------------------------------------------------------------------------------


def test_both_languages_have_the_same_words() -> None:
    """No page can lack a word in one language; none is empty."""
    words = {
        language: tomllib.loads((files("service") / "locales" / f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    }
    assert list(keys(words["zh"])) == list(keys(words["en"]))
    assert len(list(keys(words["zh"]))) > 150


def test_every_word_is_used_by_some_template_or_sheet() -> None:
    """The locales do not collect what nobody shows."""
    words = tomllib.loads((files("service") / "locales" / "zh.toml").read_text("utf-8"))
    templates = "".join(page.read_text("utf-8") for page in (files("service") / "templates").iterdir())
    sheets = (files("service") / "answer_books.py").read_text("utf-8")
    in_sheets = {key for key in keys(words) if f'["{key.removeprefix("queries.")}"]' in sheets}
    assert in_sheets
    chosen_at_run_time = (
        "severity.",
        "kind.",
        "document.kinds.",
        "nav.",
        "projects.lacking_",
        "projects.sort_",
    )
    unused = [
        key
        for key in keys(words)
        if f"t.{key}" not in templates and key not in in_sheets and not key.startswith(chosen_at_run_time)
    ]
    assert unused == []


@pytest.mark.parametrize(("language", "name"), list(product(LANGUAGES, PAGES)))
def test_every_page_answers_in_its_language(client: httpx.Client, language: str, name: str) -> None:
    """Title, one heading, the language of the text, and a link to the same page in the other language."""
    page = read(client, f"/{language}/{PAGES[name]}")
    assert page.get("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert len(page.findall(".//h1")) == 1
    assert page.findtext(".//title", "").strip(" ·")
    other = "en" if language == "zh" else "zh"
    links = [link.get("href") for link in page.iterfind(".//header//a[@hreflang]")]
    assert links == [f"/{other}/{PAGES[name].replace('{', '%7B').replace('}', '%7D')}"] or "?" in PAGES[name]
    assert client.get(links[0]).status_code == 200


@pytest.fixture(scope="module")
def statuses() -> dict[str, int]:
    """What each link of the pages answered: most stand on many pages, and are followed once."""
    return {}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.soak if name in MANY_LINKS else ()) for name in PAGES]
)
def test_every_link_of_a_page_answers(client: httpx.Client, statuses: dict[str, int], name: str) -> None:
    """No link of ours leads nowhere, and every anchor is on its page."""
    page = read(client, f"/zh/{PAGES[name]}")
    anchors = {element.get("id") for element in page.iterfind(".//*[@id]")}
    links = {link.get("href") for link in page.iterfind(".//a[@href]")}
    assert len(links) > 8
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif link.startswith("/"):
            if link not in statuses:
                statuses[link] = client.get(link, headers=HTML).status_code
            assert statuses[link] in {200, 303}, link


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_built_for_everybody(client: httpx.Client, name: str) -> None:
    """Tables have headers with scope, inputs have labels, ids are unique, nothing is styled or scripted inside."""
    page = read(client, f"/zh/{PAGES[name]}")
    ids = [element.get("id") for element in page.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in page.iterfind(".//label")}
    for control in page.xpath(".//input | .//select | .//textarea"):
        assert control.get("id") in labelled
    for table in page.xpath(".//table[thead]"):
        assert all(cell.get("scope") for cell in table.iterfind("./thead/tr/th"))
    for area in page.xpath(".//div[@class='scroll']"):
        assert area.get("tabindex") == "0"
        assert area.get("aria-label") or area.get("aria-labelledby") in ids
    assert page.xpath(".//script | .//style | .//*[@style] | .//*[@onclick]") == []


def test_the_first_address_leads_to_the_readers_language(client: httpx.Client) -> None:
    """`/` is the overview in Chinese, or in English for a browser that prefers it."""
    assert client.get("/").headers["Location"] == "/zh/"
    assert client.get("/", headers={"Accept-Language": "en-US,en"}).headers["Location"] == "/en/"
    assert client.get("/zh").headers["Location"] == "/zh/"


def test_a_page_that_is_not_there_says_so_as_a_page(client: httpx.Client) -> None:
    """A person gets a page in their language, with what was asked for and the way back."""
    answer = client.get("/zh/projects/nobody", headers=HTML)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    page = lxml.html.fromstring(answer.text)
    assert "没有找到" in text(page)
    assert "nobody" in text(page)


# --- what they show ------------------------------------------------------------------------------------


def test_overview_counts_what_is_loaded(client: httpx.Client, library: Store) -> None:
    """Five documents, 41 declarations, 293 indicators, and the sum of the budgets: evaluations add none."""
    shown = overview.overview(library, "zh")
    assert shown.totals.documents == 5
    assert shown.totals.declarations == 41
    assert shown.totals.budget == 19_407_000 + 26_507_000 + 28_666_000 + 76_739_000
    assert shown.indicators == 122 + 44 + 63 + 64
    assert sum(year.declarations for year in shown.years) == 41
    assert shown.findings == {"Violation": 1, "Warning": 1, "Info": 2}
    page = text(read(client, "/en/"))
    assert "CNY\xa0151,319,000" in page.replace("CNY ", "CNY\xa0")
    assert "293" in page


def test_a_unit_shows_its_projects_and_its_overall_targets(client: httpx.Client) -> None:
    """The budgets add up to what the document says, and the department's prose is there."""
    page = text(read(client, f"/zh/departments/{UNIT}"))
    assert "19 个项目，预算合计 1,940.70" in page
    assert "总体绩效目标" in page
    department = text(read(client, f"/zh/departments/{UNIT[:-3]}"))
    assert "19 个项目，预算合计 1,940.70" in department


def test_a_project_is_shown_as_printed_beside_as_read(client: httpx.Client) -> None:
    """The row of the worked example: printed 8万元/队/年, read = 8 万元/队/年, marked as without comparator."""
    page = read(client, f"/zh/projects/{PROJECT}")
    (row,) = page.xpath("//tr[@id='indicator-4']")
    assert "每个驻村工作队工作经费" in text(row)
    (tag,) = row.xpath(".//span[contains(@class, 'tag')]")
    assert text(tag) == "= 8 万元/队/年"
    assert "implied" in tag.get("class").split()
    (deadline,) = page.xpath("//tr[@id='indicator-3']//span[contains(@class, 'DeadlineTarget')]")
    assert text(deadline) == "≤ 2025-03-31"


def test_every_number_of_a_project_leads_to_the_cell_that_prints_it(client: httpx.Client) -> None:
    """Budget, funds, plan, goals, names and values: the text of the cell is, or contains, what is printed."""
    page = read(client, f"/zh/projects/{PROJECT}")
    cells = {cell.get("id"): cell for cell in page.xpath("//table[@class='printed']//td")}
    for row in page.xpath("//tr[starts-with(@id, 'indicator-')]"):
        name, value = row.xpath(".//a[@class='cell']")[:2]
        assert cells[name.get("href")[1:]].text.strip() == text(name)
        assert cells[value.get("href")[1:]].text.strip() == text(value)
    asides = page.xpath("//aside//a[@class='cell']")
    assert [cells[link.get("href")[1:]].text.strip() for link in asides] == [
        "4.00",
        "",
        "25%",
        "50%",
        "75%",
        "100%",
    ]
    (budget,) = page.xpath("//ul[@class='cards']//a[@class='cell']")
    assert cells[budget.get("href")[1:]].text.strip() == "4.00"


def test_the_source_table_is_redrawn_whole(client: httpx.Client, library: Store) -> None:
    """Both tables of every project: rows and spans fill the grid exactly, and every text is there."""
    for one in projects.projects(library, projects.Filter(unit=UNIT)).projects:
        shown = project.project(library, one.key, "zh")
        assert len(shown.tables) == 2
        for table in shown.tables:
            filled = [
                (line, column)
                for row in table.rows
                for cell in row
                for line in range(cell.place.row, cell.place.row + cell.rowspan)
                for column in range(cell.place.column, cell.place.column + cell.colspan)
            ]
            assert len(filled) == len(set(filled))
            assert {line for line, _ in filled} == set(range(1, len(table.rows) + 1))
            width = max(column for _, column in filled)
            assert len(filled) == width * len(table.rows)


def test_a_cell_may_be_named_in_the_address(client: httpx.Client) -> None:
    """`?cell=` marks the cell for browsers and printers that do not follow anchors."""
    page = read(client, f"/zh/projects/{PROJECT}?cell=28-5-5")
    (chosen,) = page.xpath("//td[@class='chosen']")
    assert chosen.get("id") == "cell-28-5-5"
    assert chosen.text.strip() == "8万元/队/年"


def test_findings_say_what_is_wrong_how_to_mend_it_and_where(client: httpx.Client) -> None:
    """On the project: the gravest first, the rule's sentence, the remedy, and a link to the printed value."""
    page = read(client, f"/zh/projects/{PROJECT}")
    rows = page.xpath("//table[ancestor::section[@aria-labelledby='findings']]//tr")
    assert [text(row).split()[0] for row in rows] == ["错误", "警告", "提示"]
    assert "核对单位成本、数量和预算数" in text(rows[1])
    assert [link.get("href") for link in rows[1].xpath(".//a[@class='cell']")] == ["#cell-28-5-5"]


def test_the_report_lists_rules_and_findings(client: httpx.Client) -> None:
    """By rule with counts, one by one with a link to the cell on the project's page, filtered by severity."""
    by_rule = read(client, "/en/quality")
    rules = [text(row) for row in by_rule.xpath("//table[1]")[0].iterfind("./tbody/tr")]
    assert [rule.split()[1] for rule in rules] == ["GO-01", "CO-02", "CO-08", "TV-13"]
    one_by_one = read(client, "/en/quality/findings?severity=Warning")
    (finding,) = one_by_one.xpath("//div[contains(@class, 'finding')]")
    (link,) = finding.iterfind(".//a")
    assert link.get("href") == f"/en/projects/{PROJECT}?year=2025&version=initial#cell-28-5-5"
    assert link.text == "table 28 row 5 column 5"
    assert "differs from the budget" in text(finding)


def test_findings_stand_by_department_project_and_row(client: httpx.Client) -> None:
    """The printed text beside the reading; what is about the whole document apart."""
    page = read(client, "/zh/quality/findings")
    assert [text(head) for head in page.xpath("//main//section/h2")] == [
        "整个文件",
        "203 中国共产党唐山市路南区委员会组织部 · 203001 中国共产党唐山市路南区委员会组织部本级",
    ]
    (project,) = page.xpath(f"//h3[a[contains(@href, '/zh/projects/{PROJECT}')]]/..")
    assert text(project.find("h3")).split() == [
        PROJECT,
        "市级驻村第一书记和工作队工作经费",
        "2025",
        "3",
        "处",
    ]
    assert [text(row) for row in project.iterfind("h4")] == ["指标 4 每个驻村工作队工作经费"]
    rules = [text(finding).split()[1] for finding in project.xpath("./div[contains(@class, 'finding')]")]
    assert rules == ["GO-01", "CO-02", "TV-13"]
    last = project.xpath("./div[contains(@class, 'finding')]")[-1]
    assert "8万元/队/年 读作 = 8 万元/队/年" in text(last)
    (document,) = page.xpath("//h3[a[@href='/id/disclosure/cf8c4de81de73a86']]/..")
    assert "CO-08" in text(document)


def test_the_matrix_counts_indicators_of_each_kind(library: Store) -> None:
    """Every project's row adds up to its indicators that have a kind of level 2."""
    shown = quality.quality(library, "zh", page=1, unit=UNIT)
    assert len(shown.matrix) == 19
    assert sum(sum(row.counts) for row in shown.matrix) == 122
    names = [kind.name for kind in shown.kinds]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "chosen",
    [
        projects.Filter(),
        projects.Filter(q="工作队"),
        projects.Filter(q="13020225p0091"),
        projects.Filter(q="没有这样的项目"),
        projects.Filter(year="2024"),
        projects.Filter(unit=UNIT),
        projects.Filter(unit="130202/205"),
        projects.Filter(lacking="satisfaction"),
        projects.Filter(lacking="cost", year="2025"),
        projects.Filter(sort="budget"),
        projects.Filter(sort="name", unit=UNIT),
        projects.Filter(q="') } #"),
    ],
    ids=str,
)
def test_filters_count_what_they_list(library: Store, chosen: projects.Filter) -> None:
    """The number above the list, the sum of budgets and the list itself agree, page by page."""
    pages = [projects.projects(library, chosen, page=number, size=7) for number in range(1, 8)]
    listed = [one for page in pages for one in page.projects]
    assert len(listed) == pages[0].total
    assert len({(one.key, one.year) for one in listed}) == len(listed)
    assert sum(one.budget or 0 for one in listed) == (pages[0].budget or 0)


def test_lists_are_sorted_as_asked(library: Store) -> None:
    """The largest budget first."""
    budgets = [one.budget for one in projects.projects(library, projects.Filter(sort="budget")).projects]
    assert budgets == sorted(budgets, reverse=True)


# --- the data behind the lists -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("departments", 7),
        ("projects", 41),
        (f"projects?unit={UNIT}", 19),
        (f"projects/{PROJECT}", 6),
        ("quality/findings", 4),
        ("quality/findings?severity=Info", 2),
    ],
)
def test_every_list_comes_as_csv_and_json(client: httpx.Client, address: str, rows: int) -> None:
    """The same rows and columns, numbers as numbers, whatever the format."""
    path, _, query = address.partition("?")
    table = list(csv.DictReader(io.StringIO(client.get(f"/zh/{path}.csv?{query}").text)))
    objects = client.get(f"/zh/{path}.json?{query}").json()
    assert len(table) == len(objects) == rows
    assert list(table[0]) == list(objects[0])
    assert [row.get("name") for row in table] == [one.get("name") for one in objects] or "name" not in table[
        0
    ]


def test_the_indicators_of_a_project_come_with_reading_and_cell(client: httpx.Client) -> None:
    """Printed text, comparator, number and unit in columns, and the cell that prints it."""
    row = client.get(f"/zh/projects/{PROJECT}.json").json()[3]
    assert (row["printed"], row["comparator"], row["number"], row["unit"]) == (
        "8万元/队/年",
        "=",
        8,
        "万元/队/年",
    )
    assert row["cell"] == "28-5-5"


def test_every_question_has_a_page_a_table_and_data(client: httpx.Client) -> None:
    """All questions of the catalogue, with their examples: the page shows as many rows as the CSV holds."""
    asked = queries.catalogue()
    assert len(asked) >= 28
    for question in asked.values():
        parameters = question.parameters.values()
        needed = {p.name: p.example or "" for p in parameters if p.default is None and not p.optional}
        spoken = {"lang": "en"} if "lang" in question.parameters else {}
        page = client.get(f"/en/queries/{question.name}", params=needed, headers=HTML)
        table = client.get(f"/queries/{question.name}.csv", params=needed | spoken)
        assert page.status_code == table.status_code == 200, question.name
        lines = list(csv.reader(io.StringIO(table.text)))
        assert lines[0] == list(question.columns), question.name
        shown = lxml.html.fromstring(page.text).xpath("//main//table/tbody/tr")
        assert len(shown) == len(lines) - 1, question.name


def test_a_question_takes_its_conditions_from_the_address(client: httpx.Client) -> None:
    """The form's value stays in the form, and the answer follows it."""
    page = read(client, "/zh/queries/budgets-by-unit-and-year?year=2024")
    (field,) = page.xpath("//input[@name='year']")
    assert field.get("value") == "2024"
    assert {text(row[2]) for row in page.xpath("//main//table/tbody/tr")} == {"2024"}
    answer = client.get("/queries/budgets-by-unit-and-year.json", params={"year": "2024"}).json()
    assert {str(row["fiscalYear"]) for row in answer} == {"2024"}


def test_csv_has_a_mark_for_old_excel_when_asked(client: httpx.Client) -> None:
    """`?bom=1` is no parameter of the question."""
    answer = client.get("/queries/large-projects.csv?bom=1")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert not client.get("/queries/large-projects.csv").content.startswith(b"\xef\xbb\xbf")


def test_the_catalogue_comes_as_json(client: httpx.Client) -> None:
    """Programs find every question with parameters, columns and addresses."""
    listed = client.get("/queries").json()
    assert [one["name"] for one in listed] == list(queries.catalogue())
    assert client.get(listed[0]["csv"]).status_code == 200
    assert client.get("/queries/large-projects").json()["title"]["en"]


# --- nothing, much, and hostile ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_store_says_what_to_do(language: str) -> None:
    """Every list answers, and the pages a newcomer opens say how to load something."""
    with serving(open_store("memory:")) as address, httpx.Client(base_url=address, timeout=300) as client:
        for name in ("", "departments", "projects"):
            assert "jixiao load examples/" in client.get(f"/{language}/{name}").text
        for name in (
            "quality",
            "quality/findings",
            "queries",
            "queries/large-projects",
            "sparql",
            "data",
            "about",
        ):
            assert client.get(f"/{language}/{name}").status_code == 200
        assert client.get(f"/{language}/projects.json").json() == []


def declarations(count: int, name: str) -> bytes:
    """N-Quads of as many declarations of one unit, each with its own project of that name."""
    jx, thing = "https://w3id.org/jixiao/def/", "https://w3id.org/jixiao/id"
    quads = []
    graph = ox.NamedNode("https://w3id.org/jixiao/graph/disclosure/0000000000000000")

    def say(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, graph))

    for number in range(count):
        subject = f"{thing}/declaration/P{number}/2025/initial"
        say(subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", ox.NamedNode(f"{jx}Declaration"))
        say(subject, f"{jx}ofProject", ox.NamedNode(f"{thing}/project/P{number}"))
        say(subject, f"{jx}declaredBy", ox.NamedNode(f"{thing}/unit/000000/1"))
        say(subject, f"{jx}version", ox.NamedNode("https://w3id.org/jixiao/code/version/initial"))
        say(subject, f"{jx}projectName", ox.Literal(name))
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def test_a_thousand_projects_come_in_pages() -> None:
    """A hundred rows a page, with links to the next and the one before; the data have them all."""
    store = open_store("memory:")
    store.apply(Changes(added=declarations(1000, "村级组织运转经费")))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        page = read(client, "/zh/projects?page=2")
        assert len(page.xpath("//main//table/tbody/tr")) == 100
        assert [link.get("href") for link in page.xpath("//nav[@class='pages']/a")] == [
            "/zh/projects?page=1",
            "/zh/projects?page=3",
        ]
        assert "第 2 / 10 页" in text(page)
        assert len(client.get("/zh/projects.json").json()) == 1000
        assert client.get("/zh/quality?page=20").status_code == 200


def test_text_of_documents_is_never_markup() -> None:
    """A name with tags and quotes is shown as it is printed, in text and in attributes."""
    name = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    store = open_store("memory:")
    store.apply(Changes(added=declarations(1, name)))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        for path in (
            "projects",
            "projects/P0",
            "projects?q=%22%3E%3Cscript%3E",
            "queries/large-projects?threshold=0",
        ):
            page = read(client, f"/zh/{path}")
            assert page.xpath("//script | //img") == []
        assert name in read(client, "/zh/projects/P0").findtext(".//title", "")
        assert read(client, "/zh/projects/P0").findtext(".//h1") == name


def test_links_stand_below_the_public_path(library: Store) -> None:
    """Behind a proxy that shows the service below /jixiao, every link and redirect begins with it."""
    with (
        serving(library, Settings(public_path="/jixiao")) as address,
        httpx.Client(base_url=address, timeout=300) as client,
    ):
        for path in ("/zh/", f"/zh/projects/{PROJECT}", "/en/quality", "/zh/queries/large-projects", "/docs"):
            page = read(client, path)
            links = [link.get("href") for link in page.xpath("//a[@href] | //link[@href]")]
            ours = [link for link in links if link.startswith("/")]
            assert ours
            assert all(link.startswith("/jixiao/") for link in ours), path
        assert client.get("/").headers["Location"] == "/jixiao/zh/"
        assert client.get(f"/id/project/{PROJECT}").headers["Location"].startswith("/jixiao/data/")


# --- the real thing ------------------------------------------------------------------------------------


def test_the_seed_as_loaded_shows_its_findings(seed: Path) -> None:
    """Loaded the way `jixiao load` does, with its real report: totals, a finding with its cell, the document."""
    from service.loading.ingest import Ingest
    from service.loading.sources import CatalogueEntry

    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    ingest.load((seed / "seed.txt").read_bytes(), "seed.txt", CatalogueEntry(title="路南区委组织部 2025"))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        front = text(read(client, "/zh/"))
        assert "1,940.70 万元" in front.replace("\xa0", " ")
        assert "路南区委组织部 2025" in front
        page = read(client, "/zh/quality/findings?severity=Violation")
        assert "≥95全部满意" in text(page)
        (link,) = page.xpath("//div[@class='evidence' and contains(., '≥95全部满意')]//a")
        target = read(client, link.get("href").partition("#")[0])
        (cell,) = target.xpath(f"//td[@id='{link.get('href').partition('#')[2]}']")
        assert cell.text.strip() == "≥95全部满意"


# --- what is not known ---------------------------------------------------------------------------------

PARTLY_KNOWN = """PREFIX jx: <https://w3id.org/jixiao/def/> PREFIX id: <https://w3id.org/jixiao/id/>
PREFIX i: <https://w3id.org/jixiao/code/indicator-2015/> PREFIX v: <https://w3id.org/jixiao/code/version/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { GRAPH <x:document> {
    <x:known> a jx:Declaration ; jx:ofProject <x:p1> ; jx:version v:initial ; jx:fiscalYear "2025"^^xsd:gYear ;
        jx:declaredBy <https://w3id.org/jixiao/id/unit/1/1> ; jx:budget 125000.0 ; jx:hasIndicator <x:i1>, <x:i2> .
    <x:unknown> a jx:Declaration ; jx:ofProject <x:p2> ; jx:version v:initial ; jx:fiscalYear "2025"^^xsd:gYear ;
        jx:declaredBy <https://w3id.org/jixiao/id/unit/1/1> ; jx:hasIndicator <x:i3> .
    <x:none> a jx:Declaration ; jx:ofProject <x:p3> ; jx:version v:initial ; jx:fiscalYear "2024"^^xsd:gYear .
    <x:i1> a jx:Indicator ; jx:level1 i:output ; jx:level2 i:quantity ; jx:target <x:t1> .
    <x:i2> a jx:Indicator ; jx:level2 i:quality ; jx:target <x:t2> .
    <x:i3> a jx:Indicator .
    <x:t1> a jx:QualitativeTarget . <x:t2> a jx:QuantityTarget } }"""


def test_what_one_project_does_not_say_hides_nothing_of_the_others() -> None:
    """A sum is of the budgets that are known, and none where none is; an indicator without levels is counted."""
    with open_store("memory:") as store:
        store.update(PARTLY_KNOWN)
        shown = overview.overview(store, "zh")
        listed = projects.projects(store, projects.Filter())
        (department,) = departments.departments(store)
    assert [(year.year, year.budget) for year in shown.years] == [("2025", Decimal(125000)), ("2024", None)]
    assert (listed.total, listed.budget, listed.unbudgeted) == (3, Decimal(125000), 2)
    assert [unit.budget for unit in department.units] == [Decimal(125000)]
    assert (shown.indicators, shown.quantified) == (3, 1)
