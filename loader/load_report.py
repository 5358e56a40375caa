"""What was read of a document, what was not, and what somebody should look at: one account, told in several ways.

`load_report_json` writes and reads it for programs, `load_report_text` tells it to a person in a terminal, and the
service shows it as a page. It repeats what the document prints, so that it can be understood without it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from rdflib.namespace import SKOS

from ontology.namespaces import JX, JXC
from ontology.places import Position
from ontology.vocabulary import texts

from .model import CellAccount, NoteKind, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rdflib import URIRef

    from .model import CorrectionMade, Declaration, Disclosure, Note, TableReading

_NOT_READ: Final = frozenset(
    {
        NoteKind.UNREAD_CONTENT,
        NoteKind.UNREAD_TEXT,
        NoteKind.SKIPPED_TABLE,
        NoteKind.REPEATED_TABLE,
        NoteKind.UNREAD_CELL,
    }
)


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was read: a declaration, a self-evaluation, or the targets of a department as a whole."""

    kind: str
    """`declaration`, `self-evaluation` or `department`."""
    tables: tuple[int, ...]
    """The numbers of the tables that print it."""
    name: str | None
    code: str | None
    year: int | None
    indicators: int
    budget: Decimal | None
    """In yuan; None where no amount is printed or its unit is unknown."""


@dataclass(frozen=True, slots=True)
class TableRead:
    """What became of one table: the layout it was read by (slug in `jxc:layout/`), or why it was skipped."""

    number: int
    layout: str | None
    continues: int | None
    page: int | None
    sheet: str | None
    skipped: Wording | None


@dataclass(frozen=True, slots=True)
class Noted:
    """Something noticed: its kind, the printed text, what there is to say about it, and where it stands."""

    kind: NoteKind
    text: str
    told: Wording
    position: Position


@dataclass(frozen=True, slots=True)
class CorrectionTold:
    """What a person says of how a cell or line is to be read, and whether it is applied."""

    position: Position
    printed: str
    reading: str
    reason: str
    who: str
    when: date | None
    problem: Wording | None
    """Why it is not applied; None where it is."""


@dataclass(frozen=True, slots=True)
class NotesOfKind:
    """The notes of one kind, with what is true of all of them: a label, and what to do."""

    kind: NoteKind
    label: Wording
    definition: Wording
    remedy: Wording
    notes: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The account of one document."""

    sha256: str
    media_type: str
    renewed_by: str | None
    """The program that made a file of today out of an old one before it was read."""
    title: str | None
    year: int | None
    unit: str | None
    read: tuple[Read, ...]
    sections: int
    """Sections of prose of a department's targets."""
    tables: tuple[TableRead, ...]
    cells: CellAccount
    notes: tuple[Noted, ...]
    corrections: tuple[CorrectionTold, ...] = ()

    @property
    def corrected(self) -> int:
        """Return how many corrections are applied."""
        return sum(1 for correction in self.corrections if correction.problem is None)

    @property
    def says_something(self) -> bool:
        """Return whether anything was recognised: a declaration, an evaluation, a department's targets."""
        return bool(self.read or self.sections)

    def count(self, kind: str) -> int:
        """Return how many things of a kind were read."""
        return sum(1 for read in self.read if read.kind == kind)

    @property
    def indicators(self) -> int:
        """Return the number of indicators of all that was read."""
        return sum(read.indicators for read in self.read)

    @property
    def budget(self) -> Decimal | None:
        """Return the sum of the budgets of all declarations, in yuan; None where no declaration states one."""
        budgets = [
            read.budget for read in self.read if read.kind == "declaration" and read.budget is not None
        ]
        return sum(budgets, Decimal()) if budgets else None

    @property
    def unread(self) -> int:
        """Return how many cells, tables and other contents were not read: what a reader must know of."""
        return sum(1 for note in self.notes if note.kind in _NOT_READ)

    @property
    def layouts(self) -> tuple[tuple[Wording, int], ...]:
        """Return the name of each layout that was recognised and the number of its tables, most frequent first."""
        found = Counter(table.layout for table in self.tables if table.layout is not None)
        return tuple((_said(f"layout/{slug}", SKOS.prefLabel), count) for slug, count in found.most_common())

    @property
    def skipped(self) -> tuple[TableRead, ...]:
        """Return the tables that were skipped."""
        return tuple(table for table in self.tables if table.layout is None)

    @property
    def notes_by_kind(self) -> tuple[NotesOfKind, ...]:
        """Return the notes by their kind, in the order of the kinds: what was not read first."""
        found = {kind: tuple(note for note in self.notes if note.kind is kind) for kind in NoteKind}
        return tuple(
            NotesOfKind(kind, label_of(kind), definition_of(kind), remedy_of(kind), notes)
            for kind, notes in found.items()
            if notes
        )


