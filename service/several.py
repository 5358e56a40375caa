"""Several processes that do the same work: begun, begun again when one ends, and stopped together.

The process that begins them does nothing else, so it has no threads when it forks, and nothing that a request does
can end it. When it is gone they end too. Knows nothing of what they do.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import ForkProcess

log = logging.getLogger(__name__)

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_PAUSE: Final = 1.0
"""Seconds before one is begun again that ended before it was ready."""


@dataclass(frozen=True, slots=True)
class Place:
    """What one of the processes is among them."""

    number: int
    """From 0; who comes in the place of one that ended has the same."""
    again: bool
    """Whether it is in the place of one that ended."""
    ready: Callable[[], None]
    """To be called when it does its work."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What the processes do, and what is done about them."""

    work: Callable[[Place], None]
    """Done by each of them, until SIGTERM."""
    open: Callable[[], None]
    """Called once, when all are ready."""
    close: Callable[[], None]
    """Called once, when they are told to stop."""
    bury: Callable[[int], None]
    """Called for each that has ended, by its process id."""
    patience: float
    """Seconds that they have to stop."""


@dataclass(slots=True)
class _Member:
    process: ForkProcess
    told: Connection
    number: int
    is_awaited: bool = True
    """Whether it has yet to say that it is ready."""
    is_ready: bool = False


class Several:
    """So many processes under the same orders."""

    def __init__(self, count: int, orders: Orders) -> None:
        """Begin none yet."""
        self._count = count
        self._orders = orders
        self._context = multiprocessing.get_context("fork")
        self._members: list[_Member] = []
        self._due: dict[int, float] = {}
        """When those are begun again that ended before they were ready, or could not be begun, by their numbers."""
        self._opened = False
        self._stop_by = 0.0
        """When those who have not stopped are ended; 0 while nobody was told to stop."""
        self._exit_code = 0
        self._lifeline = os.pipe()
        """Closed at its other end when this process is gone: by that the others know."""

    def run(self) -> int:
        """Return the exit code when all have stopped: that of the first, where it was never ready, else 0.

        The first begins alone: what is wrong with the place where it works is told once.
        """
        with _heard_signals() as signals:
            self._begin(0)
            while self._members or self._due:
                self._look(signals)
        return self._exit_code

    def _look(self, signals: socket.socket) -> None:
        """Wait until something happens, and act on it."""
        heard = wait(
            [
                signals,
                *(member.process.sentinel for member in self._members),
                *(member.told for member in self._members if member.is_awaited),
            ],
            timeout=self._seconds_to_next(),
        )
        if signals in heard:
            for number in signals.recv(16):
                self._stop(number)
        for member in tuple(self._members):
            if member.process.sentinel in heard:
                self._replace(member)
            elif member.told in heard:
                self._greet(member)
        self._keep_time()

    def _seconds_to_next(self) -> float | None:
        moments = [*self._due.values(), *([self._stop_by] if self._stop_by else [])]
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _keep_time(self) -> None:
        now = time.monotonic()
        for number in [number for number, due in self._due.items() if due <= now]:
            del self._due[number]
            self._begin(number, again=True)
        if self._stop_by and self._stop_by <= now:
            log.warning("%d processes did not stop in time, and are ended", len(self._members))
            self._stop_by = now + self._orders.patience
            self._kill_all()

    def _begin(self, number: int, *, again: bool = False) -> None:
        told, tell = self._context.Pipe(duplex=False)
        process = self._context.Process(target=self._live, args=(number, again, tell))
        try:
            with _signals_held():
                process.start()
        except OSError as error:  # the system has no process or memory to spare now
            told.close()
            log.warning("a process could not be begun (%s): tried again", error.strerror)
            self._due[number] = time.monotonic() + _PAUSE
        else:
            self._members.append(_Member(process, told, number))
        finally:
            tell.close()

    def _live(self, number: int, again: bool, tell: Connection) -> None:
        """Be one of them: what a process does."""
        os.setpgid(0, 0)  # Ctrl+C is for whoever begins the processes, who then tells them
        signal.set_wakeup_fd(-1)
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        ours, theirs = self._lifeline
        os.close(theirs)
        Thread(target=_stop_with_its_end, args=(ours,), daemon=True).start()
        self._orders.work(Place(number, again, lambda: tell.send_bytes(b"ready")))

    def _greet(self, member: _Member) -> None:
        member.is_awaited = False
        try:
            member.told.recv_bytes()
        except EOFError:  # it ended, which its sentinel tells
            return
        member.is_ready = True
        if not self._opened and len(self._members) + len(self._due) < self._count and not self._stop_by:
            for number in range(1, self._count):
                self._begin(number)
        elif not self._opened and not self._due and all(member.is_ready for member in self._members):
            self._opened = True
            self._orders.open()

    def _replace(self, member: _Member) -> None:
        process = member.process
        process.join()
        member.told.close()
        self._members.remove(member)
        self._orders.bury(process.pid or 0)
        if self._stop_by:
            return
        if not self._opened and not member.is_ready:
            self._exit_code = max(1, process.exitcode or 0)
            self._stop(signal.SIGTERM)
            return
        log.warning("process %d ended (%s): another begins", process.pid, _how(process.exitcode or 0))
        if member.is_ready:
            self._begin(member.number, again=True)
        else:
            self._due[member.number] = time.monotonic() + _PAUSE

    def _stop(self, number: int) -> None:
        """Tell all to stop; told again, end them and this process."""
        if self._stop_by:
            self._kill_all()
            signal.set_wakeup_fd(-1)
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self._stop_by = time.monotonic() + self._orders.patience
        self._due.clear()
        self._orders.close()
        for member in self._members:
            member.process.terminate()

    def _kill_all(self) -> None:
        for member in self._members:
            member.process.kill()


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _stop_with_its_end(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _heard_signals() -> Iterator[socket.socket]:
    """Hear signals as bytes, and not wherever this process happens to be."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    before = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    signal.set_wakeup_fd(theirs.fileno())
    try:
        yield ours
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals wait: who is forked has its parent's ways of hearing them at first."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
