"""Tables written to files: CSV, XLSX, Parquet and Stata's .dta, row after row as they come.

Parquet and .dta need a package that is not installed with the rest; who asks without it is told which.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from queries.tables import Datatype

from ..answers import harmless
from ..problems import TooMuch
from ..store import UnsuitableFormat
from . import codebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas
    import polars
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from queries.tables import Table

    from ..negotiation import Language
    from .rows import Row

Titles = Literal["names", "zh", "en"]
"""What heads the columns: their names, which stay as they are, or their titles in a language."""

_MOST_IN_A_SHEET: Final = 1_048_575
_MOST_IN_MEMORY: Final = 500_000
"""Rows that are made into a .dta, which is written from memory."""
_LONGEST_LABEL: Final = 80
"""Characters of a label of Stata."""
_LONGEST_TEXT: Final = 2_045
"""Bytes of a text of Stata that is of one length with the others of its column."""
_LONGEST_CELL: Final = 32_767
_UTF_8: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is written: the language of its labels, its heads, and whether CSV begins with a mark."""

    language: Language = "zh"
    titles: Titles | None = None
    bom: bool = False

    def heads(self, table: Table, otherwise: Titles = "names") -> list[str]:
        """Return the heads of a table's columns."""
        titles = self.titles or otherwise
        if titles == "names":
            return list(table.columns)
        return [column.title[titles] for column in table.columns.values()]


@dataclass(frozen=True, slots=True)
class Format:
    """A format in which tables are written; `needs` is the package for it, of the extra of the format's name."""

    media_type: str
    write: Callable[[Path, Table, Iterable[Row], Look], None]
    needs: str = ""
    extra: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it can be written here."""
        return not self.needs or find_spec(self.needs) is not None


def format_of(suffix: str) -> Format:
    """Return the format of a suffix of `FORMATS`; raise `UnsuitableFormat` where its package is not installed."""
    chosen = FORMATS[suffix]
    if not chosen.is_there:
        offered = tuple(known for known, other in FORMATS.items() if other.is_there)
        message = (
            f".{suffix} is not written here: it needs the extra {chosen.extra} "
            f"(pip install 'jixiao[{chosen.extra}]'); ask for {', '.join(offered)}"
        )
        raise UnsuitableFormat(message, offered=tuple(FORMATS[known].media_type for known in offered))
    return chosen


# --- text -----------------------------------------------------------------------------------------------


def _write_csv(path: Path, table: Table, rows: Iterable[Row], look: Look) -> None:
    """Write CSV in which no cell is a formula."""
    with path.open("w", encoding="utf-8-sig" if look.bom else _UTF_8, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(look.heads(table))
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def _write_plain(path: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write CSV for programs that make something else of it: every cell as it is."""
    with path.open("w", encoding=_UTF_8, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.columns)
        writer.writerows(rows)


# --- spreadsheets ---------------------------------------------------------------------------------------


def _write_xlsx(path: Path, table: Table, rows: Iterable[Row], look: Look) -> None:
    """Write a sheet of rows, numbers as numbers and no cell a formula, and a sheet that says what the columns are."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = cast("WriteOnlyWorksheet", book.create_sheet(table.title[look.language]))
    sheet.freeze_panes = "A2"
    sheet.append(look.heads(table, otherwise=look.language))
    makers = [_CELLS.get(column.type, _text) for column in table.columns.values()]
    for number, row in enumerate(rows, start=1):
        if number > _MOST_IN_A_SHEET:
            raise TooMuch(
                f"the table {table.name} has more than the {_MOST_IN_A_SHEET:,} rows that a spreadsheet holds: "
                "ask for CSV or Parquet"
            )
        sheet.append([make(sheet, cell) if cell else None for make, cell in zip(makers, row, strict=True)])
    told = cast("WriteOnlyWorksheet", book.create_sheet(codebook.NAME[look.language]))
    for line in codebook.lines(table, look.language):
        told.append([_text(told, cell) for cell in line])
    book.save(path)


def _text(sheet: object, text: str) -> object:
    """Return a text that stays one, also when it begins like a formula or an error."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

    kept = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL]
    if not kept.startswith(("=", "#")):
        return kept
    cell = WriteOnlyCell(cast("Any", sheet), value=kept)
    cell.data_type = "s"
    return cell


