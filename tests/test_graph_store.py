"""The graph store protocol: the W3C's 13 tests over HTTP, on every kind of store; and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from rdflib import Graph
from sites import DOCUMENT, serving
from w3c_requests import cases

from service.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from service.keys import KeyFile
    from service.store import Store

TURTLE = {"Content-Type": "text/turtle"}
PATHS = {"/gsp": "/graph-store"}
ABOUT = "<http://e.org/s> <http://e.org/p> 1 ."


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
