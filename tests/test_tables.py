"""The graph as flat tables: every thing once, the same in every format, and a codebook that says what it is."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pandas
import polars
import pytest
from click.testing import CliRunner
from services import wait_until
from sites import serving
from test_clients import run
from test_turns import FORM

from ontology import identifiers
from queries import QueryFileError
from queries.tables import Datatype, tables
from service.answers import select
from service.cli import main
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.loading.turns import next_turn
from service.store import Asker, Changes, TooManyQueries, open_store
from service.tables import codebook, exporting
from service.tables.exporting import write_table
from service.tables.files import FORMATS, Look
from service.tables.kept import KeptTables
from service.tables.rows import DataChanged, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from service.store import Store

TABLES = tables()
PREFIXES = """PREFIX jx: <https://w3id.org/jixiao/def/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX jxc: <https://w3id.org/jixiao/code/>
"""
COUNTS = {
    "indicators": """SELECT (COUNT(DISTINCT ?row) AS ?n) { { ?x a jx:Declaration } UNION { ?x a jx:OverallTarget }
        ?x jx:hasIndicator ?i . OPTIONAL { ?i jx:target ?t } BIND(COALESCE(?t, ?i) AS ?row) }""",
    "projects": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a jx:Declaration }",
    "funds": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a jx:Fund }",
    "milestones": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a jx:Milestone }",
    "results": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a jx:IndicatorResult }",
    "findings": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a sh:ValidationResult }",
}
"""How many rows each table has, by another question than its own."""
SUMS = {
    ("projects", "budget"): "SELECT (SUM(?v) AS ?n) { ?x a jx:Declaration ; jx:budget ?v }",
    ("projects", "indicators"): "SELECT (COUNT(*) AS ?n) { ?x a jx:Declaration ; jx:hasIndicator ?v }",
    ("funds", "amount"): "SELECT (SUM(?v) AS ?n) { ?x a jx:Fund ; jx:amount ?v }",
    (
        "milestones",
        "cumulative_percent",
    ): "SELECT (SUM(?v) AS ?n) { ?x a jx:Milestone ; jx:cumulativePercent ?v }",
    ("indicators", "number"): """SELECT (SUM(?v) AS ?n) {
        ?x a jx:Declaration ; jx:hasIndicator ?i . ?i jx:target ?t . ?t jx:number ?v }""",
    ("indicators", "base_number"): """SELECT (SUM(?v) AS ?n) {
        ?x a jx:Declaration ; jx:hasIndicator ?i . ?i jx:target ?t . ?t jx:baseNumber ?v }""",
    ("results", "score"): "SELECT (SUM(?v) AS ?n) { ?x a jx:IndicatorResult ; jx:score ?v }",
}
"""What numbers of a column add up to, by another question."""
TYPED = {"unit_code": str, "division_code": str, "department_code": str, "project_code": str}


def number(store: Store, sparql: str) -> float:
    """The one number that is the answer."""
    (row,) = select(store, PREFIXES + sparql)
    told = row.number("n")
    assert told is not None
    return float(told)


@pytest.fixture(scope="module")
def sent(client: httpx.Client) -> dict[str, pandas.DataFrame]:
    """Every table as pandas reads it by its address."""
    return {
        name: pandas.read_csv(
            io.StringIO(client.get(f"/tables/{name}.csv").raise_for_status().text), dtype=TYPED
        )
        for name in TABLES
    }


# --- what is in them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_row_for_each_thing(
    name: str, library: Store, sent: dict[str, pandas.DataFrame]
) -> None:
    """As many as another question counts in the graph, each key once, and the columns that the header declares."""
    table, frame = TABLES[name], sent[name]
    assert set(COUNTS) == set(TABLES)
    assert len(frame) == number(library, COUNTS[name]) > 0
    assert list(frame.columns) == list(table.columns)
    assert not frame.duplicated(list(table.key)).any()


@pytest.mark.parametrize(("name", "column"), SUMS)
def test_numbers_add_up_to_what_the_graph_says(
    name: str, column: str, library: Store, sent: dict[str, pandas.DataFrame]
) -> None:
    """No row twice, none left out, no number changed."""
    assert sent[name][column].sum() == pytest.approx(number(library, SUMS[name, column]), rel=1e-12)


def test_the_worked_example_stands_in_its_row(sent: dict[str, pandas.DataFrame]) -> None:
    """8万元/队/年 of the fourth indicator: as printed, as read, and where."""
    frame = sent["indicators"]
    (row,) = frame[frame["target_printed"] == "8万元/队/年"].to_dict("records")
    told = {
        "fiscal_year": 2025,
        "version": "年初",
        "division_code": "130202",
        "unit_code": "203001",
        "project_code": "13020225P00911610001G",
        "level_1": "产出指标",
        "level_2_code": "cost",
        "indicator_number": 4,
        "indicator": "每个驻村工作队工作经费",
        "target_kind": "QuantityTarget",
        "quantitative": True,
        "comparator": "eq",
        "comparator_printed": False,
        "number": 8,
        "unit_of_measure_code": "wan-yuan-per-team-year",
        "base_number": 80000,
        "basis_type": "generic",
        "source_file": "130202-203001-2025.docx",
    }
    assert {name: row[name] for name in told} == told
    assert row["source_cell_iri"].endswith(f"/table/{row['source_table']}/cell/{row['source_row']}-5")


def test_tables_join_by_their_iris(sent: dict[str, pandas.DataFrame]) -> None:
    """Every fund, milestone and indicator has its project; results have their declared indicators."""
    declared = set(sent["projects"]["declaration_iri"])
    for name in ("funds", "milestones"):
        assert set(sent[name]["declaration_iri"]) <= declared
    assert set(sent["results"]["declared_indicator_iri"].dropna()) <= set(sent["indicators"]["indicator_iri"])
    assert sent["results"]["declared_indicator_iri"].notna().sum() == 13


def test_the_whole_file_asks_for_the_same_as_its_batches(library: Store) -> None:
    """A definition can be run as it stands: it asks for the rows of everything there is."""
    for table in TABLES.values():
        whole = {
            tuple(row.text(name) for name in table.key)
            for row in select(library, table.text.replace("$lang", '"zh"'))
        }
        keys = [list(table.columns).index(name) for name in table.key]
        batches = [tuple(row[place] for place in keys) for row in rows(library, table, "zh")]
        assert set(batches) == whole
        assert len(batches) == len(whole)


def test_an_indicator_without_a_target_has_a_row_and_one_with_two_has_two() -> None:
    """Of a whole department too; what is not there is empty, and several values of a column stand in one row."""
    store = open_store("memory:")
    of = "https://w3id.org/jixiao/id/"
    store.update(
        f"""PREFIX jx: <https://w3id.org/jixiao/def/> PREFIX prov: <http://www.w3.org/ns/prov#>
        INSERT DATA {{ GRAPH <urn:g> {{
          <{of}overall/1> a jx:OverallTarget .
          <{of}overall/1> jx:hasIndicator <{of}overall/1/indicator/10>, <{of}overall/1/indicator/9> .
          <{of}overall/1/indicator/9> a jx:Indicator ; jx:ordinal 9 ; jx:name "甲" .
          <{of}overall/1/indicator/10> jx:ordinal 10 ; jx:target <{of}t/1>, <{of}t/2> .
          <{of}t/1> a jx:TargetValue, jx:QuantityTarget ; jx:number 40000.50 .
          <{of}t/1> prov:wasQuotedFrom <{of}c/1>, <{of}c/2> .
          <{of}t/2> a jx:TargetValue, jx:UnsetTarget }} }}"""
    )
    table = TABLES["indicators"]
    told = [dict(zip(table.columns, row, strict=True)) for row in rows(store, table, "zh")]
    assert [row["indicator_number"] for row in told] == ["9", "10", "10"]
    assert [row["target_kind"] for row in told] == ["", "QuantityTarget", "UnsetTarget"]
    assert [row["quantitative"] for row in told] == ["", "true", "false"]
    assert told[1]["number"] == "40000.5"
    assert told[1]["source_cell_iri"] == f"{of}c/1 {of}c/2"
    assert {row["scope"] for row in told} == {"OverallTarget"}


@pytest.mark.parametrize(
    ("language", "told"), [("zh", ["唐山市", "未知区划"]), ("en", ["唐山市", "unknown division"])]
)
def test_a_division_has_the_name_of_the_language_that_is_asked_for(language: str, told: list[str]) -> None:
    """Where it has none in that language it has its Chinese one, and a row stands once."""
    store = open_store("memory:")
    of = "https://w3id.org/jixiao/id/"
    store.update(
        f"""PREFIX jx: <https://w3id.org/jixiao/def/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        INSERT DATA {{ GRAPH <urn:g> {{
          <{of}declaration/1> a jx:Declaration ; jx:declaredBy <{of}unit/1> .
          <{of}declaration/2> a jx:Declaration ; jx:declaredBy <{of}unit/2> .
          <{of}unit/1> jx:inDivision <{of}division/130200> .
          <{of}unit/2> jx:inDivision <{of}division/000000> .
          <{of}division/130200> skos:prefLabel "唐山市"@zh .
          <{of}division/000000> skos:prefLabel "未知区划"@zh, "unknown division"@en }} }}"""
    )
    place = list(TABLES["projects"].columns).index("division_name")
    assert [row[place] for row in rows(store, TABLES["projects"], language)] == told


def test_nothing_loaded_is_a_table_of_heads() -> None:
    """A newcomer sees the columns."""
    store = open_store("memory:")
    assert all(not list(rows(store, table, "en")) for table in TABLES.values())


# --- as the definitions say -----------------------------------------------------------------------------------


def test_every_column_can_be_used_everywhere() -> None:
    """Names are of Stata's length, titles of one table are all different, and all is said in both languages."""
    assert len(TABLES) == 6
    for table in TABLES.values():
        for column in table.columns.values():
            assert re.fullmatch(r"[a-z][a-z0-9_]{1,31}", column.name)
            assert column.name.endswith("_iri") == (column.type is Datatype.IRI)
        for language in ("zh", "en"):
            titles = [column.title[language] for column in table.columns.values()]
            assert len(set(titles)) == len(titles), table.name
        assert set(table.key) <= set(table.columns)


