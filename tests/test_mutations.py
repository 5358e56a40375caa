"""Faults put into real documents: each trips its rule, and no other beyond the consequences that are named."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from mutations import SEED, Mutation, comparing, counted, impossible, mutations, quads
from stores import missing

import shapes
from ontology import vocabulary
from service.loading.comparing import compare_documents
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.store import open_store
from shapes.engines import bulk, referee

ROOT = Path(__file__).resolve().parent.parent
MUTATIONS = mutations()
COMPARING = comparing()


def _source(mutation: Mutation, seed: Path) -> tuple[str, ...]:
    """The lines of the document that a mutation changes."""
    path = seed / "seed.txt" if mutation.document == SEED else ROOT / mutation.document
    return tuple(path.read_text(encoding="utf-8").splitlines(keepends=True))


@pytest.mark.soak
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_fault_is_found_by_either_engine(mutation: Mutation, seed: Path) -> None:
    """pySHACL by itself and `jixiao[fast]` find the same, each on the same thing with the same value."""
    if not bulk.is_installed():
        missing("the package shacl is not installed: pip install jixiao[fast]")
    lines = mutation.on_excerpt().lines(mutation.excerpt(_source(mutation, seed)))
    graph, words = shapes.graph_of(quads(lines)), vocabulary.graph()
    assert bulk.judge(graph, words) == referee.judge(graph, words)


@pytest.mark.soak
@pytest.mark.parametrize("mutation", COMPARING, ids=str)
def test_a_fault_among_documents_trips_the_rule_that_compares_them(mutation: Mutation, seed: Path) -> None:
    """That one and no other that compares documents, when all are in a store."""
    lines = _source(mutation, seed)
    before, after = (
        Counter(_found_in_store("".join(each), mutation.beside)) for each in (lines, mutation.lines(lines))
    )
    assert dict(after - before) == {mutation.rule: mutation.findings}
    assert not before - after


@cache
def _found_in_store(text: str, beside: tuple[str, ...]) -> dict[str, int]:
    store = open_store("memory:")
    ingest = Ingest(store)
    ingest.prepare()
    for data in (text.encode(), *((ROOT / name).read_bytes() for name in beside)):
        ingest.load(data, "document", CatalogueEntry())
    return dict(compare_documents(store).report.by_rule())


def _assert_trips(mutation: Mutation, lines: tuple[str, ...]) -> None:
    changed = mutation.lines(lines)
    assert changed != lines
    before, after = Counter(counted(lines)), Counter(counted(changed))
    assert dict.fromkeys(after - before) == dict.fromkeys(sorted({mutation.rule} | mutation.consequences))
    assert set(before - after) == mutation.ends
    assert (after - before)[mutation.rule] == 1


def test_every_rule_has_a_mutation_or_a_reason_why_not() -> None:
    """A rule that nobody can trip in a real document is no use."""
    changed = [mutation.rule for mutation in MUTATIONS]
    changed += [mutation.rule for mutation in COMPARING]
    assert sorted([*changed, *(each.rule for each in impossible())]) == sorted(shapes.rules())
    assert len(MUTATIONS) == 72


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_fault_in_one_table_trips_its_rule_and_the_named_consequences(
    mutation: Mutation, seed: Path
) -> None:
    """In the table it is put into, with what stands before all tables."""
    lines = mutation.excerpt(_source(mutation, seed))
    _assert_trips(mutation.on_excerpt(), lines)


@pytest.mark.soak
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_fault_in_a_document_trips_its_rule_and_the_named_consequences(
    mutation: Mutation, seed: Path
) -> None:
    """In the whole document, among everything else that is found in it."""
    _assert_trips(mutation, _source(mutation, seed))
