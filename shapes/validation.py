"""Anyone's data judged by anyone's shapes: SHACL Core and SHACL-SPARQL, as the W3C wrote and tests them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engines import referee
from .engines.dialect import for_pyshacl
from .engines.judged_graph import JudgedGraph
from .validation_report import ValidationReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node


def validate(data: Iterable[tuple[Node, Node, Node]], shapes: Graph) -> ValidationReport:
    """Return what the shapes find in the data.

    Literals of the shapes must have the lexical forms that were written (`normalize=False`): `"1"^^xsd:boolean` is
    not `true`. Nothing that they name is fetched, `owl:imports` neither. Raises ValidationError where SHACL speaks
    of a failure: a shape is malformed, asks for what SHACL leaves out, or refers to itself without end.
    """
    judged = JudgedGraph(shapes)
    for triple in data:
        judged.add(triple)
    return ValidationReport.stated_in(referee.report(judged, for_pyshacl(shapes)))
