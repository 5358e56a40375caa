"""A change in pieces that are each small enough for an engine, and blank nodes as names that it can keep.

Virtuoso 7.2 takes fewer than 5,000 statements at once, no blank nodes in data, and removes literals with a language
only where an operation is about one graph. Every piece is such that doing it twice is doing it once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .interface import Changes, parsed, update_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST: Final = 1000
"""Statements of one piece."""
_LONGEST: Final = 200_000
"""Bytes of one piece, unless a single statement is longer."""
_NAMED: Final = "https://w3id.org/jixiao/.well-known/genid/"
"""What blank nodes are called where they need a name (RDF 1.1 Concepts, 3.5)."""
_OF_A_NAME: Final = re.compile("[A-Za-z0-9]+")
_AS_IRI: Final = re.compile(rb"<" + re.escape(_NAMED.encode()) + rb"([A-Za-z0-9]+)>")
_AS_ROW: Final = re.compile(rb"<uri>" + re.escape(_NAMED.encode()) + rb"([A-Za-z0-9]+)</uri>")


def pieces_of(changes: Changes) -> list[str]:
    """Return a change without blank nodes as updates, to be run in order; its condition is for others to see to.

    The graphs of the condition are changed last and together: so they tell whether all is done.
    """
    marked = _graphs_in(changes.only_if)
    removed, added = (list(_by_graph(told)) for told in (changes.removed, changes.added))
    first = [
        *(Changes(removed=piece) for graph, piece in removed if graph not in marked),
        *(Changes(emptied=(graph,)) for graph in changes.emptied),
        *(Changes(added=piece) for graph, piece in added if graph not in marked),
    ]
    last = [
        *(Changes(removed=piece) for graph, piece in removed if graph in marked),
        *(Changes(added=piece) for graph, piece in added if graph in marked),
    ]
    return [update_of(change) for change in first] + [" ;\n".join(map(update_of, last))] * bool(last)


def with_blank_nodes(answer: bytes) -> bytes:
    """Return triples (as text) or rows (as XML) with the blank nodes that were named here."""
    return _AS_ROW.sub(rb"<bnode>\1</bnode>", _AS_IRI.sub(rb"_:\1", answer))


def named(nquads: bytes) -> bytes:
    r"""Return N-Quads whose blank nodes have names.

    >>> named(b'_:a <urn:p> "b" <urn:g> .')
    b'<https://w3id.org/jixiao/.well-known/genid/a> <urn:p> "b" <urn:g> .\n'
    """
    return _written(
        ox.Quad(
            _name(quad.subject) if isinstance(quad.subject, ox.BlankNode) else quad.subject,
            quad.predicate,
            _name(quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object,
            quad.graph_name,
        )
        for quad in parsed(nquads)
    )


def _name(node: ox.BlankNode) -> ox.NamedNode:
    return ox.NamedNode(_NAMED + "".join(_OF_A_NAME.findall(node.value)))


def _graphs_in(nquads: bytes) -> frozenset[str]:
    return frozenset(graph for graph, _ in _by_graph(nquads))


def _by_graph(nquads: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield N-Quads of one graph each, with its IRI, in pieces."""
    lines: dict[str, list[bytes]] = {}
    for quad in parsed(nquads):
        lines.setdefault(str(quad.graph_name)[1:-1], []).append(_written([quad]))
    yield from ((graph, piece) for graph, said in lines.items() for piece in _bounded(said))


def _bounded(lines: Iterable[bytes]) -> Iterator[bytes]:
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and (len(piece) == MOST or size + len(line) > _LONGEST):
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield b"".join(piece)


def _written(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
