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

import shapes
from loader.conversion import convert
from ontology import divisions, identifiers, vocabulary
from queries import Need, catalogue
from shapes import check, graph_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from queries import Query
    from service.store import Store

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
    """Each of the 43 questions has its folder, its data, and an answer without parameters that has rows."""
    plain_cases = [case for case in cases() if not case.values]
    assert {case.question.name for case in plain_cases} == set(QUESTIONS)
    assert len(QUESTIONS) == 43
    assert all(read_rows(case.path)[1] for case in plain_cases)
    assert len(cases()) == 90


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


SCOPED = [name for name, question in QUESTIONS.items() if "division" in question.parameters]


@pytest.mark.parametrize("name", SCOPED)
def test_a_division_without_documents_has_no_rows(name: str) -> None:
    """A parameter that is set restricts: the whole answer would be a wrong one."""
    assert on_oxigraph(oxigraph_case(name), QUESTIONS[name].bind(division="659001")) == []


def test_places_meet_in_every_question() -> None:
    """滦县 (130223) is 滦州市 (130284) since 2018: either code finds the other, and city and province find both."""
    found = 0
    for name in SCOPED:
        question, store = QUESTIONS[name], oxigraph_store(data(name).replace(b"130202", b"130223"))
        old, new, city, province, elsewhere = (
            on_oxigraph(store, question.bind(division=code))
            for code in ("130223", "130284", "130200", "13", "6590")
        )
        assert old == new, name
        assert (bool(city) or not old, bool(province) or not city, elsewhere) == (True, True, []), name
        found += bool(old)
    assert found >= 30


def test_all_but_three_questions_restrict_to_year_unit_division_and_version() -> None:
    """The parameters a researcher sets are the same everywhere; evaluations have no versions, changes two."""
    scope = {"year", "unit", "division"}
    assert {name for name, question in QUESTIONS.items() if scope <= set(question.parameters)} == set(SCOPED)
    unversioned = {name for name in SCOPED if "version" not in QUESTIONS[name].parameters}
    assert unversioned == {
        "targets-missed-met-exceeded",
        "low-execution-and-scores",
        "changes-between-versions",
    }
    assert set(QUESTIONS) - set(SCOPED) == {
        "sources-of-a-value",
        "findings-by-severity-and-rule",
        "corrections-by-people",
    }


# --- real documents -------------------------------------------------------------------------------------


def quads_of(paths: Iterable[Path]) -> bytes:
    """Return what the documents state, as `convert` writes it."""
    return b"".join(convert(path.read_bytes()).nquads for path in paths)


def reports_on(paths: Iterable[Path]) -> bytes:
    """Return the reports on the documents, and the rules they cite."""
    conversions = [convert(path.read_bytes()) for path in paths]
    reports = [(check(graph_of(c.nquads)), c.disclosure.sha256) for c in conversions]
    return b"".join(report.nquads(sha256) for report, sha256 in reports) + shapes.nquads()


def examples() -> list[Path]:
    return sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".docx", ".txt"))


REPORTED = [name for name, question in QUESTIONS.items() if Need.REPORTS in question.needs]
DECLARED = [name for name in QUESTIONS if name not in REPORTED]


@pytest.fixture(scope="module")
def seed_quads(seed: Path) -> bytes:
    return quads_of([seed / "seed.txt"])


@pytest.fixture(scope="module")
def seed_on_oxigraph(seed_quads: bytes) -> pyoxigraph.Store:
    return oxigraph_store(seed_quads, vocabulary.nquads())


@pytest.fixture(scope="module")
def seed_on_rdflib(seed_quads: bytes) -> rdflib.Dataset:
    return rdflib_dataset(seed_quads, divisions_around("130202"))


def divisions_around(code: str) -> bytes:
    """Return what is known of a county, its city and its province: the reference engine is slow with them all."""
    county = divisions.by_code(code)
    assert county is not None
    codes = (code, *divisions.ancestors(county))
    known = tuple(f"{identifiers.division(each).n3()} ".encode() for each in codes)
    return b"".join(line for line in vocabulary.nquads().splitlines(keepends=True) if line.startswith(known))


