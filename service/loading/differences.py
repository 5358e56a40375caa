"""What changed from version to version of a declaration, a self-evaluation or an overall target: `jxg:changes`.

It is worked out when one arrives. Versions follow each other by publication, whichever was loaded first; one that
says what the one before says is no version. An adjusted declaration is compared, besides, with the initial one of
its project and year.

<declaration/…/change/…> a jx:Change ; jx:ofDeclaration <declaration> ; jx:comparedWith <declaration> ;
jx:earlierDocument <disclosure> ; jx:laterDocument <disclosure> ; jx:changeKind jxc:change/softened ;
jx:changedField jx:target ; jx:name "满意度" ; jx:textBefore "≥95%" ; jx:textAfter "≥90%" ; jx:ordinal 3 .
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import shapes
from ontology import identifiers
from ontology.namespaces import JX, PREFIXES

from ..changes import changes_between
from . import reading
from .amendment import Amendment
from .statements import Statement, as_ntriples, iri, literal
from .superseding import by_owner, holder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdflib import Graph, URIRef

    from ..changes import Change
    from ..store import Store
    from .superseding import Version

GRAPH: Final = str(identifiers.CHANGES_GRAPH)
_TYPE: Final = iri(PREFIXES["rdf"] + "type")
_INTEGER: Final = PREFIXES["xsd"] + "integer"


def amend(store: Store, versions: Mapping[str, Sequence[Version]]) -> Amendment:
    """Return how what is known of changes becomes other by what documents state of some owners.

    `versions` are all there are of each owner, the earliest first; none where nobody states it any more.
    """
    declared = {owner: found for owner, found in versions.items() if _is_declaration(owner)}
    years = {identifiers.initial_and_adjusted(owner.strip("<>")) for owner in declared}
    adjusted = {(iri(initial), iri(other)) for initial, other in years}
    steps = [step for owner, found in versions.items() for step in _republished(owner, found)]
    steps += _adjusted(store, declared, adjusted)
    known = _known(store, [*((owner, owner) for owner in versions), *adjusted])
    return Amendment.between(GRAPH, known, (said for step in steps for said in step.statements()))


def _is_declaration(owner: str) -> bool:
    return identifiers.part_of_declaration(owner.strip("<>")) is not None


@dataclass(frozen=True, slots=True)
class _Edition:
    """What one document, named by its graph, states of a declaration, a term."""

    declaration: str
    graph: str
    statements: tuple[Statement, ...]

    @property
    def document(self) -> URIRef:
        return identifiers.disclosure(identifiers.key_of_graph(self.graph))

    def stated(self) -> Graph:
        return shapes.graph_of(as_ntriples(self.statements))


@dataclass(frozen=True, slots=True)
class _Step:
    """From one edition to the next."""

    earlier: _Edition
    later: _Edition

    def statements(self) -> Iterator[Statement]:
        """Yield each change, numbered in the order in which they are told."""
        told = changes_between(self.earlier.stated(), self.later.stated())
        for number, change in enumerate(told, start=1):
            yield from self._said(change, number)

    def _said(self, change: Change, number: int) -> Iterator[Statement]:
        compared, declaration = (one.declaration.strip("<>") for one in (self.earlier, self.later))
        documents = self.earlier.document, self.later.document
        subject = iri(identifiers.change(declaration, compared, *documents, number))
        yield Statement(subject, _TYPE, iri(JX.Change))
        yield Statement(subject, iri(JX.ofDeclaration), self.later.declaration)
        yield Statement(subject, iri(JX.comparedWith), self.earlier.declaration)
        yield Statement(subject, iri(JX.earlierDocument), iri(documents[0]))
        yield Statement(subject, iri(JX.laterDocument), iri(documents[1]))
        yield Statement(subject, iri(JX.changeKind), iri(change.kind.concept))
        yield Statement(subject, iri(JX.ordinal), literal(str(number), datatype=_INTEGER))
        if change.term is not None:
            yield Statement(subject, iri(JX.changedField), iri(change.term))
        texts = (JX.name, change.indicator), (JX.textBefore, change.before), (JX.textAfter, change.after)
        for predicate, text in texts:
            if text:
                yield Statement(subject, iri(predicate), literal(text))


# --- which follows which ----------------------------------------------------------------------------------


def _republished(owner: str, versions: Sequence[Version]) -> Iterator[_Step]:
    for earlier, later in pairwise(_editions(versions)):
        yield _Step(_edition(owner, earlier), _edition(owner, later))


def _editions(versions: Sequence[Version]) -> list[Version]:
    """Return the versions that say something else than the one before, as they are held."""
    runs: list[list[Version]] = []
    for version in versions:
        if runs and version.says_what(runs[-1][-1]):
            runs[-1].append(version)
        else:
            runs.append([version])
    return [holder(run) for run in runs]


def _edition(owner: str, version: Version) -> _Edition:
    return _Edition(owner, version.graph, version.statements)


def _adjusted(
    store: Store, declared: Mapping[str, Sequence[Version]], pairs: Iterable[tuple[str, str]]
) -> Iterator[_Step]:
    """Yield the steps from initial declarations to adjusted ones; what the documents do not state the store shows."""
    pairs = sorted(pairs)
    editions = {owner: _edition(owner, holder(found)) for owner, found in declared.items() if found}
    others = {owner for pair in pairs for owner in pair} - declared.keys()
    editions |= {edition.declaration: edition for edition in _shown(store, others)}
    for initial, adjusted in pairs:
        if initial in editions and adjusted in editions:
            yield _Step(editions[initial], editions[adjusted])


def _shown(store: Store, owners: Iterable[str]) -> Iterator[_Edition]:
    """Yield what the store shows of some declarations."""
    query = f"""SELECT ?graph ?owner {{
        VALUES ?owner {{ {" ".join(sorted(owners))} }}
        GRAPH ?graph {{ ?owner a {iri(JX.Declaration)} }}
    }}"""
    for row in reading.rows(store, query):
        owner = iri(row["owner"])
        _, stated = by_owner(reading.graph_of(store, row["graph"]), [owner])
        yield _Edition(owner, row["graph"], tuple(stated[owner]))


def _known(store: Store, pairs: Iterable[tuple[str, str]]) -> list[Statement]:
    """Return what is known of the changes of declarations from others: pairs of the one compared with, and itself."""
    told = " ".join(f"({compared} {declaration})" for compared, declaration in sorted(pairs))
    return reading.construct(
        store,
        f"""CONSTRUCT {{ ?change ?says ?what }} {{
            VALUES (?compared ?declaration) {{ {told} }}
            GRAPH <{GRAPH}> {{
                ?change {iri(JX.ofDeclaration)} ?declaration ; {iri(JX.comparedWith)} ?compared ; ?says ?what
            }}
        }}""",
    )
