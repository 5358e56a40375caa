"""A store at the other end of the SPARQL 1.1 protocol: Oxigraph, Virtuoso, GraphDB, Fuseki, Neptune.

The endpoint must show the union of its named graphs as the default graph (Virtuoso and GraphDB do, Oxigraph
is asked to by a parameter): opening tries it, since counts and sums would be wrong in silence without it.
Changes are one update request, so they are as atomic as that engine's updates are; Virtuoso takes only so much at
once, and gets them in several (`journal`).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from . import foreign
from .endpoint import Endpoint
from .errors import StoreUnavailable
from .formats import ROW_FORMATS
from .interface import Dataset, Store, blocks_of
from .journal import Journal
from .pieces import named, pieces_of
from .query_text import NO_SERVICES, form_of, names_its_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .access import Address
    from .bounds import Most
    from .interface import Changes, Opening

_SECONDS: Final = 300
_NO_UNION: Final = (
    "the endpoint {endpoint} keeps its named graphs out of the default graph, so every count would be wrong. "
    "Set it to answer over the union of its named graphs."
)


class RemoteStore(Store):
    """A SPARQL 1.1 endpoint; `most` is the largest answer, None bounds nothing, `services` what SERVICE may ask."""

    def __init__(
        self,
        address: Address,
        seconds: float = _SECONDS,
        most: Most | None = None,
        services: frozenset[str] = NO_SERVICES,
    ) -> None:
        """Take up an endpoint that has so many seconds for an answer, and ask it whether it can be trusted."""
        self._endpoint = Endpoint(address, seconds, None if most is None else _RAW * most.size)
        self._seconds = seconds
        self._most = most
        self.services = services
        self._refuse_split_default_graph()
        self._journal = self._journal_if_needed()
        # an address that is wrong is told at once; one that was right is worth waiting for
        self._endpoint.patience = address.access.patience

    def apply(self, changes: Changes) -> None:
        """Make changes: in one request, or in several where the engine does not take them at once.

        Several are made whole in the end, even where whoever makes them is killed, as `journal` says.
        """
        if self._journal is None:
            super().apply(changes)
            return
        kept = replace(changes, removed=named(changes.removed), added=named(changes.added))
        pieces = pieces_of(kept)
        if len(pieces) > 1 or changes.only_if:
            self._journal.make(pieces, lambda: self._holds(changes.only_if))
        elif pieces:
            self._write(pieces[0])

    @contextmanager
    def lent(self) -> Iterator[Opening]:
        """Tell how another process reaches the endpoint; others may change it meanwhile."""
        yield partial(RemoteStore, self._endpoint.address, self._seconds)

    def mend(self) -> None:
        """Finish changes whose makers were killed, as `journal` says."""
        if self._journal is not None:
            self._journal.finish_what_is_left()

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted, without those that the engine keeps for itself."""
        return foreign.of_data(super().graphs())

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        foreign.refuse_what_is_not_sparql(sparql)
        form = form_of(sparql)
        accepted = foreign.GRAPHS if form.makes_graph else foreign.ROWS
        sent = self._endpoint.ask(sparql, accepted, _dataset_parameters(sparql, dataset))
        return foreign.understood(sent, form, media_type, self._most, self._endpoint.address.query)

    def _write(self, update: str) -> None:
        self._endpoint.change(update)

    def _refuse_split_default_graph(self) -> None:
        if self._ask("ASK { GRAPH ?g { ?s ?p ?o } }") and not self._ask("ASK { ?s ?p ?o }"):
            raise StoreUnavailable(_NO_UNION.format(endpoint=self._endpoint.address.query))

    def _journal_if_needed(self) -> Journal | None:
        if not self._ask(foreign.KNOWN_BY):
            return None
        return Journal(lambda query: self.query(query, ROW_FORMATS["json"]), self._write)

    def _holds(self, statements: bytes) -> bool:
        """Return whether the store has some statements, given as N-Quads."""
        blocks = blocks_of(statements)
        return not blocks or self._ask(f"ASK {{ {blocks} }}")

    def _ask(self, question: str) -> bool:
        answer: Mapping[str, bool] = json.loads(self.query(question, ROW_FORMATS["json"]))
        return answer["boolean"]


def _dataset_parameters(sparql: str, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the protocol's parameters that choose the graphs.

    `union-default-graph` is Oxigraph's own; other engines pass it over.
    """
    if not dataset and not names_its_dataset(sparql):
        yield "union-default-graph", "true"
    yield from (("default-graph-uri", graph) for graph in dataset.default_graphs)
    yield from (("named-graph-uri", graph) for graph in dataset.named_graphs)


_RAW: Final = 4
"""How many times the bytes of an answer its XML may have; the answer itself is bounded as it is written anew."""
