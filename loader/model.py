"""The nouns of the loader: what a reader hands over, what a layout recognises, what a value means.

Every type is frozen. The module imports nothing of the loader, so readers, layouts and mapping can stay
strangers to each other and still speak of the same things.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from rdflib import URIRef

    from ontology.places import Position
    from ontology.units import Unit


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence of our own in both languages: `wording["zh"]`."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        """Return the sentence in a language, `zh` or `en`."""
        return self.zh if language == "zh" else self.en


# --- what a reader hands over -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed, as far as the format can say: line of a text, page, sheet and address."""

    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One origin cell. `row` and `column` count from 1; `text` is what is displayed, blanks kept."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    place: Place = Place()
    raw: str | None = None
    original: str | None = None
    """What is displayed, where a person says that `text` is to be read instead."""
    origin: tuple[int, int] | None = None
    """Row and column at which it is printed, where `row` and `column` say where it is read."""

    @property
    def position(self) -> tuple[int, int]:
        """Return row and column at which the cell is printed."""
        return (self.row, self.column) if self.origin is None else self.origin

    @property
    def printed(self) -> str:
        """Return what is displayed, whatever it is read as."""
        return self.text if self.original is None else self.original


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text outside tables."""

    text: str
    place: Place = Place()
    original: str | None = None
    """What is printed, where a person says that `text` is to be read instead."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: origin cells in reading order, and the lines of text that stand before it."""

    number: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    before: tuple[Line, ...] = ()
    page: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A named place in a word-processor file, or what a text dump prints of one; no part of the text."""

    name: str
    place: Place = Place()


class NoteKind(StrEnum):
    """What the loader noticed, the gravest first; the member's value is the slug of a `jxc:note-kind/`."""

    UNREAD_CONTENT = "unread-content"
    UNREAD_TEXT = "unread-text"
    SKIPPED_TABLE = "skipped-table"
    REPEATED_TABLE = "repeated-table"
    UNREAD_CELL = "unread-cell"
    UNREAD_VALUE = "unread-value"
    MISSING_TABLE = "missing-table"
    CONFLICT = "conflict"
    LEVEL_CONFLICT = "level-conflict"
    MONEY_UNIT_CONFLICT = "money-unit-conflict"
    LIKELY_MISREAD = "likely-misread"
    EXCESSIVE_PERCENTAGE = "excessive-percentage"
    CONTRARY_COMPARATOR = "contrary-comparator"
    AMOUNT_IN_DOUBT = "amount-in-doubt"
    APPROXIMATE_AMOUNT = "approximate-amount"
    FORM_GUIDANCE = "form-guidance"
    WATERMARK = "watermark"
    BOOKMARK = "bookmark"
    ENCODING = "encoding"


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed: the printed text it is about, and its cell, its table or its line."""

    kind: NoteKind
    text: str
    quote: Quote | None = None
    place: Place = Place()
    table: int | None = None
    """The number of the table, where it is about a table as a whole."""
    told: Wording | None = None
    """What there is to say about this one, beyond what is true of its kind."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word that a cell, or a line, is to be read otherwise than it was."""

    position: Position
    """As the person names it: it may say less than there is to say of the place."""
    reading: str
    reason: str
    who: str
    when: date | None = None
    printed: str | None = None
    """What stood there when this was written down; None where nobody said."""
    origin: str = ""
    """Where it is written down, for messages: `corrections.csv, row 5`."""


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """What became of a correction: the place it found, and what is printed there; or why it changes nothing."""

    correction: Correction
    position: Position
    """All that there is to say of the place; what the correction says of it where there is no such place."""
    printed: str
    problem: Wording | None = None
    """Why it is not applied; None where it is."""


@dataclass(frozen=True, slots=True)
class Document:
    """What every reader returns, whatever the format: tables in order, and the lines after the last one."""

    media_type: str
    tables: tuple[Table, ...]
    after: tuple[Line, ...] = ()
    around: tuple[Line, ...] = ()
    """Lines of page headers, page footers and footnotes, each once: they may speak of every table."""
    bookmarks: tuple[Bookmark, ...] = ()
    notes: tuple[Note, ...] = ()
    """What the file holds and its reader could not read, or read otherwise than the file says."""
    corrections: tuple[CorrectionMade, ...] = ()
    """What persons say of how it is to be read, applied or not."""
    renewed_by: str | None = None
    """The program, with its version, that made a file of today out of an old one before it was read."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return all lines outside tables."""
        return (*(line for table in self.tables for line in table.before), *self.after)


