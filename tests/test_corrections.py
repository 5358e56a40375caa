"""Corrections by people: applied at the cell, marked with their origin, kept, and taken back."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import openpyxl
import pyoxigraph as ox
import pytest
from archive_files import zip_of
from sites import serving

import loader
from loader.correction_tables import CorrectionTableError, read_corrections
from loader.load_report import position_of
from loader.load_report_json import as_json, from_json
from loader.load_report_text import as_text
from loader.location import Location
from loader.many import Workplace, convert_all, here, processes, whole
from loader.model import Correction, Note, NoteKind, Target
from loader.readers.registry import read
from loader.task import Given
from ontology import places
from ontology.namespaces import JX, PREFIXES
from service.loading.corrections import Tables, find_tables
from service.loading.ingest import Ingest, Loaded
from service.loading.sources import CatalogueEntry, SourceError, find_sources
from service.pages.project import project
from service.store import Store, open_store

DATA = Path(__file__).parent / "corrections"
FORM = Path(__file__).parent / "disclosures" / "plain-form" / "source.txt"
REAL = sorted(
    path for path in (Path(__file__).parent / "real_files").iterdir() if path.suffix not in {".md", ".doc"}
)
DAY = date(2025, 3, 1)
HEAD = "document,cell,reading,reason,who"
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def cases(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).open(encoding="utf-8")))


def correction(cell: str, reading: str, **more: object) -> Correction:
    position = places.read(cell)
    assert position is not None
    said = {"reason": "原件如此", "who": "张三", "when": DAY, "origin": "corrections.csv, row 2"} | more
    return Correction(position, "" if reading == "(blank)" else reading, **said)  # type: ignore[arg-type]


def corrected(data: bytes, *corrections: Correction) -> loader.Conversion:
    return loader.convert(data, corrections=corrections)


def stated(conversion: loader.Conversion) -> set[tuple[str, str]]:
    """Predicates and objects with prefixes, of all but the account of the reading."""
    quads = ox.parse(conversion.nquads, format=ox.RdfFormat.N_QUADS)
    return {(short(quad.predicate.value), short(quad.object.value)) for quad in quads}


def short(name: str) -> str:
    prefix = next((prefix for prefix, iri in PREFIXES.items() if name.startswith(iri)), None)
    return f"{prefix}:{name.removeprefix(PREFIXES[prefix])}" if prefix else name


# --- what a correction does ------------------------------------------------------------------------------


def test_the_tables_of_cases_are_whole() -> None:
    """They do not shrink in silence."""
    assert (len(cases("applied.csv")), len(cases("not_applied.csv"))) == (14, 7)
    assert len(cases("unusable_rows.csv")) == 8


@pytest.mark.parametrize("case", cases("applied.csv"), ids=lambda case: case["what"])
def test_every_consequence_of_a_correction_follows(case: dict[str, str]) -> None:
    """The statement is there, the printed text stays, and the correction is applied and told."""
    plain = loader.convert(FORM.read_bytes())
    conversion = corrected(FORM.read_bytes(), correction(case["cell"], case["reading"]))
    assert (case["predicate"], case["after"]) in stated(conversion)
    (made,) = conversion.disclosure.corrections
    assert made.problem is None
    assert stated(conversion) != stated(plain)
    grids = [{x for x in stated(each) if x[0] == "jx:grid"} for each in (plain, conversion)]
    assert grids[0] == grids[1]
    assert conversion.report.corrected == 1


def test_a_corrected_value_keeps_its_raw_text() -> None:
    """Raw text is what is printed; the corrected reading stands beside; both are of one target."""
    conversion = corrected(FORM.read_bytes(), correction("表1 第9行 第5列", "≥36公里"))
    store = ox.Store()
    store.bulk_load(conversion.nquads, ox.RdfFormat.N_QUADS)
    rows = store.query(
        PROLOGUE
        + """SELECT ?raw ?read ?number ?reason ?who ?when ?printed ?reading WHERE { GRAPH ?g {
            ?target jx:rawText ?raw ; jx:correctedText ?read ; jx:number ?number ; prov:wasDerivedFrom ?c ;
                prov:wasQuotedFrom ?cell .
            ?c a jx:Correction ; jx:corrects ?cell ; jx:reason ?reason ; jx:printedText ?printed ;
                jx:reading ?reading ; dcterms:created ?when ; prov:wasAttributedTo/foaf:name ?who ; jx:applied true .
            ?document jx:hasCorrection ?c } }"""
    )
    (row,) = rows
    assert [term.value for term in row] == [
        "≥35公里",
        "≥36公里",
        "36",
        "原件如此",
        "张三",
        "2025-03-01",
        "≥35公里",
        "≥36公里",
    ]


def derived(conversion: loader.Conversion) -> set[tuple[str, str]]:
    """Kind of what is derived from a correction, and the reading."""
    store = ox.Store()
    store.bulk_load(conversion.nquads, ox.RdfFormat.N_QUADS)
    rows = store.query(
        PROLOGUE
        + """SELECT DISTINCT ?kind ?reading WHERE { GRAPH ?g {
            ?thing prov:wasDerivedFrom ?c ; a ?kind . ?c a jx:Correction ; jx:reading ?reading } }"""
    )
    return {(short(row["kind"].value), row["reading"].value) for row in rows}


def test_what_a_line_heads_is_derived_from_its_correction() -> None:
    """The document, and what the table below the line declares; no other declaration."""
    heading = FORM.parent.parent / "project-in-heading" / "source.txt"
    line = correction("文本第2行", "三岁以下婴幼儿照护服务项目绩效目标")
    conversion = corrected(heading.read_bytes(), line)
    assert ("jx:projectName", "三岁以下婴幼儿照护服务") in stated(conversion)
    assert derived(conversion) == {
        ("jx:Disclosure", line.reading),
        ("dcat:Dataset", line.reading),
        ("jx:Declaration", line.reading),
    }
    title = correction("文本第1行", "2024年慈溪市重大政策和项目绩效目标情况")
    both = corrected(heading.read_bytes(), line, title)
    assert len(both.disclosure.corrections) == 2
    assert ("jx:Disclosure", title.reading) in derived(both)


def test_what_is_corrected_to_nothing_says_who_did_it() -> None:
    """An actual value that is not to be read leaves a result that is derived from the correction."""
    examples = Path(__file__).parent.parent / "examples"
    evaluation = (examples / "130202-205-2024-self-evaluation.txt").read_bytes()
    conversion = corrected(evaluation, correction("表1 第11行 第5列", "(blank)"))
    assert ("jx:correctedText", "") in stated(conversion)
    assert derived(conversion) == {("jx:IndicatorResult", "")}


def test_lines_of_a_workbook_have_corrections_of_their_own() -> None:
    """A line is known by its address where it has no number."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = "2023年绩效目标", "单位：万元"
    for row, text in enumerate(["项目名称", "道路养护"], start=5):
        sheet.cell(row, 1).value = text
        sheet.cell(row, 2).value = text
    book.save(out)
    lines = [line for table in read(out.getvalue()).tables for line in table.before]
    said = [correction(f"{line.place.sheet}!{line.place.address}", "更正") for line in lines]
    conversion = corrected(out.getvalue(), *said)
    names = {line for line in conversion.nquads.decode().splitlines() if JX.hasCorrection in line}
    assert len(names) == len(said) == 2


