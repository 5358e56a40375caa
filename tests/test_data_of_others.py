"""Data of others stand beside ours: each file a graph of its own, in the catalogue, and counted by no question."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest
import yaml
from click.testing import CliRunner
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, SKOS, VOID
from sites import serving
from virtuoso import Virtuoso, virtuoso

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES
from queries import MissingParameterError
from queries import catalogue as questions
from service.cli import main
from service.linking.gathering import every_division, registered
from service.linking.index import Index
from service.others.catalogue import About, Linkset, entries
from service.others.faults import UnfitData
from service.others.importing import Given, bring_in, take_out
from service.others.linkage import By, LinkReport, as_csv, as_json, as_text, link_report
from service.others.sidecar import rows_of
from service.pages import departments, overview, projects, quality
from service.store import Changes, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from service.store import Store

__all__ = ["virtuoso"]

CASES = Path(__file__).with_name("others")
DATASETS = "https://w3id.org/jixiao/graph/dataset/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DIVISION = "https://w3id.org/jixiao/id/division/130202"
UNIT = "https://w3id.org/jixiao/id/unit/130202/203001"
POPULATION = f"""@prefix ex: <http://stats.example/def/> .
@prefix dcterms: <{PREFIXES["dcterms"]}> .
@prefix skos: <{PREFIXES["skos"]}> .
@prefix jx: <{PREFIXES["jx"]}> .
<row/1> ex:people 330000 ; dcterms:spatial <{DIVISION}> ; ex:counted [ ex:on "2024-12-31" ] ; jx:budget 5 .
<row/2> a jx:Declaration ; skos:closeMatch <{UNIT}> .
<{UNIT}> skos:prefLabel "另一个名称" ; ex:telephone "0315" .
"""
SAID = About("2024年人口", "统计局", "https://creativecommons.org/licenses/by/4.0/", "", date(2025, 3, 1))


def cases(name: str) -> list[dict[str, str]]:
    told: list[dict[str, str]] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return told


def population(content: str = POPULATION, about: About = SAID) -> Given:
    return Given("population.ttl", content.encode(), about)


def run(*arguments: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], input=data)


@pytest.mark.parametrize("case", cases("same.yaml"), ids=lambda case: case["file"])
def test_each_format_is_read(case: dict[str, str]) -> None:
    """The same statement, whatever the format and whatever the suffix claims."""
    store = open_store("memory:")
    done = bring_in(store, Given(case["file"], case["content"].encode(), About()))
    assert store.statements(done.entry.graph) == ['<urn:row> <https://schema.org/name> "路南区" .']


@pytest.mark.parametrize("case", cases("refused.yaml"), ids=lambda case: case["file"])
def test_what_cannot_be_taken_in_is_told_and_leaves_nothing(case: dict[str, str]) -> None:
    """Nothing is fetched, nothing grows without end, and the message says where."""
    store = open_store("memory:")
    with pytest.raises(UnfitData, match=re.escape(case["says"])):
        bring_in(store, Given(case["file"], case["content"].encode(), About()))
    assert store.graphs() == ()


def test_the_cases_are_all_there() -> None:
    """Each of the formats, and each way in which a file could harm."""
    assert (len(cases("same.yaml")), len(cases("refused.yaml"))) == (10, 12)


def test_our_own_context_is_known_without_fetching_it() -> None:
    """JSON in our words is RDF, and is kept apart as all else in our words."""
    store = open_store("memory:")
    text = '{"@context": "https://w3id.org/jixiao/context.jsonld", "id": "urn:a", "budget": "12.5"}'
    done = bring_in(store, Given("a.jsonld", text.encode(), About()))
    assert done.apart == {f"{PREFIXES['jx']}budget": 1}
    assert f'"12.5"^^<{PREFIXES["xsd"]}decimal>' in store.statements(done.entry.graph)[1]


@pytest.mark.soak
def test_virtuoso_takes_them_as_others_do(virtuoso: Virtuoso) -> None:
    """In pieces, with names for blank nodes; the link sets and the entry are the same."""
    store = virtuoso.store()
    done = bring_in(store, population())
    assert len(store.statements(done.entry.graph)) == done.entry.triples
    assert entries(store) == (done.entry,)
    again = bring_in(store, population('<urn:a> <urn:b> "路"@zh .', About()))
    assert store.statements(again.entry.graph) == ['<urn:a> <urn:b> "路"@zh .']
    assert [entry.triples for entry in entries(store)] == [1]
    take_out(store, "population")
    assert (entries(store), again.entry.graph in store.graphs()) == ((), False)


@pytest.mark.parametrize("store", ["memory", "disk", "remote"], indirect=True)
def test_a_file_is_a_graph_with_an_entry_on_every_store(store: Store) -> None:
    """Loading it again takes its place; taking it out leaves neither graph nor entry."""
    done = bring_in(store, population())
    assert done.entry.graph == f"{DATASETS}population"
    assert len(store.statements(done.entry.graph)) == done.entry.triples == 12
    assert entries(store) == (done.entry,)
    again = bring_in(store, population("<urn:a> <urn:b> 1 .", About(publisher="民政局")))
    assert again.replaced == done.entry
    assert store.statements(done.entry.graph) == [f'<urn:a> <urn:b> "1"^^<{PREFIXES["xsd"]}integer> .']
    (entry,) = entries(store)
    assert (entry.about.publisher, entry.about.title, entry.about.licence) == (
        "民政局",
        SAID.title,
        SAID.licence,
    )
    take_out(store, "population")
    assert entries(store) == ()
    assert done.entry.graph not in store.graphs()
    with pytest.raises(UnfitData, match="there is no data set 'population': there are none"):
        take_out(store, "population")


def test_a_refused_file_leaves_what_was_there() -> None:
    """Nothing half done: the old graph and its entry stay as they were."""
    store = open_store("memory:")
    done = bring_in(store, population())
    before = store.statements(done.entry.graph)
    with pytest.raises(UnfitData, match="line 2"):
        bring_in(store, population("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b>"))
    assert store.statements(done.entry.graph) == before
    assert entries(store) == (done.entry,)


def test_json_that_is_nested_too_deeply_is_told() -> None:
    """Whatever reads it first."""
    text = '{"urn:a": ' * 20_000 + "1" + "}" * 20_000
    with pytest.raises(UnfitData, match="nested too deeply"):
        bring_in(open_store("memory:"), Given("a.jsonld", text.encode(), About()))


def test_blank_nodes_of_two_files_are_two() -> None:
    """Whatever they are called in the files."""
    store = open_store("memory:")
    for name in ("a.ttl", "b.ttl"):
        bring_in(store, Given(name, b"_:x <urn:p> 1 .", About()))
    answer = store.query("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <urn:p> ?o }", "text/csv")
    assert answer.split() == [b"n", b"2"]


def test_what_is_said_in_our_words_is_kept_under_its_own() -> None:
    """The graph says which word of ours is meant; links to us and other vocabularies stay as they are."""
    store = open_store("memory:")
    done = bring_in(store, population())
    words = {"jx": ["Declaration", "budget"], "skos": ["prefLabel"]}
    assert done.apart == {PREFIXES[prefix] + name: 1 for prefix, names in words.items() for name in names}
    told = "\n".join(store.statements(done.entry.graph))
    own = f"{PREFIXES['jxi']}dataset/population/term/"
    assert f'<{UNIT}> <{own}skos-prefLabel> "另一个名称" .' in told
    assert f"<{own}jx-budget> <{PREFIXES['rdfs']}subPropertyOf> <{PREFIXES['jx']}budget> ." in told
    assert f"<{own}jx-Declaration> <{PREFIXES['rdfs']}subClassOf> <{PREFIXES['jx']}Declaration> ." in told
    assert f'<{UNIT}> <http://stats.example/def/telephone> "0315" .' in told
    assert done.entry.linksets == (
        Linkset(f"{PREFIXES['dcterms']}spatial", 1),
        Linkset(f"{PREFIXES['skos']}closeMatch", 1),
    )


def answers(store: Store) -> dict[str, object]:
    """What our questions, pages and matching tell of a store."""
    told: dict[str, object] = {}
    for name, question in questions().items():
        every = {p.name: p.example or p.default for p in question.parameters.values()}
        for values in ({}, every):
            try:
                told[f"{name} {values}"] = sorted(
                    store.query(question.bind(**values), "text/csv").split(b"\n")
                )
            except MissingParameterError:
                continue
    told["overview"] = overview.overview(store, "zh")
    told["departments"] = departments.departments(store)
    told["projects"] = projects.projects(store, projects.Filter("", "", "", "", ""), page=1)
    told["quality"] = quality.quality(store, "zh", page=1)
    told["names"] = tuple(registered(store))
    return told


@pytest.mark.soak
def test_no_question_and_no_page_counts_what_others_say(library: Store) -> None:
    """All that we hold, told once more by somebody else of our things, and of things of their own."""
    store, content = open_store("memory:"), b"".join(library.export("application/n-quads"))
    store.apply(Changes(added=content))
    before = answers(store)
    theirs = re.sub(rb"<https://w3id.org/jixiao/id/(?!division)", b"<https://other.example/id/", content)
    for name, told in (("ours.nq", content), ("theirs.nq", theirs)):
        assert bring_in(store, Given(name, told, About())).entry.triples > 1000
    after = answers(store)
    assert [name for name in before if before[name] != after[name]] == []
    assert len(before) > 50


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    """A service over the population of a statistical office."""
    store = open_store("memory:")
    bring_in(store, population())
    bring_in(store, Given("<b>.ttl", b"<urn:a> <urn:b> 1 .", About(licence="仅供研究")))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        yield client


def test_the_catalogue_and_void_tell_of_them(site: httpx.Client) -> None:
    """Who published them under which licence, how large they are, and how much of them leads to us."""
    dataset = URIRef(f"{PREFIXES['jxi']}dataset/population")
    catalogue = Graph().parse(data=site.get("/catalog.ttl").content, format="turtle")
    assert (None, DCAT.dataset, dataset) in catalogue
    assert catalogue.value(dataset, DCTERMS.title) == Literal(SAID.title)
    assert catalogue.value(dataset, DCTERMS.license) == URIRef(SAID.licence)
    assert catalogue.value(catalogue.value(dataset, DCTERMS.publisher), FOAF.name) == Literal("统计局")
    assert str(catalogue.value(dataset, DCTERMS.issued)) == "2025-03-01"
    void = Graph().parse(data=site.get("/.well-known/void").content, format="turtle")
    assert void.value(dataset, VOID.triples) == Literal(12)
    linksets = {
        (str(void.value(links, VOID.linkPredicate)), int(str(void.value(links, VOID.triples))))
        for links in void.objects(dataset, VOID.subset)
    }
    assert linksets == {(f"{PREFIXES['dcterms']}spatial", 1), (f"{PREFIXES['skos']}closeMatch", 1)}


def test_the_page_of_data_lists_them(site: httpx.Client) -> None:
    """In both languages, with the way to their graph."""
    for language, words in (("zh", "其他部门的数据"), ("en", "Data of others")):
        page = site.get(f"/{language}/data").text
        assert words in page
        assert "2024年人口" in page
        assert "仅供研究" in page
        assert "&lt;b&gt;.ttl" in page
    graph = site.get("/graph-store/dataset/population", params={"format": "nt"})
    assert len(list(ox.parse(graph.content, format=ox.RdfFormat.N_TRIPLES))) == 12


# --- what they name of ours ---

LISTED = f"""@prefix ex: <http://stats.example/def/> .
<1> ex:区划代码 "130202" ; ex:单位名称 "组织部" ; ex:单位代码 "203001" ; ex:see <{UNIT}> .
<2> ex:区划代码 "130202" ; ex:单位名称 "火星局" ; ex:单位代码 "999001" ; ex:see <{UNIT}x> .
<4> ex:at "{UNIT}> }} #"^^<{PREFIXES["xsd"]}anyURI> .
<3> ex:at "{UNIT}"^^<{PREFIXES["xsd"]}anyURI> ; ex:population 5 ; ex:name "组织部" .
"""
HERE = f"""<{UNIT}> a <{JX.BudgetUnit}>, <{JX.PublicBody}> ;
    <{SKOS.prefLabel}> "路南区委组织部"@zh ; <{JX.unitCode}> "203001" ."""


@pytest.fixture(scope="module")
def linked() -> LinkReport:
    """What a list of units names of a register with one unit."""
    store = open_store("memory:")
    register = ox.parse(HERE, format=ox.RdfFormat.TURTLE)
    graph = ox.NamedNode(str(identifiers.REGISTER_GRAPH))
    quads = (ox.Quad(*quad.triple, graph) for quad in register)
    store.apply(Changes(added=ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""))
    done = bring_in(store, Given("list.ttl", LISTED.encode(), About()))
    place = [division for division in every_division() if division.iri == DIVISION]
    index = Index([*place, *registered(store)])
    return link_report(store, index, done.triples)


def test_the_link_report_tells_what_is_here_and_what_is_not(linked: LinkReport) -> None:
    """IRIs, codes, and names with their scores; a name without a place is certain of nothing."""
    told = [(one.by.value, one.text, one.iri, one.certain) for one in linked.findings]
    assert told == [
        ("iri", UNIT, UNIT, True),
        ("iri", UNIT, UNIT, True),
        ("iri", f"{UNIT}x", "", False),
        ("code", "130202", DIVISION, True),
        ("code", "203001", UNIT, True),
        ("code", "999001", "", False),
        ("name", "组织部", UNIT, True),
        ("name", "火星局", "", False),
        ("name", "组织部", UNIT, False),
    ]
    assert linked.findings[3].statements == 2
    assert "name" in linked.findings[6].reasons


def test_the_link_report_is_text_csv_and_json(linked: LinkReport) -> None:
    """The same findings in each."""
    rows = list(csv.DictReader(io.StringIO(as_csv(linked).decode("utf-8-sig"))))
    assert [(row["by"], row["iri"], row["certain"] == "yes") for row in rows] == [
        (one.by.value, one.iri, one.certain) for one in linked.findings
    ]
    told = json.loads(as_json(linked))
    assert [len(told[by]) for by in ("iri", "code", "name")] == [3, 3, 3]
    text = as_text(linked).decode()
    assert "things of ours: 1 of 2 that it names are here" in text
    assert "codes: 2 of 3 are those of things here" in text
    assert "nothing is linked by a name alone" in text
    assert "单位名称 火星局 (1): like nothing here" in text


def test_what_others_say_of_a_thing_does_not_make_it_one_of_ours() -> None:
    """Their own graphs are no proof that we have it."""
    store = open_store("memory:")
    done = bring_in(store, population())
    (unit,) = {one.iri for one in link_report(store, Index([]), done.triples).of(By.IRI) if one.text == UNIT}
    assert unit == ""


# --- the command line ---


def test_the_command_tells_what_became_of_each_file(tmp_path: Path) -> None:
    """One that is not taken in is named, and the others are there."""
    store, good, bad = f"file:{tmp_path / 'store'}", tmp_path / "人口.ttl", tmp_path / "bad.ttl"
    good.write_text(POPULATION, encoding="utf-8")
    bad.write_text("<urn:a>", encoding="utf-8")
    result = run(str(bad), str(good), "--publisher", "统计局", "--store", store)
    assert result.exit_code == 2
    assert "bad.ttl: this cannot be read as Turtle" in result.output
    assert "人口.ttl: 12 triples, in the graph <https://w3id.org/jixiao/graph/dataset/x-" in result.output
    assert (
        "3 statements use words by which our questions know our own (skos:prefLabel 1, jx:Declaration 1"
        in result.output
    )
    report = tmp_path / "links.json"
    again = run(str(good), "--store", store, "--links", str(report)).output
    assert "12 triples, in the place of 12" in again
    assert "things of ours: 1 of 2 that it names are here" in again
    assert len(json.loads(report.read_bytes())["iri"]) == 4
    assert "must end in .txt, .csv, .json" in run(str(good), "--links", "links.doc").output


@pytest.mark.soak
def test_a_sidecar_says_what_the_options_would(tmp_path: Path) -> None:
    """The options win over it."""
    store, file = f"file:{tmp_path / 'store'}", tmp_path / "p.ttl"
    file.write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")
    row = "file,name,title,publisher,issued\np.ttl,population-2024,2024年人口,统计局,2025-03-01\n"
    (tmp_path / "datasets.csv").write_bytes(row.encode("gb18030"))
    assert run(str(file), "--publisher", "民政局", "--store", store).exit_code == 0
    with open_store(store) as opened:
        (entry,) = entries(opened)
    assert (entry.name, entry.about) == (
        "population-2024",
        About("2024年人口", "民政局", issued=date(2025, 3, 1)),
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("file,colour\n", "line 1: the columns are file, name"),
        ("file,issued\na,\nb,2025\n", "line 3, issued: '2025' is no day"),
        ("file,source\nb,stats\n", "line 2, source: 'stats' is no address"),
        ("file,licence\nb,https://a b\n", "line 2, licence: 'https://a b' is no address"),
        ("file,title\na,b,c\n", "line 2: it has 3 cells"),
    ],
)
def test_a_fault_of_a_sidecar_is_told_with_its_place(content: str, says: str) -> None:
    """Line, column and value."""
    with pytest.raises(UnfitData, match=re.escape(says)):
        rows_of(content.encode())


@pytest.mark.soak
def test_another_file_of_the_same_name_does_not_take_a_place_unasked(tmp_path: Path) -> None:
    """Who wants that says so by --name."""
    store = f"file:{tmp_path / 'store'}"
    for name in ("p.ttl", "p.nt"):
        (tmp_path / name).write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    assert run(str(tmp_path / "p.ttl"), "--store", store).exit_code == 0
    refused = run(str(tmp_path / "p.nt"), "--store", store)
    assert "there is a data set 'p' of p.ttl already" in refused.output
    assert run(str(tmp_path / "p.nt"), "--name", "p", "--store", store).exit_code == 0
    assert "are called p" in run(str(tmp_path / "p.nt"), str(tmp_path / "p.ttl"), "--store", store).output


@pytest.mark.soak
def test_a_file_may_come_from_stdin_and_go_again(tmp_path: Path) -> None:
    """With a name it is told by its content."""
    store = f"file:{tmp_path / 'store'}"
    assert run("-", "--name", "sent", "--store", store, data=b"<urn:a> <urn:b> 1 .").exit_code == 0
    assert "sent: taken out" in run("--remove", "sent", "--store", store).output
    assert run("--remove", "sent", "--store", store).exit_code == 2
    assert "write small letters" in run("-", "--name", "Übel", "--store", store, data=b"").output
