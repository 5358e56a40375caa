"""The pages' questions: text in the `.rq` files of this package, terms bound in typed, never glued in.

A parameter stands in a file as `$name`, in the place of a term and nowhere else. Terms are pyoxigraph's: it
refuses an IRI that is none, and writes literals so that no quote gets out.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ..answers import select
from ..problems import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from ..answers import Row, Table
    from ..store import Store

Term = ox.NamedNode | ox.Literal | int
"""What may take the place of a parameter; a bare number is for LIMIT and OFFSET."""

_PARAMETER: Final = re.compile(r"\$(\w+)")


def ask(store: Store, name: str, **terms: Term | Iterable[Term]) -> Table:
    """Return the rows of the question `name`; several terms for one parameter stand for a VALUES block's."""
    return select(store, text_of(name, **terms))


def budget_of(row: Row) -> Decimal | None:
    """Return a sum of budgets in yuan, of those that are known; None where none of them is."""
    return row.number("budget") if row.count("budgets") else None


def text_of(name: str, **terms: Term | Iterable[Term]) -> str:
    """Return the SPARQL of the question `name` with each `$parameter` replaced by its terms."""
    written = {parameter: _written(term) for parameter, term in terms.items()}
    return _PARAMETER.sub(lambda match: written[match[1]], _file(name))


def iri(text: str) -> ox.NamedNode:
    """Return an IRI that a client named; `NotFound` when it is none, since then nothing has that name."""
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise NotFound(f"{text} cannot name anything: {error}") from error


def _written(term: Term | Iterable[Term]) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal | int):
        return str(term)
    return " ".join(str(one) for one in term)


@cache
def _file(name: str) -> str:
    return (files("service") / "pages" / f"{name}.rq").read_text(encoding="utf-8")
