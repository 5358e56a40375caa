"""What suggestions are made from: the data, the words, and the cells that print something."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph, URIRef
    from rdflib.term import Node

    from ..finding import Quote


@dataclass(frozen=True, slots=True)
class Material:
    """One data graph with the vocabulary, and a way to its cells."""

    data: Graph
    vocabulary: Graph
    quotes: Callable[[Node, URIRef | None], tuple[Quote, ...]]
    """The cells that state a field of a node, or, without a field, all that it is quoted from."""

    def decimal(self, node: Node, field: URIRef) -> Decimal | None:
        """Return a number that the data state; None where they state none, or none that can be read."""
        value = self.data.value(node, field)
        try:
            return None if value is None else Decimal(str(value))
        except InvalidOperation:
            return None

    def text(self, node: Node | None, field: URIRef) -> str:
        """Return a text that the data state, empty where they state none."""
        value = None if node is None else self.data.value(node, field)
        return "" if value is None else str(value)
