"""The report: findings in order, their counts, and every form in which people and machines read them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology import identifiers

from . import fix_list, report_markdown, report_rdf, report_table, report_text
from .choosing import EVERYTHING, Choice
from .finding import Finding
from .rule_book import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib import URIRef

    from .scoring import Score


@dataclass(frozen=True, slots=True)
class Judged:
    """A document that was judged: what it is, and how many declarations and indicators it states."""

    document: URIRef | None
    declarations: int
    indicators: int
    title: str = ""
    """What the document calls itself; empty where it does not say."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules found in one document or, `merged`, in several."""

    findings: tuple[Finding, ...]
    judged: tuple[Judged, ...] = ()
    scores: tuple[Score, ...] = ()
    """Of its declarations, by all rules of the book whatever the choice."""
    choice: Choice = EVERYTHING
    """Which rules it tells of."""

    def chosen(self, choice: Choice) -> Report:
        """Return the report on some of the rules."""
        kept = tuple(finding for finding in self.findings if choice.admits(finding.rule))
        return replace(self, findings=kept, choice=choice)

    def named(self, names: Mapping[URIRef, str]) -> Report:
        """Return the report with what bodies and projects are called, by their IRIs, where it does not say."""
        return merged([self], names)

    def on_body(self, body: URIRef) -> Report:
        """Return the report on what a budget unit declares, or all units of a department."""
        found = tuple(finding for finding in self.findings if finding.context.is_of(body))
        return replace(self, findings=found, scores=tuple(s for s in self.scores if s.context.is_of(body)))

    @property
    def conforms(self) -> bool:
        """Whether there is no finding at all, as SHACL means it: an Info does not conform either."""
        return not self.findings

    @property
    def worst(self) -> Severity | None:
        """The most serious severity found; None where there is no finding."""
        return min(
            (finding.severity for finding in self.findings), key=lambda found: found.rank, default=None
        )

    @property
    def has_violation(self) -> bool:
        """Whether something must be mended before the targets are complete."""
        return self.worst is Severity.VIOLATION

    def by_severity(self) -> Mapping[Severity, int]:
        """Return how many findings there are of each severity, the most serious first."""
        counts = Counter(finding.severity for finding in self.findings)
        return {severity: counts[severity] for severity in Severity}

    def by_rule(self) -> Mapping[str, int]:
        """Return how many findings each rule has, by the rule's id."""
        return dict(sorted(Counter(finding.id for finding in self.findings).items()))

    def text(self, lang: str = "zh", width: int | None = None) -> str:
        """Return the report as a person reads it, `lang` zh or en, as wide as the terminal unless told."""
        return report_text.text(self, lang, width)

    def json(self) -> bytes:
        """Return the report as one JSON object in UTF-8: counts, documents and findings with their places."""
        return b"".join(report_table.json_pieces(self))

    def csv(self) -> bytes:
        """Return one row for each finding as CSV in UTF-8, both languages side by side."""
        return b"".join(report_table.csv_pieces(self))

    def markdown(self, lang: str = "zh", site: str = "") -> bytes:
        """Return the report in one language as Markdown; cells are links where a service at `site` shows them."""
        return b"".join(report_markdown.pieces(self, lang, site))

    def xlsx(self, lang: str = "zh", site: str = "") -> bytes:
        """Return the report in one language as a spreadsheet; cells are links where a service shows them."""
        from .report_workbook import xlsx  # its library takes long to load, and most reports need none

        return xlsx(self, lang, site)

    def scores_csv(self) -> bytes:
        """Return one row for each declaration and for each mean of their scores as CSV in UTF-8."""
        return b"".join(report_table.score_pieces(self))

    def turtle(self) -> bytes:
        """Return a standard `sh:ValidationReport` for each document, as Turtle."""
        return self.rdf("turtle")

    def rdf(self, form: str) -> bytes:
        """Return a standard `sh:ValidationReport` for each document, `form` turtle, nt or json-ld."""
        return report_rdf.rdf(self, form)

    def fix_list(self, suffix: str, lang: str = "zh", names: Mapping[str, str] | None = None) -> bytes:
        """Return the suggestions as a table of corrections, `.csv` or `.xlsx`, for a person to go through.

        `names` are those of the documents, by IRI; for one that has none stands its SHA-256.
        """
        rows = fix_list.corrections(self, lang, names or {})
        return fix_list.as_xlsx(rows, lang) if suffix == ".xlsx" else fix_list.as_csv(rows)

    def nquads(self, sha256: str) -> bytes:
        """Return the `sh:ValidationReport` on the document of this hash as N-Quads in its report graph."""
        return report_rdf.nquads(self, sha256)

    def nquads_on_unit(self, unit: URIRef) -> bytes:
        """Return the `sh:ValidationReport` on what a budget unit declares, as N-Quads in its report graph."""
        return report_rdf.nquads_about(self, unit, identifiers.unit_report_graph(unit))


def merged(reports: Iterable[Report], names: Mapping[URIRef, str] | None = None) -> Report:
    """Return several documents' reports, on one choice of rules, as one.

    `names` are what bodies and projects are called, by their IRIs, where a report does not say.
    """
    parts = tuple(reports)
    found = [finding for part in parts for finding in part.findings]
    scores = [score for part in parts for score in part.scores]
    if names:
        contexts = {told.context for told in found} | {score.context for score in scores}
        called = {context: context.named(names) for context in contexts}
        found = [replace(finding, context=called[finding.context]) for finding in found]
        scores = [replace(score, context=called[score.context]) for score in scores]
    judged = tuple(judged for part in parts for judged in part.judged)
    choice = parts[0].choice if parts else EVERYTHING
    return Report(tuple(sorted(found, key=Finding.order)), judged, tuple(scores), choice)
