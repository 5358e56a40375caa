"""Two engines, one answer: what `jixiao[fast]` finds is what pySHACL finds."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from rdflib import BNode, Graph, Literal
from rdflib.namespace import SH
from shape_examples import base, examples

import loader
import shapes
from ontology import vocabulary
from ontology.namespaces import JX
from shapes.engines import bulk, referee
from shapes.engines.choice import best
from shapes.rule_book import shapes_of_documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node
    from shape_examples import Example

EXAMPLES = examples()
WITH_QUERY = {
    rule.id for rule in shapes.rules().values() if (rule.iri, SH.sparql, None) in shapes_of_documents()
}
ASKED = [
    next(example for example in EXAMPLES if example.rule == rule and not example.valid)
    for rule in sorted(WITH_QUERY)
]
"""One example of each rule that is a query: there the engines differ most."""


@pytest.fixture(autouse=True, scope="module")
def installed() -> None:
    """The package `shacl`; where it is not installed there is nothing to compare."""
    if bulk.is_installed():
        return
    reason = "the package shacl is not installed: pip install jixiao[fast]"
    pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def assert_alike(graph: Graph) -> None:
    words = vocabulary.graph()
    assert bulk.judge(graph, words) == referee.judge(graph, words)


def test_the_fast_engine_is_taken_where_it_is_installed() -> None:
    """Nobody has to ask for it."""
    assert best() is bulk.judge


@pytest.mark.parametrize("example", ASKED, ids=lambda example: example.rule)
def test_rules_that_are_queries_find_the_same(example: Example) -> None:
    """Twenty-two rules are SPARQL."""
    assert len(ASKED) == 22
    assert_alike(example.graph())


def test_the_seed_is_judged_alike(seed: Path) -> None:
    """374 findings, each on the same node, with the same value."""
    assert_alike(shapes.graph_of(loader.convert((seed / "seed.txt").read_bytes()).nquads))


def test_a_value_that_a_query_computes_is_found() -> None:
    """The sum of the weights stands in no cell, and in the report."""
    (example,) = (e for e in EXAMPLES if (e.rule, e.reason) == ("WT-02", "seventy-five"))
    (found,) = bulk.judge(example.graph(), vocabulary.graph())
    assert found.value == Literal("75", datatype=found.value.datatype)
    assert shapes.check(example.graph(), engine=bulk.judge) == shapes.check(
        example.graph(), engine=referee.judge
    )


def test_blank_nodes_keep_their_names() -> None:
    """A finding on somebody's blank node says which."""
    graph, fund = base(), BNode("mine")
    graph.add((fund, JX.blank, Literal(True)))
    graph.add((fund, SH.name, Literal("a fund of somebody else's graph")))
    graph.add((fund, next(iter(graph.predicates(None, JX.Fund))), JX.Fund))
    assert fund in {found.focus for found in bulk.judge(graph, vocabulary.graph())}


def test_own_words_are_looked_up_by_either_engine() -> None:
    """Words that somebody brings take the place of the ontology's, once and not for good."""
    example = next(example for example in EXAMPLES if example.rule == "TV-14" and not example.valid)
    graph, none = example.graph(), Graph()
    assert bulk.judge(graph, none) == referee.judge(graph, none)
    assert bulk.judge(graph, none) != bulk.judge(graph, vocabulary.graph())


# --- the long form ------------------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda e: f"{e.rule}-{'valid' if e.valid else 'invalid'}-{e.reason}"
)
def test_every_example_is_judged_alike(example: Example) -> None:
    """All 185 examples of the rules."""
    assert_alike(example.graph())


@pytest.mark.soak
def test_every_real_disclosure_is_judged_alike(shared: Path) -> None:
    """What real departments published, in four formats."""
    files = sorted(file for file in (shared / "disclosures").glob("*/**/*") if file.suffix in FORMATS)
    assert len(files) == 44
    for file in files:
        assert_alike(shapes.graph_of(loader.convert(file.read_bytes()).nquads))


FORMATS = {".docx", ".html", ".txt", ".xlsx"}


def _mutants() -> Iterator[Graph]:
    """The base of the examples with one statement taken out, one text emptied, or one number changed."""
    triples = sorted(base())
    for triple in triples:
        yield _instead(triple, None)
        subject, predicate, value = triple
        if isinstance(value, Literal):
            for changed in _changed(value):
                yield _instead(triple, (subject, predicate, changed))


def _instead(taken: tuple[Node, ...], put: tuple[Node, ...] | None) -> Graph:
    graph = base()
    graph.remove(taken)
    if put is not None:
        graph.add(put)
    return graph


def _changed(value: Literal) -> list[Literal]:
    if value.datatype is None:
        return [Literal("", lang=value.language), Literal(f" {value}　指标", lang=value.language)]
    if isinstance(value.value, bool):
        return [Literal(not value.value)]
    if isinstance(value.value, date):
        return [Literal(date(2024, 2, 29))]
    numbers = (Decimal, int)
    return (
        [Literal(value.value * factor) for factor in (0, -1, 10)] if isinstance(value.value, numbers) else []
    )


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_mutants_are_judged_alike(part: int) -> None:
    """Whatever is missing, empty or wrong in a declaration, both engines say the same of it: one mutant in four."""
    mutants = list(_mutants())
    assert len(mutants) == 859
    for mutant in mutants[part::16]:
        assert_alike(mutant)
