"""What changed between versions: each step from one publication to the next, whatever is loaded first."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest
from sites import serving

import loader
from ontology import vocabulary
from queries import catalogue
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.pages.changes import steps
from service.store import Changes, open_store

if TYPE_CHECKING:
    from service.store import Store

TEXT = (Path(__file__).resolve().parent.parent / "examples" / "130109-326-2025.txt").read_text(
    encoding="utf-8"
)
SELF_EVALUATION = Path(__file__).resolve().parent.parent / "examples" / "130202-205-2024-self-evaluation.txt"
OVERALL = Path(__file__).resolve().parent / "disclosures" / "forms-in-one-table" / "source.html"
CHANGES = "https://w3id.org/jixiao/graph/changes"


@dataclass(frozen=True)
class Publication:
    """A document that prints a number of wells, published on a day; `title` is its own."""

    wells: str
    day: date
    adjusted: bool = False
    tail: str = ""

    def conversion(self) -> loader.Conversion:
        return _converted(self)

    @property
    def text(self) -> str:
        text = TEXT.replace("\t≥86眼", f"\t{self.wells}") + self.tail
        return text.replace("绩效目标表", "绩效目标调整表") if self.adjusted else text


@cache
def _converted(publication: Publication) -> loader.Conversion:
    return loader.convert(publication.text.encode())


FIRST = Publication("≥86眼", date(2025, 2, 1))
SOFTER = Publication("≥80眼", date(2025, 3, 1))
TIGHTER = Publication("≥90眼", date(2025, 4, 1))
CONFIRMED = Publication("≥86眼", date(2025, 5, 1), tail="\n")


def loaded(*publications: Publication) -> Store:
    """A store with words and these publications, in this order."""
    store = open_store("memory:")
    store.apply(Changes(added=vocabulary.nquads()))
    for publication in publications:
        load(store, publication)
    return store


def load(store: Store, publication: Publication) -> None:
    entry = CatalogueEntry(published=publication.day, title=publication.day.isoformat())
    Ingest(store).load_converted(publication.conversion(), "a.txt", entry)


def told(store: Store, **values: str) -> list[tuple[str, ...]]:
    """The answer of the question, in the columns that tell the change."""
    sparql = catalogue()["changes-between-versions"].bind(**values)
    rows = csv.DictReader(io.StringIO(store.query(sparql, "text/csv").decode()))
    columns = ("kind", "before", "after", "earlierPublished", "laterPublished", "version")
    return [tuple(row[column] for column in columns) for row in rows]


STEPS = [
    ("目标放宽", "≥86眼", "≥80眼", "2025-02-01", "2025-03-01", "年初"),
    ("目标收紧", "≥80眼", "≥90眼", "2025-03-01", "2025-04-01", "年初"),
]


@pytest.mark.soak
def test_each_step_from_one_publication_to_the_next_is_told_in_any_order_of_loading() -> None:
    """A publication between two others tells two steps; the store is the same down to the last statement."""
    stores = [loaded(*order) for order in permutations((FIRST, SOFTER, TIGHTER))]
    assert {tuple(told(store)) for store in stores} == {tuple(STEPS)}
    assert len({tuple(store.statements(CHANGES)) for store in stores}) == 1
    assert len(stores) == 6


def test_loading_again_tells_nothing_twice() -> None:
    """Nor does the same content in another file."""
    store = loaded(FIRST, SOFTER)
    before = store.statements(CHANGES)
    load(store, FIRST)
    load(store, SOFTER)
    assert store.statements(CHANGES) == before
    assert told(store) == STEPS[:1]


def test_a_date_that_is_put_right_turns_the_change_round() -> None:
    """What was softer was tighter."""
    store = loaded(FIRST, SOFTER)
    load(store, Publication("≥86眼", date(2025, 12, 1)))
    assert told(store) == [("目标收紧", "≥80眼", "≥86眼", "2025-03-01", "2025-12-01", "年初")]


def test_what_goes_back_to_the_first_version_is_a_change_too() -> None:
    """The first document holds again, and both steps are told."""
    back = ("目标收紧", "≥80眼", "≥86眼", "2025-03-01", "2025-05-01", "年初")
    assert told(loaded(FIRST, SOFTER, CONFIRMED)) == [STEPS[0], back]


def test_the_same_facts_published_again_are_no_change() -> None:
    """One version, no rows."""
    assert told(loaded(FIRST, CONFIRMED)) == []


@pytest.mark.parametrize("adjusted_first", [False, True])
def test_an_adjusted_declaration_is_compared_with_the_initial_one(*, adjusted_first: bool) -> None:
    """Both stand in the store; a corrected initial one is compared anew."""
    adjusted = Publication("≥70眼", date(2025, 9, 1), adjusted=True)
    store = loaded(*((adjusted, FIRST) if adjusted_first else (FIRST, adjusted)))
    assert ("目标放宽", "≥86眼", "≥70眼", "2025-02-01", "2025-09-01", "调整") in told(store)
    load(store, SOFTER)
    rows = [row for row in told(store) if row[0].startswith("目标")]
    step = ("目标放宽", "≥80眼", "≥70眼", "2025-03-01", "2025-09-01", "调整")
    assert sorted(rows) == sorted([STEPS[0], step])


def test_rows_of_one_kind_of_change_are_asked_for() -> None:
    """In the words of the language."""
    store = loaded(FIRST, SOFTER, TIGHTER)
    assert [row[0] for row in told(store, change="tightened", lang="en")] == ["target tightened"]
    assert told(store, change="amount") == []


@pytest.mark.parametrize(("language", "kind"), [("zh", "目标放宽"), ("en", "target softened")])
def test_the_page_of_a_project_shows_what_changed(language: str, kind: str) -> None:
    """With both documents, and a way to all changes of the unit; a change has a page by its IRI."""
    store = loaded(FIRST, SOFTER)
    change = store.statements(CHANGES)[0].split(" ")[0]
    with (
        serving(store) as address,
        httpx.Client(base_url=address, timeout=300, follow_redirects=True) as client,
    ):
        project = change.split("/declaration/")[1].split("/")[0]
        page = client.get(f"/{language}/projects/{project}").text
        thing = client.get(change.removeprefix("<https://w3id.org/jixiao").rstrip(">"))
        asked = client.get(f"/{language}/queries/changes-between-versions")
    assert 'id="changes"' in page
    assert kind in page
    assert "≥80眼" in page
    assert "2025-02-01" in page
    assert f"/{language}/queries/changes-between-versions?unit=" in page
    assert thing.status_code == asked.status_code == httpx.codes.OK
    assert "≥80眼" in thing.text


def test_what_a_self_evaluation_says_otherwise_when_it_is_published_again_is_told() -> None:
    """In the question, and on the page of the project that it evaluates."""
    text = SELF_EVALUATION.read_text(encoding="utf-8")
    store = loaded()
    for day, score in ((1, "72.2"), (2, "70.2")):
        again = loader.convert(text.replace("72.2", score).encode())
        Ingest(store).load_converted(again, "a.txt", CatalogueEntry(published=date(2025, 6, day)))
    expected = ("其他变动", "72.2", "70.2", "2025-06-01", "2025-06-02", "绩效自评")
    assert told(store) == [expected]
    assert [row[-1] for row in told(store, lang="en")] == ["self-evaluation"]
    (evaluated,) = {line.split(" ")[2] for line in store.statements(CHANGES) if "/ofDeclaration>" in line}
    declaration = evaluated.replace("/evaluation/", "/declaration/").replace("/self>", "/initial>")
    ((step,),) = [steps(store, ox.NamedNode(declaration.strip("<>")), ox.Literal("zh"))]
    assert [(change.field, change.after) for change in step.changes] == [("得分", "70.2")]


def test_what_an_overall_target_says_otherwise_is_told() -> None:
    """The department declares it; no project does."""
    text = OVERALL.read_text(encoding="utf-8")
    store = loaded()
    for day, rate in ((1, "99%"), (2, "95%")):
        again = loader.convert(text.replace("达到99%", f"达到{rate}").encode())
        Ingest(store).load_converted(again, "a.html", CatalogueEntry(published=date(2025, 6, day)))
    ((kind, before, after, *_, version),) = told(store)
    assert (kind, version) == ("其他变动", "部门整体绩效目标")
    assert ("99%" in before, "95%" in after) == (True, True)
