"""Scores, as pages show them: of a declaration with its dimensions, and the means of units ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .asking import ask, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from ..negotiation import Language
    from ..store import Store
    from .departments import Unit


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a score, from 0 to 100; `points` is what it counts for."""

    name: str
    points: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a declaration, from 0 to 100, and its dimensions, those that count most first."""

    value: Decimal
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit in one fiscal year, and its rank by the mean score of its projects; equal means have one rank."""

    rank: int
    unit: Unit
    trend: Decimal | None
    """What its mean, to a tenth, has more than that of the year before; None where that one has none."""


def score_of(store: Store, declaration: str, language: Language) -> Score | None:
    """Return the score of a declaration; None where the store keeps none."""
    measured = {
        row.text("metric").rpartition("/")[2]: row
        for row in ask(
            store, "score-of-declaration", declaration=iri(declaration), language=ox.Literal(language)
        )
    }
    total = measured.pop("total", None)
    value = total.number("value") if total is not None else None
    if value is None:
        return None
    return Score(
        value,
        tuple(
            Dimension(row.text("name") or name, row.count("points"), part)
            for name, row in measured.items()
            if (part := row.number("value")) is not None
        ),
    )


def ranking(units: Iterable[Unit]) -> tuple[Ranked, ...]:
    """Return the units that have a score, the best first."""
    scored = [(unit.score, unit) for unit in units if unit.score is not None]
    scored.sort(key=lambda pair: (-pair[0], pair[1].key, pair[1].year))
    better = {score: sum(other > score for other, _ in scored) for score, _ in scored}
    means = {(unit.key, unit.year): round(score, 1) for score, unit in scored}
    return tuple(Ranked(better[score] + 1, unit, _trend(unit, means)) for score, unit in scored)


def _trend(unit: Unit, means: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    before = means.get((unit.key, str(int(unit.year) - 1))) if unit.year.isdecimal() else None
    return None if before is None else means[unit.key, unit.year] - before
