"""Questions on the command line: listed, put, and answered as a table, CSV, JSON or a spreadsheet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.markup import escape

from . import answer_books
from .answers import csv_of, records, select
from .store import GRAPH_FORMATS, form_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries import Query

    from .answers import Table
    from .negotiation import Language
    from .store import Store

_WIDTH: Final = 200
"""Columns of a table that goes into a file or a pipe, where no terminal tells its width."""
_LINK: Final = "Iri"
"""Columns whose name ends so hold IRIs: of use to programs, and too wide for a table that a person reads."""


class UnknownQuestionError(Exception):
    """No question has this name; the message names the nearest ones."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: SPARQL, the titles of its columns where the catalogue gives them, and what it says of itself."""

    sparql: str
    titles: Mapping[str, str]
    about: Sequence[answer_books.Line]


def listing(questions: Mapping[str, Query], lang: str) -> str:
    """Return the questions, one a line: id, name and title."""
    width = max((len(name) for name in questions), default=0)
    lines = [f"{query.id:8} {name:{width}}  {query.title[lang]}" for name, query in questions.items()]
    return "\n".join(lines)


def question_of(
    name: str, values: Mapping[str, str], lang: Language, questions: Mapping[str, Query]
) -> Question:
    """Return one of some questions with its parameters, or the query of a file ending in `.rq`.

    Raises `UnknownQuestionError`, `queries.QueryError` for parameters that do not fit, `OSError` for a file.
    """
    if name.endswith(".rq"):
        sparql = Path(name).read_text(encoding="utf-8-sig")
        return Question(sparql, {}, answer_books.about_own(sparql, lang))
    if name not in questions:
        near = get_close_matches(name, questions, n=3, cutoff=0.4)
        told = f"Did you mean {', '.join(near)}?" if near else "`jixiao ask` lists them."
        raise UnknownQuestionError(f"there is no question {name!r}. {told}")
    query = questions[name]
    titles = {column: title[lang] for column, title in query.columns.items()}
    return Question(query.bind(**values), titles, answer_books.about(query, values, lang))


def answer(store: Store, question: Question, output: str, lang: Language) -> bytes:
    """Return the answer as `table`, `csv`, `json` or `xlsx`; a query that makes a graph answers in Turtle.

    Raises `problems.TooMuch` for more rows than a spreadsheet holds.
    """
    if form_of(question.sparql).makes_graph:
        return store.query(question.sparql, GRAPH_FORMATS["ttl"])
    table = select(store, question.sparql)
    if output == "json":
        return f"{json.dumps(records(table), ensure_ascii=False, indent=2)}\n".encode()
    if output == "csv":
        return csv_of(table.columns, _texts(table, table.columns))
    if output == "xlsx":
        return answer_books.answer_book(table, question.titles, question.about, lang)
    return f"{_drawn(table, question.titles)}\n".encode()


def _texts(table: Table, columns: Sequence[str]) -> list[list[str]]:
    return [[row.text(column) for column in columns] for row in table]


def _drawn(table: Table, titles: Mapping[str, str]) -> str:
    from rich.console import Console
    from rich.table import Table as Drawing

    columns = [column for column in table.columns if not (column in titles and column.endswith(_LINK))]
    drawing = Drawing()
    for column in columns:
        drawing.add_column(titles.get(column, column), overflow="fold")
    for row in _texts(table, columns):
        drawing.add_row(*(escape(text) for text in row))
    told = StringIO()
    console = Console(file=told, width=None if Console().is_terminal else _WIDTH)
    console.print(drawing)
    console.print(f"{len(table)} rows")
    return told.getvalue().rstrip("\n")
