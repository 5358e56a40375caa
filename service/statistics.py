"""How much of what the store holds: counted by the store, as VoID wants to be told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from ontology.namespaces import PREFIXES

from .addresses import BASE
from .answers import select
from .loading import turns
from .store import Asker, TooManyQueries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from .store import Store

_BY_PROPERTY: Final = "SELECT ?of (COUNT(*) AS ?n) { ?s ?of ?o } GROUP BY ?of"
_BY_CLASS: Final = "SELECT ?of (COUNT(?s) AS ?n) { ?s a ?of } GROUP BY ?of"
_OF_CLASS: Final = "SELECT ?of (COUNT(*) AS ?n) {{ ?s a <{name}> ; ?of ?o }} GROUP BY ?of"
"""Asked of one class after another: of all at once it would take too long in a large store."""
_PATIENCE: Final = 20.0
"""Seconds to wait for the counts."""
_COUNTING: Final = "the statements of this version of the data are being counted: ask again in a while"
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_LINKING: Final = (*(f"{PREFIXES['skos']}{match}" for match in _MATCHES), f"{PREFIXES['owl']}sameAs")
_LINKS: Final = f"""SELECT ?p ?o {{
    VALUES ?p {{ {" ".join(f"<{iri}>" for iri in _LINKING)} }}
    ?s ?p ?o FILTER(isIRI(?o) && !STRSTARTS(STR(?o), "{BASE}"))
}}"""


@dataclass(frozen=True, slots=True)
class Links:
    """Statements with one property that lead to things of one other vocabulary or data set."""

    predicate: str
    target: str
    """Where the IRIs that they lead to begin."""
    triples: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of statements, over all graphs."""

    by_property: Mapping[str, int]
    """Property → statements with it."""
    by_class: Mapping[str, int]
    """Class → things of it."""
    of_class: Mapping[str, Mapping[str, int]]
    """Class → property → statements with it about things of the class."""
    links: tuple[Links, ...]

    @property
    def triples(self) -> int:
        """All statements."""
        return sum(self.by_property.values())


def statistics(store: Store) -> Statistics:
    """Return the counts of what a store holds; it takes time in proportion to it."""
    by_class = _counts(store, _BY_CLASS)
    of_class = {name: _counts(store, _OF_CLASS.format(name=name)) for name in by_class}
    return Statistics(_counts(store, _BY_PROPERTY), by_class, of_class, _links(store))


class Counting:
    """Counts what a store holds once for each version of its data, whoever asks and goes meanwhile."""

    def __init__(self) -> None:
        self._changing = Lock()
        self._version = ""
        self._counted: Future[Statistics] | None = None

    def of(self, store: Store) -> Statistics:
        """Return the counts. Raises `TooManyQueries` where they take longer than a client should wait."""
        counted = self._begun(store, turns.version_of(store))
        try:
            return counted.result(_PATIENCE)
        except TimeoutError:
            raise TooManyQueries(_COUNTING) from None

    def _begun(self, store: Store, version: str) -> Future[Statistics]:
        with self._changing:
            if self._counted is None or version != self._version or not version or _failed(self._counted):
                thread = ThreadPoolExecutor(max_workers=1)
                self._counted = thread.submit(
                    statistics, store.asked_by(Asker("counting", "that count statements"))
                )
                thread.shutdown(wait=False)
                self._version = version
            return self._counted


def _failed(counted: Future[Statistics]) -> bool:
    return counted.done() and counted.exception() is not None


def _counts(store: Store, query: str) -> Mapping[str, int]:
    return {
        row.text("of"): row.count("n") for row in sorted(select(store, query), key=lambda row: row.text("of"))
    }


def _links(store: Store) -> tuple[Links, ...]:
    counted = Counter((row.text("p"), _space(row.text("o"))) for row in select(store, _LINKS))
    return tuple(Links(predicate, target, n) for (predicate, target), n in sorted(counted.items()))


def _space(iri: str) -> str:
    """Return where the IRIs of a vocabulary begin.

    >>> _space("http://qudt.org/vocab/unit/YUAN"), _space("http://www.w3.org/ns/org#role")
    ('http://qudt.org/vocab/unit/', 'http://www.w3.org/ns/org#')
    """
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
