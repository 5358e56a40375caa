"""Rules that compare documents: what to ask of everything there is, and the report on what was answered.

Who asks has a store; this room only says what, and turns the rows of an answer into findings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from rdflib.namespace import SH

from ontology import vocabulary

from .context import findings
from .engines.result import Result
from .finding import Finding
from .report import Report
from .rule_book import RuleBookError, rule_of_shape, rules, shapes_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from .rule_book import Rule

_UNITS: Final = "# units\n"
"""Where a query wants the units that it is asked about."""


@dataclass(frozen=True, slots=True)
class Question:
    """A rule that compares documents, and what it asks."""

    rule: Rule
    select: str

    def about(self, units: Iterable[str]) -> str:
        """Return the query about the declarations and evaluations of some budget units, given by their IRIs."""
        values = " ".join(f"<{unit}>" for unit in units)
        return self.select.replace(_UNITS, f"VALUES ?unit {{ {values} }}\n")

    def found_in(self, rows: Iterable[Mapping[str, Node]]) -> Mapping[Node, set[Result]]:
        """Return what the rows of the answer say, by budget unit; rows that differ in a cell alone are one."""
        cells: dict[tuple[Node, Node, Node | None], set[Node]] = defaultdict(set)
        for row in rows:
            key = (row["unit"], row["this"], row.get("value"))
            cells[key] |= {row["cell"]} if "cell" in row else set()
        found: dict[Node, set[Result]] = defaultdict(set)
        for (unit, focus, value), evidence in cells.items():
            found[unit].add(self._result(focus, value, frozenset(evidence)))
        return found

    def _result(self, focus: Node, value: Node | None, cells: frozenset[Node]) -> Result:
        return Result(self.rule.iri, SH.SPARQLConstraintComponent, focus, value=value, cells=cells)


@cache
def questions() -> tuple[Question, ...]:
    """Return what the rules that compare documents ask. Raises RuleBookError."""
    asked = (rule for rule in rules().values() if rule.compares_documents)
    return tuple(Question(rule, f"{_prefixes()}{_select(rule)}") for rule in asked)


def _select(rule: Rule) -> str:
    """Return the query of a rule. Raises RuleBookError where it cannot be asked about units."""
    graph = shapes_graph()
    constraint = graph.value(rule.iri, SH.sparql)
    select = str(graph.value(constraint, SH.select) or "")
    if _UNITS not in select:
        raise RuleBookError(f"{rule.file}: the query of {rule.iri} says nowhere “{_UNITS.strip()}”")
    return select


@cache
def _prefixes() -> str:
    graph = shapes_graph()
    declared = sorted(
        (str(graph.value(each, SH.prefix)), str(graph.value(each, SH.namespace)))
        for each in graph.objects(None, SH.declare)
    )
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared)


def compared(results: Iterable[Result], data: Graph) -> Report:
    """Return the report on what was found; `data` say what people need to know of the things it is about."""
    found = findings(results, rule_of_shape(), data, vocabulary.graph())
    return Report(tuple(sorted(found, key=Finding.order)))
