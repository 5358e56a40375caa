"""What data of others have to do with ours: which of our things they name, and which they may mean.

By IRI, by code, and by name; a name is a suggestion for a person to look at, and nothing is written because of it.
Imported by the command line, after the data came in.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology import identifiers
from ontology.namespaces import PREFIXES

from ..addresses import BASE
from ..answers import csv_of, select
from ..linking.places import places_of
from ..linking.scoring import Asked
from .apart import is_ours, prefixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ..linking.index import Index
    from ..linking.scoring import Candidate
    from ..store import Store

MOST_NAMES: Final = 2_000
MOST_CODES: Final = 20_000
"""Names and codes that are compared; those beyond are counted, and told of."""
_CHUNK: Final = 500
_AN_IRI_OF_OURS: Final = re.compile(re.escape(BASE) + r"[^\s<>\"{}|^`\\]+")
_ANY_URI: Final = f"{PREFIXES['xsd']}anyURI"
_A_CODE: Final = re.compile(r"(?=.*\d)[0-9A-Za-z]{3,24}")
_OF_A_CODE: Final = re.compile(r"(code|notation|identifier|taxid|代码|编码|编号)$", re.IGNORECASE)
_OF_A_NAME: Final = re.compile(r"(label|name|title|名称|单位|部门|项目)$", re.IGNORECASE)
_OF_A_WORD: Final = re.compile(re.escape(identifiers.DATASETS) + r"[^/]+/(term/|column/|#)")
_OF_A_PLACE: Final = re.compile(
    r"(division|spatial|place|location|区划|地区|区划代码|区划名称)$", re.IGNORECASE
)


class By(StrEnum):
    """How something of ours is named."""

    IRI = "iri"
    CODE = "code"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that data of others name: the text or IRI, by which property, how often, and what of ours it is.

    `iri` is empty where nothing here is meant; of a name it is what may be meant, `certain` or not.
    """

    by: By
    property: str
    text: str
    statements: int
    iri: str = ""
    name: str = ""
    score: float | None = None
    certain: bool = False
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class LinkReport:
    """All that a data set names of ours, IRIs first, then codes, then names."""

    findings: tuple[Finding, ...]
    unseen: int = 0
    """Names and codes that were not compared: there were too many."""

    def of(self, by: By) -> list[Finding]:
        """Return what is named in one way."""
        return [finding for finding in self.findings if finding.by is by]


def link_report(store: Store, index: Index, triples: Sequence[ox.Triple]) -> LinkReport:
    """Return what some statements name of what a store and the shipped lists hold."""
    said = [triple for triple in triples if not _explains_a_word(triple)]
    named = Counter(
        (triple.predicate.value, iri)
        for triple in said
        for iri in map(_iri_of_ours, (triple.subject, triple.object))
        if iri
    )
    known = _known(store, index, sorted({iri for _, iri in named}))
    references = [
        Finding(By.IRI, word, iri, n, iri if iri in known else "", known.get(iri, ""), certain=iri in known)
        for (word, iri), n in sorted(named.items())
    ]
    places = _places(index, said)
    codes = (asked for asked in _asked(said, places, _OF_A_CODE) if _A_CODE.fullmatch(asked.text))
    names = _asked(said, places, _OF_A_NAME)
    by_code = [_by_code(index, asked) for asked in islice(codes, MOST_CODES)]
    by_name = [_by_name(index, asked) for asked in islice(names, MOST_NAMES)]
    return LinkReport((*references, *by_code, *by_name), sum(1 for _ in (*codes, *names)))


def _iri_of_ours(term: object) -> str:
    """Return the IRI of one of our things, also where it is written as a literal (xsd:anyURI); empty for all else."""
    if isinstance(term, ox.Literal) and term.datatype.value == _ANY_URI:
        return term.value if _AN_IRI_OF_OURS.fullmatch(term.value) else ""
    return term.value if isinstance(term, ox.NamedNode) and is_ours(term) else ""


def _explains_a_word(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.NamedNode) and _OF_A_WORD.match(triple.subject.value) is not None


