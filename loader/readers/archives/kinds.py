"""Which archive a file is, told by its content."""

from __future__ import annotations

import gzip
import zlib
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from ...errors import UnreadableDocument
from ..package import Package

if TYPE_CHECKING:
    from collections.abc import Sequence


class ArchiveKind(Enum):
    """The archives that are opened; the value is how they are called."""

    ZIP = "a zip archive"
    TAR = "a tar archive"
    TAR_GZ = "a tar.gz archive"
    GZIP = "a gzip file"
    SEVEN_ZIP = "a 7z archive"
    RAR = "a RAR archive"


_MAGIC: Final[Sequence[tuple[bytes, ArchiveKind]]] = (
    (b"7z\xbc\xaf\x27\x1c", ArchiveKind.SEVEN_ZIP),
    (b"Rar!\x1a\x07", ArchiveKind.RAR),
)
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP_START: Final = b"\x1f\x8b\x08"
_TAR_MARK, _TAR_MARK_AT, _TAR_BLOCK = b"ustar", 257, 512
_OFFICE_PARTS: Final = ("[Content_Types].xml", "mimetype", "OFD.xml")
"""Parts that only documents have which are zip containers themselves."""
STARTS: Final = (*_ZIP_STARTS, _GZIP_START, *(magic for magic, _ in _MAGIC))
"""How archives begin, and documents that are zip containers."""


def archive_kind_of(data: bytes) -> ArchiveKind | None:
    """Return which archive the bytes are; None for all else, damaged archives included."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(_ZIP_STARTS):
        return ArchiveKind.ZIP if _is_plain_zip(data) else None
    if data.startswith(_GZIP_START):
        return ArchiveKind.TAR_GZ if _is_tar(_unpacked_head(data)) else ArchiveKind.GZIP
    return ArchiveKind.TAR if _is_tar(data) else None


def _is_plain_zip(data: bytes) -> bool:
    try:
        package = Package(data)
    except UnreadableDocument:
        return False
    return not any(part in package for part in _OFFICE_PARTS)


def _unpacked_head(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
            return stream.read(_TAR_BLOCK)
    except (OSError, EOFError, zlib.error):
        return b""


def _is_tar(head: bytes) -> bool:
    return head[_TAR_MARK_AT : _TAR_MARK_AT + len(_TAR_MARK)] == _TAR_MARK
