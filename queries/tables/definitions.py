"""The tables of this folder, each with its header read and held against its body."""

from __future__ import annotations

from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology.namespaces import PREFIXES

from .. import header
from ..errors import QueryFileError
from ..header import Common, Header, HeaderReader
from ..parameters import Bilingual, Parameter, Type
from ..proof import Body, prove
from .table import LANGUAGE, Column, Datatype, Table, places_of_wholes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    import yaml

_SUFFIX: Final = ".rq"
_REQUIRED: Final = ("title", "description", "each", "key", "columns")
_OF_A_COLUMN: Final = ("type", "title", "about")
_NOTHING_SHARED: Final = Common({}, {})
_PARAMETERS: Final = {
    LANGUAGE: Parameter(LANGUAGE, Type.STRING, Bilingual("标签语言", "Language of the labels"), default="zh")
}
_ORDER: Final = ("indicators", "projects", "funds", "milestones", "results", "findings")
"""The tables that come first, in the order in which they are shown; others follow by name."""


def tables(folder: Traversable | None = None) -> Mapping[str, Table]:
    """Return the tables of `folder` (unset: those of this package) by name, the one that most people want first.

    The first file that is not what its header says raises `QueryFileError`.
    """
    place = folder or files(__package__)
    shared = _shared(place / "common.yaml")
    found = {path.name.removesuffix(_SUFFIX): path for path in place.iterdir() if path.name.endswith(_SUFFIX)}
    names = sorted(found, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return MappingProxyType({name: _read(name, found[name], shared) for name in names})


def _shared(path: Traversable) -> Mapping[str, Column]:
    """Return the columns that headers name with the word `common`."""
    reader = HeaderReader(str(path), _NOTHING_SHARED)
    root = reader.compose(path.read_text(encoding="utf-8"), "the shared columns stand here")
    columns = reader.mapping(reader.mapping(root, required=("columns",))["columns"])
    return {name: _column(reader, name, node, {}) for name, node in columns.items()}


def _read(name: str, path: Traversable, shared: Mapping[str, Column]) -> Table:
    """Return the table that a file holds."""
    yaml_text, sparql = header.split(path.read_text(encoding="utf-8"))
    reader = HeaderReader(str(path), _NOTHING_SHARED)
    root = reader.compose(yaml_text, f"a table starts with lines of #+ that say {', '.join(_REQUIRED)}")
    entries = reader.mapping(root, required=_REQUIRED)
    nodes = reader.mapping(entries["columns"])
    columns = {column: _column(reader, column, node, shared) for column, node in nodes.items()}
    table = Table(
        name=name,
        title=reader.bilingual(entries["title"]),
        description=reader.bilingual(entries["description"]),
        each=tuple(_class(reader, node) for node in reader.sequence(entries["each"])),
        key=tuple(_key(reader, node, columns) for node in reader.sequence(entries["key"])),
        columns=MappingProxyType(columns),
        text=sparql,
        path=str(path),
    )
    lines = {column: node.start_mark.line + 1 for column, node in nodes.items()}
    _prove(table, Body(str(path), sparql, above=yaml_text.count("\n")), lines)
    return table


def _column(reader: HeaderReader, name: str, node: yaml.Node, shared: Mapping[str, Column]) -> Column:
    if reader.is_text(node):
        return reader.shared(name, node, shared)
    entries = reader.mapping(node, required=_OF_A_COLUMN, allowed=(*_OF_A_COLUMN, "unit", "separator"))
    separator = entries.get("separator")
    return Column(
        name=name,
        type=reader.word(entries["type"], Datatype),
        title=reader.bilingual(entries["title"]),
        about=reader.bilingual(entries["about"]),
        unit=reader.text(entries["unit"]) if "unit" in entries else "",
        separator=str(separator.value) if separator is not None else "",
    )


def _class(reader: HeaderReader, node: yaml.Node) -> str:
    prefix, _, rest = reader.text(node).partition(":")
    if prefix not in PREFIXES:
        raise reader.error(
            node, f"a class is a prefixed name such as jx:Declaration, not {reader.text(node)!r}."
        )
    return f"{PREFIXES[prefix]}{rest}"


def _key(reader: HeaderReader, node: yaml.Node, columns: Mapping[str, Column]) -> str:
    if (name := reader.text(node)) not in columns:
        raise reader.error(node, f"the key names {name!r}, which is no column.")
    return name


def _prove(table: Table, body: Body, lines: Mapping[str, int]) -> None:
    """Raise `QueryFileError` unless the body asks for the columns, in their order, of wholes that can be named."""
    titles = {name: column.title for name, column in table.columns.items()}
    prove(Header(table.name, table.title, table.description, _PARAMETERS, titles, (), lines), body)
    if not places_of_wholes(body.tokens()):
        message = "a table begins with VALUES ?whole { UNDEF }, where a batch names its wholes."
        raise QueryFileError(body.file, body.above + 1, message)
