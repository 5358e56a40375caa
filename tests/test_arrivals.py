"""Documents that arrive in any order, again and again, with dates that come late or are corrected.

What the store holds depends on what has arrived, and not on the order in which it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ontology import identifiers
from ontology.namespaces import JX, PREFIXES
from service.loading import archive, catalogue, register
from service.loading.settlement import settle
from service.loading.sources import CatalogueEntry
from service.loading.statements import Statement, iri, literal
from service.loading.superseding import UNDATED, Precedence, owners_in
from service.loading.turns import next_turn
from service.store import Store, open_store

TYPE = iri(PREFIXES["rdf"] + "type")
PREF_LABEL = iri(PREFIXES["skos"] + "prefLabel")
PROJECTS = ("甲", "乙", "丙")
AMOUNTS = ("1", "2")


@dataclass(frozen=True)
class Paper:
    """A document: its number, and the amount it states for each project it declares."""

    number: int
    amounts: tuple[tuple[str, str], ...]

    @property
    def graph(self) -> str:
        return str(identifiers.disclosure_graph(f"{self.number:016x}"))

    @property
    def loaded(self) -> str:
        """When it was first loaded: no two documents at one time, and not in the order of their numbers."""
        return f"2026-01-{(self.number * 7) % 11 + 10}T00:00:00Z"

    def statements(self) -> list[Statement]:
        document = identifiers.disclosure(f"{self.number:016x}")
        said = [Statement(iri(document), TYPE, iri(JX.Disclosure))]
        for name, amount in self.amounts:
            cell = iri(identifiers.cell(document, 1, 1, PROJECTS.index(name) + 1))
            owner, project = owner_of(name), identifiers.project(f"key-{PROJECTS.index(name)}")
            fund = iri(
                identifiers.part(identifiers.declaration(f"key-{PROJECTS.index(name)}", 2025), "fund", "x")
            )
            said += [
                Statement(owner, TYPE, iri(JX.Declaration)),
                Statement(owner, iri(JX.ofProject), iri(project)),
                Statement(owner, iri(JX.projectName), literal(name * int(amount))),
                Statement(fund, iri(JX.amount), literal(amount)),
                Statement(fund, iri(PREFIXES["prov"] + "wasQuotedFrom"), cell),
                Statement(cell, TYPE, iri(JX.SourceCell)),
            ]
        return said

    def register(self) -> list[Statement]:
        projects = {name: iri(identifiers.project(f"key-{PROJECTS.index(name)}")) for name, _ in self.amounts}
        types = [Statement(project, TYPE, iri(JX.Project)) for project in projects.values()]
        names = [
            Statement(projects[name], PREF_LABEL, literal(name * int(amount), language="zh"))
            for name, amount in self.amounts
        ]
        return types + names


def owner_of(name: str) -> str:
    return iri(identifiers.declaration(f"key-{PROJECTS.index(name)}", 2025))


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
    assert turn.make([*settled.amendments, things, entered])


def quads_of(store: Store) -> frozenset[ox.Quad]:
    """Return all that a store holds but the mark of its last change."""
    nquads = b"".join(store.export("application/n-quads"))
    mark = ox.NamedNode(PREFIXES["dcterms"] + "hasVersion")
    return frozenset(quad for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS) if quad.predicate != mark)


amounts = st.dictionaries(st.sampled_from(PROJECTS), st.sampled_from(AMOUNTS), min_size=1)
papers = st.lists(amounts, min_size=2, max_size=4).map(
    lambda many: [Paper(number, tuple(sorted(one.items()))) for number, one in enumerate(many, start=1)]
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
            query = f"SELECT ?g {{ GRAPH ?g {{ {owner_of(name)} a ?class }} }}"
            assert self.store.query(query, "text/csv").decode().split()[1:] == holds

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