def report_of(disclosure: Disclosure) -> LoadReport:
    """Return the account of a document that was read."""
    return LoadReport(
        sha256=disclosure.sha256,
        media_type=disclosure.media_type,
        renewed_by=disclosure.renewed_by,
        title=disclosure.title,
        year=disclosure.year,
        unit=disclosure.unit.name if disclosure.unit is not None else None,
        read=tuple(_all_read(disclosure)),
        sections=len(disclosure.sections),
        tables=tuple(_table(reading) for reading in disclosure.tables),
        cells=disclosure.cells,
        notes=tuple(_noted(note) for note in disclosure.notes),
        corrections=tuple(_correction(made) for made in disclosure.corrections),
    )


def _all_read(disclosure: Disclosure) -> Iterator[Read]:
    for declaration in disclosure.declarations:
        yield _read("declaration", declaration)
    for evaluation in disclosure.evaluations:
        yield _read("self-evaluation", evaluation.declared)
    if disclosure.overall is not None:
        yield _read("department", disclosure.overall)
    evaluated = disclosure.overall_evaluation
    if evaluated is not None and evaluated.declared is not disclosure.overall:
        yield _read("self-evaluation", evaluated.declared)


def _read(kind: str, declared: Declaration) -> Read:
    return Read(
        kind=kind,
        tables=declared.tables,
        name=declared.name.text if declared.name is not None else None,
        code=declared.code.text if declared.code is not None else None,
        year=declared.year,
        indicators=len(declared.indicators),
        budget=declared.budget.yuan if declared.budget is not None else None,
    )


def _table(reading: TableReading) -> TableRead:
    table = reading.table
    return TableRead(
        table.number, reading.layout, reading.continues, table.page, table.sheet, reading.skipped
    )


def _noted(note: Note) -> Noted:
    return Noted(note.kind, note.text, note.told or definition_of(note.kind), position_of(note))


def _correction(made: CorrectionMade) -> CorrectionTold:
    said = made.correction
    return CorrectionTold(
        position=made.position,
        printed=made.printed,
        reading=said.reading,
        reason=said.reason,
        who=said.who,
        when=said.when,
        problem=made.problem,
    )


def position_of(note: Note) -> Position:
    """Return where a note stands, with all that the format says of it."""
    quote = note.quote
    place = quote.place if quote is not None else note.place
    return Position(
        sheet=place.sheet,
        address=place.address,
        page=place.page,
        table=quote.table if quote is not None else note.table,
        row=quote.row if quote is not None else None,
        column=quote.column if quote is not None else None,
        line=place.line,
    )


# --- what the ontology says of kinds of notes and of layouts ----------------------------------------


def label_of(kind: NoteKind) -> Wording:
    """Return what a kind of note is called."""
    return _said(f"note-kind/{kind.value}", SKOS.prefLabel)


def definition_of(kind: NoteKind) -> Wording:
    """Return what a kind of note is."""
    return _said(f"note-kind/{kind.value}", SKOS.definition)


def remedy_of(kind: NoteKind) -> Wording:
    """Return what to do about a note of a kind."""
    return _said(f"note-kind/{kind.value}", JX.remedy)


@cache
def _said(concept: str, predicate: URIRef) -> Wording:
    told = texts(JXC[concept], predicate)
    return Wording(told["zh"], told["en"])
