"""The report as Markdown, to be put into a ticket, a mail or a repository: short, and every finding in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .report_outline import outline
from .report_words import Words, tenth, wan
from .rule_book import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .finding import Finding
    from .report import Report
    from .report_outline import Body, Outline, Part, Ranked, RuleCount, Standing
    from .rule_book import Rule
    from .scoring import Average

_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#~])")


def pieces(report: Report, lang: str, site: str = "") -> Iterator[bytes]:
    """Yield the report in one language; `site` is the address of a service that shows the cells, or empty."""
    writer = _Writer(outline(report), Words(lang, site, report.judged))
    before = ""
    for line in writer.lines():
        if line or before:  # no two blank lines
            yield f"{line}\n".encode()
        before = line


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one report in one language."""

    told: Outline
    words: Words

    def lines(self) -> Iterator[str]:
        yield f"# {self.words.word('title')}"
        yield ""
        for judged in self.told.documents:
            yield f"- {_plain(self.words.document(judged))}"
        yield ""
        if choice := self.words.choice(self.told.choice):
            yield from (f"> {_plain(choice)}", "")
        yield f"**{self.words.summary(self.told.severities)}**"
        if not self.told.findings:
            yield from ("", self.words.word("conforms"))
        yield from self._repairs(self.told.standing)
        yield from self._form()
        for body in self.told.bodies:
            yield from self._body(body)
        yield from self._scores(self.told.standing)
        if self.told.rules:
            yield from self._rules()

    # --- scores ------------------------------------------------------------------------------------------

    def _repairs(self, standing: Standing) -> Iterator[str]:
        if standing.repairs:
            yield from self._heading(2, self.words.word("repairs"))
        for number, repair in enumerate(standing.repairs, start=1):
            yield f"{number}. {_plain(self.words.repair(repair))}"

    def _scores(self, standing: Standing) -> Iterator[str]:
        if standing.whole is None:
            return
        yield from self._heading(2, self.words.word("scores"))
        yield from (self.words.word("scores_lead"), "")
        yield from self._table(("", "mean_head", "weighted_head", "projects"), self._means(standing))
        yield from self._heading(3, self.words.word("ranking"))
        heads = ("rank", "score", "project", "unit", "year_head", "budget", "repairs_head")
        yield from self._table(heads, (self._ranked(each) for each in standing.ranking))

    def _means(self, standing: Standing) -> Iterator[tuple[str, ...]]:
        if standing.whole is not None:
            yield self._mean(self.words.word("whole_head"), standing.whole)
        for mean in (*standing.units, *standing.divisions, *standing.years):
            yield self._mean(mean.name, mean)

    def _mean(self, name: str, mean: Average) -> tuple[str, ...]:
        return name, str(mean.plain), str(mean.weighted or "—"), str(mean.declarations)

    def _ranked(self, each: Ranked) -> tuple[str, ...]:
        score = each.score
        budget = wan(score.budget)
        return (
            str(each.rank),
            str(score.value),
            str(score.context.project or score.of),
            str(score.context.unit or ""),
            score.year,
            "" if budget is None else f"{budget:,.2f}",
            ", ".join(f"{gain.rule.id} +{tenth(gain.points)}" for gain in each.repairs[:3]),
        )

    # --- findings ----------------------------------------------------------------------------------------

    def _form(self) -> Iterator[str]:
        if self.told.in_every:
            yield from self._heading(2, self.words.word("form"))
        for each in self.told.in_every:
            yield from _item(
                [f"{self._named(each.rule)} — {self.words.in_all(each)}", self._remedy(each.rule)]
            )

    def _body(self, body: Body) -> Iterator[str]:
        yield from self._heading(
            2, f"{_plain(self.words.body(body))} — {self.words.word('count', body.findings)}"
        )
        for part in body.parts:
            yield from self._heading(3, self._part(part, body))
            for shared in part.shared:
                yield f"- {self._named(shared.first.rule)} — {self.words.rows(shared)}"
            for row in part.rows:
                indent = "  " if row.number else ""
                if row.number:
                    yield f"- **{_plain(self.words.row(row))}**"
                for finding in row.findings:
                    yield from (f"{indent}{line}" for line in self._finding(finding))

    def _part(self, part: Part, body: Body) -> str:
        named = _plain(self.words.part(part, body))
        if part.score is None:
            return named
        return self.words.word("noted", named, self.words.scored(part.score))

    def _finding(self, finding: Finding) -> Iterator[str]:
        told = [self._named(finding.rule), " — ".join(self._evidence(finding))]
        told += map(_plain, self.words.suggestions(finding))
        if finding.severity is not Severity.INFO and finding.remedy[self.words.lang]:
            told.append(self._remedy(finding.rule))
        yield from _item(told)

    def _evidence(self, finding: Finding) -> Iterator[str]:
        if finding.printed:
            yield f"“{_plain(finding.printed)}”"
        if reading := self.words.reading(finding):
            yield f"{self.words.word('read')} {_plain(reading)}"
        if places := self.words.places(finding):
            yield "; ".join(f"[{_plain(told)}]({to})" if to else _plain(told) for told, to in places)

    def _named(self, rule: Rule) -> str:
        return f"**{self.words.severity(rule.severity)}** {rule.id} {_plain(rule.message[self.words.lang])}"

    def _remedy(self, rule: Rule) -> str:
        return f"*{self.words.word('remedy').strip()}* {_plain(rule.remedy[self.words.lang])}"

    # --- rules -------------------------------------------------------------------------------------------

    def _rules(self) -> Iterator[str]:
        yield from self._heading(2, self.words.word("categories"))
        categories = (
            (f"{each.category.number} {each.category.label[self.words.lang]}", str(each.findings))
            for each in self.told.categories
        )
        yield from self._table(("category", "number"), categories)
        yield from self._heading(2, self.words.word("rules"))
        heads = ("rule", "severity", "message", "number", "projects", "remedy_head", "source_head")
        yield from self._table(heads, (self._rule(count) for count in self.told.rules))

    def _rule(self, count: RuleCount) -> tuple[str, ...]:
        rule, lang = count.rule, self.words.lang
        counts = (str(count.findings), str(count.projects))
        severity = self.words.severity(rule.severity)
        return (rule.id, severity, rule.message[lang], *counts, rule.remedy[lang], rule.source(lang))

    # --- lines -------------------------------------------------------------------------------------------

    def _heading(self, level: int, told: str) -> tuple[str, ...]:
        return "", f"{'#' * level} {told}", ""

    def _table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        yield _row([self.words.word(head) if head else "" for head in heads])
        yield _row(["---"] * len(heads))
        for row in rows:
            yield _row([_plain(cell) for cell in row])


def _item(told: Iterable[str]) -> Iterator[str]:
    """Yield an item of a list, each thing that is told in a line of its own."""
    first, *rest = filter(None, told)
    yield f"- {first}" + ("\\" if rest else "")
    yield from (f"  {line}" + ("\\" if line is not rest[-1] else "") for line in rest)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    r"""Return a text that is shown as it is written, in one line.

    >>> print(_plain("≥90%|*优*"))
    ≥90%\|\*优\*
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
