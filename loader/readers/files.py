"""Files on disk, looked at before they are read: nothing larger than a disclosure gets into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UnsafeDocument
from . import limits
from .kinds import too_large

if TYPE_CHECKING:
    from pathlib import Path


def read_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises `UnsafeDocument` when it is beyond the limit, and `OSError`."""
    size = path.stat().st_size
    if size > limits.DOCUMENT_BYTES:
        raise UnsafeDocument(too_large(size))
    return path.read_bytes()
