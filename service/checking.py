"""What `jixiao check` judges: a document, an RDF file, or every document of a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapes
from loader.load_report_text import why_nothing
from loader.task import Beside, Refused
from ontology import identifiers

from . import rdf_files
from .loading import comparing, judging
from .loading.corrections import not_applied, told_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loader import Conversion
    from loader.location import Location
    from loader.many import Workplace

    from .store import Store

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


def only_of_stores(asked: Asked) -> list[str]:
    """Return the ids that were chosen where all of them compare documents: a document by itself trips none."""
    chosen, book = sorted(asked.choice.rules or ()), shapes.rules()
    return chosen if all(id_ in book and book[id_].compares_documents for id_ in chosen) else []


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
    """A report, None where nothing could be judged, and what it could not speak of."""

    report: shapes.Report | None
    unread: Mapping[str, int] = field(default_factory=dict)
    """How many cells, tables and other parts of a document were not read, where there are some."""
    refused: tuple[Refused, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """What the documents are called, by their IRIs."""
    corrected: int = 0
    """Corrections by people that are applied."""
    uncorrected: tuple[str, ...] = ()
    """What there is to say of corrections that are not applied."""


def names_rdf(what: str) -> bool:
    """Return whether an argument names an RDF file by its suffix."""
    return what.lower().endswith(tuple(rdf_files.READ))


def names_document(what: str) -> bool:
    """Return whether an argument names a document, or an archive of them."""
    return not names_store(what) and not names_rdf(what)


def judge_rdf(data: bytes, suffix: str, asked: Asked) -> Judgement:
    """Judge an RDF file by its bytes and suffix. Raises `rdf_files.NotRdfError` or `shapes.OwnShapesError`."""
    report = judging.judge_quads(rdf_files.read(data, suffix), asked.own)
    return Judgement(report.chosen(asked.choice))


def judge_documents(
    outcomes: Iterable[tuple[Location, Conversion | Refused | Beside]], asked: Asked
) -> Judgement:
    """Judge documents as they are converted, each by itself; an archive gives several.

    Raises `shapes.OwnShapesError`.
    """
    judged: list[_Judged] = []
    refused: list[Refused] = []
    for location, outcome in outcomes:
        if isinstance(outcome, Beside):
            continue
        one = outcome if isinstance(outcome, Refused) else _judged(location, outcome, asked)
        refused.append(one) if isinstance(one, Refused) else judged.append(one)
    reports = [one.report for one in judged]
    merged = shapes.merged(reports) if len(reports) > 1 else next(iter(reports), None)
    return Judgement(
        report=merged.chosen(asked.choice) if merged else None,
        unread={str(one.location): one.unread for one in judged if one.unread},
        refused=tuple(refused),
        names={one.document: one.location.name for one in judged},
        corrected=sum(one.corrected for one in judged),
        uncorrected=tuple(told for one in judged for told in one.uncorrected),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is kept of one document."""

    location: Location
    document: str
    report: shapes.Report
    unread: int
    corrected: int
    uncorrected: tuple[str, ...]


def _judged(location: Location, conversion: Conversion, asked: Asked) -> _Judged | Refused:
    """Judge one document; one that says nothing, and with which nothing is wrong, is none of ours."""
    report, read = judging.judge_quads(conversion.nquads, asked.own), conversion.report
    if not (read.says_something or report.findings):
        return Refused(location, why_nothing(read))
    made = not_applied(conversion.disclosure.corrections)
    return _Judged(
        location=location,
        document=str(identifiers.disclosure(read.sha256)),
        report=report,
        unread=read.unread,
        corrected=read.corrected,
        uncorrected=tuple(told_of(one, location.name) for one in made),
    )


def judge_store(store: Store, asked: Asked, workplace: Workplace) -> Judgement:
    """Judge every document of a store, with what the register says of the things it names, and all together.

    Only what changed since it was judged, or other rules, costs a judgement.
    """
    apart = judging.judge_store(store, asked.own, workplace).report
    together = comparing.compare_documents(store).report
    return Judgement(shapes.merged([apart, together]).chosen(asked.choice))