def _known(store: Store, index: Index, iris: Sequence[str]) -> Mapping[str, str]:
    """Return those of some IRIs of ours that something here is said of, with their names."""
    known = {}
    for start in range(0, len(iris), _CHUNK):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + _CHUNK])
        query = f"""SELECT DISTINCT ?thing {{
            VALUES ?thing {{ {values} }} GRAPH ?g {{ ?thing ?p ?o }}
            FILTER(!STRSTARTS(STR(?g), "{identifiers.dataset_graph("")}"))
        }}"""
        known.update({row.text("thing"): "" for row in select(store, query)})
    things = {iri: index.thing(iri) for iri in iris}
    return known | {iri: thing.name for iri, thing in things.items() if thing is not None}


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that data of others say of their things by one property, and where these lie."""

    property: str
    text: str
    statements: int
    places: frozenset[str]


def _asked(
    said: Iterable[ox.Triple], places: Mapping[object, frozenset[str]], wanted: re.Pattern[str]
) -> Iterator[_Text]:
    """Yield the texts of properties of some names, each once for each place, in the order in which they come."""
    counted: Counter[tuple[str, str, frozenset[str]]] = Counter()
    for triple in said:
        if isinstance(triple.object, ox.Literal) and wanted.search(triple.predicate.value):
            text = triple.object.value.strip()
            if text:
                counted[triple.predicate.value, text, places.get(triple.subject, frozenset())] += 1
    return (_Text(word, text, n, where) for (word, text, where), n in counted.items())


def _places(index: Index, said: Iterable[ox.Triple]) -> Mapping[object, frozenset[str]]:
    """Return the divisions in which things lie, by what is said of them: an IRI, a code or a name."""
    found: defaultdict[object, frozenset[str]] = defaultdict(frozenset)
    known: dict[str, frozenset[str]] = {}
    for triple in said:
        if _OF_A_PLACE.search(triple.predicate.value) and not isinstance(
            triple.object, ox.BlankNode | ox.Triple
        ):
            told = triple.object.value
            if told not in known:
                known[told] = frozenset(places_of(index, told))
            found[triple.subject] |= known[told]
    return found


def _by_code(index: Index, asked: _Text) -> Finding:
    found = index.candidates(Asked("", codes=frozenset([asked.text.upper()]), places=asked.places))
    best = found[0] if found else None
    return _finding(By.CODE, asked, best if best and best.match else None)


def _by_name(index: Index, asked: _Text) -> Finding:
    found = index.candidates(Asked(asked.text, places=asked.places))
    return _finding(By.NAME, asked, found[0] if found else None)


def _finding(by: By, asked: _Text, best: Candidate | None) -> Finding:
    if best is None:
        return Finding(by, asked.property, asked.text, asked.statements)
    reasons = ", ".join(f"{feature.id} {feature.value:g}" for feature in best.features)
    thing = best.thing
    return Finding(
        by,
        asked.property,
        asked.text,
        asked.statements,
        thing.iri,
        thing.name,
        best.score,
        best.match,
        reasons,
    )


# --- out ---


def as_csv(report: LinkReport) -> bytes:
    """Return the report as CSV, a row for each finding."""
    columns = list(Finding.__dataclass_fields__)
    rows = ([_cell(value) for value in asdict(finding).values()] for finding in report.findings)
    return csv_of(columns, rows, bom=True)


def _cell(value: object) -> object:
    return {True: "yes", False: ""}[value] if isinstance(value, bool) else value


def as_json(report: LinkReport) -> bytes:
    """Return the report as JSON: a list for each way in which things are named."""
    told = {by.value: [asdict(finding) for finding in report.of(by)] for by in By}
    return json.dumps(told | {"unseen": report.unseen}, ensure_ascii=False, indent=1).encode() + b"\n"


def as_text(report: LinkReport) -> bytes:
    """Return the report to read: how much, and each of what is not here or to be looked at."""
    return "".join(f"{line}\n" for line in (*summary(report), "", *_details(report))).encode()


WRITTEN: Final[Mapping[str, Callable[[LinkReport], bytes]]] = {
    ".txt": as_text,
    ".csv": as_csv,
    ".json": as_json,
}
"""How a report is written, by the end of the name of its file."""


def summary(report: LinkReport) -> Iterator[str]:
    """Yield a line for each way in which things of ours are named."""
    references, codes, names = (report.of(by) for by in By)
    if references:
        there = {one.text for one in references if one.iri}
        yield f"things of ours: {len(there):,} of {len({one.text for one in references}):,} that it names are here"
    if codes:
        yield f"codes: {sum(one.certain for one in codes):,} of {len(codes):,} are those of things here"
    if names:
        certain, open_ = (sum(one.certain is wanted for one in names if one.iri) for wanted in (True, False))
        yield (
            f"names: {certain:,} of {len(names):,} are probably those of things here, {open_:,} are like some; "
            "nothing is linked by a name alone"
        )
    if report.unseen:
        yield f"{report.unseen:,} more names and codes were not compared"


_TOLD: Final = {
    By.IRI: "of ours, and not here",
    By.CODE: "a code of nothing here, or of several",
    By.NAME: "like nothing here",
}


def _details(report: LinkReport) -> Iterator[str]:
    for one in report.findings:
        by = f"{prefixed(one.property)} {one.text} ({one.statements:,})"
        if not one.iri:
            yield f"{by}: {_TOLD[one.by]}"
        elif one.by is By.NAME:
            sure = "probably" if one.certain else "perhaps"
            yield f"{by}: {sure} {one.name} <{one.iri}>, {one.score:g}: {one.reasons}"
        else:
            yield f"{by}: {one.name or 'here'} <{one.iri}>"
