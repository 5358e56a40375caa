"""Answers by address: pages of them, Parquet, citation, and the questions as RDF that editors list."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pandas
import polars
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import RDFS, SH

from queries import catalogue
from service.loading import turns

if TYPE_CHECKING:
    import httpx

    from service.store import Store

QUESTION = "/queries/budgets-by-unit-and-year"
LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')
BIG = "/queries/bases-of-target-values"


def links(answer: httpx.Response) -> dict[str, str]:
    """The addresses of the other pages, by what they are to this one."""
    return {relation: address for address, relation in LINK.findall(answer.headers["link"])}


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 100])
def test_pages_of_an_answer_are_the_answer(client: httpx.Client, size: int) -> None:
    """Whoever follows `next` has every row once, in the order of the question; `prev` leads back."""
    whole = client.get(f"{BIG}.json").json()
    assert len(whole) > 2
    address, found, last = f"{BIG}.json?lang=zh&limit={size}", [], ""
    while address:
        answer = client.get(address)
        found += answer.json()
        assert answer.status_code == 200
        told = links(answer)
        assert "prev" not in told or client.get(told["prev"]).json() != answer.json()
        address, last = told.get("next", ""), told["last"]
    assert found == whole
    assert client.get(last).json() == whole[(len(whole) - 1) // size * size :]


def test_links_keep_what_was_asked(client: httpx.Client) -> None:
    """Parameters of the question and of the form stand in every link; an answer that is whole has none."""
    answer = client.get(f"{QUESTION}.csv?year=2025&bom=1&limit=2&offset=1")
    assert answer.text.startswith("\ufeff")
    assert len(answer.text.splitlines()) == 3
    assert links(answer) == {
        relation: f"{QUESTION}.csv?year=2025&bom=1&limit=2&offset={offset}"
        for relation, offset in {"first": 0, "prev": 0, "next": 3, "last": 4}.items()
    }
    assert "link" not in client.get(f"{QUESTION}.csv?year=2025").headers


def test_a_page_behind_the_last_is_empty_and_a_bad_one_refused(client: httpx.Client) -> None:
    """Nothing is an answer; no rows, or fewer than none, is no page."""
    answer = client.get(f"{QUESTION}.json?limit=10&offset=500")
    assert answer.json() == []
    assert links(answer)["prev"].endswith("offset=0")
    for query in ("limit=0", "limit=ten", "offset=-1"):
        assert client.get(f"{QUESTION}.json?{query}").status_code == 400


# --- formats ------------------------------------------------------------------------------------------------------


def test_parquet_has_the_types_of_the_answer(client: httpx.Client) -> None:
    """Numbers as numbers, texts as texts, the rows of the CSV."""
    frame = polars.read_parquet(io.BytesIO(client.get(f"{QUESTION}.parquet").content))
    plain = pandas.read_csv(io.StringIO(client.get(f"{QUESTION}.csv").text))
    assert frame.columns == list(plain.columns)
    assert frame["projects"].to_list() == plain["projects"].to_list()
    assert frame["projects"].dtype == polars.Int64
    assert frame["unitName"].dtype == polars.String
    empty = client.get(f"{QUESTION}.parquet?unit=nobody")
    assert polars.read_parquet(io.BytesIO(empty.content)).height == 0


# --- citation ----------------------------------------------------------------------------------------------------


def test_an_answer_is_cited_with_the_version_of_the_data(client: httpx.Client, library: Store) -> None:
    """The address of the citation leads to the page, and says nothing while the data are the same."""
    version = turns.version_of(library)
    told = client.get("/queries/large-projects.bib?threshold=500000&titles=en")
    assert told.headers["content-type"].startswith("application/x-bibtex")
    assert told.text.startswith(f"@misc{{jixiao-large-projects-{version[:8]},\n")
    address = re.search(r"url = \{(.+)\}", told.text)
    assert address is not None
    assert address[1].endswith(f"/queries/large-projects?threshold=500000&dataset={version}")
    html = {"Accept": "text/html", "Accept-Language": "en"}
    page = client.get(address[1], headers=html, follow_redirects=True)
    assert page.status_code == 200
    assert "The data have changed" not in page.text
    other = client.get(address[1].replace(version, "another"), headers=html, follow_redirects=True)
    assert "The data have changed" in other.text
    rows = "/queries/large-projects.csv?threshold=500000"
    assert client.get(f"{rows}&dataset={version}").text == client.get(rows).text


def test_gb_t_7714_is_on_the_page(client: httpx.Client) -> None:
    """Title, kind, days and address, as the standard has them."""
    page = client.get("/zh/queries/large-projects", headers={"Accept": "text/html"}).text
    assert re.search(
        r"绩效目标知识图谱\. 预算100万元以上的项目及占比？：数据版本 \w{8}\[DB/OL\]\. "
        r"\(\d{4}-\d\d-\d\d\)\[\d{4}-\d\d-\d\d\]\. http://\S+/queries/large-projects\?dataset=\w+\.",
        page,
    )


def test_a_citation_of_what_does_not_fit_is_refused(client: httpx.Client) -> None:
    """What cannot be asked cannot be cited."""
    assert client.get("/queries/large-projects.bib?threshold=many").status_code == 400
    assert client.get("/queries/no-question.bib").status_code == 404


# --- in RDF -------------------------------------------------------------------------------------------------------


def test_every_question_is_an_executable(client: httpx.Client, site: str) -> None:
    """As the SIB's editors want them: comments in both languages, prefixes, keywords, and SPARQL that runs."""
    graph = Graph().parse(data=client.get("/queries.ttl").text, format="turtle")
    questions = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert questions == {URIRef(f"{site}/queries/{name}") for name in catalogue()}
    asked = 0
    for question in questions:
        assert {
            comment.language
            for comment in graph.objects(question, RDFS.comment)
            if isinstance(comment, Literal)
        } == {
            "zh",
            "en",
        }
        assert (question, URIRef("https://schema.org/target"), URIRef(f"{site}/sparql")) in graph
        sparql = graph.value(question, SH.select)
        ox.Store().query(str(sparql))
        asked += 1
    assert asked == len(catalogue())
    (prefixes,) = set(graph.objects(None, SH.prefixes))
    declared = {str(graph.value(one, SH.prefix)) for one in graph.objects(prefixes, SH.declare)}
    assert {"jx", "skos", "prov"} <= declared


def test_the_sparql_of_an_executable_answers_as_the_question(client: httpx.Client) -> None:
    """Its defaults are set."""
    graph = Graph().parse(data=client.get(f"{QUESTION}.ttl").text, format="turtle")
    sparql = str(next(iter(graph.objects(None, SH.select))))
    rows = client.post("/sparql", data={"query": sparql}, headers={"Accept": "text/csv"}).text
    assert len(rows.splitlines()) == len(client.get(f"{QUESTION}.csv").text.splitlines()) > 1


def test_programs_find_the_executables(client: httpx.Client, site: str) -> None:
    """In VoID, and where a question is asked for as RDF; without either it is described in JSON."""
    void = client.get("/.well-known/void", headers={"Accept": "text/turtle"}).text
    found = set(Graph().parse(data=void, format="turtle").subjects(RDF.type, SH.SPARQLExecutable))
    assert len(found) == len(catalogue())
    for media_type in ("text/turtle", "application/ld+json"):
        answer = client.get(QUESTION, headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        assert f"{site}{QUESTION}" in answer.text
    assert client.get(QUESTION).headers["content-type"] == "application/json"