def test_nothing_but_the_corrected_is_derived_from_a_correction() -> None:
    """One cell, and what is quoted from it."""
    conversion = corrected(FORM.read_bytes(), correction("表1 第9行 第5列", "≥36公里"))
    quads = ox.parse(conversion.nquads, format=ox.RdfFormat.N_QUADS)
    derived = {q.subject.value for q in quads if q.predicate.value == PREFIXES["prov"] + "wasDerivedFrom"}
    assert [name.rpartition("/initial/")[2] for name in derived] == ["indicator/1/target/1"]


@pytest.mark.parametrize("case", cases("not_applied.csv"), ids=lambda case: case["what"])
def test_a_correction_that_cannot_be_applied_says_why(case: dict[str, str]) -> None:
    """In both languages, with what is printed; nothing else changes."""
    told = correction(case["cell"], case["reading"], printed=case["printed"] or None)
    conversion = corrected(FORM.read_bytes(), told)
    (made,) = conversion.disclosure.corrections
    assert made.problem is not None
    assert case["zh"] in made.problem.zh
    assert case["en"] in made.problem.en
    assert conversion.report.corrected == 0
    assert f"未采用：{made.problem.zh}" in as_text(conversion.report)
    assert conversion.disclosure.declarations == loader.convert(FORM.read_bytes()).disclosure.declarations


