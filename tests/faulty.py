"""A proxy before an endpoint that does, for once, what networks and engines do at times."""

from __future__ import annotations

import base64
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from stores import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


class Proxy:
    """`faults` are what becomes of the next requests: a status, a `part` of an answer, or `silence`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint.removesuffix("/query")
        self.faults: list[str] = []
        self.secret = ""
        """`user:password`, without which nobody gets an answer."""
        self.unasked: list[str] = []
        """What was said in requests that nobody had asked to say who they are."""
        self.over = threading.Event()
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/query"


@contextmanager
def proxy(endpoint: str) -> Iterator[Proxy]:
    """A proxy that listens until the end of the block."""
    faulty = Proxy(endpoint)
    server = ThreadingHTTPServer(("127.0.0.1", faulty.port), _handler_of(faulty))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield faulty
    finally:
        faulty.over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=300)


def _handler_of(faulty: Proxy) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - it is a class of five methods
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fault = faulty.faults.pop(0) if faulty.faults else ""
            if fault == "silence":
                faulty.over.wait(60)
            elif faulty.secret and not self._is_known():
                self._answer(401, b"", {"WWW-Authenticate": 'Basic realm="a store"'})
            elif fault.isdecimal():
                self._answer(int(fault), b"a proxy speaks", {})
            else:
                status, content, media_type = self._passed_on(body)
                self._answer(status, content[:-9] if fault else content, {"Content-Type": media_type})

        def _is_known(self) -> bool:
            given = self.headers.get("Authorization", "")
            if not given:
                faulty.unasked.append(str(self.headers))
            return given == f"Basic {base64.b64encode(faulty.secret.encode()).decode()}"

        def _passed_on(self, body: bytes) -> tuple[int, bytes, str]:
            kept = {name: self.headers[name] for name in ("Content-Type", "Accept")}
            request = urllib.request.Request(f"{faulty.endpoint}{self.path}", body, kept)  # noqa: S310
            try:
                with urllib.request.build_opener().open(request, timeout=300) as answer:
                    return answer.status, answer.read(), answer.headers.get("Content-Type", "")
            except urllib.error.HTTPError as error:
                return error.code, error.read(), ""

        def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
