"""Files on disk, looked at before they are read: nothing larger than a disclosure gets into memory."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from ..errors import UnknownFormat, UnsafeDocument
from . import limits
from .archives.kinds import STARTS
from .kinds import too_large

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = 16


def read_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises `OSError`, and an `UnreadableDocument` where it is none or too large.

    An archive may be larger than a document.
    """
    if path.is_symlink() and not path.exists():
        raise UnknownFormat("this is a link to nothing, or to itself")
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise UnknownFormat("this is a folder: name the documents in it")
    if not stat.S_ISREG(status.st_mode):
        raise UnknownFormat("this is a pipe or a device and no file: - reads a document from stdin")
    if status.st_size > limits.ARCHIVE_FILE_BYTES:
        raise UnsafeDocument(too_large(status.st_size, limits.ARCHIVE_FILE_BYTES))
    with path.open("rb") as stream:
        if status.st_size > limits.DOCUMENT_BYTES and not stream.read(_HEAD).startswith(STARTS):
            raise UnsafeDocument(too_large(status.st_size, limits.DOCUMENT_BYTES))
        stream.seek(0)
        return stream.read(limits.ARCHIVE_FILE_BYTES)