def test_two_corrections_that_contradict_each_other_are_both_told_and_not_applied() -> None:
    """However the cell is written."""
    first = correction("表1 第9行 第5列", "≥36公里")
    second = correction("文本第49行", "≥37公里", who="李四")
    conversion = corrected(FORM.read_bytes(), first, second)
    problems = [made.problem.zh if made.problem else "" for made in conversion.disclosure.corrections]
    assert ["李四" in problems[0], "张三" in problems[1]] == [True, True]
    assert conversion.report.corrected == 0


def test_of_two_corrections_that_say_the_same_one_is_applied() -> None:
    """The other is told."""
    twice = [correction(cell, "≥36公里") for cell in ("表1 第9行 第5列", "文本第49行")]
    made = corrected(FORM.read_bytes(), *twice).disclosure.corrections
    assert [one.problem is None for one in made] == [True, False]


def test_a_merged_cell_is_named_where_another_place_in_it_is_given() -> None:
    """The message says where it begins."""
    page = "<table><tr><td rowspan=2>项目名称</td><td>a</td></tr><tr><td>b</td></tr></table>"
    (made,) = corrected(page.encode(), correction("表1 第2行 第1列", "x")).disclosure.corrections
    assert made.problem is not None
    assert "表1 第1行 第1列" in made.problem.zh


# --- in every format --------------------------------------------------------------------------------------


def test_every_format_is_tried() -> None:
    """Texts, Word, workbooks, OpenDocument, PDF and pages."""
    assert len(REAL) >= 11


def first_targets(conversion: loader.Conversion) -> list[Target]:
    first = conversion.disclosure.declarations[0]
    return [target for indicator in first.indicators for target in indicator.targets][:2]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", REAL, ids=[path.name for path in REAL])
def test_a_place_that_is_copied_from_the_report_names_its_cell(path: Path, language: str) -> None:
    """Whatever the format, and in both languages: the first value is read anew, the second as before."""
    data = path.read_bytes()
    plain = loader.convert(data)
    (first, second, *_) = [
        target
        for declaration in plain.disclosure.declarations
        for i in declaration.indicators
        for target in i.targets
    ]
    note = Note(NoteKind.UNREAD_VALUE, first.reading.raw, first.quotes[0])
    conversion = corrected(data, correction(position_of(note).told(language), "≥777批次"))
    now, after = first_targets(conversion)
    assert (now.printed, now.reading.raw) == (first.reading.raw, "≥777批次")
    assert after == second
    assert from_json(as_json(conversion.report)) == conversion.report


# --- tables -----------------------------------------------------------------------------------------------

CHINESE = "文件,单元格,读法,理由,修改人,日期\na.txt,表1 第9行 第5列,≥36公里,原件为“≥36公里”,张三,2025/3/1\n"


def workbook(text: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(text)):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        CHINESE.encode(),
        CHINESE.encode("utf-8-sig"),
        CHINESE.encode("gb18030"),
        CHINESE.replace(",", "\t").encode("utf-16"),
        CHINESE.replace(",", ";").replace("\n", "\r\n").encode(),
        workbook(CHINESE),
    ],
    ids=["UTF-8", "with a byte order mark", "as Excel in China", "as Unicode text", "semicolons", "workbook"],
)
def test_a_table_is_read_as_programs_save_it(data: bytes) -> None:
    """The same row, whatever the encoding and the separator."""
    (row,) = read_corrections(data, "corrections.csv")
    assert row.correction == Correction(
        places.Position(table=1, row=9, column=5),
        "≥36公里",
        "原件为“≥36公里”",
        "张三",
        DAY,
        origin="corrections.csv, row 2",
    )
    assert (row.number, row.document) == (2, "a.txt")


@pytest.mark.parametrize("case", cases("unusable_rows.csv"), ids=lambda case: case["says"])
def test_a_row_that_cannot_be_used_says_what_to_write(case: dict[str, str]) -> None:
    """With its number; the other rows are used."""
    row = ",".join(case[name] for name in ("document", "cell", "reading", "reason", "who", "date"))
    good = "a.txt,表1 第9行 第5列,≥36公里,原件如此,张三,"
    rows = read_corrections(f"{HEAD},date\n{row}\n{good}\n".encode(), "c.csv")
    assert [(found.number, found.correction is None) for found in rows] == [(2, True), (3, False)]
    assert case["says"] in rows[0].problem


