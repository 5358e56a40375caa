"""Digests of documents: by which one that nobody changed is not read again, and which no change leaves wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_turns import FORM, folder_of_versions

from ontology import identifiers
from service import writing
from service.loading.ingest import Ingest, Loaded
from service.loading.judging import StoreJudged, judge_store
from service.loading.matter import ReadMatter
from service.loading.register import Register
from service.loading.sources import find_sources
from service.loading.turns import next_turn
from service.store import EVERYTHING, Changes, QuerySyntaxError, Store, open_store
from service.validating.request import Posted

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SELF_EVALUATION = EXAMPLES / "130202-205-2024-self-evaluation.txt"
SAID = "<urn:s> <urn:p> <urn:o>"
SENT = (Posted("body", f"{SAID} .".encode(), "application/n-triples"),)
FORGED = Changes(added=b"<urn:s> <urn:p> <urn:o> <https://w3id.org/jixiao/graph/digests> .")
ONE: dict[str, Callable[[Store, str], None]] = {
    "adding": lambda store, graph: store.apply(Changes(added=f"{SAID} <{graph}> .".encode())),
    "removing": lambda store, graph: store.apply(
        Changes(removed=store.statements(graph)[0].removesuffix(".").encode() + f"<{graph}> .".encode())
    ),
    "replacing": lambda store, graph: store.replace(graph, f"{SAID} .".encode()),
    "a graph that is sent": lambda store, graph: writing.replace_graph(store, graph, SENT),
    "a graph that is added to": lambda store, graph: writing.add_to_graph(store, graph, SENT),
    "a graph that is removed": lambda store, graph: writing.remove_graph(store, graph),
}
"""Writers that say which graph they change."""
ALL: dict[str, Callable[[Store, str], None]] = {
    "an update": lambda store, graph: writing.run_update(
        store, f"INSERT DATA {{ GRAPH <{graph}> {{ {SAID} }} }}", EVERYTHING
    ),
    "an update of whichever graph": lambda store, _: writing.run_update(
        store, "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s a ?kind ; ?p ?o } }", EVERYTHING
    ),
    "an update that only writes digests": lambda store, graph: store.update(
        f'INSERT DATA {{ GRAPH <https://w3id.org/jixiao/graph/digests> {{ <{graph}> <urn:p> "0" }} }}'
    ),
    "statements among the digests": lambda store, _: store.apply(FORGED),
    "emptying the store": lambda store, _: store.clear(),
}
"""Writers of whom it is not known what they change."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a store holds when two documents were loaded, and judged on the way."""
    targets = tmp_path_factory.mktemp("documents") / "targets.txt"
    targets.write_text(FORM, encoding="utf-8")
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    outcomes = list(ingest.load_all(find_sources([str(targets), str(SELF_EVALUATION)])))
    assert [type(outcome) for outcome in outcomes] == [Loaded, Loaded]
    assert digests(store).keys() == set(documents(store))
    assert_right(store)
    return b"".join(store.export("application/n-quads"))


@pytest.fixture
def checked(everything: bytes) -> Store:
    """A store with the two documents, of which it keeps the digests since it was checked."""
    store = open_store("memory:")
    store.apply(Changes(added=everything))
    assert digests(store) == {}
    assert cost(judge_store(store)) == (2, 0)
    assert len(digests(store)) == 2
    return store


def documents(store: Store) -> list[str]:
    return [graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph)]


def digests(store: Store) -> dict[str, str]:
    return dict(store.digests_of(documents(store)))


def assert_right(store: Store) -> None:
    """Each digest that is kept is that of what the graph holds now."""
    register = Register(store)
    for graph, digest in digests(store).items():
        assert ReadMatter.of(graph, store.statements(graph), register).matter.digest == digest


def cost(judged: StoreJudged) -> tuple[int, int]:
    """How many documents were read for a report, and how many judged."""
    return judged.read, judged.judgements


