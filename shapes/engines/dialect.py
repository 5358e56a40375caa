"""Shapes as pySHACL must be given them to read them as SHACL means them.

Four things are said otherwise, and mean the same:

- *Booleans.* To SHACL `true` is the one RDF term `"true"^^xsd:boolean`, and a shape with `sh:uniqueLang
  "1"^^xsd:boolean` asks nothing (W3C test uniqueLang-002). pySHACL takes the value of the literal, so any other term
  is written `false`.
- *`$shapesGraph`.* pySHACL refuses a query that names it, because nothing binds it there (W3C test
  shapesGraph-001). It gets another name, which `JudgedGraph` binds to the shapes.
- *Prefixes.* A query has the prefixes of what its `sh:prefixes` names and of what that imports; pySHACL does not
  follow `owl:imports` there (W3C test prefixes-001 passes when Turtle's own prefixes happen to be bound). They are
  declared where `sh:prefixes` points.
- *Lines.* pySHACL searches a query for what it does not support with regular expressions for each focus node, from
  every line on; on one line they take a tenth of the time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal
from rdflib.namespace import OWL, SH, XSD
from rdflib.paths import MulPath, SequencePath

from .judged_graph import SHAPES_GRAPH_VARIABLE

if TYPE_CHECKING:
    from rdflib.term import Node

_SWITCHES: Final = frozenset(
    {SH.uniqueLang, SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint, SH.optional}
)
_QUERIES: Final = frozenset({SH.select, SH.ask})
_TRUE: Final = Literal("true", datatype=XSD.boolean)
_OFF: Final = Literal("false", datatype=XSD.boolean)
_IMPORTED_PREFIXES: Final = SequencePath(MulPath(OWL.imports, "+"), SH.declare)
# Unrolled loops and no possessive groups, which Python 3.11 before .5 gets wrong (cpython#106052).
_PIECES: Final = re.compile(
    r"""
      (?P<text> '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*''' | \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"
              | '[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*' | "[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*" | <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<shapes> [?$]shapesGraph\b )
    | (?: \s | \#[^\r\n]* )+  # blanks and comments
    """,
    re.VERBOSE | re.DOTALL,
)


def for_pyshacl(shapes: Graph) -> Graph:
    """Return a graph of its own that pySHACL reads as SHACL reads `shapes`."""
    said = Graph(bind_namespaces="none")
    for subject, predicate, value in shapes:
        said.add((subject, predicate, _said(predicate, value)))
    for named in set(shapes.objects(None, SH.prefixes)):
        for declared in shapes.objects(named, _IMPORTED_PREFIXES):
            said.add((named, SH.declare, declared))
    return said


def _said(predicate: Node, value: Node) -> Node:
    if predicate in _SWITCHES and isinstance(value, Literal) and value.datatype == XSD.boolean:
        return _TRUE if value == _TRUE else _OFF
    if predicate in _QUERIES and isinstance(value, Literal):
        return Literal(on_one_line(str(value)))
    return value


def on_one_line(query: str) -> str:
    r"""Return a query without line breaks and comments, and with `$shapesGraph` by its other name.

    >>> on_one_line("SELECT $this # all\nWHERE { GRAPH $shapesGraph { $this ?p '# $shapesGraph' } }")
    "SELECT $this WHERE { GRAPH ?jixiaoShapesGraph { $this ?p '# $shapesGraph' } }"
    """
    return _PIECES.sub(_piece, query).strip()


def _piece(match: re.Match[str]) -> str:
    if match["text"]:
        return match[0]
    return f"?{SHAPES_GRAPH_VARIABLE}" if match["shapes"] else " "
