"""Answers as tables: typed cells from SPARQL's JSON, and CSV that a spreadsheet can open without harm."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from service.answers import Term, csv_of, harmless, records, table_of

XSD = "http://www.w3.org/2001/XMLSchema#"

ANSWER = {
    "head": {"vars": ["project", "name", "budget", "blank", "missing"]},
    "results": {
        "bindings": [
            {
                "project": {"type": "uri", "value": "https://w3id.org/jixiao/id/project/A"},
                "name": {"type": "literal", "value": "经费", "xml:lang": "zh"},
                "budget": {"type": "literal", "value": "40000.50", "datatype": f"{XSD}decimal"},
                "blank": {"type": "literal", "value": "true", "datatype": f"{XSD}boolean"},
            }
        ]
    },
}


def test_cells_are_read_by_their_type() -> None:
    """Text, number, truth and IRI; an unbound cell is empty, never an error."""
    (row,) = table_of(json.dumps(ANSWER).encode()).rows
    assert row.text("name") == "经费"
    assert row.number("budget") == Decimal("40000.5")
    assert row.flag("blank") is True
    assert row.cells["project"].is_iri
    assert (row.text("missing"), row.maybe("missing"), row.number("missing"), row.count("missing")) == (
        "",
        None,
        None,
        0,
    )


def test_rows_become_json_objects() -> None:
    """Numbers are numbers, truths are truths, unbound is null."""
    (record,) = records(table_of(json.dumps(ANSWER).encode()))
    assert record == {
        "project": "https://w3id.org/jixiao/id/project/A",
        "name": "经费",
        "budget": 40000.5,
        "blank": True,
        "missing": None,
    }


def test_ask_is_a_table_of_one_cell() -> None:
    """A yes or no is shown like any other answer."""
    table = table_of(b'{"head": {}, "boolean": false}')
    assert records(table) == [{"answer": False}]


@pytest.mark.parametrize(
    ("cell", "given"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+86 10", "'+86 10"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd", "'-cmd"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-5.5", "-5.5"),
        ("-1e3", "-1e3"),
        ("+5", "+5"),
        ("≥95%", "≥95%"),
        ("3月底-6月底", "3月底-6月底"),
        (Decimal("-5.5"), Decimal("-5.5")),
        (None, ""),
    ],
)
def test_a_spreadsheet_runs_no_cell(cell: object, given: object) -> None:
    """What would be a formula is text; a negative number stays a number."""
    assert harmless(cell) == given


def test_csv_may_begin_with_a_byte_order_mark() -> None:
    """Old Excel needs it for Chinese; nobody else gets it."""
    assert csv_of(["名称"], [["经费"]], bom=True) == "\ufeff名称\r\n经费\r\n".encode()
    assert csv_of(["名称"], [["经费"]]) == "名称\r\n经费\r\n".encode()


def test_only_numbers_by_type_and_look_are_numbers() -> None:
    """A code of digits is no number; an infinite double is no number of JSON."""
    assert not Term("13020225").is_number
    assert not Term("INF", datatype=f"{XSD}double").is_number
    assert Term("12", datatype=f"{XSD}integer").value == 12
