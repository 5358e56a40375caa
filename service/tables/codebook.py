"""What the columns of the tables are: as metadata of CSV on the Web for programs, as Markdown for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from queries.tables import Datatype

from ..negotiation import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from queries.parameters import Bilingual
    from queries.tables import Column, Table

    from ..negotiation import Language

MEDIA_TYPE: Final = "application/csvm+json"
NAME: Final[Mapping[str, str]] = {"zh": "字段说明", "en": "Codebook"}
_CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "zh"}]
_CSVW: Final[Mapping[Datatype, str]] = {
    Datatype.CODE: "string",
    Datatype.IRI: "anyURI",
    Datatype.YEAR: "gYear",
}
"""What CSV on the Web calls our datatypes where it calls them otherwise."""
KINDS: Final[Mapping[Datatype, Mapping[str, str]]] = {
    Datatype.STRING: {"zh": "文字", "en": "text"},
    Datatype.CODE: {"zh": "代码", "en": "code"},
    Datatype.IRI: {"zh": "网址", "en": "address (IRI)"},
    Datatype.INTEGER: {"zh": "整数", "en": "whole number"},
    Datatype.DECIMAL: {"zh": "数", "en": "number"},
    Datatype.YEAR: {"zh": "年", "en": "year"},
    Datatype.DATE: {"zh": "日期", "en": "date"},
    Datatype.BOOLEAN: {"zh": "真假（true、false）", "en": "true or false"},
}
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("字段", "中文标题", "英文标题", "类型", "单位", "说明"),
    "en": ("column", "title (zh)", "title (en)", "type", "unit", "what it is"),
}
_OF_ALL: Final[Mapping[str, str]] = {
    "zh": (
        "各表只含现行的内容：同一绩效目标表后来又公布过的，只有最后公布的一份。"
        "空单元格表示没有。每行由标为“键”的字段区分。"
        "CSV 中以 = + - @ 开头的文字前加了一个 '，以免被电子表格当作公式；其他格式照原样。"
    ),
    "en": (
        "The tables hold what holds now: of a declaration that was published again, only what was published last. "
        "An empty cell means that there is none. The columns marked as key tell the rows apart. "
        "In CSV a text that begins with = + - or @ has ' before it, or a spreadsheet would take it for a "
        "formula; the other formats hold it as it is."
    ),
}
_KEY: Final[Mapping[str, str]] = {"zh": "键", "en": "key"}


def csvw(table: Table, url: str) -> dict[str, object]:
    """Return the metadata of the table that stands as CSV at an address."""
    return {"@context": _CONTEXT, **_described(table, url)}


def csvw_of_all(tables: Mapping[str, Table]) -> dict[str, object]:
    """Return the metadata of all tables, each as CSV beside the file of the metadata."""
    return {
        "@context": _CONTEXT,
        "tables": [_described(table, f"{name}.csv") for name, table in tables.items()],
    }


def markdown(tables: Mapping[str, Table], language: Language) -> str:
    """Return the codebook of some tables."""
    parts = [f"# {NAME[language]}", _OF_ALL[language]]
    for table in tables.values():
        head, *below = lines(table, language)
        drawn = [head, tuple("---" for _ in head), *below]
        parts += [f"## {table.name}: {table.title[language]}", table.description[language]]
        parts.append("\n".join(map(_row, drawn)))
    return "\n\n".join(parts) + "\n"


def lines(table: Table, language: Language) -> Iterator[tuple[str, ...]]:
    """Yield a line of heads and one for each column."""
    yield _HEADS[language]
    for column in table.columns.values():
        yield (
            column.name,
            column.title.zh,
            column.title.en,
            KINDS[column.type][language] + (f" · {_KEY[language]}" if column.name in table.key else ""),
            column.unit,
            column.about[language],
        )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _described(table: Table, url: str) -> dict[str, object]:
    return {
        "url": url,
        "dc:title": _in_both(table.title),
        "dc:description": _in_both(table.description),
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [_column(column) for column in table.columns.values()],
            "primaryKey": list(table.key),
        },
    }


def _column(column: Column) -> dict[str, object]:
    """Return the metadata of a column; as `und` stands what heads it where no language was asked for."""
    described: dict[str, object] = {
        "name": column.name,
        "titles": {"und": column.name, "zh": column.title.zh, "en": column.title.en},
        "dc:description": _in_both(column.about),
        "datatype": _CSVW.get(column.type, column.type.value),
    }
    if column.separator:
        described["separator"] = column.separator
    if column.unit:
        described["schema:unitText"] = column.unit
    return described


def _in_both(text: Bilingual) -> list[dict[str, str]]:
    return [{"@value": text[language], "@language": language} for language in LANGUAGES]
