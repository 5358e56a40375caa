"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from loader.task import Beside, Refused

from . import rdf_files
from .loading import judging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import shapes
    from loader import Conversion
    from loader.location import Location

    from .store import Store

REPORT_SUFFIXES: Final = (".ttl", ".json", ".csv")


def names_store(what: str) -> bool:
    """Return whether an argument names a store and not a file."""
    return what.startswith(("memory:", "file:", "http://", "https://"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report, None where nothing could be judged, and what it could not speak of."""

    report: shapes.Report | None
    unread: Mapping[str, int] = field(default_factory=dict)
    """How many cells, tables and other parts of a document were not read, where there are some."""
    refused: tuple[Refused, ...] = ()


def names_rdf(what: str) -> bool:
    """Return whether an argument names an RDF file by its suffix."""
    return what.lower().endswith(tuple(rdf_files.READ))


def judge_rdf(data: bytes, suffix: str) -> Judgement:
    """Judge an RDF file by its bytes and suffix. Raises `rdf_files.NotRdfError`."""
    return Judgement(judging.judge_quads(rdf_files.read(data, suffix)))


def judge_documents(outcomes: Iterable[tuple[Location, Conversion | Refused | Beside]]) -> Judgement:
    """Judge documents as they are converted, each by itself; an archive gives several."""
    reports: list[shapes.Report] = []
    unread: dict[str, int] = {}
    refused: list[Refused] = []
    for location, outcome in outcomes:
        if isinstance(outcome, Refused):
            refused.append(outcome)
        elif not isinstance(outcome, Beside):
            reports.append(judging.judge_quads(outcome.nquads))
            unread |= {str(location): outcome.report.unread} if outcome.report.unread else {}
    return Judgement(_merged(reports), unread, tuple(refused))


def _merged(reports: list[shapes.Report]) -> shapes.Report | None:
    import shapes

    if len(reports) < 2:
        return next(iter(reports), None)
    return shapes.merged(reports)


def judge_store(store: Store) -> Judgement:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    return Judgement(judging.judge_store(store))


def written(report: shapes.Report, suffix: str) -> bytes:
    """Return a report in the format of one of `REPORT_SUFFIXES`."""
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()
