"""CSV as others save it: decoded, and each row with the line on which it begins.

UTF-8 with or without a byte order mark, or GB 18030 as old Excel writes it. Imported by what reads tables of others.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .faults import UnfitData

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the number of the line on which it begins, from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


def decoded(data: bytes, encoding: str = "") -> str:
    """Return the text, in an encoding that was named or in the one in which it can be read. Raises `UnfitData`."""
    fault: UnicodeDecodeError | None = None
    for tried in (encoding,) if encoding else _ENCODINGS:
        try:
            return data.decode(tried).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            fault = fault or error
        except (LookupError, ValueError):
            raise UnfitData(f"the metadata name an encoding that nobody knows: {encoding!r}") from None
    line = data.count(b"\n", 0, fault.start if fault else 0) + 1
    told = encoding or "UTF-8 or GB 18030"
    raise UnfitData(f"line {line}: this is not {told}: save the table as CSV in UTF-8")


def lines_of(text: str, separator: str = ",", quote: str = '"') -> Iterator[Line]:
    """Yield the rows that are not blank. Raises `UnfitData`, with the line, where quotes do not close."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cells):
                yield Line(begins, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnfitData(f"line {begins}: this is no CSV: {error}") from error
