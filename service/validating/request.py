"""A request to judge: what was posted, how the answer is wanted, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..store import GRAPH_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..negotiation import Language

MOST_BYTES: Final = 10_000_000
"""Length of a request."""
MOST_TRIPLES: Final = 200_000
"""Statements of the data, and of the shapes; the largest real document states some 20,000."""

REPORT_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ttl": GRAPH_FORMATS["ttl"],
        "jsonld": GRAPH_FORMATS["jsonld"],
        "nt": GRAPH_FORMATS["nt"],
        "json": "application/json",
        "txt": "text/plain",
    }
)
"""Suffix → media type of a report, best first."""


class NotRdf(Exception):
    """What was posted cannot be read as RDF; the message says which part. `line` and `column` from 1, if known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message, line, column)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """Return the message alone."""
        return str(self.args[0])


class TooManyTriples(Exception):
    """Data or shapes state more than is judged here."""


class ShapesRefused(Exception):
    """The shapes ask for what is not run here: to fetch, or to run a program."""


class ShapesFailed(Exception):
    """What SHACL calls a failure: the shapes are malformed, or cannot be judged by."""


class TooDemanding(Exception):
    """Judging takes more time or memory than one request may."""


class Busy(Exception):
    """As many requests wait as may."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A graph as it was sent; `name` is what messages call it: data or shapes."""

    name: str
    content: bytes
    media_type: str
    """One of `GRAPH_FORMATS`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: without shapes the project's rules judge. `report` is a media type of `REPORT_FORMATS`."""

    data: Posted
    shapes: Posted | None
    report: str
    language: Language
