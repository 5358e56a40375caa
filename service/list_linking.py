"""A table of somebody else's, matched row by row with our things, read over by a person, and written as a graph.

What is written is a link: this text means that thing, found how, how surely, and when. Nothing is said to be the
same as a thing because of a name: only what has an IRI of its own is linked to ours, by `skos:closeMatch`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import JX, JXC, JXI, PREFIXES

from .answers import harmless
from .linking import things
from .linking.places import places_of
from .linking.scoring import Asked
from .reconciliation import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from .linking.index import Index
    from .linking.scoring import Candidate
    from .negotiation import Language

    _Triple: TypeAlias = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]

TYPES: Final[Mapping[str, str]] = {
    "unit": things.UNIT,
    "department": things.DEPARTMENT,
    "body": things.BODY,
    "project": things.PROJECT,
    "division": things.DIVISION,
    "code": things.CODE,
}
"""What a column may name, by the words of the command."""
ADDED: Final = (
    "link_iri", "link_name", "link_score", "link_certain", "link_reasons", "link_others", "link_reviewed",
)  # fmt: skip
"""The columns that matching adds; the last one is for a person: yes, no, or the IRI that is meant."""
_YES: Final = frozenset({"yes", "y", "是", "对", "1", "true"})
_NO: Final = frozenset({"no", "n", "否", "不", "错", "0", "false"})
_OTHERS: Final = 3
_IRI: Final = re.compile(r"https?://\S+")
_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SCORE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_CERTAIN: Final = "yes"


class ListError(Exception):
    """A table that cannot be matched or read; the message says where and what to do."""


class How(StrEnum):
    """How a link was found; the value is the slug in `jxc:match/`."""

    CODE = "code"
    NAME = "name-and-place"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as it was read: its columns, and its rows as texts."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def has(self, column: str) -> None:
        """Return where there is a column of that name; raise `ListError` with those there are."""
        if column not in self.columns:
            raise ListError(f"there is no column {column!r}: there are {', '.join(self.columns)}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is matched: the column of names, the type that they name, and columns or values that tell more."""

    column: str
    type: str | None = None
    division: str | None = None
    """A column with divisions, or the one division in which all rows are."""
    code: str | None = None
    """A column with codes."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text of a table that means one of our things."""

    text: str
    target: str
    """IRI of our thing."""
    how: How
    score: str
    evidence: str
    subject: str = ""
    """IRI of the thing that the table speaks of, where it has one."""

    @property
    def says(self) -> tuple[str, str, str]:
        """What the link says, however it was found: text, target and subject."""
        return self.text, self.target, self.subject


def read_rows(data: bytes) -> Rows:
    """Return a CSV in UTF-8, or in GB 18030 as old Excel writes it. Raises `ListError`."""
    text = _decoded(data)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
        columns = tuple(reader.fieldnames or ())
        if not columns or len(set(columns)) < len(columns):
            raise ListError("the first line must name the columns, each by another name")
        rows = []
        for row in reader:
            if None in row:
                raise ListError(f"line {reader.line_num} has more cells than there are columns")
            rows.append(row)
    except csv.Error as error:
        raise ListError(f"this is no CSV: {error}") from error
    return Rows(columns, tuple(rows))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListError("the text is neither UTF-8 nor GB 18030: save it as CSV in UTF-8")


def match(index: Index, table: Rows, wanted: Wanted, language: Language) -> Iterator[dict[str, str]]:
    """Yield each row with what it means, how surely and why, and a column for a person. Raises `ListError`."""
    for column in filter(None, (wanted.column, wanted.code)):
        table.has(column)
    if any(column in table.columns for column in ADDED):
        raise ListError("the table has been matched already: give it with --reviewed, or the one before it")
    types = frozenset([TYPES[wanted.type]]) if wanted.type else frozenset[str]()
    for row in table.rows:
        found = index.candidates(_asked(index, row, table, wanted), types)
        yield {**row, **_found(found, language)}


def _asked(index: Index, row: Mapping[str, str], table: Rows, wanted: Wanted) -> Asked:
    place = wanted.division or ""
    told = row[place] if place in table.columns else place
    code = row[wanted.code].strip() if wanted.code else ""
    return Asked(
        row[wanted.column],
        codes=frozenset([code] if code else []),
        places=frozenset(places_of(index, told.strip())) if told.strip() else frozenset(),
    )


def _found(candidates: Sequence[Candidate], language: Language) -> dict[str, str]:
    """Return the cells that matching adds; the best candidate is named even where it is not certain."""
    if not candidates:
        return dict.fromkeys(ADDED, "")
    best = candidates[0]
    about = facts.description(best.thing, language)
    others = (f"{one.thing.name} {one.score:g} {one.thing.iri}" for one in candidates[1 : _OTHERS + 1])
    cells = (
        best.thing.iri,
        f"{best.thing.name}（{about}）" if about else best.thing.name,
        f"{best.score:g}",
        _CERTAIN if best.match else "",
        reasons(best),
        " | ".join(others),
        "",
    )
    return dict(zip(ADDED, cells, strict=True))


