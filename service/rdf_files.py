"""RDF in files: the suffix says the format, in which quads are written and read. Imported by the command line."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITTEN: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {
        ".nq": ox.RdfFormat.N_QUADS,
        ".trig": ox.RdfFormat.TRIG,
        ".ttl": ox.RdfFormat.TURTLE,
        ".nt": ox.RdfFormat.N_TRIPLES,
    }
)
"""The formats that are written; the first two keep the named graphs."""

READ: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {**WRITTEN, ".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML}
)
"""The formats that are read."""


class NotRdfError(Exception):
    """A file whose name says RDF and whose content is not; the message says where."""


def write(nquads: bytes, suffix: str) -> bytes:
    """Return quads in the format of a suffix of `WRITTEN`."""
    if suffix == ".nq":
        return nquads
    rdf_format = WRITTEN[suffix]
    quads = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    if rdf_format.supports_datasets:
        return ox.serialize(quads, format=rdf_format, prefixes=dict(PREFIXES)) or b""
    triples = (quad.triple for quad in quads)
    return ox.serialize(triples, format=rdf_format, prefixes=dict(PREFIXES)) or b""


def read(data: bytes, suffix: str) -> bytes:
    """Return RDF in the format of a suffix of `READ` as N-Quads. Raises `NotRdfError`."""
    rdf_format = READ[suffix]
    try:
        quads = list(ox.parse(data, format=rdf_format))
    except SyntaxError as error:
        raise NotRdfError(f"the content is not {rdf_format.name}: {error.msg}") from error
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
