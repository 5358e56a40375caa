"""Federation: SERVICE asks the endpoints that whoever serves has allowed, and others ask us by SERVICE."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from click.testing import CliRunner
from sites import ROOT, wait_until_it_answers
from stores import free_port, wait_for

from service.cli import main
from service.store import Bounds, Changes, QueryRefused, open_store, open_to_serve
from service.store.embedded import EmbeddedStore
from service.store.query_text import asks_elsewhere, refuse_harm

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).with_name("store")
ALLOWED = frozenset(["http://allowed.example/sparql"])
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "services.yaml").read_text(encoding="utf-8"))
FETCHING: list[dict[str, Any]] = yaml.safe_load((DATA / "fetching.yaml").read_text(encoding="utf-8"))


def test_the_table_of_services_is_whole() -> None:
    """A table that shrinks in silence proves nothing."""
    assert (len(CASES), sum(case["refused"] for case in CASES)) == (16, 12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_service_asks_whom_it_may_and_nobody_else(case: dict[str, Any]) -> None:
    """The address stands behind SERVICE as it was allowed, or nothing is asked."""
    if not case["refused"]:
        refuse_harm(case["query"], ALLOWED)
        return
    with pytest.raises(QueryRefused, match="SERVICE"):
        refuse_harm(case["query"], ALLOWED)


@pytest.mark.parametrize("case", [case for case in FETCHING if case["refused"]], ids=lambda case: case["why"])
def test_what_fetches_elsewhere_is_refused_where_some_is_allowed(case: dict[str, Any]) -> None:
    """Allowing one endpoint opens no way to another."""
    with pytest.raises(QueryRefused):
        EmbeddedStore(services=ALLOWED).query(case["query"], "text/csv")


def test_without_leave_no_endpoint_is_asked() -> None:
    """As a store is opened by commands, and by a service that allows none."""
    for case in CASES:
        if asks_elsewhere(case["query"]):
            with pytest.raises(QueryRefused):
                open_store("memory:").query(case["query"], "text/csv")


def test_updates_ask_no_endpoint() -> None:
    """What is written hangs on nobody else."""
    update = (
        "INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { SERVICE <http://allowed.example/sparql> { ?s ?p ?o } }"
    )
    with pytest.raises(QueryRefused, match="SERVICE"):
        EmbeddedStore(services=ALLOWED).update(update)


@pytest.mark.parametrize(
    "address", ["wikidata", "file:///etc", "http://me:secret@host/sparql", "http://a b/"]
)
def test_an_address_that_no_query_can_name_is_told(address: str) -> None:
    """Before anything is served."""
    result = CliRunner().invoke(main, ["serve", "--store", "memory:", "--allow-service", address])
    assert result.exit_code == 2
    assert "is no address of an endpoint" in result.output


# --- with real endpoints ---


@contextmanager
def jixiao_serving(store: str, *arguments: str) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "service.cli",
        "serve",
        "--store",
        store,
        "--port",
        str(port),
        *arguments,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=dict(os.environ))
    try:
        wait_for(port, process)
        wait_until_it_answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=300)


def ask(address: str, query: str, *, post: bool = True) -> httpx.Response:
    accept = {"Accept": "application/sparql-results+json"}
    if post:
        return httpx.post(address, data={"query": query}, headers=accept, timeout=300)
    return httpx.get(address, params={"query": query}, headers=accept, timeout=300)


def values(answer: httpx.Response, name: str) -> list[str]:
    assert answer.status_code == 200, answer.text
    return sorted(row[name]["value"] for row in answer.json()["results"]["bindings"])


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """A store on disk with two divisions."""
    url = f"file:{tmp_path / 'store'}"
    with open_store(url) as store:
        store.apply(
            Changes(added=b"".join(b'<urn:d%d> <urn:code> "13020%d" <urn:g> .\n' % (n, n) for n in (2, 3)))
        )
    return url


@pytest.fixture
def population(sparql_server: str) -> Iterator[str]:
    """The endpoint of a statistical office: people by code."""
    office = open_store(sparql_server)
    office.clear()
    office.apply(
        Changes(added=b'<urn:p> <urn:of> "130202" <urn:o> .\n<urn:p> <urn:people> "330000" <urn:o> .\n')
    )
    yield sparql_server
    office.clear()


def joined(endpoint: str) -> str:
    return f"""SELECT ?division ?people {{
        ?division <urn:code> ?code .
        SERVICE <{endpoint}> {{ GRAPH ?g {{ ?p <urn:of> ?code ; <urn:people> ?people }} }}
    }}"""


@pytest.mark.soak
def test_a_query_joins_an_allowed_endpoint(filled: str, population: str) -> None:
    """By GET and POST; each time with what the endpoint holds then."""
    with jixiao_serving(filled, "--allow-service", population) as site:
        for post in (True, False, True):
            assert values(ask(f"{site}/sparql", joined(population), post=post), "people") == ["330000"]
        with open_store(population) as office:
            office.apply(Changes(added=b'<urn:p> <urn:people> "340000" <urn:o> .\n'))
        for post in (True, False):
            assert values(ask(f"{site}/sparql", joined(population), post=post), "people") == [
                "330000",
                "340000",
            ]
        described = httpx.get(f"{site}/sparql", headers={"Accept": "text/turtle"}, timeout=300).text
        assert "BasicFederatedQuery" in described


@pytest.mark.soak
def test_whom_nobody_allowed_is_not_asked_and_who_fails_is_told(filled: str, population: str) -> None:
    """403 and 502; there is no answer without the endpoint, unless the query says SILENT."""
    dead = "http://127.0.0.1:1/sparql"  # a port that only root may open, and nobody does
    with jixiao_serving(filled, "--allow-service", dead) as site:
        refused = ask(f"{site}/sparql", joined(population))
        assert (refused.status_code, dead in refused.text) == (403, True)
        failed = ask(f"{site}/sparql", joined(dead))
        assert (failed.status_code, "asks by SERVICE" in failed.json()["detail"]) == (502, True)
        silent = ask(f"{site}/sparql", joined(dead).replace("SERVICE", "SERVICE SILENT"))
        assert len(values(silent, "division")) == 2


@pytest.mark.soak
def test_other_stores_ask_us(filled: str, population: str, tmp_path: Path) -> None:
    """An Oxigraph, and another jixiao that was allowed to."""
    with open_store(f"file:{tmp_path / 'other'}") as other:
        other.apply(Changes(added=b'<urn:x> <urn:about> "130203" <urn:g> .\n'))
    with jixiao_serving(filled) as site:
        endpoint = f"{site}/sparql"
        question = f"""SELECT ?division {{
            GRAPH ?g {{ ?p <urn:of> ?code }} SERVICE <{endpoint}> {{ ?division <urn:code> ?code }}
        }}"""
        assert values(ask(population, question), "division") == ["urn:d2"]
        with jixiao_serving(f"file:{tmp_path / 'other'}", "--allow-service", endpoint) as second:
            question = f"SELECT ?d {{ ?x <urn:about> ?code SERVICE <{endpoint}> {{ ?d <urn:code> ?code }} }}"
            assert values(ask(f"{second}/sparql", question), "d") == ["urn:d3"]


@pytest.mark.soak
def test_a_store_behind_an_endpoint_asks_itself(population: str) -> None:
    """The query goes there with its SERVICE, where that is allowed; and not at all where it is not."""
    question = f"SELECT ?people {{ SERVICE <{population}> {{ GRAPH ?g {{ ?p <urn:people> ?people }} }} }}"
    with open_to_serve(population, Bounds(services=frozenset([population]))) as store:
        assert store.query(question, "text/csv").split() == [b"people", b"330000"]
    with open_to_serve(population, Bounds()) as store, pytest.raises(QueryRefused, match="SERVICE"):
        store.query(question, "text/csv")
