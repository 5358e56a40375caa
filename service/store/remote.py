"""A store at the other end of the SPARQL 1.1 protocol: Oxigraph, Virtuoso, GraphDB, Fuseki, Neptune.

The endpoint must show the union of its named graphs as the default graph (Virtuoso and GraphDB do, Oxigraph
is asked to by a parameter): opening tries it, since counts and sums would be wrong in silence without it.
Changes are one update request, so they are as atomic as that engine's updates are.
"""

from __future__ import annotations

import ast
import json
import math
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from SPARQLWrapper import POST, POSTDIRECTLY, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed, SPARQLWrapperException

from .errors import QueryTooLong, StoreUnavailable
from .interface import Dataset, Store
from .query_text import form_of, names_its_dataset, syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TIMEOUT_SECONDS: Final = 300
_NO_UNION: Final = (
    "the endpoint {endpoint} keeps its named graphs out of the default graph, so every count would be wrong. "
    "Set it to answer over the union of its named graphs."
)


class RemoteStore(Store):
    """A SPARQL 1.1 endpoint; `update_endpoint` takes the changes."""

    def __init__(self, endpoint: str, update_endpoint: str, seconds: float = _TIMEOUT_SECONDS) -> None:
        """Take up an endpoint that has so many seconds for an answer, and ask it whether it can be trusted."""
        self._endpoint = endpoint
        self._seconds = seconds
        self._update_endpoint = update_endpoint
        self._refuse_split_default_graph()

    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        request = self._request(sparql, form_of(sparql).value)
        request.addCustomHttpHeader("Accept", media_type)
        for name, value in _dataset_parameters(sparql, dataset):
            request.addParameter(name, value)
        try:
            return _answer(request, self._endpoint)
        except QueryBadFormed as error:
            raise syntax_error(_own_words(error)) from error

    def _write(self, update: str) -> None:
        try:
            _answer(self._request(update, "INSERT"), self._update_endpoint)
        except QueryBadFormed as error:
            raise syntax_error(f"{self._update_endpoint}: {_own_words(error)}") from error

    def _request(self, text: str, operation: str) -> SPARQLWrapper:
        request = SPARQLWrapper(self._endpoint, self._update_endpoint, agent="jixiao")
        request.setMethod(POST)
        request.setRequestMethod(POSTDIRECTLY)
        request.setOnlyConneg(True)
        request.setTimeout(math.ceil(self._seconds))
        request.queryString = text
        # set by hand: the library guesses it with a regular expression that comments and prefixes can mislead
        request.queryType = operation
        return request

    def _refuse_split_default_graph(self) -> None:
        if self._ask("ASK { GRAPH ?g { ?s ?p ?o } }") and not self._ask("ASK { ?s ?p ?o }"):
            raise StoreUnavailable(_NO_UNION.format(endpoint=self._endpoint))

    def _ask(self, question: str) -> bool:
        answer: Mapping[str, bool] = json.loads(self.query(question, "application/sparql-results+json"))
        return answer["boolean"]


def _answer(request: SPARQLWrapper, address: str) -> bytes:
    """Return what the endpoint at `address`, where the request goes, sends back."""
    try:
        return bytes(request.query().response.read())
    except QueryBadFormed:
        raise
    except EndPointInternalError as error:
        raise StoreUnavailable(f"the endpoint {address} failed: {_own_words(error)}") from error
    except TimeoutError as error:
        raise QueryTooLong(
            f"the endpoint {address} was given up: {error}. Ask it for less at a time"
        ) from error
    except (SPARQLWrapperException, HTTPException, OSError) as error:
        raise StoreUnavailable(f"the endpoint {address} does not answer: {error}") from error


def _dataset_parameters(sparql: str, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the protocol's parameters that choose the graphs.

    `union-default-graph` is Oxigraph's own; other engines pass it over.
    """
    if not dataset and not names_its_dataset(sparql):
        yield "union-default-graph", "true"
    yield from (("default-graph-uri", graph) for graph in dataset.default_graphs)
    yield from (("named-graph-uri", graph) for graph in dataset.named_graphs)


def _own_words(error: SPARQLWrapperException) -> str:
    """Return what the endpoint said; the library keeps it as the `repr` of its bytes, behind a preface."""
    _, _, said = str(error).partition("Response:\n")
    return ast.literal_eval(said).decode(errors="replace") if said else str(error)
