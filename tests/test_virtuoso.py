"""The same answers on Virtuoso: every question, on its hand-made data, on the seed and on the examples."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import test_questions as questions
from sites import DOCUMENT, PROJECT
from starlette.datastructures import Headers
from virtuoso import PASSWORD, Virtuoso, running, virtuoso

from ontology import JXI, vocabulary
from queries.tables import tables
from service import writing
from service.answers import select
from service.graph_states import Condition, graph_of, tag_of
from service.loading.comparing import compare_documents
from service.loading.ingest import Ingest, Loaded
from service.loading.sources import find_sources
from service.pages import departments, document, findings, overview, project, projects, quality, things
from service.problems import GraphChanged
from service.store import AnswerTooLarge, Changes, EndpointTooSlow, open_store
from service.tables import rows as flat
from service.validating.request import Posted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from service.store import Store

__all__ = ["virtuoso"]

QUICK = ("indicators-by-level", "changes-between-versions")


def put(store: Store, nquads: bytes) -> None:
    store.apply(Changes(added=nquads))


def rows(store: Store, sparql: str) -> list[questions.Row]:
    table = select(store, sparql)
    return [
        {
            name: questions.plain(row.text(name), row.cells[name].datatype if name in row.cells else None)
            for name in table.columns
        }
        for row in table
    ]


def differing(store: Store, names: Iterable[str]) -> tuple[int, list[str]]:
    """How many hand-made cases of some questions there are, and which of them have another answer."""
    asked, wrong = 0, []
    for name in names:
        put(store, questions.data(name))
        for case in questions.cases():
            if case.question.name == name:
                asked += 1
                if rows(store, case.question.bind(**case.values)) != questions.read_rows(case.path)[1]:
                    wrong.append(str(case))
        store.apply(Changes(removed=questions.data(name)))
    return asked, wrong


def test_some_questions_answer_alike(virtuoso: Virtuoso) -> None:
    """The few that need few words, on their hand-made data; and yes and no."""
    store = virtuoso.store()
    for told, about in ((b"true", "?anything"), (b"false", "<http://e.org/nothing>")):
        assert told in store.query(f"ASK {{ {about} ?is ?so }}", "text/csv")
    lines = vocabulary.nquads().splitlines(keepends=True)
    put(store, b"".join(line for line in lines if b"graph/divisions>" not in line))
    asked, wrong = differing(store, QUICK)
    assert (asked, wrong) == (6, [])
    store.clear()
    assert store.graphs() == ()


@pytest.mark.soak
def test_a_graph_is_changed_on_a_condition_there_too(virtuoso: Virtuoso) -> None:
    """By what it held when it was read, blank nodes and all; such a change is made in several requests."""
    store, graph = virtuoso.store(), "http://e.org/a"

    def change(turtle: str, **condition: str) -> bool:
        sent = [Posted("body", turtle.encode(), "text/turtle")]
        named = Headers({name.replace("_", "-"): told for name, told in condition.items()})
        return writing.replace_graph(store, graph, sent, Condition.of(named))

    assert not change('[] <http://e.org/p> [ <http://e.org/q> "甲"@zh ] .', If_None_Match="*")
    seen = tag_of(graph_of(store, graph, "text/turtle"), "text/turtle", "")
    assert change("[] <http://e.org/p> 2 .", If_Match=seen)
    for condition in ({"If_Match": seen}, {"If_None_Match": "*"}):
        with pytest.raises(GraphChanged):
            change("<http://e.org/s> <http://e.org/p> 3 .", **condition)
    assert [line.partition(" ")[2] for line in store.statements(graph)] == [
        '<http://e.org/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    ]
    store.clear()


@pytest.mark.soak
def test_every_question_answers_alike(virtuoso: Virtuoso) -> None:
    """All hand-made cases, one data set after another."""
    store = virtuoso.store()
    put(store, vocabulary.nquads())
    asked, wrong = differing(store, questions.QUESTIONS)
    assert (asked, wrong) == (len(questions.cases()), [])
    store.clear()


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["seed", "examples"])
def test_every_question_answers_alike_on_real_documents(
    kind: str, virtuoso: Virtuoso, library: Store, seed: Path
) -> None:
    """The stored answers on the first complete document, and on the examples as they are loaded."""
    store = virtuoso.store()
    if kind == "seed":
        put(store, questions.quads_of([seed / "seed.txt"]) + vocabulary.nquads())
    else:
        put(store, b"".join(library.export("application/n-quads")))
        assert other_tables(store, library) == []
    assert other_answers(store, kind) == []
    store.clear()


def other_tables(store: Store, library: Store) -> list[str]:
    """The flat tables whose rows are others than those of the embedded store."""
    return [
        name
        for name, table in tables().items()
        if list(flat.rows(store, table, "zh")) != list(flat.rows(library, table, "zh"))
    ]


def other_answers(store: Store, kind: str) -> list[str]:
    """The questions that have another answer than the stored one."""
    assert len(questions.DECLARED) == len(questions.QUESTIONS) - 1 > 30
    return [
        name
        for name in questions.DECLARED
        if rows(store, questions.QUESTIONS[name].bind())
        != questions.read_rows(questions.CASES / name / f"{kind}.csv")[1]
    ]


PAGES: dict[str, Callable[[Store], object]] = {
    "overview": lambda store: overview.overview(store, "zh"),
    "departments": departments.departments,
    "department": lambda store: departments.body(store, "130202/203", page=1),
    "projects": lambda store: projects.projects(store, projects.Filter(sort="budget")),
    "projects of a unit": lambda store: projects.projects(store, projects.Filter(unit="130202/203001")),
    "projects that lack a kind": lambda store: projects.projects(store, projects.Filter(lacking="cost")),
    "completeness": lambda store: quality.quality(store, "zh", page=1),
    "findings": lambda store: findings.findings(store, quality.Chosen(), "en"),
    "findings of a unit": lambda store: findings.findings(store, quality.Chosen(unit="130202/203"), "zh"),
    "project": lambda store: project.project(store, PROJECT, "zh"),
    "document": lambda store: document.document(store, DOCUMENT, "en"),
    "thing": lambda store: things.thing(store, f"{JXI}project/{PROJECT}", "zh"),
}
"""What the pages show."""


@pytest.mark.soak
def test_pages_show_alike(virtuoso: Virtuoso, library: Store) -> None:
    """What a page lists and sums up does not depend on the store."""
    store = virtuoso.store()
    put(store, b"".join(library.export("application/n-quads")))
    assert [name for name, shown in PAGES.items() if shown(store) != shown(library)] == []
    store.clear()


@pytest.mark.soak
def test_an_export_that_is_loaded_in_bulk_answers_alike(virtuoso: Virtuoso, library: Store) -> None:
    """As docs/stores.md says: export as N-Quads, and Virtuoso's own loader."""
    (virtuoso.folder / "library.nq").write_bytes(b"".join(library.export("application/n-quads")))
    virtuoso.run(f"ld_dir('{virtuoso.folder}', '*.nq', 'urn:none'); rdf_loader_run(); checkpoint;")
    store = virtuoso.store()
    assert other_answers(store, "examples") == []
    # digests stay with the store that keeps them
    assert set(store.graphs()) == {graph for graph in library.graphs() if not graph.endswith("/digests")}
    store.clear()
    assert store.graphs() == ()


