"""A whole corpus of N-Quads made a store: by `jixiao restore`, and by `oxigraph load`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from . import multiplied
from .measuring import run
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_BESIDE: Final = "oxigraph load"


class OtherStatements(Exception):
    """Two stores of one file do not hold as much, so that their times say nothing."""


def measure(documents: int = 100) -> Report:
    """Measure both, one after the other, from a new process to its end. Raises `OtherStatements`."""
    with TemporaryDirectory() as folder:
        quads = Path(folder) / "corpus.nq"
        with quads.open("wb") as stream:
            stream.writelines(multiplied.quads(documents))
        before = os.getloadavg()[0]
        runs = {name: run(command) for name, command in _commands(quads).items()}
        sizes = {name: len(ox.Store.read_only(str(_store(quads, name)))) for name in runs}
    if len(set(sizes.values())) > 1:
        raise OtherStatements(f"{sizes}")
    theirs = runs[_BESIDE].cpu
    return Report(
        f"bulk-{documents}",
        f"Bulk load: {documents:,} documents, {sizes[_BESIDE]:,} quads",
        ("program", "CPU s", "× of theirs", "wall s", "peak MiB"),
        tuple((name, one.cpu, theirs / one.cpu, one.wall, one.peak >> 20) for name, one in runs.items()),
        (
            f"×: quads per CPU-second over those of {_BESIDE}. Goal: 0.9. Both stores hold as many.",
            "jixiao also sees that each statement names its graph, counts them, and makes a snapshot for readers.",
            f"Others worked on the machine too: load {before:.1f} before, {os.getloadavg()[0]:.1f} after.",
            f"{datetime.now(UTC):%Y-%m-%d}",
        ),
        versions=versions_of("jixiao", "oxigraph", "pyoxigraph"),
    )


def _commands(quads: Path) -> Mapping[str, tuple[str, ...]]:
    oxigraph = str(Path(sys.executable).parent / "oxigraph")
    ours = _store(quads, "jixiao restore").as_uri()
    return {
        _BESIDE: (oxigraph, "load", "--location", str(_store(quads, _BESIDE)), "--file", str(quads)),
        "jixiao restore": (sys.executable, "-m", "service.cli", "restore", str(quads), "--store", ours),
    }


def _store(quads: Path, name: str) -> Path:
    return quads.parent / name.replace(" ", "-")
