"""Records to RDF, beside Morph-KGC: the same triples, theirs from CSV files by an RML mapping.

The CSV files hold what our records state: a file for each class of things with a column for each property, and one
for each property of which a thing has several. IRIs are built by templates from their keys, as a person would map
them; keys are made and numbers are formatted in the files already, which our side does within its time.
"""

from __future__ import annotations

import csv
import re
import subprocess
import tempfile
import venv
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from loader.conversion import convert
from loader.load_report import report_of
from loader.load_report_json import as_json
from loader.mapping.disclosure import to_nquads
from ontology.namespaces import PREFIXES

from . import corpus, written
from .measuring import cpu_seconds, run
from .report import Report, Value, versions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from loader.model import Disclosure

PEER: Final = "morph-kgc==2.10.0"
_PEERS: Final = Path(__file__).resolve().parent / ".peers"
_TYPE: Final = PREFIXES["rdf"] + "type"
_HOSTS: Final = frozenset({"w3id.org", "www.w3.org"})
_ABSENT: Final = "__absent__"
_GOAL: Final = 5

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


class OtherTriples(Exception):
    """The two sides did not write the same: nothing is compared then."""


def measure(documents: int = 40, rounds: int = 5) -> Report:
    """Measure both sides on the content of some documents. Raises `OtherTriples`."""
    files = [written.docx(corpus.document(number)) for number in range(documents)]
    disclosures = [convert(data).disclosure for data in files]
    quads = sum(_quads(disclosure).count(b"\n") for disclosure in disclosures)
    triples = {triple for disclosure in disclosures for triple in _triples(_quads(disclosure))}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        ours = cpu_seconds(lambda: _write(disclosures, place / "ours.nq"), rounds)
        from_files = cpu_seconds(lambda: [convert(data) for data in files], 1)
        whole, running = _theirs(triples, place, rounds)
    return Report(
        "rml",
        "Records to RDF: jixiao and Morph-KGC on the same content",
        ("", "CPU s", "triples/CPU s", "ratio"),
        (
            ("jixiao: records → N-Quads", ours, round(len(triples) / ours), 1.0),
            ("Morph-KGC: CSV + RML → N-Triples", whole, round(len(triples) / whole), whole / ours),
            ("Morph-KGC, without its start", *_beside(running, triples=len(triples), ours=ours)),
            ("jixiao: Word files → N-Quads", from_files, round(len(triples) / from_files), from_files / ours),
        ),
        (
            (
                f"Content of {documents} documents: {len(triples):,} triples, the same set from both ({quads:,} "
                "quads from ours, as documents say the same of shared things). Left out: the names of the graphs, "
                "which only ours writes."
            ),
            (
                "Start: what Morph-KGC takes with the same mapping for one row of each file; ours is not counted. "
                f"One process each, the least of {rounds} rounds. Goal: at least {_GOAL}×, its start included."
            ),
        ),
        versions=(*versions_of("jixiao", "rdflib"), PEER.replace("==", " ")),
    )


def _beside(running: float, *, triples: int, ours: float) -> tuple[Value, Value, Value]:
    """Return the cells of a difference; few documents take no longer than the start does, give or take."""
    return (running, round(triples / running), running / ours) if running > 0 else ("", "", "")


def _quads(disclosure: Disclosure) -> bytes:
    told = to_nquads(disclosure, as_json(report_of(disclosure)))
    return (told.own + told.register).encode()


def _write(disclosures: Iterable[Disclosure], file: Path) -> None:
    with file.open("wb") as stream:
        stream.writelines(map(_quads, disclosures))


def _triples(quads: bytes) -> Iterator[Triple]:
    for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS):
        yield quad.subject, quad.predicate, quad.object  # type: ignore[misc] # we write no blank nodes


# --- the other side -----------------------------------------------------------------------------------


