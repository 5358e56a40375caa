"""The store: reading, changing all at once, and the same answers in memory, on disk and over the protocol."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from service.store import (
    EVERYTHING,
    GRAPH_FORMATS,
    ROW_FORMATS,
    Access,
    ChangeRefused,
    Changes,
    Dataset,
    Form,
    QueryRefused,
    QuerySyntaxError,
    Store,
    StoreLocked,
    StoreUnavailable,
    UnsuitableFormat,
    form_of,
    open_store,
)

DATA = Path(__file__).parent / "store"
GRAPH = "https://w3id.org/jixiao/graph/disclosure/"
FIRST, SECOND = f"{GRAPH}aaaaaaaaaaaaaaaa", f"{GRAPH}bbbbbbbbbbbbbbbb"
PREFIX = "PREFIX jx: <https://w3id.org/jixiao/def/>\n"
TOTALS = PREFIX + "SELECT (COUNT(?d) AS ?n) (SUM(?b) AS ?total) { ?d a jx:Declaration ; jx:budget ?b }"


def two_documents() -> bytes:
    quads = ox.parse((DATA / "two_documents.trig").read_bytes(), format=ox.RdfFormat.TRIG)
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS)


def rows(store: Store, sparql: str, dataset: Dataset = EVERYTHING) -> list[list[str]]:
    text = store.query(sparql, "text/csv", dataset).decode()
    return list(csv.reader(io.StringIO(text)))[1:]


def count(store: Store) -> int:
    return int(rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0])


def fact(graph: str, subject: str = "s", value: str = "1") -> bytes:
    return f'<http://e.org/{subject}> <http://e.org/p> "{value}" <{graph}> .\n'.encode()


# --- answers -------------------------------------------------------------------------------------------


def test_two_documents_of_one_unit_count_and_sum_right(store: Store) -> None:
    """Loading two documents of one unit, twice over, counts each declaration and each yuan once."""
    for _ in range(2):
        store.apply(Changes(emptied=(FIRST, SECOND), added=two_documents()))
    assert rows(store, TOTALS) == [["3", "41500.5"]]


def test_default_graph_is_the_union_of_the_named_graphs(store: Store) -> None:
    """A pattern joins what a document states with what the register says."""
    store.apply(Changes(added=two_documents()))
    question = PREFIX + 'SELECT (COUNT(*) AS ?n) { ?d jx:declaredBy ?u . ?u jx:unitCode "203001" }'
    assert rows(store, question) == [["3"]]


def test_a_query_may_name_its_graphs(store: Store) -> None:
    """FROM in the query and the protocol's dataset both narrow what is seen."""
    store.apply(Changes(added=two_documents()))
    assert rows(store, TOTALS.replace("{", f"FROM <{SECOND}> {{", 1)) == [["1", "500"]]
    assert rows(store, TOTALS, Dataset(default_graphs=(SECOND,))) == [["1", "500"]]
    inside = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert rows(store, inside, Dataset(named_graphs=(SECOND,))) == [["3"]]


@pytest.mark.parametrize("suffix", ROW_FORMATS)
def test_rows_come_in_every_format(store: Store, suffix: str) -> None:
    """Each row format holds the same two bindings, and the answer of ASK."""
    store.apply(Changes(added=two_documents()))
    answer = store.query(TOTALS, ROW_FORMATS[suffix]).decode()
    assert "41500.5" in answer
    assert "true" in store.query("ASK { ?s ?p ?o }", ROW_FORMATS[suffix]).decode()


@pytest.mark.parametrize(
    ("suffix", "parser"),
    [
        ("ttl", "turtle"),
        ("nt", "nt"),
        ("jsonld", "json-ld"),
        ("rdf", "xml"),
        ("trig", "turtle"),
        ("nq", "nt"),
    ],
)
def test_graphs_come_in_every_format(store: Store, suffix: str, parser: str) -> None:
    """Another library reads the same triples back (TriG and N-Quads of one graph are Turtle, N-Triples)."""
    store.apply(Changes(added=two_documents()))
    query = PREFIX + "CONSTRUCT WHERE { ?d a jx:Declaration ; jx:budget ?b }"
    graph = rdflib.Graph()
    graph.parse(data=store.query(query, GRAPH_FORMATS[suffix]), format=parser)
    assert len(graph) == 6


