"""Judging again costs only what changed: what was found is kept with the name of what was judged, by which rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib.namespace import RDF, SH, SKOS

import shapes
from loader.many import processes
from ontology import identifiers
from service.cli import main
from service.loading import reading
from service.loading.ingest import Failed, Ingest
from service.loading.judging import judge_store
from service.loading.matter import ReadMatter
from service.loading.naming import names_told
from service.loading.register import GRAPH as REGISTER
from service.loading.register import Register
from service.loading.sources import CatalogueEntry, find_sources
from service.loading.statements import as_nquads, as_ntriples
from service.store import ChangeRefused, Changes, Dataset, Store, open_store
from shapes.rule_book import shapes_graph

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
DOCUMENTS = [str(EXAMPLES / name) for name in ("130202-205-2024.docx", "130202-203001-2025.docx")]
IDENTIFIER = "http://purl.org/dc/terms/identifier"
FORM = (Path(__file__).parent / "disclosures" / "plain-form" / "source.txt").read_text(encoding="utf-8")
OWN = b"""
@prefix jx: <https://w3id.org/jixiao/def/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:own:short-name> a sh:PropertyShape ; sh:targetClass jx:Indicator ; sh:path jx:name ; sh:minLength 6 .
"""


@pytest.fixture(scope="module")
def everything() -> bytes:
    """What a store holds when two of the examples were loaded, and judged on the way."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    outcomes = list(ingest.load_all(find_sources(DOCUMENTS)))
    assert len(outcomes) == 2
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    return b"".join(store.export("application/n-quads"))


@pytest.fixture
def loaded(everything: bytes) -> Store:
    """A store with the two examples, judged while they were loaded."""
    store = open_store("memory:")
    store.apply(Changes(added=everything))
    return store


def documents(store: Store) -> list[str]:
    return [graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph)]


def forget(store: Store) -> None:
    """Let a store lose the names of what was judged, as one that was filled by an earlier version has none."""
    for graph in documents(store):
        home = str(identifiers.report_graph(identifiers.key_of_graph(graph)))
        named = [said for said in reading.graph_of(store, home) if said.predicate == f"<{IDENTIFIER}>"]
        assert len(named) == 1
        store.apply(Changes(removed=as_nquads(named, home)))


def change(store: Store, graph: str) -> None:
    """Let one document say one thing more."""
    statement = f'<urn:x> <urn:p> "{len(reading.graph_of(store, graph))}" <{graph}> .\n'
    store.apply(Changes(added=statement.encode()))


def test_what_was_judged_at_loading_is_not_judged_again(loaded: Store) -> None:
    """Not once; and the report is the same as if it were."""
    kept = judge_store(loaded)
    assert kept.judgements == 0
    forget(loaded)
    anew = judge_store(loaded)
    assert anew.judgements == 2
    assert kept.report == anew.report
    assert len(kept.report.findings) > 100


def test_one_document_that_changed_costs_one_judgement(loaded: Store) -> None:
    """And none when it is checked once more."""
    change(loaded, documents(loaded)[0])
    assert [judge_store(loaded).judgements for _ in range(2)] == [1, 0]


def kept(store: Store) -> list[shapes.Report | None]:
    """The whole reports that a store keeps of its documents as they are now."""
    register = Register(store)
    matters = [ReadMatter.of(graph, store.statements(graph), register).matter for graph in documents(store)]
    reports = [(matter, matter.kept_in(store).report) for matter in matters]
    return [report and report.named(names_told(matter.labels)) for matter, report in reports]


def test_the_whole_report_is_kept_and_no_document_is_parsed_for_it(loaded: Store) -> None:
    """Contexts, quotes, readings, suggestions and scores, as they were told when the document was judged."""
    reports = kept(loaded)
    assert len(reports) == 2
    for graph, report in zip(documents(loaded), reports, strict=True):
        statements = "\n".join([*loaded.statements(graph), ""]).encode()
        told = shapes.check(shapes.graph_of(statements + as_ntriples(reading.graph_of(loaded, REGISTER))))
        assert report == told


