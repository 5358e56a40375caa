"""The parameters of questions: their types, and how a text a person typed becomes an RDF term."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import XSD, Literal, URIRef

from ontology.namespaces import PREFIXES
from ontology.place_names import codes_over_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Term = Literal | URIRef


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Chinese and in English."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        """Return the text in `zh` or `en`."""
        return {"zh": self.zh, "en": self.en}[language]


class Type(StrEnum):
    """What a parameter may hold; the value is the word in the header."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YEAR = "year"
    IRI = "iri"
    CONCEPT = "concept"
    """A concept of the parameter's scheme, given by the last part of its IRI: `initial`."""
    DIVISION = "division"
    """A code of GB/T 2260; the term holds every code that the place had, without zeros: `130223/130284`, `1302`."""


class MisfitError(ValueError):
    """The text is not of the type; the message says what the type allows."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a question.

    Either it has a `default`, or it is `optional` (unset, it restricts nothing), or it must be given.
    """

    name: str
    type: Type
    label: Bilingual
    default: str | None = None
    example: str | None = None
    optional: bool = False
    scheme: str | None = None
    """The scheme's IRI, for a concept."""
    choices: Mapping[str, Bilingual] = field(default_factory=lambda: MappingProxyType({}))
    """The only values allowed, with their labels; empty where anything of the type will do."""

    @property
    def expected(self) -> str:
        """What the parameter allows, to put behind “must be”."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return _EXPECTED[self.type]

    def term(self, value: str | Term) -> Term:
        """Return the term that stands for `value`; `MisfitError` where it is not of the type or no choice."""
        text = self._text(value)
        if self.choices and text not in self.choices:
            raise MisfitError(self.expected)
        if self.type is Type.CONCEPT:
            return _concept(self.scheme or "", text)
        return _READERS[self.type](text)

    def _text(self, value: str | Term) -> str:
        """Return what a person would have typed for `value`; a literal must be of the type's datatype."""
        if isinstance(value, URIRef):
            return self._iri_text(value)
        if isinstance(value, Literal) and (value.language or value.datatype not in _DATATYPES[self.type]):
            raise MisfitError(self.expected)
        return str(value)

    def _iri_text(self, value: URIRef) -> str:
        if self.type is Type.IRI:
            return str(value)
        slug = str(value).removeprefix(f"{self.scheme}/")
        if self.type is Type.CONCEPT and slug != str(value):
            return slug
        raise MisfitError(self.expected)


# --- one reader for each type ---------------------------------------------------------------------------

# 18 digits before and behind the point: what every store's decimals can hold without rounding
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})")
_YEAR = re.compile(r"[0-9]{4}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
_DIVISION = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}")
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")

_EXPECTED: Final[Mapping[Type, str]] = MappingProxyType(
    {
        Type.STRING: "a text",
        Type.INTEGER: "a whole number, such as 3",
        Type.DECIMAL: "a number, such as 1000000 or 0.5 (no %, no thousands separators)",
        Type.YEAR: "a year of four digits, such as 2025",
        Type.IRI: "an absolute IRI, or a prefixed name such as jxi:unit/130202/203001",
        Type.CONCEPT: "the last part of a concept's IRI, such as initial",
        Type.DIVISION: "a code of GB/T 2260, such as 130202 (county), 130200 (city) or 13 (province)",
    }
)

_DATATYPES: Final[Mapping[Type, frozenset[URIRef | None]]] = MappingProxyType(
    {
        Type.STRING: frozenset({None, XSD.string}),
        Type.INTEGER: frozenset({XSD.integer}),
        Type.DECIMAL: frozenset({XSD.integer, XSD.decimal}),
        Type.YEAR: frozenset({XSD.gYear, XSD.integer}),
        Type.IRI: frozenset(),
        Type.CONCEPT: frozenset({None, XSD.string}),
        Type.DIVISION: frozenset({None, XSD.string}),
    }
)


def _string(text: str) -> Term:
    if _NO_TEXT.search(text):
        raise MisfitError(_EXPECTED[Type.STRING])
    return Literal(text)


def _integer(text: str) -> Term:
    return Literal(str(int(_whole(_INTEGER, text, Type.INTEGER))), datatype=XSD.integer)


def _decimal(text: str) -> Term:
    digits = format(Decimal(_whole(_DECIMAL, text, Type.DECIMAL)), "f")
    canonical = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return Literal(canonical, datatype=XSD.decimal)


def _year(text: str) -> Term:
    return Literal(_whole(_YEAR, text, Type.YEAR), datatype=XSD.gYear)


def _iri(text: str) -> Term:
    prefix, _, rest = text.partition(":")
    iri = f"{PREFIXES[prefix]}{rest}" if prefix in PREFIXES else text
    return URIRef(_whole(_ABSOLUTE_IRI, iri, Type.IRI))


def _concept(scheme: str, text: str) -> Term:
    return URIRef(f"{scheme}/{_whole(_SLUG, text, Type.CONCEPT)}")


def _division(text: str) -> Term:
    code = _whole(_DIVISION, text, Type.DIVISION).ljust(6, "0")
    return Literal("/".join(_without_zeros(each) for each in codes_over_time(code)))


def _without_zeros(code: str) -> str:
    """Return what the codes of a division and of all below it begin with."""
    return re.sub("(00){1,2}$", "", code)


def _whole(pattern: re.Pattern[str], text: str, type_: Type) -> str:
    """Return `text` without blanks around it if all of it matches."""
    if not pattern.fullmatch(stripped := text.strip()):
        raise MisfitError(_EXPECTED[type_])
    return stripped


_READERS: Final[Mapping[Type, Callable[[str], Term]]] = MappingProxyType(
    {
        Type.STRING: _string,
        Type.INTEGER: _integer,
        Type.DECIMAL: _decimal,
        Type.YEAR: _year,
        Type.IRI: _iri,
        Type.DIVISION: _division,
    }
)
