"""Shapes of somebody's own, beside the rule book: read from Turtle, and told of in reports as rules are.

A shape with a target is a rule. What the rules of the book must say of themselves it may leave out: its id is its
name, its message its label, its category 其他 (other), and it has no part in the score.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDFS, SH, SKOS

from ontology.namespaces import JXC, JXS
from ontology.rdf_text import triples_of_turtle

from .rule_book import FIELD, REMEDY, TARGETS, Category, Rule, Severity, Source, Text, rules, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node

_OTHER: Final = JXC["review-opinion/11"]
_PART: Final = "urn:x-jixiao:own-shape:{}"


class OwnShapesError(ValueError):
    """The file holds no shapes that can be asked; the message names the file."""


@dataclass(frozen=True, eq=False, slots=True)
class OwnShapes:
    """Shapes of one file: what an engine reads, and the rule that each of its shapes tells of."""

    name: str
    """The file."""
    graph: Graph
    rule_of_shape: Mapping[URIRef, Rule]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its rules, sorted."""
        return tuple(sorted({rule.id for rule in self.rule_of_shape.values()}))


def read_own_shapes(turtle: bytes, name: str) -> OwnShapes:
    """Return the shapes of a Turtle file. They may use the named conditions and prefixes of the rule book.

    Raises OwnShapesError where the text is no Turtle, holds no shape with a target, one without a name, or one
    with the id of another rule.
    """
    graph = _with_named_parts(_parsed(turtle, name))
    found = [_rule(graph, shape, name) for shape in _shapes_with_target(graph, name)]
    _refuse_taken_ids(found, name)
    parts = {part: told for rule in found for part, told in _parts(graph, rule).items()}
    return OwnShapes(name, _with_conditions(graph), MappingProxyType(parts))


def _parsed(turtle: bytes, name: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    try:
        for triple in triples_of_turtle(turtle):
            graph.add(triple)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise OwnShapesError(f"{name}: this is no Turtle: {error}") from error
    return graph


def _with_named_parts(graph: Graph) -> Graph:
    """Return a graph in which the nameless property shapes have IRIs, so that a result can say which it is of."""
    nameless = {part for part in graph.objects(None, SH.property) if isinstance(part, BNode)}
    names = {part: URIRef(_PART.format(number)) for number, part in enumerate(sorted(nameless), start=1)}
    named = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        named.add((names.get(subject, subject), predicate, names.get(value, value)))  # type: ignore[call-overload]
    return named


def _shapes_with_target(graph: Graph, name: str) -> list[URIRef]:
    shapes = {shape for target in TARGETS for shape in graph.subjects(target)}
    if not shapes:
        raise OwnShapesError(
            f"{name}: no shape in it has a target; say what it looks at, for example sh:targetClass jx:Declaration"
        )
    nameless = [shape for shape in shapes if not isinstance(shape, URIRef)]
    if nameless:
        raise OwnShapesError(
            f"{name}: a shape with a target has no name; write <urn:my-rule> a sh:NodeShape ; … instead of []"
        )
    return sorted(shape for shape in shapes if isinstance(shape, URIRef))


def _refuse_taken_ids(found: list[Rule], name: str) -> None:
    taken = set(rules())
    for rule in found:
        if rule.id in taken:
            raise OwnShapesError(
                f"{name}: {rule.iri} has the id {rule.id!r} of another rule: give it another"
            )
        taken.add(rule.id)


def _with_conditions(graph: Graph) -> Graph:
    """Return the shapes with the conditions and prefixes of the rule book, where they name any."""
    if not any(isinstance(term, URIRef) and term.startswith(str(JXS)) for triple in graph for term in triple):
        return graph
    both = Graph(bind_namespaces="none")
    for triple in (*graph, *shapes_graph()):
        if triple in graph or triple[1] not in TARGETS:
            both.add(triple)
    return both


# --- what a shape says of itself ---------------------------------------------------------------------------


def _rule(graph: Graph, shape: URIRef, name: str) -> Rule:
    id_ = str(graph.value(shape, SKOS.notation) or _local_name(shape))
    plain = Text(f"不符合“{id_}”", f"Does not conform to {id_}")
    label = _text(graph, shape, RDFS.label) or Text(id_, id_)
    file = Text(name, name)
    return Rule(
        id=id_,
        iri=shape,
        severity=_severity(graph, shape) or Severity.VIOLATION,
        label=label,
        message=_text(graph, shape, SH.message) or _text(graph, shape, RDFS.label) or plain,
        remedy=_text(graph, shape, REMEDY) or Text("", ""),
        sources=(Source(shape, _text(graph, shape, DCTERMS.source) or file, file),),
        category=_category(graph, shape),
        dimension=None,
        target=next((node for node in graph.objects(shape, SH.targetClass) if _is_iri(node)), OWL.Thing),  # type: ignore[arg-type]
        fields=_fields(graph, shape),
        file=name,
    )


def _parts(graph: Graph, rule: Rule) -> Mapping[URIRef, Rule]:
    """Return the shape of a rule and the property shapes in it, each with the rule as it is told there."""
    parts = {rule.iri: rule}
    for shape in (told := [rule.iri]):
        for part in sorted(graph.objects(shape, SH.property), key=str):
            if isinstance(part, URIRef) and part not in parts:
                parts[part] = _as_told_by(graph, part, parts[shape])
                told.append(part)
    return parts


def _as_told_by(graph: Graph, part: URIRef, rule: Rule) -> Rule:
    return replace(
        rule,
        severity=_severity(graph, part) or rule.severity,
        message=_text(graph, part, SH.message) or rule.message,
        remedy=_text(graph, part, REMEDY) or rule.remedy,
        fields=_fields(graph, part) or rule.fields,
    )


def _local_name(shape: URIRef) -> str:
    return shape.rstrip("/#").replace("#", "/").replace(":", "/").rpartition("/")[2]


def _severity(graph: Graph, shape: Node) -> Severity | None:
    name = str(graph.value(shape, SH.severity) or "").removeprefix(str(SH))
    return Severity(name) if name in set(Severity) else None


def _text(graph: Graph, subject: Node, predicate: URIRef) -> Text | None:
    """Return a text in both languages; what is said in one language, or in none, stands for both."""
    said = {
        (literal.language or "").partition("-")[0]: str(literal)
        for literal in sorted(graph.objects(subject, predicate), key=str)
        if isinstance(literal, Literal)
    }
    if not said:
        return None
    first = said.get("") or next(iter(said.values()))
    return Text(said.get("zh", first), said.get("en", first))


def _category(graph: Graph, shape: Node) -> Category:
    opinions = {rule.category.iri: rule.category for rule in rules().values()}
    subject = graph.value(shape, DCTERMS.subject)
    return opinions.get(subject, opinions[_OTHER]) if isinstance(subject, URIRef) else opinions[_OTHER]


def _fields(graph: Graph, shape: Node) -> tuple[URIRef, ...]:
    """Return the fields whose cells a report quotes: those it names, else its path where that is one property."""
    named = [*graph.objects(shape, FIELD)] or [*graph.objects(shape, SH.path)]
    return tuple(sorted(node for node in named if isinstance(node, URIRef)))


def _is_iri(node: Node) -> bool:
    return isinstance(node, URIRef)
