"""The rule book, read from the Turtle beside this module.

A rule is one named shape with a target: what it finds, how serious that is, where it comes from and how to
mend it, in Chinese and English. Pages, command line and reports read it here; SHACL engines read `shapes_graph`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, SKOS

from ontology.namespaces import JXS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Node

DQV: Final = Namespace("http://www.w3.org/ns/dqv#")
REMEDY: Final = JXS["remedy"]
FIELD: Final = JXS["field"]
POINTS: Final = JXS["points"]
SCOPE: Final = JXS["scope"]
PASSED: Final = JXS["passed"]
ABOUT: Final = JXS["about"]
PRINTED: Final = JXS["printed"]
READING: Final = JXS["reading"]
SUGGESTION: Final = JXS["suggestion"]
TOLD_BY: Final = JXS["toldBy"]
PACKED_REPORT: Final = JXS["packedReport"]
APPLICABLE: Final = JXS["applicable"]
STORE_RULE: Final = JXS["StoreRule"]

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


class RuleBookError(ValueError):
    """A shape in the Turtle lacks a piece that every rule must have."""


class Severity(StrEnum):
    """How serious a finding is, the most serious first; the value is the local name in `sh:`."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @property
    def iri(self) -> URIRef:
        """The IRI in the SHACL vocabulary."""
        return SH[self.value]

    @property
    def rank(self) -> int:
        """0 for the most serious."""
        return tuple(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a name in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        """Return the text in `zh` or `en`."""
        return {"zh": self.zh, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a document's number, and its title."""

    iri: URIRef
    label: Text
    title: Text


@dataclass(frozen=True, slots=True)
class Category:
    """One of the eleven opinions of a finance bureau's review."""

    iri: URIRef
    number: int
    label: Text


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of the score, and its points out of 100."""

    iri: URIRef
    label: Text
    points: int

    @property
    def name(self) -> str:
        """The last part of its IRI: completeness."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the book."""

    id: str
    iri: URIRef
    severity: Severity
    label: Text
    message: Text
    remedy: Text
    sources: tuple[Source, ...]
    category: Category
    dimension: Dimension | None
    """None where the rule has no part in the score."""
    target: URIRef
    """The class whose members it looks at."""
    fields: tuple[URIRef, ...]
    """The fields it looks at: it does not apply to forms without them, and the report quotes their cells."""
    file: str
    compares_documents: bool = False
    """Whether it is asked of a store, and not of one document."""

    def source(self, lang: str) -> str:
        """Return the names of its sources in one language."""
        return {"zh": "；", "en": "; "}[lang].join(source.label[lang] for source in self.sources)


@cache
def turtle_files() -> Mapping[str, Graph]:
    """Return what each Turtle file of the rule book states, by file name; to be read only."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    return MappingProxyType(
        {
            file.name: Graph().parse(data=file.read_text(encoding="utf-8"), format="turtle")
            for file in files
            if file.name.endswith(".ttl")
        }
    )


@cache
def shapes_graph() -> Graph:
    """Return all shapes and their code lists as one graph, to be read only."""
    return _merged(turtle_files().values())


@cache
def shapes_of_documents() -> Graph:
    """Return the shapes that judge one document, those that compare documents left out; to be read only."""
    return _merged(part for part in turtle_files().values() if (None, RDF.type, STORE_RULE) not in part)


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules by id, in the order of their ids.

    >>> rules()["FU-02"].message.en
    'The budget differs from fiscal plus other funds'
    """
    return rule_book(turtle_files())


def rule_book(files: Mapping[str, Graph]) -> Mapping[str, Rule]:
    """Return the rules that files state, by id.

    Raises RuleBookError, naming file and shape, where a shape with a target lacks a piece or two share an id.
    """
    book = _merged(files.values())
    found: dict[str, Rule] = {}
    for shape, file in sorted(_shapes_with_target(files)):
        rule = _Reader(book, shape, file).rule()
        if rule.id in found:
            other = _name(found[rule.id].iri)
            message = f"{file}: {_name(shape)} has the id {rule.id!r} of {other}: give one of them another id"
            raise RuleBookError(message)
        found[rule.id] = rule
    return MappingProxyType(dict(sorted(found.items())))


@cache
def rule_of_shape() -> Mapping[URIRef, Rule]:
    """Return the rules by the IRI of their shape."""
    return MappingProxyType({rule.iri: rule for rule in rules().values()})


def _merged(parts: Iterable[Graph]) -> Graph:
    merged = Graph()
    for part in parts:
        merged += part
    return merged


def _shapes_with_target(files: Mapping[str, Graph]) -> set[tuple[URIRef, str]]:
    return {
        (shape, name)
        for name, graph in files.items()
        for predicate in TARGETS
        for shape in graph.subjects(predicate)
        if isinstance(shape, URIRef)
    }


def _name(iri: Node) -> str:
    return str(iri).removeprefix(str(JXS))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one shape, and says file and shape when a piece is missing."""

    graph: Graph
    shape: URIRef
    file: str

    def rule(self) -> Rule:
        return Rule(
            id=self._id(),
            iri=self.shape,
            severity=self._severity(),
            label=self._text(self.shape, RDFS.label),
            message=self._text(self.shape, SH.message),
            remedy=self._text(self.shape, REMEDY),
            sources=self._sources(),
            category=self._category(),
            dimension=self._dimension(),
            target=self._iri(self.shape, SH.targetClass),
            fields=tuple(sorted(map(self._as_iri, self.graph.objects(self.shape, FIELD)))),
            file=self.file,
            compares_documents=self._compares_documents(),
        )

    def _compares_documents(self) -> bool:
        return (self.shape, RDF.type, STORE_RULE) in self.graph

    def _id(self) -> str:
        notation = str(self._one(self.shape, SKOS.notation))
        if not _name(self.shape).startswith(f"{notation}-"):
            raise self._error(f"its name does not begin with its skos:notation {notation!r}")
        return notation

    def _severity(self) -> Severity:
        name = str(self._one(self.shape, SH.severity)).removeprefix(str(SH))
        if name not in set(Severity):
            raise self._error(f"its sh:severity is {name!r}: use sh:Violation, sh:Warning or sh:Info")
        return Severity(name)

    def _sources(self) -> tuple[Source, ...]:
        found = sorted(self.graph.objects(self.shape, DCTERMS.source), key=str)
        if not found:
            raise self._error("it has no dcterms:source")
        return tuple(self._source(iri) for iri in found)

    def _source(self, iri: Node) -> Source:
        return Source(self._as_iri(iri), self._text(iri, SKOS.prefLabel), self._text(iri, DCTERMS.title))

    def _category(self) -> Category:
        iri = self._iri(self.shape, DCTERMS.subject)
        return Category(iri, int(str(self._one(iri, SKOS.notation))), self._text(iri, SKOS.prefLabel))

    def _dimension(self) -> Dimension | None:
        if self._compares_documents():
            return None  # another document must not change the score of a declaration
        iri = self._iri(self.shape, DQV.inDimension)
        return Dimension(iri, self._text(iri, SKOS.prefLabel), int(str(self._one(iri, POINTS))))

    # --- the pieces ---

    def _one(self, subject: Node, predicate: URIRef) -> Node:
        found = list(self.graph.objects(subject, predicate))
        if len(found) != 1:
            raise self._error(f"{_name(subject)} needs one {predicate.n3()}, and has {len(found)}")
        return found[0]

    def _iri(self, subject: Node, predicate: URIRef) -> URIRef:
        return self._as_iri(self._one(subject, predicate))

    def _as_iri(self, node: Node) -> URIRef:
        if not isinstance(node, URIRef):
            raise self._error(f"{node!r} stands where an IRI is wanted")
        return node

    def _text(self, subject: Node, predicate: URIRef) -> Text:
        found = {
            str(literal.language): str(literal)
            for literal in self.graph.objects(subject, predicate)
            if isinstance(literal, Literal)
        }
        for lang in ("zh", "en"):
            if not found.get(lang):
                raise self._error(f"{_name(subject)} has no {predicate.n3()} in {lang!r}")
        return Text(found["zh"], found["en"])

    def _error(self, what: str) -> RuleBookError:
        return RuleBookError(f"{self.file}: {_name(self.shape)}: {what}")