def test_what_nobody_changed_is_not_read(checked: Store) -> None:
    """And the report is the one that reading gives."""
    again = judge_store(checked)
    assert cost(again) == (0, 0)
    checked.apply(FORGED)
    anew = judge_store(checked)
    assert cost(anew) == (2, 0)
    assert anew.report == again.report
    assert len(anew.report.findings) > 10


@pytest.mark.parametrize("writer", sorted(ONE))
def test_who_changes_one_document_costs_the_reading_of_that_one(checked: Store, writer: str) -> None:
    """Its digest goes with the change, the other stays, and the next check keeps the new one."""
    changed, other = documents(checked)
    ONE[writer](checked, changed)
    assert checked.digests_of([changed, other]).keys() == {other}
    left = len(documents(checked)) - 1
    assert cost(judge_store(checked)) == (left, left)
    assert cost(judge_store(checked)) == (0, 0)
    assert_right(checked)


@pytest.mark.parametrize("writer", sorted(ALL))
def test_after_a_change_of_nobody_knows_what_everything_is_read(checked: Store, writer: str) -> None:
    """No digest is left."""
    graphs = documents(checked)
    ALL[writer](checked, graphs[0])
    assert checked.digests_of(graphs) == {}
    assert judge_store(checked).read == len(documents(checked))
    assert_right(checked)


def test_an_update_that_fails_changes_nothing(checked: Store) -> None:
    """Neither graphs nor digests."""
    before = digests(checked)
    with pytest.raises(QuerySyntaxError):
        writing.run_update(checked, "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> } }", EVERYTHING)
    assert digests(checked) == before


def test_a_digest_that_was_worked_out_before_a_change_is_not_kept_after_it(checked: Store) -> None:
    """Whoever keeps digests does so in a turn, and only in the store from which they were worked out."""
    graph = documents(checked)[0]
    known = digests(checked)[graph]
    turn = next_turn(checked)
    writing.add_to_graph(checked, graph, SENT)
    assert not turn.make([], {graph: known})
    assert graph not in digests(checked)


def test_what_the_register_comes_to_say_is_seen_without_reading(checked: Store) -> None:
    """What is judged is known by more than the document: facts on the things that it names count too."""
    (unit, *_) = sorted(
        said.subject
        for graph in documents(checked)
        for said in Register(checked).named_by_each({graph: {_unit_of(checked, graph)}})[graph]
    )
    checked.apply(
        Changes(added=f"{unit} <urn:p> <urn:o> <{identifiers.REGISTER_GRAPH}> .".encode()),
    )
    assert judge_store(checked).judgements > 0


def _unit_of(store: Store, graph: str) -> str:
    line = next(line for line in store.statements(graph) if "/declaredBy>" in line)
    return line.split(" ")[2]


def test_loads_keep_right_digests_whatever_takes_the_place_of_what(tmp_path: Path) -> None:
    """Three versions of the same declarations, of which each changes what the store shows of the others."""
    store = open_store("memory:")
    Ingest(store).prepare()
    folders = [folder_of_versions(tmp_path / name, days) for name, days in (("a", "13"), ("b", "2"))]
    for outcome in Ingest(store).load_all(find_sources(map(str, folders))):
        assert isinstance(outcome, Loaded)
        assert_right(store)
    assert len(documents(store)) == 3
    assert judge_store(store).judgements == 0


def test_endpoints_keep_none(sparql_server: str) -> None:
    """Others write to them too, and say nothing: there each document is read."""
    store = open_store(sparql_server)
    store.clear()
    graph = str(identifiers.disclosure_graph("0" * 64))
    store.apply(Changes(added=f"{SAID} <{graph}> .".encode(), digests={graph: "0"}))
    assert store.digests_of([graph]) == {}
    assert store.graphs() == (graph,)
    store.clear()


def test_digests_are_of_this_store_and_not_exported(checked: Store) -> None:
    """Somewhere else they would be about other graphs."""
    assert any("digests" in graph for graph in checked.graphs())
    assert b"graph/digests" not in b"".join(checked.export("application/n-quads"))
