"""The report a person reads in a terminal: by department, unit, project and row, and counts at the end.

What a person must act on is told in full: the sentence, the printed text beside the reading, the place and the
remedy. Hints (Info) take two lines, or one for all rows of a project that share them; their remedies stand once,
in the list of rules. A rule that hits every project of a document judges the form, not the projects: one line,
unless it is a Violation, which each project must mend. Nothing depends on colour.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .report_outline import outline
from .report_words import Words
from .rule_book import Severity
from .wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .finding import Finding
    from .report import Report
    from .report_outline import Body, Outline, Part, Ranked, RuleCount, Standing
    from .rule_book import Rule
    from .scoring import Average

_WIDEST: Final = 120
_MOST_RANKED: Final = 10
"""Of more projects only those with the lowest scores are told."""


def text(report: Report, lang: str = "zh", width: int | None = None) -> str:
    """Return the report in one language, as wide as the terminal unless told."""
    columns = width or min(shutil.get_terminal_size().columns, _WIDEST)
    return "\n".join(_Writer(outline(report), Words(lang, documents=report.judged), columns).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one report in one language."""

    told: Outline
    words: Words
    width: int

    def lines(self) -> Iterator[str]:
        yield self.words.word("title")
        for judged in self.told.documents:
            yield self._line(0, self.words.document(judged))
        if choice := self.words.choice(self.told.choice):
            yield self._line(0, choice)
        if not self.told.findings:
            yield from self._scores(self.told.standing)
            yield self.words.word("conforms")
            return
        yield self.words.summary(self.told.severities)
        yield from self._scores(self.told.standing)
        yield from self._form()
        for body in self.told.bodies:
            yield from self._body(body)
        yield from self._rules()

    # --- the head ----------------------------------------------------------------------------------------

    def _scores(self, standing: Standing) -> Iterator[str]:
        if standing.whole is None:
            return
        yield from ("", self.words.word("scores"))
        yield self._line(2, self._mean(standing.whole))
        for name, means in (
            ("by_unit", standing.units),
            ("by_division", standing.divisions),
            ("by_year", standing.years),
        ):
            yield from self._means(name, means)
        if standing.repairs:
            yield self._line(2, self.words.word("repairs"))
        for repair in standing.repairs:
            yield self._line(4, self.words.repair(repair))
        yield from self._ranking(standing.ranking)

    def _means(self, name: str, means: Sequence[Average]) -> Iterator[str]:
        """Yield the means of several units or years: that of a single one is the mean of all."""
        if len(means) > 1:
            yield self._line(2, self.words.word(name))
            for mean in means:
                yield self._line(4, f"{mean.name} — {self._mean(mean)}")

    def _mean(self, mean: Average) -> str:
        if mean.declarations == 1:
            return self.words.word("points", mean.plain)
        if mean.weighted is None:
            return self.words.word("mean_plain", mean.plain, mean.declarations)
        return self.words.word("mean", mean.plain, mean.weighted, mean.declarations)

    def _ranking(self, ranking: Sequence[Ranked]) -> Iterator[str]:
        if len(ranking) < 2:
            return
        few = len(ranking) <= _MOST_RANKED
        yield self._line(
            2, self.words.word("ranking") if few else self.words.word("lowest", _MOST_RANKED, len(ranking))
        )
        for each in ranking if few else ranking[-_MOST_RANKED:]:
            yield self._line(4, self._ranked(each))

    def _ranked(self, each: Ranked) -> str:
        project = str(each.score.context.project or each.score.of)
        return self.words.word("ranked", each.rank, each.score.value, project)

    def _form(self) -> Iterator[str]:
        if self.told.in_every:
            yield from ("", self.words.word("form"))
        for each in self.told.in_every:
            yield self._line(2, f"{self._named(each.rule)} — {self.words.in_all(each)}")

    # --- project by project ------------------------------------------------------------------------------

    def _body(self, body: Body) -> Iterator[str]:
        yield from ("", self._line(0, self.words.body(body)))
        for part in body.parts:
            yield self._line(2, self._part(part, body))
            for shared in part.shared:
                yield self._line(4, f"{self._named(shared.first.rule)} — {self.words.rows(shared)}")
            for row in part.rows:
                if named := self.words.row(row):
                    yield self._line(4, named)
                for finding in row.findings:
                    yield from self._finding(finding)

    def _part(self, part: Part, body: Body) -> str:
        named = self.words.part(part, body)
        if part.score is None:
            return named
        return self.words.word("noted", named, self.words.scored(part.score))

    def _finding(self, finding: Finding) -> Iterator[str]:
        yield self._line(6, self._named(finding.rule))
        if evidence := self._evidence(finding):
            yield self._line(8, evidence)
        for suggestion in self.words.suggestions(finding):
            yield self._line(8, suggestion)
        if finding.severity is not Severity.INFO and finding.remedy[self.words.lang]:
            yield self._line(8, self.words.word("remedy") + finding.remedy[self.words.lang])

    def _evidence(self, finding: Finding) -> str:
        """Return the printed text, how it was read, and where it stands."""
        told = [f"“{finding.printed}”"] if finding.printed else []
        if reading := self.words.reading(finding):
            told.append(f"{self.words.word('read')} {reading}")
        places = "; ".join(place for place, _ in self.words.places(finding))
        return " — ".join(filter(None, [*told, places]))

    def _named(self, rule: Rule) -> str:
        return f"[{self.words.severity(rule.severity)}] {rule.id} {rule.message[self.words.lang]}"

    # --- the rules at the end ----------------------------------------------------------------------------

    def _rules(self) -> Iterator[str]:
        yield from ("", self.words.word("categories"))
        for each in self.told.categories:
            label = each.category.label[self.words.lang]
            yield self._line(2, f"{each.category.number} {label} — {self.words.word('times', each.findings)}")
        yield from ("", self.words.word("rules"))
        for count in self.told.rules:
            yield from self._rule(count)
        yield self.words.summary(self.told.severities)

    def _rule(self, count: RuleCount) -> Iterator[str]:
        rule, lang = count.rule, self.words.lang
        yield self._line(2, f"{self._named(rule)} — {self.words.word('times', count.findings)}")
        source = self.words.word("source") + rule.source(lang)
        remedy = rule.remedy[lang] and f"{self.words.word('remedy')}{rule.remedy[lang]} "
        yield self._line(8, f"{remedy}({source})")

    def _line(self, indent: int, told: str) -> str:
        return " " * indent + wrapped(told, self.width - indent, " " * (indent + 2))
