"""Self-evaluations and the declarations they are about: attached whichever comes first, and never by a guess."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import lxml.html
import pytest
from sites import serving
from stores import SERVED_IN_SOAK

from ontology import identifiers
from ontology.namespaces import PREFIXES
from service.loading.ingest import Ingest, Loaded
from service.loading.matching import Form, How, Row, declaration_of, indicators_of
from service.loading.sources import CatalogueEntry
from service.pages import document
from service.store import Store, open_store

DISCLOSURES = Path(__file__).parent / "disclosures"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
EVALUATION = (DISCLOSURES / "self-evaluation" / "source.txt").read_text(encoding="utf-8")
DECLARATION = (
    (DISCLOSURES / "plain-form" / "source.txt")
    .read_text(encoding="utf-8")
    .replace("2025", "2022")
    .replace("13020222P00909010001G", "")
    .replace("道路养护经费", "委托业务")
    .replace("305001唐山市路南区住房和城乡建设局本级", "219001-池州市贵池区棠溪镇人民政府")
)
ATTACHED = """SELECT ?how ?evidence ?declaration {
    ?e a jx:SelfEvaluation ; jx:match/skos:notation ?how . OPTIONAL { ?e jx:matchEvidence ?evidence }
    OPTIONAL { ?e jx:evaluates ?declaration . ?declaration a jx:Declaration }
}"""
RESULTS = """SELECT ?name ?how ?declared {
    ?r a jx:IndicatorResult ; jx:name ?name ; jx:match/skos:notation ?how .
    OPTIONAL { ?r jx:declaredIndicator/jx:target/jx:rawText ?declared }
} ORDER BY ?name"""


def ask(store: Store, sparql: str) -> list[dict[str, str]]:
    answer = store.query(PROLOGUE + sparql, "text/csv").decode()
    return list(csv.DictReader(io.StringIO(answer)))


# --- which declaration -----------------------------------------------------------------------------------

UNIT = str(identifiers.body("130202/203001"))
NAMELESS = str(identifiers.body(identifiers.body_key("130202", code=None, name="路南区某局")))
ELSEWHERE = str(identifiers.body(identifiers.body_key("130109", code=None, name="路南区某局")))
UNPLACED = str(identifiers.body(identifiers.body_key("000000", code=None, name="路南区某局")))
CODED = str(identifiers.project("13020225P00909010001G"))
OTHER_CODE = str(identifiers.project("13020225P009090100022"))
NAMED = str(identifiers.project("130202-203001-0123456789ab"))


def form(project: str, unit: str | None = UNIT, **changes: object) -> Form:
    kind = "initial" if "initial" not in changes else changes.pop("initial")
    made = Form(
        iri=f"{project}/2025/{kind}",
        is_evaluation=False,
        project=project,
        year="2025",
        name="道路 养护经费",
        unit=unit,
        unit_name="路南区某局本级" if unit == UNIT else "路南区某局",
        evaluates=None,
        rows=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evaluation", "declarations", "how", "found"),
    [
        (form(CODED), [form(CODED), form(OTHER_CODE)], How.PROJECT_CODE, 0),
        (form(CODED, name="别的名称", unit=None), [form(CODED)], How.PROJECT_CODE, 0),
        (form(CODED), [form(CODED, initial="adjusted"), form(CODED)], How.PROJECT_CODE, 1),
        (form(CODED), [form(CODED, initial="adjusted")], How.PROJECT_CODE, 0),
        (form(NAMED), [form(NAMED)], How.UNIT_AND_NAME, 0),
        (form(NAMED), [form(CODED, name="道路养护经费绩效目标表")], How.UNIT_AND_NAME, 0),
        (form(NAMED, NAMELESS), [form(CODED)], How.UNIT_AND_NAME, 0),
        (form(NAMED, UNPLACED), [form(CODED)], How.UNIT_AND_NAME, 0),
        (form(NAMED, ELSEWHERE), [form(CODED)], How.NOT_FOUND, None),
        (form(NAMED, None), [form(CODED)], How.NOT_FOUND, None),
        (form(NAMED), [form(CODED, name="道路养护")], How.NOT_FOUND, None),
        (form(NAMED), [form(CODED, year="2024")], How.NOT_FOUND, None),
        (form(NAMED, year=""), [form(NAMED, year="")], How.NOT_FOUND, None),
        (form(CODED), [form(OTHER_CODE)], How.NOT_FOUND, None),
        (form(NAMED), [form(CODED), form(OTHER_CODE)], How.AMBIGUOUS, None),
        (form(NAMED), [], How.NOT_FOUND, None),
    ],
    ids=[
        "the code", "the code before the name", "the beginning of the year", "the adjusted one",
        "unit and name without codes", "a code in one of them", "a unit without code", "a unit without division",
        "a unit of another division", "no unit", "another name", "another year", "no year", "another code",
        "two of one name", "nothing",
    ],
)  # fmt: skip
def test_an_evaluation_is_of_the_declaration_that_code_or_unit_and_name_tell(
    evaluation: Form, declarations: list[Form], how: How, found: int | None
) -> None:
    """In the same year; what says too little or fits several is not guessed at."""
    match = declaration_of(evaluation, declarations)
    assert (match.how, match.other) == (how, None if found is None else declarations[found].iri)


# --- which indicator -------------------------------------------------------------------------------------


def row(iri: str, name: str, level2: str = "", text: str = "") -> Row:
    concept = f"https://w3id.org/jixiao/code/{level2}" if level2 else None
    return Row(iri, name, concept, text or level2)


@pytest.mark.parametrize(
    ("results", "indicators", "expected"),
    [
        ([row("r", "人数", "indicator-2015/quantity")], [row("i", "人 数", "indicator-2015/quantity")], "i"),
        ([row("r", "指标1：人数", "indicator-2015/quantity")], [row("i", "人数", "indicator-2015/quantity")], "i"),
        ([row("r", "满意度(%)", "indicator-2015/quality")], [row("i", "满意度", "indicator-2015/quality")], "i"),
        ([row("r", "人数", "indicator-2015/quantity")], [row("i", "人数", "indicator-2021/quantity")], "i"),
        ([row("r", "成本", "indicator-2021/cost-economic")], [row("i", "成本", "indicator-2015/cost")], "i"),
        ([row("r", "人数", text="过程管理")], [row("i", "人数", text="过程 管理指标")], "i"),
        ([row("r", "人数")], [row("i", "人数", "indicator-2015/quantity")], "i"),
        ([row("r", "人数", "indicator-2015/quality")], [row("i", "人数", "indicator-2015/quantity")], None),
        ([row("r", "人次", "indicator-2015/quantity")], [row("i", "人数", "indicator-2015/quantity")], None),
        ([row("r", "人数", "a/x")], [row("i", "人数", "a/x"), row("j", "人数", "a/x")], None),
        ([row("r", "人数", "a/x"), row("s", "人数", "a/x")], [row("i", "人数", "a/x")], None),
        ([row("r", "人数", "a/x")], [row("i", "人数", "a/x"), row("j", "人数", "a/y")], "i"),
    ],
    ids=[
        "blanks", "a number before the name", "a unit behind the name", "the other framework", "a like level",
        "levels of no framework", "no level in one of them", "another level", "another name", "two indicators",
        "two results", "the level tells two apart",
    ],
)  # fmt: skip
def test_a_result_answers_to_the_indicator_of_its_level_and_name(
    results: list[Row], indicators: list[Row], expected: str | None
) -> None:
    """Ambiguity is told and not guessed at."""
    assert indicators_of(results, indicators)["r"].other == expected


# --- in a store ------------------------------------------------------------------------------------------


def load(store: Store, text: str, name: str, day: int = 1) -> Loaded:
    entry = CatalogueEntry(published=date(2023, 1, day))
    return Ingest(store).load(text.encode(), name, entry)


@pytest.mark.parametrize("declared_first", [True, False])
def test_an_evaluation_is_attached_whichever_is_loaded_first(*, declared_first: bool) -> None:
    """With the method and what was compared; each result with the target that was declared."""
    store = open_store("memory:")
    Ingest(store).prepare()
    documents = [(DECLARATION, "declaration.txt"), (EVALUATION, "evaluation.txt")]
    outcomes = [load(store, *document) for document in (documents if declared_first else documents[::-1])]
    (row,) = ask(store, ATTACHED)
    assert (row["how"], row["evidence"]) == ("unit-and-name", "池州市贵池区棠溪镇人民政府 · 委托业务")
    assert row["declaration"].endswith("/2022/initial")
    (attachment,) = outcomes[1].attachments
    assert (attachment.match.other, len(attachment.results)) == (row["declaration"], 4)
    assert {row["how"] for row in ask(store, RESULTS)} == {"not-found"}


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
def test_an_evaluation_without_a_declaration_says_so(store: Store) -> None:
    """And is attached to nothing of the same name in another year."""
    Ingest(store).prepare()
    load(store, DECLARATION.replace("2022", "2023"), "other-year.txt")
    loaded = load(store, EVALUATION, "evaluation.txt")
    assert [one.match.how for one in loaded.attachments] == [How.NOT_FOUND]
    assert ask(store, ATTACHED) == [{"how": "not-found", "evidence": "", "declaration": ""}]


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
def test_results_follow_a_declaration_that_is_corrected(store: Store) -> None:
    """A later publication renames an indicator: the result answers to it then, and no more to the old one."""
    Ingest(store).prepare()
    load(store, EVALUATION, "evaluation.txt")
    renamed = DECLARATION.replace("\t养护里程", "\t业务数量")
    assert renamed != DECLARATION
    load(store, renamed, "right.txt", day=20)
    answered = {row["name"]: (row["how"], row["declared"]) for row in ask(store, RESULTS)}
    assert answered["业务数量"][0] == "level-2-and-name"
    load(store, DECLARATION, "wrong.txt", day=21)
    assert {row["how"] for row in ask(store, RESULTS)} == {"not-found"}
    load(store, DECLARATION, "wrong.txt", day=19)
    assert {row["name"]: (row["how"], row["declared"]) for row in ask(store, RESULTS)} == answered


@pytest.mark.parametrize("store", SERVED_IN_SOAK, indirect=True)
def test_loading_both_again_changes_nothing(store: Store) -> None:
    """Down to the last quad; nothing stands in two graphs."""
    Ingest(store).prepare()
    for _ in range(2):
        load(store, DECLARATION, "declaration.txt")
        load(store, EVALUATION, "evaluation.txt")
        exported = b"".join(store.export("application/n-quads"))
    load(store, EVALUATION, "evaluation.txt")
    assert b"".join(store.export("application/n-quads")) == exported
    assert (
        ask(
            store,
            "SELECT ?s { GRAPH ?g { ?s jx:evaluates ?o } GRAPH ?h { ?s jx:evaluates ?o } FILTER(?g != ?h) }",
        )
        == []
    )


def test_a_load_says_what_it_attached_and_what_found_nothing(tmp_path: Path) -> None:
    """In the order of the files the evaluation comes first; what is told is how things stand in the end."""
    (tmp_path / "a.txt").write_text(EVALUATION, encoding="utf-8")
    (tmp_path / "b.txt").write_text(EVALUATION.replace("委托业务", "别的业务"), encoding="utf-8")
    (tmp_path / "c.txt").write_text(DECLARATION.replace("\t养护里程", "\t业务数量"), encoding="utf-8")
    command = [sys.executable, "-m", "service.cli", "load", str(tmp_path), "--store", "memory:"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (
        "2 self-evaluations: 1 attached to their declarations, with 1 of 4 results to declared" in done.stdout
    )
    assert "委托业务 (2022): 3 of 4 results answer to no declared indicator" in done.stderr
    assert "别的业务 (2022): the self-evaluation finds no declaration of its project and year" in done.stderr


def test_the_page_of_a_document_tells_what_its_evaluations_are_attached_to() -> None:
    """The declaration with the way it was found; and where none is, that there is none."""
    store = open_store("memory:")
    Ingest(store).prepare()
    load(store, DECLARATION.replace("\t养护里程", "\t业务数量"), "declaration.txt")
    attached = load(store, EVALUATION, "evaluation.txt").document.rpartition("/")[2]
    alone = load(store, EVALUATION.replace("委托业务", "别的业务"), "alone.txt").document.rpartition("/")[2]
    (one,) = document.document(store, attached, "en").declarations
    assert one.attachment is not None
    assert (one.attachment.match, one.attachment.results, one.attachment.answering) == (
        "same unit and project name", 4, 1
    )  # fmt: skip
    assert one.attachment.page.endswith("?year=2022&version=initial")
    (one,) = document.document(store, alone, "zh").declarations
    assert one.attachment is not None
    assert (one.attachment.page, one.attachment.match) == ("", "未找到")
    with serving(store) as address:
        page = httpx.get(f"{address}/en/documents/{attached}", timeout=300).text
        assert "its declaration" in page
        assert "1 of 4 results answer to declared indicators" in page
        assert "attached to no declaration" in httpx.get(f"{address}/en/documents/{alone}", timeout=300).text


def test_the_page_of_a_project_shows_what_was_reached_beside_what_was_declared() -> None:
    """A target that the evaluation restates otherwise is shown too; what answers to no indicator stands apart."""
    store = open_store("memory:")
    Ingest(store).prepare()
    load(store, DECLARATION.replace("\t养护里程", "\t业务数量"), "declaration.txt")
    load(store, EVALUATION, "evaluation.txt")
    (row,) = ask(store, ATTACHED)
    key = row["declaration"].split("/")[-3]
    with serving(store) as address:
        page = lxml.html.fromstring(httpx.get(f"{address}/en/projects/{key}", timeout=300).content)
        (cell,) = page.xpath("//tr[@id='indicator-1']/td[4]")
        told = [" ".join(part.split()) for part in cell.itertext() if part.strip()]
        assert told == ["60", "met", "score 30/30", "target as the evaluation restates it:", "≥50个"]
        assert len(page.xpath("//section[@aria-labelledby='evaluation-1']//li")) == 3
        first = httpx.get(f"{address}/en/projects/{key}.json", timeout=300).json()[0]
        told = {column: first[column] for column in ("printed", "actual", "attainment", "score")}
        assert told == {"printed": "≥35公里", "actual": "60", "attainment": "met", "score": 30}
