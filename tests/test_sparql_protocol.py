"""The SPARQL 1.1 protocol: the W3C's 34 tests over HTTP, and who may change what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import pytest
from sites import serving
from stores import SERVED_IN_SOAK
from w3c_requests import cases

from service.settings import Settings
from service.store import Changes, Dataset, Store

if TYPE_CHECKING:
    from pathlib import Path

    from service.keys import KeyFile

FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
G = "http://e.org/g"
INSERT = f"INSERT DATA {{ GRAPH <{G}> {{ <http://e.org/s> <http://e.org/p> 1 }} }}"
MODIFY = f"INSERT {{ GRAPH <{G}> {{ ?s ?p ?o }} }} WHERE"


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
def test_the_protocol_tests_of_the_w3c_pass(shared: Path, store: Store, key: str, keys: KeyFile) -> None:
    """34 of 34 on every kind of store, each on one that holds what it begins with."""
    listed = cases(shared / "conformance" / "sparql-protocol", "manifest.ttl")
    authorization = {"Authorization": f"Bearer {key}"}
    sent = 0
    with (
        serving(store, Settings(keys=keys.path)) as address,
        httpx.Client(base_url=address, timeout=300, headers=authorization) as client,
    ):
        for case in listed:
            store.clear()
            for graph, ntriples in case.data.items():
                store.replace(graph, ntriples)
            sent += case.run(client, {"/sparql/": "/sparql"})
    assert len(listed) == 34
    assert sent == 39


def post(client: httpx.Client, update: str, **parameters: str) -> httpx.Response:
    return client.post("/sparql", params=parameters, content=update, headers={"Content-Type": UPDATE})


def holds(client: httpx.Client, pattern: str) -> bool:
    told: bool = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"}).json()["boolean"]
    return told


def test_an_update_is_done_when_it_is_answered(writer: httpx.Client) -> None:
    """Sent by itself or in a form: 204, and the next query sees it."""
    assert post(writer, INSERT).status_code == 204
    assert holds(writer, f"GRAPH <{G}> {{ ?s ?p 1 }}")
    form = urlencode({"update": f"CLEAR GRAPH <{G}>"})
    assert writer.post("/sparql", content=form, headers={"Content-Type": FORM}).status_code == 204
    assert not holds(writer, "?s ?p 1")
    open_brace = post(writer, "DELETE WHERE {\n  GRAPH ?g { ?s ?p ?o }").json()
    assert (open_brace["line"], open_brace["column"]) == (1, 14)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Bearer jixiao_", "Basic Zm9vOmJhcg=="])
def test_without_a_key_that_holds_nothing_is_changed(anyone: httpx.Client, header: str | None) -> None:
    """401 says how to send one, and repeats none."""
    headers = {"Content-Type": UPDATE} | ({} if header is None else {"Authorization": header})
    answer = anyone.post("/sparql", content=INSERT, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"].endswith("/problem/key")
    assert not holds(anyone, f"GRAPH <{G}> {{ ?s ?p 1 }}")


def test_a_service_without_keys_takes_no_change(client: httpx.Client, key: str) -> None:
    """The default: whoever sends what key."""
    headers = {"Content-Type": UPDATE, "Authorization": f"Bearer {key}"}
    answer = client.post("/sparql", content="DROP ALL", headers=headers)
    assert answer.status_code == 403
    assert "DROP ALL" in answer.json()["detail"]
    assert "--keys" in answer.json()["detail"]


def test_a_key_counts_from_when_it_is_added_until_it_is_removed(
    anyone: httpx.Client, keys: KeyFile, key: str
) -> None:
    """Rotation without a restart: the old and the new key hold beside each other for a while."""
    new = keys.add("new")

    def status(secret: str) -> int:
        headers = {"Content-Type": UPDATE, "Authorization": f"Bearer {secret}"}
        return anyone.post("/sparql", content="CLEAR ALL", headers=headers).status_code

    assert (status(key), status(new)) == (204, 204)
    keys.remove("new")
    assert (status(key), status(new)) == (204, 401)


def test_an_update_that_does_not_parse_says_where(writer: httpx.Client) -> None:
    """Line and column are those of the text as it was sent, and nothing of it is done."""
    answer = post(writer, f"{INSERT} ;\nCLEAR XYZ")
    told = answer.json()
    assert (answer.status_code, told["line"], told["column"]) == (400, 2, 10)
    assert not holds(writer, "?s ?p 1")


@pytest.mark.parametrize(
    ("update", "status", "word"),
    [
        ("LOAD <http://127.0.0.1:9/x>", 403, "LOAD"),
        ("LOAD SILENT <http://127.0.0.1:9/x> INTO GRAPH <http://e.org/g>", 403, "LOAD"),
        (
            f"INSERT {{ GRAPH <{G}> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}",
            403,
            "SERVICE",
        ),
        ("INSERT DATA { <http://e.org/s> <http://e.org/p> 1 }", 400, "GRAPH"),
        (f"DELETE WHERE {{ GRAPH <{G}> {{ ?s ?p 1 }} ?s ?p 2 }}", 400, "GRAPH"),
        (f"{MODIFY} {{ ?s ?p ?o }}", 400, "USING"),
        (f"COPY GRAPH <{G}> TO DEFAULT", 400, "DEFAULT"),
        (r"\u0043LEAR ALL", 400, "escapes"),
        ("INSERT DATA { GRAPH <http://e.org/g> {", 400, "not closed"),
        ("CLEAR ALL } ; CLEAR ALL", 400, "closes none"),
    ],
)
def test_what_would_fetch_or_lose_its_graph_is_refused(
    writer: httpx.Client, update: str, status: int, word: str
) -> None:
    """A key opens neither the network behind the service nor a place that no export sees."""
    post(writer, INSERT)
    answer = post(writer, update)
    assert answer.status_code == status
    assert word in answer.json()["detail"]
    assert holds(writer, f"GRAPH <{G}> {{ ?s ?p 1 }}")


def test_the_graphs_that_an_update_looks_at_are_chosen_by_parameters(store: Store) -> None:
    """The short DELETE WHERE too, on every kind of store."""
    one, two = "http://e.org/one", "http://e.org/two"
    for graph in (one, two):
        store.replace(graph, b'<http://e.org/s> <http://e.org/p> "x" .\n')
    store.update("DELETE WHERE {\n GRAPH ?g { ?s ?p ?o }\n} ; CLEAR DEFAULT", Dataset(named_graphs=(one,)))
    assert store.graphs() == (two,)
    with pytest.raises(Exception, match="absolute IRI"):
        store.update("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", Dataset(named_graphs=("> {} ; DROP ALL #",)))
    assert store.graphs() == (two,)


def test_long_data_pass_where_long_expressions_do_not(writer: httpx.Client) -> None:
    """Data have no depth; what an engine recurses over has a limit."""
    many = " ".join(f"<http://e.org/{n}> a <http://e.org/C> ; <http://e.org/p> -{n} ." for n in range(2000))
    assert post(writer, f"INSERT DATA {{ GRAPH <{G}> {{ {many} }} }}").status_code == 204
    chain = " + ".join("1" for _ in range(2000))
    answer = post(writer, f"{MODIFY} {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({chain}) }}")
    assert answer.status_code == 403


def test_a_load_that_was_worked_out_meanwhile_is_worked_out_again(kept: Store, writer: httpx.Client) -> None:
    """An update takes the turn of whoever read before it; CLEAR ALL too."""
    from service.loading import turns
    from service.loading.amendment import Amendment
    from service.loading.statements import Statement

    for update in (INSERT, "CLEAR ALL"):
        kept.apply(Changes(added=f'<http://e.org/a> <http://e.org/p> "1" <{G}> .\n'.encode()))
        turn = turns.next_turn(kept)
        post(writer, update)
        said = Statement("<http://e.org/late>", "<http://e.org/p>", '"1"')
        assert not turn.make([Amendment.between(G, [], [said])])
        assert not holds(writer, "<http://e.org/late> ?p ?o")
