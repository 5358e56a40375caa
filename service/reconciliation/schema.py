"""Types and properties by which things are asked for, by their IRIs, with their names in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import RDFS, SKOS

from ontology import vocabulary
from ontology.namespaces import JX, PREFIXES

from ..linking.things import BODY, CODE, DEPARTMENT, DIVISION, PROJECT, UNIT, Family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..negotiation import Language

IDENTIFIERS: Final = "https://w3id.org/jixiao/"
"""Where the IRIs of all things begin; they are the identifiers, whole."""
SCHEMA: Final = PREFIXES["jx"]
DEFAULT_TYPES: Final = (UNIT, DEPARTMENT, BODY, PROJECT, DIVISION, CODE)


@dataclass(frozen=True, slots=True)
class Term:
    """A type or a property: its IRI, and its names by language."""

    id: str
    names: Mapping[Language, str]
    families: frozenset[Family] = frozenset()
    """Of a property: whose things have it."""
    leads_to: str = ""
    """Of a property whose values are things: the type of these."""

    def name(self, language: Language) -> str:
        """Return the name in a language."""
        return self.names[language]


NAME: Final = PREFIXES["skos"] + "prefLabel"
OTHER_NAME: Final = PREFIXES["skos"] + "altLabel"
NOTATION: Final = PREFIXES["skos"] + "notation"
BROADER: Final = PREFIXES["skos"] + "broader"
IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"
PART_OF: Final = PREFIXES["org"] + "subOrganizationOf"
UNIT_CODE: Final = str(JX.unitCode)
CREDIT_CODE: Final = str(JX.creditCode)
PROJECT_CODE: Final = str(JX.projectCode)
IN_DIVISION: Final = str(JX.inDivision)
DECLARED_BY: Final = str(JX.declaredBy)
FISCAL_YEAR: Final = str(JX.fiscalYear)
VALID_FROM: Final = str(JX.validFrom)
VALID_UNTIL: Final = str(JX.validUntil)

_BODIES: Final = frozenset([Family.BODY])
_PLACES: Final = frozenset([Family.PLACE])
_PROJECTS: Final = frozenset([Family.PROJECT])
_CODES: Final = frozenset([Family.CODE])


def _named(zh: str, en: str) -> Mapping[Language, str]:
    return MappingProxyType({"zh": zh, "en": en})


PROPERTIES: Final = MappingProxyType(
    {
        term.id: term
        for term in (
            Term(UNIT_CODE, _named("单位代码", "Unit code"), _BODIES),
            Term(PROJECT_CODE, _named("项目编码", "Project code"), _PROJECTS),
            Term(NOTATION, _named("代码", "Code"), _PLACES | _CODES),
            Term(IN_DIVISION, _named("所在区划", "Division"), _BODIES | _PROJECTS, DIVISION),
            Term(PART_OF, _named("主管部门", "Department"), _BODIES, DEPARTMENT),
            Term(DECLARED_BY, _named("申报单位", "Declaring unit"), _PROJECTS, UNIT),
            Term(BROADER, _named("上级区划", "Division above"), _PLACES, DIVISION),
            Term(VALID_FROM, _named("启用年份", "Valid from"), _PLACES),
            Term(VALID_UNTIL, _named("停用年份", "Valid until"), _PLACES),
            Term(IN_SCHEME, _named("代码表", "Code list"), _CODES),
            Term(NAME, _named("名称", "Name"), frozenset(Family)),
            Term(OTHER_NAME, _named("其他名称", "Other names"), frozenset(Family)),
            Term(CREDIT_CODE, _named("统一社会信用代码", "Unified social credit code"), _BODIES),
        )
    }
)
"""What can be fetched, by IRI."""
CONDITIONS: Final = MappingProxyType(
    {
        **{id_: term for id_, term in PROPERTIES.items() if id_ not in {NAME, OTHER_NAME, VALID_FROM}},
        FISCAL_YEAR: Term(FISCAL_YEAR, _named("年度", "Year"), _PLACES),
    }
)
"""What can be said besides a name of what is meant, by IRI."""


@cache
def types() -> Mapping[str, Term]:
    """Return all types by IRI: the classes of things, and the code lists."""
    graph = vocabulary.graph()
    lists = sorted({str(scheme) for scheme in graph.objects(None, SKOS.inScheme)})
    found = [*DEFAULT_TYPES, *lists]
    return MappingProxyType({iri: Term(iri, _labels(iri)) for iri in found})


def _labels(iri: str) -> Mapping[Language, str]:
    if iri == CODE:
        return _named("代码（各代码表）", "Code (of any list)")
    graph, term = vocabulary.graph(), URIRef(iri)
    labels = [*graph.objects(term, RDFS.label), *graph.objects(term, SKOS.prefLabel)]
    told = {getattr(label, "language", ""): str(label) for label in labels}
    return _named(told.get("zh", iri), told.get("en", iri))


_OF_TYPE: Final = MappingProxyType(
    {
        UNIT: Family.BODY,
        DEPARTMENT: Family.BODY,
        BODY: Family.BODY,
        PROJECT: Family.PROJECT,
        DIVISION: Family.PLACE,
    }
)


def properties_of(type_: str | None) -> list[Term]:
    """Return what can be fetched of things of a type; of all things where it is None."""
    family = _OF_TYPE.get(type_, Family.CODE) if type_ is not None else None
    return [term for term in PROPERTIES.values() if family is None or family in term.families]


def type_of(given: str) -> str | None:
    """Return the IRI of a type by its IRI or by what stands behind the last slash of it; None for none of ours.

    >>> type_of("BudgetUnit") == type_of("https://w3id.org/jixiao/def/BudgetUnit"), type_of("Person")
    (True, None)
    """
    return next((iri for iri in types() if given == iri or given == _local(iri)), None)


def property_of(given: str) -> str | None:
    """Return the IRI of a property by its IRI or its local name; None for none of ours."""
    known = (*PROPERTIES, FISCAL_YEAR)
    return next((iri for iri in known if given == iri or given == _local(iri)), None)


def _local(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
