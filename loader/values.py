"""What a printed target value means: `parse` reads one value and never guesses.

    text -> blank? -> graded? -> date? -> quantity? -> deferred? -> qualitative

Each step is one clause of the table of values in the description of the forms and either reads the whole value
or passes it on. The printed text always travels along, and what looks like a slip is remarked on, never mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ontology import units
from ontology.units import plain

from . import dates
from .model import (
    Comparator,
    Deadline,
    Deferred,
    Period,
    Qualitative,
    Quantity,
    Reading,
    Remark,
    RemarkKind,
    Unreadable,
    Unset,
)
from .numbers import (
    BOUND,
    CHINESE_NUMBER,
    COMPARATOR,
    GAP,
    NUMBER,
    SIGN,
    SIGNED,
    agree,
    bound,
    chinese_number,
    compact,
    comparator,
    decimal,
)

if TYPE_CHECKING:
    from ontology.units import Unit

_LONGEST: Final = 200
"""Compact characters of the longest text that is tried as a number or a date; longer ones are prose."""


def parse(
    text: str,
    *,
    year: int | None = None,
    comparator: str = "",
    unit: str = "",
    money: Unit | None = None,
    name: str = "",
) -> tuple[Reading, ...]:
    """Return what a printed value means: one reading, several only for graded text (优100% 良90%).

    `comparator` and `unit` are the cells beside the value where a form splits it, `name` is the indicator's,
    `money` is a unit of money where indicator or column is money, and `year` is the table's, for months without
    a year. Any text has a reading; a value that cannot be read safely is `Unreadable` with the reason.

    >>> parse("≥95%")[0].number, parse("≥95%")[0].unit.slug
    (Decimal('95'), 'percent')
    >>> parse("8万元/队/年")[0].unit.slug
    'wan-yuan-per-team-year'
    >>> parse("12月底到位", year=2025)[0].due
    datetime.date(2025, 12, 31)
    >>> [(reading.grade, reading.number) for reading in parse("优100% 良90%")]
    [('excellent', Decimal('100')), ('good', Decimal('90'))]
    >>> parse("≥95全部满意")[0].reason
    '数字后面的“全部满意”不是计量单位'
    """
    printed = _Printed(text, comparator, unit, name, year, money)
    for read in (_unset, _graded, _dated, _quantity, _deferred):
        readings = read(printed)
        if readings:
            return readings
    return (_qualitative(printed),)


def base_number(quantity: Quantity) -> Decimal | None:
    """Return the number in the base unit of its unit's dimension, exactly; None without unit or factor.

    A factor with more than twelve places is itself cut (an hour is no finite fraction of a day): there the
    product is rounded to twelve places.

    >>> base_number(parse("≤63万元")[0]), base_number(parse("24小时")[0]), base_number(parse("14℃")[0])
    (Decimal('630000'), Decimal('1'), None)
    """
    if quantity.unit is None or quantity.unit.factor is None:
        return None
    product = _product(quantity.number, quantity.unit.factor)
    if _places(quantity.unit.factor) <= _EXACT_PLACES:
        return product
    return _context(product).quantize(product, Decimal(1).scaleb(-_EXACT_PLACES)).normalize()


_EXACT_PLACES: Final = 12


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _product(one: Decimal, other: Decimal) -> Decimal:
    """Return the exact product, however many digits it has."""
    return _context(one, other).multiply(one, other)


def _context(*numbers: Decimal) -> Context:
    """Return a context in which nothing about these numbers is rounded."""
    digits = sum(len(number.as_tuple().digits) for number in numbers)
    return Context(prec=digits + 2 * _EXACT_PLACES, Emax=MAX_EMAX, Emin=MIN_EMIN)


# --- the printed value and the cells around it ------------------------------------------------------------


@dataclass(frozen=True)
class _Printed:
    """A value as printed: its cell, the cells beside it, and what is known of its table."""

    text: str
    comparator_cell: str
    unit_cell: str
    name: str
    year: int | None
    money: Unit | None

    @cached_property
    def compact(self) -> str:
        """The value cell in compact form, without the marks that close a sentence."""
        return compact(self.text).strip("。;,、:\"“”'")

    @cached_property
    def comparator(self) -> Comparator | None:
        """The comparator of the comparator cell."""
        return comparator(plain(self.comparator_cell))

    @cached_property
    def unit_text(self) -> str:
        """The unit cell, plain, without brackets around it."""
        text = plain(self.unit_cell)
        return text[1:-1] if re.fullmatch(r"\([^()]*\)", text) else text

    @cached_property
    def raw(self) -> str:
        """The value as printed, the cells beside it joined unless the value already says what they say."""
        value = compact(self.text)
        before = (
            ""
            if self.comparator is None or value.startswith(plain(self.comparator_cell))
            else self.comparator_cell
        )
        after = "" if value.endswith(compact(self.unit_cell)) else self.unit_cell
        return f"{before}{self.text}{after}"


# --- unset: blanks, dashes, a unit or comparator without a number -------------------------------------------

# "unset": *, /, —, and the stars and crosses of a template: ≥**%
_PLACEHOLDER = re.compile(
    rf"(?P<comparator>{COMPARATOR})?(?:[-/\\*×_.…○□XxＸ]*|\(\)|不适用|不涉及|N/?A|n/a)(?P<unit>.*)", re.DOTALL
)


def _unset(printed: _Printed) -> tuple[Reading, ...]:
    """Read a value that was not filled in: "", "/", "公里", "≧ %", "≥**%"."""
    match = _PLACEHOLDER.fullmatch(printed.compact)
    own = match["unit"] if match else ""
    unit = units.spelt(own) if own else None
    if match is None or (own and unit is None):
        return _unset_by_name(printed)
    sign = comparator(match["comparator"]) if match["comparator"] else printed.comparator
    unit = unit or (units.unit(printed.unit_text) if printed.unit_text else None)
    return (Unset(raw=printed.raw, comparator=sign, unit=unit),)


def _unset_by_name(printed: _Printed) -> tuple[Reading, ...]:
    """Read 无 as unset where the indicator itself is named 无."""
    nothing = {"无", "暂无"}
    if printed.compact in nothing and plain(printed.name) in nothing:
        return (Unset(raw=printed.raw),)
    return ()


# --- graded: 优100% 良90% 中85% 差85% ------------------------------------------------------------------------

_GRADES: Final = {
    "优秀": "excellent",
    "优": "excellent",
    "良好": "good",
    "良": "good",
    "中等": "fair",
    "中": "fair",
    "一般": "fair",
    "合格": "fair",
    "及格": "fair",
    "不合格": "poor",
    "不及格": "poor",
    "较差": "poor",
    "差": "poor",
}
_GRADE = re.compile("|".join(sorted(_GRADES, key=len, reverse=True)))
_BETWEEN_GRADES: Final = " \t\r\n\u3000:：;；,，、。()（）"


def _graded(printed: _Printed) -> tuple[Reading, ...]:
    """Read a value for each grade; each carries what is printed behind its grade."""
    text = printed.text.strip(_BETWEEN_GRADES)
    grades = [_GRADES[match[0]] for match in _GRADE.finditer(text)]
    before, *values = (part.strip(_BETWEEN_GRADES) for part in _GRADE.split(text))
    if before or len(set(grades)) < 2 or not all(values):
        return ()
    readings = [_quantity(replace(printed, text=value)) for value in values]
    return (
        tuple(
            replace(reading[0], grade=grade)
            for grade, reading in zip(grades, readings, strict=True)
            if reading and isinstance(reading[0], Quantity)
        )
        if all(reading and isinstance(reading[0], Quantity) for reading in readings)
        else ()
    )


# --- deadlines and periods ----------------------------------------------------------------------------------


def _dated(printed: _Printed) -> tuple[Reading, ...]:
    """Read a deadline or a period, a serial day of a spreadsheet included."""
    text = printed.compact
    if len(text) > _LONGEST:
        return ()
    reading = _serial(printed) or dates.read(
        _with_year_unit(printed), printed.raw, year=printed.year, name=plain(printed.name)
    )
    if isinstance(reading, Deadline) and printed.comparator is not None:
        reading = _compared(reading, printed.comparator)
    return (reading,) if reading else ()


def _with_year_unit(printed: _Printed) -> str:
    """Return the text, with 年 of the unit cell where the number can only be a year."""
    bare = re.sub(rf"^(?:{COMPARATOR})", "", printed.compact)
    year = re.fullmatch(r"(?:19|20)[0-9]{2}", bare) and printed.unit_text in {"年", "年度", "年底", "年底前"}
    return printed.compact + printed.unit_text if year else printed.compact


def _serial(printed: _Printed) -> Deadline | None:
    """Read a spreadsheet's serial number where name or unit cell tell that it is a day."""
    text = re.sub("^=", "", printed.compact)
    day = dates.serial_day(text)
    told = plain(printed.unit_cell) == text or (
        dates.speaks_of_a_date(plain(printed.name))
        and printed.unit_text in {"", "日期", "时间", "年月日", "日"}
    )
    return Deadline(raw=printed.raw, due=day) if day and told else None


