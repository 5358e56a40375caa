"""How a printed value was read, in words: what stands beside the printed text in a report."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS

from ontology.namespaces import JX

from .rule_book import Text

if TYPE_CHECKING:
    from rdflib.term import Node

_SIGNS: Final = {"ge": "≥", "le": "≤", "eq": "=", "gt": ">", "lt": "<"}
_YUAN: Final = Text("元", " yuan")
_BLANK: Final = Text("空白", "blank")


@dataclass(frozen=True)
class Readings:
    """Tells readings from the data, with the labels of the vocabulary."""

    data: Graph
    vocabulary: Graph

    def of(self, focus: Node, value: Node | None, asked: tuple[URIRef, ...]) -> Text | None:
        """Return how what a finding is about was read: the value, or the focus; None where it is plain text."""
        for node in (value, focus):
            if node is None:
                continue
            told = self._of_literal(node, asked) if isinstance(node, Literal) else self._of_node(node)
            if told is not None:
                return told
        if JX.target in asked:
            return self._joined([self._of_node(target) for target in self._sorted(focus, JX.target)])
        return None

    def _of_literal(self, value: Literal, asked: tuple[URIRef, ...]) -> Text | None:
        if JX.budget in asked:
            return Text(f"{_plain(value)}{_YUAN.zh}", f"{_plain(value)}{_YUAN.en}")
        return Text(str(value), str(value)) if JX.weight in asked else None

    def _of_node(self, node: Node) -> Text | None:
        """Return how a target, a milestone or a fund was read; None for anything else."""
        if (node, JX.rawText, None) in self.data:
            return self._of_target(node)
        if (node, RDF.type, JX.Milestone) in self.data:
            told = f"{self._value(node, JX.dueDate)} {self._value(node, JX.cumulativePercent)}%"
            return Text(told, told)
        if (node, RDF.type, JX.Fund) in self.data:
            amount = self.data.value(node, JX.amount)
            return self._of_literal(amount, (JX.budget,)) if isinstance(amount, Literal) else _BLANK
        return None

    def _of_target(self, target: Node) -> Text:
        kind = next(
            (kind for kind in self._sorted(target, RDF.type) if kind != JX.TargetValue), JX.TargetValue
        )
        if kind == JX.QuantityTarget:
            return self._of_quantity(target)
        label = self._label(kind, RDFS.label)
        days = " – ".join(filter(None, (self._value(target, name) for name in (JX.startDate, JX.dueDate))))
        return Text(f"{label.zh} {days}".strip(), f"{label.en} {days}".strip())

    def _of_quantity(self, target: Node) -> Text:
        sign = _SIGNS.get(self._value(target, JX.comparator).rpartition("/")[2], "")
        numbers = (self._value(target, name) for name in (JX.number, JX.upperNumber))
        unit = self.data.value(target, JX.unit)
        name = self._label(unit, SKOS.prefLabel) if unit is not None else Text("", "")
        told = f"{sign} {'–'.join(filter(None, numbers))}".strip()
        return Text(f"{told} {name.zh}".strip(), f"{told} {name.en}".strip())

    def _label(self, node: Node, predicate: URIRef) -> Text:
        """Return the label of a term or concept; a concept minted for one document is labelled there."""
        labels = {
            str(label.language): str(label)
            for graph in (self.data, self.vocabulary)
            for label in graph.objects(node, predicate)
            if isinstance(label, Literal)
        }
        notation = str(self.data.value(node, SKOS.notation) or str(node).rpartition("/")[2])
        return Text(labels.get("zh") or notation, labels.get("en") or labels.get("zh") or notation)

    def _joined(self, told: list[Text | None]) -> Text | None:
        known = [text for text in told if text is not None]
        if not known:
            return None
        return Text("；".join(text.zh for text in known), "; ".join(text.en for text in known))

    def _value(self, subject: Node, predicate: URIRef) -> str:
        found = self.data.value(subject, predicate)
        return str(found) if found is not None else ""

    def _sorted(self, subject: Node, predicate: URIRef) -> list[Node]:
        return sorted(self.data.objects(subject, predicate), key=str)


def _plain(amount: Literal) -> str:
    """Return an amount with its thousands apart: 167,000."""
    return f"{amount.value:,}" if isinstance(amount.value, Decimal | int) else str(amount)
