"""Project codes that were copied wrongly: the codes that satisfy the check and differ in one character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ontology import project_codes
from ontology.namespaces import JX

from ..finding import Suggestion
from ..rule_book import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from .material import Material

_MOST: Final = 3
"""More corrections of one code help nobody; the likely ones come first."""


def corrected(material: Material, project: Node) -> Iterator[Suggestion]:
    """Yield the likely codes of a project, each for the first cell that prints its code."""
    code = material.text(project, JX.projectCode)
    declared = sorted(material.data.subjects(JX.ofProject, project), key=str)
    quotes = [quote for whole in declared for quote in material.quotes(whole, JX.projectCode)]
    for quote in quotes[:1]:
        for other in project_codes.repairs(code)[:_MOST]:
            reading = quote.text.replace(code, other) if code in quote.text else other
            yield Suggestion(quote, reading, _reason(code, other))


def _reason(code: str, other: str) -> Text:
    """Return which characters differ, and that the check is right then."""
    pairs = enumerate(zip(code, other, strict=False), start=1)
    changes = [(place, before, after) for place, (before, after) in pairs if before != after]
    if len(changes) == 1:
        ((place, before, after),) = changes
        return Text(
            f"第{place}位的“{before}”改为“{after}”，校验即相符",
            f"with “{after}” for “{before}” at place {place} the check is right",
        )
    first, second = changes[0][0], changes[-1][0]
    return Text(
        f"第{first}、{second}位互换，校验即相符",
        f"with places {first} and {second} swapped the check is right",
    )
