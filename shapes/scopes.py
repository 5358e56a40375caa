"""Which things a rule applies to: those of its class, of its kind, on forms that print its fields.

The scopes are data (`scopes.ttl`): a path and the values one of which must stand at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.paths import AlternativePath, SequencePath

from .rule_book import SCOPE, RuleBookError, rules, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.paths import Path
    from rdflib.term import Node


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """A kind of thing."""

    path: URIRef | Path
    values: frozenset[Node]

    def holds(self, data: Graph, vocabulary: Graph, node: Node) -> bool:
        """Return whether a node of the data is of this kind; the path may end in the vocabulary."""
        return not self.values.isdisjoint(_reached(data, vocabulary, node, self.path))


def _reached(data: Graph, vocabulary: Graph, node: Node, path: URIRef | Path) -> set[Node]:
    """Return what a path leads to, each step in the data or in the vocabulary."""
    if isinstance(path, SequencePath):
        nodes = {node}
        for step in path.args:
            nodes = {end for each in nodes for end in _reached(data, vocabulary, each, step)}
        return nodes
    return set(data.objects(node, path)) | set(vocabulary.objects(node, path))


@cache
def scopes() -> Mapping[str, Scope]:
    """Return the scopes of the rules that have one, by the rule's id. Raises RuleBookError."""
    graph = shapes_graph()
    named = {rule.id: graph.value(rule.iri, SCOPE) for rule in rules().values()}
    return MappingProxyType({id_: _scope(graph, scope) for id_, scope in named.items() if scope is not None})


def _scope(graph: Graph, scope: Node) -> Scope:
    path, values = graph.value(scope, SH.path), graph.value(scope, SH["in"])
    if path is None or values is None:
        raise RuleBookError(f"scopes.ttl: {scope} needs a sh:path and a sh:in")
    return Scope(_path(graph, path), frozenset(Collection(graph, values)))


def _path(graph: Graph, node: Node) -> URIRef | Path:
    """Return a path of SHACL as a path of rdflib: a property, a sequence or alternatives."""
    if isinstance(node, URIRef):
        return node
    alternatives = graph.value(node, SH.alternativePath)
    if alternatives is not None:
        return AlternativePath(*(_path(graph, each) for each in Collection(graph, alternatives)))
    if (node, RDF.first, None) not in graph:
        raise RuleBookError(f"scopes.ttl: {node} is no property, no list and no sh:alternativePath")
    return SequencePath(*(_path(graph, each) for each in Collection(graph, node)))
