"""Names that others wrote find the things that are meant, and no others."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from dirty_names import WAYS, dirty, units
from stores import served

from ontology import place_names
from ontology.namespaces import JX, PREFIXES
from service.addresses import BASE
from service.linking.gathering import index_of
from service.linking.index import CERTAIN, Index
from service.linking.keeping import KeptIndex
from service.linking.places import places_of
from service.linking.scoring import Asked
from service.linking.things import BODY, UNIT, Family, Thing
from service.loading import turns
from service.store import Changes, open_store

if TYPE_CHECKING:
    from service.linking.scoring import Candidate
    from service.store import Store

CASES = list(csv.DictReader((Path(__file__).parent / "linking" / "names.csv").open(encoding="utf-8")))
REGISTER = "https://w3id.org/jixiao/graph/register"


@pytest.fixture(scope="module")
def index(library: Store) -> Index:
    return index_of(library)


def asked(case: dict[str, str]) -> tuple[Asked, frozenset[str]]:
    types = frozenset(
        f"{PREFIXES['skos']}Concept" if name == "Concept" else str(JX[name]) for name in case["types"].split()
    )
    year = int(case["year"]) if case["year"] else None
    return Asked(case["name"], places=frozenset(case["division"].split()), year=year), types


def meant(candidates: tuple[Candidate, ...]) -> str:
    """What is found to be meant, behind our base; empty where nothing is certain."""
    return next((one.thing.iri.removeprefix(BASE) for one in candidates if one.match), "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']} {case['why']}")
def test_a_name_means_one_thing_or_is_left_open(index: Index, case: dict[str, str]) -> None:
    """Each as a person who knows the place would say."""
    answer = case["answer"].removeprefix("code/")
    expected = case["answer"] if answer != case["answer"] else f"id/{answer}" if answer else ""
    assert meant(index.candidates(*asked(case))) == expected


def test_there_are_names_of_every_kind() -> None:
    """The table of names does not shrink unseen."""
    assert len(CASES) == 44


def test_a_thousand_dirty_names_find_their_units() -> None:
    """Suffixes, widths, short names and typing errors: what is found is right, and most is found.

    One name in ten is of a unit that is not there: it must find none.
    """
    every = units()
    known, unknown = [one for n, one in enumerate(every) if n % 10], every[::10]
    index = Index(unit.thing for unit in known)
    right = wrong = with_answer = 0
    names = dirty(1000, 2025, known, unknown)
    for name in names:
        found = next((one for one in index.candidates(Asked(name.text)) if one.match), None)
        with_answer += name.unit is not None
        right += found is not None and found.thing.iri == name.unit
        wrong += found is not None and found.thing.iri != name.unit
    assert len(names) == 1000
    assert len({name.text for name in names}) > 950
    assert with_answer == 900
    assert {way for name in names for way in name.ways} == set(WAYS)
    assert right / (right + wrong) >= 0.98
    assert right / with_answer >= 0.9


def _body(division: str, code: str, name: str) -> Thing:
    iri = f"{BASE}id/unit/{division}/{code}"
    return Thing(iri, Family.BODY, (name,), (UNIT, BODY), local_codes=frozenset([code]), division=division)


def test_a_unit_of_an_unknown_division_is_certain_of_no_name() -> None:
    """Every county has a 卫健委; that one document does not say of which it is makes it no other's."""
    index = Index([_body("000000", "901001", "卫健委"), _body("130202", "205001", "唐山市路南区教育局")])
    assert meant(index.candidates(Asked("卫健委"))) == ""
    assert index.candidates(Asked("卫健委"))[0].thing.name == "卫健委"


def test_a_name_and_a_code_that_contradict_one_another_are_left_open() -> None:
    """With its own code, or none, the same name is certain."""
    school, office = _body("130202", "205002", "路南区启明小学"), _body("130202", "205001", "路南区教育局")
    index = Index([school, office])
    place = frozenset(["130202"])
    found = {
        code: meant(index.candidates(Asked("启明小学", frozenset([code]) - {""}, place)))
        for code in ("", "205002", "205001")
    }
    assert found == {"": school.iri.removeprefix(BASE), "205002": school.iri.removeprefix(BASE), "205001": ""}


