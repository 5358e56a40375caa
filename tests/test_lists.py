"""Lists of a researcher's own: read whole or refused with every fault, kept with their source, and matched with."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner
from rdflib.plugins.sparql import prepareQuery

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES
from service.answers import select
from service.cli import main
from service.descriptions.dataset import dcat_catalogue
from service.linking.gathering import index_of
from service.linking.scoring import Asked
from service.linking.things import UNIT
from service.lists.entries import Kind, ListedBody, Population
from service.lists.rows import ListFaults, read_list
from service.reconciliation import facts
from service.store import ROW_FORMATS, open_store, open_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from service.linking.index import Index
    from service.lists.entries import Entry
    from service.store import Store

DATA = Path(__file__).parent / "lists"
POPULATION = "区划,年份,常住人口（万人）\n130202,2025,32.5\n天津市河北区,2025,65.2\n"
INVENTED = ("--source", "invented for the tests")


def cases(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def file_of(case: dict[str, str]) -> bytes:
    return case["list"].replace("|", "\n").encode()


def told(entry: Entry) -> str:
    """What an entry says, as the table of cases writes it."""
    if isinstance(entry, ListedBody):
        return f"{entry.division} {entry.code} {entry.credit_code} {entry.name}"
    where = f"{entry.division or 'country'} {entry.year}"
    if isinstance(entry, Population):
        return f"{where} {entry.persons}"
    return f"{where} {entry.level} {entry.base}"


# --- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("cells.csv"), ids=lambda case: case["list"])
def test_a_row_says_what_a_person_reads(case: dict[str, str]) -> None:
    """Columns in both languages, divisions by code and name, numbers in persons and in ten thousands."""
    (entry,) = read_list(file_of(case), Kind(case["kind"]))
    assert told(entry) == case["reading"]


@pytest.mark.parametrize("case", cases("faults.csv"), ids=lambda case: case["list"])
def test_a_fault_is_told_with_its_place_and_value(case: dict[str, str]) -> None:
    """Nobody has to look for what is wrong, or guess what would be right."""
    with pytest.raises(ListFaults) as refused:
        read_list(file_of(case), Kind(case["kind"]))
    (fault,) = refused.value.faults
    assert fault.startswith(case["told"])


def test_the_tables_of_cases_are_whole() -> None:
    """18 rows that are read, 31 that are not, of each kind some."""
    assert len(cases("cells.csv")) == 18
    assert len(cases("faults.csv")) == 31
    for name in ("cells.csv", "faults.csv"):
        assert {case["kind"] for case in cases(name)} == set(Kind)


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for row in csv.reader(text.splitlines()):
        book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_is_the_same_in_every_file() -> None:
    """UTF-8 with and without a mark, GB 18030 as old Excel writes it, and a workbook with numbers as numbers."""
    files = [POPULATION.encode(code) for code in ("utf-8", "utf-8-sig", "gb18030")] + [workbook(POPULATION)]
    readings = {tuple(map(told, read_list(data, Kind.POPULATION))) for data in files}
    assert readings == {("130202 2025 325000", "120105 2025 652000")}


def test_all_faults_are_told_at_once() -> None:
    """A person mends a file once; of very many faults the first are told and the others counted."""
    lines = "\n".join(f"130202,{year},x" for year in range(1980, 2010))
    with pytest.raises(ListFaults) as refused:
        read_list(f"区划,年份,人口\n{lines}\n".encode(), Kind.POPULATION)
    assert len(refused.value.faults) == 30
    assert str(refused.value).splitlines()[-1] == "and 10 faults more"


def test_a_quote_that_is_not_closed_swallows_no_rows() -> None:
    """The rows behind it would be one name, and nobody would miss them."""
    with pytest.raises(ListFaults, match="the CSV file is damaged"):
        read_list('代码,区划,名称\n101,130202,"甲局\n102,130202,乙局\n'.encode(), Kind.UNITS)


def test_what_is_no_table_is_refused() -> None:
    """A picture, a page."""
    for data, message in ((b"\x89PNG\r\n\x1a\n\0\0\0\0", "a picture"), (b"%PDF-1.7\n", "neither a CSV")):
        with pytest.raises(ListFaults, match=message):
            read_list(data, Kind.POPULATION)


# --- in a store -----------------------------------------------------------------------------------------

UNITS = """名称,单位代码,区划,统一社会信用代码
路南区教育局机关,205002,130202,11130202MB0000001E
唐山市路南区档案馆,777001,130202,
路南组织部,,130202,
"""
REGISTER = str(identifiers.REGISTER_GRAPH)


@pytest.fixture(scope="module")
def store_url(library: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store on disk with the register of the examples, a list of units and one of populations."""
    folder = tmp_path_factory.mktemp("lists")
    url = f"file:{folder / 'store'}"
    with open_store(url, create=True) as store:
        store.replace(REGISTER, "\n".join(library.statements(REGISTER)).encode())
    for name, text, kind in (("units", UNITS, "units"), ("people", POPULATION, "population")):
        loaded = load(folder / f"{name}.csv", text, url, kind=kind)
        assert loaded.exit_code == 0, loaded.output
    return url


