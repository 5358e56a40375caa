"""What the rules say that compare documents: asked of the store, and kept for each budget unit.

Everything these rules compare is declared by one budget unit. So what they find is kept by unit, in a graph of its
own with the name of what was compared: by which rules, and which documents. A unit of whose documents none has
changed is not asked about again.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import shapes
from ontology import identifiers
from ontology.namespaces import JX, JXI, PREFIXES

from ..store import ChangeRefused, StoreUnavailable
from . import archive, reading
from .amendment import Amendment
from .statements import Statement, as_ntriples, by_graph, iri, literal
from .turns import next_turn
from .words import bring_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdflib import Graph
    from rdflib.term import Node

    from ..store import Store
    from .turns import Turn

log = logging.getLogger(__name__)

_BATCH: Final = 64
"""Units that are asked about together, and whose new reports become visible together."""
_IDENTIFIER: Final = iri(PREFIXES["dcterms"] + "identifier")
_DECLARED_BY: Final = iri(JX.declaredBy)
_EVALUATES: Final = iri(JX.evaluates)
_REPORT: Final = iri(PREFIXES["sh"] + "ValidationReport")
_LEADS_TO: Final = frozenset(
    iri(name)
    for name in (
        PREFIXES["prov"] + "wasQuotedFrom",
        PREFIXES["prov"] + "hadPrimarySource",
        PREFIXES["org"] + "subOrganizationOf",
        JX.declaredBy,
        JX.inTable,
        JX.ofProject,
        JX.resultFor,
    )
)
"""What a person needs to know beside a thing: where it stands, whose it is, which project it is about."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found in what the units of a store declare, and about how many of them it had to be asked."""

    report: shapes.Report
    asked: int


def compare_documents(store: Store) -> Compared:
    """Ask the rules that compare documents about each unit of which something changed, and keep what they find.

    Documents are known by what was judged of them: judge them first. A store that takes no changes keeps nothing,
    and the words that rules look things up in are those it has.
    """
    _bring_words(store)
    now, kept = _matters(store), _kept(store)
    changed = [unit for unit, name in now.items() if kept.get(unit) != name]
    reports = [_kept_report(store, units) for units in _batches(sorted(now.keys() - changed))]
    for units in _batches(changed):
        turn, found = _turn(store), _found(store, units)
        reports += found.values()
        _keep(turn, [_entered(store, unit, now[unit], found[unit]) for unit in units])
    if gone := sorted(kept.keys() - now.keys()):
        _keep(_turn(store), [_forgotten(store, unit) for unit in gone])
    return Compared(shapes.merged(reports), len(changed))


def found_before(store: Store) -> shapes.Report:
    """Return what was found when the documents were last compared; nothing is asked, and the store stays as it is."""
    return shapes.merged(_kept_report(store, units) for units in _batches(sorted(_kept(store))))


def _batches(units: Sequence[str]) -> Iterator[Sequence[str]]:
    return (units[start : start + _BATCH] for start in range(0, len(units), _BATCH))


# --- what there is to compare, and what was compared --------------------------------------------------------


def _matters(store: Store) -> Mapping[str, str]:
    """Return, by unit, a name that changes with the rules and with what is compared of the unit.

    That are the documents in which it declares or evaluates something, those that state what it evaluates, and what
    the archive keeps of another unit's declarations of the same projects.
    """
    judged = _names_of_documents(store)
    matters: defaultdict[str, set[str]] = defaultdict(set)
    for row in chain(_declaring(store), _evaluating(store)):
        if identifiers.is_disclosure_graph(row["graph"]):
            key = identifiers.key_of_graph(row["graph"])
            matters[row["unit"]].add(judged.get(key, key))
    for row in _archived(store):
        matters[row["unit"]].add(row["entry"])
    return {unit: _name(matters[unit]) for unit in sorted(matters) if unit.startswith(JXI["unit/"])}


def _name(matter: Iterable[str]) -> str:
    return hashlib.sha256(" ".join([shapes.version(), *sorted(matter)]).encode()).hexdigest()


def _names_of_documents(store: Store) -> Mapping[str, str]:
    """Return the names of what was judged, by the key of the document."""
    return {
        identifiers.key_of_report_graph(row["graph"]): row["name"]
        for row in _named_reports(store)
        if not row["graph"].startswith(identifiers.UNIT_REPORT_GRAPHS)
    }


def _kept(store: Store) -> Mapping[str, str]:
    """Return the names of what was compared, by unit."""
    return {
        str(identifiers.unit_of_report_graph(row["graph"])): row["name"]
        for row in _named_reports(store)
        if row["graph"].startswith(identifiers.UNIT_REPORT_GRAPHS)
    }


