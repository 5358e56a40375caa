"""From a compact text to a number with its comparator, scale and unit.

Clauses are the rows "quantity", "compound units", "unit spellings", "range" and "unreadable" of the table of
values in the description of the forms. `read` looks at the value alone; what the cells beside it add is
settled by `values`. A number is read only when everything around it is understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Final

from ontology import units

from .model import Comparator, Wording
from .numbers import (
    BOUND,
    CHINESE_NUMBER,
    COMPARATOR,
    GAP,
    NUMBER,
    SIGNED,
    agree,
    bound,
    chinese_number,
    comparator,
    decimal,
)

if TYPE_CHECKING:
    from ontology.units import Unit

_LONGEST: Final = 200
"""Characters of the longest text that is tried; longer ones are prose."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what is printed before and behind it; `upper` makes it a range."""

    number: Decimal
    upper: Decimal | None = None
    comparator: Comparator | None = None
    scale: str = ""
    """A scale without a unit behind it: 万 in 110万."""
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A text that begins as a quantity and does not end as one, with what is certain of it."""

    reason: Wording
    comparator: Comparator | None = None
    number: Decimal | None = None


def read(text: str, name: str = "") -> Amount | Fault | None:
    """Return the amount that a compact text prints, the fault of one that is not safe, None for a phrase.

    >>> read("≥95%").number, read("≥95%").comparator.value
    (Decimal('95'), 'ge')
    >>> read("≥95全部满意").reason.zh
    '数字后面的“全部满意”不是计量单位'
    >>> read("开展3次培训活动") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    text = _rewritten(text, name)
    between = _BETWEEN.fullmatch(text)
    if between:
        return _range(between)
    head = _HEAD.fullmatch(text)
    return _behind(head) if head else None


# --- before the number ------------------------------------------------------------------------------------

_MONEY_WORDS: Final = r"(?:项目|预算|年度|总)*(?:预算|成本|费用|经费|支出|资金|金额|投入)?"
_FILLER: Final = (
    r"(?:达到|达成|达|保持在|维持在|稳定在|共计|总计|合计|累计|总共|共|全年|每年度|年度|约为|大约|约"
    r"|将近|近|为|需|应|要|在|于|:)"
)
_HEAD = re.compile(
    rf"(?:{_FILLER}){{0,3}}(?P<held>{_MONEY_WORDS}控制在)?(?P<comparator>{COMPARATOR})?(?:{_FILLER}){{0,2}}(?P<body>.+)"
)
# "range": 14-24℃, 90%-95%, 3至5次
_RANGE = re.compile(
    rf"(?P<number>{SIGNED})(?P<left>[^-~0-9至到]{{0,8}}?)(?:[-~]|至|到)(?P<upper>{SIGNED})(?P<rest>.*)"
)
# "quantity": 334人, 4.5, 0.0046‰
_SINGLE = re.compile(rf"(?P<number>{SIGNED})(?P<rest>.*)")
# "range": ±5%, 20±2℃
_SPREAD = re.compile(rf"(?:(?P<middle>{NUMBER})(?P<left>[^0-9±]{{0,8}}))?±(?P<number>{NUMBER})(?P<rest>.*)")
_NOT_BELOW: Final = "(?:≥|>=|≧)"
_NOT_ABOVE: Final = "(?:≤|<=|≦)"
# "range": ≥80%且≤100%, 80%≤x≤100%
_BETWEEN = re.compile(
    rf"{_NOT_BELOW}?(?P<number>{SIGNED})(?P<left>[^0-9≤≥<>=]{{0,6}}?)"
    rf"(?:(?:并?且|,|、|;|和)?|{_NOT_ABOVE}(?:[A-Za-zα-ω]|[\u4e00-\u9fff]{{1,6}})){_NOT_ABOVE}"
    rf"(?P<upper>{SIGNED})(?P<rest>.*)"
)


