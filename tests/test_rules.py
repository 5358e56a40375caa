"""The rule book: every rule is whole, every rule can fire, and every rule knows where to stop."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from shape_examples import BASES, FOLDER, Example, base, examples

import shapes
from ontology import vocabulary
from ontology.namespaces import JX, JXC, JXS, PREFIXES
from shapes.rule_book import (
    ABOUT,
    APPLICABLE,
    FIELD,
    PACKED_REPORT,
    PASSED,
    POINTS,
    PRINTED,
    READING,
    REMEDY,
    SCOPE,
    SUGGESTION,
    TOLD_BY,
    rule_book,
    shapes_graph,
    turtle_files,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

OF_A_DOCUMENT = {rule.id for rule in shapes.rules().values() if not rule.compares_documents}
EXAMPLES = examples()


@cache
def _found(example: Example) -> Mapping[str, int]:
    """Return how often each rule fires on an example."""
    return shapes.check(example.graph()).by_rule()


def _named(example: Example) -> str:
    return f"{example.rule}-{'valid' if example.valid else 'invalid'}-{example.reason}"


def test_the_book_has_its_rules() -> None:
    """Seventy-two rules judge one document, six compare documents."""
    assert (len(OF_A_DOCUMENT), len(shapes.rules())) == (72, 78)


def test_every_rule_has_an_example_that_trips_it_and_one_that_does_not() -> None:
    """A rule that no example trips may never fire; one that nothing escapes may always fire.

    Those that compare documents have theirs in test_comparing_documents.py.
    """
    for kind in (True, False):
        assert {example.rule for example in EXAMPLES if example.valid is kind} == OF_A_DOCUMENT


def test_there_are_as_many_examples_as_were_written() -> None:
    """A suite must not shrink in silence."""
    assert len(EXAMPLES) == 221
    assert len(list(FOLDER.rglob("*.ttl"))) == len(EXAMPLES) + len(BASES)


@pytest.mark.parametrize("name", BASES)
def test_nothing_is_found_in_a_base(name: str) -> None:
    """The bases of the examples are complete, measurable and consistent."""
    assert shapes.check(base(name)).by_rule() == {}


@pytest.mark.parametrize("example", EXAMPLES, ids=_named)
def test_an_example_trips_its_rule_and_the_named_consequences_only(example: Example) -> None:
    """An invalid example trips its rule, its consequences and nothing else; a valid one its consequences only."""
    assert set(_found(example)) == example.expected


def test_examples_of_one_fault_have_one_finding() -> None:
    """A fault is found once, not once for each way of looking at it."""
    assert {(e.rule, e.reason) for e in EXAMPLES if not e.valid and _found(e)[e.rule] != 1} == set()


# --- a rule is whole ---------------------------------------------------------------------------------------

PIECES = {
    "skos:notation": 'skos:notation "FU-04" ;',
    "rdfs:label": 'rdfs:label "资金用途"@zh, "purpose of the funds"@en ;',
    "sh:severity": "sh:severity sh:Violation ;",
    "sh:message": 'sh:message "缺少资金用途"@zh, "The purpose of the funds is missing"@en ;',
    "jxs:remedy": 'jxs:remedy "写明。"@zh, "Say it."@en ;',
    "dcterms:source": "dcterms:source source:hebei-form ;",
    "dcterms:subject": "dcterms:subject opinion:1 ;",
    "dqv:inDimension": "dqv:inDimension score:completeness ;",
}
HEAD = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix jx: <https://w3id.org/jixiao/def/> .
@prefix jxs: <https://w3id.org/jixiao/shape/> .
@prefix opinion: <https://w3id.org/jixiao/code/review-opinion/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix score: <https://w3id.org/jixiao/code/score/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/jixiao/code/rule-source/> .
jxs:FU-04-purpose a sh:PropertyShape ; sh:targetClass jx:Declaration ; sh:path jx:purpose ;
"""


