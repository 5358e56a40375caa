"""Clients that are slow, or send what never ends, on real sockets: they are ended, and nobody else notices.

Time is made to pass by the tests, so that nothing hangs on how busy a machine is.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from services import LONG, running, wait_until

from service.attendance import Attendance
from service.connections import LONGEST_BODY, LONGEST_HEAD, SLOWEST, Allowance, BoundedProtocol, Connections
from service.metrics import Metrics
from service.serving import Patience, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

SECONDS = 3600.0
"""What a client has here: much more than any test takes."""
LARGE = 64 << 20
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
BODY = HEAD + b"Content-Length: 100000\r\n\r\n"
WHOLE = HEAD + b"Content-Length: 1\r\n\r\na"


@dataclass(slots=True)
class Site:
    """A server with bounds, that answers how long a body was, or with what is large."""

    metrics: Metrics = field(default_factory=Metrics)
    port: int = 0
    loop: asyncio.AbstractEventLoop | None = None
    connections: Connections = field(init=False)

    def __post_init__(self) -> None:
        self.connections = Connections(Allowance(SECONDS, connections=16), self.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self.loop = asyncio.get_running_loop()
            return
        if scope["path"] == "/never":
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        if scope["path"] == "/large":
            answer = b"\0" * LARGE
        else:
            answer = b"1" if scope["path"] == "/early" else b"%d" % await _length(receive)
        headers = [(b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass for all connections."""
        assert self.loop is not None
        done: Future[None] = Future()

        def look() -> None:
            self.connections.look(seconds)
            done.set_result(None)

        self.loop.call_soon_threadsafe(look)
        done.result(LONG)

    @contextmanager
    def client(self, *sent: bytes) -> Iterator[socket.socket]:
        """A client that has sent something, which has come."""
        before = set(self.connections._open)
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONG) as client:
            for part in sent:
                client.sendall(part)
            wait_until(lambda: self._heard(before) >= sum(map(len, sent)), "all that was sent has come")
            yield client

    def _heard(self, before: set[BoundedProtocol]) -> int:
        """What has come from the one client that was not there before, -1 when it is not there yet."""
        return sum(one.received for one in set(self.connections._open) - before)

    def ended(self) -> dict[str, float]:
        """How many connections were ended, by reason."""
        told = re.findall(r'connections_ended_total\{reason="(.*)"\} (\S+)', self.metrics.text().decode())
        return {reason: float(count) for reason, count in told}


async def _length(receive: Receive) -> int:
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    return length


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = server_of(site, Attendance(), Patience(running=SECONDS), site.connections)
    server.config.timeout_keep_alive = int(SECONDS)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started, "it answers")
            yield site
        finally:
            server.should_exit = True
            thread.join(LONG)
            server.leaving.cancel()


def test_a_process_goes_on_after_a_server_that_nobody_lets_leave() -> None:
    """What ends the process of `serve` in the end is the server's to begin, and can be called off."""
    site = Site()
    server = server_of(site, Attendance(), Patience(running=SECONDS), site.connections)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_until(lambda: server.started, "it answers")
        server.should_exit = True
        thread.join(LONG)
    assert server.leaving.is_alive()
    server.leaving.cancel()
    server.leaving.join(LONG)
    assert not server.leaving.is_alive()


def rest(client: socket.socket) -> bytes:
    """All that comes until the connection is closed."""
    received = b""
    try:
        while part := client.recv(1 << 20):
            received += part
    except ConnectionResetError:
        return received
    return received


