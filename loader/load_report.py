"""What was read of a document and what was not: for a person, and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .model import NoteKind

if TYPE_CHECKING:
    from .model import Disclosure, Note


_SAID: Final = frozenset({NoteKind.UNREAD_CONTENT, NoteKind.ENCODING, NoteKind.SKIPPED_TABLE})
"""Kinds of notes whose text is the loader's own, not the document's."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The account of one document."""

    disclosure: Disclosure

    @property
    def indicators(self) -> int:
        """Return the number of indicators of all declarations, evaluations and the department's target."""
        told = self.disclosure
        declared = [*told.declarations, *(evaluation.declared for evaluation in told.evaluations)]
        declared += [told.overall] if told.overall is not None else []
        return sum(len(declaration.indicators) for declaration in declared)

    @property
    def unread(self) -> int:
        """Return how many cells, tables and other contents were not read: what a reader must know of."""
        kinds = (NoteKind.UNREAD_CELL, NoteKind.SKIPPED_TABLE, NoteKind.UNREAD_CONTENT)
        return sum(1 for note in self.disclosure.notes if note.kind in kinds)

    @property
    def budget(self) -> str:
        """Return the sum of all budgets in yuan, as text."""
        amounts = (d.budget.yuan for d in self.disclosure.declarations if d.budget is not None)
        return f"{sum(amount for amount in amounts if amount is not None):,.2f}"

    def as_json(self) -> dict[str, object]:
        """Return the report as plain JSON values."""
        told = self.disclosure
        return {
            "sha256": told.sha256,
            "mediaType": told.media_type,
            "renewedBy": told.renewed_by,
            "title": told.title,
            "fiscalYear": told.year,
            "unit": told.unit.name if told.unit else None,
            "declarations": len(told.declarations),
            "evaluations": len(told.evaluations),
            "indicators": self.indicators,
            "tables": {
                "found": len(told.tables),
                "read": sum(1 for reading in told.tables if reading.layout is not None),
                "skipped": [
                    {"table": reading.table.number, "reason": reading.skipped}
                    for reading in told.tables
                    if reading.skipped is not None
                ],
            },
            "cells": {
                "total": told.cells.total,
                "labels": told.cells.labels,
                "stated": told.cells.stated,
                "blank": told.cells.blank,
                "otherFields": told.cells.other,
                "unread": told.cells.unread,
                "inSkippedTables": told.cells.skipped,
            },
            "notes": [_note_as_json(note) for note in told.notes],
        }

    def as_text(self) -> str:
        """Return the report as lines that a person reads."""
        return "\n".join([*self._facts(), *self._skipped(), *self._notes()])

    def _facts(self) -> list[str]:
        told = self.disclosure
        cells = told.cells
        read = sum(1 for reading in told.tables if reading.layout is not None)
        renewed = [f"由 {told.renewed_by} 转换后读取"] if told.renewed_by is not None else []
        return [
            *renewed,
            f"单位 {told.unit.name if told.unit else '未识别'} · 年度 {told.year or '未识别'}",
            (
                f"项目 {len(told.declarations)} · 自评 {len(told.evaluations)} · 指标 {self.indicators} · "
                f"预算合计 {self.budget} 元"
            ),
            f"表格 {len(told.tables)}：读取 {read}，跳过 {len(told.tables) - read}",
            (
                f"单元格 {cells.total}：标签 {cells.labels}，数据 {cells.stated}，空白 {cells.blank}，"
                f"其他栏目 {cells.other}，未读懂 {cells.unread}，在跳过的表中 {cells.skipped}"
            ),
        ]

    def _skipped(self) -> list[str]:
        return [
            f"  跳过 表{reading.table.number}：{reading.skipped}"
            for reading in self.disclosure.tables
            if reading.skipped is not None
        ]

    def _notes(self) -> list[str]:
        kinds = Counter(note.kind.value for note in self.disclosure.notes)
        counts = "，".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        lines = [f"提示 {len(self.disclosure.notes)}" + (f"：{counts}" if counts else "")]
        lines += [f"  {note.kind.value} {_where(note)}“{_short(note)}”" for note in self.disclosure.notes]
        return lines


def _where(note: Note) -> str:
    if note.quote is not None:
        quote = note.quote
        return f"表{quote.table} 第{quote.row}行 第{quote.column}列 "
    place = note.place
    parts = [
        f"工作表“{place.sheet}”" if place.sheet is not None else "",
        place.address or "",
        f"第{place.page}页" if place.page is not None else "",
        f"第{place.line}行" if place.line is not None else "",
    ]
    return "".join(f"{part} " for part in parts if part)


def _short(note: Note) -> str:
    """Return the text of a note in one line; what the document prints is cut, what the loader says is not."""
    plain = " ".join(note.text.split())
    return plain if len(plain) <= 60 or note.kind in _SAID else plain[:59] + "…"


def _note_as_json(note: Note) -> dict[str, object]:
    told: dict[str, object] = {"kind": note.kind.value, "text": note.text}
    if note.quote is not None:
        told |= {"table": note.quote.table, "row": note.quote.row, "column": note.quote.column}
    place = note.place
    places = {"line": place.line, "page": place.page, "sheet": place.sheet, "address": place.address}
    return told | {name: value for name, value in places.items() if value is not None}
