"""Peak memory of the processes that convert documents, by the format that they read."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loader.many import Refused, convert_many, processes

from . import corpus, written
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.conversion import Conversion

    from .report import Value

_MIB: Final = 1 << 20


class NotConverted(Exception):
    """A document of the benchmark was refused."""


def measure(documents: int = 24) -> Report:
    """Measure a fresh process for each format, and one that meets all of them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = [_row(form, corpus.write(place / form, documents, [form])) for form in written.FORMATS]
        rows.append(_row("all by turns", corpus.write(place / "all", documents * 4)))
    return Report(
        "memory",
        "Peak memory of a process that converts",
        ("format", "documents", "peak MiB", "its own MiB"),
        tuple(rows),
        (
            (
                "Peak: resident memory at its highest. Its own: what it has beside the pages that it shares with the "
                "server it was forked from, at its end. A worker may take 4 GiB of address space and is ended beyond."
            ),
        ),
        versions=versions_of("jixiao", "lxml", "pypdfium2"),
    )


def _row(name: str, files: Sequence[Path]) -> tuple[Value, ...]:
    taken = [outcome for _, outcome in convert_many(files, processes(1), memory_of)]
    refused = [outcome for outcome in taken if isinstance(outcome, Refused)]
    if refused:
        raise NotConverted(f"{refused[0].path.name}: {refused[0].reason}")
    peaks = [outcome for outcome in taken if not isinstance(outcome, Refused)]
    return (name, len(files), max(peak for peak, _ in peaks) / _MIB, peaks[-1][1] / _MIB)


def memory_of(_conversion: Conversion) -> tuple[int, int]:
    """Return the peak of this process and what it shares with nobody, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024), _private(os.getpid())


def _private(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    sizes = (line.split() for line in lines if line.startswith("Private_"))
    return sum(int(size[1]) for size in sizes) * 1024
