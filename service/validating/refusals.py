"""What posted shapes may not ask: to fetch, to run JavaScript, or what would silently not be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Literal
from rdflib.namespace import SH

from ..store import QueryRefused, QuerySyntaxError
from ..store.query_text import names_its_dataset, refuse_harm
from .request import ShapesFailed, ShapesRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph, URIRef

_PROGRAMS: Final = (SH["js"], SH["jsFunctionName"], SH["jsLibrary"], SH["jsLibraryURL"])
_BEYOND: Final = (SH["target"], SH["expression"])
_QUERIES: Final = (SH.select, SH.ask)


def refuse_what_is_not_run(shapes: Graph) -> None:
    """Raise `ShapesRefused` for what is not run here, `ShapesFailed` for a query that is none."""
    for name in _used(shapes, _PROGRAMS):
        raise ShapesRefused(f"the shapes use {name}: JavaScript is not run here; say it as sh:sparql")
    for name in _used(shapes, _BEYOND):
        raise ShapesRefused(
            f"the shapes use {name} of the SHACL Advanced Features, which would not be judged; "
            "SHACL Core and SHACL-SPARQL are"
        )
    for query in _queries(shapes):
        _refuse(query)


def _used(shapes: Graph, names: tuple[URIRef, ...]) -> Iterator[str]:
    return (f"sh:{name.removeprefix(str(SH))}" for name in names if (None, name, None) in shapes)


def _queries(shapes: Graph) -> Iterator[str]:
    for predicate in _QUERIES:
        for query in shapes.objects(None, predicate):
            if isinstance(query, Literal):
                yield str(query)


def _refuse(query: str) -> None:
    try:
        refuse_harm(query)
        fetches = names_its_dataset(query)
    except QueryRefused as error:
        raise ShapesRefused(f"a query of the shapes is refused: {error}") from error
    except QuerySyntaxError as error:
        raise ShapesFailed(f"a query of the shapes does not parse: {error}") from error
    if fetches:
        raise ShapesRefused(
            "a query of the shapes has FROM, which would make this server fetch: it sees the data without"
        )