def _compared(reading: Deadline, printed: Comparator) -> Deadline:
    """Return a deadline with the comparator of its own cell; the words of the value win over it."""
    if not reading.comparator_explicit:
        return replace(reading, comparator=printed, comparator_explicit=True)
    if printed is Comparator.EQ or agree(printed, reading.comparator):
        return reading
    remark = Remark(RemarkKind.CONFLICT, f"比较符一栏与指标值“{reading.raw}”不一致")
    return replace(reading, remark=remark)


# --- quantities -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with what is printed before and behind it, before the cells beside it are heard."""

    number: Decimal
    upper: Decimal | None = None
    comparator: Comparator | None = None
    scale: str = ""
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class _Fault:
    """A text that begins as a quantity and does not end as one."""

    reason: str
    comparator: Comparator | None = None
    number: Decimal | None = None


_FILLER: Final = (
    r"(?:(?:项目|预算|总)*(?:预算|成本|费用|经费|支出|资金|金额)?(?:全年|年度|每年度)?"
    r"(?:达到|达成|达|保持在|维持在|稳定在|共计|总计|合计|累计|总共|共|全年|年度|约为|约|大约|将近|近|为|需|应|要|[:]))"
)
_HELD_AT: Final = r"(?:(?:项目|预算|总)*(?:预算|成本|费用|经费|支出|资金|金额)?控制在)"
_HEAD = re.compile(
    rf"(?:{_FILLER}){{0,3}}(?P<held>{_HELD_AT})?(?P<comparator>{COMPARATOR})?(?:{_FILLER}){{0,2}}(?P<body>.+)"
)
# "range": 14-24℃, 90%-95%, 3至5次
_RANGE = re.compile(
    rf"(?P<number>{SIGNED})(?P<left>[^-~0-9至到]{{0,8}}?)(?:[-~]|至|到)(?P<upper>{SIGNED})(?P<rest>.*)"
)
# "quantity": 334人, 4.5, 0.0046‰
_SINGLE = re.compile(rf"(?P<number>{SIGNED})(?P<rest>.*)")
# "range": ±5%, 20±2℃
_SPREAD = re.compile(rf"(?P<middle>{NUMBER})?±(?P<number>{NUMBER})(?P<rest>.*)")
# "range": ≥80%且≤100%, 80%≤x≤100%
_BETWEEN = re.compile(
    rf"(?:≥|>=|≧)?(?P<number>{SIGNED})(?P<left>[^0-9≤≥<>=]{{0,6}}?)"
    rf"(?:(?:且|并且|,|、|;|和)?|(?:≤|<=|≦)[A-Za-zα-ω]|(?:≤|<=|≦)[\u4e00-\u9fff]{{1,6}})(?:≤|<=|≦)"
    rf"(?P<upper>{SIGNED})(?P<rest>.*)"
)


