"""The few things that are worth comparing with what is asked, out of all there are, and which of them is meant.

By code; by name; of bodies all those of a place that is named; and by the pairs of characters that fewest names
have. Made once of things that do not change, and safe to ask from several threads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from heapq import nlargest
from math import log
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology.place_names import same_places

from .likeness import pairs
from .scoring import Candidate, Said, names_of, said, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .scoring import Asked
    from .things import Family, Thing

CERTAIN: Final = 85.0
"""The score from which a candidate may be the one that is meant."""
AHEAD: Final = 2.0
"""How far it is before the next one then."""
LEAST: Final = 35.0
"""The score below which a candidate is not worth showing."""
_MOST_COMPARED: Final = 12
_MOST_LOOKED_AT: Final = 4000
"""Names with a pair of characters in common."""


class Index:
    """All things of a store, by codes, names and pairs of characters."""

    def __init__(self, things: Iterable[Thing]) -> None:
        by_family: defaultdict[Family, list[Thing]] = defaultdict(list)
        for thing in things:
            by_family[thing.family].append(thing)
        self._families = {family: _Family(family, found) for family, found in by_family.items()}
        self._by_iri = {thing.iri: thing for found in by_family.values() for thing in found}

    def __len__(self) -> int:
        return len(self._by_iri)

    def thing(self, iri: str) -> Thing | None:
        """Return the thing of an IRI."""
        return self._by_iri.get(iri)

    def candidates(
        self, asked: Asked, types: frozenset[str] = frozenset(), most: int = 5
    ) -> tuple[Candidate, ...]:
        """Return what may be meant, the likeliest first; of some types only where any are named."""
        asked = asked.with_code_in_text()
        found = [one for family in self._families.values() for one in family.candidates(asked, types)]
        ranked = sorted(found, key=lambda one: (-one.score, one.thing.iri))
        return tuple(_decided(ranked))[:most]

    def beginning(self, text: str, types: frozenset[str] = frozenset(), most: int = 10) -> list[Thing]:
        """Return things with a name or a code that begins with a text or has it within, the nearest first."""
        found = (one for family in self._families.values() for one in family.containing(text, types))
        ranked = sorted(found, key=lambda one: (one[0], len(one[1].name), one[1].iri))
        return [thing for _rank, thing in ranked[:most]]


def _decided(ranked: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield candidates that are worth showing; the first is a match where it is certain and ahead."""
    for place, one in enumerate(ranked):
        if one.score < LEAST:
            return
        ahead = len(ranked) == 1 or one.score - ranked[1].score >= AHEAD
        yield replace(one, match=True) if place == 0 and one.score >= CERTAIN and ahead else one


@dataclass(frozen=True, slots=True)
class _Entry:
    thing: Thing
    names: Said
    pairs: frozenset[str]


class _Family:
    """The things of a family."""

    def __init__(self, family: Family, things: Sequence[Thing]) -> None:
        self._family = family
        self._entries = tuple(map(_entry, things))
        by_code: defaultdict[str, list[int]] = defaultdict(list)
        by_name: defaultdict[str, list[int]] = defaultdict(list)
        by_pair: defaultdict[str, list[int]] = defaultdict(list)
        by_place: defaultdict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            for code in entry.thing.codes | entry.thing.local_codes:
                by_code[code].append(number)
            for name in {reading.name for reading in entry.names.readings}:
                by_name[name].append(number)
            for pair in entry.pairs:
                by_pair[pair].append(number)
            if entry.thing.division:
                by_place[entry.thing.division].append(number)
        self._by_code, self._by_name = MappingProxyType(by_code), MappingProxyType(by_name)
        self._by_pair, self._by_place = MappingProxyType(by_pair), MappingProxyType(by_place)

    def candidates(self, asked: Asked, types: frozenset[str]) -> Iterator[Candidate]:
        """Yield the things that are worth comparing with what is asked, scored."""
        given = said(self._family, asked.text)
        for number in self._worth_comparing(asked, given, types):
            entry = self._entries[number]
            yield score(asked, given, entry.thing, entry.names, self._by_name)

    def containing(self, text: str, types: frozenset[str]) -> Iterator[tuple[int, Thing]]:
        """Yield things that have a text in a name or a code, each with how late it stands there."""
        for entry in self._entries:
            if not types or types.intersection(entry.thing.types):
                told = (*entry.thing.names, *sorted(entry.thing.codes | entry.thing.local_codes))
                places = [place for place in (one.find(text) for one in told) if place >= 0]
                if places:
                    yield min(places), entry.thing

    def _worth_comparing(self, asked: Asked, given: Said, types: frozenset[str]) -> list[int]:
        weights: Counter[int] = Counter()
        for code in asked.codes | {given.code}:
            weights.update(dict.fromkeys(self._by_code.get(code, ()), _FIRST))
        places = asked.places.union(*(reading.places for reading in given.readings))
        near = self._at(places)
        for reading in given.readings:
            named = self._by_name.get(reading.name, ())
            weights.update({number: _FIRST if number in near or not places else 1.0 for number in named})
        wanted = frozenset[str]().union(*(pairs(reading.name) for reading in given.readings))
        for number, weight in self._by_pairs(wanted, near).items():
            weights[number] += weight  # type: ignore[assignment] # a counter of weights
        if types:
            weights = Counter(
                {n: w for n, w in weights.items() if types.intersection(self._entries[n].thing.types)}
            )
        return nlargest(_MOST_COMPARED, weights, key=lambda number: (weights[number], -number))

    def _at(self, places: frozenset[str]) -> frozenset[int]:
        codes = frozenset(code for place in places for code in same_places(place))
        return frozenset(number for code in codes for number in self._by_place.get(code, ()))

    def _by_pairs(self, wanted: frozenset[str], near: frozenset[int]) -> Mapping[int, float]:
        """Return the things that have rare pairs of characters in common with what is wanted, weighed by these.

        Those that are near have all of theirs weighed.
        """
        weights: defaultdict[int, float] = defaultdict(float)
        looked_at = 0
        for pair in sorted(wanted, key=lambda pair: (len(self._by_pair.get(pair, ())), pair)):
            having = self._by_pair.get(pair, ())
            rarity = log(1 + len(self._entries) / (1 + len(having)))
            looked_at += len(having)
            far = having if looked_at <= _MOST_LOOKED_AT else ()
            for number in far:
                weights[number] += rarity
            for number in near.intersection(having):
                weights[number] += rarity * (_NEAR if far else _NEAR + 1)
        return weights


_FIRST: Final = 1000.0
_NEAR: Final = 3.0
"""How much more a pair weighs in the place that is named."""


def _entry(thing: Thing) -> _Entry:
    names = names_of(thing)
    return _Entry(thing, names, frozenset[str]().union(*(pairs(one.name) for one in names.readings)))
