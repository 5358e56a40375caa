"""What is asked against one thing: features, each from 0 to 1, and a score of them.

A code that is right is as good as can be. A name counts in the place where it stands: the 教育局 of 路南区 is not
that of 路北区, and without a place it is one of many and certain of none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

from ontology import body_names, place_names
from ontology.divisions import by_code, short_forms
from ontology.identifiers import UNKNOWN_DIVISION, normalise_body_name, normalise_name

from .likeness import likeness
from .things import Family

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from ontology import Division

    from .things import Thing

_A_CODE: Final = re.compile(r"(?=.*\d)[0-9A-Z]{3,24}")
_SAME_PLACE: Final = 1.0
_UNSAID_PLACE: Final = 0.84
"""For bodies and projects: their names alone are those of many."""
_WITHIN: Final = 0.75
_OTHER_PLACE: Final = 0.4
_UNCERTAIN: Final = 0.97
"""For a reading in which a short form stands for a place."""
_ANOTHER_NAME: Final = 0.6
"""How alike a name that is right for something else is at most."""
_PROPER_NAME: Final = 0.8
"""How alike names are at most of which nobody can say whether another character is an error of typing."""
_NOT_QUITE: Final = 0.97
"""For the other one of a department and the unit that it itself is, which share a name."""
_OTHER_CODE: Final = 0.9
"""For a code before the name, which may be somebody's own numbering."""
_CONTRADICTED: Final = 0.75
"""For a code that is given as one: where it contradicts the name, neither is certain."""
_OTHER_WHOLE: Final = 0.6
_FORMER: Final = 0.97
_NOT_VALID: Final = 0.8
_OF_SOME_PLACE: Final = 0.7
_ALIKE: Final = 0.5
"""Names are this alike at least where a code of the same place is no chance."""
_SAME_WHOLE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it may be meant: the codes that the place before it may have, and what is left."""

    places: frozenset[str]
    name: str
    certain: bool = True
    whole: bool = False
    """Whether the place is in the name, as it is written."""


_NO_NAME: Final = Reading(frozenset(), "")


@dataclass(frozen=True, slots=True)
class Said:
    """A name as it is read for a family: its readings, the code before it, and whether it says 本级 or 机关."""

    readings: tuple[Reading, ...]
    code: str = ""
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a name, and what else is known of the thing that is meant."""

    text: str
    codes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    """Codes of divisions that it lies in, or is, where these are said apart from the name."""
    whole: str = ""
    """IRI or name of what it is a part of."""
    year: int | None = None

    def with_code_in_text(self) -> Asked:
        """Return the same, with a text that is a code and no name among the codes.

        >>> Asked("２０３００１").with_code_in_text()
        Asked(text='', codes=frozenset({'203001'}), places=frozenset(), whole='', year=None)
        """
        text = normalise_name(self.text).upper()
        if _A_CODE.fullmatch(text) is None:
            return self
        return replace(self, text="", codes=self.codes | {text})


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason of a score: what was compared (`name`, `place`, `code`, …), and how far it fits, from 0 to 1."""

    id: str
    value: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant; `score` from 0 to 100."""

    thing: Thing
    score: float
    features: tuple[Feature, ...]
    match: bool = False
    """Whether it is meant, and nothing else."""


def said(family: Family, text: str) -> Said:
    """Return a text as it is read for a family; without readings where it says nothing.

    >>> [reading.name for reading in said(Family.PLACE, "唐山市路南区").readings]
    ['路南区']
    """
    if family is Family.BODY:
        name = body_names.read(text)
        readings = tuple(Reading(one.places, one.body, one.certain, one.whole) for one in name.readings)
        return Said(readings, name.code, name.itself)
    plain = normalise_name(text)
    if not plain:
        return Said(())
    return Said(tuple(_of_place(plain)) if family is Family.PLACE else (Reading(frozenset(), plain),))


