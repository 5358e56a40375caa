"""A table: what its file says about it, and the SPARQL text for a batch of the wholes that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from ..tokens import Kind, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..parameters import Bilingual
    from ..tokens import Token

LANGUAGE: Final = "lang"
"""The parameter that every table has: the language of labels."""
UNBOUND: Final = "UNDEF"
"""What stands in the file where a batch names its wholes: the file as it stands asks for everything."""


class Datatype(StrEnum):
    """What a column holds; the value is the word in the header."""

    STRING = "string"
    CODE = "code"
    """The last part of the IRI of a concept or a class: `quantity`, `QuantityTarget`."""
    IRI = "iri"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YEAR = "year"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: Datatype
    title: Bilingual
    about: Bilingual
    unit: str = ""
    """What its numbers count: `CNY`, `%`; empty where it is said elsewhere."""
    separator: str = ""
    """Stands between several values of one row; empty where there is one at most."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` names the columns that tell its rows apart."""

    name: str
    title: Bilingual
    description: Bilingual
    each: tuple[str, ...]
    """The IRIs of the classes whose things it is about."""
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    text: str
    path: str

    def bind(self, wholes: Iterable[str], language: str) -> str:
        """Return the SPARQL text that asks for the rows of some wholes (IRIs), with labels in a language."""
        named = " ".join(URIRef(iri).n3() for iri in wholes)
        label = Literal(language).n3()
        return "".join(_bound(token, named, label) for token in tokens(self.text))


def _bound(token: Token, wholes: str, language: str) -> str:
    if token.is_word(UNBOUND):
        return wholes
    return language if token.kind is Kind.PARAMETER else token.text


def places_of_wholes(sequence: Sequence[Token]) -> int:
    """Return how often `VALUES ?whole { UNDEF }` stands in a text."""
    texts = [token.text for token in sequence]
    block = ["VALUES", "?whole", "{", UNBOUND, "}"]
    return sum(texts[start : start + len(block)] == block for start in range(len(texts)))