def _behind(head: re.Match[str]) -> Amount | Fault | None:
    """Read the number behind the head: a spread, a range or a single one."""
    body = head["body"]
    sign = comparator(head["comparator"]) if head["comparator"] else (Comparator.LE if head["held"] else None)
    spread = _SPREAD.fullmatch(body)
    if spread:
        return _spread(spread)
    ranged = _RANGE.fullmatch(body)
    if ranged:
        return _range(ranged) if sign is None else Fault(_COMPARATOR_AND_RANGE, sign)
    single = _SINGLE.fullmatch(body)
    return _single(single, sign) if single else _no_number(body, sign)


def _no_number(body: str, sign: Comparator | None) -> Fault | None:
    """Tell of digits that make no safe number (007, 1,23); anything else is a phrase."""
    if body == "一":
        return Fault(_ONE_OR_DASH, sign)
    if re.match(r"-?[0-9.]", body):
        return Fault(_unsafe_number(body), sign)
    return None


def _single(match: re.Match[str], sign: Comparator | None) -> Amount | Fault | None:
    """Read one number and what is behind it."""
    number = decimal(match["number"])
    tail = _tail(match["rest"], number)
    if isinstance(tail, Fault):
        return replace(tail, comparator=sign)
    if tail is not None and _is_year(number, tail.unit):
        return None
    if tail is None:
        return None if sign is None else Fault(_unsafe_tail(match["rest"]), sign, number)
    if sign is not None and tail.bound is not None and not agree(sign, tail.bound):
        return Fault(_TWO_COMPARATORS, None, number)
    return Amount(number, None, sign or tail.bound, tail.scale, tail.unit)


def _is_year(number: Decimal, unit: Unit | None) -> bool:
    """Return whether number and unit name a year (2023年水平): no span of time is that long."""
    first = unit.numerator or unit if unit else None
    return first is not None and first.slug == "year" and bool(re.fullmatch("(?:19|20)[0-9]{2}", str(number)))


def _range(match: re.Match[str]) -> Amount | Fault | None:
    """Read two numbers as a range; what is behind the first must be said again behind the second."""
    number, upper = decimal(match["number"]), decimal(match["upper"])
    tail, left = _tail(match["rest"]), match["left"]
    if not isinstance(tail, _Tail):
        return tail if tail is None else Fault(_unsafe_range_unit(match[0]))
    if tail.bound is not None or number > upper or (left and not match["rest"].startswith(left)):
        return Fault(_unsafe_range(match[0]))
    return Amount(number, upper, None, tail.scale, tail.unit)


def _spread(match: re.Match[str]) -> Amount | Fault | None:
    """Read a middle and what it may be off by as a range."""
    tail = _tail(match["rest"])
    if not isinstance(tail, _Tail):
        return tail
    if match["left"] and not match["rest"].startswith(match["left"]):
        return Fault(_unsafe_range_unit(match[0]))
    middle, off = decimal(match["middle"] or "0"), decimal(match["number"])
    context = exact(middle, off)
    return Amount(context.subtract(middle, off), context.add(middle, off), None, tail.scale, tail.unit)


def exact(*numbers: Decimal) -> Context:
    """Return a context in which one operation on these numbers rounds nothing."""
    digits = sum(len(number.as_tuple().digits) for number in numbers)
    places = sum(abs(number.adjusted()) for number in numbers)
    return Context(prec=digits + places + 2, Emax=MAX_EMAX, Emin=MIN_EMIN)


# --- behind the number ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tail:
    """Scale, unit and comparator behind a number."""

    scale: str = ""
    unit: Unit | None = None
    bound: Comparator | None = None


