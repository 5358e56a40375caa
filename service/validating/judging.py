"""From a request to the bytes of its report: a pure function, which a process of its own runs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib import Graph

import shapes as rules
from ontology.rdf_text import triples_of

from ..store.formats import rdf_format
from .confinement import confine
from .refusals import refuse_what_is_not_run
from .request import (
    MOST_TRIPLES,
    REPORT_FORMATS,
    NotRdf,
    ShapesFailed,
    ShapesRefused,
    TooDemanding,
    TooManyTriples,
)

if TYPE_CHECKING:
    from .request import Asked, Posted

_FORESEEN: Final = (NotRdf, TooManyTriples, ShapesRefused, ShapesFailed)
_RDF: Final = {
    REPORT_FORMATS["ttl"]: "turtle",
    REPORT_FORMATS["jsonld"]: "json-ld",
    REPORT_FORMATS["nt"]: "nt",
}


def judged_in_confinement(asked: Asked) -> bytes | Exception:
    """Return the report, or what is wrong with the request: this process does nothing else from now on."""
    confine()
    try:
        return judged(asked)
    except _FORESEEN as error:
        return error
    except MemoryError:
        return TooDemanding(
            "judging needs more memory than one request may take: send less data, or simpler shapes"
        )


def judged(asked: Asked) -> bytes:
    """Return the report in the format asked for. Raises the errors of `request`."""
    data = _graph(asked.data)
    try:
        if asked.shapes is None:
            return _written(rules.check(data), asked)
        shapes = _graph(asked.shapes, renamed=True)
        refuse_what_is_not_run(shapes)
        return _written(rules.validate(data, shapes), asked)
    except rules.ValidationError as error:
        raise ShapesFailed(str(error)) from error


def _written(report: rules.Report | rules.ValidationReport, asked: Asked) -> bytes:
    if asked.report in _RDF:
        return report.rdf(_RDF[asked.report])
    if asked.report == REPORT_FORMATS["json"]:
        return report.json()
    return report.text(asked.language).encode()


def _graph(posted: Posted, *, renamed: bool = False) -> Graph:
    """Return the triples of what was posted; those of shapes with blank nodes of their own."""
    graph, form = Graph(bind_namespaces="none"), rdf_format(posted.media_type)
    try:
        _count(posted, form)
        for triple in triples_of(posted.content, form, renamed=renamed):
            graph.add(triple)
    except SyntaxError as error:
        raise NotRdf(_told(posted, error.msg), error.lineno, error.offset) from error
    except TypeError as error:
        raise NotRdf(_told(posted, f"{error}; triples about triples are not judged")) from error
    return graph


def _count(posted: Posted, form: ox.RdfFormat) -> None:
    """Raise `TooManyTriples` before memory is spent on them."""
    if sum(1 for _ in islice(ox.parse(posted.content, format=form), MOST_TRIPLES + 1)) > MOST_TRIPLES:
        raise TooManyTriples(
            f"the {posted.name} state more than {MOST_TRIPLES:,} triples: send them in parts, or load the documents"
        )


def _told(posted: Posted, reason: str) -> str:
    if "LoadDocumentCallback" in reason:
        reason = "its context is elsewhere, and nothing is fetched here: write the context into the document"
    elif "No scheme" in reason:
        reason += "; an IRI is relative: write it in full, or begin with @base"
    return f"the {posted.name} are no {posted.media_type}: {reason}"
