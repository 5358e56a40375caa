"""The load report for a person in a terminal, in Chinese or English: what was read first, then what to look at.

Many notes of one kind are told by their number and the first of them; the JSON has them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .model import NoteKind, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .load_report import CorrectionTold, LoadReport, Noted, NotesOfKind

SHOWN: Final = 10
"""Notes of one kind that are told one by one."""
_LONGEST: Final = 60
"""Characters of a printed text that are repeated."""

_HEAD: Final = Wording("单位 {} · 年度 {}", "Unit {} · fiscal year {}")
_UNKNOWN: Final = Wording("未识别", "not recognised")
_RENEWED: Final = Wording("由 {} 转换后读取", "Read after {} had made a file of today out of it")
_READ: Final = Wording("项目 {} · 自评 {} · 指标 {}", "Projects {} · self-evaluations {} · indicators {}")
_BUDGETS: Final = Wording(" · 预算合计 {:,.2f} 元", " · budgets {:,.2f} yuan")
_DEPARTMENT: Final = Wording(
    "部门整体绩效目标 {} · 文字段落 {}", "Targets of the department {} · sections of prose {}"
)
_TABLES: Final = Wording("表格 {}：读取 {}，跳过 {}", "Tables {}: read {}, skipped {}")
_CELLS: Final = Wording(
    "单元格 {}：标签 {}，数据 {}，空白 {}，其他栏目 {}，未读懂 {}，在跳过的表中 {}",
    "Cells {}: labels {}, data {}, blank {}, other fields {}, not understood {}, in skipped tables {}",
)
_BRACKETED: Final = Wording("（{}）", " ({})")
_CORRECTIONS: Final = Wording("更正：采用 {}，未采用 {}", "Corrections: applied {}, not applied {}")
_CORRECTED: Final = Wording("“{}”读作“{}”（{}，{}）", "“{}” is read as “{}” ({}, {})")
_TO_BE_READ: Final = Wording("应读作“{}”（{}，{}）", "to be read as “{}” ({}, {})")
_NOT_APPLIED: Final = Wording("未采用：{}", "not applied: {}")
_COLON: Final = Wording("：", ": ")
_NOTHING: Final = Wording("没有需要核对的地方。", "There is nothing to look at.")
_NO_TARGETS: Final = Wording(
    "没有识别出绩效目标表，也没有可以核对的地方。",
    "No table of performance targets was recognised, and there is nothing else to look at.",
)
_NOTES: Final = Wording("需要核对的地方 {}", "To look at: {}")
_NO_TABLE: Final = Wording("其中没有表格", "no table was found in it")
_NONE_FITS: Final = Wording(
    "{} 张表都没有绩效目标表的栏目", "none of its {} tables has the labels of a table of performance targets"
)
_UNREAD: Final = (NoteKind.UNREAD_CONTENT, NoteKind.UNREAD_TEXT)
"""What may be the reason why nothing was recognised."""
_MORE: Final = Wording(
    "……另有 {} 处，JSON 报告里全部列出", "… and {} more; the report as JSON lists them all"
)


def as_text(report: LoadReport, language: str = "zh") -> str:
    """Return the report as lines without a line end behind the last."""
    told = (*_facts(report, language), *_corrections(report, language), *_notes(report, language))
    return "\n".join(told)


def why_nothing(report: LoadReport, language: str = "en") -> str:
    """Return in one line why a document says nothing that is recognised, and what to do about it."""
    tables = len(report.tables)
    said = _NONE_FITS[language].format(tables) if tables else _NO_TABLE[language]
    unread = (group for group in report.notes_by_kind if group.kind in _UNREAD)
    reasons = (
        f"{group.label[language]}: {_note(group.notes[0], group, language)} — {group.remedy[language]}"
        for group in unread
    )
    return "; ".join((said, *reasons))


def _facts(report: LoadReport, language: str) -> Iterator[str]:
    unknown, cells = _UNKNOWN[language], report.cells
    yield _HEAD[language].format(report.unit or unknown, report.year or unknown)
    if report.renewed_by is not None:
        yield _RENEWED[language].format(report.renewed_by)
    yield _counts(report, language)
    if report.sections or report.count("department"):
        yield _DEPARTMENT[language].format(report.count("department"), report.sections)
    yield _tables(report, language)
    yield _CELLS[language].format(
        cells.total, cells.labels, cells.stated, cells.blank, cells.other, cells.unread, cells.skipped
    )


def _counts(report: LoadReport, language: str) -> str:
    """Return how much was read, with the sum of the budgets where any is stated."""
    counted = _READ[language].format(
        report.count("declaration"), report.count("self-evaluation"), report.indicators
    )
    return counted + (_BUDGETS[language].format(report.budget) if report.budget is not None else "")


def _tables(report: LoadReport, language: str) -> str:
    """Return the number of tables, with the layouts by which they were read."""
    read = len(report.tables) - len(report.skipped)
    line = _TABLES[language].format(len(report.tables), read, len(report.skipped))
    names = ("，" if language == "zh" else ", ").join(
        f"{layout[language]} {count}" for layout, count in report.layouts
    )
    return line + (_BRACKETED[language].format(names) if names else "")


def _corrections(report: LoadReport, language: str) -> Iterator[str]:
    """Yield what persons corrected, one by one: what is printed, what it is read as, why, and who says so."""
    if report.corrections:
        yield _CORRECTIONS[language].format(report.corrected, len(report.corrections) - report.corrected)
    for one in report.corrections:
        yield f"  - {one.position.told(language)} {_correction(one, language)}"
        if one.problem is not None:
            yield f"    {_NOT_APPLIED[language].format(one.problem[language])}"


def _correction(one: CorrectionTold, language: str) -> str:
    found = one.problem is None or one.printed
    texts = (_short(one.printed), _short(one.reading)) if found else (_short(one.reading),)
    told = (_CORRECTED if found else _TO_BE_READ)[language].format(*texts, one.reason, one.who)
    return f"{told} {one.when.isoformat()}" if one.when is not None else told


def _notes(report: LoadReport, language: str) -> Iterator[str]:
    if not report.notes:
        yield (_NOTHING if report.says_something else _NO_TARGETS)[language]
        return
    yield _NOTES[language].format(len(report.notes))
    for group in report.notes_by_kind:
        yield from _group(group, language)


def _group(group: NotesOfKind, language: str) -> Iterator[str]:
    yield f"  {group.label[language]} {len(group.notes)} — {group.definition[language]}"
    yield f"    {group.remedy[language]}"
    for note in group.notes[:SHOWN]:
        yield f"    - {_note(note, group, language)}"
    if len(group.notes) > SHOWN:
        yield f"    {_MORE[language].format(len(group.notes) - SHOWN)}"


def _note(note: Noted, group: NotesOfKind, language: str) -> str:
    """Return place, printed text, and what there is to say about this note alone."""
    told = note.told[language] if note.told != group.definition else ""
    parts = (note.position.told(language), f"“{_short(note.text)}”" if note.text.strip() else "")
    printed = " ".join(part for part in parts if part)
    return _COLON[language].join(part for part in (printed, told) if part)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
