"""What engines are given: the data and the vocabulary, without what no rule reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Literal

from ontology.namespaces import JX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]


def read_of_data(data: Graph) -> Iterator[Triple]:
    """Yield what rules read of the data: all but `jx:grid`, half of a document by weight."""
    return (triple for triple in data if triple[1] != JX.grid)


def read_of_words(words: Graph) -> Iterator[Triple]:
    """Yield what rules read of the vocabulary: all but labels and definitions."""
    return (triple for triple in words if not (isinstance(triple[2], Literal) and triple[2].language))
