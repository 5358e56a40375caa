"""The rule book as N-Quads, to stand in a store beside the findings that name its rules."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from rdflib import BNode

from ontology import identifiers, vocabulary
from ontology.rdf_text import ntriples_term

from .rule_book import shapes_graph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from rdflib import Graph
    from rdflib.term import Node


@cache
def nquads() -> bytes:
    """Return the shapes and their code lists in the graph `jxg:shapes`, sorted, the same on every machine."""
    names = _Names(shapes_graph())
    home = identifiers.SHAPES_GRAPH.n3()
    lines = {" ".join([*map(names.of, triple), home, ".\n"]) for triple in shapes_graph()}
    return "".join(sorted(lines)).encode()


@cache
def version() -> str:
    """Return what changes with the rules and with the words they look things up in, and with nothing else."""
    return hashlib.sha256(nquads() + vocabulary.nquads()).hexdigest()


@cache
def edition() -> str:
    """Return what changes with the code of the rules and of the words: what it tells of the same data may change."""
    code = hashlib.sha256()
    for package in ("ontology", "shapes"):
        for source in _sources(resources.files(package)):
            code.update(source)
    return code.hexdigest()


def _sources(folder: Traversable) -> Iterator[bytes]:
    """Yield the modules of a package and of those in it, by their names."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".py"):
            yield entry.read_bytes()
        elif entry.is_dir():
            yield from _sources(entry)


class _Names:
    """Names the terms of a graph; a blank node after what it says, so that equal ones have one name."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Node, str] = {}

    def of(self, term: Node) -> str:
        if not isinstance(term, BNode):
            return ntriples_term(term)
        if term not in self._known:
            said = sorted(f"{self.of(p)} {self.of(o)}" for p, o in self._graph.predicate_objects(term))
            self._known[term] = f"_:b{hashlib.sha256(' '.join(said).encode()).hexdigest()[:12]}"
        return self._known[term]
