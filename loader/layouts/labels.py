"""What a printed label means: the ontology's hidden labels, read in the forms that tables print them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ontology.namespaces import JX
from ontology.vocabulary import field_labels, normalise_label, words

if TYPE_CHECKING:
    from rdflib import URIRef

_LONGEST_LABEL = 40
"""Characters; the longest label met has 21."""
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_INLINE = re.compile(r"^\s*([^:：]{2,12})[:：]\s*(.*?)\s*$", re.DOTALL)
_MONTH = re.compile(r"^(?:20\d\d年)?(\d{1,2})月(?:底|末)?前?$")
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


def is_any_label(text: str) -> bool:
    """Return whether a text is a label: of a field, or of one that forms print and the ontology does not keep."""
    return bool(fields_of(text)) or is_other_label(text)


@lru_cache(maxsize=4096)
def is_other_label(text: str) -> bool:
    """Return whether a text is a label whose value is kept in the grid alone (备注, 联系电话, …)."""
    return len(text) <= _LONGEST_LABEL and normalise_label(text) in _other_labels()


@cache
def _other_labels() -> frozenset[str]:
    return frozenset(normalise_label(word) for word in words("other-field"))


def inline_field(text: str) -> InlineField | None:
    """Return the fields and the value of a cell or line that prints both, or None."""
    match = _INLINE.match(text)
    if match is None:
        return None
    meant = fields_of(match[1])
    return InlineField(meant, match[2]) if meant else None


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
