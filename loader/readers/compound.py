"""A look into an OLE compound file, the container of old Office documents: the streams in its root."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from olefile import OleFileIO

from ..errors import DamagedDocument

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (OSError, IndexError, ValueError, RecursionError, struct.error)


class Compound:
    """The streams of a compound file; `names` are those in its root.

    Broken files give a `DamagedDocument`, chains that go in circles too.
    """

    def __init__(self, data: bytes) -> None:
        """Open the container."""
        try:
            self._ole: OleFileIO[str] = OleFileIO(BytesIO(data))
            self.names = tuple(dict.fromkeys(path[0] for path in self._ole.listdir()))
        except _BROKEN as error:
            raise _damaged() from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ole.close()

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream."""
        try:
            with self._ole.openstream(name) as stream:
                return stream.read()
        except _BROKEN as error:
            raise _damaged() from error


def _damaged() -> DamagedDocument:
    return DamagedDocument("the file is cut off or damaged: download it again, or open it and save it anew")
