"""The engines that judge, beside pySHACL by itself: the same findings, and how many documents a CPU-second."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import loader
import shapes
from ontology import vocabulary
from shapes.engines import bulk, referee
from shapes.rule_book import shapes_of_documents

from . import corpus
from .measuring import cpu_seconds
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdflib import Graph

    from shapes.engines.choice import Engine
    from shapes.engines.result import Result

    from .report import Value

FILES = (corpus.LARGEST, corpus.EXAMPLES / "130202-205-2024.docx")


class DifferentFindings(Exception):
    """Two engines do not find the same, so that their times say nothing."""


def measure(files: Sequence[Path] = FILES, rounds: int = 3) -> Report:
    """Measure judging alone, and the whole check: judging, and what a person needs beside it."""
    rows = [row for file in files for row in _rows(file, rounds)]
    return Report(
        "engines",
        "Judging a document by the rule book",
        ("", "CPU ms", "documents per CPU-second", "× stock pySHACL", "findings"),
        tuple(rows),
        (
            "Stock pySHACL: its front door with a plain graph and the shapes as they stand in the files, once.",
            "The others warm, the least of some rounds; every engine found the same.",
        ),
        versions=versions_of("jixiao", "pyshacl", "rdflib", "shacl"),
    )


def _rows(file: Path, rounds: int) -> list[tuple[Value, ...]]:
    graph, words = shapes.graph_of(loader.convert(file.read_bytes()).nquads), vocabulary.graph()
    stock, found = _by_stock(graph, words)
    taken = {"stock pySHACL": stock}
    for name, engine in _engines().items():
        if engine(graph, words) != found:
            raise DifferentFindings(f"{name} and stock pySHACL do not find the same in {file.name}")
        taken[name] = cpu_seconds(partial(engine, graph, words), rounds)
        taken[f"{name}, whole check"] = cpu_seconds(partial(shapes.check, graph, engine=engine), rounds)
    return [
        (f"{file.name}: {name}", 1000 * seconds, 1 / seconds, stock / seconds, len(found))
        for name, seconds in taken.items()
    ]


def _engines() -> dict[str, Engine]:
    known: dict[str, Engine] = {"ours, pure Python": referee.judge}
    return known | {"fast": bulk.judge} if bulk.is_installed() else known


def _by_stock(graph: Graph, words: Graph) -> tuple[float, set[Result]]:
    """Return what pySHACL takes by itself and what it finds: each query is parsed again for each focus node."""
    everything = graph + words
    begin = time.process_time()
    found = referee.results(everything, shapes_of_documents())
    return time.process_time() - begin, found
