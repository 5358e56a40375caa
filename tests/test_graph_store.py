"""The graph store protocol: the W3C's 13 tests over HTTP, on every kind of store; and what it refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from rdflib import Graph
from sites import DOCUMENT, serving
from starlette.datastructures import Headers
from stores import SERVED_IN_SOAK
from w3c_requests import cases

from service import graph_states, writing
from service.problems import GraphChanged
from service.settings import Settings
from service.store import open_store
from service.validating.request import Posted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from service.keys import KeyFile
    from service.store import Changes, Store

TURTLE = {"Content-Type": "text/turtle"}
PATHS = {"/gsp": "/graph-store"}
ABOUT = "<http://e.org/s> <http://e.org/p> 1 ."


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
@pytest.mark.parametrize(("manifest", "count"), [("manifest-direct.ttl", 4), ("manifest-indirect.ttl", 9)])
def test_the_graph_store_tests_of_the_w3c_pass(
    shared: Path, store: Store, key: str, keys: KeyFile, manifest: str, count: int
) -> None:
    """Direct and indirect naming of graphs, each test on an empty store."""
    authorization = {"Authorization": f"Bearer {key}"}
    listed = cases(shared / "conformance" / "graph-store-protocol", manifest)
    with (
        serving(store, Settings(keys=keys.path)) as address,
        httpx.Client(base_url=address, timeout=300, headers=authorization) as client,
    ):
        for case in listed:
            store.clear()
            assert case.run(client, PATHS) >= 1, case.name
    assert len(listed) == count


def test_everybody_reads_a_graph_of_a_document_by_its_address(client: httpx.Client) -> None:
    """`/graph-store/disclosure/…` and the IRI of the graph name the same, in every syntax."""
    by_address = client.get(f"/graph-store/disclosure/{DOCUMENT}", headers={"Accept": "text/turtle"})
    iri = f"https://w3id.org/jixiao/graph/disclosure/{DOCUMENT}"
    by_iri = client.get("/graph-store", params={"graph": iri, "format": "nt"})
    assert by_address.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert by_iri.headers["Content-Type"] == "application/n-triples"
    triples = len(Graph().parse(data=by_address.text, format="turtle"))
    assert triples == len(by_iri.text.splitlines()) > 1000


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_writes_without_a_key(client: httpx.Client, anyone: httpx.Client, method: str) -> None:
    """403 where the service is read-only, 401 where a key is missing; the graph stays as it is."""
    for reader, status in ((client, 403), (anyone, 401)):
        answer = reader.request(method, f"/graph-store/disclosure/{DOCUMENT}", content=ABOUT, headers=TURTLE)
        assert answer.status_code == status
    assert client.head(f"/graph-store/disclosure/{DOCUMENT}").status_code == 200


def test_nothing_is_read_of_what_nobody_may_send(anyone: httpx.Client, writer: httpx.Client) -> None:
    """A body that is too long costs a stranger a key; who has one is told how long it may be."""
    content = b"#" * 50_000_001
    assert anyone.put("/graph-store/a", content=content, headers=TURTLE).status_code == 401
    assert writer.put("/graph-store/a", content=content, headers=TURTLE).status_code == 413


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/graph-store", "name a graph"),
        ("/graph-store?graph=a&default=", "name one graph"),
        ("/graph-store/a?default", "name one graph"),
        ("/graph-store?graph=no-iri", "absolute IRI"),
    ],
)
def test_a_graph_is_named_once_and_by_an_iri(client: httpx.Client, address: str, word: str) -> None:
    """400 says how."""
    answer = client.get(address)
    assert answer.status_code == 400
    assert word in answer.json()["detail"]


def test_what_is_no_rdf_changes_nothing_and_says_where(writer: httpx.Client) -> None:
    """Line and column of the fault; the graph holds what it held."""
    assert writer.put("/graph-store/a", content=ABOUT, headers=TURTLE).status_code == 201
    answer = writer.put("/graph-store/a", content=f"{ABOUT}\n<http://e.org/s> nonsense", headers=TURTLE)
    assert answer.status_code == 400
    assert answer.json()["line"] == 2
    assert isinstance(answer.json()["column"], int)
    assert len(Graph().parse(data=writer.get("/graph-store/a").text)) == 1


def test_statements_of_another_graph_are_refused(writer: httpx.Client) -> None:
    """N-Quads name their graph; only the one they are sent to is taken."""
    quads = {"Content-Type": "application/n-quads"}
    statement = '<http://e.org/s> <http://e.org/p> "1"'
    other = writer.put(
        "/graph-store?graph=http://e.org/a", content=f"{statement} <http://e.org/b> .", headers=quads
    )
    assert (other.status_code, "http://e.org/b" in other.json()["detail"]) == (400, True)
    same = writer.put(
        "/graph-store?graph=http://e.org/a", content=f"{statement} <http://e.org/a> .", headers=quads
    )
    assert same.status_code == 201


def test_what_is_in_no_syntax_of_rdf_is_refused(writer: httpx.Client) -> None:
    """415 lists those that are read."""
    answer = writer.put("/graph-store/a", content="{}", headers={"Content-Type": "application/pdf"})
    assert answer.status_code == 415
    assert "text/turtle" in answer.json()["detail"]


def test_blank_nodes_of_two_parts_are_two(writer: httpx.Client) -> None:
    """One label in two files, or in what is there already, names different nodes."""
    files = [("file", (f"{n}.ttl", "_:a <http://e.org/p> 1 .", "text/turtle")) for n in (1, 2)]
    for count in (2, 4):
        assert writer.post("/graph-store/a", files=files).status_code in {201, 204}
        assert len(Graph().parse(data=writer.get("/graph-store/a").text)) == count


def test_what_is_sent_without_a_name_is_found_by_queries(writer: httpx.Client) -> None:
    """It is kept in jxg:default, beside the other graphs of the union."""
    writer.put("/graph-store/a", content=ABOUT, headers=TURTLE)
    writer.put("/graph-store?default", content=ABOUT.replace("1", "2"), headers=TURTLE)
    rows = writer.get(
        "/sparql", params={"query": "SELECT ?g ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?o"}
    ).json()
    told = [(row["g"]["value"].rpartition("/")[2], row["o"]["value"]) for row in rows["results"]["bindings"]]
    assert [one for one in told if len(one[1]) == 1] == [("a", "1"), ("default", "2")]


def test_a_packed_body_is_refused_by_name(writer: httpx.Client) -> None:
    """415 says what to do, be it whole, damaged or a bomb: nothing is unpacked."""
    for address in ("/graph-store/a", "/shacl", "/sparql"):
        answer = writer.post(address, content=b"\x1f\x8b", headers={**TURTLE, "Content-Encoding": "gzip"})
        assert answer.status_code == 415
        assert "Content-Encoding gzip is not read here" in answer.json()["detail"]


# --- on a condition ------------------------------------------------------------------------------------------------

BLANK = "[] <http://e.org/p> [ <http://e.org/q> 1 ] ."


def _put(client: httpx.Client, value: str, **condition: str) -> int:
    """Send a graph on a condition; return the status."""
    named = {name.replace("_", "-"): told for name, told in condition.items()}
    return client.put("/graph-store/a", content=value, headers=TURTLE | named).status_code


def _tag(client: httpx.Client, **headers: str) -> str:
    answer = client.head("/graph-store/a", headers={n.replace("_", "-"): told for n, told in headers.items()})
    assert answer.status_code == 200
    return answer.headers["ETag"]


@pytest.mark.soak
def test_a_graph_is_changed_only_while_it_is_what_the_client_has_seen(
    store: Store, key: str, keys: KeyFile
) -> None:
    """On every kind of store, with blank nodes too; what changes elsewhere is no matter."""
    with (
        serving(store, Settings(keys=keys.path)) as address,
        httpx.Client(base_url=address, timeout=300, headers={"Authorization": f"Bearer {key}"}) as client,
    ):
        assert _put(client, BLANK, If_Match="*") == 412
        assert _put(client, BLANK, If_None_Match="*") == 201
        assert _put(client, ABOUT, If_None_Match="*") == 412
        seen = _tag(client)
        assert client.put("/graph-store/b", content=ABOUT, headers=TURTLE).status_code == 201
        assert _tag(client) == seen
        assert _put(client, ABOUT, If_None_Match=seen) == 412
        assert _put(client, f"{BLANK} {BLANK}", If_Match=f'"other", {seen}') == 204
        assert _put(client, ABOUT, If_Match=seen) == 412
        assert len(Graph().parse(data=client.get("/graph-store/a").text)) == 4
        seen = _tag(client)
        added = client.post("/graph-store/a", content=ABOUT, headers=TURTLE | {"If-Match": seen})
        assert added.status_code == 204
        assert len(Graph().parse(data=client.get("/graph-store/a").text)) == 5
        assert client.delete("/graph-store/a", headers={"If-Match": seen}).status_code == 412
        assert client.delete("/graph-store/a", headers={"If-Match": _tag(client)}).status_code == 204
        assert client.get("/graph-store/a").status_code == 404
        assert len(Graph().parse(data=client.get("/graph-store/b").text)) == 1


def test_a_tag_counts_in_whatever_format_the_graph_was_seen(writer: httpx.Client) -> None:
    """Each format and each way of packing has a tag of its own, and all are of one state."""
    assert _put(writer, BLANK) == 201
    formats = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
    codings = ("identity", "gzip", "br")
    tags = {_tag(writer, Accept=one, Accept_Encoding=coding) for one in formats for coding in codings}
    assert len(tags) == 12
    for tag in tags:
        assert _put(writer, BLANK, If_None_Match=tag) == 412
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ({"If-None-Match": "*"}, "is there already"),
        ({"If-Match": '"other"'}, "get it again with its ETag"),
        ({"If-Match": 'W/"other"'}, "a weak tag"),
        ({"If-None-Match": "THE TAG"}, "is what you named"),
    ],
)
def test_who_may_not_change_a_graph_is_told_why_and_what_to_do(
    writer: httpx.Client, condition: dict[str, str], word: str
) -> None:
    """412 in words, as a page in Chinese to a person; the graph holds what it held."""
    assert _put(writer, ABOUT) == 201
    headers = {name: told.replace("THE TAG", _tag(writer)) for name, told in condition.items()}
    answer = writer.put("/graph-store/a", content=BLANK, headers=TURTLE | headers)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (412, "graph-changed")
    assert word in answer.json()["detail"]
    assert "nothing was changed" in answer.json()["detail"]
    page = {"Accept": "text/html", "Accept-Language": "zh"}
    told = writer.put("/graph-store/a", content=BLANK, headers=TURTLE | headers | page)
    assert "图已变化，未作改动" in told.text
    assert len(Graph().parse(data=writer.get("/graph-store/a").text)) == 1


@pytest.mark.parametrize("told", ["other", '"a" "b"', '*, "a"', "W/", '"a'])
def test_a_condition_that_is_none_is_refused(writer: httpx.Client, told: str) -> None:
    """400 repeats it: a slip in a condition is no leave to change the graph."""
    answer = writer.put("/graph-store/a", content=ABOUT, headers=TURTLE | {"If-Match": told})
    assert answer.status_code == 400
    assert f"If-Match: {told} is neither * nor entity tags in quotes" in answer.json()["detail"]
    assert writer.get("/graph-store/a").status_code == 404


GRAPH = "http://e.org/a"


def _between(monkeypatch: pytest.MonkeyPatch, store: Store, change: Callable[[], object]) -> None:
    """Let somebody make a change after the condition of another is looked at, and before that one is made."""
    apply, left = type(store).apply, [change]

    def after_another(self: Store, changes: Changes) -> None:
        if changes.only_if and left:
            left.pop()()
        apply(self, changes)

    monkeypatch.setattr(type(store), "apply", after_another)


def _sent(turtle: str) -> list[Posted]:
    return [Posted("body", turtle.encode(), "text/turtle")]


def test_who_comes_between_the_look_and_the_change_is_not_overwritten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The condition is looked at again: of the same graph it holds no more, another graph is no matter."""
    store = open_store("memory:")
    writing.replace_graph(store, GRAPH, _sent(ABOUT))
    seen = graph_states.tag_of(graph_states.graph_of(store, GRAPH, "text/turtle"), "text/turtle", "")
    condition = graph_states.Condition.of(Headers({"If-Match": seen}))
    _between(monkeypatch, store, lambda: writing.add_to_graph(store, "http://e.org/b", _sent(ABOUT)))
    assert writing.add_to_graph(store, GRAPH, _sent(ABOUT), condition)
    _between(monkeypatch, store, lambda: writing.replace_graph(store, GRAPH, _sent(BLANK)))
    with pytest.raises(GraphChanged, match="get it again"):
        writing.replace_graph(store, GRAPH, _sent(ABOUT), condition)
    assert len(store.statements(GRAPH)) == 2


