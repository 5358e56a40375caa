"""The examples of the rules under `tests/shapes/`: how one is put together from the base and what it states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from rdflib import Graph, URIRef
from rdflib.namespace import PROV, RDF

from ontology.namespaces import JX

if TYPE_CHECKING:
    from rdflib.term import Node

FOLDER = Path(__file__).parent / "shapes"
BASES = ("base.ttl", "evaluation.ttl")
_ADDED = (JX.printsField, JX.target)
_BASE = re.compile(r"@base <(.+?)>")


@dataclass(frozen=True)
class Example:
    """One file: the rule it is about, whether it is free of it, and the other rules that it trips."""

    path: Path
    rule: str
    valid: bool
    reason: str
    consequences: frozenset[str]

    @property
    def expected(self) -> set[str]:
        return set(self.consequences if self.valid else self.consequences | {self.rule})

    def graph(self) -> Graph:
        """Return its base as the example changes it."""
        graph, own = base(*_noted(self.path, "base")), Graph().parse(self.path)
        for line in _noted(self.path, "without"):
            _take_out(graph, tuple(_node(term, own, self.path) for term in line.split(maxsplit=2)))
        for subject in set(own.subjects(RDF.type)):
            _describe_anew(graph, subject)
        for subject, predicate in set(own.subject_predicates()):
            if not _adds(predicate):
                graph.remove((subject, predicate, None))
        return graph + own


def base(name: str = "base.ttl") -> Graph:
    return Graph().parse(FOLDER / name)


def examples() -> list[Example]:
    return [_example(path) for path in sorted(FOLDER.glob("*/*/*.ttl"))]


def _example(path: Path) -> Example:
    consequences = frozenset(rule for line in _noted(path, "consequences") for rule in line.split())
    rule, kind = path.parts[-3:-1]
    return Example(path, rule, {"valid": True, "invalid": False}[kind], path.stem, consequences)


def _noted(path: Path, word: str) -> list[str]:
    return re.findall(rf"^# {word}: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _node(term: str, own: Graph, path: Path) -> URIRef:
    """Return the IRI of `<indicator/2>` or of a prefixed name, by the prefixes of the example."""
    if term.startswith("<"):
        return URIRef(urljoin(_BASE.search(path.read_text(encoding="utf-8"))[1], term.strip("<>")))
    return own.namespace_manager.expand_curie(term)


def _take_out(graph: Graph, pattern: tuple[URIRef, ...]) -> None:
    subject, predicate, value = (*pattern, None, None)[:3]
    assert (subject, predicate, value) in graph, f"the base does not state {pattern}"
    graph.remove((subject, predicate, value))
    if predicate is None:
        graph.remove((None, None, subject))


def _describe_anew(graph: Graph, subject: Node) -> None:
    stands = list(graph.triples((subject, PROV.wasQuotedFrom, None)))
    graph.remove((subject, None, None))
    for triple in stands:
        graph.add(triple)


def _adds(predicate: Node) -> bool:
    return predicate in _ADDED or str(predicate).startswith(f"{JX._NS}has")
