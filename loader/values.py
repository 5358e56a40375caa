"""What a printed target value means: `parse` reads one value and never guesses.

    blank? → graded? → date? → quantity? → deferred? → qualitative

Each step is one clause of the table of values in the description of the forms. It reads the whole value or
passes it on. The printed text always travels along; what looks like a slip is remarked on, never mended.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ontology import units
from ontology.namespaces import JXC
from ontology.units import plain

from . import amounts, dates
from .amounts import Amount, Fault, exact
from .model import (
    Comparator,
    Deadline,
    Deferred,
    Qualitative,
    Quantity,
    Remark,
    RemarkKind,
    Unreadable,
    Unset,
    Wording,
)
from .numbers import COMPARATOR, agree, comparator
from .printed import Printed

if TYPE_CHECKING:
    from ontology.units import Unit

    from .model import Reading


@lru_cache(maxsize=4096)
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
    `money` is a unit of money where indicator or column is money, and `year` is the table's, for months
    without one. Any text has a reading; a value that cannot be read safely is `Unreadable`, with the reason.

    >>> parse("≥95%")[0].number, parse("≥95%")[0].unit.slug
    (Decimal('95'), 'percent')
    >>> parse("8万元/队/年")[0].unit.slug
    'wan-yuan-per-team-year'
    >>> parse("12月底到位", year=2025)[0].due
    datetime.date(2025, 12, 31)
    >>> [(reading.grade, reading.number) for reading in parse("优100% 良90%")]
    [('excellent', Decimal('100')), ('good', Decimal('90'))]
    >>> parse("≥95全部满意")[0].reason.zh
    '数字后面的“全部满意”不是计量单位'
    """
    printed = Printed(text, comparator, unit, name, year, money)
    for read in (_unset, _graded, _dated, _quantity, _deferred):
        readings = read(printed)
        if readings:
            return readings
    return (_qualitative(printed),)


def raw_text(text: str, *, comparator: str = "", unit: str = "") -> str:
    """Return a value as printed, with the cells beside it unless the value already says what they say.

    >>> raw_text("735", comparator="≥", unit="人次"), raw_text("≥95%", unit="%")
    ('≥735人次', '≥95%')
    """
    return Printed(text, comparator, unit).raw


# --- base numbers -----------------------------------------------------------------------------------------

_EXACT_PLACES: Final = 12


def base_number(quantity: Quantity) -> Decimal | None:
    """Return the number in the base unit of its unit's dimension; None without a unit or a factor.

    The product is exact, unless the factor itself is cut because it is no finite decimal (an hour is 1/24 of
    a day): there it is rounded to twelve places.

    >>> base_number(parse("≤63万元")[0]), base_number(parse("24小时")[0]), base_number(parse("14℃")[0])
    (Decimal('630000'), Decimal('1'), None)
    """
    if quantity.unit is None or quantity.unit.factor is None:
        return None
    product = _times(quantity.number, quantity.unit.factor)
    if -quantity.unit.factor.as_tuple().exponent <= _EXACT_PLACES:  # type: ignore[operator] # factors are finite
        return product
    rounded = exact(product, Decimal(1).scaleb(_EXACT_PLACES)).quantize(
        product, Decimal(1).scaleb(-_EXACT_PLACES)
    )
    return rounded.normalize(exact(rounded))


def _times(one: Decimal, other: Decimal) -> Decimal:
    """Return the exact product, however many digits it has."""
    return exact(one, other).multiply(one, other)


# --- unset --------------------------------------------------------------------------------------------------

# "unset": *, /, —, 公里, ≧ %, and the stars and crosses of a template: ≥**%
_PLACEHOLDER = re.compile(
    rf"(?P<comparator>{COMPARATOR})?(?:不适用|不涉及|N/?A|n/a|[Xx]+|[-/\\*×_.…○□]*)(?P<unit>.*)", re.DOTALL
)
_NONE: Final = frozenset({"无", "暂无"})


def _unset(printed: Printed) -> tuple[Reading, ...]:
    """Read a value that was not filled in; 无 is one only where the indicator itself is named 无."""
    if printed.compact in _NONE and printed.name in _NONE:
        return (Unset(raw=printed.raw),)
    match = _PLACEHOLDER.fullmatch(printed.compact)
    if match is None or (match["unit"] and not amounts.is_blank_unit(match["unit"])):
        return ()
    sign = comparator(match["comparator"]) if match["comparator"] else printed.comparator
    unit = units.unit(match["unit"] or printed.unit_text)
    if unit is None and re.search("[0-9]", printed.unit_text):
        return (Unreadable(raw=printed.raw, reason=_no_unit(printed), comparator=sign),)
    return (Unset(raw=printed.raw, comparator=sign, unit=unit),)


