"""What somebody is told who watches how queries are answered. Knows nothing of who watches, and why."""

from __future__ import annotations


class Watcher:
    """One who hears what happens, from any thread, and must not take long over it. This one looks away."""

    counts = False
    """Whether it wants to know how many statements there are, which takes time in proportion to them."""

    def in_line(self, inside: int, waiting: int) -> None:
        """So many queries run now, and so many wait for their turn."""

    def waited(self, seconds: float) -> None:
        """A query waited so long for its turn."""

    def workers(self, count: int) -> None:
        """So many processes answer queries now."""

    def worker_ended(self) -> None:
        """A process that answered queries has ended: by a query, or by somebody else."""

    def published(self, version: int) -> None:
        """What is read from now on is this version of the data; a later one has a higher number."""

    def counted(self, statements: int) -> None:
        """The data have so many statements."""


NOBODY = Watcher()
"""Who watches where nobody does."""