def test_a_score_is_explained(index: Index) -> None:
    """What was compared and how far it fits: the unit of the neighbour has the name, but not the place."""
    found = index.candidates(Asked("唐山市路北区教育局"), most=1)[0]
    features = {feature.id: feature.value for feature in found.features}
    assert features["name"] == 1
    assert features["place"] < 0.5
    assert found.score < CERTAIN


def test_a_place_goes_on_under_another_code() -> None:
    """The education bureau of 滦县 is asked for, and that of 滦州市 is found."""
    units_there = [unit for unit in units() if unit.division == "130284"]
    found = Index(unit.thing for unit in units_there).candidates(Asked("唐山市滦县教育局"), most=1)[0]
    assert found.thing.name == "唐山市滦州市教育局"
    assert found.match


def test_every_division_that_changed_its_code_is_one_place() -> None:
    """Hundreds of counties became cities and districts since 1980."""
    assert place_names.same_places("130284") == {"130223", "130284"}
    assert {"340225", "340281"} <= place_names.same_places("340281")


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        ("130202", ("130202",)),
        ("130202001", ("130202",)),
        ("130202000000", ("130202",)),
        (f"{BASE}id/division/130202", ("130202",)),
        ("https://example.org/villages/130202000000/", ("130202",)),
        ("1302021", ("000000",)),
        ("13020200100", ("000000",)),
        ("1302020010000", ("000000",)),
        ("路南区", ("130202",)),
        ("无此区", ("000000",)),
    ],
)
def test_a_division_is_named_by_code_iri_or_name(index: Index, named: str, codes: tuple[str, ...]) -> None:
    """Townships and villages lie in the county with which their codes begin; other numbers are no place."""
    assert places_of(index, named) == codes


def test_a_store_without_a_mark_has_one_index_until_it_changes(tmp_path: Path) -> None:
    """Somebody who types asks at every letter."""
    with served(tmp_path / "store") as store:
        kept = KeptIndex()
        before = kept.of(store)
        assert kept.of(store) is before
        store.apply(Changes(added=_unit("001", "唐山市路南区气象台")))
        assert not turns.version_of(store)
        assert meant(kept.of(store).candidates(Asked("路南区气象台"))) == "id/unit/130202/001"


def test_the_index_follows_the_store() -> None:
    """It is made once for a version of the data, and anew when a unit comes that was not there."""
    store, kept = open_store("memory:"), KeptIndex()
    _add(store, "001", "唐山市路南区气象台")
    before = kept.of(store)
    assert kept.of(store) is before
    _add(store, "002", "唐山市路南区天文台")
    after = kept.of(store)
    assert meant(before.candidates(Asked("路南区天文台"))) == ""
    assert meant(after.candidates(Asked("路南区天文台"))) == "id/unit/130202/002"


def _add(store: Store, code: str, name: str) -> None:
    """Enter a unit in the register, and mark the store as whoever changes it does."""
    store.apply(turns.renewal().besides(store, Changes(added=_unit(code, name))))


def _unit(code: str, name: str) -> bytes:
    """The statements of the register on a unit."""
    iri = f"<https://w3id.org/jixiao/id/unit/130202/{code}>"
    said = (
        f"a <{JX.BudgetUnit}>, <{JX.PublicBody}>",
        f'<{PREFIXES["skos"]}prefLabel> "{name}"@zh',
    )
    turtle = f"{iri} {' ; '.join(said)} ."
    triples = ox.serialize(
        (
            ox.Quad(*quad.triple, ox.NamedNode(REGISTER))
            for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)
        ),
        format=ox.RdfFormat.N_QUADS,
    )
    return triples or b""