def test_a_graph_answer_has_each_triple_once(store: Store) -> None:
    """CONSTRUCT answers with a graph, which is a set."""
    store.apply(Changes(added=two_documents()))
    query = PREFIX + "CONSTRUCT { ?u a jx:BudgetUnit } WHERE { ?d jx:declaredBy ?u }"
    assert store.query(query, "application/n-triples").count(b"\n") == 1


def test_a_format_the_form_cannot_have_is_refused_with_those_it_can(store: Store) -> None:
    """Rows are no Turtle: the error lists what may be asked for."""
    with pytest.raises(UnsuitableFormat, match="SELECT") as caught:
        store.query("SELECT * { ?s ?p ?o }", "text/turtle")
    assert caught.value.offered == tuple(ROW_FORMATS.values())


# --- what is not run -----------------------------------------------------------------------------------


def test_syntax_errors_say_line_and_column(store: Store) -> None:
    """The second line lacks the end of its pattern: the error points there."""
    with pytest.raises(QuerySyntaxError) as caught:
        store.query("SELECT ?s WHERE {\n  ?s ?p }", "text/csv")
    assert caught.value.line == 2
    assert caught.value.column is not None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("INSERT DATA { <http://e.org/s> <http://e.org/p> 1 }", "INSERT"),
        ("PREFIX e: <http://e.org/> DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("# SELECT\nDROP ALL", "DROP"),
        ("LOAD <http://127.0.0.1:9999/>", "LOAD"),
        ("WITH <http://e.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH"),
    ],
)
def test_updates_are_refused(store: Store, text: str, word: str) -> None:
    """What would change the data is not a query; the refusal names the word."""
    with pytest.raises(QueryRefused, match=word):
        store.query(text, "text/csv")


def test_an_update_behind_a_query_is_no_query(store: Store) -> None:
    """A second operation smuggled in behind the first is a syntax error, and nothing is changed."""
    store.apply(Changes(added=two_documents()))
    before = count(store)
    with pytest.raises(QuerySyntaxError):
        store.query("SELECT * { ?s ?p ?o } ; DROP ALL", "text/csv")
    assert count(store) == before


FETCHING = yaml.safe_load((DATA / "fetching.yaml").read_text(encoding="utf-8"))


def test_the_table_of_fetching_queries_is_whole() -> None:
    """A table that shrinks in silence proves nothing."""
    assert len(FETCHING) == 33
    assert sum(case["refused"] for case in FETCHING) == 21


@pytest.mark.parametrize("case", FETCHING, ids=lambda case: case["why"])
def test_queries_that_would_fetch_are_refused(case: dict[str, str]) -> None:
    """SERVICE is seen wherever it is a keyword, and nowhere else."""
    memory = open_store("memory:")
    media_type = "text/csv"
    if case["refused"]:
        with pytest.raises(QueryRefused, match=r"SERVICE|could be an IRI or a comparison"):
            memory.query(case["query"], media_type)
    else:
        memory.query(case["query"], media_type)


def test_forms_are_read_behind_any_prologue() -> None:
    """Prefixes named like keywords, comments and bases do not mislead."""
    prologue = "# ASK\nBASE <http://e.org/SELECT> PREFIX describe: <http://e.org/> PREFIX : <http://e.org/>\n"
    for form in Form:
        assert form_of(f"{prologue}{form.value.lower()} ...") is form


@pytest.mark.parametrize("part", ["'", "\\'", '"', '"""a', "'\\''", "<", "<a", "a-", "a:", "\\", "@a-", "{"])
def test_reading_a_query_takes_time_in_proportion(part: str) -> None:
    """A hundred thousand of what could make a scanner start over and over are read in a moment."""
    hostile = "SELECT ?service FROM <http://e.org/g> { ?s ?p " + part * 100_000
    begun = time.process_time()
    with pytest.raises((QuerySyntaxError, QueryRefused)):
        open_store("memory:").query(hostile, "text/csv")
    assert time.process_time() - begun < 120