def test_of_two_who_make_a_graph_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other came first, if only by a moment."""
    store = open_store("memory:")
    absent = graph_states.Condition.of(Headers({"If-None-Match": "*"}))
    _between(monkeypatch, store, lambda: writing.replace_graph(store, GRAPH, _sent(BLANK)))
    with pytest.raises(GraphChanged, match="there already"):
        writing.replace_graph(store, GRAPH, _sent(ABOUT), absent)
    assert len(store.statements(GRAPH)) == 2


@pytest.mark.soak
def test_no_change_is_lost_among_clients_who_change_one_graph(writer: httpx.Client) -> None:
    """Each counts one up from what he sees, and looks again where another was quicker."""

    def count_up(_: int) -> None:
        status = 0
        while status != 204:
            seen = writer.get("/graph-store/a", headers={"Accept": "application/n-triples"})
            number = int(seen.text.split('"')[1])
            counted = ABOUT.replace("1", str(number + 1))
            status = _put(writer, counted, If_Match=seen.headers["ETag"])
            assert status in {204, 412}

    assert _put(writer, ABOUT.replace("1", "0")) == 201
    with ThreadPoolExecutor(4) as clients:
        list(clients.map(count_up, range(12)))
    assert '"12"' in writer.get("/graph-store/a", headers={"Accept": "application/n-triples"}).text
