"""How much of what the store holds: counted by the store, as VoID wants to be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology.namespaces import PREFIXES

from ..addresses import BASE
from ..answers import select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store import Store

_BY_PROPERTY: Final = "SELECT ?of (COUNT(*) AS ?n) { ?s ?of ?o } GROUP BY ?of"
_BY_CLASS: Final = "SELECT ?of (COUNT(?s) AS ?n) { ?s a ?of } GROUP BY ?of"
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
    links: tuple[Links, ...]

    @property
    def triples(self) -> int:
        """All statements."""
        return sum(self.by_property.values())


def statistics(store: Store) -> Statistics:
    """Return the counts of what a store holds; it takes time in proportion to it."""
    return Statistics(_counts(store, _BY_PROPERTY), _counts(store, _BY_CLASS), _links(store))


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
