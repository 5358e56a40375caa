"""What catalogues say of the documents of one load: those beside files, and those that archives have inside.

Of a member of an archive the row `a.zip!folder/b.doc` beside the archive goes before a row in the archive; where
neither says when it was published and where it was, what is said of the archive holds.
"""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from loader.file_names import names_catalogue
from loader.location import Location

from .sources import CATALOGUE_FILE, CatalogueEntry, SourceError, StrayRow, entries_in, rows_in, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loader.task import Beside

    from .sources import Row, Source


class Catalogues:
    """The catalogues of a load, and which of their rows about members of archives nobody has asked for."""

    def __init__(self, sources: Sequence[Source]) -> None:
        """Begin with what the catalogues beside files say. Raises `SourceError`."""
        self._of_files = {source.path: source.entry for source in sources}
        self._of_members: dict[Location, Mapping[str, CatalogueEntry]] = {}
        self._unasked: dict[tuple[Location, str], StrayRow] = {}
        for folder in sorted({source.path.parent for source in sources if source.data is None}):
            rows = [row for row in rows_of(folder) if "!" in row.name]
            self._remember(Location(folder), folder / CATALOGUE_FILE, rows)

    def take(self, found: Beside) -> None:
        """Take a catalogue that an archive has inside, and nothing else. Raises `SourceError`."""
        if not names_catalogue(PurePosixPath(found.location.inside[-1]).parts):
            return
        try:
            text = io.StringIO(found.data.decode("utf-8-sig"), newline="")
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{found.location}: the catalogue is not a CSV file in UTF-8 ({error})"
            ) from error
        self._remember(found.location.folder, found.location, rows_in(text, found.location))

    def _remember(self, folder: Location, where: Path | Location, rows: list[Row]) -> None:
        self._of_members[folder] = entries_in(rows, where)
        self._unasked |= {(folder, row.name): StrayRow(where, row.line, row.name, None) for row in rows}

    def entry_of(self, location: Location) -> CatalogueEntry:
        """Return what the catalogues say of a document."""
        if not location.inside:
            return self._of_files.get(location.path, CatalogueEntry())
        beside = self._entry(Location(location.path.parent), location.name)
        inside = self._entry(location.folder, PurePosixPath(location.inside[-1]).name)
        archive = self.entry_of(Location(location.path, location.inside[:-1]))
        return CatalogueEntry(
            title=beside.title or inside.title,
            published=beside.published or inside.published or archive.published,
            source=beside.source or inside.source or archive.source,
        )

    def _entry(self, folder: Location, name: str) -> CatalogueEntry:
        self._unasked.pop((folder, name), None)
        return self._of_members.get(folder, {}).get(name, CatalogueEntry())

    def unasked(self) -> list[StrayRow]:
        """Return the rows about members of archives that were not there."""
        return list(self._unasked.values())
