"""A report as a store keeps it: unpacked it is the very report, and what is damaged is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Literal, URIRef

import loader
import shapes
from shapes import Context, Finding, Judged, Report

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
DOCUMENTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".docx", ".txt"))
VALUES = [
    URIRef("https://w3id.org/jixiao/id/declaration/1/2025/initial/indicator/7"),
    Literal("≥95全部满意"),
    Literal("满意", lang="zh"),
    Literal("05.0", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal"), normalize=False),
    BNode("b1"),
    None,
]


@cache
def report_on(document: Path) -> Report:
    return shapes.check(shapes.graph_of(loader.convert(document.read_bytes()).nquads))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_is_unpacked_is_what_was_packed(document: Path) -> None:
    """Every finding with its quotes, readings and suggestions, and every score; twice packed it is the same."""
    report = report_on(document)
    assert shapes.unpacked(shapes.packed(report)) == report
    assert shapes.packed(report) == shapes.packed(report_on.__wrapped__(document))
    assert report.findings
    assert len(DOCUMENTS) == 5


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_kind_of_value_is_kept_as_it_is_written(value: URIRef | Literal | BNode | None) -> None:
    """A literal with its language, its type and its very digits."""
    finding = Finding(
        shapes.rules()["TV-01"], URIRef("urn:c"), URIRef("urn:f"), None, value, Context(), (), None
    )
    report = Report((finding,), (Judged(None, 0, 0),))
    told = shapes.unpacked(shapes.packed(report))
    assert told == report
    assert repr(told.findings[0].value) == repr(value)
    assert len(VALUES) == 6


def test_damaged_bytes_are_no_report() -> None:
    """Not one bit of a report is taken from them."""
    whole = shapes.packed(report_on(DOCUMENTS[0]))
    assert shapes.unpacked(whole[: len(whole) // 2]) is None
    assert shapes.unpacked(whole[:-9] + b"\x00" * 9) is None
    assert shapes.unpacked(b"") is None
    assert shapes.unpacked(b"no report") is None
