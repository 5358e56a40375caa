"""Anyone's data judged by anyone's shapes: what the report tells in each form, and what is a failure."""

from __future__ import annotations

import json
from functools import cache

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH

import shapes

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:anna a ex:Person ; ex:age "12x" ; ex:knows ex:bert .
ex:bert a ex:Person ; ex:age 30 .
"""
SHAPES = """
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path ex:age ; sh:datatype xsd:integer ; sh:message "age is a number"@en, "年龄是数字"@zh ] ;
    sh:property [ sh:path ( ex:knows [ sh:inversePath ex:loves ] ) ; sh:minCount 1 ; sh:severity sh:Info ] .
"""


def graph(turtle: str) -> Graph:
    """Turtle with the prefixes above, in the lexical forms that it writes."""
    triples = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return shapes.graph_of(ox.serialize(triples, format=ox.RdfFormat.N_QUADS) or b"")


@cache
def report() -> shapes.ValidationReport:
    return shapes.validate(graph(DATA), graph(SHAPES))


def test_a_report_counts_by_severity() -> None:
    """One age that is no number, and two persons whom nobody loves."""
    assert not report().conforms
    assert report().by_severity() == {"Violation": 1, "Info": 2}


def test_json_writes_terms_as_n_triples_and_paths_as_sparql() -> None:
    """Programs without RDF read it."""
    told = json.loads(report().json())
    assert told["conforms"] is False
    age, *_ = (result for result in told["results"] if result["severity"] == "Violation")
    assert age["focus"] == "<http://example.org/anna>"
    assert age["path"] == "<http://example.org/age>"
    assert age["value"] == '"12x"'
    assert age["component"] == "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"
    assert age["messages"] == [
        {"text": "age is a number", "language": "en"},
        {"text": "年龄是数字", "language": "zh"},
    ]
    (path,) = {result["path"] for result in told["results"] if result["severity"] == "Info"}
    assert path == "<http://example.org/knows>/(^<http://example.org/loves>)"


@pytest.mark.parametrize("form", ["turtle", "nt", "json-ld"])
def test_rdf_states_the_same_in_each_form(form: str) -> None:
    """A standard report in which each result has its own description of the path."""
    read = Graph().parse(data=report().rdf(form), format=form)
    (node,) = read.subjects(RDF.type, SH.ValidationReport)
    assert len(list(read.objects(node, SH.result))) == 3
    paths = list(read.objects(None, SH.resultPath))
    assert len(set(paths)) == 3


def test_text_says_what_is_wrong_where() -> None:
    """A person reads it in a terminal."""
    told = report().text("en")
    assert told.startswith("Results: 3 (Violation 1, Info 2)\n")
    assert "[Violation] <http://example.org/anna>\n  age is a number\n" in told
    assert '  <http://example.org/age> = "12x"\n' in told


def test_data_that_conform_are_told_so() -> None:
    """In a word."""
    conforming = shapes.validate(graph("ex:bert a ex:Nobody ."), graph(SHAPES))
    assert conforming.conforms
    assert conforming.text("en") == "The data conform.\n"
    assert json.loads(conforming.json())["results"] == []


# --- as SHACL means it, not as a library takes it ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "conforms"),
    [
        ('sh:closed "1"^^xsd:boolean', True),
        ("sh:closed true", False),
        ('sh:deactivated "1"^^xsd:boolean ; sh:closed true', False),
        ("sh:deactivated true ; sh:closed true", True),
    ],
)
def test_a_switch_is_on_as_the_term_true_alone(switch: str, conforms: bool) -> None:
    """The literal 1 is another term, and switches nothing on."""
    shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:anna ; {switch} ."
    assert shapes.validate(graph(DATA), graph(shape)).conforms is conforms


def test_a_query_may_look_into_the_shapes() -> None:
    """$shapesGraph is the graph of the shapes, also beside comments and texts that name it."""
    shape = """
    ex:S a sh:NodeShape ; sh:targetNode ex:anna ; ex:limit 1 ; sh:sparql [ sh:select '''
        SELECT $this (?limit AS ?value) # $shapesGraph
        WHERE { GRAPH $shapesGraph { $currentShape <http://example.org/limit> ?limit }
                FILTER NOT EXISTS { $this ?p "$shapesGraph" } }
    ''' ] .
    """
    (result,) = shapes.validate(graph(DATA), graph(shape)).results
    assert str(result.value) == "1"


# --- failures -------------------------------------------------------------------------------------------------------

FAILURES = {
    "recursion": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; sh:property [ sh:path ex:knows ; sh:node ex:S ] .",
    "no list": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; sh:or () .",
    "unknown prefix": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; "
    'sh:sparql [ sh:select "SELECT $this { $this nope:p ?value }" ] .',
    "no query": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; sh:sparql [ sh:select 'SELECT ANYTHING' ] .",
    "no regular expression": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; sh:pattern '(' .",
    "MINUS": "ex:S a sh:NodeShape ; sh:targetNode ex:anna ; "
    "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }' ] .",
}


@pytest.mark.parametrize("shape", FAILURES.values(), ids=FAILURES)
def test_what_cannot_be_judged_is_a_failure_and_no_report(shape: str) -> None:
    """Nothing passes because nothing was looked at."""
    with pytest.raises(shapes.ValidationError, match=r"\w"):
        shapes.validate(graph(DATA + "ex:bert ex:knows ex:anna ."), graph(shape))


def test_nothing_is_fetched() -> None:
    """Shapes that import others are judged as they are: the address below does not exist."""
    imports = "<urn:shapes> a owl:Ontology ; owl:imports <http://127.0.0.1:9/none.ttl> ."
    assert len(shapes.validate(graph(DATA + imports), graph(SHAPES + imports)).results) == 3
