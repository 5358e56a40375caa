"""Rules that compare documents: asked of the store, told like all others, and only where something changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.namespace import RDF, SH
from store_examples import FOLDER, StoreExample, store_examples
from stores import SERVED_IN_SOAK

import shapes
from ontology import identifiers, vocabulary
from ontology.namespaces import JX
from service.checking import asked, judge_store
from service.cli import main
from service.loading import reading
from service.loading.comparing import compare_documents
from service.loading.ingest import Failed, Ingest
from service.loading.judging import judge_store as judge_documents
from service.loading.sources import find_sources
from service.loading.statements import by_graph
from service.loading.words import bring_words
from service.store import ChangeRefused, Changes, Dataset, Store, open_store
from shapes.engines import referee
from shapes.rule_book import STORE_RULE, turtle_files

if TYPE_CHECKING:
    from rdflib.term import Node

EXAMPLES = store_examples()
RULES = {"ID-05", "CO-03", "CO-06", "CO-07", "EV-01", "EV-02"}
ROOT = Path(__file__).resolve().parent.parent
GRAPHS = {graph for example in EXAMPLES for graph in by_graph(example.nquads)}
UNITS = ("https://w3id.org/jixiao/id/unit/130202/301001", "https://w3id.org/jixiao/id/unit/130202/302001")
"""The graphs and the units of the examples."""
UNIT = "https://w3id.org/jixiao/id/unit/130202/203001"


def holding(store: Store, example: StoreExample) -> Store:
    """Let a store that has the words hold an example and no other."""
    reports = (str(identifiers.unit_report_graph(unit)) for unit in UNITS)
    store.apply(Changes(emptied=(*sorted(GRAPHS), *reports), added=example.nquads))
    return store


@pytest.fixture(scope="module")
def with_words() -> Store:
    """A store in memory that has the words, and that each test fills anew."""
    store = open_store("memory:")
    bring_words(store)
    return store


# --- the rules ------------------------------------------------------------------------------


def test_six_rules_compare_documents() -> None:
    """They are asked of a store; none of them is a part of the score."""
    comparing = {rule.id for rule in shapes.rules().values() if rule.compares_documents}
    assert comparing == RULES
    assert {shapes.rules()[id_].dimension for id_ in comparing} == {None}
    assert [question.rule.id for question in shapes.questions()] == sorted(RULES)


def test_every_rule_has_an_example_that_trips_it_and_one_that_does_not() -> None:
    """And there are as many as were written."""
    for kind in (True, False):
        assert {example.rule for example in EXAMPLES if example.valid is kind} == RULES
    assert len(EXAMPLES) == len(list(FOLDER.rglob("*.trig"))) == 23


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_trips_its_rule_and_the_named_consequences_only(
    with_words: Store, example: StoreExample
) -> None:
    """An invalid example trips its rule as often as it says, and nothing else."""
    found = compare_documents(holding(with_words, example)).report.by_rule()
    assert set(found) == example.expected
    assert found.get(example.rule, 0) == example.findings


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
def test_every_kind_of_store_answers_alike(store: Store) -> None:
    """In memory, on disk, and at the other end of the protocol."""
    bring_words(store)
    for example in EXAMPLES:
        found = compare_documents(holding(store, example)).report.by_rule()
        assert (example, set(found)) == (example, example.expected)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_shacl_engine_finds_the_same(with_words: Store, example: StoreExample) -> None:
    """The rules are shapes: judging all documents as one graph finds what the store answers."""
    told = compare_documents(holding(with_words, example)).report.findings
    found = referee.judge_by(_shapes(), shapes.graph_of(example.nquads), _lists())
    by_engine = {(one.shape, one.focus, _told(one.value, one.focus)) for one in found}
    assert by_engine == {(one.rule.iri, one.focus, _told(one.value, one.focus)) for one in told}


@cache
def _lists() -> Graph:
    """The word lists and thresholds, all that these rules look up."""
    words = Graph()
    for predicate in (JX.word, JX.threshold):
        for triple in vocabulary.graph().triples((None, predicate, None)):
            words.add(triple)
    return words


@cache
def _shapes() -> Graph:
    comparing = [part for part in turtle_files().values() if (None, RDF.type, STORE_RULE) in part]
    return sum([*comparing, turtle_files()["prefixes.ttl"]], Graph())


def _told(value: Node | None, focus: Node) -> str:
    """The value, where it is not the thing itself."""
    return "" if value in (None, focus) else str(value)


# --- what a person reads ------------------------------------------------------------------------------


def _finding(store: Store, rule: str, reason: str) -> shapes.Finding:
    (example,) = (e for e in EXAMPLES if (e.rule, e.path.stem, e.valid) == (rule, reason, False))
    return next(iter(compare_documents(holding(store, example)).report.findings))


def test_a_unit_that_counts_differently_is_told_with_every_row_that_counts(with_words: Store) -> None:
    """It is about the unit and none of its projects: nobody says which number is wrong."""
    found = _finding(with_words, "CO-03", "fifty-four-and-fifty-five")
    assert [str(quote.place) for quote in found.quotes] == [
        "table=1,row=9,column=5",
        "table=2,row=9,column=5",
        "table=1,row=9,column=5",
    ]
    assert (str(found.context.unit), found.context.project, str(found.value)) == ("301001", None, "2025")


def test_of_two_names_both_cells_are_quoted(with_words: Store) -> None:
    """The name and the one within it, each in its document."""
    found = _finding(with_words, "CO-06", "name-within")
    assert len({quote.place.document for quote in found.quotes}) == 2
    assert found.context.project is not None
    assert found.context.project.name == "村级支出（村级组织运转经费）"


def test_a_result_without_an_indicator_is_told_with_its_evaluation(with_words: Store) -> None:
    """The evaluation's document and project are those of its report."""
    found = _finding(with_words, "EV-01", "another-name")
    assert str(found.context.document).endswith("/disclosure/bbbbbbbbbbbbbbbb")
    assert str(found.context.project) == "13020225P00123410001N"


