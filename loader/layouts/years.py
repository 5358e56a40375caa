"""The fiscal year: heading, header block, the year most dates state, the project code (ontology.md, IRIs)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ontology import project_codes
from ontology.namespaces import JX

from .. import values
from ..model import Deadline, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .form import Form

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*(?:[)）]\s*)?年")
_IN_NUMERALS = re.compile(r"二[〇零○]([〇零○一二三四])([〇零○一二三四五六七八九])(?=\s*年)")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_BRACKETED = re.compile(r"^[(（]\s*(20[0-4]\d)\s*[)）]$")
_LONGEST_HEADING = 60
# A page says when it was published, and that is no fiscal year.
_PAGE_DATES = re.compile(r"发布|来源|日期|时间|浏览|索引号|\d{1,2}[-月]\d{1,2}")
_RUNNING_TITLE = re.compile(
    r"^[（(]?(?:20\d\d|二[〇零○].{2})年度?[)）]?$|^[^，。；、]{4,40}(?:绩效|预算|决算)[^，。；、]{0,20}$"
)


class FiscalYear(NamedTuple):
    """A fiscal year and where it was found: a slug of `jxc:year-source/`."""

    year: int | None
    source: str | None


NO_YEAR = FiscalYear(None, None)


def year_of_document(forms: Sequence[Form], title: str | None) -> FiscalYear:
    """Return the year that a document states as a whole."""
    if title is not None and (year := year_in(title)):
        return FiscalYear(year, "heading")
    if (year := _most_common(_years_of_dates(forms))) is not None:
        return FiscalYear(year, "dates")
    if (year := _most_common(_years_of_codes(forms))) is not None:
        return FiscalYear(year, "code")
    return NO_YEAR


def year_of_form(form: Form, document: FiscalYear) -> FiscalYear:
    """Return the year of one form: of its own heading, else as the document has it.

    The project's name is taken out of the heading first: `2024年提前下达…` in a name is no fiscal year.
    """
    name = form.name.text if form.name else ""
    prose = {printed.text for _, printed in form.heading.goals}
    for line in reversed([line for line in form.lines if line.text not in prose]):
        text = line.text.replace(name, "") if name else line.text
        year = year_in(text)
        if year and len(text) < _LONGEST_HEADING and not _PAGE_DATES.search(text):
            return FiscalYear(year, "heading")
    if document.source == "heading":
        return document
    stated = form.header.first(JX.fiscalYear)
    if stated is not None and (year := year_in(stated.text + "年")):
        return FiscalYear(year, "header")
    return next((FiscalYear(year, "heading") for year in _years_around(form)), document)


def _years_around(form: Form) -> Iterator[int]:
    """Yield the years that headers and footers of pages state: alone, or in the title of the document."""
    for line in form.around:
        year = year_in(line.text)
        if year and _RUNNING_TITLE.search(line.text) and not _PAGE_DATES.search(line.text):
            yield year


def year_in(text: str) -> int | None:
    """Return the year that a heading states.

    >>> [year_in(text) for text in ("2025年度", "二〇二五年项目支出绩效目标表", "二零二〇年", "二〇二五")]
    [2025, 2025, 2020, None]
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _IN_NUMERALS.sub(lambda year: f"20{year[1]}{year[2]}".translate(_DIGITS), plain)
    match = _YEAR.search(plain) or _BRACKETED.match(plain)
    return int(match[1]) if match else None


def _years_of_dates(forms: Iterable[Form]) -> Iterator[int]:
    for form in forms:
        for row in form.indicators.rows if form.indicators else ():
            for value in row.values:
                for reading in values.parse(value.text.text):
                    if isinstance(reading, Deadline | Period):
                        yield reading.due.year


def _years_of_codes(forms: Iterable[Form]) -> Iterator[int]:
    for form in forms:
        code = form.header.first(JX.projectCode)
        parsed = project_codes.parse(code.text) if code else None
        if parsed is not None:
            yield parsed.year


def _most_common(years: Iterable[int]) -> int | None:
    counted = Counter(years)
    return counted.most_common(1)[0][0] if counted else None
