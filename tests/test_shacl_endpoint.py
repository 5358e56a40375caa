"""`POST /shacl`: the ways to post, the formats of the report, what is refused, and what is ended."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from shape_examples import base, examples

import shapes
from service.validating.request import MOST_BYTES, MOST_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = PREFIXES + 'ex:anna a ex:Person ; ex:age "12x" . ex:bert a ex:Person ; ex:age 30 .'
SHAPES = (
    PREFIXES
    + "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:age ; sh:datatype xsd:integer ] ."
)
TURTLE = {"Content-Type": "text/turtle"}
EXAMPLE = next(example for example in examples() if example.rule == "TV-05" and not example.valid)


def post(client: httpx.Client, data: str, own_shapes: str, **headers: str) -> httpx.Response:
    files = {"data": ("data.ttl", data, "text/turtle"), "shapes": ("shapes.ttl", own_shapes, "text/turtle")}
    return client.post("/shacl", files=files, headers=headers)


def asking(query: str) -> str:
    """Shapes that ask one query of every person."""
    return (
        f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:sparql [ sh:select '''{query}''' ] ."
    )


# --- judging --------------------------------------------------------------------------------------------------


def test_data_are_judged_by_the_rules_of_the_project(shacl_client: httpx.Client) -> None:
    """As `jixiao check` judges them."""
    data = EXAMPLE.graph().serialize(format="nt")
    told = shacl_client.post("/shacl", content=data, headers=TURTLE | {"Accept": "application/json"}).json()
    assert told == json.loads(shapes.check(EXAMPLE.graph()).json())
    assert [finding["rule"] for finding in told["findings"]] == ["TV-05"]


def test_data_without_fault_conform(shacl_client: httpx.Client) -> None:
    """200 either way: a report is no error."""
    for graph, conforms in ((base(), True), (EXAMPLE.graph(), False)):
        answer = shacl_client.post("/shacl", content=graph.serialize(format="nt"), headers=TURTLE)
        assert answer.status_code == 200
        report = Graph().parse(data=answer.text, format="turtle")
        assert [value.toPython() for value in report.objects(None, SH.conforms)] == [conforms]


def test_data_are_judged_by_posted_shapes(shacl_client: httpx.Client) -> None:
    """One age is no number."""
    answer = post(shacl_client, DATA, SHAPES)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    report = Graph().parse(data=answer.text, format="turtle")
    assert [str(focus) for focus in report.objects(None, SH.focusNode)] == ["http://example.org/anna"]


def _json_ld(turtle: str) -> str:
    return str(Graph().parse(data=turtle, format="turtle").serialize(format="json-ld"))


def _n_triples(turtle: str) -> str:
    return str(Graph().parse(data=turtle, format="turtle").serialize(format="nt"))


WAYS = {
    "turtle": ("text/turtle", str),
    "json-ld": ("application/ld+json", _json_ld),
    "n-triples": ("application/n-triples", _n_triples),
}


@pytest.mark.parametrize("way", WAYS)
def test_graphs_come_in_several_formats(shacl_client: httpx.Client, way: str) -> None:
    """Turtle, JSON-LD and N-Triples say the same, by their type, by the name of a file, or as a plain field."""
    media_type, write = WAYS[way]
    data, own_shapes = write(DATA), write(SHAPES)
    suffix = {"turtle": "ttl", "json-ld": "jsonld", "n-triples": "nt"}[way]
    typed = {"data": ("d", data, media_type), "shapes": ("s", own_shapes, media_type)}
    named = {
        "data": (f"d.{suffix}", data, "application/octet-stream"),
        "shapes": (f"s.{suffix}", own_shapes, "application/octet-stream"),
    }
    answers = [shacl_client.post("/shacl?format=json", files=files) for files in (typed, named)]
    answers.append(shacl_client.post("/shacl?format=json", data={"data": data, "shapes": own_shapes}))
    for answer in answers:
        assert answer.status_code == 200
        assert [result["value"] for result in answer.json()["results"]] == ['"12x"']


REPORTS = [
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/ld+json", "application/ld+json"),
    ("application/n-triples", "application/n-triples"),
    ("application/json", "application/json"),
    ("text/plain", "text/plain; charset=utf-8"),
    ("*/*", "text/turtle; charset=utf-8"),
    ("text/plain;q=0.1, application/json", "application/json"),
]


@pytest.mark.parametrize(("accept", "content_type"), REPORTS)
def test_the_report_comes_as_the_client_prefers(
    shacl_client: httpx.Client, accept: str, content_type: str
) -> None:
    """RDF in three formats, JSON and text."""
    assert post(shacl_client, DATA, SHAPES, Accept=accept).headers["content-type"] == content_type


def test_text_is_in_the_language_of_the_client(shacl_client: httpx.Client) -> None:
    """Chinese unless English is asked for."""
    asked = TURTLE | {"Accept": "text/plain"}
    data = EXAMPLE.graph().serialize(format="turtle")
    for language, words in (("zh", "绩效目标检查报告"), ("en", "Report on performance targets")):
        answer = shacl_client.post("/shacl", content=data, headers=asked | {"Accept-Language": language})
        assert answer.text.startswith(words)


# --- what does not fit ----------------------------------------------------------------------------------------

UNFIT = {
    "no RDF": ({"content": "ex:a ex:b", "headers": TURTLE}, 400, "not-rdf", "text/turtle"),
    "relative": ({"content": "<a> <urn:b> <urn:c> .", "headers": TURTLE}, 400, "not-rdf", "@base"),
    "context elsewhere": (
        {
            "content": '{"@context": "http://127.0.0.1:9/c", "@id": "urn:a", "p": 1}',
            "headers": {"Content-Type": "application/ld+json"},
        },
        400,
        "not-rdf",
        "nothing is fetched",
    ),
    "another type": (
        {"content": "x", "headers": {"Content-Type": "application/pdf"}},
        415,
        "media-type",
        "pdf",
    ),
    "no data": ({"data": {"shapes": SHAPES}}, 400, "bad-request", "`data`"),
    "another report": (
        {"content": DATA, "headers": TURTLE | {"Accept": "image/png"}},
        406,
        "format",
        "image/png",
    ),
    "malformed shapes": (
        {
            "data": {
                "data": DATA,
                "shapes": PREFIXES + "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; sh:or () .",
            }
        },
        400,
        "shapes-failed",
        "list",
    ),
    "too many bytes": (
        {"content": b" " * (MOST_BYTES + 1), "headers": TURTLE},
        413,
        "too-large",
        "10,000,000",
    ),
    "too many triples": (
        {
            "content": "".join(f"<urn:{n}> <urn:p> {n} .\n" for n in range(MOST_TRIPLES + 1)),
            "headers": TURTLE,
        },
        413,
        "too-many-triples",
        "200,000",
    ),
    "SERVICE": (
        {
            "data": {
                "data": DATA,
                "shapes": asking("SELECT $this { SERVICE <http://127.0.0.1:9/> { $this ?p 1 } }"),
            }
        },
        403,
        "shapes-refused",
        "SERVICE",
    ),
    "SERVICE in disguise": (
        {
            "data": {
                "data": DATA,
                "shapes": asking(r"SELECT $this { \\u0053ERVICE <http://127.0.0.1:9/> {} }"),
            }
        },
        403,
        "shapes-refused",
        "SERVICE",
    ),
    "FROM": (
        {"data": {"data": DATA, "shapes": asking("SELECT $this FROM <file:///etc/passwd> { $this ?p ?o }")}},
        403,
        "shapes-refused",
        "FROM",
    ),
    "JavaScript": (
        {
            "data": {
                "data": DATA,
                "shapes": PREFIXES
                + "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:js [ sh:jsFunctionName 'f' ] .",
            }
        },
        403,
        "shapes-refused",
        "JavaScript",
    ),
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_is_told_as_a_problem(shacl_client: httpx.Client, case: str) -> None:
    """The problem document says what is wrong, and what to do."""
    request, status, kind, words = UNFIT[case]
    answer = shacl_client.post("/shacl", **request)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["type"].endswith(f"/{kind}")
    assert words in told["detail"]


# --- what would not end ---------------------------------------------------------------------------------------

PERSONS = PREFIXES + "".join(f"ex:p{n} a ex:Person ; ex:knows ex:p{n + 1} ." for n in range(1000))
HOSTILE = {
    "regex bomb": (
        f'{PREFIXES} ex:x a ex:Person ; ex:name "{"a" * 60}!" .',
        PREFIXES
        + "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:name ; sh:pattern '^(a+)+$' ] .",
    ),
    "cross product": (
        PERSONS,
        asking("SELECT $this { $this a ?t . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER (?a = ?g && ?c = 0) }"),
    ),
    "memory": (
        PERSONS,
        asking(
            "SELECT $this (GROUP_CONCAT(?l) AS ?value) { $this a ?t . ?a ?b ?c . ?d ?e ?f . "
            "BIND (CONCAT(STR(?a), STR(?b), STR(?d), STR(?e), STR(?f)) AS ?l) } GROUP BY $this"
        ),
    ),
}


@pytest.mark.parametrize(
    "case",
    ["regex bomb", *(pytest.param(case, marks=pytest.mark.soak) for case in ("cross product", "memory"))],
)
def test_a_judgement_that_would_not_end_is_ended(shacl_client: httpx.Client, case: str) -> None:
    """At the deadline its process is killed, whatever it does, and nobody else notices."""
    data, own_shapes = HOSTILE[case]
    answer = post(shacl_client, data, own_shapes)
    assert answer.status_code == 413
    assert answer.json()["type"].endswith("/too-demanding")
    assert post(shacl_client, DATA, SHAPES).status_code == 200


def test_shapes_that_go_round_in_a_circle_end_by_themselves(shacl_client: httpx.Client) -> None:
    """On data that go round too: a failure, as SHACL allows, and no report that may be wrong."""
    circle = PREFIXES + "ex:a a ex:Person ; ex:knows ex:b . ex:b ex:knows ex:a ."
    own_shapes = (
        PREFIXES
        + "ex:S a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:knows ; sh:node ex:S ] ."
    )
    answer = post(shacl_client, circle, own_shapes)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/shapes-failed")


# --- nothing is fetched ---------------------------------------------------------------------------------------


@pytest.fixture
def visited() -> Iterator[tuple[str, list[str]]]:
    """An address, and what is asked of it."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


def test_nothing_that_a_request_names_is_fetched(
    shacl_client: httpx.Client, visited: tuple[str, list[str]]
) -> None:
    """No import, no context, no graph of a query, no schema."""
    address, paths = visited
    imports = (
        f"<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ; "
        f"<http://www.w3.org/2002/07/owl#imports> <{address}/import> ; sh:shapesGraph <{address}/shapes> ."
    )
    assert post(shacl_client, DATA + imports, SHAPES + imports).status_code == 200
    for clause in (f"FROM <{address}/from> {{ $this ?p ?o }}", f"{{ SERVICE <{address}/service> {{}} }}"):
        assert post(shacl_client, DATA, asking(f"SELECT $this {clause}")).status_code == 403
    context = json.dumps({"@context": f"{address}/context", "@id": "urn:a"})
    shacl_client.post("/shacl", content=context, headers={"Content-Type": "application/ld+json"})
    xml = urlencode(
        {"data": f'<urn:a> <urn:b> "<!DOCTYPE a SYSTEM \\"{address}/dtd\\"><a/>"^^<{RDF.XMLLiteral}> .'}
    )
    shacl_client.post("/shacl", content=xml, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert paths == []