OVERGROWN = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "brackets": lambda n: "SELECT * { FILTER(" + "(" * (n - 2) + "1" + ")" * (n - 2) + ") }",
    "calls": lambda n: "SELECT * { FILTER(" + "STR(" * (n - 2) + "1" + ")" * (n - 2) + "=1) }",
    "subqueries": lambda n: "SELECT * " + "{ SELECT * " * (n - 1) + "{}" + "}" * (n - 1),
}
"""Queries that are `n` brackets deep."""


@pytest.mark.parametrize("kind", OVERGROWN)
def test_a_query_that_would_end_the_process_is_refused(store: Store, kind: str) -> None:
    """A hundred levels run; one more is refused before an engine could run out of stack."""
    store.query(OVERGROWN[kind](100), "text/csv")
    with pytest.raises(QueryRefused, match="100 brackets"):
        store.query(OVERGROWN[kind](101), "text/csv")


@pytest.mark.parametrize(
    ("longest", "longer"),
    [
        ("SELECT * { {}" + " UNION {}" * 499 + " }", "SELECT * { {}" + " UNION {}" * 500 + " }"),
        ("SELECT * { FILTER(1" + "+1" * 999 + ") }", "SELECT * { FILTER(1" + "+1" * 1000 + ") }"),
    ],
    ids=["keywords", "operators"],
)
def test_a_chain_that_would_end_the_process_is_refused(store: Store, longest: str, longer: str) -> None:
    """Long chains run up to a limit no person reaches; long lists of values have none."""
    store.query(longest, "text/csv")
    with pytest.raises(QueryRefused, match="Split it"):
        store.query(longer, "text/csv")
    many = "SELECT * { VALUES ?x {" + " 1" * 50_000 + "} }"
    assert store.query(many, "text/csv").count(b"\n") == 50_001


# --- changes -------------------------------------------------------------------------------------------


def test_replacing_a_graph_leaves_the_others(store: Store) -> None:
    """The second document's graph holds exactly the new statements; the first and the register stand."""
    store.apply(Changes(added=two_documents()))
    store.replace(SECOND, b'<http://e.org/s> <http://e.org/p> "new" .\n')
    assert rows(store, TOTALS) == [["2", "41000.5"]]
    assert rows(store, f"SELECT ?o {{ GRAPH <{SECOND}> {{ ?s ?p ?o }} }}") == [["new"]]


def test_replacing_twice_is_replacing_once(store: Store) -> None:
    """Loading again is idempotent."""
    for _ in range(2):
        store.replace(FIRST, fact(FIRST))
    assert count(store) == 1


def test_statements_are_added_as_to_a_set(store: Store) -> None:
    """What two documents say alike of a shared thing is there once."""
    for _ in range(2):
        store.apply(Changes(added=fact(FIRST)))
    assert count(store) == 1


def test_statements_are_removed_before_others_are_added(store: Store) -> None:
    """A label moves from one property to another in one change."""
    store.apply(Changes(added=fact(FIRST, value="old")))
    store.apply(Changes(removed=fact(FIRST, value="old"), added=fact(FIRST, value="new")))
    assert rows(store, "SELECT ?o { ?s ?p ?o }") == [["new"]]


@pytest.mark.parametrize(
    "broken",
    [b"<http://e.org/s> <http://e.org/p> .", b'<http://e.org/s> <http://e.org/p> "no graph" .', b"\xff\xfe"],
    ids=["no object", "no graph", "no UTF-8"],
)
def test_a_change_that_fails_changes_nothing(store: Store, broken: bytes) -> None:
    """A bad line after good ones leaves the store as it was."""
    store.apply(Changes(added=fact(FIRST)))
    with pytest.raises(ChangeRefused):
        store.apply(Changes(emptied=(FIRST,), added=fact(SECOND) + broken))
    assert store.graphs() == (FIRST,)


def test_a_graph_takes_no_statement_of_another(store: Store) -> None:
    """Replacing one graph cannot write into a second one."""
    with pytest.raises(ChangeRefused, match="bbbbbbbb"):
        store.replace(FIRST, fact(SECOND))
    assert count(store) == 0