def test_a_row_that_is_not_filled_in_says_nothing() -> None:
    """A list of places to look at can be filled in bit by bit."""
    assert read_corrections(f"{HEAD}\na.txt,表1 第9行 第5列,,,\n".encode(), "c.csv") == []


def test_a_row_that_nobody_has_signed_waits(folder: Path) -> None:
    """It is a proposal, as the lists of fixes make them: told, not applied, and nothing wrong."""
    path = table(folder, VALUE.removesuffix("张三"), VALUE, name="given.csv")
    tables = find_tables([folder / "a.txt"], str(path))
    assert [one.origin for one in said_of(tables, folder / "a.txt")] == [f"{path}, row 3"]
    assert list(tables.problems()) == []
    assert list(tables.asides()) == [f"{path}: nobody has signed row 2 (column who): not applied"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b\n1,2\n", "must name the columns document"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"%PDF-1.4\n%%EOF", "neither a CSV file nor a workbook"),
    ],
    ids=["other columns", "a picture", "a PDF"],
)
def test_what_is_no_table_of_corrections_is_named(data: bytes, says: str) -> None:
    """The message says what the file should be."""
    with pytest.raises(loader.LoaderError, match=says):
        read_corrections(data, "c.csv")
    assert issubclass(CorrectionTableError, loader.LoaderError)


