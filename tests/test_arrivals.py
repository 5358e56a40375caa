"""Documents that arrive in any order, again and again, with dates that come late or are corrected.

What the store holds depends on what has arrived, and not on the order in which it did.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES
from service.loading import archive, attachments, catalogue, register
from service.loading.settlement import settle
from service.loading.sources import CatalogueEntry
from service.loading.statements import Statement, iri, literal
from service.loading.superseding import UNDATED, Precedence, owners_in
from service.loading.turns import next_turn
from service.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import URIRef

TYPE = iri(PREFIXES["rdf"] + "type")
PREF_LABEL = iri(PREFIXES["skos"] + "prefLabel")
PROJECTS = ("甲", "乙", "丙")
AMOUNTS = ("1", "2")


@dataclass(frozen=True)
class Paper:
    """A document: its number, the amount it states for each project it declares, and the projects it evaluates."""

    number: int
    amounts: tuple[tuple[str, str], ...]
    evaluated: tuple[str, ...]

    @property
    def document(self) -> URIRef:
        return identifiers.disclosure(f"{self.number:016x}")

    @property
    def graph(self) -> str:
        return str(identifiers.disclosure_graph(f"{self.number:016x}"))

    @property
    def loaded(self) -> str:
        """When it was first loaded: no two documents at one time, and not in the order of their numbers."""
        return f"2026-01-{(self.number * 7) % 11 + 10}T00:00:00Z"

    def statements(self) -> list[Statement]:
        said = [Statement(iri(self.document), TYPE, iri(JX.Disclosure))]
        for name, amount in self.amounts:
            said += self._declared(name, amount)
        for name in self.evaluated:
            said += self._evaluated(name)
        return said

    def _declared(self, name: str, amount: str) -> Iterator[Statement]:
        """An indicator whose name changes with the amount, quoted from a cell of this document."""
        cell = iri(identifiers.cell(self.document, 1, 1, PROJECTS.index(name) + 1))
        indicator = iri(identifiers.part(declaration_of(name), "indicator", 1))
        yield from about(declaration_of(name), name, int(amount), JX.Declaration)
        yield Statement(iri(declaration_of(name)), iri(JX.hasIndicator), indicator)
        yield Statement(indicator, iri(JX.name), literal(f"指标{amount}"))
        yield Statement(indicator, iri(PREFIXES["prov"] + "wasQuotedFrom"), cell)
        yield Statement(cell, TYPE, iri(JX.SourceCell))

    def _evaluated(self, name: str) -> Iterator[Statement]:
        """A result of the indicator that a declaration of the greater amount has."""
        evaluation = identifiers.evaluation(key_of(name), 2025)
        result = iri(identifiers.part(evaluation, "result", 1))
        yield from about(evaluation, name, 1, JX.Evaluation)
        yield Statement(iri(evaluation), iri(JX.evaluates), iri(declaration_of(name)))
        yield Statement(iri(evaluation), iri(JX.hasResult), result)
        yield Statement(result, iri(JX.name), literal("指标2"))
        yield Statement(result, iri(JX.score), literal(str(self.number)))

    def register(self) -> list[Statement]:
        told = [*self.amounts, *((name, "1") for name in self.evaluated)]
        projects = {name: iri(identifiers.project(key_of(name))) for name, _ in told}
        types = [Statement(project, TYPE, iri(JX.Project)) for project in projects.values()]
        names = [
            Statement(projects[name], PREF_LABEL, literal(name * int(amount), language="zh"))
            for name, amount in told
        ]
        return types + names


def key_of(name: str) -> str:
    return f"code{PROJECTS.index(name)}"


def declaration_of(name: str) -> URIRef:
    return identifiers.declaration(key_of(name), 2025)


def about(form: URIRef, name: str, times: int, kind: URIRef) -> Iterator[Statement]:
    """What a form is about; its name is printed once or twice."""
    yield Statement(iri(form), TYPE, iri(kind))
    yield Statement(iri(form), iri(JX.ofProject), iri(identifiers.project(key_of(name))))
    yield Statement(iri(form), iri(JX.fiscalYear), literal("2025", datatype=PREFIXES["xsd"] + "gYear"))
    yield Statement(iri(form), iri(JX.projectName), literal(name * times))


def arrive(store: Store, paper: Paper, published: date | None) -> None:
    """Let a document arrive as `Ingest` does, without the findings about it."""
    known = catalogue.precedences_of(store, [paper.graph])[paper.graph]
    precedence = Precedence(published or known.published, paper.loaded)
    arrival = catalogue.Arrival(
        paper.graph, f"{paper.number}.txt", None, CatalogueEntry(published=published), precedence
    )
    turn = next_turn(store)
    settled = settle(store, paper.graph, paper.statements(), precedence)
    things = register.amend(store, paper.register(), before=settled.before, after=settled.after)
    entered = catalogue.enter(store, arrival, revisions=settled.revisions, alternates=settled.alternates)
    links, _ = attachments.amend(store, before=settled.before, after=settled.after)
    assert turn.make([*settled.amendments, things, entered, links])


def quads_of(store: Store) -> frozenset[ox.Quad]:
    """Return all that a store holds but the mark of its last change."""
    nquads = b"".join(store.export("application/n-quads"))
    mark = ox.NamedNode(PREFIXES["dcterms"] + "hasVersion")
    return frozenset(quad for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS) if quad.predicate != mark)


def rows(store: Store, query: str) -> list[list[str]]:
    """Return the rows of an answer."""
    return list(csv.reader(io.StringIO(store.query(query, "text/csv").decode())))[1:]


amounts = st.dictionaries(st.sampled_from(PROJECTS), st.sampled_from(AMOUNTS))
evaluated = st.sets(st.sampled_from(PROJECTS), max_size=2)
papers = st.lists(st.tuples(amounts, evaluated), min_size=2, max_size=4).map(
    lambda many: [
        Paper(number, tuple(sorted(declared.items())), tuple(sorted(results)))
        for number, (declared, results) in enumerate(many, start=1)
    ]
)
dates = st.none() | st.sampled_from([date(2025, 2, 1), date(2025, 3, 1), date(2025, 4, 1)])


class Arrivals(RuleBasedStateMachine):
    """Documents arrive, in any order and repeatedly; the model is which have arrived, and their last dates."""

    @initialize(known=papers)
    def begin(self, known: list[Paper]) -> None:
        self.store = open_store("memory:")
        self.papers = known
        self.dates: dict[Paper, date | None] = {}

    @rule(data=st.data(), published=dates)
    def a_document_arrives(self, data: st.DataObject, published: date | None) -> None:
        paper = data.draw(st.sampled_from(self.papers))
        arrive(self.store, paper, published)
        self.dates[paper] = published or self.dates.get(paper)

    @invariant()
    def each_declaration_stands_where_it_should(self) -> None:
        """Worked out here from the words of the design: what was published last, as its first document says it."""
        for name in PROJECTS:
            ranked = sorted(
                (self.dates[paper] or UNDATED, paper.loaded, dict(paper.amounts)[name], paper.graph)
                for paper in self.dates
                if name in dict(paper.amounts)
            )
            holds = (
                [next(graph for _, _, amount, graph in ranked if amount == ranked[-1][2])] if ranked else []
            )
            query = f"SELECT ?g {{ GRAPH ?g {{ {iri(declaration_of(name))} a ?class }} }}"
            assert self.store.query(query, "text/csv").decode().split()[1:] == holds

    @invariant()
    def each_evaluation_is_attached_to_what_is_declared(self) -> None:
        """Where its project is declared; and its result, where the declaration that holds has the indicator."""
        query = f"""PREFIX jx: <{JX.name.removesuffix("name")}>
            SELECT ?project ?how ?name {{
                ?e a jx:Evaluation ; jx:ofProject ?project ; jx:match ?how ; jx:hasResult ?result
                OPTIONAL {{ ?result jx:declaredIndicator/jx:name ?name }}
            }}"""
        declared = {name: amount for paper in self.dates for name, amount in self.held(paper)}
        expected = {
            (name, "project-code" if name in declared else "not-found", "指标2" * (declared.get(name) == "2"))
            for paper in self.dates
            for name in paper.evaluated
        }
        answers = {
            (PROJECTS[int(p[-1])], how.rpartition("/")[2], name) for p, how, name in rows(self.store, query)
        }
        assert answers == expected

    def held(self, paper: Paper) -> list[tuple[str, str]]:
        """The declarations of a document that the store shows."""
        query = f"SELECT ?d {{ GRAPH <{paper.graph}> {{ ?d a <{JX.Declaration}> }} }}"
        shown = {declaration for (declaration,) in rows(self.store, query)}
        return [(name, amount) for name, amount in paper.amounts if str(declaration_of(name)) in shown]

    @invariant()
    def nothing_is_lost(self) -> None:
        """What a document states is shown or archived, whole."""
        for paper in self.dates:
            owners = owners_in(paper.statements())
            query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{paper.graph}> {{ ?s ?p ?o }} }}"
            shown = self.store.query(query, "application/n-triples").decode().splitlines()
            kept = [
                version for version in archive.versions_of(self.store, owners) if version.graph == paper.graph
            ]
            archived = [f"{s} {p} {o} ." for version in kept for s, p, o in version.statements]
            assert sorted(shown + archived) == sorted(f"{s} {p} {o} ." for s, p, o in set(paper.statements()))

    def teardown(self) -> None:
        """At the end the store is as if each document had come once, with its last date."""
        fresh = open_store("memory:")
        for paper in sorted(getattr(self, "dates", {}), key=lambda paper: paper.number):
            arrive(fresh, paper, self.dates[paper])
        if getattr(self, "dates", None):
            assert quads_of(self.store) == quads_of(fresh)


TestArrivals = Arrivals.TestCase
TestArrivals.settings = settings(max_examples=40, stateful_step_count=10, deadline=None)
