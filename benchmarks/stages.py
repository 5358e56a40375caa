"""One document from bytes to its report: CPU time of each stage, beside a named peer in the same run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import loader
import shapes
from loader.layouts.recognition import recognise
from loader.load_report import report_of
from loader.load_report_json import as_json
from loader.mapping.disclosure import to_nquads
from loader.readers.registry import read

from . import corpus
from .measuring import cpu_seconds
from .report import Report, versions_of

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

    from .report import Value


def measure(file: Path = corpus.LARGEST, rounds: int = 5, *, stock: bool = True) -> Report:
    """Measure each stage of a Word file; `stock` judges with pyshacl by itself too, which takes minutes."""
    data = file.read_bytes()
    document = read(data)
    sha256 = hashlib.sha256(data).hexdigest()
    disclosure = recognise(document, sha256)
    graph = shapes.graph_of(loader.convert(data).nquads)
    rows = [
        _row("read", cpu_seconds(lambda: read(data), rounds), "python-docx", _by_python_docx(file, rounds)),
        _row("recognise", cpu_seconds(lambda: recognise(document, sha256), rounds)),
        _row(
            "map to N-Quads",
            cpu_seconds(lambda: to_nquads(disclosure, as_json(report_of(disclosure))), rounds),
        ),
    ]
    theirs = cpu_seconds(lambda: _by_stock_pyshacl(graph), 1) if stock else 0.0
    rows.append(
        _row("check", cpu_seconds(lambda: shapes.check(graph), 1), "pyshacl" if stock else "", theirs)
    )
    return Report(
        "stages",
        f"From {file.name} to its report",
        ("stage", "ms", "peer", "peer ms", "ratio"),
        tuple(rows),
        ("On one core, warm; the least of some rounds. Ratio: peer over ours.",),
        versions=versions_of("jixiao", "python-docx", "pyshacl"),
    )


def _row(stage: str, ours: float, peer: str = "", theirs: float = 0.0) -> tuple[Value, ...]:
    return (stage, 1000 * ours, peer, 1000 * theirs if peer else "", theirs / ours if peer else "")


def _by_python_docx(file: Path, rounds: int) -> float:
    import docx

    def texts() -> list[str]:
        tables = docx.Document(str(file)).tables
        return [cell.text for table in tables for row in table.rows for cell in row.cells]

    return cpu_seconds(texts, rounds)


def _by_stock_pyshacl(graph: Graph) -> object:
    """Judge as pyshacl does by itself: each constraint's query is parsed again for each focus node."""
    import pyshacl

    from ontology import vocabulary
    from shapes.rule_book import shapes_of_documents

    words = vocabulary.graph()
    return pyshacl.validate(graph + words, shacl_graph=shapes_of_documents(), inference="none")
