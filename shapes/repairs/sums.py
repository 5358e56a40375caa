"""Sums that are not right: by how much, and for each cell of the sum the amount that would make it right."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from rdflib.namespace import SKOS

from ontology.namespaces import JX
from ontology.vocabulary import threshold

from ..finding import Suggestion
from ..rule_book import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import URIRef
    from rdflib.term import Node

    from ..finding import Quote
    from .material import Material

_PRINTED_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.(?P<places>[0-9]+))?")
_YUAN = Text("元", " yuan")
_POINTS = Text("分", " points")


def of_funds(material: Material, declaration: Node) -> Iterator[Suggestion]:
    """Yield the budget that the sources of money make, and for each source the amount that makes the budget."""
    budget = material.decimal(declaration, JX.budget)
    funds = _outermost(material, sorted(material.data.objects(declaration, JX.hasFund), key=str))
    amounts = {fund: material.decimal(fund, JX.amount) or Decimal(0) for fund in funds}
    if budget is None:
        return
    together = _sum(amounts.values())
    reason = _difference(budget, together, _YUAN)
    yield from _instead(material, declaration, JX.budget, together, reason)
    for fund, amount in amounts.items():
        yield from _instead(material, fund, None, amount + budget - together, reason)


def _outermost(material: Material, funds: list[Node]) -> list[Node]:
    """Return the funds whose source stands under no other printed source."""
    sources = {fund: material.data.value(fund, JX.fundSource) for fund in funds}
    printed = set(sources.values())
    return [
        fund
        for fund, source in sources.items()
        if not (set(material.vocabulary.transitive_objects(source, SKOS.broader)) - {source}) & printed
    ]


def _instead(
    material: Material, node: Node, field: URIRef | None, yuan: Decimal, reason: Text
) -> Iterator[Suggestion]:
    """Yield an amount as the cell of another one would print it: in its unit, with its places."""
    unit = material.data.value(node, JX.unit)
    factor = material.vocabulary.value(unit, JX.factor) if unit is not None else None
    if factor is None or yuan <= 0:
        return
    for quote in material.quotes(node, field):
        reading = _reading(quote, yuan / Decimal(str(factor)))
        if reading is not None:
            yield Suggestion(quote, reading, reason)


def _reading(quote: Quote, amount: Decimal) -> str | None:
    """Return the text of a cell with another amount; None where it prints none, or with fewer places."""
    number = _PRINTED_NUMBER.search(quote.text)
    if number is None:
        return None
    grouped = "," if "," in number[0] else ""
    places = len(number["places"] or "")
    if round(amount, places) != amount:
        return None
    return f"{quote.text[: number.start()]}{amount:{grouped}.{places}f}{quote.text[number.end() :]}"


def of_weights(material: Material, declaration: Node) -> Iterator[Suggestion]:
    """Yield how far the weights are from either total; which of them is wrong nobody knows."""
    rows = list(material.data.objects(declaration, JX.hasIndicator))
    stated = [weight for row in rows if (weight := material.decimal(row, JX.weight)) is not None]
    together, blank = _sum(stated), len(rows) - len(stated)
    totals = [threshold("weight-total-without-execution"), threshold("weight-total")]
    zh, en = zip(*(_short_of(total, together) for total in totals), strict=True)
    told = Text(
        f"合计{_plain(together)}，{'，'.join(zh)}" + (f"；{blank}条没有填" if blank else ""),
        f"they add up to {_plain(together)}: {', '.join(en)}" + (f"; {blank} are blank" if blank else ""),
    )
    yield Suggestion(None, None, told)


def _short_of(total: Decimal, together: Decimal) -> tuple[str, str]:
    apart = _plain(abs(total - together))
    if together < total:
        return f"比{_plain(total)}少{apart}", f"{apart} less than {_plain(total)}"
    return f"比{_plain(total)}多{apart}", f"{apart} more than {_plain(total)}"


def of_scores(material: Material, evaluation: Node) -> Iterator[Suggestion]:
    """Yield the total that the scores of the indicators and of execution make."""
    total = material.decimal(evaluation, JX.score)
    if total is None:
        return
    rows = [material.decimal(row, JX.score) for row in material.data.objects(evaluation, JX.hasResult)]
    together = _sum(score for score in rows if score is not None) + _execution(material, evaluation)
    for quote in material.quotes(evaluation, JX.score):
        yield Suggestion(quote, _plain(together), _difference(total, together, _POINTS))


def _execution(material: Material, evaluation: Node) -> Decimal:
    """Return the score of execution: that of the total, else of all sources of money together."""
    rows = list(material.data.objects(evaluation, JX.hasExecution))
    scored = {row: score for row in rows if (score := material.decimal(row, JX.score)) is not None}
    total = [score for row, score in scored.items() if (row, JX.fundSource, None) not in material.data]
    return _sum(total or scored.values())


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _plain(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    return format(number.normalize(), "f")


def _difference(total: Decimal, together: Decimal, unit: Text) -> Text:
    apart = abs(total - together)
    zh, en = (
        [f"{amount.normalize():,f}{name}" for amount in (total, together, apart)]
        for name in (unit.zh, unit.en)
    )
    return Text(
        f"总数{zh[0]}，各项合计{zh[1]}，相差{zh[2]}",
        f"the total is {en[0]}, the parts make {en[1]}: {en[2]} apart",
    )
