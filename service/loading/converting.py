"""Which executor converts documents: this process, or a pool of processes."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from loader.many import Outcome, convert_file, convert_many, limit_worker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def convert_on(jobs: int, paths: Sequence[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Yield each path and what came of it, in order, converted by `jobs` processes.

    Processes are spawned and not forked: this process may have a store open, whose threads a fork would lose.
    """
    if jobs == 1 or len(paths) == 1:
        for path in paths:
            yield path, convert_file(path)
        return
    context = multiprocessing.get_context("spawn")
    yield from convert_many(paths, lambda: ProcessPoolExecutor(jobs, context, limit_worker))