def _of_place(text: str) -> Iterator[Reading]:
    """Yield what a text may name as a division: the last of its places, below those before it."""
    above = next((place for place in reversed(place_names.chain(text)) if place.rest), None)
    name, places = (above.rest, above.codes) if above else (text, frozenset[str]())
    yield Reading(places, name)


def names_of(thing: Thing) -> Said:
    """Return the names of a thing as they are compared, each in its place."""
    read = [said(thing.family, name) for name in thing.names]
    if thing.family is Family.BODY:
        readings = [other for one in read for reading in one.readings for other in _at_home(reading, thing)]
        return Said(tuple(dict.fromkeys(readings)), itself=any(one.itself for one in read))
    plain = [reading for one in read for reading in one.readings]
    if thing.family is Family.PLACE:
        plain += _shortly(thing)
    return Said(tuple(dict.fromkeys(plain)))


def _shortly(thing: Thing) -> Iterator[Reading]:
    """Yield how a division is called for short, and how the place was called before it had this code."""
    for other in sorted(place_names.same_places(thing.division)):
        known = by_code(other)
        if known is not None:
            short = (*short_forms(known), place_names.stem(known.name))
            told = [form for form in short if len(form) > 1 and form not in thing.names]
            former = [] if known.name in thing.names else [known.name]
            yield from (Reading(frozenset(), form, certain=False) for form in (*told, *former))


def _at_home(reading: Reading, thing: Thing) -> Iterator[Reading]:
    """Yield a reading of the name of a body; in its own place, and with the name of that written out.

    The last is what a typing error in the name of the place is found by.
    """
    home = thing.division if thing.division != UNKNOWN_DIVISION else ""
    places = reading.places or (place_names.same_places(home) if home else frozenset[str]())
    yield replace(reading, places=places)
    if home and home in places and not reading.whole:
        yield from _written_out(by_code(home), reading)


def _written_out(division: Division | None, reading: Reading) -> Iterator[Reading]:
    """Yield a reading with the names of its division, and of those above it."""
    name, codes = reading.name, frozenset[str]()
    while division is not None:
        name = f"{division.name}{name}"
        yield Reading(codes, name, reading.certain, whole=True)
        division = by_code(division.parent) if division.parent else None
        if division is not None:
            yield Reading(place_names.same_places(division.code), name, reading.certain)


def score(asked: Asked, given: Said, thing: Thing, names: Said, others: Container[str]) -> Candidate:
    """Return how well a thing of some `names` fits what is asked, read as `given` for its family.

    `others` are the names (without their places) of all things of the family.
    """
    name, place = _best_fit(asked, given, thing, names, others)
    named = [Feature("name", round(name, 3))] if given.readings else []
    features = [*named, Feature("place", place)]
    total = (name if given.readings else 1.0) * place
    for feature in _besides(asked, given, thing, names):
        features.append(feature)
        total *= feature.value
    code = _code(asked, given, thing, name, place)
    if code is not None:
        features.append(Feature("code", code))
        total = 1.0 if code == 1 else total * code
    return Candidate(thing, round(100 * total, 2), tuple(features))


def _best_fit(
    asked: Asked, given: Said, thing: Thing, names: Said, others: Container[str]
) -> tuple[float, float]:
    """Return how far name and place fit in the readings that fit best."""
    if not given.readings:
        return 0.0, _place(asked, _NO_NAME, names.readings[0], thing)
    best = (0.0, _SAME_PLACE)
    bodies = tuple(reading.name for reading in names.readings if not reading.whole)
    for one, other in product(given.readings, names.readings):
        place = _place(asked, one, other, thing) if one.whole is other.whole else 0.0
        if place > best[0] * best[1]:
            best = max(best, (_name(one, other, bodies, others), place), key=lambda fit: fit[0] * fit[1])
    return best


