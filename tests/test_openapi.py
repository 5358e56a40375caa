"""The description of the HTTP API: for machines, and as a page without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lxml.html
import pytest

if TYPE_CHECKING:
    import httpx

PATHS = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/sparql",
    "/graph-store/{path}",
    "/graph-store",
    "/.well-known/void",
    "/catalog.{suffix}",
    "/context.jsonld",
    "/shacl",
    "/queries",
    "/queries.{suffix}",
    "/queries/{name}.ttl",
    "/queries/{name}.bib",
    "/queries/{name}.{suffix}",
    "/queries/{name}",
    "/tables",
    "/tables/csv-metadata.json",
    "/tables/codebook.md",
    "/tables/{name}.csv-metadata.json",
    "/tables/{name}.{suffix}",
    "/data/{kind}/{path}.{suffix}",
    "/id/{path}",
    "/def/{path}",
    "/code/{path}",
    "/shape/{path}",
    "/{language}/reconcile",
    "/reconcile",
    "/{language}/reconcile/1.0/suggest/{kind}",
    "/{language}/reconcile/suggest/{kind}",
    "/{language}/reconcile/flyout/{kind}",
    "/{language}/reconcile/1.0/preview",
    "/{language}/reconcile/preview",
    "/{language}/reconcile/view",
    "/{language}/reconcile/1.0/extend/propose",
    "/{language}/reconcile/propose",
    "/{language}/reconcile/1.0",
    "/{language}/reconcile/1.0/match",
    "/{language}/reconcile/1.0/extend",
    "/{language}/departments.{suffix}",
    "/{language}/projects.{suffix}",
    "/{language}/projects/{key}.{suffix}",
    "/{language}/quality/findings.{suffix}",
    "/{language}/quality/report.{suffix}",
    "/{language}/documents/{key}.{suffix}",
]
METHODS = {
    "/sparql": ["GET", "POST"],
    "/graph-store/{path}": ["GET", "PUT", "POST", "DELETE"],
    "/graph-store": ["GET", "PUT", "POST", "DELETE"],
    "/shacl": ["POST"],
    "/reconcile": ["GET", "POST"],
    "/{language}/reconcile": ["GET", "POST"],
    "/{language}/reconcile/1.0/match": ["POST"],
    "/{language}/reconcile/1.0/extend": ["POST"],
}
"""Those that are asked otherwise than by GET alone."""
OPERATIONS = [f"{method} {path}" for path in PATHS for method in METHODS.get(path, ["GET"])]


@pytest.fixture(scope="module")
def schema(client: httpx.Client) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    told: dict[str, dict[str, dict[str, dict[str, object]]]] = answer.json()
    return told


def test_every_address_for_programs_is_described(schema: dict[str, dict[str, object]]) -> None:
    """The list is whole, and pages for people are not in it."""
    assert list(schema["paths"]) == PATHS


def test_every_operation_says_what_it_does(
    schema: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    """A summary, a description, an answer of 200 or 303, and problems as problem+json instead of 422."""
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        responses = operation["responses"]
        assert isinstance(responses, dict)
        assert {"200", "204", "303"} & set(responses)
        assert "422" not in responses
        assert list(responses["default"]["content"]) == ["application/problem+json"]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


def test_a_parameter_of_the_wrong_type_is_a_problem_that_repeats_it(client: httpx.Client) -> None:
    """400 with the name and the value, in the form every error has."""
    answer = client.get("/queries/large-projects.csv", params={"threshold": "viel"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "viel" in answer.json()["detail"]
    assert "threshold" in answer.json()["detail"]
    listing = client.get("/zh/projects.csv", params={"lacking": "everything"})
    assert listing.status_code == 400
    assert "everything" in listing.json()["detail"]


@pytest.mark.parametrize(
    "address", ["/nowhere", "/fr/", "/zh/nowhere", "/queries/nothing.csv", "/queries/large-projects.docx"]
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, address: str) -> None:
    """404 for a program, with what was asked for."""
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == address


def test_a_wrong_method_is_a_problem(client: httpx.Client) -> None:
    """405, in the form every error has."""
    answer = client.post("/queries")
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_documentation_page_shows_every_operation(client: httpx.Client) -> None:
    """One section each; no script, no frame, nothing fetched but the stylesheet and the icon."""
    page = lxml.html.fromstring(client.get("/docs", headers={"Accept": "text/html"}).content)
    titles = [title.text_content() for title in page.iterfind(".//h2")]
    assert titles == OPERATIONS
    assert page.findall(".//script") == []
    assert {link.get("rel") for link in page.iterfind(".//link")} == {"stylesheet", "icon", "alternate"}


def test_problems_lead_to_their_explanation(client: httpx.Client) -> None:
    """The type of a problem, below this host, leads to its row on the page about the service."""
    kind = client.get("/sparql", params={"query": "x"}).json()["type"].removeprefix("https://w3id.org/jixiao")
    answer = client.get(kind)
    assert answer.status_code == 303
    page, _, anchor = answer.headers["Location"].partition("#")
    assert f'id="{anchor}"' in client.get(page).text
