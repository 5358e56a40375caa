"""What a finding tells a person: the rule, the project and the row, the printed text and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef
    from rdflib.term import Node

    from .rule_book import Category, Rule, Severity, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed; a whole table has no row and column, a whole document not even a table."""

    document: URIRef | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    address: str | None = None

    def __str__(self) -> str:
        """Return the place as the loader prints it: `table=3,row=5,column=2`; empty where nothing is known."""
        known = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "document"}
        return ",".join(f"{name}={value}" for name, value in known.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Quote:
    """A printed text and its place; `cell` is None where the whole table or document is meant."""

    text: str
    place: Place
    cell: URIRef | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a cell should probably say, and why: for a person to look at, never applied."""

    quote: Quote | None
    """The cell; None where nobody knows which cell is wrong."""
    reading: str | None
    """The whole text of the cell as it should be; None where only the difference is known."""
    reason: Text


@dataclass(frozen=True, slots=True)
class Named:
    """A unit, department or project: its IRI, its official code and its name, each empty when unknown."""

    iri: URIRef
    code: str
    name: str

    def __str__(self) -> str:
        """Return code and name."""
        return f"{self.code} {self.name}".strip() or str(self.iri)


@dataclass(frozen=True, slots=True)
class Context:
    """What a finding is about, from the department down to the row; None where it is about something wider."""

    document: URIRef | None = None
    department: Named | None = None
    unit: Named | None = None
    project: Named | None = None
    declaration: URIRef | None = None
    ordinal: int = 0
    """Number of the declaration in the document."""
    row: int = 0
    """Number of the indicator in the declaration; 0 where the finding is about none."""
    indicator: str = ""
    """Name of the indicator as printed."""

    def named(self, names: Mapping[URIRef, str]) -> Context:
        """Return it with what department, unit and project are called, where it does not say."""

        def called(thing: Named | None) -> Named | None:
            return thing if thing is None or thing.name else replace(thing, name=names.get(thing.iri, ""))

        return replace(
            self,
            department=called(self.department),
            unit=called(self.unit),
            project=called(self.project),
        )

    def is_of(self, body: URIRef) -> bool:
        """Return whether it belongs to a unit or department."""
        return any(named is not None and named.iri == body for named in (self.unit, self.department))


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a rule, the node and value it found, and what a person needs to mend it."""

    rule: Rule
    component: URIRef
    focus: Node
    path: URIRef | None
    value: Node | None
    context: Context
    quotes: tuple[Quote, ...]
    reading: Text | None
    """How the printed text was read; None where there is nothing to read."""
    suggestions: tuple[Suggestion, ...] = ()
    """What should probably be printed, the likely first."""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        return self.rule.severity

    @property
    def message(self) -> Text:
        """What is wrong."""
        return self.rule.message

    @property
    def remedy(self) -> Text:
        """How to mend it."""
        return self.rule.remedy

    @property
    def category(self) -> Category:
        """The opinion of a finance bureau's review that it belongs to."""
        return self.rule.category

    @property
    def row(self) -> int:
        """Number of the indicator in its declaration; 0 where it is about none."""
        return self.context.row

    @property
    def indicator(self) -> str:
        """Name of the indicator as printed."""
        return self.context.indicator

    @property
    def printed(self) -> str:
        """What is printed there, several cells joined."""
        return " / ".join(dict.fromkeys(quote.text for quote in self.quotes if quote.text))

    def order(self) -> tuple[str, ...]:
        """Return what findings are sorted by: department, unit, project, row, severity, rule, then the nodes."""
        where = self.context
        return (
            str(where.department or ""),
            str(where.unit or ""),
            str(where.document or ""),
            f"{where.ordinal:06d}",
            str(where.project or ""),
            f"{where.row:06d}",
            str(self.severity.rank),
            self.id,
            str(self.focus),
            str(self.value),
        )
