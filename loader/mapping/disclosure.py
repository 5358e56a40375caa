"""A disclosure as quads: the document's own graph, and what it says about shared things in the register."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology import identifiers
from ontology.namespaces import JX, JXC, PREFIXES

from . import terms
from .corrections import Applied, applied, state_correction
from .declaration import PartsWriter, state_declaration
from .evaluation import state_evaluation, state_outcome
from .identities import body_key, division_of, identity_of
from .register import Register
from .sources import Sources, state_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib import URIRef

    from ..model import Declaration, Disclosure, Evaluation, Note, TableReading
    from .identities import DivisionFound, Identity

_DCTERMS = PREFIXES["dcterms"]
_DCAT = PREFIXES["dcat"]
_PROV = PREFIXES["prov"]


@dataclass(frozen=True, slots=True)
class Quads:
    """Everything a disclosure states, as N-Quads."""

    own: str
    """What only this document states, in its own graph."""
    register: str
    """What it says of shared things: other documents may say the same."""


def to_nquads(disclosure: Disclosure, load_report: Mapping[str, object]) -> Quads:
    """Return everything a disclosure states, with the account of its reading (plain JSON values).

    The same disclosure gives the same text.
    """
    return _Mapping(disclosure, load_report).nquads()


@dataclass(slots=True)
class _Mapping:
    """One disclosure on its way into two graphs."""

    disclosure: Disclosure
    load_report: Mapping[str, object]
    document: URIRef = field(init=False)
    own: terms.Statements = field(init=False)
    register: Register = field(init=False)
    sources: Sources = field(init=False)
    corrections: Applied = field(init=False)

    def __post_init__(self) -> None:
        sha256 = self.disclosure.sha256
        self.document = identifiers.disclosure(sha256)
        self.own = terms.Statements(identifiers.disclosure_graph(sha256))
        self.register = Register()
        self.corrections = applied(self.document, self.disclosure)
        self.sources = Sources(self.document, self.own, self.corrections)

    def nquads(self) -> Quads:
        """State all and return it."""
        self._state_document()
        for reading in self.disclosure.tables:
            self._state_table(reading)
        self._state_declarations()
        self._state_evaluations()
        self._state_overall()
        for number, note in enumerate(self.disclosure.notes, start=1):
            self._state_note(number, note)
        for made in self.disclosure.corrections:
            state_correction(self.own, self.sources, self.document, made)
        self.sources.state_cells()
        return Quads(self.own.nquads(), self.register.nquads())

    # --- the document and its tables ---

    def _state_document(self) -> None:
        own, document, told = self.own, self.document, self.disclosure
        own.add(document, terms.TYPE, terms.iri(JX.Disclosure), terms.iri(_DCAT + "Dataset"))
        own.add(document, _DCTERMS + "identifier", terms.string(told.sha256))
        own.add(document, _DCAT + "mediaType", terms.string(told.media_type))
        own.add(document, JX.loadReport, terms.json_literal(self.load_report))
        if told.renewed_by is not None:
            own.add(document, JX.renewedBy, terms.string(told.renewed_by))
        if told.title is not None:
            own.add(document, _DCTERMS + "title", terms.zh(told.title))
        if told.year is not None:
            own.add(document, JX.fiscalYear, terms.year(told.year))
        own.add(document, _PROV + "wasDerivedFrom", *map(terms.iri, self.corrections.of_lines))
        for layout in sorted({reading.layout for reading in told.tables if reading.layout}):
            own.add(document, JX.layout, terms.iri(JXC[f"layout/{layout}"]))

    def _state_table(self, reading: TableReading) -> None:
        own, table = self.own, reading.table
        subject = identifiers.table(self.document, table.number)
        own.add(subject, terms.TYPE, terms.iri(JX.SourceTable))
        own.add(subject, JX.inDisclosure, terms.iri(self.document))
        own.add(subject, JX.tableNumber, terms.integer(table.number))
        if reading.layout is not None:
            own.add(subject, JX.layout, terms.iri(JXC[f"layout/{reading.layout}"]))
        if reading.continues is not None:
            continued = identifiers.table(self.document, reading.continues)
            own.add(subject, JX.continues, terms.iri(continued))
        if table.page is not None:
            own.add(subject, JX.pageNumber, terms.integer(table.page))
        if table.sheet is not None:
            own.add(subject, JX.sheetName, terms.string(table.sheet))
        own.add(subject, JX.printsField, *(terms.iri(name) for name in sorted(reading.fields)))
        if reading.money_unit is not None:
            own.add(subject, JX.moneyUnit, terms.iri(reading.money_unit.iri))
        cells = [[c.row, c.column, c.rowspan, c.colspan, c.printed] for c in table.cells]
        grid = {"rows": table.rows, "columns": table.columns, "cells": cells}
        own.add(subject, JX.grid, terms.json_literal(grid))

    # --- what it declares ---

    def _state_declarations(self) -> None:
        """State each declaration; one that is made a second time only adds its table as another source."""
        for declaration in self.disclosure.declarations:
            identity = identity_of(declaration, self.disclosure)
            subject = self._sourced(declaration, identity, declaration.tables)
            self.register.add_declaration(declaration, identity)
            state_declaration(self.own, self.sources, self.register, subject, declaration, identity)
        for repeated in self.disclosure.repeated:
            identity = identity_of(repeated.first, self.disclosure)
            self._sourced(repeated.first, identity, repeated.declaration.tables)

    def _sourced(self, declaration: Declaration, identity: Identity, tables: Sequence[int]) -> URIRef:
        """State that tables are the source of a declaration, and return the declaration's IRI."""
        version = "adjusted" if declaration.adjusted else "initial"
        subject = identifiers.declaration(identity.project_key, declaration.year, version)
        self.sources.stand_in(subject, tables)
        return subject

    def _state_evaluations(self) -> None:
        for evaluation in self.disclosure.evaluations:
            declared = evaluation.declared
            identity = identity_of(declared, self.disclosure)
            subject = identifiers.evaluation(identity.project_key, declared.year)
            self.sources.stand_in(subject, declared.tables)
            self.register.add_declaration(declared, identity)
            state_evaluation(self.own, self.sources, self.register, subject, evaluation, identity)

    def _state_overall(self) -> None:
        told = self.disclosure
        if not told.sections and told.overall is None:
            return
        division = division_of(told.unit, told)
        key = self._overall_key(division)
        subject = identifiers.overall(key, told.year)
        self.own.add(subject, terms.TYPE, terms.iri(JX.OverallTarget))
        self.own.add(subject, _PROV + "wasQuotedFrom", terms.iri(self.document))
        if told.unit is not None:
            self.own.add(subject, JX.declaredBy, terms.iri(identifiers.body(key)))
            self.register.add_unit(told.unit, None, key, division)
        if told.year is not None:
            self.own.add(subject, JX.fiscalYear, terms.year(told.year))
        if told.overall is not None:
            self._state_overall_table(subject, told.overall)
        if told.overall_evaluation is not None:
            self._state_overall_evaluation(key, subject, told.overall_evaluation)
        self._state_sections(subject)

    def _state_overall_table(self, subject: URIRef, declared: Declaration) -> None:
        """State the goals and indicators that a form about the whole department has."""
        self.sources.stand_in(subject, declared.tables)
        writer = PartsWriter(self.own, self.sources, self.register, subject)
        writer.state_goals(declared)
        for ordinal, indicator in enumerate(declared.indicators, start=1):
            writer.state_indicator(ordinal, indicator)

    def _state_overall_evaluation(self, key: str, overall: URIRef, evaluation: Evaluation) -> None:
        """State what became of a department's targets; restate them where another form of the document has them."""
        subject = identifiers.overall_evaluation(key, self.disclosure.year)
        self.sources.stand_in(subject, evaluation.declared.tables)
        self.own.add(subject, terms.TYPE, terms.iri(JX.Evaluation), terms.iri(JX.SelfEvaluation))
        self.own.add(subject, JX.evaluates, terms.iri(overall))
        if self.disclosure.unit is not None:
            self.own.add(subject, JX.declaredBy, terms.iri(identifiers.body(key)))
        if self.disclosure.year is not None:
            self.own.add(subject, JX.fiscalYear, terms.year(self.disclosure.year))
        writer = PartsWriter(self.own, self.sources, self.register, subject)
        restated = evaluation.declared is not self.disclosure.overall
        if restated:
            writer.state_goals(evaluation.declared)
            for ordinal, indicator in enumerate(evaluation.declared.indicators, start=1):
                writer.state_indicator(ordinal, indicator)
        state_outcome(self.own, writer, subject, evaluation, targets_of=subject if restated else overall)

    def _state_sections(self, subject: URIRef) -> None:
        for ordinal, section in enumerate(self.disclosure.sections, start=1):
            part = identifiers.part(subject, "section", ordinal)
            self.own.add(subject, JX.hasSection, terms.iri(part))
            self.own.add(part, terms.TYPE, terms.iri(JX.Section))
            self.own.add(part, JX.ordinal, terms.integer(ordinal))
            self.own.add(part, JX.heading, terms.string(section.heading))
            self.own.add(part, _DCTERMS + "description", terms.string(section.text))

    def _overall_key(self, division: DivisionFound) -> str:
        if self.disclosure.unit is not None:
            return body_key(self.disclosure.unit, division)
        return f"{division.code}/{self.disclosure.sha256[:12]}"

    # --- what the loader noticed ---

    def _state_note(self, number: int, note: Note) -> None:
        subject = identifiers.part(self.document, "note", number)
        own = self.own
        own.add(self.document, JX.hasNote, terms.iri(subject))
        own.add(subject, terms.TYPE, terms.iri(JX.Note))
        own.add(subject, JX.noteKind, terms.iri(JXC[f"note-kind/{note.kind.value}"]))
        own.add(subject, JX.text, terms.string(note.text))
        if note.told is not None:
            message = (terms.localised(note.told.zh, "zh"), terms.localised(note.told.en, "en"))
            own.add(subject, _DCTERMS + "description", *message)
        if note.quote is not None:
            own.add(subject, _PROV + "wasQuotedFrom", self.sources.cell(note.quote))
        elif note.table is not None:
            own.add(subject, _PROV + "wasQuotedFrom", terms.iri(identifiers.table(self.document, note.table)))
        else:
            state_place(own, subject, note.place)