def problem(answer: bytes) -> tuple[int, str]:
    """Status and kind of a problem."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    return int(head.split()[1]), json.loads(body)["type"].rpartition("/")[2]


@pytest.mark.parametrize(
    ("sent", "reason"), [(HEAD, "slow-head"), (BODY + b"a little", "slow-body")], ids=["head", "body"]
)
def test_what_drips_is_ended(site: Site, sent: bytes, reason: str) -> None:
    """However often a byte comes; the client is told."""
    with site.client(sent) as client:
        for _ in range(3):
            site.pass_time(SECONDS * 0.4)
            client.sendall(b"a")
        assert problem(rest(client)) == (408, "too-slow")
    assert site.ended()[reason] == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (HEAD, (408, "too-slow")),
        (BODY + b"a little", (408, "too-slow")),
        (HEAD + b"X: " + b"a" * (LONGEST_HEAD - len(HEAD) - 2), (431, "head-too-long")),
    ],
    ids=["slow head", "slow body", "long head"],
)
def test_a_client_that_was_answered_before_is_told(site: Site, sent: bytes, told: tuple[int, str]) -> None:
    """That its next request is refused is no part of the answer to the one before."""
    with site.client(WHOLE) as client:
        assert client.recv(1000).endswith(b"\r\n\r\n1")
        send_on(site, client, sent)
        site.pass_time(SECONDS + 1)
        assert problem(rest(client)) == told


def test_a_client_whose_answer_is_being_made_is_told_nothing_else(site: Site) -> None:
    """It would take it for that answer."""
    with site.client(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n", HEAD) as client:
        site.pass_time(SECONDS + 1)
        assert rest(client) == b""
    assert site.ended()["slow-head"] == 1


@pytest.mark.parametrize("path", [b"/echo", b"/early"], ids=["blank line", "body after its answer"])
def test_what_comes_after_an_answer_and_begins_no_request_is_ended(site: Site, path: bytes) -> None:
    """A blank line, or the rest of a body, keeps no connection open for ever."""
    late = b"\r\n" if path == b"/echo" else b"a"
    sent = WHOLE.replace(b"/echo", path)
    with site.client(sent if path == b"/echo" else sent.removesuffix(b"a")) as client:
        assert client.recv(1000).endswith(b"\r\n\r\n1")
        send_on(site, client, late)
        site.pass_time(SECONDS + 1)
        assert rest(client) == b""
    assert site.ended()["slow-head"] == 1


def send_on(site: Site, client: socket.socket, sent: bytes) -> None:
    """Send more on the only connection, and wait until it has come."""
    (one,) = site.connections._open
    wait_until(lambda: one.cycle.response_complete, "it was answered")
    due = one.received + len(sent)
    client.sendall(sent)
    wait_until(lambda: one.received >= due, "all that was sent has come")


def test_a_client_that_says_nothing_is_told_nothing(site: Site) -> None:
    """It has asked for nothing."""
    with site.client() as client:
        wait_until(lambda: len(site.connections._open) == 1, "it is there")
        site.pass_time(SECONDS + 1)
        assert rest(client) == b""


def test_what_comes_slowly_and_steadily_is_taken(site: Site) -> None:
    """Whoever has a slow line is answered, however long it takes in all."""
    part, parts = b"a" * 250_000, 20
    assert len(part) * parts / SLOWEST > SECONDS
    with site.client(HEAD + b"Content-Length: %d\r\n\r\n" % (len(part) * parts)) as client:
        (one,) = site.connections._open
        for _ in range(parts):
            before = one.received
            client.sendall(part)
            wait_until(lambda: one.received >= before + len(part), "it has come")  # noqa: B023 - waited for at once
            site.pass_time(len(part) / SLOWEST)
        assert client.recv(1000).endswith(b"\r\n\r\n%d" % (len(part) * parts))
    assert sum(site.ended().values()) == 0


def test_whoever_waits_for_an_answer_spends_nothing(site: Site) -> None:
    """Also between two requests on one connection."""
    with site.client(WHOLE) as client:
        for _ in range(2):
            assert client.recv(1000).endswith(b"\r\n\r\n1")
            site.pass_time(SECONDS * 2)
            client.sendall(WHOLE)
        assert client.recv(1000).endswith(b"\r\n\r\n1")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /echo HTTP/1.1\r\nX: " + b"a" * LONGEST_HEAD + b"\r\n\r\n",
        b"GET /echo HTTP/1.1\r\n" + b"X: a\r\n" * LONGEST_HEAD,
        b"GET /" + b"a" * LONGEST_HEAD + b" HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * LONGEST_HEAD * 2,
    ],
    ids=["one header", "many headers", "address", "address without an end"],
)
def test_a_head_that_is_too_long_is_refused(site: Site, sent: bytes) -> None:
    """Whole or not, in one piece or in many."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=LONG) as client:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may be answered before it has sent all
            client.sendall(sent)
        answer = rest(client)
    assert answer == b"" or problem(answer) == (431, "head-too-long")  # a reset may overtake the answer
    assert site.ended()["long-head"] == 1


