"""Which rules a report tells of: some by id or family, those from a severity up, without those that are ignored."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from .rule_book import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .rule_book import Rule

_CLOSE: Final = 0.6
_MOST_MATCHES: Final = 3


class UnknownRuleError(ValueError):
    """An id was asked for that no rule has."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules a report tells of; all of them unless told."""

    rules: frozenset[str] | None = None
    """Ids; None for all."""
    least: Severity = Severity.INFO
    """The least serious severity."""
    ignored: frozenset[str] = frozenset()
    """Ids."""

    def admits(self, rule: Rule) -> bool:
        """Return whether the report tells of the rule."""
        chosen = self.rules is None or rule.id in self.rules
        return chosen and rule.id not in self.ignored and rule.severity.rank <= self.least.rank

    @property
    def is_everything(self) -> bool:
        """Whether no rule is left out."""
        return self == EVERYTHING


EVERYTHING: Final = Choice()


def choice_of(
    known: Iterable[str],
    *,
    rules: Iterable[str] = (),
    least: Severity = Severity.INFO,
    ignored: Iterable[str] = (),
) -> Choice:
    """Return the choice that ids and families (`TV` for TV-01, TV-02 …) make among the `known` ids.

    Capital letters do not matter. Raises UnknownRuleError, naming the nearest ids.

    >>> sorted(choice_of(["FU-01", "FU-02", "TV-01"], rules=["fu"], ignored=["FU-02"]).rules)
    ['FU-01', 'FU-02']
    """
    names = _Names(tuple(known))
    asked = names.meant_by(rules)
    return Choice(asked or None, least, names.meant_by(ignored))


@dataclass(frozen=True, slots=True)
class _Names:
    """The ids there are."""

    known: tuple[str, ...]

    def meant_by(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(id_ for name in names for id_ in self._meant_by_one(name))

    def _meant_by_one(self, name: str) -> list[str]:
        wanted = name.strip().casefold()
        found = [id_ for id_ in self.known if wanted in (id_.casefold(), _family(id_))]
        if not found:
            raise UnknownRuleError(self._unknown(name))
        return found

    def _unknown(self, name: str) -> str:
        families = {_family(id_): _family(id_).upper() for id_ in sorted(self.known)}
        names = {id_.casefold(): id_ for id_ in self.known} | families
        near = get_close_matches(name.strip().casefold(), names, n=_MOST_MATCHES, cutoff=_CLOSE)
        hint = (
            f"did you mean {', '.join(names[each] for each in near)}?"
            if near
            else f"the families are {', '.join(families.values())}"
        )
        return f"there is no rule {name.strip()!r}: {hint}"


def _family(id_: str) -> str:
    return id_.partition("-")[0].casefold()
