"""Tar archives, packed by gzip or not, and single files packed by gzip: read as a stream from the start."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from ...errors import DamagedDocument, UnsafeDocument
from .. import limits
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BROKEN: Final = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError)
_NAMED, _NAME_AT = 0x08, 10
_HAS_EXTRA: Final = 0x04


class TarArchive:
    """A tar archive."""

    def __init__(self, data: bytes, *, packed: bool) -> None:
        """Take the bytes, which are gzip's where they are `packed`."""
        self._data = data
        self._packed = packed

    def entries(self) -> Iterator[Entry]:
        """Yield the files. Raises `DamagedDocument`, and `UnsafeDocument` where it unpacks to too much."""
        try:
            with self._opened() as archive:
                for index, member in enumerate(archive):
                    if member.isreg():
                        yield Entry(index, _decoded(member.name), member.size)
        except _BROKEN as error:
            raise DamagedDocument(
                f"the archive is cut off or damaged ({error}): download it again"
            ) from error

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | str]:
        """Yield what is in the files, which are asked for in any order."""
        wanted = {entry.index for entry in entries}
        found: dict[int, bytes] = {}
        try:
            with self._opened() as archive:
                for index, member in enumerate(archive):
                    if index in wanted and (stream := archive.extractfile(member)) is not None:
                        found[index] = stream.read(limits.DOCUMENT_BYTES)
                    if len(found) == len(wanted):
                        break
        except _BROKEN as error:
            missing = f"it is damaged in the archive ({error}): download the archive again"
        else:
            missing = "it is missing in the archive: download the archive again"
        for entry in entries:
            content = found.get(entry.index)
            yield missing if content is None or len(content) != entry.size else content

    def _opened(self) -> tarfile.TarFile:
        stream = _Bounded(BytesIO(self._data)) if self._packed else BytesIO(self._data)
        return tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape")


class GzipFile:
    """One file packed by gzip."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes."""
        self._data = data

    def entries(self) -> Iterator[Entry]:
        """Yield the file, by the name that gzip keeps."""
        yield Entry(0, _kept_name(self._data), 0)

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | str]:
        """Yield what is in the file."""
        for _ in entries:
            try:
                content = _Bounded(BytesIO(self._data)).read(limits.DOCUMENT_BYTES + 1)
            except UnsafeDocument as error:
                yield str(error)
            except _BROKEN as error:
                yield f"it is damaged ({error}): download it again"
            else:
                too_large = f"it unpacks to more than {limits.DOCUMENT_BYTES // limits.MIB} MiB"
                yield too_large if len(content) > limits.DOCUMENT_BYTES else content


class _Bounded(gzip.GzipFile):
    """What gzip unpacks, as long as that is not more than an archive may hold."""

    def __init__(self, packed: IO[bytes]) -> None:
        super().__init__(fileobj=packed)
        self._unpacked = 0

    def read(self, size: int | None = -1) -> bytes:
        chunk = super().read(size)
        self._unpacked += len(chunk)
        if self._unpacked > limits.ARCHIVE_TOTAL_BYTES:
            raise UnsafeDocument(
                f"the archive unpacks to more than {limits.ARCHIVE_TOTAL_BYTES // limits.MIB} MiB: it is not read"
            )
        return chunk


def _decoded(name: str) -> str:
    """Return a name that is no UTF-8 in the encoding of Chinese systems."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")


def _kept_name(data: bytes) -> str:
    """Return the name in the header of gzip (RFC 1952, 2.3); `content` where there is none."""
    flags = int.from_bytes(data[3:4])
    if flags & _HAS_EXTRA or not flags & _NAMED:
        return "content"
    raw = data[_NAME_AT : data.find(b"\0", _NAME_AT)]
    return _decoded(raw.decode("utf-8", "surrogateescape")) or "content"
