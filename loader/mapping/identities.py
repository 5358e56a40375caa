"""Which unit, division and project a declaration is about: the keys from which its IRIs are minted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import divisions, identifiers, project_codes

if TYPE_CHECKING:
    from ..model import Body, Declaration, Disclosure

_USABLE_CODE = re.compile(r"^[0-9A-Z]{15,25}$")
_NO_UNIT: Final = "none"


@dataclass(frozen=True, slots=True)
class DivisionFound:
    """A division and whether it was derived from project codes instead of being printed."""

    code: str
    derived: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """The keys of one declaration; `unit_key` is None where no unit is printed."""

    division: DivisionFound
    unit_key: str | None
    project_key: str
    project_code: str | None


def identity_of(declaration: Declaration, disclosure: Disclosure) -> Identity:
    """Return the keys of a declaration, from its codes where it prints them, else from its names."""
    division = division_of(declaration.unit, disclosure)
    unit_key = body_key(declaration.unit, division) if declaration.unit else None
    code = printed_code(declaration)
    is_key = code is not None and _USABLE_CODE.match(code) is not None and not declaration.apart
    key = identifiers.project_key(
        code=code if is_key else None,
        division_code=division.code,
        unit_key=unit_key or f"{division.code}/{_NO_UNIT}",
        name=_name_of(declaration, disclosure),
    )
    return Identity(division, unit_key, key, code)


def _name_of(declaration: Declaration, disclosure: Disclosure) -> str:
    """Return the name that a project is known by.

    Without a unit a name says too little: 办公经费 of one department is not that of another. Such a project is
    known by its document, and one without a name by its place there, so that neither is taken for another. One that
    shares code or name with another of its document is known by what it says as well.
    """
    name = declaration.name.text if declaration.name is not None else ""
    if declaration.apart:
        name = f"{name}/{declaration.apart}"
    if not name.strip():
        return f"{disclosure.sha256}/{declaration.ordinal}"
    return name if declaration.unit is not None else f"{disclosure.sha256}/{name}"


def printed_code(declaration: Declaration) -> str | None:
    """Return the project code as printed, blanks and widths apart; None where none is printed."""
    if declaration.code is None:
        return None
    return "".join(unicodedata.normalize("NFKC", declaration.code.text).split()) or None


def body_key(body: Body, division: DivisionFound) -> str:
    """Return the key of a unit or department within a division."""
    return identifiers.body_key(division.code, code=body.code, name=body.name)


def division_of(body: Body | None, disclosure: Disclosure) -> DivisionFound:
    """Return the division that a unit's name, else the title names, else the one most project codes carry."""
    for text in (body.name if body else "", disclosure.title or ""):
        found = divisions.find(text, disclosure.year)
        if found is not None:
            return DivisionFound(found.code, derived=False)
    codes = Counter(
        parsed.division
        for declaration in disclosure.declarations
        if declaration.code and (parsed := project_codes.parse(declaration.code.text))
    )
    if codes:
        return DivisionFound(codes.most_common(1)[0][0], derived=True)
    return DivisionFound(identifiers.UNKNOWN_DIVISION, derived=True)
