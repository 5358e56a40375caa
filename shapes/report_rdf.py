"""Reports as `sh:ValidationReport`: Turtle to hand on, N-Quads to keep in a store beside the document.

Messages come from the rule book in both languages (pySHACL drops the language of SPARQL constraints' messages),
and findings have IRIs, so that a page or a question can point at one.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, SH, XSD

from ontology import identifiers
from ontology.namespaces import JXC, PREFIXES
from ontology.rdf_text import ntriples_term, turtle_of

from .report_words import Words
from .rule_book import ABOUT, APPLICABLE, DQV, PASSED, PRINTED, READING, SUGGESTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from rdflib.term import Node

    from .finding import Finding
    from .report import Report
    from .scoring import Score

    Triple = tuple[Node, URIRef, Node]

_PREFIXES: Final = ("jx", "jxc", "jxs", "sh", "prov", "dcterms", "dqv", "xsd")


def rdf(report: Report, form: str) -> bytes:
    """Return a `sh:ValidationReport` for each judged document, `form` turtle, nt or json-ld."""
    if form == "turtle":
        return b"".join(turtle_pieces(report))
    graph = Graph(bind_namespaces="none")
    for prefix in _PREFIXES:
        graph.bind(prefix, PREFIXES[prefix])
    for triple in chain.from_iterable(_by_document(report)):
        graph.add(triple)
    return graph.serialize(format=form, encoding="utf-8")


def turtle_pieces(report: Report) -> Iterator[bytes]:
    """Yield the `sh:ValidationReport` of one judged document after another as Turtle."""
    prefixes = {prefix: PREFIXES[prefix] for prefix in _PREFIXES}
    return (turtle_of(triples, prefixes) for triples in _by_document(report))


def _by_document(report: Report) -> Iterator[Iterable[Triple]]:
    """Yield what is told of each document: its findings, and the scores of what it declares."""
    found: dict[URIRef | None, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.context.document].append(finding)
    scores: dict[URIRef | None, list[Score]] = defaultdict(list)
    for score in report.scores:
        scores[score.context.document].append(score)
    judged = [one.document for one in report.judged]
    for document in dict.fromkeys([*judged, *found, *scores]):
        yield chain(_triples(found[document], document), _measurements(scores[document]))


def nquads(report: Report, sha256: str) -> bytes:
    """Return the `sh:ValidationReport` on one document as N-Quads in its report graph, in a stable order."""
    return nquads_about(report, identifiers.disclosure(sha256), identifiers.report_graph(sha256))


def nquads_about(report: Report, subject: URIRef, graph: URIRef) -> bytes:
    """Return the `sh:ValidationReport` on a thing as N-Quads in a graph, in a stable order."""
    lines = _ntriples(chain(_triples(report.findings, subject), _measurements(report.scores)))
    return "".join(f"{line} {graph.n3()} .\n" for line in lines).encode()


def _ntriples(triples: Iterable[Triple]) -> list[str]:
    """Return each triple as N-Triples writes it, without the full stop, sorted."""
    return sorted(" ".join(ntriples_term(term) for term in triple) for triple in triples)


def _triples(findings: Iterable[Finding], subject: URIRef | None) -> Iterator[Triple]:
    """Yield the report on a document, or on a budget unit; its findings are numbered in the order of the report."""
    numbered = [(_finding(subject, number), found) for number, found in enumerate(findings, start=1)]
    report = BNode() if subject is None else URIRef(f"{subject}/report")
    yield report, RDF.type, SH.ValidationReport
    yield report, SH.conforms, Literal(not numbered)
    if subject is not None:
        yield report, DCTERMS.subject, subject
    for name, finding in numbered:
        yield report, SH.result, name
        for predicate, value in _result(finding):
            yield name, predicate, value


def _measurements(scores: Iterable[Score]) -> Iterator[Triple]:
    """Yield each score and its dimensions as `dqv:QualityMeasurement`, from 0 to 100."""
    for score in scores:
        yield from _measurement(score.of, "total", score.value)
        for share in score.shares:
            name = share.dimension.name
            yield from _measurement(score.of, name, share.value)
            measurement = identifiers.part(score.of, "quality", name)
            yield measurement, PASSED, Literal(share.passed)
            yield measurement, APPLICABLE, Literal(share.applicable)


def _measurement(declaration: URIRef, metric: str, value: Decimal) -> Iterator[Triple]:
    measurement = identifiers.part(declaration, "quality", metric)
    yield measurement, RDF.type, DQV.QualityMeasurement
    yield measurement, DQV.computedOn, declaration
    yield measurement, DQV.isMeasurementOf, JXC[f"metric/{metric}"]
    yield measurement, DQV.value, Literal(format(value.normalize(), "f"), datatype=XSD.decimal)


def _finding(subject: URIRef | None, number: int) -> Node:
    return BNode() if subject is None else identifiers.part(subject, "finding", number)


def _told(finding: Finding) -> Iterator[tuple[URIRef, Node]]:
    """Yield what a person needs to mend it, so that pages and questions need not look it up in the tables."""
    if finding.context.declaration is not None:
        yield ABOUT, finding.context.declaration
    if finding.printed:
        yield PRINTED, Literal(finding.printed)
    for lang in ("zh", "en"):
        words = Words(lang)
        if reading := words.reading(finding):
            yield READING, Literal(reading, lang=lang)
        for suggestion in words.suggestions(finding):
            yield SUGGESTION, Literal(suggestion, lang=lang)


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
    yield from _told(finding)
    for quote in finding.quotes:
        if quote.cell is not None:
            yield PROV.wasQuotedFrom, quote.cell
