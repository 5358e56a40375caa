"""The units of targets: which unit a printed spelling means, and what it is worth in its base unit.

The words are in `units.ttl`. Three kinds of unit are made here and need no entry there: a scale before a unit
(十万亩), a unit per other units (万元/队/年), and a counting word no list has: counting words are an
open set. `triples` describes these, so that a graph that uses one also says what it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, SKOS, XSD

from .identifiers import minted_unit
from .namespaces import JX, JXC
from .vocabulary import graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]

SCHEME: Final = JXC["unit"]
_UNIT: Final = str(JXC["unit/"])
COUNT: Final = JXC["dimension/count"]
MONEY: Final = JXC["dimension/money"]
RATIO: Final = JXC["dimension/ratio"]
TIME: Final = JXC["dimension/time"]
MONEY_RATE: Final = JXC["dimension/money-rate"]
RATE: Final = JXC["dimension/rate"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement. Two units are equal when they mean the same, however they are printed."""

    iri: URIRef
    notation: str = field(compare=False)
    """The spelling to print; for a unit made here, the spelling it was made from."""
    dimension: URIRef
    factor: Decimal | None
    """How many base units of the dimension it is worth; None where no factor converts it (℃)."""
    numerator: Unit | None = None
    per: tuple[Unit, ...] = ()
    known: bool = True
    """False for a unit that is not in `units.ttl`: whoever states it also states its `triples`."""

    @property
    def slug(self) -> str:
        """Return the last segment of the IRI.

        >>> unit("万元/队/年").slug
        'wan-yuan-per-team-year'
        """
        return self.iri.removeprefix(_UNIT)

    @property
    def minted(self) -> bool:
        """Return whether a counting word that no list has is part of it."""
        return re.search(r"(^|-)x-[0-9a-f]{12}($|-)", self.slug) is not None


# --- spelling -----------------------------------------------------------------------------------------

_DASHES = dict.fromkeys("‐‑‒–—―−─━﹣－", "-")
_WAVES = dict.fromkeys("～〜∼", "~")
_DOTS = dict.fromkeys("·•・∙⋅‧", "·")
_BRACKETS = dict(zip("［］【】〔〕｛｝〖〗[]{}", "()" * 7, strict=True))
_SIGNS: Final = str.maketrans({**_DASHES, **_WAVES, **_DOTS, **_BRACKETS})
_LEFT_ALONE: Final = frozenset({"No", "Nl"})
_DROPPED: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def plain(text: str) -> str:
    """Return printed text as it is compared: one width, one kind of dash, dot and bracket, no blanks.

    Numerals that are no digits (① ½ Ⅲ) stay what they are: NFKC would make ①100% read 1100%. A raised 2 or 3
    behind m or 米 is the exception: it makes an area or a volume.

    >>> plain("１２ ㎡")
    '12m2'
    >>> plain("①100％")
    '①100%'
    """
    text = re.sub(r"(?<=[mM米])[²³]", lambda raised: "23"["²³".index(raised[0])], text)
    return "".join(_fold(character) for character in text)


@lru_cache(maxsize=1 << 14)
def _fold(character: str) -> str:
    """Return the plain form of one character."""
    character = character.translate(_SIGNS)
    if "!" <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category in _LEFT_ALONE:
        return character
    if category in _DROPPED:
        return ""
    return "".join(unicodedata.normalize("NFKC", character).split()).translate(_SIGNS)


