"""Loads at the same time into one store: each change is worked out from what the store holds when it is made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.loading.amendment import Amendment
from service.loading.comparing import compare_documents
from service.loading.ingest import Ingest, Loaded
from service.loading.sources import CatalogueEntry, find_sources
from service.loading.statements import Statement
from service.loading.turns import next_turn
from service.store import StoreBusy, open_store

if TYPE_CHECKING:
    from service.store import Changes, Store

FORM = (Path(__file__).parent / "disclosures" / "plain-form" / "source.txt").read_text(encoding="utf-8")
GRAPH = "https://w3id.org/jixiao/graph/register"
EVERYTHING_BUT_TIMES = """SELECT * { GRAPH ?g { ?s ?p ?o }
    FILTER(?g != <https://w3id.org/jixiao/graph/digests>)
    FILTER(isIRI(?s) && !isBLANK(?o) && ?p NOT IN (<http://purl.org/dc/terms/hasVersion>, <http://purl.org/dc/terms/issued>))
} ORDER BY ?g ?s ?p ?o"""


def gain(value: str) -> Amendment:
    """Something the register comes to say."""
    return Amendment.between(GRAPH, [], [Statement("<http://e.org/s>", "<http://e.org/p>", f'"{value}"')])


def test_of_two_changes_worked_out_at_one_time_the_second_is_worked_out_again(store: Store) -> None:
    """The first is made; the second does nothing until its turn comes."""
    one, other = next_turn(store), next_turn(store)
    assert one.make([gain("one")])
    assert not other.make([gain("other")])
    assert b"other" not in store.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert next_turn(store).make([gain("other")])
    assert b"other" in store.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")


@pytest.mark.soak
def test_loads_at_one_time_give_what_loads_one_after_another_give(sparql_server: str, tmp_path: Path) -> None:
    """Two commands load versions of the same declarations into one endpoint: one of each holds."""
    remote = open_store(sparql_server)
    remote.clear()
    folders = [folder_of_versions(tmp_path / name, days) for name, days in (("a", "135"), ("b", "246"))]
    command = [sys.executable, "-m", "service.cli", "load", "--store", sparql_server]
    loads = [subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL) for folder in folders]
    assert [load.wait(timeout=300) for load in loads] == [0, 0]
    alone = open_store("memory:")
    Ingest(alone).prepare()
    outcomes = list(Ingest(alone).load_all(find_sources([str(tmp_path)])))
    assert [type(outcome) for outcome in outcomes] == [Loaded] * 6
    compare_documents(alone)
    said, expected = (store.query(EVERYTHING_BUT_TIMES, "text/csv").splitlines() for store in (remote, alone))
    assert sorted(set(said) ^ set(expected)) == []
    assert len(said) == len(expected)
    remote.clear()


def folder_of_versions(folder: Path, days: str) -> Path:
    """A folder with one version of the same form for each day, and the catalogue that gives their dates."""
    folder.mkdir()
    for day in days:
        (folder / f"{day}.txt").write_text(FORM.replace("120.50", f"{day}.00"), encoding="utf-8")
    rows = "".join(f"{day}.txt,2025-02-0{day}\n" for day in days)
    (folder / "catalogue.csv").write_text(f"file,published\n{rows}", encoding="utf-8")
    return folder


def test_a_load_that_never_gets_its_turn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the document and what to do, and has changed nothing of the other's."""
    store = open_store("memory:")
    write = type(store).apply

    def after_another(self: Store, changes: Changes) -> None:
        if changes.only_if:
            assert next_turn(self).mark
            write(self, type(changes)(removed=changes.only_if, added=changes.only_if.replace(b'"', b'"0', 1)))
        write(self, changes)

    monkeypatch.setattr(type(store), "apply", after_another)
    with pytest.raises(StoreBusy, match=r"a\.txt was not loaded: .* Load it again"):
        Ingest(store).load(FORM.encode(), "a.txt", CatalogueEntry())
    assert not [graph for graph in store.graphs() if "disclosure" in graph]
