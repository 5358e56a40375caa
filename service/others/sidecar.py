"""What a `datasets.csv` beside files of others says of them: name, title, publisher, licence, source, date of issue.

The command line may say the same; what it says wins. Imported by the command line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .catalogue import About
from .csv_text import decoded, lines_of
from .faults import UnfitData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .csv_text import Line

FILE: Final = "datasets.csv"
COLUMNS: Final = ("file", "name", "title", "publisher", "licence", "source", "issued")
_ADDRESS: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of one file; `name` is empty where the name of the file is meant."""

    name: str
    about: About


NOTHING: Final = Row("", About())


def rows_of(data: bytes) -> Mapping[str, Row]:
    """Return what a sidecar says, by names of files. Raises `UnfitData` with line, column and value."""
    lines = lines_of(decoded(data))
    header = next(lines, None)
    columns = [cell.strip().casefold() for cell in header.cells] if header else []
    if "file" not in columns or not set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise UnfitData(
            f"line 1: the columns are {', '.join(COLUMNS)}, of which file must be there; here: {columns}"
        )
    return dict(_rows(lines, columns))


def _rows(lines: Iterator[Line], columns: list[str]) -> Iterator[tuple[str, Row]]:
    for line in lines:
        if len(line.cells) > len(columns):
            raise UnfitData(
                f"line {line.number}: it has {len(line.cells)} cells, and there are {len(columns)} columns"
            )
        said = dict(zip(columns, (cell.strip() for cell in line.cells), strict=False))
        try:
            yield said["file"], Row(said.get("name", ""), about(said))
        except UnfitData as error:
            raise UnfitData(f"line {line.number}, {error}") from error


def about(said: Mapping[str, str]) -> About:
    """Return what somebody says of a data set, by the words of `COLUMNS`. Raises `UnfitData` with word and value."""
    return About(
        said.get("title", ""),
        said.get("publisher", ""),
        _address("licence", said.get("licence", ""), may_be_text=True),
        _address("source", said.get("source", "")),
        _day(said.get("issued", "")),
    )


def _address(word: str, text: str, *, may_be_text: bool = False) -> str:
    if not text or (may_be_text and not text.startswith(("http://", "https://"))):
        return text
    try:
        if _ADDRESS.fullmatch(text):
            return ox.NamedNode(text).value
    except ValueError:
        pass
    raise UnfitData(f"{word}: {text!r} is no address: write it whole, as https://example.org/data")


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnfitData(f"issued: {text!r} is no day: write it as 2024-12-31") from None
