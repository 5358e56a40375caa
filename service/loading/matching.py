"""Which declaration a self-evaluation is about, and which of its indicators each result answers to.

By the project's code, else by unit and name, in the same year; then by level 2 and name. Names are compared
normalised. What fits several is not guessed at, and nothing is said to be the same thing because of a name: a match
says how it was found and by what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from rdflib import SKOS, URIRef

from ontology import identifiers, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_INITIAL: Final = "/initial"


class How(StrEnum):
    """How a match was found, or that none was; the value is the slug in `jxc:match/`."""

    PROJECT_CODE = "project-code"
    UNIT_AND_NAME = "unit-and-name"
    LEVEL_2_AND_NAME = "level-2-and-name"
    NAME = "name"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of a declaration, or a result with what the evaluation prints of its indicator."""

    iri: str
    name: str
    level2: str | None
    """IRI of the concept."""
    level2_text: str

    @property
    def plain_name(self) -> str:
        """The name as it is compared."""
        return identifiers.normalise_indicator_name(self.name)

    @property
    def plain_level(self) -> str:
        """Level 2 as it is compared; empty where none is printed."""
        return vocabulary.normalise_label(self.level2_text) if self.level2_text else ""


@dataclass(frozen=True, slots=True)
class Form:
    """A declaration or a self-evaluation: what it is about, and its rows."""

    iri: str
    is_evaluation: bool
    project: str
    """IRI of the project."""
    year: str
    """Fiscal year; empty where none is known: then it matches nothing."""
    name: str
    unit: str | None
    """IRI of the unit."""
    unit_name: str
    evaluates: str | None
    """IRI of the declaration that an evaluation's own document says it is about, loaded or not."""
    rows: tuple[Row, ...]
    """Indicators of a declaration, results of an evaluation."""

    @property
    def about(self) -> tuple[str, str]:
        """Return project and year."""
        return self.project, self.year

    @property
    def key(self) -> str | None:
        """Return year and name as forms of the same name share them; None where one is missing."""
        name = identifiers.normalise_name(self.name)
        return f"{self.year}/{identifiers.name_hash(name)}" if name and self.year else None


@dataclass(frozen=True, slots=True)
class Match:
    """What answers to an evaluation or a result (IRI; None where nothing was found), how and by what it was found."""

    how: How
    other: str | None = None
    evidence: str = ""


def declaration_of(evaluation: Form, declarations: Iterable[Form]) -> Match:
    """Return the declaration that an evaluation is about, among some that may be."""
    known = [one for one in declarations if evaluation.year and one.year == evaluation.year]
    same = [one for one in known if one.project == evaluation.project]
    if same:
        return _by_project(evaluation, _first_version(same))
    named = [one for one in known if _same_by_name(evaluation, one)]
    projects = sorted({one.project for one in named})
    if len(projects) > 1:
        return Match(How.AMBIGUOUS, evidence=" · ".join(projects))
    if not named:
        return Match(How.NOT_FOUND)
    return Match(How.UNIT_AND_NAME, _first_version(named).iri, f"{evaluation.unit_name} · {evaluation.name}")


def _by_project(evaluation: Form, declaration: Form) -> Match:
    code = identifiers.official_code(evaluation.project)
    if code is not None:
        return Match(How.PROJECT_CODE, declaration.iri, code)
    return Match(How.UNIT_AND_NAME, declaration.iri, f"{evaluation.unit_name} · {evaluation.name}")


def _first_version(declarations: Sequence[Form]) -> Form:
    """Return the declaration of the beginning of the year, else the adjusted one."""
    return min(declarations, key=lambda one: (not one.iri.endswith(_INITIAL), one.iri))


def _same_by_name(evaluation: Form, declaration: Form) -> bool:
    codes = {identifiers.official_code(one.project) for one in (evaluation, declaration)} - {None}
    return evaluation.key == declaration.key and len(codes) < 2 and _same_unit(evaluation, declaration)


def _same_unit(one: Form, other: Form) -> bool:
    """Return whether two forms name one unit: by its IRI, else by its name where no code or division says no."""
    if one.unit is None or other.unit is None:
        return False
    if one.unit == other.unit:
        return True
    divisions, codes = zip(
        *(identifiers.division_and_code(form.unit or "", form.unit_name) for form in (one, other)),
        strict=True,
    )
    return (
        len(set(divisions) - {identifiers.UNKNOWN_DIVISION}) < 2
        and len(set(codes) - {None}) < 2
        and identifiers.normalise_body_name(one.unit_name) == identifiers.normalise_body_name(other.unit_name)
    )


def indicators_of(results: Sequence[Row], indicators: Sequence[Row]) -> Mapping[str, Match]:
    """Return, by result, the declared indicator that it answers to; what two results answer to, none does."""
    found = {result.iri: _indicator_of(result, indicators) for result in results}
    claims: defaultdict[str | None, list[str]] = defaultdict(list)
    for result, match in found.items():
        claims[match.other].append(result)
    return {
        result: match if match.other is None or len(claims[match.other]) == 1 else _several(match.evidence)
        for result, match in found.items()
    }


def _indicator_of(result: Row, indicators: Iterable[Row]) -> Match:
    named = [one for one in indicators if one.plain_name == result.plain_name]
    for how, fits in ((How.LEVEL_2_AND_NAME, _same_level), (How.NAME, _no_level)):
        fitting = [one for one in named if fits(result, one)]
        if len(fitting) > 1:
            return _several(result.name)
        if fitting:
            return Match(how, fitting[0].iri, result.name)
    return Match(How.NOT_FOUND)


def _several(name: str) -> Match:
    return Match(How.AMBIGUOUS, evidence=name)


def _same_level(one: Row, other: Row) -> bool:
    if one.level2 is not None and other.level2 is not None:
        return one.level2 == other.level2 or other.level2 in _like(one.level2)
    return one.plain_level == other.plain_level != ""


def _no_level(one: Row, other: Row) -> bool:
    """Return whether one of two rows prints no level 2: then it cannot differ."""
    return not (one.plain_level or one.level2) or not (other.plain_level or other.level2)


@cache
def _like(concept: str) -> frozenset[str]:
    """Return the levels of the other framework that stand for a level: equal or close in meaning."""
    words, level = vocabulary.graph(), URIRef(concept)
    return frozenset(
        str(like) for link in (SKOS.exactMatch, SKOS.closeMatch) for like in words.objects(level, link)
    )
