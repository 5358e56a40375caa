"""Who waits for an answer now, and whether the service is stopping: what is known to whoever stops it.

All of it happens in the event loop of one process.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .store import Asker


class Attendance:
    """Those who wait for an answer of one service."""

    def __init__(self) -> None:
        self._present: set[Asker] = set()
        self.is_stopping = False
        """Whether the service was told to stop: it answers, and wants to be sent no more."""

    @contextmanager
    def of(self, asker: Asker) -> Iterator[None]:
        """Know that somebody waits for an answer until the end of the block."""
        self._present.add(asker)
        try:
            yield
        finally:
            self._present.discard(asker)

    def begin_to_stop(self) -> None:
        """Say that the service is about to stop."""
        self.is_stopping = True

    def dismiss_all(self) -> None:
        """End what is done for those who still wait."""
        for asker in tuple(self._present):
            asker.dismiss()
