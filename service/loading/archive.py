"""The archive: what no document of the store states any more, as compressed N-Quads, one file a document."""

from __future__ import annotations

import gzip
import hashlib
import os
from typing import TYPE_CHECKING

from ontology import identifiers

from .statements import as_nquads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .statements import Statement


class Archive:
    """A folder beside the store; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        """Keep in a folder, which is made when there is something to keep."""
        self._folder = folder

    def keep(self, graphs: Mapping[str, list[Statement]]) -> None:
        """Keep statements by the graph of their document; the same ones are kept once.

        Called before the store changes: a crash between the two leaves a copy too many, never one too few.
        """
        for graph, statements in graphs.items():
            if statements and self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
                content = as_nquads(statements, graph)
                digest = hashlib.sha256(content).hexdigest()[:8]
                name = f"{identifiers.key_of_graph(graph)}-{digest}.nq.gz"
                _write_durably(self._folder, name, gzip.compress(content, mtime=0))


def _write_durably(folder: Path, name: str, content: bytes) -> None:
    """Write one file so that it is on disk, whole, before the store forgets what it holds."""
    partial = folder / f".{name}.part"
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(folder / name)
