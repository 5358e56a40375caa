"""The lists of a store: put there, shown, and taken out again, each as one change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from .. import writing
from ..answers import select
from ..loading.words import bring_words
from ..store import GRAPH_FORMATS
from ..validating.request import Posted
from .statements import ntriples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..store import Store
    from .entries import About, Entry

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LISTS: Final = f"""PREFIX dcterms: <{PREFIXES["dcterms"]}>
SELECT ?name ?kind ?title ?source ?licence ?published ?loaded ?rows {{
    {{ SELECT ?list (COUNT(?entry) AS ?rows) {{ ?entry <{JX.inList}> ?list }} GROUP BY ?list }}
    ?list a <{JX.ReferenceList}> ; <{JX.listKind}> ?kind ; dcterms:identifier ?name ; dcterms:title ?title ;
        dcterms:source ?source ; dcterms:modified ?loaded .
    OPTIONAL {{ ?list dcterms:license|dcterms:rights ?licence }}
    OPTIONAL {{ ?list dcterms:issued ?published }}
}} ORDER BY ?name"""


class NoSuchList(Exception):
    """A name that cannot name a list, or that none has; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A list that a store has."""

    name: str
    kind: str
    title: str
    source: str
    licence: str
    published: str
    loaded: str
    rows: int


def checked_name(given: str) -> str:
    """Return the name of a list as it stands in the IRI of its graph. Raises `NoSuchList`."""
    if _NAME.fullmatch(given) is None:
        raise NoSuchList(
            f"{given!r} cannot name a list: give --name with small letters, digits and -, as population-2024"
        )
    return given


def keep(store: Store, about: About, entries: Iterable[Entry]) -> None:
    """Put a list into a store, in the place of one of that name; the words that it is told in, too."""
    store.mend()
    bring_words(store)
    sent = Posted("list", ntriples(about, entries), GRAPH_FORMATS["nt"])
    writing.replace_graph(store, identifiers.reference_list_graph(about.name), [sent])


def kept_in(store: Store) -> tuple[Kept, ...]:
    """Return the lists that a store has, by name."""
    return tuple(
        Kept(
            row.text("name"),
            row.text("kind").rpartition("/")[2],
            row.text("title"),
            row.text("source"),
            row.text("licence"),
            row.text("published"),
            row.text("loaded"),
            row.count("rows"),
        )
        for row in select(store, _LISTS)
    )


def remove(store: Store, name: str) -> None:
    """Take a list out of a store. Raises `NoSuchList` where it has none of that name."""
    known = [kept.name for kept in kept_in(store)]
    if name not in known:
        raise NoSuchList(f"there is no list {name!r}; there are: {', '.join(known) or 'none'}")
    writing.remove_graph(store, identifiers.reference_list_graph(name))
