"""How many are served at a time and how many wait for it, of all and of one client; and how that is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What clients stand in line for, in the words in which they are told of it."""

    one: str
    several: str
    done: str
    """What becomes of it: a query is answered, a report is made."""


QUERIES = Wanted("query", "queries", "answered")


@dataclass(frozen=True, slots=True)
class Places:
    """The places before which a line forms, and in it."""

    wanted: Wanted
    at_once: int
    share: int
    """Those that one client has at a time at most."""
    waiting: int
    waiting_of_one: int
    """Those of one client that wait at most."""

    def none_for_one(self, waiting: int, whose: str) -> str:
        """Return what is told to one of whom so many wait already.

        >>> Places(QUERIES, 4, 2, 64, 16).none_for_one(16, "of yours")
        '16 queries of yours wait already: ask again when some of them are answered'
        """
        return (
            f"{waiting} {self.wanted.several} {whose} wait already: "
            f"ask again when some of them are {self.wanted.done}"
        )

    def none_at_all(self) -> str:
        """Return what is told where as many wait as may.

        >>> Places(QUERIES, 4, 2, 64, 16).none_at_all()
        '64 queries wait already: ask again in a while'
        """
        return f"{self.waiting} {self.wanted.several} wait already: ask again in a while"

    def none_in_time(self, seconds: float) -> str:
        """Return what is told to one who has waited for so long.

        >>> Places(QUERIES, 4, 2, 64, 16).none_in_time(30)
        'the query did not get its turn within 30 s, because others are answered: ask again in a while'
        """
        return (
            f"the {self.wanted.one} did not get its turn within {seconds:g} s, "
            f"because others are {self.wanted.done}: ask again in a while"
        )
