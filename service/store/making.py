"""A store made anew of something else: it is in its folder when it is whole, or not at all."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """Have a new folder, on the same file system, that is moved to `folder` when the block ends well.

    Nothing is left of it otherwise. Raises `StoreUnavailable` where something is in `folder`.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise StoreUnavailable(
            f"there is something in {folder} already, and nothing is restored over it: choose a folder that is "
            "empty, or move that one away"
        )
    unfinished = folder.absolute().with_name(f".{folder.absolute().name}.restoring")
    shutil.rmtree(unfinished, ignore_errors=True)  # of one that was killed
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
