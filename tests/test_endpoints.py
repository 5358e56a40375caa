"""Stores at other addresses that fail: an answer is whole or an error that says what to do, and a load goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from faulty import Proxy, proxy
from sites import serving

from service.store import (
    Access,
    AnswerTooLarge,
    Bounds,
    Changes,
    EndpointFailed,
    EndpointTooSlow,
    Most,
    QueryRefused,
    QuerySyntaxError,
    StoreUnavailable,
    open_store,
    open_to_serve,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAPH = "http://e.org/g"
SIX = "".join(f'<http://e.org/s> <http://e.org/p> "{n}" <{GRAPH}> .\n' for n in range(6)).encode()
ALL = "SELECT ?o { ?s ?p ?o }"


@pytest.fixture
def faulty(sparql_server: str) -> Iterator[Proxy]:
    """An endpoint of six statements that does as it is told."""
    store = open_store(sparql_server)
    store.clear()
    store.apply(Changes(added=SIX))
    with proxy(sparql_server) as before:
        yield before
    store.clear()


def test_a_change_goes_on_when_the_endpoint_is_back(faulty: Proxy) -> None:
    """Busy three times, then there: the change is made, and once."""
    store = open_store(faulty.url, access=Access(patience=60))
    faulty.faults = ["503", "429", "502"]
    store.apply(Changes(removed=SIX.splitlines()[0], added=SIX.replace(b"/s>", b"/other>")))
    assert faulty.faults == []
    assert store.query(ALL, "text/csv").count(b"\n") == 1 + 5 + 6


@pytest.mark.parametrize("fault", ["503", "502", "504", "429"])
def test_an_endpoint_that_is_busy_is_named_with_what_to_do(faulty: Proxy, fault: str) -> None:
    """Who has no patience is told at once; who has some, when it is over."""
    for patience in (0, 0.6):
        store = open_store(faulty.url, access=Access(patience=patience))
        faulty.faults = [fault, fault]
        with pytest.raises(StoreUnavailable, match=rf"{faulty.port}/query.*{fault}.*Try again") as caught:
            store.query(ALL, "text/csv")
        assert not isinstance(caught.value, EndpointFailed)
        faulty.faults = []


@pytest.mark.parametrize(
    ("query", "media_type"),
    [
        (ALL, "text/csv"),
        (ALL, "application/sparql-results+json"),
        ("CONSTRUCT WHERE {?s ?p ?o}", "text/turtle"),
    ],
)
def test_an_answer_that_was_cut_off_is_an_error(faulty: Proxy, query: str, media_type: str) -> None:
    """Status 200 and a part of it: nothing of that is taken for an answer."""
    store = open_store(faulty.url)
    faulty.faults = ["part"]
    with pytest.raises(EndpointFailed, match="cannot be read to its end"):
        store.query(query, media_type)
    assert store.query(query, media_type).count(b'"5"' if media_type == "text/turtle" else b"5") == 1


def test_an_endpoint_that_says_nothing_is_given_up(faulty: Proxy) -> None:
    """At the deadline, with advice."""
    store = open_to_serve(faulty.url, Bounds(seconds=1))
    faulty.faults = ["silence"]
    with pytest.raises(EndpointTooSlow, match=r"given up after 1 s.*LIMIT"):
        store.query(ALL, "text/csv")


def test_answers_have_no_more_rows_and_bytes_than_they_may(faulty: Proxy) -> None:
    """Six rows are too many for five, and six thousand bytes for a hundred; nothing of them is sent."""
    for most, told in ((Most(rows=5), "5 rows"), (Most(size=100), "longer than")):
        store = open_to_serve(faulty.url, Bounds(most=most))
        with pytest.raises(AnswerTooLarge, match=told):
            store.query(
                "SELECT ?o (CONCAT(STR(?s), STR(?p), STR(?s), STR(?p)) AS ?t) { ?s ?p ?o }", "text/csv"
            )
        assert store.query("SELECT ?o { ?s ?p ?o } LIMIT 2", "text/csv").count(b"\n") == 3


def test_an_endpoint_that_asks_who_we_are_is_told(faulty: Proxy) -> None:
    """By what stands beside the address or in it, once it has asked and not before."""
    faulty.secret = "me:se:cret"  # noqa: S105
    with_password = faulty.url.replace("//", "//me:se%3Acret@")
    for store in (open_store(faulty.url, access=Access(None, "me", "se:cret")), open_store(with_password)):
        store.apply(Changes(added=SIX))
        assert store.query(ALL, "text/csv").count(b"\n") == 7
    assert faulty.unasked
    assert not any("Authorization" in said for said in faulty.unasked)


def test_a_password_that_does_not_hold_is_not_told(faulty: Proxy) -> None:
    """The error names the endpoint and where user and password belong, and neither of them."""
    faulty.secret = "me:right"  # noqa: S105
    access = Access(None, "me", "wr0ng")
    assert "wr0ng" not in repr(access)
    for url, given in ((faulty.url, access), (faulty.url.replace("//", "//me:wr0ng@"), Access())):
        with pytest.raises(EndpointFailed, match="JIXIAO_STORE_PASSWORD") as caught:
            open_store(url, access=given)
        assert str(faulty.port) in str(caught.value)
        assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("define get:soft 'soft' SELECT * { ?s ?p ?o }", QuerySyntaxError),
        ("SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}", QueryRefused),
        ("PREFIX b: <bif:> SELECT (b:http_get('http://127.0.0.1/') AS ?x) {}", QueryRefused),
        ("SELECT (<\\u0062if:sys_stat>('x') AS ?x) {}", QueryRefused),
        ("PREFIX s: <sql:> SELECT * { FILTER(s:any(1)) }", QueryRefused),
    ],
)
def test_what_one_engine_understands_beside_sparql_is_not_sent(
    faulty: Proxy, query: str, refusal: type[Exception]
) -> None:
    """Functions of an engine reach into its machine, and a query here means the same on every store."""
    store = open_store(faulty.url)
    faulty.faults = ["418"]
    with pytest.raises(refusal):
        store.query(query, "text/csv")
    assert faulty.faults == ["418"]


@pytest.mark.parametrize(
    ("fault", "status", "advice"),
    [
        ("part", 502, "ask for less at a time"),
        ("500", 502, "log of its engine"),
        ("503", 503, "Try again in a while"),
        ("silence", 504, "LIMIT"),
    ],
)
def test_the_service_says_what_is_wrong_with_its_endpoint(
    faulty: Proxy, fault: str, status: int, advice: str
) -> None:
    """As a problem document: whose fault it is, and what to do."""
    store = open_to_serve(faulty.url, replace(Bounds(), seconds=1 if fault == "silence" else 300))
    with serving(store) as address:
        faulty.faults = 2 * [fault]  # the version of the data is asked for first
        answer = httpx.get(f"{address}/sparql", params={"query": ALL, "format": "csv"}, timeout=300)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert advice in answer.json()["detail"]
        assert answer.json()["status"] == status
