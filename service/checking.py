"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import loader

from . import rdf_files
from .loading import judging
from .loading.corrections import told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import shapes
    from loader.model import Correction

    from .store import Store

REPORT_SUFFIXES: Final = (".ttl", ".json", ".csv")


def names_store(what: str) -> bool:
    """Return whether an argument names a store and not a file."""
    return what.startswith(("memory:", "file:", "http://", "https://"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A report, and how much of the document it could not speak of: cells not understood, tables skipped."""

    report: shapes.Report
    unread: int = 0
    corrected: int = 0
    """Corrections by people that are applied."""
    uncorrected: tuple[str, ...] = ()
    """What there is to say of corrections that are not applied."""


def judge_file(
    data: bytes, suffix: str, programs: loader.Programs, corrections: Sequence[Correction] = ()
) -> Judgement:
    """Judge a document, opened with what programs are there, or RDF where the suffix says so.

    Raises `loader.LoaderError` or `rdf_files.NotRdfError`.
    """
    if suffix in rdf_files.READ:
        return Judgement(judging.judge_quads(rdf_files.read(data, suffix)))
    conversion = loader.convert(data, programs, corrections)
    report = conversion.report
    return Judgement(
        judging.judge_quads(conversion.nquads),
        report.unread,
        report.corrected,
        told_of(conversion.disclosure.corrections),
    )


def judge_store(store: Store) -> Judgement:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    return Judgement(judging.judge_store(store))


def written(report: shapes.Report, suffix: str) -> bytes:
    """Return a report in the format of one of `REPORT_SUFFIXES`."""
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()