def _name(one: Reading, other: Reading, bodies: Sequence[str], others: Container[str]) -> float:
    """Return how alike two names are; `bodies` are those of the other thing without the place before them."""
    alike = likeness(one.name, other.name)
    if alike < 1 and (one.name in others or _is_right(one.name)):
        return min(alike, _ANOTHER_NAME)
    if alike < 1 and _has_another_character(one.name, other.name):
        told = [body for body in bodies if other.name.endswith(body)]
        if not any(_is_right(body) or (body != other.name and one.name.endswith(body)) for body in told):
            alike = min(alike, _PROPER_NAME)
    return alike if one.certain and other.certain else alike * _UNCERTAIN


def _has_another_character(one: str, other: str) -> bool:
    """Say whether a character stands in the place of another: 马溪镇 is not 马踏镇.

    >>> _has_another_character("马溪镇", "马踏镇"), _has_another_character("马镇踏", "马踏镇")
    (True, False)
    """
    return len(one) == len(other) and sorted(one) != sorted(other)


def _is_right(name: str) -> bool:
    """Say whether a name is that of something, and no error of typing."""
    return name in body_names.usual() or body_names.names_a_zone(name)


def _place(asked: Asked, one: Reading, other: Reading, thing: Thing) -> float:
    """Return how far the places fit: those before the names, and the one that is said apart."""
    if one.whole:
        if asked.places:
            return _place_of(asked.places, other, thing)
        return _alone(thing) if thing.division == UNKNOWN_DIVISION else _SAME_PLACE
    named = _place_of(one.places, other, thing) if one.places else None
    told = _place_of(asked.places, other, thing) if asked.places else None
    if named is None and told is None:
        return _alone(thing)
    return min(fit for fit in (named, told) if fit is not None)


def _alone(thing: Thing) -> float:
    """Return how far a name fits of which no place is said."""
    return _UNSAID_PLACE if thing.family in {Family.BODY, Family.PROJECT} else _SAME_PLACE


def _place_of(codes: frozenset[str], other: Reading, thing: Thing) -> float:
    home = thing.division
    if codes & other.places or home in codes:
        return _SAME_PLACE
    if not home or home == UNKNOWN_DIVISION:
        return _UNSAID_PLACE
    if codes & place_names.same_places(home):
        return _SAME_PLACE
    if any(place_names.lies_in(home, code) for code in codes):
        return _SAME_PLACE if thing.family is Family.PLACE else _WITHIN
    return _OTHER_PLACE


def _code(asked: Asked, given: Said, thing: Thing, name: float, place: float) -> float | None:
    """Return how far codes fit; None where nothing is said by them."""
    codes = asked.codes | {given.code} - {""}
    if codes & thing.codes:
        return 1.0
    if codes & thing.local_codes:
        fits = place == _SAME_PLACE and (name >= _ALIKE or not given.readings)
        return 1.0 if fits else _OF_SOME_PLACE
    lengths = {len(code) for code in thing.local_codes | thing.codes}
    if lengths.intersection(map(len, asked.codes)):
        return _CONTRADICTED
    if len(given.code) in lengths:
        return _OTHER_CODE
    return _NOT_QUITE if codes else None


def _besides(asked: Asked, given: Said, thing: Thing, names: Said) -> Iterator[Feature]:
    """Yield what speaks for or against a thing apart from name, place and code."""
    if asked.whole and thing.whole:
        yield Feature("whole", 1.0 if _is_whole(asked.whole, thing) else _OTHER_WHOLE)
    if thing.family is Family.BODY and given.itself != names.itself:
        yield Feature("itself", _NOT_QUITE)
    if thing.years is not None:
        first, last = thing.years
        if asked.year is not None:
            valid = first <= asked.year and (last is None or asked.year <= last)
            yield Feature("year", 1.0 if valid else _NOT_VALID)
        elif last is not None:
            yield Feature("year", _FORMER)


def _is_whole(whole: str, thing: Thing) -> bool:
    if whole == thing.whole:
        return True
    return likeness(normalise_body_name(whole), normalise_body_name(thing.whole_name)) >= _SAME_WHOLE
