"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

import loader
import shapes
from ontology import identifiers

from . import reading
from .statements import as_nquads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Store

REPORT_SUFFIXES: Final = (".ttl", ".json", ".csv")
_RDF: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {
        ".nq": ox.RdfFormat.N_QUADS,
        ".trig": ox.RdfFormat.TRIG,
        ".ttl": ox.RdfFormat.TURTLE,
        ".nt": ox.RdfFormat.N_TRIPLES,
        ".jsonld": ox.RdfFormat.JSON_LD,
        ".rdf": ox.RdfFormat.RDF_XML,
    }
)


class NotRdfError(Exception):
    """A file whose name says RDF and whose content is not; the message says where."""


def names_store(what: str) -> bool:
    """Return whether an argument names a store and not a file: a URL, or a folder."""
    return what.startswith(("memory:", "file:", "http://", "https://")) or Path(what).is_dir()


def judge_file(data: bytes, suffix: str) -> shapes.Report:
    """Judge a document, or RDF where the suffix says so. Raises `loader.LoaderError` or `NotRdfError`."""
    nquads = _as_nquads(data, _RDF[suffix]) if suffix in _RDF else loader.convert(data).nquads
    return shapes.check(shapes.graph_of(nquads))


def _as_nquads(data: bytes, rdf_format: ox.RdfFormat) -> bytes:
    try:
        quads = list(ox.parse(data, format=rdf_format))
    except SyntaxError as error:
        raise NotRdfError(f"the content is not {rdf_format.name}: {error.msg}") from error
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


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