def _book(shape: str) -> dict[str, Graph]:
    lists = {name: part for name, part in turtle_files().items() if name.startswith(("review", "rule-"))}
    return {**lists, "own.ttl": Graph().parse(data=f"{HEAD}{shape} sh:minCount 1 .", format="turtle")}


def test_a_whole_shape_is_a_rule() -> None:
    """With all its pieces a shape is in the book."""
    assert list(rule_book(_book(" ".join(PIECES.values())))) == ["FU-04"]


@pytest.mark.parametrize("missing", PIECES)
def test_a_shape_that_lacks_a_piece_is_named_with_its_file(missing: str) -> None:
    """The error names file and shape and the missing piece."""
    shape = " ".join(text for piece, text in PIECES.items() if piece != missing)
    with pytest.raises(shapes.RuleBookError, match=r"^own\.ttl: FU-04-purpose: ") as error:
        rule_book(_book(shape))
    assert missing.partition(":")[2] in str(error.value)


@pytest.mark.parametrize(
    ("piece", "instead", "complaint"),
    [
        ("sh:message", 'sh:message "缺少资金用途"@zh ;', "'en'"),
        ("jxs:remedy", 'jxs:remedy "Say it."@en ;', "'zh'"),
        ("skos:notation", 'skos:notation "FU-05" ;', "'FU-05'"),
        ("sh:severity", "sh:severity sh:Debug ;", "'Debug'"),
        ("dcterms:subject", 'dcterms:subject "完整" ;', "'完整'"),
    ],
)
def test_a_shape_with_a_wrong_piece_is_named_with_what_is_wrong(
    piece: str, instead: str, complaint: str
) -> None:
    """The error repeats what is wrong: a language, an id, a severity, a category."""
    shape = " ".join({**PIECES, piece: instead}.values())
    with pytest.raises(shapes.RuleBookError, match=r"^own\.ttl: FU-04-purpose: ") as error:
        rule_book(_book(shape))
    assert complaint in str(error.value)


def test_two_shapes_cannot_share_an_id() -> None:
    """The error names both."""
    shape = " ".join(PIECES.values())
    twin = Graph().parse(
        data=f"{HEAD}{shape} sh:minCount 1 .".replace("FU-04-purpose", "FU-04-twin"), format="turtle"
    )
    with pytest.raises(shapes.RuleBookError, match=r"FU-04-twin has the id 'FU-04' of FU-04-purpose"):
        rule_book({**_book(shape), "own-2.ttl": twin})


# --- a rule speaks the ontology's words ----------------------------------------------------------------------


def _prefixes_of_queries() -> dict[str, str]:
    graph = shapes_graph()
    declared = graph.objects(None, SH.declare)
    return {str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace)) for d in declared}


def _terms_of_queries() -> set[URIRef]:
    prefixes = _prefixes_of_queries()
    texts = [str(text) for text in shapes_graph().objects(None, SH.select)]
    assert len(texts) == 28
    names = {name for text in texts for name in re.findall(r"(?<![\w?$<])([a-z][\w-]*):([\w-]+)", text)}
    return {URIRef(prefixes[prefix] + local) for prefix, local in names}


def _terms() -> set[URIRef]:
    stated = {term for triple in shapes_graph() for term in triple if isinstance(term, URIRef)}
    return stated | _terms_of_queries()


def test_rules_use_only_terms_of_the_ontology() -> None:
    """A rule about a term that nobody states could never fire."""
    used = {term for term in _terms() if str(term).startswith(str(JX._NS))}
    assert len(used) > 40
    assert {str(term).removeprefix(str(JX._NS)) for term in used} <= set(JX.__annotations__)


def test_rules_use_only_concepts_of_the_code_lists() -> None:
    """So does one about a concept that no code list has."""
    known = set(vocabulary.graph().subjects()) | set(shapes_graph().subjects())
    used = {term for term in _terms() if str(term).startswith(str(JXC))}
    assert len(used) > 40
    assert used <= known


