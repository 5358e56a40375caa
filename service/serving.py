"""The HTTP server as an administrator stops it: what runs is finished within a time, and a second signal ends it.

uvicorn lets a process that it has stopped in good order die of the signal after all; here it ends as told.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from types import FrameType

    from starlette.types import ASGIApp

    from .attendance import Attendance
    from .connections import Connections

log = logging.getLogger(__name__)

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_LAST_WORDS: Final = 1
"""Seconds in which those whose answers are ended are told so."""
LEAVING: Final = 5
"""Seconds after which the process ends although something in it goes on: an engine in memory, an endpoint."""


_A_LOOK: Final = 1.0
"""Seconds between two looks at the connections."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a service ends, in seconds."""

    running: float = 30
    """How long answers that run have to be finished."""
    drain: float = 0
    """How long it goes on as before, but for `/readyz`, so that whoever hands it requests hands them to others."""


class Server(uvicorn.Server):
    """A server that ends in good order at the first signal, and at once at the second."""

    def __init__(
        self, config: uvicorn.Config, attendance: Attendance, patience: Patience, connections: Connections
    ) -> None:
        super().__init__(config)
        self._connections = connections
        self._looked_at = time.monotonic()
        self._attendance = attendance
        self._patience = patience
        self._told_at: float | None = None
        self.leaving = threading.Timer(patience.running + LEAVING, _leave)
        """Ends the process after `shutdown`; whoever wants to go on in it has to cancel it."""
        self.leaving.daemon = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop, or end."""
        del frame
        if self._told_at is not None:
            _end_by(sig)
        self._told_at = time.monotonic()
        self._attendance.begin_to_stop()

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop now, and see to the connections; called ten times a second."""
        if self._told_at is not None and time.monotonic() - self._told_at >= self._patience.drain:
            self.should_exit = True
        if (passed := time.monotonic() - self._looked_at) >= _A_LOOK:
            self._looked_at += passed
            self._connections.look(passed)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, and wait for the answers that run, so long as they may."""
        log.info("stopping: answers that run have %g s", self._patience.running, extra={"event": "stop"})
        asyncio.get_running_loop().call_later(self._patience.running, self._attendance.dismiss_all)
        self.leaving.start()
        await super().shutdown(sockets)


def server_of(app: ASGIApp, attendance: Attendance, patience: Patience, connections: Connections) -> Server:
    """Return what answers requests to the sockets on which it is run, until a signal says that it is enough.

    The proxies among the clients that `connections` allows are believed who asks through them.
    """
    proxies = connections.allowance.proxies
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=connections.protocol(),
        ws="none",  # a connection that is upgraded would be nobody's to end
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=math.ceil(patience.running) + _LAST_WORDS,
    )
    return Server(config, attendance, patience, connections)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let a signal before and after the service end the block as if it were done: with what it has to close."""
    before = {number: signal.signal(number, _end_in_order) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_in_order(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.exit(0)


def _end_by(number: int) -> None:
    """End this process by a signal. Its workers end when they see that it is gone."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _leave() -> None:
    log.warning("something could not be ended, and the process leaves it behind")
    logging.shutdown()
    os._exit(0)
