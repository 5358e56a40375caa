"""A portion of an archive after the other: so many members that they fit into memory, and where the next begins."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...errors import EmptyDocument, UnsafeDocument
from ...file_names import names_document, names_what_stands_beside
from .. import limits
from .entries import Archive, Entry, fit
from .kinds import ArchiveKind
from .tarred import GzipFile, TarArchive
from .unarred import UnarArchive
from .zipped import ZipArchive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...programs import Programs

_PORTION_BYTES: Final = 64 * limits.MIB
_PORTION: Final = 256
"""Members in one portion."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name there, and its bytes; or why it could not be taken out."""

    name: str
    data: bytes = b""
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """Some members of an archive, and the number of the one with which the next portion begins, if there is one.

    The members that tell of those beside them come first.
    """

    members: tuple[Member, ...]
    next: int | None


def unpacked(data: bytes, kind: ArchiveKind, programs: Programs, start: int = 0) -> Portion:
    """Return the portion of an archive that begins with a member.

    What is left beside documents is left out. Raises an `UnreadableDocument` where the archive cannot be opened.
    """
    with _opened(data, kind, programs) as archive:
        entries = _chosen(archive)
        if not entries:
            raise EmptyDocument("there is no document in the archive: check that it is the file you mean")
        portion = _portion(entries[start:])
        members = tuple(_taken_out(archive, portion))
    following = start + len(portion)
    return Portion(members, following if following < len(entries) else None)


@contextmanager
def _opened(data: bytes, kind: ArchiveKind, programs: Programs) -> Iterator[Archive]:
    if kind is ArchiveKind.ZIP:
        yield ZipArchive(data)
    elif kind is ArchiveKind.GZIP:
        yield GzipFile(data)
    elif kind in (ArchiveKind.TAR, ArchiveKind.TAR_GZ):
        yield TarArchive(data, packed=kind is ArchiveKind.TAR_GZ)
    else:
        with UnarArchive(data, programs.unar, kind.value) as archive:
            yield archive


def _chosen(archive: Archive) -> list[Entry]:
    """Return the entries that are documents by their names, before them what stands beside documents."""
    entries = fit(archive.entries())
    if len(entries) > limits.ARCHIVE_NAMES:
        raise UnsafeDocument(
            f"the archive has {len(entries):,} files, more than the {limits.ARCHIVE_NAMES:,} that are read at most: "
            "split it"
        )
    beside = [entry for entry in entries if names_what_stands_beside(entry.parts)]
    return beside + [entry for entry in entries if names_document(entry.parts)]


def _portion(entries: Sequence[Entry]) -> list[Entry]:
    """Return as many of the first entries as make a portion, one at least."""
    portion: list[Entry] = []
    size = 0
    for entry in entries[:_PORTION]:
        size += 0 if _problem(entry) else entry.size
        if portion and size > _PORTION_BYTES:
            break
        portion.append(entry)
    return portion


def _taken_out(archive: Archive, entries: Sequence[Entry]) -> Iterator[Member]:
    sound = [entry for entry in entries if not _problem(entry)]
    contents = iter(archive.contents(sound))
    for entry in entries:
        content = _problem(entry) or next(contents)
        if isinstance(content, str):
            yield Member(entry.name, refusal=content)
        else:
            yield Member(entry.name, content)


def _problem(entry: Entry) -> str | None:
    """Return why a file is not even tried."""
    if entry.encrypted:
        return "it is protected by a password in the archive: unpack the archive first"
    if entry.size > limits.DOCUMENT_BYTES:
        return (
            f"it has {entry.size / limits.MIB:.0f} MiB, more than the {limits.DOCUMENT_BYTES // limits.MIB} MiB "
            "that are read at most: split it into its documents"
        )
    return None
