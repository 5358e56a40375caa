"""Deadlines and periods: from printed days, months, quarters and years to dates.

Clauses are the rows "deadline" and "period" of the table of values in the description of the forms. A moment
is a printed day, month, quarter or year; its first and last day are known once its year is. A month without
a year takes the year of the table; where that is unknown, nothing is guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from .model import Comparator, Deadline, Period, Unreadable, Wording
from .numbers import COMPARATOR, GAP, NUMBER, comparator, decimal

if TYPE_CHECKING:
    from decimal import Decimal

DateReading = Deadline | Period | Unreadable

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_MONTH: Final = r"0?[1-9]|1[0-2]"
_DAY: Final = r"0?[1-9]|[12][0-9]|3[01]"
_TIME: Final = rf"(?:{GAP}?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)?"
_DASH: Final = r"(?:[-~一]|至|到)"

_LONGEST: Final = 60
"""Characters of the longest text that is tried; longer ones are prose."""

_TOLD_BY_NAME = re.compile(r"时间|日期|时限|期限|截止|何时|时点|进度")
_COUNTED_MONTHS = re.compile(rf"(?:{COMPARATOR})?(?:{_MONTH})月")
_SPAN_BY_NAME = re.compile(r"周期|工期|时长|年限|月数|期数|天数|时间\(|期间|长度")


def speaks_of_a_date(name: str) -> bool:
    """Return whether an indicator's name says that its value is a date.

    >>> speaks_of_a_date("项目财政资金到位时间"), speaks_of_a_date("完成数量")
    (True, False)
    """
    return bool(_TOLD_BY_NAME.search(name))


# --- moments --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moment:
    """A printed day or span of days, as months and days; the day 0 is the last of its month."""

    year: int | None
    """None where none is printed."""
    first: tuple[int, int]
    last: tuple[int, int]

    def first_day(self, year: int) -> date:
        """Return the first day in a year; ValueError where there is no such day."""
        return date(year, *self.first)

    def last_day(self, year: int) -> date:
        """Return the last day in a year; ValueError where there is no such day."""
        month, day = self.last
        return date(year, month, day or monthrange(year, month)[1])


_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_THIRDS: Final = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0)}

# "deadline": "2025年6月底", "12月底", "2021年12月", "6月30日", "6月中旬"
_MONTH_WORDS = re.compile(
    rf"(?:(?P<year>{_YEAR})年度?|本年|当年)?(?P<month>{_MONTH})月"
    rf"(?:(?P<day>{_DAY})[日号]|份?(?:(?P<third>[上中下]旬)|底|末)?)"
)
# "deadline": "2025-06-30", "2025/6/30", "2025.6.30", and a time of day behind it
_SIGNS = re.compile(
    rf"(?P<year>{_YEAR})(?P<sign>[-/.])(?P<month>{_MONTH})(?P=sign)(?P<day>{_DAY})(?![0-9]){_TIME}"
)
# "period": "2023.07-2024.01"
_YEAR_MONTH = re.compile(rf"(?P<year>{_YEAR})[-/.](?P<month>0[1-9]|1[0-2])(?![0-9])")
# "deadline": "2025年第三季度", "三季度末", "上半年"
_PART_OF_YEAR = re.compile(
    rf"(?:(?P<year>{_YEAR})年度?|本年|当年)?"
    r"(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)(?:底|末)?"
)
# "deadline": "2025年", "2025年度", "2025年底", "年底", "当年"
_WHOLE_YEAR = re.compile(
    rf"(?:(?P<year>{_YEAR})年(?:年?[底末终]|度(?:[底末]|内)?|内)?"
    r"|(?:本|当|今|该)?年(?:[底末终]|度[底末内]|内)|(?:本|当)年度?|今年)"
)


def _moment(text: str, at: int = 0) -> tuple[_Moment, int] | None:
    """Return the moment printed at a place and where it ends."""
    for pattern, read in (
        (_SIGNS, _of_day),
        (_YEAR_MONTH, _of_month),
        (_MONTH_WORDS, _of_month_words),
        (_PART_OF_YEAR, _of_part),
        (_WHOLE_YEAR, _of_year),
    ):
        match = pattern.match(text, at)
        if match:
            return read(match), match.end()
    return None


def _year(match: re.Match[str]) -> int | None:
    return int(match["year"]) if match["year"] else None


def _of_day(match: re.Match[str]) -> _Moment:
    day = (int(match["month"]), int(match["day"]))
    return _Moment(_year(match), day, day)


def _of_month(match: re.Match[str]) -> _Moment:
    month = int(match["month"])
    return _Moment(_year(match), (month, 1), (month, 0))


def _of_month_words(match: re.Match[str]) -> _Moment:
    if match["day"]:
        return _of_day(match)
    month = int(match["month"])
    first, last = _THIRDS.get(match["third"], (1, 0))
    return _Moment(_year(match), (month, first), (month, last))


def _of_part(match: re.Match[str]) -> _Moment:
    if match["quarter"]:
        last_month = 3 * _QUARTERS[match["quarter"]]
        return _Moment(_year(match), (last_month - 2, 1), (last_month, 0))
    last_month = 6 if match["half"] == "上" else 12
    return _Moment(_year(match), (last_month - 5, 1), (last_month, 0))


def _of_year(match: re.Match[str]) -> _Moment:
    return _Moment(_year(match), (1, 1), (12, 31))


# --- deadlines and periods ------------------------------------------------------------------------------

_LEAD: Final = (
    r"(?:项目|资金|预计|计划|力争|确保|争取|要求|应|须|需|于|在|截至到?|截止到?|截止至|至|到"
    r"|完成时间为?:?|最迟)*"
)
_BEFORE: Final = r"(?P<before>(?:之?以?前|以内|之内|内|止|截止|底前))"
_DOING: Final = (
    r"(?:全部|全面|基本|按时|按期|及时|均|已|前)*"
    r"(?:完成|到位|发放|下达|拨付|支付|支出|执行|实施|开工|竣工|完工|验收|启动|建成|投入|结束|交付|开展"
    r"|办理|上线|兑付|结算|付清|落实|印发|公开|报送|提交)[^0-9]{0,12}"
)
_AFTER_BEFORE: Final = r"[^0-9每]{0,20}"

_HEAD = re.compile(rf"{_LEAD}(?P<comparator>{COMPARATOR})?{_LEAD}")
_DEADLINE_TAIL = re.compile(rf"(?:{_BEFORE}{_AFTER_BEFORE}|{_DOING})?[。;,]?")
_PERIOD_TAIL = re.compile(rf"(?:期间|之间|内|止|全年)?(?:{_DOING})?[。;,]?")

# "period": "1-12月", "2024年1-12月", "2024年度（1-12月）"
_MONTHS = re.compile(
    rf"(?:(?P<year>{_YEAR})年度?|本年|当年|全年)?\(?"
    rf"(?P<month>{_MONTH})月?份?{_DASH}(?P<last>{_MONTH})月份?(?:底|末)?\)?(?!(?:{_DAY})[日号])(?![0-9])"
)
# "period": "2024.6-2024.9"
_YEAR_MONTHS = re.compile(
    rf"(?P<first>{_YEAR})[-/.](?P<month>{_MONTH})(?:{_DASH})(?P<year>{_YEAR})[-/.](?P<last>{_MONTH})(?![0-9.-])"
)
# "period": "2023-2025年", "2023年-2025年", "2023-2025"
_YEARS = re.compile(rf"(?P<first>{_YEAR})年?度?{_DASH}(?P<last>{_YEAR})(?:年度?(?:底|末)?)?(?![0-9.-])")
# "period": "全年", "2024年全年"
_ALL_YEAR = re.compile(rf"(?:(?P<year>{_YEAR})年度?|本年度?|当年度?)?全年")
_DAY_ALONE = re.compile(r"(?:[1-9]|[12][0-9]|3[01])[日号]之?以?前.{0,10}")


def read(text: str, raw: str, *, year: int | None, name: str) -> DateReading | None:
    """Return the deadline or period that a compact text prints, None where it prints none.

    What names a day that does not exist, or a month while the year is unknown, is Unreadable with the reason.
    `raw` is what the reading carries; `name` is the indicator's, plain.
    """
    if len(text) > _LONGEST or _is_duration(text, name):
        return None
    try:
        return _period(text, raw, year) or _deadline(text, raw, year, name)
    except _NoYearError:
        reason = Wording(
            f"没有印出年份，表上也读不到年度：{text}",
            f"no year is printed, and the table does not tell the fiscal year: {text}",
        )
    except ValueError:
        reason = Wording(f"没有这一天：{text}", f"there is no such day: {text}")
    return Unreadable(raw=raw, reason=reason)


class _NoYearError(Exception):
    """A month without a year in a table whose year is unknown."""


def _is_duration(text: str, name: str) -> bool:
    """Return whether 6月 is six months: where the name asks for a length of time."""
    return bool(_COUNTED_MONTHS.fullmatch(text) and _SPAN_BY_NAME.search(name))


def _settled(moment: _Moment, year: int | None) -> int:
    """Return the year of a moment: its own, else the one given."""
    if moment.year is not None:
        return moment.year
    if year is None:
        raise _NoYearError
    return year


def _deadline(text: str, raw: str, year: int | None, name: str) -> Deadline | Unreadable | None:
    """Return the last day of a moment with the words around it: "2025年6月底前", "≤2025年度"."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    found = _moment(text, start)
    tail = _DEADLINE_TAIL.fullmatch(text, found[1]) if found else None
    if found is None or tail is None:
        return _day_without_month(text, raw)
    if _YEAR_MONTH.fullmatch(text, start) and "." in text and not speaks_of_a_date(name):
        return None  # 2024.12 is a number unless the name asks for a date
    printed = comparator(head["comparator"]) if head and head["comparator"] else None
    if tail["before"] and printed in (None, Comparator.EQ):
        printed = Comparator.LE
    due = found[0].last_day(_settled(found[0], year))
    return Deadline(
        raw=raw, due=due, comparator=printed or Comparator.LE, comparator_explicit=printed is not None
    )


