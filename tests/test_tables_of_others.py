"""Tables of others become triples: by metadata of CSV on the Web, or by columns that are headed by our words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from ontology import identifiers
from ontology.namespaces import PREFIXES
from queries.tables import tables as flat_tables
from service.cli import main
from service.others.catalogue import About, entries
from service.others.csv_text import decoded
from service.others.faults import UnfitData
from service.others.importing import Given, bring_in
from service.others.tables import read
from service.store import open_store
from service.tables.codebook import csvw

CASES = Path(__file__).with_name("others")
TABLES: list[dict[str, Any]] = yaml.safe_load((CASES / "tables.yaml").read_text(encoding="utf-8"))
FAULTS: list[dict[str, Any]] = yaml.safe_load((CASES / "faults.yaml").read_text(encoding="utf-8"))
BASE = f"{identifiers.dataset('t')}/"
PLACED = ("http://www.w3.org/ns/csvw#", f"{PREFIXES['rdf']}type", f"{PREFIXES['rdfs']}label")
"""Words that say where a row stands and what a column is called."""


def whole(statement: str) -> str:
    """A statement with its prefixes and relative IRIs written out, as a case may have it."""
    statement = statement.replace("<division/", f"<{PREFIXES['jxi']}division/")
    statement = re.sub(
        r"<(jx|xsd|dcterms|schema|foaf|rdfs):", lambda found: f"<{PREFIXES[found[1]]}", statement
    )
    return re.sub(r"<(?=row/|column/|person/|#)", f"<{BASE}", statement)


def test_the_cases_are_all_there() -> None:
    """A table that shrinks in silence proves nothing."""
    assert (len(TABLES), len(FAULTS)) == (5, 28)


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["why"])
def test_a_table_states_what_its_cells_say(case: dict[str, Any]) -> None:
    """Each cell once, about the thing of its row, with the datatype of its column."""
    described = case["described"].encode() if "described" in case else None
    table = read(case["content"].encode(), case["file"], "t", described)
    told = [f"{triple} ." for triple in table.told.triples if not triple.predicate.value.startswith(PLACED)]
    assert sorted(told) == sorted(whole(statement) for statement in case["states"])


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["why"])
def test_a_table_with_a_fault_is_not_taken_in(case: dict[str, Any]) -> None:
    """Line, column and value are told, and nothing of the table is there."""
    columns = (
        f'{{"@context": "http://www.w3.org/ns/csvw", "tableSchema": {{"columns": {case.get("columns")}}}}}'
    )
    described = case.get("described") or (columns if "columns" in case else None)
    store = open_store("memory:")
    with pytest.raises(UnfitData) as caught:
        bring_in(
            store,
            Given("faulty.csv", case["content"].encode(), About(), "", described and described.encode()),
        )
    assert [says for says in case["says"] if says not in str(caught.value)] == []
    assert store.graphs() == ()


def test_many_faults_are_told_up_to_a_number() -> None:
    """Twenty, and how many more there are."""
    with pytest.raises(UnfitData, match=r"(?s)line 21, column budget.*and 5 more$"):
        read(("budget\n" + "x\n" * 25).encode(), "a.csv", "t")


def test_each_row_leads_to_its_line() -> None:
    """RFC 5147 counts lines from 0; a cell of two lines moves those behind it, and a blank line has no row."""
    table = read('name\n"两\n行"\n\nb\n'.encode(), "表 1.csv", "t")
    told = {
        str(one.subject): one.object.value
        for one in table.told.triples
        if one.predicate.value.endswith("#url")
    }
    assert told == {
        f"<{BASE}row/1>": f"{BASE}%E8%A1%A8%201.csv#line=1",
        f"<{BASE}row/2>": f"{BASE}%E8%A1%A8%201.csv#line=4",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_told_by_the_bytes(encoding: str) -> None:
    """As Excel and WPS save it; what is neither is told with its line."""
    assert decoded("项目编码,鸟\n".encode(encoding)) == "项目编码,鸟\n"
    with pytest.raises(UnfitData, match="line 2: this is not UTF-8 or GB 18030"):
        decoded(b"a\n\xff\xff")


def test_our_own_metadata_are_read() -> None:
    """Those of each flat table, with a table that has its header and nothing else."""
    for name, table in flat_tables().items():
        described = json.dumps(csvw(table, f"{name}.csv")).encode()
        for heads in (
            [column.name for column in table.columns.values()],
            [c.title.zh for c in table.columns.values()],
        ):
            read((",".join(heads) + "\n").encode(), f"{name}.csv", "t", described)
    assert len(flat_tables()) >= 6


@pytest.mark.soak
def test_the_command_reads_the_metadata_beside_a_table(tmp_path: Path) -> None:
    """Those of the file before those of the folder; what they say of the data set goes into the catalogue."""
    case = TABLES[2]
    store, file = f"file:{tmp_path / 'store'}", tmp_path / case["file"]
    file.write_bytes(case["content"].encode("gb18030"))
    (tmp_path / "people.csv-metadata.json").write_text(case["described"], encoding="utf-8")
    (tmp_path / "csv-metadata.json").write_text("{}", encoding="utf-8")
    result = CliRunner().invoke(main, ["import", str(file), "--store", store])
    assert result.exit_code == 0, result.output
    assert "2 of them lead to things of ours, by dcterms:spatial" in result.output
    assert "things of ours: 2 of 2 that it names are here" in result.output
    with open_store(store) as opened:
        (entry,) = entries(opened)
    assert (entry.about.title, entry.about.publisher, entry.media_type) == ("人口", "统计局", "text/csv")


def test_columns_that_are_no_words_of_ours_are_told() -> None:
    """They are properties of the data set, labelled as they are headed."""
    store = open_store("memory:")
    done = bring_in(store, Given("a.csv", "budget,鸟\n5,喜鹊\n".encode(), About()))
    assert done.unknown == ("鸟",)
    assert done.apart == {f"{PREFIXES['jx']}budget": 1}
    own = f"{identifiers.dataset('a')}/column/鸟"
    assert f'<{own}> <{PREFIXES["rdfs"]}label> "鸟" .' in store.statements(done.entry.graph)
