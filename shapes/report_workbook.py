"""The report as a spreadsheet (XLSX): a summary to read, and scores, findings and rules to sort and filter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from .report_outline import outline
from .report_words import Words, tenth, wan
from .rule_book import Severity
from .workbook import Look, Sheet, Shown, workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from .finding import Finding
    from .report import Report
    from .report_outline import Outline, Ranked, RuleCount
    from .scoring import Average
    from .workbook import Value

_MOST_ROWS: Final = 65_000
"""Of findings on one sheet: Excel has 65,530 links a sheet."""
_LOOKS: Final = {
    Severity.VIOLATION: Look.VIOLATION,
    Severity.WARNING: Look.WARNING,
    Severity.INFO: Look.INFO,
}
_SUMMARY_WIDTHS: Final = (52, 12, 12, 12, 70)
_SCORES: Final = (
    ("rank", 7),
    ("score", 8),
    ("department", 22),
    ("unit", 22),
    ("division", 12),
    ("project", 36),
    ("year_head", 7),
    ("budget", 12),
)
_FINDINGS: Final = (
    ("department", 18),
    ("unit", 18),
    ("project", 27),
    ("year_head", 7),
    ("row_head", 7),
    ("indicator", 18),
    ("severity", 7),
    ("rule", 8),
    ("message", 26),
    ("printed", 22),
    ("read_head", 16),
    ("remedy_head", 36),
    ("place", 20),
    ("category", 16),
    ("form_head", 9),
    ("gain", 8),
    ("file", 24),
)
_RULES: Final = (
    ("rule", 8),
    ("severity", 8),
    ("message", 44),
    ("number", 8),
    ("projects", 8),
    ("form_head", 10),
    ("remedy_head", 60),
    ("category", 28),
    ("source_head", 40),
)


def xlsx(report: Report, lang: str, site: str = "") -> bytes:
    """Return the report in one language; `site` is the address of a service that shows the cells, or empty."""
    return workbook(_Writer(report, outline(report), Words(lang, site, report.judged)).sheets())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one report in one language."""

    report: Report
    told: Outline
    words: Words

    def sheets(self) -> Iterator[Sheet]:
        yield Sheet(self.words.word("summary_head"), (), list(self._summary()), _SUMMARY_WIDTHS)
        yield self._scores()
        yield from self._findings()
        yield self._sheet("rules_head", _RULES, map(self._rule, self.told.rules))

    def _sheet(
        self, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]
    ) -> Sheet:
        heads = [self.words.word(name) for name, _ in columns]
        return Sheet(self.words.word(title), heads, rows, [width for _, width in columns])

    # --- the summary -------------------------------------------------------------------------------------

    def _summary(self) -> Iterator[tuple[Value, ...]]:
        yield (Shown(self.words.word("title"), Look.TITLE),)
        if choice := self.words.choice(self.told.choice):
            yield (Shown(choice, Look.NOTE),)
        if not self.told.findings:
            yield (self.words.word("conforms"),)
        yield from self._severities()
        yield from self._means()
        yield from self._repairs()
        yield from self._categories()
        yield from self._documents()

    def _severities(self) -> Iterator[tuple[Value, ...]]:
        yield from self._heads("severities", "number", "", "", "meaning")
        for severity, count in self.told.severities.items():
            name = Shown(self.words.severity(severity), _LOOKS[severity])
            yield name, count, None, None, self.words.meaning(severity)

    def _means(self) -> Iterator[tuple[Value, ...]]:
        standing = self.told.standing
        if standing.whole is None:
            return
        yield from self._heads("score", "mean_head", "weighted_head", "projects")
        yield self._mean(self.words.word("whole_head"), standing.whole)
        for mean in (*standing.units, *standing.divisions, *standing.years):
            yield self._mean(mean.name, mean)
        yield (Shown(self.words.word("scores_lead"), Look.NOTE),)

    def _mean(self, name: str, mean: Average) -> tuple[Value, ...]:
        weighted = None if mean.weighted is None else _points(mean.weighted)
        return name, _points(mean.plain), weighted, mean.declarations

    def _repairs(self) -> Iterator[tuple[Value, ...]]:
        if self.told.standing.repairs:
            yield from self._heads("repairs", "number", "gain", "", "remedy_head")
        for each in self.told.standing.repairs:
            rule, lang = each.count.rule, self.words.lang
            named = f"{rule.id} {rule.message[lang]}"
            yield (
                named,
                each.count.findings,
                _points(each.points),
                None,
                rule.remedy[lang],
            )

    def _categories(self) -> Iterator[tuple[Value, ...]]:
        if self.told.categories:
            yield from self._heads("categories", "number")
        for each in self.told.categories:
            yield f"{each.category.number} {each.category.label[self.words.lang]}", each.findings

    def _documents(self) -> Iterator[tuple[Value, ...]]:
        yield from self._heads("documents", "projects", "indicators")
        for judged in self.told.documents:
            yield judged.title or str(judged.document or "?"), judged.declarations, judged.indicators

    def _heads(self, *names: str) -> Iterator[tuple[Value, ...]]:
        yield ()
        yield tuple(Shown(self.words.word(name) if name else None, Look.HEAD) for name in names)

    # --- the tables --------------------------------------------------------------------------------------

    def _scores(self) -> Sheet:
        dimensions = dict.fromkeys(
            share.dimension for each in self.told.standing.ranking for share in each.score.shares
        )
        heads = [
            *(self.words.word(name) for name, _ in _SCORES),
            *(dimension.label[self.words.lang] for dimension in dimensions),
            self.words.word("repairs_head"),
        ]
        rows = []
        for each in self.told.standing.ranking:
            shares = {share.dimension: _points(share.value) for share in each.score.shares}
            rows.append((*self._score(each), *map(shares.get, dimensions), "\n".join(self.words.gains(each))))
        widths = [*(width for _, width in _SCORES), *[9] * len(dimensions), 46]
        return Sheet(self.words.word("scores_head"), heads, rows, widths)

    def _score(self, each: Ranked) -> tuple[Value, ...]:
        score, context = each.score, each.score.context
        return (
            each.rank,
            _points(score.value),
            str(context.department or ""),
            str(context.unit or ""),
            str(score.division or ""),
            str(context.project or score.of),
            score.year,
            Shown(wan(score.budget), form="#,##0.00"),
        )

    def _findings(self) -> Iterator[Sheet]:
        """Yield the findings by department, project and row; where there are very many, on several sheets."""
        scores = {score.of: score for score in self.report.scores}
        gains = {
            (score.of, gain.rule.id): _points(gain.points)
            for score in self.report.scores
            for gain in score.gains
        }

        def row(finding: Finding) -> tuple[Value, ...]:
            declaration = finding.context.declaration
            score = None if declaration is None else scores.get(declaration)
            year = score.year if score is not None else ""
            gain = None if declaration is None else gains.get((declaration, finding.id))
            return self._finding(finding, year, self._yes(self.told.is_in_every(finding)), gain)

        found = iter(self.report.findings)
        for number in range(1, max(1, -(-self.told.findings // _MOST_ROWS)) + 1):
            sheet = self._sheet("findings_head", _FINDINGS, map(row, islice(found, _MOST_ROWS)))
            yield sheet if number == 1 else replace(sheet, title=f"{sheet.title} {number}")

    def _finding(self, finding: Finding, year: str, form: str, gain: Shown | None) -> tuple[Value, ...]:
        context, lang = finding.context, self.words.lang
        places = self.words.places(finding)
        link = next((to for _, to in places if to), "")
        return (
            str(context.department or ""),
            str(context.unit or ""),
            str(context.project or ""),
            year,
            context.row or None,
            context.indicator,
            Shown(self.words.severity(finding.severity), _LOOKS[finding.severity]),
            finding.id,
            finding.message[lang],
            finding.printed,
            self.words.reading(finding),
            "\n".join(filter(None, (finding.remedy[lang], *self.words.suggestions(finding)))),
            Shown("; ".join(told for told, _ in places), link=link),
            f"{finding.category.number} {finding.category.label[lang]}",
            form,
            gain,
            "" if context.document is None else self.words.title(context.document),
        )

    def _rule(self, count: RuleCount) -> tuple[Value, ...]:
        rule, lang = count.rule, self.words.lang
        in_every = any(each.rule.id == rule.id for each in self.told.in_every)
        return (
            rule.id,
            Shown(self.words.severity(rule.severity), _LOOKS[rule.severity]),
            rule.message[lang],
            count.findings,
            count.projects,
            self._yes(in_every),
            rule.remedy[lang],
            f"{rule.category.number} {rule.category.label[lang]}",
            rule.source(lang),
        )

    def _yes(self, holds: object) -> str:
        return self.words.word("yes") if holds else ""


def _points(points: Decimal) -> Shown:
    """Return points to a tenth."""
    return Shown(float(tenth(points)), form="0.0")
