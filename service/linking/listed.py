"""Units of researchers' own lists: other names and codes of units of the register, and units besides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ontology.identifiers import division_and_code, normalise_body_name
from ontology.namespaces import JX

from ..answers import select
from .things import BODY, UNIT, Family, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..store import Store

_LISTED: Final = f"""SELECT ?body ?name ?code ?credit {{
    ?entry a <{JX.ListedBody}> ; <{JX.listsBody}> ?body ; <{JX.listedName}> ?name .
    OPTIONAL {{ ?entry <{JX.listedCode}> ?code }}
    OPTIONAL {{ ?entry <{JX.creditCode}> ?credit }}
}} ORDER BY ?body ?name ?code ?credit"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit as a list tells of it; codes are empty where none is told."""

    body: str
    """The IRI that it has by its division and code, or by its name."""
    name: str
    code: str = ""
    credit_code: str = ""

    @property
    def division(self) -> str:
        """The code of the division it lies in."""
        return division_and_code(self.body, self.name)[0]


def listed_in(store: Store) -> tuple[Listed, ...]:
    """Return the units of all lists of a store."""
    columns = ("body", "name", "code", "credit")
    return tuple(Listed(*map(row.text, columns)) for row in select(store, _LISTED))


def with_listed(things: Iterable[Thing], listed: Iterable[Listed]) -> Iterator[Thing]:
    """Yield things with what lists tell of them; behind them the units that only lists tell of."""
    told, known = list(things), _Known()
    for place, thing in enumerate(told):
        if thing.family is Family.BODY:
            known.add(place, thing)
    besides: dict[str, Thing] = {}
    for one in listed:
        at = known.place_of(one)
        if at is None:
            besides[one.body] = _more(besides.get(one.body) or _new(one), one)
        else:
            told[at] = _more(told[at], one)
    yield from told
    yield from besides.values()


class _Known:
    """Where the bodies of the register stand, by IRI, and by division and name."""

    def __init__(self) -> None:
        self._by_iri: dict[str, int] = {}
        self._by_name: defaultdict[tuple[str, str], set[int]] = defaultdict(set)

    def add(self, place: int, thing: Thing) -> None:
        self._by_iri[thing.iri] = place
        for name in thing.names:
            self._by_name[thing.division, normalise_body_name(name)].add(place)

    def place_of(self, one: Listed) -> int | None:
        """Return where the body stands that is meant: by its code; without one by a name that no other has."""
        named = self._by_name.get((one.division, normalise_body_name(one.name)), set())
        by_name = next(iter(named)) if len(named) == 1 and not one.code else None
        return self._by_iri.get(one.body, by_name)


def _new(one: Listed) -> Thing:
    return Thing(one.body, Family.BODY, (one.name,), (UNIT, BODY), division=one.division)


def _more(thing: Thing, one: Listed) -> Thing:
    return replace(
        thing,
        names=tuple(dict.fromkeys([*thing.names, one.name])),
        codes=thing.codes | _told(one.credit_code),
        local_codes=thing.local_codes | _told(one.code),
    )


def _told(code: str) -> frozenset[str]:
    return frozenset([code] if code else [])