def table(folder: Path, *rows: str, name: str = "corrections.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8-sig")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small form, `a.txt`."""
    (tmp_path / "a.txt").write_bytes(FORM.read_bytes())
    return tmp_path


VALUE = "a.txt,表1 第9行 第5列,≥36公里,原件如此,张三"


def said_of(tables: Tables, document: Path) -> tuple[Correction, ...]:
    """Ask tables as a run does."""
    return tables.of(Given(Location(document)))


def test_a_document_is_named_by_its_file_or_its_hash(folder: Path) -> None:
    """Folders may stand before the name; eight digits of the SHA-256 are enough."""
    document = folder / "a.txt"
    sha256 = loader.convert(document.read_bytes()).disclosure.sha256
    for name in ("a.txt", "文本/a.txt", "文本\\A.TXT", sha256, sha256[:8].upper()):
        tables = find_tables([document], str(table(folder, VALUE.replace("a.txt", name), name="given.csv")))
        assert [one.reading for one in said_of(tables, document)] == ["≥36公里"], name
        assert list(tables.problems()) == []


def test_a_table_that_cannot_be_read_is_named_before_anything_is_done(folder: Path) -> None:
    """With its path."""
    (folder / "corrections.csv").write_bytes(b"a,b\n")
    with pytest.raises(SourceError, match=r"corrections\.csv: the first row must name"):
        find_tables([folder / "a.txt"], None)


# --- the store: every later load ----------------------------------------------------------------------------


@pytest.fixture
def store() -> Store:
    """An empty store in memory."""
    store = open_store("memory:")
    Ingest(store).prepare()
    return store


def load(store: Store, folder: Path, *names: str) -> list[Loaded]:
    sources = find_sources([str(folder / name) for name in names] or [str(folder)])
    tables = find_tables([source.path for source in sources], None)
    outcomes = list(Ingest(store).load_all(sources, tables=tables))
    assert all(isinstance(outcome, Loaded) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Loaded)]


def ask(store: Store, sparql: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(store.query(PROLOGUE + sparql, "text/csv").decode())))


def numbers(store: Store) -> list[str]:
    rows = ask(store, "SELECT ?n { ?i jx:name '养护里程' ; jx:target/jx:number ?n }")
    return [row["n"] for row in rows]


def everything(store: Store) -> bytes:
    return b"".join(store.export("application/n-quads"))


def test_a_correction_is_applied_at_every_later_load_of_the_document(store: Store, folder: Path) -> None:
    """Without its table too; loading again changes nothing; the day of the first load stays."""
    path = table(folder, VALUE)
    (first,) = load(store, folder)
    assert (first.corrected, first.uncorrected, numbers(store)) == (1, (), ["36"])
    before = everything(store)
    load(store, folder)
    assert everything(store) == before
    path.unlink()
    (again,) = load(store, folder)
    assert (again.corrected, numbers(store)) == (1, ["36"])
    assert everything(store) == before
    assert len(ask(store, "SELECT ?when { ?c dcterms:created ?when ; a jx:Correction }")) == 1


def test_removing_the_row_and_loading_again_takes_a_correction_back(store: Store, folder: Path) -> None:
    """Nothing of it is left, and it is told."""
    plain = open_store("memory:")
    Ingest(plain).prepare()
    load(plain, folder)
    table(folder, VALUE)
    load(store, folder)
    table(folder)
    (outcome,) = load(store, folder)
    assert (outcome.corrected, outcome.taken_back, numbers(store)) == (0, 1, ["35"])
    graph = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/graph/disclosure/')) }"
    shown = [each.query(PROLOGUE + graph, "application/n-triples") for each in (store, plain)]
    assert set(shown[0].splitlines()) == set(shown[1].splitlines())


def test_a_correction_that_is_changed_takes_the_place_of_the_earlier_one(store: Store, folder: Path) -> None:
    """One reading holds."""
    table(folder, VALUE)
    load(store, folder)
    table(folder, VALUE.replace("36", "38"))
    (outcome,) = load(store, folder)
    assert (outcome.corrected, outcome.taken_back, numbers(store)) == (1, 1, ["38"])
    assert len(ask(store, "SELECT ?c { ?c a jx:Correction }")) == 1


def test_a_correction_that_finds_no_place_is_kept_and_told_each_time(store: Store, folder: Path) -> None:
    """What somebody wrote down is not lost because a cell is not found."""
    path = table(folder, VALUE.replace("表1 第9行 第5列", "表9 第9行 第5列"))
    for _ in range(2):
        (outcome,) = load(store, folder)
        assert (outcome.corrected, numbers(store)) == (0, ["35"])
        assert "表9 第9行 第5列" in outcome.uncorrected[0]
        path.unlink(missing_ok=True)


def test_a_correction_waits_for_the_text_that_it_is_about(store: Store, folder: Path) -> None:
    """Where the cell prints something else now, as after a change of how tables are read, it is not applied."""
    table(folder, VALUE)
    load(store, folder)
    (row,) = ask(store, "SELECT ?g ?c { GRAPH ?g { ?c a jx:Correction } }")
    graph, subject = row["g"], row["c"]
    from service.store import Changes

    line = f'<{subject}> <{PREFIXES["jx"]}printedText> "{{}}" <{graph}> .\n'
    store.apply(Changes(removed=line.format("≥35公里").encode(), added=line.format("≥3公里").encode()))
    (folder / "corrections.csv").unlink()
    (outcome,) = load(store, folder)
    assert (outcome.corrected, numbers(store)) == (0, ["35"])
    assert "prints “≥35公里” and not “≥3公里”" in outcome.uncorrected[0]


def same_in_another_format(folder: Path) -> None:
    """`b.txt`: other bytes that print the same."""
    (folder / "b.txt").write_bytes(FORM.read_bytes() + b"\n\n")


@pytest.mark.parametrize("names", [("a.txt", "b.txt"), ("b.txt", "a.txt")])
def test_the_corrected_one_of_two_formats_of_a_document_holds(
    store: Store, folder: Path, names: tuple[str, str]
) -> None:
    """Whichever is loaded first, and whichever is loaded again; nothing is counted twice."""
    same_in_another_format(folder)
    for name in names:
        load(store, folder, name)
    table(folder, VALUE)
    for name in ("a.txt", "b.txt", "a.txt"):
        load(store, folder, name)
        assert numbers(store) == ["36"]
    assert len(ask(store, "SELECT ?b { ?d jx:budget ?b }")) == 1
    assert len(ask(store, "SELECT ?x { ?x prov:alternateOf ?y }")) == 1
    assert ask(store, "SELECT ?x { ?x prov:wasRevisionOf ?y }") == []


def test_a_later_publication_takes_the_place_of_a_corrected_one(store: Store, folder: Path) -> None:
    """What was corrected is of the earlier document; the correction stays with it."""
    said = (correction("表1 第9行 第5列", "≥36公里"),)
    Ingest(store).load(FORM.read_bytes(), "a.txt", CatalogueEntry(published=date(2025, 1, 1)), said)
    later = FORM.read_bytes().replace("≥35公里".encode(), "≥40公里".encode())
    Ingest(store).load(later, "b.txt", CatalogueEntry(published=date(2025, 6, 1)))
    assert numbers(store) == ["40"]
    assert len(ask(store, "SELECT ?c { ?c a jx:Correction }")) == 1


def test_rows_about_documents_that_are_nowhere_are_told(store: Store, folder: Path) -> None:
    """With their numbers; of one that is in the store it is told that it must be loaded again."""
    path = table(
        folder, VALUE, VALUE.replace("a.txt", "aa.txt"), VALUE.replace("a.txt", "b.txt"), name="given.csv"
    )
    tables = find_tables([folder / "a.txt"], str(path))
    assert len(said_of(tables, folder / "a.txt")) == 1
    assert list(tables.problems()) == []
    assert list(tables.asides()) == [f"{path}: rows 3, 4 speak of documents that are not read now"]
    known = {"f" * 64: "b.txt"}
    (problem,) = tables.problems(known)
    assert problem == f"{path}, row 3: there is no document 'aa.txt'; did you mean a.txt?"
    assert list(tables.asides(known)) == [f"{path}: row 4 speaks of a document that is not read now"]


def test_a_name_that_several_documents_have_is_not_enough(folder: Path) -> None:
    """Nobody can say which is meant."""
    other = folder / "sub"
    other.mkdir()
    (other / "a.txt").write_bytes(FORM.read_bytes() + b"\n")
    path = table(folder, VALUE, name="given.csv")
    tables = find_tables([folder / "a.txt", other / "a.txt"], str(path))
    assert [said_of(tables, document) for document in (folder / "a.txt", other / "a.txt")] == [(), ()]
    (problem,) = tables.problems()
    assert "row 2: several documents are called 'a.txt'" in problem


def test_a_copy_of_a_corrected_document_is_corrected(store: Store, folder: Path) -> None:
    """The row names one of the two; whichever is loaded last, and with a table beside it or not."""
    (folder / "c").mkdir()
    for copy in (folder / "0.txt", folder / "z.txt", folder / "c" / "c.txt"):
        copy.write_bytes(FORM.read_bytes())
    table(folder, VALUE)
    assert len(load(store, folder)) == 4
    assert numbers(store) == ["36"]


# --- archives -----------------------------------------------------------------------------------------------


def archive(folder: Path, **files: str) -> Path:
    """Write `a.zip` with the small form twice, one in an archive in it, and with other files."""
    inner = zip_of({"c.txt": FORM.read_bytes() + b"\n"})
    texts = {name: text.encode() for name, text in files.items()}
    path = folder / "a.zip"
    path.write_bytes(zip_of({"绩效/b.txt": FORM.read_bytes(), "绩效/inner.zip": inner} | texts))
    return path


def numbers_by_name(path: Path, given: str | None, workplace: Workplace) -> tuple[dict[str, int], Tables]:
    """Return how many corrections are applied in each document, and the tables that were asked."""
    tables = find_tables([path], given)
    outcomes = convert_all([Given(Location(path))], workplace, whole, tables)
    told = [(where.name, out) for where, out in outcomes if isinstance(out, loader.Conversion)]
    return {name: conversion.report.corrected for name, conversion in told}, tables


WORKPLACES = {
    "here": here(),
    "processes": processes(2),
    "elsewhere": replace(here(), elsewhere=True, group=16),
}


@pytest.mark.parametrize("workplace", WORKPLACES.values(), ids=WORKPLACES)
@pytest.mark.parametrize("beside", [True, False])
def test_a_document_in_an_archive_is_named_as_it_is_told(
    tmp_path: Path, workplace: Workplace, beside: bool
) -> None:
    """Beside the archive and in a table that is given by its whole name, wherever it is converted."""
    path = archive(tmp_path)
    names = ("a.zip!绩效/b.txt", "A.ZIP!绩效/inner.zip!c.txt")
    rows = [VALUE.replace("a.txt", name) for name in names]
    made = table(tmp_path, *rows, name="corrections.csv" if beside else "given.csv")
    applied, tables = numbers_by_name(path, None if beside else str(made), workplace)
    assert applied == {"a.zip!绩效/b.txt": 1, "a.zip!绩效/inner.zip!c.txt": 1}
    assert list(tables.problems()) == []


@pytest.mark.parametrize("workplace", WORKPLACES.values(), ids=WORKPLACES)
def test_a_table_in_an_archive_speaks_of_the_documents_beside_it(
    tmp_path: Path, workplace: Workplace
) -> None:
    """By their own names, and of those in archives beside it; it stands last in the archive and is heard first."""
    inner, stray = VALUE.replace("a.txt", "inner.zip!c.txt"), VALUE.replace("a.txt", "bb.txt")
    text = "\n".join([HEAD, VALUE.replace("a.txt", "b.txt"), inner, stray])
    applied, tables = numbers_by_name(archive(tmp_path, **{"绩效/corrections.csv": text}), None, workplace)
    assert applied == {"a.zip!绩效/b.txt": 1, "a.zip!绩效/inner.zip!c.txt": 1}
    assert list(tables.problems({})) == [
        f"{tmp_path}/a.zip!绩效/corrections.csv, row 4: there is no document 'bb.txt'; did you mean b.txt?"
    ]


def test_a_table_in_an_archive_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The documents are read all the same."""
    applied, tables = numbers_by_name(archive(tmp_path, **{"corrections.csv": "a,b\n"}), None, here())
    assert set(applied.values()) == {0}
    (problem,) = tables.problems()
    assert problem.startswith(f"{tmp_path}/a.zip!corrections.csv: the first row must name the columns")


