"""What names say of files: which are documents, and which were left beside them by people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CATALOGUE: Final = "catalogue.csv"
"""The file that tells what the documents beside it do not say."""
CORRECTIONS: Final = ("corrections.csv", "corrections.xlsx")
"""The files that tell how cells of the documents beside them are to be read."""
_NOT_DOCUMENTS: Final = frozenset(
    {CATALOGUE, *CORRECTIONS, "readme", "readme.md", "readme.txt", "license", "thumbs.db", "desktop.ini"}
)
_HIDDEN: Final = (".", "~$", "__macosx")


def names_document(parts: Sequence[str]) -> bool:
    """Return whether a file may be a document by its name and the folders around it, from the outermost on."""
    hidden = any(part.lower().startswith(_HIDDEN) for part in parts)
    return bool(parts) and not hidden and parts[-1].lower() not in _NOT_DOCUMENTS


def names_what_stands_beside(parts: Sequence[str]) -> bool:
    """Return whether a file is no document, and tells of those in the folder it stands in."""
    return names_catalogue(parts) or names_corrections(parts)


def names_catalogue(parts: Sequence[str]) -> bool:
    """Return whether a file is the catalogue of the folder it stands in."""
    return bool(parts) and parts[-1] == CATALOGUE


def names_corrections(parts: Sequence[str]) -> bool:
    """Return whether a file is a table of corrections of the documents in the folder it stands in."""
    return bool(parts) and parts[-1] in CORRECTIONS
