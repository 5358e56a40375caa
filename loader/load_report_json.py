"""The load report for programs: the shape that `load_report.schema.json` describes, written and read back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from ontology.places import Position

from .load_report import CorrectionTold, LoadReport, Noted, Read, TableRead
from .model import CellAccount, NoteKind, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = 1
"""Of the shape; it changes when a key changes its meaning or goes away, not when one is added."""
_CELLS: Final = {
    "labels": "labels",
    "stated": "stated",
    "blank": "blank",
    "unread": "unread",
    "other": "otherFields",
    "skipped": "inSkippedTables",
}
"""The kinds of cells and their keys."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a load report."""
    found: dict[str, Any] = json.loads(
        (resources.files(__package__) / "load_report.schema.json").read_text(encoding="utf-8")
    )
    return found


# --- writing ---------------------------------------------------------------------------------------------


def as_json(report: LoadReport) -> dict[str, Any]:
    """Return a report as plain JSON values."""
    return {
        "version": VERSION,
        "sha256": report.sha256,
        "mediaType": report.media_type,
        "renewedBy": report.renewed_by,
        "title": report.title,
        "fiscalYear": report.year,
        "unit": report.unit,
        "totals": _totals(report),
        "read": [_read(read) for read in report.read],
        "tables": [_table(table) for table in report.tables],
        "cells": {"total": report.cells.total}
        | {key: getattr(report.cells, name) for name, key in _CELLS.items()},
        "notes": [_note(note) for note in report.notes],
        "corrections": [_correction(correction) for correction in report.corrections],
    }


def _totals(report: LoadReport) -> dict[str, object]:
    return {
        "declarations": report.count("declaration"),
        "evaluations": report.count("self-evaluation"),
        "indicators": report.indicators,
        "sections": report.sections,
        "budget": _plain(report.budget) if report.budget is not None else None,
    }


def _read(read: Read) -> dict[str, object]:
    return {
        "kind": read.kind,
        "tables": list(read.tables),
        "name": read.name,
        "code": read.code,
        "fiscalYear": read.year,
        "indicators": read.indicators,
        "budget": _plain(read.budget) if read.budget is not None else None,
    }


def _table(table: TableRead) -> dict[str, object]:
    return {
        "table": table.number,
        "layout": table.layout,
        "continues": table.continues,
        "page": table.page,
        "sheet": table.sheet,
        "skipped": asdict(table.skipped) if table.skipped is not None else None,
    }


def _note(note: Noted) -> dict[str, object]:
    message, place = asdict(note.told), _place(note.position)
    return {"kind": note.kind.value, "text": note.text, "message": message, "place": place}


def _correction(correction: CorrectionTold) -> dict[str, object]:
    return {
        "place": _place(correction.position),
        "printed": correction.printed,
        "reading": correction.reading,
        "reason": correction.reason,
        "who": correction.who,
        "date": correction.when.isoformat() if correction.when is not None else None,
        "notApplied": asdict(correction.problem) if correction.problem is not None else None,
    }


def _place(position: Position) -> dict[str, object]:
    return {name: value for name, value in asdict(position).items() if value is not None}


def _plain(amount: Decimal) -> str:
    """Return an amount without exponent and needless digits."""
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


# --- reading back ----------------------------------------------------------------------------------------


def from_json(told: Mapping[str, Any]) -> LoadReport:
    """Return the report that JSON of this version tells. Raises `ValueError` for another version."""
    if told["version"] != VERSION:
        raise ValueError(
            f"the load report has version {told['version']} and not {VERSION}: load the document again"
        )
    return LoadReport(
        sha256=told["sha256"],
        media_type=told["mediaType"],
        renewed_by=told["renewedBy"],
        title=told["title"],
        year=told["fiscalYear"],
        unit=told["unit"],
        read=tuple(_read_from(read) for read in told["read"]),
        sections=told["totals"]["sections"],
        tables=tuple(_table_from(table) for table in told["tables"]),
        cells=CellAccount(**{name: told["cells"][key] for name, key in _CELLS.items()}),
        notes=tuple(_note_from(note) for note in told["notes"]),
        corrections=tuple(_correction_from(correction) for correction in told["corrections"]),
    )


def _read_from(told: Mapping[str, Any]) -> Read:
    return Read(
        kind=told["kind"],
        tables=tuple(told["tables"]),
        name=told["name"],
        code=told["code"],
        year=told["fiscalYear"],
        indicators=told["indicators"],
        budget=Decimal(told["budget"]) if told["budget"] is not None else None,
    )


def _table_from(told: Mapping[str, Any]) -> TableRead:
    return TableRead(
        number=told["table"],
        layout=told["layout"],
        continues=told["continues"],
        page=told["page"],
        sheet=told["sheet"],
        skipped=Wording(**told["skipped"]) if told["skipped"] is not None else None,
    )


def _note_from(told: Mapping[str, Any]) -> Noted:
    return Noted(NoteKind(told["kind"]), told["text"], Wording(**told["message"]), Position(**told["place"]))


def _correction_from(told: Mapping[str, Any]) -> CorrectionTold:
    problem = told["notApplied"]
    return CorrectionTold(
        position=Position(**told["place"]),
        printed=told["printed"],
        reading=told["reading"],
        reason=told["reason"],
        who=told["who"],
        when=date.fromisoformat(told["date"]) if told["date"] is not None else None,
        problem=Wording(**problem) if problem is not None else None,
    )
