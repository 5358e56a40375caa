"""The formats of answers, best first: rows for SELECT and ASK, graphs for CONSTRUCT and DESCRIBE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .errors import UnsuitableFormat

if TYPE_CHECKING:
    from .query_text import Form

ROW_FORMATS: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Suffix → media type of a table of rows."""

GRAPH_FORMATS: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
"""Suffix → media type of a graph, and of the file that holds one. All that write or read RDF look here."""


def formats_of(form: Form) -> dict[str, str]:
    """Return the formats (suffix → media type) that an answer to a query of this form can have."""
    return GRAPH_FORMATS if form.makes_graph else ROW_FORMATS


def rdf_format(media_type: str) -> ox.RdfFormat:
    """Return how the engine's library writes and reads a media type of `GRAPH_FORMATS`."""
    found = ox.RdfFormat.from_media_type(media_type)
    if found is None:
        raise UnsuitableFormat(f"{media_type} is no format of RDF", offered=tuple(GRAPH_FORMATS.values()))
    return found


def row_format(media_type: str) -> ox.QueryResultsFormat:
    """Return how the engine's library writes a media type of `ROW_FORMATS`."""
    found = ox.QueryResultsFormat.from_media_type(media_type)
    if found is None:
        raise UnsuitableFormat(f"{media_type} is no format of rows", offered=tuple(ROW_FORMATS.values()))
    return found


def check_format(form: Form, media_type: str) -> None:
    """Raise `UnsuitableFormat` unless a query of this form can be answered in this media type."""
    offered = tuple(formats_of(form).values())
    if media_type not in offered:
        message = f"a {form.value} query cannot be answered as {media_type}; ask for {', '.join(offered)}"
        raise UnsuitableFormat(message, offered=offered)
