"""Which findings have which suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.namespaces import JX

from . import codes, sums, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from ..finding import Suggestion
    from .material import Material


def suggested(material: Material, rule: str, focus: Node, value: Node | None) -> Iterator[Suggestion]:
    """Yield what should probably stand where a rule, by its id, found something about a node and a value.

    Of a value that a person corrected there is nothing to suggest: the person has seen what is printed.
    """
    match rule:
        case "ID-04":
            yield from codes.corrected(material, focus)
        case "FU-02":
            yield from sums.of_funds(material, focus)
        case "WT-02":
            yield from sums.of_weights(material, focus)
        case "EV-03":
            yield from sums.of_scores(material, focus)
        case "TV-18":
            for target in _targets(material, focus, value):
                yield from values.with_the_sign_that_was_misread(material, target)
        case "TV-04" | "TV-06" | "TV-08" | "TV-17" | "CO-05":
            for target in _targets(material, focus, value):
                yield from values.with_what_it_lacks(material, rule, target)


def _targets(material: Material, focus: Node, value: Node | None) -> list[Node]:
    """Return the value where that is a target, the focus where it is one, else all targets of the focus.

    None of them is one that a person corrected.
    """
    told = (node for node in (value, focus) if node is not None and (node, JX.rawText, None) in material.data)
    one = next(told, None)
    found = [one] if one is not None else sorted(material.data.objects(focus, JX.target), key=str)
    return [target for target in found if (target, JX.correctedText, None) not in material.data]
