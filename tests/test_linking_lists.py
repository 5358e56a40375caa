"""`jixiao link`: a table gets the IRIs that its names mean, a person reads it over, and a graph is written."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from ontology.namespaces import JX, JXC, PREFIXES
from service.cli import main
from service.list_linking import ADDED, How, Link, written
from service.list_linking import graph_of as links_graph
from service.store import Changes, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from service.store import Store

ID = "https://w3id.org/jixiao/id/"
LIST = """编号,单位,区划,网址
1,教育局（本级）,路南区,http://example.org/units/1
2,唐山市路南区启明小学,,http://example.org/units/2
3,组织部,130202,
4,火星市教育局,,
5,石家庄市藁城区农业农村局,,
"""
REGISTER = "https://w3id.org/jixiao/graph/register"


@pytest.fixture(scope="module")
def store_url(library: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store on disk with the register of the examples."""
    url = f"file:{tmp_path_factory.mktemp('linking') / 'store'}"
    statements = "\n".join(library.statements(REGISTER))
    quads = (
        ox.Quad(*quad.triple, ox.NamedNode(REGISTER))
        for quad in ox.parse(statements, format=ox.RdfFormat.N_TRIPLES)
    )
    with open_store(url, create=True) as store:
        store.apply(Changes(added=ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""))
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["link", *arguments])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def graph_of(path: Path) -> list[ox.Quad]:
    suffixes = {".ttl": ox.RdfFormat.TURTLE, ".nq": ox.RdfFormat.N_QUADS}
    return list(ox.parse(path.read_bytes(), format=suffixes[path.suffix]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_row_gets_what_it_means(tmp_path: Path, store_url: str, encoding: str) -> None:
    """What was there stays as it was; the division is a column of the table."""
    table, linked, graph = tmp_path / "units.csv", tmp_path / "linked.csv", tmp_path / "links.nq"
    table.write_text(LIST, encoding=encoding)
    told = run(
        str(table), "--column", "单位", "--type", "unit", "--division", "区划", "--iri", "网址", "--source",
        "units-2025", "-o", str(linked), "--graph", str(graph), "--store", store_url,
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "4 of 5 rows are certain" in told.output
    rows = rows_of(linked)
    assert list(rows[0]) == ["编号", "单位", "区划", "网址", *ADDED]
    certain = [row["link_iri"].removeprefix(ID) if row["link_certain"] else "" for row in rows]
    assert certain == [
        "unit/130202/205001",
        "unit/130202/205002",
        "unit/130202/203001",
        "",
        "unit/130109/326001",
    ]
    assert [row["单位"] for row in rows][:2] == ["教育局（本级）", "唐山市路南区启明小学"]
    assert "place 1" in rows[0]["link_reasons"]
    quads = graph_of(graph)
    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/jixiao/graph/links/units-2025"}
    assert sum(quad.object == ox.NamedNode(str(JX.Link)) for quad in quads) == 4
    close = {
        (quad.subject.value, quad.object.value) for quad in quads if "closeMatch" in quad.predicate.value
    }
    assert close == {
        ("http://example.org/units/1", f"{ID}unit/130202/205001"),
        ("http://example.org/units/2", f"{ID}unit/130202/205002"),
    }
    assert not [quad for quad in quads if "sameAs" in quad.predicate.value]


def test_a_person_has_the_last_word(tmp_path: Path, store_url: str) -> None:
    """Yes keeps a link, no drops it, an IRI sets another; what nobody has read is no link."""
    table, linked, graph = tmp_path / "units.csv", tmp_path / "linked.csv", tmp_path / "links.ttl"
    table.write_text(LIST, encoding="utf-8")
    run(str(table), "--column", "单位", "-o", str(linked), "--division", "区划", "--store", store_url)
    rows = rows_of(linked)
    for row, said in zip(rows, ["是", "no", f"{ID}unit/130202/203001", "", ""], strict=True):
        row["link_reviewed"] = said
    with linked.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    told = run("--reviewed", str(linked), "--column", "单位", "-o", str(graph), "--store", store_url)
    assert told.exit_code == 0, told.output
    assert "2 of 5 rows are linked" in told.output
    quads = graph_of(graph)
    links = {quad.object.value for quad in quads if quad.predicate.value == str(JX.linksTo)}
    assert links == {rows[0]["link_iri"], f"{ID}unit/130202/203001"}
    hows = {quad.object.value for quad in quads if quad.predicate.value == str(JX.match)}
    assert hows == {str(JXC["match/reviewed"])}
    days = {quad.object.datatype.value for quad in quads if quad.predicate.value.endswith("/created")}
    assert days == {f"{PREFIXES['xsd']}date"}


def test_what_is_found_twice_is_one_link(tmp_path: Path, store_url: str) -> None:
    """A name once with its code and once without: the link tells the surer finding, whichever comes first."""
    table, graph = tmp_path / "units.csv", tmp_path / "links.nq"
    rows = ["教育局（本级）,205001", "教育局（本级）,"]
    told = []
    for order in (rows, rows[::-1]):
        table.write_text("\n".join(["单位,代码", *order, ""]), encoding="utf-8")
        done = run(
            str(table), "--column", "单位", "--division", "路南区", "--code", "代码", "--graph", str(graph),
            "-o", str(tmp_path / "linked.csv"), "--store", store_url,
        )  # fmt: skip
        assert "2 of 2 rows are certain" in done.output
        told.append({(quad.predicate.value, quad.object.value) for quad in graph_of(graph)})
    assert told[0] == told[1]
    assert len(told[0]) == len({predicate for predicate, _ in told[0]}) == 7
    assert (str(JX.match), str(JXC["match/code"])) in told[0]


def test_what_a_person_read_over_is_the_surest() -> None:
    """Also where a program scored the same more highly, or somebody wrote a word for the score."""
    found = [Link("甲", f"{ID}unit/1", how, score, "") for how, score in
             [(How.NAME, "99"), (How.REVIEWED, "much"), (How.CODE, "100")]]  # fmt: skip
    quads = ox.parse(links_graph(found, "list", date(2026, 1, 2)), format=ox.RdfFormat.N_QUADS)
    assert [q.object.value for q in quads if q.predicate.value == str(JX.match)] == [
        str(JXC["match/reviewed"])
    ]


def test_cells_that_are_added_are_no_formulas() -> None:
    """What is written beside a table comes from documents of others; the table stays as it was."""
    row = {
        "单位": "=1+1",
        **dict.fromkeys(ADDED, ""),
        "link_name": "=HYPERLINK(1)",
        "link_others": "@SUM(A1) 40",
    }
    (kept,) = csv.DictReader(io.StringIO(written(list(row), [row]).decode("utf-8-sig")))
    assert (kept["单位"], kept["link_name"], kept["link_others"]) == (
        "=1+1",
        "'=HYPERLINK(1)",
        "'@SUM(A1) 40",
    )


@pytest.mark.parametrize(
    ("table", "options", "told"),
    [
        ("单位\n甲\n", ["--column", "名称"], "there is no column '名称': there are 单位"),
        ("单位,单位\n甲,乙\n", ["--column", "单位"], "each by another name"),
        ("单位\n甲,乙\n", ["--column", "单位"], "more cells"),
        ("单位\n甲\n", ["--column", "单位", "--source", "我的表"], "cannot name a list"),
        ("单位\n甲\n", ["--column", "单位", "--graph", "links.xlsx"], "must end in"),
        ("单位\n甲\n", ["--column", "单位", "--reviewed"], "link_iri"),
        (f"单位,{','.join(ADDED)}\n甲,,,,,,,maybe\n", ["--column", "单位", "--reviewed"], "row 2"),
        (f"单位,{','.join(ADDED)}\n甲,,,,,,,yes\n", ["--column", "单位", "--reviewed"], "without link_iri"),
        (f"单位,{','.join(ADDED)}\n甲,,,,,,,\n", ["--column", "单位"], "matched already"),
        (
            "单位,网址\n教育局本级,not an IRI\n",
            ["--column", "单位", "--iri", "网址", "--division", "路南区", "--graph", "g.ttl"],
            "no IRI",
        ),
    ],
)
def test_what_does_not_fit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str, table: str, options: list[str], told: str
) -> None:
    """With the file, the place and what to do; nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "units.csv").write_text(table, encoding="utf-8")
    done = run("units.csv", *options, "-o", "out.csv", "--store", store_url)
    assert done.exit_code == 2
    assert told in done.output
    assert {path.name for path in tmp_path.iterdir()} == {"units.csv"}
