"""What one document declares twice under one code or name: the same again, or something else.

The same project printed again adds nothing but a second source. Two projects under one code, or two of one name and
unit that differ in what they say, are both kept: which of them carries the wrong code is not for a reader to settle.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.identifiers import normalise_name

from ..model import Note, NoteKind, Place, Repeated, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..model import Declaration


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations of a document, those made a second time, and a note for each that shares another's key."""

    once: tuple[Declaration, ...]
    again: tuple[Repeated, ...]
    notes: tuple[Note, ...]


def apart_from_repeated(made: Iterable[Declaration]) -> Declared:
    """Return declarations that say something of their own, and apart from them those that only repeat one."""
    known: dict[object, list[Declaration]] = {}
    again: list[Repeated] = []
    notes: list[Note] = []
    for declaration in made:
        alike = known.setdefault(_key(declaration), [])
        first = next((other for other in alike if _is_repeated(other, declaration)), None)
        if first is not None:
            again.append(Repeated(declaration, first))
        elif alike:
            notes.append(_shared(declaration, alike[0]))
            alike.append(replace(declaration, apart=_content_as_text(declaration)))
        else:
            alike.append(declaration)
    once = sorted((each for alike in known.values() for each in alike), key=lambda each: each.ordinal)
    return Declared(tuple(once), tuple(again), tuple(notes))


def _key(declaration: Declaration) -> object:
    """Return what makes two declarations one: the project, by code or by unit and name, year and version."""
    name = _name(declaration)
    if declaration.code is not None and declaration.code.text:
        project: object = declaration.code.text
    elif name:
        project = (declaration.unit.name if declaration.unit else "", name)
    else:
        project = declaration.ordinal  # a form without name and code is like no other
    return (project, declaration.year, declaration.adjusted)


def _name(declaration: Declaration) -> str:
    return normalise_name(declaration.name.text) if declaration.name else ""


def _is_repeated(one: Declaration, other: Declaration) -> bool:
    """Return whether a declaration repeats another; it may print less.

    Name, budget and values agree where both print them: a value that differs is said again by mistake, and which of
    the two is meant nobody knows.
    """
    if len({_name(one), _name(other)} - {""}) > 1:
        return False
    if len({each.budget.yuan for each in (one, other) if each.budget is not None} - {None}) > 1:
        return False
    told, again = _content(one), _content(other)
    less, more = sorted((told, again), key=len)
    return all(name in more and _agree(values, more[name]) for name, values in less.items())


def _agree(values: frozenset[str], others: frozenset[str]) -> bool:
    return not values or not others or values == others


def _content(declaration: Declaration) -> Mapping[str, frozenset[str]]:
    """Return the values of each indicator as printed, by its name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for indicator in declaration.indicators:
        values = {normalise_name(target.reading.raw) for target in indicator.targets}
        found[normalise_name(indicator.name.text)] |= values - {""}
    return {name: frozenset(values) for name, values in found.items()}


def _content_as_text(declaration: Declaration) -> str:
    budget = declaration.budget.text if declaration.budget is not None else ""
    told = (f"{name}={','.join(sorted(values))}" for name, values in sorted(_content(declaration).items()))
    return "/".join((_name(declaration), budget, *told))


def _shared(declaration: Declaration, first: Declaration) -> Note:
    by_code = declaration.code is not None and bool(declaration.code.text)
    printed = declaration.code if by_code else declaration.name
    table = first.tables[0]
    told = Wording(
        f"与表{table}的{'编码' if by_code else '名称'}相同，内容不同：两个都保留，分开记录",
        f"table {table} has the same {'code' if by_code else 'name'} and says something else: both are kept, apart",
    )
    quote = printed.quote if printed is not None else None
    place = quote.place if quote is not None else Place()
    return Note(NoteKind.CONFLICT, printed.text if printed is not None else "", quote, place, told=told)
