"""What can be meant, out of a store and the shipped lists: bodies and projects of the register, divisions, codes."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from rdflib.namespace import RDF, SKOS

from ontology import divisions, identifiers, vocabulary
from ontology.namespaces import JX, JXC, JXI, PREFIXES

from ..answers import select
from .index import Index
from .listed import listed_in, with_listed
from .things import BODY, CODE, DIVISION, PROJECT, Family, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..store import Store

_TOLD: Final = f"""SELECT ?thing ?says ?what {{
    VALUES ?says {{ {
    " ".join(
        f"<{iri}>"
        for iri in (
            RDF.type,
            SKOS.prefLabel,
            SKOS.altLabel,
            JX.unitCode,
            JX.projectCode,
            JX.inDivision,
            f"{PREFIXES['org']}subOrganizationOf",
        )
    )
} }}
    GRAPH <{identifiers.REGISTER_GRAPH}> {{ ?thing ?says ?what }}
    FILTER(STRSTARTS(STR(?thing), "{JXI["unit/"]}") || STRSTARTS(STR(?thing), "{JXI["project/"]}"))
}}"""
_DECLARED: Final = f"""SELECT DISTINCT ?project ?unit {{
    ?declaration <{JX.ofProject}> ?project ; <{JX.declaredBy}> ?unit
}}"""
_NAMES: Final = (str(SKOS.prefLabel), str(SKOS.altLabel))

Told: TypeAlias = "Mapping[str, Mapping[str, list[str]]]"
"""What is said of each thing: thing → property → values."""


def index_of(store: Store) -> Index:
    """Return the index of all that a store has, its own lists of units too, and the shipped lists."""
    bodies_and_projects = with_listed(registered(store), listed_in(store))
    return Index([*every_division(), *every_code(), *bodies_and_projects])


def registered(store: Store) -> Iterator[Thing]:
    """Yield the bodies and projects of the register of a store."""
    told = _told(store)
    units = {row.text("project"): row.text("unit") for row in select(store, _DECLARED)}
    for iri, said in sorted(told.items()):
        names = _names(said)
        if names and PROJECT in said[str(RDF.type)]:
            yield _project(iri, names, said, units.get(iri, ""), told)
        elif names and BODY in said[str(RDF.type)]:
            yield _body(iri, names, said, told)


def _told(store: Store) -> Mapping[str, defaultdict[str, list[str]]]:
    told: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, _TOLD):
        told[row.text("thing")][row.text("says")].append(row.text("what"))
    return told


def _names(said: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the names of a thing, the one that was settled on first."""
    return tuple(dict.fromkeys(name for says in _NAMES for name in sorted(said.get(says, ())) if name))


def _body(iri: str, names: tuple[str, ...], said: Mapping[str, list[str]], told: Told) -> Thing:
    whole = next(iter(said.get(f"{PREFIXES['org']}subOrganizationOf", ())), "")
    types = sorted(said[str(RDF.type)], key=lambda one: (one == BODY, one))
    return Thing(
        iri,
        Family.BODY,
        names,
        tuple(types),
        local_codes=frozenset(said.get(str(JX.unitCode), ())),
        division=identifiers.division_and_code(iri, names[0])[0],
        whole=whole,
        whole_name=_name_of(told, whole),
    )


def _project(iri: str, names: tuple[str, ...], said: Mapping[str, list[str]], unit: str, told: Told) -> Thing:
    return Thing(
        iri,
        Family.PROJECT,
        names,
        (PROJECT,),
        codes=frozenset(said.get(str(JX.projectCode), ())),
        division=identifiers.division_and_code(unit, "")[0] if unit else "",
        whole=unit,
        whole_name=_name_of(told, unit),
    )


def _name_of(told: Told, iri: str) -> str:
    return next(iter(_names(told[iri])), "") if iri in told else ""


@cache
def every_division() -> tuple[Thing, ...]:
    """Return every division there was since 1980, by code."""
    found = (tuple(same) for _code, same in groupby(divisions.every_division(), attrgetter("code")))
    return tuple(map(_division, found))


def _division(names: tuple[divisions.Division, ...]) -> Thing:
    """Return the division of a code, given under each name that it had, the last one last."""
    last = names[-1]
    above = divisions.by_code(last.parent) if last.parent else None
    return Thing(
        str(identifiers.division(last.code)),
        Family.PLACE,
        tuple(dict.fromkeys(one.name for one in reversed(names))),
        (DIVISION,),
        codes=frozenset([last.code]),
        division=last.code,
        whole=str(identifiers.division(above.code)) if above else "",
        whole_name=above.name if above else "",
        years=(names[0].valid_from, last.valid_until),
    )


@cache
def every_code() -> tuple[Thing, ...]:
    """Return the concepts of the code lists: units of measure, sources of money, levels of indicators."""
    graph = vocabulary.graph()
    found = (_code(str(concept), str(scheme)) for concept, scheme in graph.subject_objects(SKOS.inScheme))
    return tuple(sorted(found, key=attrgetter("iri")))


def _code(iri: str, scheme: str) -> Thing:
    graph = vocabulary.graph()
    concept = JXC[iri.removeprefix(str(JXC))]
    labels = [
        *sorted(graph.objects(concept, SKOS.prefLabel), key=str, reverse=True),  # Chinese before Latin
        *graph.objects(concept, SKOS.altLabel),
        *graph.objects(concept, SKOS.hiddenLabel),
        *graph.objects(concept, SKOS.notation),
    ]
    return Thing(
        iri,
        Family.CODE,
        tuple(dict.fromkeys(map(str, labels))) or (iri,),
        (scheme, CODE),
        codes=frozenset(map(str, graph.objects(concept, SKOS.notation))),
        whole=scheme,
        whole_name=_label(graph.objects(JXC[scheme.removeprefix(str(JXC))], SKOS.prefLabel)),
    )


def _label(labels: Iterable[object]) -> str:
    """Return the Chinese one of some labels, which sorts behind the English."""
    return next(iter(sorted(map(str, labels), reverse=True)), "")
