"""Metadata of CSV on the Web (W3C, 2015), as far as triples need them; what is not read here is refused by name.

Read: url, tables (the one of the file), dialect (encoding, delimiter, quoteChar, header), tableSchema with columns
(name, titles, required), and aboutUrl, propertyUrl, valueUrl, datatype, null, lang and separator, inherited or not.
Notes (names with a colon) say something of the table, of which title, publisher, licence, source and day of issue go
into the catalogue. Imported by `tables`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from .columns import LEXICAL, Column, variables
from .faults import UnfitData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_CONTEXT: Final = "http://www.w3.org/ns/csvw"
_INHERITED: Final = ("aboutUrl", "propertyUrl", "valueUrl", "datatype", "null", "lang", "separator")
_OF_A_GROUP: Final = frozenset({"@context", "@id", "@type", "tables", "dialect"})
_OF_A_TABLE: Final = frozenset({"@context", "@id", "@type", "url", "dialect", "tableSchema"})
_OF_A_SCHEMA: Final = frozenset({"@id", "@type", "columns", "primaryKey"})
_OF_A_COLUMN: Final = frozenset({"@id", "@type", "name", "titles", "required"})
_OF_A_DIALECT: Final = frozenset({"@id", "@type", "encoding", "delimiter", "quoteChar", "header"})
_CALLED: Final = {"number": "double", "datetime": "dateTime", "any": "string", "normalizedString": "string"}
"""What CSV on the Web calls datatypes of XML Schema that have another name, or are read as another here."""
_SAID: Final = {
    "title": "title", "publisher": "publisher", "license": "licence", "source": "source", "issued": "issued",
}  # fmt: skip
_NOT_IN_AN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|\\^`%#]')
"""What is written as %20 and the like where the name of a column stands in an address (RFC 3987)."""
_ROW_NUMBERS: Final = frozenset({"_row", "_sourceRow"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the metadata of a file say: how it is written, its columns with what may head each, and notes."""

    columns: tuple[Column, ...]
    heads: tuple[frozenset[str], ...]
    encoding: str = ""
    delimiter: str = ","
    quote: str = '"'
    said: tuple[tuple[str, str], ...] = ()
    """What they say of the data set, by the words of a sidecar."""


def metadata(data: bytes, file: str, base: str) -> Metadata:
    """Return what metadata say of a file; relative IRIs are relative to `base`. Raises `UnfitData`."""
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnfitData(f"the metadata are no JSON in UTF-8: {error}") from error
    except RecursionError:
        raise UnfitData("the metadata are nested too deeply") from None
    if not isinstance(told, dict):
        raise UnfitData("the metadata are no object of JSON")
    _refuse_other_contexts(told.get("@context"))
    table = _table_of(told, file)
    dialect = _only(table.get("dialect", told.get("dialect", {})), _OF_A_DIALECT, "dialect")
    if dialect.get("header", True) is not True:
        raise UnfitData(
            "the metadata say that there is no header, and the first line must name the columns here"
        )
    schema = _only(table.get("tableSchema", {}), {*_OF_A_SCHEMA, *_INHERITED}, "tableSchema")
    described = _columns(schema.get("columns"))
    inherited = _inherited({}, told, table, schema)
    columns = [_column(one, inherited, base) for one in described]
    _refuse_unknown_variables(columns)
    return Metadata(
        tuple(columns),
        tuple(frozenset({one["name"], *_titles(one)}) for one in described),
        _text(dialect.get("encoding", ""), "encoding"),
        _sign(dialect.get("delimiter", ","), "delimiter"),
        _sign(dialect.get("quoteChar", '"'), "quoteChar"),
        tuple(_said(told | table)),
    )


def _refuse_other_contexts(context: Any) -> None:
    given = context if isinstance(context, list) else [context]
    if given[:1] != [_CONTEXT] or not all(isinstance(one, dict) for one in given[1:]):
        raise UnfitData(f'the metadata must begin with "@context": "{_CONTEXT}"; nothing else is fetched')
    if any("@base" in one for one in given[1:]):
        raise UnfitData("@base is not read here: write the addresses in the metadata whole")


def _table_of(told: dict[str, Any], file: str) -> dict[str, Any]:
    """Return what is said of the one table that is the file."""
    if "tables" not in told:
        table = _only(told, {*_OF_A_TABLE, *_INHERITED}, "table")
        if "url" in table and _last(table["url"]) != file:
            raise UnfitData(f"the metadata are about {table['url']!r}, and the file is called {file!r}")
        return table
    _only(told, {*_OF_A_GROUP, *_INHERITED}, "group of tables")
    tables = told["tables"]
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and _last(table.get("url", "")) == file:
            return _only(table, {*_OF_A_TABLE, *_INHERITED}, "table")
    raise UnfitData(f"the metadata say nothing of {file!r}")