def test_what_comes_to_be_known_of_a_department_is_told_in_the_reports_on_its_units(tmp_path: Path) -> None:
    """The second document is that of the department; the first one only names a unit of it."""
    named = {
        "unit.txt": "305001唐山市路南区住房和城乡建设局本级",
        "department.txt": "305唐山市路南区住房和城乡建设局",
    }
    for name, body in named.items():
        code = "13020225P00909010001G" if name == "unit.txt" else "13020225P008901100043"
        text = FORM.replace(named["unit.txt"], body).replace("13020225P00909010001G", code)
        (tmp_path / name).write_text(text, encoding="utf-8")
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    for name in named:
        assert not [
            one for one in ingest.load_all(find_sources([str(tmp_path / name)])) if isinstance(one, Failed)
        ]
    assert None not in kept(store)
    assert judge_store(store).judgements == 0


def test_what_a_thing_is_called_now_is_told_without_judging_again(loaded: Store) -> None:
    """A name that another document settled costs no document."""
    units = {score.context.unit for score in judge_store(loaded).report.scores}
    unit = min(units, key=lambda unit: unit.iri)
    label = next(
        said
        for said in reading.about(loaded, REGISTER, [unit.iri.n3()])
        if said.predicate == SKOS.prefLabel.n3()
    )
    other = label._replace(object='"另一个名称"@zh')
    loaded.apply(
        Changes(removed=as_nquads([label], REGISTER), added=as_nquads([other], REGISTER)),
    )
    assert None not in kept(loaded)
    again = judge_store(loaded)
    assert again.judgements == 0
    assert "另一个名称" in {score.context.unit.name for score in again.report.scores}


def test_a_report_that_somebody_damaged_is_told_anew(loaded: Store) -> None:
    """From the document and what was found in it."""
    before = judge_store(loaded).report
    home = str(identifiers.report_graph(identifiers.key_of_graph(documents(loaded)[0])))
    (packed,) = [said for said in reading.graph_of(loaded, home) if "packedReport" in said.predicate]
    damaged = packed._replace(object='"AAAA"^^<http://www.w3.org/2001/XMLSchema#base64Binary>')
    loaded.apply(Changes(removed=as_nquads([packed], home), added=as_nquads([damaged], home)))
    assert (judge_store(loaded).report, judge_store(loaded).judgements) == (before, 0)
    assert packed in reading.graph_of(loaded, home)


@pytest.mark.soak
def test_other_rules_judge_everything_again(loaded: Store) -> None:
    """What was judged is named after the rules too: a name by other rules is another name."""
    assert len(shapes.version()) == 64
    forget(loaded)
    assert [judge_store(loaded).judgements for _ in range(2)] == [2, 0]


def test_own_shapes_are_asked_without_judging_again(loaded: Store) -> None:
    """What the rule book found is kept; what own shapes find is not."""
    own = shapes.read_own_shapes(OWN, "own.ttl")
    book, both = judge_store(loaded).report, judge_store(loaded, own)
    assert both.judgements == 0
    assert len(both.report.findings) > len(book.findings)
    assert judge_store(loaded).report == book


def test_several_processes_find_the_same(loaded: Store) -> None:
    """In the same order, and what they find is kept."""
    here = judge_store(loaded).report
    forget(loaded)
    there = judge_store(loaded, workplace=processes(2))
    assert (there.judgements, there.report) == (2, here)
    assert judge_store(loaded).judgements == 0


def test_loading_again_changes_nothing(loaded: Store) -> None:
    """Not a statement, not a name."""
    before = b"".join(loaded.export("application/n-quads"))
    list(Ingest(loaded).load_all(find_sources(DOCUMENTS)))
    assert b"".join(loaded.export("application/n-quads")) == before