# --- loading --------------------------------------------------------------------------------------------

OF_ITS_MOMENT = re.compile(r"hasVersion|issued>|generatedAtTime|modified|terms/identifier|def/factor>")
"""Of its moment, or told in more digits than Virtuoso keeps: 15 behind the point."""
LOADING = "https://w3id.org/jixiao/graph/loading"
GRAPH = "http://e.org/g"


def content(store: Store) -> dict[str, set[str]]:
    """What a store holds by graph, without what is another in every load; blank nodes have no names."""
    return {
        graph: {
            re.sub(r"_:\w+", "_:", line) for line in store.statements(graph) if not OF_ITS_MOMENT.search(line)
        }
        for graph in store.graphs()
        if not graph.endswith("/digests")
    }


def load(server: Virtuoso, *told: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "-v", "load", *told],
        cwd=questions.ROOT,
        env={**os.environ, **server.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def alone() -> dict[str, set[str]]:
    """What the examples make in a store in memory."""
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    outcomes = list(ingest.load_all(find_sources([str(questions.ROOT / "examples")])))
    assert [type(outcome) for outcome in outcomes] == [Loaded] * 5
    compare_documents(store)
    return content(store)


@pytest.mark.soak
def test_a_load_that_is_killed_again_and_again_is_whole_in_the_end(
    virtuoso: Virtuoso, alone: dict[str, set[str]]
) -> None:
    """Amid documents of thousands of statements; then with --resume to its end, and once more for nothing."""
    chance = random.Random(1)
    store = virtuoso.store()
    for _ in range(6):
        loading = load(virtuoso, "examples", "--resume")
        _wait_for_a_change(store, loading)
        time.sleep(chance.uniform(0, 1.5))
        loading.send_signal(signal.SIGKILL)
        loading.communicate(timeout=300)
    for _ in range(2):
        loading = load(virtuoso, "examples", "--resume")
        _, said = loading.communicate(timeout=300)
        assert loading.returncode == 0, said
        assert PASSWORD not in said
        there = content(store)
        assert {graph: there.get(graph, set()) ^ alone[graph] for graph in alone} == {
            graph: set() for graph in alone
        }
        assert there.keys() == alone.keys()
    assert "5 documents are in the store already; 0 are loaded" in said
    store.clear()


def _wait_for_a_change(store: Store, loading: subprocess.Popen[str]) -> None:
    """Return when the load has begun a change, or has ended."""
    begun = f"ASK {{ GRAPH <{LOADING}> {{ ?s ?p ?o }} }}"
    while loading.poll() is None and b"true" not in store.query(begun, "text/csv"):
        time.sleep(0.02)


@pytest.mark.soak
def test_loads_at_one_time_give_what_one_gives(virtuoso: Virtuoso, alone: dict[str, set[str]]) -> None:
    """Two commands, each with all examples: they take turns."""
    loads = [load(virtuoso, "examples") for _ in range(2)]
    said = [one.communicate(timeout=500) for one in loads]
    assert [one.returncode for one in loads] == [0, 0], said
    assert content(virtuoso.store()) == alone
    virtuoso.store().clear()


@pytest.mark.soak
def test_an_answer_that_virtuoso_cuts_off_is_none(tmp_path: Path) -> None:
    """Where it has more rows than the engine sends, or is not done when the engine ends it."""
    with running(tmp_path, rows=100, seconds=1) as server:
        store = server.store()
        facts = "".join(f'<http://e.org/s{n}> <http://e.org/p> "{n}" <{GRAPH}> .\n' for n in range(2500))
        store.apply(Changes(added=facts.encode()))
        few = f"SELECT ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} LIMIT 99"
        assert store.query(few, "text/csv").count(b"\n") == 100
        with pytest.raises(AnswerTooLarge, match=r"100 rows at most.*ResultSetMaxRows"):
            store.query(few.replace("LIMIT 99", ""), "text/csv")
        triples = f"GRAPH <{GRAPH}> {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} FILTER(?c < ?f && ?f < ?i)"
        product = f"SELECT (COUNT(*) AS ?n) {{ {triples} }}"
        with pytest.raises(EndpointTooSlow, match=r"before it was done|given up"):
            store.query(product, "text/csv")
