"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

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


def judge_file(data: bytes, suffix: str) -> shapes.Report:
    """Judge a document, or RDF where the suffix says so. Raises `loader.LoaderError` or `rdf_files.NotRdfError`."""
    is_rdf = suffix in rdf_files.READ
    nquads = rdf_files.read(data, suffix) if is_rdf else loader.convert(data).nquads
    return shapes.check(shapes.graph_of(nquads))


def judge_store(store: Store) -> shapes.Report:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    prefix = str(identifiers.disclosure_graph(""))
    graphs = [graph for graph in store.graphs() if graph.startswith(prefix)]
    return shapes.merged([_judge_graph(store, graph) for graph in graphs])


def _judge_graph(store: Store, graph: str) -> shapes.Report:
    own = reading.graph_of(store, graph)
    return shapes.check(shapes.graph_of(as_nquads([*own, *reading.named_in_register(store, own)], graph)))


def written(report: shapes.Report, suffix: str) -> bytes:
    """Return a report in the format of one of `REPORT_SUFFIXES`."""
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()
