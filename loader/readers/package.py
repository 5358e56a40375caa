"""A guarded look into the zip container of an office document: bytes are counted while they are unpacked."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from io import BytesIO
from typing import IO, TYPE_CHECKING

from ..errors import DamagedDocument, EncryptedDocument, UnsafeDocument
from . import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 16
# What zipfile and the decompressors behind it raise on containers that are not sound.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)


class Package:
    """The parts of a zip container, each within the limits or refused. Names are never used as paths.

    Capital and small letters are the same in names (ECMA-376 part 2, 6.2.2.3), and some programs write backslashes.
    """

    def __init__(self, data: bytes) -> None:
        """Open the container; raise `DamagedDocument` or `UnsafeDocument` when it is not sound."""
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise DamagedDocument(
                "the zip container is cut off or damaged: download or save the file again"
            ) from error
        names = self._zip.namelist()
        if len(names) > limits.ARCHIVE_NAMES:
            raise UnsafeDocument(f"the container has {len(names)} parts, more than {limits.ARCHIVE_NAMES}")
        self._names = {_key(name): name for name in names}
        self._unpacked = 0

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._names

    def part(self, name: str) -> bytes:
        """Return one part unpacked; the errors are those of `chunks`."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str, *, most: int = limits.PART_BYTES) -> Iterator[bytes]:
        """Yield one part in pieces while it is unpacked, at most so many bytes.

        Raises `UnsafeDocument` where it is larger than the limits allow, `EncryptedDocument` where it needs
        a password, `DamagedDocument` where it is missing or its checksum fails.
        """
        if name not in self:
            raise DamagedDocument(f"the part {name} is missing: save the file again")
        info = self._zip.getinfo(self._names[_key(name)])
        if info.flag_bits & 1:
            raise EncryptedDocument("the file is protected by a password: save it without one")
        try:
            with self._zip.open(info) as stream:
                yield from self._bounded(stream, name, packed=max(info.compress_size, 1), most=most)
        except _BROKEN as error:
            raise DamagedDocument(
                f"the part {name} cannot be unpacked ({error}): save the file again"
            ) from error

    def _bounded(self, stream: IO[bytes], name: str, *, packed: int, most: int) -> Iterator[bytes]:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            self._unpacked += len(chunk)
            self._refuse_if_unsafe(name, size, packed=packed, most=most)
            yield chunk

    def _refuse_if_unsafe(self, name: str, size: int, *, packed: int, most: int) -> None:
        if size > most or self._unpacked > limits.ARCHIVE_BYTES:
            raise UnsafeDocument(
                f"the part {name} unpacks to more than {most // limits.MIB} MiB: "
                "no published disclosure is that large, so it is not read"
            )
        if size > limits.MIB and size > packed * limits.RATIO:
            raise UnsafeDocument(
                f"the part {name} unpacks to more than {limits.RATIO} times its size: "
                "this is how a decompression bomb looks, so it is not read"
            )


def _key(name: str) -> str:
    return name.replace("\\", "/").casefold()
