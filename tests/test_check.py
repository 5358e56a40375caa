"""Checking: the same findings as stock pySHACL, each with its project, its row, its printed text and its place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import SH
from shape_examples import Example, base, examples

import loader
import shapes
from ontology import vocabulary
from ontology.namespaces import JX
from shapes.engines import referee
from shapes.rule_book import shapes_of_documents

if TYPE_CHECKING:
    from pathlib import Path

INVALID = [example for example in examples() if not example.valid]
QUERIES = {
    rule.id for rule in shapes.rules().values() if (rule.iri, SH.sparql, None) in shapes_of_documents()
}
SEED = {
    "CO-02": 1,
    "CO-04": 4,
    "CO-05": 1,
    "DO-01": 1,
    "DO-02": 1,
    "DO-03": 1,
    "FU-03": 19,
    "FW-01": 19,
    "FW-02": 7,
    "GO-02": 19,
    "GO-03": 19,
    "IN-09": 3,
    "IN-11": 66,
    "IN-14": 108,
    "IN-16": 12,
    "SP-04": 19,
    "SP-05": 2,
    "TV-01": 1,
    "TV-02": 3,
    "TV-03": 1,
    "TV-04": 3,
    "TV-05": 1,
    "TV-06": 3,
    "TV-07": 2,
    "TV-08": 1,
    "TV-10": 1,
    "TV-11": 2,
    "TV-13": 26,
    "TV-14": 5,
    "TV-15": 2,
    "TV-16": 1,
    "TV-17": 1,
    "WT-01": 19,
}
"""How often each rule fires on the seed, counted by hand in its text."""


def _example(rule: str) -> Example:
    return next(example for example in INVALID if example.rule == rule)


# --- the same as stock pySHACL ---------------------------------------------------------------------------------


def _stock(example: Example, shapes_of: Graph) -> set[object]:
    """What pySHACL finds without any of our means: a plain graph, shapes as they stand in the files."""
    plain = Graph()
    plain += referee.judged_graph(example.graph(), vocabulary.graph())
    return referee.results(plain, shapes_of)


def _book_of(rule: shapes.Rule | None) -> Graph:
    """The whole book, or the book in which one rule alone looks at anything."""
    book = Graph()
    book += shapes_of_documents()
    if rule is not None:
        book.remove((None, SH.targetClass, None))
        book.add((rule.iri, SH.targetClass, rule.target))
    return book


@pytest.mark.parametrize("query_rule", sorted(QUERIES))
def test_prepared_queries_find_what_stock_pyshacl_finds(query_rule: str) -> None:
    """Preparing a query once and writing it on one line changes no finding of the rule."""
    rule, example = shapes.rules()[query_rule], _example(query_rule)
    ours = referee.judge(example.graph(), vocabulary.graph())
    assert {found for found in ours if found.shape == rule.iri} == _stock(example, _book_of(rule))


def test_the_rules_with_queries_are_all_compared() -> None:
    """Twenty-two rules need SPARQL."""
    assert len(QUERIES) == 22


@pytest.mark.soak
@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.rule}-{e.reason}")
def test_every_example_is_judged_alike_by_stock_pyshacl(example: Example) -> None:
    """All rules together, on every example."""
    assert referee.judge(example.graph(), vocabulary.graph()) == _stock(example, _book_of(None))


# --- a graph is read, not changed ------------------------------------------------------------------------------


def test_neither_the_graph_nor_the_words_are_changed() -> None:
    """Whoever hands over a graph gets it back as it was."""
    graph, words = _example("IN-01").graph(), vocabulary.graph()
    before = set(graph), set(words)
    shapes.check(graph)
    assert (set(graph), set(words)) == before


def test_checks_in_several_threads_do_not_disturb_each_other() -> None:
    """A service answers from several threads at once, also when no query was ever prepared."""
    chosen = [_example(rule) for rule in ("CO-04", "TV-16", "FU-02", "IN-09", "TV-10", "SP-05")]
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(lambda example: shapes.check(example.graph()), chosen))
    assert [set(report.by_rule()) for report in reports] == [example.expected for example in chosen]


def test_own_words_take_the_place_of_the_ontology() -> None:
    """Word lists are data: with 特别好 on the graded scale it is a graded wording."""
    graph, words = _example("TV-14").graph(), Graph()
    words += vocabulary.graph()
    phrase = next(graph.objects(next(graph.subjects(RDF.type, JX.QualitativeTarget)), JX.rawText))
    words.add((URIRef("https://w3id.org/jixiao/code/word-list/graded"), JX.word, phrase))
    assert shapes.check(graph, words=words).by_rule() == {}


def test_an_empty_graph_has_no_findings() -> None:
    """Nothing declared, nothing to find."""
    report = shapes.check(Graph())
    assert report.conforms
    assert report.judged == (shapes.Judged(None, 0, 0),)


def test_a_malformed_shape_is_an_error_and_not_a_finding() -> None:
    """The engine's failure is told as such."""
    broken = Graph().parse(
        data="@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix jx: <https://w3id.org/jixiao/def/> ."
        "<urn:broken> a sh:NodeShape ; sh:targetClass jx:Declaration ; sh:or () .",
        format="turtle",
    )
    with pytest.raises(shapes.ValidationError, match="pySHACL could not"):
        referee.results(referee.judged_graph(base(), vocabulary.graph()), broken)