@pytest.fixture(scope="module")
def kept(store_url: str) -> Iterator[Store]:
    with open_to_read(store_url) as store:
        yield store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["lists", *arguments])


def load(path: Path, text: str, store_url: str, *more: str, kind: str = "population") -> Result:
    path.write_text(text, encoding="utf-8")
    return run(str(path), "--kind", kind, *INVENTED, "--store", store_url, *more)


def persons_in(store_url: str, name: str) -> dict[str, str]:
    """The populations of a list, by the ends of the IRIs of their subjects."""
    of = identifiers.reference_list(name)
    asked = f"SELECT ?one ?persons {{ ?one <{JX.inList}> <{of}> ; <{JX.persons}> ?persons }}"
    with open_to_read(store_url) as store:
        return {row.text("one").removeprefix(f"{of}/"): row.text("persons") for row in select(store, asked)}


def test_a_list_takes_the_place_of_the_one_before(tmp_path: Path, store_url: str) -> None:
    """Of one name; a file with a fault leaves it as it was; a removed one is gone, and its graph too."""
    path = tmp_path / "villages.csv"
    loaded = load(path, POPULATION, store_url)
    assert f"{path}: rows loaded as the list villages (population): 2" in loaded.output
    assert load(path, "区划,年份,人口\n130202,2025,7\n", store_url).exit_code == 0
    assert persons_in(store_url, "villages") == {"130202-2025": "7"}
    refused = load(path, f"{POPULATION}130203,2025,many\n", store_url)
    assert refused.exit_code == 2
    assert f"{path}: row 4, 常住人口（万人）, “many”: a number of persons" in refused.output
    assert refused.output.endswith("Nothing was loaded.\n")
    assert persons_in(store_url, "villages") == {"130202-2025": "7"}
    assert run("--remove", "villages", "--store", store_url).exit_code == 0
    with open_to_read(store_url) as store:
        graphs = [graph for graph in store.graphs() if graph.startswith(identifiers.REFERENCE_LIST_GRAPHS)]
    assert graphs == [identifiers.reference_list_graph(name) for name in ("people", "units")]


def test_the_lists_are_shown_with_their_sources(tmp_path: Path, store_url: str) -> None:
    """What a figure rests on is never far."""
    load(tmp_path / "a.csv", POPULATION, store_url, "--licence", "CC0-1.0", "--published", "2025-03-01")
    shown = run("--store", store_url).output
    assert shown.startswith(
        "a  population  2 rows  a.csv (invented for the tests, CC0-1.0, 2025-03-01), loaded 20"
    )
    assert run("--remove", "a", "--store", store_url).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["人口.csv", "--kind", "population", *INVENTED], "'人口' cannot name a list: give --name"),
        (["a.csv", "--kind", "population"], "where its figures are from (--source)"),
        (["a.csv", *INVENTED], "tell what the file lists (--kind)"),
        (["missing.csv", "--kind", "units", *INVENTED], "missing.csv: No such file or directory"),
        (["--remove", "b"], "there is no list 'b'; there are: people, units"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], message: str, store_url: str) -> None:
    """Each in one line, with what to do."""
    refused = run(*arguments, "--store", store_url)
    assert refused.exit_code == 2
    assert message in refused.output