# --- graded -------------------------------------------------------------------------------------------------

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
_GRADE = re.compile("|".join(r"\s*".join(grade) for grade in sorted(_GRADES, key=len, reverse=True)))
_AROUND_GRADES: Final = " \t\r\n\u3000:：;；,，、。()（）"


def _graded(printed: Printed) -> tuple[Reading, ...]:
    """Read a value for each grade ("graded": 优100% 良90%); each carries what is printed behind its grade.

    优秀率30%，合格率100% are two rates, not two grades.
    """
    text = printed.text.strip(_AROUND_GRADES)
    grades = [_GRADES["".join(match[0].split())] for match in _GRADE.finditer(text)]
    before, *values = (part.strip(_AROUND_GRADES) for part in _GRADE.split(text))
    if (
        before
        or len(set(grades)) < 2
        or len(grades) > len(_GRADES)
        or not all(values)
        or any(value[0] in "率度数等级" for value in values)
    ):
        return ()
    readings = [_quantity(replace(printed, text=value)) for value in values]
    quantities = [each[0] for each in readings if each and isinstance(each[0], Quantity)]
    if len(quantities) < len(grades):
        return ()
    return tuple(replace(each, grade=grade) for each, grade in zip(quantities, grades, strict=True))


# --- deadlines and periods ----------------------------------------------------------------------------------

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_SPLIT_DATE = re.compile(
    rf"(?P<text>(?:{COMPARATOR})?{_YEAR})(?P<unit>年度?(?:底前?|末)?)|[^年月]*[年月].*[0-9](?:[月日号].*)"
)
_TIME: Final = JXC["dimension/time"]
_DATE_UNITS: Final = frozenset({"", "日期", "时间", "年月日", "日", "年"})


def _dated(printed: Printed) -> tuple[Reading, ...]:
    """Read a deadline or a period, a serial day of a spreadsheet included."""
    joined = _joined_date(printed)
    text, raw = (_date_text(printed), printed.without_unit) if joined is None else (joined, printed.raw)
    reading = _serial(printed) or dates.read(text, raw, year=printed.year, name=printed.name)
    if isinstance(reading, Deadline) and printed.comparator is not None:
        reading = _compared(reading, printed.comparator)
    if isinstance(reading, Deadline) and reading.remark is None and _is_unit_of_no_date(printed):
        reading = replace(reading, remark=_conflict(_UNITS, printed.unit_cell, printed.text))
    return (reading,) if reading else ()


def _is_unit_of_no_date(printed: Printed) -> bool:
    """Return whether the unit cell names a unit, and none of time: % beside 12月底前."""
    beside = units.unit(printed.unit_text) if _has_unit_cell(printed) else None
    return beside is not None and beside.known and beside.dimension != _TIME


def _joined_date(printed: Printed) -> str | None:
    """Return value and unit cell where only both print a date: 2025 and 年, 2025年6月30 and 日."""
    if not printed.unit_text or printed.compact.endswith(printed.unit_text):
        return None
    joined = printed.compact + printed.unit_text
    match = _SPLIT_DATE.fullmatch(joined)
    if match is None:
        return None
    return joined if match["text"] or printed.compact[-1:].isdigit() else None


def _date_text(printed: Printed) -> str:
    return dates.spelt_out(printed.compact) if _told_to_be_a_date(printed) else printed.compact


def _told_to_be_a_date(printed: Printed) -> bool:
    """Return whether the name asks for a date, and the unit cell for nothing else."""
    return dates.speaks_of_a_date(printed.name) and printed.unit_text in _DATE_UNITS


def _serial(printed: Printed) -> Deadline | None:
    """Read a spreadsheet's serial number ("deadline": 44,561) where name or unit cell tell that it is a day."""
    text = printed.compact.removeprefix("=")
    day = dates.serial_day(text)
    told = _told_to_be_a_date(printed) or plain(printed.unit_cell) == text
    return Deadline(raw=printed.raw, due=day) if day and told else None