def _day_without_month(text: str, raw: str) -> Unreadable | None:
    """Return that "30日前" names no month."""
    if _DAY_ALONE.fullmatch(text):
        return Unreadable(raw=raw, reason=Wording(f"没有印出月份：{text}", f"no month is printed: {text}"))
    return None


def _period(text: str, raw: str, year: int | None) -> Period | Unreadable | None:
    """Return a span with both ends: "2021年1月-12月", "2023.07-2024.01", "1-12月"."""
    found = _span(text, year)
    if found is None or not _PERIOD_TAIL.fullmatch(text, found[2]):
        return None
    start, due, _ = found
    if start > due:
        return Unreadable(
            raw=raw, reason=Wording(f"起始日期在结束日期之后：{text}", f"it begins after its end: {text}")
        )
    return Period(raw=raw, start=start, due=due)


def _span(text: str, year: int | None) -> tuple[date, date, int] | None:
    """Return first day, last day and end of the span printed at the beginning."""
    lead = re.match(r"(?:自|从|=)?", text)
    at = lead.end() if lead else 0
    for pattern, read_span in (
        (_MONTHS, _span_of_months),
        (_YEAR_MONTHS, _span_of_year_months),
        (_YEARS, _span_of_years),
        (_ALL_YEAR, _span_of_a_year),
    ):
        match = pattern.match(text, at)
        span = read_span(match, year) if match else None
        if match and span:
            return *span, match.end()
    return _span_of_moments(text, at, year)


