"""Corpora of any size, as quads: what the loader made of some departments' documents, under other names again.

Some departments publish for three years, and some of them once more in a year, so that what is later takes the
place of what was earlier. Their documents go through the whole of loading; what it writes is then written for
department after department, each time for another division, with other codes, names, amounts and dates. The same
number of documents gives the same bytes on every machine.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology import divisions
from ontology.project_codes import check_character
from service.loading.comparing import compare_documents
from service.loading.ingest import Ingest
from service.loading.sources import CatalogueEntry
from service.loading.words import bring_words
from service.store import GRAPH_FORMATS, open_store

from . import corpus, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from service.store import Store

_YEARS: Final = (2023, 2024, 2025)
_PROJECTS: Final = (slice(0, 3), slice(1, 3), slice(3, 8), slice(3, 6), slice(8, 12), slice(2, 6))
"""Which projects of an example each department has; few have many."""
_FACTORS: Final = ("0.3", "0.5", "1", "1", "1", "1.5", "2", "3", "8", "20")
"""What all amounts of a department are multiplied with: most are of a size, some are large."""
_STAGES: Final = ("", "", "", "（一期）", "（二期）", "（续建）", "（提前下达）", "（追加）")
"""What is printed behind the name of a project."""
_VERSION: Final = "<http://purl.org/dc/terms/hasVersion>"
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_CATALOGUE: Final = "https://w3id.org/jixiao/graph/catalogue"
_FIRST_DAY: Final = datetime.fromisoformat("2025-01-06T08:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Department:
    """What stands for one department in a corpus: its number, and the IRI and code of its first project."""

    number: int
    project: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Template:
    """The quads of one department: texts that stay, and between them the kind and text of what is another's."""

    kept: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]
    documents: int

    def filled(self, fill: Callable[[str, str], str]) -> bytes:
        """Return the quads with each slot as `fill` writes its kind and text."""
        values = {slot: fill(*slot) for slot in dict.fromkeys(self.slots)}
        parts = [self.kept[0]]
        for slot, kept in zip(self.slots, self.kept[1:], strict=True):
            parts += (values[slot], kept)
        return "".join(parts).encode()