# --- what the Turtle says -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """The content of `units.ttl`, by plain spelling and by IRI."""

    by_spelling: Mapping[str, Unit]
    english: Mapping[URIRef, str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    """Take the units from the graph of the ontology, once a process (about 40 ms)."""
    words = graph()
    known = {iri: _described(words, iri) for iri in words.subjects(RDF.type, JX.Unit)}
    spellings = {
        plain(str(notation)): described
        for iri, described in known.items()
        for notation in words.objects(iri, SKOS.notation)
    }
    english = {described.iri: _label(words, described.iri, "en") for described in known.values()}
    return _Words(MappingProxyType(spellings), MappingProxyType(english))


def _described(words: Graph, iri: Node) -> Unit:
    """Return one unit as the Turtle describes it."""
    factor = words.value(iri, JX.factor)
    return Unit(
        iri=URIRef(str(iri)),
        notation=_label(words, iri, "zh"),
        dimension=URIRef(str(words.value(iri, JX.dimension))),
        factor=None if factor is None else Decimal(str(factor)),
    )


def _label(words: Graph, iri: Node, language: str) -> str:
    """Return the preferred label in a language; the Turtle has one of each for every unit."""
    labels = (label for label in words.objects(iri, SKOS.prefLabel) if isinstance(label, Literal))
    return next(str(label) for label in labels if label.language == language)


def every_spelling() -> Mapping[str, Unit]:
    """Return every spelling of `units.ttl`, plain, and the unit it means."""
    return _words().by_spelling


# --- from spelling to unit ------------------------------------------------------------------------------

SCALES: Final[Mapping[str, tuple[str, Decimal]]] = MappingProxyType(
    {
        "百": ("bai", Decimal(100)),
        "千": ("qian", Decimal(1_000)),
        "万": ("wan", Decimal(10_000)),
        "十万": ("shi-wan", Decimal(100_000)),
        "百万": ("bai-wan", Decimal(1_000_000)),
        "千万": ("qian-wan", Decimal(10_000_000)),
        "亿": ("yi", Decimal(100_000_000)),
        "十亿": ("shi-yi", Decimal(1_000_000_000)),
        "百亿": ("bai-yi", Decimal(10_000_000_000)),
        "千亿": ("qian-yi", Decimal(100_000_000_000)),
        "万亿": ("wan-yi", Decimal(1_000_000_000_000)),
    }
)
"""Scales that may stand before a unit (万亩): the slug, and the number they stand for."""

_SCALED = re.compile(rf"(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?P<unit>.+)")
_COUNTING_WORD = re.compile(r"[㐀-鿿]{1,8}(\([㐀-鿿]{1,4}\))?|[A-Za-zμΩ°]{2,8}[23]?")


def unit(spelling: str) -> Unit | None:
    """Return the unit a spelling means, minting a counting word that is not known; None for no unit at all.

    >>> unit("百分比").slug
    'percent'
    >>> unit("元/人*月").slug == unit("元/（人·月）").slug == "yuan-per-person-month"
    True
    >>> unit("12") is None
    True
    """
    return _resolve(plain(spelling), mint=True)


def spelt(spelling: str) -> Unit | None:
    """Return the unit a spelling means when every word of it is known; nothing is minted.

    >>> spelt("元/平方米").slug
    'yuan-per-square-metre'
    >>> spelt("全部满意") is None
    True
    """
    return _resolve(plain(spelling), mint=False)


@lru_cache(maxsize=4096)
def _resolve(text: str, *, mint: bool) -> Unit | None:
    """Resolve a plain spelling: as listed, compound, scaled, or minted."""
    listed = every_spelling().get(text) or every_spelling().get(text.replace("·", ""))
    if listed:
        return listed
    if "/" in text or text.rfind("每") > 0:
        return _compound(text, mint=mint)
    return _scaled(text) or (_minted(text) if mint else None)


def _scaled(text: str) -> Unit | None:
    """Resolve a scale before a listed unit: 十万亩."""
    scale, base = _scale_and_base(text)
    if base is None:
        return None
    slug, number = SCALES[scale]
    factor = None if base.factor is None else base.factor * number
    return Unit(URIRef(f"{_UNIT}{slug}-{base.slug}"), text, base.dimension, factor, known=False)


def _scale_and_base(text: str) -> tuple[str, Unit | None]:
    """Split a scale from the listed unit behind it; without one of them there is no base."""
    match = _SCALED.fullmatch(text)
    return (match["scale"], every_spelling().get(match["unit"])) if match else ("", None)


def _minted(text: str) -> Unit | None:
    """Mint a counting word; a scale before it is its factor (万筐), but a scale alone is no unit."""
    if text in SCALES or not _COUNTING_WORD.fullmatch(text):
        return None
    scaled = _SCALED.fullmatch(text)
    factor = SCALES[scaled["scale"]][1] if scaled else Decimal(1)
    return Unit(minted_unit(text), text, COUNT, factor, known=False)


def _compound(text: str, *, mint: bool) -> Unit | None:
    """Resolve a unit per other units: 万元/队/年, 元/(队·年), 元/人*月, 元每人每年."""
    above, *below = re.split(r"/每?|(?<=.)每", text)
    parts = _parts(below)
    numerator = _resolve(above, mint=mint) if above else None
    per = tuple(part for part in (_resolve(name, mint=mint) for name in parts) if part)
    if numerator is None or not per or len(per) != len(parts) or any(part.per for part in (numerator, *per)):
        return None
    slug = f"{numerator.slug}-per-{'-'.join(part.slug for part in per)}"
    dimension = MONEY_RATE if numerator.dimension == MONEY else RATE
    return Unit(URIRef(_UNIT + slug), text, dimension, numerator.factor, numerator, per, known=False)


def _parts(below: list[str]) -> list[str]:
    """Return the spellings below the line: 人 beside 次 is one unit, and 人月 is two, so that no two differ.

    >>> _parts(["(队·年)"]), _parts(["人", "次"]), _parts(["人月"])
    (['队', '年'], ['人次'], ['人', '月'])
    """
    joined: list[str] = []
    for name in (name for part in below for name in re.split(r"[·*×.]", part.strip("()"))):
        together = every_spelling().get(f"{joined[-1]}/{name}") if joined else None
        joined[-1:] = [*joined[-1:], *_factors(name)] if together is None else [together.notation]
    return joined


def _factors(name: str) -> tuple[str, ...]:
    """Return the two units of a product written together, else the one unit.

    >>> _factors("人月"), _factors("人次")
    (('人', '月'), ('人次',))
    """
    product = every_spelling().get(name)
    pair = [every_spelling().get(half) for half in (name[:1], name[1:])]
    slugs = "-".join(half.slug for half in pair if half)
    return (name[:1], name[1:]) if product and all(pair) and slugs == product.slug else (name,)


# --- what a graph must say of a unit that the Turtle does not have --------------------------------------


def triples(unit: Unit) -> Iterator[Triple]:
    """Yield what is to be stated of a unit that `units.ttl` does not have, its unknown parts included.

    For a unit of the Turtle nothing is yielded: the graph of code lists has it.
    """
    if unit.known:
        return
    parts = (unit.numerator, *unit.per) if unit.numerator else unit.per
    for part in parts:
        yield from triples(part)
    yield (unit.iri, RDF.type, JX.Unit)
    yield (unit.iri, RDF.type, SKOS.Concept)
    yield (unit.iri, SKOS.inScheme, SCHEME)
    yield (unit.iri, JX.dimension, unit.dimension)
    if unit.factor is not None:
        yield (unit.iri, JX.factor, Literal(_canonical(unit.factor), datatype=XSD.decimal))
    if unit.numerator is not None:
        yield (unit.iri, JX.numeratorUnit, unit.numerator.iri)
    for part in unit.per:
        yield (unit.iri, JX.perUnit, part.iri)
    for notation in _notations(unit):
        yield (unit.iri, SKOS.notation, Literal(notation))
    yield from _wording(unit)


def _wording(unit: Unit) -> Iterator[Triple]:
    """Yield labels and definitions in both languages; they do not depend on how the unit was printed."""
    chinese, english = _chinese(unit), _english(unit)
    yield (unit.iri, SKOS.prefLabel, Literal(chinese, lang="zh"))
    yield (unit.iri, SKOS.prefLabel, Literal(english, lang="en"))
    made = "由单位组合而成" if not unit.minted else "表格中印出的量词，尚未列入计量单位表"
    built = (
        "Made of other units" if not unit.minted else "A counting word as printed, not in the list of units"
    )
    yield (unit.iri, SKOS.definition, Literal(f"{chinese}：{made}", lang="zh"))
    yield (unit.iri, SKOS.definition, Literal(f"{english}: {built}", lang="en"))


def _notations(unit: Unit) -> tuple[str, ...]:
    """Return the spellings of a unit made here: as printed, and the usual ways to write it."""
    spellings = [unit.notation, _chinese(unit)]
    if unit.numerator and len(unit.per) > 1:
        below = "·".join(_chinese(part) for part in unit.per)
        above = _chinese(unit.numerator)
        spellings += [f"{above}/({below})", f"{above}/{below}"]
    return tuple(dict.fromkeys(spellings))


def _chinese(unit: Unit) -> str:
    """Return the Chinese label: 万元/队/年, whatever the spelling it was made from."""
    if unit.numerator is not None:
        return "/".join(_chinese(part) for part in (unit.numerator, *unit.per))
    scale, base = _scale_and_base(unit.notation)
    return unit.notation if unit.known or base is None else scale + base.notation


def _english(unit: Unit) -> str:
    """Return the English label: ten thousand yuan per team per year."""
    if unit.numerator is not None:
        return " per ".join(_english(part) for part in (unit.numerator, *unit.per))
    if unit.known:
        return _words().english[unit.iri]
    scale, base = _scale_and_base(unit.notation)
    return f"{SCALES[scale][1]:,} × {_english(base)}" if base else f"{unit.notation} (counting word)"


def _canonical(number: Decimal) -> str:
    """Return a decimal without exponent and with no digit too many."""
    return format(number.normalize(), "f")
