"""Reports as `sh:ValidationReport`: Turtle to hand on, N-Quads to keep in a store beside the document.

Messages come from the rule book in both languages (pySHACL drops the language of SPARQL constraints' messages),
and findings have IRIs, so that a page or a question can point at one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, SH

from ontology import identifiers
from ontology.namespaces import PREFIXES
from ontology.rdf_text import ntriples_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from .finding import Finding
    from .report import Report

    Triple = tuple[Node, URIRef, Node]

_PREFIXES: Final = ("jx", "jxc", "jxs", "sh", "prov", "dcterms", "xsd")


def rdf(report: Report, form: str) -> bytes:
    """Return a `sh:ValidationReport` for each judged document, `form` turtle, nt or json-ld."""
    graph = Graph(bind_namespaces="none")
    for prefix in _PREFIXES:
        graph.bind(prefix, PREFIXES[prefix])
    found: dict[URIRef | None, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.context.document].append(finding)
    for document in dict.fromkeys([*(judged.document for judged in report.judged), *found]):
        for triple in _triples(found[document], document):
            graph.add(triple)
    return graph.serialize(format=form, encoding="utf-8")


def nquads(report: Report, sha256: str) -> bytes:
    """Return the `sh:ValidationReport` on one document as N-Quads in its report graph, in a stable order."""
    home = identifiers.report_graph(sha256)
    lines = _ntriples(_triples(report.findings, identifiers.disclosure(sha256)))
    return "".join(f"{line} {home.n3()} .\n" for line in lines).encode()


def _ntriples(triples: Iterable[Triple]) -> list[str]:
    """Return each triple as N-Triples writes it, without the full stop, sorted."""
    return sorted(" ".join(ntriples_term(term) for term in triple) for triple in triples)


def _triples(findings: Iterable[Finding], document: URIRef | None) -> Iterator[Triple]:
    """Yield the report on one document; its findings are numbered in the order of the report."""
    numbered = [(_finding(document, number), found) for number, found in enumerate(findings, start=1)]
    report = BNode() if document is None else URIRef(f"{document}/report")
    yield report, RDF.type, SH.ValidationReport
    yield report, SH.conforms, Literal(not numbered)
    if document is not None:
        yield report, DCTERMS.subject, document
    for name, finding in numbered:
        yield report, SH.result, name
        for predicate, value in _result(finding):
            yield name, predicate, value


def _finding(document: URIRef | None, number: int) -> Node:
    return BNode() if document is None else identifiers.part(document, "finding", number)


def _result(finding: Finding) -> Iterator[tuple[URIRef, Node]]:
    yield RDF.type, SH.ValidationResult
    yield SH.focusNode, finding.focus
    yield SH.sourceShape, finding.rule.iri
    yield SH.sourceConstraintComponent, finding.component
    yield SH.resultSeverity, finding.severity.iri
    if finding.path is not None:
        yield SH.resultPath, finding.path
    if finding.value is not None:
        yield SH.value, finding.value
    for lang in ("zh", "en"):
        yield SH.resultMessage, Literal(finding.message[lang], lang=lang)
    for quote in finding.quotes:
        if quote.cell is not None:
            yield PROV.wasQuotedFrom, quote.cell
