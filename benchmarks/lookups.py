"""What a lookup takes of the CPU: jixiao's service, every bound and check on, beside another on the same quads."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from . import multiplied
from .report import Report, versions_of
from .servers import SERVERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .report import Value
    from .servers import Server

_PREFIX: Final = (
    "PREFIX jx: <https://w3id.org/jixiao/def/>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
)
QUESTIONS: Final[Mapping[str, str]] = {
    "a project": """SELECT ?name ?budget ?unit ?year {
    ?project jx:projectCode "%s" .
    ?declaration jx:ofProject ?project ; jx:projectName ?name ; jx:budget ?budget ;
        jx:declaredBy ?unit ; jx:fiscalYear ?year }""",
    "its indicators": """SELECT ?year ?indicator ?name ?text ?number ?unit {
    ?project jx:projectCode "%s" .
    ?declaration jx:ofProject ?project ; jx:fiscalYear ?year ; jx:hasIndicator ?indicator .
    ?indicator jx:name ?name ; jx:target ?target .
    ?target jx:rawText ?text .
    OPTIONAL { ?target jx:number ?number }
    OPTIONAL { ?target jx:unit ?unit } }""",
    "total of its unit": """SELECT ?year (COUNT(?declaration) AS ?projects) (SUM(?amount) AS ?budget) {
    ?project jx:projectCode "%s" . ?one jx:ofProject ?project ; jx:declaredBy ?unit .
    ?declaration jx:declaredBy ?unit ; jx:fiscalYear ?year ; jx:budget ?amount } GROUP BY ?year""",
}
"""What is asked of a project by its code."""
_WARMING: Final = 100
_COMPARED: Final = 10
"""Questions whose answers must be the same everywhere before anything is measured."""
_BESIDE: Final = "oxigraph serve"


class OtherAnswers(Exception):
    """Two servers do not answer the same, so that their times say nothing."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """CPU milliseconds of a lookup, and the median of how long its client waited."""

    cpu: float
    wall: float


def measure(documents: int = 100, lookups: int = 1000, folder: Path | None = None) -> Report:
    """Measure lookups asked for the first time and asked again. Raises `OtherAnswers`.

    `folder`: where the corpus and the stores are kept for another time.
    """
    with TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        quads = place / "corpus.nq"
        if not quads.exists():
            with quads.open("wb") as stream:
                stream.writelines(multiplied.quads(documents))
        with quads.open("rb") as stream:
            size = sum(1 for _ in stream)
        projects = [department.project for department in multiplied.departments(documents)]
        before = os.getloadavg()[0]
        taken = _measured(quads, projects, lookups)
    return Report(
        f"lookups-{documents}",
        f"Lookups over HTTP: {documents:,} documents, {size:,} quads",
        (
            "lookup",
            "server",
            "CPU ms",
            "× of theirs",
            "again: CPU ms",
            "again: ×",
            "median ms",
            "again: median",
        ),
        tuple(_rows(taken)),
        (
            f"{lookups:,} lookups of {len(projects)} projects by POST, one after another over one connection; JSON.",
            "CPU of all processes of a server. Asked again: the text of a lookup before; jixiao keeps answers.",
            f"×: lookups per CPU-second over those of {_BESIDE}. Goal: 0.7. Each server gave the same answers.",
            f"Others worked on the machine too: load {before:.1f} before, {os.getloadavg()[0]:.1f} after.",
            f"{datetime.now(UTC):%Y-%m-%d}",
        ),
        versions=versions_of("jixiao", "oxigraph", "pyoxigraph", "uvicorn"),
    )


def _measured(
    quads: Path, projects: Sequence[str], lookups: int
) -> dict[tuple[str, str], tuple[_Taken, _Taken]]:
    taken: dict[tuple[str, str], tuple[_Taken, _Taken]] = {}
    told: dict[str, list[object]] = {}
    for name, serving in SERVERS.items():
        with serving(quads, quads.parent / name.replace(" ", "-")) as server:
            for question, text in QUESTIONS.items():
                sparql = f"{_PREFIX}{text}"
                answers = [_rows_of(_ask(server, sparql % code)) for code in projects[:_COMPARED]]
                if told.setdefault(question, answers) != answers:
                    raise OtherAnswers(f"{question}: {name} answers {answers} and another {told[question]}")
                texts = [sparql % code for code in projects]
                new = (f"{text}\n#{number}" for number in count() for text in texts)
                again = (text for _ in count() for text in texts)
                _timed(server, islice(new, _WARMING))
                _timed(server, islice(again, len(texts)))
                taken[question, name] = (
                    _timed(server, islice(new, lookups)),
                    _timed(server, islice(again, lookups)),
                )
    return taken


def _rows(taken: Mapping[tuple[str, str], tuple[_Taken, _Taken]]) -> Iterator[tuple[Value, ...]]:
    for question, name in taken:
        (new, again), (their_new, their_again) = taken[question, name], taken[question, _BESIDE]
        yield (
            *(question, name, new.cpu, their_new.cpu / new.cpu),
            *(again.cpu, their_again.cpu / again.cpu, new.wall, again.wall),
        )


def _timed(server: Server, queries: Iterator[str]) -> _Taken:
    connection = HTTPConnection("127.0.0.1", server.port)
    begun, times = server.cpu(), []
    for query in queries:
        started = time.perf_counter()
        _ask(server, query, connection)
        times.append(time.perf_counter() - started)
    connection.close()
    return _Taken(1000 * (server.cpu() - begun) / len(times), 1000 * median(times))


def _ask(server: Server, query: str, connection: HTTPConnection | None = None) -> bytes:
    asked = connection or HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    asked.request("POST", server.path, query.encode(), headers)
    answer = asked.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise OtherAnswers(f"{answer.status} {content[:500]!r}")
    return content


def _rows_of(content: bytes) -> object:
    """Return the rows of an answer in an order of their own, numbers as numbers: servers write them in many ways."""
    rows = json.loads(content)["results"]["bindings"]
    told = ({name: _value(cell) for name, cell in row.items()} for row in rows)
    return sorted(told, key=lambda row: json.dumps(row, sort_keys=True))


def _value(cell: Mapping[str, str]) -> object:
    numeric = cell.get("datatype", "").endswith(("decimal", "integer", "gYear"))
    return round(float(cell["value"]), 2) if numeric else cell["value"]
