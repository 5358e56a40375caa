"""Statements as text: the form in which graphs of documents are compared, moved and kept.

Terms are written as the one parser writes them, so that two spellings of a literal compare equal. Used by what
loads documents; imports nothing of the service.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable


_ESCAPED: Final = re.compile(r"\\([nrt\"\\])")
_MEANT: Final = {"n": "\n", "r": "\r", "t": "\t"}


class Statement(NamedTuple):
    """A triple, each term as N-Triples writes it."""

    subject: str
    predicate: str
    object: str


def by_graph(nquads: bytes) -> dict[str, list[Statement]]:
    """Return the statements of N-Quads by the IRI of their graph, in their order."""
    graphs: defaultdict[str, list[Statement]] = defaultdict(list)
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.graph_name.value].append(_statement(quad.triple))
    return dict(graphs)


def of_graph(ntriples: bytes) -> list[Statement]:
    """Return the statements of N-Triples."""
    return [_statement(quad.triple) for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)]


def _statement(triple: ox.Triple) -> Statement:
    return Statement(str(triple.subject), str(triple.predicate), str(triple.object))


def of_line(line: str) -> Statement:
    """Return the statement of a line of N-Triples, as the one parser writes it."""
    subject, predicate, rest = line.split(" ", 2)
    return Statement(subject, predicate, rest.removesuffix(" ."))


def as_line(statement: Statement) -> str:
    """Return a statement as a line of N-Triples.

    >>> as_line(of_line('<urn:s> <urn:p> "said ." .'))
    '<urn:s> <urn:p> "said ." .'
    """
    return " ".join((*statement, "."))


def as_nquads(statements: Iterable[Statement], graph: str) -> bytes:
    """Return statements as N-Quads of one graph."""
    return "".join(f"{s} {p} {o} <{graph}> .\n" for s, p, o in statements).encode()


def as_ntriples(statements: Iterable[Statement]) -> bytes:
    """Return statements as N-Triples."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in statements).encode()


def iri(value: str) -> str:
    """Return an IRI as a term."""
    return f"<{value}>"


def is_iri(term: str) -> bool:
    """Return whether a term is an IRI, and no literal or blank node."""
    return term.startswith("<")


def literal(value: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """Return a literal as a term."""
    node = ox.NamedNode(datatype) if datatype else None
    return str(ox.Literal(value, datatype=node, language=language))


def text_of(term: str) -> str:
    r"""Return the bare text of a term: the IRI, or what a literal says.

    >>> text_of("<https://e.org/a>"), text_of('"2025"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    ('https://e.org/a', '2025')
    >>> text_of(literal('a "b"\\c', language="zh"))
    'a "b"\\c'
    """
    if term.startswith("<"):
        return term[1:-1]
    quoted = term[1 : term.rindex('"')]
    return _ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]), quoted)
