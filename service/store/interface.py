"""What a store is: two methods to write, and what follows from them."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, ClassVar, Final

import pyoxigraph as ox

from ontology.namespaces import PREFIXES

from . import digests
from .errors import ChangeRefused, QuerySyntaxError, UnsuitableFormat
from .formats import GRAPH_FORMATS, check_format, rdf_format
from .query_text import NO_SERVICES, form_of, refuse_harm
from .update_text import refuse_harmful_update, with_graphs, with_operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from .asker import Asker


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs a query sees, by IRI, as the SPARQL protocol lets a client choose; empty: everything."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)


EVERYTHING: Final = Dataset()
"""All named graphs, and their union as the default graph."""

LEAST: Final = "ASK { }"
"""The query that takes least."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes visible together or not at all; done in the order of the fields.

    `removed` and `added` are N-Quads in which every statement names its graph. Adding is adding to a set:
    what is there already is not there twice.
    """

    removed: bytes = b""
    emptied: tuple[str, ...] = ()
    """IRIs of graphs that lose all they hold (and exist no more, unless `added` fills them)."""
    added: bytes = b""
    only_if: bytes = b""
    """N-Quads without which nothing is done at all; who gives some finds out by asking whether it was.

    Condition and change are one operation then, which needs no engine to join several, unless a graph is `emptied`:
    an engine must run all operations of a request as one transaction for that, as it must for most other changes.
    """
    digests: Mapping[str, str] = field(default_factory=dict)
    """What stands for all that some graphs hold when the change is made, by their IRIs; kept where digests are."""


Opening = Callable[[], "Store"]
"""How another process opens a store; it can be sent to one."""


class Store(ABC):
    """Named graphs that can be asked and changed. Safe to use from several threads."""

    services: frozenset[str] = NO_SERVICES
    """The endpoints, by their IRIs, that queries may ask by SERVICE."""
    keeps_digests: ClassVar[bool] = False
    """Whether nobody changes it but through us, so that a digest that is kept of a graph is right."""

    def query(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the whole answer in a media type of `formats_of(form_of(sparql))`.

        Raises `QuerySyntaxError`, `QueryRefused`, `UnsuitableFormat` or `StoreUnavailable`.
        """
        check_format(form_of(sparql), media_type)
        refuse_harm(sparql, self.services)
        with _placed_in(sparql):
            return self._read(_BASE + sparql, media_type, dataset)

    async def answer(self, sparql: str, media_type: str, dataset: Dataset = EVERYTHING) -> bytes:
        """Return the answer as `query` does, to who asks in an event loop; a thread waits for it."""
        from .in_loop import IN_LOOP

        return await IN_LOOP.work(partial(self.query, sparql, media_type, dataset))

    def apply(self, changes: Changes) -> None:
        """Make all the changes at once, or none and raise `ChangeRefused` or `StoreUnavailable`."""
        update = update_of(changes, keep_digests=self.keeps_digests)
        if not update:
            return
        try:
            self._write(update)
        except QuerySyntaxError as error:
            raise ChangeRefused(f"the store does not accept the statements: {error}") from error

    def update(self, sparql: str, using: Dataset = EVERYTHING, *, besides: str = "") -> None:
        """Run an update that somebody else wrote, as one transaction; its WHERE looks at the graphs `using`.

        `besides` is an operation of ours that is done last, in the same transaction. Raises `QuerySyntaxError`,
        `QueryRefused` (LOAD, SERVICE), `ChangeRefused` (it leaves open which graphs it means) or `StoreUnavailable`.
        """
        refuse_harmful_update(sparql)
        looks_at = [
            [_graph_name(iri).value for iri in iris] for iris in (using.default_graphs, using.named_graphs)
        ]
        ours = filter(None, (besides, digests.NO_LONGER if self.keeps_digests else ""))
        whole = with_operation(with_graphs(sparql, *looks_at), " ;\n".join(ours))
        with _placed_in(sparql):
            self._write(_BASE + whole)

    @abstractmethod
    def _read(self, sparql: str, media_type: str, dataset: Dataset) -> bytes:
        """Answer a query that is of a reading form, fits the media type and fetches nothing."""

    @abstractmethod
    def _write(self, update: str) -> None:
        """Run a SPARQL update as one transaction; one that does not parse is a `QuerySyntaxError`."""

    def asked_by(self, asker: Asker) -> Store:  # noqa: ARG002 - for stores that many ask
        """Return this store as it answers one who asks; a store that is asked by one alone is always the same."""
        return self

    def ready(self) -> None:
        """Return where queries are answered; raise `StoreUnavailable` where none would be."""
        self.query(LEAST, "text/csv")

    def moment(self) -> str:
        """Return what stands for the state in which the store is asked now, empty where only asking would tell.

        It is another after each change, and costs next to nothing.
        """
        return ""

    @contextmanager
    def lent(self) -> Iterator[Opening | None]:
        """Have the store stay as it is now, and yield how another process opens it to read.

        None where no other process can: what is kept in the memory of this one.
        """
        yield None

    def mend(self) -> None:  # noqa: B027 - most make a change at once
        """Finish what others began to change here and left, where a change takes more than one step."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what the store holds; it is of no use any more."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def replace(self, graph: str, statements: bytes) -> None:
        """Let `graph` hold exactly these N-Triples (or N-Quads that name no other graph)."""
        self.apply(Changes(emptied=(graph,), added=_within(graph, statements)))

    def clear(self) -> None:
        """Empty the store."""
        self.apply(Changes(emptied=self.graphs()))

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        rows = self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", "text/csv")
        return tuple(rows.decode().splitlines()[1:])

    def statements(self, graph: str) -> list[str]:
        """Return the statements of a graph as lines of N-Triples, sorted: the same content, the same lines."""
        construct = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
        return _lines(self.query(construct, "application/n-triples"))

    def digests_of(self, graphs: Iterable[str]) -> Mapping[str, str]:
        """Return what stands for all that some graphs hold, for those of which it is kept and right."""
        if not self.keeps_digests:
            return {}
        answer = self.query(digests.asked_for(graphs), "text/csv").decode()
        return {row["graph"]: row["digest"] for row in csv.DictReader(StringIO(answer))}

    def export(self, media_type: str) -> Iterator[bytes]:
        """Yield everything but digests, graph after graph, as N-Quads, TriG, N-Triples or Turtle.

        The first two keep the graphs apart. N-Quads and N-Triples are sorted within a graph, so the same
        content gives the same bytes. Raises `UnsuitableFormat` before anything is yielded.
        """
        if media_type not in _EXPORTS:
            message = f"the store cannot be exported as {media_type}; ask for {', '.join(_EXPORTS)}"
            raise UnsuitableFormat(message, offered=tuple(_EXPORTS))
        told = (graph for graph in self.graphs() if graph != digests.GRAPH)
        return (self._exported(graph, rdf_format(media_type)) for graph in told)

    def _exported(self, graph: str, rdf_format: ox.RdfFormat) -> bytes:
        triples = ox.parse("\n".join(self.statements(graph)), format=ox.RdfFormat.N_TRIPLES)
        name = ox.NamedNode(graph) if rdf_format.supports_datasets else ox.DefaultGraph()
        quads = (ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)
        return written(quads, rdf_format)


_PREFIXES: Final = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in {"jxi", "jxc", "jxg"}}
"""Without those whose names have slashes behind the prefix: `jxi:unit\\/130202` reads worse than the whole IRI."""

_EXPORTS: Final = tuple(GRAPH_FORMATS[suffix] for suffix in ("nq", "trig", "nt", "ttl"))


_BASE: Final = f"BASE <{PREFIXES['jxi']}>\n"
"""What relative IRIs of a query are relative to, wherever it is asked: `<unit/130202/203001>`, as pages show them."""


@contextmanager
def _placed_in(text: str) -> Iterator[None]:
    """Let syntax errors count their lines in the text as it was given, without the line that was put before it.

    What is missing at its end is missed by the engine in what was put behind it.
    """
    try:
        yield
    except QuerySyntaxError as error:
        if error.line is None:
            raise
        lines = text.splitlines() or [""]
        line, column = max(1, error.line - 1), error.column
        if line > len(lines):
            line, column = len(lines), len(lines[-1]) + 1
        raise QuerySyntaxError(str(error), line=line, column=column) from error


def written(statements: Iterable[ox.Triple] | Iterable[ox.Quad], rdf_format: ox.RdfFormat) -> bytes:
    """Return statements in a format, with prefixes where it has them."""
    return ox.serialize(statements, format=rdf_format, prefixes=_PREFIXES) or b""


def _lines(ntriples: bytes) -> list[str]:
    """Return statements as the one parser writes them, whatever an engine escapes."""
    parsed = ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)
    return sorted(written((quad.triple for quad in parsed), ox.RdfFormat.N_TRIPLES).decode().split("\n")[:-1])


def update_of(changes: Changes, *, keep_digests: bool = False) -> str:
    """Return the changes as one SPARQL update, which engines run as one transaction."""
    emptied = [_graph_name(graph) for graph in changes.emptied]
    removed, added, condition = map(_by_graph, (changes.removed, changes.added, changes.only_if))
    ended = digests.no_longer_of([*removed, *changes.emptied, *added]) if keep_digests else ""
    kept = _by_graph(digests.as_nquads(changes.digests)) if keep_digests else {}
    if changes.only_if:
        done = [_emptying(graph.value, condition) for graph in emptied]
        done += [_conditional(_blocks(removed), f"{_blocks(added)} {_blocks(kept)}", _blocks(condition))]
    else:
        dropped = (f"DROP SILENT GRAPH {graph}" for graph in emptied)
        done = [*_data("DELETE", removed), *dropped, *_data("INSERT", added), *_data("INSERT", kept)]
    return " ;\n".join([*filter(None, [ended]), *done])


def _conditional(removed: str, added: str, condition: str) -> str:
    return f"DELETE {{ {removed} }} INSERT {{ {added} }} WHERE {{ {condition} }}"


def _emptying(graph: str, condition: Mapping[str, list[ox.Quad]]) -> str:
    """Return the operation that empties a graph on a condition; what is asked for by the next is left to it."""
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    asked = " ".join(f"({quad.subject} {quad.predicate} {quad.object})" for quad in condition.get(graph, ()))
    spared = f"MINUS {{ VALUES (?s ?p ?o) {{ {asked} }} }}" if asked else ""
    return f"DELETE {{ {pattern} }} WHERE {{ {_blocks(condition)} {pattern} {spared} }}"


def _data(operation: str, quads: Mapping[str, list[ox.Quad]]) -> list[str]:
    """Return an operation a graph: of several at once Virtuoso 7.2 leaves literals with a language where they are."""
    return [f"{operation} DATA {{ {_blocks({graph: said})} }}" for graph, said in quads.items()]


def blocks_of(nquads: bytes) -> str:
    """Return quads as SPARQL writes them."""
    return _blocks(_by_graph(nquads))


def _by_graph(nquads: bytes) -> dict[str, list[ox.Quad]]:
    """Return quads by the IRI of their graph."""
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in parsed(nquads):
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise ChangeRefused(
                f"every statement must name its graph, and this one names none: {quad.triple}"
            )
        by_graph.setdefault(quad.graph_name.value, []).append(quad)
    return by_graph


def _blocks(by_graph: Mapping[str, list[ox.Quad]]) -> str:
    """Return quads as SPARQL writes them, graph by graph."""
    return " ".join(f"GRAPH <{graph}> {{\n{_as_triples(quads)}}}" for graph, quads in by_graph.items())


def _as_triples(quads: Iterable[ox.Quad]) -> str:
    return written((quad.triple for quad in quads), ox.RdfFormat.N_TRIPLES).decode()


def _within(graph: str, statements: bytes) -> bytes:
    """Return the statements as N-Quads of one graph."""
    name = _graph_name(graph)
    quads = []
    for quad in parsed(statements):
        if quad.graph_name not in {name, ox.DefaultGraph()}:
            raise ChangeRefused(f"a statement of {quad.graph_name} cannot be put into {name}: {quad.triple}")
        quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    return written(quads, ox.RdfFormat.N_QUADS)


def parsed(nquads: bytes) -> Iterator[ox.Quad]:
    """Yield the quads of N-Quads. Raises `ChangeRefused` where they are none."""
    try:
        yield from ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise ChangeRefused(f"the statements are not N-Quads: {error.msg}") from error


def _graph_name(graph: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(graph)
    except ValueError as error:
        raise ChangeRefused(f"{graph!r} cannot name a graph: it is not an absolute IRI ({error})") from error