# --- N-Quads become a graph ------------------------------------------------------------------------------------

QUADS = """\
<urn:a> <urn:p> "16.70"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .
<urn:a> <urn:p> "说“好”\\n"@zh <urn:g> .
<urn:a> <urn:p> "plain" <urn:h> .
<urn:a> <urn:p> "typed"^^<http://www.w3.org/2001/XMLSchema#string> .
_:b <urn:p> <urn:a> <urn:g> .
""".encode()


def test_quads_become_the_triples_that_rdflib_reads() -> None:
    """Graph names go, lexical forms stay, xsd:string is the plain literal."""
    read = Graph()
    for line in QUADS.decode().replace(" <urn:g> .", " .").replace(" <urn:h> .", " .").splitlines():
        read.parse(data=line.replace("^^<http://www.w3.org/2001/XMLSchema#string>", ""), format="nt")
    found = shapes.graph_of(QUADS)
    assert {(str(s) if isinstance(s, URIRef) else "_", p, o) for s, p, o in found} == {
        (str(s) if isinstance(s, URIRef) else "_", p, o) for s, p, o in read
    }
    assert {o.n3() for o in found.objects() if "16" in o} == {
        '"16.70"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    }


def test_broken_quads_are_an_error_that_names_the_line() -> None:
    """A line that is no quad stops the reading."""
    with pytest.raises(SyntaxError, match="line 2"):
        shapes.graph_of(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n")


# --- what a finding tells ----------------------------------------------------------------------------------------


def _finding(example: Example) -> shapes.Finding:
    return next(found for found in shapes.check(example.graph()).findings if found.id == example.rule)


@pytest.mark.parametrize(
    ("rule", "printed", "place", "reading"),
    [
        ("CO-01", "≤60万元", "table=1,row=9,column=5", "≤ 70 万元"),
        ("EV-03", "98.9", "table=1,row=10,column=2", None),
        ("EV-04", "96%", "table=1,row=8,column=5", None),
        ("EV-05", "98.9", "table=1,row=10,column=2", None),
        ("FU-02", "60.00 / 50.00 / 10.00", "table=1,row=3,column=3", "600,000元"),
        ("FU-03", "10.00", "table=1,row=3,column=7", "空白"),
        ("GO-02", "1.让300名以上老人每天吃上热饭，满意度不低于92%", "table=1,row=7,column=2", None),
        ("ID-01", "13020225P00123410001N", "table=1,row=2,column=2", None),
        ("IN-01", "", "table=1", None),
        ("IN-11", "助餐服务社区覆盖率", "table=1,row=13,column=3", None),
        ("IN-14", "助餐服务社区覆盖率", "table=1,row=13,column=3", None),
        ("SP-02", "45%", "table=1,row=6,column=3", "2025-06-30 10%"),
        ("TV-01", "≥92%", "table=1,row=14,column=5", "无法读取的指标值"),
        ("TV-05", "≥300人", "table=1,row=10,column=5", "≤ 300 人"),
        ("DO-01", "Evaluation Warning: The document was created with Spire.Doc for JAVA.", "line=3", None),
    ],
)
def test_a_finding_quotes_the_cell_and_tells_how_it_was_read(
    rule: str, printed: str, place: str, reading: str | None
) -> None:
    """The printed text is that of the grid (here of the base), the place the cell's, the reading the data's."""
    found = _finding(_example(rule))
    assert found.printed == printed
    assert str(found.quotes[0].place) == place
    assert (found.reading.zh if found.reading else None) == reading


def test_a_finding_tells_department_unit_project_and_row() -> None:
    """From the department down to the row, with codes."""
    context = _finding(_example("TV-05")).context
    assert str(context.department) == "301 唐山市路南区民政局"
    assert str(context.unit) == "301001 唐山市路南区民政局本级"
    assert str(context.project) == "13020225P00123410001N 社区老年食堂运营补助"
    assert (context.row, context.indicator) == (2, "就餐老人数量")


def test_a_finding_about_a_result_tells_the_row_it_is_the_result_for() -> None:
    """A person looks for the indicator, not for the number of its result."""
    context = _finding(_example("EV-04")).context
    assert str(context.project) == "13020225P00123410001N 社区老年食堂运营补助"
    assert (context.row, context.indicator) == (2, "补助发放及时率")


def test_a_finding_about_a_project_stands_with_its_declaration() -> None:
    """Also where the same document holds a self-evaluation of the project."""
    both = _example("ID-04").graph() + base("evaluation.ttl")
    both.remove((None, JX.codeCheck, Literal(True)))
    (found,) = (found for found in shapes.check(both).findings if found.id == "ID-04")
    assert found.context.declaration is not None
    assert "/declaration/" in found.context.declaration


@pytest.mark.parametrize("rule", ["ID-04", "FU-03", "FU-05", "IN-01", "IN-08", "TV-13"])
def test_a_finding_on_any_class_finds_its_project(rule: str) -> None:
    """Project, fund, table, declaration, indicator and target all lead to the project."""
    assert _finding(_example(rule)).context.project.code == "13020225P00123410001N"


def test_without_grids_the_literals_stand_in_for_the_printed_text() -> None:
    """A graph of somebody else's need not hold whole tables."""
    graph = _example("TV-05").graph()
    graph.remove((None, JX.grid, None))
    (found,) = shapes.check(graph).findings
    assert found.printed == "≤300人"


def test_a_finding_without_provenance_still_tells_its_row() -> None:
    """A graph of somebody else's need not say where things stand."""
    graph = _example("TV-05").graph()
    for cell in list(graph.subjects(RDF.type, JX.SourceCell)):
        graph.remove((cell, None, None))
    (found,) = shapes.check(graph).findings
    assert found.context.indicator == "就餐老人数量"


def test_a_graph_that_goes_round_in_a_circle_is_judged_all_the_same() -> None:
    """An indicator that is part of itself has no project, and a finding."""
    graph = Graph().parse(
        data="@prefix jx: <https://w3id.org/jixiao/def/> ."
        "<urn:i> a jx:Indicator ; jx:name '' ; jx:hasIndicator <urn:i> .",
        format="turtle",
    )
    (found,) = shapes.check(graph).findings
    assert (found.id, found.context.project) == ("IN-08", None)


def test_a_grid_that_is_none_is_passed_over() -> None:
    """The literals stand in for the printed text."""
    graph = _example("TV-05").graph()
    graph.set((next(graph.subjects(JX.grid)), JX.grid, Literal("no grid", datatype=RDF.JSON)))
    (found,) = shapes.check(graph).findings
    assert found.printed == "≤300人"


# --- the seed ------------------------------------------------------------------------------------------------------


NOT_IN_WORD = {"DO-01", "DO-02"}
"""The Word file of the seed holds neither the watermark nor the bookmark of its text."""


@pytest.fixture(scope="module", params=["seed.txt", "seed.docx"])
def seed_file(request: pytest.FixtureRequest, seed: Path) -> Path:
    """The first real disclosure in one of its formats."""
    return seed / request.param


@pytest.fixture(scope="module")
def seed_report(seed_file: Path) -> shapes.Report:
    """The report on it."""
    return shapes.check(shapes.graph_of(loader.convert(seed_file.read_bytes()).nquads))


def test_the_rules_fire_on_the_seed_as_counted_by_hand(seed_file: Path, seed_report: shapes.Report) -> None:
    """374 findings in the text: one Violation, 26 Warnings, 347 Infos."""
    absent = NOT_IN_WORD if seed_file.suffix == ".docx" else set()
    assert seed_report.by_rule() == {rule: count for rule, count in SEED.items() if rule not in absent}
    assert list(seed_report.by_severity().values()) == [1, 26, 347 - len(absent)]
    assert seed_report.judged[0].declarations == 19
    assert seed_report.judged[0].indicators == 122


def test_the_one_violation_of_the_seed_is_the_unreadable_value(seed_report: shapes.Report) -> None:
    """≥95全部满意, in the satisfaction row of project 17."""
    (found,) = (found for found in seed_report.findings if found.severity is shapes.Severity.VIOLATION)
    assert (found.id, found.printed) == ("TV-01", "≥95全部满意")
    assert found.context.project.name == "远教站点服务经费"
    assert found.context.indicator == "满意度指标"


def test_every_finding_about_a_value_of_the_seed_quotes_its_cell(seed_report: shapes.Report) -> None:
    """Whatever the rule, what is printed there stands beside what is wrong with it."""
    about_values = [
        found for found in seed_report.findings if {JX.target, JX.rawText} & set(found.rule.fields)
    ]
    assert len(about_values) == 56
    for found in about_values:
        assert found.printed
        assert all(quote.cell is not None and quote.place.row for quote in found.quotes)


def test_every_finding_of_the_seed_has_a_place(seed_report: shapes.Report) -> None:
    """A cell, a table or a line of the text; in the Word file a paragraph is known by its text alone."""
    for found in seed_report.findings:
        assert found.quotes
        assert found.quotes[0].place.document is not None
        assert str(found.quotes[0].place) or found.printed


def test_no_finding_is_about_a_field_that_the_form_lacks(seed_report: shapes.Report) -> None:
    """The seed prints no weights: that is one Info a project, and nothing else is said of them."""
    assert {found.id for found in seed_report.findings if JX.weight in found.rule.fields} == set()
