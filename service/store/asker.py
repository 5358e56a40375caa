"""Who asks: by which name turns are shared out, and whether somebody still waits for the answer."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .errors import QueryAbandoned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Asker:
    """One who asks; `name` is the same for all that one client asks. Safe to use from several threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._changing = Lock()
        self._left = False
        self._endings: list[Callable[[], None]] = []

    def leave(self) -> None:
        """Wait no longer: what is done for this asker is ended."""
        with self._changing:
            self._left = True
            for end in self._endings:
                end()

    def refuse_if_left(self) -> None:
        """Raise `QueryAbandoned` where nobody waits for an answer any more."""
        if self._left:
            raise QueryAbandoned("whoever asked waits no longer")

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Have `end` called if the asker leaves within the block, and never after it. It must not wait."""
        with self._changing:
            self.refuse_if_left()
            self._endings.append(end)
        try:
            yield
        finally:
            with self._changing:
                self._endings.remove(end)
