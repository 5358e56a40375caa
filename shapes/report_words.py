"""The words of a report that people read, in Chinese and English: the same in every form of it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ontology.namespaces import PREFIXES
from ontology.places import Position

from .rule_book import Severity, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from rdflib import URIRef

    from .choosing import Choice
    from .finding import Finding, Place, Quote, Suggestion
    from .report import Judged
    from .report_outline import Body, InEvery, Part, Ranked, Repair
    from .row_by_row import Row, Shared
    from .scoring import Score

_THINGS: Final = PREFIXES["jxi"].removesuffix("id/")
_WAN: Final = 10_000

_SEVERITIES: Final[Mapping[Severity, Text]] = MappingProxyType(
    {
        Severity.VIOLATION: Text("错误", "Violation"),
        Severity.WARNING: Text("警告", "Warning"),
        Severity.INFO: Text("提示", "Info"),
    }
)
_MEANINGS: Final[Mapping[Severity, Text]] = MappingProxyType(
    {
        Severity.VIOLATION: Text(
            "必填的没填、金额或计划对不上、读不出来：必须改",
            "A mandatory cell is missing, sums do not agree, or a value cannot be read: it must be mended",
        ),
        Severity.WARNING: Text(
            "读得出来，但这样写无法考核，或前后矛盾：应当改",
            "Readable, but it cannot be assessed as written, or contradicts itself: it should be mended",
        ),
        Severity.INFO: Text(
            "写法、表样或框架的差别：可以改进",
            "A matter of wording, of the form or of the framework: it can be improved",
        ),
    }
)
_WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "title": Text("绩效目标检查报告", "Report on performance targets"),
        "document": Text("文件 {}：项目 {} 个，指标 {} 条", "Document {}: {} projects, {} indicators"),
        "documents": Text("所查文件", "Documents"),
        "conforms": Text("没有发现问题。", "Nothing was found."),
        "summary": Text("错误 {} 处，警告 {} 处，提示 {} 处", "Violations {}, warnings {}, infos {}"),
        # the choice of rules
        "choice": Text("本报告只含所选规则：{}。", "This report tells of chosen rules only: {}."),
        "choice_rules": Text("{}", "{}"),
        "choice_least": Text("程度不低于“{}”", "at least as serious as {}"),
        "choice_ignored": Text("不含 {}", "without {}"),
        "choice_scores": Text("得分仍按全部规则计算。", "Scores are by all rules, whatever the choice."),
        # scores
        "scores": Text("得分", "Scores"),
        "scores_lead": Text(
            "满分100：完整性30、可衡量性30、一致性20、相关性10、规范性10，各为通过的检查占适用检查的比例；"
            "错误计3，警告计2，提示计1。",
            "Out of 100: completeness 30, measurability 30, consistency 20, relevance 10, presentation 10, each the "
            "share of the checks that were passed; a Violation counts 3, a Warning 2, an Info 1.",
        ),
        "mean": Text("平均 {}，按预算加权 {}（{} 个项目）", "Mean {}, weighted by budget {} ({} projects)"),
        "mean_plain": Text("平均 {}（{} 个项目）", "Mean {} ({} projects)"),
        "mean_head": Text("平均分", "Mean"),
        "weighted_head": Text("按预算加权", "Weighted by budget"),
        "whole_head": Text("合计", "All"),
        "by_unit": Text("按单位", "By unit"),
        "by_division": Text("按区划", "By division"),
        "by_year": Text("按年度", "By year"),
        "points": Text("{} 分", "{} points"),
        "scored": Text("得分 {}", "score {}"),
        "noted": Text("{}（{}）", "{} ({})"),
        "comma": Text("，", ", "),
        "year": Text("{}年", "{}"),
        "year_head": Text("年度", "Year"),
        "score": Text("得分", "Score"),
        "rank": Text("名次", "Rank"),
        "budget": Text("预算（万元）", "Budget (10,000 yuan)"),
        "ranking": Text("项目得分排名", "Ranking of the projects"),
        "lowest": Text("得分最低的 {} 个项目（共 {} 个）", "The {} projects with the lowest scores, of {}"),
        "ranked": Text("第 {} 名  {} 分  {}", "no. {}  {} points  {}"),
        # what gains most
        "repairs": Text("改好这几处，加分最多", "What adds most to the score when it is mended"),
        "repairs_head": Text("加分最多：", "Adds most:"),
        "repair": Text("{} {} — {} 处，改好后平均分加 {}", "{} {} — {} times, adds {} to the mean"),
        "gain": Text("可加分", "Adds"),
        "gain_of": Text("{} +{}", "{} +{}"),
        # what is in every project, and the rest
        "form": Text("每个项目都有的问题（通常出自表样）", "In every project (mostly a matter of the form)"),
        "form_head": Text("每个项目都有", "In every project"),
        "yes": Text("是", "yes"),
        "in_all": Text("{} 处，全部 {} 个项目", "{} times, in all {} projects"),
        "in_all_documents": Text(
            "{} 处，{} 份文件的全部 {} 个项目", "{} times, in all projects of {} documents ({})"
        ),
        "whole": Text("整个文件", "The document as a whole"),
        "overall": Text("部门整体", "The department as a whole"),
        "row": Text("指标 {}", "Row {}"),
        "rows": Text("{} 处：指标 {}", "{} times: rows {}"),
        "count": Text("{} 处", "{} findings"),
        # one finding
        "printed": Text("原文", "Printed"),
        "read": Text("读作", "read as"),
        "read_head": Text("读作", "Read as"),
        "place": Text("位置", "Place"),
        "remedy": Text("建议：", "Remedy: "),
        "remedy_head": Text("怎样修改", "How to mend it"),
        "suggestion": Text("“{}”可能应为“{}”：{}", "“{}” should probably be “{}”: {}"),
        "difference": Text("差额：{}", "Difference: {}"),
        # rules
        "rules": Text("各规则", "Rules"),
        "rule": Text("规则", "Rule"),
        "message": Text("问题", "What is wrong"),
        "severity": Text("程度", "Severity"),
        "severities": Text("按程度", "By severity"),
        "meaning": Text("含义", "Meaning"),
        "category": Text("评审意见类别", "Review opinion"),
        "categories": Text("按评审意见类别", "By review opinion"),
        "number": Text("处数", "Findings"),
        "projects": Text("项目数", "Projects"),
        "times": Text("{} 处", "{} times"),
        "source": Text("依据：", "Source: "),
        "source_head": Text("依据", "Source"),
        # heads of tables
        "department": Text("部门", "Department"),
        "unit": Text("单位", "Unit"),
        "division": Text("区划", "Division"),
        "project": Text("项目", "Project"),
        "row_head": Text("指标行", "Row"),
        "indicator": Text("三级指标", "Indicator"),
        "indicators": Text("指标数", "Indicators"),
        "file": Text("文件", "Document"),
        "summary_head": Text("汇总", "Summary"),
        "scores_head": Text("项目得分", "Scores"),
        "findings_head": Text("逐条问题", "Findings"),
        "rules_head": Text("规则", "Rules"),
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a report says, in one language; `site` is the address of a service that shows the cells, or empty."""

    lang: str
    site: str = ""
    documents: tuple[Judged, ...] = ()
    """The documents that are spoken of, for their titles."""

    def word(self, name: str, *values: object) -> str:
        """Return a word or a sentence with values in it."""
        return _WORDS[name][self.lang].format(*values)

    def severity(self, severity: Severity) -> str:
        """Return the name of a severity."""
        return _SEVERITIES[severity][self.lang]

    def meaning(self, severity: Severity) -> str:
        """Return what a severity means to who has to mend it."""
        return _MEANINGS[severity][self.lang]

    def summary(self, severities: Mapping[Severity, int]) -> str:
        """Return how many findings of each severity there are."""
        return self.word("summary", *severities.values())

    def choice(self, choice: Choice) -> str:
        """Return which rules a report tells of; empty where it tells of all."""
        told = self._join(", ", self._choice(choice))
        return f"{self.word('choice', told)}{self._gap}{self.word('choice_scores')}" if told else ""

    def _choice(self, choice: Choice) -> Iterator[str]:
        if choice.rules is not None:
            yield self.word("choice_rules", ", ".join(sorted(choice.rules)))
        if choice.least is not Severity.INFO:
            yield self.word("choice_least", self.severity(choice.least))
        if choice.ignored:
            yield self.word("choice_ignored", ", ".join(sorted(choice.ignored)))

    # --- what a finding is about -------------------------------------------------------------------------

    def title(self, document: URIRef | None) -> str:
        """Return the title of a document, its IRI where it has none; where none is meant, that all are."""
        titles = {judged.document: judged.title for judged in self.documents}
        return titles.get(document) or str(document or self.word("whole"))

    def document(self, judged: Judged) -> str:
        """Return a document and what it declares."""
        name = judged.title or judged.document or "?"
        return self.word("document", name, judged.declarations, judged.indicators)

    def body(self, body: Body) -> str:
        """Return department and unit, or that the whole document is meant."""
        named = (str(each) for each in (body.department, body.unit) if each is not None)
        return " · ".join(named) or self.word("whole")

    def part(self, part: Part, body: Body) -> str:
        """Return the project, or which department or document is meant as a whole."""
        if part.project is not None:
            return str(part.project)
        return self.word("overall") if body.unit else self.title(part.document)

    def scored(self, score: Score) -> str:
        """Return year and score."""
        told = self.word("scored", score.value)
        return f"{self.word('year', score.year)}{self.word('comma')}{told}" if score.year else told

    def row(self, row: Row[Finding]) -> str:
        """Return number and name of a row; empty for the project itself."""
        return self.word("row", f"{row.number} {row.indicator}".strip()) if row.number else ""

    def rows(self, shared: Shared[Finding]) -> str:
        """Return the rows that share a hint."""
        return self.word("rows", len(shared.findings), ", ".join(map(str, shared.rows)))

    def in_all(self, each: InEvery) -> str:
        """Return how often and where a rule hit every project."""
        if each.documents == 1:
            return self.word("in_all", len(each.findings), each.projects)
        return self.word("in_all_documents", len(each.findings), each.documents, each.projects)

    # --- one finding -------------------------------------------------------------------------------------

    def sentence(self, finding: Finding) -> str:
        """Return id and message."""
        return f"{finding.id} {finding.message[self.lang]}"

    def reading(self, finding: Finding) -> str:
        """Return how the printed text was read; empty where it was read as it is printed."""
        read = finding.reading[self.lang] if finding.reading is not None else ""
        return "" if read == finding.printed else read

    def places(self, finding: Finding) -> tuple[tuple[str, str], ...]:
        """Return each place in words, and the address of its cell, empty where no service shows it."""
        told = ((self.place(quote.place), self.address(quote)) for quote in finding.quotes)
        return tuple(dict.fromkeys(pair for pair in told if pair[0]))

    def place(self, place: Place) -> str:
        """Return a place as it is told everywhere."""
        return position(place).told(self.lang)

    def address(self, quote: Quote) -> str:
        """Return the address at which the service shows a cell."""
        return f"{self.site}{quote.cell.removeprefix(_THINGS)}" if self.site and quote.cell else ""

    def suggestions(self, finding: Finding) -> tuple[str, ...]:
        """Return what should probably be printed, the likely first, each with its reason."""
        return tuple(map(self.suggestion, finding.suggestions))

    def suggestion(self, suggestion: Suggestion) -> str:
        """Return what should probably be printed, and why."""
        reason = suggestion.reason[self.lang]
        if suggestion.reading is None or suggestion.quote is None:
            return self.word("difference", reason)
        return self.word("suggestion", suggestion.quote.text, suggestion.reading, reason)

    # --- scores ------------------------------------------------------------------------------------------

    def repair(self, repair: Repair) -> str:
        """Return a repair with what it adds to the mean."""
        rule = repair.count.rule
        return self.word(
            "repair", rule.id, rule.message[self.lang], repair.count.findings, tenth(repair.points)
        )

    def gains(self, each: Ranked) -> tuple[str, ...]:
        """Return what adds most to a score, each with its points."""
        return tuple(
            self.word("gain_of", f"{gain.rule.id} {gain.rule.message[self.lang]}", tenth(gain.points))
            for gain in each.repairs
        )

    # --- marks -------------------------------------------------------------------------------------------

    @property
    def _gap(self) -> str:
        return "" if self.lang == "zh" else " "

    def _join(self, english: str, parts: Iterator[str]) -> str:
        return ("；" if self.lang == "zh" else english).join(parts)


def position(place: Place) -> Position:
    """Return a place as it is told everywhere."""
    return Position(place.sheet, place.address, place.page, place.table, place.row, place.column, place.line)


def tenth(points: Decimal) -> str:
    """Return points to a tenth.

    >>> from decimal import Decimal
    >>> tenth(Decimal("2.05"))
    '2.0'
    """
    return f"{points:.1f}"


def wan(yuan: Decimal | None) -> float | None:
    """Return an amount in yuan in units of ten thousand, as budget tables have it.

    >>> from decimal import Decimal
    >>> wan(Decimal("167000"))
    16.7
    """
    return None if yuan is None else float(yuan / _WAN)