def _compared(reading: Deadline, cell: Comparator) -> Deadline:
    """Return a deadline with the comparator of its own cell; the words of the value win over it."""
    if not reading.comparator_explicit:
        return replace(reading, comparator=cell, comparator_explicit=True)
    if cell is Comparator.EQ or agree(cell, reading.comparator):
        return reading
    told = Wording(
        f"比较符一栏与指标值“{reading.raw}”不一致，以指标值为准",
        f"the column of comparators contradicts the value “{reading.raw}”, which holds",
    )
    return replace(reading, remark=Remark(RemarkKind.CONFLICT, told))


# --- quantities: the amount, and what the cells beside it add -------------------------------------------------


def _quantity(printed: Printed) -> tuple[Reading, ...]:
    """Read a number with comparator and unit, printed in one cell or several."""
    amount = amounts.read(printed.compact, printed.name)
    if amount is None:
        return ()
    sign = amount.comparator or printed.comparator
    if isinstance(amount, Fault):
        return (Unreadable(raw=printed.raw, reason=amount.reason, comparator=sign, number=amount.number),)
    unit, explicit = _unit_of(amount, printed)
    if unit is None and _has_unit_cell(printed):
        return (Unreadable(raw=printed.raw, reason=_no_unit(printed), comparator=sign, number=amount.number),)
    quantity = replace(_with_sign(amount, sign, printed.raw), unit=unit, unit_explicit=explicit)
    quantity = quantity if unit else _multiplied_out(quantity, amount.scale)
    return (replace(quantity, remark=_remark(quantity, amount, printed)),)


def _no_unit(printed: Printed) -> Wording:
    cell = printed.unit_cell.strip()
    return Wording(f"计量单位一栏的“{cell}”不是计量单位", f"“{cell}” in the column of units is no unit")


def _with_sign(amount: Amount, sign: Comparator | None, raw: str) -> Quantity:
    """Return the quantity with its comparator; a range has none."""
    if amount.upper is not None:
        return Quantity(raw=raw, number=amount.number, upper=amount.upper, comparator=None)
    explicit = sign is not None
    return Quantity(
        raw=raw, number=amount.number, comparator=sign or Comparator.EQ, comparator_explicit=explicit
    )


def _has_unit_cell(printed: Printed) -> bool:
    """Return whether the unit cell says something that the value cell does not."""
    return printed.unit_text not in ("", printed.compact)


def _unit_of(amount: Amount, printed: Printed) -> tuple[Unit | None, bool]:
    """Return the unit and whether it is printed: of the value, the unit cell, the name, or money's scale."""
    if amount.unit is not None:
        return amount.unit, True
    if _has_unit_cell(printed):
        return _scaled(amount.scale, printed.unit_text) or units.unit(printed.unit_text), True
    for words in reversed(_IN_BRACKETS.findall(printed.name)):
        unit = _scaled(amount.scale, words) or units.spelt(words)
        if unit:
            return unit, False
    return (units.spelt(f"{amount.scale}元") if amount.scale and _is_money(printed) else None), False


def _scaled(scale: str, words: str) -> Unit | None:
    """Return the unit a scale makes of the unit beside it: 110万 beside 元; beside 万元 it is said already."""
    return units.spelt(scale + words) if scale and not words.startswith(scale) else None


_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_MONEY_BY_NAME = re.compile(
    r"资金|经费|成本|补助|补贴|支出|费用|金额|投入|投资|造价|预算|收入|产值|利润|税|价|款|奖金|工资|薪|费$"
)
_NO_MONEY_BY_NAME = re.compile(
    r"(?:人数|人次|次数|户数|个数|件数|份数|面积|里程|数量|率|度|时间|天数|人员|人员数|对象)$"
)


def _is_money(printed: Printed) -> bool:
    """Return whether indicator or column is money."""
    by_name = _MONEY_BY_NAME.search(printed.name) and not _NO_MONEY_BY_NAME.search(printed.name)
    return printed.money is not None or bool(by_name)


def _multiplied_out(quantity: Quantity, scale: str) -> Quantity:
    """Return a number without unit with its scale multiplied out: 3万 is 30000."""
    if not scale:
        return quantity
    factor = units.SCALES[scale][1]
    upper = None if quantity.upper is None else _times(quantity.upper, factor)
    return replace(quantity, number=_times(quantity.number, factor), upper=upper)


# --- remarks ------------------------------------------------------------------------------------------------