def _theirs(triples: set[Triple], place: Path, rounds: int) -> tuple[float, float]:
    """Return the CPU seconds of Morph-KGC, and those without its start. Raises `OtherTriples`."""
    python = _installed()
    all_of_it, one_row = place / "all", place / "one"
    _lay_out(triples, all_of_it, rows=None)
    _lay_out(triples, one_row, rows=1)
    whole = min(run(_command(python, all_of_it)).cpu for _ in range(rounds))
    start = min(run(_command(python, one_row)).cpu for _ in range(rounds))
    found = {
        (quad.subject, quad.predicate, quad.object)
        for quad in ox.parse((all_of_it / "out.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)
    }
    if found != triples:
        examples = [" ".join(map(str, triple)) for triple in list(found ^ triples)[:3]]
        raise OtherTriples(
            f"{len(triples - found)} triples are only ours, {len(found - triples)} only theirs: {examples}"
        )
    return whole, whole - start


def _installed() -> Path:
    """Return the Python of an environment that has Morph-KGC, made when it is first asked for."""
    home = _PEERS / PEER
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
        (home / "installed").touch()
    return python


def _command(python: Path, folder: Path) -> Sequence[str]:
    return (str(python), "-m", "morph_kgc", str(folder / "config.ini"))


@dataclass(frozen=True, slots=True)
class _Kind:
    """What objects of one property are: literals of one datatype or language, or IRIs that are built alike."""

    predicate: str
    datatype: str | None = None
    language: str | None = None
    iri: _Shape | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """How an IRI is built, as a person would write a template: words stay, numbers and the last part are columns."""

    segments: tuple[str | None, ...]

    def columns(self, iri: str) -> list[str]:
        """Return the parts of an IRI that are columns."""
        return [part for part, word in zip(iri.split("/"), self.segments, strict=True) if word is None]

    def mapped(self, first: int) -> str:
        """Return the map of a term whose columns begin at a number."""
        number = iter(range(first, first + len(self.segments)))
        template = "/".join(f"{{c{next(number)}}}" if word is None else word for word in self.segments)
        return f'rr:template "{template}"' if None in self.segments else f"rr:constant <{template}>"


def _shape(iri: str) -> _Shape:
    before = iri.split("/")[:-1]
    return _Shape(
        (*(None if re.search(r"\d", part) and part not in _HOSTS else part for part in before), None)
    )


def _kind(predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> _Kind:
    if not isinstance(value, ox.NamedNode):
        return _Kind(predicate.value, value.datatype.value, value.language)
    shape = _Shape(tuple(value.value.split("/"))) if predicate.value == _TYPE else _shape(value.value)
    return _Kind(predicate.value, iri=shape)


_Values = defaultdict[_Kind, list[str]]


def _lay_out(triples: set[Triple], folder: Path, *, rows: int | None) -> None:
    """Write CSV files of at most so many rows, their mapping and the configuration."""
    folder.mkdir()
    values: defaultdict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in sorted(triples, key=str):
        values[subject.value][_kind(predicate, value)].append(value.value)
    alike: defaultdict[tuple[_Shape, tuple[_Kind, ...]], dict[str, _Values]] = defaultdict(dict)
    for subject, told in values.items():
        classes = tuple(kind for kind in told if kind.predicate == _TYPE)
        alike[_shape(subject), classes][subject] = told
    files = _Files(folder, rows)
    maps = [
        files.lay_out(str(number), shape, things) for number, ((shape, _), things) in enumerate(alike.items())
    ]
    (folder / "mapping.ttl").write_text(_HEAD + "".join(maps), encoding="utf-8")
    (folder / "config.ini").write_text(_CONFIGURATION.format(folder=folder, absent=_ABSENT), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Files:
    """The CSV files in a folder, of at most so many rows each."""

    folder: Path
    rows: int | None

    def lay_out(self, name: str, shape: _Shape, things: dict[str, _Values]) -> str:
        """Write the files of things that are alike and return the mapping of them."""
        most: defaultdict[_Kind, int] = defaultdict(int)
        for told in things.values():
            for kind, found in told.items():
                most[kind] = max(most[kind], len(found))
        single = [kind for kind, count in most.items() if count == 1]
        rows = (
            (subject, [told[kind][0] if kind in told else None for kind in single])
            for subject, told in things.items()
        )
        maps = [self._map(name, shape, single, rows)]
        for place, kind in enumerate(kind for kind, count in most.items() if count > 1):
            several = ((subject, [value]) for subject, told in things.items() for value in told.get(kind, ()))
            maps.append(self._map(f"{name}-{place}", shape, [kind], several))
        return "".join(maps)

    def _map(
        self, name: str, shape: _Shape, kinds: Sequence[_Kind], rows: Iterable[tuple[str, list[str | None]]]
    ) -> str:
        widths = [shape.segments.count(None), *map(_width, kinds)]
        firsts = list(accumulate(widths, initial=0))
        file = self.folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([f"c{place}" for place in range(firsts[-1])])
            for subject, told in islice(rows, self.rows):
                cells = (_cells(kind, value) for kind, value in zip(kinds, told, strict=True))
                writer.writerow([*shape.columns(subject), *chain.from_iterable(cells)])
        columns = "".join(_column(first, kind) for first, kind in zip(firsts[1:], kinds, strict=False))
        return (
            f'<#{name}> a rr:TriplesMap ; rml:logicalSource [ rml:source "{file}" ; '
            "rml:referenceFormulation ql:CSV ] ;\n"
            f"  rr:subjectMap [ {shape.mapped(0)} ]{columns} .\n"
        )


def _width(kind: _Kind) -> int:
    return 1 if kind.iri is None else kind.iri.segments.count(None)


def _cells(kind: _Kind, value: str | None) -> list[str]:
    if value is None:
        return [_ABSENT] * _width(kind)
    return [value] if kind.iri is None else kind.iri.columns(value)


def _column(first: int, kind: _Kind) -> str:
    if kind.iri is not None:
        what = kind.iri.mapped(first)
    elif kind.language is not None:
        what = f'rml:reference "c{first}" ; rr:language "{kind.language}"'
    elif kind.datatype == PREFIXES["xsd"] + "string":
        what = f'rml:reference "c{first}"'
    else:
        what = f'rml:reference "c{first}" ; rr:datatype <{kind.datatype}>'
    return f" ;\n  rr:predicateObjectMap [ rr:predicate <{kind.predicate}> ; rr:objectMap [ {what} ] ]"


_HEAD: Final = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@base <http://example.org/> .

"""
_CONFIGURATION: Final = """[CONFIGURATION]
output_file={folder}/out.nt
output_format=N-TRIPLES
number_of_processes=1
logging_level=ERROR
na_values={absent}

[Tables]
mappings={folder}/mapping.ttl
"""
