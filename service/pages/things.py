"""Any thing by its IRI: where its page is, its graph, and what a page about it shows when it has none of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import JXI

from .. import json_ld
from ..addresses import BASE, page_of_declaration
from ..problems import NotFound
from ..store import GRAPH_FORMATS
from .asking import ask, iri, text_of

if TYPE_CHECKING:
    from ..answers import Row
    from ..negotiation import Language
    from ..store import Store

_PROJECT: Final = re.compile(r"project/([^/]+)")
_BODY: Final = re.compile(r"unit/(.+)")
_DOCUMENT: Final = re.compile(r"disclosure/([0-9a-f]{16})")
_NAMING: Final = re.compile(r"(#prefLabel|#label|/name|/projectName|/title)$")
_TABLE: Final = re.compile(r"(disclosure/[0-9a-f]{16}/table/(\d+))(?:/cell/(\d+-\d+))?")


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement as a page shows it: the property and the other end, each with its name where it has one."""

    property: str
    property_label: str
    value: str
    value_label: str
    language: str
    is_iri: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that has no page of its own: what it says, and what points to it."""

    iri: str
    name: str
    facts: tuple[Fact, ...]
    links: tuple[Fact, ...]


def page_of(store: Store, thing: str) -> str | None:
    """Return the page that shows a thing, behind the language; None where it has none of its own."""
    local = thing.removeprefix(str(JXI))
    if match := _PROJECT.fullmatch(local):
        return f"projects/{match[1]}"
    if match := _BODY.fullmatch(local):
        return f"departments/{match[1]}"
    if match := _DOCUMENT.fullmatch(local):
        return f"documents/{match[1]}"
    if match := _TABLE.fullmatch(local):
        return _table_page(store, match)
    return page_of_declaration(thing)


def _table_page(store: Store, match: re.Match[str]) -> str | None:
    """Return the page of the declaration that a table prints, at the table or at one of its cells."""
    table, number, cell = match.groups()
    for row in ask(store, "declaration-of-table", table=iri(f"{JXI}{table}")):
        if page := page_of_declaration(row.text("declaration")):
            anchor = f"cell-{number}-{cell}" if cell else f"table-{number}"
            return f"{page}#{anchor}"
    return None


def exists(store: Store, thing: str) -> bool:
    """Return whether anything in the store says something of a thing or points to it."""
    return any(row.flag("answer") for row in ask(store, "is-known", thing=iri(thing)))


def graph_of(store: Store, thing: str, suffix: str) -> bytes:
    """Return the description of a thing in a graph format; `NotFound` when the store knows nothing of it."""
    if not exists(store, thing):
        raise NotFound(f"nothing loaded here speaks of {thing}")
    description = text_of("description", thing=iri(thing))
    if suffix == "jsonld":
        return json_ld.written(store.query(description, GRAPH_FORMATS["nt"]), thing)
    return store.query(description, GRAPH_FORMATS[suffix])


def thing(store: Store, name: str, language: Language) -> Thing:
    """Return what a page shows of a thing; `NotFound` when the store knows nothing of it."""
    subject, spoken = iri(name), ox.Literal(language)
    facts = tuple(_fact(row, "value") for row in ask(store, "facts-of-thing", thing=subject, language=spoken))
    links = tuple(
        _fact(row, "subject") for row in ask(store, "links-to-thing", thing=subject, language=spoken)
    )
    if not facts and not links:
        raise NotFound(f"nothing loaded here speaks of {name}")
    return Thing(name, _name_of(facts, language) or name.removeprefix(BASE), facts, links)


def _fact(row: Row, end: str) -> Fact:
    return Fact(
        property=row.text("property"),
        property_label=row.text("propertyLabel"),
        value=row.text(end),
        value_label=row.text(f"{end}Label"),
        language=row.text("valueLanguage"),
        is_iri=row.cells[end].is_iri,
    )


def _name_of(facts: tuple[Fact, ...], language: Language) -> str:
    """Return the name a thing gives itself, in the language when it has one in it."""
    names = [fact for fact in facts if _NAMING.search(fact.property)]
    names.sort(key=lambda fact: fact.language != language)
    return names[0].value if names else ""