def test_rules_name_only_shapes_that_exist() -> None:
    """A condition that a rule names is stated."""
    used = {term for term in _terms() if str(term).startswith(str(JXS)) and term != JXS[""]}
    assert used <= set(shapes_graph().subjects())


def test_every_condition_is_asked_by_a_rule() -> None:
    """What no rule asks is dead."""
    graph = shapes_graph()
    named = {s for s in graph.subjects() if isinstance(s, URIRef) and str(s).startswith(str(JXS))}
    rules = {rule.iri for rule in shapes.rules().values()} | {
        FIELD,
        REMEDY,
        POINTS,
        SCOPE,
        PASSED,
        APPLICABLE,
        ABOUT,
        PRINTED,
        READING,
        SUGGESTION,
        TOLD_BY,
        PACKED_REPORT,
        JXS[""],
    }
    assert named - rules <= {value for value in graph.objects() if isinstance(value, URIRef)}


def test_prefixes_of_queries_agree_with_the_one_prefix_table() -> None:
    """A prefix that means something else here would make queries that never match."""
    declared = _prefixes_of_queries()
    assert {name: iri for name, iri in declared.items() if name in PREFIXES and PREFIXES[name] != iri} == {}


def test_words_and_limits_are_data_of_the_ontology() -> None:
    """Every word list and limit that a rule names is there and not empty."""
    lists = {str(term).rpartition("/")[2] for term in _terms_of_queries() if "/word-list/" in term}
    limits = {str(term).rpartition("/")[2] for term in _terms_of_queries() if "/threshold/" in term}
    assert all(vocabulary.words(name) for name in lists)
    assert all(vocabulary.threshold(name) is not None for name in limits)
    assert (len(lists), len(limits)) == (8, 8)


def test_a_rule_that_asks_what_the_form_prints_tells_which_field() -> None:
    """The field of the rule is the one whose absence on the form silences it."""
    graph = shapes_graph()
    for rule in shapes.rules().values():
        asked = {
            graph.value(condition, SH.hasValue)
            for condition in _conditions(graph, rule.iri)
            if str(condition).startswith(str(JXS["prints-"]))
        }
        assert asked - {None, JX.level1, JX.level2, JX.weight} <= set(rule.fields)


def _conditions(graph: Graph, shape: URIRef) -> set[URIRef]:
    """Return the named conditions a rule asks in its lists, and those they negate."""
    lists = [*graph.objects(shape, SH["or"]), *graph.objects(shape, SH["and"])]
    named = {item for each in lists for item in graph.items(each)} | set(graph.objects(shape, SH["not"]))
    return named | {inner for item in named for inner in graph.objects(item, SH["not"])}


def test_every_score_dimension_has_rules_and_their_points_add_up_to_a_hundred() -> None:
    """Five dimensions share the score of a declaration."""
    dimensions = {rule.dimension for rule in shapes.rules().values() if rule.dimension is not None}
    assert len(dimensions) == 5
    assert sum(dimension.points for dimension in dimensions) == 100


def test_there_are_the_eleven_review_opinions() -> None:
    """The categories are those of the finance bureaus."""
    opinions = list(shapes_graph().subjects(None, JXC["review-opinion"]))
    assert len(opinions) == 11
    assert {rule.category.number for rule in shapes.rules().values()} <= set(range(1, 12))


def test_the_rule_book_is_published_as_quads_of_one_graph() -> None:
    """Each triple of the book stands in jxg:shapes, and equal books are equal text."""
    lines = shapes.nquads().decode().splitlines()
    assert all(line.endswith("<https://w3id.org/jixiao/graph/shapes> .") for line in lines)
    parsed = shapes.graph_of(shapes.nquads())
    for rule in shapes.rules().values():
        assert Literal(rule.message.zh, lang="zh") in set(parsed.objects(rule.iri, SH.message))
    assert lines == sorted(lines)
