"""The rule behind a finding, as the questions on findings tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.namespaces import JXS

if TYPE_CHECKING:
    from ..answers import Row


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its local name and its id in the rule book, how serious it is, what is wrong and how to mend it."""

    name: str
    id: str
    """The name where the rule has no id."""
    severity: str
    message: str
    remedy: str


def rule_of(row: Row) -> Rule:
    """Return the rule of a row: its columns are rule, id, severity, message and remedy."""
    name = row.text("rule").removeprefix(str(JXS))
    return Rule(
        name=name,
        id=row.text("id") or name,
        severity=row.text("severity").rpartition("#")[2],
        message=row.text("message"),
        remedy=row.text("remedy"),
    )
