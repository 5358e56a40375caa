"""What others say in the words by which our questions know our own things, kept under words of its own.

The default graph of every query is the union of all graphs. A file of others that states `jx:budget`, or another name
of one of our units, would be counted by our questions and shown on our pages. Such a statement is kept, and its
property or class is written `…/id/dataset/NAME/term/jx-budget`, which the graph says to be an `rdfs:subPropertyOf`
(`rdfs:subClassOf`) of `jx:budget`: nothing is lost, nothing is counted that we did not read, and whoever wants both
asks for both. Imported by `importing`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import PREFIXES

from ..addresses import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_OURS_ALONE: Final = tuple(PREFIXES[prefix] for prefix in ("jx", "jxs", "jxc", "sh", "dqv"))
"""Vocabularies in which our questions look for what they do not know by its name."""
_POINTING: Final = tuple(PREFIXES[prefix] for prefix in ("org", "prov", "foaf", "skos", "rdfs", "rdf"))
"""Vocabularies in which our questions look for what points to our things."""
_SPOKEN: Final = tuple(
    namespace for prefix, namespace in PREFIXES.items() if prefix not in {"jxi", "jxg", "xsd"}
)
"""Vocabularies in which our questions look for what is said of our things."""
_LINKS: Final = frozenset(
    f"{PREFIXES['skos']}{match}Match" for match in ("exact", "close", "broad", "narrow", "related")
) | {f"{PREFIXES['rdfs']}seeAlso"}
"""By these others link to us; our questions do not follow them."""


def is_ours(term: object) -> bool:
    """Return whether a term is the IRI of one of our things.

    >>> is_ours(ox.NamedNode("https://w3id.org/jixiao/id/unit/130202/203")), is_ours(ox.Literal("203"))
    (True, False)
    >>> is_ours(ox.NamedNode("https://w3id.org/jixiao/id/dataset/population/row/7"))
    False
    """
    return (
        isinstance(term, ox.NamedNode)
        and term.value.startswith(BASE)
        and not term.value.startswith(identifiers.DATASETS)
    )


class Apart:
    """Statements of one data set, those in our words under words of its own; counts what it does."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._classes: Counter[str] = Counter()
        self._properties: Counter[str] = Counter()
        self._words: dict[str, ox.NamedNode] = {}

    @property
    def used(self) -> Counter[str]:
        """How many statements used which of the words that are kept apart, by their IRIs."""
        return self._classes + self._properties

    def kept(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """Yield the statements, and at last what the words mean under which some are kept."""
        for triple in triples:
            yield self._kept(triple)
        yield from self._meanings(self._classes, "subClassOf")
        yield from self._meanings(self._properties, "subPropertyOf")

    def _kept(self, triple: ox.Triple) -> ox.Triple:
        subject, predicate, thing = triple.subject, triple.predicate, triple.object
        if _would_be_counted(triple):
            predicate = self._word(predicate, self._properties)
        elif predicate == _TYPE and isinstance(thing, ox.NamedNode) and thing.value.startswith(_OURS_ALONE):
            thing = self._word(thing, self._classes)
        return ox.Triple(subject, predicate, thing)

    def _word(self, term: ox.NamedNode, counted: Counter[str]) -> ox.NamedNode:
        counted[term.value] += 1
        return self._own(term.value)

    def _own(self, word: str) -> ox.NamedNode:
        if word not in self._words:
            short = prefixed(word).replace(":", "-", 1)
            self._words[word] = ox.NamedNode(str(identifiers.dataset_term(self._name, short)))
        return self._words[word]

    def _meanings(self, words: Iterable[str], relation: str) -> Iterator[ox.Triple]:
        for word in words:
            is_kind_of = ox.NamedNode(f"{PREFIXES['rdfs']}{relation}")
            yield ox.Triple(self._own(word), is_kind_of, ox.NamedNode(word))


def _would_be_counted(triple: ox.Triple) -> bool:
    word = triple.predicate.value
    if word.startswith(_OURS_ALONE):
        return True
    if is_ours(triple.subject):
        return word.startswith(_SPOKEN) and word not in _LINKS
    return (
        word.startswith(_POINTING)
        and word not in _LINKS
        and triple.predicate != _TYPE
        and is_ours(triple.object)
    )


def prefixed(word: str) -> str:
    """Return an IRI with its prefix where there is one for it.

    >>> prefixed("https://w3id.org/jixiao/def/budget"), prefixed("http://www.w3.org/2004/02/skos/core#prefLabel")
    ('jx:budget', 'skos:prefLabel')
    """
    known = [(len(namespace), prefix) for prefix, namespace in PREFIXES.items() if word.startswith(namespace)]
    if not known:
        return word
    length, prefix = max(known)
    return f"{prefix}:{word[length:]}"
