"""CPU time of each stage from a document to its report, beside a named peer in the same run.

    python benchmarks/stages.py [FILE] [--rounds 5] [--stock]

Peers: python-docx for reading a Word file; with `--stock`, pyshacl by itself for judging (minutes). Ratios are
peer / ours.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def main(argv: list[str] | None = None) -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("file", nargs="?", type=Path, default=EXAMPLE)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--stock", action="store_true", help="judge with stock pyshacl too: minutes")
    chosen = arguments.parse_args(argv)
    for name, seconds, peer, peer_seconds in _stages(chosen.file, chosen.rounds, stock=chosen.stock):
        ratio = f"{peer_seconds / seconds:6.1f}× {peer} ({1000 * peer_seconds:.0f} ms)" if peer else ""
        print(f"{name:22} {1000 * seconds:8.1f} ms   {ratio}")


def _stock(graph: Graph) -> object:
    """Judge as pyshacl does by itself: each constraint's query is parsed again for each focus node."""
    import pyshacl

    from ontology import vocabulary
    from shapes.rule_book import shapes_graph

    words = vocabulary.graph()
    return pyshacl.validate(graph + words, shacl_graph=shapes_graph(), inference="none")


def _by_python_docx(path: Path) -> list[str]:
    import docx

    tables = docx.Document(str(path)).tables
    return [cell.text for table in tables for row in table.rows for cell in row.cells]


def _stages(path: Path, rounds: int, *, stock: bool) -> Iterator[tuple[str, float, str, float]]:
    """Yield the name and the seconds of each stage, and the name and the seconds of its peer, if it has one."""
    import loader
    import shapes
    from loader.layouts.recognition import recognise
    from loader.mapping.disclosure import to_nquads
    from loader.readers.registry import read

    data = path.read_bytes()
    document = read(data)
    sha256 = hashlib.sha256(data).hexdigest()
    disclosure = recognise(document, sha256)
    nquads = loader.convert(data).nquads
    graph = shapes.graph_of(nquads)

    ours = cpu(lambda: read(data), rounds)
    if path.suffix == ".docx":
        yield "read", ours, "python-docx", cpu(lambda: _by_python_docx(path), 1)
    else:
        yield "read", ours, "", 0.0
    yield "recognise", cpu(lambda: recognise(document, sha256), rounds), "", 0.0
    yield "map to N-Quads", cpu(lambda: to_nquads(disclosure), rounds), "", 0.0
    yield "parse for judging", cpu(lambda: shapes.graph_of(nquads), rounds), "", 0.0
    ours = cpu(lambda: shapes.check(graph), 1)
    if stock:
        yield "check", ours, "stock pyshacl", cpu(lambda: _stock(graph), 1)
    else:
        yield "check", ours, "", 0.0


if __name__ == "__main__":
    main()
