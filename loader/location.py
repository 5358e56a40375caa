"""Where a document is: a file, or a file in an archive, which may stand in another archive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

    def of_member(self, name: str) -> Location:
        """Return the place of a member of the archive that stands here."""
        return replace(self, inside=(*self.inside, name))