def _quantity(printed: _Printed) -> tuple[Reading, ...]:
    """Read a number with comparator and unit, printed in one cell or several."""
    text = _rewritten(printed)
    head = _HEAD.fullmatch(text) if len(text) <= _LONGEST else None
    if head is None:
        return ()
    found = _amount(head, text)
    if isinstance(found, _Amount):
        return (_settled(found, printed),)
    if isinstance(found, _Fault):
        sign = found.comparator or printed.comparator
        return (Unreadable(raw=printed.raw, reason=found.reason, comparator=sign, number=found.number),)
    return ()


def _amount(head: re.Match[str], text: str) -> _Amount | _Fault | None:
    """Read the number behind the head, or tell why it is none; None for a phrase."""
    between = _BETWEEN.fullmatch(text)
    if between:
        return _range(between)
    body = head["body"]
    sign = comparator(head["comparator"]) if head["comparator"] else (Comparator.LE if head["held"] else None)
    spread = _SPREAD.fullmatch(body)
    if spread:
        return _spread(spread)
    ranged = _RANGE.fullmatch(body)
    if ranged:
        return _range(ranged) if sign is None else _Fault("一格中既有比较符又有范围", sign)
    single = _SINGLE.fullmatch(body)
    if single is None:
        return _no_number(body, sign)
    return _single(single, sign)