@pytest.mark.parametrize(
    ("instead", "by", "told"),
    [
        ("type: code", "type: colour", "'colour' is unknown; allowed are: string, code"),
        ("key: [fund_iri]", "key: [fund]", "the key names 'fund', which is no column"),
        (
            "each: [jx:Declaration]",
            "each: [Declaration]",
            "a class is a prefixed name such as jx:Declaration",
        ),
        ("{ UNDEF }", "{ jx:Declaration }", "where a batch names its wholes"),
        ("   blank:", "   blanc:", "the column ?blank is selected and not declared"),
        ("   unit_code: common", "   unit_key: common", "'unit_key' is not in common.yaml"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    tmp_path: Path, instead: str, by: str, told: str
) -> None:
    """With the file, the line and what to do."""
    original = next(iter(TABLES.values())).path.rpartition("/")[0]
    for file in ("common.yaml", "funds.rq"):
        text = (type(tmp_path)(original) / file).read_text(encoding="utf-8")
        assert file == "common.yaml" or instead in text
        (tmp_path / file).write_text(text.replace(instead, by) if file == "funds.rq" else text, "utf-8")
    with pytest.raises(QueryFileError, match=re.escape(told)) as caught:
        tables(tmp_path)
    assert caught.value.file.endswith("funds.rq")
    assert caught.value.line >= 1


# --- as programs read them ----------------------------------------------------------------------------------------


def test_every_format_says_the_same(site: str, sent: dict[str, pandas.DataFrame], tmp_path: Path) -> None:
    """Parquet, .dta and the spreadsheet: the same rows, with types and labels of their own."""
    for name in ("indicators", "milestones"):
        plain = sent[name]
        parquet = polars.read_parquet(f"{site}/tables/{name}.parquet")
        assert parquet.columns == list(plain.columns)
        assert parquet.height == len(plain)
        assert parquet["due_date"].dtype == polars.Date
        assert parquet["unit_code"].dtype == polars.String
        stata = pandas.read_stata(f"{site}/tables/{name}.dta?lang=en", iterator=True)
        labels = stata.variable_labels()
        assert labels["unit_code"] == "Unit code"
        assert stata.data_label == TABLES[name].title.en
        assert len(stata.read()) == len(plain)
    numbers = [
        column for column in plain.columns if TABLES["milestones"].columns[column].type is Datatype.DECIMAL
    ]
    assert {parquet[column].sum() for column in numbers} == {plain[column].sum() for column in numbers}


def test_a_spreadsheet_has_titles_rows_and_the_codebook(
    client: httpx.Client, sent: dict[str, pandas.DataFrame]
) -> None:
    """Heads in the language, numbers and days as such, and what the columns are on a second sheet."""
    answer = client.get("/tables/indicators.xlsx?lang=en")
    assert answer.headers["content-disposition"] == 'attachment; filename="indicators.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Performance indicators", "Codebook"]
    sheet, told = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert heads == [column.title.en for column in TABLES["indicators"].columns.values()]
    assert sheet.max_row - 1 == len(sent["indicators"])
    column = heads.index("Number") + 1
    assert sum(
        cell or 0 for (cell,) in sheet.iter_rows(2, None, column, column, values_only=True)
    ) == pytest.approx(sent["indicators"]["number"].sum())
    assert told.max_row - 1 == len(heads)


@pytest.mark.parametrize("lazily", [False, True])
def test_polars_reads_a_table(site: str, sent: dict[str, pandas.DataFrame], lazily: bool) -> None:
    """At once, and by a scan (HEAD, then ranges), as the data page shows it."""
    address = f"{site}/tables/indicators.csv?lang=zh"
    codes = dict.fromkeys(TYPED, polars.String)
    if lazily:
        frame = polars.scan_csv(address, schema_overrides=codes, infer_schema_length=None).collect()
    else:
        frame = polars.read_csv(address, schema_overrides=codes, infer_schema_length=None)
    assert frame.height == len(sent["indicators"])
    assert frame["unit_code"].to_list() == sent["indicators"]["unit_code"].to_list()


def test_r_reads_a_table(site: str, sent: dict[str, pandas.DataFrame]) -> None:
    """Base R, with the lines that the data page shows."""
    program = (
        'codes <- c(division_code = "character", department_code = "character", unit_code = "character", '
        f'project_code = "character"); rows <- read.csv("{site}/tables/indicators.csv?lang=zh", '
        'colClasses = codes, na.strings = "", encoding = "UTF-8"); '
        'cat(nrow(rows), sum(rows$number, na.rm = TRUE), rows$unit_code[1], sep = "\\n")'
    )
    told = run("Rscript", "--vanilla", "-e", program).decode().splitlines()
    frame = sent["indicators"]
    assert told[0] == str(len(frame))
    assert float(told[1]) == pytest.approx(frame["number"].sum(), rel=1e-6)
    assert told[2] == frame["unit_code"][0]


def test_what_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    """CSV has an apostrophe before it, the spreadsheet a text, Parquet the text itself."""
    table = TABLES["milestones"]
    evil = "=cmd|' /C calc'!A1"
    row = tuple(evil if name == "project_name" else "" for name in table.columns)
    for suffix in ("csv", "xlsx", "parquet"):
        FORMATS[suffix].write(tmp_path / f"t.{suffix}", table, [row], Look())
    (read,) = csv.DictReader((tmp_path / "t.csv").read_text("utf-8").splitlines())
    assert read["project_name"] == f"'{evil}"
    cells = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0][2]
    cell = cells[list(table.columns).index("project_name")]
    assert (cell.value, cell.data_type) == (evil, "s")
    assert polars.read_parquet(tmp_path / "t.parquet")["project_name"].to_list() == [evil]


def test_heads_are_names_or_titles(client: httpx.Client) -> None:
    """`titles=zh` for people, with a mark for old Excel where it is asked for."""
    titled = client.get("/tables/funds.csv?titles=zh&bom=1").content
    assert titled.startswith("\ufeff预算年度,版本".encode())
    assert client.get("/tables/funds.csv").text.startswith("fiscal_year,version")
    assert ",initial," in client.get("/tables/funds.csv?lang=en").text
    assert client.get("/tables/funds.csv?titles=fr").status_code == 400
    assert client.get("/tables/fund.csv").status_code == 404


def test_a_table_is_tagged_by_the_version_of_the_data(client: httpx.Client) -> None:
    """Sent once, 304 after that; HEAD tells its length, and parts can be had."""
    plain = {"Accept-Encoding": "identity"}
    whole = client.get("/tables/funds.csv", headers=plain)
    tag = whole.headers["etag"]
    assert client.get("/tables/funds.csv", headers={"If-None-Match": tag}).status_code == 304
    head = client.head("/tables/funds.csv", headers=plain)
    assert (head.headers["etag"], head.headers["content-length"]) == (tag, str(len(whole.content)))
    part = client.get("/tables/funds.csv", headers={**plain, "Range": "bytes=6-30", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[6:31])
    assert client.get("/tables/funds.csv?lang=en", headers=plain).headers["etag"] != tag


# --- the codebook ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_the_metadata_describe_the_csv(name: str, client: httpx.Client) -> None:
    """CSV on the Web, where the CSV says that it stands: each column with titles, datatype and meaning."""
    answer = client.get(f"/tables/{name}.csv")
    link = re.match(r'<(.+)>; rel="describedby"', answer.headers["link"])
    assert link is not None
    metadata = client.get(f"/tables/{link[1]}")
    assert metadata.headers["content-type"] == "application/csvm+json"
    told = metadata.json()
    columns = told["tableSchema"]["columns"]
    assert told["url"] == f"{name}.csv"
    assert [column["titles"]["und"] for column in columns] == next(csv.reader([answer.text.splitlines()[0]]))
    assert {column["datatype"] for column in columns} <= {
        "string", "anyURI", "integer", "decimal", "gYear", "date", "boolean",
    }  # fmt: skip
    assert all({text["@language"] for text in column["dc:description"]} == {"zh", "en"} for column in columns)
    assert told["tableSchema"]["primaryKey"] == list(TABLES[name].key)


def test_the_codebook_can_be_read(client: httpx.Client) -> None:
    """In both languages, with every column of every table; programs have all tables in one file."""
    for language in ("zh", "en"):
        told = client.get(f"/tables/codebook.md?lang={language}").text
        for table in TABLES.values():
            assert f"## {table.name}: {table.title[language]}" in told
            assert all(f"| {name} | " in told for name in table.columns)
    every = client.get("/tables/csv-metadata.json").json()
    assert [one["url"] for one in every["tables"]] == [f"{name}.csv" for name in TABLES]
    assert [one["name"] for one in client.get("/tables").json()] == list(TABLES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_lead_to_the_tables(client: httpx.Client, language: str) -> None:
    """The overview to the indicators, the data page to all, the page of the tables to every column."""
    html = {"Accept": "text/html"}
    assert f"/tables/indicators.csv?lang={language}" in client.get(f"/{language}/", headers=html).text
    data = client.get(f"/{language}/data", headers=html).text
    assert all(f"/tables/{name}.xlsx?lang={language}" in data for name in TABLES)
    page = client.get(f"/{language}/tables", headers=html).text
    assert all(
        column.about[language].split("“")[0][:12] in page for column in TABLES["funds"].columns.values()
    )
    assert (
        client.get("/tables", headers={**html, "Accept-Language": language}).headers["location"]
        == f"/{language}/tables"
    )


# --- on the command line, and kept ---------------------------------------------------------------------------------


def _without_divisions(library: Store) -> bytes:
    """What a store holds but for the thousands of divisions."""
    lines = b"".join(library.export("application/n-quads")).splitlines(keepends=True)
    return b"".join(line for line in lines if not line.endswith(b"graph/divisions> .\n"))


@pytest.mark.soak
def test_the_command_writes_a_table_or_all(library: Store, tmp_path: Path) -> None:
    """One by its suffix, all as CSV with their codebook; a name that is none is told with those that are."""
    url = f"file:{tmp_path / 'store'}"
    with open_store(url, create=True) as store:
        store.apply(Changes(added=_without_divisions(library)))

    def export(*arguments: str) -> tuple[int, str]:
        outcome = CliRunner().invoke(main, ["export", *arguments, "--store", url])
        return outcome.exit_code, outcome.output

    assert export("--table", "all", "-o", str(tmp_path / "out"))[0] == 0
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert written == {f"{name}.csv" for name in TABLES} | {
        "csv-metadata.json",
        "codebook.zh.md",
        "codebook.en.md",
    }
    described = json.loads((tmp_path / "out" / "csv-metadata.json").read_text("utf-8"))
    assert described == codebook.csvw_of_all(TABLES)
    code, piped = export("--table", "funds", "-o", "-")
    assert (code, piped) == (0, (tmp_path / "out" / "funds.csv").read_text("utf-8"))
    assert export("--table", "funds", "-o", str(tmp_path / "funds.parquet"))[0] == 0
    assert polars.read_parquet(tmp_path / "funds.parquet").height == 82
    code, told = export("--table", "fund", "-o", "-")
    assert code == 2
    assert "there is no table 'fund'; there are: indicators, projects" in told
    code, told = export("--table", "funds", "-o", str(tmp_path / "funds.sav"))
    assert code == 2
    assert "must end in .csv, .xlsx, .parquet, .dta" in told


def _load_a_form(store: Store) -> None:
    Ingest(store).load(FORM.encode(), "a.txt", CatalogueEntry())


def _loading_after_the_first(monkeypatch: pytest.MonkeyPatch, load: Callable[[], None]) -> None:
    """Let somebody load when the first of all tables is written."""
    left = [load]

    def write_then_load(*asked: Any) -> None:
        write_table(*asked)
        if left:
            left.pop()()

    monkeypatch.setattr(exporting, "write_table", write_then_load)


@pytest.mark.soak
def test_all_tables_are_exported_as_they_were_when_the_first_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A load between two of them is in none."""
    url, out = f"file:{tmp_path / 'store'}", tmp_path / "out"

    def load() -> None:
        with open_store(url) as store:
            _load_a_form(store)

    def exported() -> list[int]:
        outcome = CliRunner().invoke(main, ["export", "--table", "all", "-o", str(out), "--store", url])
        assert outcome.exit_code == 0, outcome.output
        return [len((out / f"{name}.csv").read_text("utf-8").splitlines()) for name in TABLES]

    with open_store(url) as store:
        next_turn(store)
    _loading_after_the_first(monkeypatch, load)
    assert exported() == [1] * len(TABLES)
    assert sum(exported()) > len(TABLES)


def test_tables_of_two_versions_are_not_exported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing holds the data as they are, a change meanwhile is told, and what was there stays."""
    store = open_store("memory:")
    next_turn(store)
    (tmp_path / "funds.csv").write_text("what was there before", "utf-8")
    _loading_after_the_first(monkeypatch, lambda: _load_a_form(store))
    with pytest.raises(DataChanged, match="ask again"):
        exporting.write_all(tmp_path, store, Look())
    assert [file.name for file in tmp_path.iterdir()] == ["funds.csv"]
    assert (tmp_path / "funds.csv").read_text("utf-8") == "what was there before"


def test_a_table_is_written_once_and_makes_room(tmp_path: Path) -> None:
    """What is kept is not written again; what fails leaves nothing; files go when the service does."""
    kept = KeptTables(300)
    written: list[str] = []

    def write(path: Path) -> None:
        written.append(path.name)
        path.write_bytes(b"a,b\n")

    def fail(path: Path) -> None:
        path.write_bytes(b"a")
        raise ValueError("half")

    one = kept.file("one", write, Asker("a"))
    assert kept.file("one", write, Asker("b")) == one
    assert len(written) == 1
    with pytest.raises(ValueError, match="half"):
        kept.file("two", fail, Asker("a"))
    assert [file.name for file in one.parent.iterdir()] == [one.name]
    kept.close()
    assert not one.exists()


def _writing(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def test_a_table_that_somebody_tidied_away_is_written_again(tmp_path: Path) -> None:
    """Programs that clean up after others remove files that nobody has read for some days, and their folder."""
    kept, asker = KeptTables(300), Asker("a")
    first = kept.file("one", _writing(b"a"), asker)
    first.unlink()
    again = kept.file("one", _writing(b"b"), asker)
    assert again.read_bytes() == b"b"
    shutil.rmtree(again.parent)
    assert kept.file("one", _writing(b"c"), asker).read_bytes() == b"c"
    kept.close()


def test_only_so_many_wait_for_tables() -> None:
    """The seventeenth is sent away at once: whoever waits has one of the threads that answer everybody."""
    kept, go_on = KeptTables(300), threading.Event()

    def write(path: Path) -> None:
        assert go_on.wait(300)
        path.write_bytes(b"a")

    with ThreadPoolExecutor(16) as threads:
        asked = [
            threads.submit(kept.file, f"{number}", write, Asker(f"192.0.2.{number}")) for number in range(16)
        ]
        wait_until(lambda: kept._line.waiting == 14, "two are written, and the others wait")
        with pytest.raises(TooManyQueries, match="14 tables wait already: ask again in a while"):
            kept.file("late", write, Asker("late"))
        go_on.set()
        assert len({one.result(timeout=300) for one in asked}) == 16
    kept.close()


def test_one_client_has_one_table_written_at_a_time() -> None:
    """Another finds a place at once; who asks for a table that is being written waits, and gets the same."""
    kept, patient = KeptTables(300), Asker("patient")
    begun, go_on = threading.Event(), threading.Event()
    written: list[str] = []

    def write(path: Path) -> None:
        begun.set()
        assert go_on.wait(300)
        written.append(path.name)
        path.write_bytes(b"slow")

    with ThreadPoolExecutor(9) as threads:
        slow = [threads.submit(kept.file, "slow", write, patient)]
        assert begun.wait(300)
        slow += [threads.submit(kept.file, "slow", write, one) for one in (patient, Asker("c"))]
        others = [threads.submit(kept.file, f"{number}", write, patient) for number in range(6)]
        wait_until(lambda: kept._line.waiting == 8, "all others wait")
        with pytest.raises(TooManyQueries, match="7 tables of yours wait already"):
            kept.file("one more", write, patient)
        assert kept.file("other", _writing(b"quick"), Asker("b")).read_bytes() == b"quick"
        go_on.set()
        assert len({one.result(timeout=300) for one in slow}) == 1
        assert len({one.result(timeout=300) for one in others}) == 6
    assert len(written) == 7
    kept.close()


def test_a_table_of_a_store_that_nobody_marks_is_as_the_data_are(library: Store) -> None:
    """Others write to such a store: what was written for one client serves no other, and goes when it is sent."""
    store = open_store("memory:")
    lines = _without_divisions(library).splitlines(keepends=True)
    catalogue = f"<{identifiers.CATALOGUE_GRAPH}> .\n".encode()
    store.apply(Changes(added=b"".join(line for line in lines if not line.endswith(catalogue))))
    with serving(store) as address:
        url = f"{address}/tables/projects.csv"
        before = len(httpx.get(url, timeout=300).text.splitlines())
        assert before > 10
        store.update("DELETE WHERE { GRAPH ?g { ?d a <https://w3id.org/jixiao/def/Declaration> } }")
        assert len(httpx.get(url, timeout=300).text.splitlines()) == 1


def test_a_table_is_always_whole(client: httpx.Client) -> None:
    """Whoever asks for a part of it in words that it does not know is told so, and does not sum up everything."""
    answer = client.get("/tables/indicators.csv?year=2025")
    assert answer.status_code == 400
    assert "no parameter year" in answer.json()["detail"]


# --- on every store ------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_every_store_has_the_same_tables(library: Store, store: Store) -> None:
    """In memory, on disk, as it is served, and over the protocol: the same rows in the same order."""
    nquads = _without_divisions(library)
    store.apply(Changes(added=nquads))
    reference = open_store("memory:")
    reference.apply(Changes(added=nquads))
    for table in TABLES.values():
        assert list(rows(store, table, "zh")) == list(rows(reference, table, "zh"))