# --- what a printed value means (the sum type of `values.parse`) --------------------------------------


class Comparator(StrEnum):
    """The five comparators; the member's value is the last segment of its concept's IRI."""

    GE = "ge"
    LE = "le"
    EQ = "eq"
    GT = "gt"
    LT = "lt"


class RemarkKind(StrEnum):
    """Why a reading is kept but must be looked at; the value is the slug of a `jxc:note-kind/`."""

    LIKELY_MISREAD = "likely-misread"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should look at; `told` says what, and repeats the value."""

    kind: RemarkKind
    told: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with or without comparator and unit; `upper` makes it a range (which has no comparator)."""

    raw: str
    number: Decimal
    upper: Decimal | None = None
    comparator: Comparator | None = Comparator.EQ
    comparator_explicit: bool = False
    unit: Unit | None = None
    unit_explicit: bool = False
    grade: str | None = None
    """Slug in `jxc:grade/` where the form grades its targets (优 良 中 差)."""
    remark: Remark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Something is due on or before `due`, the last day of what is printed."""

    raw: str
    due: date
    comparator: Comparator = Comparator.LE
    comparator_explicit: bool = False
    remark: Remark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Something runs from `start` to `due`, both days included."""

    raw: str
    start: date
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualitative:
    """A phrase: it can be judged, not measured."""

    raw: str
    comparator: Comparator | None = None
    comparator_explicit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """To be set by somebody else, or by reference to another document."""

    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A blank, a dash, or a unit or comparator without a number: the form was not filled in."""

    raw: str
    comparator: Comparator | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What cannot be read safely; comparator and number are kept where they are certain."""

    raw: str
    reason: Wording
    comparator: Comparator | None = None
    number: Decimal | None = None


Reading = Quantity | Deadline | Period | Qualitative | Deferred | Unset | Unreadable


# --- what a layout recognises ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quote:
    """The cell a statement is read from: number of the table in the document, row and column of the origin."""

    table: int
    row: int
    column: int
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Printed:
    """A text of the document and the cell that prints it; no cell where a line outside tables does."""

    text: str
    quote: Quote | None
    raw: str | None = None
    """The number behind a displayed one, where the file has it: an accounting format shows 0 as a dash."""
    original: str | None = None
    """What the cell prints, where a person says that `text` is to be read instead."""

    @property
    def printed(self) -> str:
        """Return what the cell prints, whatever it is read as."""
        return self.text if self.original is None else self.original

    @property
    def says_something(self) -> bool:
        """Return whether there is text, as printed or as read."""
        return bool(self.text.strip() or self.printed.strip())


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed and in yuan. A blank cell has neither number: it is not 0."""

    quote: Quote | None
    text: str
    declared: Decimal | None
    unit: Unit | None
    yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class Fund:
    """One source of money of a declaration.

    `source` is a concept of `jxc:fund-source/`, or of `jxc:fund-level/` where the form names only whose money it is.
    """

    source: URIRef
    amount: Money


@dataclass(frozen=True, slots=True)
class Milestone:
    """One node of the spending plan: month (1–12), and the share of the budget spent by its end."""

    month: int
    percent: Decimal | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """One numbered goal."""

    text: str
    quote: Quote | None
    horizon: str = "annual"


@dataclass(frozen=True, slots=True)
class Target:
    """What one indicator must reach, and the cells (several where a value is split) that say so."""

    reading: Reading
    quotes: tuple[Quote, ...]
    horizon: str | None = None
    """Slug in `jxc:horizon/` where a table has columns for several periods."""
    grade: str | None = None
    """Slug in `jxc:grade/` where a table has a column for each grade."""
    place: str | None = None
    """The place it applies to, as printed, where a table has a column for each place."""
    printed: str | None = None
    """What the cells print, where one of them was corrected: `reading` is then of the corrected text."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of level 3. A `None` text is a field the form does not have; `""` is a printed blank."""

    name: Printed
    level1: Printed | None
    level2: Printed | None
    level1_concept: URIRef | None
    level2_concept: URIRef | None
    targets: tuple[Target, ...]
    description: Printed | None = None
    basis: Printed | None = None
    basis_type: URIRef | None = None
    weight: tuple[Decimal, Quote | None] | None = None
    direction: Printed | None = None
    scoring_standard: Printed | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A department or unit as printed; `code` is None where the form prints none."""

    name: str
    code: str | None
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """The targets of one project for one fiscal year, as one or more tables print them."""

    tables: tuple[int, ...]
    """Numbers of the tables that print it; the first opens it, the others continue it."""
    ordinal: int
    name: Printed | None
    code: Printed | None
    unit: Body | None
    department: Body | None
    budget: Money | None
    purpose: Printed | None
    funds: tuple[Fund, ...]
    milestones: tuple[Milestone, ...]
    goals: tuple[Goal, ...]
    indicators: tuple[Indicator, ...]
    framework: URIRef
    year: int | None = None
    year_source: str | None = None
    """Slug in `jxc:year-source/`: heading, header, dates, code."""
    adjusted: bool = False
    apart: str = ""
    """What sets it apart from an earlier declaration under the same code or name; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one indicator of a self-evaluation reached; `indicator` counts the evaluation's own from 1."""

    indicator: int
    name: Printed
    actual: Printed | None
    actual_reading: Reading | None
    score: tuple[Decimal, Quote | None] | None
    weight: tuple[Decimal, Quote | None] | None
    deviation: Printed | None