def _no_number(body: str, sign: Comparator | None) -> _Fault | None:
    """Tell of digits that make no safe number (007, 1 00, 1,23); anything else is a phrase."""
    if re.match(r"-?[0-9.]", body):
        return _Fault(f"“{body}”中的数字不能确定", sign)
    return None


def _single(match: re.Match[str], sign: Comparator | None) -> _Amount | _Fault | None:
    """Read one number and what is behind it."""
    number = decimal(match["number"])
    tail = _tail(match["rest"])
    if isinstance(tail, _Fault):
        return replace(tail, comparator=sign, number=number)
    if tail is None:
        return None if sign is None else _Fault(f"数字后面的“{match['rest']}”不能确定", sign, number)
    if sign is not None and tail.bound is not None and not agree(sign, tail.bound):
        return _Fault("前后两个比较符互相矛盾", None, number)
    return _Amount(number, None, sign or tail.bound, tail.scale, tail.unit)


def _range(match: re.Match[str]) -> _Amount | _Fault | None:
    """Read two numbers as a range; what is behind the first must be said again behind the second."""
    number, upper = decimal(match["number"]), decimal(match["upper"])
    tail, left = _tail(match["rest"]), match["left"]
    if not isinstance(tail, _Tail):
        return tail if tail is None else replace(tail, reason=f"范围“{match[0]}”的单位不能确定")
    if tail.bound is not None or number > upper or (left and not match["rest"].startswith(left)):
        return _Fault(f"范围“{match[0]}”不能确定")
    return _Amount(number, upper, None, tail.scale, tail.unit)


def _spread(match: re.Match[str]) -> _Amount | _Fault | None:
    """Read a middle and what it may be off by as a range."""
    tail = _tail(match["rest"])
    if not isinstance(tail, _Tail):
        return tail
    middle, off = decimal(match["middle"] or "0"), decimal(match["number"])
    context = _context(middle, off)
    return _Amount(context.subtract(middle, off), context.add(middle, off), None, tail.scale, tail.unit)


# --- what stands behind the number ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tail:
    """Scale, unit and comparator behind a number."""

    scale: str = ""
    unit: Unit | None = None
    bound: Comparator | None = None


_SCALE: Final = "|".join(sorted(units.SCALES, key=len, reverse=True))
_TAIL = re.compile(rf"(?P<more>余|多)?(?P<unit>.*?)(?:左右|上下)?(?:{BOUND})?(?P<note>(?:\([^()]*\))?)")
_FRACTION = re.compile(r"[:/][0-9].*")
_LIST_MARK = re.compile(r"[.、:)]")
_SEVERAL = re.compile(r".*[0-9].*", re.DOTALL)
_HAN: Final = r"[\u4e00-\u9fff]"
# Words that say something about the number are no counting words: 95满意, 100完成.
_STATES = re.compile(
    r"[前后内外上下左右余多是的并且和与或及有无为在较很均都各每不未非全率度优良好差高低提增降升减保满达完合齐到超约号期第]"
)
_CHANGES = re.compile(
    r"[前后外起或且和与、,;每各比较超余多不未无非增升降减]|提高|提升|扩大|缩|下滑|以[上下内]|左右"
)


def _tail(rest: str) -> _Tail | _Fault | None:
    """Read what stands behind a number; None for words that make it a phrase."""
    if not rest:
        return _Tail()
    match = _TAIL.fullmatch(rest)
    if match is None:
        return _not_a_unit(rest)
    limit = bound(match)
    words, note = match["unit"], match["note"]
    whole = units.spelt(words + note) if note and limit is None else None
    if whole:
        return _Tail(unit=whole)
    if not words:
        return _Tail(unit=units.spelt(note.strip("()")) if note else None, bound=limit)
    return _unit_words(words, limit) or _not_a_unit(rest)


