"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import loader
import shapes

from . import rdf_files
from .loading import judging
from .loading.corrections import told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.model import Correction

    from .store import Store

REPORT_SUFFIXES: Final = (".ttl", ".json", ".csv")
FIX_LIST_SUFFIXES: Final = (".csv", ".xlsx")


def names_store(what: str) -> bool:
    """Return whether an argument names a store and not a file."""
    return what.startswith(("memory:", "file:", "http://", "https://"))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rules are asked: a choice of the rule book's and of somebody's own shapes."""

    choice: shapes.Choice
    own: shapes.OwnShapes | None = None


def asked(rules: str | None, severity: str, ignored: str | None, own_file: str | None) -> Asked:
    """Return what the options of the command ask for: ids, or the names of files with an id on each line.

    Raises `shapes.UnknownRuleError` or `shapes.OwnShapesError`.
    """
    own = None if own_file is None else _own_shapes(own_file)
    choice = shapes.choice_of(
        (*shapes.rules(), *(own.ids if own else ())),
        rules=_names(rules),
        least=shapes.Severity(severity.capitalize()),
        ignored=_names(ignored),
    )
    return Asked(choice, own)


def _own_shapes(file: str) -> shapes.OwnShapes:
    try:
        return shapes.read_own_shapes(Path(file).read_bytes(), file)
    except OSError as error:
        raise shapes.OwnShapesError(f"{file}: {error.strerror}") from error


def _names(listed: str | None) -> list[str]:
    """Return the ids of a list, or of a file in which # begins a comment."""
    if not listed:
        return []
    words = (word for line in _text(listed).splitlines() for word in line.partition("#")[0].split(","))
    return [word.strip() for word in words if word.strip()]


def _text(listed: str) -> str:
    """Return what a file says, or the list itself; what looks like a file must be one."""
    file = Path(listed)
    try:
        return file.read_text(encoding="utf-8") if file.suffix or len(file.parts) > 1 else listed
    except OSError as error:
        raise shapes.UnknownRuleError(
            f"{listed}: {error.strerror}: name a file with an id on each line"
        ) from error
    except UnicodeDecodeError as error:
        raise shapes.UnknownRuleError(f"{listed}: the file is not UTF-8: save it as UTF-8") from error


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
    data: bytes,
    suffix: str,
    programs: loader.Programs,
    asked: Asked,
    corrections: Sequence[Correction] = (),
) -> Judgement:
    """Judge a document, opened with what programs are there, or RDF where the suffix says so.

    Raises `loader.LoaderError`, `rdf_files.NotRdfError` or `shapes.OwnShapesError`.
    """
    if suffix in rdf_files.READ:
        report = judging.judge_quads(rdf_files.read(data, suffix), asked.own)
        return Judgement(report.chosen(asked.choice))
    conversion = loader.convert(data, programs, corrections)
    report = judging.judge_quads(conversion.nquads, asked.own)
    return Judgement(
        report.chosen(asked.choice),
        conversion.report.unread,
        conversion.report.corrected,
        told_of(conversion.disclosure.corrections),
    )


def judge_store(store: Store, asked: Asked) -> Judgement:
    """Judge every document of a store by itself, with what the register says of the things it names."""
    return Judgement(judging.judge_store(store, asked.own).chosen(asked.choice))


def written(report: shapes.Report, suffix: str) -> bytes:
    """Return a report in the format of one of `REPORT_SUFFIXES`."""
    return {".ttl": report.turtle, ".json": report.json, ".csv": report.csv}[suffix]()
