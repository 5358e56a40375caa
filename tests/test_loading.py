"""Documents into the store: whole, once, and counted right, on every kind of store."""

from __future__ import annotations

import csv
import gzip
import io
from base64 import b64decode
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loader.location import Location
from ontology.namespaces import PREFIXES
from service.loading.ingest import Failed, Ingest, Loaded
from service.loading.sources import CatalogueEntry, SourceError, find_sources, stray_rows
from service.store import open_store

if TYPE_CHECKING:
    from service.store import Store

CASES = Path(__file__).parent / "disclosures"
EXAMPLES = Path(__file__).parent.parent / "examples"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
NO_ENTRY = CatalogueEntry()
COUNTS = """SELECT (COUNT(DISTINCT ?d) AS ?declarations) (COUNT(?b) AS ?budgets) (SUM(?b) AS ?sum) {
    ?d a jx:Declaration OPTIONAL { ?d jx:budget ?b }
}"""

FILES_OF_DECLARATIONS = """SELECT ?file {
    ?d a jx:Declaration ; prov:hadPrimarySource/jx:inDisclosure ?document .
    ?record foaf:primaryTopic ?document ; schema:name ?file
}"""
EVERYTHING_BUT_TIMES = """SELECT * {
    GRAPH ?g { ?s ?p ?o } FILTER(?g != jxg:catalogue || (?p != dcterms:hasVersion && DATATYPE(?o) != xsd:dateTime))
} ORDER BY ?g ?s ?p ?o"""
ORPHANS = "SELECT ?focus { ?r sh:focusNode ?focus MINUS { ?focus a ?type } }"


def ask(store: Store, sparql: str) -> list[dict[str, str]]:
    """Return the rows of a query."""
    answer = store.query(PROLOGUE + sparql, "text/csv").decode()
    return list(csv.DictReader(io.StringIO(answer)))


@pytest.fixture
def store() -> Store:
    """An empty store in memory."""
    return open_store("memory:")


@pytest.fixture
def ingest(store: Store) -> Ingest:
    """Loading into that store."""
    return Ingest(store)


def form(name: str = "道路养护经费", budget: str = "120.50", year: str = "2025") -> bytes:
    """Return a small form as a text dump."""
    source = (CASES / "plain-form" / "source.txt").read_text(encoding="utf-8")
    return (
        source.replace("120.50", budget)
        .replace("2025年部门", f"{year}年部门")
        .replace("\t道路养护经费", f"\t{name}")
        .encode()
    )


def totals(store: Store) -> tuple[int, int, Decimal]:
    """Return the number of declarations, of budgets, and the sum of all budgets."""
    (row,) = ask(store, COUNTS)
    return int(row["declarations"]), int(row["budgets"]), Decimal(row["sum"])


def test_the_seed_as_text_and_as_word_together_is_counted_once(
    ingest: Ingest, store: Store, seed: Path
) -> None:
    """The same facts in another format are no second declaration: COUNT and SUM stay right."""
    ingest.load((seed / "seed.txt").read_bytes(), "seed.txt", NO_ENTRY)
    again = ingest.load((seed / "seed.docx").read_bytes(), "seed.docx", NO_ENTRY)
    assert totals(store) == (19, 19, Decimal(19_407_000))
    assert again.held_elsewhere == 20  # 19 declarations and the department's overall target
    (row,) = ask(store, "SELECT (COUNT(*) AS ?n) { ?i a jx:Indicator }")
    assert row["n"] == "122"
    (row,) = ask(store, "SELECT (COUNT(*) AS ?n) { ?d a jx:Disclosure }")
    assert row["n"] == "2"
    (row,) = ask(store, "SELECT (COUNT(*) AS ?n) { ?a prov:alternateOf ?b }")
    assert row["n"] == "1"


def test_no_triple_stands_in_two_graphs(ingest: Ingest, store: Store, seed: Path) -> None:
    """Engines do not remove duplicates from the union of graphs, so there must be none."""
    ingest.prepare()
    for name in ("seed.txt", "seed.docx"):
        ingest.load((seed / name).read_bytes(), name, NO_ENTRY)
    (row,) = ask(
        store,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h)) }",
    )
    assert row["n"] == "0"