def _unit_words(words: str, limit: Comparator | None) -> _Tail | None:
    """Read a scale, a unit, or a unit and a short word for what is counted (54个村民小组)."""
    if words in units.SCALES:
        return _Tail(scale=words, bound=limit)
    approximate = re.fullmatch(rf"(?P<scale>{_SCALE})(?:余|多)(?P<unit>.+)", words)
    known = units.spelt(approximate["scale"] + approximate["unit"] if approximate else words)
    if known:
        return _Tail(unit=known, bound=limit)
    described = _described(words)
    if described:
        return _Tail(unit=described, bound=limit)
    if re.fullmatch(rf"{_HAN}{{1,2}}|[A-Za-z]{{2,6}}", words) and not _STATES.search(words):
        return _Tail(unit=units.unit(words), bound=limit)
    return None


def _described(words: str) -> Unit | None:
    """Return the longest known unit that a short word for what is counted or done follows."""
    for end in range(len(words) - 1, 0, -1):
        unit = units.spelt(words[:end])
        if unit and re.fullmatch(rf"{_HAN}{{1,6}}", words[end:]) and not _CHANGES.search(words[end:]):
            return unit
    return None


def _not_a_unit(rest: str) -> _Fault | None:
    """Tell why what is behind a number is no unit; None where the whole is a phrase."""
    if _FRACTION.fullmatch(rest):
        return _Fault("比例或分数没有换算成数")
    if _LIST_MARK.match(rest) and not rest[1:2].isdecimal():
        return None
    if GAP in rest or _SEVERAL.fullmatch(rest):
        return _Fault("一格中有几个数，不能确定哪个是指标值")
    if re.match(r"[A-Za-z]", rest) or any(units.spelt(rest[:end]) for end in range(1, min(len(rest), 12))):
        return None
    return _Fault(f"数字后面的“{rest}”不是计量单位")


# --- ways to say a quantity that are rewritten first ----------------------------------------------------------------

_COUNTED_IN_WORDS: Final = (
    "个|次|项|人|名|位|场|场次|人次|年|个月|周|套|件|份|篇|册|座|台|辆|家|所|户|条|处|间|栋|倍|种|小时|个小时|分钟"
    "|个工作日|工作日|轮|幅|块|张|支|队|组|个村|个社区|万元|元|亩|公里|米|平方米|公斤|吨"
)
# "quantity" in words: 三次, 不少于两场, 零
_IN_WORDS = re.compile(
    rf"(?P<head>(?:{COMPARATOR})?)(?:(?P<number>{CHINESE_NUMBER})(?P<unit>{_COUNTED_IN_WORDS})|(?P<zero>零))"
    rf"(?P<tail>(?:{BOUND})?)"
)
# 百分之九十五, 百分之95, 千分之三
_PARTS_OF = re.compile(
    rf"(?P<head>.*?)(?P<of>百分之|千分之)(?P<number>{CHINESE_NUMBER}|{NUMBER})(?P<tail>.*)", re.DOTALL
)
# 每人每年3000元, 人均3000元: the unit is per what stands before
_PER = re.compile(
    rf"(?P<per>(?:每{_HAN}{{1,3}}?)+|[人户亩年月日生村]均)(?P<value>(?:{COMPARATOR})?{NUMBER}(?P<unit>[^0-9()]+?)(?:{BOUND})?)"
)
# 群众满意度≥95%: the name is said again before a sign
_NAMED = re.compile(rf"(?P<name>[\u4e00-\u9fffA-Za-z()、]{{1,20}}?):?(?P<value>{SIGN}{SIGNED}.*)")
_NAME_ENDS = re.compile(
    r".*(?:率|度|数|量|额|成本|费用|经费|面积|比例|比重|时间|人次|次数|价|标准|长度|里程)"
)
# 二100百分比: 二 where a scan had =
_TWO_FOR_EQUALS = re.compile(rf"二(?P<value>{NUMBER}.*)")


def _rewritten(printed: _Printed) -> str:
    """Return a compact text with numerals in digits and rates behind the number, else as it is."""
    text = printed.compact
    if re.fullmatch(r"\([^()]*\)", text):
        text = text[1:-1]
    for rewrite in (_without_name, _with_digits, _with_percent, _with_rate, _without_two):
        text = rewrite(text, plain(printed.name))
    return text


def _with_digits(text: str, name: str) -> str:  # noqa: ARG001 - all rewriters are called alike
    match = _IN_WORDS.fullmatch(text)
    if match is None:
        return text
    number = 0 if match["zero"] else chinese_number(match["number"])
    return text if number is None else f"{match['head']}{number}{match['unit'] or ''}{match['tail']}"