def test_a_graph_is_named_by_an_iri(store: Store) -> None:
    """A name that is no IRI is refused, and cannot smuggle in an operation."""
    with pytest.raises(ChangeRefused, match="absolute IRI"):
        store.replace("http://e.org/g> ; DROP ALL ; DROP GRAPH <http://e.org/h", b"")


def test_no_change_is_no_operation(store: Store) -> None:
    """An empty change is allowed: a document may have nothing to add."""
    store.apply(Changes())
    assert count(store) == 0


def test_texts_come_back_as_they_went_in(store: Store) -> None:
    """Quotes, line breaks, tabs, backslashes and characters beyond the first plane survive the way in."""
    text = 'a "quoted" \\ line\nbreak\ttab ≥95% 𠮷 }; DROP ALL; # '
    literal = ox.serialize(
        [ox.Quad(ox.NamedNode("http://e.org/s"), ox.NamedNode("http://e.org/p"), ox.Literal(text))],
        format=ox.RdfFormat.N_TRIPLES,
    )
    store.replace(FIRST, literal)
    answer = json.loads(store.query("SELECT ?o { ?s ?p ?o }", ROW_FORMATS["json"]))
    assert answer["results"]["bindings"][0]["o"]["value"] == text


def test_readers_see_a_whole_change_or_none(store: Store) -> None:
    """While two graphs are exchanged together, no reader ever finds one of them alone."""
    graphs = (FIRST, SECOND)
    full = b"".join(fact(graph, f"s{n}") for graph in graphs for n in range(50))
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(count(store))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20):
        store.apply(Changes(emptied=graphs, added=full if turn % 2 == 0 else b""))
    done.set()
    reader.join()
    assert seen <= {0, 100}


def test_a_change_that_depends_on_what_is_there_is_made_whole_or_not_at_all(store: Store) -> None:
    """The second of two changes that were worked out from the same mark does nothing."""
    old, new = fact(FIRST, "mark", "old"), fact(FIRST, "mark", "new")
    store.apply(Changes(added=old))
    store.apply(Changes(only_if=old, removed=old, added=new + fact(SECOND)))
    store.apply(Changes(only_if=old, removed=fact(SECOND), added=fact(SECOND, "never")))
    exported = b"".join(store.export("application/n-quads"))
    assert exported.splitlines(keepends=True) == [new, fact(SECOND)]


THIRD = f"{GRAPH}cccccccccccccccc"


@pytest.mark.parametrize("emptied", [FIRST, SECOND])
def test_a_graph_is_emptied_on_a_condition_whole_or_not_at_all(store: Store, emptied: str) -> None:
    """Blank nodes and all, be it the graph that the condition is about; nothing goes where it does not hold."""
    old, new, others = fact(FIRST, "mark", "old"), fact(FIRST, "mark", "new"), fact(THIRD)
    held = f"_:a <http://e.org/p> _:b <{emptied}> .\n".encode() + fact(emptied, "s", "held")
    sent = f"_:c <http://e.org/q> _:c <{emptied}> .\n".encode() + fact(emptied, "s", "sent")
    store.apply(Changes(added=old + held + others))
    store.apply(Changes(only_if=new, removed=new, emptied=(emptied,), added=fact(SECOND, "never")))
    assert [len(store.statements(graph)) for graph in (emptied, THIRD)] == [2 + (emptied == FIRST), 1]
    store.apply(Changes(only_if=old, removed=old, emptied=(emptied,), added=new + sent))
    told = "\n".join(line for graph in (FIRST, SECOND, THIRD) for line in store.statements(graph))
    assert told.count("\n") == 3
    assert all(word in told for word in ('"new"', '"sent"', "<http://e.org/q> _:", others.decode()[:20]))


# --- taking everything out -----------------------------------------------------------------------------


def test_export_gives_back_every_statement_in_its_graph(store: Store) -> None:
    """N-Quads and TriG hold the dataset; the same content gives the same bytes."""
    store.apply(Changes(added=two_documents()))
    expected = set(ox.parse(two_documents(), format=ox.RdfFormat.N_QUADS))
    nquads = b"".join(store.export("application/n-quads"))
    assert set(ox.parse(nquads, format=ox.RdfFormat.N_QUADS)) == expected
    assert nquads == b"".join(store.export("application/n-quads"))
    trig = b"".join(store.export("application/trig"))
    assert set(ox.parse(trig, format=ox.RdfFormat.TRIG)) == expected


