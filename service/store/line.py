"""A line before some places: clients are admitted in turn, and none has more places than its share.

Knows nothing of what is done there: who is admitted has a place until it leaves.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING

from loader.waiting import STANDING_STILL, at_once

from .errors import TooManyQueries
from .watcher import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader.waiting import Waiting

    from .asker import Asker
    from .places import Places
    from .watcher import Watcher


class Turn:
    """A place in the line, or behind it. `wake` ends waiting, `admitted` says whether with success."""

    def __init__(self, client: str, thing: str = "") -> None:
        self.client = client
        self.thing = thing
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
    """Admits as many as there are places. Safe to use from several threads."""

    def __init__(self, places: Places, watcher: Watcher = NOBODY) -> None:
        self._places = places
        self._watcher = watcher
        self._changing = Lock()
        self._inside: Counter[str] = Counter()
        self._things: set[str] = set()
        """For which somebody has a place."""
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        """Those who wait, by client; the client that is next comes first."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @contextmanager
    def place(self, asker: Asker, seconds: float, thing: str = "") -> Iterator[None]:
        """Have a place until the end of the block, and wait so long for it at most.

        `thing`: what is done there, where it needs doing once: whoever comes for the same waits until it is done.
        Raises `TooManyQueries`, and `QueryAbandoned` or `ServiceStopping` where the asker waits no longer.
        """
        with self.turn(asker, thing) as turn:
            at_once(self.admitted(turn, asker, seconds, STANDING_STILL))
            yield

    async def admitted(self, turn: Turn, asker: Asker, seconds: float, waiting: Waiting) -> None:
        """Return when a turn has a place. Raises what `place` does."""
        begun = time.monotonic()
        if not turn.admitted:
            with asker.ending(turn.wake):
                await waiting.work(partial(turn.wait, seconds))
        self._watcher.waited(time.monotonic() - begun)
        asker.refuse_if_left()
        if not turn.admitted:
            raise TooManyQueries(self._places.none_in_time(seconds))

    @contextmanager
    def turn(self, asker: Asker, thing: str = "") -> Iterator[Turn]:
        """Stand in the line. Raises `TooManyQueries` where it is too long already."""
        turn = self._joined(asker, thing)
        try:
            yield turn
        finally:
            self._leave(turn)

    def _joined(self, asker: Asker, thing: str) -> Turn:
        turn = Turn(asker.name, thing)
        with self._changing:
            self._refuse_a_crowd(asker)
            self._waiting.setdefault(turn.client, deque()).append(turn)
            self._admit()
        return turn

    def _refuse_a_crowd(self, asker: Asker) -> None:
        of_one = len(self._waiting.get(asker.name, ()))
        if of_one >= self._places.waiting_of_one:
            raise TooManyQueries(self._places.none_for_one(of_one, asker.whose))
        if self.waiting >= self._places.waiting:
            raise TooManyQueries(self._places.none_at_all())

    def _leave(self, turn: Turn) -> None:
        with self._changing:
            if turn.admitted:
                self._inside[turn.client] -= 1
                self._inside += Counter()  # forgets those who have no place
                self._things.discard(turn.thing)
            else:
                self._wait_no_longer(turn)
            self._admit()

    def _admit(self) -> None:
        while self._inside.total() < self._places.at_once and (turn := self._next()) is not None:
            self._waiting.move_to_end(turn.client)
            self._wait_no_longer(turn)
            self._inside[turn.client] += 1
            self._things |= {turn.thing} - {""}
            turn.admitted = True
            turn.wake()
        self._watcher.in_line(self._inside.total(), self.waiting)

    def _next(self) -> Turn | None:
        """Return who has waited longest of the client that is next, but for what another does just now."""
        return next(
            (
                turn
                for client, turns in self._waiting.items()
                if self._inside[client] < self._places.share
                for turn in turns
                if turn.thing not in self._things
            ),
            None,
        )

    def _wait_no_longer(self, turn: Turn) -> None:
        self._waiting[turn.client].remove(turn)
        if not self._waiting[turn.client]:
            del self._waiting[turn.client]