def _with_percent(text: str, name: str) -> str:  # noqa: ARG001
    match = _PARTS_OF.fullmatch(text)
    if match is None:
        return text
    number = chinese_number(match["number"]) or match["number"]
    sign = "%" if match["of"] == "百分之" else "‰"
    return f"{match['head']}{number}{sign}{match['tail']}"


def _with_rate(text: str, name: str) -> str:  # noqa: ARG001
    match = _PER.fullmatch(text)
    if match is None:
        return text
    per = match["per"].rstrip("均").replace("每", "/")
    unit = f"{match['unit']}/{per.lstrip('/')}"
    return match["value"].replace(match["unit"], unit, 1) if units.spelt(unit) else text


def _without_name(text: str, name: str) -> str:
    match = _NAMED.fullmatch(text)
    if match and (match["name"] == name or _NAME_ENDS.fullmatch(match["name"])):
        return match["value"]
    return text


def _without_two(text: str, name: str) -> str:  # noqa: ARG001
    match = _TWO_FOR_EQUALS.fullmatch(text)
    return match["value"] if match else text


# --- the cells beside the value -----------------------------------------------------------------------------------

_YI_OR_WAN: Final = {"万": "万元", "亿": "亿元", "千": "千元", "百万": "百万元", "千万": "千万元"}
_MONEY_BY_NAME = re.compile(
    r"资金|经费|成本|补助|补贴|支出|费用|金额|投入|投资|造价|预算|收入|产值|利润|税|价|款|奖金|工资|薪|费$"
)
_NO_MONEY_BY_NAME = re.compile(
    r"(?:人数|人次|次数|户数|个数|件数|份数|面积|里程|数量|率|度|时间|天数|人员数?)$"
)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


def _settled(amount: _Amount, printed: _Printed) -> Reading:
    """Return the quantity with what the cells beside it, the name and the column add; the value cell wins."""
    sign = amount.comparator or printed.comparator
    unit, explicit = _unit_of(amount, printed)
    if unit is None and printed.unit_text and not _same_number(printed):
        reason = f"计量单位一栏的“{printed.unit_cell.strip()}”不是计量单位"
        return Unreadable(raw=printed.raw, reason=reason, comparator=sign, number=amount.number)
    ranged = amount.upper is not None
    quantity = Quantity(
        raw=printed.raw,
        number=amount.number,
        upper=amount.upper,
        comparator=None if ranged else sign or Comparator.EQ,
        comparator_explicit=not ranged and sign is not None,
        unit=unit,
        unit_explicit=explicit,
    )
    quantity = _multiplied_out(quantity, amount.scale) if unit is None else quantity
    return replace(quantity, remark=_remark(quantity, amount, printed))


def _same_number(printed: _Printed) -> bool:
    """Return whether the unit cell only repeats the number."""
    return printed.unit_text == printed.compact


def _unit_of(amount: _Amount, printed: _Printed) -> tuple[Unit | None, bool]:
    """Return the unit and whether it is printed: of the value, the unit cell, the name, or money's scale."""
    if amount.unit is not None:
        return amount.unit, True
    if printed.unit_text and not _same_number(printed):
        return _with_scale(amount.scale, printed.unit_text) or units.unit(printed.unit_text), True
    for words in reversed(_IN_BRACKETS.findall(plain(printed.name))):
        unit = _with_scale(amount.scale, words) or units.spelt(words)
        if unit:
            return unit, False
    if amount.scale in _YI_OR_WAN and _is_money(printed):
        return units.spelt(_YI_OR_WAN[amount.scale]), False
    return None, False


def _with_scale(scale: str, words: str) -> Unit | None:
    """Return the unit that a scale of the value makes of a unit beside it: 110万 beside 元; 万元 says it again."""
    if not scale or words.startswith(scale):
        return None
    return units.spelt(scale + words)


def _is_money(printed: _Printed) -> bool:
    """Return whether indicator or column is money."""
    name = plain(printed.name)
    named = bool(_MONEY_BY_NAME.search(name)) and not _NO_MONEY_BY_NAME.search(name)
    return printed.money is not None or named


def _multiplied_out(quantity: Quantity, scale: str) -> Quantity:
    """Return a number without unit with its scale multiplied out: 3万 is 30000."""
    if not scale:
        return quantity
    factor = units.SCALES[scale][1]
    upper = None if quantity.upper is None else _product(quantity.upper, factor)
    return replace(quantity, number=_product(quantity.number, factor), upper=upper)