def test_two_documents_of_one_unit_add_up(ingest: Ingest, store: Store) -> None:
    """Another year of the same project is another declaration of one project and one unit."""
    ingest.load(form(year="2024", budget="100.00"), "2024.txt", NO_ENTRY)
    ingest.load(form(year="2025", budget="120.50"), "2025.txt", NO_ENTRY)
    assert totals(store) == (2, 2, Decimal(2_205_000))
    assert ask(store, "SELECT (COUNT(*) AS ?n) { ?u a jx:BudgetUnit }") == [{"n": "1"}]
    assert ask(store, "SELECT (COUNT(*) AS ?n) { ?p a jx:Project }") == [{"n": "1"}]


def test_loading_a_document_again_changes_nothing(ingest: Ingest, store: Store) -> None:
    """Loading is idempotent, down to the last quad."""
    entry = CatalogueEntry(title="某县文本")
    ingest.load(form(), "a.txt", entry)
    before = b"".join(store.export("application/n-quads"))
    ingest.load(form(), "a.txt", entry)
    assert b"".join(store.export("application/n-quads")) == before


@pytest.mark.parametrize("later_first", [False, True])
def test_the_later_publication_holds_whichever_is_loaded_first(
    ingest: Ingest, store: Store, *, later_first: bool
) -> None:
    """A corrected publication takes the place of the earlier one; what it replaced is kept in the archive."""
    early = (form(budget="120.50"), "early.txt", CatalogueEntry(published=date(2025, 2, 1)))
    late = (form(budget="99.00"), "late.txt", CatalogueEntry(published=date(2025, 6, 1)))
    for document in (late, early) if later_first else (early, late):
        ingest.load(*document)
    assert totals(store) == (1, 1, Decimal(990_000))
    (kept,) = ask(store, "SELECT ?text { ?v a jx:ArchivedVersion ; jx:archivedStatements ?text }")
    assert b'"1205000"' in gzip.decompress(b64decode(kept["text"]))


def test_the_order_of_loading_does_not_matter() -> None:
    """An early table, a correction, and a later document that confirms the early one: down to names and findings."""
    documents = [
        (form(budget="120.50"), "early.txt", CatalogueEntry(published=date(2025, 2, 1))),
        (form(budget="99.00", name="道路养护费"), "wrong.txt", CatalogueEntry(published=date(2025, 3, 1))),
        (form(budget="120.50") + b"\n", "confirmed.txt", CatalogueEntry(published=date(2025, 4, 1))),
    ]
    stores = [open_store("memory:") for _ in range(6)]
    for store, order in zip(stores, permutations(documents), strict=True):
        for document in order:
            Ingest(store).load(*document)
    first, *others = [ask(store, EVERYTHING_BUT_TIMES) for store in stores]
    assert len(first) > 500
    assert all(told == first for told in others)
    assert totals(stores[0]) == (1, 1, Decimal(1_205_000))
    assert ask(stores[0], FILES_OF_DECLARATIONS) == [{"file": "early.txt"}]


def test_dates_that_were_swapped_are_put_right_one_document_at_a_time(ingest: Ingest, store: Store) -> None:
    """What an earlier load put away comes back, whichever document is loaded again."""
    first, second = (form(budget="120.50"), "a.txt"), (form(budget="99.00"), "b.txt")
    ingest.load(*first, CatalogueEntry(published=date(2025, 1, 1)))
    ingest.load(*second, CatalogueEntry(published=date(2025, 2, 1)))
    ingest.load(*first, CatalogueEntry(published=date(2025, 2, 1)))
    again = ingest.load(*second, CatalogueEntry(published=date(2025, 1, 1)))
    assert totals(store) == (1, 1, Decimal(1_205_000))
    assert (again.held_elsewhere, again.superseded) == (1, 0)
    assert ask(store, ORPHANS) == []