def test_a_body_without_an_end_is_ended(site: Site) -> None:
    """A chunk after the other, as fast as it can."""
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    with (
        site.client(HEAD + b"Transfer-Encoding: chunked\r\n\r\n") as client,
        suppress(BrokenPipeError, ConnectionResetError),
    ):
        for _ in range(4 * LONGEST_BODY // len(chunk)):
            client.sendall(chunk)
        pytest.fail("it was never ended")
    assert site.ended()["long-body"] == 1


def test_who_takes_nothing_of_an_answer_is_ended(site: Site) -> None:
    """The answer is not kept for ever; who takes it, slowly, gets it whole."""
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
    with site.client(asked) as client:
        (one,) = site.connections._open
        wait_until(lambda: one.transport.get_write_buffer_size() > 0, "it has more than fits")
        site.pass_time(0)
        site.pass_time(SECONDS + 1)
        assert len(rest(client)) < LARGE
    assert site.ended()["slow-answer"] == 1
    with site.client(asked) as client:
        received = 0
        while received < LARGE:
            received += len(client.recv(1 << 20))
            site.pass_time(1)
    assert sum(site.ended().values()) == 1


def test_one_client_cannot_have_all_connections(site: Site) -> None:
    """The next is told so; when it has closed one, there is room again."""
    with ExitStack() as opened:
        for _ in range(4):
            last = opened.enter_context(site.client(HEAD))
        with socket.create_connection(("127.0.0.1", site.port), timeout=LONG) as client:
            assert problem(rest(client)) == (503, "connections")
        assert site.ended()["full"] == 1
        last.close()
        wait_until(lambda: len(site.connections._open) == 3, "it has one less")
        with site.client(HEAD + b"Content-Length: 0\r\n\r\n") as client:
            assert client.recv(1000).endswith(b"\r\n\r\n0")
    wait_until(lambda: not site.connections._open, "all are closed")
    assert "jixiao_http_connections 0.0" in site.metrics.text().decode()


def test_a_proxy_may_have_all_of_them() -> None:
    """It asks for many clients; what is not named as one has its quarter."""
    connections = Connections(Allowance(connections=8, proxies="10.0.0.1, 192.0.2.0/24"), Metrics())
    for host, room in (("10.0.0.1", True), ("192.0.2.77", True), ("10.0.0.2", False)):
        connections._of[host] = 2
        assert connections.have_room_for(host) is room


def test_the_addresses_of_one_customer_are_one_client(site: Site) -> None:
    """All of IPv6 that begin with the same 64 bits, as where requests are counted."""
    connections = Connections(Allowance(connections=8), Metrics())
    with site.client(HEAD), site.client(HEAD):
        for number, one in enumerate(tuple(site.connections._open)):
            connections.add(one, f"2001:db8::{number + 1}")
            last = one
        assert not connections.have_room_for("2001:db8::ffff")
        assert connections.have_room_for("2001:db8:0:1::1")
        connections.remove(last, "2001:db8::2")
        assert connections.have_room_for("2001:db8::ffff")


def test_no_connection_becomes_a_web_socket() -> None:
    """Also where a library for that is installed: it would be nobody's to end."""
    site = Site()
    config = server_of(site, Attendance(), Patience(), site.connections).config
    assert config.ws == "none"


@pytest.mark.soak
def test_a_service_gets_rid_of_them(tmp_path: Path) -> None:
    """As it is set; thousands that say nothing keep nobody out for long, and nothing is told as a fault."""
    with (
        running("memory:", tmp_path, "--client-seconds", "2", "--connections", "400") as service,
        ExitStack() as opened,
    ):
        port = int(service.address.rpartition(":")[2])
        for sent in (b"", HEAD, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nquery="):
            for _ in range(30):
                client = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LONG))
                client.sendall(sent)
        for _ in range(1000):
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=LONG))

        def answers() -> bool:
            with socket.create_connection(("127.0.0.1", port), timeout=LONG) as client:
                try:
                    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    return rest(client).startswith(b"HTTP/1.1 200")
                except (BrokenPipeError, ConnectionResetError):
                    return False

        wait_until(answers, "others are answered")
        wait_until(lambda: "jixiao_http_connections 1.0" in service.get("/metrics").text, "all are ended")
        told = dict(
            re.findall(r'connections_ended_total\{reason="(.*)"\} (\S+)', service.get("/metrics").text)
        )
        assert float(told["full"]) >= 900
        assert float(told["slow-head"]) >= 30
        assert "Traceback" not in service.told()
        assert re.search(r"(GET|POST) \S+ 500 ", service.told()) is None