def test_no_rule_asks_what_the_register_calls_a_thing() -> None:
    """So a name that another document settles is no reason to judge again."""
    book = shapes_graph()
    named = {SKOS.prefLabel, SKOS.altLabel}
    in_paths = {*book.objects(None, SH.path), *book.objects(None, RDF.first)}
    queries = [str(query) for query in book.objects(None, SH.select)]
    assert len(queries) > 15
    assert not named & in_paths
    assert not [query for query in queries if "prefLabel" in query or "altLabel" in query]


class ReadOnly(Store):
    """A store that takes no changes, as an endpoint of somebody else's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        return self._store.query(sparql, media_type, dataset)

    def _write(self, update: str) -> None:  # noqa: ARG002 - the name of the interface
        raise ChangeRefused("no changes are taken here")


@pytest.mark.soak
def test_a_store_that_takes_no_changes_is_judged_all_the_same(loaded: Store) -> None:
    """Each time anew, where it keeps nothing."""
    forget(loaded)
    assert [judge_store(ReadOnly(loaded)).judgements for _ in range(2)] == [2, 2]


@pytest.mark.soak
def test_while_somebody_writes_the_command_judges_what_was_there_before(tmp_path: Path) -> None:
    """It says so, and tells of one version what it tells when nobody writes."""
    url = f"file:{tmp_path / 'store'}"
    with open_store(url) as store:
        Ingest(store).load(FORM.encode(), "a.txt", CatalogueEntry())
        everything = b"".join(store.export("application/n-quads"))
    with open_store(url) as writer:
        writer.clear()
        during = CliRunner().invoke(main, ["check", url])
        writer.apply(Changes(added=everything))
    after = CliRunner().invoke(main, ["check", url])
    assert during.exit_code == after.exit_code
    assert "judged as it was before that, and what is found is not kept" in during.stderr
    assert during.stdout == after.stdout
    assert "项目 1 个" in during.stdout
    assert not after.stderr


# --- many documents -------------------------------------------------------------------------------------------------


def _small_document(number: int) -> bytes:
    """A document of one indicator whose value cannot be read."""
    graph = identifiers.disclosure_graph(f"{number:016x}".ljust(64, "0"))
    said = (
        f"<{identifiers.disclosure(f'{number:016x}'.ljust(64, '0'))}> a jx:Disclosure .",
        f"<urn:i{number}> a jx:Indicator ; jx:name '建档立卡户{number}' ; jx:target <urn:t{number}> .",
        f"<urn:t{number}> a jx:TargetValue, jx:UnreadableTarget ; jx:rawText '约{number}' .",
    )
    turtle = "@prefix jx: <https://w3id.org/jixiao/def/> .\n" + "\n".join(said)
    triples = (
        f"{subject.n3()} {predicate.n3()} {value.n3()} <{graph}> .\n"
        for subject, predicate, value in _read(turtle)
    )
    return "".join(triples).encode()


def _read(turtle: str) -> list[tuple[object, ...]]:
    from ontology.rdf_text import triples_of_turtle

    return list(triples_of_turtle(turtle.encode()))


def _checked_twice(count: int) -> list[int]:
    """How many judgements each check of some documents costs: the first, one after a change, and one more."""
    store = open_store("memory:")
    store.apply(Changes(added=b"".join(_small_document(number) for number in range(count))))
    first = judge_store(store)
    assert len(first.report.findings) >= count
    change(store, documents(store)[count // 2])
    return [first.judgements, judge_store(store).judgements, judge_store(store).judgements]


def test_of_many_documents_the_changed_one_is_judged() -> None:
    """More of them than are written together."""
    assert _checked_twice(100) == [100, 1, 0]


@pytest.mark.soak
def test_of_a_thousand_documents_the_changed_one_is_judged() -> None:
    """A thousand judgements, then one."""
    assert _checked_twice(1000) == [1000, 1, 0]
