"""The header of a question's file: YAML in `#+` lines at its top, read with the line of everything.

YAML is composed to nodes, not loaded: nodes know their lines, and every scalar stays the text that stands
there (`default: 1000000` is a text that must fit the parameter's type). A parameter or a column that many
questions share is written once, in `common.yaml`, and a header names it with the word `common`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

import yaml

from ontology.namespaces import PREFIXES

from .errors import QueryFileError
from .parameters import Bilingual, MisfitError, Parameter, Type
from .query import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

# libyaml is ten times faster; a PyYAML built without it does the same more slowly
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MARK: Final = "#+"
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_COMMON: Final = "common"

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Common:
    """The parameters and columns that headers name with the word `common`."""

    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about itself; `lines` tells where a parameter or a column is declared."""

    id: str
    title: Bilingual
    description: Bilingual
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Bilingual]
    needs: tuple[Need, ...]
    lines: Mapping[str, int]


def split(text: str) -> tuple[str, str]:
    """Return the YAML of the `#+` lines at the top, line for line, and all lines below them."""
    lines = text.splitlines(keepends=True)
    height = next((n for n, line in enumerate(lines) if not line.startswith(_MARK)), len(lines))
    header = "".join(line.removeprefix(_MARK).removeprefix(" ") for line in lines[:height])
    return header, "".join(lines[height:])


def parse(file: str, header: str, common: Common) -> Header:
    """Return the header of `file`, or raise `QueryFileError` at the line that is wrong."""
    reader = HeaderReader(file, common)
    root = reader.compose(header, "a question starts with lines of #+ that say id, title, description, …")
    entries = reader.mapping(root, required=_REQUIRED, allowed=(*_REQUIRED, "parameters"))
    parameters = reader.optional_mapping(entries.get("parameters"))
    columns = reader.mapping(entries["columns"])
    return Header(
        id=reader.id(entries["id"]),
        title=reader.bilingual(entries["title"]),
        description=reader.bilingual(entries["description"]),
        parameters=_frozen({name: reader.parameter(name, node) for name, node in parameters.items()}),
        columns=_frozen({name: reader.column(name, node) for name, node in columns.items()}),
        needs=reader.needs(entries["needs"]),
        lines=_frozen({name: _line(node) for name, node in {**columns, **parameters}.items()}),
    )


def parse_common(file: str, text: str) -> Common:
    """Return the shared parameters and columns of `common.yaml`."""
    reader = HeaderReader(file, Common({}, {}))
    root = reader.compose(text, "the shared parameters and columns stand here")
    entries = reader.mapping(root, required=("parameters", "columns"))
    parameters = reader.mapping(entries["parameters"])
    columns = reader.mapping(entries["columns"])
    return Common(
        _frozen({name: reader.parameter(name, node) for name, node in parameters.items()}),
        _frozen({name: reader.column(name, node) for name, node in columns.items()}),
    )


_REQUIRED: Final = ("id", "title", "description", "columns", "needs")
_PARAMETER_KEYS: Final = ("type", "label", "default", "example", "optional", "scheme", "choices")
_Value = TypeVar("_Value")


def _frozen(entries: dict[str, _Value]) -> Mapping[str, _Value]:
    return MappingProxyType(entries)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass(frozen=True, slots=True)
