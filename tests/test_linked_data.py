"""Linked data: every IRI of the project leads below this host to a page for people and a graph for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, XSD, URIRef
from rdflib.compare import isomorphic
from sites import DOCUMENT, PROJECT, UNIT

from ontology.namespaces import JX, JXC, JXI
from service.answers import select

if TYPE_CHECKING:
    import httpx

    from service.store import Store

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DECLARATION = f"declaration/{PROJECT}/2025/initial"
SYNTAXES = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/turtle", f"/data/id/project/{PROJECT}.ttl"),
        ("application/ld+json", f"/data/id/project/{PROJECT}.jsonld"),
        ("application/json", f"/data/id/project/{PROJECT}.jsonld"),
        ("application/n-triples", f"/data/id/project/{PROJECT}.nt"),
        ("application/rdf+xml", f"/data/id/project/{PROJECT}.rdf"),
        ("text/html;q=0.2, text/turtle", f"/data/id/project/{PROJECT}.ttl"),
        ("*/*", f"/data/id/project/{PROJECT}.ttl"),
        (BROWSER["Accept"], f"/zh/projects/{PROJECT}"),
    ],
)
def test_a_thing_leads_to_what_the_client_prefers(client: httpx.Client, accept: str, location: str) -> None:
    """A thing is no document: 303 to its page or to its graph, and caches are told what decides."""
    answer = client.get(f"/id/project/{PROJECT}", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == location
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_the_page_is_in_the_language_of_the_reader(client: httpx.Client) -> None:
    """English when the browser prefers it, else Chinese."""
    for language, expected in (("en-GB, zh;q=0.5", "en"), ("zh-TW", "zh"), ("fr", "zh")):
        answer = client.get(f"/id/unit/{UNIT}", headers=BROWSER | {"Accept-Language": language})
        assert answer.headers["Location"] == f"/{expected}/departments/{UNIT}"


@pytest.mark.parametrize(
    ("thing", "page"),
    [
        (f"id/project/{PROJECT}", f"/zh/projects/{PROJECT}"),
        (f"id/{DECLARATION}", f"/zh/projects/{PROJECT}?year=2025&version=initial"),
        (f"id/{DECLARATION}/indicator/4", f"/zh/projects/{PROJECT}?year=2025&version=initial#indicator-4"),
        (
            f"id/{DECLARATION}/indicator/4/target/1",
            f"/zh/projects/{PROJECT}?year=2025&version=initial#indicator-4",
        ),
        (f"id/disclosure/{DOCUMENT}/table/28", f"/zh/projects/{PROJECT}?year=2025&version=initial#table-28"),
        (f"id/unit/{UNIT}", f"/zh/departments/{UNIT}"),
        (f"id/disclosure/{DOCUMENT}", f"/zh/documents/{DOCUMENT}"),
        ("code/indicator-2015/quantity", "/zh/code/indicator-2015/quantity"),
        ("def/budget", "/zh/def/budget"),
        ("shape/TV-13-no-comparator", "/zh/shape/TV-13-no-comparator"),
    ],
)
def test_things_lead_to_their_pages(client: httpx.Client, thing: str, page: str) -> None:
    """What has a page of its own leads there, a part to its place on it, all else to a page of its statements."""
    answer = client.get(f"/{thing}", headers=BROWSER)
    assert answer.headers["Location"] == page
    assert client.get(page.partition("#")[0]).status_code == 200


def test_a_cell_leads_to_itself_on_the_page(client: httpx.Client, library: Store) -> None:
    """The IRI of a source cell opens the page of its declaration at the highlighted cell."""
    target = f"<{JXI}{DECLARATION}/indicator/4/target/1>"
    quoted = "<http://www.w3.org/ns/prov#wasQuotedFrom>"
    (row,) = select(library, f"SELECT ?cell {{ {target} {quoted} ?cell }}")
    cell = re.fullmatch(rf"{JXI}(disclosure/{DOCUMENT}/table/(\d+)/cell/(\d+-\d+))", row.text("cell"))
    assert cell is not None
    answer = client.get(f"/id/{cell[1]}", headers=BROWSER)
    page, _, anchor = answer.headers["Location"].partition("#")
    assert page == f"/zh/projects/{PROJECT}?year=2025&version=initial"
    assert anchor == f"cell-{cell[2]}-{cell[3]}"
    assert f'id="{anchor}"' in client.get(page).text


@pytest.mark.parametrize("suffix", SYNTAXES)
def test_a_declaration_comes_with_its_parts(client: httpx.Client, suffix: str) -> None:
    """In every syntax: six indicators with their targets, funds, plan, and the names of what it points to."""
    answer = client.get(f"/data/id/{DECLARATION}.{suffix}")
    assert answer.status_code == 200
    graph = rdflib.Graph().parse(data=answer.content, format=SYNTAXES[suffix])
    declaration = URIRef(f"{JXI}{DECLARATION}")
    assert len(set(graph.objects(declaration, JX.hasIndicator))) == 6
    assert len(set(graph.subjects(RDF.type, JX.QuantityTarget))) == 5
    assert len(set(graph.subjects(RDF.type, JX.Fund))) == 2
    assert len(set(graph.subjects(RDF.type, JX.Milestone))) == 4
    label = rdflib.SKOS.prefLabel
    assert (URIRef(f"{JXI}project/{PROJECT}"), label, None) in graph
    assert (JXC["version/initial"], label, None) in graph


@pytest.mark.parametrize(
    "thing",
    [
        f"id/{DECLARATION}",
        f"id/{DECLARATION}/indicator/4/target/1",
        f"id/project/{PROJECT}",
        f"id/disclosure/{DOCUMENT}",
        "def/amount",
        "code/unit/percent",
        "shape/TV-13-no-comparator",
    ],
)
def test_json_ld_is_json_in_our_words(client: httpx.Client, thing: str) -> None:
    """Keys are names or have a prefix, the thing comes first, and it says what the other formats say.

    The context is within: two readers that follow no link find the same statements.
    """
    answer = client.get(f"/data/{thing}.jsonld")
    told = answer.json()
    assert told["@graph"][0]["id"] == f"https://w3id.org/jixiao/{thing}"
    keys = {key for one in told["@graph"] for key in one}
    assert not [key for key in keys if "/" in key]
    expected = rdflib.Graph().parse(data=client.get(f"/data/{thing}.nt").text, format="nt")
    assert len(expected) > 3
    assert isomorphic(rdflib.Graph().parse(data=answer.content, format="json-ld"), expected)
    ours = ox.parse(answer.content, format=ox.RdfFormat.JSON_LD)
    read = ox.serialize((quad.triple for quad in ours), format=ox.RdfFormat.N_TRIPLES) or b""
    assert isomorphic(rdflib.Graph().parse(data=read, format="nt"), expected)


def test_the_context_makes_rdf_of_json_in_our_words(client: httpx.Client) -> None:
    """With every class and property that data use; numbers, days and references are what they are."""
    answer = client.get("/context.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    said = {
        "@context": answer.json()["@context"],
        "id": "http://example.org/fund",
        "type": "Fund",
        "amount": "12.5",
        "fundSource": "jxc:fund-source/fiscal",
        "skos:prefLabel": {"@value": "财政资金", "@language": "zh"},
    }
    graph = rdflib.Graph().parse(data=json.dumps(said), format="json-ld")
    fund = URIRef("http://example.org/fund")
    assert set(graph) == {
        (fund, RDF.type, JX.Fund),
        (fund, JX.amount, rdflib.Literal("12.5", datatype=XSD.decimal)),
        (fund, JX.fundSource, JXC["fund-source/fiscal"]),
        (fund, rdflib.SKOS.prefLabel, rdflib.Literal("财政资金", lang="zh")),
    }
    of_rules = {"appliesTo", "ComparatorCode"}
    """An annotation of rules and a data type: no data state them."""
    assert set(JX.__annotations__) - of_rules == {
        name for name, meaning in said["@context"].items() if isinstance(meaning, dict)
    }


def test_what_points_to_a_thing_is_told_up_to_a_limit(client: httpx.Client) -> None:
    """A code that every document uses is described without repeating the whole store."""
    answer = client.get("/data/code/indicator-2015/quantity.nt")
    pointing = [line for line in answer.text.splitlines() if line.endswith("quantity> .")]
    assert 40 < len(pointing) <= 500


def test_every_kind_of_thing_answers(client: httpx.Client, library: Store) -> None:
    """One thing of each class in the store has a page and a graph."""
    classes = select(
        library,
        """SELECT ?class (SAMPLE(?thing) AS ?example) {
            ?thing a ?class FILTER(STRSTARTS(STR(?thing), "https://w3id.org/jixiao/"))
        } GROUP BY ?class""",
    )
    assert len(classes) > 25
    for row in classes:
        local = row.text("example").removeprefix("https://w3id.org/jixiao")
        page = client.get(local, headers=BROWSER).headers["Location"].partition("#")[0]
        graph = client.get(local, headers={"Accept": "text/turtle"}).headers["Location"]
        assert client.get(page).status_code == 200, row.text("class")
        assert client.get(graph).status_code == 200, row.text("class")


@pytest.mark.parametrize(
    "address",
    ["/id/project/nobody", "/data/id/project/nobody.ttl", "/zh/id/nothing", "/id/a b", "/code/x/y/z"],
)
def test_what_nobody_speaks_of_is_not_found(client: httpx.Client, address: str) -> None:
    """404 with the name that was asked for."""
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/not-found")


def test_graphs_name_what_they_are_about(client: httpx.Client) -> None:
    """The Link header of a description carries the IRI of the thing."""
    answer = client.get(f"/data/id/project/{PROJECT}.ttl")
    assert answer.headers["Link"] == f'<{JXI}project/{PROJECT}>; rel="about"'