_HAN: Final = r"[\u4e00-\u9fff]"
_DONE: Final = (
    r"(?:全部|基本|按时)?(?:完成|办结|到位|发放|拨付|支付|达标|合格|满意|响应|处理|解决|修复|整改|反馈|答复|下达|落实)"
    rf"{_HAN}{{0,4}}"
)
_TAIL = re.compile(rf"(?P<unit>(?:余|多)?.*?)(?:左右|上下)?(?:{BOUND}(?:{_DONE})?)?(?P<note>(?:\([^()]*\))?)")
_ABOUT = re.compile(
    rf"(?P<scale>(?:{'|'.join(sorted(units.SCALES, key=len, reverse=True))})?)(?:余|多)(?P<unit>.+)"
)
_FRACTION = re.compile(r"[:/][0-9].*")
_NO_DECIMALS = re.compile(r"\.[%‰]")
_LIST_MARK = re.compile(r"[.、:)](?![0-9])")
_LATIN = re.compile(r"[A-Za-z]")
# Words that say something about a number are no counting words: 95满意, 100完成.
_STATES = re.compile(
    r"[前后内外上下左右余多是的并且和与或及有无为在较很均都各每不未非全率度优良好差高低提增降升减保满达完合齐到超约号期第]"
)
# Words behind a unit that change what the number means: 5%增长, 3天后.
_CHANGES = re.compile(
    r"[前后内外起底末初度或且和与、,;每各比较超余多不未无非增升降减]|提高|提升|扩大|缩|下滑|以[上下]|左右"
)
# Units that begin other words too often to be read off the beginning of one: 3村民小组, 5班主任.
_BEGINS_WORDS = re.compile(r"[校生岗段队字单则方口行排面道点组宅层孔本部门片]")


def _tail(rest: str, number: Decimal | None = None) -> _Tail | Fault | None:
    """Read what stands behind a number; None for words that make the whole a phrase."""
    match = _TAIL.fullmatch(rest)
    if match is None:
        return _not_a_unit(rest, number)
    limit, words, note = bound(match), match["unit"], match["note"]
    whole = units.spelt(words + note) if note and limit is None else None
    if whole:
        return _Tail(unit=whole)
    if not words:
        return _Tail(unit=units.spelt(note.strip("()")) if note else None, bound=limit)
    return _words(words, limit) or _not_a_unit(rest, number)


def _words(words: str, limit: Comparator | None) -> _Tail | None:
    """Read a scale, a unit, a unit and a word for what is counted, or a counting word that is not known."""
    if words in units.SCALES:
        return _Tail(scale=words, bound=limit)
    about = _ABOUT.fullmatch(words)
    words = about["scale"] + about["unit"] if about else words
    unit = units.spelt(words) or _unit_before(words) or _counting_word(words)
    return _Tail(unit=unit, bound=limit) if unit else None


def _counting_word(words: str) -> Unit | None:
    """Return the unit minted for a short word that does not speak of a state."""
    if re.fullmatch(rf"(?![年月日]){_HAN}{{1,2}}|[A-Za-z]{{2,6}}", words) and not _STATES.search(words):
        return units.unit(words)
    return None


def _unit_before(words: str) -> Unit | None:
    """Return the longest known unit before a short word for what is counted or done: 54个村民小组, 100%完成."""
    for end in range(len(words) - 1, 0, -1):
        unit = units.spelt(words[:end])
        if unit and not _is_noun(words[:end]) and re.fullmatch(rf"{_HAN}{{1,6}}", words[end:]):
            return None if _CHANGES.search(words[end:]) else unit
    return None


def _is_noun(spelling: str) -> bool:
    """Return whether a unit is a thing that itself takes a counter (村, 个村): what follows may belong to it."""
    spellings = units.every_spelling()
    counted = len(spelling) > 1 and spelling[0] in "个名家所支" and not spelling.endswith("次")
    counts = spellings[spelling].dimension == units.COUNT if spelling in spellings else False
    return counts and (counted or f"个{spelling}" in spellings or bool(_BEGINS_WORDS.fullmatch(spelling)))