@pytest.fixture(scope="module")
def examples_on_oxigraph(library: Store) -> pyoxigraph.Store:
    """The examples as they are loaded: self-evaluations are attached to their declarations."""
    return oxigraph_store(b"".join(library.export("application/n-quads")))


@pytest.mark.parametrize("name", DECLARED)
def test_the_answer_on_the_seed(
    name: str, seed_on_oxigraph: pyoxigraph.Store, seed_on_rdflib: rdflib.Dataset
) -> None:
    """The first complete document: 19 projects, 122 indicators, 19,407,000 yuan; alike on both engines."""
    columns, expected = read_rows(CASES / name / "seed.csv")
    assert columns == list(QUESTIONS[name].columns)
    assert on_oxigraph(seed_on_oxigraph, QUESTIONS[name].bind()) == expected
    assert on_rdflib(seed_on_rdflib, QUESTIONS[name].bind()) == expected


@pytest.mark.parametrize("name", DECLARED)
def test_the_answer_on_the_examples(name: str, examples_on_oxigraph: pyoxigraph.Store) -> None:
    """Five documents of three departments, two divisions and two years, one of them self-evaluations."""
    columns, expected = read_rows(CASES / name / "examples.csv")
    assert columns == list(QUESTIONS[name].columns)
    assert on_oxigraph(examples_on_oxigraph, QUESTIONS[name].bind()) == expected


def test_the_findings_on_the_seed(seed: Path) -> None:
    """The report on the seed, asked as a question."""
    assert findings_answer([seed / "seed.txt"]) == read_rows(CASES / REPORTED[0] / "seed.csv")[1]


def test_the_findings_on_the_examples() -> None:
    """The reports on the five examples, asked as one question."""
    assert findings_answer(examples()) == read_rows(CASES / REPORTED[0] / "examples.csv")[1]


def findings_answer(paths: list[Path]) -> list[Row]:
    (name,) = REPORTED
    return on_oxigraph(oxigraph_store(reports_on(paths)), QUESTIONS[name].bind())


def test_every_question_has_an_answer_on_the_seed_and_on_the_examples() -> None:
    """43 questions, and no answer that belongs to none of them."""
    for kind in ("seed", "examples"):
        assert {path.parent.name for path in CASES.glob(f"*/{kind}.csv")} == set(QUESTIONS)
    assert len(examples()) == 5


def test_the_seed_as_text_and_as_word_has_one_answer(seed: Path, seed_on_oxigraph: pyoxigraph.Store) -> None:
    """What the questions say does not depend on the format."""
    word = oxigraph_store(quads_of([seed / "seed.docx"]), vocabulary.nquads())
    for name in set(DECLARED) - {"sources-of-a-value"}:
        sparql = QUESTIONS[name].bind()
        assert on_oxigraph(word, sparql) == on_oxigraph(seed_on_oxigraph, sparql), name


def test_the_seed_holds_the_figures_that_were_counted_by_hand() -> None:
    """The issue names them; the stored answers must be about the same document."""
    levels = {row["level1"]: row["level1Indicators"] for row in answer_on_seed("indicators-by-level")}
    assert levels == {"产出指标": "76", "效益指标": "27", "满意度指标": "19"}
    (unit,) = answer_on_seed("budgets-by-unit-and-year")
    assert (unit["projects"], unit["budget"]) == ("19", "19407000")
    funds = answer_on_seed("funds-by-source")
    assert [(row["lines"], row["blankLines"]) for row in funds] == [("19", "0"), ("19", "19")]
    plan = answer_on_seed("planned-spending-by-milestone")
    assert [row["share"] for row in plan] == ["25", "50", "75", "100"]


def answer_on_seed(name: str) -> list[Row]:
    return read_rows(CASES / name / "seed.csv")[1]