def test_one_corrected_project_replaces_that_one_alone(ingest: Ingest, store: Store, seed: Path) -> None:
    """A correction of one project out of nineteen leaves the other eighteen with their document."""
    text = (seed / "seed.txt").read_text(encoding="utf-8")
    heading = text.index("14.市级驻村")
    following = text.index("15.向存在", heading)
    one = text[heading:following].replace("\t4.00", "\t4.50")
    ingest.load(text.encode(), "seed.txt", NO_ENTRY)
    corrected = ingest.load(one.encode(), "correction.txt", NO_ENTRY)
    assert corrected.superseded == 1
    assert totals(store) == (19, 19, Decimal(19_412_000))
    (row,) = ask(store, "SELECT (COUNT(*) AS ?n) { ?new prov:wasRevisionOf ?old }")
    assert row["n"] == "1"


def test_findings_go_with_the_declaration_they_are_about(ingest: Ingest, store: Store) -> None:
    """After a correction no finding speaks of what the store does not hold."""
    ingest.load(form(budget="120.50").replace("≤120.5万元".encode(), b""), "a.txt", NO_ENTRY)
    second = ingest.load(form(budget="120.50"), "b.txt", NO_ENTRY)
    assert (second.superseded, second.findings > 0) == (1, True)
    assert ask(store, ORPHANS) == []


def test_a_store_is_judged_as_its_documents_were_when_they_were_loaded(ingest: Ingest, store: Store) -> None:
    """What the register says of units of measure counts in both."""
    from service.loading.judging import judge_store

    loaded = [
        outcome for outcome in ingest.load_all(find_sources([str(EXAMPLES)])) if isinstance(outcome, Loaded)
    ]
    assert len(loaded) == 5
    assert len(judge_store(store).report.findings) == sum(outcome.findings for outcome in loaded) > 500


def test_what_is_known_of_a_document_stays_when_it_is_loaded_without_a_catalogue(
    ingest: Ingest, store: Store
) -> None:
    """Date, title and source given once are not forgotten, and the date goes on deciding."""
    given = CatalogueEntry(title="道路文本", published=date(2025, 2, 18), source="https://example.org/a")
    ingest.load(form(budget="120.50"), "a.txt", given)
    ingest.load(form(budget="120.50"), "renamed.txt", NO_ENTRY)
    ingest.load(form(budget="99.00"), "early.txt", CatalogueEntry(published=date(2025, 1, 1)))
    assert totals(store) == (1, 1, Decimal(1_205_000))
    rows = ask(
        store, "SELECT ?title { GRAPH jxg:catalogue { ?r dcterms:title ?title ; schema:name 'a.txt' } }"
    )
    assert rows == [{"title": "道路文本"}]


def test_projects_of_departments_that_are_not_named_are_not_taken_for_one(
    ingest: Ingest, store: Store
) -> None:
    """Without unit and code a name says too little to tell two documents' projects for one."""
    for amount in ("10.00", "77.00"):
        text = form(budget=amount, name="办公经费").decode()
        text = text.replace("\t305001唐山市路南区住房和城乡建设局本级\n", "\t\n")
        ingest.load(text.replace("\t13020225P00909010001G", "\t").encode(), f"{amount}.txt", NO_ENTRY)
    assert totals(store) == (2, 2, Decimal(870_000))


def test_of_two_undated_versions_the_one_loaded_later_holds(ingest: Ingest, store: Store) -> None:
    """However quickly they follow each other, and a third time too."""
    for amount in ("120.50", "99.00", "98.00"):
        ingest.load(form(budget=amount), f"{amount}.txt", NO_ENTRY)
        assert totals(store) == (1, 1, Decimal(amount) * 10_000)


def test_documents_that_revise_each_other_in_turn_leave_no_circle(ingest: Ingest, store: Store) -> None:
    """Document A takes its place back when its date of publication is corrected: B revises it no more."""
    first, second = (form(budget="120.50"), "a.txt"), (form(budget="99.00"), "b.txt")
    ingest.load(*first, CatalogueEntry(published=date(2025, 1, 1)))
    ingest.load(*second, CatalogueEntry(published=date(2025, 2, 1)))
    ingest.load(*first, CatalogueEntry(published=date(2025, 3, 1)))
    assert totals(store) == (1, 1, Decimal(1_205_000))
    assert len(ask(store, "SELECT ?a ?b { ?a prov:wasRevisionOf ?b }")) == 1


