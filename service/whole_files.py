"""Files that appear whole or not at all. Knows nothing of what is written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content is at `target` after the block; nothing is when the block did not end well."""
    with whole_file_path(target) as partial, partial.open("wb") as stream:
        yield stream


@contextmanager
def whole_file_path(target: Path) -> Iterator[Path]:
    """Yield a path; what is there after the block is at `target` then, and nothing is when it did not end well."""
    partial = target.with_name(f".{target.name}.part")
    try:
        yield partial
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