def test_a_row_that_names_an_archive_or_too_little_is_told_what_to_write(tmp_path: Path) -> None:
    """The whole name of a document in it."""
    rows = (VALUE.replace("a.txt", "a.zip"), VALUE.replace("a.txt", "b.txt"))
    made = table(tmp_path, *rows, VALUE.replace("a.txt", "a.zip!bb.txt"))
    applied, tables = numbers_by_name(archive(tmp_path), None, here())
    assert set(applied.values()) == {0}
    assert list(tables.problems()) == [
        f"{made}, row 2: a.zip is an archive: name the document in it, as a.zip!绩效/b.txt",
        f"{made}, row 3: there is no document 'b.txt'; did you mean a.zip!绩效/b.txt?",
        f"{made}, row 4: there is no document 'a.zip!bb.txt'; did you mean a.zip!绩效/b.txt?",
    ]


def test_the_store_keeps_corrections_of_documents_in_archives(store: Store, tmp_path: Path) -> None:
    """At the next load no table is needed, and the document may have been unpacked."""
    text = "\n".join([HEAD, VALUE.replace("a.txt", "b.txt")])
    archive(tmp_path, **{"绩效/corrections.csv": text})
    load(store, tmp_path)
    (tmp_path / "a.zip").write_bytes(zip_of({"b.txt": FORM.read_bytes()}))
    (outcome,) = load(store, tmp_path)
    assert (outcome.corrected, numbers(store)) == (1, ["36"])