def _last(url: object) -> str:
    return str(url).rpartition("/")[2]


def _only(told: Any, known: Iterable[str], what: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise UnfitData(f"what the metadata say of the {what} is no object: {str(told)[:80]!r}")
    for key in told:
        if ":" not in key and key not in known:
            raise UnfitData(
                f"{key!r} in the {what} of the metadata is not read here: leave it out, or its effect with it"
            )
    return told


def _columns(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, list) or not told:
        raise UnfitData("the metadata describe no columns: tableSchema.columns")
    described = []
    for number, one in enumerate(told, start=1):
        column = _only(one, {*_OF_A_COLUMN, *_INHERITED}, f"column {number}")
        titles = _titles(column)
        if not (column.get("name") or titles):
            raise UnfitData(f"column {number} of the metadata has neither a name nor titles")
        described.append({**column, "name": column.get("name") or titles[0]})
    return described


def _titles(column: Mapping[str, Any]) -> Sequence[str]:
    told = column.get("titles", [])
    values = told.values() if isinstance(told, dict) else [told]
    return [text for value in values for text in (value if isinstance(value, list) else [value])]


def _inherited(before: dict[str, Any], *levels: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for level in levels:
        found |= {key: level[key] for key in _INHERITED if key in level}
    return found


def _column(told: Mapping[str, Any], inherited: dict[str, Any], base: str) -> Column:
    said, name = _inherited(inherited, told), _text(told["name"], "name")
    null = said.get("null", "")
    datatype = _datatype(said.get("datatype", "string"), name)
    in_address = _NOT_IN_AN_IRI.sub(lambda sign: quote(sign[0]), name)
    property_ = _text(said.get("propertyUrl", "#{_name}"), "propertyUrl").replace("{_name}", in_address)
    return Column(
        name,
        _address(_whole(property_), base, "propertyUrl"),
        datatype,
        _whole(_text(said.get("aboutUrl", ""), "aboutUrl")),
        _whole(_text(said.get("valueUrl", ""), "valueUrl")),
        _text(said.get("separator") or "", "separator"),
        tuple(null) if isinstance(null, list) else (_text(null, "null"),),
        _text(said.get("lang", ""), "lang"),
        bool(told.get("required", False)),
    )


def _datatype(told: Any, column: str) -> str:
    if isinstance(told, dict):
        unread = sorted(key for key in told if key not in {"base", "@id", "@type"} and ":" not in key)
        if unread:
            raise UnfitData(
                f"{unread[0]!r} of the datatype of column {column!r} is not read here: "
                "write values as XML Schema does"
            )
        told = told.get("base", "string")
    name = _CALLED.get(str(told), str(told))
    if name not in LEXICAL:
        raise UnfitData(
            f"the datatype {told!r} of column {column!r} is not read here: take {', '.join(LEXICAL)}"
        )
    return name


def _whole(template: str) -> str:
    """Return a template with a known prefix written out."""
    prefix, colon, rest = template.partition(":")
    if colon and prefix in PREFIXES and not rest.startswith("//"):
        return PREFIXES[prefix] + rest
    return template


def _address(told: str, base: str, what: str) -> str:
    """Return an IRI, written whole; one that is made of cells is left to whoever finds that out."""
    try:
        address = urljoin(base, told)
        return address if variables(address) else ox.NamedNode(address).value
    except ValueError as error:
        raise UnfitData(f"{what} {told!r} of the metadata is no IRI: {error}") from error


def _sign(told: Any, what: str) -> str:
    if len(_text(told, what)) != 1 or told in "\r\n\0":
        raise UnfitData(f"{what} of the metadata is {told!r}: it must be one sign")
    return str(told)


def _text(told: Any, what: str) -> str:
    if not isinstance(told, str):
        raise UnfitData(f"{what} of the metadata is no text: {str(told)[:80]!r}")
    return told


def _refuse_unknown_variables(columns: Sequence[Column]) -> None:
    names = {column.name for column in columns} | _ROW_NUMBERS
    for column in columns:
        for template in (column.about, column.value):
            if unknown := variables(template) - names:
                told = ", ".join(sorted(unknown))
                raise UnfitData(f"the address {template!r} of column {column.name!r} names no column: {told}")
        if variables(column.property):
            raise UnfitData(f"propertyUrl {column.property!r} is made of cells, which is not read here")


def _said(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, word in _SAID.items():
        for prefix in ("dc", "dcterms"):
            value = told.get(f"{prefix}:{key}")
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, dict):
                value = value.get("@value") or value.get("@id") or value.get("schema:name", {})
            if isinstance(value, str) and value:
                yield word, value