def is_blank_unit(spelling: str) -> bool:
    """Return whether a spelling alone is a unit whose number is missing, not a word (企业, 社区).

    >>> is_blank_unit("公里"), is_blank_unit("企业"), is_blank_unit("全部满意")
    (True, False, False)
    """
    unit = units.spelt(spelling)
    return unit is not None and not (
        unit.dimension == units.COUNT and f"个{spelling}" in units.every_spelling()
    )


def _not_a_unit(rest: str, number: Decimal | None) -> Fault | None:
    """Tell why what is behind a number is no unit; None where the whole is a phrase."""
    if _FRACTION.fullmatch(rest):
        return Fault(_RATIO)
    if _NO_DECIMALS.match(rest):
        return Fault(_LOST_DECIMALS)
    if _LIST_MARK.match(rest):
        return None
    if GAP in rest or re.search("[0-9]", rest):
        return Fault(_SEVERAL_NUMBERS)
    if _LATIN.match(rest) or any(units.spelt(rest[:end]) for end in range(1, min(len(rest), 12))):
        return None
    return Fault(_no_unit(rest), number=number)


# --- other ways to say a quantity, rewritten first ----------------------------------------------------------

_COUNTED_IN_WORDS: Final = (
    "个|次|项|人|名|位|场|场次|人次|年|个月|周|套|件|份|篇|册|座|台|辆|家|所|户|条|处|间|栋|倍|种|小时|个小时|分钟"
    "|个工作日|工作日|轮|幅|块|张|支|队|组|个村|个社区|万元|元|亩|公里|米|平方米|公斤|吨|%"
)
"""Units before which a Chinese numeral can only be a number: 三月, 一级, 十分 and 一期 are words."""

# "quantity" in the order of three columns, unit first: %≥95
_UNIT_FIRST = re.compile(rf"(?P<unit>[%‰])(?P<bound>(?:{COMPARATOR})(?:{NUMBER}))")

# "quantity" in words: 三次, 不少于两场, 零
_IN_WORDS = re.compile(
    rf"(?P<head>(?:{COMPARATOR})?)(?:(?P<number>{CHINESE_NUMBER})(?P<unit>{_COUNTED_IN_WORDS})|(?P<zero>零))"
    rf"(?P<tail>(?:{BOUND})?)"
)
# "quantity" in words: 百分之九十五, 不低于百分之95, 千分之三
_PARTS_OF = re.compile(
    rf"(?P<head>[^0-9]*?)(?P<of>[百千])分之(?P<number>{CHINESE_NUMBER}|{NUMBER})(?P<tail>[^0-9]*)"
)
# "compound units" in words: 每人每年3000元, 人均3000元, 每季度至少1次
_PER = re.compile(
    rf"(?P<per>(?:每(?:(?!每){_HAN}){{1,3}}?){{1,3}}|[人户亩年月日生村]均)"
    rf"(?P<value>(?:{COMPARATOR}|达到?)?(?:[0-9]|{CHINESE_NUMBER}).*)"
)
_PER_VALUE = re.compile(
    rf"(?P<head>(?:{COMPARATOR}|达到?)?{NUMBER})(?P<unit>[^0-9()]+?)(?P<tail>(?:{BOUND})?)"
)
# The name said again before the value: 群众满意度≥95%, 合格率100%
_NAMED = re.compile(
    r"(?P<name>(?!每)[\u4e00-\u9fffA-Za-z()、]{1,20}?):?"
    rf"(?P<value>(?P<sign>{COMPARATOR}|达到|达|控制在|为)?(?:{SIGNED}).*)"
)
_NAME_ENDS = re.compile(r".*(?:率|度|数|量|额|成本|费用|经费|面积|比例|比重|时间|人次|价|标准|长度|里程)")
_RATE = re.compile(rf".*(?:率|满意度){NUMBER}%.*")
# "unreadable": 二100百分比, where a scan has 二 for =
_TWO_FOR_EQUALS = re.compile(rf"二(?P<value>{NUMBER}.*)")