def test_two_self_evaluations_of_one_project_do_not_mix(ingest: Ingest, store: Store) -> None:
    """The second table of one document is named and kept in the grid alone."""
    source = (CASES / "self-evaluation" / "source.txt").read_text(encoding="utf-8")
    twice = (
        source
        + "\n 二、项目支出绩效自评表\n(2022年度)\n"
        + source.split("(2022年度)\n", 1)[1].replace("\t60\n", "\t61\n")
    )
    ingest.load(twice.encode(), "twice.txt", NO_ENTRY)
    assert ask(store, "SELECT (COUNT(*) AS ?n) { ?r a jx:IndicatorResult }") == [{"n": "4"}]
    assert ask(store, "SELECT (COUNT(?x) AS ?n) { ?r a jx:IndicatorResult ; jx:actualText ?x }") == [
        {"n": "4"}
    ]


def test_forms_without_name_and_code_are_not_taken_for_one(ingest: Ingest, store: Store) -> None:
    """Two blank forms are two declarations."""
    source = (CASES / "plain-form" / "source.txt").read_text(encoding="utf-8")
    blank = source.replace("\t13020225P00909010001G", "\t").replace("\t道路养护经费", "\t")
    heading = " 1.道路养护经费绩效目标表\n"
    ingest.load((blank + "\n" + heading + blank.split(heading, 1)[1]).encode(), "blank.txt", NO_ENTRY)
    assert totals(store)[0] == 2


def test_an_address_in_the_catalogue_that_is_none_is_named(tmp_path: Path) -> None:
    """Nothing that is no address gets into the graph, and nothing with a > at all."""
    (tmp_path / "a.txt").write_bytes(form())
    for wrong in (
        "区财政局网站",
        "https://example.org/a b",
        "https://example.org/> <x:y",
        "javascript:alert(1)",
    ):
        (tmp_path / "catalogue.csv").write_text(f"file,source\na.txt,{wrong}\n", encoding="utf-8")
        with pytest.raises(SourceError, match=r"catalogue\.csv, line 2: "):
            find_sources([str(tmp_path)])


def test_the_most_frequent_name_of_a_project_is_preferred(ingest: Ingest, store: Store) -> None:
    """Two years call it one thing, one year another: the name most documents print is preferred."""
    for year, name in (("2023", "道路养护费"), ("2024", "道路养护经费"), ("2025", "道路养护经费")):
        ingest.load(form(year=year, name=name), f"{year}.txt", NO_ENTRY)
    rows = ask(store, "SELECT ?pref ?alt { ?p a jx:Project ; skos:prefLabel ?pref ; skos:altLabel ?alt }")
    assert rows == [{"pref": "道路养护经费", "alt": "道路养护费"}]


