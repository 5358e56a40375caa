"""The benchmarks still run, and what they print can be: they are started by hand and would fall behind unseen.

No test is of a time: the machine that runs the tests does other things too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import loader
from benchmarks import again, corpus, engines, formats, many, memory, multiplied, rml, stages, written
from benchmarks.__main__ import BENCHMARKS
from benchmarks.measuring import ProgramFailed, run
from service.answers import select
from service.store import Changes, open_store

if TYPE_CHECKING:
    from benchmarks.report import Report

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "examples" / "130202-205-2024.docx"


def _column(report: Report, name: str) -> list[float]:
    place = report.columns.index(name)
    return [float(row[place]) for row in report.rows if row[place] != ""]


def _heads(report: Report) -> list[str]:
    return [str(row[0]) for row in report.rows]


def test_the_front_door_names_every_benchmark() -> None:
    """Without a name it says what there is and measures nothing; the guide has a line for each."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(BENCHMARKS)
    guide = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in guide for name in BENCHMARKS)
    assert len(BENCHMARKS) == 10


# --- what is measured ---------------------------------------------------------------------------------


def test_a_document_is_the_same_in_every_format() -> None:
    """Else documents per second would be of other documents; numbers give other documents."""
    first = {form: loader.convert(write(corpus.document(1))) for form, write in written.FORMATS.items()}
    counts = {
        form: (len(told.disclosure.declarations), told.report.indicators) for form, told in first.items()
    }
    assert counts == dict.fromkeys(written.FORMATS, (6, 44))
    assert len(counts) == 8
    assert corpus.document(1) == corpus.document(1)
    assert corpus.document(1) != corpus.document(3)


def test_made_documents_have_faults_like_real_ones() -> None:
    """Among a few hundred values some are written wrongly."""
    texts = {
        cell.text for number in range(6) for table in corpus.document(number).tables for cell in table.cells
    }
    assert "290%" in texts or "≥95全部满意" in texts


@pytest.mark.soak
def test_a_corpus_has_its_size_and_says_nothing_twice() -> None:
    """Whatever its size: documents of three years, some of which take the place of others; divisions differ."""
    quads = b"".join(multiplied.quads(30)).splitlines()
    assert len(quads) == len(set(quads))
    store = open_store("memory:")
    store.apply(Changes(added=b"\n".join(quads)))
    (row,) = select(store, _TOLD)
    assert (row.count("documents"), row.count("revised"), row.count("years")) == (30, 3, 3)
    assert row.count("divisions") == 2
    known = [department.project for department in multiplied.departments(30)]
    found = select(store, _CODES % " ".join(f'"{code}"' for code in known))
    assert len(known) == len(set(known)) == len(found) == 9


_TOLD = """PREFIX jx: <https://w3id.org/jixiao/def/> PREFIX prov: <http://www.w3.org/ns/prov#> SELECT * {
    { SELECT (COUNT(?document) AS ?documents) { ?document a jx:Disclosure } }
    { SELECT (COUNT(?later) AS ?revised) { ?later prov:wasRevisionOf ?earlier } }
    { SELECT (COUNT(DISTINCT ?year) AS ?years) { ?of a jx:Declaration ; jx:fiscalYear ?year } }
    { SELECT (COUNT(DISTINCT ?division) AS ?divisions) { ?unit jx:inDivision ?division } }
}"""
_CODES = """PREFIX jx: <https://w3id.org/jixiao/def/>
SELECT ?project { VALUES ?code { %s } ?project jx:projectCode ?code ; a jx:Project }"""


# --- every benchmark, small ---------------------------------------------------------------------------


@pytest.mark.soak
def test_engines_are_measured_where_they_find_the_same() -> None:
    """Beside pySHACL by itself, which takes a minute for the smallest example."""
    report = engines.measure([SMALL], rounds=1)
    assert len(report.rows) in {3, 5}  # without the fast engine, or with it
    assert all(times > 0 for times in _column(report, "× stock pySHACL"))
    assert len(set(_column(report, "findings"))) == 1


@pytest.mark.soak
def test_checking_again_costs_what_changed() -> None:
    """Of three documents the one that changed, and its units."""
    report = again.measure(3)
    assert _heads(report) == ["everything", "nothing changed", "one document changed"]
    assert _column(report, "judged") == [3, 0, 1]
    asked = _column(report, "units asked about")
    assert asked[0] > asked[2] > asked[1] == 0


def test_the_stages_of_one_document_are_all_measured() -> None:
    """Without stock pyshacl, which takes minutes."""
    report = stages.measure(SMALL, rounds=1, stock=False)
    assert _heads(report) == ["read", "recognise", "map to N-Quads", "check"]
    assert all(taken > 0 for taken in _column(report, "ms"))
    assert _column(report, "ratio")[0] > 0


def test_what_stock_pyshacl_judges_with_is_there() -> None:
    """It takes minutes, but the names that it imports are known at once."""
    from shapes.rule_book import shapes_graph

    assert len(shapes_graph()) > 0


def test_every_format_is_measured_and_its_shares_are_all_of_it(tmp_path: Path) -> None:
    """The fastest comes first and is the measure of the others; what is kept is what is printed."""
    report = formats.measure(1, 1)
    assert set(_heads(report)) == set(written.FORMATS)
    assert _column(report, "ratio")[0] == 1
    assert _column(report, "ratio") == sorted(_column(report, "ratio"))
    shares = zip(*(_column(report, f"{stage} %") for stage in formats.STAGES), strict=True)
    assert all(abs(sum(row) - 100) <= 2 for row in shares)
    assert report.keep(tmp_path).read_text(encoding="utf-8") == report.as_markdown()
    kept = json.loads((tmp_path / "formats.json").read_text(encoding="utf-8"))
    assert kept["rows"] == [list(row) for row in report.rows]
    assert "Python" in kept["machine"]


@pytest.mark.soak
def test_many_documents_are_the_same_quads_everywhere() -> None:
    """One process, two, and a cluster; processes that began others count them."""
    report = many.measure(8)
    assert _heads(report) == ["--jobs 1", "--jobs 2", "--scheduler, 2 workers"]
    assert all(seconds > 0 for seconds in _column(report, "CPU s") + _column(report, "wall s"))


@pytest.mark.soak
def test_the_memory_of_a_process_is_that_of_a_process() -> None:
    """More than Python takes by itself, less than a worker may take."""
    report = memory.measure(1)
    assert _heads(report) == [*written.FORMATS, "all by turns"]
    assert all(10 < peak < 4096 for peak in _column(report, "peak MiB"))
    pairs = zip(_column(report, "its own MiB"), _column(report, "peak MiB"), strict=True)
    assert all(own <= peak for own, peak in pairs)


@pytest.mark.soak
def test_morph_kgc_writes_the_same_triples() -> None:
    """It is installed first; different triples would be an error. What its start took may be all it took."""
    report = rml.measure(1, 1)
    assert _heads(report)[0] == "jixiao: records → N-Quads"
    assert len(_column(report, "CPU s")) in {3, 4}
    assert all(seconds > 0 for seconds in _column(report, "CPU s"))


# --- how it is measured -------------------------------------------------------------------------------


def test_what_a_program_starts_counts_even_when_it_is_left_behind() -> None:
    """A child that outlives its parent is waited for."""
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    assert run((sys.executable, "-c", leaves)).cpu > 0.5


def test_a_program_that_fails_is_not_measured() -> None:
    """Its last words are told."""
    with pytest.raises(ProgramFailed, match="no luck"):
        run((sys.executable, "-c", "raise SystemExit('no luck')"))
