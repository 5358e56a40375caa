"""What a printed label means: the ontology's hidden labels, read in the forms that tables print them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from ontology.namespaces import JX, JXC
from ontology.vocabulary import field_labels, is_word, normalise_label

if TYPE_CHECKING:
    from rdflib import URIRef

_LONGEST_LABEL = 40
"""Characters; the longest label met has 21."""
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_BEFORE_COLON = re.compile(r"([^\s:：；;，,。|（(]{2,14}(?:[（(][^（）()]{1,10}[)）])?)[:：]")
_AMONG = re.compile(r"其中[:：]?")
_PARTED = re.compile(r"\s{2,}|\s*[|\n\t]\s*")
_YEAR = re.compile(r"20\d\d年?度?")
_A_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_COUNTED = re.compile(r"(?<=..)\d{1,2}$")
_MONTH = re.compile(r"^(?:20\d\d年)?(\d{1,2})月(?:底|末)?前?$")
_NAMES: Final = frozenset({JX.projectName, JX.projectCode, JX.declaredBy, JX.Department, JX.unitCode})
_FUNDS: Final = (str(JXC["fund-source/"]), str(JXC["fund-level/"]))
_NUMERAL = r"[\d一二三四五六七八九十]+"
_NUMBERED = re.compile(rf"^\s*(?:[(（]?{_NUMERAL}[)）]?[.、．,，]\s*|[(（]{_NUMERAL}[)）]\s*)")


class InlineField(NamedTuple):
    """A label and its value in one cell or line, as in `单位：万元`; a label may mean several fields."""

    fields: tuple[URIRef, ...]
    value: str


@lru_cache(maxsize=4096)
def fields_of(text: str) -> tuple[URIRef, ...]:
    """Return the fields a printed label may mean; empty where the text is no label.

    >>> [str(field).rpartition('/')[2] for field in fields_of('项目名称')]
    ['projectName']
    """
    if not text or len(text) > _LONGEST_LABEL:
        return ()
    return field_labels().get(normalise_label(text), ())


def is_label(text: str, *fields: URIRef) -> bool:
    """Return whether a text is a label, of one of `fields` where any are given."""
    meant = fields_of(text)
    return bool(set(meant) & set(fields)) if fields else bool(meant)


def is_fund(field: URIRef) -> bool:
    """Return whether a field is an amount of money by its source, or by the level of government it comes from."""
    return str(field).startswith(_FUNDS)  # that of URIRef takes no tuple


def is_any_label(text: str) -> bool:
    """Return whether a text is a label: of a field, or of one that forms print and the ontology does not keep."""
    return bool(meanings(text)) or is_other_label(text)


@lru_cache(maxsize=4096)
def is_other_label(text: str) -> bool:
    """Return whether a text is a label whose value is kept in the grid alone (备注, 联系电话, …)."""
    return len(text) <= _LONGEST_LABEL and is_word(text, "other-field")


def is_total(text: str) -> bool:
    """Return whether a cell is the label of a row that adds up, and says nothing about anything else."""
    return is_word(text, "total")


def inline_fields(text: str) -> tuple[InlineField, ...]:
    """Return the fields that one cell or line prints with their values, each up to the next label.

    >>> [(str(field.fields[0]).rpartition("/")[2], field.value) for field in inline_fields("其中：财政拨款：18万元")]
    [('fiscal', '18万元')]
    >>> [field.value for field in inline_fields("项目名称：治水    金额单位：元")]
    ['治水', '元']
    >>> [field.value for field in inline_fields("实施单位：林业局 联系人：张三")]
    ['林业局']
    """
    labels = _labels_with_colon(text)
    ends = [*(match.start() for match in labels[1:]), len(text)] if labels else []
    return tuple(
        _inline_field(fields_of(match[1]), text[match.end() : end])
        for match, end in zip(labels, ends, strict=True)
    )


def _inline_field(fields: tuple[URIRef, ...], text: str) -> InlineField:
    """Return a field with its value; a name ends also before a label that the ontology does not keep."""
    others = [match.start() for match in _BEFORE_COLON.finditer(text) if is_other_label(match[1])]
    ends = min(others, default=len(text)) if _NAMES & set(fields) else len(text)
    return InlineField(fields, text[:ends].strip(" \t\r\n　；;，,|（("))


@lru_cache(maxsize=4096)
def inline_field(text: str) -> InlineField | None:
    """Return the field and the value of a cell or line that begins with a label, or None."""
    labels = _labels_with_colon(text)
    begins = bool(labels) and not _AMONG.sub("", text[: labels[0].start()]).strip()
    return inline_fields(text)[0] if begins else None


def _labels_with_colon(text: str) -> list[re.Match[str]]:
    return [match for match in _BEFORE_COLON.finditer(text) if fields_of(match[1])]


def parts_of(line: str) -> tuple[str, ...]:
    """Return what a line prints side by side, parted by wide blanks, bars, or a blank before a label.

    >>> parts_of("203001县委办公室      单位：万元")
    ('203001县委办公室', '单位：万元')
    """
    labels = [
        match.start() for match in _labels_with_colon(line) if line[: match.start()].endswith((" ", "　"))
    ]
    edges = [0, *labels, len(line)]
    pieces = (line[left:right] for left, right in pairwise(edges))
    return tuple(part for piece in pieces for part in _PARTED.split(piece.strip()) if part)


def meanings(text: str) -> tuple[URIRef, ...]:
    """Return the fields that a label may mean, whatever year it is printed for: 2025年目标值, 其中：2023年预算."""
    timeless = without_year(text)
    of_year = (
        _YEAR.sub("年度", text) if any(map(str.isalpha, timeless)) else ""
    )  # (2024年度) alone is no label
    return fields_of(text) or fields_of(timeless) or fields_of(of_year)


def without_year(text: str) -> str:
    """Return a label without the year it is printed for: 2025年目标值, 目标值2025年."""
    return _YEAR.sub("", text)


def year_of_label(text: str) -> int | None:
    """Return the year a label is printed for, or None."""
    match = re.search(r"20\d\d", unicodedata.normalize("NFKC", text))
    return int(match[0]) if match else None


def only_year_of_label(text: str) -> int | None:
    """Return the year a label is printed for, None where it names none or more: 2023-2026年.

    >>> [only_year_of_label(text) for text in ("2024年", "2024", "2024年目标值", "2023-2026年", "全年")]
    [2024, 2024, 2024, None, None]
    """
    found = set(_A_YEAR.findall(unicodedata.normalize("NFKC", text)))
    return int(found.pop()) if len(found) == 1 else None


def without_count(text: str) -> str:
    """Return a label without the number behind it: 年度绩效目标1."""
    return _COUNTED.sub("", normalise_label(text))


def bracketed(text: str) -> tuple[str, ...]:
    """Return what stands in the brackets of a label: the unit of `预算数（万元）`, the weight of `(10分)`."""
    return tuple(_BRACKETED.findall(text))


def month_of(text: str) -> int | None:
    """Return the month that `3月底` names, or None."""
    match = _MONTH.match("".join(unicodedata.normalize("NFKC", text).split()))
    month = int(match[1]) if match else 0
    return month if 1 <= month <= 12 else None


def without_number(line: str) -> str:
    """Return a heading without its leading number (`一、`, `3.`, `（二）`)."""
    return _NUMBERED.sub("", line, count=1)


def is_section_heading(line: str) -> bool:
    """Return whether a line is the heading of a section of a department's overall target."""
    return is_label(without_number(line), JX.heading)
