"""A question's file is proved when it is loaded, and values become terms before they become text."""

from __future__ import annotations

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from ontology import vocabulary
from ontology.namespaces import JX, JXC, PREFIXES
from queries import (
    Bilingual,
    MissingParameterError,
    Need,
    Parameter,
    Query,
    QueryFileError,
    Type,
    UnfitValueError,
    UnknownParameterError,
    catalogue,
)
from queries.parameters import MisfitError
from queries.tokens import Kind, tokens

FOLDER = Path(__file__).with_name("queries")
QUESTIONS = catalogue()
OWN = catalogue(FOLDER / "own")["units-by-word"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- what is shipped ------------------------------------------------------------------------------------


def test_the_40_questions_of_the_design_are_there() -> None:
    """CQ01 to CQ40, in that order, and three beyond: codes that fail their check, corrections, constant prices."""
    assert [question.id for question in QUESTIONS.values()] == [f"CQ{n:02}" for n in range(1, 44)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_name_is_a_kebab_case_phrase_and_the_name_of_its_file(name: str) -> None:
    """File name, address, name on the command line and test folder are one."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
    assert Path(QUESTIONS[name].path).name == f"{name}.rq"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_sparql_with_and_without_its_parameters(name: str) -> None:
    """The file as it stands, bound with nothing, and with every parameter set; on both parsers."""
    question = QUESTIONS[name]
    every = {p.name: p.example or p.default for p in question.parameters.values()}
    for sparql in (question.text, question.bind(), question.bind(**every)):
        prepareQuery(sparql)
        pyoxigraph.Store().query(sparql)
    assert "$" not in strings_dropped(question.bind(**every))


def strings_dropped(sparql: str) -> str:
    return "".join(token.text for token in tokens(sparql) if token.kind is not Kind.STRING)


@pytest.mark.parametrize("name", QUESTIONS)
def test_columns_for_links_and_for_people_are_told_apart(name: str) -> None:
    """Names that end in Iri stand last; a question has at least one column for people."""
    links = [column.endswith("Iri") for column in QUESTIONS[name].columns]
    assert links == sorted(links)
    assert not links[0]


def test_questions_restrict_to_their_scope_in_the_same_words() -> None:
    """A change in how units, divisions or years are matched cannot reach some questions only.

    What they restrict, declarations of one version or of all, or evaluations, is said in the first line.
    """
    start, end = "{ SELECT ?declaration ?projectIri WHERE {\n", "\n} }"
    scopes, restricted = set(), set()
    for question in QUESTIONS.values():
        text = re.sub(r"^ +", "", question.text, flags=re.MULTILINE).replace("?evaluation", "?declaration")
        pieces = [piece for piece in text.split(start)[1:] if "$division" in piece.partition(end)[0]]
        assert len(pieces) == text.count("$division")
        said = [piece.partition(end)[0].partition("\n") for piece in pieces]
        restricted |= {first for first, _, _ in said}
        scopes |= {rest for _, _, rest in said}
    assert (len(restricted), len(scopes)) == (3, 1)


def test_every_term_that_a_question_asks_for_exists() -> None:
    """A misspelt class, property or concept would match nothing, and say nothing."""
    known = {str(subject) for subject in vocabulary.graph().subjects()}
    asked = {term for question in QUESTIONS.values() for term in own_terms(question.text)}
    assert {term for term in asked if term not in known} == set()
    assert len(asked) > 60


def own_terms(sparql: str) -> set[str]:
    """Return the terms of our ontology and code lists that a text names."""
    prefixes = dict(re.findall(r"PREFIX (\S+): <(\S+)>", sparql))
    names = [token.text.partition(":") for token in tokens(sparql) if token.kind is Kind.NAME]
    iris = {prefixes[prefix] + local for prefix, _, local in names if local}
    return {iri for iri in iris if iri.startswith((PREFIXES["jx"], PREFIXES["jxc"]))}


def test_concepts_to_choose_from_are_those_of_the_code_list() -> None:
    """Every version can be chosen, and nothing that is none."""
    version = QUESTIONS["large-projects"].parameters["version"]
    concepts = vocabulary.graph().subjects(URIRef(PREFIXES["skos"] + "inScheme"), JXC["version"])
    assert {version.term(choice) for choice in version.choices} == set(concepts)


def test_levels_to_choose_from_are_the_level_1_of_both_frameworks() -> None:
    """The last part of the concept's IRI is what the question compares."""
    top = URIRef(PREFIXES["skos"] + "hasTopConcept")
    frameworks = (JXC["indicator-2015"], JXC["indicator-2021"])
    slugs = {str(c).rpartition("/")[2] for f in frameworks for c in vocabulary.graph().objects(f, top)}
    for name in ("unmeasurable-indicators", "quantified-benefit-indicators"):
        assert set(QUESTIONS[name].parameters["level"].choices) == slugs


def test_nothing_in_the_catalogue_can_be_changed() -> None:
    """It is shared by all who ask."""
    with pytest.raises(TypeError):
        QUESTIONS["large-projects"] = OWN  # type: ignore[index]
    with pytest.raises(TypeError):
        QUESTIONS["large-projects"].parameters["x"] = OWN.parameters["word"]  # type: ignore[index]


# --- files that are not what they say -------------------------------------------------------------------

BAD = rows(FOLDER / "bad" / "expected.csv")


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["file"])
def test_a_bad_file_is_refused_with_its_name_and_line(case: dict[str, str], tmp_path: Path) -> None:
    """The error says which file, which line, what was found and what is allowed."""
    shutil.copy(FOLDER / "bad" / case["file"], tmp_path)
    with pytest.raises(QueryFileError) as refusal:
        catalogue(tmp_path)
    assert refusal.value.file == str(tmp_path / case["file"])
    assert (str(refusal.value.line), case["message"] in refusal.value.message) == (case["line"], True)
    assert str(refusal.value).startswith(f"{tmp_path / case['file']}, line {case['line']}: ")


def test_every_bad_file_has_its_line_in_the_table() -> None:
    """53 faults; a file that nobody expects anything of would prove nothing."""
    assert {path.name for path in (FOLDER / "bad").glob("*.rq")} == {case["file"] for case in BAD}
    assert len(BAD) == 53


def test_two_questions_cannot_share_an_id(tmp_path: Path) -> None:
    """Questions are cited by id."""
    for name in ("one.rq", "two.rq"):
        shutil.copy(FOLDER / "own" / "units-by-word.rq", tmp_path / name)
    with pytest.raises(QueryFileError, match=r"the id 'own-1' is that of .*one\.rq too"):
        catalogue(tmp_path)


def test_a_folder_without_questions_is_an_empty_catalogue(tmp_path: Path) -> None:
    """Other files are none of our business."""
    (tmp_path / "notes.txt").write_text("no question", encoding="utf-8")
    assert dict(catalogue(tmp_path)) == {}


# --- a user's own question ------------------------------------------------------------------------------


def test_a_folder_of_ones_own_is_read_like_the_shipped_one() -> None:
    """Parameters and columns may be shared, texts may run over lines, columns may be Chinese."""
    assert list(OWN.parameters) == ["word", "since", "least", "body", "lang"]
    assert OWN.parameters["lang"] == QUESTIONS["funds-by-source"].parameters["lang"]
    assert list(OWN.columns) == ["unitName", "budget", "说明"]
    assert OWN.description.zh == "每个单位一行。\n不设“字样”则列出全部。"
    assert (OWN.title["zh"], OWN.title["en"]) == ("名称含有某字的单位", "Units by a word in their name")
    assert OWN.needs == (Need.ONE_DOCUMENT,)


def test_binding_replaces_parameters_and_nothing_else() -> None:
    """Comments, strings, IRIs and escaped names keep their dollar signs."""
    bound = OWN.bind(word="局", least="0.50", body="jxi:unit/130202/203001")
    kept = [token.text for token in tokens(bound) if "$" in token.text]
    assert kept == [
        '# $word, $since and $least here are words of a comment, "and this is no string',
        "<urn:own:$word#>",
        "<urn:$word>",
        r"own:\$word",
        r'"$word, \"$since\" # $least"',
        """''' $word's "'''""",
    ]
    assert 'COALESCE("局", ?unitName)' in bound
    assert '?amount >= "0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>' in bound
    assert "COALESCE(<https://w3id.org/jixiao/id/unit/130202/203001>, ?unit)" in bound
    assert 'STR("2020"^^<http://www.w3.org/2001/XMLSchema#gYear>)' in bound


@pytest.mark.parametrize("unset", [{}, {"word": ""}, {"word": None, "body": None}])
def test_an_unset_parameter_takes_its_default_or_restricts_nothing(unset: dict[str, str | None]) -> None:
    """A form sends empty texts for what nobody filled in."""
    bound = OWN.bind(least="1", **unset)
    assert "COALESCE($word, ?unitName)" in bound
    assert "COALESCE($body, ?unit)" in bound
    assert 'STR("2020"^^' in bound


def test_a_parameter_without_default_must_be_given() -> None:
    """The message says what is wanted, with an example."""
    with pytest.raises(MissingParameterError, match=r"units-by-word.*'least'.*a number.*'0\.5'"):
        OWN.bind()


def test_a_parameter_nobody_declared_is_refused() -> None:
    """A misspelt name would silently restrict nothing."""
    with pytest.raises(UnknownParameterError, match=r"'wrod'; it has: word, since, least, body, lang"):
        OWN.bind(wrod="局", least="1")


def test_a_value_that_does_not_fit_is_repeated_in_the_error() -> None:
    """And the error says what would fit."""
    with pytest.raises(UnfitValueError, match=r"'least'.*units-by-word.*'十万'.*a number") as refusal:
        OWN.bind(least="十万")
    assert (refusal.value.parameter, refusal.value.value) == ("least", "十万")
    with pytest.raises(UnfitValueError, match=r"'lang'.*'fr'.*one of zh, en"):
        OWN.bind(least="1", lang="fr")


# --- values become terms --------------------------------------------------------------------------------

TERMS = rows(FOLDER / "terms.csv")
LABEL = Bilingual(zh="值", en="Value")


def parameter(type_: str) -> Parameter:
    scheme = str(JXC["version"]) if type_ == Type.CONCEPT else None
    return Parameter("value", Type(type_), LABEL, example="", scheme=scheme)


@pytest.mark.parametrize("case", TERMS, ids=lambda case: f"{case['type']} {case['text']}")
def test_a_text_becomes_the_term_of_its_type_or_is_refused(case: dict[str, str]) -> None:
    """One canonical form for each number, no guessing of units and separators."""
    text = case["text"].replace(r"\n", "\n")
    if case["expected"]:
        with pytest.raises(MisfitError, match=re.escape(case["expected"])):
            parameter(case["type"]).term(text)
    else:
        assert parameter(case["type"]).term(text) == term_of(case["term"])


def term_of(shown: str) -> Literal | URIRef:
    """Return the term that a row of the table shows."""
    if shown.startswith("<"):
        return URIRef(shown[1:-1])
    text, _, datatype = shown.rpartition("^^xsd:") if "^^xsd:" in shown else (shown, "", "")
    plain = text[1:-1].replace(r"\n", "\n").replace(r"\"", '"')
    return Literal(plain, datatype=XSD[datatype] if datatype else None)


def test_the_table_of_terms_is_whole() -> None:
    """47 rows, and some that fit and some that do not for each type but strings."""
    assert len(TERMS) == 47
    assert {case["type"] for case in TERMS} == set(Type)
    assert {case["type"] for case in TERMS if case["expected"]} == set(Type) - {Type.STRING}


@pytest.mark.parametrize(
    ("type_", "term"),
    [
        (Type.INTEGER, Literal(3)),
        (Type.DECIMAL, Literal(Decimal("0.5"))),
        (Type.DECIMAL, Literal(3)),
        (Type.YEAR, Literal("2025", datatype=XSD.gYear)),
        (Type.STRING, Literal("局")),
        (Type.IRI, URIRef("urn:x")),
        (Type.CONCEPT, JXC["version/initial"]),
    ],
)
def test_a_term_of_the_type_is_taken_as_it_is(type_: Type, term: Literal | URIRef) -> None:
    """Programs bind terms, not texts."""
    assert str(parameter(type_).term(term)) == str(term)


@pytest.mark.parametrize(
    ("type_", "term"),
    [
        (Type.INTEGER, Literal("3")),
        (Type.DECIMAL, Literal("0.5", datatype=XSD.double)),
        (Type.DECIMAL, Literal("x", datatype=XSD.decimal, normalize=False)),
        (Type.STRING, Literal("局", lang="zh")),
        (Type.STRING, URIRef("urn:x")),
        (Type.IRI, Literal("urn:x")),
        (Type.CONCEPT, JXC["unit/yuan"]),
    ],
)
def test_a_term_of_another_type_is_refused(type_: Type, term: Literal | URIRef) -> None:
    """A literal of another datatype would compare with nothing, silently."""
    with pytest.raises(MisfitError):
        parameter(type_).term(term)


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_a_text_that_no_query_can_hold_is_refused(text: str) -> None:
    """NUL and halves of surrogate pairs."""
    with pytest.raises(MisfitError):
        parameter(Type.STRING).term(text)


# --- whatever the text is -------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_a_bound_text_comes_back_from_the_store_as_it_was(text: str) -> None:
    """Nothing a person types can end the literal it stands in."""
    echo = Query(
        name="echo",
        id="echo",
        title=LABEL,
        description=LABEL,
        parameters={"value": parameter(Type.STRING)},
        columns={"said": LABEL},
        needs=(),
        text="SELECT ?said { BIND($value AS ?said) }",
        path="echo.rq",
    )
    (row,) = pyoxigraph.Store().query(echo.bind(value=text))
    assert row["said"].value == text


@given(st.text())
def test_the_tokens_of_a_text_are_the_text(text: str) -> None:
    """Nothing is lost, and each token knows its line."""
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    lines = [1 + text[: sum(len(t.text) for t in found[:n])].count("\n") for n in range(len(found))]
    assert [token.line for token in found] == lines


def test_terms_of_the_ontology_are_closed() -> None:
    """The guard against misspelt terms relies on it."""
    with pytest.raises(AttributeError):
        _ = JX.bugdet
