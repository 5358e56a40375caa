"""Tables in which people write down how cells are to be read: CSV as any program saves it, or a workbook.

    document,cell,reading,reason,who
    203001.docx,表34 第8行 第5列,≥95%,原件第12页为“≥95%”,张三

The first row names the columns, in English or Chinese. A row says of which document it is (the name of its file, or
the beginning of its SHA-256) and names the cell as the load report does. A row whose reading, reason and author are
all blank is not filled in yet and says nothing; one without an author, as `jixiao check --fix-list` writes it, waits
for a person to put a name to it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology import places

from .errors import LoaderError
from .model import Correction
from .row_tables import RowTableError, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "document": ("document", "file", "文件", "文件名"),
        "cell": ("cell", "place", "单元格", "位置"),
        "reading": ("reading", "读法", "读作"),
        "reason": ("reason", "理由", "原因"),
        "who": ("who", "修改人", "更正人"),
        "printed": ("printed", "原文", "印出的文字"),
        "date": ("date", "日期"),
    }
)
"""The columns, each with the names it may have; the last two need not be there."""
_NEEDED: Final = ("document", "cell", "reading", "reason", "who")
_SAID: Final = ("reading", "reason", "who")
BLANK: Final = frozenset({"(blank)", "(空白)", "(空)"})
"""What is written where nothing is to be read."""
_DIGITS_OF_SHA: Final = re.compile(r"[0-9a-f]{8,64}")
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")


class CorrectionTableError(LoaderError):
    """The file is no table of corrections; the message says what it should be."""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One row of a table: of which document it speaks, and what it says; or why it says nothing that can be used.

    One that has neither a correction nor a problem waits for a name.
    """

    number: int
    """As spreadsheets count: the row of names is 1."""
    document: str
    correction: Correction | None
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Return whether nobody has put a name to it yet."""
        return self.correction is None and not self.problem

    def is_about(self, name: str, sha256: str) -> bool:
        """Return whether the row speaks of a document: by its name, or by its SHA-256."""
        return self.names(name) or self.is_sha_of(sha256)

    def names(self, name: str) -> bool:
        """Return whether the row names a document: `b.doc`, or in an archive `a.zip!folder/b.doc`.

        Folders may stand before the name of the file.
        """
        return _parts(self.document) == _parts(name)

    def names_file(self, name: str) -> bool:
        """Return whether the row names a file, or a document in the archive that the file is."""
        return _parts(self.document)[0] == _parts(name)[0]

    @property
    def may_be_sha(self) -> bool:
        """Return whether the row gives eight digits or more of what may be a SHA-256."""
        return bool(_DIGITS_OF_SHA.fullmatch(self.document.strip().lower()))

    def is_sha_of(self, sha256: str) -> bool:
        """Return whether the row gives the SHA-256 of a document, or its first digits."""
        return self.may_be_sha and sha256.startswith(self.document.strip().lower())


def _parts(document: str) -> tuple[str, ...]:
    """Return the name of a file, without the folders before it, and those of members of archives."""
    path, *members = _plain(document.replace("\\", "/")).split("!")
    return (path.rpartition("/")[2].strip(), *members)


def read_corrections(data: bytes, name: str) -> list[CorrectionRow]:
    """Return the rows of a table of corrections that are filled in; `name` is what messages call the table.

    Raises `CorrectionTableError`, or `UnreadableDocument` where the file is damaged.
    """
    rows = _rows(data)
    columns = _columns(rows[0] if rows else [])
    found = (_row(number, row, columns, name) for number, row in enumerate(rows[1:], start=2))
    return [row for row in found if row is not None]


# --- cells ----------------------------------------------------------------------------------------------------


def _rows(data: bytes) -> list[list[str]]:
    try:
        return rows_of(data)
    except RowTableError as error:
        raise CorrectionTableError(str(error)) from error


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Return where each column stands. Raises `CorrectionTableError` where one is missing."""
    plain = [_plain(name) for name in names]
    found = {
        column: next((plain.index(name) for name in spelt if name in plain), -1)
        for column, spelt in COLUMNS.items()
    }
    missing = [column for column in _NEEDED if found[column] < 0]
    if missing:
        wanted = ", ".join(f"{column} ({COLUMNS[column][-1]})" for column in _NEEDED)
        told = ", ".join(name for name in names if name.strip()) or "nothing"
        raise CorrectionTableError(f"the first row must name the columns {wanted}; it names {told}")
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


# --- rows -----------------------------------------------------------------------------------------------------


def _row(number: int, cells: Sequence[str], columns: Mapping[str, int], name: str) -> CorrectionRow | None:
    """Return what a row says, None where it is not filled in."""
    said = {column: cells[at].strip() if 0 <= at < len(cells) else "" for column, at in columns.items()}
    if not any(said[column] for column in _SAID):
        return None
    if not said["who"]:
        return CorrectionRow(number, said["document"], None)
    try:
        return CorrectionRow(number, said["document"], _correction(said, f"{name}, row {number}"))
    except _UnusableError as error:
        return CorrectionRow(number, said["document"], None, str(error))


class _UnusableError(Exception):
    """A row that is filled in and cannot be used; the message says what to write."""


def _correction(said: Mapping[str, str], origin: str) -> Correction:
    for column in _MISSING:
        if not said[column]:
            raise _UnusableError(_MISSING[column])
    position = places.read(said["cell"])
    if position is None or not position.names_a_cell:
        raise _UnusableError(
            f"{said['cell']!r} names no cell: copy the place from the load report, as 表2 第5行 第4列 or Sheet1!B5"
        )
    return Correction(
        position=position,
        reading="" if _plain(said["reading"]) in BLANK else said["reading"],
        reason=said["reason"],
        who=said["who"],
        when=_date(said["date"]),
        printed=said["printed"] or None,
        origin=origin,
    )


_MISSING: Final = {
    "document": "it does not say of which document it is: write the name of the file, or its SHA-256",
    "cell": "it does not say which cell: copy the place from the load report, as 表2 第5行 第4列",
    "reading": "it does not say what is to be read: write the text, or (blank) for nothing",
    "reason": "it gives no reason: write why it is to be read so, for others to judge",
}


def _date(text: str) -> date | None:
    """Return a date as people and spreadsheets write it; None where there is none."""
    if not text:
        return None
    match = _DATE.match(unicodedata.normalize("NFKC", text))
    try:
        if match is not None:
            year, *parts = (int(part) for part in match.groups() if part is not None)
            return date(year, *parts)
    except ValueError:
        pass
    raise _UnusableError(f"{text!r} is no date: write it as 2025-03-01")
