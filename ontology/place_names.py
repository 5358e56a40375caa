"""The place that stands before a name: 唐山市路南区教育局, 唐山路南教育局; and one place under several codes.

Names of all years count, because a table of 2017 says 滦县 and one of 2019 滦州市. A place that is named by its full
name is certain; one by a short form may be a word of the name itself (东方红林场), and whoever asks gets both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .divisions import ancestors, by_code, every_division, short_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .divisions import Division

_ENDINGS: Final = ("自治县", "自治旗", "特区", "林区", "地区", "县", "区", "市", "旗", "盟")
_LEAST: Final = 2
"""Characters of a short form: 滦 by itself names nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands before a name: the codes that the most specific of its places may have, and what is left."""

    codes: frozenset[str]
    rest: str
    certain: bool
    """Whether that place was named by its full name."""


def before(text: str) -> tuple[Place, ...]:
    """Return the places that may stand before the rest of a text without blanks, the most specific first.

    >>> [(sorted(place.codes), place.rest) for place in before("河北省唐山市路南区教育局")][0]
    (['130202'], '教育局')
    >>> [(sorted(place.codes)[:1], place.rest, place.certain) for place in before("唐山路南教育局")]
    [(['130202'], '教育局', False), (['130200'], '路南教育局', False)]
    >>> before("教育局")
    ()
    """
    places = chain(text)
    if places and places[-1].certain:
        return (places[-1],)
    certain = next((n for n in range(len(places) - 1, -1, -1) if places[n].certain), 0)
    return tuple(reversed(places[certain:]))


def chain(text: str) -> tuple[Place, ...]:
    """Return the places at the beginning of a text, each within the one before it.

    >>> [place.rest for place in chain("河北省唐山路南区")]
    ['唐山路南区', '路南区', '']
    """
    found: list[Place] = []
    rest, above = text, frozenset[str]()
    while (place := _first(rest, above) or _behind_a_double(text, rest, above)) is not None:
        found.append(place)
        rest, above = place.rest, place.codes
    return tuple(found)


def _behind_a_double(text: str, rest: str, above: frozenset[str]) -> Place | None:
    """Return the place behind a character that was typed twice: 唐山市市路南区."""
    doubled = above and rest and text[-len(rest) - 1] == rest[0]
    return _first(rest[1:], above) if doubled else None


def _first(text: str, above: frozenset[str]) -> Place | None:
    """Return the longest name of a place at the beginning of a text, below the one before it."""
    names = _names()
    for end in range(min(len(text), names.longest), _LEAST - 1, -1):
        for forms, certain in ((names.full, True), (names.short, False)):
            codes = _below(forms.get(text[:end], frozenset()), above)
            if codes and not (text[end - 1] == "市" and text.startswith("场", end)):
                return Place(codes, text[end:], certain)
    return None


def _below(codes: frozenset[str], above: frozenset[str]) -> frozenset[str]:
    """Return the codes that lie below a place, or all where none stands before."""
    return frozenset(code for code in codes if above & _above(code)) if above else codes


@cache
def _above(code: str) -> frozenset[str]:
    """Return the codes above a code, however they were written in other years."""
    division = by_code(code)
    found = ancestors(division) if division else ()
    return frozenset(other for one in found for other in same_places(one))


def lies_in(code: str, place: str) -> bool:
    """Say whether one division lies in another, or is it.

    >>> lies_in("130202", "130200"), lies_in("130202", "130202"), lies_in("130200", "130202")
    (True, True, False)
    """
    return place in same_places(code) or place in _above(code)


@dataclass(frozen=True, slots=True)
class _Names:
    full: Mapping[str, frozenset[str]]
    short: Mapping[str, frozenset[str]]
    longest: int


@cache
def _names() -> _Names:
    full: defaultdict[str, set[str]] = defaultdict(set)
    short: defaultdict[str, set[str]] = defaultdict(set)
    for division in every_division():
        full[division.name].add(division.code)
        for form in (*short_forms(division), stem(division.name)):
            if len(form) >= _LEAST and form != division.name:
                short[form].add(division.code)
    return _Names(_frozen(full), _frozen(short), max(map(len, full)))


def _frozen(codes: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({name: frozenset(found) for name, found in codes.items()})


def stem(name: str) -> str:
    """Return the name of a division without what says of what kind it is; whole where nothing would be left.

    >>> stem("路南区"), stem("滦县"), stem("大厂回族自治县"), stem("唐山市")
    ('路南', '滦', '大厂回族', '唐山')
    """
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    return name.removesuffix(ending) or name


@cache
def same_places(code: str) -> frozenset[str]:
    """Return every code that a place had: 滦县 became 滦州市 in 2018, with another code.

    One began when the other ended, in the same province, and the name begins alike. A code that was given to
    several places means the last of them.

    >>> sorted(same_places("130223")), sorted(same_places("130202"))
    (['130223', '130284'], ['130202'])
    """
    division = by_code(code)
    group = _groups().get((code, division.name), frozenset()) if division else frozenset()
    return frozenset(other for other, _name in group) | {code}


@cache
def codes_over_time(code: str) -> tuple[str, ...]:
    """Return the codes that one place had, sorted, where each change was from one place to one.

    Of a county that was parted, or of two that became one, it is the code alone.

    >>> codes_over_time("130223"), codes_over_time("130284"), codes_over_time("130202"), codes_over_time("654002")
    (('130223', '130284'), ('130223', '130284'), ('130202',), ('654002',))
    """
    division = by_code(code)
    group = _single_groups().get((code, division.name), frozenset()) if division else frozenset()
    return tuple(sorted({other for other, _name in group} | {code}))


@cache
def successions() -> tuple[tuple[Division, Division], ...]:
    """Return what one division became when it ended, and nothing else became: the old one and the new."""
    found = _successions()
    heirs = Counter(old for old, _ in found)
    forebears = Counter(new for _, new in found)
    return tuple((old, new) for old, new in found if heirs[old] == forebears[new] == 1)


@cache
def _groups() -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Return, by code and name, all codes and names under which one place went on."""
    return _joined(_successions())


@cache
def _single_groups() -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Return the same for places that were never parted or made one with others."""
    return _joined(successions())


@cache
def _successions() -> tuple[tuple[Division, Division], ...]:
    """Return each division that ended with each that it went on as."""
    begun: defaultdict[tuple[int, str, str], list[Division]] = defaultdict(list)
    for division in every_division():
        begun[division.valid_from, division.code[:2], division.name[0]].append(division)
    return tuple(
        (old, new)
        for old in every_division()
        if old.valid_until is not None
        for new in begun[old.valid_until, old.code[:2], old.name[0]]
        if new is not old and _went_on_as(old, new)
    )


def _joined(
    pairs: Iterable[tuple[Division, Division]],
) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    groups: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for old, new in pairs:
        _join(groups, (old.code, old.name), (new.code, new.name))
    return MappingProxyType(groups)


def _join(
    groups: dict[tuple[str, str], frozenset[tuple[str, str]]], one: tuple[str, str], other: tuple[str, str]
) -> None:
    both = groups.get(one, frozenset([one])) | groups.get(other, frozenset([other]))
    groups.update(dict.fromkeys(both, both))


def _went_on_as(old: Division, new: Division) -> bool:
    """Say whether a division became another when it ended."""
    if old.level is not new.level:
        return False
    one, other = stem(old.name), stem(new.name)
    if len(one) < _LEAST:
        return old.parent == new.parent and other.startswith(one)
    return one == other