@pytest.fixture(scope="module")
def index(kept: Store) -> Index:
    return index_of(kept)


def best(index: Index, text: str = "", **more: frozenset[str]) -> tuple[str, bool]:
    """The unit that is likeliest meant, and whether it is certain."""
    first = index.candidates(Asked(text, **more), frozenset([UNIT]))[0]
    return first.thing.iri.rpartition("/unit/")[2], first.match


def test_a_list_of_units_serves_matching(index: Index) -> None:
    """A credit code means its unit; a unit that no document is of is found by name, and by code in its place."""
    assert best(index, codes=frozenset(["11130202MB0000001E"])) == ("130202/205002", True)
    assert best(index, "11130202mb0000001e") == ("130202/205002", True)
    assert best(index, "路南区档案馆") == ("130202/777001", True)
    place = frozenset(["130202"])
    assert best(index, codes=frozenset(["777001"]), places=place) == ("130202/777001", True)


def test_what_a_list_says_of_a_unit_is_told(index: Index) -> None:
    """The credit code can be fetched; the name of the list is another name of the unit."""
    thing = index.thing(str(identifiers.body("130202/205002")))
    assert thing is not None
    assert [value.text for value in facts.values(index, thing, str(JX.creditCode))] == ["11130202MB0000001E"]
    assert [value.text for value in facts.values(index, thing, str(JX.unitCode))] == ["205002"]
    assert "路南区教育局机关" in thing.names[1:]


def test_the_command_link_reads_credit_codes(store_url: str, tmp_path: Path) -> None:
    """Codes first: the name may be any."""
    path = tmp_path / "theirs.csv"
    path.write_text("单位,信用代码\n某教育局,11130202MB0000001E\n", encoding="utf-8")
    asked = [
        "link",
        str(path),
        "--column",
        "单位",
        "--code",
        "信用代码",
        "--type",
        "unit",
        "--store",
        store_url,
    ]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    (row,) = csv.DictReader(io.StringIO(told.stdout.removeprefix("\ufeff")))
    assert row["link_iri"].endswith("/unit/130202/205002")
    assert "code 1" in row["link_reasons"]


def test_a_list_speaks_of_subjects_of_its_own(kept: Store) -> None:
    """Nothing that documents say is counted twice."""
    graph = identifiers.reference_list_graph("units")
    ours = f"GRAPH <{graph}> {{ ?one ?says ?what }}"
    shared = f"{ours} GRAPH ?other {{ ?one ?also ?this }} FILTER(?other != <{graph}>)"
    assert kept.query(f"ASK {{ {ours} }}", ROW_FORMATS["csv"]).split() == [b"true"]
    assert kept.query(f"ASK {{ {shared} }}", ROW_FORMATS["csv"]).split() == [b"false"]


def test_the_catalogue_tells_of_lists(kept: Store) -> None:
    """Each is a data set with its source, and an address where it can be had."""
    graph = dcat_catalogue(kept, "http://example.org")
    people = identifiers.reference_list("people")
    assert (None, None, people) in graph
    said = {str(value) for value in graph.objects(people)}
    assert said >= {"invented for the tests", "people.csv", f"{PREFIXES['dcat']}Dataset"}
    addresses = {str(value) for value in graph.objects(None, None)}
    assert "http://example.org/graph-store/list/people" in addresses


def test_the_federated_forms_of_the_readme_are_sparql() -> None:
    """Whoever copies them gets no error of syntax; one asks for what our own lists tell, by code and year."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    texts = re.findall(r"```sparql\n(.*?)```", readme, re.DOTALL)
    federated = [prepareQuery(text) for text in texts if "SERVICE" in text]
    assert len(federated) == 3
    names = [{str(variable) for variable in query.algebra.PV} for query in federated]
    assert names.count({"code", "year", "budget", "persons", "perHead"}) == 1