# --- real documents ------------------------------------------------------------------------------

DOCUMENTS = ("130202-203001-2025.docx", "130202-205-2024.docx", "130202-205-2025.txt")


@pytest.fixture(scope="module")
def everything() -> bytes:
    """What a store holds when some of the examples were loaded."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    outcomes = list(ingest.load_all(find_sources([str(ROOT / "examples" / name) for name in DOCUMENTS])))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    return b"".join(store.export("application/n-quads"))


@pytest.fixture
def loaded(everything: bytes) -> Store:
    """A store with some of the examples, in which no documents were compared yet."""
    store = open_store("memory:")
    store.apply(Changes(added=everything))
    return store


def _unit_reports(store: Store) -> dict[str, list[str]]:
    homes = [graph for graph in store.graphs() if graph.startswith(identifiers.UNIT_REPORT_GRAPHS)]
    return {home: [str(said) for said in reading.graph_of(store, home)] for home in homes}


def test_what_was_compared_is_not_compared_again(loaded: Store) -> None:
    """And the report is the same as if it were."""
    first, second = compare_documents(loaded), compare_documents(loaded)
    assert first.asked == len(_unit_reports(loaded)) > 1
    assert second.asked == 0
    assert first.report == second.report
    assert first.report.by_rule() == {"CO-03": 1, "CO-06": 1, "CO-07": 2}
    (villages,) = (finding for finding in first.report.findings if finding.id == "CO-03")
    assert (villages.printed, len(villages.quotes)) == ("55个 / 54个", 4)


def test_findings_stand_in_the_graph_of_their_unit(loaded: Store) -> None:
    """A report as of a document, so questions about findings find them."""
    report = compare_documents(loaded).report
    query = f"SELECT ?finding ?graph {{ GRAPH ?graph {{ ?finding <{SH.sourceShape}> ?shape }} }}"
    begin = identifiers.UNIT_REPORT_GRAPHS
    rows = [row for row in reading.rows(loaded, query) if row["graph"].startswith(begin)]
    assert len(rows) == len(report.findings) > 0
    assert {row["finding"].rpartition("/finding/")[0] for row in rows} == {
        str(identifiers.unit_of_report_graph(row["graph"])) for row in rows
    }


def test_a_document_that_changed_costs_its_units(loaded: Store) -> None:
    """The other units are not asked about."""
    compare_documents(loaded)
    (graph,) = {row["graph"] for row in reading.rows(loaded, _documents_of(UNIT))}
    loaded.apply(Changes(added=f'<urn:x> <urn:p> "x" <{graph}> .\n'.encode()))
    judge_documents(loaded)
    assert [compare_documents(loaded).asked for _ in range(2)] == [1, 0]


def _documents_of(unit: str) -> str:
    return f"SELECT DISTINCT ?graph {{ GRAPH ?graph {{ ?s <https://w3id.org/jixiao/def/declaredBy> <{unit}> }} }}"


def test_what_is_found_of_a_unit_goes_with_its_documents(loaded: Store) -> None:
    """A unit of which nothing is left in the store has no report."""
    before = compare_documents(loaded).report
    (graph,) = {row["graph"] for row in reading.rows(loaded, _documents_of(UNIT))}
    loaded.apply(Changes(emptied=(graph,)))
    after = compare_documents(loaded)
    assert after.asked == 0
    assert len(after.report.findings) < len(before.findings)
    assert str(identifiers.unit_report_graph(UNIT)) not in _unit_reports(loaded)


class ReadOnly(Store):
    """A store that takes no changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        return self._store.query(sparql, media_type, dataset)

    def _write(self, update: str) -> None:  # noqa: ARG002 - the name of the interface
        raise ChangeRefused("no changes are taken here")


