"""The report a person reads in a terminal: by department, unit, project and row, and counts at the end.

What a person must act on is told in full: the sentence, the printed text beside the reading, the place and the
remedy. Hints (Info) take two lines, or one for all rows of a project that share them; their remedies stand once,
in the list of rules. A rule that hits every project of a document judges the form, not the projects: one line,
unless it is a Violation, which each project must mend. Nothing depends on colour.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .rule_book import Severity, Text
from .wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import URIRef

    from .finding import Context, Finding, Place, Suggestion
    from .report import Judged, Report

_FEW_PROJECTS: Final = 3
"""With fewer projects "every project" says nothing about the form."""
_FEW_ROWS: Final = 3
"""A hint on fewer rows of a project is told row by row."""
_WIDEST: Final = 120

_SEVERITIES: Final[Mapping[Severity, Text]] = MappingProxyType(
    {
        Severity.VIOLATION: Text("错误", "Violation"),
        Severity.WARNING: Text("警告", "Warning"),
        Severity.INFO: Text("提示", "Info"),
    }
)
_WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "title": Text("绩效目标检查报告", "Report on performance targets"),
        "document": Text("文件 {}：项目 {} 个，指标 {} 条", "Document {}: {} projects, {} indicators"),
        "conforms": Text("没有发现问题。", "Nothing was found."),
        "summary": Text("错误 {} 处，警告 {} 处，提示 {} 处", "Violations {}, warnings {}, infos {}"),
        "form": Text("每个项目都有的问题（通常出自表样）", "In every project (mostly a matter of the form)"),
        "in_all": Text("{} 处，全部 {} 个项目", "{} times, in all {} projects"),
        "whole": Text("整个文件", "The document as a whole"),
        "overall": Text("部门整体", "The department as a whole"),
        "row": Text("指标 {}", "Row {}"),
        "rows": Text("{} 处：指标 {}", "{} times: rows {}"),
        "read": Text("读作", "read as"),
        "remedy": Text("建议：", "Remedy: "),
        "suggestion": Text("“{}”可能应为“{}”：{}", "“{}” should probably be “{}”: {}"),
        "difference": Text("差额：{}", "Difference: {}"),
        "rules": Text("各规则", "Rules"),
        "times": Text("{} 处", "{} times"),
        "source": Text("依据：", "Source: "),
        "table": Text("表{}", "table {}"),
        "table_row": Text("第{}行", "row {}"),
        "column": Text("第{}列", "column {}"),
        "line": Text("文本第{}行", "line {}"),
        "page": Text("第{}页", "page {}"),
        "sheet": Text("工作表“{}”", "sheet {!r}"),
        "address": Text("{}", "{}"),
    }
)


def text(report: Report, lang: str = "zh", width: int | None = None) -> str:
    """Return the report in one language, as wide as the terminal unless told."""
    columns = width or min(shutil.get_terminal_size().columns, _WIDEST)
    return "\n".join(_Writer(report, lang, columns).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one report in one language."""

    report: Report
    lang: str
    width: int

    def lines(self) -> Iterator[str]:
        yield self._word("title")
        for judged in self.report.judged:
            yield self._line(0, self._document(judged))
        if self.report.conforms:
            yield self._word("conforms")
            return
        yield self._summary()
        everywhere = _in_every_project(self.report)
        yield from self._form(everywhere)
        rest = [found for found in self.report.findings if _form_key(found) not in everywhere]
        yield from self._bodies(rest)
        yield from self._rules()

    # --- the head ----------------------------------------------------------------------------------------

    def _document(self, judged: Judged) -> str:
        name = judged.document or "?"
        return self._word("document", name, judged.declarations, judged.indicators)

    def _summary(self) -> str:
        return self._word("summary", *self.report.by_severity().values())

    def _form(self, everywhere: Mapping[tuple[URIRef | None, str], list[Finding]]) -> Iterator[str]:
        if everywhere:
            yield from ("", self._word("form"))
        for found in everywhere.values():
            projects = len({finding.context.declaration for finding in found})
            count = self._word("in_all", len(found), projects)
            yield self._line(2, f"{self._sentence(found[0])} — {count}")

    # --- department → unit → project → row ---------------------------------------------------------------

    def _bodies(self, findings: Iterable[Finding]) -> Iterator[str]:
        for body, found in groupby(findings, key=lambda finding: self._body(finding.context)):
            yield from ("", self._line(0, body))
            for project, part in groupby(found, key=lambda finding: self._project(finding.context)):
                yield self._line(2, project)
                yield from self._project_findings(list(part))

    def _body(self, context: Context) -> str:
        bodies = (context.department, context.unit)
        return " · ".join(str(body) for body in bodies if body is not None) or self._word("whole")

    def _project(self, context: Context) -> str:
        return str(context.project) if context.project else self._word("overall" if context.unit else "whole")

    def _project_findings(self, findings: list[Finding]) -> Iterator[str]:
        shared = _on_many_rows(findings)
        for found in shared.values():
            rows = ", ".join(str(finding.context.row) for finding in found)
            yield self._line(4, f"{self._sentence(found[0])} — {self._word('rows', len(found), rows)}")
        yield from self._rows(finding for finding in findings if finding.id not in shared)

    def _rows(self, findings: Iterable[Finding]) -> Iterator[str]:
        for row, found in groupby(findings, key=lambda finding: self._row(finding.context)):
            if row:
                yield self._line(4, row)
            for finding in found:
                yield from self._finding(finding)

    def _row(self, context: Context) -> str:
        return self._word("row", f"{context.row} {context.indicator}".strip()) if context.row else ""

    def _finding(self, finding: Finding) -> Iterator[str]:
        yield self._line(6, self._sentence(finding))
        if evidence := self._evidence(finding):
            yield self._line(8, evidence)
        for suggestion in finding.suggestions:
            yield self._line(8, self._suggestion(suggestion))
        if finding.severity is not Severity.INFO and finding.remedy[self.lang]:
            yield self._line(8, self._word("remedy") + finding.remedy[self.lang])

    def _suggestion(self, suggestion: Suggestion) -> str:
        reason = suggestion.reason[self.lang]
        if suggestion.reading is None or suggestion.quote is None:
            return self._word("difference", reason)
        return self._word("suggestion", suggestion.quote.text, suggestion.reading, reason)

    def _sentence(self, finding: Finding) -> str:
        return f"[{_SEVERITIES[finding.severity][self.lang]}] {finding.id} {finding.message[self.lang]}"

    def _evidence(self, finding: Finding) -> str:
        """Return the printed text, how it was read, and where it stands."""
        told = [f"“{finding.printed}”"] if finding.printed else []
        if finding.reading is not None and finding.reading[self.lang] != finding.printed:
            told.append(f"{self._word('read')} {finding.reading[self.lang]}")
        places = filter(None, dict.fromkeys(self._place(quote.place) for quote in finding.quotes))
        return " — ".join(filter(None, [*told, "; ".join(places)]))

    def _place(self, place: Place) -> str:
        known = (
            ("sheet", place.sheet),
            ("address", place.address),
            ("page", place.page),
            ("table", place.table),
            ("table_row", place.row),
            ("column", place.column),
            ("line", place.line),
        )
        return " ".join(self._word(name, value) for name, value in known if value is not None)

    # --- the rules at the end ----------------------------------------------------------------------------

    def _rules(self) -> Iterator[str]:
        yield from ("", self._word("rules"))
        found = {finding.id: finding for finding in self.report.findings}
        counts = self.report.by_rule()
        for finding in sorted(found.values(), key=lambda finding: (finding.severity.rank, finding.id)):
            yield self._line(2, f"{self._sentence(finding)} — {self._word('times', counts[finding.id])}")
            source = self._word("source") + finding.rule.source(self.lang)
            remedy = finding.remedy[self.lang] and f"{self._word('remedy')}{finding.remedy[self.lang]} "
            yield self._line(8, f"{remedy}({source})")
        yield self._summary()

    # --- words and lines ---------------------------------------------------------------------------------

    def _word(self, name: str, *values: object) -> str:
        return _WORDS[name][self.lang].format(*values)

    def _line(self, indent: int, told: str) -> str:
        return " " * indent + wrapped(told, self.width - indent, " " * (indent + 2))


def _form_key(finding: Finding) -> tuple[URIRef | None, str]:
    return finding.context.document, finding.id


def _in_every_project(report: Report) -> Mapping[tuple[URIRef | None, str], list[Finding]]:
    """Return the findings, short of Violations, of rules that hit every project of a document."""
    declared = {judged.document: judged.declarations for judged in report.judged}
    groups: dict[tuple[URIRef | None, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.context.declaration is not None and finding.severity is not Severity.VIOLATION:
            groups[_form_key(finding)].append(finding)
    return {
        key: found
        for key, found in groups.items()
        if len({finding.context.declaration for finding in found}) == declared.get(key[0], 0) >= _FEW_PROJECTS
    }


def _on_many_rows(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """Return the hints of a project that several of its rows share, by rule."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.severity is Severity.INFO and finding.context.row:
            groups[finding.id].append(finding)
    return {rule: found for rule, found in sorted(groups.items()) if len(found) >= _FEW_ROWS}
