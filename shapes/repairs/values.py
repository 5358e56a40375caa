"""Target values that lack a unit or a sign, or in which a scan misread the sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import Literal
from rdflib.namespace import PROV, SKOS

from ontology import units
from ontology.namespaces import JX, JXC

from ..finding import Suggestion
from ..rule_book import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.term import Node

    from .material import Material

_MISREAD = re.compile(r"2(?P<percent>(?:[0-9]{2}(?:\.[0-9]+)?|100)\s*[%％])|二(?P<number>[0-9].*)")
_NUMBER_ONLY = re.compile(r"(?P<printed>[^0-9]*[0-9][0-9.,，]*)\s*(?P<scale>[十百千万亿]*)")
_NUMBER_FIRST = re.compile(r"[0-9].*", re.DOTALL)
_RATE = re.compile(r"(?:率|度|占比|比例|比重)$")
_COUNTED = re.compile(r"(?P<word>人次|场次|批次|\w)(?:数量|数)$")
_AT_LEAST: Final[Mapping[str, Text]] = {  # read only
    "TV-08": Text("满意度是下限，应写“≥”", "satisfaction has a lower bound: write ≥"),
    "CO-05": Text("名称要求“不低于”，应写“≥”", "the name says “at least”: write ≥"),
}


def with_the_sign_that_was_misread(material: Material, target: Node) -> Iterator[Suggestion]:
    """Yield ≥90% for 290%, and =95% for 二95%."""
    for quote in material.quotes(target, None):
        match = _MISREAD.fullmatch(quote.text.strip())
        if match is not None:
            sign = "≥" if match["percent"] else "="
            taken = quote.text.strip()[0]
            reason = Text(f"“{taken}”可能是误识的“{sign}”", f"“{taken}” is probably a misread “{sign}”")
            yield Suggestion(quote, f"{sign}{match['percent'] or match['number']}", reason)


def with_what_it_lacks(material: Material, rule: str, target: Node) -> Iterator[Suggestion]:
    """Yield the text of a target with the unit or the sign that it lacks.

    A value that is split over columns has no suggestion: nobody knows which cell lacks something.
    """
    quotes = material.quotes(target, None)
    if len(quotes) != 1:
        return
    text, reasons = quotes[0].text.strip(), list[Text]()
    lacking = _unit_lacking(material, rule, target, text)
    if lacking is not None:
        text = lacking.text
        reasons.append(lacking.reason)
    if rule in _AT_LEAST and _NUMBER_FIRST.fullmatch(text) and not _has_sign(material, target):
        text = f"≥{text}"
        reasons.append(_AT_LEAST[rule])
    if reasons:
        joined = Text("；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons))
        yield Suggestion(quotes[0], text, joined)


def _has_sign(material: Material, target: Node) -> bool:
    return (target, JX.comparatorExplicit, Literal(True)) in material.data


@dataclass(frozen=True, slots=True)
class _Completed:
    """A text with its unit, or the unit by itself, and why it is that one."""

    text: str
    reason: Text


def _unit_lacking(material: Material, rule: str, target: Node, text: str) -> _Completed | None:
    """Return the text with the unit that column, kind of indicator or name imply; None where it has one.

    A name that counts (村数) implies its word whatever the loader took the value for; in the column of costs only
    money can be meant, and in that of quantities no money.
    """
    number = _NUMBER_ONLY.fullmatch(text)
    if number is None or (target, JX.unitExplicit, Literal(True)) in material.data:
        return None
    name = _name(material, target)
    unit = _unit_implied(material, rule, target, name, number["scale"])
    return None if unit is None else _Completed(f"{number['printed']}{unit.text}", unit.reason)


def _unit_implied(material: Material, rule: str, target: Node, name: str, scale: str) -> _Completed | None:
    if rule == "TV-06":
        return _money_of_the_table(material, target, scale)
    if word := _counting_word(name):
        by_name = Text(f"按名称“{name}”，单位应为“{word}”", f"by the name “{name}” the unit should be {word}")
        return _Completed(f"{scale}{word}", by_name)
    if rule == "TV-04":
        return None
    if scale and _is_money(material, target):
        told = f"{scale}元"
        return _Completed(
            told, Text(f"是金额，单位应为“{told}”", f"it is an amount of money: the unit should be {told}")
        )
    if (rule == "TV-08" or _RATE.search(name)) and not scale:
        return _Completed("%", Text(f"“{name}”以百分数计", f"“{name}” is told in percent"))
    return None


def _money_of_the_table(material: Material, target: Node, scale: str) -> _Completed | None:
    """Return 万元 where the table of the target states amounts in it, 亿元 behind a scale of 亿."""
    unit = f"{scale}元" if scale else _money_unit(material, target)
    if not unit:
        return None
    zh = "成本指标以金额计" + ("" if scale else f"，表中金额的单位是“{unit}”")
    en = "costs are told in money" + ("" if scale else f", and the table states amounts in {unit}")
    return _Completed(unit, Text(zh, en))


def _money_unit(material: Material, target: Node) -> str:
    """Return the unit in which the table that declares a target states amounts; empty where it states none."""
    data = material.data
    declaration = data.value(predicate=JX.hasIndicator, object=data.value(predicate=JX.target, object=target))
    tables = sorted(data.objects(declaration, PROV.hadPrimarySource), key=str)
    stated = [unit for table in tables for unit in data.objects(table, JX.moneyUnit)]
    names = [str(name) for unit in stated for name in material.vocabulary.objects(unit, SKOS.prefLabel)]
    return next((name for name in names if units.spelt(name) is not None), "")


def _name(material: Material, target: Node) -> str:
    indicator = material.data.value(predicate=JX.target, object=target)
    return "".join(material.text(indicator, JX.name).split()).removesuffix("指标")


def _is_money(material: Material, target: Node) -> bool:
    """Return whether the loader took the value for money, by its name or its column."""
    unit = material.data.value(target, JX.unit)
    return unit is not None and (unit, JX.dimension, JXC["dimension/money"]) in material.vocabulary


def _counting_word(name: str) -> str:
    """Return the word with which a name says that it counts; empty where it says none.

    >>> [_counting_word(name) for name in ("拜访企业户数", "培训人次数", "就餐老人数量", "总成本")]
    ['户', '人次', '人', '']
    """
    match = _COUNTED.search(name)
    unit = units.spelt(match["word"]) if match else None
    return match["word"] if match and unit and unit.dimension == JXC["dimension/count"] else ""