@dataclass(frozen=True, slots=True)
class Execution:
    """Money planned, adjusted and spent, of one source (as that of a `Fund`); without a source it is the total."""

    source: URIRef | None
    initial: Money | None
    adjusted: Money | None
    executed: Money | None
    rate: tuple[Decimal, Quote | None] | None
    score: tuple[Decimal, Quote | None] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A self-evaluation of one project for one year: targets restated, results, execution, score."""

    declared: Declaration
    """The project, unit, year and restated indicators, in the shape of a declaration."""
    results: tuple[Result, ...]
    executions: tuple[Execution, ...]
    score: tuple[Decimal, Quote | None] | None
    grade: str | None
    """Slug in `jxc:grade/`."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A declaration that the document has made already: only its table is kept, its parts would mix."""

    declaration: Declaration
    first: Declaration


@dataclass(frozen=True, slots=True)
class Section:
    """One section of prose of a department's overall target."""

    heading: str
    text: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class TableReading:
    """What became of one table: the layout that read it (slug in `jxc:layout/`), or why it was skipped."""

    table: Table
    layout: str | None
    skipped: Wording | None = None
    repeats: int | None = None
    """Number of the table whose project this one declares again: it was skipped for that."""
    continues: int | None = None
    """Number of the table this one goes on from (the indicator table under a header table)."""
    fields: frozenset[URIRef] = frozenset()
    """The fields the form prints, filled in or not."""
    money_unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class CellAccount:
    """Every cell of every table is one of these; their sum is the number of cells of the document."""

    labels: int = 0
    stated: int = 0
    blank: int = 0
    unread: int = 0
    skipped: int = 0
    """Cells of tables that were skipped as a whole."""
    other: int = 0
    """Values of labels that forms print and the ontology does not keep; the grid has them."""

    @property
    def total(self) -> int:
        """Return the number of cells that are accounted for."""
        return self.labels + self.stated + self.blank + self.unread + self.skipped + self.other


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A published document, read."""

    sha256: str
    media_type: str
    title: str | None
    year: int | None
    tables: tuple[TableReading, ...]
    declarations: tuple[Declaration, ...]
    repeated: tuple[Repeated, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    overall: Declaration | None = None
    """A department's targets as a whole, where a form has them: its unit, goals and indicators."""
    overall_evaluation: Evaluation | None = None
    """What became of a department's targets as a whole; `declared` is `overall` where no other form states them."""
    sections: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()
    unit: Body | None = None
    """The unit most declarations name: the one the sections speak of."""
    corrections: tuple[CorrectionMade, ...] = ()
    """What persons say of how it is to be read, applied or not."""
    cells: CellAccount = CellAccount()
    renewed_by: str | None = None
    """The program that made a file of today out of an old one; the places of cells are those of that file."""

    @property
    def says_something(self) -> bool:
        """Return whether anything was recognised: a declaration, an evaluation, a department's target."""
        return bool(self.declarations or self.evaluations or self.overall or self.sections)
