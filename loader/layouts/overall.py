"""What the forms about a department as a whole say: its targets, what it reached, and what is printed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import Repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Declaration, Evaluation
    from .reading import FormReader


@dataclass(frozen=True, slots=True)
class Overall:
    """A department's targets as a whole, what became of them, and the forms that only repeat one of the two."""

    target: Declaration | None = None
    evaluation: Evaluation | None = None
    again: tuple[Repeated, ...] = ()

    @property
    def told(self) -> tuple[Declaration, ...]:
        """Return what says something of its own: the targets, and those that a self-evaluation states otherwise."""
        restated = self.evaluation.declared if self.evaluation is not None else None
        return tuple(dict.fromkeys(each for each in (self.target, restated) if each is not None))


def read_overall(readers: Sequence[FormReader]) -> Overall:
    """Read forms about a department; a self-evaluation alone states the targets as well."""
    declared = [reader.declaration() for reader in readers if not reader.form.evaluates]
    evaluating = [reader for reader in readers if reader.form.evaluates]
    evaluated = [reader.declaration() for reader in evaluating]
    return Overall(
        target=next(iter((*declared, *evaluated)), None),
        evaluation=evaluating[0].evaluation(evaluated[0]) if evaluating else None,
        again=tuple(Repeated(other, same[0]) for same in (declared, evaluated) if same for other in same[1:]),
    )
