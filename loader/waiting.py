"""How one waits for another process or a place: by standing still, or by doing something else meanwhile.

What has to wait is written once, as a coroutine that is handed its way of waiting. One that stands still never lets
go of its thread, so `at_once` can run it where there is no event loop.
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_Answer = TypeVar("_Answer")


class Waiting(Protocol):
    """A way of waiting."""

    async def work(self, work: Callable[[], _Answer]) -> _Answer:
        """Return what some work returns that takes its time."""

    async def heard(self, descriptor: int, seconds: float) -> bool:
        """Return whether there is something to read within so many seconds, as soon as there is."""


class StandingStill:
    """Waits in the thread that waits."""

    async def work(self, work: Callable[[], _Answer]) -> _Answer:
        """Do it here."""
        return work()

    async def heard(self, descriptor: int, seconds: float) -> bool:
        """Ask the system."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(1000 * seconds))


STANDING_STILL: Final = StandingStill()


def at_once(coroutine: Coroutine[object, None, _Answer]) -> _Answer:
    """Return what a coroutine returns that waits standing still."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: _Answer = done.value
        return answer
    coroutine.close()
    raise RuntimeError("this waits in an event loop, where there is none")
