"""How often one client may ask: who asks more often is told when to ask again, and nobody else notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from services import Service, running

from service.limits import Buckets
from service.settings import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_client_may_ask_often_at_once_and_less_often_on_and_on() -> None:
    """Three at once, then two a second; another client has a bucket of its own."""
    buckets = Buckets(Rate(per_second=2, burst=3))
    assert [buckets.take("a", 0).given for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b", 0).given
    refused = buckets.take("a", 0.25)
    assert (refused.given, refused.left, refused.wait) == (False, 0, 0.25)
    assert [buckets.take("a", 0.5).given for _ in range(2)] == [True, False]
    assert [buckets.take("a", 100).left for _ in range(3)] == [2, 1, 0]


def test_no_more_buckets_are_kept_than_fit() -> None:
    """The one that was used longest ago goes, and is full when its client comes again."""
    buckets = Buckets(Rate(per_second=1, burst=2), most_clients=3)
    for number in range(100):
        assert buckets.take(f"192.0.2.{number}", 0).given
    assert len(buckets) == 3
    assert buckets.take("192.0.2.0", 0).left == 1
    assert [buckets.take("192.0.2.99", 0).given for _ in range(2)] == [True, False]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that lets a client ask five times, and once more each thousand seconds."""
    with running("memory:", tmp_path_factory.mktemp("limited"), "--rate", "0.001", "--burst", "5") as service:
        yield service


def test_who_asks_too_often_is_told_when_to_ask_again(limited: Service) -> None:
    """With what a problem says; inventing addresses helps nobody, and what watches the service is answered."""
    answers = [limited.get("/queries", **{"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers[:5]] == [
        f"r={left}" for left in (4, 3, 2, 1, 0)
    ]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 900 < int(refused.headers["Retry-After"]) <= 1000
    assert refused.headers["RateLimit-Policy"] == '"client";q=5;w=5000'
    told = refused.json()
    assert told["type"].endswith("/too-often")
    assert "more than 5 requests at once" in told["detail"]
    assert told["request_id"] == refused.headers["X-Request-ID"]
    for path in ("/healthz", "/readyz", "/metrics"):
        assert limited.get(path).status_code == 200
    assert 'route="/queries",status="429"' in limited.get("/metrics").text
    assert "problem=too-often" in limited.told()
