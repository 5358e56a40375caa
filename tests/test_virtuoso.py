"""The same answers on Virtuoso: every question, on its hand-made data, on the seed and on the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import test_questions as questions
from virtuoso import Virtuoso, virtuoso

from ontology import vocabulary
from service.answers import select
from service.store import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from service.store import Store

__all__ = ["virtuoso"]

QUICK = ("indicators-by-level", "changes-between-versions")


def put(store: Store, nquads: bytes) -> None:
    store.apply(Changes(added=nquads))


def rows(store: Store, sparql: str) -> list[questions.Row]:
    table = select(store, sparql)
    return [
        {
            name: questions.plain(row.text(name), row.cells[name].datatype if name in row.cells else None)
            for name in table.columns
        }
        for row in table
    ]


def differing(store: Store, names: Iterable[str]) -> tuple[int, list[str]]:
    """How many hand-made cases of some questions there are, and which of them have another answer."""
    asked, wrong = 0, []
    for name in names:
        put(store, questions.data(name))
        for case in questions.cases():
            if case.question.name == name:
                asked += 1
                if rows(store, case.question.bind(**case.values)) != questions.read_rows(case.path)[1]:
                    wrong.append(str(case))
        store.apply(Changes(removed=questions.data(name)))
    return asked, wrong


def test_some_questions_answer_alike(virtuoso: Virtuoso) -> None:
    """The few that need few words, on their hand-made data."""
    store = virtuoso.store()
    lines = vocabulary.nquads().splitlines(keepends=True)
    put(store, b"".join(line for line in lines if b"graph/divisions>" not in line))
    asked, wrong = differing(store, QUICK)
    assert (asked, wrong) == (6, [])
    store.clear()
    assert store.graphs() == ()


@pytest.mark.soak
def test_every_question_answers_alike(virtuoso: Virtuoso) -> None:
    """All hand-made cases, one data set after another."""
    store = virtuoso.store()
    put(store, vocabulary.nquads())
    assert differing(store, questions.QUESTIONS) == (len(questions.cases()), [])
    store.clear()


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["seed", "examples"])
def test_every_question_answers_alike_on_real_documents(
    kind: str, virtuoso: Virtuoso, library: Store, seed: Path
) -> None:
    """The stored answers on the first complete document, and on the examples as they are loaded."""
    store = virtuoso.store()
    if kind == "seed":
        put(store, questions.quads_of([seed / "seed.txt"]) + vocabulary.nquads())
    else:
        put(store, b"".join(library.export("application/n-quads")))
    asked = questions.DECLARED
    wrong = [
        name
        for name in asked
        if rows(store, questions.QUESTIONS[name].bind())
        != questions.read_rows(questions.CASES / name / f"{kind}.csv")[1]
    ]
    assert wrong == []
    assert len(asked) == 32
    store.clear()
