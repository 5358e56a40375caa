"""What was reached: the self-evaluations of a declaration, each result with the target that it restates."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ontology.identifiers import normalise_name
from ontology.namespaces import JXI

from .asking import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    import pyoxigraph as ox

    from ..answers import Row
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Result:
    """One result; `attainment` is the slug of met, missed or exceeded, empty where the two cannot be compared."""

    indicator: str
    """IRI of the declared indicator it answers to; empty where none was found."""
    name: str
    restated: str
    """The target as the evaluation prints it."""
    actual: str
    corrected: str | None
    """The actual value as a person says that it is to be read."""
    why: str
    """Why what it says was corrected, and who says so; empty where nothing was."""
    attainment: str
    attainment_label: str
    score: Decimal | None
    weight: Decimal | None
    reason: str

    def differs_from(self, printed: Iterable[str]) -> bool:
        """Return whether the evaluation restates another target than those that the declaration prints."""
        declared = {normalise_name(text) for text in printed}
        return bool(self.restated) and normalise_name(self.restated) not in declared


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One self-evaluation: the document it stands in, its score and grade, and how it was matched."""

    document: str
    """Key of the document."""
    title: str
    score: Decimal | None
    grade: str
    match: str
    evidence: str
    results: tuple[Result, ...]

    @property
    def by_indicator(self) -> Mapping[str, Result]:
        """The results that answer to a declared indicator, by its IRI."""
        return {result.indicator: result for result in self.results if result.indicator}

    @property
    def others(self) -> tuple[Result, ...]:
        """The results that answer to none."""
        return tuple(result for result in self.results if not result.indicator)


def evaluations(store: Store, declaration: ox.NamedNode, language: ox.Literal) -> tuple[Evaluation, ...]:
    """Return the self-evaluations that are attached to a declaration."""
    rows = ask(store, "results", declaration=declaration, language=language)
    return tuple(_evaluation(list(group)) for _, group in groupby(rows, lambda row: row.text("evaluation")))


def _evaluation(rows: list[Row]) -> Evaluation:
    first = rows[0]
    key = first.text("document").removeprefix(f"{JXI}disclosure/")
    return Evaluation(
        document=key,
        title=first.text("documentTitle") or key,
        score=first.number("total"),
        grade=first.text("grade"),
        match=first.text("match"),
        evidence=first.text("evidence"),
        results=tuple(_result(row) for row in rows if row.text("result")),
    )


def _result(row: Row) -> Result:
    return Result(
        indicator=row.text("indicator"),
        name=row.text("name"),
        restated=row.text("restated"),
        actual=row.text("actual"),
        corrected=row.maybe("corrected"),
        why=row.text("why"),
        attainment=row.text("attainment"),
        attainment_label=row.text("attainmentLabel"),
        score=row.number("score"),
        weight=row.number("weight"),
        reason=row.text("reason"),
    )
