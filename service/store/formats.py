"""The formats of answers, best first: rows for SELECT and ASK, graphs for CONSTRUCT and DESCRIBE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
"""Suffix → media type of a graph."""


def formats_of(form: Form) -> dict[str, str]:
    """Return the formats (suffix → media type) that an answer to a query of this form can have."""
    return GRAPH_FORMATS if form.makes_graph else ROW_FORMATS


def check_format(form: Form, media_type: str) -> None:
    """Raise `UnsuitableFormat` unless a query of this form can be answered in this media type."""
    offered = tuple(formats_of(form).values())
    if media_type not in offered:
        message = f"a {form.value} query cannot be answered as {media_type}; ask for {', '.join(offered)}"
        raise UnsuitableFormat(message, offered=offered)
