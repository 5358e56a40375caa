"""CPU time of each stage from a Word file to its report, beside a named peer in the same run.

    python benchmarks/stages.py [FILE.docx] [--rounds 5]

Peers: python-docx for reading, rdflib's N-Quads parser and stock pyshacl for judging. Ratios are peer / ours.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "130202-203001-2025.docx"


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Return the median CPU seconds of some work, after one round that warms caches."""
    work()
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    data = chosen.file.read_bytes()
    for name, seconds, peer, peer_seconds in _stages(data, chosen.file, chosen.rounds):
        ratio = f"{peer_seconds / seconds:6.1f}× {peer} ({1000 * peer_seconds:.0f} ms)" if peer else ""
        print(f"{name:22} {1000 * seconds:8.1f} ms   {ratio}")


def _stock(graph: Graph) -> object:
    """Judge as pyshacl does by itself: each constraint's query is parsed again for each focus node."""
    import pyshacl
    from shapes.rules import shapes_graph

    from ontology import vocabulary

    words = vocabulary.graph()
    return pyshacl.validate(graph + words, shacl_graph=shapes_graph(), inference="none")


def _stages(data: bytes, path: Path, rounds: int) -> list[tuple[str, float, str, float]]:
    import docx

    import shapes
    from loader.layouts.recognition import recognise
    from loader.mapping.disclosure import to_nquads
    from loader.readers.registry import read

    document = read(data)
    sha256 = hashlib.sha256(data).hexdigest()
    disclosure = recognise(document, sha256)
    nquads = to_nquads(disclosure).encode()
    graph = shapes.graph_of(nquads)

    def by_python_docx() -> list[str]:
        return [
            cell.text for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells
        ]

    return [
        ("read", cpu(lambda: read(data), rounds), "python-docx", cpu(by_python_docx, 1)),
        ("recognise", cpu(lambda: recognise(document, sha256), rounds), "", 0.0),
        ("map to N-Quads", cpu(lambda: to_nquads(disclosure), rounds), "", 0.0),
        ("parse for judging", cpu(lambda: shapes.graph_of(nquads), rounds), "", 0.0),
        ("check", cpu(lambda: shapes.check(graph), 1), "stock pyshacl", cpu(lambda: _stock(graph), 1)),
    ]


if __name__ == "__main__":
    main()
