"""Columns of a table of others: what each is about, and what its cells mean. Pure; imported by what reads tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_XSD: Final = PREFIXES["xsd"]
_VARIABLE: Final = re.compile(r"\{([+#]?)([^{}]*)\}")
_RESERVED: Final = ":/?#[]@!$&'()*+,;="
_ANYTHING: Final = re.compile(r".*", re.DOTALL)
_WHOLE: Final = re.compile(r"[+-]?\d+")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN")
_DAY: Final = r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ZONE: Final = r"(Z|[+-]\d\d:\d\d)?"
_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
LEXICAL: Final[Mapping[str, re.Pattern[str]]] = {
    "string": _ANYTHING,
    "boolean": re.compile(r"true|false|1|0"),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "integer": _WHOLE,
    "long": _WHOLE,
    "int": _WHOLE,
    "nonNegativeInteger": re.compile(r"\+?\d+"),
    "double": _NUMBER,
    "float": _NUMBER,
    "date": re.compile(_DAY + _ZONE),
    "dateTime": re.compile(f"{_DAY}T{_TIME}{_ZONE}"),
    "time": re.compile(_TIME + _ZONE),
    "gYear": re.compile(r"-?\d{4,}" + _ZONE),
    "gYearMonth": re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])" + _ZONE),
    "anyURI": re.compile(r"\S*"),
}
"""Datatypes of XML Schema that are known here, and how their values are written."""


class UnfitCell(ValueError):
    """A cell that does not hold what its column says; the message repeats the value."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the IRI of its property, and how its cells become values.

    `about` and `value` are URI templates (RFC 6570) for the thing that a cell is about and for the one that it names;
    empty where it is about its row, or is a literal.
    """

    name: str
    property: str
    datatype: str = "string"
    about: str = ""
    value: str = ""
    separator: str = ""
    null: tuple[str, ...] = ("",)
    language: str = ""
    required: bool = False

    def values(self, cell: str) -> tuple[str, ...]:
        """Return the texts of a cell, none where it is null."""
        if cell in self.null:
            return ()
        parts = cell.split(self.separator) if self.separator else [cell]
        texts = (
            parts if self.datatype == "string" and not self.separator else [part.strip() for part in parts]
        )
        return tuple(text for text in texts if text not in self.null)

    def literal(self, text: str) -> ox.Literal:
        """Return a text as a value of the datatype. Raises `UnfitCell`."""
        if LEXICAL[self.datatype].fullmatch(text) is None:
            raise UnfitCell(f"{text!r} is no {self.datatype}")
        if self.datatype != "string":
            return ox.Literal(text, datatype=ox.NamedNode(_XSD + self.datatype))
        return ox.Literal(text, language=self.language) if self.language else ox.Literal(text)


def variables(template: str) -> frozenset[str]:
    """Return the names of the columns that a URI template uses."""
    return frozenset(name for _, name in _VARIABLE.findall(template))


def expanded(template: str, row: Mapping[str, str], base: str) -> ox.NamedNode:
    """Return the IRI that a URI template makes of a row. Raises `UnfitCell` where a cell that it needs is empty.

    >>> expanded("unit/{code}#{name}", {"code": "203 001", "name": "a"}, "https://example.org/x")
    <NamedNode value=https://example.org/unit/203%20001#a>
    """

    def told(match: re.Match[str]) -> str:
        how, name = match.groups()
        if not row.get(name):
            raise UnfitCell(f"the cell of {name!r} is empty, and the address {template!r} is made of it")
        text = quote(row[name], safe=_RESERVED if how else "")
        return f"#{text}" if how == "#" else text

    address = _VARIABLE.sub(told, template)
    try:
        return ox.NamedNode(urljoin(base, address))
    except ValueError as error:
        raise UnfitCell(f"{address!r} is no IRI: {error}") from error
