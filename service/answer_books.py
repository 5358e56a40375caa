"""The answer to a question as a spreadsheet: its rows under titles, and a sheet on what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from shapes.workbook import Look, Sheet, Shown, workbook

from .problems import TooMuch
from .wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.query import Query

    from .answers import Row, Table
    from .negotiation import Language

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS: Final = 1_048_575
"""As many rows as a sheet holds below its head."""
_WIDTHS: Final = (8, 48)
"""The narrowest and the widest column, in characters."""
_LOOKED_AT: Final = 200
"""Rows that decide how wide a column is."""
_ABOUT_WIDTHS: Final = (24, 100)


Line = Sequence["str | Shown"]


def answer_book(table: Table, titles: Mapping[str, str], about: Sequence[Line], language: Language) -> bytes:
    """Return an answer as XLSX: numbers as numbers, IRIs as links, no cell a formula; `about` is the second sheet.

    A column without a title is headed by its name. Raises `TooMuch` for more rows than a sheet holds.
    """
    if len(table) > _MOST_ROWS:
        raise TooMuch(
            f"{len(table):,} rows, and a spreadsheet holds {_MOST_ROWS:,}: ask for CSV, or for fewer rows"
        )
    heads = [titles.get(column, column) for column in table.columns]
    rows = [[_cell(row, column) for column in table.columns] for row in table]
    told = _words(language)
    answer = Sheet(told["result"], heads, rows, _widths(heads, table))
    return workbook([answer, Sheet(told["about"], (), about, _ABOUT_WIDTHS)])


def about(question: Query, values: Mapping[str, str], language: Language, address: str = "") -> list[Line]:
    """Return what was asked: title, meaning, parameters as they held, where it is answered again, SPARQL."""
    told = _words(language)
    parameters: list[Line] = [
        [parameter.label[language], values.get(parameter.name) or parameter.default or told["any"]]
        for parameter in question.parameters.values()
    ]
    again: list[Line] = [[told["address"], Shown(address, link=address)]] if address else []
    return [
        [Shown(question.title[language], Look.TITLE)],
        [question.id, question.description[language]],
        *parameters,
        *again,
        [told["sparql"], question.bind(**values)],
    ]


def about_own(sparql: str, language: Language) -> list[Line]:
    """Return what was asked by a query of somebody's own."""
    return [[_words(language)["sparql"], sparql]]


def _words(language: Language) -> dict[str, str]:
    words = wording()[language]["queries"]
    return (
        {key: word for key, word in words.items() if isinstance(word, str)} if isinstance(words, dict) else {}
    )


def _cell(row: Row, column: str) -> str | float | Shown | None:
    cell = row.cells.get(column)
    if cell is None:
        return None
    value = cell.value
    if isinstance(value, str) and cell.is_iri:
        return Shown(value, link=value)
    return str(value).upper() if isinstance(value, bool) else value


def _widths(heads: Sequence[str], table: Table) -> list[int]:
    """Return how wide each column is, by its head and its first rows."""
    narrowest, widest = _WIDTHS
    looked_at = table.rows[:_LOOKED_AT]
    longest = (
        max([cell_len(head), *(cell_len(row.text(column)) for row in looked_at)])
        for head, column in zip(heads, table.columns, strict=True)
    )
    return [min(max(length + 4, narrowest), widest) for length in longest]
