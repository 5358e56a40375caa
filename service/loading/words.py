"""The words a store needs beside the documents: ontology, code lists, divisions and rules."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import shapes
from ontology import identifiers, vocabulary
from ontology.namespaces import PREFIXES

from ..store import Changes
from . import reading
from .statements import Statement, as_nquads, iri, literal
from .turns import renewal

if TYPE_CHECKING:
    from ..store import Store

_CATALOGUE: Final = str(identifiers.CATALOGUE_GRAPH)
_GRAPHS: Final = (
    identifiers.ONTOLOGY_GRAPH,
    identifiers.CODES_GRAPH,
    identifiers.DIVISIONS_GRAPH,
    identifiers.SHAPES_GRAPH,
)
_HAS_VERSION: Final = iri(PREFIXES["dcterms"] + "hasVersion")


def bring_words(store: Store) -> None:
    """Put ontology, code lists, divisions and rules into the store, unless it has these very ones."""
    words = vocabulary.nquads() + shapes.nquads()
    subject = iri(identifiers.ONTOLOGY_GRAPH)
    known = reading.about(store, _CATALOGUE, [subject])
    current = [Statement(subject, _HAS_VERSION, literal(hashlib.sha256(words).hexdigest()))]
    if known != current:
        changes = Changes(
            removed=as_nquads(known, _CATALOGUE),
            emptied=tuple(str(graph) for graph in _GRAPHS),
            added=words + as_nquads(current, _CATALOGUE),
        )
        store.apply(renewal().besides(store, changes))
