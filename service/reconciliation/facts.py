"""What is known of a thing: the values of its properties, and a line that tells it from others of its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import divisions, identifiers

from ..linking.things import Family
from . import schema

if TYPE_CHECKING:
    from ..linking.index import Index
    from ..linking.things import Thing
    from ..negotiation import Language

_YEARS: Final = {"zh": "{}—{}年", "en": "{} to {}"}
_SINCE: Final = {"zh": "{}年起", "en": "since {}"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a text, or a thing by its IRI with its name, or a year."""

    text: str
    iri: str = ""
    year: int | None = None


def values(index: Index, thing: Thing, property_: str) -> tuple[Value, ...]:
    """Return the values that a property has of a thing; none where it has none, or no such property."""
    term = schema.PROPERTIES.get(property_)
    if term is None or thing.family not in term.families:
        return ()
    if property_ == schema.UNIT_CODE:
        return tuple(Value(code) for code in sorted(thing.local_codes))
    if property_ in {schema.CREDIT_CODE, schema.PROJECT_CODE, schema.NOTATION}:
        return tuple(Value(code) for code in sorted(thing.codes))
    if property_ == schema.NAME:
        return (Value(thing.name),)
    if property_ == schema.OTHER_NAME:
        return tuple(Value(name) for name in thing.names[1:])
    if property_ in {schema.VALID_FROM, schema.VALID_UNTIL}:
        return _year(thing, last=property_ == schema.VALID_UNTIL)
    if property_ == schema.IN_DIVISION:
        return _thing(index, str(identifiers.division(thing.division))) if thing.division else ()
    return _thing(index, thing.whole, thing.whole_name)


def _thing(index: Index, iri: str, name: str = "") -> tuple[Value, ...]:
    known = index.thing(iri)
    return (Value(known.name if known else name or iri, iri),) if iri else ()


def _year(thing: Thing, *, last: bool) -> tuple[Value, ...]:
    year = thing.years[last] if thing.years else None
    return (Value(str(year), year=year),) if year is not None else ()


def description(thing: Thing, language: Language) -> str:
    """Return what tells a thing from others of its name: its kind, where it is, what it is part of, its codes."""
    kind = schema.types()[thing.types[0]].name(language) if thing.types[0] in schema.types() else ""
    where = place(thing.division) if thing.family is not Family.CODE else ""
    whole = thing.whole_name if thing.family in {Family.BODY, Family.PROJECT} else ""
    codes = " ".join(sorted(thing.codes | thing.local_codes)) if thing.family is not Family.CODE else ""
    return " · ".join(part for part in (kind, where, whole, codes, _validity(thing, language)) if part)


def place(code: str) -> str:
    """Return the names of a division and those above it; empty where it is not known.

    >>> place("130202"), place("000000")
    ('河北省唐山市路南区', '')
    """
    known = divisions.by_code(code) if code else None
    if known is None:
        return ""
    above = [divisions.by_code(other) for other in divisions.ancestors(known)]
    return "".join(one.name for one in (*reversed(above), known) if one is not None)


def _validity(thing: Thing, language: Language) -> str:
    if thing.years is None:
        return ""
    first, last = thing.years
    return _SINCE[language].format(first) if last is None else _YEARS[language].format(first, last)