class HeaderReader:
    """Reads nodes of one file; whatever is not as it must be becomes an error with file and line.

    Questions and tables (`queries.tables`) have headers of this kind.
    """

    file: str
    common: Common

    def error(self, node: yaml.Node, message: str) -> QueryFileError:
        """Return the error about what stands at a node."""
        return QueryFileError(self.file, _line(node), message)

    def compose(self, text: str, missing: str) -> yaml.Node:
        """Return the root of a text; `missing` is said where there is none."""
        try:
            root = yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 1
            raise QueryFileError(self.file, line, f"this is not YAML: {fault.problem}.") from fault
        except yaml.reader.ReaderError as fault:
            line = text.count("\n", 0, fault.position) + 1
            raise QueryFileError(self.file, line, f"this is not YAML: {fault.reason}.") from fault
        if root is None:
            raise QueryFileError(self.file, 1, missing)
        return root

    def mapping(
        self, node: yaml.Node, required: tuple[str, ...] = (), allowed: tuple[str, ...] | None = None
    ) -> dict[str, yaml.Node]:
        """Return the entries of a mapping, each key once, none but `allowed` (`required`), none missing."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "here must stand a list of “name: value”.")
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if name in entries:
                raise self.error(key, f"{name!r} stands here for the second time.")
            if (known := allowed or required) and name not in known:
                raise self.error(key, f"the key {name!r} is unknown; allowed are: {', '.join(known)}.")
            entries[name] = value
        for name in required:
            if name not in entries:
                raise self.error(node, f"the key {name!r} is missing.")
        return entries

    def optional_mapping(self, node: yaml.Node | None) -> dict[str, yaml.Node]:
        """Return the entries of a mapping, none where it is not there."""
        return {} if node is None else self.mapping(node)

    def text(self, node: yaml.Node) -> str:
        """Return a text that is not blank."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(node, "here must stand a text.")
        return str(node.value).strip()

    def bilingual(self, node: yaml.Node) -> Bilingual:
        """Return a text in both languages."""
        entries = self.mapping(node, required=("zh", "en"))
        return Bilingual(zh=self.text(entries["zh"]), en=self.text(entries["en"]))

    def id(self, node: yaml.Node) -> str:
        """Return an id such as `CQ05`."""
        if not _ID.fullmatch(text := self.text(node)):
            raise self.error(node, f"an id is letters, digits and hyphens, such as CQ05, not {text!r}.")
        return text

    def word(self, node: yaml.Node, words: type[_Word]) -> _Word:
        """Return one of some words."""
        text = self.text(node)
        if text not in list(words):
            raise self.error(node, f"{text!r} is unknown; allowed are: {', '.join(words)}.")
        return words(text)

    def needs(self, node: yaml.Node) -> tuple[Need, ...]:
        """Return what must be loaded."""
        return tuple(self.word(item, Need) for item in self.sequence(node, f"[{Need.ONE_DOCUMENT}]"))

    def sequence(self, node: yaml.Node, example: str = "[one, another]") -> list[yaml.Node]:
        """Return the items of a list; `example` is one."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, f"here must stand a list, such as {example}.")
        return list(node.value)

    def column(self, name: str, node: yaml.Node) -> Bilingual:
        """Return the titles of a column, its own or those that are shared."""
        if self.is_text(node):
            return self.shared(name, node, self.common.columns)
        return self.bilingual(node)

    def parameter(self, name: str, node: yaml.Node) -> Parameter:
        """Return a parameter, its own or one that is shared."""
        if self.is_text(node):
            return self.shared(name, node, self.common.parameters)
        entries = self.mapping(node, required=("type", "label"), allowed=_PARAMETER_KEYS)
        parameter = Parameter(
            name=name,
            type=self.word(entries["type"], Type),
            label=self.bilingual(entries["label"]),
            default=self._text_or_none(entries.get("default")),
            example=self._text_or_none(entries.get("example")),
            optional=self._flag(entries.get("optional")),
            scheme=self._scheme(entries.get("scheme")),
            choices=self._choices(entries.get("choices")),
        )
        self._prove(parameter, node, entries)
        return parameter

    def is_text(self, node: yaml.Node) -> bool:
        """Tell whether a text stands at a node."""
        return isinstance(node, yaml.ScalarNode)

    def shared(self, name: str, node: yaml.Node, shared: Mapping[str, _Value]) -> _Value:
        """Return what stands under a name for all, where the node says so."""
        if self.text(node) != _COMMON:
            raise self.error(node, f"here must stand a definition, or the word {_COMMON!r}.")
        if name not in shared:
            raise self.error(node, f"{name!r} is not in common.yaml; that has: {', '.join(shared)}.")
        return shared[name]

    def _text_or_none(self, node: yaml.Node | None) -> str | None:
        return None if node is None else self.text(node)

    def _flag(self, node: yaml.Node | None) -> bool:
        text = self._text_or_none(node) or "false"
        if node is not None and text not in ("true", "false"):
            raise self.error(node, f"here must stand true or false, not {text!r}.")
        return text == "true"

    def _scheme(self, node: yaml.Node | None) -> str | None:
        if node is None:
            return None
        prefix, _, rest = self.text(node).partition(":")
        if prefix not in PREFIXES:
            message = f"a scheme is a prefixed name such as jxc:version, not {self.text(node)!r}."
            raise self.error(node, message)
        return f"{PREFIXES[prefix]}{rest}"

    def _choices(self, node: yaml.Node | None) -> Mapping[str, Bilingual]:
        return _frozen({key: self.bilingual(value) for key, value in self.optional_mapping(node).items()})

    def _prove(self, parameter: Parameter, node: yaml.Node, entries: Mapping[str, yaml.Node]) -> None:
        """Raise where the parts of a parameter's definition contradict each other."""
        if parameter.optional and parameter.default is not None:
            raise self.error(node, f"{parameter.name!r} has a default, so it cannot be optional too.")
        if parameter.default is None and parameter.example is None:
            raise self.error(node, f"{parameter.name!r} needs a default or an example.")
        if (parameter.type is Type.CONCEPT) != (parameter.scheme is not None):
            raise self.error(node, f"{parameter.name!r}: a concept names its scheme, other types have none.")
        for choice in parameter.choices:
            self._prove_fit(parameter, "choice", choice, node)
        for key in ("default", "example"):
            if key in entries:
                self._prove_fit(parameter, key, self.text(entries[key]), entries[key])

    def _prove_fit(self, parameter: Parameter, role: str, text: str, node: yaml.Node) -> None:
        try:
            parameter.term(text)
        except MisfitError as misfit:
            message = f"the {role} of {parameter.name!r} cannot be {text!r}; it must be {misfit}."
            raise self.error(node, message) from misfit
