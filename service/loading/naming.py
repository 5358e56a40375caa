"""What shared things are called when documents disagree: the most frequent name is preferred, others alternative."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import URIRef

from ontology.namespaces import JX, JXI, PREFIXES

from .statements import Statement, iri, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_PREF_LABEL: Final = iri(PREFIXES["skos"] + "prefLabel")
_ALT_LABEL: Final = iri(PREFIXES["skos"] + "altLabel")
_LABELS: Final = frozenset({_PREF_LABEL, _ALT_LABEL})
_THING: Final = f"<{JXI}"
NAMED_BY: Final = ((iri(JX.ofProject), iri(JX.projectName)), (iri(JX.declaredBy), iri(JX.unitName)))
"""How a declaration names a shared thing: the property that points at it, and the one that prints its name."""


class Naming(NamedTuple):
    """One declaration calls one thing by a name; all terms."""

    declaration: str
    thing: str
    name: str


def namings_in(statements: Iterable[Statement]) -> list[Naming]:
    """Return what the declarations of a document call their projects and units."""
    by_declaration: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for statement in statements:
        by_declaration[statement.subject][statement.predicate] = statement.object
    return [
        Naming(declaration, told[points_at], told[prints])
        for declaration, told in by_declaration.items()
        for points_at, prints in NAMED_BY
        if points_at in told and prints in told
    ]


def settled(labels: Iterable[Statement], namings: Iterable[Naming]) -> list[Statement]:
    """Return one preferred label in each language for each thing, and the others as alternatives.

    `labels` are all labels known so far, those of the new document too; `namings` say how often each is used.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for naming in namings:
        counts[naming.thing][_in_chinese(naming.name)] += 1
    for label in labels:
        if label.predicate in _LABELS:
            counts[label.subject][label.object] += 0
    return [statement for thing in counts for statement in _labels_of(thing, counts[thing])]


def is_label(statement: Statement) -> bool:
    """Return whether a statement gives a thing a preferred or alternative name."""
    return statement.predicate in _LABELS


def is_settled(statement: Statement) -> bool:
    """Return whether a statement names a body or project, which is called as most documents call it."""
    return is_label(statement) and statement.subject.startswith(_THING)


def names_told(labels: Iterable[Statement]) -> dict[URIRef, str]:
    """Return what labels call things."""
    preferred = (label for label in sorted(labels, reverse=True) if label.predicate == _PREF_LABEL)
    return {URIRef(text_of(label.subject)): text_of(label.object) for label in preferred}


def _labels_of(thing: str, counts: Counter[str]) -> Iterable[Statement]:
    """Yield the labels of a thing, in each language the most frequent one first.

    A unit of measure that a document made has a name in Chinese and one in English, and keeps both.
    """
    ranked = sorted(counts, key=lambda name: (_language(name), -counts[name], len(name), name))
    for _, names in groupby(ranked, key=_language):
        preferred, *others = names
        yield Statement(thing, _PREF_LABEL, preferred)
        yield from (Statement(thing, _ALT_LABEL, name) for name in others)


def _language(name: str) -> str:
    """Return the language of a literal; empty where it says none.

    >>> _language('"台@en"@zh'), _language('"台@en"')
    ('zh', '')
    """
    return name[name.rindex('"') + 1 :].removeprefix("@")


def _in_chinese(name: str) -> str:
    """Return a printed name (a plain literal) as the register writes names, in Chinese."""
    return f"{name}@zh" if name.endswith('"') else name