def has_two_for_equals(text: str) -> bool:
    """Return whether a compact text begins with a 二 that a scan may have made of =."""
    return bool(_TWO_FOR_EQUALS.fullmatch(text))


def _rewritten(text: str, name: str) -> str:
    """Return a compact text with numerals in digits and rates behind the number, else as it is."""
    text = _without_two(_without_name(text, name))
    return _with_rate(_with_percent(_with_digits(_with_unit_behind(text))))


def _with_unit_behind(text: str) -> str:
    """Return ≥95% for %≥95."""
    match = _UNIT_FIRST.fullmatch(text)
    return f"{match['bound']}{match['unit']}" if match else text


def _without_name(text: str, name: str) -> str:
    """Return what stands behind a name said again before its value: before a sign, or a rate before its %."""
    match = _NAMED.fullmatch(text)
    if match is None:
        return text
    named = match["name"] == name or (match["sign"] and _NAME_ENDS.fullmatch(match["name"]))
    return match["value"] if named or _RATE.fullmatch(text) else text


def _without_two(text: str) -> str:
    """Return what stands behind a misread =."""
    match = _TWO_FOR_EQUALS.fullmatch(text)
    return match["value"] if match else text


def _with_digits(text: str) -> str:
    """Return 3次 for 三次."""
    match = _IN_WORDS.fullmatch(text)
    number = chinese_number(match["number"] or match["zero"]) if match else None
    if match is None or number is None:
        return text
    return f"{match['head']}{number}{match['unit'] or ''}{match['tail']}"


def _with_percent(text: str) -> str:
    """Return 95% for 百分之九十五."""
    match = _PARTS_OF.fullmatch(text)
    if match is None:
        return text
    words = 100 if match["number"] == "百" else chinese_number(match["number"])
    number = match["number"] if words is None else words
    return f"{match['head']}{number}{'%' if match['of'] == '百' else '‰'}{match['tail']}"


def _with_rate(text: str) -> str:
    """Return 3000元/人/年 for 每人每年3000元."""
    match = _PER.fullmatch(text)
    value = _PER_VALUE.fullmatch(_with_digits(match["value"])) if match else None
    if match is None or value is None:
        return text
    unit = "/".join([value["unit"], *filter(None, re.split("[每均]", match["per"]))])
    return f"{value['head']}{unit}{value['tail']}" if units.spelt(unit) else text


# --- why a value is not safe to read ------------------------------------------------------------------------

_COMPARATOR_AND_RANGE: Final = Wording("一格中既有比较符又有范围", "the cell has a comparator and a range")
_ONE_OR_DASH: Final = Wording("“一”可能是数字，也可能是横线", "“一” may be the number one or a dash")
_TWO_COMPARATORS: Final = Wording("前后两个比较符互相矛盾", "the two comparators contradict each other")
_RATIO: Final = Wording("比例或分数没有换算成数", "a ratio or fraction is not worked out as a number")
_LOST_DECIMALS: Final = Wording("小数点后面没有数字", "no digit stands behind the decimal point")
_SEVERAL_NUMBERS: Final = Wording(
    "一格中有几个数，不能确定哪个是指标值",
    "the cell has several numbers; which one is the target is not certain",
)


def _unsafe_number(text: str) -> Wording:
    return Wording(f"“{text}”中的数字不能确定", f"the number in “{text}” is not certain")


def _unsafe_tail(rest: str) -> Wording:
    return Wording(f"数字后面的“{rest}”不能确定", f"what “{rest}” behind the number means is not certain")


def _no_unit(rest: str) -> Wording:
    return Wording(f"数字后面的“{rest}”不是计量单位", f"“{rest}” behind the number is no unit")


def _unsafe_range(text: str) -> Wording:
    return Wording(f"范围“{text}”不能确定", f"the range “{text}” is not certain")


def _unsafe_range_unit(text: str) -> Wording:
    return Wording(f"范围“{text}”的单位不能确定", f"the unit of the range “{text}” is not certain")