def reasons(candidate: Candidate) -> str:
    """Return the features of a score in a line: `name 1, place 0.84`."""
    return ", ".join(f"{feature.id} {feature.value:g}" for feature in candidate.features)


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as CSV that Excel opens as UTF-8; what matching added is no formula, the rest is as it was."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows({**row, **{name: harmless(row[name]) for name in ADDED}} for row in rows)
    return out.getvalue().encode("utf-8-sig")


# --- links ---


def certain_links(rows: Iterable[Mapping[str, str]], column: str, subject: str | None) -> Iterator[Link]:
    """Yield the links of rows that are certain without anybody having read them over."""
    for row in rows:
        if row["link_certain"] == _CERTAIN:
            yield _link(row, column, row["link_iri"], _how(row["link_reasons"]), subject)


def reviewed_links(index: Index, table: Rows, column: str, subject: str | None) -> Iterator[Link]:
    """Yield the links that a person has confirmed or set. Raises `ListError` where a cell says neither."""
    for name in (column, *ADDED, *filter(None, [subject])):
        table.has(name)
    for number, row in enumerate(table.rows, 2):
        said = row["link_reviewed"].strip()
        if said.casefold() in _YES:
            yield _link(row, column, _known(index, row["link_iri"], number), How.REVIEWED, subject)
        elif _IRI.fullmatch(said):
            yield _link(row, column, _known(index, said, number), How.REVIEWED, subject)
        elif said and said.casefold() not in _NO:
            raise ListError(
                f"row {number}: link_reviewed is {said!r}: write yes, no, or the IRI that is meant"
            )


def _known(index: Index, iri: str, number: int) -> str:
    if index.thing(iri) is None:
        raise ListError(f"row {number}: nothing here is {iri or 'meant by a row without link_iri'}")
    return iri


def _how(told: str) -> How:
    return How.CODE if "code 1" in told.split(", ") else How.NAME


def _link(row: Mapping[str, str], column: str, target: str, how: How, subject: str | None) -> Link:
    chosen = target == row["link_iri"]
    own = row[subject].strip() if subject else ""
    return Link(
        row[column],
        target,
        how,
        row["link_score"] if chosen else "",
        row["link_reasons"] if chosen else "",
        _iri(own) if own else "",
    )


def _iri(text: str) -> str:
    if _IRI.fullmatch(text) is None:
        raise ListError(f"{text!r} is no IRI of a thing: write it whole, as https://example.org/units/17")
    try:
        return ox.NamedNode(text).value
    except ValueError as error:
        raise ListError(f"{text!r} is no IRI of a thing: {error}") from error


def source_name(given: str) -> str:
    """Return the name of a list as it stands in the IRI of its graph. Raises `ListError`."""
    if _SOURCE.fullmatch(given) is None or given == "evaluations":
        raise ListError(f"{given!r} cannot name a list: write small letters, digits and -, as units-2025")
    return given


def graph_of(links: Iterable[Link], source: str, day: date) -> bytes:
    """Return links as the N-Quads of the graph of a list, each link once: as it was found most surely."""
    name = ox.NamedNode(identifiers.links_graph(source))
    triples = {triple: None for link in _surest(links) for triple in _triples(link, source, day)}
    quads = (ox.Quad(*triple, name) for triple in triples)
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _surest(links: Iterable[Link]) -> Iterable[Link]:
    """Return the surest of the links that say the same of the same thing, in their order."""
    kept: dict[tuple[str, str, str], Link] = {}
    for link in links:
        known = kept.setdefault(link.says, link)
        kept[link.says] = max(known, link, key=_sureness)
    return kept.values()


def _sureness(link: Link) -> tuple[bool, float, bool]:
    score = float(link.score) if _SCORE.fullmatch(link.score) else 0.0  # a person may have written there, too
    return link.how is How.REVIEWED, score, link.how is How.CODE


def _triples(link: Link, source: str, day: date) -> Iterator[_Triple]:
    key = hashlib.sha256("\n".join(link.says).encode()).hexdigest()[:12]
    node, target = ox.NamedNode(str(JXI[f"link/{source}/{key}"])), ox.NamedNode(link.target)
    date_type = ox.NamedNode(f"{PREFIXES['xsd']}date")
    yield node, ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(str(JX.Link))
    yield node, ox.NamedNode(str(JX.linkedText)), ox.Literal(link.text)
    yield node, ox.NamedNode(str(JX.linksTo)), target
    yield node, ox.NamedNode(str(JX.match)), ox.NamedNode(str(JXC[f"match/{link.how.value}"]))
    yield node, ox.NamedNode(f"{PREFIXES['dcterms']}created"), ox.Literal(day.isoformat(), datatype=date_type)
    if link.score:
        decimal = ox.NamedNode(f"{PREFIXES['xsd']}decimal")
        yield node, ox.NamedNode(str(JX.linkScore)), ox.Literal(link.score, datatype=decimal)
    if link.evidence:
        yield node, ox.NamedNode(str(JX.matchEvidence)), ox.Literal(link.evidence)
    if link.subject:
        theirs = ox.NamedNode(link.subject)
        yield node, ox.NamedNode(str(JX.linkedThing)), theirs
        yield theirs, ox.NamedNode(f"{PREFIXES['skos']}closeMatch"), target
