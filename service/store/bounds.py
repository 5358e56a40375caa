"""What one query or update may take, and how many run at a time: whoever takes more gets an error, never a part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .places import QUERIES, Places


@dataclass(frozen=True, slots=True)
class Most:
    """The largest answer: rows (or triples of a graph), and bytes as it is written."""

    rows: int = 1_000_000
    size: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """What queries of strangers may take of a machine."""

    seconds: float = 30
    """How long one may run, and how long it may wait for its turn."""
    memory: int = 2 << 30
    """Address space in bytes that a query or an update may take, beside what its process has before."""
    workers: int = 4
    """Processes that answer; one client has half of them at most."""
    most: Most = field(default_factory=Most)
    waiting: int = 64
    """Queries that wait for their turn; one client has a quarter of these places at most."""
    update_seconds: float = 120
    """How long an update may run, and how long it may wait for others that write."""
    services: frozenset[str] = frozenset()
    """The endpoints, by their IRIs, that queries may ask by SERVICE."""

    @property
    def places(self) -> Places:
        """Where queries run and wait, and how many of these places one client has at most."""
        share, waiting_of_one = max(1, self.workers // 2), max(1, self.waiting // 4)
        return Places(QUERIES, self.workers, share, self.waiting, waiting_of_one)

    def shared_out(self, among: int, number: int) -> Bounds:
        """Return the part of one of several that answer together, by its number from 0; it has one of all at least.

        >>> [Bounds(workers=5).shared_out(2, number).workers for number in range(2)]
        [3, 2]
        """
        return replace(
            self, workers=_part(self.workers, among, number), waiting=_part(self.waiting, among, number)
        )


def _part(whole: int, among: int, number: int) -> int:
    return max(1, whole // among + (number < whole % among))
