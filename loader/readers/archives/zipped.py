"""Zip archives, whose names are in whatever encoding the program had that packed them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from ...errors import DamagedDocument, UnsafeDocument
from .. import limits
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_UTF_8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
"""The extra field in which Info-ZIP repeats a name as UTF-8 (APPNOTE 4.6.9)."""


class ZipArchive:
    """A zip archive."""

    def __init__(self, data: bytes) -> None:
        """Open it; raise `DamagedDocument` where its directory is not sound."""
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, struct.error) as error:
            raise DamagedDocument("the zip archive is cut off or damaged: download it again") from error
        self._infos = self._zip.infolist()

    def entries(self) -> Iterator[Entry]:
        """Yield the files."""
        for index, info in enumerate(self._infos):
            if not info.is_dir():
                encrypted = bool(info.flag_bits & _ENCRYPTED)
                yield Entry(index, name_of(info), info.file_size, encrypted)

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | str]:
        """Yield what is in the files."""
        for entry in entries:
            try:
                yield self._content(self._infos[entry.index])
            except UnsafeDocument as error:
                yield str(error)
            except NotImplementedError:
                yield "it is packed in a way that is not known here: unpack the archive and pack it again"
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
                yield f"it is damaged in the archive ({error}): download the archive again"

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        with self._zip.open(info) as stream:
            return b"".join(_bounded(stream, max(info.compress_size, 1)))


def _bounded(stream: IO[bytes], packed: int) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limits.DOCUMENT_BYTES:
            raise UnsafeDocument(f"it unpacks to more than {limits.DOCUMENT_BYTES // limits.MIB} MiB")
        if size > limits.MIB and size > packed * limits.RATIO:
            raise UnsafeDocument(
                f"it unpacks to more than {limits.RATIO} times its size, as a decompression bomb does"
            )
        yield chunk


def name_of(info: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive: as its program states it, else as the encoding that fits gives it."""
    if info.flag_bits & _UTF_8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    return _unicode_path(info.extra, raw) or _decoded(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        content, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and content[1:5] == struct.pack("<L", zlib.crc32(raw)):
            return content[5:].decode("utf-8", "replace")
    return None


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")
