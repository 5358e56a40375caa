"""RDF in files: the suffix says the format, in which quads are written and read. Imported by the command line."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from .store import GRAPH_FORMATS, rdf_format

WRITTEN: Final = (".nq", ".trig", ".ttl", ".nt")
"""The suffixes of what is written; the first two keep the named graphs."""

READ: Final = (*WRITTEN, ".jsonld", ".rdf")
"""The suffixes of what is read."""


class NotRdfError(Exception):
    """A file whose name says RDF and whose content is not; the message says where."""


def media_type(suffix: str) -> str:
    """Return the media type of a suffix of `READ`."""
    return GRAPH_FORMATS[suffix.removeprefix(".")]


def write(nquads: bytes, suffix: str) -> bytes:
    """Return quads in the format of a suffix of `WRITTEN`."""
    if suffix == ".nq":
        return nquads
    chosen = rdf_format(media_type(suffix))
    quads = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    if chosen.supports_datasets:
        return ox.serialize(quads, format=chosen, prefixes=dict(PREFIXES)) or b""
    triples = (quad.triple for quad in quads)
    return ox.serialize(triples, format=chosen, prefixes=dict(PREFIXES)) or b""


def read(data: bytes, suffix: str) -> bytes:
    """Return RDF in the format of a suffix of `READ` as N-Quads. Raises `NotRdfError`."""
    chosen = rdf_format(media_type(suffix))
    try:
        quads = list(ox.parse(data, format=chosen))
    except SyntaxError as error:
        raise NotRdfError(f"the content is not {chosen.name}: {error.msg}") from error
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
