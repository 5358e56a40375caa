"""From a document to what it discloses: declarations, self-evaluations, a department's targets, notes.

What needs the whole document (the fiscal year, the unit most forms name, what is declared twice) is settled here;
`reading` reads each form with it. Every cell is accounted for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.identifiers import normalise_body_name

from ..model import Disclosure, Note, NoteKind, Place, Wording
from .assembly import read_forms
from .doubts import doubts_about
from .front_matter import read_front_matter
from .ledger import Ledger
from .overall import read_overall
from .reading import FormReader
from .repeated import apart_from_repeated
from .unread_cells import unread_cells
from .years import year_of_document, year_of_form
from .years_of_values import without_earlier_years, years_in_doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..model import Body, Declaration, Document, Repeated, TableReading
    from .form import Form


def recognise(document: Document, sha256: str) -> Disclosure:
    """Return what a document discloses, and the account of every cell."""
    ledger = Ledger()
    forms = read_forms(document, ledger)
    front = read_front_matter(forms.document)
    year = year_of_document(forms.forms, front.title)
    codes = _codes_of_units(forms.forms)
    of_year = [without_earlier_years(form, year_of_form(form, year).year, ledger) for form in forms.forms]
    readers = [FormReader(form, ordinal, year, codes) for ordinal, form in enumerate(of_year, start=1)]
    of_projects = [reader for reader in readers if not reader.form.is_of_department]
    declared = apart_from_repeated(
        reader.declaration() for reader in of_projects if not reader.form.evaluates
    )
    evaluated = apart_from_repeated(reader.declaration() for reader in of_projects if reader.form.evaluates)
    overall = read_overall([reader for reader in readers if reader.form.is_of_department])
    by_ordinal = {reader.ordinal: reader for reader in of_projects}
    evaluations = tuple(by_ordinal[each.ordinal].evaluation(each) for each in evaluated.once)
    told = [*declared.once, *evaluated.once, *overall.told]
    readings = _with_repeated_skipped(forms.readings, (*declared.again, *evaluated.again, *overall.again))
    read = [reading.table for reading in readings if reading.layout is not None]
    skipped = [reading for reading in readings if reading.layout is None]
    return Disclosure(
        sha256=sha256,
        media_type=document.media_type,
        renewed_by=document.renewed_by,
        corrections=document.corrections,
        title=front.title,
        year=_most_common_year(told) or year.year,
        tables=readings,
        declarations=declared.once,
        repeated=declared.again,
        evaluations=evaluations,
        overall=overall.target,
        overall_evaluation=overall.evaluation,
        sections=front.sections,
        notes=(
            *document.notes,
            *front.notes,
            *(_skipped(reading) for reading in skipped),
            *(note for table in read for note in ledger.unread(table)),
            *(note for form in forms.forms for note in unread_cells(form)),
            *dict.fromkeys(
                note for form in of_year for note in years_in_doubt(form, year_of_form(form, year).year)
            ),
            *(note for reader in readers for note in reader.money_unit_conflicts()),
            *(note for reader in readers for note in reader.approximate_amounts()),
            *declared.notes,
            *evaluated.notes,
            *(note for declaration in told for note in doubts_about(declaration)),
        ),
        unit=_most_common_body(told),
        cells=ledger.account(read, [reading.table for reading in skipped]),
    )


def _codes_of_units(forms: Sequence[Form]) -> Mapping[str, str]:
    """Return the code of each unit that a form of the document prints one for, by its name, where it is one code."""
    found: dict[str, set[str]] = {}
    for body in (body for form in forms for body in (form.body, form.department) if body is not None):
        if body.code is not None:
            found.setdefault(normalise_body_name(body.name), set()).add(body.code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _with_repeated_skipped(
    readings: tuple[TableReading, ...], repeated: tuple[Repeated, ...]
) -> tuple[TableReading, ...]:
    firsts = {table: again.first.tables[0] for again in repeated for table in again.declaration.tables}
    return tuple(_as_repeated(reading, firsts.get(reading.table.number)) for reading in readings)


def _as_repeated(reading: TableReading, first: int | None) -> TableReading:
    """Return a reading as skipped where its table only repeats the project of an earlier one."""
    if first is None:
        return reading
    told = Wording(f"与表{first}重复申报同一项目", f"it declares the project of table {first} again")
    return replace(reading, layout=None, skipped=told, repeats=first)


def _skipped(reading: TableReading) -> Note:
    """Return the note that a table was skipped; it is told by the first text that it prints."""
    table = reading.table
    first = next((cell for cell in table.cells if cell.text.strip()), None)
    place = Place(page=table.page, sheet=table.sheet, line=first.place.line if first else None)
    text = first.text if first is not None else ""
    kind = NoteKind.SKIPPED_TABLE if reading.repeats is None else NoteKind.REPEATED_TABLE
    return Note(kind, text, place=place, table=table.number, told=reading.skipped)


def _most_common_year(told: Sequence[Declaration]) -> int | None:
    years = Counter(declaration.year for declaration in told if declaration.year is not None)
    return years.most_common(1)[0][0] if years else None


def _most_common_body(told: Sequence[Declaration]) -> Body | None:
    names = Counter((d.unit.code, d.unit.name) for d in told if d.unit is not None)
    if not names:
        return None
    key = names.most_common(1)[0][0]
    return next(d.unit for d in told if d.unit is not None and (d.unit.code, d.unit.name) == key)