def test_a_document_that_fails_is_named_and_the_rest_is_loaded(
    ingest: Ingest, store: Store, tmp_path: Path
) -> None:
    """A folder with a damaged file, a picture, prose and a sound document."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a-damaged.docx").write_bytes(b"PK\x03\x04")
    (folder / "b-picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "c-prose.txt").write_text("没有表格的说明。\n", encoding="utf-8")
    (folder / "d-sound.txt").write_bytes(form())
    (folder / "README.md").write_text("not a document", encoding="utf-8")
    outcomes = list(ingest.load_all(find_sources([str(folder)])))
    failed = {outcome.location.name: outcome.reason for outcome in outcomes if isinstance(outcome, Failed)}
    assert sorted(failed) == ["a-damaged.docx", "b-picture.png", "c-prose.txt"]
    assert "damaged" in failed["a-damaged.docx"]
    assert "PNG" in failed["b-picture.png"]
    assert failed["c-prose.txt"] == "no table was found in it"
    assert [outcome.projects for outcome in outcomes if isinstance(outcome, Loaded)] == [1]
    assert totals(store)[0] == 1


def test_the_catalogue_beside_the_files_tells_title_date_and_source(
    ingest: Ingest, store: Store, tmp_path: Path
) -> None:
    """`catalogue.csv` is read with the folder and stated in the catalogue graph."""
    (tmp_path / "a.txt").write_bytes(form())
    (tmp_path / "catalogue.csv").write_text(
        "file,title,published,source\na.txt,道路文本,2025-02-14,https://example.org/a\n", encoding="utf-8-sig"
    )
    list(ingest.load_all(find_sources([str(tmp_path / "a.txt")])))
    rows = ask(
        store,
        """SELECT ?title ?issued ?source { GRAPH jxg:catalogue {
            ?d dcterms:issued ?issued ; dcat:landingPage ?source . ?r foaf:primaryTopic ?d ; dcterms:title ?title
        } }""",
    )
    assert rows == [{"title": "道路文本", "issued": "2025-02-14", "source": "https://example.org/a"}]


def test_a_row_of_the_catalogue_without_a_file_is_named_with_the_nearest_file(tmp_path: Path) -> None:
    """What the catalogue says of a mistyped name does not get lost in silence."""
    (tmp_path / "道路-2025.txt").write_bytes(form())
    (tmp_path / "catalogue.csv").write_text(
        "file,published\n道路-2025.txt,2025-02-14\n道路_2025.txt,2025-02-15\nzz.pdf,\n", encoding="utf-8"
    )
    near, far = stray_rows(find_sources([str(tmp_path)]))
    assert (near.line, near.name, near.nearest) == (3, "道路_2025.txt", "道路-2025.txt")
    assert str(far).endswith("catalogue.csv, line 4: there is no file 'zz.pdf' beside it")


def test_two_rows_about_one_file_that_disagree_are_refused(tmp_path: Path) -> None:
    """Which date holds decides between versions: nobody guesses it."""
    (tmp_path / "a.txt").write_bytes(form())
    (tmp_path / "catalogue.csv").write_text("file,published\na.txt,2025-02-14\na.txt,2025-02-15\n")
    with pytest.raises(SourceError, match=r"catalogue\.csv, line 3: an earlier line says something else"):
        find_sources([str(tmp_path)])


def test_a_document_that_is_there_twice_is_told_and_counted_once(ingest: Ingest, tmp_path: Path) -> None:
    """A copy under another name is no second document; a path given twice is one path."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(form())
    sources = find_sources(
        [str(tmp_path), str(tmp_path / ".." / tmp_path.name / "a.txt"), str(tmp_path / "a.txt")]
    )
    outcomes = [outcome for outcome in ingest.load_all(sources) if isinstance(outcome, Loaded)]
    assert [outcome.copy_of for outcome in outcomes] == [None, Location(tmp_path / "a.txt")]


def test_a_wrong_date_in_the_catalogue_is_named_with_its_line(tmp_path: Path) -> None:
    """The message names file, line, value, and how to write it."""
    (tmp_path / "a.txt").write_bytes(form())
    (tmp_path / "catalogue.csv").write_text("file,published\na.txt,14.2.2025\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"catalogue\.csv, line 2: '14\.2\.2025' .* 2025-02-14"):
        find_sources([str(tmp_path)])


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """Nothing is loaded from a mistyped path in silence."""
    with pytest.raises(SourceError, match="missing"):
        find_sources([str(tmp_path / "missing")])


def test_words_and_rules_are_put_into_the_store_once(ingest: Ingest, store: Store) -> None:
    """`prepare` brings ontology, codes, divisions and rules; a second time it changes nothing."""
    ingest.prepare()
    graphs = store.graphs()
    assert {graph.rpartition("/")[2] for graph in graphs} >= {"ontology", "codes", "divisions", "shapes"}
    before = b"".join(store.export("application/n-quads"))
    ingest.prepare()
    assert b"".join(store.export("application/n-quads")) == before