# --- the pages ----------------------------------------------------------------------------------------------


def test_the_page_of_a_project_shows_what_is_printed_beside_what_is_read(store: Store, folder: Path) -> None:
    """With reason and author, at the value, at a name and in the source table; the CSV says it too."""
    table(
        folder,
        VALUE,
        VALUE.replace("第5列", "第3列").replace("≥36公里", "里程"),
        VALUE.replace("第9行", "第11行"),
    )
    load(store, folder)
    (row,) = ask(store, "SELECT DISTINCT ?p { ?d jx:ofProject ?p }")
    key = row["p"].rpartition("/")[2]
    shown = project(store, key, "zh")
    indicator = next(one for one in shown.indicators if one.name == "里程")
    (target,) = indicator.targets
    (made,) = target.corrections
    assert (target.printed, target.corrected, target.text) == ("≥35公里", "≥36公里", "≥36公里")
    assert (made.reason, made.who, made.when) == ("原件如此", "张三", date.today().isoformat())  # noqa: DTZ011
    cells = [cell for grid in shown.tables for row in grid.rows for cell in row if cell.correction]
    assert [(cell.text, cell.correction.reading) for cell in cells if cell.correction][:2] == [
        ("养护里程", "里程"),
        ("≥35公里", "≥36公里"),
    ]
    assert indicator.place == cells[0].place
    with serving(store) as address:
        page = httpx.get(f"{address}/zh/projects/{key}", timeout=300).text
        listed = httpx.get(f"{address}/zh/projects/{key}.csv", timeout=300).text
    assert re.search(r"<del>.*≥35公里.*</del> <ins>≥36公里</ins>.*原件如此 — 张三", page)
    assert ",≥35公里,≥36公里,QuantityTarget," in listed


