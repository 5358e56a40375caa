"""Faults put into real documents: each trips its rule, and no other beyond the consequences that are named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from mutations import SEED, Mutation, counted, impossible, mutations

import shapes

ROOT = Path(__file__).resolve().parent.parent
MUTATIONS = mutations()


def _source(mutation: Mutation, seed: Path) -> tuple[str, ...]:
    """The lines of the document that a mutation changes."""
    path = seed / "seed.txt" if mutation.document == SEED else ROOT / mutation.document
    return tuple(path.read_text(encoding="utf-8").splitlines(keepends=True))


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
    assert sorted([*changed, *(each.rule for each in impossible())]) == sorted(
        rule.id for rule in shapes.rules().values() if not rule.compares_documents
    )
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
