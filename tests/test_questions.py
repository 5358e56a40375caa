"""Every question answers what a person works out by hand, and the same on every engine.

`queries/<name>/` holds a small `data.trig`, its answer `expected.csv`, and answers for other parameters, which the
file names: `expected.year=2024.csv`. `seed.csv` and `examples.csv` are the answers on the seed and on `examples/`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
import rdflib
from rdflib import XSD

from loader.conversion import convert
from ontology import vocabulary
from queries import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from queries import Query

ROOT = Path(__file__).resolve().parent.parent
CASES = Path(__file__).with_name("queries")
QUESTIONS = catalogue()
Row = dict[str, str]

# --- two engines ----------------------------------------------------------------------------------------

NUMBERS = {str(datatype) for datatype in (XSD.integer, XSD.decimal, XSD.double)}


def plain(text: str, datatype: str | None) -> str:
    """Return a value as the expected files write it: numbers without exponent and needless digits."""
    if datatype not in NUMBERS:
        return text
    number = Decimal(text)
    return format(number.normalize(), "f") if number else "0"


def on_oxigraph(store: pyoxigraph.Store, sparql: str) -> list[Row]:
    """Return the rows of an answer; the default graph is the union of the named graphs."""
    solutions = store.query(sparql, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: oxigraph_text(solution[name]) for name in names} for solution in solutions]


def oxigraph_text(term: object) -> str:
    """Return the text of a cell; an unbound one is empty."""
    if isinstance(term, pyoxigraph.Literal):
        return plain(term.value, term.datatype.value)
    return term.value if isinstance(term, pyoxigraph.NamedNode) else ""


def on_rdflib(dataset: rdflib.Dataset, sparql: str) -> list[Row]:
    """Return the rows of an answer, from the reference engine."""
    answer = dataset.query(sparql)
    names = [str(variable) for variable in answer.vars or ()]
    return [{name: rdflib_text(row[name]) for name in names} for row in answer]


def rdflib_text(term: object) -> str:
    """Return the text of a cell; an unbound one is empty."""
    if isinstance(term, rdflib.Literal):
        return plain(str(term), str(term.datatype))
    return "" if term is None else str(term)


def oxigraph_store(*nquads: bytes) -> pyoxigraph.Store:
    """Return a store in memory with these quads."""
    store = pyoxigraph.Store()
    for quads in nquads:
        store.bulk_load(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def rdflib_dataset(*nquads: bytes) -> rdflib.Dataset:
    """Return a dataset with these quads and the code lists, without the thousands of divisions."""
    dataset = rdflib.Dataset(default_union=True)
    for quads in nquads:
        dataset.parse(data=quads, format="nquads")
    words = dataset.graph(rdflib.URIRef("https://w3id.org/jixiao/graph/codes"))
    for triple in vocabulary.graph():
        words.add(triple)
    return dataset


# --- hand-made cases ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One expected answer: the question, and the values its file name sets."""

    path: Path

    @property
    def question(self) -> Query:
        return QUESTIONS[self.path.parent.name]

    @property
    def values(self) -> dict[str, str]:
        stated = self.path.stem.partition(".")[2]
        return dict(pair.split("=") for pair in stated.split(",") if pair)

    def __str__(self) -> str:
        return f"{self.path.parent.name} {self.path.stem.partition('.')[2]}".strip()


def cases() -> list[Case]:
    return [Case(path) for path in sorted(CASES.glob("*/expected*.csv")) if path.parent.name in QUESTIONS]


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """Return columns and rows of an expected answer."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        return list(reader.fieldnames or ()), list(reader)


@cache
def data(name: str) -> bytes:
    """Return the hand-made data of a question as N-Quads."""
    trig = (CASES / name / "data.trig").read_bytes()
    quads = pyoxigraph.parse(trig, format=pyoxigraph.RdfFormat.TRIG)
    return pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b""


@cache
def oxigraph_case(name: str) -> pyoxigraph.Store:
    return oxigraph_store(data(name), vocabulary.nquads())


@cache
def rdflib_case(name: str) -> rdflib.Dataset:
    return rdflib_dataset(data(name))


def answer_on_oxigraph(case: Case) -> list[Row]:
    return on_oxigraph(oxigraph_case(case.question.name), case.question.bind(**case.values))


def answer_on_rdflib(case: Case) -> list[Row]:
    return on_rdflib(rdflib_case(case.question.name), case.question.bind(**case.values))


@pytest.mark.parametrize("case", cases(), ids=str)
@pytest.mark.parametrize("answer", [answer_on_oxigraph, answer_on_rdflib])
def test_a_question_answers_what_a_person_works_out(case: Case, answer: Callable[[Case], list[Row]]) -> None:
    """Same rows in the same order on both engines, and the columns are those the header declares."""
    columns, expected = read_rows(case.path)
    assert columns == list(case.question.columns)
    assert answer(case) == expected


def test_every_question_has_hand_made_data_and_an_answer() -> None:
    """Each of the 29 questions has its folder, its data, and an answer without parameters that has rows."""
    plain_cases = [case for case in cases() if not case.values]
    assert {case.question.name for case in plain_cases} == set(QUESTIONS)
    assert len(QUESTIONS) == 29
    assert all(read_rows(case.path)[1] for case in plain_cases)
    assert len(cases()) == 55


def test_every_triple_of_the_hand_made_data_stands_in_one_graph() -> None:
    """Engines do not agree on a triple in two graphs, so the data must not have one."""
    for name in QUESTIONS:
        quads = list(pyoxigraph.parse(data(name), format=pyoxigraph.RdfFormat.N_QUADS))
        assert len({quad.triple for quad in quads}) == len(quads) > 0, name


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_empty_store_has_no_rows_and_no_error(name: str) -> None:
    """A newcomer who has loaded nothing sees an empty table, not a row of zeros."""
    sparql = bound_with_examples(QUESTIONS[name])
    assert on_oxigraph(pyoxigraph.Store(), sparql) == []
    assert on_rdflib(rdflib.Dataset(default_union=True), sparql) == []


def bound_with_examples(question: Query) -> str:
    """Return the text with every parameter set, to its default or its example."""
    return question.bind(**{name: p.default or p.example for name, p in question.parameters.items()})


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_division_without_documents_has_no_rows(name: str) -> None:
    """A parameter that is set restricts; one that restricts nothing would be a wrong answer."""
    if "division" not in QUESTIONS[name].parameters:
        pytest.skip("the question is not about units")
    assert on_oxigraph(oxigraph_case(name), QUESTIONS[name].bind(division="659001")) == []


def test_all_but_two_questions_restrict_to_year_unit_division_and_version() -> None:
    """The parameters a researcher sets are the same everywhere."""
    scoped = [
        q.name for q in QUESTIONS.values() if {"year", "unit", "division", "version"} <= set(q.parameters)
    ]
    assert set(QUESTIONS) - set(scoped) == {"sources-of-a-value", "findings-by-severity-and-rule"}
