"""The answer to a question as a spreadsheet: what a person who works in Excel downloads."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

import queries
from service.answer_books import about_own, answer_book
from service.answers import Row, Table, Term

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from openpyxl import Workbook

QUESTIONS = queries.catalogue()


def book_of(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_spreadsheet_holds_the_rows_of_the_answer(client: TestClient, name: str) -> None:
    """Row for row what JSON says, under the titles of the columns in the language that is asked for."""
    rows = client.get(f"/queries/{name}.json").json()
    answer = client.get(f"/queries/{name}.xlsx", params={"titles": "en"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.xlsx"'
    head, *written = book_of(answer.content).worksheets[0].iter_rows(values_only=True)
    assert list(head) == [title.en for title in QUESTIONS[name].columns.values()]
    assert [list(row) for row in written] == [[_in_a_cell(value) for value in row.values()] for row in rows]


def _in_a_cell(value: object) -> object:
    """What a cell holds: an empty text is an empty cell, and true is the word that spreadsheets have for it."""
    return (
        {True: "TRUE", False: "FALSE"}[value] if isinstance(value, bool) else None if value == "" else value
    )


def test_a_spreadsheet_says_what_was_asked(client: TestClient) -> None:
    """The second sheet has title, meaning, every parameter as it held, the address of this answer, and the SPARQL."""
    answer = client.get("/queries/large-projects.xlsx", params={"threshold": "5000000", "titles": "zh"})
    book = book_of(answer.content)
    assert book.sheetnames == ["结果", "说明"]
    said = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert next(iter(said)) == QUESTIONS["large-projects"].title.zh
    assert said["预算数不低于（元）"] == "5000000"
    assert said["预算年度"] == "不限"
    assert "SELECT" in str(said["SPARQL 查询语句"])
    again = client.get(str(said["网址"]))
    assert list(book_of(again.content)["结果"].values) == list(book["结果"].values)


def test_titles_are_in_the_language_of_the_reader(client: TestClient) -> None:
    """Where the address does not say, the browser does."""
    for language, sheets in {"zh-CN": ["结果", "说明"], "en-GB": ["Result", "About"]}.items():
        answer = client.get("/queries/large-projects.xlsx", headers={"Accept-Language": language})
        assert book_of(answer.content).sheetnames == sheets
        assert "Accept-Language" in answer.headers["vary"]


def test_no_cell_of_an_answer_is_a_formula() -> None:
    """What documents print may begin like a formula; numbers are numbers, and IRIs lead somewhere."""
    number = Term("12.50", datatype="http://www.w3.org/2001/XMLSchema#decimal")
    row = Row({"name": Term("=1+1"), "n": number, "thingIri": Term("https://example.org/a", is_iri=True)})
    table = Table(("name", "n", "thingIri", "none"), (row,))
    page = book_of(answer_book(table, {"name": "名称"}, about_own("SELECT *", "zh"), "zh")).worksheets[0]
    head, cells = page.iter_rows()
    assert [cell.value for cell in head] == ["名称", "n", "thingIri", "none"]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        (12.5, "n"),
        ("https://example.org/a", "s"),
        (None, "n"),
    ]
    assert cells[2].hyperlink is not None
    assert cells[2].hyperlink.target == "https://example.org/a"
