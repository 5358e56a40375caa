"""SHACL as the W3C tests it: each of its 121 tests, judged as `POST /shacl` judges what is posted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import httpx  # noqa: TC002 - a fixture's type
import pyoxigraph as ox
import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace
from rdflib.compare import isomorphic
from rdflib.namespace import SH

import shapes
from service.validating.judging import judged
from service.validating.request import Asked, Posted, ShapesFailed, ShapesRefused

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = Path(__file__).resolve().parent.parent.parent / "shared" / "conformance" / "shacl"
FILES = sorted(
    file for file in SUITE.rglob("*.ttl") if re.search(r"\bsht:Validate\b", file.read_text("utf-8"))
)


@dataclass(frozen=True)
class Case:
    """One test of the suite: two files, and the report they must give, None where it is a failure."""

    data: Path
    shapes: Path
    expected: Graph | None


def _read(file: Path) -> Graph:
    """The triples of a file with the lexical forms that it writes."""
    triples = ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())
    lines = ox.serialize(triples, format=ox.RdfFormat.N_QUADS) or b""
    return shapes.graph_of(lines)


def _case(file: Path) -> Case:
    manifest = _read(file)
    (test,) = manifest.subjects(RDF.type, SHT.Validate)
    action, result = (manifest.value(test, name) for name in (MF.action, MF.result))
    data, own_shapes = (
        Path(str(manifest.value(action, name)).removeprefix("file://"))
        for name in (SHT.dataGraph, SHT.shapesGraph)
    )
    return Case(data, own_shapes, None if result == SHT.Failure else _described(manifest, result))


def _described(graph: Graph, node: BNode) -> Graph:
    """What a graph says of a report, of its results and of their paths; not of nodes of the data and the shapes."""
    said = Graph()
    for predicate, value in graph.predicate_objects(node):
        said.add((node, predicate, value))
        if isinstance(value, BNode) and predicate not in {SH.focusNode, SH.value, SH.sourceShape}:
            said += _described(graph, value)
    return said


def _comparable(report: Graph, messages: set[Literal]) -> Graph:
    """A report without the messages that a test does not ask for, and without what nobody can compare."""
    kept = Graph()
    for subject, predicate, value in report:
        asked = predicate != SH.resultMessage or value in messages
        if asked and predicate != SH.sourceConstraint:
            kept.add((subject, predicate, value))
    return kept


def test_the_suite_is_whole(shared: Path) -> None:
    """98 tests of SHACL Core and 23 of SHACL-SPARQL."""
    parts = [file.relative_to(SUITE).parts[0] for file in FILES]
    assert (len(FILES), parts.count("core"), parts.count("sparql")) == (121, 98, 23)


def _posted(name: str, file: Path) -> Posted:
    """A file as a client would send it: relative IRIs need a base."""
    return Posted(name, f"@base <{file.as_uri()}> .\n".encode() + file.read_bytes(), "text/turtle")


def _assert_report(case: Case, ntriples: bytes) -> None:
    assert case.expected is not None
    messages = set(case.expected.objects(None, SH.resultMessage))
    report = _comparable(shapes.graph_of(ntriples), messages)
    assert isomorphic(report, _comparable(case.expected, messages))


EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SUITE).with_suffix("")))


@EACH
def test_data_and_shapes_give_the_report_of_the_w3c(file: Path) -> None:
    """The same results, and a failure where SHACL speaks of one."""
    case = _case(file)
    asked = Asked(_posted("data", case.data), _posted("shapes", case.shapes), "application/n-triples", "en")
    if case.expected is None:
        with pytest.raises((ShapesFailed, ShapesRefused)):
            judged(asked)
        return
    _assert_report(case, judged(asked))


@pytest.mark.soak
@EACH
def test_over_http_they_give_it_too(file: Path, shacl_client: httpx.Client) -> None:
    """Each posted to a running service, which judges it in a process of its own."""
    case = _case(file)
    posted = (_posted("data", case.data), _posted("shapes", case.shapes))
    files = {part.name: (f"{part.name}.ttl", part.content, part.media_type) for part in posted}
    answer = shacl_client.post("/shacl", files=files, headers={"Accept": "application/n-triples"})
    if case.expected is None:
        assert answer.status_code in {400, 403}
        assert answer.json()["type"].endswith(("shapes-failed", "shapes-refused"))
        return
    assert answer.status_code == 200
    _assert_report(case, answer.content)
