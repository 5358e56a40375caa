"""The files somebody asks to load: found in folders, with what a `catalogue.csv` beside them says."""

from __future__ import annotations

import csv
import difflib
import glob
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loader import file_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from loader.location import Location

CATALOGUE_FILE: Final = file_names.CATALOGUE
_COLUMNS: Final = ("file", "title", "published", "source")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class SourceError(Exception):
    """A path that does not exist, or a catalogue that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What somebody wrote down about a file: its title, when it was published, where it was."""

    title: str | None = None
    published: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file to load and its catalogue entry, and its bytes where they were read already."""

    path: Path
    entry: CatalogueEntry
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class StrayRow:
    """A row of a catalogue that speaks of no file beside it: what it says would get lost."""

    catalogue: Path | Location
    line: int
    name: str
    nearest: str | None
    """The file beside the catalogue whose name is most like the one in the row."""

    def __str__(self) -> str:
        meant = f"; did you mean {self.nearest}?" if self.nearest else ""
        return f"{self.catalogue}, line {self.line}: there is no file {self.name!r} beside it{meant}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a catalogue: its line, the file it is about, and what it says."""

    line: int
    name: str
    entry: CatalogueEntry


def find_sources(paths: Iterable[str]) -> list[Source]:
    """Return the documents that files, folders and glob patterns name, each once, sorted within a folder.

    Folders are searched through; hidden files, README files and catalogues are left out. What is no file there (a
    pipe, a link to nothing) is among them, to be told of when it is read. Raises `SourceError`.
    """
    found = find_documents(paths)
    catalogues = {
        folder: entries_in(rows_of(folder), folder / CATALOGUE_FILE)
        for folder in {path.parent for path in found}
    }
    return [Source(path, catalogues[path.parent].get(path.name, CatalogueEntry())) for path in found]


def find_documents(paths: Iterable[str]) -> list[Path]:
    """Return the documents as `find_sources` does, without what catalogues say of them. Raises `SourceError`."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _expanded(path):
            found.setdefault(file.resolve() if file.exists() else file.absolute(), file)
    return list(found.values())


def what_is_missing(paths: Iterable[str]) -> dict[str, str]:
    """Return the paths and patterns that name nothing, each with what there is to say of it."""
    told = {path: _why_nothing(path) for path in paths}
    return {path: why for path, why in told.items() if why is not None}


def _why_nothing(path: str) -> str | None:
    if Path(path).is_dir() or Path(path).is_file():
        return None
    matches = _matches(path)
    if not matches:
        return "there is no such file, folder or pattern"
    return "this is neither a file nor a folder, or a link to nothing" if matches == [path] else None


def _matches(path: str) -> list[str]:
    return sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute


def stray_rows(sources: Iterable[Source]) -> list[StrayRow]:
    """Return the rows, of the catalogues beside some sources, that speak of no file or archive there."""
    folders = sorted({source.path.parent for source in sources})
    return [
        StrayRow(folder / CATALOGUE_FILE, row.line, row.name, _nearest(row.name, folder))
        for folder in folders
        for row in rows_of(folder)
        if not (folder / row.name.partition("!")[0]).is_file()
    ]


def _nearest(name: str, folder: Path) -> str | None:
    names = [file.name for file in sorted(folder.iterdir()) if file.is_file() and _is_document(file, folder)]
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.5)), None)


def _expanded(path: str) -> Iterator[Path]:
    place = Path(path)
    if (why := _why_nothing(path)) is not None:
        raise SourceError(f"{path}: {why}")
    if place.is_dir():
        yield from (
            file for file in sorted(place.rglob("*")) if not file.is_dir() and _is_document(file, place)
        )
    elif place.is_file():
        yield place
    else:
        for match in _matches(path):
            yield from _expanded(match)


def _is_document(file: Path, folder: Path) -> bool:
    return file_names.names_document(file.relative_to(folder).parts)


def entries_in(rows: Iterable[Row], where: Path | Location) -> dict[str, CatalogueEntry]:
    """Return the entries of a catalogue, which stands `where`, by file name. Raises `SourceError`."""
    entries: dict[str, CatalogueEntry] = {}
    for row in rows:
        if entries.setdefault(row.name, row.entry) != row.entry:
            raise SourceError(
                f"{where}, line {row.line}: an earlier line says something else of {row.name!r}; keep one of them"
            )
    return entries


def rows_of(folder: Path) -> list[Row]:
    """Return the rows of a folder's `catalogue.csv`; none where there is none. Raises `SourceError`."""
    file = folder / CATALOGUE_FILE
    if not file.is_file():
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return rows_in(stream, file)
    except UnicodeDecodeError as error:
        raise SourceError(f"{file}: the catalogue is not a CSV file in UTF-8 ({error})") from error


def rows_in(stream: TextIO, where: Path | Location) -> list[Row]:
    """Return the rows of a catalogue, which stands `where`.

    Columns: file, title, published (YYYY-MM-DD), source (a URL); others are left alone. Raises `SourceError`.
    """
    try:
        return list(_rows(csv.DictReader(stream), where))
    except csv.Error as error:
        raise SourceError(f"{where}: the catalogue is not a CSV file in UTF-8 ({error})") from error


def _rows(rows: csv.DictReader[str], file: Path | Location) -> Iterator[Row]:
    columns = list(rows.fieldnames or ())
    if "file" not in columns:
        wanted = ", ".join(_COLUMNS)
        raise SourceError(
            f"{file}: the first line must name the columns {wanted}; it names {', '.join(columns)}"
        )
    for row in rows:
        name = (row["file"] or "").strip()
        if name:
            entry = CatalogueEntry(
                title=(row.get("title") or "").strip() or None,
                published=_published(row.get("published") or "", file, rows.line_num),
                source=_address((row.get("source") or "").strip(), file, rows.line_num),
            )
            yield Row(rows.line_num, name, entry)


def _address(text: str, file: Path | Location, line: int) -> str | None:
    if not text:
        return None
    if not _ADDRESS.fullmatch(text):
        raise SourceError(
            f"{file}, line {line}: {text!r} is no address of a web page; write it whole, as "
            "https://example.org/a, or leave the cell empty"
        )
    return text


def _published(text: str, file: Path | Location, line: int) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise SourceError(
            f"{file}, line {line}: {text!r} is no date of publication; write it as 2025-02-14"
        ) from error
