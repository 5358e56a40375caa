"""Who asks: by which name turns are shared out, and whether somebody still waits for the answer."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .errors import QueryAbandoned, ServiceStopping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .errors import StoreError


class Asker:
    """One who asks; `name` is the same for all that one client asks. Safe to use from several threads.

    `whose`: how its queries are told from others' when it asks too many: "16 queries of yours wait already".
    """

    def __init__(self, name: str, whose: str = "of yours") -> None:
        self.name = name
        self.whose = whose
        self._changing = Lock()
        self._over: StoreError | None = None
        self._endings: list[Callable[[], None]] = []

    def for_all(self) -> Asker:
        """Return one of the same name that does not leave with this one: what it asks for is for others too."""
        return Asker(self.name, self.whose)

    def leave(self) -> None:
        """Wait no longer: what is done for this asker is ended."""
        self._end(QueryAbandoned("whoever asked waits no longer"))

    def dismiss(self) -> None:
        """Let this asker wait no longer, because the service stops."""
        self._end(
            ServiceStopping("the service was stopped before the answer was there: ask again in a while")
        )

    def _end(self, why: StoreError) -> None:
        with self._changing:
            self._over = self._over or why
            for end in self._endings:
                end()

    def refuse_if_left(self) -> None:
        """Raise `QueryAbandoned` or `ServiceStopping` where nobody waits for an answer any more."""
        if self._over is not None:
            raise self._over

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
