"""What an engine gives: bare results, or the error that it could not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import URIRef
    from rdflib.term import Node


class ValidationError(RuntimeError):
    """The engine could not judge the graph: a shape is malformed, or one of its queries failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """One `sh:ValidationResult`: which shape, which of its constraints, on which node, about which value.

    Messages, remedies and the human context are added from the rule book and the data, so that an engine only has
    to give these.
    """

    shape: URIRef
    component: URIRef
    focus: Node
    path: URIRef | None = None
    value: Node | None = None
