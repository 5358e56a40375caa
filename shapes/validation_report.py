"""The report on anyone's data by anyone's shapes: `sh:ValidationReport` as RDF, JSON and text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from ontology.rdf_text import ntriples_term

from .rule_book import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

_AFTER: Final[dict[Node, str]] = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_WORDS: Final = {
    "conforms": Text("符合全部形状。", "The data conform."),
    "summary": Text("共 {} 处（{}）", "Results: {} ({})"),
}


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """One `sh:ValidationResult`, terms as the data and the shapes write them."""

    severity: Node
    focus: Node
    component: Node
    shape: Node
    path: Node | None
    path_text: str
    """The path as SPARQL writes it; empty where there is none."""
    value: Node | None
    constraint: Node | None
    """The `sh:sparql` constraint that found it, None for other components."""
    messages: tuple[Literal, ...]

    def order(self) -> tuple[str, ...]:
        """Return what results are sorted by."""
        return tuple(map(str, (self.focus, self.path_text, self.component, self.value or "", self.shape)))


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What shapes found in data."""

    conforms: bool
    results: tuple[ReportedResult, ...]
    _paths: Graph = field(repr=False, compare=False)
    """Where the paths that are no single property are described."""

    @classmethod
    def stated_in(cls, graph: Graph) -> ValidationReport:
        """Return the one `sh:ValidationReport` that a graph states."""
        (report,) = graph.subjects(RDF.type, SH.ValidationReport)
        results = [_result(graph, node) for node in graph.objects(report, SH.result)]
        return cls(not results, tuple(sorted(results, key=ReportedResult.order)), graph)

    def by_severity(self) -> dict[str, int]:
        """Return how many results there are of each severity, by its local name."""
        counts = Counter(_local(result.severity) for result in self.results)
        return dict(sorted(counts.items(), reverse=True))

    def rdf(self, form: str = "turtle") -> bytes:
        """Return the report as RDF, `form` turtle, nt or json-ld."""
        graph = Graph(bind_namespaces="none")
        graph.bind("sh", SH)
        report = BNode()
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, Literal(self.conforms)))
        for result in self.results:
            graph.add((report, SH.result, self._add(result, graph)))
        return graph.serialize(format=form, encoding="utf-8")

    def _add(self, result: ReportedResult, graph: Graph) -> Node:
        node = BNode()
        stated = (
            (RDF.type, SH.ValidationResult),
            (SH.focusNode, result.focus),
            (SH.resultSeverity, result.severity),
            (SH.sourceShape, result.shape),
            (SH.sourceConstraintComponent, result.component),
            (SH.sourceConstraint, result.constraint),
            (SH.value, result.value),
            (SH.resultPath, _copied(result.path, self._paths, graph)),
            *((SH.resultMessage, message) for message in result.messages),
        )
        for predicate, value in stated:
            if value is not None:
                graph.add((node, predicate, value))
        return node

    def json(self) -> bytes:
        """Return the report as one JSON object in UTF-8: terms as N-Triples writes them, paths as SPARQL does."""
        told = {
            "conforms": self.conforms,
            "severities": self.by_severity(),
            "results": [_object(result) for result in self.results],
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    def text(self, lang: str = "zh") -> str:
        """Return the report as a person reads it, `lang` zh or en; messages are those of the shapes."""
        return "".join(f"{line}\n" for line in self._lines(lang))

    def _lines(self, lang: str) -> Iterator[str]:
        if self.conforms:
            yield _WORDS["conforms"][lang]
            return
        counts = ", ".join(f"{name} {count}" for name, count in self.by_severity().items())
        yield _WORDS["summary"][lang].format(len(self.results), counts)
        for result in self.results:
            yield ""
            yield f"[{_local(result.severity)}] {result.focus.n3()}"
            for message in result.messages:
                yield f"  {message}"
            about = [result.path_text, "" if result.value is None else ntriples_term(result.value)]
            yield f"  {' = '.join(filter(None, about))}"
            yield f"  {_local(result.component)} {result.shape.n3()}"


def _result(graph: Graph, node: Node) -> ReportedResult:
    path = graph.value(node, SH.resultPath)
    messages = {text for text in graph.objects(node, SH.resultMessage) if isinstance(text, Literal)}
    return ReportedResult(
        severity=_one(graph, node, SH.resultSeverity),
        focus=_one(graph, node, SH.focusNode),
        component=_one(graph, node, SH.sourceConstraintComponent),
        shape=_one(graph, node, SH.sourceShape),
        path=path,
        path_text="" if path is None else path_text(graph, path),
        value=graph.value(node, SH.value),
        constraint=graph.value(node, SH.sourceConstraint),
        messages=tuple(sorted(messages, key=Literal.n3)),
    )


def _one(graph: Graph, subject: Node, predicate: URIRef) -> Node:
    (found,) = graph.objects(subject, predicate)
    return found


def path_text(graph: Graph, path: Node) -> str:
    """Return a SHACL path as a SPARQL property path.

    >>> turtle = "<urn:s> <urn:path> ( <urn:a> [ <http://www.w3.org/ns/shacl#inversePath> <urn:b> ] ) ."
    >>> graph = Graph().parse(data=turtle, format="turtle")
    >>> path_text(graph, next(graph.objects(URIRef("urn:s"))))
    '<urn:a>/(^<urn:b>)'
    """
    if isinstance(path, URIRef):
        return path.n3()
    if (path, RDF.rest, None) in graph:
        return "/".join(_in_brackets(graph, step) for step in Collection(graph, path))
    for predicate, step in graph.predicate_objects(path):
        if predicate == SH.alternativePath:
            return "|".join(_in_brackets(graph, choice) for choice in Collection(graph, step))
        if predicate == SH.inversePath:
            return f"^{_in_brackets(graph, step)}"
        if predicate in _AFTER:
            return f"{_in_brackets(graph, step)}{_AFTER[predicate]}"
    return ""


def _in_brackets(graph: Graph, path: Node) -> str:
    told = path_text(graph, path)
    return told if isinstance(path, URIRef) else f"({told})"


def _copied(node: Node | None, source: Graph, target: Graph) -> Node | None:
    """Return a node of its own for a description by blank nodes, stated in `target` as in `source`."""
    if not isinstance(node, BNode):
        return node
    copy = BNode()
    for predicate, value in source.predicate_objects(node):
        copied = _copied(value, source, target)
        if copied is not None:
            target.add((copy, predicate, copied))
    return copy


def _object(result: ReportedResult) -> dict[str, object]:
    known = {
        "severity": _local(result.severity),
        "focus": ntriples_term(result.focus),
        "path": result.path_text or None,
        "value": None if result.value is None else ntriples_term(result.value),
        "component": str(result.component),
        "shape": ntriples_term(result.shape),
        "messages": [{"text": str(text), "language": text.language} for text in result.messages],
    }
    return {name: value for name, value in known.items() if value is not None}


def _local(node: Node) -> str:
    """Return the local name of a term of SHACL, any other term whole."""
    return str(node).removeprefix(str(SH))
