"""The conventions of the ontology: it keeps them all, and each of them can be broken."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace

import ontology

SHAPES = Namespace(ontology.PREFIXES["jxs"])
INVALID = tuple(sorted((Path(__file__).parent / "ontology" / "invalid").glob("*.ttl")))


def conventions() -> Graph:
    return Graph().parse(data=(resources.files(ontology) / "conventions.ttl").read_text(encoding="utf-8"))


def broken(data: Graph) -> set[str]:
    """Return the names of the conventions that a graph breaks."""
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=conventions(), inference="none")
    assert isinstance(report, Graph)
    return {str(shape).removeprefix(str(SHAPES)) for shape in report.objects(None, SH.sourceShape)}


def copy_of(graph: Graph) -> Graph:
    """Return a graph that a validator may work on."""
    copied = Graph()
    for triple in graph:
        copied.add(triple)
    return copied


def test_the_ontology_keeps_its_conventions() -> None:
    """Labelled and defined in both languages, named by the rules, without cycles, notations unique."""
    assert broken(copy_of(ontology.graph())) == set()


def test_every_convention_has_a_graph_that_breaks_it() -> None:
    """A convention that nothing can break says nothing."""
    shapes = conventions()
    named = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    assert {str(shape).removeprefix(str(SHAPES)) for shape in named} == {file.stem for file in INVALID}
    assert len(INVALID) == 21


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_graph_breaks_its_convention_and_no_other(file: Path) -> None:
    """The file is named for what is wrong with it."""
    assert broken(Graph().parse(file)) == {file.stem}


def test_every_convention_says_what_to_do_in_both_languages() -> None:
    """Who breaks one can read why."""
    shapes = conventions()
    for shape in {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}:
        messages = [*shapes.objects(shape, SH.message), *shapes.objects(shape, SH.sparql / SH.message)]
        languages = {message.language for message in messages if isinstance(message, Literal)}
        assert languages == {"zh", "en"}, shape