def _number(sheet: object, text: str) -> object:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return _text(sheet, text)


def _boolean(sheet: object, text: str) -> object:
    del sheet
    return text == "true"


def _day(sheet: object, text: str) -> object:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return _text(sheet, text)


_CELLS: Final[Mapping[Datatype, Callable[[object, str], object]]] = {
    Datatype.INTEGER: _number,
    Datatype.DECIMAL: _number,
    Datatype.YEAR: _number,
    Datatype.BOOLEAN: _boolean,
    Datatype.DATE: _day,
}

# --- Parquet --------------------------------------------------------------------------------------------


def _write_parquet(path: Path, table: Table, rows: Iterable[Row], look: Look) -> None:
    """Write Parquet with typed columns under their names; the codebook stands in its metadata."""
    import polars

    kinds: dict[Datatype, type[polars.DataType]] = {
        Datatype.INTEGER: polars.Int64,
        Datatype.DECIMAL: polars.Float64,
        Datatype.YEAR: polars.Int32,
        Datatype.BOOLEAN: polars.Boolean,
        Datatype.DATE: polars.Date,
    }
    schema = {name: kinds.get(column.type, polars.String) for name, column in table.columns.items()}
    described = {"csvw": json.dumps(codebook.csvw(table, f"{table.name}.csv"), ensure_ascii=False)}
    del look
    with NamedTemporaryFile(dir=path.parent, suffix=".csv") as plain:
        _write_plain(Path(plain.name), table, rows)
        polars.scan_csv(plain.name, schema=schema, null_values="").sink_parquet(path, metadata=described)


# --- Stata ----------------------------------------------------------------------------------------------


def _write_dta(path: Path, table: Table, rows: Iterable[Row], look: Look) -> None:
    """Write Stata's format 118 with the titles of the columns as labels of the variables."""
    import pandas

    with NamedTemporaryFile(dir=path.parent, suffix=".csv") as plain:
        _write_plain(Path(plain.name), table, _no_more(rows, table))
        frame = pandas.read_csv(plain.name, dtype=str, keep_default_na=False)
    labels = look.heads(table, otherwise=look.language)
    for name, column in table.columns.items():
        frame[name] = _of_stata(frame[name], column.type)
    texts = [
        name for name, column in table.columns.items() if _is_long(frame[name]) and column.type not in _CELLS
    ]
    frame.to_stata(
        path,
        write_index=False,
        version=118,
        data_label=table.title[look.language][:_LONGEST_LABEL],
        variable_labels={
            name: label[:_LONGEST_LABEL] for name, label in zip(table.columns, labels, strict=True)
        },
        convert_strl=texts,
        convert_dates={name: "td" for name, column in table.columns.items() if column.type is Datatype.DATE},
    )


def _no_more(rows: Iterable[Row], table: Table) -> Iterable[Row]:
    for number, row in enumerate(rows, start=1):
        if number > _MOST_IN_MEMORY:
            raise TooMuch(
                f"the table {table.name} has more than {_MOST_IN_MEMORY:,} rows, which is too many for one .dta: "
                "ask for CSV, which Stata reads by `import delimited`"
            )
        yield row


def _of_stata(texts: pandas.Series[str], kind: Datatype) -> pandas.Series[Any]:
    import pandas

    if kind is Datatype.DATE:
        return pandas.to_datetime(texts, errors="coerce")
    if kind is Datatype.BOOLEAN:
        return texts.map({"true": 1.0, "false": 0.0})
    return pandas.to_numeric(texts, errors="coerce") if kind in _CELLS else texts


def _is_long(texts: pandas.Series[Any]) -> bool:
    return any(len(text.encode()) > _LONGEST_TEXT for text in chain(texts) if isinstance(text, str))


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("text/csv", _write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _write_xlsx),
    "parquet": Format("application/vnd.apache.parquet", _write_parquet, "polars", "parquet"),
    "dta": Format("application/x-stata-dta", _write_dta, "pandas", "stata"),
}
"""Suffix → format."""


def extra_formats() -> dict[str, str]:
    """Return the formats that need an extra, of those that can be written here: suffix → what reads it."""
    return {
        suffix: chosen.extra.title() for suffix, chosen in FORMATS.items() if chosen.needs and chosen.is_there
    }