def _remark(quantity: Quantity, amount: _Amount, printed: _Printed) -> Remark | None:
    """Return what a person should look at: a likely misread sign, or cells that contradict each other."""
    if _looks_misread(quantity, printed):
        return Remark(RemarkKind.LIKELY_MISREAD, f"“{printed.raw}”中的比较符可能被误识，请核对原件")
    if amount.comparator and printed.comparator and amount.comparator is not printed.comparator:
        return Remark(
            RemarkKind.CONFLICT,
            f"比较符一栏的“{printed.comparator_cell.strip()}”与指标值“{printed.text}”不一致",
        )
    beside = units.unit(printed.unit_text) if printed.unit_text else None
    if amount.unit and beside and amount.unit != beside:
        return Remark(
            RemarkKind.CONFLICT, f"计量单位一栏的“{printed.unit_cell.strip()}”与指标值“{printed.text}”不一致"
        )
    return None


# "unreadable": 292%, 290%, 280%, 250%, 2100%: a percentage with a 2 before it and no comparator
_TWO_BEFORE_PERCENTAGE = re.compile(r"2(?!00(?:\.|$))(?:[0-9]{2}(?:\.[0-9]+)?|100(?:\.0+)?)")


def _looks_misread(quantity: Quantity, printed: _Printed) -> bool:
    """Return whether a scan may have made 2 of ≥, or 二 of =."""
    if _TWO_FOR_EQUALS.fullmatch(printed.compact):
        return True
    percent = quantity.unit is not None and quantity.unit.slug == "percent"
    bare = not quantity.comparator_explicit and quantity.upper is None
    return percent and bare and bool(_TWO_BEFORE_PERCENTAGE.fullmatch(format(quantity.number, "f")))


# --- deferred, and what is left: a phrase ---------------------------------------------------------------------------

_SET_ELSEWHERE: Final = (
    "通知|文件|规定|办法|标准|政策|合同|协议|制度|条例|细则|方案|批复|预算|法律|法规|法定|上级|国家|中央|财政|省|部委"
    "|实际|指标文|目录|下达|清单|任务书|意见|章程|规范|批准|核定|成本控制|采购"
)
# "deferred": 按照财政部通知确定, 参照政府采购成本控制, 以…为准, 另行通知, 待上级下达, 据实列支
_DEFERRED = re.compile(
    rf"(?:严格|具体|暂)?(?:按照|依照|遵照|依据|根据|参照|比照|参考|按)(?!时|期|月|季|年|质|需)[^0-9]*?(?:{_SET_ELSEWHERE}).*"
    r"|(?:具体|最终)?(?:金额|数量|标准)?以.+?为(?:准|依据)"
    r"|.{0,6}另行(?:通知|下达|确定|安排|发文|制定|规定)"
    r"|(?:待|等待|等).{0,10}(?:下达|确定|通知|批复|明确|核定|定)"
    r"|(?:由|经).+(?:确定|核定|决定|审定|下达)"
    r"|(?:详见|参见|见).+"
    r"|据实.{0,8}"
)
_DOCUMENT_NUMBER = re.compile(r"[(\u4e00-\u9fff]*\(?(?:19|20)[0-9]{2}\)?年?度?(?:第?[0-9]+号)?|[0-9]+号")


def _deferred(printed: _Printed) -> tuple[Reading, ...]:
    """Read what somebody else will set; a figure that the text itself sets makes it a phrase."""
    text = printed.compact
    if _DEFERRED.fullmatch(text) and not re.search("[0-9]", _DOCUMENT_NUMBER.sub("", text)):
        return (Deferred(raw=printed.raw),)
    return ()


# "qualitative" with a bound in words: 不超预算, ≤预算金额
_BOUND_IN_WORDS = re.compile(rf"(?P<comparator>{COMPARATOR})[^0-9]+")


def _qualitative(printed: _Printed) -> Qualitative:
    """Return the phrase; a comparator before it (不超预算) is kept."""
    match = _BOUND_IN_WORDS.fullmatch(printed.compact)
    sign = comparator(match["comparator"]) if match else printed.comparator
    return Qualitative(raw=printed.raw, comparator=sign, comparator_explicit=sign is not None)
