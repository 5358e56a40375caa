"""Where a document is: a file, or a file in an archive, which may stand in another archive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Location:
    """A path and the names of archive members from the outermost on; printed as `folder/a.zip!b.zip!c.doc`."""

    path: Path
    inside: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "!".join((str(self.path), *self.inside))

    @property
    def name(self) -> str:
        """Return what the document is called: the name of the file, and those of the members."""
        return "!".join((self.path.name, *self.inside))

    @property
    def folder(self) -> Location:
        """Return the folder in which it stands: one of files, or one in an archive."""
        if not self.inside:
            return Location(self.path.parent)
        *outer, name = self.inside
        return Location(self.path, (*outer, str(PurePosixPath(name).parent)))

    def around(self) -> Iterator[Location]:
        """Yield the archives in which it stands, from the innermost on."""
        for depth in reversed(range(len(self.inside))):
            yield replace(self, inside=self.inside[:depth])

    def called_in(self, folder: Location) -> str | None:
        """Return what a folder calls it: its name there, or that of the archive around it and its name in that.

        None where the folder has neither.
        """
        for place in (self, *self.around()):
            if place.folder == folder:
                own = PurePosixPath(place.inside[-1]).name if place.inside else place.path.name
                return "!".join((own, *self.inside[len(place.inside) :]))
        return None

    def of_member(self, name: str) -> Location:
        """Return the place of a member of the archive that stands here."""
        return replace(self, inside=(*self.inside, name))