def _remark(quantity: Quantity, amount: Amount, printed: Printed) -> Remark | None:
    """Return what a person should look at: a likely misread sign, or cells that contradict each other."""
    if _looks_misread(quantity, printed):
        told = Wording(
            f"“{printed.raw}”中的比较符可能被误识",
            f"the comparator in “{printed.raw}” was probably taken for a digit",
        )
        return Remark(RemarkKind.LIKELY_MISREAD, told)
    if amount.comparator and printed.comparator and amount.comparator is not printed.comparator:
        return _conflict(_COMPARATORS, printed.comparator_cell, printed.text)
    beside = units.unit(printed.unit_text) if _has_unit_cell(printed) else None
    if amount.unit and beside and amount.unit != beside:
        return _conflict(_UNITS, printed.unit_cell, printed.text)
    return None


_COMPARATORS: Final = Wording("比较符", "comparators")
_UNITS: Final = Wording("计量单位", "units")


def _conflict(column: Wording, cell: str, value: str) -> Remark:
    """Return the remark that a cell says something else than the value, which holds."""
    told = Wording(
        f"{column.zh}一栏的“{cell.strip()}”与指标值“{value}”不一致，以指标值为准",
        f"“{cell.strip()}” in the column of {column.en} contradicts the value “{value}”, which holds",
    )
    return Remark(RemarkKind.CONFLICT, told)


# "unreadable": 292%, 290%, 280%, 250% and 2100%: a 2 before a percentage, and no comparator
_TWO_BEFORE_PERCENTAGE = re.compile(r"2(?!00(?:\.|$))[0-9]{2}(?:\.[0-9]+)?|2100(?:\.0+)?")


def _looks_misread(quantity: Quantity, printed: Printed) -> bool:
    """Return whether a scan may have made 2 of ≥, or 二 of =."""
    if amounts.has_two_for_equals(printed.compact):
        return True
    percent = quantity.unit is not None and quantity.unit.slug == "percent"
    bare = not quantity.comparator_explicit and quantity.upper is None
    return percent and bare and bool(_TWO_BEFORE_PERCENTAGE.fullmatch(format(quantity.number, "f")))


# --- deferred, and what is left: a phrase -------------------------------------------------------------------

_SET_ELSEWHERE: Final = (
    "通知|文件|规定|办法|标准|政策|合同|协议|制度|条例|细则|方案|批复|预算|法律|法规|法定|上级|国家|中央"
    "|财政|省|部委|实际|下达|清单|目录|任务书|意见|章程|规范|批准|核定|成本控制|采购|号"
)
# "deferred": 按照财政部通知确定, 参照政府采购成本控制, 以…为准, 另行通知, 待上级下达, 据实列支
_DEFERRED = re.compile(
    r"(?:严格|具体|暂)?(?:按照|依照|遵照|依据|根据|参照|比照|参考|按(?!时|期|月|季|年|质|需))"
    rf".*?(?:{_SET_ELSEWHERE}).*"
    r"|(?:具体|最终)?(?:金额|数量|标准)?以.+?为(?:准|依据)"
    r"|.{0,6}另行(?:通知|下达|确定|安排|发文|制定|规定)"
    r"|(?:待|等待|等).{0,10}(?:下达|确定|通知|批复|明确|核定|定)"
    r"|(?:由|经).+(?:确定|核定|决定|审定|下达)"
    r"|(?:详见|参见|见).+"
    r"|据实.{0,8}",
    re.DOTALL,
)
_DOCUMENT_NUMBER = re.compile(rf"\(?{_YEAR}\)?年?度?(?:第?[0-9]{{1,8}}号)?|第?[0-9]{{1,8}}号")


def _deferred(printed: Printed) -> tuple[Reading, ...]:
    """Read what somebody else will set; a figure that the text itself sets makes it a phrase."""
    text = _DOCUMENT_NUMBER.sub("号", printed.compact)
    if _DEFERRED.fullmatch(text) and not re.search("[0-9]", text):
        return (Deferred(raw=printed.without_unit),)
    return ()


# "qualitative" with a bound in words: 不超预算, ≤预算金额, ≥2023年水平
_BOUND_IN_WORDS = re.compile(rf"(?P<comparator>{COMPARATOR})(?:[^0-9]|{_YEAR}年)+")


def _qualitative(printed: Printed) -> Qualitative:
    """Return the phrase; a comparator before it is kept."""
    match = _BOUND_IN_WORDS.fullmatch(printed.compact)
    sign = comparator(match["comparator"]) if match else printed.comparator
    return Qualitative(raw=printed.without_unit, comparator=sign, comparator_explicit=sign is not None)