# --- lists of fixes -----------------------------------------------------------------------------------------


@pytest.mark.soak
@pytest.mark.parametrize(
    ("packed", "suffix"),
    [
        (False, ".csv"),
        (True, ".xlsx"),
        (False, ".xlsx"),
        (True, ".csv"),
    ],
)
def test_a_list_of_fixes_is_signed_and_given_back(tmp_path: Path, suffix: str, packed: bool) -> None:
    """What `check` proposes is what `convert` applies, once a person has put a name to it; the finding is gone."""
    form = FORM.read_bytes().replace("≥90%".encode(), b"290%")
    document = tmp_path / ("a.zip" if packed else "a.txt")
    document.write_bytes(zip_of({"绩效/b.txt": form}) if packed else form)
    fixes, out = tmp_path / f"fixes{suffix}", tmp_path / "findings.csv"
    first = jixiao("check", document, "--fix-list", fixes, "-o", out)
    assert "TV-18" in out.read_text(encoding="utf-8-sig")
    unsigned = jixiao("check", document, "--corrections", fixes)
    assert f"{fixes}: nobody has signed rows 2, 3 (column who): not applied" in unsigned.stderr
    assert unsigned.returncode == first.returncode
    sign(fixes)
    signed = jixiao("check", document, "--corrections", fixes, "-o", out)
    assert "1 correction applied" in signed.stderr
    assert "TV-18" not in out.read_text(encoding="utf-8-sig")


def sign(fixes: Path) -> None:
    """Put a name to the first proposal, as a person does with the program for such files."""
    if fixes.suffix == ".csv":
        lines = fixes.read_text(encoding="utf-8-sig").splitlines()
        fixes.write_text("\n".join([lines[0], f"{lines[1]}张三", *lines[2:]]), encoding="gb18030")
        return
    book = openpyxl.load_workbook(fixes)
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, 5).value = "张三"
    book.save(fixes)


# --- the command --------------------------------------------------------------------------------------------


def jixiao(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def faulty(folder: Path) -> Path:
    """A folder whose table has a good row, one without a place and one for nobody."""
    table(folder, VALUE, VALUE.replace("表1", "表9"), VALUE.replace("a.txt", "b.txt"))
    return folder


def test_the_commands_find_the_table_beside_the_documents_and_tell_of_it(faulty: Path) -> None:
    """Converting, checking and loading agree; what is not applied is told with its row, and the exit code is 2."""
    store = f"file:{faulty / 'store'}"
    for arguments in (
        ("convert", faulty / "a.txt", "-o", faulty / "out.nq"),
        ("load", faulty / "a.txt", "--store", store),
        ("check", faulty / "a.txt", "--rules", "DO-01"),
    ):
        done = jixiao(*arguments)
        assert done.returncode == 2, done.stderr
        assert "1 correction applied" in done.stderr
        assert (
            "corrections.csv, row 3: not applied to a.txt, 表9 第9行 第5列: the document has no"
            in done.stderr
        )
        assert "corrections.csv, row 4: there is no document 'b.txt'" in done.stderr
    assert '"36"' in (faulty / "out.nq").read_text(encoding="utf-8")


def test_a_table_can_be_named(folder: Path) -> None:
    """`--corrections`; a document from stdin is known by its SHA-256."""
    sha256 = loader.convert(FORM.read_bytes()).disclosure.sha256
    path = table(
        folder, VALUE, VALUE.replace("a.txt", sha256[:12]).replace("第5列", "第3列"), name="mine.csv"
    )
    done = jixiao("convert", folder / "a.txt", "-o", "-", "--corrections", path)
    assert (done.returncode, "2 corrections applied" in done.stderr) == (0, True)
    refused = jixiao("check", "memory:", "--corrections", path)
    assert (refused.returncode, "when they are loaded" in refused.stderr) == (2, True)
    missing = jixiao("convert", folder / "a.txt", "-o", "-", "--corrections", folder / "no.csv")
    assert (missing.returncode, "no.csv: No such file" in missing.stderr) == (2, True)
