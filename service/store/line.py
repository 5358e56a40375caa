"""A line before some places: clients are admitted in turn, and none has more places than its share.

Knows nothing of queries and processes: who is admitted has a place until it leaves.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from contextlib import contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING

from .errors import TooManyQueries
from .watcher import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .bounds import Bounds
    from .watcher import Watcher


class Turn:
    """A place in the line, or behind it. `wake` ends waiting, `admitted` says whether with success."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.admitted = False
        self._woken = Event()

    def wake(self) -> None:
        """Let whoever waits look what became of the turn."""
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Wait for being admitted or woken, so long at most."""
        if not self.admitted:
            self._woken.wait(seconds)


class Line:
    """Admits as many as `bounds` has workers."""

    def __init__(self, bounds: Bounds, watcher: Watcher = NOBODY) -> None:
        self._bounds = bounds
        self._watcher = watcher
        self._changing = Lock()
        self._inside: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        """Those who wait, by client; the client that is next comes first."""

    @contextmanager
    def turn(self, client: str) -> Iterator[Turn]:
        """Stand in the line. Raises `TooManyQueries` where it is too long already."""
        turn = self._joined(client)
        try:
            yield turn
        finally:
            self._leave(turn)

    def _joined(self, client: str) -> Turn:
        turn = Turn(client)
        with self._changing:
            self._refuse_a_crowd(client)
            self._waiting.setdefault(client, deque()).append(turn)
            self._admit()
        return turn

    def _refuse_a_crowd(self, client: str) -> None:
        of_one = len(self._waiting.get(client, ()))
        if of_one >= self._bounds.waiting_of_one:
            raise TooManyQueries(
                f"{of_one} queries of yours wait already: ask again when some of them are answered"
            )
        if self._all_waiting() >= self._bounds.waiting:
            raise TooManyQueries(f"{self._bounds.waiting} queries wait already: ask again in a while")

    def _leave(self, turn: Turn) -> None:
        with self._changing:
            if turn.admitted:
                self._inside[turn.client] -= 1
                self._inside += Counter()  # forgets those who have no place
            else:
                self._waiting[turn.client].remove(turn)
                self._forget_if_none_waits(turn.client)
            self._admit()

    def _admit(self) -> None:
        while self._inside.total() < self._bounds.workers and (client := self._next()) is not None:
            turn = self._waiting[client].popleft()
            self._waiting.move_to_end(client)
            self._forget_if_none_waits(client)
            self._inside[client] += 1
            turn.admitted = True
            turn.wake()
        self._watcher.in_line(self._inside.total(), self._all_waiting())

    def _next(self) -> str | None:
        return next((client for client in self._waiting if self._inside[client] < self._bounds.share), None)

    def _all_waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _forget_if_none_waits(self, client: str) -> None:
        if not self._waiting[client]:
            del self._waiting[client]
