"""Two documents that state the same declaration: which one holds, and what the other still states."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from service.loading import reading
from service.loading.ingest import Ingest
from service.loading.naming import Naming, is_label, settled
from service.loading.register import GRAPH as REGISTER
from service.loading.sources import CatalogueEntry
from service.loading.statements import Statement
from service.loading.superseding import UNDATED, Precedence, Version, by_owner, holder, owners_in
from service.store import open_store

FORM = Path(__file__).parent / "disclosures" / "plain-form" / "source.txt"

JX = "https://w3id.org/jixiao/def/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
QUOTED = "<http://www.w3.org/ns/prov#wasQuotedFrom>"
PREF = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
ALT = "<http://www.w3.org/2004/02/skos/core#altLabel>"
DECLARATION = "<https://example.org/declaration/1/2025/initial>"
INDICATOR = "<https://example.org/declaration/1/2025/initial/indicator/1>"
OTHER = "<https://example.org/declaration/11/2025/initial>"


def _document(amount: str, cell: str) -> list[Statement]:
    return [
        Statement(DECLARATION, TYPE, f"<{JX}Declaration>"),
        Statement(DECLARATION, f"<{JX}budget>", f'"{amount}"'),
        Statement(INDICATOR, f"<{JX}name>", '"人数"'),
        Statement(INDICATOR, QUOTED, f"<https://example.org/{cell}>"),
        Statement(OTHER, TYPE, f"<{JX}Declaration>"),
    ]


def test_a_declaration_owns_its_parts_and_not_those_of_a_longer_name() -> None:
    """`declaration/1` does not own `declaration/11`."""
    document = _document("1", "a")
    assert owners_in(document) == {DECLARATION, OTHER}
    rest, owned = by_owner(document, [DECLARATION])
    assert {statement.subject for statement in owned[DECLARATION]} == {DECLARATION, INDICATOR}
    assert {statement.subject for statement in rest} == {OTHER}


def _version(graph: str, day: int | None, amount: str, loaded: str = "2026-01-01") -> Version:
    published = UNDATED if day is None else date(2025, 1, day)
    return Version(graph, Precedence(published, loaded), tuple(_document(amount, graph)))


@pytest.mark.parametrize(
    ("versions", "holds"),
    [
        ([_version("a", 1, "x")], "a"),
        ([_version("a", 1, "x"), _version("b", 2, "y")], "b"),
        ([_version("a", None, "x"), _version("b", 2, "y")], "b"),
        ([_version("a", None, "x", "2026-01-01"), _version("b", None, "y", "2026-01-02")], "b"),
        ([_version("a", 1, "x", "2026-01-02"), _version("b", 1, "y", "2026-01-01")], "a"),
        ([_version("a", 1, "x"), _version("b", 2, "x")], "a"),
        ([_version("a", 1, "x"), _version("b", 2, "y"), _version("c", 3, "x")], "a"),
        ([_version("a", 1, "x"), _version("b", 2, "x"), _version("c", 3, "y")], "c"),
    ],
    ids=[
        "alone",
        "later",
        "dated",
        "loaded later",
        "same day",
        "same facts",
        "confirmed",
        "confirmed too early",
    ],
)
def test_what_was_published_last_holds_as_the_first_document_says_it(
    versions: list[Version], holds: str
) -> None:
    """Whatever the order in which the versions are met; where they are printed is no part of the facts."""
    assert {holder(order).graph for order in permutations(versions)} == {holds}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            Precedence(date(2025, 2, 1), "2026-01-01T00:00:00Z"),
            Precedence(date(2025, 3, 1), "2025-01-01T00:00:00Z"),
        ),
        (Precedence(date.min, "2025-01-01T00:00:00Z"), Precedence(date.min, "2025-01-01T00:00:01Z")),
        (Precedence(date.min, "2026-01-01T00:00:00Z"), Precedence(date(2020, 1, 1), "2025-01-01T00:00:00Z")),
    ],
)
def test_the_later_publication_holds_and_else_the_later_load(left: Precedence, right: Precedence) -> None:
    """Dates of publication decide before the order of loading."""
    assert left < right


def test_the_most_frequent_name_is_preferred_and_the_others_are_kept() -> None:
    """Three declarations call the unit one thing, one calls it another."""
    unit = "<https://example.org/unit>"
    namings = [Naming(f"<d{n}>", unit, '"组织部本级"') for n in range(3)]
    namings.append(Naming("<d4>", unit, '"组织部（本级）"'))
    labels = [Statement(unit, PREF, '"组织部"@zh')]
    assert settled(labels, namings) == [
        Statement(unit, PREF, '"组织部本级"@zh'),
        Statement(unit, ALT, '"组织部（本级）"@zh'),
        Statement(unit, ALT, '"组织部"@zh'),
    ]


def test_a_thing_has_a_preferred_name_in_each_language() -> None:
    """A unit of measure that documents made: one Chinese name, and two English ones of which one is preferred."""
    unit = "<https://example.org/unit>"
    told = [Statement(unit, PREF, label) for label in ('"榻"@zh', '"榻 (counted)"@en', '"榻"@en')]
    expected = {told[0], told[2], told[1]._replace(predicate=ALT)}
    assert set(settled(told, [])) == set(settled(reversed(told), [])) == expected
    assert set(settled(sorted(expected), [])) == expected


def test_a_unit_that_documents_made_keeps_both_names_in_the_store() -> None:
    """Also when a second document names it."""
    store, form = open_store("memory:"), FORM.read_text(encoding="utf-8")
    for amount in ("120.50", "121.50"):
        text = form.replace("120.50", amount).replace("≥35公里", "≥35榻")
        Ingest(store).load(text.encode(), "a.txt", CatalogueEntry())
        told = [said for said in reading.graph_of(store, REGISTER) if "榻" in said.object and is_label(said)]
        assert sorted((said.predicate, said.object.rpartition("@")[2]) for said in told) == [
            (PREF, "en"),
            (PREF, "zh"),
        ]
