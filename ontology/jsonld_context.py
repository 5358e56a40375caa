"""The JSON-LD context: each term of the ontology by its own name, with what its values are.

Terms of other vocabularies keep their prefixes. Imported by the service; JSON in our words by anybody is RDF with it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from rdflib import OWL, RDF, RDFS, XSD, URIRef

from .namespaces import PREFIXES
from .vocabulary import graph

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN: Final = frozenset({XSD.string, RDF.langString, RDFS.Literal})
"""Ranges whose values JSON-LD writes as a text alone, or with its language."""


@cache
def context() -> Mapping[str, Any]:
    """Return what stands in `@context`: prefixes, and every class and property of ours. To be read only.

    >>> context()["amount"]
    {'@id': 'jx:amount', '@type': 'xsd:decimal'}
    >>> context()["hasIndicator"], context()["Indicator"]
    ({'@id': 'jx:hasIndicator', '@type': '@id'}, {'@id': 'jx:Indicator'})
    """
    terms = {name: _meaning(f"jx:{name}", term) for name, term in sorted(_terms())}
    # a term that is called like a prefix wins: `unit` is ours, and QUDT's units are written in full
    prefixes = {name: namespace for name, namespace in PREFIXES.items() if name not in terms}
    return {"id": "@id", "type": "@type"} | prefixes | terms


def _terms() -> set[tuple[str, URIRef]]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    own = PREFIXES["jx"]
    found = {term for kind in kinds for term in graph().subjects(RDF.type, kind) if isinstance(term, URIRef)}
    return {(term.removeprefix(own), term) for term in found if term.startswith(own)}


def _meaning(name: str, term: URIRef) -> dict[str, str]:
    if (term, RDF.type, OWL.ObjectProperty) in graph():
        return {"@id": name, "@type": "@id"}
    values = graph().value(term, RDFS.range)
    if isinstance(values, URIRef) and values.startswith(str(XSD)) and values not in PLAIN:
        return {"@id": name, "@type": f"xsd:{values.removeprefix(str(XSD))}"}
    return {"@id": name}
