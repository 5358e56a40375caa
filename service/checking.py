"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import loader
import shapes
from ontology import identifiers

from . import rdf_files
from .loading import reading
from .loading.statements import as_nquads

if TYPE_CHECKING:
    from .store import Store

REPORT_SUFFIXES: Final = (".ttl", ".json", ".csv")


def names_store(what: str) -> bool:
    """Return whether an argument names a store and not a file."""
    return what.startswith(("memory:", "file:", "http://", "https://"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report, and how much of the document it could not speak of: cells not understood, tables skipped."""

    report: shapes.Report
    unread: int = 0


def judge_file(data: bytes, suffix: str) -> Judgement:
    """Judge a document, or RDF where the suffix says so. Raises `loader.LoaderError` or `rdf_files.NotRdfError`."""
    if suffix in rdf_files.READ:
        return Judgement(shapes.check(shapes.graph_of(rdf_files.read(data, suffix))))
    conversion = loader.convert(data)
    return Judgement(shapes.check(shapes.graph_of(conversion.nquads)), conversion.report.unread)


def judge_store(store: Store) -> Judgement:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    prefix = str(identifiers.disclosure_graph(""))
    graphs = [graph for graph in store.graphs() if graph.startswith(prefix)]
    return Judgement(shapes.merged([_judge_graph(store, graph) for graph in graphs]))


def _judge_graph(store: Store, graph: str) -> shapes.Report:
    own = reading.graph_of(store, graph)
    return shapes.check(shapes.graph_of(as_nquads([*own, *reading.named_in_register(store, own)], graph)))


def written(report: shapes.Report, suffix: str) -> bytes:
    """Return a report in the format of one of `REPORT_SUFFIXES`."""
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()
