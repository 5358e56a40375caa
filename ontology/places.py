"""Where something stands in a document, as people write it: told in one way everywhere, and read back.

Whoever finds `Sheet1!B5 表1 第5行 第2列` in a report or on a page can copy it into a table of corrections.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "zh": {
            "page": "第{}页",
            "table": "表{}",
            "row": "第{}行",
            "column": "第{}列",
            "line": "文本第{}行",
        },
        "en": {
            "page": "page {}",
            "table": "table {}",
            "row": "row {}",
            "column": "column {}",
            "line": "line {}",
        },
    }
)
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*")
_BETWEEN: Final = " \t\r\n,、;·()"
# What people write for each part; the sheet comes first, since its name may hold anything.
_PARTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[^\s!'()]+))!\$?(?P<letters>[A-Z]{1,3})\$?(?P<digits>\d{1,7})",
        r".*/table/(?P<table>\d+)/cell/(?P<row>\d+)-(?P<column>\d+)>?",
        r"(?:cell-)?(?P<table>\d+)-(?P<row>\d+)-(?P<column>\d+)(?!\d)",
        r"(?:文本第|line\s*)(?P<line>\d+)\s*行?",
        r"第?\s*(?P<page>\d+)\s*页|(?:page\s*|p\.\s*)(?P<page_>\d+)",
        r"(?:第\s*(?P<table>\d+)\s*[张个]\s*表|(?:表格?|table)\s*(?P<table_>\d+))",
        r"第?\s*(?P<row>\d+)\s*行|row\s*(?P<row_>\d+)",
        r"第?\s*(?P<column>\d+)\s*列|col(?:umn)?\s*(?P<column_>\d+)",
        r"\$?(?P<letters>[A-Z]{1,3})\$?(?P<digits>\d{1,7})",
    )
)


@dataclass(frozen=True, slots=True)
class Position:
    """A cell or a line of a document, as far as its format can say; rows, columns, pages count from 1."""

    sheet: str | None = None
    address: str | None = None
    """Of a spreadsheet's cell: `B5`."""
    page: int | None = None
    table: int | None = None
    """Number of the table in the document."""
    row: int | None = None
    column: int | None = None
    line: int | None = None
    """Number of the line of a text."""

    def told(self, language: str) -> str:
        """Return the position in a language, `zh` or `en`; empty where nothing is known.

        >>> Position(table=2, row=5, column=4, line=120).told("zh")
        '表2 第5行 第4列 文本第120行'
        >>> Position(sheet="2025 年", address="B5", table=1, row=5, column=2).told("en")
        "'2025 年'!B5 table 1 row 5 column 2"
        """
        return " ".join(self._parts(_WORDS[language]))

    def _parts(self, words: Mapping[str, str]) -> Iterator[str]:
        if self.sheet is not None:
            yield f"{_sheet_name(self.sheet)}!{self.address}" if self.address else _sheet_name(self.sheet)
        for name, word in words.items():
            number = getattr(self, name)
            if number is not None:
                yield word.format(number)

    @property
    def names_a_cell(self) -> bool:
        """Return whether it is precise: a row and a column of a table, an address in a sheet, or a line."""
        in_table = None not in (self.table, self.row, self.column)
        return in_table or self.address is not None or self.line is not None

    def fits(self, other: Position) -> bool:
        """Return whether everything that this says holds of another position, which may say more."""
        said = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return all(mine is None or _alike(mine) == _alike(theirs) for mine, theirs in said)


def _sheet_name(name: str) -> str:
    """Return the name of a sheet as formulas write it: in quotes unless it is one word."""
    return name if _PLAIN_SHEET.fullmatch(name) else "'" + name.replace("'", "''") + "'"


def _alike(value: int | str | None) -> int | str | None:
    return unicodedata.normalize("NFKC", value).upper() if isinstance(value, str) else value


def read(text: str) -> Position | None:
    """Return the position that a text names, or None where it names none or anything else besides.

    Read is what `Position.told` writes in either language, also without blanks, full-width or with the parts in
    another order; an address by itself; and the identifier of a source cell.

    >>> read("表2 第5行 第4列")
    Position(sheet=None, address=None, page=None, table=2, row=5, column=4, line=None)
    >>> read("表2 第5行 第4列") == read("Table 2, row 5, column 4") == read("（表２第５行第４列）") == read("2-5-4")
    True
    >>> read("'2025 年'!B5"), read("Sheet1!$B$5").address
    (Position(sheet='2025 年', address='B5', page=None, table=None, row=None, column=None, line=None), 'B5')
    >>> read("p.3 表2 第5行 第4列").page, read("第5行左右"), read("")
    (3, None, None)
    """
    rest = unicodedata.normalize("NFKC", text).strip(_BETWEEN)
    found: dict[str, int | str] = {}
    while rest:
        part = next((match for pattern in _PARTS if (match := pattern.match(rest))), None)
        told = _told_by(part) if part is not None else {}
        if part is None or found.keys() & told.keys():
            return None
        found |= told
        rest = rest[part.end() :].strip(_BETWEEN)
    return Position(**found) if found else None  # type: ignore[arg-type] # numbers are int and names str


def _told_by(part: re.Match[str]) -> dict[str, int | str]:
    groups = {name: value for name, value in part.groupdict().items() if value is not None}
    if "letters" in groups:
        sheet = groups.get("sheet") or groups.get("quoted", "").replace("''", "'")
        address = (groups["letters"] + groups["digits"]).upper()
        return {"sheet": sheet, "address": address} if sheet else {"address": address}
    return {name.rstrip("_"): int(value) for name, value in groups.items()}