def test_statements_of_a_graph_are_lines_that_are_the_same_on_every_store(store: Store) -> None:
    """Sorted, each literal as the one parser writes it, whatever a store or a client escapes."""
    said = (r"\u9648\t\"\\", "满意 \u2028\u0085.", "01")
    triples = [f'<http://e.org/s{number}> <http://e.org/p> "{text}"' for number, text in enumerate(said)]
    quads = "".join(f"{triple} <{FIRST}> .\n" for triple in triples)
    store.apply(Changes(added=quads.encode() + fact(SECOND)))
    assert store.statements(FIRST) == [
        r'<http://e.org/s0> <http://e.org/p> "陈\t\"\\" .',
        *(f"{triple} ." for triple in triples[1:]),
    ]
    assert store.statements(f"{GRAPH}none") == []
    assert store.graphs() == (FIRST, SECOND)
    store.apply(Changes(removed=fact(SECOND)))
    assert store.graphs() == (FIRST,)


def test_export_as_triples_forgets_only_the_graphs(store: Store) -> None:
    """Turtle and N-Triples hold the union."""
    store.apply(Changes(added=two_documents()))
    expected = {quad.triple for quad in ox.parse(two_documents(), format=ox.RdfFormat.N_QUADS)}
    for media_type, rdf_format in [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ]:
        exported = b"".join(store.export(media_type))
        assert {quad.triple for quad in ox.parse(exported, format=rdf_format)} == expected


def test_export_refuses_other_formats_at_once(store: Store) -> None:
    """The error comes before the first byte, with the formats there are."""
    with pytest.raises(UnsuitableFormat, match="application/n-quads"):
        store.export("text/csv")


def test_clearing_leaves_nothing(store: Store) -> None:
    """An emptied store has no graph."""
    store.apply(Changes(added=two_documents()))
    store.clear()
    assert store.graphs() == ()


# --- opening -------------------------------------------------------------------------------------------


def test_a_store_on_disk_keeps_what_it_was_told(tmp_path: Path) -> None:
    """What was applied is there when the folder is opened again."""
    url = (tmp_path / "含 blank" / "store").as_uri()
    first = open_store(url)
    first.apply(Changes(added=fact(FIRST)))
    del first
    assert count(open_store(url)) == 1


def test_a_store_open_elsewhere_says_so_gently(tmp_path: Path) -> None:
    """A second process is told which folder is taken and what to do."""
    folder = tmp_path / "store"
    holder = open_store(folder.as_uri())
    code = f"from service.store import open_store; open_store({folder.as_uri()!r})"
    second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "StoreLocked" in second.stderr
    assert f"{folder} is open in another process" in second.stderr
    with pytest.raises(StoreLocked, match="stop it first"):
        open_store(folder.as_uri())
    assert count(holder) == 0


@pytest.mark.parametrize("url", ["", "store", "ftp://e.org/", "file:", "file://elsewhere/store", "mem:"])
def test_an_address_that_names_no_store_is_explained(url: str) -> None:
    """The error repeats the address and says what may be written."""
    with pytest.raises(StoreUnavailable, match="memory:, file:///folder"):
        open_store(url)


def test_a_folder_that_cannot_be_a_store_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is named in the error."""
    (tmp_path / "store").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="store"):
        open_store((tmp_path / "store").as_uri())


def test_an_endpoint_that_is_not_there_is_named() -> None:
    """Nothing listens on the discard port of the loopback."""
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9/sparql"):
        open_store("http://127.0.0.1:9/sparql")


def test_an_endpoint_that_takes_no_changes_is_named_by_the_address_of_its_changes(sparql_server: str) -> None:
    """It answers questions; what does not answer is where its changes would go."""
    store = open_store(sparql_server, access=Access(update_url="http://127.0.0.1:9/update"))
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9/update does not answer"):
        store.apply(Changes(added=fact(FIRST)))
