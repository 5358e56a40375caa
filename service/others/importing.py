"""A file of others comes into a store: read, kept apart from ours, entered in the catalogue, all at once or not.

What is loaded under a name takes the place of what was there under it. Imported by the command line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from ontology import identifiers

from ..loading import turns
from ..loading.statements import as_nquads
from ..store import Changes
from . import catalogue, rdf, tables
from .apart import Apart, is_ours
from .catalogue import Entry, Linkset, over
from .faults import UnfitData
from .sidecar import about
from .tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyoxigraph as ox

    from ..store import Store
    from .catalogue import About

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NOT_OF_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Given:
    """A file of others: what it is called, its bytes, and what is said of it; `name` only where somebody chose it."""

    file: str
    data: bytes
    about: About
    name: str = ""
    described: bytes | None = None
    """Metadata of CSV on the Web that stand beside a table."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    entry: Entry
    replaced: Entry | None = None
    """What was there under the name before."""
    graphs: int = 0
    """Named graphs that the file had, and whose names are not kept."""
    triples: tuple[ox.Triple, ...] = field(default=(), repr=False)
    """What the graph holds now."""
    unknown: tuple[str, ...] = ()
    """Columns of a table that are headed by no word of ours."""
    apart: Mapping[str, int] = field(default_factory=dict)
    """Words of ours that are kept apart, by IRI, with how many statements used them."""


def bring_in(store: Store, given: Given) -> Imported:
    """Put a file into the store as a data set. Raises `UnfitData`, and leaves the store as it was."""
    name = name_of(given)
    before = next((entry for entry in catalogue.entries(store) if entry.name == name), None)
    if before is not None and not given.name and before.file != given.file:
        raise UnfitData(
            f"there is a data set {name!r} of {before.file} already: say --name {name} to put this one in its place, "
            "or another name"
        )
    read = _read(given, name)
    told = read.told
    if not told.triples:
        raise UnfitData("it states nothing: there is no triple in it")
    apart = Apart(name)
    triples = tuple(dict.fromkeys(apart.kept(told.triples)))
    entry = Entry(
        name,
        _about(over(given.about, about(dict(read.said))), before),
        given.file,
        told.media_type,
        datetime.now(UTC).replace(microsecond=0),
        len(triples),
        _linksets(triples),
    )
    _put(store, entry, triples)
    return Imported(entry, before, told.graphs, triples, read.unknown, apart.used)


def _read(given: Given, name: str) -> Table:
    if PurePath(given.file).suffix.lower() in tables.SUFFIXES:
        return tables.read(given.data, given.file, name, given.described)
    return Table(rdf.read(given.data, given.file, f"{identifiers.dataset(name)}/"))


def _about(said: About, before: Entry | None) -> About:
    """Return what is said of a data set; what nobody says anew stays as it was."""
    if before is None:
        return said
    known = replace(before.about, title="") if before.about.title == before.file else before.about
    return over(said, known)


def _put(store: Store, entry: Entry, triples: Iterable[ox.Triple]) -> None:
    changes = Changes(
        emptied=(entry.graph,),
        removed=as_nquads(catalogue.told_of(store, entry.name), catalogue.GRAPH),
        added=rdf.written(triples, entry.graph) + as_nquads(catalogue.statements_of(entry), catalogue.GRAPH),
    )
    store.apply(turns.renewal().besides(store, changes))


def take_out(store: Store, name: str) -> None:
    """Let a data set be no more, neither its graph nor its entry. Raises `UnfitData` where there is none."""
    names = [entry.name for entry in catalogue.entries(store)]
    if name not in names:
        raise UnfitData(f"there is no data set {name!r}: there are {', '.join(names) or 'none'}")
    changes = Changes(
        emptied=(str(identifiers.dataset_graph(name)),),
        removed=as_nquads(catalogue.told_of(store, name), catalogue.GRAPH),
    )
    store.apply(turns.renewal().besides(store, changes))


def name_of(given: Given) -> str:
    """Return the name of a data set: as it was chosen, else of its file, with a hash where that is Chinese.

    >>> from .catalogue import About
    >>> name_of(Given("Population 2024.ttl", b"", About())), name_of(Given("人口.csv", b"", About()))
    ('population-2024', 'x-6909fc6ad79b')
    """
    if given.name:
        if _NAME.fullmatch(given.name) is None:
            raise UnfitData(
                f"{given.name!r} cannot name a data set: write small letters, digits and -, as population-2024"
            )
        return given.name
    stem = unicodedata.normalize("NFKC", PurePath(given.file).stem)
    slug = _NOT_OF_A_NAME.sub("-", stem.lower()).strip("-")[:_LONGEST].strip("-")
    if stem.isascii() and slug:
        return slug
    return f"{slug or 'x'}-{identifiers.name_hash(stem)}"


def _linksets(triples: Iterable[ox.Triple]) -> tuple[Linkset, ...]:
    """Return how many statements of other things lead to ours, by property."""
    own = f"{identifiers.DATASETS}"
    counted = Counter(
        triple.predicate.value
        for triple in triples
        if is_ours(triple.object) and not is_ours(triple.subject) and not _says_what_a_word_means(triple, own)
    )
    return tuple(Linkset(predicate, n) for predicate, n in sorted(counted.items()))


def _says_what_a_word_means(triple: ox.Triple, own: str) -> bool:
    return str(triple.subject)[1:].startswith(own) and "/term/" in str(triple.subject)
