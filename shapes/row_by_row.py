"""The findings about one project as people read them: row by row, and a hint that several rows share told once.

Reports and the pages of the service tell them alike, each of findings of its own kind.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from .rule_book import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW_ROWS: Final = 3
"""A hint on fewer rows of a project is told row by row."""


class _Rule(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def severity(self) -> str: ...


class _Finding(Protocol):
    @property
    def rule(self) -> _Rule: ...

    @property
    def row(self) -> int:
        """Number of the row; 0 where the finding is about none."""

    @property
    def indicator(self) -> str: ...


Found = TypeVar("Found", bound=_Finding)


@dataclass(frozen=True, slots=True)
class Shared(Generic[Found]):
    """A hint that several rows of a project share."""

    findings: tuple[Found, ...]

    @property
    def first(self) -> Found:
        """One of them: they differ in their rows."""
        return self.findings[0]

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of the rows."""
        return tuple(dict.fromkeys(finding.row for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Row(Generic[Found]):
    """A row of a project, or with number 0 the project itself, and what was found there."""

    number: int
    indicator: str
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class RowByRow(Generic[Found]):
    """What was found in one project: each finding stands in one of the rows or of the shared hints."""

    rows: tuple[Row[Found], ...]
    shared: tuple[Shared[Found], ...]
    """By the id of the rule."""


def row_by_row(findings: Iterable[Found]) -> RowByRow[Found]:
    """Return findings about one project, which come in the order of its rows."""
    listed = list(findings)
    shared = _shared(listed)
    told_once = {each.first.rule.id for each in shared}
    rest = (finding for finding in listed if finding.rule.id not in told_once)
    rows = tuple(_row(tuple(found)) for _, found in groupby(rest, key=lambda finding: finding.row))
    return RowByRow(rows, shared)


def _row(found: tuple[Found, ...]) -> Row[Found]:
    return Row(found[0].row, found[0].indicator, found)


def _shared(findings: Iterable[Found]) -> tuple[Shared[Found], ...]:
    groups: dict[str, list[Found]] = defaultdict(list)
    for finding in findings:
        if finding.rule.severity == Severity.INFO and finding.row:
            groups[finding.rule.id].append(finding)
    several = (Shared(tuple(found)) for _, found in sorted(groups.items()))
    return tuple(shared for shared in several if len(shared.rows) >= _FEW_ROWS)