@dataclass(frozen=True, slots=True)
class _Other:
    """Another department: what it writes where a template has something of its own."""

    number: int
    division: str
    place: str
    factor: Decimal
    random: Random

    @classmethod
    def of(cls, number: int) -> _Other:
        """Return the department of a number: as many as there are templates are of one division."""
        division = _counties()[number // len(_PROJECTS) % len(_counties())]
        random = Random(number)  # noqa: S311 - no secret
        return cls(number, division.code, _full_name(division), Decimal(random.choice(_FACTORS)), random)

    def fill(self, kind: str, text: str) -> str:
        """Return what this department writes for a slot."""
        writers: Mapping[str, Callable[[str], str]] = {
            "hash": self._hash,
            "code": self._code,
            "division": lambda _: self.division,
            "place": lambda _: self.place,
            "amount": self._amount,
            "name": lambda name: name + self.random.choice(_STAGES),
            "loaded": self._loaded,
        }
        return writers[kind](text)

    def _hash(self, old: str) -> str:
        return hashlib.sha256(f"{self.number}/{old[:12]}".encode()).hexdigest()[: len(old)]

    def _code(self, old: str) -> str:
        body = f"{self.division}{old[6:-1]}"
        return body + check_character(body)

    def _amount(self, old: str) -> str:
        return format((Decimal(old) * self.factor).normalize(), "f")

    def _loaded(self, old: str) -> str:
        """Return when it was loaded: one department after another, its documents in their order."""
        moment = _FIRST_DAY + timedelta(seconds=60 * self.number + int(old))
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def quads(documents: int) -> Iterator[bytes]:
    """Yield a corpus in N-Quads, department after department, until it has at least so many documents."""
    words, templates = _templates()
    yield words
    number = 0
    while documents > 0:
        template = templates[number % len(templates)]
        yield template.filled(_Other.of(number).fill)
        documents -= template.documents
        number += 1


def departments(documents: int) -> Iterator[Department]:
    """Yield the departments of a corpus of so many documents, by what is looked up of them."""
    _, templates = _templates()
    number = 0
    while documents > 0:
        template = templates[number % len(templates)]
        other = _Other.of(number)
        code = next(text for kind, text in template.slots if kind == "code")
        yield Department(
            number, other.fill("code", code), f"{other.division}/{number % len(templates) + 101}"
        )
        documents -= template.documents
        number += 1


@cache
def _templates() -> tuple[bytes, tuple[_Template, ...]]:
    """Return what every store has, and the quads of each department beside it."""
    with open_store("memory:") as store:
        bring_words(store)
        words = _named(_lines(store))
    marked = f'<{_CATALOGUE}> {_VERSION} "{hashlib.sha256(b"corpus").hexdigest()[:32]}" <{_CATALOGUE}> .\n'
    shared: dict[str, None] = dict.fromkeys([*words, marked])
    templates = []
    for department in range(len(_PROJECTS)):
        own = [line for line in _published(department) if line not in shared and "_:" not in line]
        shared |= dict.fromkeys(line for line in own if not _slot(department).search(line))
        templates.append(_template(department, [line for line in own if line not in shared]))
    return "".join(shared).encode(), tuple(templates)


def _is_mark(line: str) -> bool:
    return line.startswith(f"<{_CATALOGUE}> {_VERSION}")


def _lines(store: Store) -> list[str]:
    lines = b"".join(store.export(GRAPH_FORMATS["nq"])).decode().split("\n")[:-1]
    return [f"{line}\n" for line in lines if not _is_mark(line)]


def _named(lines: list[str]) -> list[str]:
    """Return the lines with blank nodes named by what is said of them, so that they have the same names always."""
    nameless = ox.Dataset(
        ox.parse("".join(line for line in lines if "_:" in line), format=ox.RdfFormat.N_QUADS)
    )
    nameless.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [line for line in lines if "_:" not in line] + sorted(f"{quad} .\n" for quad in nameless)


def _published(department: int) -> list[str]:
    """Return the store of one department that has loaded all it published; times are seconds, in order."""
    with open_store("memory:") as store:
        ingest = Ingest(store)
        ingest.prepare()
        for place, (year, revision) in enumerate(_editions(department)):
            document = corpus.edition(department, year, revision, _PROJECTS[department])
            entry = CatalogueEntry(published=date(year, 2 + 4 * revision, 3 + place))
            ingest.load(written.html(document), f"{year}-{revision}.html", entry)
        compare_documents(store)
        lines = _lines(store)
    moments = sorted({found[0] for line in lines if (found := _MOMENT.search(line))})
    seconds = {moment: str(place) for place, moment in enumerate(moments)}
    return [_MOMENT.sub(lambda found: seconds[found[0]], line) for line in lines]


_MOMENT: Final = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")


def _editions(department: int) -> Iterator[tuple[int, int]]:
    """Yield year and revision of what a department published: every third amends its last year."""
    for year in _YEARS:
        yield year, 0
    if department % 3 == 0:
        yield _YEARS[-1], 1


@cache
def _slot(department: int) -> re.Pattern[str]:
    """Return what another department writes otherwise."""
    code, place = corpus.place_code(department), corpus.place_name(department)
    return re.compile(
        rf"(?P<hash>(?<=/disclosure/)[0-9a-f]{{16}}|(?<=/report/)[0-9a-f]{{16}}|(?<=\")[0-9a-f]{{64}}(?=\")"
        r"|(?<=/matchKey> \"\d{4}/)[0-9a-f]{12})"
        rf"|(?P<code>{code}2\dP\d{{11}}[0-9A-Z])"
        rf"|(?P<division>(?<=/){code}(?=[/>-]))"
        rf"|(?P<place>{place})"
        rf"|(?P<amount>(?<=/def/budget> \"){_NUMBER}|(?<=/def/amount> \"){_NUMBER}"
        rf"|(?<=/def/declaredAmount> \"){_NUMBER})"
        r"|(?P<name>(?<=/def/projectName> \")[^\"\\]+)"
        r"|(?P<loaded>(?<=\")\d+(?=\"\^\^<http://www.w3.org/2001/XMLSchema#dateTime>))"
    )


def _template(department: int, lines: list[str]) -> _Template:
    text, kept, slots, end = "".join(lines), [], [], 0
    for found in _slot(department).finditer(text):
        kept.append(text[end : found.start()])
        slots.append((str(found.lastgroup), found[0]))
        end = found.end()
    return _Template((*kept, text[end:]), tuple(slots), len(list(_editions(department))))


@cache
def _counties() -> tuple[divisions.Division, ...]:
    known = divisions.every_division()
    return tuple(one for one in known if one.level == divisions.Level.COUNTY and one.valid_until is None)


def _full_name(division: divisions.Division) -> str:
    above = divisions.by_code(division.parent) if division.parent else None
    return f"{above.name if above else ''}{division.name}"