def _named_reports(store: Store) -> list[dict[str, str]]:
    query = f"SELECT ?graph ?name {{ GRAPH ?graph {{ ?report a {_REPORT} ; {_IDENTIFIER} ?name }} }}"
    return reading.rows(store, query)


def _declaring(store: Store) -> list[dict[str, str]]:
    return reading.rows(
        store, f"SELECT DISTINCT ?unit ?graph {{ GRAPH ?graph {{ ?s {_DECLARED_BY} ?unit }} }}"
    )


def _evaluating(store: Store) -> list[dict[str, str]]:
    query = f"""SELECT DISTINCT ?unit ?graph {{
        ?evaluation {_EVALUATES} ?declaration ; {_DECLARED_BY} ?unit .
        GRAPH ?graph {{ ?declaration a {iri(JX.Declaration)} }}
    }}"""
    return reading.rows(store, query)


def _archived(store: Store) -> list[dict[str, str]]:
    query = f"""SELECT DISTINCT ?unit ?entry {{
        GRAPH <{archive.GRAPH}> {{ ?entry {archive.VERSION_OF} ?declaration ; {archive.ATTRIBUTED_TO} ?other }}
        ?declaration {_DECLARED_BY} ?unit .
        FILTER(?other != ?unit)
    }}"""
    return reading.rows(store, query)


# --- asking ------------------------------------------------------------------------------


def _found(store: Store, units: Sequence[str]) -> Mapping[str, shapes.Report]:
    """Ask all questions about some units."""
    found: dict[str, set[shapes.Result]] = {unit: set() for unit in units}
    for question in shapes.questions():
        answer = reading.terms(store, question.about(units))
        for unit, results in question.found_in(answer).items():
            found[str(unit)] |= results
    data = _told_about(store, chain.from_iterable(found.values()))
    return {unit: shapes.compared(results, data) for unit, results in found.items()}


def _kept_report(store: Store, units: Iterable[str]) -> shapes.Report:
    """Return what was found in what some units declare when they were asked about."""
    kept = [as_ntriples(reading.graph_of(store, _home(unit))) for unit in units]
    results = shapes.results_stated_in(shapes.graph_of(b"".join(kept)))
    return shapes.compared(results, _told_about(store, results))


def _told_about(store: Store, results: Iterable[shapes.Result]) -> Graph:
    """Return what the store says of what was found, of what that is part of, and of what people need beside it."""
    named = {str(node) for result in results for node in _nodes(result)}
    waiting = {iri(whole) for name in named for whole in identifiers.wholes(name)}
    known: set[str] = set()
    told: list[Statement] = []
    while waiting:
        known |= waiting
        said = reading.construct(store, _all_about(waiting))
        told += said
        waiting = {one.object for one in said if one.predicate in _LEADS_TO} - known
    return shapes.graph_of(as_ntriples(told))


def _nodes(result: shapes.Result) -> Iterator[Node]:
    yield result.focus
    yield from result.cells
    if result.value is not None and str(result.value).startswith(str(JXI[""])):
        yield result.value


def _all_about(things: Iterable[str]) -> str:
    return f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {' '.join(sorted(things))} }} ?s ?p ?o }}"


# --- keeping ------------------------------------------------------------------------------


def _home(unit: str) -> str:
    return str(identifiers.unit_report_graph(unit))


def _entered(store: Store, unit: str, name: str, report: shapes.Report) -> Amendment:
    """Return how the graph of a unit's report changes when this is the report."""
    home, body = _home(unit), identifiers.unit_of_report_graph(_home(unit))
    told = by_graph(report.nquads_on_unit(body))[home]
    named = Statement(iri(f"{unit}/report"), _IDENTIFIER, literal(name))
    return Amendment.between(home, reading.graph_of(store, home), [*told, named])


def _forgotten(store: Store, unit: str) -> Amendment:
    return Amendment.between(_home(unit), reading.graph_of(store, _home(unit)), [])


def _bring_words(store: Store) -> None:
    try:
        bring_words(store)
    except (ChangeRefused, StoreUnavailable) as error:
        log.info("the words of the rules stay as the store has them: %s", error)


def _turn(store: Store) -> Turn | None:
    """Return the store as it is now; None where it takes no changes."""
    try:
        return next_turn(store)
    except (ChangeRefused, StoreUnavailable) as error:
        log.info("what is found is not kept: %s", error)
        return None


def _keep(turn: Turn | None, amendments: list[Amendment]) -> None:
    """Keep what was found, unless another changed the store meanwhile."""
    if turn is None:
        return
    try:
        turn.make(amendments)
    except (ChangeRefused, StoreUnavailable) as error:
        log.info("what was found is not kept: %s", error)