def _span_of_months(match: re.Match[str], year: int | None) -> tuple[date, date]:
    own = _year(match) or year
    if own is None:
        raise _NoYearError
    return date(own, int(match["month"]), 1), _end_of_month(own, int(match["last"]))


def _span_of_year_months(match: re.Match[str], _: int | None) -> tuple[date, date]:
    start = date(int(match["first"]), int(match["month"]), 1)
    return start, _end_of_month(int(match["year"]), int(match["last"]))


def _span_of_years(match: re.Match[str], _: int | None) -> tuple[date, date]:
    return date(int(match["first"]), 1, 1), date(int(match["last"]), 12, 31)


def _span_of_a_year(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    own = _year(match) or year
    return (date(own, 1, 1), date(own, 12, 31)) if own else None


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _span_of_moments(text: str, at: int, year: int | None) -> tuple[date, date, int] | None:
    first = _moment(text, at)
    dash = re.compile(rf"(?:起|开始)?{_DASH}").match(text, first[1]) if first else None
    last = _moment(text, dash.end()) if dash else None
    if first is None or last is None:
        return None
    start_year = _settled(replace(first[0], year=first[0].year or last[0].year), year)
    due_year = last[0].year or start_year
    return first[0].first_day(start_year), last[0].last_day(due_year), last[1]


# --- serial days of a spreadsheet (clause "deadline": 44,561) ---------------------------------------------

_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(36_526, 55_153)
"""The days of 2000 to 2050 as a spreadsheet counts them."""


def serial_day(text: str) -> date | None:
    """Return the day that a spreadsheet's serial number means, for days of 2000 to 2050.

    >>> serial_day("44,561")
    datetime.date(2021, 12, 31)
    """
    if not re.fullmatch(NUMBER, text):
        return None
    number: Decimal = decimal(text)
    return _EPOCH + timedelta(days=int(number)) if number in _SERIALS else None


def spelt_out(text: str) -> str:
    """Return digits that a name tells to be a date as one: 2024 as 2024年, 20241231 as 2024-12-31.

    >>> spelt_out("≤2024"), spelt_out("20241231"), spelt_out("95%")
    ('≤2024年', '2024-12-31', '95%')
    """
    text = re.sub(rf"^({_YEAR})([0-9]{{2}})([0-9]{{2}})$", r"\1-\2-\3", text)
    return re.sub(rf"^((?:{COMPARATOR})?{_YEAR})$", r"\1年", text)
