"""What a name can mean: bodies, projects, divisions and codes, each as it is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ontology.namespaces import JX, PREFIXES


class Family(StrEnum):
    """Things whose names are read alike."""

    BODY = "body"
    PLACE = "place"
    PROJECT = "project"
    CODE = "code"


DIVISION: Final = str(JX.AdministrativeDivision)
BODY: Final = str(JX.PublicBody)
DEPARTMENT: Final = str(JX.Department)
UNIT: Final = str(JX.BudgetUnit)
PROJECT: Final = str(JX.Project)
CODE: Final = PREFIXES["skos"] + "Concept"


@dataclass(frozen=True, slots=True)
class Thing:
    """One of our things, as it is found by its names and codes."""

    iri: str
    family: Family
    names: tuple[str, ...]
    """All names, the one it is shown by first."""
    types: tuple[str, ...]
    """IRIs of classes, and for a code that of its list; the most specific first."""
    codes: frozenset[str] = frozenset()
    """Codes that nothing else has: of a project, of a division, a unified social credit code."""
    local_codes: frozenset[str] = frozenset()
    """Codes that only their division tells apart: of a department, of a unit."""
    division: str = ""
    """The code of the division it lies in; for a division its own; empty where none is known."""
    whole: str = ""
    """IRI of what it is a part of: the department of a unit, the unit of a project, the division above."""
    whole_name: str = ""
    years: tuple[int, int | None] | None = None
    """First and last year in which it is valid, where that is told; the last is None while it is."""

    @property
    def name(self) -> str:
        """The name it is shown by."""
        return self.names[0]