def test_a_store_that_takes_no_changes_is_asked_all_the_same(loaded: Store) -> None:
    """Each time anew, where it keeps nothing."""
    units = [compare_documents(ReadOnly(loaded)).asked for _ in range(2)]
    assert units[0] == units[1] > 1


def test_a_check_of_a_store_tells_of_both_kinds_of_rules(loaded: Store) -> None:
    """By the same choice of rules."""
    from loader.many import here

    def found(rules: str | None = None, severity: str = "info") -> set[str]:
        report = judge_store(loaded, asked(rules, severity, None, None), here()).report
        return set(report.by_rule())

    assert {"CO-03", "CO-06", "CO-07", "TV-13"} <= found()
    assert found("CO-03,CO-07") == {"CO-03", "CO-07"}
    assert RULES & found(severity="warning") == {"CO-03"}


def test_loading_in_another_order_finds_the_same(everything: bytes, loaded: Store) -> None:
    """What is compared is what the store shows, however it came."""
    other = open_store("memory:")
    ingest = Ingest(other)
    ingest.prepare()
    files = [str(ROOT / "examples" / name) for name in reversed(DOCUMENTS)]
    for file in files:
        list(ingest.load_all(find_sources([file])))
        compare_documents(other)
    assert compare_documents(other).report.findings == compare_documents(loaded).report.findings


def test_words_that_are_missing_are_brought() -> None:
    """Else a rule would look in an empty list and find nothing."""
    no_words = open_store("memory:")
    (example,) = (e for e in EXAMPLES if (e.rule, e.valid) == ("CO-06", False))
    no_words.apply(Changes(added=example.nquads))
    assert compare_documents(no_words).report.by_rule() == {"CO-06": 1}


def test_a_document_by_itself_cannot_be_compared_and_the_command_says_so() -> None:
    """Where nothing else was asked for; the report would say that nothing was found."""
    base = str(FOLDER / "base.ttl")
    told = CliRunner().invoke(main, ["check", base, "--rules", "CO-03,EV-01"])
    assert "CO-03, EV-01: asked of stores only" in told.output
    assert "asked of stores" not in CliRunner().invoke(main, ["check", base, "--rules", "CO"]).output
