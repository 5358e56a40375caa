"""The SPARQL endpoint: the ways to ask, the formats of the answer, and what it says when it cannot."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest
from sites import serving

from service.store import GRAPH_FORMATS, ROW_FORMATS, Changes, Store

PREFIX = "PREFIX jx: <https://w3id.org/jixiao/def/>\n"
COUNT = PREFIX + "SELECT (COUNT(*) AS ?n) { ?d a jx:Declaration }"
CONSTRUCT = PREFIX + "CONSTRUCT { ?d a jx:Declaration } WHERE { ?d a jx:Declaration }"
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_get_and_both_kinds_of_post_give_one_answer(client: httpx.Client) -> None:
    """The three ways of the protocol count the same 41 declarations."""
    by_get = client.get("/sparql", params={"query": COUNT})
    by_form = client.post("/sparql", content=urlencode({"query": COUNT}), headers={"Content-Type": FORM})
    directly = client.post(
        "/sparql", content=COUNT, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}
    )
    for answer in (by_get, by_form, directly):
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"][0]["n"]["value"] == "41"


ROWS_BY_ACCEPT = [
    (None, "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("application/sparql-results+json", "application/sparql-results+json"),
    ("application/json", "application/sparql-results+json"),
    ("application/sparql-results+xml", "application/sparql-results+xml"),
    ("application/xml", "application/sparql-results+xml"),
    ("text/csv", "text/csv; charset=utf-8"),
    ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
    ("application/n-quads, text/csv;q=0.1", "text/csv; charset=utf-8"),
]
GRAPHS_BY_ACCEPT = [
    (None, "text/turtle; charset=utf-8"),
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/n-triples", "application/n-triples"),
    ("text/plain", "application/n-triples"),
    ("application/ld+json", "application/ld+json"),
    ("application/json", "application/ld+json"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/trig", "application/trig"),
]


@pytest.mark.parametrize(("accept", "content_type"), ROWS_BY_ACCEPT)
def test_rows_come_as_the_client_prefers(client: httpx.Client, accept: str | None, content_type: str) -> None:
    """SELECT is answered by quality, then in the order JSON, XML, CSV, TSV."""
    headers = {} if accept is None else {"Accept": accept}
    answer = client.get("/sparql", params={"query": COUNT}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert "41" in answer.text


@pytest.mark.parametrize(("accept", "content_type"), GRAPHS_BY_ACCEPT)
def test_graphs_come_as_the_client_prefers(
    client: httpx.Client, accept: str | None, content_type: str
) -> None:
    """CONSTRUCT is answered in the syntaxes of RDF."""
    headers = {} if accept is None else {"Accept": accept}
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert "2025/initial" in answer.text


@pytest.mark.parametrize("suffix", ROW_FORMATS)
def test_a_parameter_names_the_format_of_rows(client: httpx.Client, suffix: str) -> None:
    """`?format=` wins over the header, so that a link is enough."""
    answer = client.get("/sparql", params={"query": COUNT, "format": suffix}, headers={"Accept": BROWSER})
    assert answer.headers["Content-Type"].startswith(ROW_FORMATS[suffix])


@pytest.mark.parametrize("suffix", GRAPH_FORMATS)
def test_a_parameter_names_the_format_of_graphs(client: httpx.Client, suffix: str) -> None:
    """Every syntax of RDF has a short name."""
    answer = client.get("/sparql", params={"query": CONSTRUCT, "format": suffix})
    assert answer.headers["Content-Type"].startswith(GRAPH_FORMATS[suffix])


def test_ask_is_answered(client: httpx.Client) -> None:
    """A yes or no comes as a boolean."""
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_a_browser_is_led_to_the_page_with_the_query(client: httpx.Client) -> None:
    """A person who opens the endpoint finds the query and its answer on a page in their language."""
    headers = {"Accept": BROWSER, "Accept-Language": "en"}
    answer = client.get("/sparql", params={"query": COUNT}, headers=headers)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/en/sparql?query=PREFIX")
    page = client.get(answer.headers["Location"])
    assert '<td class="number">41</td>' in page.text


def test_the_client_may_choose_the_graphs(client: httpx.Client) -> None:
    """`default-graph-uri` narrows the default graph to one document, of 19 declarations."""
    graph = "https://w3id.org/jixiao/graph/disclosure/cf8c4de81de73a86"
    parameters = {"query": COUNT, "default-graph-uri": graph}
    for answer in (
        client.get("/sparql", params=parameters),
        client.post("/sparql", content=urlencode(parameters), headers={"Content-Type": FORM}),
        client.post(
            f"/sparql?{urlencode({'default-graph-uri': graph})}",
            content=COUNT,
            headers={"Content-Type": "application/sparql-query"},
        ),
    ):
        assert answer.json()["results"]["bindings"][0]["n"]["value"] == "19"


# --- what it says when it cannot -----------------------------------------------------------------------


def problem(answer: httpx.Response) -> dict[str, object]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, object] = answer.json()
    assert told["status"] == answer.status_code
    assert told["instance"] == "/sparql"
    return told


def test_a_query_that_does_not_parse_says_where(client: httpx.Client) -> None:
    """Line and column stand in the problem document, counted from 1."""
    answer = client.get("/sparql", params={"query": "SELECT ?s WHERE {\n  ?s jx:budget ?b }"})
    told = problem(answer)
    assert answer.status_code == 400
    assert told["type"] == "https://w3id.org/jixiao/problem/query-syntax"
    assert told["line"] == 2
    assert isinstance(told["column"], int)


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("INSERT DATA { <http://e.org/s> <http://e.org/p> 1 }", 403, "INSERT"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("", 400, "begins with SELECT"),
        ("SELECT (<http://e.org/f>(1) AS ?x) {}", 403, "http://e.org/f"),
    ],
)
def test_what_is_not_run_is_explained(client: httpx.Client, query: str, status: int, word: str) -> None:
    """Updates, SERVICE and functions nobody has are refused with the reason."""
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == status
    assert word in str(problem(answer)["detail"])


def test_an_update_sent_as_one_is_refused(client: httpx.Client) -> None:
    """The form parameter `update` is no way in."""
    answer = client.post("/sparql", content="update=DROP+ALL", headers={"Content-Type": FORM})
    assert answer.status_code == 403
    assert "DROP" in str(problem(answer)["detail"])


def test_a_request_without_a_query_says_what_to_send(client: httpx.Client) -> None:
    """None, or two, is an error that names the parameter."""
    for address in ("/sparql?format=json", "/sparql?query=ASK{}&query=ASK{}"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert "`query`" in str(problem(answer)["detail"])


def test_a_format_that_does_not_fit_lists_those_that_do(client: httpx.Client) -> None:
    """Rows as Turtle, or as a picture: 406 with the formats there are."""
    for answer in (
        client.get("/sparql", params={"query": COUNT}, headers={"Accept": "image/png"}),
        client.get("/sparql", params={"query": COUNT, "format": "text/turtle"}),
    ):
        assert answer.status_code == 406
        assert problem(answer)["offered"] == list(ROW_FORMATS.values())


def test_a_body_of_another_kind_is_refused(client: httpx.Client) -> None:
    """JSON is no query; the answer names what is."""
    answer = client.post("/sparql", content="{}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 415
    assert "application/sparql-query" in str(problem(answer)["detail"])


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    """A megabyte is enough for a query, and no more is read."""
    answer = client.post(
        "/sparql", content=b"#" * 1_000_001, headers={"Content-Type": "application/sparql-query"}
    )
    assert answer.status_code == 413
    assert "1,000,000" in str(problem(answer)["detail"])


def test_a_body_that_is_no_text_is_refused(client: httpx.Client) -> None:
    """The query must be UTF-8."""
    answer = client.post("/sparql", content=b"\xff", headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code == 400
    assert "UTF-8" in str(problem(answer)["detail"])


# --- for whatever asks ---------------------------------------------------------------------------------


def test_head_has_the_headers_of_get_and_no_body(client: httpx.Client) -> None:
    """Clients ask for length and type before they read."""
    by_get = client.get("/sparql", params={"query": COUNT})
    by_head = client.head("/sparql", params={"query": COUNT})
    assert by_head.status_code == 200
    assert by_head.content == b""
    assert by_head.headers["Content-Length"] == by_get.headers["Content-Length"]
    assert by_head.headers["Content-Type"] == by_get.headers["Content-Type"]


def test_pages_of_other_sites_may_ask(client: httpx.Client) -> None:
    """A notebook in a browser reads the data, errors too, and may send a query by POST."""
    for address in (f"/sparql?{urlencode({'query': COUNT})}", "/queries", "/sparql"):
        answer = client.get(address, headers={"Origin": "https://notebook.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(
        "/sparql",
        headers={
            "Origin": "https://notebook.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200


def test_every_store_answers_alike(store: Store) -> None:
    """The endpoint over a store in memory, on disk and over the protocol: one answer, one kind of error."""
    quad = '<http://e.org/s> <http://e.org/p> "满意度" <http://e.org/g> .\n'
    store.apply(Changes(added=quad.encode()))
    with serving(store) as address, httpx.Client(base_url=address, timeout=300) as client:
        answer = client.get("/sparql", params={"query": "SELECT ?o { ?s ?p ?o }"})
        broken = client.get("/sparql", params={"query": "SELECT ?o { ?s ?p }"})
        health, ready = client.get("/healthz"), client.get("/readyz")
    assert answer.json()["results"]["bindings"] == [{"o": {"type": "literal", "value": "满意度"}}]
    assert broken.status_code == 400
    assert broken.json()["line"] == 1
    assert (health.json(), ready.json()) == ({"status": "ok"}, {"status": "ready"})


def test_a_prefix_behind_a_semicolon_is_told_with_its_place(writer: httpx.Client) -> None:
    """The standard allows it and the engine does not: where it stands, and where to write it."""
    update = "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> 1 } } ;\nPREFIX e: <http://e.org/>\nCLEAR GRAPH e:g"
    answer = writer.post("/sparql", data={"update": update})
    assert answer.status_code == 400
    told = answer.json()
    assert (told["line"], told["column"]) == (2, 1)
    assert "write it before the first operation" in told["detail"]
