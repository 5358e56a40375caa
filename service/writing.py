"""Changes from outside: updates and graphs that clients with a key send.

Each gives the store a new mark (`loading.turns`): a load that was worked out meanwhile is worked out again, and
whoever keeps an answer knows that it is an old one.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from .graph_states import ALWAYS, Condition, graph_exists, graph_name
from .loading import turns
from .store import (
    GRAPH_FORMATS,
    ChangeRefused,
    Changes,
    Places,
    StoreBusy,
    UpdateTooDemanding,
    UpdateTooLong,
    Wanted,
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


def replace_graph(store: Store, graph: str, sent: Sequence[Posted], condition: Condition = ALWAYS) -> bool:
    """Let a graph hold what was sent, and nothing else; return whether it was there before.

    This and the next two raise `GraphChanged` where a condition is not met, and `StoreBusy` where others change the
    store whenever it was looked at.
    """
    return _apply(store, graph, Changes(emptied=(graph,), added=_nquads(graph, sent)), condition)


def add_to_graph(store: Store, graph: str, sent: Sequence[Posted], condition: Condition = ALWAYS) -> bool:
    """Let a graph hold what was sent besides what it holds; return whether it was there before."""
    return _apply(store, graph, Changes(added=_nquads(graph, sent)), condition)


def remove_graph(store: Store, graph: str, condition: Condition = ALWAYS) -> bool:
    """Let a graph be no more; return whether it was there before."""
    return _apply(store, graph, Changes(emptied=(graph,)), condition)


def _apply(store: Store, graph: str, changes: Changes, condition: Condition) -> bool:
    if condition:
        return _apply_on(condition, store, graph, changes)
    was_there, renewal = graph_exists(store, graph), turns.renewal()
    with _in_time(store, renewal):
        store.apply(renewal.besides(store, changes))
    return was_there


def _apply_on(condition: Condition, store: Store, graph: str, changes: Changes) -> bool:
    """Make changes to the very store in which the condition is met: where another came between, look again."""
    for _ in range(_ATTEMPTS):
        turn, renewal = turns.next_turn(store), turns.renewal()
        was_there = condition.is_met(store, graph)
        with _in_time(store, renewal):
            store.apply(renewal.within(turn, changes))
        if renewal.is_in(store):
            return was_there
    raise StoreBusy(_BUSY.format(graph=graph))


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


PLACES: Final = Places(Wanted("change", "changes", "made"), at_once=1, share=1, waiting=32, waiting_of_one=8)
"""Of changes on a condition: one that is made beside another has to be made again."""
SECONDS: Final = 120.0
"""How long one may wait for its turn."""
_ATTEMPTS: Final = 10
_BUSY: Final = (
    "the graph {graph} was not changed, because others change the store all the time: "
    "send the change again in a while"
)


def _nquads(graph: str, sent: Sequence[Posted]) -> bytes:
    """Return what was sent as N-Quads of one graph; blank nodes of two parts are two."""
    return b"".join(_nquads_of(graph, one) for one in sent)


def _nquads_of(graph: str, sent: Posted) -> bytes:
    name = graph_name(graph)
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
