"""Indicator levels: which framework a table follows, and which concept a printed level label names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from rdflib.namespace import SKOS

from ontology import vocabulary
from ontology.namespaces import JX, JXC
from ontology.vocabulary import concept_by_label, labels_of_level, normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib import URIRef
    from rdflib.term import Node

    from ..model import Printed

FRAMEWORK_2015: Final = JXC["indicator-2015"]
FRAMEWORK_2021: Final = JXC["indicator-2021"]
_OTHER: Final = JXC["indicator-other"]
_COST_2021: Final = JXC["indicator-2021/cost"]
_SCHEMES: Final = (FRAMEWORK_2015, FRAMEWORK_2021, _OTHER)
_COSTS: Final = frozenset(
    JXC[f"indicator-{slug}"]
    for slug in ("2015/cost", "2021/cost", "2021/cost-economic", "2021/cost-social", "2021/cost-environment")
)
SATISFACTION: Final = frozenset(
    JXC[f"indicator-{slug}"]
    for slug in (
        "2015/satisfaction",
        "2015/satisfaction-service",
        "2021/satisfaction",
        "2021/satisfaction-service",
    )
)
_OUTPUTS: Final = frozenset({JXC["indicator-2015/output"], JXC["indicator-2021/output"]})


def framework_of(rows: Iterable[Mapping[URIRef, Printed]]) -> URIRef:
    """Return the framework of a table: 2021 only if cost stands at level 1 or one of its kinds is printed."""
    codes_2021 = concept_by_label(FRAMEWORK_2021)
    for texts in rows:
        level1, level2 = _named(codes_2021, texts.get(JX.level1)), _named(codes_2021, texts.get(JX.level2))
        if level1 == _COST_2021 or (level2 in _COSTS and level2 != _COST_2021):
            return FRAMEWORK_2021
    return FRAMEWORK_2015


def concept(framework: URIRef, printed: Printed | None) -> URIRef | None:
    """Return the concept of a level label: of the table's framework, else of the other, else of older forms."""
    other = FRAMEWORK_2015 if framework == FRAMEWORK_2021 else FRAMEWORK_2021
    for scheme in (framework, other, _OTHER):
        found = _named(concept_by_label(scheme), printed)
        if found is not None:
            return found
    return None


def is_level(text: str) -> bool:
    """Return whether a text names a level of any framework."""
    return any(_in_scheme(concept_by_label(scheme), text) is not None for scheme in _SCHEMES)


def is_level1(text: str) -> bool:
    """Return whether a text names a level 1 of the frameworks of 2015 and 2021."""
    return any(
        _in_scheme(concept_by_label(scheme), text) in _top_concepts(scheme)
        for scheme in (FRAMEWORK_2015, FRAMEWORK_2021)
    )


def is_level2(text: str) -> bool:
    """Return whether a text names a level 2: 数量, 经济效益, 服务对象满意度, …; 成本 may be either."""
    found = (
        (scheme, _in_scheme(concept_by_label(scheme), text)) for scheme in (FRAMEWORK_2015, FRAMEWORK_2021)
    )
    return any(level is not None and level not in _top_concepts(scheme) for scheme, level in found)


def is_part(second: Printed | None, first: Printed | None) -> bool:
    """Return whether a printed level 2 names a kind of what a printed level 1 names, in either framework."""
    wholes = {_named(concept_by_label(scheme), first) for scheme in _SCHEMES}
    parts = (_named(concept_by_label(scheme), second) for scheme in _SCHEMES)
    return any(part is not None and wholes & _wholes(part) for part in parts)


def agree(level1: URIRef | None, level2: URIRef | None) -> bool:
    """Return whether a level 2 belongs to a level 1: in its own framework or, over the mapping, in the other.

    Cost under output occurs in practice; a level that no framework has is not judged.
    """
    if level1 is None or level2 is None or (level1 in _OUTPUTS and level2 in _COSTS):
        return True
    if not any(level1 in _top_concepts(scheme) for scheme in (FRAMEWORK_2015, FRAMEWORK_2021)):
        return True
    wholes = _wholes(level2)
    return not wholes or level1 in wholes


@cache
def _wholes(level2: URIRef) -> frozenset[Node]:
    """Return the levels 1 that a level 2, or what it is mapped to, belongs to."""
    broader = {
        whole for part in _mapped({level2}) for whole in vocabulary.graph().objects(part, SKOS.broader)
    }
    return frozenset(_mapped(broader))


def _mapped(concepts: set[Node]) -> set[Node]:
    """Return concepts with all that they are mapped to, mappings followed to their end."""
    found = set(concepts)
    for concept in concepts:
        for mapping in (SKOS.exactMatch, SKOS.closeMatch):
            mapped = vocabulary.graph().transitive_objects(concept, mapping)
            found.update(node for node in mapped if node is not None)
    return found


@cache
def _top_concepts(scheme: URIRef) -> frozenset[Node]:
    return frozenset(vocabulary.graph().subjects(SKOS.topConceptOf, scheme))


def is_cost(found: URIRef | None) -> bool:
    """Return whether a level is a kind of cost: its values are money unless they say otherwise."""
    return found in _COSTS


def basis_type(printed: Printed | None) -> URIRef | None:
    """Return the kind of basis that a text names, or ends with (签订合同, 年度培训计划), or None."""
    if printed is None or not printed.text.strip():
        return None
    concepts, text = concept_by_label(JXC["basis"]), normalise_label(printed.text)
    endings = (label for label in concepts if text.endswith(label))
    return concepts.get(max(endings, key=len, default=""))


def _named(concepts: Mapping[str, URIRef], printed: Printed | None) -> URIRef | None:
    if printed is None or not printed.text.strip():
        return None
    return _in_scheme(concepts, printed.text)


def _in_scheme(concepts: Mapping[str, URIRef], text: str) -> URIRef | None:
    """Return the level of a scheme that a text names."""
    return next((concepts[label] for label in labels_of_level(text) if label in concepts), None)
