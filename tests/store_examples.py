"""The examples of the rules that compare documents: `tests/shapes/<rule>/{valid,invalid}/<reason>.trig`.

Each is all that a store holds: documents, what the register says of their projects and units, links, the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

FOLDER = Path(__file__).parent / "shapes"


@dataclass(frozen=True)
class StoreExample:
    """One file: the rule it is about, whether it is free of it, and what is found in it."""

    path: Path
    rule: str
    valid: bool
    findings: int
    """How many findings of its rule there are."""
    consequences: frozenset[str]

    @property
    def expected(self) -> set[str]:
        return set(self.consequences if self.valid else self.consequences | {self.rule})

    @property
    def nquads(self) -> bytes:
        quads = ox.parse(self.path.read_bytes(), format=ox.RdfFormat.TRIG)
        return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""

    def __str__(self) -> str:
        return f"{self.rule}-{'valid' if self.valid else 'invalid'}-{self.path.stem}"


def store_examples() -> list[StoreExample]:
    return [_example(path) for path in sorted(FOLDER.glob("*/*/*.trig"))]


def _example(path: Path) -> StoreExample:
    rule, kind = path.parts[-3:-1]
    is_valid = {"valid": True, "invalid": False}[kind]
    consequences = frozenset(_noted(path, "consequences").split())
    return StoreExample(
        path, rule, is_valid, 0 if is_valid else int(_noted(path, "findings") or 1), consequences
    )


def _noted(path: Path, word: str) -> str:
    found = re.search(rf"^# {word}: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return found[1] if found else ""
