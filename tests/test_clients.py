"""The programs that people ask with: each reads, and writes where it can, as its own manual says."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pandas
import polars
import pytest
import sparqldataframe
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from stores import missing

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

PREFIXES = "PREFIX jx: <https://w3id.org/jixiao/def/>\n"
BY_UNIT = f"""{PREFIXES}SELECT ?unit (COUNT(*) AS ?n) {{ ?d a jx:Declaration ; jx:declaredBy ?unit }}
GROUP BY ?unit ORDER BY ?unit"""
COUNT = f"{PREFIXES}SELECT (COUNT(*) AS ?n) {{ ?d a jx:Declaration }}"
QUESTION = "/queries/indicators-by-level.csv"
FACT = (URIRef("http://e.org/s"), URIRef("http://e.org/p"), Literal("满意度", lang="zh"))
GRAPH = "http://e.org/ours"


@pytest.fixture(scope="module")
def rows(client: httpx.Client) -> list[dict[str, str]]:
    """What the question answers, by the simplest client there is."""
    read = list(csv.DictReader(io.StringIO(client.get(QUESTION).text)))
    assert len(read) > 5
    return read


def run(*command: str) -> bytes:
    """What a program prints; it must end well."""
    program = shutil.which(command[0])
    if program is None:
        missing(f"no `{command[0]}`: install Debian's package")
    return subprocess.run([str(program), *command[1:]], capture_output=True, check=True, timeout=300).stdout


# --- those that speak SPARQL ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_asks(site: str, method: str) -> None:
    """JSON, XML, CSV and Turtle, by GET and POST."""
    wrapper = SPARQLWrapper(f"{site}/sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(COUNT)
    wrapper.setReturnFormat(JSON)
    assert wrapper.query().convert()["results"]["bindings"][0]["n"]["value"] == "41"
    wrapper.setReturnFormat(XML)
    assert wrapper.query().convert().getElementsByTagName("literal")[0].firstChild.data == "41"
    wrapper.setReturnFormat(CSV)
    assert wrapper.query().convert().split() == [b"n", b"41"]
    wrapper.setQuery(f"{PREFIXES}CONSTRUCT {{ ?d a jx:Declaration }} WHERE {{ ?d a jx:Declaration }}")
    wrapper.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=wrapper.query().convert(), format="turtle")) == 41


def test_sparqlwrapper_changes(anyone: httpx.Client, key: str) -> None:
    """An update by POST with the key in a header."""
    endpoint = f"{anyone.base_url}/sparql"
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setMethod(POST)
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {key}")
    wrapper.setQuery(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://e.org/s> <http://e.org/p> 7 }} }}")
    wrapper.query()
    wrapper.setQuery("ASK { <http://e.org/s> <http://e.org/p> 7 }")
    wrapper.setReturnFormat(JSON)
    assert wrapper.query().convert()["boolean"] is True


def test_rdflib_reads_the_endpoint_as_a_graph(site: str) -> None:
    """Patterns and queries go over the wire."""
    graph = Graph(SPARQLStore(f"{site}/sparql"))
    declarations = list(graph.subjects(RDF.type, URIRef("https://w3id.org/jixiao/def/Declaration")))
    assert len(declarations) == 41
    (row,) = graph.query(COUNT)
    assert row[0] == Literal(41)


def test_rdflib_changes_a_graph_of_the_endpoint(anyone: httpx.Client, key: str) -> None:
    """Add, find, remove: by SPARQLUpdateStore, in a graph with a name."""
    endpoint = f"{anyone.base_url}/sparql"
    store = SPARQLUpdateStore(endpoint, endpoint, headers={"Authorization": f"Bearer {key}"})
    graph = Graph(store, identifier=URIRef(GRAPH))
    graph.add(FACT)
    assert FACT in graph
    graph.remove(FACT)
    assert FACT not in graph


def test_sparqldataframe_makes_a_table(site: str) -> None:
    """A row for each unit."""
    frame = sparqldataframe.query(f"{site}/sparql", BY_UNIT)
    assert list(frame.columns) == ["unit", "n"]
    assert sum(int(n) for n in frame["n"]) == 41


# --- those that read a table at an address ----------------------------------------------------------------


def test_pandas_reads_an_answer(site: str, rows: list[dict[str, str]]) -> None:
    """A question, and a query as CSV, each by its address alone."""
    frame = pandas.read_csv(f"{site}{QUESTION}")
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows)
    asked = pandas.read_csv(f"{site}/sparql?{urlencode({'format': 'csv', 'query': COUNT})}")
    assert asked["n"].tolist() == [41]


@pytest.mark.parametrize("lazily", [False, True])
def test_polars_reads_an_answer(site: str, rows: list[dict[str, str]], lazily: bool) -> None:
    """At once, and by a scan (HEAD, then ranges)."""
    address = f"{site}{QUESTION}"
    frame = polars.scan_csv(address).collect() if lazily else polars.read_csv(address)
    assert frame.columns == list(rows[0])
    assert frame.height == len(rows)


def test_r_reads_an_answer(site: str, rows: list[dict[str, str]]) -> None:
    """Base R, without a package."""
    program = (
        f'rows <- read.csv("{site}{QUESTION}", encoding = "UTF-8"); cat(nrow(rows), names(rows), sep = "\\n")'
    )
    told = run("Rscript", "--vanilla", "-e", program).decode().splitlines()
    assert told == [str(len(rows)), *rows[0]]


# --- curl ---------------------------------------------------------------------------------------------------


def test_curl_asks_and_takes_an_answer_compressed(site: str) -> None:
    """By GET and by a form."""
    asked = ("--data-urlencode", f"query={COUNT}", f"{site}/sparql")
    for how in ((), ("--get",), ("--compressed",)):
        answer = json.loads(run("curl", "-sSf", *how, *asked))
        assert answer["results"]["bindings"][0]["n"]["value"] == "41"


def test_curl_fetches_what_changed_alone(site: str, tmp_path: Path) -> None:
    """`--etag-save`, then `--etag-compare`: the second file is not sent."""
    tag, first, second = (tmp_path / name for name in ("tag", "first", "second"))
    run("curl", "-sSf", "--etag-save", str(tag), "-o", str(first), f"{site}{QUESTION}")
    status = run(
        "curl",
        "-sS",
        "--etag-compare",
        str(tag),
        "-o",
        str(second),
        "-w",
        "%{http_code}",
        f"{site}{QUESTION}",
    )
    assert status == b"304"
    assert first.stat().st_size > 0
    assert not second.exists() or second.stat().st_size == 0


def test_curl_goes_on_where_a_download_was_broken_off(site: str, tmp_path: Path) -> None:
    """`-C -` asks for the rest alone, and the file is whole."""
    whole = run("curl", "-sSf", f"{site}/graph-store/register")
    file = tmp_path / "register.ttl"
    file.write_bytes(whole[:1000])
    run("curl", "-sSf", "-C", "-", "-o", str(file), f"{site}/graph-store/register")
    assert file.read_bytes() == whole


def test_curl_sends_and_removes_a_graph(anyone: httpx.Client, key: str, tmp_path: Path) -> None:
    """`-T` of a file, as the README shows it."""
    file = tmp_path / "links.ttl"
    file.write_text("<http://e.org/s> <http://e.org/p> 8 .", encoding="utf-8")
    address = f"{anyone.base_url}/graph-store/links/ours"
    header = ("-H", f"Authorization: Bearer {key}")
    run("curl", "-sSf", *header, "-H", "Content-Type: text/turtle", "-T", str(file), address)
    assert b'"8"' in run("curl", "-sSf", "-H", "Accept: application/n-triples", address)
    run("curl", "-sSf", *header, "-X", "DELETE", address)
    assert anyone.get("/graph-store/links/ours").status_code == 404
