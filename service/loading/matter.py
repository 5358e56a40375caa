"""What is judged, and what a store keeps of it: a document, with what the register says of what it names.

A matter is known by digests: of what the document states, of the rules, of what the register says. The digest of a
document is worked out from its statements, or is kept by the store; so one that has not changed is not read.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapes
from ontology import identifiers
from ontology.namespaces import PREFIXES
from shapes.rule_book import PACKED_REPORT, TOLD_BY

from . import reading
from .amendment import Amendment
from .naming import is_settled
from .register import naming_lines, things_named_in
from .statements import Statement, as_line, as_ntriples, by_graph, iri, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..store import Store
    from .register import Register

_IDENTIFIER: Final = iri(PREFIXES["dcterms"] + "identifier")
_EDITION: Final = iri(TOLD_BY)
_PACKED: Final = iri(PACKED_REPORT)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is judged: a document, named by its graph, with what the register says of the things it names."""

    graph: str
    digest: str
    """Stands for all that the document states."""
    facts: frozenset[Statement]
    """What the register says of the things, besides what it calls bodies and projects."""
    labels: frozenset[Statement]
    """What it calls them: no rule asks it, and other documents may change it."""

    @classmethod
    def told_of(cls, graph: str, digest: str, told: Iterable[Statement]) -> Matter:
        """Return the matter of a document by its digest, with what the register tells of what it names."""
        told = frozenset(told)
        labels = frozenset(filter(is_settled, told))
        return cls(graph, digest, told - labels, labels)

    @property
    def name(self) -> str:
        """A name that changes with what is judged, and with the rules it is judged by."""
        judged = (shapes.version(), self.digest, *_lines(self.facts))
        return hashlib.sha256(_text(judged)).hexdigest()

    @property
    def home(self) -> str:
        """The graph of the report."""
        return str(identifiers.report_graph(identifiers.key_of_graph(self.graph)))

    def kept_in(self, store: Store) -> Kept:
        """Return what a store keeps on this very matter."""
        query = f"""SELECT ?edition ?packed {{
            GRAPH <{self.home}> {{
                ?report {_IDENTIFIER} {literal(self.name)}
                OPTIONAL {{ ?report {_EDITION} ?edition }}
                OPTIONAL {{ ?report {_PACKED} ?packed }}
            }}
        }}"""
        for row in reading.rows(store, query):
            told = _unpacked(row["packed"]) if row["edition"] == shapes.edition() else None
            return Kept(told, None if told else as_ntriples(reading.graph_of(store, self.home)))
        return Kept()

    def entered(self, store: Store, report: shapes.Report) -> Amendment:
        """Return how the graph of the report changes in a store, when this is the report."""
        key = identifiers.key_of_graph(self.graph)
        told = by_graph(report.nquads(key))[self.home]
        subject = iri(f"{identifiers.disclosure(key)}/report")
        packed = b64encode(shapes.packed(report)).decode()
        named = (
            Statement(subject, _IDENTIFIER, literal(self.name)),
            Statement(subject, _EDITION, literal(shapes.edition())),
            Statement(subject, _PACKED, literal(packed, datatype=PREFIXES["xsd"] + "base64Binary")),
        )
        return Amendment.between(self.home, reading.graph_of(store, self.home), [*told, *named])


@dataclass(frozen=True, slots=True)
class ReadMatter:
    """A matter with what the document states."""

    matter: Matter
    stated: tuple[str, ...]
    """Lines of N-Triples, sorted."""

    @classmethod
    def of(cls, graph: str, stated: Iterable[str], register: Register) -> ReadMatter:
        """Return the matter of what a document states, in lines of N-Triples."""
        lines = tuple(sorted(stated))
        told = register.named_by(naming_lines(lines))
        return cls(Matter.told_of(graph, hashlib.sha256(_text(lines)).hexdigest(), told), lines)

    @property
    def asked(self) -> bytes:
        """What rules are asked about, as N-Triples: without what the register calls bodies and projects."""
        return _text([*self.stated, *_lines(self.matter.facts)])

    @property
    def whole(self) -> bytes:
        """The same with what they are called."""
        return self.asked + _text(_lines(self.matter.labels))


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store keeps of what was found in a matter: nothing, the results, or the whole report."""

    report: shapes.Report | None = None
    results: bytes | None = None
    """As N-Triples, where the report must be told anew."""

    @property
    def was_judged(self) -> bool:
        """Whether nothing is to be judged."""
        return self.report is not None or self.results is not None


def known_unread(store: Store, graphs: Iterable[str], register: Register) -> Mapping[str, Matter]:
    """Return the matters of documents of which the store keeps digests, by their graphs."""
    digests = store.digests_of(graphs)
    told = register.named_by_each(things_named_in(store, digests))
    return {graph: Matter.told_of(graph, digest, told.get(graph, ())) for graph, digest in digests.items()}


def _lines(statements: Iterable[Statement]) -> list[str]:
    return sorted(map(as_line, statements))


def _text(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _unpacked(literal: str) -> shapes.Report | None:
    """Return the report that a literal holds; None where somebody damaged it."""
    try:
        return shapes.unpacked(b64decode(literal))
    except ValueError:
        return None
