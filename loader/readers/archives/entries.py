"""What an archive lists, and how its names are made fit to be shown: they are never used as paths."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f]|^[A-Za-z]:")
"""Control characters, and the letter of a drive."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that an archive lists: its number there, its name with `/` between folders, and its stated size."""

    index: int
    name: str
    size: int
    encrypted: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the folders and the name."""
        return tuple(self.name.split("/"))


class Archive(Protocol):
    """An archive that is open."""

    def entries(self) -> Iterable[Entry]:
        """Yield the files in it, with names as they are written; folders and links are none."""

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | str]:
        """Yield for each entry its bytes, or the reason why it cannot be taken out."""


def fit(entries: Iterable[Entry]) -> list[Entry]:
    r"""Return entries with names that can be shown and that no two of them share.

    >>> [entry.name for entry in fit(Entry(0, name, 0) for name in ("../../etc/a", "C:\\绩效\\b", "etc/a"))]
    ['etc/a', '绩效/b', 'etc/a (2)']
    """
    seen: Counter[str] = Counter()
    named: list[Entry] = []
    for entry in entries:
        name = _fit_name(entry.name)
        seen[name] += 1
        again = f" ({seen[name]})" if seen[name] > 1 else ""
        named.append(replace(entry, name=name + again))
    return named


def _fit_name(name: str) -> str:
    parts = (_UNFIT.sub("", part).strip() for part in name.replace("\\", "/").split("/"))
    kept = [part for part in parts if part not in ("", ".", "..")]
    return "/".join(kept) or "?"
