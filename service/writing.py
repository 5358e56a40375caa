"""Changes from outside: updates and graphs that clients with a key send.

Each gives the store a new mark (`loading.turns`): a load that was worked out meanwhile is worked out again, and
whoever keeps an answer knows that it is an old one.
"""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from .loading import turns
from .store import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    ChangeRefused,
    Changes,
    UpdateTooDemanding,
    UpdateTooLong,
    rdf_format,
)
from .validating.request import NotRdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .store import Dataset, Store
    from .validating.request import Posted

GRAPHS: Final = PREFIXES["jxg"]
"""Where the IRIs of our graphs begin."""
DEFAULT_GRAPH: Final = f"{GRAPHS}default"
"""Keeps what is sent without the name of a graph: the default graph of queries is the union of all graphs."""


def run_update(store: Store, sparql: str, using: Dataset) -> None:
    """Run an update of a client, whole or not at all."""
    renewal = turns.renewal()
    with _in_time(store, renewal):
        store.update(sparql, using, besides=renewal.as_operation())


def graph_exists(store: Store, graph: str) -> bool:
    """Return whether a graph holds anything; an empty one is not told from one that is not there."""
    answer = store.query(f"ASK {{ GRAPH {_named(graph)} {{ ?s ?p ?o }} }}", ROW_FORMATS["json"])
    return bool(json.loads(answer)["boolean"])


def graph_of(store: Store, graph: str, media_type: str) -> bytes:
    """Return what a graph holds, in a media type of `GRAPH_FORMATS`."""
    return store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {_named(graph)} {{ ?s ?p ?o }} }}", media_type
    )


def replace_graph(store: Store, graph: str, sent: Sequence[Posted]) -> None:
    """Let a graph hold what was sent, and nothing else."""
    _apply(store, Changes(emptied=(graph,), added=_nquads(graph, sent)))


def add_to_graph(store: Store, graph: str, sent: Sequence[Posted]) -> None:
    """Let a graph hold what was sent besides what it holds."""
    _apply(store, Changes(added=_nquads(graph, sent)))


def remove_graph(store: Store, graph: str) -> None:
    """Let a graph be no more."""
    _apply(store, Changes(emptied=(graph,)))


def _apply(store: Store, changes: Changes) -> None:
    renewal = turns.renewal()
    with _in_time(store, renewal):
        store.apply(renewal.besides(store, changes))


@contextmanager
def _in_time(store: Store, renewal: turns.Renewal) -> Iterator[None]:
    """Take a change for done that was ended in the moment in which the store had just made it."""
    try:
        yield
    except (UpdateTooLong, UpdateTooDemanding):
        if not renewal.is_in(store):
            raise


def new_graph() -> str:
    """Return the IRI for a graph that nobody named."""
    return f"{GRAPHS}sent/{uuid.uuid4().hex}"


def _nquads(graph: str, sent: Sequence[Posted]) -> bytes:
    """Return what was sent as N-Quads of one graph; blank nodes of two parts are two."""
    return b"".join(_nquads_of(graph, one) for one in sent)


def _nquads_of(graph: str, sent: Posted) -> bytes:
    name = _named(graph)
    quads = []
    try:
        for quad in ox.parse(
            sent.content, format=rdf_format(sent.media_type), base_iri=graph, rename_blank_nodes=True
        ):
            if quad.graph_name not in {name, ox.DefaultGraph()}:
                message = f"the {sent.name} has statements of {quad.graph_name}, and goes into {name}: send one graph"
                raise ChangeRefused(message)
            quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    except SyntaxError as error:
        told = f"the {sent.name} cannot be read as {sent.media_type}: {error.msg}"
        raise NotRdf(told, error.lineno, error.offset) from error
    return ox.serialize(quads, format=rdf_format(GRAPH_FORMATS["nq"])) or b""


def _named(graph: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(graph)
    except ValueError as error:
        raise ChangeRefused(f"{graph!r} cannot name a graph: it is not an absolute IRI ({error})") from error
