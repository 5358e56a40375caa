"""How public bodies are called: 唐山市路南区发展和改革局本级, 路南区发改局, 203001 中共路南区委组织部.

A name is read into the place that stands before it and what the body is called there, in one canonical form: short
(`body_words.csv`: what a word is said for short). Several readings where a short form of a place may be a word of
the name. `usual_bodies.csv` lists names that are right names of bodies wherever one stands: no typing error makes
财政局 of 民政局.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from . import place_names
from .identifiers import normalise_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE: Final = re.compile(r"\[?\(?(\d{3,10})\)?\]?[-_—–.、:|/]*(?=\D)")
_ITSELF: Final = re.compile(r"[-—]?\(?(?:本级|机关|本部|本级机关|机关本级)\)?$")
_NOISE: Final = re.compile(r"\(?(?:部门预算|部门|汇总|单位)\)?$")
_BEFORE_PLACES: Final = (
    "中国共产党",
    "中共",
    "中国人民政治协商会议",
    "政协",
    "中国共产主义青年团",
    "共产主义青年团",
    "共青团",
    "中国国民党革命委员会",
    "中国民主同盟",
    "中国民主建国会",
    "中国民主促进会",
    "中国农工民主党",
    "九三学社",
    "民革",
    "民盟",
    "民建",
    "民进",
)
"""What the name of a place may stand behind."""
_SOME_PLACE: Final = re.compile(r"[本省市县区州旗](?=.{2})")
"""What stands for the place in a name that is used there: 区教育局."""
_NUMBERED: Final = re.compile(r"第?(\d{1,2})(?=[中小幼高初职医完实])")
_NUMERALS: Final = "〇一二三四五六七八九"
_ORDINAL: Final = re.compile(r"第([一二三四五六七八九十]+)(初级中学|中学|小学|幼儿园|高级中学|实验小学)")
_SHORT_SCHOOLS: Final = {
    "初级中学": "初中",
    "中学": "中",
    "小学": "小",
    "幼儿园": "幼",
    "高级中学": "高中",
    "实验小学": "实小",
}
_PARTY: Final = re.compile(r"^中共(?=.)")
"""组织部 is the Party's, whether it says so or not."""
_ZONE: Final = re.compile(r".{0,8}?(?:开发|高新|经开|高新技术产业|度假|示范|保税|管理|园|新)区")
"""What is no division and has bodies like one: 高新区."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it may be meant: the codes of the place that stands before it, and the body in short words."""

    places: frozenset[str]
    """Codes that the place may have, all of which are meant by one name; empty where none stands before."""
    body: str
    certain: bool
    """Whether the place was named by its full name, or none was."""
    whole: bool = False
    """Whether the place is still in the words, which are as they are written then."""


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name with what is known of it apart from its words."""

    readings: tuple[Reading, ...]
    code: str = ""
    """The code that stands before the name."""
    itself: bool = False
    """Whether it says 本级 or 机关: the unit that the department itself is."""


def read(name: str) -> BodyName:
    """Return the readings of a name, the likeliest first; none of a text that is empty.

    >>> [(sorted(reading.places), reading.body) for reading in read("唐山市路南区发展和改革局（本级）").readings]
    [(['130202'], '发改局'), (['130202'], '发展和改革局')]
    >>> read("203001-中共路南区委组织部").code, read("中国共产党路南区委员会组织部").readings[0].body
    ('203001', '组织部')
    >>> read("教育局机关").itself, read("区教育局").readings[-1].body, read("第１中学").readings[0].body
    (True, '教育局', '一中')
    """
    text = normalise_name(name)
    code = _CODE.match(text)
    text = text[code.end() :] if code else text
    text = _NOISE.sub("", text) or text
    plain = _ITSELF.sub("", text) or text
    return BodyName(tuple(dict.fromkeys(_readings(plain))), code[1] if code else "", itself=plain != text)


def _readings(text: str) -> Iterator[Reading]:
    """Yield the readings of a text; what a full name of a place says is not read as anything else."""
    head = next((head for head in _BEFORE_PLACES if text.startswith(head)), "")
    places = [place for place in place_names.before(text.removeprefix(head)) if place.rest]
    for place in places:
        yield from _in_words(place.codes, head + place.rest, certain=place.certain)
    if places and places[0].certain:
        return
    if text:
        yield from _in_words(frozenset(), text, certain=True)
        yield Reading(frozenset(), text, certain=True, whole=True)
    some = _SOME_PLACE.match(text.removeprefix(head))
    if some:
        yield Reading(frozenset(), short_words(head + text.removeprefix(head)[some.end() :]), certain=False)


def _in_words(places: frozenset[str], text: str, *, certain: bool) -> Iterator[Reading]:
    """Yield a name in short words, and as it is written: an error of typing hides a word."""
    for words in dict.fromkeys((short_words(text), text)):
        yield Reading(places, words, certain)


def names_a_zone(body: str) -> bool:
    """Say whether a name begins with a zone, which is no division but has bodies like one.

    >>> names_a_zone("高新区教育局"), names_a_zone("教育局")
    (True, False)
    """
    return _ZONE.match(body) is not None


@cache
def short_words(text: str) -> str:
    """Return the name of a body, without its place, in its short words: one form for all that are said.

    >>> short_words("人力资源和社会保障局"), short_words("人社局"), short_words("第三初级中学"), short_words("三小")
    ('人社局', '人社局', '三初中', '三小')
    """
    text = _NUMBERED.sub(lambda found: f"第{_numeral(int(found[1]))}", text)
    text = _ORDINAL.sub(lambda found: f"{found[1]}{_SHORT_SCHOOLS[found[2]]}", text)
    for said, short in _words():
        text = text.replace(said, short)
    return _PARTY.sub("", text)


def _numeral(number: int) -> str:
    """Return a number below 100 as it is written in names.

    >>> _numeral(3), _numeral(10), _numeral(12), _numeral(25)
    ('三', '十', '十二', '二十五')
    """
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return ten + (_NUMERALS[ones] if ones or not tens else "")


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Return what is said and its short form, in the order of the file: a word may be made of those before it."""
    return tuple((row["said"], row["short"]) for row in _rows("body_words.csv"))


@cache
def usual() -> frozenset[str]:
    """Return the names of bodies that there are in most places, in short words."""
    return frozenset(short_words(row["name"]) for row in _rows("usual_bodies.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files(__package__) / name
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
