"""Questions on the command line: listed, put, and answered as a table, CSV or JSON."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from queries import catalogue

from .answers import csv_of, records, select
from .store import GRAPH_FORMATS, form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries import Query

    from .answers import Table
    from .store import Store

_WIDTH: Final = 200
"""Columns of a table that goes into a file or a pipe, where no terminal tells its width."""


def listing(questions: Mapping[str, Query], lang: str) -> str:
    """Return the questions, one a line: id, name and title."""
    width = max((len(name) for name in questions), default=0)
    lines = [f"{q.id:8} {name:{width}}  {q.title[lang]}" for name, q in questions.items()]
    return "\n".join(lines)


def question_text(question: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL text of a named question, or of a file ending in .rq.

    Raises `queries.QueryError` for what the catalogue does not know or allow, `OSError` for a missing file.
    """
    if question.endswith(".rq"):
        return Path(question).read_text(encoding="utf-8-sig")
    return catalogue()[question].bind(**values)


def answer(store: Store, sparql: str, output: str) -> str:
    """Return the answer as `table`, `csv` or `json`; a query that makes a graph answers in Turtle."""
    if form_of(sparql).makes_graph:
        return store.query(sparql, GRAPH_FORMATS["ttl"]).decode()
    table = select(store, sparql)
    if output == "json":
        return json.dumps(records(table), ensure_ascii=False, indent=2) + "\n"
    if output == "csv":
        return csv_of(table.columns, _texts(table)).decode()
    return _drawn(table)


def _texts(table: Table) -> list[list[str]]:
    return [[row.text(column) for column in table.columns] for row in table]


def _drawn(table: Table) -> str:
    from rich.console import Console
    from rich.table import Table as Drawing

    drawing = Drawing(*table.columns, show_lines=False)
    for row in _texts(table):
        drawing.add_row(*row)
    console = Console(file=StringIO(), width=None if Console().is_terminal else _WIDTH)
    console.print(drawing)
    console.print(f"{len(table)} rows")
    told = console.file
    return told.getvalue().rstrip("\n") if isinstance(told, StringIO) else ""
