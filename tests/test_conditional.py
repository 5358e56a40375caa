"""Answers that a client has already, parts of answers, and answers made smaller on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.kept_answers import KeptAnswer, KeptAnswers

if TYPE_CHECKING:
    import httpx

PLAIN = {"Accept-Encoding": "identity"}
ADDRESSES = [
    "/sparql?query=SELECT+*+{+?s+?p+?o+}+LIMIT+300&format=csv",
    "/queries/indicators-by-level.csv",
    "/zh/projects.csv",
    "/zh/projects",
    "/graph-store/register",
    "/sparql",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_an_answer_is_not_sent_it_again(client: httpx.Client, address: str) -> None:
    """304 without a body, as long as the data are the same; to HEAD too. The tag of a graph is always exact."""
    first = client.get(address)
    tag = first.headers["ETag"]
    told = tag if address.startswith("/graph-store") else f"W/{tag.removeprefix('W/')}"
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    for method in ("GET", "HEAD"):
        again = client.request(method, address, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", told)
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_another_format_or_language_is_another_answer(client: httpx.Client) -> None:
    """The tag of the CSV is not the tag of the JSON."""
    address = ADDRESSES[0].removesuffix("&format=csv")
    tags = {
        client.get(address, headers={"Accept": accept}).headers["ETag"]
        for accept in ("text/csv", "application/json", "application/sparql-results+xml")
    }
    assert len(tags) == 3


def test_a_change_of_the_data_makes_every_tag_an_old_one(writer: httpx.Client) -> None:
    """The next answer is the new one, by whatever way the data changed."""
    turtle = {"Content-Type": "text/turtle"}
    writer.put("/graph-store/a", content="<http://e.org/s> <http://e.org/p> 1 .", headers=turtle)
    address = "/sparql?query=SELECT+?o+{+<http://e.org/s>+?p+?o+}&format=csv"
    changes = (
        lambda: writer.put("/graph-store/a", content="<http://e.org/s> <http://e.org/p> 2 .", headers=turtle),
        lambda: writer.post(
            "/sparql",
            content="INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/s> <http://e.org/p> 3 } }",
            headers={"Content-Type": "application/sparql-update"},
        ),
        lambda: writer.delete("/graph-store/a"),
    )
    before = writer.get(address)
    for change in changes:
        assert change().is_success
        after = writer.get(address, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert after.text != before.text
        before = after


QUERY = {"Content-Type": "application/sparql-query"}


@pytest.mark.parametrize("sent_as", ["form", "query"])
def test_a_query_that_is_sent_again_gets_the_answer_of_now(writer: httpx.Client, sent_as: str) -> None:
    """By POST too, where answers have no tags; formats are told apart."""
    turtle = {"Content-Type": "text/turtle"}
    sparql = "SELECT ?o { <http://e.org/s> ?p ?o }"
    sent = {"data": {"query": sparql}} if sent_as == "form" else {"content": sparql, "headers": QUERY}
    told = []
    for value in (1, 2):
        writer.put("/graph-store/a", content=f"<http://e.org/s> <http://e.org/p> {value} .", headers=turtle)
        answers = [writer.post("/sparql?format=csv", **sent) for _ in range(3)]
        assert {answer.text for answer in answers} == {f"o\r\n{value}\r\n"}
        assert not any("ETag" in answer.headers for answer in answers)
        told.append(writer.post("/sparql?format=json", **sent).json()["results"]["bindings"][0]["o"]["value"])
    assert told == ["1", "2"]


def test_chance_and_changes_that_are_sent_again_are_done_again(writer: httpx.Client) -> None:
    """Only queries that have one answer are answered from what is kept; a long one is passed on whole."""
    chance = {
        writer.post("/sparql", content="SELECT (UUID() AS ?u) {}", headers=QUERY).text for _ in range(3)
    }
    assert len(chance) == 3
    add = "INSERT { GRAPH <http://e.org/g> { <http://e.org/s> <http://e.org/p> ?u } } WHERE { BIND(UUID() AS ?u) }"
    assert [writer.post("/sparql", data={"update": add}).status_code for _ in range(3)] == [204] * 3
    count = "SELECT (COUNT(*) AS ?n) { <http://e.org/s> ?p ?o }" + "# long" * 10_000
    assert writer.post("/sparql?format=csv", content=count, headers=QUERY).text == "n\r\n3\r\n"


@pytest.mark.parametrize(
    "address",
    [
        "/healthz",
        "/sparql?query=SELECT+(rand()+AS+?r)+{}",
        "/nowhere",
        "/queries/nothing.csv",
        "/sparql?query=x",
        "/id/unit/x",
    ],
)
def test_what_is_made_of_no_data_has_no_tag(client: httpx.Client, address: str) -> None:
    """Errors, chance and the state of the service are told anew."""
    assert "ETag" not in client.get(address).headers


RANGES = [
    ("bytes=0-9", 206, (0, 10)),
    ("bytes=10-19", 206, (10, 20)),
    ("bytes=100-", 206, (100, None)),
    ("bytes=-20", 206, (-20, None)),
    ("bytes=0-99999999", 206, (0, None)),
    ("bytes=-99999999", 206, (0, None)),
    ("bytes=99999999-", 416, (0, 0)),
    ("bytes=9-3", 416, (0, 0)),
    ("bytes=-0", 416, (0, 0)),
    ("bytes=0-1,5-6", 200, (0, None)),
    ("lines=0-1", 200, (0, None)),
]


@pytest.mark.parametrize(("asked", "status", "part"), RANGES)
def test_a_part_of_an_answer_is_cut_from_the_whole(
    client: httpx.Client, asked: str, status: int, part: tuple[int, int | None]
) -> None:
    """One range; several, or other units, give all of it, as they may."""
    whole = client.get("/zh/projects.csv", headers=PLAIN)
    assert whole.headers["Accept-Ranges"] == "bytes"
    answer = client.get("/zh/projects.csv", headers={"Range": asked})
    assert answer.status_code == status
    assert answer.content == whole.content[part[0] : part[1]]
    if status == 206:
        total = answer.headers["Content-Range"].rpartition("/")[2]
        assert int(total) == len(whole.content)


def test_a_part_of_another_answer_is_not_given(client: httpx.Client) -> None:
    """`If-Range` with an old tag: all of the new answer."""
    tag = client.get("/zh/projects.csv", headers=PLAIN).headers["ETag"]
    part = {"Range": "bytes=0-9"} | PLAIN
    assert client.get("/zh/projects.csv", headers=part | {"If-Range": tag}).status_code == 206
    assert client.get("/zh/projects.csv", headers=part | {"If-Range": '"old"'}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("address", [address for address in ADDRESSES if address != "/sparql"])
def test_answers_come_compressed_to_who_takes_them_so(
    client: httpx.Client, address: str, encoding: str
) -> None:
    """Pages, tables and graphs; the same bytes when they are unpacked, and a smaller way."""
    plain = client.get(address, headers=PLAIN)
    with client.stream("GET", address, headers={"Accept-Encoding": encoding}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    if address.startswith(
        "/graph-store"
    ):  # a tag by which it may be changed is of what was sent, packed or not
        assert not answer.headers["ETag"].startswith("W/")
        assert answer.headers["ETag"] != plain.headers["ETag"]
    else:
        assert answer.headers["ETag"].startswith("W/")
    assert len(raw) < len(plain.content) / 2
    if encoding == "gzip":
        assert client.get(address, headers={"Accept-Encoding": encoding}).content == plain.content


def test_what_is_kept_has_a_bound() -> None:
    """The least recently used answers go first, and one that is too long is not kept at all."""
    kept = KeptAnswers(most_bytes=100)
    for name in "abc":
        kept.keep(name, KeptAnswer((), b"x" * 40, '"t"'))
        kept.get("a")
    assert [name for name in "abc" if kept.get(name)] == ["a", "c"]
    kept.keep("d", KeptAnswer((), b"x" * 101, '"t"'))
    assert kept.get("d") is None
    kept.keep("a", KeptAnswer((), b"x" * 90, '"t"'))
    assert [name for name in "abc" if kept.get(name)] == ["a"]
